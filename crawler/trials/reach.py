"""What a mouse can use and no key can (WCAG 2.2, 2.1.1): boxes that listen to clicks, what is scrolled, frames left out."""

import asyncio
import json
from typing import Any

from ..capture import RuleResult
from ..capture.seen import Outcome
from .hands import Hands, result_of

ELEMENTS_MOST, CANDIDATES_MOST = 6000, 20
CLICKS = {"click", "mousedown", "mouseup", "pointerdown", "pointerup"}

SURVEY = """((most, many) => {
  const tabbable = 'a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], ' +
    'video[controls], [tabindex], [contenteditable=""], [contenteditable=true]';
  const focusable = `${tabbable}, input, iframe, frame, object, embed`;
  const roles = '[role=button], [role=link], [role=checkbox], [role=switch]';
  const apart = '[aria-hidden=true], [aria-disabled=true], [inert], label, .leaflet-container, .gm-style, .ol-viewport, ' +
    ['application', 'combobox', 'grid', 'listbox', 'menu', 'menubar', 'radiogroup', 'tablist', 'toolbar', 'tree']
      .map(role => `[role=${role}]`).join();
  const line = text => (text || '').replace(/\\s+/g, ' ').trim().toLowerCase();
  const shown = one => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const size = one => { const box = one.getBoundingClientRect(); return Math.min(box.width, box.height); };
  const reachable = one => one.tabIndex >= 0 && !one.disabled && !one.closest('[inert]') && shown(one) && size(one) > 0;
  const modal = document.querySelector(':modal');
  const behind = one => modal !== null && !modal.contains(one);
  const boxes = [], scrolled = [], frames = [];
  let names = null;
  const named = text => {
    names ??= new Set([...document.querySelectorAll(focusable)].flatMap(one =>
      [line(one.textContent), line(one.value), line(one.getAttribute('aria-label')), line(one.title)]));
    return names.has(text);
  };
  const scrolls = (one, style) => {
    const down = /auto|scroll/.test(style.overflowY) && one.scrollHeight - one.clientHeight > 20;
    const across = /auto|scroll/.test(style.overflowX) && one.scrollWidth - one.clientWidth > 20;
    return (down || across) && one.clientHeight > 30 && one.clientWidth > 60 && line(one.innerText).length > 0;
  };
  const all = [...document.body?.querySelectorAll('*') || []].slice(0, most);
  for (const one of all) {
    const style = getComputedStyle(one);
    const role = one.matches(roles);
    if (one.localName === 'iframe' || one.localName === 'frame') {
      const held = inside(one);
      if (held && shown(one) && Math.min(one.clientWidth, one.clientHeight) >= 10 && !one.closest('[inert]') && !behind(one))
        frames.push([one, one.tabIndex < 0 && [...held.querySelectorAll(tabbable)].slice(0, 50).some(reachable)]);
      continue;
    }
    if (/auto|scroll/.test(style.overflow) && !one.closest('[inert]') && shown(one) && !behind(one) && scrolls(one, style))
      scrolled.push([one, one.hasAttribute('tabindex') && one.tabIndex < 0 &&
        ![...one.querySelectorAll(tabbable)].slice(0, 200).some(reachable)]);
    const pointed = style.cursor === 'pointer' && getComputedStyle(one.parentElement).cursor !== 'pointer';
    if (!role && !pointed || boxes.length === many || behind(one)) continue;
    if (one.closest(focusable) || one.closest(apart) || one.querySelector(focusable) || !shown(one) || size(one) < 8) continue;
    const text = line(one.innerText) || role && line(one.getAttribute('aria-label'));
    if (!text || text.length > 80 || !/[\\p{L}\\d]{2}/u.test(text) || named(text)) continue;
    one.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const box = one.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!hit || !one.contains(hit)) continue;
    boxes.push([one, !role && one.parentElement.querySelector(focusable) !== null]);
  }
  globalThis.boxes = boxes.map(([one]) => one);
  globalThis.beside = boxes.map(([, near]) => near);
  const cut = list => list.filter(([, bad]) => bad).slice(0, 10).map(([one]) => describe(one));
  return JSON.stringify({boxes: boxes.length, scrolled: [scrolled.length, cut(scrolled)], frames: [frames.length, cut(frames)],
    any: document.querySelector(focusable) !== null});
})"""
"""Looks for all three in one pass. A box is asked about only where the page shows it as something to click (the pointer, a role)
and no control that takes the focus holds it, lies in it or is called the same; one right beside it may do what it does."""


async def try_reach(hands: Hands) -> list[RuleResult]:
    """What no key reaches. Raises playwright's Error or TimeoutError."""
    seen = json.loads(await hands.ask(f"({SURVEY})({ELEMENTS_MOST}, {CANDIDATES_MOST})"))
    told = await _boxes(hands) if seen["boxes"] else []
    results = [result_of("mouse_only_control", told or [("passed", ())] * seen["any"])]
    for rule, part in (("scrolled_by_mouse_only", "scrolled"), ("frame_left_out_of_tab_order", "frames")):
        count, bad = seen[part]
        results.append(result_of(rule, [("failed", one) for one in bad] or [("passed", ())] * count))
    return results


async def _boxes(hands: Hands) -> list[tuple[Outcome, Any]]:
    """Outcome and Element of each box: only one that listens to clicks itself is sure to do something."""
    session = hands.stage.session
    wanted = {"expression": "boxes", "contextId": hands.world}
    array = (await session.send("Runtime.evaluate", wanted))["result"]["objectId"]
    held = (await session.send("Runtime.getProperties", {"objectId": array, "ownProperties": True}))["result"]
    ids = [one["value"]["objectId"] for one in held if one["name"].isdigit()]
    nodes = await asyncio.gather(*(session.send("DOM.describeNode", {"objectId": one}) for one in ids))
    clicked = await listening(hands, CLICKS)
    elements = json.loads(await hands.ask("JSON.stringify(boxes.map(describe))"))
    beside = await hands.ask("beside")
    sure = [node["node"]["backendNodeId"] in clicked and not near for node, near in zip(nodes, beside, strict=True)]
    return [("failed" if each else "cant_tell", element) for each, element in zip(sure, elements, strict=True)]


async def listening(hands: Hands, kinds: set[str]) -> set[int]:
    """CDP's backend ids of the nodes of the document, itself too, that listen to such events; its frames are left out."""
    session = hands.stage.session
    document = (await session.send("Runtime.evaluate", {"expression": "document"}))["result"]["objectId"]
    said = await session.send("DOMDebugger.getEventListeners", {"objectId": document, "depth": -1})
    return {one["backendNodeId"] for one in said["listeners"] if one["type"] in kinds and "backendNodeId" in one}
