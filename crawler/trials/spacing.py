"""Spacing of text (WCAG 2.2, 1.4.12): whether text stays whole where a person sets it wider, and whether the page lets them."""

import json

from playwright.async_api import Error

from ..capture import Element, RuleResult, Seen
from ..capture.seen import Outcome
from .clipping import lost_since, read_clips
from .stage import DESCRIBE, Stage

TOLD, ELEMENTS_MOST, ANSWER_SECONDS = 10, 2000, 5.0

FORCED = """((most, told) => {
  const least = {'line-height': 1.5, 'letter-spacing': 0.12, 'word-spacing': 0.16};
  const words = /\\p{L}{2}/u, range = document.createRange();
  const lines = nodes => {
    const tops = nodes.flatMap(node => { range.selectNodeContents(node); return [...range.getClientRects()]; })
      .filter(rect => rect.width > 1).map(rect => rect.top).sort((one, other) => one - other);
    return tops.filter((top, at) => !at || top - tops[at - 1] > 4).length;
  };
  const shown = node => {
    const style = getComputedStyle(node.parentElement);
    range.selectNodeContents(node);
    const rect = range.getBoundingClientRect();
    const inside = rect.right + scrollX > 0 && rect.bottom + scrollY > 0;
    return style.visibility === 'visible' && rect.width > 1 && rect.height > 1 && inside;
  };
  const governed = (element, property) => {
    const found = [], walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(), count = 0; node && count < 200; node = walker.nextNode(), count++) {
      let owner = node.parentElement;
      while (owner !== element && !owner.style.getPropertyValue(property)) owner = owner.parentElement;
      if (owner === element && words.test(node.data) && shown(node)) found.push(node);
    }
    return found;
  };
  const bad = new Set();
  let asked = 0;
  for (const element of [...document.querySelectorAll('[style*="important" i]')].slice(0, most)) {
    if (!(element instanceof HTMLElement)) continue;
    for (const [property, share] of Object.entries(least)) {
      const said = element.style.getPropertyValue(property);
      if (element.style.getPropertyPriority(property) !== 'important' || /inherit|unset|revert|var\\(/.test(said)) continue;
      const texts = governed(element, property);
      if (!texts.length || property === 'line-height' && lines(texts) < 2) continue;
      asked++;
      const small = texts.some(node => {
        const style = getComputedStyle(node.parentElement), value = style.getPropertyValue(property);
        const size = parseFloat(style.fontSize), normal = property === 'line-height' ? 1.2 * size : 0;
        return (value === 'normal' ? normal : parseFloat(value)) < share * size - 0.01;
      });
      if (small) bad.add(element);
    }
  }
  return JSON.stringify([asked, bad.size, [...bad].slice(0, told).map(describe)]);
})"""
"""How many style attributes hold spacing fast for text that is seen, and those that hold it below what 1.4.12 names."""

WIDEN = """{
  const sheet = new CSSStyleSheet(), strong = ':not(#a#b#c#d)';
  sheet.replaceSync(`
    *${strong} { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p${strong} { margin-bottom: 2em !important }`);
  globalThis.narrow_again = (own => () => { document.adoptedStyleSheets = own; })([...document.adoptedStyleSheets]);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  0
}"""
"""Sets text as 1.4.12 says; leaves behind `narrow_again`. The page's scripts are told nothing of it."""


async def try_spacing(stage: Stage) -> Seen:
    """Set the text wider, look what is cut off, and set it back. Raises playwright's Error or TimeoutError where that fails."""
    said = await stage.ask(f"{{{DESCRIBE}\n{FORCED}({ELEMENTS_MOST}, {TOLD})}}", ANSWER_SECONDS)
    asked, bad, nodes = json.loads(said)
    outcome: Outcome = "failed" if bad else "passed" if asked else "inapplicable"
    forced = RuleResult("text_spacing_forced", outcome, elements=bad or asked, nodes=tuple(Element(*each) for each in nodes))
    try:
        await read_clips(stage.ask, "clips_usual")
        await stage.ask(WIDEN, ANSWER_SECONDS)
        try:
            await read_clips(stage.ask, "clips_wider")
        finally:
            await stage.ask("narrow_again(); 0", ANSWER_SECONDS)
        lost = await lost_since(stage.ask, "clips_usual", "clips_wider", whole=True)
    except Error:
        return Seen(checks=(forced,))
    return Seen(checks=(forced, lost.result("text_spacing")))
