"""One page in Chromium: opened, left alone until it stands still, stopped where it never does, read and pictured."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, Dialog, Error, Page, WebSocketRoute

from .capture import RuleResult, Seen, Weight
from .settings import CrawlSettings
from .traffic import Event, Traffic
from .trials import HANDS_ON, LOOKS, Stage, try_out
from .trials.axe import run_axe

SETTLE_SECONDS, READ_SECONDS, PICTURE_SECONDS, AXE_SECONDS, CLOSE_SECONDS = 15.0, 10.0, 5.0, 30.0, 5.0
LOADED_SECONDS, STILL_SECONDS = 8.0, 5.0
BUSY_SECONDS, STOP_SECONDS, AGAIN_SECONDS, BREATH_SECONDS = 8.0, 10.0, 0.25, 0.1
"""How long scripts may leave a page no moment to answer; how long stopping them may take, and how soon that is tried again; a
pause on the way to another page."""
MOST_DIALOGS = 20
PICTURE = {"format": "jpeg", "quality": 60, "captureBeyondViewport": False}

LOADED = """new Promise(done => {
  if (document.readyState === 'complete') done();
  addEventListener('load', done);
  setTimeout(done, 8000);
})"""
"""Resolves once all that the document names is loaded, after 8 s (LOADED_SECONDS) at the latest: some pages never are."""

STILL = """new Promise(done => {
  const quiet = 300, longest = 5000;
  let timer = setTimeout(done, quiet);
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, quiet); })
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  setTimeout(done, longest);
})"""
"""Resolves once the document has stood still for 300 ms, after 5 s (STILL_SECONDS) at the latest."""

SOURCE = """(most => {
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : '';
  const all = kind + (document.documentElement ? document.documentElement.outerHTML : '');
  return [all.slice(0, most).toWellFormed(), all.length > most];
})"""
"""The document as markup, at most so many UTF-16 units of it, and whether that cut it."""


class Tab:
    """One page, in a context of its own."""

    def __init__(self, page: Page, session: CDPSession, traffic: Traffic, settings: CrawlSettings) -> None:
        self.stopped = ""
        self._page = page
        self._session = session
        self._traffic = traffic
        self._settings = settings
        self._dialogs = 0
        self._world = 0
        self._patience: asyncio.Timeout | None = None
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where the page is now: scripts and refreshes lead on."""
        return self._page.url

    async def show(self, url: str) -> int:
        """Go there; gives the HTTP status as soon as the document begins. Raises Error where nothing comes."""
        answer = await self._page.goto(url, wait_until="commit", timeout=self._settings.timeout_seconds * 1000)
        return answer.status if answer else 0

    async def settle(self) -> None:
        """Wait until the page stands still and nothing that may fill it is under way. One that cannot be asked is stopped."""
        try:
            async with asyncio.timeout(None) as self._patience:
                await self._stand_still()
                return
        except TimeoutError:
            pass
        finally:
            self._patience = None
        await self.stop("its scripts run without end")

    async def _stand_still(self) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + SETTLE_SECONDS
        while clock() < end:
            try:
                await self._ask("0", BUSY_SECONDS)
                await self._ask(LOADED, LOADED_SECONDS + BUSY_SECONDS)
                before = self._traffic.arrivals
                await self._ask(STILL, STILL_SECONDS + BUSY_SECONDS)
                await self._traffic.quiet(end - clock())
                if self._traffic.arrivals == before:
                    return
            except Error:  # it led on to another page meanwhile
                await asyncio.sleep(BREATH_SECONDS)

    async def stop(self, why: str) -> None:
        """Let no script of the page run any more, also not the one that runs now, and wait for nothing that it would do."""
        if self.stopped:
            return
        self.stopped = why
        if self._patience:
            self._patience.reschedule(0)
        self.later(self._session.send("Emulation.setScriptExecutionDisabled", {"value": True}))
        self.later(self._session.send("Network.disable"))
        reaction = asyncio.ensure_future(_quietly(self._session.send("DOM.getDocument", {"depth": 0})))
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while not reaction.done():  # some scripts are at once followed by what they left to do
                    self.later(self._session.send("Runtime.terminateExecution"))
                    await asyncio.wait({reaction}, timeout=AGAIN_SECONDS)
        finally:
            reaction.cancel()

    async def source(self) -> tuple[str, bool]:
        """The document as scripts have left it, and whether only its first part is given."""
        html, cut = await self._ask(f"{SOURCE}({self._settings.max_page_bytes})", READ_SECONDS)
        return html.encode("utf-8", "replace").decode(), cut

    async def picture(self) -> bytes:
        """What a person sees first, as JPEG; b"" where Chromium cannot draw it in time."""
        try:
            async with asyncio.timeout(PICTURE_SECONDS):
                answer = await self._session.send("Page.captureScreenshot", PICTURE)
        except (Error, TimeoutError):
            return b""
        return base64.b64decode(answer["data"])

    async def examine(self) -> tuple[RuleResult, ...]:
        """What axe-core says of the page. Raises Error where scripts had to be stopped: axe-core is one."""
        if self.stopped:
            raise Error(self.stopped)
        async with asyncio.timeout(AXE_SECONDS):
            return await run_axe(self._page)

    async def weigh(self) -> Weight | None:
        """What the page has fetched so far; None where its scripts had to be stopped."""
        try:
            loaded = bool(await self._ask("document.readyState === 'complete'", READ_SECONDS))
        except (Error, TimeoutError):
            return None
        weight = self._traffic.weight
        return None if self.stopped else replace(weight, whole=weight.whole and loaded)

    async def try_out(self, *, hands: bool) -> Seen:
        """What trials show of the page, those that handle it only where `hands` says so. Never raises."""
        if self.stopped or self._traffic.withheld or not self._settings.try_seconds:
            return Seen()
        stage = Stage(self._page, self._session, self._ask, self._settings)
        return await try_out(stage, (*LOOKS, *HANDS_ON) if hands else LOOKS)

    async def _own_world(self) -> int:
        """CDP's Runtime.ExecutionContextId of a place where the page's scripts cannot meddle; it ends with the document."""
        if not self._world:
            tree = await self._session.send("Page.getFrameTree")
            world = await self._session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
            self._world = int(world["executionContextId"])
        return self._world

    async def _ask(self, expression: str, seconds: float) -> Any:
        """Evaluate out of reach of the page's own scripts. Raises TimeoutError, and Error where the page went away meanwhile."""
        async with asyncio.timeout(seconds):
            wanted = {"expression": expression, "contextId": await self._own_world(), "awaitPromise": True, "returnByValue": True}
            try:
                answer = await self._session.send("Runtime.evaluate", wanted)
            except Error:
                self._world = 0
                raise
        if "exceptionDetails" in answer:
            raise Error(answer["exceptionDetails"].get("text", "cannot be read"))
        return answer["result"].get("value")

    def paused(self, event: Event) -> None:
        """A request of the page waits for its decision; in a flood of them none gets any, so that other pages keep their time."""
        if not self._traffic.flooded:
            self.later(self._traffic.decide(self._session, event))

    def dialog(self, dialog: Dialog) -> None:
        """Close a dialog as a person would who wants to read the page."""
        self._dialogs += 1
        if self._dialogs == MOST_DIALOGS:
            self.later(self.stop("it opens dialogs without end"))
        self.later(dialog.dismiss())

    def later(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Do something for the page while it goes on."""
        task = asyncio.ensure_future(_quietly(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


@asynccontextmanager
async def open_tab(
    chromium: Chromium, settings: CrawlSettings, traffic: Traffic, on_crash: Callable[[], None], on_stuck: Callable[[], None]
) -> AsyncIterator[Tab]:
    """A fresh page, all of whose requests go through `traffic`. `on_stuck` is called where it cannot be closed."""
    context = await chromium.new_context(
        user_agent=settings.user_agent,
        reduced_motion="reduce",
        service_workers="block",
        accept_downloads=False,
        ignore_https_errors=True,
    )
    try:
        await context.route_web_socket(re.compile(".*"), lambda socket: _close_socket(socket, traffic))
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        tab = Tab(page, session, traffic, settings)
        page.on("crash", lambda _: on_crash())
        page.on("dialog", tab.dialog)
        traffic.on_excess = lambda why: tab.later(tab.stop(why))
        session.on("Fetch.requestPaused", tab.paused)
        await traffic.watch(session)
        yield tab
    finally:
        traffic.settle_accounts()
        await _close(context, on_stuck)


async def _close(context: BrowserContext, on_stuck: Callable[[], None]) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await context.close()
    except TimeoutError:
        on_stuck()
    except Error:
        return


async def _close_socket(socket: WebSocketRoute, traffic: Traffic) -> None:
    traffic.refuse_socket(socket.url)
    await socket.close()


async def _quietly(errand: Coroutine[Any, Any, Any]) -> None:
    """A page may be gone before an errand for it is done: nothing is lost by that."""
    with suppress(Error, TimeoutError):
        await errand
