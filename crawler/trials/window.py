"""How a page takes windows of other sizes than usual: zoomed to 200 %, turned by 90 degrees, and 320 CSS px wide.

The last one asks what sticks out and would have to be scrolled sideways (WCAG 2.2, 1.4.10). Left out is what may be scrolled in
two dimensions (data tables, maps, listings, video, drawings, frames), what its own container cuts off or scrolls, and what waits
beyond the edge of a window that does not scroll sideways (menus that slide in).
"""

import json

from ..capture import Element, Reflow, RuleResult, Seen
from ..capture.seen import Outcome
from .orientation import Orientation
from .stage import DESCRIBE, Stage
from .zoom import ZOOMED, Zoom, may_zoom

NARROW, HIGH = 320, 256
"""The window of 1.4.10 in CSS px: 1280 by 1024 at a zoom of 400 %."""
ELEMENTS_MOST, TOLD, ANSWER_SECONDS = 8000, 5, 5.0
SURE = 16
"""CSS px: text that sticks out by less may lose no letter."""

RESIZED = "new Promise(done => setTimeout(done, 300))"

MEASURE = """((edge, most, told, sure) => {
  const slack = 2, found = [];
  const apart = new Set(['AUDIO', 'CANVAS', 'EMBED', 'IFRAME', 'MARQUEE', 'MATH', 'NOSCRIPT', 'OBJECT', 'PRE', 'SCRIPT', 'STYLE',
    'TEMPLATE', 'VIDEO']);
  const boxes = new Set(['BUTTON', 'IMG', 'INPUT', 'SELECT', 'TEXTAREA']);
  const maps = '.leaflet-container, .ol-viewport, .mapboxgl-map, .gm-style, .esri-view, [usemap], [role=application], ' +
    '[role=grid], [role=table], [role=math]';
  const root = document.scrollingElement || document.documentElement;
  const flow = [document.documentElement, document.body].map(one => one ? getComputedStyle(one).overflowX : 'visible');
  const window_flow = flow[0] === 'visible' ? flow[1] : flow[0];
  const slides = !['hidden', 'clip'].includes(window_flow) && root.scrollWidth > edge + slack;
  const all = (document.body?.innerText || '').length;
  const holds_data = table => table.querySelector('th, caption, thead, [scope]') !== null ||
    !(table.querySelector('table, h1, h2, h3, h4, form, nav, iframe') || 2 * table.innerText.length > all);
  const note = (element, rect, clip, fixed) => {
    const right = Math.min(rect.right, clip), image = element.tagName === 'IMG';
    if (right <= edge + slack || rect.width < 2 || rect.height < 2 || rect.bottom + scrollY <= 0) return;
    if (!slides && (image || rect.left >= edge) || fixed && rect.left >= edge) return;
    found.push([Math.ceil(right - edge), element, image]);
  };
  const range = document.createRange(), waiting = document.body ? [[document.body, Infinity, false]] : [];
  for (let count = 0; waiting.length && count < most; count++) {
    let [element, clip, fixed] = waiting.pop();
    if (apart.has(element.tagName) || element instanceof SVGElement || element.matches(maps)) continue;
    if (element.tagName === 'TABLE' && holds_data(element)) continue;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.opacity === '0') continue;
    if (style.position === 'fixed') { fixed = true; clip = Infinity; }
    const shown = style.visibility === 'visible';
    if (shown && boxes.has(element.tagName)) note(element, element.getBoundingClientRect(), clip, fixed);
    if (element !== document.body && !['visible', ''].includes(style.overflowX) && style.display !== 'inline')
      clip = Math.min(clip, Math.max(element.getBoundingClientRect().right, 0));
    for (const child of [...(element.shadowRoot?.childNodes || []), ...element.childNodes])
      if (child.nodeType === Node.ELEMENT_NODE) waiting.push([child, clip, fixed]);
      else if (shown && child.nodeType === Node.TEXT_NODE && child.data.trim() && !boxes.has(element.tagName)) {
        range.selectNodeContents(child);
        note(element, range.getBoundingClientRect(), clip, fixed);
      }
  }
  found.sort((one, other) => other[0] - one[0]);
  const shown = [...new Set(found.map(one => one[1]))], text = [...new Set(found.filter(one => !one[2] && one[0] >= sure)
    .map(one => one[1]))];
  return JSON.stringify([found.length ? found[0][0] : 0, shown.slice(0, told).map(describe), text.length,
    text.slice(0, told).map(describe), all]);
})"""
"""By how much anything sticks out, what does, how much of that is surely text or fields, some of it, and how long all text is."""


async def try_window(stage: Stage) -> Seen:
    """Change the window, look, and make it as it was. Raises playwright's Error or TimeoutError where that fails."""
    usual = stage.page.viewport_size
    checks = [await may_zoom(stage.ask)]
    zoom, orientation = Zoom(stage.ask), Orientation(stage.ask)
    await zoom.usual()
    turns = await orientation.asked()
    try:
        await stage.page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        checks.append(await zoom.zoomed())
        if turns:
            await orientation.wide()
            await stage.page.set_viewport_size({"width": ZOOMED[1], "height": ZOOMED[0]})
            checks.append(await orientation.upright())
        else:
            checks.append(RuleResult("orientation", "inapplicable"))
        await stage.page.set_viewport_size({"width": NARROW, "height": HIGH})
        await stage.ask(RESIZED, ANSWER_SECONDS)
        reflow, result = await _measure(stage)
    finally:
        if usual:
            await stage.page.set_viewport_size(usual)
    return Seen(reflow=reflow, checks=(*checks, result))


async def _measure(stage: Stage) -> tuple[Reflow, RuleResult]:
    """What sticks out of the narrow window. Pictures may have to be wide: of them nothing is sure."""
    said = await stage.ask(f"{{{DESCRIBE}\n{MEASURE}({NARROW}, {ELEMENTS_MOST}, {TOLD}, {SURE})}}", ANSWER_SECONDS)
    overflow, wide, texts, surely, length = json.loads(said)
    reflow = Reflow(overflow, tuple(Element(*each) for each in wide))
    outcome: Outcome = "failed" if texts else "cant_tell" if overflow else "passed" if length else "inapplicable"
    nodes = tuple(Element(*each) for each in surely) or reflow.wide
    return reflow, RuleResult("reflow", outcome, elements=texts or len(nodes), nodes=nodes)
