"""One visit: from an entity's home page to a capture."""

import asyncio
import time
import traceback
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from . import sitemaps
from .capture import Capture, Entity, Link, Page, PageFacts, Place, Reason, Visit
from .ending import Course
from .examining import Examination
from .fetch import Fetched
from .frontier import Candidate, Frontier, Lane
from .ledger import Ledger
from .pen import WarcPen
from .reading import Lens
from .territory import Territory
from .tools import Progress, Tools, Warcs

Result = TypeVar("Result")

SCHEME_DOORS = frozenset({Reason.CONNECTION_REFUSED, Reason.CONNECTION_LOST, Reason.TIMEOUT, Reason.TLS_ERROR})
"""What the other of http and https may cure."""
NOTHING_THERE = frozenset({Reason.NOT_FOUND, Reason.ROBOTS_DISALLOWED})
"""Links that cost no budget: what is missing was seen to be missing, what is closed to robots was not asked for."""
CRAWL_SHARE, PAGE_SHARE = 0.85, 0.55
"""Parts of a visit's time after which crawling gives way to axe-core, and pages to documents."""


async def visit_entity(entity: Entity, tools: Tools) -> tuple[Capture, Warcs]:
    """Visit one entity: its capture, and the WARC files with the evidence: its own, then those to which that one refers.

    None where nothing was asked for. For an archive they are the files that were read: referred to, not copied; and one with
    what scripts made of its pages.
    """
    visitor = _Visitor(entity, tools)
    home = next(iter(visitor.territory.homes), "")
    if not home:
        reason = Reason.BAD_URL if entity.portals else Reason.NO_PORTAL
        return visitor.course.capture(reason, reached=False, thorough=False), ()
    made = tools.evidence_dir / f"{entity.id}.warc.gz"
    known = {} if tools.archive else await asyncio.to_thread(tools.earlier, entity.id)
    with WarcPen(made, tools.settings.user_agent, known) as pen:
        visitor.course.ledger.pen = None if tools.archive else pen
        visitor.lens.pen = pen
        capture = await visitor.run(home)
        if tools.archive:
            read = dict.fromkeys([tools.archive.path_of(home), *map(str, tools.archive.paths)])
            return capture, (*read, *_finished(pen, wanted=any(page.rendered for page in capture.pages)))
        return capture, (*_finished(pen, wanted=True), *sorted(pen.borrowed))


def _finished(pen: WarcPen, *, wanted: bool) -> Warcs:
    """Put the pen's file under its name where it is wanted: of an archive only what scripts made of pages is new."""
    if wanted:
        pen.close()
    return (str(pen.path),) if wanted else ()


def failed_capture(entity: Entity, started_at: datetime, error: BaseException) -> Capture:
    """The capture of an entity whose visit broke down on our side."""
    steps = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(steps[-1].filename).name}:{steps[-1].lineno})" if steps else ""
    detail = f"{type(error).__name__}: {error}"[:500] + place
    now = datetime.now(UTC)
    visit = Visit(reason=Reason.INTERNAL_ERROR, reached=False, thorough=False, started_at=started_at, ended_at=now, detail=detail)
    return Capture(entity, visit)


class _Visitor:
    """The state of one visit."""

    def __init__(self, entity: Entity, tools: Tools) -> None:
        self.tools = tools
        self.territory = Territory.of(entity.portals, tools.shared)
        self.course = Course(entity, Ledger(languages=entity.languages))
        self.lens = Lens(tools, self.course, lambda url: self.territory.owns(url))
        self._clock = time.monotonic()
        self._sitemaps_left = tools.settings.sitemap_budget
        self._frontier = self._new_frontier()

    async def run(self, home: str) -> Capture:
        """The whole visit, beginning at `home`. Ends in time, whatever the portal does."""
        first = await self._in_time(1.0, self._open_home(home))
        if first is None or first.problem:
            return self.course.capture(
                first.problem if first and first.problem else Reason.TIMEOUT, reached=False, thorough=False
            )
        if first.facts is None:
            return self.course.capture(Reason.NOT_HTML, reached=False, thorough=False)
        if not await self._in_time(CRAWL_SHARE, self._crawl(first, first.facts)):
            self.course.stop(Reason.BUDGET, f"stopped after {self._elapsed():.0f} s")
        examination = Examination(self.course, self.tools)
        await self._in_time(1.0, examination.run())
        self.course.notes += examination.notes()
        self._look_for_tears(first.url)
        capture = self.course.finished(first, self._frontier)
        browser = self.tools.browser
        if browser and any(page.axe is not None or page.rendered for page in capture.pages):
            capture.axe_version, capture.browser_version = browser.axe_version, browser.version
        return capture

    def _look_for_tears(self, home: str) -> None:
        cut = self.tools.archive.cut_short(home) if self.tools.archive else None
        if cut:
            self.course.torn = True
            self.course.notes.append(f"{cut.name} is cut short: what its end held was not seen")

    async def _in_time(self, share: float, work: Coroutine[Any, Any, Result]) -> Result | None:
        """Do it until this share of the visit's time is over; None where that was too short."""
        try:
            return await asyncio.wait_for(work, max(share * self.tools.settings.visit_seconds - self._elapsed(), 0.01))
        except TimeoutError:
            return None

    async def _open_home(self, home: str) -> Page:
        """The home page by the first door that opens; the first door's failure where none does."""
        fetcher, ledger = self.tools.fetcher, self.course.ledger
        attempts = [await fetcher.get(home, ledger)]
        for other in () if self.tools.archive else other_doors(home, attempts[0].problem):
            if attempts[-1].problem is None:
                break
            attempts.append(await fetcher.get(other, ledger))
        chosen = attempts[-1] if attempts[-1].problem is None else attempts[0]
        if chosen.problem:
            self.course.notes.append(chosen.detail or f"HTTP {chosen.status}")
        elif not self._settles_at(chosen.url):
            chosen.problem = Reason.OFF_SITE
        page = await self._page(chosen, 0)
        if page.rendered and page.delegated:  # scripts led on to another host
            page.delegated = not self._settles_at(page.url)
        self._frontier.seen(home, page.url)
        return page

    def _settles_at(self, url: str) -> bool:
        """Take the place where home was found for the entity's own; False where it is another body's."""
        if not self.territory.owns(url):
            self.course.notes.append(f"home leads to {url}")
        self.territory = self.territory.joined(url)
        self._frontier = self._new_frontier()
        return self.territory.owns(url)

    async def _crawl(self, home: Page, facts: PageFacts) -> bool:
        """Follow links, the best one first, while something may still be proven and the portal bears with us."""
        self._frontier.add((Link(url, "", Place.NAV, 0, "refresh") for url in self.territory.homes), 0)
        self._frontier.add(facts.links, 0, via=home.url)
        await self._read_sitemaps(home.url)
        while self.course.stopped is None and (candidate := self._frontier.pop()):
            await self._step(candidate)
            self._keep_bounds()
        return True

    async def _read_sitemaps(self, home: str) -> None:
        """Hear from the portal's own lists which pages it has."""
        fetcher, ledger = self.tools.fetcher, self.course.ledger
        waiting = await fetcher.sitemaps(home, ledger) or sitemaps.guesses(home)
        asked: set[str] = set()
        while waiting and self._sitemaps_left > 0:
            url = waiting.pop(0)
            if url in asked or not self.territory.owns(url):
                continue
            asked.add(url)
            self._sitemaps_left -= 1
            fetched = await fetcher.get(url, ledger)
            self._frontier.seen(url)
            if fetched.problem is None:
                listing = await asyncio.to_thread(sitemaps.links, fetched.body, fetched.url)
                self.course.lists += [fetched.url] if listing.pages or listing.files else []
                self._frontier.add(listing.pages, 0, via=url)
                waiting += listing.files

    async def _step(self, candidate: Candidate) -> None:
        ledger = self.course.ledger
        ledger.via, ledger.depth = candidate.via, candidate.depth
        fetched = await self.tools.fetcher.get(candidate.url, ledger)
        page = await self._page(fetched, candidate.depth, candidate.via)
        self._frontier.seen(page.url)
        lane = Lane.DOCUMENT if page.document else Lane.PAGE
        canonical = page.facts.canonical if page.facts else ""
        missing = page.problem in NOTHING_THERE
        is_new = self._frontier.learn(candidate, lane=lane, digest=page.digest, canonical=canonical, missing=missing)
        if page.facts and is_new:
            self._frontier.add(page.facts.links, candidate.depth, via=page.url, delegated=page.delegated, source=candidate)
        elif page.document and page.document.kind == "xml" and is_new and not page.delegated and self._sitemaps_left > 0:
            self._sitemaps_left -= 1
            feed = await asyncio.to_thread(sitemaps.links, fetched.body, page.url)
            self._frontier.add(feed.pages, candidate.depth, via=page.url)

    def _keep_bounds(self) -> None:
        """Stop where the visit took all that it may take; let documents have their part of the time."""
        settings, course = self.tools.settings, self.course
        if course.ledger.received > settings.visit_bytes:
            course.stop(Reason.BUDGET, f"stopped after {course.ledger.received} bytes")
        if course.held > settings.held_bytes:
            course.stop(Reason.BUDGET, f"stopped with {course.held} bytes of pages in memory")
        if self._elapsed() > PAGE_SHARE * settings.visit_seconds:
            self._frontier.hurry()

    async def _page(self, fetched: Fetched, depth: int, via: str = "") -> Page:
        page = await self.lens.page(fetched, depth, via)
        self.course.add(page)
        course = self.course
        self.tools.on_progress(Progress("page", course.entity.id, course.pages_read, course.documents_read))
        return page

    def _new_frontier(self) -> Frontier:
        settings, guide = self.tools.settings, self.tools.guide
        budgets = {
            Lane.PAGE: settings.page_budget - 1,
            Lane.DOCUMENT: settings.document_budget,
            Lane.IMAGE: settings.image_budget,
            Lane.DELEGATED: settings.delegated_budget if settings.follow_delegated else 0,
        }
        return Frontier(
            self.territory,
            guide.topics,
            budgets,
            max(settings.request_budget - 1 - sum(budgets.values()), 0),
            strategy=settings.strategy,
            platforms=guide.platforms.get(self.course.entity.country, ()),
            delegated_steps=settings.delegated_steps,
        )

    def _elapsed(self) -> float:
        return time.monotonic() - self._clock


def other_doors(home: str, reason: Reason | None) -> list[str]:
    """Other spellings of a home URL that may open where the first did not."""
    parts = urlsplit(home)
    if reason is Reason.UNKNOWN_HOST:
        host = parts.netloc.removeprefix("www.") if parts.netloc.startswith("www.") else "www." + parts.netloc
        return [] if ":" in host or host.rpartition(".")[2].isdigit() else [parts._replace(netloc=host).geturl()]
    if reason in SCHEME_DOORS and not parts.port:
        return [parts._replace(scheme="http" if parts.scheme == "https" else "https").geturl()]
    return []
