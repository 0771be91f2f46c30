"""What the rules fail on pages that are said to be good: those of a national design system, for example.

python -m bench.good_pages FOLDER [--most 100] [--json] [--quick]

The folder is served as a root, so that absolute paths hold. Each failure is either a flaw of the page or a false alarm of
the rule: the table names rule, pages and one element, so that a person can look.
"""

import argparse
import asyncio
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from audits.catalog import Catalog, load
from bench.measuring import show
from commands.act_run import browser_at, results_at, served
from crawler.capture import RuleResult
from crawler.ledger import Ledger

QUICK = 3


class Looked(NamedTuple):
    """A page and what the rules said of it; None where it could not be examined."""

    path: str
    results: tuple[RuleResult, ...] | None


def pages_of(folder: Path, most: int) -> list[str]:
    """At most so many HTML pages below a folder, evenly taken; pieces of pages, which have no html element, are left out."""
    found = sorted(path for path in folder.rglob("*.html") if b"<html" in path.read_bytes()[:4000].lower())
    step = max(1, -(-len(found) // most))
    return [path.relative_to(folder).as_posix() for path in found[::step]]


async def look_at(host: str, paths: list[str], catalog: Catalog) -> list[Looked]:
    """All pages, in their order."""
    browser = browser_at(host)

    async def one(path: str) -> Looked:
        said, _ = await results_at(browser, f"http://{host}/{quote(path)}", catalog, Ledger())
        return Looked(path, said)

    try:
        return await asyncio.gather(*map(one, paths))
    finally:
        await browser.close()


def failures(looked: list[Looked], catalog: Catalog) -> list[dict[str, Any]]:
    """One row a rule that fails somewhere: ours first, then those on most pages."""
    by_rule: dict[str, list[tuple[str, RuleResult]]] = defaultdict(list)
    for path, results in looked:
        for result in results or ():
            if result.outcome == "failed":
                by_rule[result.id].append((path, result))
    rows = [
        {
            "rule": rule,
            "whose": "own" if rule in catalog.checks else "axe",
            "pages": len(found),
            "elements": sum(result.elements for _, result in found),
            "first page": found[0][0],
            "selector": found[0][1].nodes[0].selector if found[0][1].nodes else "",
            "snippet": found[0][1].nodes[0].snippet[:200] if found[0][1].nodes else "",
        }
        for rule, found in by_rule.items()
    ]
    return sorted(rows, key=lambda row: (row["whose"] != "own", -row["pages"], row["rule"]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    catalog, paths = load(), pages_of(asked.folder, QUICK if asked.quick else asked.most)
    if not paths:
        parser.error(f"{asked.folder} holds no HTML page; name the folder that is the root of the pages.")
    with served(asked.folder) as host:
        looked = asyncio.run(look_at(host, paths, catalog))
    unread = sum(results is None for _, results in looked)
    spoken = sum(any(result.id in catalog.checks for result in results or ()) for _, results in looked)
    print(f"{len(looked)} pages, {unread} of them not read; rules of ours spoke of {spoken}.", file=sys.stderr)
    show("Rules that fail something", failures(looked, catalog), as_json=asked.json)


if __name__ == "__main__":
    main()
