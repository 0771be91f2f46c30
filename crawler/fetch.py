"""Asks one URL at a time, politely: guard, robots.txt, manners, redirects, and a limit to everything that may come."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import StopDownload
from scrapy.http import Headers
from twisted.web import http as web

from . import urls
from .answers import Fetched, answered, error_reason, from_archive, header, pairs
from .archive import Archive
from .bodies import ACCEPTED, LENGTH, Intake
from .capture import Reason
from .certificates import examine
from .guard import Guard, RefusedError, bare
from .ledger import Ledger
from .manners import DOWN, FAULTY, LONGEST_HOLD, Impression, Manners, Turn
from .robots import LARGEST, RobotsAnswer, RobotsDesk, Rules, sitemaps_of
from .settings import MEGABYTE, CrawlSettings

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine

__all__ = ["Fetched", "Fetcher", "Ledger"]

MOST_HOPS = 10
MOST_COOKIES = 8192
"""Bytes of cookies that a request carries; servers refuse longer heads, and whoever sets so many does not need them."""
PATIENCE = 0.9
"""Part of the time-out after which a page that still comes is cut; past all of it nothing of it could be kept."""
FIRST_PART = 2 * MEGABYTE
"""How much is asked for of a document that is too large as a whole, where its server gives parts."""
SECOND_TRY_SECONDS = 1.0
BUSY = frozenset({429, 503})
SILENT = frozenset({Reason.TIMEOUT, Reason.CONNECTION_REFUSED, Reason.CONNECTION_LOST})
DEAD = SILENT | {Reason.TLS_ERROR, Reason.UNKNOWN_HOST}


class _Errand(NamedTuple):
    """One thing to ask for, at an address that the guard has judged. `delay` is the host's Crawl-delay, None while unknown.

    `robots`: it is robots.txt itself; `part`: only so many bytes of it are asked for, 0 for all.
    """

    url: str
    address: str
    delay: float | None
    robots: bool
    part: int = 0


class Fetcher:
    """The one way to the network, or to the archive that stands in for it, shared by all visits of a run."""

    def __init__(self, engine: "ExecutionEngine", settings: CrawlSettings, guard: Guard, archive: Archive | None) -> None:
        # Straight to the handlers: what Scrapy's engine, slots and middlewares would add is done here, in a third less time.
        self._handlers = engine.downloader.handlers
        self._settings = settings
        self._guard = guard
        self._archive = archive
        self._desk = RobotsDesk()
        self._manners = Manners(settings)
        self._certificates: dict[str, asyncio.Future[str]] = {}
        engine.signals.connect(self._head_came, signals.headers_received)
        engine.signals.connect(self._piece_came, signals.bytes_received)

    async def get(self, url: str, ledger: Ledger) -> Fetched:
        """Ask for `url` where robots.txt allows it, and follow redirects alike. Never raises for what a portal does."""
        fetched = await self._follow(url, ledger, robots=False)
        ledger.opened |= fetched.problem is None
        return fetched

    async def sitemaps(self, url: str, ledger: Ledger) -> list[str]:
        """The sitemaps that robots.txt of the URL's host names, absolute; it is asked for where it was not yet."""
        try:
            await self._address(url)
        except RefusedError:
            return []
        return sitemaps_of(await self._rules(url, ledger), url)

    def allowed(self, url: str) -> bool | None:
        """Whether robots.txt allows `url`, by what is known of its host; None where that was not asked for yet."""
        rules = self._desk.known(url)
        return None if rules is None else rules.allows(url)

    async def wait_for(self, url: str) -> None:
        """Wait for a turn at the URL's host that Chromium will take; at once for an archive and where nothing will be asked."""
        with suppress(RefusedError):
            turn = None if self._archive else await self._manners.turn(urls.authority(url), await self._address(url))
            if turn:
                turn.end(None)

    @property
    def reference(self) -> datetime | None:
        """The newest capture time of the archive as a whole; None on the network."""
        return max(self._archive.newest.values(), default=None) if self._archive else None

    async def _follow(self, url: str, ledger: Ledger, *, robots: bool) -> Fetched:
        visited: list[str] = []
        here = url
        while True:
            fetched = await self._permitted(here, ledger, robots=robots)
            fetched.requested_url = url
            if fetched.problem or not fetched.location:
                return fetched
            visited.append(here)
            here = urls.resolve(fetched.url, fetched.location)
            if not here:
                fetched.problem, fetched.detail = Reason.BAD_URL, f"redirects to {fetched.location[:200]!r}"
                return fetched
            if len(visited) > MOST_HOPS or visited.count(here) > 1:
                fetched.problem, fetched.detail = Reason.REDIRECT_LOOP, f"{len(visited)} redirects, the last to {here}"
                return fetched

    async def _permitted(self, url: str, ledger: Ledger, *, robots: bool) -> Fetched:
        """One URL without its redirects: refused by the guard, closed by robots.txt, or asked for. `robots`: it is robots.txt."""
        try:
            address = await self._address(url)
        except RefusedError as refused:
            return Fetched(url, url, self._now(url), problem=refused.reason, detail=str(refused))
        delay = None
        if not robots:
            rules = await self._rules(url, ledger)
            if not rules.allows(url):
                told = f"robots.txt: {rules.detail}" if rules.detail else "robots.txt"
                return Fetched(url, url, self._now(url), problem=rules.closed or Reason.ROBOTS_DISALLOWED, detail=told)
            delay = rules.delay
        errand = _Errand(url, address, delay, robots)
        if self._archive:
            return await self._ask(errand, ledger, None)
        fetched = await self._politely(errand, ledger)
        if self._deserves_another(fetched, ledger):
            fetched = await self._politely(errand, ledger)
        if fetched.problem is Reason.TOO_LARGE and fetched.ranges:
            part = await self._politely(errand._replace(part=min(FIRST_PART, self._settings.max_document_bytes)), ledger)
            fetched = part if part.status == 206 and part.problem is None else fetched
        return fetched

    async def _politely(self, errand: _Errand, ledger: Ledger) -> Fetched:
        """Ask when it is our turn, and remember how the host took it."""
        url = errand.url
        turn = await self._manners.turn(urls.authority(url), errand.address, errand.delay)
        if turn is None:
            return Fetched(url, url, self._now(url), problem=Reason.CIRCUIT_OPEN, detail="its host failed, or asked for a rest")
        account = ledger.account(url)
        account.begin(errand.address, turn.start, turn.owed)
        impression = None
        try:
            fetched = await self._ask(errand, ledger, turn)
            impression = _impression(fetched)
        finally:
            account.broken += turn.end(impression)
        account.failures += bool(impression and impression.strain)
        if url.startswith("https:") and not account.certificate and not ledger.opened:
            account.certificate = await self._certificate(errand, fetched)
        return fetched

    def _deserves_another(self, fetched: Fetched, ledger: Ledger) -> bool:
        """Whether to ask once more: a busy host when it says so, a lost connection that comes out of the blue, and, once in a
        visit that has no page yet, whatever kept us from home: first impressions may not decide over a whole portal."""
        if fetched.challenged:
            return False
        if fetched.status in BUSY:
            return fetched.retry_after <= LONGEST_HOLD
        host = urls.authority(fetched.url)
        if fetched.problem is Reason.CONNECTION_LOST and self._manners.strain(host) <= DOWN:
            self._manners.spare(host, SECOND_TRY_SECONDS)
            return True
        if ledger.opened or ledger.second_try or not (fetched.problem in SILENT or fetched.status >= 500):
            return False
        ledger.second_try = True
        self._manners.spare(host, SECOND_TRY_SECONDS)
        return True

    async def _rules(self, url: str, ledger: Ledger) -> Rules:
        async def ask(root: str) -> RobotsAnswer:
            answer = await self._follow(root, ledger, robots=True)
            lost = answer.problem if answer.status == 0 or answer.problem is Reason.CONNECTION_LOST else None
            status = 404 if answer.problem in (Reason.REDIRECT_LOOP, Reason.BAD_URL) else answer.status
            # Of a file that was cut, the last line may say less than it should, and so close more.
            whole = answer.body if not answer.truncated else answer.body[: answer.body.rfind(b"\n") + 1]
            return RobotsAnswer(status, whole, lost, answer.detail)

        rules = await self._desk.rules(url, ask)
        ledger.account(url).robots = rules.state
        return rules

    async def _certificate(self, errand: _Errand, fetched: Fetched) -> str:
        """What browsers would say of the host's certificate: looked at once a run; "" where nothing listens."""
        if fetched.status == 0 and fetched.problem is not Reason.TLS_ERROR:
            return ""
        host = urls.authority(errand.url)
        if host not in self._certificates:
            self._certificates[host] = asyncio.ensure_future(self._examine(host, errand))
        return await asyncio.shield(self._certificates[host])

    async def _examine(self, host: str, errand: _Errand) -> str:
        turn = await self._manners.turn(host, errand.address, errand.delay)
        if turn is None:
            return ""
        try:
            port = urlsplit(errand.url).port or 443
            return await examine(urls.host_of(errand.url), port, bare(errand.address), self._settings.timeout_seconds)
        finally:
            turn.end(None)

    async def _ask(self, errand: _Errand, ledger: Ledger, turn: Turn | None) -> Fetched:
        """One request, and what came of it, on record."""
        request, intake = self._request(errand, ledger)
        try:
            response = await self._handlers.download_request_async(request)
        except Exception as error:  # what a portal or the way to it breaks has many names, and each must leave a row
            ledger.note(errand.url, intake.taken, turn.owed if turn else 0.0)
            return self._failed(errand.url, error)
        ledger.note(errand.url, intake.taken or len(response.body), turn.owed if turn else 0.0)
        if b"Set-Cookie" in response.headers:
            ledger.cookies.extract_cookies(response, request)
        if archived := request.meta.get("archived"):
            return from_archive(request, response, archived)
        fetched = answered(request, response, intake, self._now(request.url))
        if errand.part and fetched.status == 206:
            starts = header(response, "Content-Range").startswith("bytes 0-")
            fetched.truncated, fetched.cut = True, LENGTH
            fetched.problem = fetched.problem if starts else Reason.TOO_LARGE
        if ledger.pen:
            phrase = web.RESPONSES.get(response.status, b"").decode()
            asked, got = pairs(request), pairs(response)
            told = (request.url, fetched.at, asked, response.status, phrase, got, fetched.body, fetched.cut)
            spent = round(1000 * fetched.latency)
            made = ledger.pen.exchange(*told, via=ledger.via, depth=ledger.depth, milliseconds=spent)
            fetched.record_id, fetched.digest = made
        return fetched

    def _request(self, errand: _Errand, ledger: Ledger) -> tuple[Request, Intake]:
        settings = self._settings
        deadline = time.monotonic() + PATIENCE * settings.timeout_seconds
        intake = Intake(settings.max_page_bytes, settings.max_document_bytes, deadline)
        headers = {
            "User-Agent": settings.user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": ", ".join((*ledger.languages, "*;q=0.5")),
            "Accept-Encoding": ACCEPTED,
        }
        if errand.robots:
            intake = Intake(LARGEST + 1, LARGEST + 1, deadline, cuts=True)
        if errand.part:
            intake = Intake(errand.part, errand.part, deadline)
            headers |= {"Accept-Encoding": "identity", "Range": f"bytes=0-{errand.part - 1}"}
        meta = {"download_maxsize": 0, "download_timeout": settings.timeout_seconds, "intake": intake}
        request = Request(errand.url, headers=headers, meta=meta, dont_filter=True)
        if len(ledger.cookies):
            ledger.cookies.add_cookie_header(request)
            if len(request.headers.get("Cookie") or b"") > MOST_COOKIES:
                del request.headers["Cookie"]
        return request, intake

    def _head_came(self, headers: Headers, body_length: Any, request: Request) -> None:
        """Scrapy's signal: the head of a response is there. `body_length` is a mark, not a number, where it is not known."""
        intake: Intake | None = request.meta.get("intake")
        if intake and intake.refuses(headers, body_length if isinstance(body_length, int) else 0):
            raise StopDownload(fail=False)

    def _piece_came(self, data: bytes, request: Request) -> None:
        """Scrapy's signal: a piece of a body is there."""
        intake: Intake | None = request.meta.get("intake")
        if intake and intake.is_full(len(data)):
            raise StopDownload(fail=False)

    async def _address(self, url: str) -> str:
        return urls.authority(url) if self._archive else await self._guard.check(url)

    def _failed(self, url: str, error: Exception) -> Fetched:
        reason = error_reason(error)
        if reason is Reason.UNKNOWN_HOST and self._archive:
            reason = Reason.NOT_IN_ARCHIVE
        return Fetched(url, url, self._now(url), problem=reason, detail=f"{type(error).__name__}: {error}"[:300])

    def _now(self, url: str) -> datetime:
        """The present; for an archive the time of its capture, so that freshness is not judged by the day of reading it."""
        return (self._archive.captured_at(url) if self._archive else None) or self.reference or datetime.now(UTC)


def _impression(fetched: Fetched) -> Impression:
    """How a host took a request, by what came of it."""
    strain = FAULTY if fetched.status >= 500 or fetched.status == 429 or fetched.problem is Reason.BLOCKED else 0
    strain = DOWN if fetched.problem in DEAD else strain
    busy = fetched.status in BUSY and not fetched.challenged
    return Impression(strain, fetched.latency, busy, fetched.retry_after)
