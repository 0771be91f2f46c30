"""What auditing pages in a browser costs beside the least that it can cost, and beside others: ratios of one run.

python -m bench.axe [--pages 100] [--sections 6] [--only bare axe trials …] [--peers FOLDER] [--rounds 1] [--json] [--quick]

FOLDER is where npm has put the others: npm install --prefix FOLDER pa11y-ci lighthouse chrome-launcher
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.axe_peers import NEEDED, missing
from bench.measuring import cost_of, served, show

CONTENDERS = {
    "bare": "bare settled loop: Playwright, axe-core",
    "axe": "veedor: render, evidence, axe-core",
    "trials": "veedor with its own trials",
    "pa11y": "pa11y-ci with axe",
    "lighthouse": "Lighthouse, accessibility only",
}
QUICK = 4
PEERS_SHARE = 5
"""Of so many pages the others get one: they take several seconds each."""


class Part(NamedTuple):
    """What one contender did in one round: pages audited, seconds that it took, processor seconds and peak memory in MB."""

    pages: int
    seconds: float
    cpu: float
    megabytes: float


def measured(names: Sequence[str], urls: Sequence[str], at_once: int, peers: Path | None) -> dict[str, Part | str]:
    """One round; a contender that is not there gives the reason."""
    parts: dict[str, Part | str] = {}
    for name in names:
        asked = list(urls[:: PEERS_SHARE if len(urls) > QUICK else 1]) if name in NEEDED else list(urls)
        if name in NEEDED and (why := missing(name, peers)):
            parts[name] = why
            continue
        module, argument = ("bench.axe_peers", str(peers)) if name in NEEDED else ("bench.axe_contenders", str(at_once))
        cost = cost_of([sys.executable, "-m", module, name, argument], asked)
        parts[name] = Part(cost.told["pages"], cost.told["seconds"], cost.cpu, cost.megabytes)
    return parts


def compare(
    names: Sequence[str], pages: int, sections: int, at_once: int, rounds: int, peers: Path | None
) -> list[dict[str, Any]]:
    """One row a contender, medians over the rounds; ratios are those to the first one, of the same round."""
    with served(str(pages), str(sections), site="bench.lively") as site:
        done = [measured(names, site["urls"], at_once, peers) for _ in range(rounds)]
    return [_row(name, [each[name] for each in done], [each[names[0]] for each in done]) for name in names]


def _row(name: str, parts: Sequence[Part | str], bases: Sequence[Part | str]) -> dict[str, Any]:
    pairs = [(part, base) for part, base in zip(parts, bases, strict=True) if isinstance(part, Part) and isinstance(base, Part)]
    if not pairs:
        return {"contender": CONTENDERS[name], "pages": 0} | dict.fromkeys(COLUMNS, "") | {"notes": str(parts[0])}
    each = {
        "pages per second": [part.pages / part.seconds for part, _ in pairs],
        "CPU s per page": [part.cpu / part.pages for part, _ in pairs],
        "peak MB": [part.megabytes for part, _ in pairs],
        "ratio of pages per second": [part.pages / part.seconds * base.seconds / base.pages for part, base in pairs],
        "ratio of CPU": [part.cpu / part.pages * base.pages / base.cpu for part, base in pairs],
    }
    return (
        {"contender": CONTENDERS[name], "pages": pairs[-1][0].pages}
        | {title: statistics.median(values) for title, values in each.items()}
        | {"notes": ""}
    )


COLUMNS = ("pages per second", "CPU s per page", "peak MB", "ratio of pages per second", "ratio of CPU")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--sections", type=int, default=6, help="about 40 elements each")
    parser.add_argument("--at-once", type=int, default=2, help="pages of the bare loop that are open at a time")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--peers", type=Path, help="folder into which npm has installed pa11y-ci and lighthouse")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    pages, sections = (QUICK, 1) if asked.quick else (asked.pages, asked.sections)
    rows = compare(asked.only, pages, sections, asked.at_once, asked.rounds, asked.peers)
    show(f"Auditing {pages} pages of {sections} sections in a browser", rows, as_json=asked.json)


if __name__ == "__main__":
    main()
