"""Visits many portals on this machine: starts Scrapy, hands captures over, ends cleanly."""

import logging
import signal
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .archive import Archive
from .capture import Capture, Entity
from .guide import Guide
from .settings import CrawlSettings
from .visit import Progress

__all__ = ["Progress", "visit"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)
MIDDLEWARES_UNUSED = (
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
    "scrapy.downloadermiddlewares.retry.RetryMiddleware",
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware",
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware",
    "scrapy.downloadermiddlewares.stats.DownloaderStats",
)
"""Redirects, cookies and second tries are ours, because each must pass the guard, robots.txt and the pen."""


def visit(
    entities: Iterable[Entity],
    settings: CrawlSettings,
    guide: Guide,
    on_capture: Callable[[Capture, str], None],
    on_progress: Callable[[Progress], None],
    evidence_dir: Path,
) -> None:
    """Visit every entity once, and hand each capture over with the path of its WARC as soon as it is done.

    Blocks until all are done; may be called once per process. `on_capture` and `on_progress` are called in the calling thread,
    the guide's reader elsewhere. A failure within one visit ends that visit with INTERNAL_ERROR. Raises ArchiveError for
    an archive that cannot be read, KeyboardInterrupt after Ctrl-C (visits under way are dropped, finished ones were handed
    over), and whatever `entities`, `on_capture` or `on_progress` raise.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    from .spider import Job, PortalSpider

    archive = Archive.from_files(settings.archives) if settings.archives else None
    job = Job(list(entities), settings, guide, on_capture, on_progress, evidence_dir, archive)
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
    """Scrapy, lean: what it would do by itself and we do with more care is switched off."""
    handler = (
        "crawler.handler.ArchiveHandler" if settings.archives else "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
    )
    return {
        "ALLOW_PRIVATE": list(settings.allow_private),
        "ASYNCIO_EVENT_LOOP": "uvloop.Loop" if find_spec("uvloop") else None,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.per_host_concurrency,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
        "DOWNLOAD_DELAY": settings.pause,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOAD_MAXSIZE": settings.max_document_bytes,
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOADER_MIDDLEWARES": dict.fromkeys(MIDDLEWARES_UNUSED),
        "EXTENSIONS_BASE": {},
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "REACTOR_THREADPOOL_MAXSIZE": 16,
        "SPIDER_MIDDLEWARES_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "TWISTED_DNS_RESOLVER": "crawler.guard.GuardedResolver",
        "USER_AGENT": settings.user_agent,
    }
