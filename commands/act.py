"""`veedor act`: what the accessibility rules find on the test cases of the W3C's ACT rules, in a real browser.

A case counts as found where any rule fails one of the success criteria, level A or AA, that the case's ACT rule is about;
the same on cases that pass, or to which the ACT rule does not apply, is a false alarm. Cases whose rule is about no such
criterion are not counted.
"""

import asyncio
import json
from collections.abc import Iterable, Iterator
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
from commands import store
from commands.errors import UserError
from crawler.browser import Browser
from crawler.capture import Capture, Entity, Level, Page, Reason, RuleResult, Visit
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings

PREFIX = "/WAI/content-assets/wcag-act-rules/"
"""Where the cases expect to be served from."""


class ActCase(NamedTuple):
    """One test case: `criteria`, level A or AA, are what its rule is about; `expected` is failed, passed or inapplicable."""

    id: str
    rule: str
    rule_name: str
    expected: str
    criteria: frozenset[str]
    path: str


class ActResult(NamedTuple):
    """What the rules said of a case; None where the browser could not read it."""

    case: ActCase
    results: tuple[RuleResult, ...] | None

    @property
    def fails(self) -> list[RuleResult]:
        """Failures of the case's success criteria."""
        return [
            result for result in self.results or () if result.outcome == "failed" and self.case.criteria & set(result.criteria)
        ]


def read_cases(folder: Path, catalog: Catalog) -> list[ActCase]:
    """The cases of a folder whose pages are there. Raises UserError where it holds none."""
    listing = folder / "testcases.json"
    if not listing.is_file():
        raise UserError("no_such_file", file=listing)
    cases = []
    for entry in json.loads(listing.read_bytes())["testcases"]:
        asked = entry.get("ruleAccessibilityRequirements") or {}
        criteria = {name.split(":")[1] for name, said in asked.items() if name.startswith("wcag2") and said.get("forConformance")}
        known = frozenset(criteria & set(catalog.success_criteria))
        if (folder / entry["relativePath"]).is_file():
            path = entry["relativePath"]
            cases.append(ActCase(entry["testcaseId"], entry["ruleId"], entry["ruleName"], entry["expected"], known, path))
    return list({(case.rule, case.id): case for case in cases}.values())


def run_cases(folder: Path, cases: Iterable[ActCase], catalog: Catalog) -> list[ActResult]:
    """Every case in the browser, in their order."""
    with _served(folder) as host:
        return asyncio.run(_run(host, list(cases), catalog))


async def _run(host: str, cases: list[ActCase], catalog: Catalog) -> list[ActResult]:
    browser = Browser(CrawlSettings(allow_private=(host,)), Guard((host,)), None)
    try:
        return await asyncio.gather(*(_result(browser, host, case, catalog) for case in cases))
    finally:
        await browser.close()


async def _result(browser: Browser, host: str, case: ActCase, catalog: Catalog) -> ActResult:
    url = f"http://{host}{PREFIX}{case.path}"
    seen = await browser.look(url, Ledger(), axe=True)
    if seen is None or seen.axe is None:
        return ActResult(case, None)
    now = datetime.now(UTC)
    page = Page(url, url, 200, "text/html", now, facts=read_page(seen.html, url), axe=seen.axe, seen=seen.seen)
    entity = Entity(id="act", name="ACT", country="ZZ", level=Level.LOCAL, portals=(url,))
    visit = Visit(reason=Reason.COMPLETE, reached=True, thorough=True, started_at=now, ended_at=now)
    return ActResult(case, results_of(page, Site(Capture(entity, visit, [page]), catalog)))


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """The file of a URL below PREFIX."""
        return super().translate_path(path.removeprefix(PREFIX.rstrip("/")))

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def main(folder: str, *only: str) -> None:
    """What axe-core finds, what our own rules find, what both: of failed cases, and falsely of others; then each that differs."""
    catalog = store.rules()
    cases = [case for case in read_cases(Path(folder), catalog) if case.criteria and (not only or case.rule in only)]
    results = run_cases(Path(folder), cases, catalog)
    for name, mine in (("axe", (False,)), ("own", (True,)), ("both", (False, True))):
        said = [(one.case.expected == "failed", any((r.id in catalog.checks) in mine for r in one.fails)) for one in results]
        bad, good = [hit for failed, hit in said if failed], [hit for failed, hit in said if not failed]
        print(f"{name}: found {sum(bad)} of {len(bad)}, falsely {sum(good)} of {len(good)}")
    for one in results:
        told = "UNREAD" if one.results is None else "found" if one.fails else "missed"
        if (one.case.expected == "failed") != bool(one.fails) or one.results is None or only:
            print(
                one.case.expected,
                told,
                one.case.rule,
                one.case.path,
                sorted(one.case.criteria),
                [r.id for r in one.fails],
                one.case.rule_name,
            )


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
