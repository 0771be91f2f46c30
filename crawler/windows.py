"""Windows of one Chromium: each in a context of its own, used for page after page of the same visit, and emptied in between.

What a window still has of a page when the next one comes is nothing that scripts can see: no document, cookies, storage or cache.
Only the process goes on, and what it has compiled, which is what makes it quick.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, CDPSession, Dialog, Error, Page, ViewportSize, WebSocketRoute

from .ledger import Ledger
from .settings import CrawlSettings
from .tab import LOAD_AXE, OWN_WORLD, Tab, quietly
from .traffic import Event, Traffic, watch
from .trials.axe import AXE_SCRIPT

CLOSE_SECONDS = 5.0
SHOWN_MOST, ORIGINS_MOST, IDLE_MOST = 25, 8, 4
"""Pages that one window shows at most; origins that a page may have had documents of, where its window is used again; windows
that wait for the next page of their visit."""
BRING_AXE = f"globalThis.{LOAD_AXE} = () => {{ {AXE_SCRIPT} }}"
"""Sent to Chromium once a window, not with every page; it costs next to nothing where it is not called."""
FORGET = "localStorage.clear(); sessionStorage.clear(); window.name = ''"
USUAL: ViewportSize = {"width": 1280, "height": 720}
EMPTY = [{"name": "Content-Type", "value": "text/html"}, {"name": "Cache-Control", "value": "no-store"}]


class Window:
    """One page of Chromium; `tab` is what it shows now, if anything."""

    def __init__(self, context: BrowserContext, page: Page, session: CDPSession, settings: CrawlSettings) -> None:
        self.tab: Tab | None = None
        self.on_crash: Callable[[], None] = lambda: None
        self._context, self._page, self._session, self._settings = context, page, session, settings
        self._shown = 0
        self._blank = ""
        self._errands: set[asyncio.Task[None]] = set()

    async def prepare(self, *, archived: bool) -> None:
        """Have all events brought here, and axe-core at hand in every document."""
        page, session = self._page, self._session
        await self._context.route_web_socket(re.compile(".*"), self.refuse)
        page.on("crash", lambda _: self.on_crash())
        page.on("dialog", self.asked)
        session.on("Fetch.requestPaused", self.paused)
        session.on("Network.requestWillBeSent", self.sent)
        session.on("Network.loadingFailed", self.lost)
        session.on("Network.loadingFinished", self.ended)
        await session.send("Page.enable")
        await session.send("Page.addScriptToEvaluateOnNewDocument", {"source": BRING_AXE, "worldName": OWN_WORLD})
        await watch(session, archived=archived)

    def show(self, traffic: Traffic, on_crash: Callable[[], None]) -> Tab:
        """Make room for a page, whose requests go through `traffic`; `on_crash` is called where its process ends."""
        self._shown += 1
        self.on_crash = on_crash
        self.tab = Tab(self._page, self._session, traffic, self._settings)
        return self.tab

    async def clear(self) -> bool:
        """Leave the page and forget all that it left behind. False where that fails, and after pages that misbehave: close it."""
        tab, self.tab = self.tab, None
        origins = tab.traffic.origins if tab else set()
        place = urlsplit(self._page.url)
        usual = tab is not None and tab.at_peace and len(origins) <= ORIGINS_MOST and place.scheme in ("http", "https")
        if not usual or self._shown >= SHOWN_MOST:
            return False
        self._blank = f"{place.scheme}://{place.netloc}/"
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._page.goto(self._blank, wait_until="commit")
                await self._session.send("Runtime.evaluate", {"expression": FORGET})
                if self._page.viewport_size != USUAL:  # a trial was cut short
                    await self._page.set_viewport_size(USUAL)
                await asyncio.gather(*(self._session.send(*command) for command in _forgetting(origins)))
        except (Error, TimeoutError):
            return False
        finally:
            self._blank = ""
        return True

    async def close(self) -> bool:
        """Close it; False where it does not close in time."""
        self.tab = None
        return await _close(self._context)

    def paused(self, event: Event) -> None:
        """A request waits for its decision. Between two pages there is an empty one, and nothing else."""
        if self.tab:
            self.tab.paused(event)
            return
        answer: Event = {"requestId": event["requestId"]}
        if event["request"]["url"] == self._blank and event["resourceType"] == "Document":
            errand = self._session.send("Fetch.fulfillRequest", answer | {"responseCode": 200, "responseHeaders": EMPTY})
        else:
            errand = self._session.send("Fetch.failRequest", answer | {"errorReason": "Aborted"})
        self._later(errand)

    def sent(self, event: Event) -> None:
        """Network.requestWillBeSent."""
        if self.tab:
            self.tab.traffic.sent(event)

    def lost(self, event: Event) -> None:
        """Network.loadingFailed."""
        if self.tab:
            self.tab.traffic.lost(event)

    def ended(self, event: Event) -> None:
        """Network.loadingFinished."""
        if self.tab:
            self.tab.traffic.ended(event)

    def asked(self, dialog: Dialog) -> None:
        """A dialog is open."""
        if self.tab:
            self.tab.dialog(dialog)
        else:
            self._later(dialog.dismiss())

    async def refuse(self, socket: WebSocketRoute) -> None:
        """No socket is opened."""
        if self.tab:
            self.tab.traffic.refuse_socket(socket.url)
        await socket.close()

    def _later(self, errand: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(quietly(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


class Windows:
    """The windows of one Chromium. `on_stuck` is called where one cannot be closed."""

    def __init__(self, browser: Browser, settings: CrawlSettings, on_stuck: Callable[[], None]) -> None:
        self._browser, self._settings, self._on_stuck = browser, settings, on_stuck
        self._idle: list[tuple[Ledger, Window]] = []

    @asynccontextmanager
    async def lend(self, traffic: Traffic, ledger: Ledger, on_crash: Callable[[], None]) -> AsyncIterator[Tab]:
        """A window for one page of the visit that `ledger` keeps account of: one that showed another page of it, or a new one."""
        window = self._waiting(ledger) or await _open(self._browser, self._settings, archived=traffic.archived)
        try:
            yield window.show(traffic, on_crash)
            traffic.settle_accounts()
            fit = await window.clear()
        except BaseException:
            traffic.settle_accounts()
            await self._close(window)
            while other := self._waiting(ledger):  # it may be about to fail as well
                await self._close(other)
            raise
        if not fit:
            await self._close(window)
            return
        self._idle.append((ledger, window))
        while len(self._idle) > IDLE_MOST:
            await self._close(self._idle.pop(0)[1])

    def _waiting(self, ledger: Ledger) -> Window | None:
        at = next((at for at, (whose, _) in enumerate(self._idle) if whose is ledger), None)
        return None if at is None else self._idle.pop(at)[1]

    async def _close(self, window: Window) -> None:
        if not await window.close():
            self._on_stuck()


async def _open(browser: Browser, settings: CrawlSettings, *, archived: bool) -> Window:
    """A fresh window. Raises Error where Chromium gives none."""
    context = await browser.new_context(
        user_agent=settings.user_agent,
        viewport=USUAL,
        reduced_motion="reduce",
        service_workers="block",
        accept_downloads=False,
        ignore_https_errors=True,
    )
    try:
        page = await context.new_page()
        window = Window(context, page, await context.new_cdp_session(page), settings)
        await window.prepare(archived=archived)
    except BaseException:
        await _close(context)
        raise
    return window


async def _close(context: BrowserContext) -> bool:
    """False where that takes too long."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await context.close()
    except TimeoutError:
        return False
    except Error:
        return True
    return True


def _forgetting(origins: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """CDP's commands that empty a context; that the cache is off for a moment empties what the page's process remembers."""
    return [
        ("Network.setCacheDisabled", {"cacheDisabled": True}),
        ("Network.setCacheDisabled", {"cacheDisabled": False}),
        ("Network.clearBrowserCache", {}),
        ("Network.clearBrowserCookies", {}),
        *(("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}) for origin in sorted(origins)),
    ]
