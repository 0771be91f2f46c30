"""What the pages show of frameworks: where bodies and countries stand, what each item rests on, and which laws ask for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlite_utils import Database

from audits.model import Criterion, Framework, Item, Verdict, references
from crawler.capture import Level
from results.index_queries import country_indexes
from results.indexes import IndexScore, binds
from results.records import EntityIndex
from results.scores import Counted, Scored, score_framework
from results.standing import LevelledIndex, StandingRow, standing


class Law(NamedTuple):
    """A law of a country: its name, what it is about, where it can be read ("" unknown), and how well that is known."""

    name: str
    subject: str
    url: str
    evidence: str


class Norm(NamedTuple):
    """How often the law of a country has a thing renewed: at least every `days`; `law` is its name, `item` its article."""

    criterion: str
    days: int
    law: str
    item: str
    evidence: str


class Pack(NamedTuple):
    """What the rules say of a country."""

    laws: tuple[Law, ...] = ()
    norms: tuple[Norm, ...] = ()


Packs = Mapping[str, Pack]
"""Packs by the code of their country."""


class Standing(NamedTuple):
    """One index or ladder in one country: a row for each level and one for all, and where each entity stands."""

    framework: Framework
    rows: tuple[StandingRow, ...]
    entities: tuple[EntityIndex, ...]

    @property
    def together(self) -> StandingRow:
        return self.rows[-1]

    @property
    def page(self) -> str:
        """The stem of the list of its entities below the country."""
        return f"list-{self.framework.id}"

    @property
    def provisional(self) -> int:
        return max((entry.index.provisional for entry in self.entities), default=0)


class IndexLine(NamedTuple):
    """Where one entity stands in one framework; `page` is the page of its arithmetic."""

    framework: Framework
    score: IndexScore
    page: str


class ItemLine(NamedTuple):
    """One item of a framework and the ids of the criteria that answer it; none where no machine can."""

    item: Item
    anchor: str
    criteria: tuple[str, ...]
    provisional: int


class FrameworkView(NamedTuple):
    """A framework with its items by group, and where the countries stand that it binds."""

    framework: Framework
    groups: tuple[tuple[str, tuple[ItemLine, ...]], ...]
    countries: tuple[tuple[str, Standing], ...]

    @property
    def lines(self) -> list[ItemLine]:
        return [line for _, lines in self.groups for line in lines]

    @property
    def provisional(self) -> int:
        return max((line.provisional for line in self.lines), default=0)

    @property
    def answered(self) -> int:
        """Items that some criterion answers."""
        return sum(bool(line.criteria) for line in self.lines)


class Feed(NamedTuple):
    """An item in which a criterion counts."""

    framework: Framework
    item: Item
    anchor: str


def standings(db: Database, country: str, run: str, frameworks: Iterable[Framework]) -> tuple[Standing, ...]:
    """The indexes and ladders that bind a country, with those of its entities that a run scored: ladders first."""
    found = country_indexes(db, country, run)
    asked = [framework for framework in frameworks if framework.kind != "goals" and binds(framework, country)]
    made = []
    for framework in sorted(asked, key=lambda framework: (framework.kind != "ladder", not framework.countries, framework.id)):
        entities = found.get(framework.id, [])
        rows = standing(framework, [LevelledIndex(entry.level, entry.index) for entry in entities])
        if rows:
            made.append(Standing(framework, rows, tuple(entities)))
    return tuple(made)


def index_lines(entity: str, country: Iterable[Standing]) -> tuple[IndexLine, ...]:
    """Where one entity stands in every index and ladder that binds its country."""
    return tuple(
        IndexLine(one.framework, entry.index, f"against-{one.framework.id}.html")
        for one in country
        for entry in one.entities
        if entry.entity == entity
    )


def arithmetic(
    lines: Iterable[IndexLine], country: str, level: Level, verdicts: Mapping[str, Verdict], criteria: Counted
) -> Iterator[tuple[IndexLine, Scored]]:
    """Every item behind each line, made again from the verdicts of the entity."""
    for line in lines:
        found = score_framework(line.framework, country, level, verdicts, criteria)
        if found:
            yield line, found


def framework_view(
    framework: Framework, criteria: Mapping[str, Criterion], trust: Counted, countries: Mapping[str, Sequence[Standing]]
) -> FrameworkView:
    """What the page of a framework shows; `countries` are the standings of each country of the site."""
    groups: dict[str, list[ItemLine]] = {}
    for item in framework.items:
        named = dict.fromkeys(reference.partition(".")[0] for reference in references(item))
        known = tuple(name for name in named if name in criteria)
        provisional = len(trust.provisional.intersection(known))
        groups.setdefault(item.group, []).append(ItemLine(item, anchor_of(item), known, provisional))
    found = [(code, one) for code, made in countries.items() for one in made if one.framework.id == framework.id]
    return FrameworkView(framework, tuple((key, tuple(lines)) for key, lines in groups.items()), tuple(found))


def feeds(criterion: str, frameworks: Iterable[Framework]) -> list[Feed]:
    """The items in which a criterion counts."""
    return [
        Feed(framework, item, anchor_of(item))
        for framework in frameworks
        for item in framework.items
        if any(reference.partition(".")[0] == criterion for reference in references(item))
    ]


def norms_of(criterion: str, packs: Packs) -> list[tuple[str, Norm]]:
    """What the laws of countries say on how often a thing is renewed, by country."""
    return [(code, norm) for code, pack in sorted(packs.items()) for norm in pack.norms if norm.criterion == criterion]


def anchor_of(item: Item) -> str:
    """The anchor of an item on the page of its framework."""
    return "i-" + "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in item.code)
