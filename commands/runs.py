"""Runs on disk: start one, continue one, list them.

A run is finished when every selected entity has its audit file; nothing else records progress, so a kill at any
moment leaves a run that can be continued.
"""

import fcntl
import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from commands.errors import UserError
from commands.home import Home, write_whole
from crawler.capture import Entity, Record
from crawler.settings import CrawlSettings


class RunRecord(Record):
    """`run.json`: what was asked, of whom, under which rules, by which versions.

    `selection` says for people how the entities were chosen ("PE, local"); `fingerprint` is a digest of entities with their
    portals, settings and rules: two commands with the same fingerprint mean the same run.
    """

    id: str
    started_at: datetime
    selection: str
    entities: tuple[str, ...]
    settings: CrawlSettings
    rules_digest: str
    versions: dict[str, str]
    fingerprint: str


@dataclass(frozen=True)
class Run:
    """One run's folder and its record."""

    folder: Path
    record: RunRecord

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    def audit_file(self, entity_id: str) -> Path:
        """Where the audit of this entity stands once it is finished."""
        return self.folder / "audits" / f"{entity_id}.json"

    def finished(self) -> list[str]:
        """Ids of the entities that have their audit file, in the order of the selection."""
        present = {path.name for path in (self.folder / "audits").glob("*.json")}
        return [entity_id for entity_id in self.record.entities if f"{entity_id}.json" in present]

    @property
    def complete(self) -> bool:
        return len(self.finished()) == len(self.record.entities)


def fingerprint(entities: Sequence[Entity], settings: CrawlSettings, rules_digest: str) -> str:
    """What makes two runs the same: whom they visit, how, and by which rules."""
    whom = sorted((entity.id, entity.portals) for entity in entities)
    kept = settings.model_dump(mode="json", exclude={"portals_at_once"})
    return hashlib.sha256(json.dumps([whom, kept, rules_digest], sort_keys=True).encode()).hexdigest()


def all_runs(home: Home) -> list[Run]:
    """Every run of this home, newest first."""
    files = sorted(home.runs.glob("*/run.json"), reverse=True) if home.runs.is_dir() else []
    return [_read(path) for path in files]


def _read(path: Path) -> Run:
    try:
        return Run(path.parent, RunRecord.model_validate_json(path.read_bytes()))
    except ValidationError as error:
        raise UserError("broken_file", path=path, why=_first_fault(error)) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}"


def unfinished_twin(home: Home, mark: str, scored: Collection[str]) -> Run | None:
    """The newest run with this fingerprint that has an audit file to make, or whose files are not yet scored in the database."""
    twins = (run for run in all_runs(home) if run.record.fingerprint == mark)
    return next((run for run in twins if not run.complete or run.record.id not in scored), None)


def start(home: Home, record: RunRecord) -> Run:
    """Make the folder of a new run. The id in the record is only a wish: a taken one gets a number behind it."""
    number = 1
    while True:
        run_id = record.id if number == 1 else f"{record.id}-{number}"
        folder = home.runs / run_id
        try:
            folder.mkdir()
            break
        except FileExistsError:
            number += 1
    (folder / "audits").mkdir()
    (folder / "evidence").mkdir()
    named = record.model_copy(update={"id": run_id})
    write_whole(folder / "run.json", named.model_dump_json(indent=1))
    return Run(folder, named)


def new_id(now: datetime | None = None) -> str:
    """A run's id: the second in which it began, in UTC, so that ids sort by time."""
    return (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Hold the run for this process: a second one that wants to work on it is told so. A killed holder lets go by itself."""
    with (run.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UserError("run_busy", run=run.record.id) from error
        yield
