"""What all visits of a run share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from .archive import Archive
from .browser import Rendering
from .fetch import Fetcher
from .guide import Facts, Guide
from .ledger import Ledger
from .originals import Original
from .settings import CrawlSettings
from .territory import Neighbours


class Progress(NamedTuple):
    """Something happened: `event` is waiting, started, page or finished. `pages` and `documents` count what was read so far."""

    event: str
    entity: str
    pages: int
    documents: int


Warcs = tuple[str, ...]
"""Paths of WARC files, first that of the entity itself."""

Earlier = Callable[[str], Mapping[str, Original]]
"""An entity's id to the payloads that earlier runs have written of it, by digest."""


def nothing_earlier(entity_id: str) -> Mapping[str, Original]:
    """No earlier run is known."""
    return {}


class Eyes(Protocol):
    """A browser, whatever leads it: `crawler.browser.Browser`, or `WebDriverBrowser` beside it."""

    version: str
    axe_version: str
    trouble: str

    async def render(self, url: str, ledger: Ledger) -> Rendering | None:
        """The page as scripts have left it."""

    async def look(self, url: str, ledger: Ledger, *, axe: bool = False, hands: bool = True) -> Rendering | None:
        """The page, what axe-core says of it, and what trying it out shows."""

    async def close(self) -> None:
        """End it."""


@dataclass(frozen=True)
class Tools:
    """The fetcher, the reader's desk, the browser (None where switched off) and what the visits are told."""

    settings: CrawlSettings
    fetcher: Fetcher
    read: Callable[[bytes, str, str, str], Awaitable[Facts]]
    guide: Guide
    shared: Neighbours
    evidence_dir: Path
    archive: Archive | None
    browser: Eyes | None
    earlier: Earlier
    on_progress: Callable[[Progress], None]
