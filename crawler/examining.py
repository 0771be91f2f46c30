"""The examination of a visit's sample in the browser: axe-core on each page, trials by hand on those chosen for what they are."""

import asyncio

from .ending import DOWN, Course
from .reading import PICTURE_TYPE
from .sample import DOCUMENT, Chosen, choose
from .tools import Tools

NO_TIME = "no time was left"
NO_ROOM = "the visit had received all that it may"


class Examination:
    """The sample of one visit, and what became of it. Each page of it bears the reason why it is in it."""

    def __init__(self, course: Course, tools: Tools) -> None:
        self._course, self._tools = course, tools
        self._sample: list[Chosen] = []
        self._trouble: dict[str, str] = {}

    async def run(self) -> bool:
        """Examine page after page; many at once where nobody has to be spared. May be cancelled: what was examined stays so."""
        course, settings = self._course, self._tools.settings
        for page in course.pages:
            if page.document and page.document.kind == "pdf" and not page.delegated:
                page.sampled = DOCUMENT
        if self._tools.browser is None or course.stopped in DOWN:
            return True
        self._sample = choose(course.pages, settings.axe_pages, self._tools.guide, course.entity.id)
        for one in self._sample:
            one.page.sampled = one.reason
            self._trouble[one.page.url] = NO_TIME
        if settings.pause:
            for one in self._sample:
                await self._examine(one)
        else:
            await asyncio.gather(*map(self._examine, self._sample))
        return True

    def notes(self) -> list[str]:
        """Which pages of the sample were not examined, and why, in the order of the sample."""
        return [f"{page.url} was not examined: {self._trouble[page.url]}" for page, _ in self._sample if page.axe is None]

    async def _examine(self, one: Chosen) -> None:
        """One page: axe-core, trials, and a picture of it. Never raises but where it is cancelled."""
        browser, page, ledger = self._tools.browser, one.page, self._course.ledger
        if browser is None:
            return
        if ledger.received > self._tools.settings.visit_bytes:
            self._trouble[page.url] = NO_ROOM
            return
        seen = await browser.look(page.url, ledger, axe=True, hands=one.hands)
        if seen is None or seen.axe is None:
            self._trouble[page.url] = (seen.unexamined if seen else "") or browser.trouble
        if seen is None:
            return
        page.axe, page.seen = seen.axe, seen.seen
        if seen.screenshot and ledger.pen and not page.rendered:
            ledger.pen.screenshot(page.url, page.fetched_at, page.record_id, seen.screenshot, PICTURE_TYPE)
