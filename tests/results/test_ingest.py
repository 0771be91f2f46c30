import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from audits.model import Audit, Verdict
from crawler.capture import Level
from results import queries
from results.errors import IngestError
from results.ingest import ingest_audit, ingest_run, record_run
from results.registry import get_entity
from results.registry_import import import_registry
from results.rules import store_rules
from results.scores import score_run
from tests.results.small_country import AUDITS, CRITERIA, END, FRAMEWORK, START, audit, findings, town


def rows(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: db.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in db.table_names()}


def write_run(folder: Path, audits: tuple[Audit, ...], selected: int) -> Path:
    run = {
        "id": "r1",
        "started_at": START.isoformat(),
        "selection": "PE, local",
        "entities": [f"pe-{number}" for number in range(selected)],
        "settings": {"page_budget": 60},
        "rules_digest": "sha256:aa",
        "versions": {"veedor": "0.1.0"},
        "fingerprint": "f",
    }
    (folder / "audits").mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(run))
    for one in audits:
        (folder / "audits" / f"{one.entity.id}.json").write_text(one.model_dump_json())
    return folder


def test_ingesting_an_audit_twice_changes_nothing(filled: Database) -> None:
    before = rows(filled)
    assert [ingest_audit(filled, one) for one in AUDITS] == [False] * len(AUDITS)
    assert rows(filled) == before


def test_a_changed_audit_replaces_the_old_one_whole(filled: Database) -> None:
    assert ingest_audit(filled, audit(town("aldea"), findings(Verdict.FAILED))) is True
    found = queries.entity_findings(filled, "pe-aldea")
    assert {one.finding.verdict for one in found} == {Verdict.FAILED}
    assert filled.execute("SELECT COUNT(*) FROM evidence WHERE finding_id NOT IN (SELECT id FROM findings)").fetchone()[0] == 0
    assert queries.entity_scores(filled, "pe-aldea") == [], "scores of the old audit must not outlive it"


def test_what_goes_in_comes_out(filled: Database) -> None:
    for one in AUDITS:
        stored = queries.entity_findings(filled, one.entity.id, "r1")
        assert tuple(entry.finding for entry in stored) == one.findings
        visit = queries.entity_visit(filled, one.entity.id)
        assert visit is not None
        assert visit.visit == one.visit
        assert get_entity(filled, one.entity.id) == one.entity


def test_an_audit_of_an_unknown_run_or_criterion_is_refused_and_leaves_nothing(empty: Database) -> None:
    with pytest.raises(IngestError, match="run r1 is not in the database"):
        ingest_audit(empty, AUDITS[0])
    record_run(empty, "r1", started_at=START)
    with pytest.raises(IngestError, match="criterion approved_budget is not in"):
        ingest_audit(empty, AUDITS[0])
    assert empty["entities"].count == empty["visits"].count == 0


def test_an_audit_never_overwrites_what_the_registry_says(empty: Database, tmp_path: Path) -> None:
    file = tmp_path / "registry.csv"
    file.write_text("id,name,country,level,url\npe-aldea,The Village,PE,regional,https://www.aldea.gob.example/\n")
    import_registry(empty, file)
    store_rules(empty, CRITERIA, [FRAMEWORK])
    record_run(empty, "r1", started_at=START)
    ingest_audit(empty, AUDITS[0])
    entity = get_entity(empty, "pe-aldea")
    assert entity is not None
    assert (entity.name, entity.level) == ("The Village", Level.REGIONAL)


def test_a_folder_of_a_run_is_ingested_and_finished_only_when_all_have_their_file(empty: Database, tmp_path: Path) -> None:
    store_rules(empty, CRITERIA, [FRAMEWORK])
    assert ingest_run(empty, write_run(tmp_path / "r1", AUDITS[:2], selected=4)) == 2
    assert queries.list_runs(empty)[0].finished_at is None
    assert ingest_run(empty, write_run(tmp_path / "r1", AUDITS, selected=4)) == 4
    run = queries.list_runs(empty)[0]
    assert (run.finished_at, run.entities, run.program_version, run.selection) == (END, 4, "0.1.0", "PE, local")
    before = rows(empty)
    ingest_run(empty, tmp_path / "r1")
    assert rows(empty) == before


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "r1"}', '{"id": "r1", "started_at": "yesterday"}'])
def test_a_broken_run_file_is_named_with_a_remedy(empty: Database, tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(IngestError, match=r"run\.json: cannot be read"):
        ingest_run(empty, tmp_path)


def test_a_broken_audit_file_is_named_and_the_others_stay(empty: Database, tmp_path: Path) -> None:
    store_rules(empty, CRITERIA, [FRAMEWORK])
    folder = write_run(tmp_path / "r1", AUDITS[:1], selected=2)
    (folder / "audits" / "pe-z.json").write_text('{"run": "r1"}')
    with pytest.raises(IngestError, match=r"pe-z\.json: is not an audit file"):
        ingest_run(empty, folder)
    assert queries.list_runs(empty)[0].entities == 1


def test_rules_are_stored_over_what_stood_there_and_say_what_each_item_rests_on(filled: Database) -> None:
    before = rows(filled)
    store_rules(filled, CRITERIA, [FRAMEWORK])
    after = rows(filled)
    assert after.keys() == before.keys()
    assert len(after["item_references"]) == 3
    found = filled.query("SELECT criterion_id, aspect, rule, at_least FROM item_references ORDER BY id")
    assert [tuple(row.values()) for row in found] == [
        ("decision_minutes", "", "essential", None),
        ("approved_budget", "useful", "share", 0.5),
        ("contact_form", "", "share", 0.5),
    ]


def test_scoring_a_run_again_gives_the_same_scores_and_scorecards(filled: Database) -> None:
    before = queries.scorecards(filled, "PE"), queries.country_scores(filled, "PE")
    assert score_run(filled, "r1", [FRAMEWORK], CRITERIA) == 4
    assert (queries.scorecards(filled, "PE"), queries.country_scores(filled, "PE")) == before


def test_barriers_are_stored_once_with_their_spread(filled: Database) -> None:
    ingest_audit(filled, AUDITS[0])
    asked = "SELECT b.* FROM barriers b JOIN visits v ON v.id = b.visit_id WHERE v.entity_id = ?"
    (row,) = filled.query(asked, [AUDITS[0].entity.id])
    assert (row["position"], row["pages"], row["elements"]) == (1, 2, 4)
    assert json.loads(row["criteria"]) == ["1.1.1"]
    assert row["snippet"] == AUDITS[0].barriers[0].example.quote
