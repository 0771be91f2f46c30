"""Test cases of ACT rules in the browser: a server on loopback, and all that the rules say of each case."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from audits.catalog import Catalog
from audits.facts import read_page
from audits.site import Site
from audits.wcag import results_of
from commands.act_cases import PREFIX, ActCase
from commands.errors import UserError
from crawler.browser import Browser
from crawler.capture import Capture, Entity, Level, Page, Reason, RuleResult, Visit
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings

TYPES = {".xhtml": "application/xhtml+xml", ".svg": "image/svg+xml", ".xml": "application/xml", ".vtt": "text/vtt"}
"""Media types that not every machine knows."""


TRY_SECONDS = 60.0
"""Time for the trials on one page: so much that how busy the machine is decides nothing."""


class ActResult(NamedTuple):
    """What the rules said of a case; None where the browser could not read it, and then why."""

    case: ActCase
    results: tuple[RuleResult, ...] | None
    trouble: str = ""


class Run(NamedTuple):
    """All results, in the order of the cases, and what they were had with."""

    results: list[ActResult]
    axe_version: str
    browser_version: str


def run_cases(folder: Path, cases: Sequence[ActCase], catalog: Catalog, on_done: Callable[[], None] = lambda: None) -> Run:
    """Every case in the browser. Raises UserError where there is no browser."""
    with served(folder, PREFIX) as host:
        return asyncio.run(_run(host, cases, catalog, on_done))


async def _run(host: str, cases: Sequence[ActCase], catalog: Catalog, on_done: Callable[[], None]) -> Run:
    browser = browser_at(host)
    try:
        ledger = Ledger()  # one for all, so that pages follow each other in the same windows
        results = await asyncio.gather(*(_result(browser, host, case, catalog, ledger, on_done) for case in cases))
    finally:
        await browser.close()
    if not browser.version:
        raise UserError("no_browser", why=browser.trouble)
    return Run(results, browser.axe_version, browser.version)


def browser_at(host: str) -> Browser:
    """A browser that may visit this host."""
    return Browser(CrawlSettings(allow_private=(host,), try_seconds=TRY_SECONDS), Guard((host,)), None)


async def _result(
    browser: Browser, host: str, case: ActCase, catalog: Catalog, ledger: Ledger, on_done: Callable[[], None]
) -> ActResult:
    said, trouble = await results_at(browser, f"http://{host}{PREFIX}{case.path}", catalog, ledger)
    on_done()
    return ActResult(case, said, trouble)


async def results_at(browser: Browser, url: str, catalog: Catalog, ledger: Ledger) -> tuple[tuple[RuleResult, ...] | None, str]:
    """What all rules say of the page at a URL; None where it could not be examined, with the reason."""
    seen = await browser.look(url, ledger, axe=True)
    if seen is None or seen.axe is None:
        return None, (seen.unexamined if seen else "") or browser.trouble
    now = datetime.now(UTC)
    page = Page(url, url, 200, "text/html", now, facts=read_page(seen.html, url), axe=seen.axe, seen=seen.seen, sampled="home")
    entity = Entity(id="act", name="ACT", country="ZZ", level=Level.LOCAL, portals=(url,))
    visit = Visit(reason=Reason.COMPLETE, reached=True, thorough=True, started_at=now, ended_at=now)
    return results_of(page, Site(Capture(entity, visit, [page]), catalog)), ""


@contextmanager
def served(folder: Path, prefix: str = "/") -> Iterator[str]:
    """The folder below `prefix` of a server of our own, as `host:port`."""
    server = _Server(("127.0.0.1", 0), partial(_Handler, prefix, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser leaves a page before all of it has come."""


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def __init__(self, prefix: str, *rest: object, directory: str) -> None:
        self._prefix = prefix.rstrip("/")
        super().__init__(*rest, directory=directory)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """The file of a URL below the prefix."""
        return super().translate_path(path.removeprefix(self._prefix))

    def log_message(self, *said: object) -> None:
        """Say nothing."""
