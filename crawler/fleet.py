"""Visits many portals on this machine: starts Scrapy, hands captures over, ends cleanly."""

import logging
import signal
from collections.abc import Callable, Collection, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .archive import Archive
from .capture import Capture, Entity
from .guide import Guide
from .settings import CrawlSettings
from .tools import Earlier, Progress, Warcs, nothing_earlier

__all__ = ["Progress", "visit"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def visit(
    entities: Iterable[Entity],
    settings: CrawlSettings,
    guide: Guide,
    on_capture: Callable[[Capture, Warcs], None],
    on_progress: Callable[[Progress], None],
    evidence_dir: Path,
    earlier: Earlier = nothing_earlier,
    done: Collection[str] = (),
) -> None:
    """Visit every entity once, and hand each capture over with the paths of its WARC files as soon as it is done.

    `done` are ids of entities that were visited before: they are not visited again, but what is theirs on shared hosts stays so.

    Blocks until all are done; may be called once per process. `on_capture` and `on_progress` are called in the calling thread,
    the guide's reader elsewhere. A failure within one visit ends that visit with INTERNAL_ERROR. Raises ArchiveError for
    an archive that cannot be read, KeyboardInterrupt after Ctrl-C (visits under way are dropped, finished ones were handed
    over), and whatever `entities`, `on_capture` or `on_progress` raise.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    from .spider import Job, PortalSpider

    archive = Archive.from_files(settings.archives) if settings.archives else None
    job = Job(list(entities), settings, guide, on_capture, on_progress, evidence_dir, archive, earlier, frozenset(done))
    before = {number: signal.getsignal(number) for number in SIGNALS}
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    try:
        process = AsyncCrawlerProcess(scrapy_settings(settings))
        process.crawl(PortalSpider, job=job)
        process.start()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if archive:
            archive.close()
    if job.fatal is not None:
        raise job.fatal
    if not job.complete:
        raise KeyboardInterrupt


def scrapy_settings(settings: CrawlSettings) -> dict[str, Any]:
    """Scrapy, lean: its handlers fetch; limits, redirects, cookies, pauses, second tries and headers are ours.

    Each of these must pass the guard, robots.txt, the manners and the pen.
    """
    handler = "crawler.handler.ArchiveHandler" if settings.archives else "crawler.network.NetworkHandler"
    return {
        "ALLOW_PRIVATE": list(settings.allow_private),
        "ASYNCIO_EVENT_LOOP": "uvloop.Loop" if find_spec("uvloop") else None,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "REACTOR_THREADPOOL_MAXSIZE": 16,
        "SPIDER_MIDDLEWARES_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "crawler.guard.GuardedResolver",
    }
