"""How a page fits a window 320 CSS px wide (WCAG 2.2, 1.4.10): what sticks out of it and would have to be scrolled sideways.

Left out is what may be scrolled in two dimensions (data tables, maps, listings, video, drawings, frames), what its own container
cuts off or scrolls, and what waits beyond the edge of a window that does not scroll sideways (menus that slide in).
"""

import json

from ..capture import Element, Reflow, Seen
from .stage import DESCRIBE, Stage

NARROW, HIGH = 320, 256
"""The window of 1.4.10 in CSS px: 1280 by 1024 at a zoom of 400 %."""
ELEMENTS_MOST, TOLD, ANSWER_SECONDS = 8000, 5, 5.0

RESIZED = "new Promise(done => setTimeout(done, 300))"

MEASURE = """((edge, most, told) => {
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
    found.push([Math.ceil(right - edge), element]);
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
  const shown = [...new Set(found.map(one => one[1]))].slice(0, told);
  return JSON.stringify([found.length ? found[0][0] : 0, shown.map(describe)]);
})"""


async def try_window(stage: Stage) -> Seen:
    """Make the window narrow, look, and make it wide again. Raises playwright's Error or TimeoutError where that fails."""
    usual = stage.page.viewport_size
    await stage.page.set_viewport_size({"width": NARROW, "height": HIGH})
    try:
        await stage.ask(RESIZED, ANSWER_SECONDS)
        said = await stage.ask(f"{{{DESCRIBE}\n{MEASURE}({NARROW}, {ELEMENTS_MOST}, {TOLD})}}", ANSWER_SECONDS)
    finally:
        if usual:
            await stage.page.set_viewport_size(usual)
    overflow, wide = json.loads(said)
    return Seen(reflow=Reflow(overflow, tuple(Element(*each) for each in wide)))
