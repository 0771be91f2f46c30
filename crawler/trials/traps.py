"""Ways out of where Tab goes round (WCAG 2.2, 2.1.2): arrow keys, keys that the page tells, what can be closed or asked."""

import json
import re
from contextlib import suppress

from playwright.async_api import Error

from ..capture import RuleResult
from ..capture.seen import Outcome
from .hands import Hands, result_of

USUAL = ("Escape", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")
MODIFIERS = {"ctrl": "Control", "control": "Control", "alt": "Alt", "shift": "Shift", "meta": "Meta", "cmd": "Meta"}
KEYS = {"esc": "Escape", "escape": "Escape", "tab": "Tab", "enter": "Enter", "home": "Home", "end": "End", "del": "Delete"}
"""What is printed on keys, the same in every language, by the names that the DOM has for them."""
CHORD = re.compile(r"\b([^\W\d_]{3,10})(?:\s?[+-]\s?([^\W\d_]{3,10}))?\s?[+-]\s?([^\W_]{1,6})\b(?!\s?[+-])")
SINGLE = re.compile(r"\b(F(?:[1-9]|1[0-2]))\b")
TRIED_MOST, TEXT_MOST = 4, 20_000

TEXT = f"""[document, ...met.map(one => one.ownerDocument)].filter((one, at, all) => all.indexOf(one) === at)
  .map(one => one.body?.innerText || '').join('\\n').slice(0, {TEXT_MOST}).toWellFormed()"""

AROUND = """(circle => {
  const parts = circle.map(at => met[at]).filter(Boolean);
  const modal = 'dialog, [role=dialog], [role=alertdialog], [aria-modal=true]';
  return JSON.stringify([parts.some(one => one.closest(modal)), parts.every(types)]);
})"""
"""Whether what goes round belongs to a dialog, which is closed; whether it is fields to type in and nothing else."""

POKE = """(most => {
  const close = 'a[href^="#"], button[type=button], button:not(form *), [role=button]';
  met.filter(one => one.isConnected && one.matches(close)).slice(0, most).forEach(one => one.click());
})"""
"""Uses what acts on the page itself and was met: a help that is shown on demand, a box that can be closed."""


async def try_trap(hands: Hands, circle: tuple[int, ...], looked: bool) -> RuleResult:
    """What is to be said of a circle that neither Tab nor Escape nor Shift+Tab leaves; () where the walk met none."""
    rule = "keyboard_trap"
    if not circle:
        return result_of(rule, [("passed", ())] if looked else [])
    outcome: Outcome = "cant_tell"
    with suppress(Error):
        outcome = await _outcome(hands, circle)
    return result_of(rule, [(outcome, one) for one in json.loads(await hands.ask(f"told_of({json.dumps(circle)})"))])


async def _outcome(hands: Hands, circle: tuple[int, ...]) -> Outcome:
    in_dialog, only_fields = json.loads(await hands.ask(f"{AROUND}({json.dumps(circle)})"))
    held = await _swallowed(hands)
    if in_dialog or (only_fields and not held):
        return "cant_tell"
    for _ in circle:
        await hands.press("Shift+Tab")
        if await hands.ask("now()") not in circle:
            return "cant_tell"
    for key in USUAL:
        if await _leads_out(hands, circle, key):
            return "passed"
    before = await hands.ask(TEXT)
    chords, unknown = told_keys(before)
    for chord in chords:
        if await _leads_out(hands, circle, chord):
            return "passed"
    if unknown:
        return "cant_tell"
    await hands.ask(f"{POKE}({TRIED_MOST * 2})")
    if await _leads_out(hands, circle, "Tab"):
        return "cant_tell"
    more, unknown = told_keys(await hands.ask(TEXT))
    for chord in more:
        if chord not in chords and await _leads_out(hands, circle, chord):
            return "passed"
    return "cant_tell" if unknown else "failed"


async def _swallowed(hands: Hands) -> bool:
    """Whether the focus does not even leave for a moment: the page takes the Tab key; it is no field that wants to be filled."""
    count = "focused().ownerDocument.defaultView.addEventListener('blur', () => { left += 1; }, true)"
    await hands.ask(f"globalThis.left = 0; if (focused()) {count}")
    await hands.press("Tab")
    return not await hands.ask("left")


async def _leads_out(hands: Hands, circle: tuple[int, ...], key: str) -> bool:
    """Whether a key, or Tab after it, leads the focus out of the circle, beginning in it."""
    if await hands.ask("now()") not in circle:
        await hands.ask(f"grasp({circle[0]})")
    await hands.press(key)
    if await hands.ask("now()") not in circle:
        return True
    await hands.press("Tab")
    return await hands.ask("now()") not in circle


def told_keys(text: str) -> tuple[list[str], bool]:
    """Key combinations that a text names ("Ctrl+M", "F6"), as Playwright writes them; whether it names one that is not known."""
    chords: list[str] = []
    unknown = False
    for first, second, last in CHORD.findall(text):
        words = [word.lower() for word in (first, second) if word]
        known = [MODIFIERS[word] for word in words if word in MODIFIERS]
        key = last.upper() if SINGLE.fullmatch(last.upper()) else last.lower() if len(last) == 1 else KEYS.get(last.lower(), "")
        if len(known) == len(words) and key:
            chords.append("+".join([*known, key]))
        elif known:
            unknown = True
    chords += [key for key in SINGLE.findall(text) if not any(chord.endswith(key) for chord in chords)]
    unique = list(dict.fromkeys(chords))
    return unique[:TRIED_MOST], unknown or len(unique) > TRIED_MOST
