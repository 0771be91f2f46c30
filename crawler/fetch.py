"""Asks one URL at a time, politely: guard, robots.txt, pauses, redirects, and a name for everything that can go wrong."""

import asyncio
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from OpenSSL import SSL
from scrapy import Request, exceptions
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from twisted.internet import error as twisted_error
from twisted.web import http as web

from . import urls
from .archive import Archive
from .capture import HostVisit, Reason
from .guard import Guard, RefusedError
from .pen import WarcPen
from .robots import RobotsAnswer, RobotsDesk, Rules
from .settings import CrawlSettings

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine

MOST_HOPS = 10
LONGEST_WAIT = 60.0
SLOWEST = 60.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
CHALLENGES = ("cf-mitigated", "x-amzn-waf-action", "x-sucuri-block", "x-datadome")
"""Headers with which a shield in front of a portal says that it took us for a robot to keep out."""

STATUS_REASONS = {
    401: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    410: Reason.NOT_FOUND,
    429: Reason.RATE_LIMITED,
}

ERROR_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (
    (exceptions.CannotResolveHostError, Reason.UNKNOWN_HOST),
    (exceptions.DownloadConnectionRefusedError, Reason.CONNECTION_REFUSED),
    (exceptions.DownloadTimeoutError, Reason.TIMEOUT),
    (twisted_error.TCPTimedOutError, Reason.TIMEOUT),
    (exceptions.DownloadCancelledError, Reason.TOO_LARGE),
    (exceptions.IgnoreRequest, Reason.TOO_LARGE),
    (exceptions.DownloadFailedError, Reason.CONNECTION_LOST),
    (exceptions.ResponseDataLossError, Reason.CONNECTION_LOST),
    (twisted_error.ConnectError, Reason.CONNECTION_LOST),
    (OSError, Reason.CONNECTION_LOST),
    (EOFError, Reason.CONNECTION_LOST),
    (zlib.error, Reason.CONNECTION_LOST),
)


@dataclass(slots=True)
class Fetched:
    """What came of asking for one URL. Without `problem` there is a body. `at` is when, in the archive's time for an archive."""

    url: str
    requested_url: str
    at: datetime
    status: int = 0
    media_type: str = ""
    charset: str = ""
    body: bytes = b""
    digest: str = ""
    record_id: str = ""
    problem: Reason | None = None
    truncated: bool = False
    detail: str = ""
    location: str = ""
    retry_after: float = 0.0
    challenged: bool = False


@dataclass(slots=True)
class Ledger:
    """What one visit asked of which host, its cookies, and the pen that writes it down (None for an archive)."""

    pen: WarcPen | None = None
    languages: tuple[str, ...] = ()
    requests: int = 0
    received: int = 0
    cookies: CookieJar = field(default_factory=CookieJar)
    hosts: dict[str, HostVisit] = field(default_factory=dict)

    def note(self, url: str, size: int, delay: float) -> None:
        """Count one request."""
        host = urls.authority(url)
        known = self.hosts.get(host) or HostVisit(host=host, requests=0, bytes=0, delay_seconds=delay, robots="")
        change = {"requests": known.requests + 1, "bytes": known.bytes + size, "delay_seconds": max(delay, known.delay_seconds)}
        self.hosts[host] = known.model_copy(update=change)
        self.requests += 1
        self.received += size

    def robots(self, url: str, state: str) -> None:
        """Note what robots.txt of the host said."""
        host = urls.authority(url)
        known = self.hosts.get(host) or HostVisit(host=host, requests=0, bytes=0, delay_seconds=0, robots=state)
        self.hosts[host] = known.model_copy(update={"robots": state})


class Fetcher:
    """The one way to the network, or to the archive that stands in for it, shared by all visits of a run."""

    def __init__(self, engine: "ExecutionEngine", settings: CrawlSettings, guard: Guard, archive: Archive | None) -> None:
        self._engine = engine
        self._settings = settings
        self._guard = guard
        self._archive = archive
        self._desk = RobotsDesk()
        self._paces: dict[str, float] = {}

    async def get(self, url: str, ledger: Ledger) -> Fetched:
        """Ask for `url` where robots.txt allows it, and follow redirects alike. Never raises for what a portal does."""
        return await self._follow(url, ledger, obey=True)

    async def _follow(self, url: str, ledger: Ledger, *, obey: bool) -> Fetched:
        visited: list[str] = []
        here = url
        while True:
            fetched = await self._permitted(here, ledger, obey=obey)
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

    async def _permitted(self, url: str, ledger: Ledger, *, obey: bool) -> Fetched:
        try:
            slot = urls.authority(url) if self._archive else await self._guard.check(url)
        except RefusedError as refused:
            return Fetched(url, url, self._now(url), problem=refused.reason, detail=str(refused))
        if obey:
            rules = await self._rules(url, ledger)
            if not rules.allows(url):
                return Fetched(url, url, self._now(url), problem=rules.closed or Reason.ROBOTS_DISALLOWED, detail="robots.txt")
            self._slow(slot, rules.delay)
        fetched = await self._once(url, slot, ledger)
        if fetched.status in BUSY and not fetched.challenged and not self._archive and fetched.retry_after <= LONGEST_WAIT:
            self._slow(slot, max(2 * self._pace(slot), 1.0))
            await asyncio.sleep(max(fetched.retry_after, self._pace(slot)))
            fetched = await self._once(url, slot, ledger)
        return fetched

    async def _rules(self, url: str, ledger: Ledger) -> Rules:
        async def ask(root: str) -> RobotsAnswer:
            answer = await self._follow(root, ledger, obey=False)
            lost = answer.problem if answer.status == 0 or answer.problem in (Reason.TIMEOUT, Reason.CONNECTION_LOST) else None
            status = 404 if answer.problem in (Reason.REDIRECT_LOOP, Reason.BAD_URL) else answer.status
            return RobotsAnswer(status, answer.body, lost)

        rules = await self._desk.rules(url, ask)
        ledger.robots(url, rules.state)
        return rules

    async def _once(self, url: str, slot: str, ledger: Ledger) -> Fetched:
        headers = {"Accept-Language": ", ".join((*ledger.languages, "*;q=0.5"))}
        meta = {"download_slot": slot, "download_timeout": self._settings.timeout_seconds}
        meta["download_maxsize"] = self._settings.max_document_bytes
        request = Request(url, headers=headers, meta=meta, dont_filter=True)
        ledger.cookies.add_cookie_header(request)
        self._apply_pace(slot)
        try:
            response = await self._engine.download_async(request)
        except Exception as error:  # what a portal or the way to it breaks has many names, and each must leave a row
            ledger.note(url, 0, self._pace(slot))
            return self._failed(url, error)
        ledger.note(url, len(response.body), self._pace(slot))
        ledger.cookies.extract_cookies(response, request)
        return self._answered(request, response, ledger)

    def _failed(self, url: str, error: Exception) -> Fetched:
        reason = next((reason for kind, reason in ERROR_REASONS if isinstance(error, kind)), Reason.INTERNAL_ERROR)
        if _is_tls(error):
            reason = Reason.TLS_ERROR
        if reason is Reason.UNKNOWN_HOST and self._archive:
            reason = Reason.NOT_IN_ARCHIVE
        return Fetched(url, url, self._now(url), problem=reason, detail=f"{type(error).__name__}: {error}"[:300])

    def _answered(self, request: Request, response: Response, ledger: Ledger) -> Fetched:
        archived = request.meta.get("archived")
        fetched = Fetched(archived.url if archived else request.url, request.url, self._now(request.url), response.status)
        kind = _header(response, "Content-Type")
        fetched.media_type = kind.partition(";")[0].strip().lower()
        fetched.charset = _charset(kind)
        fetched.body = response.body
        fetched.truncated = "dataloss" in response.flags
        fetched.challenged = any(name in response.headers for name in CHALLENGES)
        fetched.retry_after = _seconds(_header(response, "Retry-After"))
        if response.status in REDIRECTS:
            fetched.location = _header(response, "Location")
        fetched.problem = None if fetched.location else _problem(fetched)
        if archived:
            fetched.at, fetched.record_id, fetched.digest = archived.captured_at, archived.record_id, archived.digest
            fetched.truncated = archived.truncated
        elif ledger.pen:
            phrase = web.RESPONSES.get(response.status, b"").decode()
            cut = "disconnect" if fetched.truncated else ""
            asked, got = _pairs(request), _pairs(response)
            fetched.record_id, fetched.digest = ledger.pen.exchange(
                request.url, fetched.at, asked, response.status, phrase, got, response.body, cut
            )
        return fetched

    def _now(self, url: str) -> datetime:
        """The present; for an archive the time of its capture, so that freshness is not judged by the day of reading it."""
        return (self._archive.captured_at(url) if self._archive else None) or self.reference or datetime.now(UTC)

    @property
    def reference(self) -> datetime | None:
        """The newest capture time of the archive as a whole; None on the network."""
        return max(self._archive.newest.values(), default=None) if self._archive else None

    def _pace(self, slot: str) -> float:
        return self._paces.get(slot, self._settings.pause)

    def _slow(self, slot: str, delay: float) -> None:
        if delay > self._pace(slot) and not self._archive:
            self._paces[slot] = min(delay, SLOWEST)

    def _apply_pace(self, slot: str) -> None:
        """Tell Scrapy's downloader: for a slot to come, and for one that is there."""
        downloader = self._engine.downloader
        delay = self._pace(slot)
        downloader.per_slot_settings[slot] = {"concurrency": self._settings.per_host_concurrency, "delay": delay, "jitter": 0}
        if slot in downloader.slots:
            downloader.slots[slot].delay = delay


def _problem(fetched: Fetched) -> Reason | None:
    status = fetched.status
    if fetched.challenged and status >= 400:
        return Reason.BLOCKED
    if status >= 500:
        return Reason.SERVER_ERROR
    if status >= 400 or 300 <= status < 400:
        return STATUS_REASONS.get(status, Reason.CLIENT_ERROR)
    return None if fetched.body.strip() else Reason.EMPTY_BODY


def _is_tls(error: BaseException | None) -> bool:
    """Whether a TLS failure stands anywhere in what led to an error: Twisted nests its reasons."""
    while error is not None:
        reasons = getattr(error, "reasons", None) or ()
        if isinstance(error, SSL.Error) or any(isinstance(getattr(reason, "value", None), SSL.Error) for reason in reasons):
            return True
        error = error.__cause__
    return False


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("utf-8", "replace").strip() if value else ""


def _pairs(message: Request | Response) -> list[tuple[str, str]]:
    found = message.headers.items()
    return [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, values in found for value in values]


def _charset(content_type: str) -> str:
    _, mark, value = content_type.lower().partition("charset=")
    return value.partition(";")[0].strip(" \"'") if mark else ""


def _seconds(retry_after: str) -> float:
    """Retry-After in seconds, from a number or a date; 0 where there is none."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        return max((parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
