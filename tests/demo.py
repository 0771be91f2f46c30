"""`python -m tests.demo` (`make demo`): the whole way through on the bundled portals, with the commands a person would type."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.portals.demonstration import prepare, write_registry
from tests.portals.server import Town

FOLDER = Path(__file__).resolve().parent.parent / "demo-data"
SCORED = "PE"


def veedor(*arguments: str) -> None:
    """Show the command, run it, and stop where it fails."""
    print(f"\n$ veedor {' '.join(arguments)}", flush=True)
    environment = {**os.environ, "VEEDOR_HOME": str(FOLDER)}
    done = subprocess.run([sys.executable, "-m", "cli", *arguments], env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Registry in, crawl, verdicts, scores, site; each run of the demonstration begins from nothing."""
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    FOLDER.mkdir()
    with Town() as town:
        prepare(town)
        registry = write_registry(town, FOLDER / "registry.csv")
        veedor("registry", "import", os.path.relpath(registry))
        countries = [part for country in ("PE", "BR", "JM", "UY") for part in ("--country", country)]
        veedor("audit", *countries, "--allow-private", "127.0.0.1", "--contact", "https://veedor.example/", "--at-once", "10")
    veedor("publish", os.path.relpath(FOLDER / "site"))
    veedor("score", SCORED)
    print(f"\nSite: {FOLDER / 'site' / 'index.html'}")


if __name__ == "__main__":
    main()
