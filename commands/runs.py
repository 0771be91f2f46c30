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
from typing import TypeVar

from pydantic import ValidationError

from audits.model import Audit
from commands import store
from commands.errors import UserError
from commands.home import Home, write_whole
from crawler.capture import CaptureRecord, Entity, Record
from crawler.settings import CrawlSettings


class RunRecord(Record):
    """`run.json`: what was asked, of whom, under which rules, by which versions.

    `selection` says for people how the entities were chosen ("PE, local"); `fingerprint` is a digest of entities with their
    portals, settings and rules: two commands with the same fingerprint mean the same run. `rejudged_from` is the run whose
    captures this one judges anew, "" for a run that visits portals; `started_at` is then that of the visits it speaks of.
    """

    id: str
    started_at: datetime
    selection: str
    entities: tuple[str, ...]
    settings: CrawlSettings
    rules_digest: str
    versions: dict[str, str]
    fingerprint: str
    rejudged_from: str = ""


@dataclass(frozen=True)
class Run:
    """One run's folder and its record. What stands in the folder says docs/architecture.md."""

    folder: Path
    record: RunRecord

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    def audit_file(self, entity_id: str) -> Path:
        """Where the audit of this entity stands once it is finished."""
        return self.folder / "audits" / f"{entity_id}.json"

    def capture_file(self, entity_id: str) -> Path:
        """Where stands what the visit of this entity leaves beside its WARC. A run that judged anew has none of its own."""
        return self.folder / "captures" / f"{entity_id}.json"

    def entities(self) -> tuple[Entity, ...]:
        """Whom the run visits, whole, in the order of the selection. Raises UserError for a file that is missing or damaged."""
        path = self.folder / "entities.jsonl"
        if not path.is_file():
            raise UserError("no_entities", run=self.record.id, file=path)
        with path.open("rb") as lines:
            return tuple(_parsed(Entity, line, path, number) for number, line in enumerate(lines, 1))

    def audit(self, entity_id: str) -> Audit:
        """The finished audit of one entity. Raises UserError for a damaged file, OSError where there is none."""
        path = self.audit_file(entity_id)
        return _parsed(Audit, path.read_bytes(), path)

    def capture(self, entity_id: str) -> CaptureRecord:
        """What the visit of one entity left. Raises UserError for a damaged file, OSError where there is none."""
        path = self.capture_file(entity_id)
        return _parsed(CaptureRecord, path.read_bytes(), path)

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


def find_run(home: Home, run_id: str) -> Run:
    """The run with this id, or one sentence that says what may have been meant."""
    path = home.runs / run_id / "run.json"
    if not run_id or Path(run_id).name != run_id or not path.is_file():
        known = [file.parent.name for file in home.runs.glob("*/run.json")]
        raise UserError("unknown_run", run=run_id, near=store.near(run_id, known, inside=True))
    return _read(path)


def origin(home: Home, run: Run) -> Run:
    """The run that visited the portals: the run itself, or the one at the beginning of those that judged its captures anew."""
    while run.record.rejudged_from:
        run = find_run(home, run.record.rejudged_from)
    return run


def _read(path: Path) -> Run:
    return Run(path.parent, _parsed(RunRecord, path.read_bytes(), path))


R = TypeVar("R", bound=Record)


def _parsed(kind: type[R], text: bytes, path: Path, line: int = 0) -> R:
    """A record from a file (a line of it). Raises UserError that names the file, the line and the fault."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        why = f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}"
        raise UserError("broken_file", path=f"{path}:{line}" if line else path, why=why) from error


def is_unfinished(run: Run, scored: Collection[str]) -> bool:
    """Whether the run has an audit file to make, or its files are not yet scored in the database."""
    return not run.complete or run.record.id not in scored


def unfinished_twin(home: Home, mark: str, scored: Collection[str]) -> Run | None:
    """The newest unfinished run with this fingerprint."""
    twins = (run for run in all_runs(home) if run.record.fingerprint == mark)
    return next((run for run in twins if is_unfinished(run, scored)), None)


def start(home: Home, record: RunRecord, entities: Sequence[Entity]) -> Run:
    """Make the folder of a new run; `run.json` comes last, so that a run that is there has all it needs to be resumed.

    The id in the record is only a wish: a taken one gets a number behind it.
    """
    number = 1
    while True:
        run_id = record.id if number == 1 else f"{record.id}-{number}"
        folder = home.runs / run_id
        try:
            folder.mkdir()
            break
        except FileExistsError:
            number += 1
    for name in ("audits", "captures", "evidence"):
        (folder / name).mkdir()
    write_whole(folder / "entities.jsonl", "".join(f"{entity.model_dump_json()}\n" for entity in entities))
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
