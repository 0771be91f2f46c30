"""The Scrapy spider: many visits at once in one process, each with its own frontier."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Spider

from .archive import Archive
from .browser import Browser
from .capture import Capture, Entity
from .desk import Desk, UnreadableError
from .fetch import Fetcher
from .guard import Guard
from .guide import Guide
from .hours import wait_seconds
from .settings import CrawlSettings
from .territory import neighbours
from .tools import Earlier, Eyes, Progress, Tools, Warcs
from .visit import failed_capture, visit_entity

TIDY_SECONDS = 15.0
LONGEST_SLEEP = 60.0
"""Clocks are set and machines sleep: while waiting for the night it is better to look again."""


@dataclass
class Job:
    """What a run of the spider is given, and how it ended. `done` are ids of entities that are not visited again.

    `complete` is set when every entity was handled; `fatal` is an error of the caller's own functions, which ends the run.
    """

    entities: Sequence[Entity]
    settings: CrawlSettings
    guide: Guide
    on_capture: Callable[[Capture, Warcs], None]
    on_progress: Callable[[Progress], None]
    evidence_dir: Path
    archive: Archive | None
    earlier: Earlier
    done: frozenset[str] = frozenset()
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
        settings, guard = job.settings, guard_of(job)
        assert self.crawler.engine is not None
        fetcher = Fetcher(self.crawler.engine, settings, guard, job.archive)
        browser = browser_of(job, guard, fetcher) if settings.browser else None
        desk = Desk(job.guide.read, settings.reader_seconds, settings.reader_bytes)
        shared = neighbours((entity.portals for entity in job.entities), settings.shared_hosts)
        tools = Tools(
            settings, fetcher, desk.read, job.guide, shared, job.evidence_dir, job.archive, browser, job.earlier, job.on_progress
        )
        try:
            await desk.open()
            await self._work(tools)
            job.complete = True
        except UnreadableError as error:
            job.fatal = error
        except BaseExceptionGroup as group:
            job.fatal = group.exceptions[0]
        finally:
            await desk.close()
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
        entities = iter([entity for entity in self.job.entities if entity.id not in self.job.done])
        async with asyncio.TaskGroup() as workers:
            for _ in range(self.job.settings.portals_at_once):
                workers.create_task(self._worker(entities, tools))

    async def _worker(self, entities: Iterator[Entity], tools: Tools) -> None:
        """Visit one entity after the other; hand each capture over and forget it."""
        settings, zones = self.job.settings, self.job.guide.zones
        for entity in entities:
            zone = zones.get(entity.country, "UTC")
            while wait := wait_seconds(settings.hours, zone, settings.visit_seconds, datetime.now(UTC)):
                self.job.on_progress(Progress("waiting", entity.id, 0, 0))
                await asyncio.sleep(min(wait, LONGEST_SLEEP))
            self.job.on_progress(Progress("started", entity.id, 0, 0))
            started_at = datetime.now(UTC)
            try:
                capture, warcs = await visit_entity(entity, tools)
            except Exception as error:
                self.logger.info("The visit of %s broke down", entity.id, exc_info=True)
                capture, warcs = failed_capture(entity, started_at, error), ()
            self.job.on_capture(capture, warcs)
            self.job.on_progress(Progress("finished", entity.id, capture.visit.pages, capture.visit.documents))


def browser_of(job: Job, guard: Guard, fetcher: Fetcher) -> Eyes:
    """The browser that the settings ask for."""
    given = job.settings, guard, job.archive, fetcher.allowed, fetcher.wait_for
    if not job.settings.webdriver:
        return Browser(*given)
    from .webdriver import WebDriverBrowser

    return WebDriverBrowser(*given)


def guard_of(job: Job) -> Guard:
    """The guard of a job: closed where its settings say so, where all its portals are private ones, and for an archive."""
    if job.archive:
        return Guard(only=())
    portals = [portal for entity in job.entities for portal in entity.portals]
    return Guard.of(job.settings.allow_private, portals, job.settings.closed)
