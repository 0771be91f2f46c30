"""Things that prove a service by being there: a form to download, questions with their answers, steps to follow, a feed."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from audits.finders.files import is_readable, opening
from audits.finders.ways import Offer, named_scopes
from audits.model import Criterion
from audits.once import once_per_site
from audits.services import is_item, lists_results
from audits.site import Scope, Site
from audits.text import normal, shorten
from crawler.capture import DocumentFacts, Link, Page

_FORM_KINDS = frozenset({"pdf", "word", "sheet", "archive"})
_BLANK = re.compile(r"_{4,}|\.{6,}|…{2,}|(?:\. ){5,}|[☐□❑]|\[\s*\]|\(\s{2,}\)")
"""Where somebody is to write: a line, dots, a box."""
_FEW_WORDS, _FIELDS = 15, 4
_OPENING, _FORM_LENGTH = 300, 8_000
"""Characters: what a file says of itself at its beginning; how long a form is that leaves no visible blanks."""
_QUESTION = (3, 40)
"""Words of a question, least and most."""
_ANSWER = 5
_LEAST_STEP, _STEP, _REACH = 4, 60, 8
"""Words of a step, least and most; how many lines a guide of three steps may take."""
_RULES = frozenset({"privacy_policy", "terms_of_use", "accessibility_statement"})
"""What a page on these says of clicking and of accounts teaches nobody to use them."""
_FEED = re.compile(r"(?:^|[/?&=._-])(?:feed|rss2?|atom)(?:[/?&=._-]|$)", re.I)
_NO_FEED = re.compile(r"comment|oembed|wp-json", re.I)


def by_file(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A blank form that can be opened, under the criterion's names: linked in such words, so called, or listed below them."""
    if not criterion.find.get("files"):
        return
    for spot in site.spots.get(criterion.id, ()):
        if spot.link is not None:
            yield from _file(criterion.id, spot.page, spot.link, site, named=True)
    for scope in named_scopes(criterion.id, site):
        for link in scope.links:
            yield from _file(criterion.id, scope.page, link, site, named=False)


def _file(thing: str, page: Page, link: Link, site: Site, *, named: bool) -> Iterator[Offer]:
    target = site.target(link)
    if target is None or target.document is None or not is_readable(target) or target.document.kind not in _FORM_KINDS:
        return
    if thing in site.lexicon.denials(f"{link.text} {link.context}"):
        return
    if _is_blank(target.document, thing, site, named=named):
        words = opening(target.document) or target.document.title
        yield Offer(
            "form_file",
            target,
            shorten(words, 200),
            {"name": shorten(link.text or words or target.url, 200), "target": target.url},
            None if words else (page, shorten(link.text, 200)),
        )


def _is_blank(document: DocumentFacts, thing: str, site: Site, *, named: bool) -> bool:
    """Whether a file is made to be filled in. One without words to read (scanned, packed) is taken by its name."""
    if document.text.count(" ") < _FEW_WORDS:
        return named and not document.broken
    if thing in site.lexicon.denials(f"{document.title} {document.text[:_OPENING]}"):
        return False
    text = document.text[:_FORM_LENGTH]
    fields, blanks = len(site.lexicon.inside(thing, text)), len(_BLANK.findall(text))
    return (blanks >= 2 and fields >= 1) or (fields >= _FIELDS and len(document.text) < _FORM_LENGTH)


def by_questions(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """Questions with answers on one page, as many as are wanted; or guidance, a text of that many words under the names."""
    wanted, words = criterion.find.get("questions", 0), criterion.find.get("text", 0)
    for page in site.pages if wanted else ():
        if page.facts is None or page.delegated or site.is_stub(page) or lists_results(page, site):
            continue
        listed = criterion.id in site.subjects(page)
        asked = questions(site.body(page), listed=listed)
        found = [line for line in asked if listed or criterion.id not in site.lexicon.denials(line)]
        if len(found) >= wanted or (found and "FAQPage" in page.facts.structured):
            yield Offer(
                "questions_found", page, shorten(found[0], 200), {"name": shorten(found[0], 200), "count": str(len(found))}
            )
    for scope in named_scopes(criterion.id, site, trusting=True) if words else ():
        # On the home page, and below the headings of others, such names only send people to a counter.
        whole = scope.page is not site.pages[0] and scope.sections == site.body(scope.page).sections
        text = [line for line in scope.lines if len(line.split()) >= _ANSWER and not site.sign("placeholder").find(normal(line))]
        told = sum(len(line.split()) for line in text)
        if whole and told >= words and not site.is_stub(scope.page) and not is_item(scope.page, site):
            yield Offer("found", scope.page, shorten(text[0], 200), {"name": shorten(text[0], 200)})


def questions(scope: Scope, *, listed: bool = False) -> list[str]:
    """The distinct questions in a part of a page that an answer follows; all of them where they are listed as such."""
    found: dict[str, None] = {}
    asked, answer = "", 0
    for line in (*scope.lines, "?"):
        words = len(line.split())
        if line.endswith("?"):
            if asked and (listed or answer >= _ANSWER):
                found.setdefault(asked)
            least = 2 if listed else _QUESTION[0]
            asked, answer = (line, 0) if least <= words <= _QUESTION[1] else ("", 0)
        else:
            answer += words
    return list(found)


def by_steps(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A guide that leads people through a system, as many steps as are wanted, on a page or in a file."""
    wanted = criterion.find.get("steps", 0)
    for page, steps in guides(site) if wanted else ():
        if len(steps) >= wanted:
            yield Offer("found", page, shorten(steps[0], 200), {"name": shorten(steps[0], 200)})


@once_per_site
def guides(site: Site) -> list[tuple[Page, list[str]]]:
    """Pages and files with lines close together that say what to do in a system (the list of signs `system_steps`)."""
    found = []
    for page in site.capture.pages:
        lines: tuple[str, ...] = ()
        if page.document is not None and is_readable(page):
            lines = tuple(page.document.text.split("\n"))
        elif page.facts is not None and page in site.pages and not (page.delegated or site.is_stub(page)):
            lines = () if _RULES.intersection(site.subjects(page)) else site.body(page).lines
        if not site.sign("system_steps").find(normal("\n".join(lines))):
            continue
        steps = {at: step for at, line in enumerate(lines) if (step := _step(line, site))}
        best = max(([at for at in steps if first <= at < first + _REACH] for first in steps), key=len, default=[])
        if len({steps[at] for at in best}) > 1:
            found.append((page, [lines[at] for at in best]))
    return found


def _step(line: str, site: Site) -> str:
    """What a line tells people to do in a system, "" where it tells nothing; "click here" only parts a link from its text."""
    if not _LEAST_STEP <= len(line.split()) <= _STEP:
        return ""
    text = normal(line)
    here = site.sign("click_here").find(text)
    told = [h for h in site.sign("system_steps").find(text) if not any(o.start < h.end and h.start < o.end for o in here)]
    return told[0].key if told else ""


def by_feed(criterion: Criterion, site: Site) -> Iterator[Offer]:
    """A feed of the site's news; that of the comments on one page is none, and neither is one that is gone."""
    if not criterion.find.get("feed"):
        return
    for page in site.pages:
        if page.facts is None or page.delegated:
            continue
        for link in page.facts.links:
            named = link.kind == "a" and criterion.id in site.names(link.text)
            if (named or link.kind in ("alternate", "feed")) and is_feed(link, page, site):
                yield Offer("feed_found", page, shorten(link.text or link.url, 200), {"target": link.url})


def is_feed(link: Link, page: Page, site: Site) -> bool:
    """Whether a link leads to a feed of more than the page that it stands on."""
    target = site.target(link)
    parts = urlsplit(link.url)
    if not link.url.startswith("http") or _NO_FEED.search(link.url) or (target is not None and site.is_gone(target)):
        return False
    if not _FEED.search(f"{parts.path}?{parts.query}"):
        return False
    below = parts.path.startswith(urlsplit(page.url).path.rstrip("/") + "/") and not parts.query
    return page is site.pages[0] or not below or link.kind == "a"
