"""Hands on the keyboard of a page: keys that are really pressed, questions in between, and pictures of what is seen."""

import asyncio
import base64
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.async_api import Error

from ..capture import Element, RuleResult
from ..capture.seen import Outcome
from .stage import Stage

ANSWER_SECONDS, TOLD = 5.0, 10
PICTURE = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": False}
CODES = {"+": 187, "=": 187, "-": 189, ",": 188, ".": 190, "/": 191, "?": 191, ";": 186, ":": 186, "*": 56, "#": 51, "!": 49}
"""Windows virtual key codes of signs; letters and digits have their own character codes."""

LEADING = ("scriptInitiated", "formSubmissionGet", "formSubmissionPost")
"""Why Chromium goes to another document where neither the person nor a refresh in the markup asked for it."""

Event = dict[str, Any]
Handler = Callable[[Event], None]


@dataclass(slots=True)
class Hands:
    """`frame` is CDP's id of the page's own frame, `world` that of a place beside its scripts; both last as long as the document.

    `led_away` counts how often a script, not a person, asked for another document or window while the hands were at it.
    """

    stage: Stage
    frame: str
    world: int
    led_away: int = 0
    _listening: list[tuple[str, Handler]] = field(default_factory=list)
    _errand: asyncio.Future[None] | None = None

    @classmethod
    async def on(cls, stage: Stage, world: str) -> "Hands":
        """Hands with a world of that name. Raises playwright's Error where it is gone."""
        tree = await stage.session.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        made = await stage.session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": world})
        return cls(stage, frame, int(made["executionContextId"]))

    async def ask(self, expression: str) -> Any:
        """The value of an expression in the page. Raises TimeoutError, and Error where the page went away."""
        wanted = {"expression": expression, "contextId": self.world, "awaitPromise": True, "returnByValue": True}
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await self.stage.session.send("Runtime.evaluate", wanted)
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise Error(thrown.get("exception", {}).get("description") or thrown["text"])
        return answer["result"].get("value")

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, by the names that Playwright has for them ("Shift+Tab")."""
        async with asyncio.timeout(ANSWER_SECONDS):
            for key in keys:
                await self.stage.page.keyboard.press(key)

    async def tab(self, times: int) -> None:
        """Press Tab so often without waiting for an answer in between."""
        tab = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        await self._send([tab] * times)

    async def type_all(self, signs: str) -> None:
        """Press the key of each printable character, one after the other."""
        await self._send([{"key": one, "text": one, "windowsVirtualKeyCode": CODES.get(one, ord(one.upper()))} for one in signs])

    async def _send(self, keys: list[Event]) -> None:
        send, kind = self.stage.session.send, "Input.dispatchKeyEvent"
        strokes = [{"type": way, **key} for key in keys for way in ("keyDown" if "text" in key else "rawKeyDown", "keyUp")]
        for stroke in strokes:
            if stroke["type"] == "keyUp":
                stroke.pop("text", None)
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.gather(*(send(kind, stroke) for stroke in strokes))

    async def picture(self) -> Image.Image:
        """What the window shows, in device pixels. Raises TimeoutError and playwright's Error."""
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await self.stage.session.send("Page.captureScreenshot", PICTURE)
        return Image.open(io.BytesIO(base64.b64decode(answer["data"]))).convert("RGB")

    async def listen(self) -> None:
        """Notice from now on where scripts lead to, and let them not."""
        session = self.stage.session
        asked: Handler = lambda event: self._asked(event)  # noqa: E731 - Playwright writes into what it is given
        opened: Handler = lambda event: self._opened(event)  # noqa: E731
        for kind, handler in (("Page.frameRequestedNavigation", asked), ("Page.windowOpen", opened)):
            session.on(kind, handler)
            self._listening.append((kind, handler))
        await session.send("Page.enable")

    def ignore(self) -> None:
        """Notice no longer."""
        for kind, handler in self._listening:
            self.stage.session.remove_listener(kind, handler)
        self._listening.clear()

    def _opened(self, _: Event) -> None:
        self.led_away += 1

    def _asked(self, event: Event) -> None:
        if event["frameId"] == self.frame and event["reason"] in LEADING:
            self.led_away += 1
            self._errand = asyncio.ensure_future(self._stay())

    async def _stay(self) -> None:
        with suppress(Error):
            await self.stage.session.send("Page.stopLoading")


WORST: tuple[Outcome, ...] = ("failed", "cant_tell", "passed")


def result_of(rule: str, told: Sequence[tuple[Outcome, Any]]) -> RuleResult:
    """The worst that was said of any element (`told`: outcome and Element by element), with those of which it was said."""
    outcomes = [outcome for outcome, _ in told]
    worst: Outcome = "inapplicable"
    if outcomes:
        worst = min(outcomes, key=WORST.index)
    nodes = tuple(Element(*element) for outcome, element in told if outcome == worst and outcome != "passed")
    return RuleResult(rule, worst, elements=outcomes.count(worst), nodes=nodes[:TOLD])
