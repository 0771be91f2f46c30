"""Pages that stand in for the one that was asked for: barriers, error pages sent as if all were well, parked and hacked pages.

A wall is short and leads nowhere, so every sign comes with limits: a page that only mentions a word in passing is never one.
A login page is no impostor: where people log in is itself a service.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from pydantic import model_validator

from audits.lexicon import Phrases
from audits.text import normal
from crawler.capture import PageFacts, Place, Reason, Record

_PARTS = re.compile(r"\s[|•»«·–—/-]\s|:\s")
_MOST = 0.5
_FURNITURE = frozenset({Place.HEADER, Place.NAV, Place.FOOTER})
_HEADINGS = 3


class Impostor(Record):
    """How one kind of stand-in is known (`rules/impostors/*.toml`). All that is given must hold; one entry of a list is enough.

    `head`: phrases that make up most of the title, of a part of it, or of one of the first headings; `lists` names lists of
    `rules/words/<lang>/signs.toml` that are meant in the same way; `begins`: phrases with which one of these begins. `text`:
    phrases of which `at_least` different ones stand on the page, in a `share` (0–1) of its lines. `addresses`: fragments of what
    its scripts, frames and forms ask for. `most_words` are those outside header, menu and footer; `most_links` those anywhere.
    `any_status`: it may also come with an HTTP error, whose code then says less than the page.
    """

    id: str
    name: str
    reason: Reason
    head: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    at_least: int = 1
    share: float = 0.0
    most_words: int = 120
    most_links: int = 8
    any_status: bool = False
    source: str

    @model_validator(mode="after")
    def _asks_for_something(self) -> "Impostor":
        if not (self.head or self.lists or self.begins or self.text or self.addresses):
            raise ValueError(f"{self.id} has no sign: give head, lists, begins, text or addresses")
        return self


class Impostors:
    """All of them, ready to look at pages."""

    def __init__(self, known: Sequence[Impostor], lists: Mapping[str, Iterable[str]]) -> None:
        """`lists` maps the name of a list of signs to its words in all languages."""
        self._known = known
        heads = ((phrase, one.id) for one in known for phrase in one.head)
        self._head = Phrases([*heads, *((word, one.id) for one in known for name in one.lists for word in lists[name])])
        self._begins = Phrases((phrase, one.id) for one in known for phrase in one.begins)
        self._text = {one.id: Phrases((phrase, phrase) for phrase in one.text) for one in known}

    def recognise(self, facts: PageFacts, status: int) -> Reason | None:
        """What a page stands in for, by the first sign that fits; None where it is what it seems to be."""
        page = _Look(facts, self._head, self._begins)
        fits = (one.reason for one in self._known if (one.any_status or status < 400) and self._fits(one, page))
        return next(fits, None)

    def _fits(self, one: Impostor, page: "_Look") -> bool:
        if page.words > one.most_words or page.links > one.most_links:
            return False
        if (one.head or one.lists) and one.id not in page.said:
            return False
        if one.begins and one.id not in page.begun:
            return False
        if one.addresses and not any(known in url for known in one.addresses for url in page.addresses):
            return False
        if not one.text:
            return True
        found = [self._text[one.id].keys(line) for line in page.lines]
        return len(set().union(*found)) >= one.at_least and sum(map(bool, found)) >= one.share * len(found)


class _Look:
    """What the signs ask of one page, each worked out when first asked for."""

    def __init__(self, facts: PageFacts, head: Phrases, begins: Phrases) -> None:
        self._facts = facts
        self._head = head
        self._begins = begins
        self.words = sum(len(s.text.split()) for s in facts.sections if s.place not in _FURNITURE)
        self.links = sum(link.kind in ("a", "area") and bool(link.url) for link in facts.links)

    @cached_property
    def labels(self) -> list[str]:
        """The title, its parts, and the first headings, normalised."""
        headings = [s.heading for s in self._facts.sections if s.heading and s.place not in _FURNITURE][:_HEADINGS]
        title = self._facts.title[:300]
        return [text for label in (title, *_PARTS.split(title), *headings) if (text := normal(label))]

    @cached_property
    def said(self) -> set[str]:
        """Whose phrases make up most of a label."""
        return self._matching(self._head, lambda text, start, end: end - start >= _MOST * len(text))

    @cached_property
    def begun(self) -> set[str]:
        """With whose phrases a label begins."""
        return self._matching(self._begins, lambda text, start, end: start == 0)

    def _matching(self, phrases: Phrases, good: Callable[[str, int, int], bool]) -> set[str]:
        return {hit.key for text in self.labels for hit in phrases.find(text) if good(text, hit.start, hit.end)}

    @cached_property
    def addresses(self) -> list[str]:
        """What scripts, frames and forms ask for, and where the page sends its visitor by itself."""
        sent = (link.url for link in self._facts.links if link.kind in ("refresh", "onclick"))
        return [url.lower() for url in (*(url for _, url in self._facts.resources), *sent)]

    @cached_property
    def lines(self) -> list[str]:
        """Title, headings and lines of text."""
        facts = self._facts
        parts = (part for s in facts.sections for part in (s.heading, *s.text.split("\n")))
        return [line for line in dict.fromkeys((facts.title, *parts)) if line]
