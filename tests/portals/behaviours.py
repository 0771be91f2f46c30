"""Awkward answers that a portal may give, to be put at a URL with `Portal.add(path, behaviour)`.

A behaviour is a plain function from what was asked to an `Answer`. What no answer can express (silence, a torn
connection) stands in the fields of `Answer`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

HTML = "text/html; charset=utf-8"


class Asked(NamedTuple):
    """One request as the portal saw it: `path` has the query, `at` is `time.monotonic()`, headers are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Answer:
    """What the portal sends. `wait` seconds pass before it; `torn` closes the connection with nothing sent.

    `length` is the Content-Length to claim (None: the true one): more than the body holds means a body cut short.
    `trickle` is the pause in seconds between pieces of 1 KiB. `pieces` is a body without a known end, made while it is sent;
    `raw` is all that goes over the wire, in place of status, headers and body. `reset` ends the connection with a TCP reset.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    torn: bool = False
    length: int | None = None
    trickle: float = 0.0
    pieces: Iterable[bytes] | None = None
    raw: Iterable[bytes] | None = None
    reset: bool = False


Behaviour = Callable[[Asked], Answer]


def page(title: str, body: str = "", *, language: str = "es", head: str = "") -> bytes:
    """A small HTML page in UTF-8, with `body` as the markup of its main part."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    ).encode()


def answer(body: bytes | str = b"", *, status: int = 200, media_type: str = HTML, **headers: str) -> Behaviour:
    """Always the same answer; headers are given as `retry_after="5"`."""
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return lambda asked: Answer(status, raw, media_type, named)


def redirect(to: str, status: int = 302) -> Behaviour:
    """Send the visitor to `to`, relative or absolute."""
    return lambda asked: Answer(status, headers={"Location": to})


def endless_redirect(prefix: str) -> Behaviour:
    """Each URL under `prefix` leads to a longer one under it. Add it with a path ending in `*`."""
    return lambda asked: Answer(302, headers={"Location": f"{prefix}{len(asked.path)}/{'x' * (len(asked.path) % 50)}"})


def silent(seconds: float = 30.0) -> Behaviour:
    """Accept the request and say nothing for `seconds`."""
    return lambda asked: Answer(wait=seconds)


def torn() -> Behaviour:
    """Close the connection without a word."""
    return lambda asked: Answer(torn=True)


def cut_short(body: bytes, claimed: int) -> Behaviour:
    """Announce `claimed` bytes, send fewer, hang up."""
    return lambda asked: Answer(body=body, length=claimed)


def trickling(body: bytes, pause: float) -> Behaviour:
    """Send the body in pieces of 1 KiB with a pause between them."""
    return lambda asked: Answer(body=body, trickle=pause)


def streamed(
    pieces: Callable[[], Iterable[bytes]], media_type: str = HTML, length: int | None = None, **headers: str
) -> Behaviour:
    """A body made while it is sent; `length` is the Content-Length to claim (None: none, it ends with the connection)."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return lambda asked: Answer(media_type=media_type, headers=named, pieces=pieces(), length=length)


def wire(*pieces: bytes, then: Callable[[], Iterable[bytes]] = tuple, reset: bool = False) -> Behaviour:
    """These very bytes in place of an HTTP answer, followed by those that `then` makes."""
    return lambda asked: Answer(raw=chain(pieces, then()), reset=reset)


def first(times: int, awkward: Behaviour, then: Behaviour) -> Behaviour:
    """Be awkward the first `times`, then behave."""
    left = [times]

    def choose(asked: Asked) -> Answer:
        left[0] -= 1
        return awkward(asked) if left[0] >= 0 else then(asked)

    return choose


def calendar(prefix: str) -> Behaviour:
    """An endless calendar: every day links to the day after. Add it with a path ending in `*`."""

    def day(asked: Asked) -> Answer:
        digits = "".join(c for c in asked.path if c.isdigit())
        number = int(digits or 0)
        links = "".join(f'<a href="{prefix}{number + step}">{number + step}</a> ' for step in range(1, 8))
        return Answer(body=page(f"{number}", f"<p>{links}</p>"))

    return day
