"""Indexes and ladders in the database, and where a country stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from audits.model import Band, Framework, Item, Status
from crawler.capture import Level
from results.index_queries import country_indexes, entity_indexes, recompute
from results.indexes import IndexScore
from results.ingest import ingest_audit
from results.scores import score_run
from results.standing import LevelledIndex, standing
from tests.results.small_country import AUDITS, CRITERIA, FRAMEWORK, in_three


def item(code: str, *criteria: str, **more: object) -> Item:
    return Item.model_validate({"code": code, "title": in_three(code), "criteria": criteria, **more})


INDEX = Framework(
    id="duties",
    title=in_three("Duties"),
    source="x",
    evidence="V",
    floor=0.5,
    kind="index",
    language="en",
    countries=("PE",),
    bands=(Band(name={"en": "High"}, at_least=0.75, musts=1), Band(name={"en": "Low"}, at_least=0)),
    items=(
        item("a", "decision_minutes", weight=3, must=True),
        item("b", "approved_budget"),
        item("c", "contact_form"),
        item("d"),
        item("e", "news"),
        item("f", "contact_form", levels=("national",)),
    ),
)
LADDER = Framework(
    id="steps",
    title=in_three("Steps"),
    source="x",
    evidence="V",
    floor=0.5,
    kind="ladder",
    items=(item("I", "contact_form"), item("II", "approved_budget"), item("III", "decision_minutes")),
)
ALL = [FRAMEWORK, INDEX, LADDER]


@pytest.fixture
def scored(filled: Database) -> Database:
    score_run(filled, "r1", ALL, CRITERIA)
    return filled


def test_every_bound_entity_has_one_row_in_each_index_and_ladder(scored: Database) -> None:
    ladder, index = entity_indexes(scored, "pe-bosque")
    assert (ladder.framework, index.framework) == ("steps", "duties")
    assert (index.index.value, index.index.coverage, index.index.band) == (0.2, 5 / 7, 1)
    assert (index.index.passed, index.index.failed, index.index.unmeasured, index.index.provisional) == (1, 2, 2, 3)
    assert (ladder.index.value, ladder.index.upper) == (1, 1)
    assert scored.execute("SELECT COUNT(*) FROM indexes").fetchone()[0] == 8


def test_rows_by_item_are_kept_of_goals_and_rungs_only_and_scorecards_of_goals_only(scored: Database) -> None:
    kept = {row[0] for row in scored.execute("SELECT DISTINCT item_id FROM scores")}
    assert kept == {"demo.45", "steps.I", "steps.II", "steps.III"}
    assert {row[0] for row in scored.execute("SELECT DISTINCT item_id FROM scorecards")} == {"demo.45"}


@pytest.mark.parametrize("entity", ["pe-aldea", "pe-bosque", "pe-costa", "pe-ministerio"])
def test_the_arithmetic_made_again_from_the_findings_gives_what_is_stored(scored: Database, entity: str) -> None:
    stored = {found.framework: found.index for found in entity_indexes(scored, entity)}
    for framework in (INDEX, LADDER):
        again = recompute(scored, entity, "r1", framework, CRITERIA)
        assert again is not None
        assert again.total == stored[framework.id]


def test_a_framework_of_another_country_says_nothing(scored: Database) -> None:
    elsewhere = INDEX.model_copy(update={"countries": ("BR",)})
    assert recompute(scored, "pe-aldea", "r1", elsewhere, CRITERIA) is None
    score_run(scored, "r1", [elsewhere], CRITERIA)
    assert country_indexes(scored, "PE", "r1") == {}


def test_a_portal_that_was_not_read_has_no_value_and_all_bounds(scored: Database) -> None:
    ladder, index = entity_indexes(scored, "pe-costa")
    assert (index.index.value, index.index.lower, index.index.upper, index.index.rated) == (None, 0, 1, False)
    assert (ladder.index.value, ladder.index.lower, ladder.index.upper) == (None, 0, 3)


def test_the_views_name_bands_and_what_is_provisional(scored: Database) -> None:
    found = next(scored.query("SELECT * FROM index_results WHERE entity_id = 'pe-bosque' AND framework = 'duties'"))
    assert (found["band_en"], found["kind"], found["provisional"]) == ("Low", "index", 3)
    goals = next(scored.query("SELECT provisional FROM country_goals WHERE item = '45' AND level = 'all'"))
    assert goals["provisional"] == 3
    stable = [criterion.model_copy(update={"status": Status.STABLE}) for criterion in CRITERIA]
    score_run(scored, "r1", ALL, stable)
    assert {row[0] for table in ("scores", "indexes") for row in scored.execute(f"SELECT provisional FROM {table}")} == {0}


def test_an_audit_that_changes_takes_its_indexes_with_it(scored: Database) -> None:
    changed = AUDITS[0].model_copy(update={"warc": "elsewhere"})
    assert ingest_audit(scored, changed)
    assert entity_indexes(scored, "pe-aldea", "r1") == []


def test_a_country_stands_where_the_mean_of_its_rated_entities_does(scored: Database) -> None:
    found = country_indexes(scored, "PE", "r1")["duties"]
    rows = standing(INDEX, [LevelledIndex(entry.level, entry.index) for entry in found])
    assert [row.level for row in rows] == ["national", "local", "all"]
    local = rows[1]
    assert (local.entities, local.rated, local.mean, local.bands) == (3, 2, pytest.approx(0.6), (1, 1, 0))
    assert (local.lower, local.upper) == (pytest.approx(0.4), pytest.approx(2.2 / 3))
    assert standing(INDEX, []) == ()


def index_score(value: float, lower: float, upper: float, rated: bool) -> IndexScore:
    rest = dict.fromkeys(("passed", "failed", "unknown", "unmeasured", "provisional"), 0)
    return IndexScore(
        value=value, lower=lower, upper=upper, coverage=0.5, rated=rated, band=None, band_lower=None, band_upper=None, **rest
    )


shares = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)


@given(st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=8))
def test_the_mean_of_a_country_lies_between_its_bounds(told: list[tuple[list[float], bool]]) -> None:
    scores = [LevelledIndex(Level.LOCAL, index_score(value, low, high, rated)) for (low, value, high), rated in told]
    row = standing(INDEX, scores)[-1]
    assert row.lower is not None
    assert row.upper is not None
    if row.mean is not None:
        assert row.lower - 1e-9 <= row.mean <= row.upper + 1e-9


def test_the_rungs_of_a_ladder_count_who_reached_them_and_who_may_have(scored: Database) -> None:
    found = country_indexes(scored, "PE", "r1")["steps"]
    row = standing(LADDER, [LevelledIndex(entry.level, entry.index) for entry in found])[-1]
    assert [(rung.reached, rung.possible) for rung in row.rungs] == [(3, 4), (2, 3), (1, 3)]
