"""Running text that its own page cuts off: what a box that hides its overflow leaves of each text, before and after a change.

Only text that is still seen in part counts: what vanishes as a whole may be folded away on purpose. Left out is what a person can
scroll to, what moves or is laid out by scripts (transforms, absolute positions, animations: menus and slides), boxes as high as
half the window (applications), and what says itself that it goes on (an ellipsis, a limit of lines, a mask that fades out).
"""

import json
from typing import NamedTuple

from ..capture import Element, RuleResult
from ..capture.seen import Outcome
from .stage import DESCRIBE, Ask

TEXTS_MOST, ELEMENTS_MOST, TOLD, ANSWER_SECONDS = 3000, 8000, 10, 5.0

READ = """
globalThis.clips_read = (most, texts) => {
  const names = new Set(['audio', 'canvas', 'embed', 'iframe', 'marquee', 'math', 'noscript', 'object', 'pre', 'script', 'select',
    'style', 'svg', 'template', 'textarea', 'video']);
  const apart = element => names.has(element.localName) || element.inert || element.getAttribute('aria-hidden') === 'true' ||
    element.getAttribute('role') === 'application';
  const words = /\\p{L}{2}/u, icons = /icon|awesome|symbol|glyph/i;
  const cuts = flow => flow === 'hidden' || flow === 'clip', scrolls = flow => flow === 'auto' || flow === 'scroll';
  const moves = style => style.transform !== 'none' || style.translate !== 'none' || style.animationName !== 'none' ||
    style.willChange === 'transform' || style.position === 'absolute';
  const goes_on = style => style.textOverflow !== 'clip' || style.webkitLineClamp !== 'none' || style.maskImage !== 'none';
  const box = (element, style) => {
    const rect = element.getBoundingClientRect(), top = rect.top + element.clientTop, left = rect.left + element.clientLeft;
    const down = cuts(style.overflowY), across = cuts(style.overflowX);
    const narrow = element.clientWidth < 2 || element.clientHeight < 2 || style.clipPath !== 'none' || style.clip !== 'auto';
    const idle = goes_on(style) || narrow || element.scrollTop || element.scrollLeft || 2 * element.clientHeight > innerHeight;
    return {element, top, left, down, across, idle, bottom: top + element.clientHeight, right: left + element.clientWidth};
  };
  const range = document.createRange(), seen = new Map();
  const above = element => {
    for (let at = element; at && at !== document.body; at = at.parentElement) if (moves(getComputedStyle(at))) return true;
    return false;
  };
  const note = (node, owner, clips, loose) => {
    const kept = {lost: 0, part: true, by: null, open: false, line: false};
    seen.set(node, kept);
    if (!clips.length) return;
    if (loose || clips.some(clip => clip.idle)) { kept.by = clips[0].element; kept.open = true; return; }
    range.selectNodeContents(node);
    let whole = 0, left = 0;
    for (const rect of range.getClientRects()) {
      if (rect.width < 2 || rect.height < 2) continue;
      let [from, top, to, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
      for (const clip of clips) {
        if (clip.down) { top = Math.max(top, clip.top); bottom = Math.min(bottom, clip.bottom); }
        if (clip.across) { from = Math.max(from, clip.left); to = Math.min(to, clip.right); }
        if (clip.across && clip.element !== owner && to - from < rect.width - 1) kept.open = true;
      }
      const long = 2 * (bottom - top) < rect.height ? 0 : Math.max(to - from, 0);
      whole += rect.width;
      left += long;
    }
    kept.lost = whole - left;
    kept.part = left > 0.02 * whole;
    kept.by = clips[0].element;
    kept.line = getComputedStyle(owner).whiteSpace.startsWith('nowrap') && clips[0].across && clips[0].element === owner;
  };
  const waiting = document.body ? [[document.body, document.body, [], false]] : [];
  for (let count = 0; waiting.length && count < most && seen.size < texts; count++) {
    let [element, owner, clips, loose] = waiting.pop();
    if (apart(element)) continue;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.opacity === '0') continue;
    if (style.display !== 'inline' && style.display !== 'contents') owner = element;
    if (element !== document.body) {
      if (scrolls(style.overflowY) || scrolls(style.overflowX) || style.position === 'fixed') clips = [];
      const clip = style.display !== 'inline' && (cuts(style.overflowY) || cuts(style.overflowX));
      if (clip && !clips.length) loose = above(element);
      if (clip) clips = [box(element, style), ...clips];
      loose = clips.length > 0 && (loose || moves(style));
    }
    for (const child of element.childNodes)
      if (child.nodeType === Node.ELEMENT_NODE) waiting.push([child, owner, clips, loose]);
      else if (child.nodeType === Node.TEXT_NODE && words.test(child.data) && style.visibility === 'visible' &&
        !(clips.length && (parseFloat(style.fontSize) < 6 || icons.test(style.fontFamily)))) note(child, owner, clips, loose);
  }
  return seen;
};
globalThis.clips_lost = (before, after, whole_before) => {
  const lost = [], unsure = [], told = new Set(), letters = 24;
  const seen = new Set([...after.values()].filter(now => now.part).map(now => now.by));
  const ways = 'a[href], button, summary, label, [role=button], [aria-expanded], [onclick]';
  for (const [node, now] of after) {
    const then = before.get(node);
    if (!then || !now.by || now.open || then.open) continue;
    if (!seen.has(now.by) || !then.part || now.lost < letters) continue;
    const more = now.lost > then.lost + letters;
    if (whole_before ? !more || then.lost > 2 : !more && !(now.line && then.line)) continue;
    if (told.has(now.by)) continue;
    told.add(now.by);
    const title = now.by.closest('[title]')?.title || '', text = node.data.trim();
    const way = now.by.closest(ways) || (now.by.parentElement || now.by).querySelector(ways) || title.includes(text);
    (way ? unsure : lost).push(now.by);
  }
  return [after.size, lost, unsure];
};"""
"""Leaves behind `clips_read`, which gives what is seen of each text node, and `clips_lost`, which compares two of these readings:
how many texts were read, boxes that surely cut off text, and boxes that cut off text to which a link or button may lead.

Text counts by its length in CSS px. A line is lost where less than half its height is seen; less than three letters are nothing.
"""


class Lost(NamedTuple):
    """How many texts were read, and boxes that now cut text off; the `unsure` ones have a link or a button beside them."""

    texts: int
    lost: tuple[Element, ...]
    unsure: tuple[Element, ...]

    def result(self, rule: str) -> RuleResult:
        """What a rule says of it."""
        outcome: Outcome = "failed" if self.lost else "cant_tell" if self.unsure else "passed" if self.texts else "inapplicable"
        nodes = self.lost or self.unsure
        return RuleResult(rule, outcome, elements=len(nodes) or self.texts, nodes=nodes[:TOLD])


async def read_clips(ask: Ask, name: str) -> None:
    """Note under a name what is seen of the text now. Raises Error or TimeoutError where the page cannot be asked."""
    first = f"if (!globalThis.clips_read) {{{READ}}}"
    await ask(f"{{{first} globalThis.{name} = clips_read({ELEMENTS_MOST}, {TEXTS_MOST}); 0}}", ANSWER_SECONDS)


async def lost_since(ask: Ask, before: str, now: str, *, whole: bool) -> Lost:
    """What is cut off in one reading that was not in an earlier one; `whole`: only of texts that were seen as a whole."""
    shown = "JSON.stringify([texts, lost.map(describe), unsure.map(describe)])"
    asked = f"clips_lost({before}, {now}, {json.dumps(whole)})"
    said = await ask(f"{{{DESCRIBE} const [texts, lost, unsure] = {asked}; {shown}}}", ANSWER_SECONDS)
    texts, lost, unsure = json.loads(said)
    return Lost(texts, tuple(Element(*each) for each in lost), tuple(Element(*each) for each in unsure))
