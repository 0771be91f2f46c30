"""Shortcuts of one printable character (WCAG 2.2, 2.1.4): every such key is pressed while nothing has the focus.

A page that changes is asked again, key by key, and compared with a key that means nothing; then its switches are turned, one of
which may turn the shortcut off.
"""

import asyncio
import json

from ..capture import RuleResult, Seen
from ..capture.seen import Outcome
from .hands import Hands, result_of
from .stage import DESCRIBE, Stage

RULE = "character_key_shortcut"
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789+-*/?.,;:#!="
IDLE = "~"
"""A character that no page has a shortcut for."""
ASKED_MOST, SWITCHES_MOST, MOMENT_SECONDS = 3, 6, 0.12
KEY_EVENTS = {"keydown", "keypress", "keyup"}

WATCH = """
let key = '', reacted = new Map();
const note = element => { if (key && !reacted.has(key)) reacted.set(key, element); };
addEventListener('keydown', event => { if (event.isTrusted) key = event.key; }, true);
addEventListener('focusin', event => note(event.target), true);
new MutationObserver(changes => {
  for (const change of changes) {
    const element = change.target.nodeType === Node.ELEMENT_NODE ? change.target : change.target.parentElement;
    if (change.type !== 'attributes' || element && !element.matches('html, body')) note(element || document.body);
  }
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
globalThis.begin = () => { key = ''; reacted = new Map(); document.activeElement?.blur?.(); };
globalThis.keys = () => JSON.stringify([...reacted.keys()]);
globalThis.target = one => JSON.stringify(describe(reacted.get(one) || document.body));
const switches = () => [...document.querySelectorAll('input[type=checkbox], [role=switch], [role=checkbox]')]
  .filter(one => !one.disabled && one.checkVisibility()).slice(0, MOST);
globalThis.count = () => switches().length;
globalThis.turn = at => { switches()[at]?.click(); };
globalThis.elsewhere = () => document.querySelector('a[href]:not([href^="#"]), area[href], button, select, [role=button], ' +
  '[role=link], [role=switch], [role=menuitem], input:is([type=button], [type=submit], [type=radio], [type=checkbox])') !== null;
"""
"""Leaves behind `keys`, those after which the page changed, and ways to the switches that may turn them off; `elsewhere`: there
is something else that may lead to such a switch."""


async def try_shortcuts(stage: Stage) -> Seen:
    """Press the keys where the page as a whole listens to any. Raises playwright's Error or TimeoutError."""
    hands = await Hands.on(stage, "shortcuts")
    if not await _listens(hands):
        return Seen(checks=(result_of(RULE, []),))
    await hands.listen()
    try:
        return Seen(checks=(await _result(hands),))
    finally:
        hands.ignore()


async def _listens(hands: Hands) -> bool:
    """Whether window, document or body listens to keys."""
    session = hands.stage.session
    for expression in ("window", "document", "document.documentElement", "document.body"):
        found = (await session.send("Runtime.evaluate", {"expression": expression}))["result"]
        if "objectId" in found:
            said = await session.send("DOMDebugger.getEventListeners", {"objectId": found["objectId"]})
            if any(one["type"] in KEY_EVENTS for one in said["listeners"]):
                return True
    return False


async def _result(hands: Hands) -> RuleResult:
    await hands.ask(f"{DESCRIBE}\n{WATCH.replace('MOST', str(SWITCHES_MOST))}")
    await hands.ask("begin()")
    await hands.type_all(SIGNS)
    await asyncio.sleep(MOMENT_SECONDS)
    suspects = [key for key in json.loads(await hands.ask("keys()")) if key in SIGNS][:ASKED_MOST]
    if not suspects:
        return result_of(RULE, [("cant_tell" if hands.led_away else "passed", ("", ""))])
    told = []
    for key in suspects:
        element: list[str] = []
        outcome = await _outcome(hands, key, element)
        told.append((outcome, element))
    return result_of(RULE, told)


async def _outcome(hands: Hands, key: str, element: list[str]) -> Outcome:
    """What is to be said of a key after which the page changed; `element` is filled with what changed."""
    if not (await _reacts(hands, key) and await _reacts(hands, key)):
        return "passed"
    element += json.loads(await hands.ask(f"target({json.dumps(key)})"))
    if await _reacts(hands, IDLE):
        return "cant_tell"
    for at in range(await hands.ask("count()")):
        await hands.ask(f"turn({at})")
        still = await _reacts(hands, key)
        await hands.ask(f"turn({at})")
        if not still:
            return "passed"
    return "cant_tell" if await hands.ask("elsewhere()") else "failed"


async def _reacts(hands: Hands, key: str) -> bool:
    """Whether the page changes after a key, and not by itself."""
    await hands.ask("begin()")
    await asyncio.sleep(MOMENT_SECONDS)
    await hands.type_all(key)
    await asyncio.sleep(MOMENT_SECONDS)
    return key in json.loads(await hands.ask("keys()"))
