"""Computes the scores and the scorecards of a run and keeps them: the one place where they are made, for every view."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from audits.model import Criterion, Framework, Item, Status, Verdict
from crawler.capture import Level
from results.rows import as_json, insert
from results.rules import item_id, store_rules
from results.scorecards import LevelledScore, Scorecard, score_country
from results.scoring import EntityScore, score_entity

BATCH = 2000
"""Rows written at once."""


def score_run(db: Database, run: str, frameworks: Sequence[Framework], criteria: Sequence[Criterion]) -> int:
    """Score every entity that the run visited, and each of its countries, in one transaction over what stood there before.

    Drafts and retired criteria do not count. Items without a rule, and items that do not speak of the
    entity's level, have no score. How many scores of entities were made.
    """
    scored = {criterion.id for criterion in criteria if criterion.status in (Status.PROVISIONAL, Status.STABLE)}
    made = 0
    with db.atomic():
        store_rules(db, criteria, frameworks)
        db.execute("DELETE FROM scores WHERE run_id = ?", [run])
        db.execute("DELETE FROM scorecards WHERE run_id = ?", [run])
        by_country: dict[tuple[str, str], list[LevelledScore]] = {}
        rows: list[dict[str, Any]] = []
        for entity_id, country, level, verdicts in _verdicts(db, run):
            for framework, item in _items(frameworks, level):
                score = score_entity(item, verdicts, framework.floor, scored)
                by_country.setdefault((country, item_id(framework, item)), []).append(LevelledScore(level, score))
                rows.append(_score_row(run, entity_id, item_id(framework, item), score))
                made += 1
            if len(rows) >= BATCH:
                insert(db, "scores", rows)
                rows.clear()
        insert(db, "scores", rows)
        insert(db, "scorecards", _scorecards(run, frameworks, by_country))
    return made


def _verdicts(db: Database, run: str) -> Iterator[tuple[str, str, Level, Mapping[str, Verdict]]]:
    """Every entity of the run with its country, level and verdicts by "criterion.aspect"."""
    query = """SELECT v.entity_id, e.country, e.level, f.criterion_id, f.aspect, f.verdict
        FROM visits v JOIN entities e ON e.id = v.entity_id LEFT JOIN findings f ON f.visit_id = v.id
        WHERE v.run_id = ? ORDER BY v.entity_id"""
    for (entity_id, country, level), rows in groupby(db.execute(query, [run]), key=itemgetter(0, 1, 2)):
        yield entity_id, country, Level(level), {f"{row[3]}.{row[4]}": Verdict(row[5]) for row in rows if row[3]}


def _items(frameworks: Iterable[Framework], level: Level | None = None) -> Iterator[tuple[Framework, Item]]:
    for framework in frameworks:
        for item in framework.items:
            if (item.essentials or item.shares) and (level is None or level.value in item.levels):
                yield framework, item


def _scorecards(
    run: str, frameworks: Sequence[Framework], by_country: Mapping[tuple[str, str], list[LevelledScore]]
) -> Iterator[dict[str, Any]]:
    for country in sorted({country for country, _ in by_country}):
        for framework, item in _items(frameworks):
            scores = by_country.get((country, item_id(framework, item)), [])
            baseline = framework.baselines.get(item.code, {}).get(country)
            yield from _card_rows(run, country, item_id(framework, item), score_country(item, scores, baseline))


def _card_rows(run: str, country: str, item: str, card: Scorecard) -> Iterator[dict[str, Any]]:
    for row in card.rows:
        yield {"run_id": run, "country": country, "item_id": item, **row.model_dump(mode="json")}


def _score_row(run: str, entity_id: str, item: str, score: EntityScore) -> dict[str, Any]:
    row = score.model_dump(mode="json", exclude={"steps"})
    return row | {
        "run_id": run,
        "entity_id": entity_id,
        "item_id": item,
        "rated": int(score.rated),
        "complies": None if score.complies is None else int(score.complies),
        "steps": as_json([step.model_dump(mode="json") for step in score.steps]),
    }
