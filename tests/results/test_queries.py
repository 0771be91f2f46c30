from datetime import timedelta

from sqlite_utils import Database

from audits.model import Verdict
from crawler.capture import Reason
from results import queries
from results.ingest import ingest_audit, record_run
from results.scorecards import GoalVerdict
from results.scores import score_run
from tests.results.small_country import CRITERIA, FRAMEWORK, START, audit, findings, town, visit


def test_a_scorecard_shows_every_item_also_those_that_nothing_measures(filled: Database) -> None:
    measured, empty = queries.scorecards(filled, "PE")
    assert (measured.item.code, measured.item.measured) == ("45", True)
    assert (empty.item.code, empty.item.measured, empty.rows) == ("41", False, ())
    together = measured.rows[-1]
    assert (together.level, together.entities, together.comply, together.not_comply, together.open) == ("all", 4, 1, 1, 2)
    assert (together.baseline, together.double_target, together.verdict) == (0.1, 0.2, GoalVerdict.CANNOT_TELL)


def test_a_portal_that_could_not_be_read_neither_complies_nor_fails(filled: Database) -> None:
    (score,) = queries.entity_scores(filled, "pe-costa")
    assert (score.score.complies, score.score.rated, score.score.failed, score.score.unknown) == (None, False, 0, 3)


def test_a_score_shows_its_arithmetic(filled: Database) -> None:
    (score,) = queries.entity_scores(filled, "pe-bosque")
    assert [step.rule for step in score.score.steps] == ["essential", "share"]
    assert score.score.steps[0].decided_by == {"decision_minutes.published": Verdict.FAILED}
    assert score.score.complies is False


def test_the_summary_of_a_run_counts_portals_by_outcome_and_findings_by_verdict(filled: Database) -> None:
    summary = queries.run_summary(filled, "r1")
    assert summary is not None
    assert summary.outcomes == {Reason.COMPLETE: 3, Reason.TIMEOUT: 1}
    assert sum(summary.verdicts.values()) == 4 * 12
    assert (summary.verdicts[Verdict.UNTESTED], summary.verdicts[Verdict.INAPPLICABLE]) == (12, 0)
    assert (summary.run.reached, summary.pages) == (3, 48)
    assert queries.run_summary(filled, "nothing") is None


def test_a_scorecard_is_of_the_latest_run_that_visited_the_country_unless_one_is_named(filled: Database) -> None:
    later = START + timedelta(days=30)
    record_run(filled, "r2", started_at=later)
    how = visit().model_copy(update={"started_at": later, "ended_at": later})
    ingest_audit(filled, audit(town("aldea"), findings(Verdict.FAILED), run="r2", how=how))
    record_run(filled, "r3", started_at=later + timedelta(days=1))
    ingest_audit(filled, audit(town("dorf", country="CL"), findings(Verdict.PASSED), run="r3", how=how))
    for run in ("r2", "r3"):
        score_run(filled, run, [FRAMEWORK], CRITERIA)
    assert queries.latest_run(filled) == "r3"
    assert queries.latest_run(filled, "PE") == queries.latest_run_of(filled, "pe-aldea") == "r2"
    assert queries.scorecards(filled, "PE")[0].run == "r2"
    assert queries.scorecards(filled, "PE")[0].rows[-1].entities == 1
    assert queries.scorecards(filled, "PE", run="r1")[0].rows[-1].entities == 4
    assert [(one.code, one.run, one.entities) for one in queries.countries_with_results(filled)] == [
        ("CL", "r3", 1),
        ("PE", "r2", 1),
    ]
    assert {one.finding.verdict for one in queries.entity_findings(filled, "pe-aldea")} == {Verdict.FAILED}
    latest = filled.execute("SELECT DISTINCT verdict FROM latest_findings WHERE entity_id = 'pe-aldea'").fetchall()
    assert latest == [("failed",)]


def test_who_was_never_visited_has_no_results(filled: Database) -> None:
    assert queries.scorecards(filled, "BR") == []
    assert queries.entity_findings(filled, "nobody") == queries.entity_scores(filled, "nobody") == []
    assert queries.entity_visit(filled, "nobody") is None


def test_visits_of_a_run_come_by_level_and_name(filled: Database) -> None:
    assert [one.entity for one in queries.run_visits(filled, "r1", "PE")] == [
        "pe-aldea",
        "pe-bosque",
        "pe-costa",
        "pe-ministerio",
    ]
