"""The read side: what the terminal and the site ask of the database. Typed records out, no SQL elsewhere.

A scorecard belongs to one run. Where no run is named, the latest one that has entities of the country counts.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from audits.model import LANGUAGES, Evidence, Finding, Texts, Verdict
from crawler.capture import HostVisit, Reason, Visit
from results.records import (
    CountryInfo,
    CountryScorecard,
    CriterionInfo,
    EntityFinding,
    EntityVisit,
    HostTotal,
    ItemInfo,
    ItemScore,
    RunInfo,
    RunSummary,
)
from results.scorecards import LevelRow
from results.scoring import EntityScore

_RUNS = """SELECT r.*, COUNT(v.id) AS entities, COALESCE(SUM(v.reached), 0) AS reached
    FROM runs r LEFT JOIN visits v ON v.run_id = r.id"""

_VISITS = """SELECT v.*, e.name, e.country, e.level FROM visits v JOIN entities e ON e.id = v.entity_id"""


def list_runs(db: Database) -> list[RunInfo]:
    """All runs, newest first."""
    return [_run(row) for row in db.query(f"{_RUNS} GROUP BY r.id ORDER BY r.started_at DESC, r.id DESC")]


def latest_run(db: Database, country: str = "") -> str | None:
    """The id of the latest run that visited somebody (of this country), None where there is none."""
    where, args = ("WHERE e.country = ?", [country]) if country else ("", [])
    query = f"""SELECT r.id FROM runs r JOIN visits v ON v.run_id = r.id JOIN entities e ON e.id = v.entity_id {where}
        ORDER BY r.started_at DESC, r.id DESC LIMIT 1"""
    return next((row["id"] for row in db.query(query, args)), None)


def latest_run_of(db: Database, entity_id: str) -> str | None:
    """The id of the latest run that visited this entity, None where there is none."""
    query = """SELECT run_id FROM visits v JOIN runs r ON r.id = v.run_id WHERE v.entity_id = ?
        ORDER BY r.started_at DESC, r.id DESC LIMIT 1"""
    return next((row["run_id"] for row in db.query(query, [entity_id])), None)


def scored_runs(db: Database) -> frozenset[str]:
    """Runs whose scorecards are stored: the last thing that an audit does."""
    return frozenset(row["run_id"] for row in db.query("SELECT DISTINCT run_id FROM scorecards"))


def run_summary(db: Database, run: str) -> RunSummary | None:
    """What one run found, None where the run is not in the database."""
    found = list(db.query(f"{_RUNS} WHERE r.id = ? GROUP BY r.id", [run]))
    if not found:
        return None
    outcomes = _counts(db, "SELECT reason, COUNT(*) FROM visits WHERE run_id = ? GROUP BY reason ORDER BY 2 DESC, 1", run)
    verdicts = _counts(db, "SELECT verdict, COUNT(*) FROM findings WHERE run_id = ? GROUP BY verdict", run)
    sums = next(
        db.query(
            """SELECT COALESCE(SUM(pages), 0) AS pages, COALESCE(SUM(documents), 0) AS documents,
            COALESCE(SUM(requests), 0) AS requests, COALESCE(SUM(bytes), 0) AS bytes FROM visits WHERE run_id = ?""",
            [run],
        )
    )
    return RunSummary(
        run=_run(found[0]),
        outcomes={Reason(reason): count for reason, count in outcomes.items()},
        verdicts={verdict: verdicts.get(verdict.value, 0) for verdict in Verdict},
        **sums,
    )


def host_totals(db: Database, run: str) -> list[HostTotal]:
    """What a run asked of each host, the most asked first."""
    named = ", ".join(
        f"COALESCE(GROUP_CONCAT(DISTINCT NULLIF(h.{name}, '')), '') AS {name}" for name in ("robots", "certificate", "address")
    )
    query = f"""SELECT h.host, COUNT(*) AS visits, SUM(h.requests) AS requests, SUM(h.browser_requests) AS browser_requests,
        SUM(h.bytes) AS bytes, MAX(h.delay_seconds) AS delay_seconds, MIN(h.shortest_gap) AS shortest_gap, {named},
        SUM(h.failures) AS failures, SUM(h.broken) AS broken
        FROM visit_hosts h JOIN visits v ON v.id = h.visit_id WHERE v.run_id = ? GROUP BY h.host ORDER BY 3 DESC, h.host"""
    return [HostTotal.model_validate(row) for row in db.query(query, [run])]


def countries_with_results(db: Database) -> list[CountryInfo]:
    """Every country of which some entity was visited, by code, with its latest run."""
    query = """SELECT n.*, r.id AS run, COUNT(*) AS visited FROM visits v JOIN entities e ON e.id = v.entity_id
        JOIN countries n ON n.code = e.country JOIN runs r ON r.id = v.run_id
        GROUP BY n.code, r.id ORDER BY n.code, r.started_at, r.id"""
    latest = {row["code"]: row for row in db.query(query)}
    return [
        CountryInfo(code=code, name=_texts(row, "name"), entities=row["visited"], run=row["run"]) for code, row in latest.items()
    ]


def run_visits(db: Database, run: str, country: str = "") -> list[EntityVisit]:
    """How the visits of a run ended (those of one country), by country, level and name of the entity."""
    where, args = ("AND e.country = ?", [country]) if country else ("", [])
    found = list(db.query(f"{_VISITS} WHERE v.run_id = ? {where} ORDER BY e.country, e.level, e.name, e.id", [run, *args]))
    return _visits(db, found)


def entity_visit(db: Database, entity_id: str, run: str | None = None) -> EntityVisit | None:
    """How the visit of one entity ended in a run (its latest), None where it was never visited."""
    run = run or latest_run_of(db, entity_id)
    found = list(db.query(f"{_VISITS} WHERE v.entity_id = ? AND v.run_id = ?", [entity_id, run]))
    return next(iter(_visits(db, found)), None)


def entity_findings(db: Database, entity_id: str, run: str | None = None) -> list[EntityFinding]:
    """Every finding on one entity in a run (its latest) with all evidence, in the order in which they were judged."""
    run = run or latest_run_of(db, entity_id)
    proofs: dict[int, list[Evidence]] = {}
    for row in db.query(
        """SELECT p.* FROM evidence p JOIN findings f ON f.id = p.finding_id WHERE f.entity_id = ? AND f.run_id = ?
        ORDER BY p.finding_id, p.position""",
        [entity_id, run],
    ):
        proofs.setdefault(row["finding_id"], []).append(Evidence.model_validate({k: row[k] for k in Evidence.model_fields}))
    query = """SELECT f.*, c.kind, c.status, c.group_name, c.title_es, c.title_pt, c.title_en
        FROM findings f JOIN criteria c ON c.id = f.criterion_id WHERE f.entity_id = ? AND f.run_id = ? ORDER BY f.id"""
    return [_finding(row, proofs.get(row["id"], [])) for row in db.query(query, [entity_id, run])]


def entity_scores(db: Database, entity_id: str, run: str | None = None) -> list[ItemScore]:
    """The scores of one entity in the goals, in a run (its latest), item by item; goals without a rule have none."""
    run = run or latest_run_of(db, entity_id)
    items = dict(_goals(db))
    query = """SELECT s.* FROM scores s JOIN items i ON i.id = s.item_id JOIN frameworks f ON f.id = i.framework_id
        WHERE f.kind = 'goals' AND s.entity_id = ? AND s.run_id = ? ORDER BY i.framework_id, i.position"""
    return [_score(row, items) for row in db.query(query, [entity_id, run])]


def country_scores(db: Database, country: str, run: str | None = None) -> dict[str, list[ItemScore]]:
    """The scores of every entity of a country in the goals, in a run (its latest), by entity id; arithmetic included."""
    run = run or latest_run(db, country)
    items = dict(_goals(db))
    query = """SELECT s.* FROM scores s JOIN items i ON i.id = s.item_id JOIN entities e ON e.id = s.entity_id
        JOIN frameworks f ON f.id = i.framework_id WHERE f.kind = 'goals' AND e.country = ? AND s.run_id = ?
        ORDER BY s.entity_id, i.framework_id, i.position"""
    scores: dict[str, list[ItemScore]] = {}
    for row in db.query(query, [country, run]):
        scores.setdefault(row["entity_id"], []).append(_score(row, items))
    return scores


def scorecards(db: Database, country: str, run: str | None = None, framework: str = "") -> list[CountryScorecard]:
    """The scorecard of a country in a run (its latest): every goal of every framework (or one), also those not yet measured."""
    run = run or latest_run(db, country)
    if run is None:
        return []
    rows: dict[str, list[LevelRow]] = {}
    query = "SELECT * FROM scorecards WHERE run_id = ? AND country = ? ORDER BY item_id, id"
    for row in db.query(query, [run, country]):
        rows.setdefault(row["item_id"], []).append(LevelRow.model_validate({k: row[k] for k in LevelRow.model_fields}))
    return [
        CountryScorecard(run=run, country=country, item=item, rows=tuple(rows.get(item_id, ())))
        for item_id, item in _goals(db)
        if framework in ("", item.framework)
    ]


def _run(row: dict[str, Any]) -> RunInfo:
    return RunInfo.model_validate({**row, "settings": json.loads(row["settings"]), "selection": json.loads(row["selection"])})


def _counts(db: Database, query: str, run: str) -> dict[str, int]:
    return dict(db.execute(query, [run]).fetchall())


def _texts(row: dict[str, Any], name: str) -> Texts:
    """A text of three columns, without the languages in which it is missing."""
    return {language: row[f"{name}_{language}"] for language in LANGUAGES if row[f"{name}_{language}"]}


def _visits(db: Database, rows: list[dict[str, Any]]) -> list[EntityVisit]:
    hosts = _hosts(db, [row["id"] for row in rows])
    return [
        EntityVisit(
            run=row["run_id"],
            entity=row["entity_id"],
            name=row["name"],
            country=row["country"],
            level=row["level"],
            visit=_visit(row, hosts.get(row["id"], ())),
            warc=row["warc"],
        )
        for row in rows
    ]


def _visit(row: Mapping[str, Any], hosts: Iterable[HostVisit]) -> Visit:
    kept = {key: row[key] for key in Visit.model_fields if key not in ("hosts", "lists")}
    return Visit.model_validate({**kept, "hosts": hosts, "lists": json.loads(row["lists"])})


def _hosts(db: Database, visits: Iterable[int]) -> dict[int, tuple[HostVisit, ...]]:
    found: dict[int, tuple[HostVisit, ...]] = {}
    query = "SELECT * FROM visit_hosts WHERE visit_id IN (SELECT value FROM json_each(?)) ORDER BY id"
    for row in db.query(query, [json.dumps(list(visits))]):
        host = HostVisit.model_validate({key: row[key] for key in HostVisit.model_fields})
        found[row["visit_id"]] = (*found.get(row["visit_id"], ()), host)
    return found


def _finding(row: dict[str, Any], proofs: Iterable[Evidence]) -> EntityFinding:
    return EntityFinding(
        run=row["run_id"],
        criterion=CriterionInfo(
            id=row["criterion_id"], kind=row["kind"], status=row["status"], group=row["group_name"], title=_texts(row, "title")
        ),
        finding=Finding(
            criterion=row["criterion_id"],
            aspect=row["aspect"],
            verdict=row["verdict"],
            reason=row["reason"],
            values=json.loads(row["values_json"]),
            depth=row["depth"],
            newest=row["newest"],
            evidence=tuple(proofs),
        ),
    )


def _goals(db: Database) -> list[tuple[str, ItemInfo]]:
    """Every goal by its id in the database, in the order of its framework. Items of indexes and ladders are none."""
    query = """SELECT i.*, COUNT(x.id) AS refs,
        COUNT(DISTINCT CASE WHEN c.status = 'provisional' THEN c.id END) AS provisional
        FROM items i JOIN frameworks f ON f.id = i.framework_id LEFT JOIN item_references x ON x.item_id = i.id
        LEFT JOIN criteria c ON c.id = x.criterion_id WHERE f.kind = 'goals' GROUP BY i.id ORDER BY i.framework_id, i.position"""
    return [
        (
            row["id"],
            ItemInfo(
                framework=row["framework_id"],
                code=row["code"],
                levels=json.loads(row["levels"]),
                target=row["target"],
                or_double=bool(row["or_double"]),
                measured=bool(row["refs"]),
                provisional=row["provisional"],
                **{name: _texts(row, name) for name in ("title", "text", "unit", "rule", "note")},
            ),
        )
        for row in db.query(query)
    ]


def _score(row: dict[str, Any], items: dict[str, ItemInfo]) -> ItemScore:
    kept = {key: row[key] for key in EntityScore.model_fields if key != "steps"}
    score = EntityScore.model_validate({**kept, "steps": json.loads(row["steps"])})
    return ItemScore(run=row["run_id"], item=items[row["item_id"]], score=score)
