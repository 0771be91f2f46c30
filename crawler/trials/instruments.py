"""What on a page a person may use to stop something, or to do it another way: anything that has a name, is seen and can be used.

What an unknown button does is not tried, so a page that has one is never sure to lack a control. Left out are links that lead to
another page, buttons that only send a form off, and buttons to which nothing on the page listens.
"""

from .stage import Stage

ANSWER_SECONDS, HANDLES_MOST = 5.0, 60

INSTRUMENTS = """const instruments = () => {
  const roles = ['button', 'checkbox', 'link', 'menuitem', 'radio', 'slider', 'switch', 'tab'].map(role => `[role=${role}]`);
  const all = 'button, summary, select, textarea, input:not([type=hidden]), a, area[href], iframe, [onclick], [tabindex], ' +
    '[contenteditable], ' + roles;
  const elsewhere = one => one.matches('a[href], area[href]') && !one.matches('[onclick], [role]') &&
    /^https?:$/.test(one.protocol) && one.href.split('#')[0] !== location.href.split('#')[0];
  const sends = one => one.form && one.form.hasAttribute('action') && !one.matches('[onclick]') &&
    (one.matches('[type=submit], button:not([type])') || one.matches('input') && one.form.querySelector('[type=submit], button'));
  const named = one => [one.textContent, one.title, one.value, one.alt, one.placeholder, one.getAttribute('aria-label'),
    one.getAttribute('aria-labelledby'), ...[...one.labels || []].map(label => label.textContent),
    ...[...one.querySelectorAll('[alt], [aria-label], title')].map(part => part.getAttribute('alt') ||
      part.getAttribute('aria-label') || part.textContent)].some(text => String(text || '').trim()) || one.matches('iframe');
  const usable = one => !one.disabled && one.checkVisibility({opacityProperty: true, visibilityProperty: true});
  return [...document.querySelectorAll(all)].slice(0, 3000).filter(one =>
    usable(one) && !elsewhere(one) && !sends(one) && named(one));
};"""
"""A function for the page that gives these elements. Frames are among them: what is in them is not known."""

IDLE = """const idle = one => one.matches('button, input[type=button]') && !one.form &&
  !['popovertarget', 'commandfor', 'command', 'form'].some(name => one.hasAttribute(name));"""
"""Whether a button does nothing by itself: it needs a script that listens."""

AROUND = """(() => {
  const all = new Set([window, document]);
  for (const one of instruments()) for (let at = one; at; at = at.parentElement) all.add(at);
  return [...all];
})()"""
"""Buttons, and all to which a press of one comes."""

PRESSES = {"click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend", "keydown", "keyup", "keypress"}


async def has_instruments(stage: Stage) -> bool:
    """Whether anything on the page may do something for a person. Raises Error or TimeoutError where it cannot be asked."""
    kinds = "{count: instruments().length, idle: instruments().every(idle)}"
    found = await stage.ask(f"{{{INSTRUMENTS}{IDLE} ({kinds})}}", ANSWER_SECONDS)
    if not found["count"] or not found["idle"]:
        return bool(found["count"])
    return await _listened_to(stage)


async def _listened_to(stage: Stage) -> bool:
    """Whether a script listens to presses of any button, there or further out. Only the page's own world can be asked."""
    send, group = stage.session.send, "instruments"
    around = await send("Runtime.evaluate", {"expression": f"{{{INSTRUMENTS} {AROUND}}}", "objectGroup": group})
    try:
        parts = await send("Runtime.getProperties", {"objectId": around["result"]["objectId"], "ownProperties": True})
        handles = [part["value"]["objectId"] for part in parts["result"] if part["name"].isdigit()]
        for handle in handles[:HANDLES_MOST]:
            listeners = (await send("DOMDebugger.getEventListeners", {"objectId": handle}))["listeners"]
            if PRESSES & {listener["type"] for listener in listeners}:
                return True
        return len(handles) > HANDLES_MOST
    finally:
        await send("Runtime.releaseObjectGroup", {"objectGroup": group})
