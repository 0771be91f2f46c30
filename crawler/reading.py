"""Turns what was fetched into a page with its facts: told apart from what stands in for it, rendered where scripts fill it."""

from collections.abc import Callable
from dataclasses import replace

from .capture import DocumentFacts, Page, PageFacts, Reason
from .desk import UnreadableError
from .ending import Course
from .fetch import Fetched
from .guide import Facts
from .pen import WarcPen
from .tools import Tools
from .urls import normalise

WALLS = frozenset({Reason.FORBIDDEN, Reason.RATE_LIMITED, Reason.CLIENT_ERROR, Reason.SERVER_ERROR})
"""Refusals whose text may say that somebody else than the portal refused."""

PICTURE_TYPE = "image/jpeg"


class Lens:
    """Looks at what one visit fetched. `owns` says whether a URL is the entity's own; `pen` notes what scripts make of pages."""

    def __init__(self, tools: Tools, course: Course, owns: Callable[[str], bool]) -> None:
        self._tools = tools
        self._course = course
        self._owns = owns
        self.pen: WarcPen | None = None
        self._renderings_left = tools.settings.render_budget

    async def page(self, fetched: Fetched, depth: int, via: str) -> Page:
        """The page that was fetched from the page `via`, `depth` links from home."""
        page = Page(fetched.url, fetched.requested_url, fetched.status, fetched.media_type, fetched.at, depth)
        page.size, page.digest, page.record_id = len(fetched.body), fetched.digest, fetched.record_id
        page.problem, page.truncated, page.charset = fetched.problem, fetched.truncated, fetched.charset
        page.via, page.delegated = via, not self._owns(page.url)
        if page.delegated and not self._tools.settings.follow_delegated:
            page.problem = Reason.OFF_SITE
        if page.problem is None:
            await self._read(page, fetched.body)
        elif page.problem in WALLS and "html" in page.media_type and fetched.body:
            page.problem = self._stand_in(await self._facts(page, fetched.body), page.status) or page.problem
        return page

    async def _read(self, page: Page, body: bytes) -> None:
        longest = self._tools.settings.max_page_bytes
        if "html" in page.media_type and len(body) > longest:
            body, page.truncated, page.size = body[:longest], True, longest
        facts = await self._facts(page, body)
        if isinstance(facts, DocumentFacts):
            page.document = facts
        elif isinstance(facts, PageFacts):
            page.facts = facts
            page.problem = self._stand_in(facts, page.status)
            if page.problem is None and facts.shell:
                await self._render(page)
                page.problem = self._stand_in(page.facts, page.status)
            page.facts = None if page.problem else page.facts

    def _stand_in(self, facts: Facts | None, status: int) -> Reason | None:
        """What a page is instead of the one that was asked for; None where it is that one."""
        return self._tools.guide.recognise(facts, status) if isinstance(facts, PageFacts) else None

    async def _facts(self, page: Page, body: bytes) -> Facts | None:
        """What the reader makes of a body; None where it could not be read, with the reason noted on the page."""
        try:
            return await self._tools.read(body, page.url, page.media_type, page.charset)
        except UnreadableError as error:
            page.problem = page.problem or (Reason.INTERNAL_ERROR if error.kind == "error" else Reason.CRASHED)
            self._course.notes.append(f"{page.url} could not be read: {error}"[:300])
            return None

    async def _render(self, page: Page) -> None:
        """Replace the facts of a page that only scripts fill by those of what they make of it."""
        browser, pen = self._tools.browser, self.pen
        if browser is None or self._renderings_left <= 0:
            return
        self._renderings_left -= 1
        rendering = await browser.render(page.url, self._course.ledger)
        if rendering is None:
            self._course.notes.append(f"{page.url} could not be rendered: {browser.trouble}")
            return
        html, source = rendering.html.encode(), page.record_id
        where = normalise(rendering.url) or page.url
        seen = replace(page, url=where, media_type="text/html", charset="utf-8")
        facts = await self._facts(seen, html)
        if not isinstance(facts, PageFacts):
            return
        page.url, page.delegated = where, not self._owns(where)
        page.facts, page.rendered, page.starved = facts, True, rendering.starved
        page.media_type, page.charset, page.truncated = "text/html", "utf-8", page.truncated or rendering.truncated
        if pen:
            page.record_id, page.digest = pen.rendered(page.url, page.fetched_at, source, html)
            if rendering.screenshot:
                pen.screenshot(page.url, page.fetched_at, source, rendering.screenshot, PICTURE_TYPE)
