import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.statistics import accuracy, cohen_kappa, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_that_newcombe_printed_in_1998(hits: int, total: int, low: float, high: float) -> None:
    interval = wilson(hits, total)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilson_stays_between_nought_and_one_and_holds_the_share(counts: tuple[int, int]) -> None:
    interval = wilson(*counts)
    assert 0 <= interval.low <= interval.share <= interval.high <= 1


def test_wilson_of_nothing_is_no_interval() -> None:
    assert wilson(0, 0) == (0, 0, None, None, None)


def test_wilson_refuses_more_hits_than_cases() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        wilson(5, 4)


def test_kappa_gives_the_textbook_value_for_fifty_grant_proposals() -> None:
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_kappa_is_one_when_judges_agree_and_undefined_when_they_only_ever_say_one_thing() -> None:
    assert cohen_kappa(["yes", "no"], ["yes", "no"]) == 1
    assert cohen_kappa(["yes", "yes"], ["yes", "yes"]) is None
    assert cohen_kappa([], []) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))))
def test_kappa_never_leaves_minus_one_to_one(pairs: list[tuple[str, str]]) -> None:
    kappa = cohen_kappa([a for a, _ in pairs], [b for _, b in pairs])
    assert kappa is None or -1 <= kappa <= 1


def test_kappa_refuses_judges_of_different_cases() -> None:
    with pytest.raises(ValueError, match="same cases"):
        cohen_kappa(["yes"], [])


def test_precision_and_recall_come_with_their_intervals() -> None:
    measured = accuracy(true_positives=8, false_positives=2, false_negatives=8)
    assert (measured.precision.share, measured.recall.share) == (0.8, 0.5)
    assert measured.f1 == pytest.approx(8 / 13)
    assert measured.precision.low is not None
    assert measured.precision.low < 0.8 < measured.precision.high


def test_precision_of_a_machine_that_never_spoke_is_unknown_not_perfect() -> None:
    assert accuracy(0, 0, 3).precision.share is None
