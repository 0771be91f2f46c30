"""Whether a page may be held either way (WCAG 2.2, 1.3.4): what its style turns back by 90 degrees, or takes away.

Asked only where a style sheet speaks of orientation, or cannot be read. What shows in one position a small part of the text that
it shows in the other may ask people to turn the device, or may fold itself up: that cannot be told.
"""

import json

from ..capture import Element, RuleResult
from ..capture.seen import Outcome
from .stage import DESCRIBE, Ask

ANSWER_SECONDS, RULES_MOST = 5.0, 20000
MOMENT = "new Promise(done => setTimeout(done, 60))"

ASKED = """(most => {
  const speaks = media => /orientation|aspect-ratio/i.test(media?.mediaText || '');
  let waiting = [...document.styleSheets, ...document.adoptedStyleSheets];
  for (let count = 0; waiting.length && count < most; count++) {
    const one = waiting.pop();
    if (speaks(one.media)) return true;
    if (one instanceof CSSImportRule) { if (one.styleSheet) waiting.push(one.styleSheet); continue; }
    if (one instanceof CSSStyleRule) continue;
    try { for (const rule of one.cssRules || []) if (!(rule instanceof CSSStyleRule)) waiting.push(rule); } catch { return true; }
  }
  return waiting.length > 0;
})"""

POSITION = """globalThis.position_of = () => {
  const angle = element => {
    const style = getComputedStyle(element), matrix = new DOMMatrix(style.transform === 'none' ? '' : style.transform);
    const own = parseFloat(/^(?:z )?(-?[\\d.]+)deg$/.exec(style.rotate)?.[1] || 0);
    return Math.atan2(matrix.m12, matrix.m11) * 180 / Math.PI + own;
  };
  const all = (document.body?.innerText || '').trim().length, angles = [];
  let turned = 0;
  for (let at = document.documentElement; at && all && angles.length < 12;) {
    turned += angle(at);
    angles.push([at, turned]);
    at = [...at.children].find(one => one instanceof HTMLElement && 2 * (one.innerText || '').trim().length >= all &&
      one.checkVisibility({visibilityProperty: true}));
  }
  return {all, angles: new Map(angles)};
};
globalThis.turned = (one, other) => {
  const right = (a, b) => { const by = ((a - b) % 180 + 180) % 180; return Math.abs(by - 90) < 10; };
  return [...one.angles].filter(([at, angle]) => other.angles.has(at) && right(angle, other.angles.get(at))).map(([at]) => at);
};"""
"""Leaves behind `position_of`, how far what holds half of all text is turned and how much text there is, and `turned`."""


class Orientation:
    """A page that is held one way, then the other."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def asked(self) -> bool:
        """Whether the page's style may care how it is held."""
        return bool(await self._ask(f"{ASKED}({RULES_MOST})", ANSWER_SECONDS))

    async def wide(self) -> None:
        """Note how it stands in a window that is wider than high."""
        await self._ask(f"{{{POSITION} globalThis.position_wide = position_of(); 0}}", ANSWER_SECONDS)

    async def upright(self) -> RuleResult:
        """What is different in a window that is higher than wide."""
        await self._ask(MOMENT, ANSWER_SECONDS)
        named = "one => [describe(one)[0] || one.localName, describe(one)[1]]"
        shown = f"JSON.stringify([position_wide.all, now.all, turned(position_wide, now).slice(0, 1).map({named})])"
        said = await self._ask(f"{{{DESCRIBE} const now = position_of(); {shown}}}", ANSWER_SECONDS)
        wide, high, bad = json.loads(said)
        hidden = max(wide, high) > 200 and 5 * min(wide, high) < max(wide, high)
        outcome: Outcome = "failed" if bad else "cant_tell" if hidden else "passed" if wide and high else "inapplicable"
        return RuleResult("orientation", outcome, elements=len(bad), nodes=tuple(Element(*each) for each in bad))
