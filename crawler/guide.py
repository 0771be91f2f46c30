"""What the crawl is told by those who know words: how to read, what a link may prove, what is not the page that was asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .capture import DocumentFacts, Link, PageFacts, Reason

Facts = PageFacts | DocumentFacts
Reader = Callable[[bytes, str, str, str], Facts]
"""(body, url, media_type, charset) to facts: `audits.facts.read`. Must be importable: it runs in a process of its own."""

Topics = Callable[[Link], frozenset[str]]
"""The criteria that a link may prove."""

Recognise = Callable[[PageFacts, int], Reason | None]
"""(facts, HTTP status) to what stands in for the page asked for: BLOCKED, NOT_FOUND, PARKED, HACKED …; None: it is the page."""


def itself(facts: PageFacts, status: int) -> Reason | None:
    """Take every page for what it seems to be."""
    return None


@dataclass(frozen=True)
class Guide:
    """The functions and lists that a crawl is given.

    `platforms` are hosts, by country code, that stand in for a body's own portal (a national transparency platform);
    `zones` are IANA time zones by country code, for `CrawlSettings.hours`. `common` and `process` are criteria whose pages
    belong to every sample for accessibility: pages that portals have in common, and processes of steps; the first are worth most.
    """

    read: Reader
    topics: Topics
    recognise: Recognise = itself
    platforms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    common: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
