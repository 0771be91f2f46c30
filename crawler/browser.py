"""One Chromium for a whole run: renders pages that only scripts fill, and lets axe-core examine pages."""

import asyncio
import base64
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, Error, Page, Playwright, async_playwright
from playwright.async_api import WebSocketRoute as Socket

from .archive import Archive
from .axe import AXE_VERSION, run_axe
from .capture import AxeRule
from .fetch import Ledger
from .gate import Gate
from .guard import Guard, RefusedError
from .pen import WarcPen
from .settings import CrawlSettings

Result = TypeVar("Result")
Work = Callable[[Page], Awaitable[Result]]

INSTALLED = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--block-new-web-contents",
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process",
)
"""The last two keep frames of other sites in their page's process, where its requests are watched."""

AT_ONCE = 2
PAGES_PER_BROWSER = 100
START_SECONDS, EXAMINE_SECONDS, CLOSE_SECONDS = 30.0, 30.0, 5.0
LARGEST_KEPT = 5 * 1024 * 1024

SETTLE = """() => new Promise(done => {
  const quiet = 300, longest = 5000;
  let timer = setTimeout(done, quiet);
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, quiet); })
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  setTimeout(done, longest);
})"""
"""Resolves once the document has stood still for 300 ms, after 5 s at the latest."""


def find_browser(settings: CrawlSettings) -> str:
    """The Chromium to start: the one asked for, else an installed one, else "" for Playwright's own."""
    return settings.browser_path or next(filter(None, map(shutil.which, INSTALLED)), "")


class Browser:
    """A pool of pages in one Chromium. Nothing here raises: what cannot be had is None, and `trouble` says why."""

    axe_version = AXE_VERSION

    def __init__(self, settings: CrawlSettings, guard: Guard, archive: Archive | None) -> None:
        self.version = ""
        self.trouble = ""
        self._settings = settings
        self._guard = guard
        self._gate = Gate(guard, settings.timeout_seconds)
        self._archive = archive
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._served = 0
        self._active = 0
        self._missing = False
        self._errands: set[asyncio.Task[None]] = set()

    async def render(self, url: str, ledger: Ledger) -> str | None:
        """The document as scripts have left it, serialised; None where it cannot be had. `ledger` keeps account."""
        return await self._with_page(url, lambda page: page.content(), ledger)

    async def examine(self, url: str, ledger: Ledger) -> tuple[AxeRule, ...] | None:
        """What axe-core says of the page at `url`; None where it cannot be had."""
        return await self._with_page(url, run_axe, ledger)

    async def close(self) -> None:
        """End Chromium, then close the gate behind it."""
        for ending in (self._chromium, self._playwright):
            try:
                if isinstance(ending, Chromium):
                    await asyncio.wait_for(ending.close(), CLOSE_SECONDS)
                elif ending is not None:
                    await asyncio.wait_for(ending.stop(), CLOSE_SECONDS)
            except (Error, TimeoutError):
                continue
        await self._gate.close()
        self._chromium = self._playwright = None

    async def _with_page(self, url: str, work: Work[Result], ledger: Ledger) -> Result | None:
        async with self._slots:
            try:
                return await asyncio.wait_for(self._visit(url, work, ledger), self._settings.timeout_seconds + EXAMINE_SECONDS)
            except Exception as error:  # whatever breaks here must not cost what was crawled
                self.trouble = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
                return None

    async def _visit(self, url: str, work: Work[Result], ledger: Ledger) -> Result | None:
        chromium = await self._ready()
        if chromium is None:
            return None
        try:
            async with self._open(chromium, ledger) as page:
                answer = await page.goto(url, wait_until="load", timeout=self._settings.timeout_seconds * 1000)
                if answer is not None and answer.status >= 400:
                    self.trouble = f"HTTP {answer.status}"
                    return None
                await _settled(page)
                return await work(page)
        finally:
            self._active -= 1

    @asynccontextmanager
    async def _open(self, chromium: Chromium, ledger: Ledger) -> AsyncIterator[Page]:
        """A fresh page, all of whose requests pass the guard or come from the archive."""
        context = await chromium.new_context(
            user_agent=self._settings.user_agent,
            reduced_motion="reduce",
            service_workers="block",
            accept_downloads=False,
            ignore_https_errors=True,
        )
        try:
            await context.route_web_socket(re.compile(".*"), _close_socket)
            page = await context.new_page()
            page.on("dialog", lambda dialog: self._later(dialog.dismiss()))
            session = await context.new_cdp_session(page)
            session.on("Fetch.requestPaused", lambda event: self._later(self._decide(session, event, ledger)))
            stages = ("Request", "Response") if ledger.pen else ("Request",)
            await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": stage} for stage in stages]})
            yield page
        finally:
            await self._leave(context)

    async def _leave(self, context: BrowserContext) -> None:
        """Close a page; a Chromium that cannot even do that is replaced before the next one."""
        try:
            await asyncio.wait_for(context.close(), CLOSE_SECONDS)
        except TimeoutError:
            self._served = PAGES_PER_BROWSER

    async def _decide(self, session: CDPSession, event: dict[str, Any], ledger: Ledger) -> None:
        """Answer one request of the page, each hop of a redirect included; keep the response when it comes by."""
        request, url = event["requestId"], event["request"]["url"]
        try:
            if self._archive:
                await self._from_archive(session, request, url)
                return
            if ledger.pen and "responseStatusCode" in event:
                await _keep(session, event, ledger.pen)
            elif "responseErrorReason" not in event:
                await self._guard.check(url)
                ledger.note(url, 0, 0)
            await session.send("Fetch.continueRequest", {"requestId": request})
        except RefusedError:
            await session.send("Fetch.failRequest", {"requestId": request, "errorReason": "AccessDenied"})

    async def _from_archive(self, session: CDPSession, request: str, url: str) -> None:
        assert self._archive is not None
        found = self._archive.get(url)
        if found is None and not self._archive.holds(url):
            await session.send("Fetch.failRequest", {"requestId": request, "errorReason": "NameNotResolved"})
            return
        headers = [{"name": name, "value": value} for name, value in found.plain_headers] if found else []
        body = base64.b64encode(found.body if found else b"").decode()
        status = (found.status if found else 404) or 200
        await session.send(
            "Fetch.fulfillRequest", {"requestId": request, "responseCode": status, "responseHeaders": headers, "body": body}
        )

    async def _ready(self) -> Chromium | None:
        """The running Chromium: started at first need, again after a crash, and now and then to give memory back."""
        async with self._starting:
            alive = self._chromium is not None and self._chromium.is_connected()
            tired = self._served >= PAGES_PER_BROWSER and not self._active
            if self._missing:
                return None
            self._active += 1
            if alive and not tired:
                self._served += 1
                return self._chromium
            await self.close()
            self._served = 0
            try:
                await self._start()
            except (Error, OSError, TimeoutError) as error:
                self._missing = True
                self._active -= 1
                await self.close()
                raise Error(f"Chromium does not start: {error}") from error
            return self._chromium

    async def _start(self) -> None:
        flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        path = find_browser(self._settings)
        self._playwright = await async_playwright().start()
        self._chromium = await self._playwright.chromium.launch(
            executable_path=path or None,
            args=flags,
            proxy={"server": await self._gate.open()},
            timeout=START_SECONDS * 1000,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        self.version = self._chromium.version

    def _later(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(_quietly(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


async def _quietly(errand: Coroutine[Any, Any, None]) -> None:
    """A page may be gone before its last request is answered: nothing is lost by that."""
    try:
        await errand
    except Error:
        return


async def _keep(session: CDPSession, event: dict[str, Any], pen: WarcPen) -> None:
    """Write a response that Chromium got, unless the crawl has it: from the archive, axe-core shall see what it saw live."""
    url, status = event["request"]["url"], event["responseStatusCode"]
    headers = [(header["name"], header["value"]) for header in event.get("responseHeaders", ())]
    size = next((int(value) for name, value in headers if name.lower() == "content-length" and value.isdigit()), 0)
    if pen.has(url) or size > LARGEST_KEPT or event["request"]["method"] != "GET":
        return
    body = b""
    if not 300 <= status < 400:
        got = await session.send("Fetch.getResponseBody", {"requestId": event["requestId"]})
        body = base64.b64decode(got["body"]) if got["base64Encoded"] else got["body"].encode()
    if not pen.has(url):
        asked = list(event["request"]["headers"].items())
        pen.exchange(url, datetime.now(UTC), asked, status, event.get("responseStatusText", ""), headers, body)


async def _close_socket(socket: Socket) -> None:
    await socket.close()


async def _settled(page: Page) -> None:
    """Wait until the page stands still; where it leads on to another one meanwhile, until that one does."""
    try:
        await page.evaluate(SETTLE)
    except Error:
        await page.wait_for_load_state("load")
        await page.evaluate(SETTLE)
