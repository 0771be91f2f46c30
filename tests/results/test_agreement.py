"""Agreement with people: what counts as a yes, intervals over portals, forms and dates."""

from datetime import date

import pytest

from audits.model import Finding, Verdict
from results.agreement import Case, Label, accusations, across_portals, agreement, dating, forms, grouped, period_of


def case(said: str, label: str, *, portal: str = "p1", criterion: str = "news", **more) -> Case:
    """One judged pair; `reason`, `newest` and `useful`, `dated` fill in what a test is about."""
    findings = {
        "published": Finding(criterion=criterion, aspect="published", verdict=Verdict(said), reason="found"),
        "useful": Finding(criterion=criterion, aspect="useful", verdict=Verdict(said), reason=more.get("reason", "open_format")),
        "timely": Finding(
            criterion=criterion, aspect="timely", verdict=Verdict(said), reason="current", newest=more.get("newest")
        ),
    }
    return Case(portal, "es", criterion, Label(label, more.get("dated", ""), more.get("useful", "")), findings)


@pytest.mark.parametrize(
    ("said", "label", "yes"),
    [
        ("passed", "passed", True),
        ("passed", "external", True),
        ("cant_tell", "external", True),
        ("cant_tell", "passed", False),
        ("failed", "external", False),
        ("passed", "announced", True),
    ],
)
def test_an_open_answer_meets_only_a_label_that_could_not_be_opened(said, label, yes):
    assert case(said, label).said is yes


def test_counts_are_those_of_the_four_corners():
    found = agreement(
        "all", [case("passed", "passed"), case("passed", "failed"), case("failed", "passed"), case("failed", "announced")]
    )
    assert (found.right_yes, found.wrong_yes, found.missed, found.right_no) == (1, 1, 1, 1)
    assert found.precision.share == found.recall.share == 0.5
    assert found.kappa == 0


def test_groups_come_by_name():
    rows = grouped([case("passed", "passed", criterion="b"), case("failed", "failed", criterion="a")], lambda c: c.criterion)
    assert [row.name for row in rows] == ["a", "b"]


def test_a_wrong_accusation_is_a_failed_verdict_on_what_people_found():
    fair = accusations(
        [case("failed", "passed"), case("failed", "failed"), case("cant_tell", "passed"), case("failed", "announced")]
    )
    assert (fair.hits, fair.total) == (2, 3)


def test_verdicts_that_differ_between_portals_have_a_wider_interval_than_pairs_alone():
    cases = [case("passed", "passed", portal="good") for _ in range(30)] + [
        case("failed", "passed", portal="bad") for _ in range(30)
    ]
    spread, plain = across_portals(cases)["recall"], agreement("all", cases).recall
    assert spread.value == plain.share == 0.5
    assert spread.low == 0
    assert spread.high == 1
    assert plain.low > 0.3
    assert across_portals(cases) == across_portals(cases), "drawing anew is the same every time"


def test_no_cases_have_no_figures():
    assert across_portals([])["precision"] == (None, None, None)
    assert agreement("none", []).kappa is None


def test_the_form_is_compared_only_where_both_found_the_thing():
    right = case("passed", "passed", useful="searchable", reason="searchable_format")
    wrong = case("passed", "passed", useful="image", reason="open_format")
    missed = case("failed", "passed", useful="open")
    assert forms([right, wrong, missed])[:2] == (1, 2)


def test_a_date_inside_the_period_that_people_read_is_right():
    dates = dating(
        [
            case("passed", "passed", dated="2024", newest=date(2024, 3, 1)),
            case("passed", "passed", dated="2024-02", newest=date(2024, 3, 10)),
            case("passed", "passed", dated="2024-01-05", newest=date(2023, 12, 31)),
            case("passed", "passed", dated="2024", newest=None),
            case("failed", "passed", dated="2024", newest=date(2024, 1, 1)),
        ]
    )
    assert dates.days == (0, 10, 5)
    assert (dates.median, dates.undated) == (5, 1)
    assert dates.within(7).hits == 2


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024-05-17", date(2024, 5, 17), date(2024, 5, 17)),
    ],
)
def test_a_period_is_as_long_as_it_is_written(written, first, last):
    assert period_of(written) == (first, last)
