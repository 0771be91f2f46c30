"""What one visit's pages share, so that a portal is asked for its scripts, styles and pictures once and not with every page.

Every page has a browser context of its own, without cache, cookies or storage, so that what axe-core says of it does not depend
on what was visited before. Chromium's own cache would end with it.
"""

import zlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from .archive import UNDONE
from .pen import WarcPen

SHARED = frozenset({"Script", "Stylesheet", "Font", "Image"})
"""CDP's Network.ResourceType of what may be shared. Documents and data are asked for anew each time."""
LARGEST_ITEM = 1024 * 1024
LARGEST_SHELF = 16 * 1024 * 1024
PASSING = UNDONE | {"set-cookie"}
"""Headers of one transfer, not of what was transferred."""
KEPT = "x-archive-orig-"
"""What archives put before the names of headers that no longer fit what they hold."""

Shelf = OrderedDict[tuple[str, str], "Goods"]


class Goods(NamedTuple):
    """A response as a page gets it; `body` is without transfer and content encoding, `sent` how many bytes it took with them."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    sent: int = 0


class Larder:
    """Responses by visit: a visit is known by its pen, with which its shelf goes away. What no pen wrote down is not shared."""

    def __init__(self) -> None:
        self._shelves: WeakKeyDictionary[WarcPen, Shelf] = WeakKeyDictionary()

    def wants(self, event: dict[str, Any]) -> bool:
        """Whether the answer to a request could be shared."""
        return event["resourceType"] in SHARED and event["request"]["method"] == "GET"

    def find(self, pen: WarcPen | None, event: dict[str, Any]) -> Goods | None:
        """What an earlier page of this visit got for the same request."""
        shelf = self._shelves.get(pen) if pen else None
        return shelf.get(_key(event)) if shelf and self.wants(event) else None

    def put(self, pen: WarcPen, event: dict[str, Any], goods: Goods) -> None:
        """Keep a response for the next page, unless it failed, is large or forbids it; the oldest make room."""
        told = {name.lower(): value.lower() for name, value in goods.headers}
        if not self.wants(event) or goods.status != 200 or len(goods.body) > LARGEST_ITEM:
            return
        if "no-store" in told.get("cache-control", "") or told.get("vary", "") == "*":
            return
        shelf = self._shelves.setdefault(pen, OrderedDict())
        shelf[_key(event)] = goods._replace(headers=[pair for pair in goods.headers if pair[0].lower() not in PASSING])
        while sum(len(kept.body) for kept in shelf.values()) > LARGEST_SHELF:
            shelf.popitem(last=False)


def sent_bytes(headers: Iterable[tuple[str, str]], body: bytes) -> int:
    """How many bytes a body took on its way: as the headers say, else as zlib packs what they say was packed."""
    told = {name.lower(): value for name, value in headers}
    told |= {name.removeprefix(KEPT): value for name, value in told.items() if name.startswith(KEPT)}
    if told.get("content-encoding", "identity").lower() == "identity":
        return len(body)
    length = told.get("content-length", "")
    return int(length) if length.isdigit() and int(length) < len(body) else len(zlib.compress(body))


def _key(event: dict[str, Any]) -> tuple[str, str]:
    """Address and origin: what a server allows one origin it may not allow another."""
    asked = {name.lower(): value for name, value in event["request"]["headers"].items()}
    return event["request"]["url"], asked.get("origin", "")
