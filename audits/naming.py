"""Which place of a site names which thing: titles, headings, lines that stand as headings, and links.

A link whose own words say nothing ("download", "2024", "more") is called what stands beside it: the row or card around it, or the
entry of the menu under which it stands.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from audits.addresses import key_of
from audits.text import normal, words_of_url
from crawler.capture import Link, Page, PageFacts, Place

if TYPE_CHECKING:
    from audits.site import Site

_LABEL = 200
_NEAR_START = 20
_LINE_SHARE, _LINE_WORDS = 0.75, 8
_WAYS = frozenset({"a", "area", "onclick", "iframe", "frame"})
_DATED_PATH = re.compile(r"/(?:19|20)\d\d/\d{1,2}/(?:\d{1,2}/)?[^/]+/?$")
_ARTICLES = frozenset({"NewsArticle", "BlogPosting"})
"""Types of schema.org."""
_QUERIES = frozenset({"s", "q", "search", "searchword", "query"})
"""Parameters by which content systems search: what such a page lists is an answer, not a place."""


class Spot(NamedTuple):
    """A place that names a thing: `by` is title, heading, line, link or file. `share` is how much of the words the name makes up.

    `line` is the number of the line in its section that stands as a heading.
    """

    page: Page
    by: str
    section: int
    link: Link | None
    share: float
    line: int = -1


class Scope(NamedTuple):
    """A part of a page in which a proof is looked for; `part` is the share of the lines of its sections that it holds."""

    page: Page
    facts: PageFacts
    sections: tuple[int, ...]
    lines: tuple[str, ...]
    links: tuple[Link, ...]
    part: float = 1.0


def subjects(page: Page, site: "Site") -> dict[str, float]:
    """Things that a page is about: by its title (where that is its own), its first headings, and its address."""
    facts = page.facts
    if facts is None or page is site.pages[0] or site.is_answer(page):
        return {}
    found: dict[str, float] = {}
    labels = [facts.title] if facts.title != site.home_title else []
    headings = [s for s in facts.sections if s.heading and s.place is Place.MAIN and not site.is_template_line(s.heading)]
    for level in (1, 2, 3):
        top = [s.heading for s in headings if s.level == level]
        if len(top) == 1:
            labels += top
        if top:
            break
    for label in labels:
        for thing, share in site.names(label[:_LABEL]).items():
            found[thing] = max(found.get(thing, 0.0), share)
    for thing, share in site.lexicon.names_of_url(page.url).items():
        found[thing] = max(found.get(thing, 0.0), share * 0.9)
    return found


def is_answer(page: Page, site: "Site") -> bool:
    """Whether a page is the answer to a search: by its address, or because it says so in its title or first headings."""
    if any(key.lower() in _QUERIES and value for key, value in parse_qsl(urlsplit(page.url).query)):
        return True
    if page.facts is None or page is site.pages[0]:
        return False
    top = [s.heading for s in page.facts.sections if s.level in (1, 2) and s.place is Place.MAIN][:1]
    sign = site.sign("search_results")
    return any(hit.start <= _NEAR_START for label in (page.facts.title, *top) for hit in sign.find(normal(label[:_LABEL])))


def is_news_item(page: Page, site: "Site") -> bool:
    """Whether a page is one piece of news or lists those that share a tag or an author: not the place of what it speaks of."""
    facts = page.facts
    if facts is None or page is site.pages[0]:
        return False
    if not _ARTICLES.isdisjoint(facts.structured) or _DATED_PATH.search(urlsplit(page.url).path):
        return True
    if any(site.sign("archives").whole(normal(part)) for part in words_of_url(page.url)[:-1]):
        return True
    folder, _, last = urlsplit(page.url).path.strip("/").rpartition("/")
    news = site.news_things
    in_folder = bool(folder) and bool(last) and not news.isdisjoint(site.lexicon.names_of_url(f"http://x/{folder}"))
    return in_folder and news.isdisjoint(site.names(facts.title[:_LABEL]))


def spots(site: "Site") -> dict[str, list[Spot]]:
    """Every place that names a thing, by thing, in page order; a target is listed once."""
    table: dict[str, list[Spot]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for page in site.pages:
        for thing, spot in _spots_of(page, site):
            mark = (thing, _mark_of(spot))
            if mark not in seen:
                seen.add(mark)
                table[thing].append(spot)
    return dict(table)


def _mark_of(spot: Spot) -> str:
    if spot.link is None:
        return f"{spot.page.url} {spot.section} {spot.line}"
    return spot.link.url or f"# {spot.link.text}"


def _spots_of(page: Page, site: "Site") -> Iterator[tuple[str, Spot]]:
    facts = page.facts or PageFacts()
    if not site.is_stub(page) and not site.is_answer(page):
        for thing, share in site.subjects(page).items():
            yield thing, Spot(page, "title", -1, None, share)
        for i, section in enumerate(facts.sections):
            if section.heading and section.place is not Place.NAV:
                for thing, share in site.names(section.heading[:_LABEL]).items():
                    yield thing, Spot(page, "heading", i, None, share)
        yield from _lines(page, facts, site)
    for link, names in called(page, site):
        for thing, share in names.items():
            yield thing, Spot(page, "file" if link.kind == "image" else "link", link.section, link, share)


def _lines(page: Page, facts: PageFacts, site: "Site") -> Iterator[tuple[str, Spot]]:
    """Short lines of running content that name a thing, as a heading does, where authors use no heading for it."""
    for i, section in enumerate(facts.sections):
        if section.place not in (Place.MAIN, Place.ASIDE) or "\n" not in section.text:
            continue
        links = None
        lines = site.own_lines(page, i)
        for at, line in enumerate(lines[:-1]):
            if line.count(" ") >= _LINE_WORDS or line == section.heading or line.endswith((",", ";")):
                continue
            names = site.names(line)
            if not names:
                continue
            if links is None:
                links = {normal(link.text) for link in facts.links if link.section == i and link.kind != "image"}
            if normal(line) not in links:
                for thing, share in names.items():
                    if share >= _LINE_SHARE:
                        yield thing, Spot(page, "line", i, None, share, at)


def called(page: Page, site: "Site") -> Iterator[tuple[Link, Mapping[str, float]]]:
    """The links of a page with the things that they are called, by their own words or those beside them."""
    parents: dict[int, Mapping[str, float]] = {}
    for link in page.facts.links if page.facts else ():
        names = site.names(link.text) if link.text else {}
        says_something = bool(names) or site.has_subject(link.text)
        if link.kind in _WAYS and not says_something:
            names = site.names(link.context) if link.context else {}
            if not names and link.place is Place.NAV and link.text:
                names = parents.get(link.section, {})
        if link.place is Place.NAV and says_something:
            parents[link.section] = names
        if link.url and link.kind != "alternate" and (not names or link.kind == "image"):
            target = site.target(link)
            if target is not None and target.document is not None:
                names = {**names, **site.lexicon.names_of_url(link.url)}
        if names:
            yield link, names


def lines_of(links: Iterable[Link], lines: Sequence[str], site: "Site") -> list[tuple[Link, frozenset[int]]]:
    """Links with the places of the lines in which they stand; one that says nothing ("see") stands where its row does."""
    where: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        where.setdefault(normal(line), []).append(at)
    where.pop("", None)
    placed = []
    for link in links:
        row = normal(link.context)
        if row and not site.has_subject(link.text):
            starts = (row[:at] for at, letter in enumerate(row) if letter == " ")
            named = [row, *(start for start in starts if start in where and site.has_subject(start))]
        else:
            named = [normal(link.text), row]
        placed.append((link, frozenset(at for name in named for at in where.get(name, ()))))
    return placed


def names_from_outside(site: "Site") -> dict[str, frozenset[str]]:
    """What the links of the site call each page: the things that all links to it name, none where they disagree (hubs)."""
    found: dict[str, frozenset[str]] = {}
    for page in site.pages:
        for link, names in called(page, site):
            if link.url and link.kind in _WAYS and not page.delegated:
                key = key_of(link.url)
                found[key] = found[key] & frozenset(names) if key in found else frozenset(names)
    return found
