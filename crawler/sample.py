"""Which pages are examined for accessibility, and why: the sample that WCAG-EM asks for (https://www.w3.org/TR/WCAG-EM/, step 3).

Pure: the same pages give the same sample. In the order of their worth, which decides what is left out where there are too many:
home; common pages, known by the links that lead to them; the steps of processes, as far as they can be seen without submitting
anything; one page of each template; and a tenth at random, which shows whether the others stand for the portal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from . import urls
from .capture import Form, Link, Page
from .guide import Guide
from .templates import templates

HOME, TEMPLATE, RANDOM, DOCUMENT = "home", "template", "random", "document"
COMMON, PROCESS = "common:", "process:"
"""Why a page or a file is in the sample; after the last two stands the criterion that it may prove."""

TENTH = 10
RESERVE = 6
"""Of so many pages one is kept for those that chance takes."""
PROCESS_SHARE = 3
"""At most one of so many pages is a step of a process: one of many steps would leave nothing of the rest."""
MOST_STEPS = 3
"""How many links a form may lie behind the page where its process begins."""
WAYS = frozenset({"a", "area", "onclick", "iframe", "frame", "refresh"})


class Chosen(NamedTuple):
    """A page of the sample and why it is in it."""

    page: Page
    reason: str

    @property
    def hands(self) -> bool:
        """Whether it is tried out by hand, too. That costs most, and is kept for the pages that were chosen for what they are."""
        return self.reason != RANDOM


def choose(pages: Sequence[Page], most: int, guide: Guide, seed: str) -> list[Chosen]:
    """At most so many of the entity's own pages, home first. `seed` decides which ones chance takes: the entity's id."""
    own = _own(pages)
    if not own or most < 1:
        return []
    leads, furniture = _Leads(own, guide), _furniture(own)
    structured = {id(own[0]): Chosen(own[0], HOME)}
    _take(structured, _common(leads, guide.common))
    _take(structured, list(_steps(leads, furniture, guide.process))[: most // PROCESS_SHARE])
    _take(structured, list(_one_of_each(own, structured, furniture)))
    chosen = list(structured.values())[: most - most // RESERVE]
    taken = {id(one.page) for one in chosen}
    rest = sorted((page for page in own if id(page) not in taken), key=lambda page: _lot(seed, page))
    count = max(_tenth(len(chosen)), _tenth(len(rest)))
    return [*chosen, *(Chosen(page, RANDOM) for page in rest[: min(count, most - len(chosen))])]


def _own(pages: Sequence[Page]) -> list[Page]:
    """Pages of the entity's own that could be read, each once, in the order of fetching."""
    own: dict[str, Page] = {}
    digests: set[str] = set()
    for page in pages:
        if page.facts is None or page.problem or page.delegated or page.digest in digests:
            continue
        own.setdefault(urls.key(page.url), page)
        digests |= {page.digest} - {""}
    return list(own.values())


def _take(into: dict[int, Chosen], more: Iterable[Chosen]) -> None:
    for one in more:
        into.setdefault(id(one.page), one)


def _tenth(count: int) -> int:
    return -(-count // TENTH)


def _lot(seed: str, page: Page) -> bytes:
    """A number as good as drawn, and the same whenever it is drawn."""
    return sha256(f"{seed} {urls.key(page.url)}".encode()).digest()


# Common pages and processes, known by the links that lead to them ---


class _Leads:
    """What links promise of the pages that they lead to. What stands beside a link does not count, nor what it leads on to."""

    def __init__(self, own: Sequence[Page], guide: Guide) -> None:
        self.by_key = {urls.key(page.requested_url): page for page in own} | {urls.key(page.url): page for page in own}
        self.own = own
        votes: dict[str, Counter[int]] = defaultdict(Counter)
        wanted = {*guide.common, *guide.process}
        for link, times in self._links().values():
            for topic in guide.topics(link) & wanted:
                votes[topic][id(self.by_key[urls.key(link.url)])] += times
        self._votes = votes

    def _links(self) -> dict[tuple[str, str], tuple[Link, int]]:
        """Links between these pages by target and text, and on how many pages each stands."""
        found: dict[tuple[str, str], tuple[Link, int]] = {}
        for page in self.own:
            here: dict[tuple[str, str], Link] = {}
            for link in page.facts.links if page.facts else ():
                if link.url and link.kind in WAYS and (key := urls.key(link.url)) in self.by_key:
                    here.setdefault((key, link.text), link._replace(context=""))
            for mention, link in here.items():
                first, times = found.get(mention, (link, 0))
                found[mention] = (first, times + 1)
        return found

    def to(self, topic: str) -> list[Page]:
        """Pages that links say to be about a topic, first the one that most pages call so."""
        votes = self._votes[topic] if topic in self._votes else Counter()
        return sorted((page for page in self.own if votes[id(page)]), key=lambda page: -votes[id(page)])

    def way_to(self, page: Page) -> Iterator[Page]:
        """The page and those through which it was reached, backwards, home left out."""
        for _ in range(MOST_STEPS + 1):
            if page is self.own[0]:
                return
            yield page
            before = self.by_key.get(urls.key(page.via)) if page.via else None
            if before is None or before is page:
                return
            page = before


def _common(leads: _Leads, topics: Iterable[str]) -> Iterator[Chosen]:
    """The best page of each topic; where that is home, the topic has its page already."""
    for topic in topics:
        for page in leads.to(topic)[:1]:
            yield Chosen(page, COMMON + topic)


def _steps(leads: _Leads, furniture: set[tuple[str, ...]], topics: Iterable[str]) -> Iterator[Chosen]:
    """For each process the pages from its beginning to each form that can be reached from there, in that order."""
    for topic in topics:
        starts = {id(page) for page in leads.to(topic)}
        for page in leads.own if starts else ():
            if not _own_forms(page, furniture):
                continue
            way = list(leads.way_to(page))
            at = next((number for number, one in enumerate(way) if id(one) in starts), None)
            for step in reversed(way[: at + 1] if at is not None else ()):
                yield Chosen(step, PROCESS + topic)


# Templates ---


def _one_of_each(own: Sequence[Page], chosen: dict[int, Chosen], furniture: set[tuple[str, ...]]) -> Iterator[Chosen]:
    """A page of each template of which none is chosen yet: those with forms first, then those of which there are most pages.

    Pages of one template that have a form of their own, and those that have none, stand for themselves: forms hold most barriers.
    """
    halves = (
        [page for page in group if bool(_own_forms(page, furniture)) is has] for group in templates(own) for has in (True, False)
    )
    missing = [half for half in halves if half and not any(id(page) in chosen for page in half)]
    for half in sorted(missing, key=lambda half: (not _own_forms(half[0], furniture), -len(half))):
        yield Chosen(half[0], TEMPLATE)


def _furniture(own: Sequence[Page]) -> set[tuple[str, ...]]:
    """Forms that stand on home or on more than half of the pages: searches, newsletters, logins in a corner."""
    counts = Counter(form for page in own for form in _forms(page))
    return _forms(own[0]) | {form for form, count in counts.items() if 2 * count > len(own)}


def _own_forms(page: Page, furniture: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return _forms(page) - furniture


def _forms(page: Page) -> set[tuple[str, ...]]:
    return {_shape(form) for form in (page.facts.forms if page.facts else ())}


def _shape(form: Form) -> tuple[str, ...]:
    """What two copies of a form share."""
    return tuple(f"{control.kind} {control.name}" for control in form.controls)
