"""Whether a worker's memory stays flat: resident size over a thousand small portals, each on an address of its own.

    python -m bench.memory [--portals 1000] [--json] [--quick]

Every portal has about eight pages and is judged, as in a real run. What counts is the size at the last portal beside that at
the tenth part of them: it should be within ±10 %.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from bench.measuring import cost_of, served, show

PAGES = 8
QUICK = 4
MEGABYTE = 1024 * 1024


def worker(address: str, portals: int, folder: Path) -> dict[str, Any]:
    """Visit and judge them all in this process, and note its size now and then, its children beside it."""
    from audits.catalog import load
    from audits.facts import read
    from audits.judge import judge
    from bench.contenders import settings_of
    from bench.site import hosts_of
    from crawler.capture import Capture, Entity, Level
    from crawler.fleet import visit
    from crawler.guide import Guide

    catalog = load()
    here = psutil.Process()
    sizes: list[tuple[int, int, int]] = []
    seen = {"portals": 0, "pages": 0, "unreached": 0}
    port = urlsplit(address).port
    hosts = [f"{host}:{port}" for host in hosts_of(portals)]

    def keep(capture: Capture, warcs: tuple[str, ...]) -> None:
        judge(capture, catalog)
        seen["portals"] += 1
        seen["pages"] += len(capture.pages)
        seen["unreached"] += not capture.visit.reached
        if seen["portals"] % max(portals // 10, 1) == 0:
            children = sum(child.memory_info().rss for child in here.children(recursive=True))
            sizes.append((seen["portals"], here.memory_info().rss, children))
        for warc in warcs:
            Path(warc).unlink(missing_ok=True)

    towns = [
        Entity(
            id=f"town-{at}", name=f"Town {at}", country="PE", level=Level.LOCAL, portals=(f"http://{host}/",), languages=("es",)
        )
        for at, host in enumerate(hosts)
    ]
    settings = settings_of(address, PAGES, allow_private=tuple(hosts), portals_at_once=4)
    visit(towns, settings, Guide(read, catalog.topics, catalog.impostor), keep, lambda progress: None, folder)
    return seen | {"start": 0.0, "sizes": sizes}


def measure(portals: int) -> list[dict[str, Any]]:
    """One row for every tenth of the portals; sizes in MB."""
    with served(str(PAGES), str(portals)) as site, tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "bench.memory",
            "--worker",
            site["address"],
            "--portals",
            str(portals),
            "--folder",
            folder,
        ]
        told = cost_of(command).told
    if told["unreached"]:
        raise RuntimeError(f"{told['unreached']} of {portals} portals were not reached: nothing was measured")
    base = told["sizes"][0][1]
    return [
        {"portals": done, "MB": own / MEGABYTE, "ratio to the first": own / base, "MB of the reader": reader / MEGABYTE}
        for done, own, reader in told["sizes"]
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portals", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} portals: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        print(json.dumps(worker(asked.worker, asked.portals, asked.folder)))
        return
    rows = measure(QUICK if asked.quick else asked.portals)
    show(f"Resident memory of a worker, portals of {PAGES} pages", rows, as_json=asked.json)


if __name__ == "__main__":
    main()
