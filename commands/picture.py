"""A picture of one element, drawn from the pages that a run archived. Nothing is asked of any network."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from commands.browser import find
from commands.display import notice
from commands.errors import UserError
from commands.examined import Examined
from commands.wording import say
from crawler.archive import Archive
from crawler.browser import Browser
from crawler.guard import Guard
from crawler.ledger import Ledger


def write_picture(found: Examined, which: str, path: Path) -> None:
    """Draw a barrier's example by the barrier's number, or the element of a CSS selector, and write it as PNG.

    Raises UserError for what cannot be found or drawn, and where there is no Chromium; ArchiveError where a file cannot be read.
    """
    selector, urls = element_of(found, which)
    picture, url, why = asyncio.run(_drawn(found, selector, urls))
    if not picture:
        raise UserError("not_pictured", selector=selector, url=url, why=why)
    path.write_bytes(picture)
    notice(say("accessibility.picture_written", file=path, selector=selector, url=url))


def element_of(found: Examined, which: str) -> tuple[str, tuple[str, ...]]:
    """The selector that is meant, and the pages to look for it on, the likeliest first."""
    if not found.said.sample:
        raise UserError("nothing_to_picture", entity=found.capture.entity.id)
    if which.isdecimal():
        number, barriers = int(which), found.said.barriers
        if not 1 <= number <= len(barriers):
            raise UserError("no_barrier", number=which, count=len(barriers))
        example = barriers[number - 1].example
        return example.selector or "html", (example.url,)
    return which, tuple(_pages_with(found, which)) or tuple(page.url for page in found.said.sample)


def _pages_with(found: Examined, selector: str) -> Iterator[str]:
    """Pages of the sample on which a rule spoke of just this selector."""
    for page, results in zip(found.said.sample, found.said.results, strict=True):
        if any(element.selector == selector for result in results for element in result.nodes):
            yield page.url


async def _drawn(found: Examined, selector: str, urls: tuple[str, ...]) -> tuple[bytes, str, str]:
    """The picture from the first page that shows the element, that page, and what went wrong on the last one that does not."""
    chromium = find()
    if chromium is None:
        raise UserError("no_chromium")
    changed = {"archives": tuple(map(str, found.files)), "browser_path": chromium.path}
    settings = found.run.record.settings.model_copy(update=changed)
    archive = Archive.from_files(found.files)
    browser = Browser(settings, Guard(only=()), archive)
    try:
        for url in urls:
            picture = await browser.picture_of(url, selector, Ledger())
            if picture:
                return picture, url, ""
        return b"", urls[-1], browser.trouble
    finally:
        await browser.close()
        archive.close()
