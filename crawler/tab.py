"""One page in Chromium: opened, left alone until it stands still, stopped where it never does, read and pictured."""

import asyncio
import base64
import json
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

from playwright.async_api import CDPSession, Dialog, Error, Page

from . import urls
from .capture import RuleResult, Seen, Weight
from .settings import CrawlSettings
from .traffic import Event, Traffic
from .trials import HANDS_ON, LOOKS, Stage, try_out
from .trials.axe import EXAMINE, EXAMINED, axe_results

SETTLE_SECONDS, READ_SECONDS, PICTURE_SECONDS, AXE_SECONDS = 15.0, 10.0, 5.0, 30.0
LOADED_SECONDS, STILL_SECONDS = 8.0, 5.0
BUSY_SECONDS, STOP_SECONDS, AGAIN_SECONDS, BREATH_SECONDS = 8.0, 10.0, 0.25, 0.1
"""How long scripts may leave a page no moment to answer; how long stopping them may take, and how soon that is tried again; a
pause on the way to another page."""
MOST_DIALOGS = 20
OWN_WORLD, LOAD_AXE = "veedor", "loadAxe"
"""The name of our place beside a page's scripts, and the function there that brings axe-core."""
PICTURE = {"format": "jpeg", "quality": 60, "captureBeyondViewport": False}

LOADED = """new Promise(done => {
  if (document.readyState === 'complete') done();
  addEventListener('load', done);
  setTimeout(done, 8000);
})"""
"""Resolves once all that the document names is loaded, after 8 s (LOADED_SECONDS) at the latest: some pages never are."""

STILL = """new Promise(done => {
  const quiet = 300, longest = 5000, start = performance.now();
  const seen = new Set(), watch = new MutationObserver(() => { last = performance.now() });
  let last = start;
  const inner = frame => { try { return frame.contentDocument } catch { return null } };
  const documents = (one, deep) => [one, ...deep > 2 ? [] : [...one.querySelectorAll('iframe, frame')].slice(0, 20).map(inner)
    .filter(Boolean).flatMap(other => documents(other, deep + 1))];
  const ends = one => one.playState === 'running' && isFinite(one.effect?.getComputedTiming().endTime ?? Infinity);
  const moves = one => one.fonts.status === 'loading' || one.getAnimations().some(ends);
  const look = () => {
    const now = performance.now(), all = documents(document, 0);
    for (const one of all.filter(one => !seen.has(one))) {
      seen.add(one);
      last = now;
      watch.observe(one, {subtree: true, childList: true, attributes: true, characterData: true});
    }
    if (now - start < longest && all.some(moves)) last = now;
    if (now - start < longest && now - last < quiet) return setTimeout(look, Math.max(quiet - (now - last), 20));
    watch.disconnect();
    done();
  };
  look();
})"""
"""Resolves once the document and its own frames have stood still for 300 ms: nothing in them changed, no animation that ends
was running, and no font was on its way. After 5 s (STILL_SECONDS) at the latest."""

SOURCE = """(most => {
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : '';
  const all = kind + (document.documentElement ? document.documentElement.outerHTML : '');
  return [all.slice(0, most).toWellFormed(), all.length > most];
})"""
"""The document as markup, at most so many UTF-16 units of it, and whether that cut it."""

MARK = """(selector => {
  let found = null;
  try { found = document.querySelector(selector); } catch (error) { return null; }
  if (!found) return null;
  found.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const box = found.getBoundingClientRect(), margin = 40;
  if (!box.width || !box.height) return null;
  found.style.setProperty('outline', '3px solid #c00', 'important');
  const x = Math.max(0, box.left - margin), y = Math.max(0, box.top - margin);
  const width = Math.min(innerWidth, box.right + margin) - x, height = Math.min(innerHeight, box.bottom + margin) - y;
  return width > 0 && height > 0 ? {x, y, width, height} : null;
})"""
"""Brings the first such element into the window and frames it; where it is then, with a margin, or null where none is seen."""


class Tab:
    """One page of a portal, from the request for it until it was read."""

    def __init__(self, page: Page, session: CDPSession, traffic: Traffic, settings: CrawlSettings) -> None:
        self.stopped = ""
        self._page = page
        self._session = session
        self.traffic = traffic
        self._settings = settings
        self._dialogs = 0
        self._world = 0
        self._patience: asyncio.Timeout | None = None
        self._errands: set[asyncio.Task[None]] = set()
        traffic.on_excess = lambda why: self.later(self.stop(why))

    @property
    def at_peace(self) -> bool:
        """Whether nothing but the page's own ways was seen: its scripts were not stopped, and it asked a person nothing."""
        return not self.stopped and not self._dialogs and not self.traffic.flooded

    @property
    def url(self) -> str:
        """Where the page is now: scripts and refreshes lead on."""
        return self._page.url

    async def show(self, url: str) -> int:
        """Go there; gives the HTTP status as soon as the document begins. Raises Error where nothing comes."""
        answer = await self._page.goto(url, wait_until="commit", timeout=self._settings.timeout_seconds * 1000)
        return answer.status if answer else 0

    async def settle(self) -> None:
        """Wait until the page stands still and nothing that may fill it is under way. One that cannot be asked is stopped."""
        try:
            async with asyncio.timeout(None) as self._patience:
                await self._stand_still()
                return
        except TimeoutError:
            pass
        finally:
            self._patience = None
        await self.stop("its scripts run without end")

    async def _stand_still(self) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + SETTLE_SECONDS
        while clock() < end:
            try:
                await self._ask("0", BUSY_SECONDS)
                await self._ask(LOADED, LOADED_SECONDS + BUSY_SECONDS)
                before = self.traffic.arrivals
                await self._ask(STILL, STILL_SECONDS + BUSY_SECONDS)
                await self.traffic.quiet(end - clock())
                if self.traffic.arrivals == before:
                    return
            except Error:  # it led on to another page meanwhile
                await asyncio.sleep(BREATH_SECONDS)

    async def stop(self, why: str) -> None:
        """Let no script of the page run any more, also not the one that runs now, and wait for nothing that it would do."""
        if self.stopped:
            return
        self.stopped = why
        if self._patience:
            self._patience.reschedule(0)
        self.later(self._session.send("Emulation.setScriptExecutionDisabled", {"value": True}))
        self.later(self._session.send("Network.disable"))
        reaction = asyncio.ensure_future(quietly(self._session.send("DOM.getDocument", {"depth": 0})))
        try:
            async with asyncio.timeout(STOP_SECONDS):
                while not reaction.done():  # some scripts are at once followed by what they left to do
                    self.later(self._session.send("Runtime.terminateExecution"))
                    await asyncio.wait({reaction}, timeout=AGAIN_SECONDS)
        finally:
            reaction.cancel()

    async def source(self) -> tuple[str, bool]:
        """The document as scripts have left it, and whether only its first part is given."""
        html, cut = await self._ask(f"{SOURCE}({self._settings.max_page_bytes})", READ_SECONDS)
        return html.encode("utf-8", "replace").decode(), cut

    async def picture(self) -> bytes:
        """What a person sees first, as JPEG; b"" where Chromium cannot draw it in time."""
        try:
            async with asyncio.timeout(PICTURE_SECONDS):
                answer = await self._session.send("Page.captureScreenshot", PICTURE)
        except (Error, TimeoutError):
            return b""
        return base64.b64decode(answer["data"])

    async def portrait(self, selector: str) -> bytes:
        """The first such element, marked, with what is around it, as PNG. Raises Error where the page shows none."""
        clip = await self._ask(f"{MARK}({json.dumps(selector)})", READ_SECONDS)
        if clip is None:
            raise Error("the page shows no such element")
        return await self._page.screenshot(clip=clip, animations="disabled", timeout=PICTURE_SECONDS * 1000)

    async def examine(self) -> tuple[RuleResult, ...]:
        """What axe-core says of the page. Raises Error where scripts had to be stopped: axe-core is one."""
        if self.stopped:
            raise Error(self.stopped)
        async with asyncio.timeout(AXE_SECONDS):
            own, *others = await self._own_frames()
            await asyncio.gather(*(self._call(world, f"() => {LOAD_AXE}()") for world in (own, *others)))
            return axe_results(await self._call(own, EXAMINE, EXAMINED))

    async def weigh(self) -> Weight | None:
        """What the page has fetched so far; None where its scripts had to be stopped."""
        try:
            loaded = bool(await self._ask("document.readyState === 'complete'", READ_SECONDS))
        except (Error, TimeoutError):
            return None
        weight = self.traffic.weight
        return None if self.stopped else replace(weight, whole=weight.whole and loaded)

    async def try_out(self, *, hands: bool) -> Seen:
        """What trials show of the page, those that handle it only where `hands` says so. Never raises."""
        if self.stopped or self.traffic.withheld or not self._settings.try_seconds:
            return Seen()
        stage = Stage(self._page, self._session, self._ask, self._settings)
        return await try_out(stage, (*LOOKS, *HANDS_ON) if hands else LOOKS)

    async def _own_world(self) -> int:
        """CDP's Runtime.ExecutionContextId of a place where the page's scripts cannot meddle; it ends with the document."""
        if not self._world:
            tree = await self._session.send("Page.getFrameTree")
            self._world = await self._world_in(tree["frameTree"]["frame"]["id"])
        return self._world

    async def _world_in(self, frame: str) -> int:
        asked = {"frameId": frame, "worldName": OWN_WORLD}
        return int((await self._session.send("Page.createIsolatedWorld", asked))["executionContextId"])

    async def _own_frames(self) -> list[int]:
        """Our worlds in the page and in frames that came from its own host: in an error page axe-core would judge Chromium."""
        waiting, frames = [(await self._session.send("Page.getFrameTree"))["frameTree"]], []
        while waiting:
            tree = waiting.pop(0)
            waiting += tree.get("childFrames", ())
            frames.append(tree["frame"])
        host = urls.authority(self.url)
        own = [one for one in frames[1:] if one["url"].startswith("http") and urls.authority(one["url"]) == host]
        return [await self._world_in(frame["id"]) for frame in (frames[0], *own)]

    async def _call(self, world: int, function: str, *values: Any) -> Any:
        """Call a function in one of our worlds. Raises Error where it throws, and where the page went away meanwhile."""
        told = {"functionDeclaration": function, "executionContextId": world, "awaitPromise": True, "returnByValue": True}
        answer = await self._session.send("Runtime.callFunctionOn", told | {"arguments": [{"value": value} for value in values]})
        return _value(answer)

    async def _ask(self, expression: str, seconds: float) -> Any:
        """Evaluate out of reach of the page's own scripts. Raises TimeoutError, and Error where the page went away meanwhile."""
        async with asyncio.timeout(seconds):
            wanted = {"expression": expression, "contextId": await self._own_world(), "awaitPromise": True, "returnByValue": True}
            try:
                answer = await self._session.send("Runtime.evaluate", wanted)
            except Error:
                self._world = 0
                raise
        return _value(answer)

    def paused(self, event: Event) -> None:
        """A request of the page waits for its decision; in a flood of them none gets any, so that other pages keep their time."""
        if not self.traffic.flooded:
            self.later(self.traffic.decide(self._session, event))

    def dialog(self, dialog: Dialog) -> None:
        """Close a dialog as a person would who wants to read the page."""
        self._dialogs += 1
        if self._dialogs == MOST_DIALOGS:
            self.later(self.stop("it opens dialogs without end"))
        self.later(dialog.dismiss())

    def later(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Do something for the page while it goes on."""
        task = asyncio.ensure_future(quietly(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


def _value(answer: dict[str, Any]) -> Any:
    """What a script gave. Raises Error where it threw."""
    if "exceptionDetails" in answer:
        raise Error(answer["exceptionDetails"].get("text", "cannot be read"))
    return answer["result"].get("value")


async def quietly(errand: Coroutine[Any, Any, Any]) -> None:
    """A page may be gone before an errand for it is done: nothing is lost by that."""
    with suppress(Error, TimeoutError):
        await errand
