"""What moves or changes by itself (WCAG 2.2, 2.2.2), and what responds to moving the device (2.5.4).

The page is looked at as one whose visitor asked for less motion: what moves even so moves for everyone. Changes are noted from
the first trial on; only where something moves is it looked at for as long as the success criterion says.
"""

import json

from ..capture import Element, RuleResult, Seen
from ..capture.seen import Outcome
from .instruments import has_instruments
from .moving import FOUND, SUSPECTS, WATCH
from .stage import DESCRIBE, Stage

ANSWER_SECONDS, SUSPECTS_MOST, TOLD = 5.0, 40, 10
WATCH_MS, LONG_MS, STEP_MS, STEPS_MOST, MOVES_LEAST = 1200, 5000, 300, 22, 5
"""How long changes are noted at least; how long something has to move; how often it is looked at, and in how many of these looks
it must be elsewhere."""
LITTLE = 20
"""Letters of text beside what moves: where there is less, it is not presented in parallel with other content."""

TELL = f"""{{
  const found = found_moving({LONG_MS}, {MOVES_LEAST});
  const all = (document.body?.innerText || '').trim().length, {{length}} = found.map(([one]) => one.innerText || '').join('');
  JSON.stringify([found.slice(0, {TOLD}).map(([one, clock]) => [describe(one), !clock && all - length > {LITTLE}]),
    suspected.length]);
}}"""

EVENTS = ("devicemotion", "deviceorientation", "deviceorientationabsolute")

SHAKE = """new Promise(done => {
  const values = () => [...document.querySelectorAll('input, output, progress, meter')].map(one => one.value);
  const text = () => document.body.innerText + values();
  const still = () => new Promise(next => setTimeout(() => next(text()), 150));
  const tilt = by => {
    const some = {x: by / 4, y: by / 4, z: by / 4}, rate = {alpha: by, beta: by, gamma: by}, turned = {...rate, absolute: false};
    const moved = {acceleration: some, accelerationIncludingGravity: some, rotationRate: rate, interval: 16};
    dispatchEvent(new DeviceMotionEvent('devicemotion', moved));
    dispatchEvent(new DeviceOrientationEvent('deviceorientation', turned));
    dispatchEvent(new DeviceOrientationEvent('deviceorientationabsolute', {...turned, absolute: true}));
  };
  (async () => {
    const before = await still(), calm = await still();
    for (const by of [0, 40, 40, 40, 0]) tilt(by);
    const one = await still();
    for (const by of [0, -40, -40, -40, 0]) tilt(by);
    const other = await still();
    const changed = before === calm && (one !== calm || other !== one);
    done(JSON.stringify([changed, describe(document.documentElement)]));
  })();
})"""
"""Turns the device, as far as scripts can tell, and says whether the page shows something else then."""


async def watch_motion(stage: Stage) -> Seen:
    """Begin to note what changes by itself; says nothing yet."""
    await stage.ask(f"{{{WATCH}}}", ANSWER_SECONDS)
    return Seen()


async def try_motion(stage: Stage) -> Seen:
    """Look at what moves, then turn the device. Raises playwright's Error or TimeoutError where that fails."""
    return Seen(checks=(await _moving(stage), await _actuated(stage)))


async def _moving(stage: Stage) -> RuleResult:
    """Whether something moves on and on that nothing on the page may stop."""
    count = await stage.ask(f"{{{WATCH}\n{SUSPECTS}{FOUND} suspects({SUSPECTS_MOST}, {WATCH_MS})}}", ANSWER_SECONDS)
    more = f"step_on() && !found_moving({LONG_MS}, {MOVES_LEAST}).length"
    step = f"new Promise(done => setTimeout(done, {STEP_MS})).then(() => {more})"
    for _ in range(STEPS_MOST if count else 0):
        if not await stage.ask(step, ANSWER_SECONDS):
            break
    told, suspected = json.loads(await stage.ask(f"{{{DESCRIBE} {TELL}}}", ANSWER_SECONDS))
    sure = [Element(*element) for element, surely in told if surely]
    if sure and await has_instruments(stage):
        sure = []
    nodes = tuple(sure or [Element(*element) for element, _ in told])
    outcome: Outcome = "failed" if sure else "cant_tell" if told else "passed" if suspected else "inapplicable"
    return RuleResult("moving_content", outcome, elements=len(nodes) or suspected, nodes=nodes)


async def _actuated(stage: Stage) -> RuleResult:
    """Whether the page answers to a turn of the device and has nothing by which that could be done or switched off."""
    window = (await stage.session.send("Runtime.evaluate", {"expression": "window"}))["result"]
    asked = await stage.session.send("DOMDebugger.getEventListeners", {"objectId": window["objectId"]})
    await stage.session.send("Runtime.releaseObject", {"objectId": window["objectId"]})
    if not any(listener["type"] in EVENTS for listener in asked["listeners"]):
        return RuleResult("motion_actuation", "inapplicable")
    if not await stage.ask("typeof DeviceMotionEvent === 'function'", ANSWER_SECONDS):  # a page without TLS is not told
        return RuleResult("motion_actuation", "inapplicable")
    changed, page = json.loads(await stage.ask(f"{{{DESCRIBE} {SHAKE}}}", ANSWER_SECONDS))
    outcome: Outcome = "passed" if not changed else "cant_tell" if await has_instruments(stage) else "failed"
    return RuleResult("motion_actuation", outcome, elements=1, nodes=() if outcome == "passed" else (Element(*page),))
