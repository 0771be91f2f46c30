"""How a visit ended."""

from datetime import datetime
from enum import StrEnum

from .entity import Record


class Reason(StrEnum):
    """Why a visit, or a single request, ended as it did. Words and remedies stand in `rules/reasons.toml`."""

    COMPLETE = "complete"
    NO_PORTAL = "no_portal"
    BAD_URL = "bad_url"
    UNKNOWN_HOST = "unknown_host"
    PRIVATE_ADDRESS = "private_address"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_LOST = "connection_lost"
    TIMEOUT = "timeout"
    TLS_ERROR = "tls_error"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    BLOCKED = "blocked"
    NOT_HTML = "not_html"
    EMPTY_BODY = "empty_body"
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    OFF_SITE = "off_site"
    SCRIPT_ONLY = "script_only"
    PARKED = "parked"
    HACKED = "hacked"
    CIRCUIT_OPEN = "circuit_open"
    CRASHED = "crashed"
    NOT_IN_ARCHIVE = "not_in_archive"
    BUDGET = "budget"
    INTERNAL_ERROR = "internal_error"


class HostVisit(Record):
    """Proof of politeness for one host: what we asked of it, how fast, and under which of its rules.

    `requests` are ours and those that Chromium made for pages it rendered (`browser_requests` of them); `bytes` were received.
    `delay_seconds` is the longest pause that was owed between two requests, `shortest_gap` the shortest there was between the
    starts of two of our own (None with fewer than two). `robots` is found, absent or unreachable. `broken` counts how often
    its circuit breaker opened. `certificate` is valid, expired, not_yet_valid, wrong_host, self_signed, untrusted or broken for a
    host that was asked over TLS, else "".
    """

    host: str
    requests: int
    bytes: int
    delay_seconds: float
    robots: str
    address: str = ""
    browser_requests: int = 0
    shortest_gap: float | None = None
    failures: int = 0
    broken: int = 0
    certificate: str = ""


class Visit(Record):
    """How the visit of one entity ended.

    `reached`: a home page was read; when false every criterion is `untested`. `thorough`: in time, few pages unseen, no link left
    over to a thing never sampled; only then may "not found" mean `failed`. `seen_at`: the newest fetch (in an archive, its
    time), by which freshness is judged. `bad_links` led nowhere as they were written. `held` is the size in bytes of what was
    kept in memory of pages and documents. `lists` are addresses of the portal's own lists for machines (sitemaps, feeds) that
    were read and named something. `detail` is for debugging.
    """

    reason: Reason
    reached: bool
    thorough: bool
    started_at: datetime
    ended_at: datetime
    seen_at: datetime | None = None
    pages: int = 0
    documents: int = 0
    requests: int = 0
    failures: int = 0
    left_over: int = 0
    bytes: int = 0
    bad_links: int = 0
    held: int = 0
    hosts: tuple[HostVisit, ...] = ()
    lists: tuple[str, ...] = ()
    detail: str = ""

    @property
    def as_of(self) -> datetime:
        """The moment of which the visit speaks."""
        return self.seen_at or self.ended_at
