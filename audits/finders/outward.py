"""The search for links to other public bodies: a section or a row of links to their home pages.

Settings in `[find]`: `at_least`, how many distinct bodies; `apart`, how many other links may stand between two of a row;
`mine`, kinds of providers that count as a body's services, not as bodies, unless the section bears the criterion's name.

A body is recognised by a host reserved to the State, here or in any country of the rules, or by the words of the link ("Ministry
of …", the list of signs `public_bodies`). Only links to the front of a site count: a law kept by a congress is no link to it.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from audits.addresses import host_of
from audits.catalog import Catalog
from audits.finders.files import evidence_of
from audits.finders.offers import missing, offered, refused, unknown_settings
from audits.model import Criterion, Finding
from audits.services import provider_uses
from audits.site import Site
from audits.text import normal, shorten
from crawler.capture import Link, Page, PageFacts

_KINDS = frozenset({"a", "area", "onclick"})
_PAGES = (".html", ".htm", ".php", ".aspx", ".asp", ".jsp")
_DEPTH_OF_FRONT = 2
_LONGEST_NAME = 14
_SETTINGS = ("at_least", "apart", "mine")


class Outward(NamedTuple):
    """A link to a body: its place among the links of the page, the link, and what tells the body from others."""

    at: int
    link: Link
    body: str


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    mistakes = unknown_settings(criterion, _SETTINGS)
    wrong = [name for name in _SETTINGS[:2] if not isinstance(criterion.find.get(name), int) or criterion.find[name] < 1]
    return mistakes + [f"find.{name} must be a number, at least 1." for name in wrong]


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed with a row or a named section of enough bodies; no where there is none, with the longest row that was seen."""
    best: tuple[Page, list[Outward]] | None = None
    for page, row in _rows(criterion, site):
        if best is None or len(_bodies(row)) > len(_bodies(best[1])):
            best = page, row
    if best is None:
        return missing(criterion, site)
    page, row = best
    shown = {one.body: one for one in row}
    evidence = [evidence_of(page, shorten(one.link.text or one.link.url, 200)) for one in shown.values()]
    values = {"count": str(len(shown)), "name": ", ".join(sorted(shown)[:5]), "least": str(criterion.find["at_least"])}
    if len(shown) >= criterion.find["at_least"]:
        return offered(criterion, "bodies_linked", evidence, values)
    found = missing(criterion, site)
    return refused(criterion, site, "bodies_too_few", evidence, values) if found[0].reason == "nothing_found" else found


def _bodies(row: list[Outward]) -> set[str]:
    return {one.body for one in row}


def _rows(criterion: Criterion, site: Site) -> Iterator[tuple[Page, list[Outward]]]:
    """Rows of links to bodies: those of a named section or page however far apart, others that stand close together."""
    services = {use.url for use in provider_uses(site) if use.provider.kind in criterion.find.get("mine", ())}
    for page in site.pages:
        if page.facts is None or page.delegated or site.is_stub(page):
            continue
        all_of_page = [Outward(at, link, body) for at, link in enumerate(page.facts.links) if (body := _body(link, site))]
        titled = criterion.id in site.subjects(page)
        under = _under_the_name(criterion.id, page, page.facts, site)
        named = [one for one in all_of_page if (titled and one.link.place.value == "main") or one.link.section in under]
        if named:
            yield page, named
        others = [one for one in all_of_page if one.link.url not in services]
        yield from ((page, row) for row in _close(others, criterion.find["apart"]))


def _under_the_name(thing: str, page: Page, facts: PageFacts, site: Site) -> set[int]:
    """The sections whose heading bears the name, and those below them."""
    named = [at for at, section in enumerate(facts.sections) if thing in site.names(section.heading)]
    return {below for at in named for below in site.under(page, at).sections}


def _close(links: list[Outward], apart: int) -> Iterator[list[Outward]]:
    """Links of one place on the page between which few others stand."""
    for _, of_place in groupby(links, key=lambda one: one.link.place):
        row: list[Outward] = []
        for one in of_place:
            if row and one.at - row[-1].at > apart + 1:
                yield row
                row = []
            row.append(one)
        yield row


def _body(link: Link, site: Site) -> str:
    """What tells the body that a link leads to from others: its host, with the first step where many share one; "" for none."""
    if link.kind not in _KINDS or not link.url.startswith("http") or site.is_own(link.url) or not _is_front(link.url):
        return ""
    host = host_of(link.url)
    named = link.text.count(" ") < _LONGEST_NAME and bool(site.sign("public_bodies").find(normal(link.text)))
    if named or site.is_state(link.url) or host.endswith(_state_suffixes(site.catalog)):
        shared = "." + host in _state_suffixes(site.catalog)
        return f"{host}/{'/'.join(_steps(link.url))}" if shared else host
    return ""


@cache
def _state_suffixes(catalog: Catalog) -> tuple[str, ...]:
    """What hosts of the States end in, with the dot before it."""
    return tuple("." + suffix for country in catalog.countries.values() for suffix in country.state_suffixes)


def _steps(url: str) -> list[str]:
    return [step for step in urlsplit(url).path.split("/") if step]


def _is_front(url: str) -> bool:
    """Whether a URL is the front of a site or of a body's part of one: few steps, and no file."""
    steps = _steps(url)
    last = steps[-1].lower() if steps else ""
    if len(steps) > _DEPTH_OF_FRONT or len(urlsplit(url).query) > 0:
        return False
    return "." not in last or last.endswith(_PAGES)
