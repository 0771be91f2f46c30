"""Which link next: the one that may still prove most. Pure: it sees links and outcomes, never the network."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Literal, NamedTuple

from . import urls
from .candidates import LISTS, Candidate, Lane, Origin, Scales
from .capture import Link
from .guide import Topics
from .territory import Territory

__all__ = ["Candidate", "Frontier", "Lane"]

TOPIC_WORTH, TOPIC_FADES = 1.0, 0.6
MOST_FOR_TOPICS = 2.0
LISTED_SHARE = 0.5
"""Part of its topics' worth that a page has which only a sitemap or a feed names: what no page links to, few people find."""
FAMILY_COST = 0.04
DOCUMENTS_PER_TOPIC = 3

TWINS_ALLOWED = 3
SHAPE_LIMIT, SHAPE_LIMIT_WITH_TOPICS = 20, 60
MOST_LINKS, MOST_QUEUED = 5000, 100_000
"""New links of one page that are weighed, and links that wait; no page that is made for people has more."""
ENOUGH_PAGES = 30
"""Read of a portal that has more; see docs/recall.md for what fewer miss."""

Strategy = Literal["best_first", "breadth_first"]

ORDER = (Lane.PAGE, Lane.DOCUMENT, Lane.IMAGE, Lane.DELEGATED)
"""Pages first: when documents are chosen, all that pages link to is known."""
IN_HASTE = (Lane.DOCUMENT, Lane.IMAGE, Lane.DELEGATED, Lane.PAGE)


@dataclass(slots=True)
class Budget:
    """How much may still be read in each lane; `misses` is how many links that lead to nothing may still be forgiven."""

    left: dict[Lane, int]
    misses: int


class Class(NamedTuple):
    """Candidates whose worth falls together: what they may prove gets proven by others, and their kind gets crowded."""

    topics: frozenset[str]
    listed: bool
    family: str


Queue = list[tuple[float, int, Candidate]]
"""A heap of candidates of one class, the best on top: their rank, and when they were met."""


class Frontier:
    """The links of one entity that are not yet fetched, best first (or, for comparison, in the order in which they were met).

    Candidates wait in classes, each a queue whose order never changes; to choose, only the first of each class is compared.
    """

    def __init__(
        self,
        territory: Territory,
        topics: Topics,
        budgets: dict[Lane, int],
        misses: int,
        *,
        strategy: Strategy = "best_first",
        platforms: Iterable[str] = (),
        delegated_steps: int = 1,
    ) -> None:
        """`platforms` stand in for portals of the country (hosts); `delegated_steps` is how many links deep to go there."""
        self._scales = Scales(territory, topics, platforms)
        self._homes = frozenset(map(urls.key, territory.homes))
        self._strategy = strategy
        self._delegated_steps = delegated_steps
        self._budget = Budget(dict(budgets), misses)
        self._queues: dict[Lane, dict[Class, Queue]] = {lane: {} for lane in Lane}
        self._queued: dict[str, Candidate] = {}
        self._done: set[str] = set()
        self._weighed: set[tuple[str, str, bool, int]] = set()
        self._taken: dict[Lane, Counter[str]] = {lane: Counter() for lane in Lane}
        self._gains: dict[Lane, dict[frozenset[str], float]] = {lane: {} for lane in Lane}
        self._sampled: set[tuple[Lane, str]] = set()
        self._passed_over: set[tuple[Lane, str]] = set()
        self._shapes: Counter[str] = Counter()
        self._families: Counter[str] = Counter()
        self._twins: Counter[str] = Counter()
        self._digests: set[str] = set()
        self._document_shapes: set[str] = set()
        self._order = ORDER
        self._read = 1
        self._unweighed = 0
        self._serial = count(1)

    def add(
        self, links: Iterable[Link], depth: int, *, via: str = "", delegated: bool = False, source: Candidate | None = None
    ) -> None:
        """Consider the links of a page or sitemap at `via` and `depth` (home is 0).

        For a delegated page `source` is the candidate that led there; its links are followed up to `delegated_steps` from the
        entity's own pages, and only within that page's domain.
        """
        origin = Origin(via)
        if delegated:
            origin = Origin(via, max(source.steps, 1) if source else 1, source.topics if source else frozenset())
            if origin.steps >= self._delegated_steps:
                return
        room = MOST_LINKS
        for link in links:
            # What a list for machines or another host's page says of a link is not what a page of the entity's own says.
            mention = (link.url, link.text, link.kind in LISTS, origin.steps)
            if not link.url or mention in self._weighed:
                continue
            if room <= 0 or len(self._queued) >= MOST_QUEUED:
                self._unweighed += 1
                continue
            room -= 1
            self._weighed.add(mention)
            candidate = self._scales.weigh(link, depth + 1, origin)
            if candidate and candidate.key not in self._done:
                self._enqueue(candidate)

    def pop(self) -> Candidate | None:
        """The best link of the first lane that has a budget and a candidate; None when there is nothing left to do."""
        for lane in self._order:
            while self._budget.left[lane] > 0 and (candidate := self._best(lane)):
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

    def learn(self, candidate: Candidate, *, lane: Lane, digest: str = "", canonical: str = "", missing: bool = False) -> bool:
        """Take note of how a fetch ended: which lane it really was, its digest, whether there was nothing (or nothing for us).

        `canonical` is the address that the page gives as its own. Returns whether the content is new: the links of a twin need
        no second look.
        """
        if missing:
            self._taken[candidate.lane].subtract(candidate.topics)
            self._gains[candidate.lane].clear()
            if self._budget.misses > 0:
                self._budget.misses -= 1
                self._budget.left[candidate.lane] += 1
            return False
        self._read += lane is Lane.PAGE and candidate.lane is Lane.PAGE
        self._sampled.update(candidate.subjects, ((lane, topic) for topic in candidate.topics))
        if lane is Lane.DOCUMENT and candidate.lane is Lane.PAGE:
            self._document_shapes.add(candidate.shape)
            self._budget.left[Lane.PAGE] += 1
            self._budget.left[Lane.DOCUMENT] -= 1
        if digest and digest in self._digests:
            self._twins[candidate.shape] += 1
            return False
        self._digests.add(digest)
        self._twins[candidate.shape] += self._is_version(candidate, canonical)
        return True

    def hurry(self) -> None:
        """Give pages last from now on, because time runs short and documents are still to be read."""
        self._order = IN_HASTE

    @property
    def left_over(self) -> int:
        """Links of the entity's own that were never fetched: pages, and documents and images that may prove something."""
        own = (c.lane is Lane.PAGE or (c.lane is not Lane.DELEGATED and bool(c.topics)) for c in self._queued.values())
        return sum(own) + self._unweighed

    @property
    def unsampled(self) -> frozenset[str]:
        """Topics of which pages (documents, images) of the entity's own are left over or passed over, and none that was tried led
        to anything. A page that names a thing is no sample of the files that may hold it."""
        own = (c.subjects for c in self._queued.values() if c.lane is not Lane.DELEGATED)
        return frozenset(topic for _, topic in self._passed_over.union(*own) - self._sampled)

    @property
    def too_few(self) -> bool:
        """Whether pages are left over, and so few were read that what they lack may well stand on the others."""
        pages = any(c.lane is Lane.PAGE for c in self._queued.values())
        return pages and self._read < ENOUGH_PAGES

    def _enqueue(self, candidate: Candidate) -> None:
        known = self._queued.setdefault(candidate.key, candidate)
        if known is candidate:
            candidate.found = candidate.found or next(self._serial)
        elif not known.gain(candidate):
            return
        queue = self._queues[known.lane].setdefault(self._class(known), [])
        heapq.heappush(queue, (self._rank(known), known.found, known))

    def _is_version(self, candidate: Candidate, canonical: str) -> bool:
        """Whether a page is one that was read before, sorted, filtered or turned over: it says so, and its address has more.

        Many portals name home, or one template's address, as that of all their pages: such words are not taken.
        """
        own = urls.key(canonical)
        path, _, query = own.partition("?")
        its_path, _, its_query = candidate.key.partition("?")
        fuller = set(query.split("&")) - {""} < set(its_query.split("&")) - {""}
        return own in self._done and own not in self._homes and path == its_path and fuller

    def _best(self, lane: Lane) -> Candidate | None:
        queues = self._queues[lane]
        best: tuple[float, int, Class] | None = None
        for kind, queue in list(queues.items()):
            if not self._settle(queue, kind):
                del queues[kind]
                continue
            rank, found, _ = queue[0]
            here = (rank - self._worth(lane, kind), found, kind)
            if best is None or here[:2] < best[:2]:
                best = here
        if best is None:
            return None
        candidate = heapq.heappop(queues[best[2]])[2]
        if candidate.shape in self._document_shapes and candidate.lane is Lane.PAGE:
            candidate.lane = Lane.DOCUMENT
        return candidate

    def _settle(self, queue: Queue, kind: Class) -> bool:
        """Bring a queue's best candidate that still counts to its top; whether there is one."""
        while queue:
            rank, _, candidate = queue[0]
            if self._queued.get(candidate.key) is candidate and (rank, kind) == (self._rank(candidate), self._class(candidate)):
                if not self._is_crowded(candidate):
                    return True
                self._passed_over |= candidate.subjects if candidate.lane is not Lane.DELEGATED else frozenset()
                del self._queued[candidate.key]
            heapq.heappop(queue)
        return False

    def _rank(self, candidate: Candidate) -> float:
        """The place of a candidate among those of its class: the lowest first."""
        return float(candidate.found) if self._strategy == "breadth_first" else -candidate.base

    def _class(self, candidate: Candidate) -> Class:
        if self._strategy == "breadth_first":
            return Class(frozenset(), False, "")
        return Class(candidate.topics, candidate.listed, candidate.family)

    def _worth(self, lane: Lane, kind: Class) -> float:
        """What those of a class are worth now, beside what each is worth by itself."""
        gain = self._gain(lane, kind.topics) * (LISTED_SHARE if kind.listed else 1.0)
        return gain - FAMILY_COST * min(self._families[kind.family], 15)

    def _gain(self, lane: Lane, topics: frozenset[str]) -> float:
        """What topics are still worth in a lane; remembered until something more is taken."""
        known = self._gains[lane].get(topics)
        if known is not None:
            return known
        gain = 0.0
        for topic in topics:
            before = self._taken[lane][topic]
            if lane is Lane.DOCUMENT:
                gain += TOPIC_WORTH if before < DOCUMENTS_PER_TOPIC else TOPIC_WORTH * TOPIC_FADES ** (before - 1)
            else:
                gain += TOPIC_WORTH * TOPIC_FADES**before
        return self._gains[lane].setdefault(topics, min(gain, MOST_FOR_TOPICS))

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
        self._gains[candidate.lane].clear()
