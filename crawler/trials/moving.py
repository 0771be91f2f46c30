"""What the page is asked to find out whether it moves or changes by itself: functions for the page, no judgement."""

WATCH = """if (!globalThis.changes) {
  globalThis.changes = new Map();
  globalThis.watched_since = performance.now();
  const apart = 'head, script, style, noscript, template, textarea, svg, [role=timer], [role=log], [role=status], [role=alert]';
  const note = (element, text) => {
    if (!element || element.closest(apart) || text && element.getElementsByTagName('*').length > 50) return;
    if (!changes.has(element) && changes.size === 300) return;
    if (!changes.has(element)) changes.set(element, {first: 0, last: 0, styled: 0, said: '', texts: []});
    const known = changes.get(element), now = performance.now();
    const said = text ? element.textContent.trim().slice(0, 200) : known.said;
    if (!text) known.styled = now;
    if (!text || said === known.said) return;
    known.first ||= now;
    known.last = now;
    known.said = said;
    if (known.texts.length < 50) known.texts.push(said);
  };
  new MutationObserver(records => {
    for (const record of records.slice(0, 200)) {
      if (record.type === 'attributes') note(record.target, false);
      else note(record.target.nodeType === Node.TEXT_NODE ? record.target.parentElement : record.target, true);
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['style']});
}
0"""
"""Notes from now on which elements change their text, when first and last, and when they last changed their style attribute."""

SUSPECTS = """globalThis.seen_at = element => {
  if (!element.isConnected || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return null;
  const rect = element.getBoundingClientRect();
  if (rect.width < 2 || rect.height < 2) return null;
  return [rect.left + scrollX + element.scrollLeft, rect.top + scrollY + element.scrollTop];
};
globalThis.suspects = async (most, least) => {
  await new Promise(done => setTimeout(done, watched_since + least - performance.now()));
  const holds = element => /\\p{L}{2}|\\d/u.test(element.textContent) || element.matches('img') || element.querySelector('img');
  const since = performance.now();
  const runs = one => one.playState === 'running' && one.effect?.target && !one.effect.pseudoElement;
  const endless = document.getAnimations().filter(one => runs(one) &&
    one.effect.getComputedTiming().endTime - (one.currentTime || 0) > 5000).map(one => one.effect.target);
  const changed = [...changes].filter(([, one]) => one.texts.length || one.styled > since - 1000).map(([element]) => element);
  const moving = [...new Set([...endless, ...changed])].filter(one => one instanceof HTMLElement && holds(one) && seen_at(one));
  globalThis.suspected = moving.slice(0, most).map(element => ({element, from: performance.now(), moves: 0, last: 0,
    at: seen_at(element), changed_before: changes.get(element)?.first || Infinity}));
  for (const one of changes.values()) one.texts.length = 0;
  document.activeElement?.blur?.();
  return suspected.length;
};
globalThis.step_on = () => {
  for (const one of suspected) {
    const at = seen_at(one.element);
    if (at && one.at && Math.hypot(at[0] - one.at[0], at[1] - one.at[1]) > 3) { one.moves++; one.last = performance.now(); }
    one.at = at;
  }
  const now = performance.now();
  return suspected.some(one => now - Math.max(one.from, one.last, changes.get(one.element)?.last || 0) < 2500);
};"""
"""Leaves behind `suspects`, which notes what may move, and `step_on`, which looks where it is and says whether any still does."""

FOUND = """globalThis.found_moving = (long, least) => {
  const timed = texts => texts.every(text => /\\d{1,2}\\s*:\\s*\\d{2}/.test(text));
  const clock = texts => timed(texts) || texts.length > 1 && texts.every((text, at) => {
    if (!at || !/^\\D*\\d+\\D*$/.test(text)) return !at;
    const by = Math.abs(parseInt(text.replace(/\\D/g, '')) - parseInt(texts[at - 1].replace(/\\D/g, '')));
    return by <= 1 || by === 59 || by === 23;
  });
  const found = [];
  for (const one of suspected) {
    const change = changes.get(one.element), texts = change?.texts || [];
    const told = texts.length >= 2 && change.last - Math.min(one.from, one.changed_before) > long && seen_at(one.element);
    const gone = one.moves >= least && one.last - one.from > long;
    if (told || gone) found.push([one.element, told && !gone && clock(texts)]);
  }
  const outer = found.filter(([element]) => !found.some(([other]) => other !== element && other.contains(element)));
  const videos = [...document.querySelectorAll('video')].filter(one => !one.paused && !one.controls && one.currentTime > 0 &&
    (one.loop || one.duration > 5) && one.clientWidth > 50 && one.clientHeight > 50 && seen_at(one)).map(one => [one, false]);
  return [...outer, ...videos];
};"""
"""Leaves behind `found_moving`: what changed its text or its place for so many ms, or is a video that plays, and whether it is
only a clock or a counter."""
