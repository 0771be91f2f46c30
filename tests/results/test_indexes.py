"""What findings add up to over a whole framework: weights, bands, rungs, and what is unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.model import Band, Framework, Item, Verdict
from crawler.capture import Level
from results.indexes import IndexScore, add_up, binds, parts_of
from tests.results.small_country import in_three

PASSED, FAILED, CANT_TELL = Verdict.PASSED, Verdict.FAILED, Verdict.CANT_TELL
INAPPLICABLE, UNTESTED = Verdict.INAPPLICABLE, Verdict.UNTESTED

BANDS = (
    ("Diamante", 0.95, 1),
    ("Ouro", 0.85, 1),
    ("Prata", 0.75, 1),
    ("Intermediário", 0.5, 0),
    ("Básico", 0.3, 0),
    ("Inicial", 0.0001, 0),
)


def framework(items: list[Item], kind: str = "index", floor: float = 0.0, **more: object) -> Framework:
    bands = tuple(Band(name={"pt": name}, at_least=least, musts=musts) for name, least, musts in BANDS)
    rest = {"title": in_three("x"), "source": "x", "evidence": "V", **more}
    return Framework(id="f", kind=kind, floor=floor, bands=bands if kind == "index" else (), items=tuple(items), **rest)


def items(weights: list[float], musts: int = 0) -> list[Item]:
    """One item a weight, each on a criterion of its own (c0, c1 …); the first of them are the musts."""
    return [
        Item.model_validate({"code": str(n), "title": in_three("x"), "weight": weight, "must": n < musts, "criteria": [f"c{n}"]})
        for n, weight in enumerate(weights)
    ]


def score(asked: Framework, verdicts: list[Verdict], scored: int = 99, provisional: tuple[str, ...] = ()) -> IndexScore:
    told = {f"c{n}.published": verdict for n, verdict in enumerate(verdicts)}
    counted = [f"c{n}" for n in range(scored)]
    return add_up(asked, parts_of(asked, Level.LOCAL, told, counted, provisional), provisional)


def band(asked: Framework, place: int | None) -> str:
    return "" if place is None else asked.bands[place].name["pt"]


# Four essential criteria (3), four obligatory (2) and four recommended (1): 24 points in all, as Brazil's PNTP weighs them.
PNTP = framework(items([3] * 4 + [2] * 4 + [1] * 4, musts=4))


@pytest.mark.parametrize(
    ("failing", "share", "name"),
    [
        ([], 1.0, "Diamante"),
        ([11], 23 / 24, "Diamante"),
        ([10, 11], 22 / 24, "Ouro"),
        ([7, 10, 11], 20 / 24, "Prata"),
        ([0], 21 / 24, "Intermediário"),
        ([0, 1, 2, 4], 13 / 24, "Intermediário"),
        ([0, 1, 2, 3, 4], 10 / 24, "Básico"),
        ([0, 1, 2, 3, 4, 5, 6], 6 / 24, "Inicial"),
        (list(range(12)), 0.0, ""),
    ],
)
def test_the_weights_and_essentials_of_the_pntp_give_its_levels(failing: list[int], share: float, name: str) -> None:
    found = score(PNTP, [FAILED if n in failing else PASSED for n in range(12)])
    assert found.value == pytest.approx(share)
    assert band(PNTP, found.band) == name
    assert (found.lower, found.upper, found.coverage) == (found.value, found.value, 1.0)
    assert found.band == found.band_lower == found.band_upper


def test_what_is_unknown_opens_the_bounds_and_the_bands() -> None:
    found = score(PNTP, [CANT_TELL, *[PASSED] * 10, UNTESTED])
    assert (found.value, found.lower, found.upper) == (1.0, 20 / 24, 1.0)
    assert found.coverage == pytest.approx(20 / 24)
    assert [band(PNTP, place) for place in (found.band_lower, found.band, found.band_upper)] == [
        "Intermediário",
        "Diamante",
        "Diamante",
    ]


def test_below_the_floor_there_is_a_value_but_no_band() -> None:
    asked = framework(items([1] * 4), floor=0.6)
    found = score(asked, [PASSED, PASSED, UNTESTED, UNTESTED])
    assert (found.rated, found.value, found.coverage) == (False, 1.0, 0.5)
    assert found.band is found.band_lower is found.band_upper is None


def test_items_that_no_scored_criterion_answers_move_nothing_but_coverage() -> None:
    bare = Item(code="bare", title=in_three("x"), weight=50, must=True)
    asked = framework([*items([1, 1, 1]), bare])
    found = score(asked, [PASSED, FAILED, PASSED], scored=2)
    assert (found.value, found.coverage, found.unmeasured) == (0.5, 2 / 53, 2)
    assert (found.passed, found.failed, found.unknown) == (1, 1, 0)


def test_items_of_other_levels_and_items_that_do_not_apply_stay_out() -> None:
    asked = framework([*items([1, 1]), Item(code="n", title=in_three("x"), levels=("national",))])
    found = score(asked, [PASSED, INAPPLICABLE])
    assert (found.value, found.coverage, found.unmeasured, found.passed) == (1.0, 1.0, 0, 1)


def test_where_nothing_applies_there_is_no_index() -> None:
    found = score(framework(items([1])), [INAPPLICABLE])
    assert (found.value, found.lower, found.upper, found.coverage, found.band, found.rated) == (
        None,
        None,
        None,
        None,
        None,
        False,
    )


def test_an_index_says_on_how_many_provisional_criteria_it_rests() -> None:
    assert score(PNTP, [PASSED] * 12, provisional=("c0", "c3", "c77")).provisional == 2
    assert score(PNTP, [PASSED] * 12).provisional == 0


def test_a_framework_binds_the_countries_that_it_names_or_all() -> None:
    assert binds(framework([]), "PE")
    assert binds(framework([], countries=("BR",)), "BR")
    assert not binds(framework([], countries=("BR",)), "PE")


LADDER = framework(items([1] * 4), kind="ladder")


@pytest.mark.parametrize(
    ("verdicts", "rung", "low", "high"),
    [
        ([PASSED, PASSED, FAILED, PASSED], 2, 2, 2),
        ([PASSED] * 4, 4, 4, 4),
        ([FAILED, PASSED, PASSED, PASSED], 0, 0, 0),
        ([PASSED, CANT_TELL, PASSED, FAILED], 1, 1, 3),
        ([CANT_TELL, FAILED, PASSED, PASSED], 0, 0, 1),
        ([PASSED, INAPPLICABLE, PASSED, FAILED], 3, 3, 3),
        ([PASSED, INAPPLICABLE, FAILED, FAILED], 1, 1, 1),
        ([UNTESTED] * 4, None, 0, 4),
    ],
)
def test_a_ladder_is_climbed_rung_by_rung(verdicts: list[Verdict], rung: int | None, low: int, high: int) -> None:
    found = score(LADDER, verdicts)
    assert (found.value, found.lower, found.upper) == (rung, low, high)
    assert found.band is None


def test_a_rung_that_no_criterion_answers_holds_nobody_for_sure() -> None:
    found = score(LADDER, [PASSED] * 4, scored=3)
    assert (found.value, found.upper, found.unmeasured) == (3, 4, 1)


verdicts_of = st.lists(st.sampled_from(Verdict), min_size=6, max_size=6)
weights_of = st.lists(st.sampled_from((0.5, 1.0, 2.0, 3.0, 7.25)), min_size=6, max_size=6)


@given(verdicts_of, weights_of, st.integers(0, 6), st.sampled_from(("index", "ladder")))
def test_the_value_lies_between_its_bounds_and_bands_fall_in_line(
    verdicts: list[Verdict], weights: list[float], musts: int, kind: str
) -> None:
    asked = framework(items(weights, musts), kind)
    found = score(asked, verdicts)
    if found.value is not None:
        assert found.lower is not None
        assert found.upper is not None
        assert found.lower - 1e-9 <= found.value <= found.upper + 1e-9
    if not found.unknown and found.value is not None:
        assert found.lower == pytest.approx(found.value)
        assert found.upper == pytest.approx(found.value)
    places = [len(asked.bands) if place is None else place for place in (found.band_upper, found.band, found.band_lower)]
    if found.value is not None:
        assert places == sorted(places)


@given(verdicts_of, weights_of, st.integers(0, 6), st.integers(0, 5), st.sampled_from(("index", "ladder")))
def test_more_that_holds_never_lowers_anything(
    verdicts: list[Verdict], weights: list[float], musts: int, place: int, kind: str
) -> None:
    asked = framework(items(weights, musts), kind)
    worse = [FAILED if n == place else verdict for n, verdict in enumerate(verdicts)]
    better = [PASSED if n == place else verdict for n, verdict in enumerate(verdicts)]
    low, high = score(asked, worse), score(asked, better)
    for name in ("value", "lower", "upper"):
        below, above = getattr(low, name), getattr(high, name)
        assert below is not None
        assert below <= above + 1e-9
    last = len(asked.bands)
    assert (last if high.band is None else high.band) <= (last if low.band is None else low.band)


@given(verdicts_of, weights_of, st.integers(0, 5), st.sampled_from((PASSED, FAILED)), st.sampled_from(("index", "ladder")))
def test_more_evidence_never_widens_the_bounds(
    verdicts: list[Verdict], weights: list[float], place: int, told: Verdict, kind: str
) -> None:
    asked = framework(items(weights), kind)
    before = score(asked, [CANT_TELL if n == place else verdict for n, verdict in enumerate(verdicts)])
    after = score(asked, [told if n == place else verdict for n, verdict in enumerate(verdicts)])
    assert before.lower is not None
    assert before.upper is not None
    assert after.lower is not None
    assert after.upper is not None
    assert before.lower <= after.lower + 1e-9
    assert after.upper <= before.upper + 1e-9
    assert (after.coverage or 0) >= (before.coverage or 0)


@given(verdicts_of, weights_of, st.sampled_from((2.0, 10.0)))
def test_only_the_proportion_of_weights_matters(verdicts: list[Verdict], weights: list[float], factor: float) -> None:
    one = score(framework(items(weights)), verdicts)
    other = score(framework(items([weight * factor for weight in weights])), verdicts)
    assert other.value == (None if one.value is None else pytest.approx(one.value))
    assert other.coverage == (None if one.coverage is None else pytest.approx(one.coverage))
    assert one.band == other.band
