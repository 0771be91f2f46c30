"""Computes scores, indexes and scorecards of a run and keeps them: the one place where they are made, for every view.

Rows by item are kept of goals and of the rungs of ladders. An index may have a hundred items: of it one row an entity is kept,
and its arithmetic is made again from the findings by the same functions where somebody asks (`results/index_queries.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlite_utils import Database

from audits.model import Criterion, Framework, Item, Status, Verdict
from crawler.capture import Level
from results.indexes import IndexScore, Part, add_up, binds, parts_of
from results.rows import as_json, insert
from results.rules import item_id, store_rules
from results.scorecards import LevelledScore, Scorecard, score_country
from results.scoring import EntityScore

BATCH = 2000
"""Rows written at once."""


class Counted(NamedTuple):
    """Ids of the criteria that count in scores, and of those among them whose accuracy is not known yet."""

    scored: frozenset[str]
    provisional: frozenset[str]


class Scored(NamedTuple):
    """One entity in one framework: its parts, and what they add up to (None for goals, which add up to nothing)."""

    framework: Framework
    parts: tuple[Part, ...]
    total: IndexScore | None


def counted(criteria: Iterable[Criterion]) -> Counted:
    """Which criteria count: drafts and retired ones do not."""
    provisional = frozenset(criterion.id for criterion in criteria if criterion.status is Status.PROVISIONAL)
    return Counted(provisional | {criterion.id for criterion in criteria if criterion.status is Status.STABLE}, provisional)


def score_framework(
    framework: Framework, country: str, level: Level, verdicts: Mapping[str, Verdict], criteria: Counted
) -> Scored | None:
    """One entity in one framework, None where it does not bind the entity. `verdicts` maps "criterion.aspect" to the verdict."""
    parts = parts_of(framework, level, verdicts, *criteria) if binds(framework, country) else ()
    if not parts:
        return None
    return Scored(framework, parts, None if framework.kind == "goals" else add_up(framework, parts, criteria.provisional))


def score_run(db: Database, run: str, frameworks: Sequence[Framework], criteria: Sequence[Criterion]) -> int:
    """Score every entity that the run visited, and each of its countries, in one transaction over what stood there before.

    Items without a rule, and items that do not speak of the entity's level, have no score. How many rows of entities were made.
    """
    trust = counted(criteria)
    with db.atomic():
        store_rules(db, criteria, frameworks)
        for table in ("scores", "indexes", "scorecards"):
            db.execute(f"DELETE FROM {table} WHERE run_id = ?", [run])
        writer = _Writer(db, run)
        for entity_id, country, level, verdicts in _verdicts(db, run):
            for framework in frameworks:
                found = score_framework(framework, country, level, verdicts, trust)
                if found:
                    writer.add(entity_id, country, level, found)
        writer.finish(frameworks)
    return writer.made


class _Writer:
    """Collects rows of scores, writes them in batches, and keeps of the goals what scorecards are made of."""

    def __init__(self, db: Database, run: str) -> None:
        self.db, self.run, self.made = db, run, 0
        self.rows: dict[str, list[dict[str, Any]]] = {"scores": [], "indexes": []}
        self.by_country: dict[tuple[str, str], list[LevelledScore]] = {}

    def add(self, entity_id: str, country: str, level: Level, found: Scored) -> None:
        if found.total:
            self._keep("indexes", entity_id, {"framework_id": found.framework.id, **_index_row(found.total)})
        for part in found.parts if found.framework.kind != "index" else ():
            if part.item.essentials or part.item.shares:
                key = item_id(found.framework, part.item)
                self._keep("scores", entity_id, {"item_id": key, **_score_row(part.score)})
                if found.framework.kind == "goals":
                    self.by_country.setdefault((country, key), []).append(LevelledScore(level, part.score))

    def _keep(self, table: str, entity_id: str, row: dict[str, Any]) -> None:
        self.rows[table].append({"run_id": self.run, "entity_id": entity_id, **row})
        self.made += 1
        if len(self.rows[table]) >= BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        insert(self.db, table, self.rows[table])
        self.rows[table].clear()

    def finish(self, frameworks: Sequence[Framework]) -> None:
        for table in self.rows:
            self._flush(table)
        insert(self.db, "scorecards", _scorecards(self.run, frameworks, self.by_country))


def _verdicts(db: Database, run: str) -> Iterator[tuple[str, str, Level, Mapping[str, Verdict]]]:
    """Every entity of the run with its country, level and verdicts by "criterion.aspect"."""
    query = """SELECT v.entity_id, e.country, e.level, f.criterion_id, f.aspect, f.verdict
        FROM visits v JOIN entities e ON e.id = v.entity_id LEFT JOIN findings f ON f.visit_id = v.id
        WHERE v.run_id = ? ORDER BY v.entity_id"""
    for (entity_id, country, level), rows in groupby(db.execute(query, [run]), key=itemgetter(0, 1, 2)):
        yield entity_id, country, Level(level), {f"{row[3]}.{row[4]}": Verdict(row[5]) for row in rows if row[3]}


def _scorecards(
    run: str, frameworks: Sequence[Framework], by_country: Mapping[tuple[str, str], list[LevelledScore]]
) -> Iterator[dict[str, Any]]:
    goals = [framework for framework in frameworks if framework.kind == "goals"]
    for country in sorted({country for country, _ in by_country}):
        for framework, item in _measured(goals, country):
            scores = by_country.get((country, item_id(framework, item)), [])
            baseline = framework.baselines.get(item.code, {}).get(country)
            yield from _card_rows(run, country, item_id(framework, item), score_country(item, scores, baseline))


def _measured(frameworks: Iterable[Framework], country: str) -> Iterator[tuple[Framework, Item]]:
    for framework in frameworks:
        if binds(framework, country):
            yield from ((framework, item) for item in framework.items if item.essentials or item.shares)


def _card_rows(run: str, country: str, item: str, card: Scorecard) -> Iterator[dict[str, Any]]:
    for row in card.rows:
        yield {"run_id": run, "country": country, "item_id": item, **row.model_dump(mode="json")}


def _index_row(index: IndexScore) -> dict[str, Any]:
    return {**index.model_dump(), "rated": int(index.rated)}


def _score_row(score: EntityScore) -> dict[str, Any]:
    return {
        **score.model_dump(mode="json", exclude={"steps"}),
        "rated": int(score.rated),
        "complies": None if score.complies is None else int(score.complies),
        "steps": as_json([step.model_dump(mode="json") for step in score.steps]),
    }
