"""How far the Tab key leads: real presses, and what of the page that a mouse can operate they reach (WCAG 2.2, 2.1.1 and 2.1.2).

Looked for is what can be hit with a mouse: links, buttons, fields, elements with such a role, and those whose markup listens to
clicks. Left out are widgets that are entered once and then led by arrow keys, and what is disabled or covered.
"""

import json
from collections import Counter
from dataclasses import dataclass, field

from ..capture import Element, Keyboard, Seen
from .stage import DESCRIBE, Stage

SAMPLE_MOST, TOLD, ANSWER_SECONDS = 200, 5, 5.0

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
  const hit = element => {
    element.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const rect = [...element.getClientRects()].find(one => one.width >= 3 && one.height >= 3);
    if (!rect) return false;
    const top = document.elementFromPoint(rect.left + rect.width / 2, rect.top + rect.height / 2);
    return top !== null && element.contains(top);
  };
  const sample = [];
  for (const element of document.querySelectorAll(`${native}, ${roles}, [onclick]`)) {
    if (sample.length === most) break;
    if (!element.matches(`${native}, ${roles}`) && !listens(element)) continue;
    if (element.matches(':disabled, [aria-disabled=true]') || element.closest(by_arrows)) continue;
    if (hit(element)) sample.push(element);
  }
  scrollTo({left: 0, top: 0, behavior: 'instant'});
  const met = [];
  globalThis.step = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body || element === document.documentElement) return '[-1, 0]';
    if (!met.includes(element)) met.push(element);
    const holds = element.matches('iframe, frame, embed, object') || element.localName.includes('-');
    const parted = element.matches('video, audio, [type=date], [type=time], [type=datetime-local], [type=month], [type=week]');
    return JSON.stringify([met.indexOf(element), holds ? 1e6 : parted ? 15 : 3]);
  };
  globalThis.account = (whole, trap, told) => {
    const ordered = document.querySelector('[tabindex]:not([tabindex="0"]):not([tabindex^="-"])');
    if (!whole && ordered) return 'null';
    const behind = (one, other) => one === other || other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    const last = met.reduce((far, one) => far && behind(far, one) ? far : one, null);
    const asked = sample.filter(one => one.isConnected && one.checkVisibility() && (whole || last && behind(last, one)));
    const ways = new Set(met.filter(one => one.href).map(one => String(one.href)));
    const holds = (one, other) => one.contains(other) || other.getRootNode().host === one;
    const reached = one => met.some(other => holds(one, other)) || ways.has(String(one.href));
    const missed = asked.filter(one => !reached(one));
    const shown = [...trap.map(at => met[at]), ...missed].slice(0, told);
    return JSON.stringify([asked.length, asked.length - missed.length, shown.map(describe)]);
  };
  return sample.length;
})"""
"""Notes what can be operated; leaves behind `step`, which says what has the focus and how many presses in a row it may keep it,
and `account`, which says what was reached: of the whole page, or of as much of it as lies before the last element reached."""


@dataclass(slots=True)
class _Walk:
    """The elements that had the focus, by their number in the order of meeting; -1 is none. `home`: it came back to the first."""

    steps: list[int] = field(default_factory=list)
    visits: Counter[int] = field(default_factory=Counter)
    home: bool = False
    trap: tuple[int, ...] = ()

    def add(self, at: int) -> None:
        """One more step; back at the first element, or twice at none, the walk is over."""
        before = self.steps[-1] if self.steps else None
        first = next((step for step in self.steps if step >= 0), None)
        self.home = (at != before and at == first) or at == before == -1
        self.steps.append(at)
        self.visits[at] += at >= 0

    @property
    def circle(self) -> tuple[int, ...]:
        """The elements met since the last but one visit to the present one."""
        at = self.steps[-1]
        return tuple(sorted(set(self.steps[len(self.steps) - 1 - self.steps[-2::-1].index(at) - 1 :]) - {-1}))


async def try_keyboard(stage: Stage) -> Seen:
    """Press Tab `tab_presses` times at most. Raises playwright's Error or TimeoutError."""
    if not await stage.ask(f"{{{DESCRIBE}\n{PREPARE}({SAMPLE_MOST})}}", ANSWER_SECONDS):
        return Seen(keyboard=Keyboard(0, 0, trapped=False))
    walk = _Walk()
    for _ in range(stage.settings.tab_presses):
        at, patience = await _press(stage, "Tab")
        walk.add(at)
        if walk.home:
            break
        if at >= 0 and walk.visits[at] >= patience and not await _leaves(stage, walk):
            break
    told = f"account({json.dumps(walk.home)}, {json.dumps(walk.trap)}, {TOLD})"
    account = json.loads(await stage.ask(told, ANSWER_SECONDS))
    if account is None:
        return Seen()
    operable, reached, missed = account
    return Seen(keyboard=Keyboard(operable, reached, bool(walk.trap), tuple(Element(*each) for each in missed)))


async def _leaves(stage: Stage, walk: _Walk) -> bool:
    """Whether Escape and Tab lead out of where the focus goes round; Shift+Tab shows whether it is a trap or only an end."""
    circle = walk.circle
    await stage.page.keyboard.press("Escape")
    at, _ = await _press(stage, "Tab")
    if at not in circle:
        walk.visits.clear()
        walk.add(at)
        return not walk.home
    at, _ = await _press(stage, "Shift+Tab")
    if at in circle:
        walk.trap = circle
    return False


async def _press(stage: Stage, key: str) -> tuple[int, int]:
    """Press a key; what then has the focus, and how many presses it may keep it."""
    await stage.page.keyboard.press(key)
    at, patience = json.loads(await stage.ask("step()", ANSWER_SECONDS))
    return at, patience
