"""Which link next: the one that may still prove most. Pure: it sees links and outcomes, never the network."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import count

from . import urls
from .capture import Link, Place
from .guide import Topics
from .site import Site

PLACE_WORTH = {Place.NAV: 0.5, Place.HEADER: 0.4, Place.MAIN: 0.35, Place.FOOTER: 0.3, Place.ASIDE: 0.2}
"""A menu leads to what a portal thinks important; asides repeat or advertise."""
KIND_WORTH = {"refresh": 2.0, "frame": 2.0, "iframe": 0.1, "alternate": -0.3}
"""Frames and refreshes are the page itself under another address."""
TOPIC_WORTH, TOPIC_FADES = 1.0, 0.6
MOST_FOR_TOPICS = 2.0
DEPTH_COST, QUERY_COST, KIN_COST, FAMILY_COST, OUTSIDE_COST = 0.12, 0.1, 0.15, 0.04, 0.5
DOCUMENTS_PER_TOPIC = 3
YEAR_WORTH = 0.01

TWINS_ALLOWED = 3
SHAPE_LIMIT, SHAPE_LIMIT_WITH_TOPICS = 20, 60
MANY_PARAMETERS = 6
"""Fewer are common: content systems without readable addresses name component, view, article, category and menu."""
LONG_URL, DEEP_PATH = 600, 14


class Lane(Enum):
    """What a link leads to, each with a budget of its own."""

    PAGE = "page"
    DOCUMENT = "document"
    IMAGE = "image"
    DELEGATED = "delegated"


ORDER = (Lane.PAGE, Lane.DOCUMENT, Lane.IMAGE, Lane.DELEGATED)
"""Pages first: when documents are chosen, all that pages link to is known."""


@dataclass(slots=True)
class Candidate:
    """A URL that could be fetched, with all that speaks for it. `base` is its worth before topics and crowding."""

    url: str
    key: str
    shape: str
    family: str
    depth: int
    lane: Lane
    topics: frozenset[str]
    base: float
    worth: float = 0.0


@dataclass(slots=True)
class Budget:
    """How much may still be read in each lane; `misses` is how many links that lead to nothing may still be forgiven."""

    left: dict[Lane, int]
    misses: int


class Frontier:
    """The links of one entity that are not yet fetched, best first.

    A candidate's worth only ever falls (what it may prove gets proven by others), so it is enough to look again at the best one.
    """

    def __init__(self, site: Site, topics: Topics, budgets: dict[Lane, int], misses: int) -> None:
        self.site = site
        self._topics = topics
        self._budget = Budget(dict(budgets), misses)
        self._queues: dict[Lane, list[tuple[float, int, Candidate]]] = {lane: [] for lane in Lane}
        self._queued: dict[str, Candidate] = {}
        self._done: set[str] = set()
        self._weighed: set[tuple[str, str]] = set()
        self._taken: dict[Lane, Counter[str]] = {lane: Counter() for lane in Lane}
        self._sampled: set[str] = set()
        self._passed_over: set[str] = set()
        self._shapes: Counter[str] = Counter()
        self._families: Counter[str] = Counter()
        self._twins: Counter[str] = Counter()
        self._digests: set[str] = set()
        self._document_shapes: set[str] = set()
        self._closed: set[Lane] = set()
        self._serial = count()

    def add(self, links: Iterable[Link], depth: int, *, delegated: bool = False) -> None:
        """Consider the links of a page at `depth` (home is 0). Links on a delegated page lead no further."""
        if delegated:
            return
        for link in links:
            if not link.url or (link.url, link.text) in self._weighed:
                continue
            self._weighed.add((link.url, link.text))
            candidate = self._weigh(link, depth + 1)
            if candidate and candidate.key not in self._done:
                self._enqueue(candidate)

    def pop(self) -> Candidate | None:
        """The best link of the first lane that has a budget and a candidate; None when there is nothing left to do."""
        for lane in ORDER:
            while self._open(lane) and (candidate := self._best(lane)):
                if candidate.lane is not lane:
                    self._enqueue(candidate)
                    continue
                self._take(candidate)
                return candidate
        return None

    def seen(self, *visited: str) -> None:
        """Never offer these URLs: home, and where redirects led."""
        self._done.update(urls.key(url) for url in visited)
        for url in visited:
            self._queued.pop(urls.key(url), None)

    def learn(self, candidate: Candidate, *, lane: Lane, digest: str = "", missing: bool = False) -> bool:
        """Take note of how a fetch ended: which lane it really was, its digest, whether there was nothing (or nothing for us).

        Returns whether the content is new: the links of a twin need no second look.
        """
        if missing:
            for topic in candidate.topics:
                self._taken[candidate.lane][topic] -= 1
            if self._budget.misses > 0:
                self._budget.misses -= 1
                self._budget.left[candidate.lane] += 1
            return False
        self._sampled |= candidate.topics
        if lane is Lane.DOCUMENT and candidate.lane is Lane.PAGE:
            self._document_shapes.add(candidate.shape)
            self._budget.left[Lane.PAGE] += 1
            self._budget.left[Lane.DOCUMENT] -= 1
        if digest and digest in self._digests:
            self._twins[candidate.shape] += 1
            return False
        self._digests.add(digest)
        return True

    def close(self, lane: Lane) -> None:
        """Give no more of a lane, because time runs short."""
        self._closed.add(lane)

    @property
    def left_over(self) -> int:
        """Links of the entity's own that were never fetched: pages, and documents and images that may prove something."""
        return sum(c.lane is Lane.PAGE or (c.lane is not Lane.DELEGATED and bool(c.topics)) for c in self._queued.values())

    @property
    def unsampled(self) -> frozenset[str]:
        """Topics of which links of the entity's own are left over or passed over, and none was tried that led to anything."""
        own = (c.topics for c in self._queued.values() if c.lane is not Lane.DELEGATED)
        return frozenset(self._passed_over.union(*own)) - self._sampled

    @property
    def cut_short(self) -> bool:
        """Whether pages are left over though there was a budget for them: time ran short."""
        pages = any(c.lane is Lane.PAGE for c in self._queued.values())
        return pages and Lane.PAGE in self._closed and self._budget.left[Lane.PAGE] > 0

    def _weigh(self, link: Link, depth: int) -> Candidate | None:
        url = urls.normalise(link.url)
        lane = self._lane(link, url)
        if not url or lane is None or _is_trap(url):
            return None
        topics = self._topics(link)
        if not topics and (lane in (Lane.IMAGE, Lane.DELEGATED) or url.count("=") >= MANY_PARAMETERS):
            return None
        worth = PLACE_WORTH[link.place] + KIND_WORTH.get(link.kind, 0.0)
        worth -= DEPTH_COST * min(depth, 6) + QUERY_COST * min(url.count("="), 4)
        if lane is Lane.PAGE:
            worth -= KIN_COST * (urls.authority(url).removeprefix("www.") not in self._home_hosts())
            worth -= OUTSIDE_COST * (not self.site.within(url))
        else:
            worth += YEAR_WORTH * urls.newest_year(url + " " + link.text)
        return Candidate(url, urls.key(url), urls.shape(url), urls.family(url), depth, lane, topics, worth)

    def _home_hosts(self) -> set[str]:
        return {urls.authority(home).removeprefix("www.") for home in self.site.homes}

    def _lane(self, link: Link, url: str) -> Lane | None:
        """Where a link belongs; None for what nobody reads (style sheets, films) and for pictures that decorate."""
        ending = urls.ending(url)
        if ending in urls.OTHER_ENDINGS:
            return None
        if not self.site.owns(url):
            return Lane.DELEGATED if link.kind != "image" else None
        if link.kind == "image" or ending in urls.IMAGE_ENDINGS:
            return Lane.IMAGE
        return Lane.DOCUMENT if ending in urls.DOCUMENT_ENDINGS else Lane.PAGE

    def _enqueue(self, candidate: Candidate) -> None:
        candidate.worth = self._worth(candidate)
        known = self._queued.get(candidate.key)
        if known is not None and known is not candidate:
            candidate.topics |= known.topics
            candidate.base = max(candidate.base, known.base)
            candidate.depth = min(candidate.depth, known.depth)
            if candidate.topics == known.topics and candidate.base == known.base:
                return
            candidate.worth = self._worth(candidate)
        self._queued[candidate.key] = candidate
        heapq.heappush(self._queues[candidate.lane], (-candidate.worth, next(self._serial), candidate))

    def _best(self, lane: Lane) -> Candidate | None:
        queue = self._queues[lane]
        while queue:
            _, serial, candidate = heapq.heappop(queue)
            if self._queued.get(candidate.key) is not candidate:
                continue
            if self._is_crowded(candidate):
                self._passed_over |= candidate.topics
                del self._queued[candidate.key]
                continue
            if candidate.shape in self._document_shapes and candidate.lane is Lane.PAGE:
                candidate.lane = Lane.DOCUMENT
                return candidate
            now = self._worth(candidate)
            if queue and (-now, serial) > queue[0][:2]:
                heapq.heappush(queue, (-now, serial, candidate))
                continue
            candidate.worth = now
            return candidate
        return None

    def _worth(self, candidate: Candidate) -> float:
        taken = self._taken[candidate.lane]
        gain = 0.0
        for topic in candidate.topics:
            before = taken[topic]
            if candidate.lane is Lane.DOCUMENT:
                gain += TOPIC_WORTH if before < DOCUMENTS_PER_TOPIC else TOPIC_WORTH * TOPIC_FADES ** (before - 1)
            else:
                gain += TOPIC_WORTH * TOPIC_FADES**before
        return candidate.base + min(gain, MOST_FOR_TOPICS) - FAMILY_COST * min(self._families[candidate.family], 15)

    def _is_crowded(self, candidate: Candidate) -> bool:
        """Whether enough of its kind was seen: calendars, endless lists and facets, and pages that repeat each other."""
        if self._twins[candidate.shape] >= TWINS_ALLOWED:
            return True
        if candidate.lane is not Lane.PAGE:
            return False
        return self._shapes[candidate.shape] >= (SHAPE_LIMIT_WITH_TOPICS if candidate.topics else SHAPE_LIMIT)

    def _take(self, candidate: Candidate) -> None:
        del self._queued[candidate.key]
        self._done.add(candidate.key)
        self._budget.left[candidate.lane] -= 1
        self._shapes[candidate.shape] += 1
        self._families[candidate.family] += 1
        self._taken[candidate.lane].update(candidate.topics)

    def _open(self, lane: Lane) -> bool:
        return self._budget.left[lane] > 0 and lane not in self._closed


def _is_trap(url: str) -> bool:
    return len(url) > LONG_URL or url.count("/") > DEEP_PATH or urls.repeats_itself(url)
