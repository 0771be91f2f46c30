"""Which pages there are, and what each of them is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from audits.model import Criterion, Framework
from results.records import EntityVisit, ItemScore, RunInfo
from results.scoring import EntityScore, outcome
from results.site.data import Card, CountryView, EntityView, page_names
from results.site.downloads import Download
from results.site.standings import FrameworkView, Packs, feeds, norms_of

ROWS_PER_PAGE = 200
"""Rows of a list of entities on one page."""

PROOFS_SHOWN = 3
"""Proofs shown for one finding; all of them are in the data of the run."""


class Page(NamedTuple):
    """One page in every language: its address below the language, its template, what the template is told, and the path to it."""

    path: str
    template: str
    context: dict[str, Any]
    crumbs: tuple[tuple[str, Any, str], ...] = ()


class Line(NamedTuple):
    """An entity in a list: its score in one item, or how many items have which outcome."""

    visit: EntityVisit
    score: EntityScore
    outcome: str
    counts: Mapping[str, int]


ORDER = ("complies", "not", "open", "not_rated", "inapplicable")


def front_pages(
    countries: Sequence[CountryView], frameworks: Sequence[Framework], runs: Sequence[RunInfo], downloads: Sequence[Download]
) -> Iterator[Page]:
    """The region, the method and the data."""
    goals = [framework for framework in frameworks if framework.kind == "goals"]
    yield Page("index.html", "region.html", {"countries": countries, "frameworks": goals})
    yield Page("method.html", "method.html", {"runs": runs})
    yield Page("data.html", "data.html", {"downloads": downloads})


def criterion_pages(
    criteria: Iterable[Criterion], frameworks: Sequence[Framework], tallies: Mapping[str, Mapping[Any, Any]], packs: Packs
) -> Iterator[Page]:
    """The list of criteria and a page for each."""
    groups: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        groups.setdefault(criterion.group, []).append(criterion)
        told = {
            "criterion": criterion,
            "feeds": feeds(criterion.id, frameworks),
            "tallies": tallies.get(criterion.id, {}),
            "norms": norms_of(criterion.id, packs),
        }
        yield Page(f"criteria/{criterion.id}.html", "criterion.html", told, (("text", "nav.criteria", "criteria/index.html"),))
    yield Page("criteria/index.html", "criteria.html", {"groups": groups})


def framework_pages(views: Sequence[FrameworkView], criteria: Mapping[str, Criterion]) -> Iterator[Page]:
    """The list of frameworks and a page for each."""
    for view in views:
        path = (("text", "nav.frameworks", "frameworks/index.html"),)
        yield Page(f"frameworks/{view.framework.id}.html", "framework.html", {"view": view, "criteria": criteria}, path)
    yield Page("frameworks/index.html", "frameworks.html", {"views": views})


def country_pages(country: CountryView, frameworks: Sequence[Framework], criteria: Mapping[str, Criterion]) -> Iterator[Page]:
    """The country, its entities, its goals, and who stands where in its indexes and ladders."""
    folder, named = country.folder, {framework.id: framework for framework in frameworks}
    goals = [framework for framework in frameworks if any(card.item.framework == framework.id for card in country.cards)]
    path = (("text", "nav.countries", "index.html"),)
    below = (*path, ("country", country.code, f"{folder}/index.html"))
    yield Page(f"{folder}/index.html", "country.html", {"country": country, "frameworks": goals, "criteria": criteria}, path)
    for name, told in _paged("entities", _entity_lines(country)):
        yield Page(f"{folder}/{name}", "entities.html", {"country": country, **told}, below)
    for card in country.cards:
        told_always = {"country": country, "card": card, "framework": named[card.item.framework], "criteria": criteria}
        for name, told in _paged(card.slug, _goal_lines(country, card)):
            yield Page(f"{folder}/{name}", "goal.html", {**told_always, **told}, below)
    for standing in country.standings:
        for name, told in _paged(standing.page, standing.entities):
            yield Page(f"{folder}/{name}", "standing.html", {"country": country, "standing": standing, **told}, below)


def entity_pages(entity: EntityView, country: CountryView, criteria: Mapping[str, Criterion]) -> Iterator[Page]:
    """The entity, and its proofs group by group."""
    folder = f"entities/{entity.visit.entity}"
    path = (("text", "nav.countries", "index.html"), ("country", country.code, f"{country.folder}/index.html"))
    yield Page(f"{folder}/index.html", "entity.html", {"entity": entity, "criteria": criteria}, path)
    below = (*path, ("name", entity.visit.name, f"{folder}/index.html"))
    for line, found in entity.arithmetic:
        told: dict[str, Any] = {"entity": entity, "line": line, "found": found, "criteria": criteria}
        yield Page(f"{folder}/{line.page}", "against.html", told, below)
    for group in entity.groups:
        for number, name in enumerate(group.pages, 1):
            told = {
                "entity": entity,
                "criteria": criteria,
                "group": group.id,
                "blocks": [block for block in group.blocks if block.page == name],
                "pages": group.pages,
                "number": number,
                "shown": PROOFS_SHOWN,
            }
            yield Page(f"{folder}/{name}", "proof.html", told, below)


def _paged(stem: str, lines: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    names = page_names(stem, len(lines), ROWS_PER_PAGE)
    for number, name in enumerate(names, 1):
        part = lines[(number - 1) * ROWS_PER_PAGE : number * ROWS_PER_PAGE]
        yield name, {"lines": part, "total": len(lines), "pages": names, "number": number}


def _entity_lines(country: CountryView) -> list[Line]:
    return [Line(visit, EntityScore(), "", _counts(country.scores.get(visit.entity, ()))) for visit in country.visits]


def _counts(scores: Iterable[ItemScore]) -> dict[str, int]:
    counts = {"complies": 0, "not": 0, "open": 0}
    for entry in scores:
        found = outcome(entry.score)
        if found != "inapplicable":
            counts[found if found in counts else "open"] += 1
    return counts


def _goal_lines(country: CountryView, card: Card) -> list[Line]:
    """The entities that have a score in an item: those that comply first, the others after them, by name."""
    lines = []
    for visit in country.visits:
        for entry in country.scores.get(visit.entity, ()):
            if (entry.item.framework, entry.item.code) == (card.item.framework, card.item.code):
                lines.append(Line(visit, entry.score, outcome(entry.score), {}))
    return sorted(lines, key=lambda line: (ORDER.index(line.outcome), line.visit.name))
