"""A page given by what it tells assistive technology, and what the rules on words say of it."""

from audits.catalog import load
from audits.site import Site
from audits.wcag import WORDS
from crawler.capture import Element, Passage, Seen, Voiced
from tests.audits.portal import HOME, capture_of

CATALOG = load()


def seen(
    role: str, name: str, text: str = "", url: str = "", context: str = "", snippet: str = "<x>", language: str = "es"
) -> Voiced:
    """One thing on a page."""
    return Voiced(role, name, text, url, context, language, Element("x", snippet))


def said(
    *voiced: Voiced, passages: tuple[Passage, ...] = (), html: str = "<title>Obras</title>", language: str = "es"
) -> dict[str, str]:
    """What each rule says of a page, the gravest first; `html` is the page itself."""
    capture = capture_of({"": f"<html lang={language}>{html}"}, language)
    capture.pages[0].seen = Seen(voiced=voiced, passages=passages)
    site, outcomes = Site(capture, CATALOG), {}
    for result in (result for rule in WORDS for result in rule(capture.pages[0], site)):
        outcomes.setdefault(result.id, result.outcome)
        assert result.id in CATALOG.checks
        assert (result.outcome in ("failed", "cant_tell")) == bool(result.nodes)
    return outcomes


def link(name: str, **more: str) -> Voiced:
    """A link that leads somewhere."""
    return seen("link", name, url=more.pop("url", HOME + "a"), **more)
