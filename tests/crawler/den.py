"""A browser without a crawl around it, and a portal for it to visit."""

import asyncio
import contextlib
from collections.abc import Awaitable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from crawler.archive import Archive
from crawler.browser import Browser, Rendering
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings
from tests.portals import behaviours as be
from tests.portals.server import Town

TEXT = "the council met"


def script(code: str, before: str = "") -> bytes:
    """A page that says TEXT and then runs `code`."""
    return be.page("page", f"<p>{TEXT}</p>{before}<script>{code}</script>")


class Den:
    """A portal with a calm page, and a browser that may go there and to `friends`; `more` are arguments of Browser."""

    def __init__(self, town: Town, *friends: str, archives: tuple[Path, ...] = (), **more: Any) -> None:
        self.portal = town.open("den").add("/calm*", be.answer(be.page("calm", f"<p>{TEXT}</p>")))
        hosts = (self.portal.host, *friends)
        settings = CrawlSettings(allow_private=hosts, timeout_seconds=8, browser_megabytes=128)
        archive = Archive.from_files(archives) if archives else None
        self.browser = Browser(settings, Guard() if archives else Guard(hosts), archive, **more)
        self._runner = asyncio.Runner()

    def render(self, *paths: str, ledger: Ledger | None = None) -> list[Rendering | None]:
        """Render these pages, all at the same time."""

        async def ask() -> list[Rendering | None]:
            looks = (self.browser.render(self.portal.url + path, ledger or Ledger()) for path in paths)
            return await asyncio.gather(*looks)

        return self.run(ask())

    def page(self, path: str, ledger: Ledger | None = None) -> Rendering:
        """Render one page that must come."""
        (seen,) = self.render(path, ledger=ledger)
        assert seen is not None, self.browser.trouble
        return seen

    def run(self, work: Awaitable[Any]) -> Any:
        """Do something in the loop that the browser lives in."""

        async def do() -> Any:
            return await work

        return self._runner.run(do())

    @property
    def chromium(self) -> psutil.Process:
        """The first process of the Chromium that this test process runs; a script may have started it."""
        found = []
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                words = process.cmdline()
                if "--remote-debugging-pipe" in words and not any(word.startswith("--type=") for word in words):
                    found.append(process)
        return found[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._runner.run(self.browser.close())
        self._runner.close()
