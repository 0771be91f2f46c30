"""What a page gives to assistive technology: roles and names as Chromium computes them, running text, and rules on both.

Chromium tells both of every element (`computedRole`, `computedName`) where it is started with
`--enable-blink-features=ComputedAccessibilityInfo`. It is the tree that the DevTools protocol sends, at a fraction of what
sending costs. One pass through the page notes what each element inherits; then each reader takes its part. Where Chromium
does not tell, nothing is said.
"""

import asyncio
import json
from typing import Any

from ..capture import Element, Passage, RuleResult, Seen, Voiced
from .controls import CONTROLS
from .grids import GRIDS
from .passages import PASSAGES
from .signs import SIGNS
from .stage import DESCRIBE, Stage
from .voiced import VOICED

ANSWER_SECONDS = 8.0
MOST = {"elements": 8000, "frames": 5, "voiced": 600, "passages": 40, "told": 10}
"""How many of each are read of a page."""

WALK = """
if (!('computedName' in Element.prototype)) throw new Error('no computed names');
const things = [], of = new Map(), modal = document.querySelector(':modal');
const held = at => { try { return at.contentDocument?.documentElement || null; } catch { return null; } };
const note = (at, parent) => {
  const main = at === at.ownerDocument.documentElement, own = at.getAttribute('lang');
  const thing = {at, parent, main, framed: at.ownerDocument !== document,
    language: own ?? (main ? '' : parent.language), spoken: own !== null || main ? at : parent.spoken,
    veiled: Boolean(parent?.veiled) || at.getAttribute('aria-hidden') === 'true' && !main && at !== document.body,
    inert: at !== modal && (parent ? parent.inert || at.inert === true : modal !== null)};
  things.push(thing);
  of.set(at, thing);
  return thing;
};
const shown = thing => thing.shown ??= (() => {
  const at = thing.at;
  if (at.localName === 'map') {
    const image = at.getRootNode().querySelector(`img[usemap="#${CSS.escape(at.name)}"]`);
    return Boolean(image && image.checkVisibility({visibilityProperty: true}));
  }
  if (at.localName === 'area') return thing.parent !== null && shown(thing.parent);
  if (at.checkVisibility({visibilityProperty: true})) return true;
  return getComputedStyle(at).display === 'contents' && thing.parent !== null && shown(thing.parent);
})();
const given = thing => !thing.veiled && !thing.inert && shown(thing);
const line = text => text.replace(/[\\p{Co}\\u200b-\\u200d\\u00ad]/gu, '').replace(/\\s+/g, ' ').trim();
const cut = (text, most) => line(text).slice(0, most).toWellFormed();
const labelled = at => Boolean(at.labels?.length || at.ariaLabel || at.getAttribute('aria-labelledby'));
const of_author = at => {
  if (at.tagName === 'AREA') return at.ariaLabel || at.alt || at.title;
  if (at.tagName === 'INPUT' && at.type === 'file') return labelled(at) ? at.computedName.replace(/: [^:]*$/, '') : at.title;
  if (at.tagName === 'INPUT' && at.type === 'image' && !labelled(at)) return at.alt.trim() || at.value || at.title;
  return at.computedName;
};
const name = thing => thing.name ??= line(of_author(thing.at) || '');
const BY_TAG = {AREA: 'link', IFRAME: 'iframe', FRAME: 'iframe', OBJECT: 'object', EMBED: 'embed'};
const role = thing => thing.role ??= thing.at.computedRole || BY_TAG[thing.at.tagName] ||
  (thing.at.tagName === 'INPUT' ? thing.at.type : '') ||
  (thing.at.tagName === 'SUMMARY' && thing.at.parentElement?.tagName === 'DETAILS' ? 'summary' : '');
const told = ({at}) => at.getElementsByTagName('*').length < 1000 ? describe(at) :
  [at.localName + (at.id ? '#' + CSS.escape(at.id) : ''), at.cloneNode(false).outerHTML.slice(0, 300).toWellFormed()];
for (const waiting = [[document.documentElement, null]], frames = []; waiting.length && things.length < MOST.elements;) {
  const [at, parent] = waiting.pop(), thing = note(at, parent);
  const inside = [...(at.shadowRoot?.children || []), ...at.children];
  const frame = at.localName === 'iframe' || at.localName === 'frame' ? held(at) : null;
  if (frame && frames.length < MOST.frames && shown(thing)) frames.push(inside.push(frame));
  for (const child of inside.reverse()) waiting.push([child, thing]);
}
"""
"""`things` in page order, with own frames and open shadow trees; `of` an element its thing. A thing inherits `language`,
`spoken` (who has it), `veiled` (aria-hidden) and `inert` (also behind a modal dialog); `given` to assistive technology, it has a
`role` and a `name`."""

RULES = """
const rules = {};
const checks = () => Object.entries(rules).flatMap(([id, rule]) => {
  try {
    const {all, bad, open = []} = rule(), spoken = bad.length ? bad : open;
    const outcome = bad.length ? 'failed' : open.length ? 'cant_tell' : all ? 'passed' : 'inapplicable';
    const nodes = spoken.slice(0, MOST.told).map(([thing, message]) => [...told(thing), cut(message || '', 200)]);
    return [[id, outcome, spoken.length || all, nodes]];
  } catch { return []; }
});
"""
"""Each rule, by its id in rules/checks.toml, gives how many it looked at, `bad` ones and `open` ones ([thing, message])."""

OWN_RULES = (SIGNS, CONTROLS, GRIDS)
TELL = "return JSON.stringify({voiced: voiced(), passages: passages(), checks: checks()});"


async def try_tree(stage: Stage) -> Seen:
    """One question to the page. Raises playwright's Error or TimeoutError where it cannot be answered."""
    parts = (DESCRIBE, f"const MOST = {json.dumps(MOST)};", WALK, VOICED, PASSAGES, RULES, *OWN_RULES, TELL)
    async with asyncio.timeout(ANSWER_SECONDS):
        await stage.session.send("Accessibility.enable")
        await stage.session.send("Accessibility.getRootAXNode")  # keeps the tree; without it each name would make it anew
        said = json.loads(await stage.ask(f"(() => {{{''.join(parts)}}})()", ANSWER_SECONDS))
        await stage.session.send("Accessibility.disable")
    return Seen(
        checks=tuple(_result(*each) for each in said["checks"]),
        voiced=tuple(Voiced(*row)._replace(element=Element(*node)) for *row, node in said["voiced"]),
        passages=tuple(Passage(*row)._replace(element=Element(*node)) for *row, node in said["passages"]),
    )


def _result(rule: str, outcome: Any, elements: int, nodes: list[list[str]]) -> RuleResult:
    return RuleResult(rule, outcome, elements=elements, nodes=tuple(Element(*node) for node in nodes))
