"""How much faster old captures are judged again than portals are audited, as a person feels it: by the clock, with all cores.

python -m bench.rejudge [--portals 16] [--pages 60] [--quick] [--json]

The same `veedor` commands that people type, on portals of pages of about 75 kB on loopback. The audit does not pause at all,
which no real one may, so a real audit is slower still.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.measuring import served, show
from bench.site import hosts_of

QUICK = (2, 3)
SETTINGS = "page_budget = {pages}\ndelay_seconds = 0\nbrowser = false\nportals_at_once = 4\nallow_private = {hosts}\n"


def timed(home: Path, *words: str) -> tuple[float, float]:
    """Seconds by the clock, and of processor time, that a `veedor` command takes. Raises RuntimeError where it fails."""
    before, start = os.times(), time.monotonic()
    done = subprocess.run([sys.executable, "-m", "cli", *words, "--home-dir", str(home)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"veedor {' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - start, spent


def measure(portals: int, pages: int) -> list[dict[str, Any]]:
    """One row for the audit, one for judging its captures again."""
    with served(str(pages), str(portals)) as site, tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", urlsplit(site["address"]).port
        hosts = [f"{host}:{port}" for host in hosts_of(portals)]
        settings, table = Path(folder) / "settings.toml", Path(folder) / "portals.csv"
        settings.write_text(SETTINGS.format(pages=pages, hosts=json.dumps(hosts)), encoding="utf-8")
        rows = "".join(f"town-{at},Town {at},PE,local,es,http://{host}/\n" for at, host in enumerate(hosts))
        table.write_text("id,name,country,level,languages,url\n" + rows, encoding="utf-8")
        timed(home, "registry", "import", str(table))
        live = timed(home, "audit", "--country", "PE", "--settings", str(settings))
        captures = list(home.glob("runs/*/captures/*.json"))
        read = sum(json.loads(capture.read_bytes())["visit"]["pages"] for capture in captures)
        again = timed(home, "rejudge", captures[0].parent.parent.name)
    names = ("veedor audit", "veedor rejudge")
    return [
        {
            "command": name,
            "pages": read,
            "ms per page by the clock": 1000 * clock / read,
            "ratio": clock / live[0],
            "ms per page of processors": 1000 * spent / read,
        }
        for name, (clock, spent) in zip(names, (live, again), strict=True)
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portals", type=int, default=16)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--quick", action="store_true", help="two small portals: shows that it works, measures little")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    portals, pages = QUICK if asked.quick else (asked.portals, asked.pages)
    show("An audit and judging it again", measure(portals, pages), as_json=asked.json)


if __name__ == "__main__":
    main()
