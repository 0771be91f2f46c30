"""One visit: from an entity's home page to a capture, and how it ended."""

import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from .archive import Archive
from .axe import axe_sample
from .browser import Browser
from .capture import Capture, DocumentFacts, Entity, Link, Page, PageFacts, Place, Reason, Visit
from .fetch import Fetched, Fetcher, Ledger
from .frontier import Candidate, Frontier, Lane
from .guide import Facts, Guide
from .pen import WarcPen
from .settings import CrawlSettings
from .site import Neighbours, Site

SCHEME_DOORS = frozenset({Reason.CONNECTION_REFUSED, Reason.CONNECTION_LOST, Reason.TIMEOUT, Reason.TLS_ERROR})
"""What the other of http and https may cure."""
NOTHING_THERE = frozenset({Reason.NOT_FOUND, Reason.ROBOTS_DISALLOWED})
"""Links that cost no budget: what is missing was seen to be missing, what is closed to robots was not asked for."""
FEW_UNSEEN = 0.25
"""Share of the entity's own pages and files that may have stayed unseen in a thorough visit; missing ones are left out."""
BARE_WORDS = 20
"""Words below which a home page without links tells nothing of the portal."""
PAGES_UNTIL = 0.6
"""Part of the visit's time after which pages give way to documents."""
RENDERED_MOST = 20


class Progress(NamedTuple):
    """Something happened: `event` is started, page or finished. `pages` and `documents` count what was read so far."""

    event: str
    entity: str
    pages: int
    documents: int


@dataclass(frozen=True)
class Tools:
    """What all visits of a run share. `read` is the reader, made safe to await; `browser` is None where switched off."""

    settings: CrawlSettings
    fetcher: Fetcher
    read: Callable[[bytes, str, str, str], Awaitable[Facts]]
    guide: Guide
    shared: Neighbours
    evidence_dir: Path
    archive: Archive | None
    browser: Browser | None
    on_progress: Callable[[Progress], None]


async def visit_entity(entity: Entity, tools: Tools) -> tuple[Capture, str]:
    """Visit one entity: its capture, and the path of the WARC with the evidence ("" where nothing was asked for).

    For an archive that is the file that was read: it is referred to, not copied.
    """
    visitor = _Visitor(entity, tools)
    home = next(iter(visitor.site.homes), "")
    if not home:
        reason = Reason.BAD_URL if entity.portals else Reason.NO_PORTAL
        return visitor.capture(reason, reached=False, thorough=False), ""
    if tools.archive:
        return await visitor.run(home), tools.archive.path_of(home)
    with WarcPen(tools.evidence_dir / f"{entity.id}.warc.gz", tools.settings.user_agent) as pen:
        visitor.ledger.pen = pen
        capture = await visitor.run(home)
        pen.close()
    return capture, str(pen.path)


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
        self.entity = entity
        self.tools = tools
        self.site = Site.of(entity.portals, tools.shared)
        self.ledger = Ledger(languages=entity.languages)
        self.pages: list[Page] = []
        self.notes: list[str] = []
        self._started_at = datetime.now(UTC)
        self._clock = time.monotonic()
        self._rendered = 0
        self._frontier = self._new_frontier()

    async def run(self, home: str) -> Capture:
        """The whole visit, beginning at `home`."""
        first = await self._open_home(home)
        if first.problem:
            return self.capture(first.problem, reached=False, thorough=False)
        if first.facts is None:
            return self.capture(Reason.NOT_HTML, reached=False, thorough=False)
        self._frontier.add((Link(url, "", Place.NAV, 0, "refresh") for url in self.site.homes), 0)
        self._frontier.add(first.facts.links, 0)
        while (candidate := self._frontier.pop()) and not self._out_of_time(1.0):
            await self._step(candidate)
            if self._out_of_time(PAGES_UNTIL):
                self._frontier.close(Lane.PAGE)
        await self._examine()
        return self._finished(first.facts)

    async def _open_home(self, home: str) -> Page:
        """The home page by the first door that opens; the first door's failure where none does."""
        attempts = [await self.tools.fetcher.get(home, self.ledger)]
        for other in () if self.tools.archive else other_doors(home, attempts[0].problem):
            if attempts[-1].problem is None:
                break
            attempts.append(await self.tools.fetcher.get(other, self.ledger))
        chosen = attempts[-1] if attempts[-1].problem is None else attempts[0]
        if chosen.problem:
            self.notes.append(chosen.detail or f"HTTP {chosen.status}")
        if chosen.problem is None and not self.site.owns(chosen.url):
            self.notes.append(f"home leads to {chosen.url}")
        if chosen.problem is None:
            self.site = self.site.joined(chosen.url)
            self._frontier = self._new_frontier()
            if not self.site.owns(chosen.url):
                chosen.problem = Reason.OFF_SITE
        page = await self._page(chosen, 0)
        self._frontier.seen(home, page.url)
        return page

    async def _step(self, candidate: Candidate) -> None:
        fetched = await self.tools.fetcher.get(candidate.url, self.ledger)
        page = await self._page(fetched, candidate.depth)
        self._frontier.seen(page.url)
        lane = Lane.DOCUMENT if page.document else Lane.PAGE
        missing = page.problem in NOTHING_THERE
        is_new = self._frontier.learn(candidate, lane=lane, digest=page.digest, missing=missing)
        if page.facts and is_new:
            self._frontier.add(page.facts.links, candidate.depth, delegated=page.delegated)

    async def _page(self, fetched: Fetched, depth: int) -> Page:
        """Turn what was fetched into a page with its facts, and put it on the list."""
        page = Page(fetched.url, fetched.requested_url, fetched.status, fetched.media_type, fetched.at, depth)
        page.size, page.digest, page.record_id = len(fetched.body), fetched.digest, fetched.record_id
        page.problem, page.truncated = fetched.problem, fetched.truncated
        page.delegated = not self.site.owns(fetched.url)
        if page.delegated and not self.tools.settings.follow_delegated:
            page.problem = Reason.OFF_SITE
        if page.problem is None:
            await self._read(page, fetched)
        self.pages.append(page)
        self._tell("page")
        return page

    async def _read(self, page: Page, fetched: Fetched) -> None:
        body = fetched.body
        if "html" in fetched.media_type and len(body) > self.tools.settings.max_page_bytes:
            body, page.truncated = body[: self.tools.settings.max_page_bytes], True
        try:
            facts = await self.tools.read(body, page.url, fetched.media_type, fetched.charset)
        except Exception as error:
            page.problem = Reason.INTERNAL_ERROR
            self.notes.append(f"{page.url} could not be read: {type(error).__name__}: {error}"[:300])
            return
        if isinstance(facts, DocumentFacts):
            page.document = facts
            return
        page.facts = facts
        if facts.shell and self._rendered < RENDERED_MOST:
            await self._render(page)

    async def _render(self, page: Page) -> None:
        """Replace the facts of a page that only scripts fill by those of what they make of it."""
        if self.tools.browser is None:
            return
        self._rendered += 1
        html = await self.tools.browser.render(page.url, self.ledger)
        if html is None:
            self.notes.append(f"{page.url} could not be rendered: {self.tools.browser.trouble}")
            return
        facts = await self.tools.read(html.encode(), page.url, "text/html", "utf-8")
        if isinstance(facts, PageFacts):
            page.facts, page.rendered = facts, True
            if self.ledger.pen:
                made = self.ledger.pen.conversion(page.url, page.fetched_at, page.record_id, html.encode(), "text/html")
                page.record_id, page.digest = made

    async def _examine(self) -> None:
        """Let axe-core judge a sample of pages."""
        browser = self.tools.browser
        if browser is None or not self.tools.settings.axe_pages:
            return
        for page in axe_sample(self.pages, self.tools.settings.axe_pages):
            page.axe = await browser.examine(page.url, self.ledger)
            if page.axe is None:
                self.notes.append(f"{page.url} was not examined: {browser.trouble}")

    def _finished(self, home: PageFacts) -> Capture:
        reason = Reason.BUDGET if self._frontier.left_over else Reason.COMPLETE
        in_time = not self._out_of_time(1.0)
        if not in_time:
            self.notes.append(f"stopped after {self.tools.settings.visit_seconds:g} s")
        if home.shell:
            reason = Reason.SCRIPT_ONLY
        if self._frontier.unsampled:
            self.notes.append("never sampled: " + ", ".join(sorted(self._frontier.unsampled)))
        cut = self.tools.archive.cut_short(self.pages[0].url) if self.tools.archive else None
        if cut:
            self.notes.append(f"{cut.name} is cut short: what its end held was not seen")
        whole = in_time and not cut and not self._frontier.cut_short and not self._frontier.unsampled
        # A page of a few words that leads nowhere is a sign on a door: it says nothing of what lies behind.
        bare = home.words < BARE_WORDS and not any(link.url for link in home.links)
        return self.capture(reason, reached=True, thorough=whole and not (home.shell or bare) and self._few_unseen())

    def capture(self, reason: Reason, *, reached: bool, thorough: bool) -> Capture:
        """The capture of what was seen so far."""
        visit = Visit(
            reason=reason,
            reached=reached,
            thorough=thorough,
            started_at=self._started_at,
            ended_at=datetime.now(UTC),
            seen_at=max((page.fetched_at for page in self.pages if page.problem is None), default=None),
            pages=self._pages_read(),
            documents=self._documents_read(),
            requests=self.ledger.requests,
            failures=self._failures(),
            left_over=self._frontier.left_over,
            bytes=self.ledger.received,
            hosts=tuple(self.ledger.hosts.values()),
            detail="; ".join(dict.fromkeys(self.notes))[:2000],
        )
        browser = self.tools.browser
        examined = browser is not None and any(page.axe is not None or page.rendered for page in self.pages)
        versions = (browser.axe_version, browser.version) if browser and examined else ("", "")
        return Capture(self.entity, visit, self.pages, *versions)

    def _new_frontier(self) -> Frontier:
        settings = self.tools.settings
        budgets = {
            Lane.PAGE: settings.page_budget - 1,
            Lane.DOCUMENT: settings.document_budget,
            Lane.IMAGE: settings.image_budget,
            Lane.DELEGATED: settings.delegated_budget if settings.follow_delegated else 0,
        }
        return Frontier(self.site, self.tools.guide.topics, budgets, max(settings.request_budget - 1 - sum(budgets.values()), 0))

    def _failures(self) -> int:
        """Failures on the entity's own hosts that leave something unseen; a page that is not there is seen not to be there."""
        calm = (None, Reason.NOT_FOUND, Reason.ROBOTS_DISALLOWED)
        return sum(page.problem not in calm and not page.delegated for page in self.pages)

    def _few_unseen(self) -> bool:
        """Whether nearly all that was asked for could be read: not failed, not closed to robots, not left for scripts to fill."""
        own = [page for page in self.pages if not page.delegated and page.problem is not Reason.NOT_FOUND]
        unseen = sum(page.problem is not None or (page.facts is not None and _is_unfilled(page.facts)) for page in own)
        return unseen <= FEW_UNSEEN * len(own)

    def _pages_read(self) -> int:
        return sum(page.facts is not None for page in self.pages)

    def _documents_read(self) -> int:
        return sum(page.document is not None for page in self.pages)

    def _out_of_time(self, share: float) -> bool:
        return time.monotonic() - self._clock > share * self.tools.settings.visit_seconds

    def _tell(self, event: str) -> None:
        self.tools.on_progress(Progress(event, self.entity.id, self._pages_read(), self._documents_read()))


def _is_unfilled(facts: PageFacts) -> bool:
    """Whether what people see was still to come when we looked. A page that only frames another one holds nothing of its own."""
    return facts.shell and not any(link.kind in ("frame", "iframe", "refresh") for link in facts.links)


def other_doors(home: str, reason: Reason | None) -> list[str]:
    """Other spellings of a home URL that may open where the first did not."""
    parts = urlsplit(home)
    if reason is Reason.UNKNOWN_HOST:
        host = parts.netloc.removeprefix("www.") if parts.netloc.startswith("www.") else "www." + parts.netloc
        return [] if ":" in host or host.rpartition(".")[2].isdigit() else [parts._replace(netloc=host).geturl()]
    if reason in SCHEME_DOORS and not parts.port:
        return [parts._replace(scheme="http" if parts.scheme == "https" else "https").geturl()]
    return []
