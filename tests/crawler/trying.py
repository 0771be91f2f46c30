"""Pages that are tried out in a real browser, and what its own rules say of them."""

import asyncio
from collections.abc import Mapping

from crawler.browser import Browser, Rendering
from crawler.capture import RuleResult, Seen
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings
from tests.portals import behaviours as be
from tests.portals.server import Town

PATIENT = 60
"""Seconds for all trials of a page: machines that run tests may be busy."""


def try_pages(pages: Mapping[str, bytes], files: Mapping[str, tuple[bytes, str]] | None = None) -> dict[str, Seen]:
    """What trying out showed of each page, by name. `files` are served beside them: body and media type by path."""
    with Town(None) as town:
        portal = town.open("tried")
        for name, body in pages.items():
            portal.add("/" + name, be.answer(body))
        for path, (body, kind) in (files or {}).items():
            portal.add(path, be.answer(body, media_type=kind))
        settings = CrawlSettings(allow_private=(portal.host,), try_seconds=PATIENT, tab_presses=0)
        looks = asyncio.run(_look(Browser(settings, Guard((portal.host,)), None), portal.url, list(pages)))
    return {name: look.seen for name, look in zip(pages, looks, strict=True) if look and look.seen}


async def _look(browser: Browser, url: str, names: list[str]) -> list[Rendering | None]:
    try:
        return await asyncio.gather(*(browser.look(url + name, Ledger(), axe=True) for name in names))
    finally:
        await browser.close()


def said(seen: Mapping[str, Seen], name: str, rule: str) -> RuleResult:
    """What one rule says of a page."""
    (result,) = [check for check in seen[name].checks if check.id == rule]
    return result
