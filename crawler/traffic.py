"""All that one page asks for: every request decided, every answer kept, and what did not come remembered."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Error

from . import urls
from .archive import Archive
from .capture import Weight
from .guard import Guard, RefusedError
from .larder import Goods, Larder, sent_bytes
from .ledger import Ledger
from .wishes import ADORNING, CAME, FILLING, UNHURRIED, UNKNOWN, WAITING, WITHHELD, Wish

Event = dict[str, Any]
Allowed = Callable[[str], bool | None]
"""What robots.txt says of a URL, as far as it is known: None where nobody asked for that robots.txt yet."""

DRESS_SECONDS = 3.0
MOST_REQUESTS, MOST_PAGES, MOST_FRAMES = 400, 6, 60
"""What one page may ask for in all, lead on to before it has to stay where it is, and show in frames."""
LARGEST_KEPT = 5 * 1024 * 1024
TOLD = 10


class Traffic:
    """The requests of one page, from its opening to its end.

    Each passes the guard and robots.txt as far as `allowed` knows it, or comes from the archive. `on_excess` is told when the
    page asks for more than any page needs; once it is `flooded` with requests, they are best left without any answer. `arrivals`
    counts what came or failed of what may fill the page, `origins` are those that documents came from.
    """

    def __init__(self, guard: Guard, archive: Archive | None, larder: Larder, allowed: Allowed | None, ledger: Ledger) -> None:
        self.on_excess: Callable[[str], None] = lambda why: None
        self.flooded = False
        self.arrivals = 0
        self.archived = archive is not None
        self._guard = guard
        self._archive = archive
        self._larder = larder
        self._allowed = allowed
        self._ledger = ledger
        self._wishes: dict[str, Wish] = {}
        self._by_page: set[str] = set()
        self._given_up: set[str] = set()
        self._page = ""
        self._url = ""
        self.origins: set[str] = set()
        self._pages = 0
        self._frames = 0
        self._asked = 0
        self._moved = asyncio.Event()

    @property
    def failed(self) -> tuple[str, ...]:
        """What the page waited for in vain, as "URL: why"; the first ten."""
        missing = [f"{wish.url[:200]}: {wish.state}" for wish in self._wishes.values() if wish.state and self._fills(wish)]
        return tuple(dict.fromkeys(missing))[:TOLD]

    @property
    def withheld(self) -> bool:
        """Whether something that decides how the page looks or works did not come by our doing, or not yet."""
        missing = [wish for wish in self._wishes.values() if wish.state in WITHHELD or wish.state == WAITING]
        return any(wish.kind == "Stylesheet" or self._fills(wish) for wish in missing)

    @property
    def weight(self) -> Weight:
        """What the page has fetched so far; whole where we withheld nothing."""
        wishes = [wish for wish in self._wishes.values() if wish.url.startswith("http")]
        whole = all(wish.state not in WITHHELD for wish in wishes)
        return Weight(sum(wish.sent or wish.size for wish in wishes), len(wishes), whole)

    async def quiet(self, seconds: float) -> None:
        """Wait until nothing that may fill the page is under way, nor anything that adorns it, or until the time is over."""
        await self._while(lambda wish: wish.state == WAITING and self._fills(wish), seconds)
        await self._while(self._is_coming, min(seconds, DRESS_SECONDS))

    def _is_coming(self, wish: Wish) -> bool:
        """Whether something has not come, or not all of it."""
        return wish.state in (WAITING, CAME) and not wish.whole and (wish.kind in ADORNING or self._fills(wish))

    async def _while(self, lasts: Callable[[Wish], bool], seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(map(lasts, self._wishes.values())):
                    self._moved.clear()
                    await self._moved.wait()

    def refuse_socket(self, url: str) -> None:
        """A socket was closed: what it would have brought is missing from a page that opened it to its own site."""
        plain = url.replace("ws", "http", 1)
        if urls.domain(plain) == urls.domain(self._url):
            self._wishes[url] = Wish(plain, "Fetch", True, False, url, "sockets are not opened")

    def settle_accounts(self) -> None:
        """Note the bytes of what came; requests were noted when they were made."""
        for wish in self._wishes.values():
            if wish.size:
                self._ledger.account(wish.url).bytes += wish.size
                self._ledger.received += wish.size
                wish.size = 0

    async def decide(self, session: CDPSession, event: Event) -> None:
        """Answer one request, each hop of a redirect included; keep the response when it comes by."""
        request = event["requestId"]
        try:
            wish = self._note(event)
            if "responseStatusCode" in event or "responseErrorReason" in event:
                await self._response(session, event, wish)
                return
            refused = await self._refusal(wish)
            if refused:
                self._move(wish, refused)
                await session.send("Fetch.failRequest", {"requestId": request, "errorReason": refused})
            elif self._archive:
                await self._fulfil(session, request, wish, self._from_archive(wish))
            elif kept := self._larder.find(self._ledger.pen, event):
                self._move(wish, CAME)
                await self._fulfil(session, request, wish, kept)
            else:
                self._ledger.note(wish.url, 0, 0, browser=True)
                await session.send("Fetch.continueRequest", {"requestId": request})
        except Error:  # the page is gone: nothing is lost by that
            return
        except Exception:
            await quietly(session.send("Fetch.failRequest", {"requestId": request, "errorReason": "Failed"}))
            raise

    async def _refusal(self, wish: Wish) -> str:
        """CDP's Network.ErrorReason for a request that must not be made; "" for one that may."""
        self._asked += 1
        if self._asked > MOST_REQUESTS:
            self.flooded = True
            self.on_excess("it asks without end")
            return "BlockedByClient"
        if wish.of_page and self._pages > MOST_PAGES:
            self.on_excess("it leads on without end")
            return "Aborted"
        if wish.kind == "Document" and self._frames > MOST_FRAMES:
            return "BlockedByClient"
        if self._archive:
            return ""
        try:
            await self._guard.check(wish.url)
        except RefusedError:
            return "AccessDenied"
        return "BlockedByClient" if self._allowed and self._allowed(wish.url) is False else ""

    async def _response(self, session: CDPSession, event: Event, wish: Wish) -> None:
        """Let a response, or its failure, through to the page."""
        status = event.get("responseStatusCode", 0)
        if status and not _is_redirect(event):
            await self._keep(session, event)
        if not _is_redirect(event):
            aborted = event.get("responseErrorReason") == "Aborted"
            self._move(wish, CAME if status in range(1, 400) or aborted else event.get("responseErrorReason") or f"HTTP {status}")
        await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})

    async def _keep(self, session: CDPSession, event: Event) -> None:
        """Write a response, unless the crawl has it: from the archive, axe-core shall see what it saw live."""
        pen, url = self._ledger.pen, event["request"]["url"]
        if pen is None or event["request"]["method"] != "GET" or not (self._larder.wants(event) or not pen.has(url)):
            return
        headers = [(header["name"], header["value"]) for header in event.get("responseHeaders", ())]
        size = next((int(value) for name, value in headers if name.lower() == "content-length" and value.isdigit()), 0)
        if size > LARGEST_KEPT:
            return
        status, phrase = event["responseStatusCode"], event.get("responseStatusText", "")
        body = await _body(session, event["requestId"])
        self._larder.put(pen, event, Goods(status, headers, body, sent_bytes(headers, body)))
        if not pen.has(url) and len(body) <= LARGEST_KEPT:
            asked = list(event["request"]["headers"].items())
            pen.exchange(url, datetime.now(UTC), asked, status, phrase, headers, body)

    def _from_archive(self, wish: Wish) -> Goods | None:
        """What the archive has; None for a host of which it has nothing."""
        assert self._archive is not None
        found = self._archive.get(wish.url)
        status = (found.status if found else 404) or 200
        self._move(wish, CAME if found and status < 400 else f"HTTP {status}" if found else UNKNOWN)
        if wish.of_page and not 300 <= status < 400:
            self._turn_over(wish)
        if found is None:
            return Goods(status, [], b"") if self._archive.holds(wish.url) else None
        return Goods(status, list(found.plain_headers), found.body, sent_bytes(found.headers, found.body))

    async def _fulfil(self, session: CDPSession, request: str, wish: Wish, goods: Goods | None) -> None:
        if goods is None:
            await session.send("Fetch.failRequest", {"requestId": request, "errorReason": "NameNotResolved"})
            return
        wish.sent = goods.sent
        headers = [{"name": name, "value": value} for name, value in goods.headers]
        body = base64.b64encode(goods.body).decode()
        answer = {"requestId": request, "responseCode": goods.status, "responseHeaders": headers, "body": body}
        await session.send("Fetch.fulfillRequest", answer)

    def _note(self, event: Event) -> Wish:
        """The wish that an event speaks of; a redirect makes it one for another URL."""
        url, kind = event["request"]["url"], event["resourceType"]
        name = event.get("networkId") or event["requestId"]
        if kind == "Document" and not self._page:
            self._page, self._url = event["frameId"], url
        wish = self._wishes.get(name)
        if wish is None:
            urgent = event["request"].get("initialPriority") not in UNHURRIED
            wish = self._wishes[name] = Wish(url, kind, urgent, kind == "Document" and event["frameId"] == self._page, name)
            self._pages += wish.of_page
            self._frames += kind == "Document" and not wish.of_page
        wish.url, wish.kind = url, kind
        if kind == "Document":
            self.origins.add("://".join(urlsplit(url)[:2]))
        if wish.of_page and event.get("responseStatusCode") and not _is_redirect(event):
            self._turn_over(wish)
        return wish

    def _turn_over(self, wish: Wish) -> None:
        """Another document takes the place of the page: what the one before missed is of no interest."""
        self.settle_accounts()
        self._url = wish.url
        self._wishes = {wish.name: wish}

    def _fills(self, wish: Wish) -> bool:
        """Whether the page may show less without it. Of other sites only what the page waits for, or asked for itself."""
        if wish.kind not in FILLING or wish.name in self._given_up:
            return False
        own = wish.of_page or urls.domain(wish.url) == urls.domain(self._url)
        return own or (wish.urgent if wish.kind == "Script" else wish.name in self._by_page and wish.kind != "Document")

    def _move(self, wish: Wish, state: str) -> None:
        wish.state = state
        self.arrivals += wish.kind in FILLING or (wish.kind in ADORNING and wish.whole)
        self._moved.set()

    def sent(self, event: Event) -> None:
        """Remember requests that a script of the page's own site makes."""
        stack = event["initiator"].get("stack", {}).get("callFrames", [])
        if any(urls.domain(frame["url"]) == urls.domain(self._url) for frame in stack):
            self._by_page.add(event["requestId"])

    def lost(self, event: Event) -> None:
        """A request came to nothing."""
        wish = self._wishes.get(event["requestId"])
        if wish and wish.state != WAITING:
            wish.whole = True
            self._moved.set()
            return
        if event.get("canceled"):  # by the page itself; that may be known before the request is
            self._given_up.add(event["requestId"])
            self._moved.set()
        elif wish:
            self._move(wish, event.get("errorText", "failed"))

    def ended(self, event: Event) -> None:
        """A response came whole."""
        if wish := self._wishes.get(event["requestId"]):
            wish.size = int(event.get("encodedDataLength", 0))
            wish.whole = True
            self._move(wish, CAME if wish.state == WAITING else wish.state)


async def watch(session: CDPSession, *, archived: bool) -> None:
    """Have every request of the page behind `session` told: as Fetch.requestPaused, and what became of it by Network's events."""
    stages = ("Request",) if archived else ("Request", "Response")
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": stage} for stage in stages]})
    await session.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})


def _is_redirect(event: Event) -> bool:
    return event.get("responseStatusCode") in (301, 302, 303, 307, 308) and any(
        header["name"].lower() == "location" for header in event.get("responseHeaders", ())
    )


async def _body(session: CDPSession, request: str) -> bytes:
    got = await session.send("Fetch.getResponseBody", {"requestId": request})
    return base64.b64decode(got["body"]) if got["base64Encoded"] else got["body"].encode()


async def quietly(errand: Awaitable[Any]) -> None:
    """A page may be gone before its last request is answered: nothing is lost by that."""
    try:
        await errand
    except Error:
        return
