"""Hosts that nobody knows beside words for a thing that providers offer: perhaps providers to add to the rules. Pure.

Known are the hosts of all providers in `rules/providers`, also of those that stand for no criterion (kind `furniture`: delivery
networks, counters, shops of apps). What the list of signs `credits` names (who made the site) and what a criterion's `not`
words deny is left out.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from audits.addresses import host_of
from audits.catalog import Catalog
from audits.model import Candidate, Criterion
from audits.services import is_known_host
from audits.site import Site
from audits.text import normal, shorten
from crawler.capture import Capture, Page, Reason

_LINKS = frozenset({"a", "area", "onclick", "iframe", "frame"})
_MAX_WORDS = 25
_HEAD_OF_FORM = 300


class Use(NamedTuple):
    """A way from a page to another host: the words by which it is called, those around it, and where it leads."""

    page: Page
    label: str
    around: str
    url: str


def candidates(capture: Capture, catalog: Catalog) -> tuple[Candidate, ...]:
    """One candidate for each kind of provider and host, with the first words and page that show it, in page order."""
    if not capture.visit.reached or capture.visit.reason is Reason.SCRIPT_ONLY:
        return ()
    site = Site(capture, catalog)
    found: dict[tuple[str, str], Candidate] = {}
    for use in _uses(site):
        host = host_of(use.url)
        if not host or "." not in host or site.is_own(use.url) or is_known_host(use.url, site):
            continue
        for kind in _kinds(use, site):
            words = shorten(use.label or use.around, 200)
            found.setdefault((kind, host), Candidate(kind=kind, host=host, url=use.url, words=words, page=use.page.url))
    return tuple(found.values())


def _uses(site: Site) -> Iterator[Use]:
    """Links and frames of own pages, each address and words once, and their forms."""
    met: set[tuple[str, str]] = set()
    for page in site.pages:
        facts = page.facts
        if facts is None or page.delegated:
            continue
        for link in facts.links:
            if link.kind in _LINKS and link.url.startswith("http") and (link.url, link.text) not in met:
                met.add((link.url, link.text))
                yield Use(page, link.text or facts.sections[link.section].heading, link.context, link.url)
        for form in facts.forms:
            if form.action:
                yield Use(page, facts.sections[form.section].heading, form.words[:_HEAD_OF_FORM], form.action)


def _kinds(use: Use, site: Site) -> list[str]:
    """Kinds of providers that offer what the words of a use name."""
    around = use.around if use.around.count(" ") < _MAX_WORDS else ""
    things = set(site.names(use.label)) or set(site.lexicon.mentions(around))
    if not things or site.sign("credits").find(normal(f"{use.label} {around}")):
        return []
    things -= site.lexicon.denials(f"{use.label} {around}")
    kinds = _kinds_by_criterion(site.catalog)
    return sorted({kind for thing in things for kind in kinds.get(thing, ())})


@lru_cache(maxsize=8)
def _kinds_by_criterion(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    return {criterion.id: _kinds_of(criterion) for criterion in catalog.criteria.values()}


def _kinds_of(criterion: Criterion) -> tuple[str, ...]:
    """The kinds of providers that prove a criterion by themselves, wherever its search is told of them."""
    settings = (criterion.find, *(part for part in criterion.find.values() if isinstance(part, dict)))
    return tuple(kind for part in settings for kind in part.get("providers", ()))
