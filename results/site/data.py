"""What the pages show, gathered from the database: countries with their scorecards, entities with their proofs."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlite_utils import Database

from audits.model import Finding, Framework, Item, Status
from crawler.capture import Branch
from results import queries
from results.records import CriterionInfo, EntityFinding, EntityVisit, ItemInfo, ItemScore
from results.scorecards import LevelRow
from results.scores import Counted, Scored
from results.scoring import EntityScore, State, outcome
from results.site.charts import Chart, chart
from results.site.standings import IndexLine, Pack, Standing, arithmetic, index_lines, standings

BLOCKS_PER_PAGE = 10
"""Criteria on one page of proofs, so that no page grows heavy."""

FIRST_THINGS = 5
"""Length of the list of what to fix first."""


class Demand(NamedTuple):
    """One rule of an item in a form that a page can list."""

    rule: str
    name: dict[str, str]
    at_least: float | None
    references: tuple[str, ...]


class Card(NamedTuple):
    """One item for one country: `together` is the row of all levels, None where nothing is measured."""

    item: ItemInfo
    slug: str
    rows: tuple[LevelRow, ...]
    together: LevelRow | None
    drawing: Chart | None
    demands: tuple[Demand, ...]


@dataclass(frozen=True)
class CountryView:
    """A country in one run. `unread` counts the entities whose portal was not read, by reason and level."""

    code: str
    run: str
    visits: Sequence[EntityVisit]
    cards: Sequence[Card]
    scores: Mapping[str, Sequence[ItemScore]]
    standings: Sequence[Standing]
    pack: Pack

    @property
    def folder(self) -> str:
        return self.code.lower()

    @property
    def visited(self) -> int:
        return len(self.visits)

    @property
    def reached(self) -> int:
        return sum(entry.visit.reached for entry in self.visits)

    @property
    def seen(self) -> datetime | None:
        return max((entry.visit.as_of for entry in self.visits), default=None)

    @cached_property
    def unread(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for entry in self.visits:
            if not entry.visit.reached:
                found.setdefault(entry.visit.reason.value, Counter())[entry.level.value] += 1
        return dict(sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0])))

    @cached_property
    def provisional_items(self) -> dict[tuple[str, str], int]:
        """On how many provisional criteria each goal rests, by (framework, code)."""
        return {(card.item.framework, card.item.code): card.item.provisional for card in self.cards if card.together}

    @property
    def provisional(self) -> int:
        """Whether anything on the country's page rests on provisional criteria."""
        return max((*self.provisional_items.values(), *(one.provisional for one in self.standings)), default=0)

    @cached_property
    def rows(self) -> dict[tuple[str, str], LevelRow]:
        return {(card.item.framework, card.item.code): card.together for card in self.cards if card.together}


class ScoreLine(NamedTuple):
    """The score of one entity in one item; `score` is None where the item is not measured or does not speak of its level."""

    item: ItemInfo
    slug: str
    folder: str
    floor: float
    score: EntityScore | None
    outcome: str


class Block(NamedTuple):
    """The findings on one criterion and the page on which their proof stands, "" where there is none."""

    criterion: CriterionInfo
    findings: tuple[Finding, ...]
    page: str


class Group(NamedTuple):
    """The criteria of one group, and the names of the pages of their proofs."""

    id: str
    blocks: tuple[Block, ...]
    pages: tuple[str, ...]


class Advice(NamedTuple):
    """A criterion to fix, and the codes of the items that it would bring nearer."""

    criterion: CriterionInfo
    goals: tuple[str, ...]


class Details(NamedTuple):
    """What the registry says of an entity."""

    branch: str
    population: int | None
    languages: tuple[str, ...]
    portals: tuple[str, ...]


class EntityView(NamedTuple):
    """All that the pages of one entity show. `titles` names each criterion, `keys` holds every "criterion.aspect" judged."""

    visit: EntityVisit
    details: Details
    scores: tuple[ScoreLine, ...]
    indexes: tuple[IndexLine, ...]
    arithmetic: tuple[tuple[IndexLine, Scored], ...]
    groups: tuple[Group, ...]
    first: tuple[Advice, ...]
    titles: dict[str, dict[str, str]]
    keys: frozenset[str]
    quote_language: str

    @property
    def provisional(self) -> int:
        """Whether any figure of the entity rests on provisional criteria."""
        scores = [line.score.provisional for line in self.scores if line.score]
        return max((*scores, *(line.score.provisional for line in self.indexes)), default=0)


class Asked(NamedTuple):
    """What is asked of every entity: floors of coverage by framework, which criteria count, and the order of their groups."""

    floors: Mapping[str, float]
    counted: Counted
    order: Sequence[str]


def slug_of(framework: str, code: str) -> str:
    """The name of an item in addresses and anchors: "elac2010-39"."""
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in f"{framework}-{code}")


def country_view(db: Database, code: str, run: str, frameworks: Sequence[Framework], pack: Pack) -> CountryView:
    """Gather what the pages of a country show."""
    items = {(framework.id, item.code): item for framework in frameworks for item in framework.items}
    cards = []
    for card in queries.scorecards(db, code, run):
        key = (card.item.framework, card.item.code)
        if key in items:
            rows = card.rows if card.item.measured else ()
            demands = _demands(items[key])
            cards.append(Card(card.item, slug_of(*key), rows, rows[-1] if rows else None, chart(rows), demands))
    scores = queries.country_scores(db, code, run)
    return CountryView(code, run, queries.run_visits(db, run, code), cards, scores, standings(db, code, run, frameworks), pack)


def entity_view(db: Database, visit: EntityVisit, country: CountryView, asked: Asked) -> EntityView:
    """Gather what the pages of an entity show."""
    findings = queries.entity_findings(db, visit.entity, visit.run)
    lines = tuple(_score_lines(country, visit.entity, asked.floors))
    indexes = index_lines(visit.entity, country.standings)
    verdicts = {f"{entry.finding.criterion}.{entry.finding.aspect}": entry.finding.verdict for entry in findings}
    details = _details(db, visit.entity)
    return EntityView(
        visit=visit,
        details=details,
        scores=lines,
        indexes=indexes,
        arithmetic=tuple(arithmetic(indexes, visit.country, visit.level, verdicts, asked.counted)),
        groups=tuple(_groups(findings, asked.order, proven=visit.visit.reached)),
        first=_first(lines, findings),
        titles={entry.criterion.id: entry.criterion.title for entry in findings},
        keys=frozenset(f"{entry.finding.criterion}.{entry.finding.aspect}" for entry in findings),
        quote_language=details.languages[0] if len(details.languages) == 1 else "",
    )


def tallies(db: Database, runs: Mapping[str, str]) -> dict[str, dict[tuple[str, str], Counter[str]]]:
    """How many entities got which verdict: by criterion, then by (country, aspect). `runs` maps country to run."""
    query = """SELECT f.criterion_id, e.country, f.aspect, f.verdict, COUNT(*) FROM findings f
        JOIN entities e ON e.id = f.entity_id JOIN json_each(?) chosen ON chosen.key = e.country AND chosen.value = f.run_id
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, MIN(f.id)"""
    found: dict[str, dict[tuple[str, str], Counter[str]]] = {}
    for criterion, country, aspect, verdict, count in db.execute(query, [json.dumps(dict(runs))]):
        found.setdefault(criterion, {}).setdefault((country, aspect), Counter())[verdict] += count
    return found


def _demands(item: Item) -> tuple[Demand, ...]:
    essentials = [Demand("essential", rule.name, None, rule.any_of) for rule in item.essentials]
    return (*essentials, *(Demand("share", rule.name, rule.at_least, rule.of) for rule in item.shares))


def _score_lines(country: CountryView, entity_id: str, floors: Mapping[str, float]) -> Iterable[ScoreLine]:
    """Every item in its order. One that is measured but does not speak of this entity's level has an empty score."""
    scores = {(entry.item.framework, entry.item.code): entry.score for entry in country.scores.get(entity_id, ())}
    for card in country.cards:
        key = (card.item.framework, card.item.code)
        score = scores.get(key, EntityScore()) if card.demands else None
        yield ScoreLine(card.item, card.slug, country.folder, floors[card.item.framework], score, outcome(score))


def _groups(findings: Sequence[EntityFinding], order: Sequence[str], *, proven: bool) -> Iterable[Group]:
    """The criteria by group; where nothing was seen there is nothing to prove, and no page for it."""
    by_group: dict[str, dict[str, list[EntityFinding]]] = {}
    for entry in findings:
        by_group.setdefault(entry.criterion.group, {}).setdefault(entry.criterion.id, []).append(entry)
    for group, by_criterion in sorted(by_group.items(), key=lambda entry: place_in(order, entry[0])):
        pages = page_names(f"proof{slug_of('', group)}", len(by_criterion), BLOCKS_PER_PAGE) if proven else ()
        blocks = (
            Block(
                entries[0].criterion, tuple(entry.finding for entry in entries), pages[place // BLOCKS_PER_PAGE] if pages else ""
            )
            for place, entries in enumerate(by_criterion.values())
        )
        yield Group(group, tuple(blocks), pages)


def place_in(order: Sequence[str], group: str) -> int:
    """Where a group stands in an order; one that the order does not name comes last."""
    return order.index(group) if group in order else len(order)


def page_names(stem: str, count: int, size: int) -> tuple[str, ...]:
    """File names of the pages that a list of `count` fills; there is always a first one."""
    return (f"{stem}.html", *(f"{stem}-{number}.html" for number in range(2, -(-count // size) + 1)))


def _first(lines: Iterable[ScoreLine], findings: Iterable[EntityFinding]) -> tuple[Advice, ...]:
    """Criteria whose failure keeps demands from holding, those that hold most items back first. What was not seen is none."""
    goals: dict[str, dict[str, None]] = {}
    for line in lines:
        for step in line.score.steps if line.score and line.outcome != "complies" else ():
            if step.state is State.FAILED:
                for key, verdict in step.decided_by.items():
                    if verdict == "failed":
                        goals.setdefault(key.partition(".")[0], {})[line.item.code] = None
    known = {entry.criterion.id: entry.criterion for entry in findings if entry.criterion.status is not Status.DRAFT}
    ranked = sorted((name for name in goals if name in known), key=lambda name: -len(goals[name]))
    return tuple(Advice(known[name], tuple(goals[name])) for name in ranked[:FIRST_THINGS])


def _details(db: Database, entity_id: str) -> Details:
    row: dict[str, Any] = next(db.query("SELECT branch, population, languages FROM entities WHERE id = ?", [entity_id]))
    portals = db.execute("SELECT url FROM portals WHERE entity_id = ? ORDER BY position", [entity_id]).fetchall()
    branch = row["branch"] or Branch.UNKNOWN.value
    return Details(branch, row["population"], tuple(json.loads(row["languages"])), tuple(url for (url,) in portals))
