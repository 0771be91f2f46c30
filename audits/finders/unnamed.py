"""Proofs without a name: what a text says of itself, what a file holds under its own headings, the shape of a list of news."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from audits.dates import find_dates
from audits.documents.encodings import MAX_TEXT
from audits.finders.files import OPEN, Proof, Wanted, file_name, form_of, is_readable, labels_of, opening
from audits.finders.proofs import amounts_in
from audits.finders.substance import has_clock, without_law
from audits.once import once_per_site
from audits.site import Site
from audits.text import normal, shorten, words_of_url
from crawler.capture import Link, Page, Place

_PROSE = frozenset({"pdf", "word"})
_TABLES = frozenset({"pdf", "word", "sheet", "csv"})
_LEAD, _QUOTE = 60, 200
_TOP, _INSIDE = 8000, 2
_TELLING = 3
_UNIT, _CALL = 60, 1200
_DAY_LINE, _FEW_ITEMS = 40, 2
_NUMBER = re.compile(r"(?:n(?:o|ro|um|r)?\s)?\d")
_HEADING_WORDS, _HEADING_SHARE, _BELOW = 9, 0.75, 60


def unnamed_proofs(wanted: Wanted, site: Site) -> list[Proof]:
    """Proofs of a thing on places that do not bear its name."""
    found = [*_says(wanted, site), *_in_files(wanted, site), *_in_folder(wanted, site), *_one_of_it(wanted, site)]
    if wanted.sessions:
        found += _sessions(wanted, site)
    return [*found, *_items(wanted, site)] if wanted.items else found


# What a text says of itself ---


@once_per_site
def _sayings(site: Site) -> dict[str, list[tuple[Page, str, set[str]]]]:
    """Own pages and files that bear words which only the thing itself uses, by thing, with those words."""
    table: dict[str, list[tuple[Page, str, set[str]]]] = {}
    for page, text in _texts(site):
        found: dict[str, set[str]] = {}
        for hit in site.lexicon.says(text):
            thing, _, saying = hit.partition(" ")
            found.setdefault(thing, set()).add(saying)
        for thing, sayings in found.items():
            table.setdefault(thing, []).append((page, text, sayings))
    return table


def _texts(site: Site) -> Iterator[tuple[Page, str]]:
    for page in site.pages:
        if not page.delegated and not site.is_stub(page) and not site.is_answer(page):
            yield page, "\n".join(without_law(site.body(page), site).lines)
    for page in site.capture.pages:
        if page.document is not None and page.document.kind in _PROSE and is_readable(page) and site.is_own(page.url):
            yield page, page.document.text


def _says(wanted: Wanted, site: Site) -> Iterator[Proof]:
    for page, text, words in _sayings(site).get(wanted.id, ()) if wanted.says else ():
        if len(words) < wanted.says or not _may_say(page, wanted, site) or site.sign("placeholder").keys(text):
            continue
        line, around = _line_that(text, words)
        # One saying is weak: what stands beside it must speak of the thing too.
        if len(site.lexicon.inside(wanted.id, around if wanted.says == 1 and page.document is None else text[:_TOP])) < _INSIDE:
            continue
        form = form_of(page.document) if page.document is not None else OPEN
        kind = "document" if page.document is not None and "document" in wanted.holds else "text"
        if kind in wanted.holds:
            yield Proof(kind, page, _around(line, words), form, text.split("\n")[:40])


def _may_say(page: Page, wanted: Wanted, site: Site) -> bool:
    """Whether words of a page or file may prove a thing that it does not name: it is no news, and no file of something else."""
    if page.document is None:
        return wanted.calls or not site.is_news_item(page)
    names = {*site.lexicon.names_of_url(page.url), *site.names(page.document.title[:_QUOTE]), *site.called(page)}
    return wanted.says_in_files and (not names or wanted.id in names)


def _line_that(text: str, words: set[str]) -> tuple[str, str]:
    """The line that bears most of the words, and that line with those around it."""
    lines = text.split("\n")
    best = max(range(len(lines)), key=lambda at: sum(word in normal(lines[at]) for word in words))
    return lines[best], "\n".join(lines[max(0, best - 1) : best + 4])


def _around(line: str, words: set[str]) -> str:
    """The part of a line in which the words stand, begun at a word."""
    folded = line.lower()
    starts = [at for word in words if (at := folded.find(word.split(" ", 1)[0])) >= 0]
    start = max(0, min(starts, default=0) - _LEAD) if len(line) > _QUOTE else 0
    start = line.find(" ", start) + 1 if start else 0
    return shorten(line[start:], _QUOTE)


# What a file holds under a heading of its own ---


@once_per_site
def _chapters(site: Site) -> dict[str, list[tuple[Page, int]]]:
    """Lines of own files that name a thing as headings do, by thing."""
    table: dict[str, list[tuple[Page, int]]] = {}
    for page in site.capture.pages:
        document = page.document
        if document is None or document.kind not in _TABLES or not is_readable(page) or page.delegated:
            continue
        for at, line in enumerate(document.text.split("\n")):
            if 3 < len(line) < 90 and line.count(" ") < _HEADING_WORDS:
                for thing, share in site.names(line).items():
                    if share >= _HEADING_SHARE:
                        table.setdefault(thing, []).append((page, at))
    return table


def _in_files(wanted: Wanted, site: Site) -> Iterator[Proof]:
    for page, at in _chapters(site).get(wanted.id, ()) if wanted.in_files else ():
        assert page.document is not None
        lines = page.document.text.split("\n")
        below = lines[at : at + _BELOW]
        inside = site.lexicon.inside(wanted.id, "\n".join(below))
        if amounts_in(below) >= max(4, wanted.enough("amounts")) and len(inside) >= 3:
            yield Proof(
                "amounts", page, shorten(lines[at], _QUOTE), form_of(page.document), [page.url.rsplit("/", 1)[-1], *lines[:20]]
            )


@once_per_site
def cut_gazette(site: Site) -> Page | None:
    """A gazette of the entity of which only the first part was read: what it publishes further on nobody saw."""
    gazettes = site.sign("gazettes")
    for page in site.capture.pages:
        document = page.document
        if document is None or not is_readable(page) or not (page.truncated or len(document.text) >= MAX_TEXT):
            continue
        names = f"{file_name(page)} {document.title} {document.text[:_QUOTE]}"
        if not page.delegated and gazettes.keys(" ".join([names, *words_of_url(page.url)])):
            return page
    return None


# What a file calls itself ---


@once_per_site
def _so_called(site: Site) -> dict[str, list[tuple[Page, str, str]]]:
    """Own files that call themselves one of a thing, by thing: the file, the words, and what follows the name."""
    table: dict[str, list[tuple[Page, str, str]]] = {}
    for page in site.capture.pages:
        if page.document is None or page.document.kind not in _PROSE or not is_readable(page) or page.delegated:
            continue
        if not site.is_own(page.url):
            continue
        for label in labels_of(page):
            for thing, rest in site.lexicon.is_one_of(label).items():
                table.setdefault(thing, []).append((page, label, rest))
    return table


def _one_of_it(wanted: Wanted, site: Site) -> Iterator[Proof]:
    for page, label, rest in _so_called(site).get(wanted.id, ()) if wanted.files else ():
        assert page.document is not None
        # Laws of the State stand on every portal: a numbered rule is the body's own where it names the body.
        if wanted.numbered and not (_NUMBER.match(rest) and _names_body(page.document.text[:_TOP], site)):
            continue
        first = opening(page.document) or page.document.title
        yield Proof("document", page, shorten(first, _QUOTE), form_of(page.document), [label, page.document.text[:4000]])


def _names_body(text: str, site: Site) -> bool:
    """Whether a text bears a telling word of the body's own name."""
    own = {word for word in normal(site.capture.entity.name).split() if len(word) > _TELLING and site.has_subject(word)}
    return not own.isdisjoint(normal(text).split())


# An invitation to a session ---


def _sessions(wanted: Wanted, site: Site) -> Iterator[Proof]:
    """A part of a page whose heading calls to a session and whose text tells its day and hour."""
    session, calling = site.sign("session"), site.sign("calling")
    for page in site.pages:
        if page.delegated or page.facts is None or site.is_answer(page) or site.is_stub(page):
            continue
        for i, section in enumerate(page.facts.sections):
            text = section.text[:_CALL]
            if section.place is not Place.MAIN or not section.heading or not session.keys(section.heading):
                continue
            told = any(found.precision == "day" for found in find_dates(text)) and has_clock(text)
            about = told and calling.keys(text) and len(site.lexicon.inside(wanted.id, text)) > _INSIDE
            if about and site.own_lines(page, i):
                yield Proof("dated", page, shorten(section.heading, _QUOTE), dated=text.split("\n"))


# Pages in one folder ---


def _in_folder(wanted: Wanted, site: Site) -> Iterator[Proof]:
    """Links to several pages in a folder that bears the name: a menu of the departments is the structure that they make."""
    if not wanted.folder:
        return
    for page in site.pages:
        units: dict[str, Link] = {}
        for link in page.facts.links if page.facts and not page.delegated else ():
            folder = urlsplit(link.url).path.rstrip("/").rpartition("/")[0]
            if link.kind == "a" and 2 < len(link.text) < _UNIT and folder and site.is_own(link.url) and not site.names(link.text):
                name = site.lexicon.names_of_url(f"http://x/{folder.rpartition('/')[2]}")
                if name.get(wanted.id) == 1 and site.has_subject(link.text):
                    units.setdefault(link.url, link)
        seen = sum(site.state_of(link) == "read" for link in units.values())
        if len(units) >= wanted.folder and 2 * seen >= wanted.folder:
            first = next(iter(units.values()))
            yield Proof("list", page, shorten(first.text, _QUOTE), dated=[link.text for link in units.values()])
            return


# The shape of a list of news ---


def _items(wanted: Wanted, site: Site) -> Iterator[Proof]:
    """A part of a page with days of its own and links that lead on from each, on a page that is about nothing else."""
    more = site.sign("read_more")
    for page in site.pages:
        if page.delegated or page.facts is None or site.subjects(page) or site.is_answer(page):
            continue
        body = site.body(page)
        onward = {link.url for link in body.links if link.place is Place.MAIN and link.url and more.keys(link.text)}
        dated = [line for line in body.lines if len(line) < 160 and any(d.precision == "day" for d in find_dates(line))]
        if len(onward) >= wanted.items and len(set(dated)) >= wanted.items:
            yield Proof("dated", page, shorten(dated[0], _QUOTE), dated=dated)
        elif page is site.pages[0] and len(days := _headed_days(page, site)) >= _FEW_ITEMS:
            yield Proof("dated", page, shorten(days[0], _QUOTE), dated=days)


def _headed_days(page: Page, site: Site) -> list[str]:
    """Days gone by that stand alone in the line below the heading of an item, with more of it below."""
    found: dict[str, str] = {}
    for i, section in enumerate(page.facts.sections if page.facts else ()):
        lines = site.own_lines(page, i)
        if section.place is Place.MAIN and section.heading and len(lines) > _FEW_ITEMS and len(lines[1]) < _DAY_LINE:
            days = [one.day for one in find_dates(lines[1]) if one.precision == "day"]
            if days and max(days) <= site.today:
                found.setdefault(section.heading, lines[1])
    return list(found.values())
