"""The Scrapy spider: many visits at once in one process, each with its own frontier."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Spider

from .archive import Archive
from .browser import Browser
from .capture import Capture, Entity
from .fetch import Fetcher
from .guard import Guard
from .guide import Facts, Guide, Reader
from .settings import CrawlSettings
from .site import neighbours
from .visit import Progress, Tools, failed_capture, visit_entity

TIDY_SECONDS = 15.0


@dataclass
class Job:
    """What a run of the spider is given, and how it ended.

    `complete` is set when every entity was handled; `fatal` is an error of the caller's own functions, which ends the run.
    """

    entities: Sequence[Entity]
    settings: CrawlSettings
    guide: Guide
    on_capture: Callable[[Capture, str], None]
    on_progress: Callable[[Progress], None]
    evidence_dir: Path
    archive: Archive | None
    complete: bool = False
    fatal: BaseException | None = field(default=None)


class PortalSpider(Spider):
    """Works through the entities of a Job, `portals_at_once` at a time.

    Visits ask Scrapy's engine for one URL after the other instead of yielding requests: an entity's best next link is known
    only when the page before it was read.
    """

    name = "portals"

    def __init__(self, job: Job, **more: Any) -> None:
        super().__init__(**more)
        self.job = job
        self.archive = job.archive
        self._tidy = asyncio.Event()

    async def start(self) -> AsyncIterator[Any]:
        """Do the whole job. Nothing is yielded: Scrapy's part is to fetch."""
        job = self.job
        guard = guard_of(job)
        browser = Browser(job.settings, guard, job.archive) if job.settings.browser else None
        assert self.crawler.engine is not None
        fetcher = Fetcher(self.crawler.engine, job.settings, guard, job.archive)
        # One thread reads: the readers of documents are not made for more, and the loop stays free to keep its times.
        with ThreadPoolExecutor(1, "reader") as desk:
            tools = Tools(
                job.settings,
                fetcher,
                _reading(job.guide.read, desk),
                job.guide,
                neighbours((entity.portals for entity in job.entities), job.settings.shared_hosts),
                job.evidence_dir,
                job.archive,
                browser,
                job.on_progress,
            )
            try:
                await self._work(tools)
                job.complete = True
            except BaseExceptionGroup as group:
                job.fatal = group.exceptions[0]
            finally:
                if browser:
                    await browser.close()
                self._tidy.set()
        nothing: tuple[Any, ...] = ()
        for never in nothing:
            yield never

    async def closed(self, reason: str) -> None:
        """Scrapy's last call, after Ctrl-C too: let visits that were cut off clear away their drafts and their browser."""
        await asyncio.wait_for(self._tidy.wait(), TIDY_SECONDS)

    async def _work(self, tools: Tools) -> None:
        entities = iter(self.job.entities)
        async with asyncio.TaskGroup() as workers:
            for _ in range(self.job.settings.portals_at_once):
                workers.create_task(self._worker(entities, tools))

    async def _worker(self, entities: Iterator[Entity], tools: Tools) -> None:
        """Visit one entity after the other; hand each capture over and forget it."""
        for entity in entities:
            self.job.on_progress(Progress("started", entity.id, 0, 0))
            started_at = datetime.now(UTC)
            try:
                capture, warc = await visit_entity(entity, tools)
            except Exception as error:
                self.logger.info("The visit of %s broke down", entity.id, exc_info=True)
                capture, warc = failed_capture(entity, started_at, error), ""
            self.job.on_capture(capture, warc)
            self.job.on_progress(Progress("finished", entity.id, capture.visit.pages, capture.visit.documents))


def guard_of(job: Job) -> Guard:
    """The guard of a job: closed where its settings say so, where all its portals are private ones, and for an archive."""
    if job.archive:
        return Guard(only=())
    guard = Guard(job.settings.allow_private)
    portals = [portal for entity in job.entities for portal in entity.portals]
    closed = job.settings.closed
    if closed is None:
        closed = bool(portals) and all(map(guard.allows, portals))
    return Guard(job.settings.allow_private, portals) if closed else guard


def _reading(reader: Reader, desk: ThreadPoolExecutor) -> Callable[..., Any]:
    async def read(body: bytes, url: str, media_type: str, charset: str) -> Facts:
        return await asyncio.get_running_loop().run_in_executor(desk, reader, body, url, media_type, charset)

    return read
