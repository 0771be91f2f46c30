"""What taking the focus shows (WCAG 2.2, 2.4.7 and 2.4.11), and whether it is taken by what assistive technology is not told of.

An outline, a caret or another style of the element itself is enough to be seen. Where there is none, the window as it looks with
the focus on the element, reached by a real Tab press, is compared with the window after the focus was taken away, pixel by pixel.
"""

import asyncio
import json
from typing import Any

from PIL import Image, ImageChops

from ..capture import RuleResult, Seen
from ..capture.seen import Outcome
from .hands import Hands, result_of
from .stage import Stage
from .steps import REST, WORLD

COMPARED_MOST, CONFIRMED_MOST, COVERED_MOST, VEILED_MOST = 4, 2, 3, 3
SLOW_SECONDS, MOMENT_SECONDS = 0.4, 0.1
"""How long a mark may take to appear, and how long a script that passes the focus on."""
NEAR = 60
"""CSS px around an element within which something that moves may be its mark."""

KINDS = """((ats, most) => {
  const kinds = new Map();
  for (const at of ats) {
    const kind = met[at].localName + '.' + met[at].className;
    if (!kinds.has(kind)) kinds.set(kind, at);
  }
  return JSON.stringify([...kinds.values()].slice(0, most));
})"""
"""One of each kind of element: what one does all like it do."""

PLACE = """(at => {
  const box = met[at].getBoundingClientRect();
  const native = met[at].matches('a[href], button, input, select, textarea, summary, [role=button], [role=link]');
  const small = box.width < 3 || box.height < 3 || box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth ||
    box.top >= innerHeight;
  return JSON.stringify([box.left, box.top, box.right, box.bottom, native || !small]);
})"""
"""The box of an element, and whether it is one that a person has to do with: seen, or a control."""


async def try_focus(stage: Stage) -> Seen:
    """Look again, one by one, at what the walk of the keyboard trial left doubtful; nothing where it was not free to walk.

    Raises playwright's Error or TimeoutError.
    """
    hands = await Hands.on(stage, WORLD)
    if not await hands.ask("globalThis.free === true"):
        return Seen()
    results = await _results(hands)
    await hands.ask(REST)
    return Seen(checks=tuple(results))


async def _results(hands: Hands) -> list[RuleResult]:
    looked = await hands.ask("looked()")
    passed: list[tuple[Outcome, Any]] = [("passed", ())] * looked
    results = []
    doubtful = json.loads(await hands.ask(f"{KINDS}(unmarked(), {COMPARED_MOST})"))
    told: list[tuple[Outcome, int]] = [
        (await _marked(hands, at, sure=count < CONFIRMED_MOST), at) for count, at in enumerate(doubtful)
    ]
    results.append(await _result(hands, "focus_visible", told, passed))
    covered = json.loads(await hands.ask("JSON.stringify(noted('covered'))"))[:COVERED_MOST]
    told = [("failed" if await _holds(hands, at, f"covered({at})", SLOW_SECONDS) else "cant_tell", at) for at in covered]
    results.append(await _result(hands, "focus_not_obscured", told, passed))
    veiled = json.loads(await hands.ask("JSON.stringify(noted('veiled'))"))[:VEILED_MOST]
    told = [("failed" if await _holds(hands, at, "true", MOMENT_SECONDS) else "passed", at) for at in veiled]
    results.append(await _result(hands, "focus_in_hidden", told, passed))
    disordered = json.loads(await hands.ask("JSON.stringify(disordered())"))
    results.append(await _result(hands, "focus_order", [("cant_tell", at) for at in disordered], passed[1:]))
    return results


async def _result(hands: Hands, rule: str, told: list[tuple[Outcome, int]], passed: list[tuple[Outcome, Any]]) -> RuleResult:
    elements = json.loads(await hands.ask(f"told_of({json.dumps([at for _, at in told])})"))
    return result_of(rule, [*((outcome, one) for (outcome, _), one in zip(told, elements, strict=True)), *passed])


async def _reach(hands: Hands, at: int) -> bool:
    """Lead the focus to an element by Tab, from the one before it; by script where that is another one's way."""
    if not await hands.ask(f"met[{at}].isConnected && grasp({at})"):
        return False
    await hands.press("Shift+Tab", "Tab")
    return bool(await hands.ask(f"has({at}) || grasp({at})"))


async def _holds(hands: Hands, at: int, condition: str, seconds: float) -> bool:
    """Whether an element that has the focus still has it after a while, under a condition."""
    if not await _reach(hands, at):
        return False
    await asyncio.sleep(seconds)
    return bool(await hands.ask(f"has({at}) && {condition}"))


async def _marked(hands: Hands, at: int, sure: bool) -> Outcome:
    """Whether the focus on an element leaves a mark in the window; `sure`: look twice before it is said that it leaves none."""
    if not await _reach(hands, at):
        return "cant_tell"
    focused = await hands.picture()
    *box, concerned = json.loads(await hands.ask(f"{PLACE}({at})"))
    if not await hands.ask("rest()"):
        return "cant_tell"
    bare, moving = await hands.picture(), None
    marked = difference(focused, bare)
    if marked and (moving := difference(bare, await hands.picture())):
        marked = difference(focused, bare, moving)
        if not marked and _meet(moving, box):
            return "cant_tell"
    if marked:
        return "passed"
    if not concerned:
        return "cant_tell"
    if not sure:
        return "failed"
    if not await _reach(hands, at):
        return "cant_tell"
    await asyncio.sleep(SLOW_SECONDS)
    late = await hands.picture()
    return "failed" if await hands.ask(f"has({at})") and not difference(late, bare, moving) else "cant_tell"


Box = tuple[int, int, int, int]


def difference(one: Image.Image, other: Image.Image, but: Box | None = None) -> Box | None:
    """The box in device pixels outside which two pictures are the same, a part left aside; None where they are everywhere."""
    if one.size != other.size:
        return (0, 0, *one.size)
    apart = ImageChops.difference(one, other)
    if but:
        apart.paste((0, 0, 0), but)
    return apart.getbbox()


def _meet(moving: Box, box: list[float]) -> bool:
    """Whether a part of the window lies on or near the box of an element."""
    left, top, right, bottom = box
    return moving[0] < right + NEAR and moving[2] > left - NEAR and moving[1] < bottom + NEAR and moving[3] > top - NEAR
