"""robots.txt as RFC 9309 wants it read: no file means welcome, an unreachable file means keep out."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import urljoin
from weakref import WeakValueDictionary

from protego import Protego

from .capture import Reason
from .settings import ROBOTS_TOKEN

LARGEST = 500 * 1024
LONGEST_DELAY = 30.0
REMEMBERED = 2048

NETWORK_FAILURES = frozenset(
    {
        Reason.UNKNOWN_HOST,
        Reason.PRIVATE_ADDRESS,
        Reason.CONNECTION_REFUSED,
        Reason.CONNECTION_LOST,
        Reason.TIMEOUT,
        Reason.TLS_ERROR,
        Reason.NOT_IN_ARCHIVE,
    }
)


class RobotsAnswer(NamedTuple):
    """What came of asking for robots.txt: HTTP status (0 without one), body, and what went wrong on the way."""

    status: int
    body: bytes
    problem: Reason | None = None


class Rules(NamedTuple):
    """What one host allows. `state` is found, absent or unreachable; `closed` is why nothing may be asked there.

    `delay` is its Crawl-delay in seconds, at most 30.
    """

    state: str
    closed: Reason | None = None
    delay: float = 0.0
    rules: Protego | None = None

    def allows(self, url: str) -> bool:
        """Whether `url` may be asked for."""
        return self.closed is None and (self.rules is None or self.rules.can_fetch(url, ROBOTS_TOKEN))


def read(answer: RobotsAnswer) -> Rules:
    """Rules from an answer. Network failures close the host under their own name, server errors as ROBOTS_UNREACHABLE."""
    if answer.problem in NETWORK_FAILURES:
        return Rules("unreachable", answer.problem)
    if answer.status >= 500 or answer.status == 0:
        return Rules("unreachable", Reason.ROBOTS_UNREACHABLE)
    if not 200 <= answer.status < 300:
        return Rules("absent")
    try:
        rules = Protego.parse(answer.body[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff"))
        delay = float(rules.crawl_delay(ROBOTS_TOKEN) or 0)
    except (ValueError, RecursionError):
        return Rules("absent")
    return Rules("found", None, min(max(delay, 0.0), LONGEST_DELAY), rules)


class RobotsDesk:
    """The rules of every host of a run, asked for once each, also where visits of several entities begin there together."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Rules] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def rules(self, url: str, ask: Callable[[str], Awaitable[RobotsAnswer]]) -> Rules:
        """The rules for the scheme and host of `url`. `ask` fetches the robots.txt at a URL, redirects included."""
        root = urljoin(url, "/robots.txt")
        lock = self._asking.setdefault(root, asyncio.Lock())
        async with lock:
            if root not in self._known:
                self._known[root] = read(await ask(root))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known[root]
