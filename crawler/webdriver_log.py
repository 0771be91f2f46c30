"""What a page asked for, from the log of requests that Chromium keeps for WebDriver."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from . import urls
from .ledger import Ledger
from .traffic import TOLD
from .wishes import CAME, FILLING, UNHURRIED, WAITING


@dataclass(slots=True)
class _Wish:
    """One request; `state` is CAME, WAITING or why it did not come, `fills`: the page may show less without it."""

    url: str
    fills: bool
    state: str = WAITING


@dataclass(slots=True)
class RequestLog:
    """The requests of one page. `status` is the HTTP status of its first document, 0 until there is one.

    `asked` has every request in its order, each hop of a redirect; `received` pairs of URL and bytes of what came. `arrivals`
    counts what came or failed of what may fill the page.
    """

    status: int = 0
    arrivals: int = 0
    asked: list[str] = field(default_factory=list)
    received: list[tuple[str, int]] = field(default_factory=list)
    _wishes: dict[str, _Wish] = field(default_factory=dict)
    _frame: str = ""
    _page: str = ""
    _url: str = ""

    @property
    def failed(self) -> tuple[str, ...]:
        """What may fill the page and did not come, as "URL: why"; the first ten."""
        missing = [f"{wish.url[:200]}: {wish.state}" for wish in self._wishes.values() if wish.state and wish.fills]
        return tuple(dict.fromkeys(missing))[:TOLD]

    @property
    def waits(self) -> bool:
        """Whether something that may fill the page is under way."""
        return any(wish.state == WAITING and wish.fills for wish in self._wishes.values())

    @property
    def origins(self) -> set[str]:
        """Where documents and all else came from: "https://host:port"."""
        return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self.asked)}

    def read(self, entries: Iterable[dict[str, Any]]) -> None:
        """Take in what the log has gained."""
        for entry in entries:
            message = json.loads(entry["message"])["message"]
            if step := _STEPS.get(message["method"]):
                step(self, message["params"])

    def settle(self, ledger: Ledger) -> None:
        """Put all of it on the account of the visit."""
        for url in self.asked:
            ledger.note(url, 0, 0, browser=True)
        for url, size in self.received:
            ledger.account(url).bytes += size
            ledger.received += size
        self.asked, self.received = [], []

    def _sent(self, event: dict[str, Any]) -> None:
        url, kind = event["request"]["url"], event.get("type", "")
        if not url.startswith("http"):
            return
        self.asked.append(url)
        self._frame = self._frame or (event.get("frameId", "") if kind == "Document" else "")
        of_page = kind == "Document" and event.get("frameId") == self._frame
        if of_page:  # another document takes the place of the page: what the one before missed is of no interest
            self._wishes, self._url, self._page = {}, url, event["requestId"]
        self._wishes[event["requestId"]] = _Wish(url, of_page or self._fills(url, kind, event))

    def _fills(self, url: str, kind: str, event: dict[str, Any]) -> bool:
        """As `Traffic` has it: of other sites only what the page waits for, or asked for itself."""
        site = urls.domain(self._url)
        if kind not in FILLING or urls.domain(url) == site:
            return kind in FILLING
        if kind == "Script":
            return event["request"].get("initialPriority") not in UNHURRIED
        stack = event["initiator"].get("stack", {}).get("callFrames", [])
        return kind != "Document" and any(urls.domain(frame["url"]) == site for frame in stack)

    def _answered(self, event: dict[str, Any]) -> None:
        wish, status = self._wishes.get(event["requestId"]), int(event["response"]["status"])
        if event["requestId"] == self._page:
            self.status = self.status or status
        if wish and status >= 400:
            wish.state = f"HTTP {status}"

    def _ended(self, event: dict[str, Any]) -> None:
        if wish := self._wishes.get(event["requestId"]):
            self._move(wish, CAME if wish.state == WAITING else wish.state)
            self.received.append((wish.url, int(event.get("encodedDataLength", 0))))

    def _lost(self, event: dict[str, Any]) -> None:
        wish = self._wishes.get(event["requestId"])
        if wish and wish.state == WAITING:
            self._move(wish, CAME if event.get("canceled") else event.get("errorText") or "failed")

    def _move(self, wish: _Wish, state: str) -> None:
        wish.state = state
        self.arrivals += wish.fills


_STEPS = {
    "Network.requestWillBeSent": RequestLog._sent,
    "Network.responseReceived": RequestLog._answered,
    "Network.loadingFinished": RequestLog._ended,
    "Network.loadingFailed": RequestLog._lost,
}
