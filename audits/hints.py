"""Links that mention a thing and lead where nobody looked.

To say yes a thing must be named and seen; to say no it is enough that nothing even hints at it: a link whose words mention the
thing and whose target was not read keeps the question open. So does a link to a place that stands in for many things at once,
such as a national platform of transparency (rules/stand_ins.toml).
"""

from collections.abc import Iterator
from itertools import islice

from audits.once import once_per_site
from audits.packs import StandIn
from audits.services import provider_uses
from audits.site import Site, Spot
from crawler.capture import Link

_KINDS = frozenset({"a", "area", "iframe", "frame", "onclick"})
_MAX_WORDS = 25
_ELSEWHERE = frozenset({"social", "chat"})


@once_per_site
def hints(site: Site) -> dict[str, Spot]:
    """The first such link for each thing, in page order."""
    social = {use.url for use in provider_uses(site) if use.provider.kind in _ELSEWHERE}
    found: dict[str, Spot] = {}
    read: set[tuple[str, str]] = set()
    for page in site.pages:
        for link in page.facts.links if page.facts and not site.is_stub(page) else ():
            if link.kind in _KINDS and link.url not in social and site.state_of(link) in ("external", "unread"):
                words = _words(link)
                if (link.url, words) in read:  # menus say the same on every page
                    continue
                read.add((link.url, words))
                for thing in site.lexicon.mentions(words):
                    found.setdefault(thing, Spot(page, "link", link.section, link, 0.0))
    for name, place in site.catalog.stand_ins.items():
        for spot in islice(_unread_places(name, place, site), 1):
            for thing in place.answers:
                found.setdefault(thing, spot)
    return found


def _unread_places(name: str, place: StandIn, site: Site) -> Iterator[Spot]:
    """Links to a place that stands in for things, where it was not read."""
    for spot in site.spots.get(name, ()):
        if spot.link is not None and _is_unread(spot.link, site):
            yield spot
    for use in provider_uses(site):
        if use.provider.kind in place.providers and use.link is not None and _is_unread(use.link, site):
            yield Spot(use.page, "link", use.link.section, use.link, 0.0)


def _is_unread(link: Link, site: Site) -> bool:
    target = site.target(link)
    return site.state_of(link) in ("external", "unread") or (target is not None and site.is_unfilled(target))


def _words(link: Link) -> str:
    return " ".join(words for words in (link.text, link.context) if words.count(" ") < _MAX_WORDS)
