"""What a part of a page says itself, without the sentences that only introduce it or say what such a thing is in general.

"This section shows the tenders" shows none; "a hearing is a meeting at which" holds none.
"""

import re
from weakref import WeakKeyDictionary

from audits.dates import find_dates
from audits.finders.files import Wanted
from audits.site import Scope, Site
from audits.text import normal
from crawler.capture import Link, Place

_SENTENCES = re.compile(r"(?<=[.!?:;])\s+")
_CLOCK = re.compile(r"\b\d{1,2}\s?(?:[:.]\d\d|hs?\b|hrs?\b|hor\w+|[ap]\.?\s?m\b)", re.I)
_NUMBERED = re.compile(r"\b(?:n(?:o|ro|um|r)?\s)?\d{1,4}\b")
_LETTER = re.compile(r"(?:[a-zA-Z]|[ivxIVX]{1,5})\s?\)\s|[ivxIVX]{2,5}\s?[.\-]\s")
_ORDER = re.compile(r"(?:no?\s)?(?:\d{1,3}|[a-z]|[ivxl]{1,5})\b")
_LONG = 2000
_MARK, _ITEM_WORDS, _ROW_WORDS = 40, 60, 25
_SHORT, _BEFORE, _AFTER = 250, 2, 8
_WAYS = frozenset({"a", "area", "onclick", "iframe", "frame", "embed"})
_NO_WAY = ("mailto:", "tel:", "sms:", "whatsapp:")
_known: WeakKeyDictionary[Site, dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]] = WeakKeyDictionary()


def substance(scope: Scope, site: Site, *, instances: bool = False) -> Scope:
    """A part of a page without sentences that introduce; with `instances` also without those that define."""
    names = ("introducing", "defining") if instances else ("introducing",)
    key = (scope.lines, names)
    lines = _known.setdefault(site, {}).get(key)
    if lines is None:
        signs = [sign for name in names if (sign := site.sign(name)).find(normal(site.text_of(scope)))]
        kept = (part for line in scope.lines for part in _telling(line, signs))
        lines = _known[site][key] = tuple(kept) if signs else scope.lines
    return scope if lines is scope.lines else scope._replace(lines=lines)


def _telling(line: str, signs: list) -> list[str]:  # type: ignore[type-arg]
    """The runs of sentences of a line that tell something; each stands in the line as it is."""
    if not any(sign.find(normal(line)) for sign in signs):
        return [line]
    runs: list[str] = []
    start = 0
    ends = [match.start() for match in _SENTENCES.finditer(line)] + [len(line)]
    begun = 0
    for end in ends:
        sentence = line[begun:end]
        if any(sign.find(normal(sentence)) for sign in signs):
            runs.append(line[start:begun].strip())
            start = end
        begun = end
    return [run for run in [*runs, line[start:].strip()] if run]


def tells_of_one(scope: Scope, site: Site) -> bool:
    """Whether a text speaks of one that was or will be held, not of such things at large: a day, an hour, a number of its own."""
    sessions = site.sign("session")
    for line in scope.lines:
        if any(found.precision != "year" for found in find_dates(line[:_LONG])) or _CLOCK.search(line):
            return True
        text = normal(line[:_LONG])
        if any(_NUMBERED.match(text, hit.end + 1) for hit in sessions.find(text)):
            return True
    return False


def has_clock(text: str) -> bool:
    """Whether a text names an hour of the day."""
    return _CLOCK.search(text) is not None


def without_law(scope: Scope, site: Site) -> Scope:
    """A part of a page without the lines that are the words of the law on what must be published: they announce.

    Such a line opens with the letter or number of an article and names a thing ("O) The officer who answers requests").
    """
    marks = site.sign("law_items")
    kept = []
    for line in scope.lines:
        head = normal(line[:_MARK])
        worded = any(hit.start == 0 and _ORDER.match(head, hit.end + 1) for hit in marks.find(head))
        marked = worded or _LETTER.match(line) is not None
        if not (marked and line.count(" ") < _ITEM_WORDS and site.lexicon.mentions(line)):
            kept.append(line)
    return scope if len(kept) == len(scope.lines) else scope._replace(lines=tuple(kept))


def all_lead_nowhere(scope: Scope, site: Site) -> bool:
    """Whether a part of a page has links of its own and every one of them leads nowhere or to what is missing."""
    links = [link for link in scope.links if link.kind in _WAYS and not link.url.startswith(_NO_WAY) and _is_way(link)]
    return bool(links) and all(site.state_of(link) in ("nowhere", "gone") for link in links)


def _is_way(link: Link) -> bool:
    return bool(link.text or link.url)


def running(scope: Scope) -> Scope:
    """A part of a page without the lines that are nothing but the words of a link, or of its row: an index is no text."""
    labels = {normal(link.text) for link in scope.links if link.text}
    rows = {normal(link.context).removesuffix(normal(link.text)).strip() for link in scope.links if link.text and link.context}
    labels |= {row for row in rows if row.count(" ") < _ROW_WORDS}
    lines = tuple(line for line in scope.lines if normal(line) not in labels) if labels else scope.lines
    return scope._replace(lines=lines)


def passage_with_channel(scope: Scope, wanted: Wanted, site: Site) -> Scope | None:
    """The part of a text that speaks of the thing and says by whom or by what way one is served, None where none does.

    A short text is looked at as a whole; in a long one, such as a page of many sections, both must stand together.
    """
    if len(site.text_of(scope).split()) <= _SHORT:
        return scope if _names_channel(scope, site) or _takes_input(scope) else None
    for at, line in enumerate(scope.lines):
        if wanted.id in site.lexicon.mentions(line):
            part = scope._replace(lines=scope.lines[max(0, at - _BEFORE) : at + _AFTER])
            text = site.text_of(part)
            enough = len(text.split()) >= wanted.enough("text")
            if enough and _names_channel(part, site) and len(site.lexicon.inside(wanted.id, text)) >= wanted.enough("inside"):
                return part
    return None


def _names_channel(scope: Scope, site: Site) -> bool:
    """Whether lines name an address to write to, an office or an officer."""
    text = normal(site.text_of(scope))
    labels = (link.text for link in scope.links if link.url.startswith(_NO_WAY))
    return (
        any("@" in line for line in scope.lines)
        or bool(site.sign("channels").find(text))
        or any(label and normal(label) in text for label in labels)
    )


def _takes_input(scope: Scope) -> bool:
    forms = any(form.section in scope.sections and form.place is Place.MAIN for form in scope.facts.forms)
    return forms or any(link.url.startswith("mailto:") for link in scope.links)
