"""The browser over WebDriver, in place of Playwright's: on this machine by a chromedriver, elsewhere by a Selenium Grid.

It loads, settles, reads and examines pages as `Browser` does. Trials that need more than WebDriver are not held, and what a page
loads is neither written down nor held against robots.txt: WebDriver lets nobody decide on single requests. A browser on this
machine has the same gate as Playwright's. One elsewhere fetches by itself all that pages refer to: only the address of each page
is judged here before.
"""

import asyncio
import os
import shutil
from dataclasses import replace
from subprocess import DEVNULL

import psutil
from selenium.webdriver.chrome.service import Service
from urllib3 import request
from urllib3.exceptions import HTTPError

from . import urls
from .archive import Archive
from .browser import Rendering, Turn
from .capture import Seen
from .chromium import find_browser
from .gate import Gate
from .guard import Guard, RefusedError
from .ledger import Ledger
from .settings import LOCAL_DRIVER, CrawlSettings
from .tab import AXE_SECONDS, PICTURE_SECONDS, READ_SECONDS, SETTLE_SECONDS
from .traffic import Allowed
from .trials.axe import AXE_VERSION
from .webdriver_session import ANSWER_SECONDS, BROKEN, PageError, Session

AT_ONCE, ATTEMPTS = 2, 2
PAGE_SECONDS = 2 * SETTLE_SECONDS + READ_SECONDS + PICTURE_SECONDS + ANSWER_SECONDS
CLOSE_SECONDS, STATUS_SECONDS = 10.0, 10.0
PROXIED = ("--proxy-server={proxy}", "--proxy-bypass-list=<-loopback>")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def find_chromedriver() -> str:
    """The chromedriver of this machine, or ""."""
    return shutil.which("chromedriver") or ""


def silence(address: str) -> str:
    """Why the WebDriver at `address` cannot be asked; "" where it answers."""
    try:
        status = request("GET", f"{address.rstrip('/')}/status", timeout=STATUS_SECONDS, retries=False).status
    except HTTPError as error:
        return _words(error)
    return "" if status == 200 else f"HTTP {status}"


class WebDriverBrowser:
    """Browsers led over WebDriver, as many as pages are looked at at once. Nothing here raises; `trouble` says what went wrong.

    Arguments are those of `Browser`; there is no archive that such a browser could be given. Each browser serves page after
    page and forgets in between; one in which anything goes wrong is ended, and the page tried once more in another one.
    """

    axe_version = AXE_VERSION

    def __init__(
        self,
        settings: CrawlSettings,
        guard: Guard,
        archive: Archive | None,
        allowed: Allowed | None = None,
        turn: Turn | None = None,
    ) -> None:
        if archive:
            raise ValueError("WebDriver cannot be led through an archive")
        self.version = ""
        self.trouble = ""
        self._settings = settings
        self._guard = guard
        self._allowed = allowed
        self._turn = turn
        self._driver = _Driver(settings, guard)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._idle: list[Session] = []
        self._opening: set[asyncio.Future[Session]] = set()
        self._missing = ""

    async def render(self, url: str, ledger: Ledger) -> Rendering | None:
        """The page as scripts have left it; None where it cannot be had. `ledger` keeps account."""
        return await self.look(url, ledger)

    async def look(self, url: str, ledger: Ledger, *, axe: bool = False, hands: bool = True) -> Rendering | None:
        """The page and what axe-core says of it; `hands` has no use here, as nothing is tried out."""
        trouble = self._missing
        for _ in range(0 if self._missing else ATTEMPTS):
            try:
                async with self._slots:
                    seen = await self._visit(url, ledger, axe)
            except BROKEN as error:
                trouble = self._missing or _words(error)
                await self._end_idle()
            except Exception as error:  # whatever breaks here must not cost what was crawled
                trouble = _words(error)
                break
            else:
                self.trouble = seen.unexamined or self.trouble
                return seen
            if self._missing:
                break
        self.trouble = trouble
        return None

    async def close(self) -> None:
        """End every browser, then what leads them on this machine."""
        late, _ = await asyncio.wait(self._opening, timeout=CLOSE_SECONDS) if self._opening else (set(), set())
        self._idle += (opening.result() for opening in late if not opening.exception())
        self._opening = set()
        await self._end_idle()
        await self._driver.close()

    async def _end_idle(self) -> None:
        """End browsers without a page: where one is gone the others may be, too (a Grid ends what nobody uses for a while)."""
        sessions, self._idle = self._idle, []
        await asyncio.gather(*(asyncio.to_thread(session.end) for session in sessions))

    async def _visit(self, url: str, ledger: Ledger, axe: bool) -> Rendering:
        """One attempt. Raises one of BROKEN where another one may do better."""
        if self._turn:
            await self._turn(url)
        try:
            await self._guard.check(url)
        except RefusedError as error:
            raise PageError(str(error)) from error
        if self._allowed and self._allowed(url) is False:
            raise PageError("robots.txt keeps it from robots")
        session = await self._ready()
        try:
            async with asyncio.timeout(self._settings.timeout_seconds + PAGE_SECONDS + AXE_SECONDS * axe):
                seen = await asyncio.to_thread(_read, session, url, axe)
                await asyncio.to_thread(session.forget)
        except BaseException:
            session.kill()
            await asyncio.to_thread(session.end)
            raise
        finally:
            session.log.settle(ledger)
        if session.fit:
            self._idle.append(session)
        else:
            await asyncio.to_thread(session.end)
        return seen

    async def _ready(self) -> Session:
        """A browser without a page: an idle one, else a new one."""
        if self._idle:
            return self._idle.pop()
        try:
            address, program, own = await self._driver.ready()
            here = self._driver.here
            opening = asyncio.ensure_future(asyncio.to_thread(Session.open, address, self._settings, own, program, here=here))
            self._opening.add(opening)
            await asyncio.wait({opening})  # where this is cut short, `close` ends what is opened too late
            self._opening.discard(opening)
            session = opening.result()
        except BROKEN as error:
            self._missing = "" if self.version else f"WebDriver starts no browser: {_words(error)}"
            raise
        self.version = session.version
        return session


class _Driver:
    """What starts browsers: the WebDriver at an address, or a chromedriver of this machine, which is started at first need."""

    def __init__(self, settings: CrawlSettings, guard: Guard) -> None:
        self.here = settings.webdriver == LOCAL_DRIVER
        self._settings = settings
        self._gate = Gate(guard, settings.timeout_seconds)
        self._service: Service | None = None
        self._start: asyncio.Future[None] | None = None
        self._starting = asyncio.Lock()
        near = self.here or urls.host_of(settings.webdriver) in LOOPBACK
        root = ("--no-sandbox",) if near and os.geteuid() == 0 else ()
        self._own = (f"--js-flags=--max-old-space-size={settings.browser_megabytes}", *root)

    async def ready(self) -> tuple[str, str, tuple[str, ...]]:
        """Its address, the browser to start ("" for the one that it finds), and arguments for it. Raises one of BROKEN."""
        if not self.here:
            return self._settings.webdriver, "", self._own
        async with self._starting:
            if self._service is None:
                proxy = await self._gate.open()
                self._own = (*self._own, *(flag.format(proxy=proxy) for flag in PROXIED))
            if self._service is None or self._service.process.poll() is not None:
                self._service = Service(executable_path=find_chromedriver() or "chromedriver", log_output=DEVNULL)
                self._start = asyncio.ensure_future(asyncio.to_thread(self._service.start))
                await asyncio.wait({self._start})
                self._start.result()
        return self._service.service_url, find_browser(self._settings), self._own

    async def close(self) -> None:
        """End a chromedriver that was started, and every process below it."""
        service, self._service = self._service, None
        if self._start:  # it may have been cut short
            await asyncio.wait({self._start}, timeout=CLOSE_SECONDS)
        if service:
            await asyncio.to_thread(_end, service)
        await self._gate.close()


def _end(service: Service) -> None:
    try:
        family = psutil.Process(service.process.pid).children(recursive=True)
    except (psutil.Error, AttributeError):
        family = []
    service.stop()
    for process in family:
        if process.is_running():
            process.kill()


def _read(session: Session, url: str, axe: bool) -> Rendering:
    session.show(url)
    html, cut = session.source()
    failed = session.log.failed
    seen = Rendering(session.url, html, session.picture(), bool(failed), failed, cut)
    if not axe:
        return seen
    try:
        return replace(seen, axe=session.examine(), seen=Seen())
    except PageError as error:
        return replace(seen, unexamined=str(error))


def _words(error: BaseException) -> str:
    """What went wrong, in one line."""
    return (str(getattr(error, "msg", "") or error).strip() or "the page does not answer").splitlines()[0][:300]
