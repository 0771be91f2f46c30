"""How far the Tab key leads: real presses, and what of the page that a mouse can operate they reach (WCAG 2.2, 2.1.1 and 2.1.2).

Looked for is what can be hit with a mouse: links, buttons, fields, elements with such a role, and those whose markup listens to
clicks. Left out are widgets that are entered once and then led by arrow keys, and what is disabled or covered. On the way it is
noted what each element shows when it has the focus, and whether taking it leads elsewhere.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..capture import Element, Keyboard, RuleResult, Seen
from ..capture.seen import Outcome
from .hands import Hands, result_of
from .reach import try_reach
from .stage import DESCRIBE, Stage
from .steps import REST, STEPS, WORLD
from .traps import try_trap

SAMPLE_MOST, TOLD, PRESSES_AT_ONCE = 200, 5, 12
LEADING_RULE = "focus_changes_context"

PREPARE = """(most => {
  const native = 'a[href], area[href], button, input:not([type=hidden]):not([type=radio]), select, textarea, summary, ' +
    '[contenteditable=""], [contenteditable=true]';
  const roles = ['button', 'checkbox', 'combobox', 'link', 'searchbox', 'switch', 'textbox'].map(role => `[role=${role}]`).join();
  const by_arrows = ['grid', 'listbox', 'menu', 'menubar', 'radiogroup', 'tablist', 'toolbar', 'tree']
    .map(role => `[role=${role}]`).join();
  const idle = /^\\s*((return\\s+)?(true|false)?;?|.*stopPropagation.*)\\s*$/;
  const listens = element => !element.matches('body, form, label, fieldset, legend, option') &&
    !idle.test(element.getAttribute('onclick')) && !element.querySelector(`${native}, ${roles}`) &&
    !element.parentElement?.closest(`${native}, ${roles}, [onclick]`);
  const topmost = element => {
    const rect = [...element.getClientRects()].find(one => one.width >= 3 && one.height >= 3);
    if (!rect) return false;
    const top = document.elementFromPoint(rect.left + rect.width / 2, rect.top + rect.height / 2);
    return top !== null && element.contains(top);
  };
  const hit = element => {
    if (!element.checkVisibility()) return false;
    if (topmost(element)) return true;
    element.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    return topmost(element);
  };
  const sample = [];
  for (const element of document.querySelectorAll(`${native}, ${roles}, [onclick]`)) {
    if (sample.length === most) break;
    if (!element.matches(`${native}, ${roles}`) && !listens(element)) continue;
    if (element.matches(':disabled, [aria-disabled=true]') || element.closest(by_arrows)) continue;
    if (hit(element)) sample.push(element);
  }
  scrollTo({left: 0, top: 0, behavior: 'instant'});
  globalThis.account = (whole, trap, told) => {
    const ordered = document.querySelector('[tabindex]:not([tabindex="0"]):not([tabindex^="-"])');
    if (!whole && ordered) return 'null';
    const behind = (one, other) => one === other || other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    const outer = met.map(outermost);
    const last = outer.reduce((far, one) => far && behind(far, one) ? far : one, null);
    const asked = sample.filter(one => one.isConnected && one.checkVisibility() && (whole || last && behind(last, one)));
    const ways = new Set(met.filter(one => one.href).map(one => String(one.href)));
    const reached = one => outer.some(other => one.contains(other)) || ways.has(String(one.href));
    const missed = asked.filter(one => !reached(one));
    const shown = [...trap.map(at => met[at]), ...missed].slice(0, told);
    return JSON.stringify([asked.length, asked.length - missed.length, shown.map(describe)]);
  };
  return sample.length;
})"""
"""Notes what can be operated; leaves behind `account`, which says what was reached: of the whole page, or of as much of it as
lies before the last element reached."""


@dataclass(slots=True)
class Walk:
    """The elements that had the focus, by their number in the order of meeting; -1 is none. `home`: it came back to the first."""

    steps: list[int] = field(default_factory=list)
    visits: Counter[int] = field(default_factory=Counter)
    home: bool = False
    over: bool = False
    trap: tuple[int, ...] = ()

    def add(self, at: int) -> int:
        """One more step; back at the first element, or twice at none, the walk is over. Gives how often it was there."""
        before = self.steps[-1] if self.steps else None
        first = next((step for step in self.steps if step >= 0), None)
        self.home = self.home or (at != before and at == first) or at == before == -1
        self.steps.append(at)
        self.visits[at] += at >= 0
        self.over = self.over or self.home
        return self.visits[at]

    @property
    def ring(self) -> tuple[int, ...]:
        """All elements met, where the focus came back to the first and never left the page on its way; else none."""
        return tuple(sorted(self.visits)) if self.home and -1 not in self.steps else ()

    @property
    def circle(self) -> tuple[int, ...]:
        """The elements met since the last but one visit to the present one."""
        at = self.steps[-1]
        return tuple(sorted(set(self.steps[len(self.steps) - 1 - self.steps[-2::-1].index(at) - 1 :]) - {-1}))


async def try_keyboard(stage: Stage) -> Seen:
    """Press Tab `tab_presses` times or a few more. Raises playwright's Error or TimeoutError."""
    hands = await Hands.on(stage, WORLD)
    await hands.listen()
    try:
        return await _try(hands)
    finally:
        hands.ignore()


async def _try(hands: Hands) -> Seen:
    operable = await hands.ask(f"{DESCRIBE}\n{STEPS}\n{PREPARE}({SAMPLE_MOST})")
    walk = Walk()
    leading = await _go(hands, walk, hands.stage.settings.tab_presses)
    if leading:
        return Seen(checks=(leading,))
    account = json.loads(await hands.ask(f"account({json.dumps(walk.home)}, {json.dumps(walk.trap)}, {TOLD})"))
    met = any(at >= 0 for at in walk.steps)
    ring = walk.ring if account and account[0] > account[1] else ()
    checks = [
        result_of(LEADING_RULE, [("passed", ())] * met),
        await try_trap(hands, walk.trap or ring, met),
        *await try_reach(hands),
    ]
    await hands.ask(f"globalThis.free = {json.dumps(not walk.trap and not ring)}; {REST}")
    return Seen(keyboard=_keyboard(account, walk) if operable else Keyboard(0, 0, trapped=False), checks=tuple(checks))


def _keyboard(account: Any, walk: Walk) -> Keyboard | None:
    if account is None:
        return None
    operable, reached, missed = account
    return Keyboard(operable, reached, bool(walk.trap), tuple(Element(*each) for each in missed))


async def _go(hands: Hands, walk: Walk, presses: int) -> RuleResult | None:
    """Walk until it is over or so many presses far; gives a result where taking the focus leads elsewhere."""
    while len(walk.steps) < presses and not walk.over:
        times = min(PRESSES_AT_ONCE, presses - len(walk.steps))
        await hands.tab(times)
        records = json.loads(await hands.ask(f"since({times})"))
        staying = [at for at, patience in records if walk.add(at) >= patience > 0]
        if hands.led_away:
            return await _leading(hands, sorted({at for at, _ in records if at >= 0}))
        if staying and not walk.over:
            await _leave(hands, walk, staying[0])
    return None


async def _leave(hands: Hands, walk: Walk, start: int) -> None:
    """See whether Escape and Tab lead out of where the focus goes round; Shift+Tab shows whether it is a trap or only an end."""
    while walk.steps[-1] != start and len(walk.steps) < 2 * hands.stage.settings.tab_presses:
        await hands.tab(1)
        walk.add(json.loads(await hands.ask("since(1)"))[-1][0])
    if walk.over:
        return
    circle = walk.circle
    await hands.press("Escape", "Tab")
    at = await hands.ask("now()")
    await hands.ask("since(0)")
    if at not in circle:
        walk.visits.clear()
        walk.add(at)
        return
    await hands.press("Shift+Tab")
    walk.trap = circle if await hands.ask("now()") in circle else ()
    walk.over = True


async def _leading(hands: Hands, met: list[int]) -> RuleResult:
    """Something led elsewhere while these took the focus: which does it again is sure, else nothing is."""
    outcomes: list[Outcome] = []
    for at in met:
        before = hands.led_away
        await hands.ask("rest()")
        await hands.ask(f"grasp({at})")
        outcomes.append("failed" if hands.led_away > before else "passed")
    elements = json.loads(await hands.ask(f"told_of({json.dumps(met)})"))
    if "failed" not in outcomes:
        outcomes = ["cant_tell"] * len(met)
    return result_of(LEADING_RULE, list(zip(outcomes, elements, strict=True)))
