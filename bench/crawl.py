"""What an audit costs beside a bare crawl: processor time per page, as ratios of one run.

python -m bench.crawl [--pages 2000] [--rounds 1] [--only bare audit …] [--json] [--quick]
"""

import argparse
import statistics
import sys
import tempfile
from typing import Any

from bench.measuring import cost_of, served, show

CONTENDERS = {
    "bare": "Scrapy, LinkExtractor, keeps nothing",
    "lean": "Scrapy at its limit: one parse, text read",
    "audit": "veedor audit: facts, scoring, WARC, judging",
    "rejudge": "veedor re-judging of that capture",
}
QUICK = 15


def compare(pages: int, rounds: int, names: list[str]) -> list[dict[str, Any]]:
    """One row a contender: milliseconds of processor time per page without and with start-up, medians over the rounds."""
    costs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in names}
    notes: dict[str, str] = {}
    with served(str(pages)) as site:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                for name in names:
                    cost = cost_of([sys.executable, "-m", "bench.contenders", name, site["address"], str(pages), folder])
                    told = cost.told
                    costs[name].append((cost.cpu - told["start"], cost.cpu, told["pages"]))
                    notes[name] = ", ".join(
                        f"{key} {told[key]}" for key in ("documents", "same_findings", "ended") if key in told
                    )
    rows = []
    base = statistics.median(spent / read for spent, _, read in costs[names[0]])
    for name in names:
        each = statistics.median(spent / read for spent, _, read in costs[name])
        whole = statistics.median(whole / read for _, whole, read in costs[name])
        read = costs[name][-1][2]
        row = {"contender": CONTENDERS[name], "pages": read, "ms per page": 1000 * each, "with start-up": 1000 * whole}
        rows.append(row | {f"ratio to {names[0]}": each / base, "notes": notes[name]})
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    pages = QUICK if asked.quick else asked.pages
    rows = compare(pages, asked.rounds, asked.only)
    show(f"Processor time per page of about 75 kB with 141 links, {pages} pages", rows, as_json=asked.json)


if __name__ == "__main__":
    main()
