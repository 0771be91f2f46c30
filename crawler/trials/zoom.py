"""Zooming text (WCAG 2.2, 1.4.4): whether a page lets people zoom, and whether text stays whole at 200 %.

At 200 % a window of 1280 by 1024 CSS px holds 640 by 512 of them: that is the window in which it is looked at.
"""

import json

from ..capture import Element, RuleResult
from ..capture.seen import Outcome
from .clipping import lost_since, read_clips
from .stage import DESCRIBE, Ask

ZOOMED = (640, 512)
MOMENT, RESIZED = ("new Promise(done => setTimeout(done, 60))", "new Promise(done => setTimeout(done, 300))")
ANSWER_SECONDS = 5.0

VIEWPORT = """(() => {
  const sizes = ['device-width', 'device-height'], last = {};
  const metas = [...document.querySelectorAll('meta[name=viewport i][content]')];
  for (const meta of metas)
    for (const part of meta.content.split(/[,;\\s]+(?=[a-z-]+\\s*=)|[,;]+/i)) {
      const [key, value] = part.split('=').map(one => (one || '').trim().toLowerCase());
      if (value && ['user-scalable', 'maximum-scale'].includes(key)) last[key] = [value, meta];
    }
  const forbids = {
    'user-scalable': said => said !== 'yes' && !sizes.includes(said) && !(Math.abs(parseFloat(said)) >= 1),
    'maximum-scale': said => {
      const most = sizes.includes(said) ? 10 : said === 'yes' ? 1 : Number.isNaN(parseFloat(said)) ? 0.1 : parseFloat(said);
      return most >= 0 && most < 2;
    },
  };
  const bad = Object.entries(last).filter(([key, [value]]) => forbids[key](value)).map(([, [, meta]]) => meta);
  return JSON.stringify([Object.keys(last).length, [...new Set(bad)].map(describe)]);
})()"""
"""How many properties of the viewport say how far it may be zoomed, and the elements by which it may not be doubled.

Values are read as the CSS Device Adaptation draft has them read: unknown words count as 0, a negative maximum is dropped, and of
two declarations the last one counts.
"""


async def may_zoom(ask: Ask) -> RuleResult:
    """Whether the page's viewport forbids zooming to 200 %."""
    asked, bad = json.loads(await ask(f"{{{DESCRIBE} {VIEWPORT}}}", ANSWER_SECONDS))
    outcome: Outcome = "failed" if bad else "passed" if asked else "inapplicable"
    return RuleResult("zoom_allowed", outcome, elements=len(bad) or asked, nodes=tuple(Element(*each) for each in bad))


class Zoom:
    """Text in the usual window and in one at 200 %."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def usual(self) -> None:
        """Note what is seen of the text before."""
        if not await self._ask("Boolean(globalThis.clips_usual)", ANSWER_SECONDS):  # which setting text wider has noted already
            await read_clips(self._ask, "clips_usual")

    async def zoomed(self) -> RuleResult:
        """What is cut off now; a page that lays itself out by scripts gets time to do so."""
        await self._ask(MOMENT, ANSWER_SECONDS)
        for pause in ("0", RESIZED):
            await self._ask(pause, ANSWER_SECONDS)
            await read_clips(self._ask, "clips_zoomed")
            lost = await lost_since(self._ask, "clips_usual", "clips_zoomed", whole=False)
            if not lost.lost:
                break
        return lost.result("text_zoom")
