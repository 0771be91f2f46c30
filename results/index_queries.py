"""The read side of indexes and ladders. Typed records out, no SQL elsewhere."""

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from audits.model import Criterion, Framework, Verdict
from crawler.capture import Level
from results.indexes import IndexScore
from results.queries import latest_run, latest_run_of
from results.records import EntityIndex
from results.scores import Scored, counted, score_framework

_INDEXES = """SELECT x.*, e.name, e.country, e.level FROM indexes x JOIN entities e ON e.id = x.entity_id
    JOIN frameworks f ON f.id = x.framework_id"""


def entity_indexes(db: Database, entity_id: str, run: str | None = None) -> list[EntityIndex]:
    """Where one entity stands in every index and ladder that binds it, in a run (its latest): ladders first."""
    run = run or latest_run_of(db, entity_id)
    query = f"{_INDEXES} WHERE x.entity_id = ? AND x.run_id = ? ORDER BY f.kind DESC, f.id"
    return [_index(row) for row in db.query(query, [entity_id, run])]


def country_indexes(db: Database, country: str, run: str | None = None) -> dict[str, list[EntityIndex]]:
    """Where every entity of a country stands in a run (its latest), by framework; entities by level and name."""
    run = run or latest_run(db, country)
    query = f"{_INDEXES} WHERE e.country = ? AND x.run_id = ? ORDER BY f.kind DESC, f.id, e.level, e.name, e.id"
    found: dict[str, list[EntityIndex]] = {}
    for row in db.query(query, [country, run]):
        found.setdefault(row["framework_id"], []).append(_index(row))
    return found


def entity_verdicts(db: Database, entity_id: str, run: str) -> dict[str, Verdict]:
    """The verdicts on one entity in a run by "criterion.aspect"."""
    query = "SELECT criterion_id, aspect, verdict FROM findings WHERE entity_id = ? AND run_id = ?"
    return {f"{criterion}.{aspect}": Verdict(verdict) for criterion, aspect, verdict in db.execute(query, [entity_id, run])}


def recompute(db: Database, entity_id: str, run: str, framework: Framework, criteria: Iterable[Criterion]) -> Scored | None:
    """One entity in one framework with the arithmetic of every item, from its findings; None where it is not bound.

    Raises LookupError where nobody knows the entity.
    """
    found = db.execute("SELECT country, level FROM entities WHERE id = ?", [entity_id]).fetchone()
    if found is None:
        raise LookupError(entity_id)
    return score_framework(framework, found[0], Level(found[1]), entity_verdicts(db, entity_id, run), counted(criteria))


def _index(row: dict[str, Any]) -> EntityIndex:
    kept = {key: row[key] for key in IndexScore.model_fields}
    return EntityIndex(
        run=row["run_id"],
        entity=row["entity_id"],
        name=row["name"],
        country=row["country"],
        level=row["level"],
        framework=row["framework_id"],
        index=IndexScore.model_validate(kept),
    )
