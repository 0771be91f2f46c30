"""Stops of the Tab key inside controls whose content is not told: to assistive technology a button is all one (see tree.py)."""

CONTROLS = """
const CLOSED = new Set(['button', 'checkbox', 'image', 'img', 'menuitemcheckbox', 'menuitemradio', 'meter', 'option',
  'progressbar', 'radio', 'scrollbar', 'slider', 'switch', 'tab']);
const NATIVE = new Set(['SELECT', 'OPTION', 'INPUT', 'PROGRESS', 'METER', 'TEXTAREA', 'svg']);
const STOPS = 'a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], ' +
  'video[controls], [contenteditable]:not([contenteditable=false]), [tabindex]';
const tabbable = thing => thing.at.matches(STOPS) && thing.at.tabIndex >= 0 && !thing.at.matches(':disabled') && given(thing);
rules.stop_inside_control = () => {
  const controls = new Set(things.filter(thing => CLOSED.has(role(thing)) && given(thing) && !NATIVE.has(thing.at.tagName)));
  const inside = thing => thing !== null && (controls.has(thing) || inside(thing.parent));
  return {all: controls.size, bad: things.filter(thing => tabbable(thing) && inside(thing.parent)).map(thing => [thing])};
};
"""
