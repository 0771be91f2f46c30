"""What the facts of a page cost beside the parse alone: processor time per page, as ratios of one run.

python -m bench.parse [--pages 100] [--rounds 5] [--json] [--quick]
"""

import argparse
import asyncio
import pickle
import time
from collections.abc import Callable
from typing import Any

import psutil
from selectolax.lexbor import LexborHTMLParser

from audits.facts import read
from bench.measuring import show
from bench.site import Site
from crawler.desk import Desk

URL = "http://www.town.example/folder/page.html"
MEGABYTE = 1024 * 1024
QUICK = 3


def ways(bodies: list[bytes]) -> dict[str, Callable[[bytes], object]]:
    """What is done with a page, from the least to the most."""
    known = {body: read(body, URL, "text/html", "utf-8") for body in bodies}
    return {
        "decode and parse": lambda body: LexborHTMLParser(body.decode()),
        "parse, links, title, text": _plain,
        "facts": lambda body: read(body, URL, "text/html", "utf-8"),
        "facts sent and received": lambda body: pickle.loads(pickle.dumps(known[body], protocol=5)),
    }


def _plain(body: bytes) -> object:
    tree = LexborHTMLParser(body.decode())
    title = tree.css_first("title")
    return [a.attributes.get("href") for a in tree.css("a[href]")], title, tree.body.text(separator=" ") if tree.body else ""


async def at_the_desk(bodies: list[bytes]) -> float:
    """Seconds of processor time of both processes, for reading these pages in a process of its own."""
    desk = Desk(read, 60, 2048 * MEGABYTE)
    try:
        await desk.read(bodies[0], URL, "text/html", "utf-8")
        (child,) = psutil.Process().children()
        began = time.process_time() + _spent(child)
        for body in bodies:
            await desk.read(body, URL, "text/html", "utf-8")
        return time.process_time() + _spent(child) - began
    finally:
        await desk.close()


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def measure(pages: int, rounds: int) -> list[dict[str, Any]]:
    """One row a way: the best of the rounds, because whatever else the machine does only ever adds."""
    site = Site(pages)
    bodies = [site.html(page).encode() for page in range(pages)]
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, way in ways(bodies).items():
            began = time.process_time()
            for body in bodies:
                way(body)
            best[name] = min(best.get(name, 1e9), time.process_time() - began)
        best["facts at the desk"] = min(best.get("facts at the desk", 1e9), asyncio.run(at_the_desk(bodies)))
    base = best["decode and parse"]
    return [{"what": name, "ms per page": 1000 * cpu / pages, "ratio to parse": cpu / base} for name, cpu in best.items()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} pages, one round: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = measure(QUICK, 1) if asked.quick else measure(asked.pages, asked.rounds)
    show("Processor time per page of about 75 kB with 141 links", rows, as_json=asked.json)


if __name__ == "__main__":
    main()
