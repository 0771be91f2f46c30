"""`python -m tests.portals --serve`: serve the town until interrupted, and print where each portal is."""

import argparse
import signal
import threading
from pathlib import Path

from .server import TOWN, Town


def main() -> None:
    """Serve all folders of the town; one line "name<TAB>URL" for each goes to standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.portals", description="The town of fake portals on loopback.")
    parser.add_argument("--serve", action="store_true", required=True, help="serve until interrupted")
    parser.add_argument("--base-port", type=int, default=0, help="first port; the others follow it (default: free ports)")
    parser.add_argument("--town", type=Path, default=TOWN, help="folder with one folder for each portal")
    chosen = parser.parse_args()
    enough = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: enough.set())
    signal.signal(signal.SIGINT, lambda *_: enough.set())
    with Town(chosen.town, chosen.base_port) as town:
        for portal in town.portals.values():
            print(f"{portal.name}\t{portal.url}", flush=True)
        enough.wait()


if __name__ == "__main__":
    main()
