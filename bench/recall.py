"""How much of what a portal proves is proven within a page budget: best-first beside breadth-first.

    python -m bench.recall PORTALS_DIR [--budgets 10 20 40 60 120 0]

PORTALS_DIR holds `portals.csv` and a web archive of each portal. Every portal is crawled once for each budget (pages; 0 is
without limit) and strategy, and judged. What counts is what the crawls without limit prove; the table and the plot go to `docs/`.
"""

import argparse
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from audits.catalog import load
from audits.judge import judge
from audits.model import Verdict
from bench.recall_report import Row, as_svg, as_table
from commands.errors import UserError
from commands.guide import guide_from
from commands.selection import from_table
from crawler.capture import Capture
from crawler.settings import CrawlSettings

STRATEGIES = ("best_first", "breadth_first")
BUDGETS = (10, 20, 40, 60, 120, 0)
UNLIMITED = 100_000
DOCS = Path(__file__).resolve().parent.parent / "docs"


class Way(NamedTuple):
    """One way to crawl: in which order, and how many pages of each portal (0: all)."""

    strategy: str
    budget: int


class Outcome(NamedTuple):
    """What one way found of one portal: verdicts by criterion.aspect, how many pages it read, and whether it was thorough."""

    verdicts: dict[str, Verdict]
    pages: int
    thorough: bool


def settings_of(way: Way, archives: Sequence[Path]) -> CrawlSettings:
    """A crawl of archives without a browser. Every budget but that of pages is as it stands; without limit, all are lifted."""
    chosen = {"archives": tuple(map(str, archives)), "browser": False, "strategy": way.strategy, "portals_at_once": 1}
    if way.budget:
        requests = max(CrawlSettings().request_budget, 5 * way.budget)
        return CrawlSettings.model_validate({**chosen, "page_budget": way.budget, "request_budget": requests})
    names = ("page_budget", "document_budget", "image_budget", "delegated_budget", "request_budget", "visit_seconds")
    most = dict.fromkeys(names, UNLIMITED)
    return CrawlSettings.model_validate({**chosen, **most, "visit_bytes": 2**40, "held_bytes": 2**40})


def crawl(way: Way, folder: Path) -> dict[str, Outcome]:
    """Crawl and judge all portals one way; by entity id. Once per process: a reactor starts only once."""
    from crawler.fleet import visit

    catalog = load()
    chosen = from_table(folder / "portals.csv")
    found: dict[str, Outcome] = {}

    def keep(capture: Capture, warc: str) -> None:
        verdicts = {f"{finding.criterion}.{finding.aspect}": finding.verdict for finding in judge(capture, catalog)}
        found[capture.entity.id] = Outcome(verdicts, capture.visit.pages, capture.visit.thorough)

    with tempfile.TemporaryDirectory() as evidence:
        visit(
            chosen.entities, settings_of(way, chosen.archives), guide_from(catalog), keep, lambda progress: None, Path(evidence)
        )
    return found


def measure(ways: Sequence[Way], folder: Path) -> dict[Way, dict[str, Outcome]]:
    """Every way in a process of its own, one after the other."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as pool:
        return dict(zip(ways, pool.map(crawl, ways, [folder] * len(ways)), strict=True))


def proven(outcomes: dict[str, Outcome], entity: str) -> set[str]:
    """What one way proved of a portal."""
    return {name for name, verdict in outcomes[entity].verdicts.items() if verdict is Verdict.PASSED}


def rows(outcomes: dict[Way, dict[str, Outcome]]) -> list[Row]:
    """One row per way: recall over all portals and at the worst one, and what was failed that crawling everything proves."""
    whole = [found for way, found in outcomes.items() if way.budget == 0]
    entities = sorted(whole[0])
    truth = {entity: set().union(*(proven(found, entity) for found in whole)) for entity in entities}
    made = []
    for way, found in outcomes.items():
        hit = {entity: len(proven(found, entity) & truth[entity]) for entity in entities}
        shares = {entity: hit[entity] / len(truth[entity]) for entity in entities if truth[entity]}
        missed = Counter(found[entity].verdicts[name] for entity in entities for name in truth[entity] - proven(found, entity))
        made.append(
            Row(
                way.strategy,
                way.budget,
                sum(hit.values()),
                sum(map(len, truth.values())),
                min(shares.values()),
                sum(shares.values()) / len(shares),
                missed[Verdict.FAILED],
                tuple(found[entity].pages for entity in entities),
                sum(found[entity].thorough for entity in entities),
            )
        )
    return made


def missing(outcomes: dict[Way, dict[str, Outcome]], way: Way) -> list[str]:
    """What one way did not prove though crawling everything proves it, with its verdict there: for whoever improves the order."""
    whole = [found for other, found in outcomes.items() if other.budget == 0]
    lines = []
    for entity, outcome in sorted(outcomes[way].items()):
        truth: set[str] = set().union(*(proven(found, entity) for found in whole))
        lines += [f"{entity} {name} {outcome.verdicts[name]}" for name in sorted(truth - proven(outcomes[way], entity))]
    return lines


def main() -> None:
    """Measure, and write the table and the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="PORTALS_DIR")
    parser.add_argument("--budgets", type=int, nargs="+", default=list(BUDGETS), help="pages of each portal; 0 is without limit")
    parser.add_argument("--missing", action="store_true", help="also print what each best-first crawl did not prove")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder for recall.md and recall.svg")
    asked = parser.parse_args()
    budgets = sorted({*asked.budgets, 0}, key=lambda budget: budget or UNLIMITED)
    try:
        from_table(asked.folder / "portals.csv")
    except UserError as error:
        parser.exit(2, f"{error}\n")
    outcomes = measure([Way(strategy, budget) for strategy in STRATEGIES for budget in budgets], asked.folder)
    table = rows(outcomes)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "recall.md").write_text(as_table(table, CrawlSettings().document_budget), encoding="utf-8")
    (asked.out / "recall.svg").write_text(as_svg(table), encoding="utf-8")
    print(as_table(table, CrawlSettings().document_budget))
    for way in outcomes if asked.missing else ():
        if way.budget:
            print(way, *missing(outcomes, way), sep="\n  ")


if __name__ == "__main__":
    main()
