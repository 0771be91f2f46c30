"""`veedor rejudge`: old captures under today's rules, without any request, as a run of its own."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from audits.catalog import Catalog
from audits.model import Audit
from commands import store
from commands.changes import tell_changes
from commands.display import notice
from commands.errors import UserError
from commands.home import Home
from commands.judging import Limits, Task, in_order
from commands.making import program_version
from commands.progress import Watch
from commands.runs import Run, RunRecord, all_runs, alone, find_run, is_unfinished, new_id, origin, start
from commands.wording import say
from commands.work import bring_in, conclude, keep_file, versions
from results.ingest import ingest_audit
from results.queries import scored_runs


def rejudge_run(home_dir: Path, run_id: str, against: str = "", *, as_json: bool = False) -> None:
    """Judge the captures of a run under today's rules and print what changed, and whether the rule or the portal did.

    `against` is a newer run; "" the newest that visited some of the same entities later, if any. Raises UserError for a run
    that cannot be found or has no captures.
    """
    home, db = store.open_home(home_dir)
    catalog = store.rules()
    old = find_run(home, run_id)
    newer = find_run(home, against) if against else None
    if newer and origin(home, newer) == origin(home, old):
        raise UserError("same_captures", run=old.record.id, against=newer.record.id)
    today = under_todays_rules(home, old, catalog, db)
    tell(home, today, catalog, db, newer, as_json=as_json)


def tell(home: Home, today: Run, catalog: Catalog, db: Database, newer: Run | None = None, *, as_json: bool = False) -> None:
    """Print what changed between a run, its captures as the run `today` judged them, and a newer run, judged alike."""
    old = find_run(home, today.record.rejudged_from)
    newer = newer or newest_later(home, old)
    if newer and newer.record.rules_digest != catalog.digest:
        newer = under_todays_rules(home, newer, catalog, db)
    tell_changes(old, today, newer, catalog, as_json=as_json)


def newest_later(home: Home, old: Run) -> Run | None:
    """The newest run that visited some of the same entities later and left its captures; None where there is none."""
    whom = set(old.record.entities)
    later = [run for run in all_runs(home) if not run.record.rejudged_from and run.record.started_at > old.record.started_at]
    later.sort(key=lambda run: (run.record.started_at, run.record.id), reverse=True)
    return next((run for run in later if whom & set(judgeable(home, run))), None)


def judgeable(home: Home, run: Run) -> list[str]:
    """Ids of the entities that have an audit in this run, and a capture from which it can be made anew."""
    captures = {path.name for path in origin(home, run).capture_file("any").parent.glob("*.json")}
    return [entity_id for entity_id in run.finished() if f"{entity_id}.json" in captures]


def under_todays_rules(home: Home, old: Run, catalog: Catalog, db: Database) -> Run:
    """The run that judges the captures of `old` under today's rules: one that did so before, or a new one."""
    entities = judgeable(home, old)
    if not entities:
        raise UserError("no_captures", run=old.record.id)
    mark = fingerprint_of(old, entities, catalog)
    run = next((run for run in all_runs(home) if run.record.fingerprint == mark), None)
    if run and not is_unfinished(run, scored_runs(db)):
        notice(say("rejudge.known", run=old.record.id, anew=run.record.id))
        return run
    run = run or begin(home, old, entities, mark, catalog)
    notice(say("rejudge.begun", run=old.record.id, anew=run.record.id, total=len(entities)))
    with alone(run):
        Rejudging(home, run, catalog, db).do()
    return run


def fingerprint_of(old: Run, entities: Sequence[str], catalog: Catalog) -> str:
    """What makes two judgements of old captures the same: which ones, by which rules and which program."""
    parts = ["rejudge", old.record.id, sorted(entities), catalog.digest, program_version()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def begin(home: Home, old: Run, entities: Sequence[str], mark: str, catalog: Catalog) -> Run:
    """A new run for the captures of these entities. It started when their portals were visited: of that time it speaks."""
    chosen = set(entities)
    record = RunRecord(
        id=new_id(),
        started_at=old.record.started_at,
        selection=old.record.selection,
        entities=tuple(entities),
        settings=old.record.settings,
        rules_digest=catalog.digest,
        versions=versions(),
        fingerprint=mark,
        rejudged_from=old.record.id,
    )
    return start(home, record, [entity for entity in old.entities() if entity.id in chosen])


class Rejudging:
    """Judges what is left of a run that judges old captures."""

    def __init__(self, home: Home, run: Run, catalog: Catalog, db: Database) -> None:
        self.run, self.catalog, self.db = run, catalog, db
        finished, source = set(run.finished()), origin(home, run)
        left = [entity_id for entity_id in run.record.entities if entity_id not in finished]
        self.tasks = [Task(run.record.id, run.folder, source.capture_file(one), source.folder) for one in left]
        self.watch = Watch(len(run.record.entities), len(finished), run.record.settings.page_budget)

    def do(self) -> None:
        """Judge all that is left, keep each audit whole, and score the run."""
        bring_in(self.run, self.catalog, self.db)
        settings = self.run.record.settings
        with self.watch:
            for text in in_order(self.tasks, Limits(settings.visit_seconds, settings.reader_bytes)):
                audit = Audit.model_validate_json(text)
                keep_file(self.run.audit_file(audit.entity.id), text)
                ingest_audit(self.db, audit)
                self.watch.done(audit)
        conclude(self.run, self.catalog, self.db)
