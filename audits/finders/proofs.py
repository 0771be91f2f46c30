"""Proofs that a place really holds a thing: what stands there, counted."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from audits.dates import find_dates, find_days
from audits.finders.files import FORMS, IMAGE_ONLY, OPEN, Proof, Wanted, document_proof, file_name, form_of, is_readable, opening
from audits.finders.media_proofs import data, video
from audits.finders.substance import all_lead_nowhere, passage_with_channel, running, substance, tells_of_one, without_law
from audits.site import Scope, Site
from audits.text import normal, shorten
from crawler.capture import Link, Page

_AMOUNT = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{1,2})?(?![\w/-])|(?<![\w.,])\d+[.,]\d{2}(?![\w%/,.-])")
_NORM_NUMBER = re.compile(r"\b(?:n(?:o|ro|um|r)?\s)?\d{1,6}(?:\s\d{2,4})?\b")
_NAME = re.compile(r"[A-ZÀ-Þ][\wà-ÿ'’.-]+(?:\s+(?:[a-zà-ÿ]{1,3}\s+){0,2}[A-ZÀ-Þ][\wà-ÿ'’.-]+){1,5}")
_NAMELESS = frozenset({"dated", "amounts", "image", "document"})
"""Proofs that say nothing of what they are about: they count only where the place itself bears the name."""
_TERM = re.compile(r"\b(?:19|20)\d\d\W{1,3}(?:[^\W\d]{1,4}\W)?(?:19|20)\d\d\b")
_FIRST_LINES, _OPENING = 12, 5
_FEW_PLACES, _OWN_PAGE = 2, 40
_FEW_PICTURES, _BIG_PICTURE = 2, 20_000
_NEAR = 400


def prove(scope: Scope, wanted: Wanted, site: Site, *, named: bool) -> Proof | None:
    """The strongest proof that a part of a page holds the thing, None where it holds none.

    `named` says that the part itself bears the thing's name; where only a link did so, its content must speak of the thing too.
    """
    text = site.text_of(scope)
    if site.sign("placeholder").find(normal(text)):
        return None
    if not named and not _confirms(text, scope, wanted.id, site):
        return None
    named = named or wanted.id in site.subjects(scope.page) or _opens_with(wanted.id, scope, site)
    scope = substance(scope, site, instances=wanted.instances or wanted.calls)
    scope = scope if "norms" in wanted.holds else without_law(scope, site)
    for kind in wanted.holds if named else [kind for kind in wanted.holds if kind not in _NAMELESS]:
        proof = _PROOFS[kind](scope, wanted, site)
        if proof is not None:
            return proof
    return None


def _opens_with(thing: str, scope: Scope, site: Site) -> bool:
    """Whether one of the first short lines names the thing: headings that are not marked up as such."""
    return any(thing in site.names(line) for line in scope.lines[:_OPENING] if len(line) < 80)


def _confirms(text: str, scope: Scope, thing: str, site: Site) -> bool:
    if thing in site.subjects(scope.page) or thing in site.lexicon.mentions(text[:20_000]):
        return True
    return len(site.lexicon.inside(thing, text[:20_000])) >= 2 or any(thing in site.names(link.text) for link in scope.links)


# Files ---


def _document(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    files = [link for link in scope.links if link.kind != "image" and (page := site.target(link)) and page.document]
    found = [document_proof(scope.page, link, wanted, site, named=True) for link in files]
    proofs = [proof for proof in found if proof is not None]
    if len(proofs) < wanted.enough("document"):
        return None
    best = min(proofs, key=lambda p: FORMS.index(p.form))
    best.dated = [text for proof in proofs for text in proof.dated] + list(scope.lines)
    return best


def _image(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    """A picture that bears the name, or the one big picture of a place that bears it."""
    pictures = sum(link.kind == "image" for link in scope.links)
    for link in scope.links:
        if link.kind not in ("image", "a"):
            continue
        page = site.target(link)
        if page is not None and page.document is not None and page.document.kind == "image" and is_readable(page):
            named = wanted.id in site.names(link.text) or wanted.id in site.lexicon.names_of_url(link.url)
            heading = scope.facts.sections[link.section].heading if link.section < len(scope.facts.sections) else ""
            if named or (pictures <= _FEW_PICTURES and page.size > _BIG_PICTURE and _is_chart(scope, heading, wanted, site)):
                dated = [link.text, file_name(page), *scope.lines]
                announced = (scope.page, shorten(link.text or heading or scope.facts.title, 200))
                return Proof("image", page, "", IMAGE_ONLY, dated, announced)
    return None


def _is_chart(scope: Scope, heading: str, wanted: Wanted, site: Site) -> bool:
    """Whether a place that bears the name says that it shows a drawing; "areas" above a photograph does not."""
    words = " ".join([heading, scope.facts.title, scope.page.url, *scope.lines[:_OPENING]])
    return bool(site.sign("charts").keys(words)) or wanted.id in site.called(scope.page)


# Text ---


def _lines_proof(kind: str, scope: Scope, lines: Iterable[str]) -> Proof:
    quote = next((line for line in lines if line), scope.facts.title)
    return Proof(kind, scope.page, shorten(quote, 200), OPEN, list(scope.lines))


def amounts_in(lines: Iterable[str]) -> int:
    """How many lines hold a sum of money."""
    return sum(_AMOUNT.search(line) is not None for line in lines)


def _amounts(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    rows = [line for line in scope.lines if _AMOUNT.search(line)]
    return _lines_proof("amounts", scope, rows) if len(rows) >= wanted.enough("amounts") else None


def _table(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    rows = sum(scope.facts.sections[i].rows for i in scope.sections)
    if scope.part < 1:
        rows = int(rows * scope.part)
    if rows < wanted.enough("table") or len(scope.lines) < rows or _is_dead(scope, wanted, site):
        return None
    about = [line for line in scope.lines if site.lexicon.inside(wanted.id, line)]
    return _lines_proof("table", scope, about) if about else None


def _is_dead(scope: Scope, wanted: Wanted, site: Site) -> bool:
    """Whether rows only announce: all that they link to is missing, and they hold no sums of money either."""
    return not wanted.bare and all_lead_nowhere(scope, site) and amounts_in(scope.lines) < wanted.enough("amounts")


def _list(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    """Enough short lines, half of which bear words of the thing."""
    short = list(dict.fromkeys(line for line in scope.lines if 0 < len(line.split()) <= 14))
    about = [line for line in short if site.lexicon.inside(wanted.id, line)]
    enough = wanted.enough("list")
    if len(short) < enough or 2 * len(about) < enough or _is_dead(scope, wanted, site):
        return None
    return _lines_proof("list", scope, about)


def _text(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    scope = running(scope)
    text = site.text_of(scope)
    if len(text.split()) < wanted.enough("text") or (wanted.instances and not tells_of_one(scope, site)):
        return None
    part = passage_with_channel(scope, wanted, site) if wanted.channel else scope
    if part is None:
        return None
    scope, text = part, site.text_of(part)
    found = site.lexicon.inside(wanted.id, text)
    if len(found) < wanted.enough("inside"):
        return None
    richest = max(scope.lines, key=lambda line: (len(site.lexicon.inside(wanted.id, line)), len(line)))
    return _lines_proof("text", scope, [richest])


def _days(text: str, wanted: Wanted, site: Site) -> set[tuple[int, ...]]:
    """The days that a text names near its beginning. News often leave out the year, and streets are called after days too."""
    exact = (found.day for found in find_dates(text[:_NEAR]) if found.precision == "day")
    days: set[tuple[int, ...]] = {(day.year, day.month, day.day) for day in exact}
    if not days and wanted.items:
        days = set(find_days(text[:_NEAR]))
        if days and site.sign("address").find(normal(text[:_NEAR])):
            return set()
    return days


def _dated(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    here = [*scope.lines, *(link.text for link in scope.links), *(link.context for link in scope.links)]
    behind: list[tuple[Link, Page, str]] = []
    for link in scope.links:
        # A list of titles is dated by the items it leads to.
        page = site.target(link) if link.kind == "a" and site.is_own(link.url) else None
        if page is not None and page.facts is not None and page.problem is None:
            behind += [(link, page, line) for line in site.top(page).lines[:_FIRST_LINES]]
    texts = [*here, *(line for _, _, line in behind)]
    days = {day for text in texts for day in _days(text, wanted, site)}
    # On a page of its own one day without a year is enough; beside other things it may be the day of anything.
    sure = any(len(day) == 3 for day in days) or len(days) > 1 or wanted.id in site.subjects(scope.page)
    if len(days) < wanted.enough("dated") or not sure or ((len(days) < 2 or not wanted.items) and _is_dead(scope, wanted, site)):
        return None
    proof = _lines_proof("dated", scope, [text for text in here if _days(text, wanted, site)])
    item = next(((link, page, line) for link, page, line in behind if _days(line, wanted, site)), None)
    if item and not any(_days(text, wanted, site) for text in here):
        link, page, line = item
        proof = Proof("dated", page, shorten(line, 200), announced=(scope.page, shorten(link.text, 200)))
    proof.dated = texts
    return proof


def _norms(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    kinds = site.sign("norm_kinds")
    texts = [*scope.lines, *(link.text for link in scope.links)]
    numbered = [line for line in texts if len(line) < 400 and _has_norm(normal(line), kinds.find)]
    if len(set(map(normal, numbered))) < wanted.enough("norms"):
        return None
    files = [link for link in scope.links if is_readable(site.target(link))]
    long_text = sum(len(line.split()) for line in scope.lines) >= 400
    if not files and not long_text:
        return None
    page = site.target(files[0]) if files else scope.page
    proof = _lines_proof("norms", scope, numbered)
    if page is not None and page.document is not None:
        proof.page, proof.form = page, form_of(page.document)
        proof.announced = (scope.page, shorten(files[0].text or proof.quote, 200))
        proof.quote = shorten(opening(page.document), 200)
    proof.dated = texts
    return proof


def _has_norm(text: str, kinds: Callable[[str], list]) -> bool:  # type: ignore[type-arg]
    return any(_NORM_NUMBER.match(text, hit.end + 1) for hit in kinds(text))


def _people(scope: Scope, wanted: Wanted, site: Site) -> Proof | None:
    offices = site.sign("offices")
    titles = site.sign("person_titles")
    names: dict[str, str] = {}
    lines = scope.lines
    for i, line in enumerate(lines):
        if len(line) > 250 or not (offices.keys(line) or titles.keys(line)):
            continue
        for at in range(max(0, i - 1), min(len(lines), i + 2)):
            name = _person(lines[at], site)
            if name:
                names.setdefault(normal(name), line if at == i else f"{lines[min(at, i)]}\n{lines[max(at, i)]}")
    if len(names) < wanted.enough("people") and not (names and wanted.head and _is_heads_own(scope, lines, wanted, site)):
        return None
    # Lines of the template may stand between two lines of the page: then only the second is quoted.
    page = "\n".join(scope.facts.sections[i].text for i in scope.sections)
    return _lines_proof("people", scope, [words if words in page else words.split("\n")[-1] for words in names.values()])


def _is_heads_own(scope: Scope, lines: tuple[str, ...], wanted: Wanted, site: Site) -> bool:
    """Whether a page is the own one of the head of the body, with a term of office, beside places that name the others."""
    places = {spot.link.text for spot in site.spots.get(wanted.id, ()) if spot.link is not None and spot.link.text}
    return len(places) >= _FEW_PLACES and len(lines) <= _OWN_PAGE and any(_TERM.search(line) for line in lines)


@lru_cache(maxsize=20_000)
def _name_candidates(line: str) -> tuple[str, ...]:
    return tuple(_NAME.findall(line)) if len(line) <= 250 else ()


def _person(line: str, site: Site) -> str:
    """The first run of capitalised words of a line that names no office, unit or thing."""
    offices = site.sign("offices")
    titles = site.sign("person_titles")
    units = site.sign("units")
    for candidate in _name_candidates(line):
        rest = candidate
        text = normal(rest)
        hits = titles.find(text)
        if hits:
            text = text[max(hit.end for hit in hits) :].strip()
        if 2 <= len(text.split()) <= 6 and not any(c.isdigit() for c in text):
            if offices.find(text) or units.find(text) or site.names(text):
                continue
            return text
    return ""


_PROOFS: dict[str, Callable[[Scope, Wanted, Site], Proof | None]] = {
    "document": _document,
    "image": _image,
    "amounts": _amounts,
    "table": _table,
    "list": _list,
    "text": _text,
    "dated": _dated,
    "norms": _norms,
    "people": _people,
    "data": data,
    "video": video,
}
PROOFS = frozenset(_PROOFS)
