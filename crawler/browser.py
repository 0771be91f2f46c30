"""One Chromium for a whole run: renders pages that only scripts fill, and lets axe-core examine pages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from playwright.async_api import Error

from .archive import Archive
from .capture import RuleResult, Seen
from .chromium import Chromium, find_browser
from .gate import Gate
from .guard import Guard
from .larder import Larder
from .ledger import Ledger
from .settings import CrawlSettings
from .tab import AXE_SECONDS, PICTURE_SECONDS, READ_SECONDS, SETTLE_SECONDS, STOP_SECONDS
from .traffic import Allowed, Traffic
from .trials.axe import AXE_VERSION
from .windows import CLOSE_SECONDS

__all__ = ["Browser", "Rendering", "find_browser"]

Turn = Callable[[str], Awaitable[None]]
"""Waits until it is polite to ask for a URL."""

AT_ONCE = 4
MOMENT_SECONDS = 0.2
PAGE_SECONDS = 2 * SETTLE_SECONDS + STOP_SECONDS + READ_SECONDS + PICTURE_SECONDS + 2 * CLOSE_SECONDS


@dataclass(frozen=True, slots=True)
class Rendering:
    """A page as scripts have left it.

    `url` is where they led; `html` the document, at most `max_page_bytes` characters of it (`truncated`: there was more);
    `screenshot` a JPEG of what a person sees first, b"" where it could not be drawn. `starved`: something that may fill the page
    did not come, or its scripts had to be stopped; `failed` says what, as "URL: why". `axe` is None where it was not asked for,
    and where axe-core did not finish: `unexamined` says why. `seen` is what trying the page out showed, beside axe-core only.
    """

    url: str
    html: str
    screenshot: bytes
    starved: bool
    failed: tuple[str, ...]
    truncated: bool
    axe: tuple[RuleResult, ...] | None = None
    unexamined: str = ""
    seen: Seen | None = None


class _LostError(Exception):
    """Chromium, or the page's process in it, ended or hung before the page was read."""


class Browser:
    """A pool of pages in one Chromium. Nothing here raises: what cannot be had is None, and `trouble` says why.

    `allowed` is what is known of robots.txt; `turn` is awaited before each page; `at_once` pages are open at most.
    A Chromium that ended or hangs is replaced. What was open in it is tried once more, alone, so that the page that broke it
    takes no other one with it a second time.
    """

    axe_version = AXE_VERSION

    def __init__(
        self,
        settings: CrawlSettings,
        guard: Guard,
        archive: Archive | None,
        allowed: Allowed | None = None,
        turn: Turn | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.version = ""
        self.trouble = ""
        self._settings = settings
        self._guard = guard
        self._gate = Gate(guard, settings.timeout_seconds)
        self._proxy = ""
        self._archive = archive
        self._allowed = allowed
        self._turn = turn
        self._larder = Larder()
        self._at_once = at_once
        self._slots = asyncio.Semaphore(at_once)
        self._gathering = asyncio.Lock()
        self._starting = asyncio.Lock()
        self._chromium: Chromium | None = None
        self._missing = ""

    async def render(self, url: str, ledger: Ledger) -> Rendering | None:
        """The page as scripts have left it; None where it cannot be had. `ledger` keeps account."""
        return await self.look(url, ledger)

    async def examine(self, url: str, ledger: Ledger) -> tuple[RuleResult, ...] | None:
        """What axe-core says of the page at `url`; None where it cannot be had."""
        seen = await self.look(url, ledger, axe=True)
        return seen.axe if seen else None

    async def look(self, url: str, ledger: Ledger, *, axe: bool = False, hands: bool = True) -> Rendering | None:
        """All in one load: the page, what axe-core says of it, and what trying it out shows; `hands`: by handling it, too."""
        trouble = ""
        for place in (self._beside_others, self._alone):
            try:
                async with place():
                    seen = await self._visit(url, ledger, axe, hands)
                self.trouble = seen.unexamined or self.trouble
                return seen
            except _LostError as lost:
                trouble = str(lost)
            except Exception as error:  # whatever breaks here must not cost what was crawled
                trouble = _words(error)
                break
        self.trouble = trouble
        return None

    async def picture_of(self, url: str, selector: str, ledger: Ledger) -> bytes:
        """A PNG of an element of the page at `url`; b"" where it cannot be had, and `trouble` says why."""
        self.trouble = ""
        async with self._beside_others():
            try:
                chromium = await self._ready()
            except Error as error:
                self.trouble = _words(error)
                return b""
            traffic = Traffic(self._guard, self._archive, self._larder, self._allowed, ledger)
            try:
                async with asyncio.timeout(self._limit(axe=False)), chromium.windows.lend(traffic, ledger, chromium.kill) as tab:
                    await tab.show(url)
                    await tab.settle()
                    return await tab.portrait(selector)
            except (Error, TimeoutError) as error:
                self.trouble = _words(error)
                return b""
            finally:
                chromium.active -= 1

    async def close(self) -> None:
        """End Chromium, then close the gate behind it."""
        chromium, self._chromium = self._chromium, None
        if chromium:
            await chromium.end()
        await self._gate.close()
        self._proxy = ""

    @asynccontextmanager
    async def _beside_others(self) -> AsyncIterator[None]:
        async with self._slots:
            yield

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """With all slots in one hand: nothing else is open."""
        async with self._gathering, AsyncExitStack() as hand:
            for _ in range(self._at_once):
                await hand.enter_async_context(self._slots)
            yield

    async def _visit(self, url: str, ledger: Ledger, axe: bool, hands: bool) -> Rendering:
        """One attempt. Raises _LostError where another one may do better."""
        if self._turn:
            await self._turn(url)
        chromium = await self._ready()
        try:
            return await self._watched(chromium, url, ledger, axe, hands)
        except _LostError:
            raise
        except Exception:
            if await chromium.answers():
                raise
            chromium.kill()
            raise _LostError("Chromium hangs") from None
        finally:
            chromium.active -= 1
            if not chromium.active and not chromium.fit:
                await self._retire(chromium)

    async def _watched(self, chromium: Chromium, url: str, ledger: Ledger, axe: bool, hands: bool) -> Rendering:
        """Read a page, as long as it, its process and its Chromium live and its time lasts."""
        crashed = asyncio.Event()
        work = asyncio.ensure_future(self._read(chromium, url, ledger, axe, hands, crashed))
        ends = [asyncio.ensure_future(event.wait()) for event in (crashed, chromium.ended)]
        try:
            await asyncio.wait({work, *ends}, timeout=self._limit(axe), return_when=asyncio.FIRST_COMPLETED)
            if work.done() and not work.exception():
                return work.result()
            if work.done():  # news of a death may come a moment after what it broke
                await asyncio.wait(ends, timeout=MOMENT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if crashed.is_set():
                raise _LostError("the page brings down its process in Chromium")
            if chromium.ended.is_set():
                raise _LostError("Chromium ended")
            if work.done():
                return work.result()
            raise TimeoutError
        finally:
            for task in (work, *ends):
                task.cancel()
            await asyncio.gather(work, *ends, return_exceptions=True)

    async def _read(
        self, chromium: Chromium, url: str, ledger: Ledger, axe: bool, hands: bool, crashed: asyncio.Event
    ) -> Rendering:
        traffic = Traffic(self._guard, self._archive, self._larder, self._allowed, ledger)
        async with chromium.windows.lend(traffic, ledger, crashed.set) as tab:
            status = await tab.show(url)
            if status >= 400:
                raise Error(f"HTTP {status}")
            await tab.settle()
            html, cut = await tab.source()
            screenshot = await tab.picture()
            failed = traffic.failed + ((f"{url}: {tab.stopped}",) if tab.stopped else ())
            seen = Rendering(tab.url, html, screenshot, bool(failed), failed, cut)
            if not axe:
                return seen
            weight = await tab.weigh()  # before axe-core asks for style sheets itself
            try:
                seen = replace(seen, axe=await tab.examine())
            except (Error, TimeoutError) as error:
                return replace(seen, unexamined=_words(error))
            return replace(seen, seen=replace(await tab.try_out(hands=hands), weight=weight))

    def _limit(self, axe: bool) -> float:
        """Seconds that one attempt may take, from an open Chromium to the last press of a key."""
        return self._settings.timeout_seconds + PAGE_SECONDS + (AXE_SECONDS + self._settings.try_seconds) * axe

    async def _ready(self) -> Chromium:
        """A running Chromium with room for a page: started at first need, after a crash, and now and then to give memory back."""
        async with self._starting:
            if self._missing:
                raise Error(self._missing)
            if self._chromium is None or not self._chromium.fit:
                before, self._chromium = self._chromium, None
                if before and not before.active:
                    await before.end()
                self._chromium = await self._start()
            self._chromium.active += 1
            self._chromium.served += 1
            return self._chromium

    async def _start(self) -> Chromium:
        self._proxy = self._proxy or await self._gate.open()
        try:
            chromium = await Chromium.start(self._settings, self._proxy)
        except (Error, OSError, TimeoutError) as error:
            trouble = f"Chromium does not start: {error}"
            self._missing = "" if self.version else trouble
            raise Error(trouble) from error
        self.version = chromium.browser.version
        return chromium

    async def _retire(self, chromium: Chromium) -> None:
        """Its last page is closed: end it."""
        if self._chromium is chromium:
            self._chromium = None
        await chromium.end()


def _words(error: Exception) -> str:
    """What went wrong, in one line."""
    return (str(error).strip() or "the page does not answer").splitlines()[0][:300]
