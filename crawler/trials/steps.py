"""A function for the page that follows the focus: who has it, what that shows, and whether something lies over it."""

WORLD = "keyboard"
"""The world in which the function is, by name: what it saw stays there for a later trial."""
REST = "rest(); scrollTo({left: 0, top: 0, behavior: 'instant'})"

STEPS = """
globalThis.met = [];
const records = [], looks = new Map();
const inside = frame => { try { return frame.contentDocument; } catch { return null; } };
globalThis.outermost = element => {
  for (let root = element.getRootNode(); root !== document; root = element.getRootNode()) {
    const outer = root.host || root.defaultView?.frameElement;
    if (!outer) break;
    element = outer;
  }
  return element;
};
const focused = () => {
  let element = document.activeElement;
  for (let next = element; next; ) {
    element = next;
    next = element.shadowRoot?.activeElement;
    if (!next && element.matches('iframe, frame')) {
      const held = inside(element)?.activeElement;
      if (held && !held.matches('html, body, frameset')) next = held;
    }
  }
  return element?.matches('html, body') && element.ownerDocument === document ? null : element;
};
const see = () => {
  const element = focused();
  if (!element) return -1;
  if (!met.includes(element)) met.push(element);
  return met.indexOf(element);
};
const clear = colour => /^transparent$|^rgba\\(.*, 0\\)$|\\/ 0\\)$/.test(colour);
const SHOWN = ['boxShadow', 'backgroundColor', 'backgroundImage', 'color', 'borderColor', 'borderWidth', 'borderStyle', 'opacity',
  'textDecorationLine', 'textDecorationColor', 'fontWeight', 'filter', 'transform', 'clip', 'clipPath', 'position', 'left', 'top',
  'width', 'height', 'outlineStyle', 'outlineWidth', 'outlineColor', 'content'];
const around = element => [element, element.nextElementSibling, element.parentElement, element.labels?.[0]].filter(one =>
  one && seen(one));
const marks = elements => elements.flatMap(one => [null, '::before', '::after'].map(part => {
  const style = getComputedStyle(one, part);
  return part && style.content === 'none' ? '' : SHOWN.map(name => style[name]).join('|');
})).join();
const types = element => (element.isContentEditable || element.matches('textarea, input:is(:not([type]), [type=text], ' +
  '[type=email], [type=search], [type=tel], [type=url], [type=password], [type=number])')) && !element.readOnly &&
  !clear(getComputedStyle(element).caretColor);
const outlined = element => {
  const style = getComputedStyle(element);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && !clear(style.outlineColor);
};
const seen = element => {
  const box = element.getBoundingClientRect(), view = element.ownerDocument.defaultView;
  return box.width >= 3 && box.height >= 3 && box.right > 0 && box.bottom > 0 && box.left < view.innerWidth &&
    box.top < view.innerHeight && element.checkVisibility({opacityProperty: true, visibilityProperty: true});
};
const opaque = (hit, cover) => {
  for (let one = hit; one; one = one.parentElement) if (Number(getComputedStyle(one).opacity) < 0.95) return false;
  for (let one = hit; one; one = one === cover ? null : one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (/^rgb\\(/.test(colour) && !colour.includes('/')) return true;
  }
  return false;
};
const over = (element, x, y) => {
  const top = document.elementFromPoint(x, y);
  if (!top || element.contains(top) || top.contains(element)) return false;
  let cover = top;
  while (cover && !['fixed', 'sticky'].includes(getComputedStyle(cover).position)) cover = cover.parentElement;
  return cover !== null && !cover.contains(element) && !cover.closest('table') && opaque(top, cover);
};
globalThis.covered = at => {
  const element = met[at];
  if (!element || element.getRootNode() !== document || element.matches('iframe, frame')) return false;
  const boxes = [...element.getClientRects()].filter(one => one.width >= 3 && one.height >= 3).slice(0, 4);
  const points = boxes.flatMap(one => [0.02, 0.25, 0.5, 0.75, 0.98].flatMap(across => [0.05, 0.5, 0.95].map(down =>
    [one.left + one.width * across, one.top + one.height * down])));
  return points.length > 0 && points.every(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight) &&
    points.every(([x, y]) => over(element, x, y));
};
let before = -1;
const leave = at => {
  const look = looks.get(before);
  const asked = look && !look.sure && !look.changed && at !== before && met[before].isConnected;
  if (asked) look.changed = marks(look.around) !== look.marks;
  before = at;
};
const arrive = at => {
  const element = met[at];
  if (at < 0 || looks.has(at) || !element) return;
  const sure = (outlined(element) || types(element)) && seen(element);
  const near = sure ? [] : around(element);
  looks.set(at, {around: near, marks: marks(near), sure, changed: false, covered: covered(at),
    veiled: element.getRootNode() === document && element.closest('[aria-hidden=true]') !== null});
};
globalThis.now = () => {
  const at = see(), element = met[at];
  leave(at);
  arrive(at);
  return at;
};
const patience = at => {
  const element = met[at];
  if (!element) return 0;
  if (element.matches('iframe, frame, embed, object') || element.localName.includes('-')) return 1e6;
  return element.matches('video, audio, [type=date], [type=time], [type=datetime-local], [type=month], [type=week]') ? 15 : 3;
};
addEventListener('keyup', event => {
  if (event.isTrusted && event.key === 'Tab') { const at = now(); records.push([at, patience(at)]); }
}, true);
globalThis.since = presses => {
  const told = records.splice(0);
  if (told.length < presses) { const at = now(); told.push([at, patience(at)]); }
  return JSON.stringify(told);
};
globalThis.told_of = ats => JSON.stringify(ats.map(at => met[at] ? describe(met[at]) : ['', '']));
globalThis.rest = () => { focused()?.blur(); document.activeElement?.blur?.(); return focused() === null; };
globalThis.grasp = at => { met[at].focus({preventScroll: false, focusVisible: true}); return see() === at; };
globalThis.has = at => focused() === met[at];
globalThis.framed = element => outermost(element).matches('iframe, frame, embed, object');
globalThis.unmarked = () => [...looks].filter(([at, look]) => met[at].isConnected && !framed(met[at]) && !look.sure &&
  !look.changed).map(([at]) => at);
globalThis.looked = () => [...looks.keys()].filter(at => !framed(met[at])).length;
globalThis.disordered = () => {
  const outer = met.map(outermost);
  const back = (one, at) => at > 0 && one.compareDocumentPosition(outer[at - 1]) & Node.DOCUMENT_POSITION_FOLLOWING;
  return outer.some(back) ? met.flatMap((one, at) => one.tabIndex > 0 ? [at] : []) : [];
};
globalThis.noted = what => [...looks].filter(([at, look]) => look[what] && met[at].isConnected).map(([at]) => at);
"""
"""Leaves behind `met`, all that had the focus so far, and functions on their numbers in it: `since` says where Tab led and how
many presses in a row it may keep the focus there; `now` notes who has it; `grasp` gives it by script, `rest` takes it away;
`covered`: something solid that stays in the window lies over all of it; `unmarked`: neither outline, caret nor style tells of the
focus; `disordered`: those with a tabindex of their own where the focus went back in the page; `noted` those with a look of that
kind; `told_of` describes."""
