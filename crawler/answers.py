"""What came of asking for one URL, with a name for everything that can go wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from OpenSSL import SSL
from scrapy import Request, exceptions
from scrapy.http import Response
from twisted.internet import error as twisted_error

from .archive import ArchivedResponse
from .bodies import DISCONNECT, LENGTH, Intake, inflate
from .capture import Reason

REDIRECTS = frozenset({301, 302, 303, 307, 308})
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
    (exceptions.DownloadCancelledError, Reason.CONNECTION_LOST),
    (exceptions.DownloadFailedError, Reason.CONNECTION_LOST),
    (exceptions.ResponseDataLossError, Reason.CONNECTION_LOST),
    (twisted_error.ConnectError, Reason.CONNECTION_LOST),
    (OSError, Reason.CONNECTION_LOST),
    (EOFError, Reason.CONNECTION_LOST),
)


@dataclass(slots=True)
class Fetched:
    """What came of asking for one URL. Without `problem` there is a body. `at` is when, in the archive's time for an archive.

    `cut` is why `body` is only the first part ("" where it is whole): length, time, disconnect. `ranges`: the server gives parts.
    """

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
    latency: float = 0.0
    cut: str = ""
    ranges: bool = False


def answered(request: Request, response: Response, intake: Intake, at: datetime) -> Fetched:
    """What a response of the network says."""
    fetched = Fetched(request.url, request.url, at, response.status)
    _read_head(fetched, response)
    fetched.latency = request.meta.get("download_latency", 0.0)
    fetched.ranges = header(response, "Accept-Ranges").lower() == "bytes"
    fetched.cut = intake.cut or (DISCONNECT if "dataloss" in response.flags else "")
    fetched.body, over = inflate(response.body, response.headers.getlist("Content-Encoding"), intake.most)
    if over or len(fetched.body) > intake.most:
        fetched.body, fetched.cut = fetched.body[: intake.most], LENGTH
    fetched.truncated = bool(fetched.cut)
    if fetched.truncated:
        fetched.detail = f"cut after {len(fetched.body)} bytes ({fetched.cut})"
    if fetched.status < 300 and fetched.cut == LENGTH and not intake.is_page:
        fetched.problem, fetched.body = Reason.TOO_LARGE, b""
        fetched.detail = f"{max(intake.length, intake.received)} bytes or more"
    else:
        fetched.problem = None if fetched.location else _problem(fetched)
    return fetched


def from_archive(request: Request, response: Response, archived: ArchivedResponse) -> Fetched:
    """What a response of an archive says, under its own URL and time."""
    fetched = Fetched(archived.url, request.url, archived.captured_at, response.status, body=response.body)
    _read_head(fetched, response)
    fetched.record_id, fetched.digest, fetched.truncated = archived.record_id, archived.digest, archived.truncated
    fetched.problem = None if fetched.location else _problem(fetched)
    return fetched


def _read_head(fetched: Fetched, response: Response) -> None:
    """Take over what the head of a response says."""
    kind = header(response, "Content-Type")
    fetched.media_type = kind.partition(";")[0].strip().lower()
    fetched.charset = _charset(kind)
    fetched.challenged = any(name in response.headers for name in CHALLENGES)
    fetched.retry_after = _seconds(header(response, "Retry-After"))
    if response.status in REDIRECTS:
        fetched.location = header(response, "Location")


def _problem(fetched: Fetched) -> Reason | None:
    """What a status, or the lack of a body, means."""
    status = fetched.status
    if fetched.challenged and status >= 400:
        return Reason.BLOCKED
    if status >= 500:
        return Reason.SERVER_ERROR
    if status >= 400 or 300 <= status < 400:
        return STATUS_REASONS.get(status, Reason.CLIENT_ERROR)
    if fetched.body.strip():
        return None
    return Reason.CONNECTION_LOST if fetched.cut == DISCONNECT else Reason.EMPTY_BODY


def error_reason(error: Exception) -> Reason:
    """The name of what broke on the way."""
    if _is_tls(error):
        return Reason.TLS_ERROR
    return next((reason for kind, reason in ERROR_REASONS if isinstance(error, kind)), Reason.INTERNAL_ERROR)


def _is_tls(error: BaseException | None) -> bool:
    """Whether a TLS failure stands anywhere in what led to an error: Twisted nests its reasons."""
    while error is not None:
        reasons = getattr(error, "reasons", None) or ()
        if isinstance(error, SSL.Error) or any(isinstance(getattr(reason, "value", None), SSL.Error) for reason in reasons):
            return True
        error = error.__cause__
    return False


def header(response: Response, name: str) -> str:
    """A header of the response, "" without one."""
    value = response.headers.get(name)
    return value.decode("utf-8", "replace").strip() if value else ""


def pairs(message: Request | Response) -> list[tuple[str, str]]:
    """Names and values of all headers."""
    found = message.headers.items()
    return [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, values in found for value in values]


def _charset(content_type: str) -> str:
    _, mark, value = content_type.lower().partition("charset=")
    return value.partition(";")[0].strip(" \"'") if mark else ""


def _seconds(retry_after: str) -> float:
    """Retry-After in seconds, from a number or a date; 0 where there is none."""
    if not retry_after:
        return 0.0
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return 0.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max((when - datetime.now(UTC)).total_seconds(), 0.0)
