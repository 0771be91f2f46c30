"""What a link is worth before any is fetched: from its words, its place, its address. Pure, like the frontier that chooses."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from . import urls
from .capture import Link, Place
from .guide import Topics
from .territory import Territory

PLACE_WORTH = {Place.NAV: 0.5, Place.HEADER: 0.4, Place.MAIN: 0.35, Place.FOOTER: 0.3, Place.ASIDE: 0.2}
"""A menu leads to what a portal thinks important; asides repeat or advertise."""
KIND_WORTH = {"refresh": 2.0, "frame": 2.0, "iframe": 0.1, "alternate": -0.3, "sitemap": -0.5, "feed": -0.5}
"""Frames and refreshes are the page itself under another address; what only a list for machines names, people may never find."""
LISTS = frozenset({"sitemap", "feed"})
DEPTH_COST, QUERY_COST, KIN_COST, OUTSIDE_COST, STEP_COST = 0.12, 0.1, 0.15, 0.5, 0.5
YEAR_WORTH = 0.01

MANY_PARAMETERS = 6
"""Fewer are common: content systems without readable addresses name component, view, article, category and menu."""
LONG_URL, DEEP_PATH = 600, 14


class Lane(Enum):
    """What a link leads to, each with a budget of its own."""

    PAGE = "page"
    DOCUMENT = "document"
    IMAGE = "image"
    DELEGATED = "delegated"


@dataclass(slots=True)
class Candidate:
    """A URL that could be fetched, with all that speaks for it. `base` is its worth before topics and crowding.

    `via` is the page (or list) that led there; `listed`: no page is known to link to it, only a sitemap or a feed names it.
    `steps` counts the links from the last page of the entity's own (0 for its own). `found` is the order in which links were met.
    """

    url: str
    key: str
    shape: str
    family: str
    depth: int
    lane: Lane
    topics: frozenset[str]
    base: float
    steps: int = 0
    via: str = ""
    listed: bool = False
    found: int = 0

    @property
    def subjects(self) -> frozenset[tuple[Lane, str]]:
        """What it may prove, and as what: a page, a document, an image."""
        return frozenset((self.lane, topic) for topic in self.topics)

    def gain(self, other: "Candidate") -> bool:
        """Take over what another link to the same URL has for it; whether that was anything."""
        before = (self.topics, self.base, self.depth, self.listed)
        if self.listed and not other.listed:
            self.via, self.listed = other.via, False
        self.topics |= other.topics
        self.base, self.depth = max(self.base, other.base), min(self.depth, other.depth)
        self.steps = min(self.steps, other.steps)
        return before != (self.topics, self.base, self.depth, self.listed)


class Origin(NamedTuple):
    """The page whose links are weighed: its URL, and for one that is not the entity's own, how far out and what for."""

    url: str = ""
    steps: int = 0
    topics: frozenset[str] = frozenset()


class Scales:
    """Weighs the links of one entity. `platforms` are hosts that stand in for portals of its country."""

    def __init__(self, territory: Territory, topics: Topics, platforms: Iterable[str] = ()) -> None:
        self._territory = territory
        self._topics = topics
        self._platforms = frozenset(urls.place(f"http://{host}") for host in platforms) - {""}
        self._home_hosts = frozenset(map(urls.place, territory.homes))

    def weigh(self, link: Link, depth: int, origin: Origin) -> Candidate | None:
        """What a link on a page at `depth` - 1 is worth; None where it is not worth asking for at all."""
        url = urls.normalise(link.url)
        lane = self._lane(link, url) if url else None
        if lane is None or is_trap(url) or urls.is_bad(link.target, url, origin.url or self._territory.homes[0]):
            return None
        topics = self._topics(link)
        if lane is Lane.DELEGATED and not self._may_stand_in(link, url, topics, origin):
            return None
        if not topics and (lane is Lane.IMAGE or url.count("=") >= MANY_PARAMETERS):
            return None
        steps = origin.steps + 1 if lane is Lane.DELEGATED else 0
        worth = PLACE_WORTH[link.place] + KIND_WORTH.get(link.kind, 0.0) - STEP_COST * max(steps - 1, 0)
        worth -= DEPTH_COST * min(depth, 6) + QUERY_COST * min(url.count("="), 4)
        if lane is Lane.PAGE:
            worth -= KIN_COST * (urls.place(url) not in self._home_hosts)
            worth -= OUTSIDE_COST * (not self._territory.within(url))
        else:
            worth += YEAR_WORTH * urls.newest_year(url + " " + link.text)
        shape, family, listed = urls.shape(url), urls.family(url), link.kind in LISTS
        return Candidate(url, urls.key(url), shape, family, depth, lane, topics, worth, steps, origin.url, listed)

    def _lane(self, link: Link, url: str) -> Lane | None:
        """Where a link belongs; None for what nobody reads (style sheets, films) and for pictures that decorate."""
        ending = urls.ending(url)
        if ending in urls.OTHER_ENDINGS:
            return None
        if not self._territory.owns(url):
            private = urls.is_private(url) and urls.place(url) not in self._home_hosts
            return None if private or link.kind == "image" or link.kind in LISTS else Lane.DELEGATED
        if link.kind == "image" or ending in urls.IMAGE_ENDINGS:
            return Lane.IMAGE
        return Lane.DOCUMENT if ending in urls.DOCUMENT_ENDINGS else Lane.PAGE

    def _may_stand_in(self, link: Link, url: str, topics: frozenset[str], origin: Origin) -> bool:
        """Whether a link to another host is to be followed.

        From the entity's own pages: for what it may prove, or into a platform of its country. From there on only within that
        host's domain, past its menus (they are about itself), and for what it was gone to for; on a platform, for anything.
        """
        if not origin.steps:
            return bool(topics) or (self._is_platform(url) and urls.place(url) != urls.key(url))
        if urls.domain(url) != urls.domain(origin.url) or link.place not in (Place.MAIN, Place.ASIDE):
            return False
        return bool(topics & origin.topics) or (bool(topics) and self._is_platform(url))

    def _is_platform(self, url: str) -> bool:
        at = urls.place(url)
        return any(at == host or at.endswith("." + host) for host in self._platforms)


def is_trap(url: str) -> bool:
    """Whether a URL looks like what only programs that go in circles make."""
    return len(url) > LONG_URL or url.count("/") > DEEP_PATH or urls.repeats_itself(url)
