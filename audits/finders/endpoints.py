"""The search for what machines can read: addresses of services and files, feeds, sitemaps, structured data.

Settings in `[find]`: `providers`, kinds whose use proves it; `marks`, fragments of addresses of services ("service=wms") to which
a page links, or, with `used = true`, which own pages use on the body's own hosts (what they show of others' is not theirs);
`files`, endings of files that a link offers ("geojson"), also in archives; `feeds`, fragments of addresses of feeds that a page
declares; `structured`, types of structured data; `sitemap = true`, when a list of the portal's pages led to one of them.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from audits.finders.files import evidence_of
from audits.finders.offers import missing, offered, unknown_settings
from audits.model import Criterion, Finding
from audits.once import once_per_site
from audits.services import provider_uses
from audits.site import Site
from audits.text import shorten
from crawler.capture import Link, Page

_LISTED = ("providers", "marks", "files", "feeds", "structured")
_SETTINGS = (*_LISTED, "used", "sitemap")
_OFFERING = frozenset({"a", "area", "onclick", "alternate"})
_LISTS = (".xml", ".xml.gz", ".txt")


class Endpoint(NamedTuple):
    """A thing for machines: the code of the reason, the page that shows it, a quote from there, and its address."""

    reason: str
    page: Page
    quote: str
    target: str


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    mistakes = unknown_settings(criterion, _SETTINGS)
    wrong = [name for name in _LISTED if not isinstance(criterion.find.get(name, []), list)]
    if wrong:
        mistakes.append(f"find.{wrong[0]} must be a list of words.")
    if not any(criterion.find.get(name) for name in (*_LISTED, "sitemap")):
        mistakes.append("find names nothing to look for; give at least one of its settings.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed with the first endpoint of each sort."""
    seen = [next(search(criterion, site), None) for search in _SEARCHES]
    found = [one for one in seen if one is not None]
    if found:
        best = found[0]
        values = {"name": best.quote or best.target, "target": best.target}
        return offered(criterion, best.reason, [evidence_of(one.page, one.quote) for one in found], values)
    return missing(criterion, site)


@once_per_site
def _links(site: Site) -> list[tuple[Page, Link]]:
    """Every link of own pages, one for each address, kind and words, on the first page that bears it."""
    found: dict[tuple[str, str, str], tuple[Page, Link]] = {}
    for page in _pages(site):
        for link in page.facts.links if page.facts else ():
            found.setdefault((link.url, link.kind, link.text), (page, link))
    return list(found.values())


@once_per_site
def _resources(site: Site) -> list[tuple[Page, str]]:
    """Every address that own pages use, on the first page that uses it."""
    found: dict[str, Page] = {}
    for page in _pages(site):
        for _, url in page.facts.resources if page.facts else ():
            found.setdefault(url, page)
    return [(page, url) for url, page in found.items()]


def _pages(site: Site) -> list[Page]:
    """Own pages; what a page declares stands in its frame, which scripts need not have filled."""
    return [page for page in site.pages if not page.delegated and (site.is_unfilled(page) or not site.is_stub(page))]


def _there(link: Link, site: Site) -> bool:
    """Whether nothing is known against a link: its target was not found missing."""
    return bool(link.url) and site.state_of(link) not in ("gone", "nowhere")


def _by_provider(criterion: Criterion, site: Site) -> Iterator[Endpoint]:
    kinds = set(criterion.find.get("providers", ()))
    for use in provider_uses(site) if kinds else ():
        if use.provider.kind in kinds:
            yield Endpoint("endpoint_found", use.page, shorten(use.words, 200), use.url)


def _by_mark(criterion: Criterion, site: Site) -> Iterator[Endpoint]:
    marks = tuple(mark.lower() for mark in criterion.find.get("marks", ()))
    for page, link in _links(site) if marks else ():
        if link.kind != "image" and any(mark in link.url.lower() for mark in marks) and _there(link, site):
            yield Endpoint("endpoint_found", page, shorten(link.text or link.url, 200), link.url)
    for page, url in _resources(site) if marks and criterion.find.get("used") else ():
        if site.is_own(url) and any(mark in url.lower() for mark in marks):
            yield Endpoint("endpoint_found", page, shorten(url, 200), url)


def _by_file(criterion: Criterion, site: Site) -> Iterator[Endpoint]:
    endings = tuple("." + ending.lower() for ending in criterion.find.get("files", ()))
    for page, link in _links(site) if endings else ():
        if link.kind not in _OFFERING or not _there(link, site):
            continue
        target = site.target(link)
        members = target.document.members if target is not None and target.document is not None else ()
        if urlsplit(link.url).path.lower().endswith(endings) or any(name.lower().endswith(endings) for name in members):
            yield Endpoint("endpoint_found", page, shorten(link.text or link.url, 200), link.url)


def _by_feed(criterion: Criterion, site: Site) -> Iterator[Endpoint]:
    """A feed that a page declares or links to; of one that was read nothing but a feed will do."""
    marks = tuple(mark.lower() for mark in criterion.find.get("feeds", ()))
    for page, link in _links(site) if marks else ():
        words = f"{link.url}/ {link.text if link.kind == 'alternate' else ''}".lower()
        if link.kind not in _OFFERING or not site.is_own(link.url) or not any(mark in words for mark in marks):
            continue
        target = site.target(link)
        if _there(link, site) and (target is None or (target.document is not None and target.document.kind == "xml")):
            yield Endpoint("feed_found", page, shorten(link.text or link.url, 200), link.url)


def _by_structure(criterion: Criterion, site: Site) -> Iterator[Endpoint]:
    wanted = set(criterion.find.get("structured", ()))
    for page in site.pages if wanted else ():
        types = sorted(wanted.intersection(page.facts.structured)) if page.facts and not page.delegated else []
        if types:
            yield Endpoint("structured_found", page, _shown(page), types[0])


def _by_sitemap(criterion: Criterion, site: Site) -> Iterator[Endpoint]:
    """A list for machines that named pages or other lists; feeds have a search of their own."""
    for url in site.capture.visit.lists if criterion.find.get("sitemap") else ():
        if urlsplit(url).path.lower().endswith(_LISTS):
            yield Endpoint("sitemap_found", site.pages[0], _shown(site.pages[0]), url)


def _shown(page: Page) -> str:
    """Words of a page by which people know it: its title, else its first line."""
    facts = page.facts
    lines = [facts.title, *(line for section in facts.sections for line in section.text.split("\n"))] if facts else []
    return shorten(next(filter(None, lines), ""), 200)


_SEARCHES: tuple[Callable[[Criterion, Site], Iterator[Endpoint]], ...] = (
    _by_provider,
    _by_mark,
    _by_file,
    _by_feed,
    _by_structure,
    _by_sitemap,
)
