"""Runs a real crawl in a process of its own (Scrapy's reactor starts once per process) and brings everything back."""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from audits.facts import read
from crawler.capture import Capture, Entity, Level, Link, Page
from crawler.guide import Guide
from crawler.settings import CrawlSettings

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["audits.facts", "crawler.spider"])
"""New processes are forks of one that has imported what all need and has started nothing."""

WORDS = ("budget", "minutes", "chart")


@dataclass
class Crawled:
    """What a crawl handed over: captures and WARC paths by entity id, progress events, and how `visit` itself ended."""

    captures: dict[str, Capture] = field(default_factory=dict)
    warcs: dict[str, str] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    ending: str = ""

    def page(self, entity: str, path: str) -> Page:
        """The page of an entity that was asked for under a path."""
        return next(page for page in self.captures[entity].pages if page.requested_url.endswith(path))


def topics(link: Link) -> frozenset[str]:
    """The words of WORDS that a link's URL or text bears."""
    told = (link.url + " " + link.text).lower()
    return frozenset(word for word in WORDS if word in told)


def entity(name: str, *portals: str) -> Entity:
    """An entity with these portals."""
    return Entity(id=name, name=name, country="PE", level=Level.LOCAL, portals=portals)


def manners(*hosts: str, **more: Any) -> CrawlSettings:
    """Settings for loopback portals: no pause, no browser, little patience; open, so that other rules show their effect."""
    usual: dict[str, Any] = {"closed": False, "delay_seconds": 0, "timeout_seconds": 2.5, "browser": False}
    return CrawlSettings(allow_private=hosts, **usual | more)


def crawl(
    entities: Sequence[Entity], settings: CrawlSettings, evidence: Path, reader: Callable[..., Any] = read, seconds: float = 90
) -> Crawled:
    """Crawl in a new process and wait for its end."""
    queue = PROCESSES.Queue()
    process = PROCESSES.Process(target=work, args=(list(entities), settings, evidence, reader, queue))
    process.start()
    result = Crawled()
    try:
        while True:
            kind, value = queue.get(timeout=seconds)
            if kind == "end":
                result.ending = value
                return result
            if kind == "event":
                result.events.append(value)
            else:
                capture, warc = value
                result.captures[capture.entity.id], result.warcs[capture.entity.id] = capture, warc
    except Empty:
        raise AssertionError(f"the crawl did not end within {seconds} s") from None
    finally:
        process.join(timeout=10)
        process.kill()


def work(entities: list[Entity], settings: CrawlSettings, evidence: Path, reader: Callable[..., Any], queue: Any) -> None:
    """The child process: crawl, and put on the queue what comes."""
    from crawler.fleet import visit

    try:
        visit(
            iter(entities),
            settings,
            Guide(reader, topics),
            lambda capture, warc: queue.put(("capture", (capture, warc))),
            lambda progress: queue.put(("event", tuple(progress))),
            evidence,
        )
        queue.put(("end", "done"))
    except BaseException as error:
        queue.put(("end", f"{type(error).__name__}: {error}"))
