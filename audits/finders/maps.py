"""The search for interactive maps: a viewer with content of its own, not the marker of an office.

Settings in `[find]`: `viewers`, kinds of providers whose use proves it; `makers`, kinds in which anyone can make a map, which
prove it away from the home page and from what tells where the office is; `canvases`, kinds that draw any map (libraries,
viewers of the State), which prove it only where the criterion's names stand with them; so do `marks`, fragments of addresses of
viewers on any host. `markers` are fragments of addresses of maps that show one place.
"""

from collections.abc import Iterator
from typing import NamedTuple

from audits.addresses import host_of
from audits.finders.files import evidence_of
from audits.finders.offers import missing, offered, undecided, unknown_settings
from audits.model import Criterion, Finding
from audits.services import providers_of, scripts_of
from audits.site import Site
from audits.text import shorten
from crawler.capture import Link, Page

_KINDS = ("viewers", "makers", "canvases")
_SETTINGS = (*_KINDS, "marks", "markers")
_OFFICE = "contact_details"
_SCRIPTS = frozenset({"script", "inline"})


class Map(NamedTuple):
    """A map on a page, or a link to one: who draws it, the setting that knows it, the page, the link, its address."""

    name: str
    kind: str
    page: Page
    link: Link | None
    url: str


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    mistakes = unknown_settings(criterion, _SETTINGS)
    return (
        mistakes if criterion.find.get("viewers") else [*mistakes, "find.viewers is empty; name at least one kind of provider."]
    )


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed with a viewer or a named canvas; open where a canvas stands on a page that is about something else."""
    maps = list(_maps(criterion, site))
    for one in maps:
        if _is_proof(criterion.id, one, site):
            quote = shorten(one.link.text if one.link and one.link.text else one.url, 200)
            return offered(criterion, "map_found", [evidence_of(one.page, quote)], {"provider": one.name, "target": one.url})
    unclear = next((one for one in maps if not _shows_office(one, site)), None)
    if unclear is not None:
        values = {"provider": unclear.name, "target": unclear.url}
        return undecided(criterion, "map_unclear", [evidence_of(unclear.page, "")], values)
    return missing(criterion, site)


def _maps(criterion: Criterion, site: Site) -> Iterator[Map]:
    known: dict[tuple[str, bool], tuple[str, str] | None] = {}
    for page in site.pages:
        # A map is often all that a page has, and scripts draw it: an empty frame says nothing against it.
        if page.facts is None or page.delegated or (site.is_stub(page) and not site.is_unfilled(page)):
            continue
        links: list[tuple[str, bool, Link | None]] = [
            (link.url, False, link) for link in page.facts.links if link.kind != "image" and link.url.startswith("http")
        ]
        linked = {url for url, _, _ in links}
        resources: list[tuple[str, bool, Link | None]] = [
            (url, kind in _SCRIPTS, None) for kind, url in page.facts.resources if url not in linked
        ]
        for url, script, link in [*links, *resources]:
            if (url, script) not in known:
                known[url, script] = _drawn_by(criterion, site, url, script=script)
            drawn = known[url, script]
            if drawn is not None and (link is None or site.state_of(link) != "gone"):
                yield Map(*drawn, page, link, url)


def _drawn_by(criterion: Criterion, site: Site, url: str, *, script: bool) -> tuple[str, str] | None:
    """Who draws the map at an address, or with the script there, and the setting that knows it."""
    lower = url.lower()
    if any(marker in lower for marker in criterion.find.get("markers", ())):
        return None
    near = scripts_of(url, site) if script else providers_of(url, site)
    for kind in _KINDS if near else ():
        for provider in near:
            if provider.kind in criterion.find.get(kind, ()):
                return provider.name, kind
    if not script and any(mark in lower for mark in criterion.find.get("marks", ())):
        return host_of(url), "marks"
    return None


def _is_proof(thing: str, one: Map, site: Site) -> bool:
    if one.kind == "viewers" or _is_named(thing, one, site):
        return True
    return one.kind == "makers" and one.page is not site.pages[0] and not _shows_office(one, site)


def _is_named(thing: str, one: Map, site: Site) -> bool:
    """Whether the page, a heading, the link itself or a link that leads to the page calls it a map of something."""
    facts = one.page.facts
    if facts is None:
        return False
    if thing in site.subjects(one.page) or thing in site.lexicon.mentions(facts.description):
        return True
    beside = [section.heading for section in facts.sections]
    if one.link is not None:
        beside = [one.link.text, facts.sections[one.link.section].heading]
    leads_here = (spot.link and site.target(spot.link) is one.page for spot in site.spots.get(thing, ()))
    return any(thing in site.names(words) for words in beside) or any(leads_here)


def _shows_office(one: Map, site: Site) -> bool:
    """Whether the page or the heading above tells how to reach the body: a map there shows where its office is."""
    facts = one.page.facts
    heading = facts.sections[one.link.section].heading if facts and one.link else ""
    return _OFFICE in site.subjects(one.page) or _OFFICE in site.names(heading)
