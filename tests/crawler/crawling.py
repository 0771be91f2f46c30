"""Runs a real crawl in a process of its own (Scrapy's reactor starts once per process) and brings everything back."""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from queue import Empty
from typing import Any

import psutil

from audits.catalog import Catalog, load
from audits.facts import read
from crawler.capture import Capture, Entity, Level, Link, Page, PageFacts, Reason
from crawler.guide import Guide
from crawler.settings import CrawlSettings

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["audits.facts", "crawler.spider"])
"""New processes are forks of one that has imported what all need and has started nothing."""

WORDS = ("budget", "minutes", "chart")


@dataclass
class Crawled:
    """What a crawl handed over: captures and WARC paths by entity id, progress events, and how `visit` itself ended.

    `handed` are the ids of captures in the order in which they came; `peak` is the most memory that the crawl's process and its
    children used at once, in bytes (what they share is counted once for each).
    """

    handed: list[str] = field(default_factory=list)
    peak: int = 0
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


@cache
def rules() -> Catalog:
    """The rules of the program."""
    return load()


def impostor(facts: PageFacts, status: int) -> Reason | None:
    """What the program's rules take a page for; importable, because the crawl runs in a process of its own."""
    return rules().impostor(facts, status)


def entity(name: str, *portals: str) -> Entity:
    """An entity with these portals."""
    return Entity(id=name, name=name, country="PE", level=Level.LOCAL, portals=portals)


def manners(*hosts: str, **more: Any) -> CrawlSettings:
    """Settings for loopback portals: no pause, no browser, little patience; open, so that other rules show their effect."""
    usual: dict[str, Any] = {"closed": False, "delay_seconds": 0, "timeout_seconds": 2.5, "browser": False}
    return CrawlSettings(allow_private=hosts, **usual | more)


def crawl(
    entities: Sequence[Entity],
    settings: CrawlSettings,
    evidence: Path,
    reader: Callable[..., Any] = read,
    seconds: float = 90,
    recognise: Callable[..., Any] | None = None,
    trust: str = "",
) -> Crawled:
    """Crawl in a new process and wait for its end. `trust`: a file of authorities whose certificates count as valid."""
    queue = PROCESSES.Queue()
    guide = Guide(reader, topics, recognise) if recognise else Guide(reader, topics)
    process = PROCESSES.Process(target=work, args=(list(entities), settings, evidence, guide, trust, queue))
    process.start()
    result = Crawled()
    over = threading.Event()
    threading.Thread(target=_weigh, args=(process.pid, result, over), daemon=True).start()
    try:
        while True:
            kind, value = queue.get(timeout=seconds)
            if kind == "end":
                result.ending = value
                return result
            if kind == "event":
                result.events.append(value)
            else:
                capture, warcs = value
                result.handed.append(capture.entity.id)
                result.captures[capture.entity.id], result.warcs[capture.entity.id] = capture, "".join(warcs[:1])
    except Empty:
        raise AssertionError(f"the crawl did not end within {seconds} s") from None
    finally:
        over.set()
        process.join(timeout=10)
        process.kill()


def _weigh(pid: int, result: Crawled, over: threading.Event) -> None:
    """Look at the memory of a process and its children until they are over."""
    while not over.wait(0.2):
        with contextlib.suppress(psutil.Error):
            whole = psutil.Process(pid)
            result.peak = max(result.peak, sum(one.memory_info().rss for one in (whole, *whole.children(recursive=True))))


def work(entities: list[Entity], settings: CrawlSettings, evidence: Path, guide: Guide, trust: str, queue: Any) -> None:
    """The child process: crawl, and put on the queue what comes."""
    from crawler.fleet import visit

    if trust:
        os.environ["SSL_CERT_FILE"] = trust
    try:
        visit(
            iter(entities),
            settings,
            guide,
            lambda capture, warcs: queue.put(("capture", (capture, warcs))),
            lambda progress: queue.put(("event", tuple(progress))),
            evidence,
        )
        queue.put(("end", "done"))
    except BaseException as error:
        queue.put(("end", f"{type(error).__name__}: {error}"))
