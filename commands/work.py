"""What every run does around its audits, whether it visits portals or judges old captures anew."""

import platform
from importlib.metadata import version
from pathlib import Path

from sqlite_utils import Database

from audits.catalog import Catalog
from commands.home import write_whole
from commands.making import program_version
from commands.runs import Run
from results.ingest import finish_run, ingest_run
from results.rules import store_rules
from results.scores import score_run


def bring_in(run: Run, catalog: Catalog, db: Database) -> None:
    """Store the rules, and what an earlier, killed process wrote but did not ingest."""
    store_rules(db, list(catalog.criteria.values()), list(catalog.frameworks.values()))
    ingest_run(db, run.folder)


def conclude(run: Run, catalog: Catalog, db: Database) -> None:
    """Score the run. Raises KeyboardInterrupt where audits are still to be made: the work was cut off."""
    if run.complete:
        finish_run(db, run.record.id)
    score_run(db, run.record.id, list(catalog.frameworks.values()), list(catalog.criteria.values()))
    if not run.complete:
        raise KeyboardInterrupt


def keep_file(path: Path, text: str) -> None:
    """Write one file of a run whole, and the folder for it where an older run has none."""
    path.parent.mkdir(exist_ok=True)
    write_whole(path, text)


def versions() -> dict[str, str]:
    """Which program made a run, for whoever repeats it."""
    return {"veedor": program_version(), "python": platform.python_version(), "scrapy": version("scrapy")}
