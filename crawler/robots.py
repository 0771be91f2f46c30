"""robots.txt as RFC 9309 wants it read: no file means welcome, an unreachable file means keep out."""

import asyncio
import codecs
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from . import urls
from .capture import Reason
from .settings import ROBOTS_TOKEN

LARGEST = 500 * 1024
LONGEST_DELAY = 30.0
REMEMBERED = 2048
MOST_SITEMAPS = 100
AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*[:\s](.*)", re.IGNORECASE | re.DOTALL)
TOKEN = re.compile(r"[a-z_-]+")
SOMEBODY_ELSE = "somebody-else"
FRESH, STALE = 24 * 3600.0, 600.0
"""Seconds for which an answer counts, and no answer: a server that was down may be up for the next visit."""

NETWORK_FAILURES = frozenset(
    {
        Reason.UNKNOWN_HOST,
        Reason.PRIVATE_ADDRESS,
        Reason.CONNECTION_REFUSED,
        Reason.CONNECTION_LOST,
        Reason.TIMEOUT,
        Reason.TLS_ERROR,
        Reason.CIRCUIT_OPEN,
        Reason.NOT_IN_ARCHIVE,
    }
)


class RobotsAnswer(NamedTuple):
    """What came of asking for robots.txt: HTTP status (0 without one), body, what went wrong on the way, and how."""

    status: int
    body: bytes
    problem: Reason | None = None
    detail: str = ""


class Rules(NamedTuple):
    """What one host allows. `state` is found, absent or unreachable; `closed` is why nothing may be asked there.

    `detail` says how it closed; `delay` is its Crawl-delay in seconds, at most 30. `sitemaps` are as written, for all who
    come, at most 100.
    """

    state: str
    closed: Reason | None = None
    delay: float = 0.0
    rules: Protego | None = None
    sitemaps: tuple[str, ...] = ()
    detail: str = ""

    def allows(self, url: str) -> bool:
        """Whether `url` may be asked for."""
        return self.closed is None and (self.rules is None or self.rules.can_fetch(url, ROBOTS_TOKEN))


def read(answer: RobotsAnswer) -> Rules:
    """Rules from an answer. Network failures close the host under their own name, server errors as ROBOTS_UNREACHABLE."""
    if answer.problem in NETWORK_FAILURES:
        return Rules("unreachable", answer.problem, detail=answer.detail)
    if answer.status >= 500 or answer.status == 0:
        return Rules("unreachable", Reason.ROBOTS_UNREACHABLE, detail=answer.detail or f"HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        return Rules("absent")
    try:
        rules = Protego.parse(_for_us(_text(answer.body)))
        delay = float(rules.crawl_delay(ROBOTS_TOKEN) or 0)
    except (ValueError, RecursionError):
        return Rules("absent")
    sitemaps = tuple(dict.fromkeys(rules.sitemaps))[:MOST_SITEMAPS]
    return Rules("found", None, min(max(delay, 0.0), LONGEST_DELAY), rules, sitemaps)


def _text(body: bytes) -> str:
    """The text that counts: the first 500 KiB. A line cut by that limit is left out: its beginning may close the whole host."""
    if len(body) > LARGEST:
        body = body[: body.rfind(b"\n", 0, LARGEST) + 1 or body.rfind(b"\r", 0, LARGEST) + 1]
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if wide else "utf-8", "replace").removeprefix("\ufeff").replace("\0", "")


def _for_us(text: str) -> str:
    """The file with every other crawler called by one name: thousands of names over thousands of rules would take minutes."""
    lines: list[str] = []
    for line in text.splitlines():
        agent = AGENT_LINE.match(line)
        if agent:
            name = agent[1].partition("#")[0].strip().lower()
            token = TOKEN.match(name)
            ours = name == "*" or (token is not None and token[0] == ROBOTS_TOKEN)
            line = f"User-agent: {(name if name == '*' else ROBOTS_TOKEN) if ours else SOMEBODY_ELSE}"
        if not agent or line != (lines[-1] if lines else ""):
            lines.append(line)
    return "\n".join(lines)


class _Known(NamedTuple):
    rules: Rules
    until: float


class RobotsDesk:
    """The rules of every host of a run, asked for once each, also where visits of several entities begin there together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._clock = clock

    async def rules(self, url: str, ask: Callable[[str], Awaitable[RobotsAnswer]]) -> Rules:
        """The rules for the scheme and host of `url`. `ask` fetches the robots.txt at a URL, redirects included."""
        root = _root(url)
        if found := self._fresh(root):
            return found
        async with self._asking.setdefault(root, asyncio.Lock()):
            if found := self._fresh(root):
                return found
            rules = read(await ask(root))
            self._known[root] = _Known(rules, self._clock() + (STALE if rules.closed else FRESH))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return rules

    def known(self, url: str) -> Rules | None:
        """The rules for the scheme and host of `url`, where they were asked for."""
        return self._fresh(_root(url))

    def _fresh(self, root: str) -> Rules | None:
        known = self._known.get(root)
        return known.rules if known and self._clock() < known.until else None


def sitemaps_of(rules: Rules, url: str) -> list[str]:
    """The sitemaps that robots.txt of the URL's host names, absolute and normalised."""
    found = (urls.resolve(_root(url), written) for written in rules.sitemaps)
    return list(dict.fromkeys(sitemap for sitemap in found if sitemap))


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
