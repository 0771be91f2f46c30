"""Links: whether name and context say where each leads (WCAG 2.2, 2.4.4), and whether alike ones lead to the same.

The context of a link is what is told with it: its sentence, list item, cell with headers, description, and the heading before it
(techniques H33, H77 to H81).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from audits.addresses import key_of
from audits.site import Site
from audits.text import normal
from audits.wcag.wording import answer, attribute, languages_of, phrases, plain, told, without
from crawler.capture import Element, Link, Page, Place, RuleResult, Voiced

EMPTY, ALIKE = "link_purpose", "links_alike"
_MENUS = frozenset({Place.HEADER, Place.NAV, Place.FOOTER})
_SWITCH = ("aria-expanded", "aria-haspopup", "data-toggle", "data-bs-toggle")


class _Told(NamedTuple):
    """A link with the last heading before it, and whether its own name says nothing."""

    link: Voiced
    heading: str
    empty: bool


def link_purpose(page: Page, site: Site) -> Iterable[RuleResult]:
    """A link whose name says nothing needs a context that does."""
    if page.seen is None or not page.seen.voiced:
        return ()
    links = list(_links(page, site))
    bare = [each for each in links if each.empty and not _is_switch(each.link, page) and not _explained(each.link, page, site)]
    groups: dict[tuple[str, str], list[Voiced]] = defaultdict(list)
    for each in bare:
        groups[plain(each.link.name), each.heading].append(each.link)
    beside = _beside(page)
    failed: list[Element] = []
    unsure: list[Element] = []
    for (name, heading), alike in groups.items():
        if name and heading and len({link.url for link in alike}) == 1:
            continue
        for link in alike:
            known = _saying_nothing(link, page, site) | {name}
            places = beside.get(key_of(link.url), beside.get(name, ()))
            open_to = any(each.place in _MENUS or without(plain(each.context), known) for each in places)
            (failed if name and not open_to else unsure).append(told(link))
    return answer(EMPTY, len(links), failed, unsure)


def _beside(page: Page) -> dict[str, list[Link]]:
    """Where links stand, by address and name: rows and menus say more to who reads them than the cell or item alone."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in page.facts.links if page.facts else ():
        for key in (key_of(link.url), plain(link.text)):
            found[key].append(link)
    return found


def _links(page: Page, site: Site) -> Iterator[_Told]:
    """The named links of a page."""
    heading = ""
    for each in page.seen.voiced if page.seen else ():
        if each.role == "heading":
            heading = plain(each.name) or heading
        elif each.role == "link" and each.name.strip() and (each.url or attribute(each.element, "role")):
            yield _Told(each, heading, not without(plain(each.name), _saying_nothing(each, page, site)))


def _saying_nothing(link: Voiced, page: Page, site: Site) -> frozenset[str]:
    languages = languages_of(page, site, link.language)
    return phrases(site, "generic_links", languages) | phrases(site, "format_links", languages)


def _is_switch(link: Voiced, page: Page) -> bool:
    """Whether a link leads nowhere itself: a script shows more where it stands."""
    address, _, fragment = link.url.partition("#")
    to_itself = address == page.url.partition("#")[0] and not fragment
    return link.url.lower().startswith("javascript:") or (bool(link.url) and to_itself) or _opens(link)


def _opens(link: Voiced) -> bool:
    return any(attribute(link.element, name) is not None for name in _SWITCH)


def _explained(link: Voiced, page: Page, site: Site) -> bool:
    """Whether what is told with a link holds words beyond its own and those that say nothing."""
    if attribute(link.element, "aria-describedby"):
        return True
    around = (link.context, attribute(link.element, "title") or "")
    known = _saying_nothing(link, page, site) | {plain(link.name)}
    return any(without(plain(text), known) for text in around)


def links_alike(page: Page, site: Site) -> Iterable[RuleResult]:
    """Links next to each other with one name and one context lead to one thing; sure is only what was read at both addresses."""
    links = [each.link for each in _links(page, site)]
    pairs = [(one, other) for one, other in pairwise(links) if _same(one, other) and _explained(other, page, site)]
    failed: list[Element] = []
    unsure: list[Element] = []
    for one, other in pairs:
        differ = _differ(one.url, other.url, site)
        if differ is not False:
            (failed if differ else unsure).append(told(other))
    return answer(ALIKE, len(pairs), failed, unsure) if links else ()


def _same(one: Voiced, other: Voiced) -> bool:
    """Whether two links have the same name and the same context, and lead to different addresses."""
    named = plain(one.name) == plain(other.name) != ""
    return named and one.context == other.context != "" and one.url.partition("#")[0] != other.url.partition("#")[0]


def _differ(one: str, other: str, site: Site) -> bool | None:
    """Whether two addresses hold different things, None where they were not both read."""
    pages = [site.target(Link(url, "", Place.MAIN, 0)) for url in (one, other)]
    if any(page is None or page.problem is not None or page.status >= 400 for page in pages):
        return None
    first, second = (page for page in pages if page)
    if first is second or first.digest == second.digest:
        return False
    if first.facts is None or second.facts is None:
        return True if (first.facts is None and second.facts is None) else None
    titles = {normal(page.facts.title) for page in (first, second) if page.facts}
    opened = {normal(next((s.heading for s in page.facts.sections if s.heading), "")) for page in (first, second) if page.facts}
    return True if len(titles) == len(opened) == 2 else None
