"""What judging costs beside reading: processor time per page for the facts of a page and for all criteria, as ratios of one run.

    python -m bench.judge [RUN] [--pages 60] [--rounds 3] [--criteria] [--json] [--quick]

RUN is the folder of a run (`VEEDOR_HOME/runs/<run>`): its captured portals are read and judged again, so that real pages count.
Without one, a portal is made. `--criteria` tells what each criterion costs, the dearest first.
"""

import argparse
import gc
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from audits.catalog import Catalog, load
from audits.facts import read
from audits.judge import judge, search_of
from audits.model import Status
from audits.site import Site
from bench.measuring import show
from bench.site import Site as Made
from crawler.archive import Archive
from crawler.capture import Capture, CaptureRecord, Entity, Level, Page, PageFacts, Reason, Visit
from crawler.replay import replay

HOME, SEEN, QUICK = "http://www.town.example", datetime(2026, 6, 15, 12, tzinfo=UTC), 5
Body = tuple[bytes, str]
"""A web page's bytes and its URL."""


def made(pages: int) -> tuple[list[Body], list[Capture]]:
    """The bodies of a made portal, and its capture."""
    site = Made(pages)
    bodies = [(site.html(page).encode(), HOME + site.path(page)) for page in range(pages)]
    entity = Entity(id="town", name="Town", country="PE", level=Level.LOCAL, languages=("es",), portals=(f"{HOME}/",))
    visit = Visit(reason=Reason.COMPLETE, reached=True, thorough=True, started_at=SEEN, ended_at=SEEN)
    seen = [
        Page(url, url, 200, "text/html", SEEN, size=len(body), facts=facts)
        for body, url in bodies
        if isinstance(facts := read(body, url, "text/html", "utf-8"), PageFacts)
    ]
    return bodies, [Capture(entity, visit, seen)]


def captured(run: Path, catalog: Catalog) -> tuple[list[Body], list[Capture]]:
    """The bodies of the web pages that a run captured, and its captures."""
    records = [CaptureRecord.model_validate_json(file.read_bytes()) for file in sorted((run / "captures").glob("*.json"))]
    captures = [replay(record, run, read, catalog.impostor) for record in records]
    bodies: list[Body] = []
    for record in records:
        archive = Archive.from_files([run / warc for warc in record.warcs])
        for page in record.pages:
            answer = archive.get(page.url) if page.problem is None and page.media_type == "text/html" else None
            if answer is not None:
                bodies.append((answer.body, page.url))
    return bodies, captures


def measure(bodies: list[Body], captures: list[Capture], catalog: Catalog, rounds: int) -> list[dict[str, Any]]:
    """One row a step: the best of the rounds, because whatever else the machine does only ever adds."""
    judged = sum(len([page for page in capture.pages if page.facts]) for capture in captures)
    steps: dict[str, tuple[int, Callable[[], object]]] = {
        "decode and parse": (len(bodies), lambda: [LexborHTMLParser(body.decode("utf-8", "replace")) for body, _ in bodies]),
        "facts": (len(bodies), lambda: [read(body, url, "text/html", "") for body, url in bodies]),
        "judging all criteria": (judged, lambda: [judge(capture, catalog) for capture in captures]),
    }
    rows: list[dict[str, Any]] = []
    for name, (count, step) in steps.items():
        best = min(_spent(step, captures, catalog) for _ in range(rounds))
        rows.append({"what": name, "pages": count, "µs per page": 1e6 * best / max(1, count)})
    parse, facts = (row["µs per page"] for row in rows[:2])
    return [{**row, "ratio to parse": row["µs per page"] / parse, "ratio to facts": row["µs per page"] / facts} for row in rows]


def by_criterion(captures: Iterable[Capture], catalog: Catalog) -> list[dict[str, Any]]:
    """What each criterion costs on captures of which everything that is shared is known already."""
    spent = dict.fromkeys((c.id for c in catalog.criteria.values() if c.status is not Status.RETIRED), 0.0)
    pages = 0
    for capture in captures:
        site = Site(capture, catalog)
        pages += len(site.pages)
        judge(capture, catalog)
        for identifier in spent:
            criterion = catalog.criteria[identifier]
            began = time.process_time()
            search_of(criterion).find(criterion, site)
            spent[identifier] += time.process_time() - began
    ordered = sorted(spent.items(), key=lambda entry: -entry[1])
    return [{"criterion": name, "µs per page": 1e6 * cost / max(1, pages)} for name, cost in ordered]


def _spent(step: Callable[[], object], captures: Iterable[Capture], catalog: Catalog) -> float:
    """Seconds of a step that nothing has prepared but the words, which a run makes ready once for all portals.

    They are made ready on a portal of one page, for each language and country, so that nothing of the real pages is known.
    """
    for known in gc.get_objects():
        if isinstance(known, _lru_cache_wrapper):
            known.cache_clear()
    for capture in captures:
        page = Page(
            HOME, HOME, 200, "text/html", SEEN, facts=PageFacts(title="x", detected=next(iter(capture.entity.languages), ""))
        )
        judge(Capture(capture.entity, capture.visit, [page]), catalog)
    began = time.process_time()
    step()
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--criteria", action="store_true", help="what each criterion costs")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages, one round: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    catalog = load()
    bodies, captures = captured(asked.run, catalog) if asked.run else made(QUICK if asked.quick else asked.pages)
    rounds = 1 if asked.quick else asked.rounds
    rows = by_criterion(captures, catalog) if asked.criteria else measure(bodies, captures, catalog, rounds)
    show("Processor time per page", rows, as_json=asked.json)


if __name__ == "__main__":
    main()
