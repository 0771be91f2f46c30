"""Runs the Fetcher alone, in a process of its own with Scrapy's reactor, and brings back what came of each URL."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.answers import Fetched
from crawler.capture import HostVisit
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings
from tests.crawler.crawling import PROCESSES


@dataclass
class Errands:
    """Visits to make side by side, each a list of URLs asked for one after the other.

    `before` is given the guard (to play tricks on it), `sitemaps` are URLs whose host's sitemaps are asked for afterwards.
    """

    settings: CrawlSettings
    visits: Sequence[Sequence[str]]
    sitemaps: Sequence[str] = ()
    before: Callable[[Guard], None] | None = None
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Fetchings:
    """What came of them: by URL, by visit the accounts of its hosts, sitemaps, what is known to be allowed, peak memory in MB."""

    fetched: dict[str, Fetched] = field(default_factory=dict)
    hosts: list[dict[str, HostVisit]] = field(default_factory=list)
    sitemaps: dict[str, list[str]] = field(default_factory=dict)
    allowed: dict[str, bool | None] = field(default_factory=dict)
    megabytes: float = 0.0
    ending: str = ""


def fetch(*visits: Sequence[str], settings: CrawlSettings, seconds: float = 60, **more: Any) -> Fetchings:
    """Fetch in a new process and wait for its end."""
    queue = PROCESSES.Queue()
    process = PROCESSES.Process(target=work, args=(Errands(settings, visits, **more), queue))
    process.start()
    try:
        result: Fetchings = queue.get(timeout=seconds)
    finally:
        process.join(timeout=5)
        process.kill()
    assert result.ending == "done", result.ending
    return result


def work(errands: Errands, queue: Any) -> None:
    """The child process."""
    import os
    import resource

    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.fetch import Fetcher
    from crawler.fleet import scrapy_settings

    os.environ |= errands.environment
    result = Fetchings()

    class Errand(Spider):
        name = "errand"

        async def start(self) -> Any:
            guard = Guard(errands.settings.allow_private)
            if errands.before:
                errands.before(guard)
            fetcher = Fetcher(self.crawler.engine, errands.settings, guard, None)
            ledgers = [Ledger() for _ in errands.visits]

            async def visit(urls: Sequence[str], ledger: Ledger) -> None:
                for url in urls:
                    result.fetched[url] = await fetcher.get(url, ledger)

            try:
                await asyncio.gather(*(visit(urls, ledger) for urls, ledger in zip(errands.visits, ledgers, strict=True)))
                for url in errands.sitemaps:
                    result.sitemaps[url] = await fetcher.sitemaps(url, ledgers[0])
                result.allowed = {url: fetcher.allowed(url) for url in result.fetched}
                result.hosts = [ledger.hosts for ledger in ledgers]
                result.ending = "done"
            except BaseException as error:
                result.ending = f"{type(error).__name__}: {error}"
            for never in ():
                yield never

    process = AsyncCrawlerProcess(scrapy_settings(errands.settings))
    process.crawl(Errand)
    process.start()
    result.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queue.put(result)
