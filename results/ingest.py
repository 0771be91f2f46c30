"""What a worker left on disk becomes rows: whole or not at all, and the second time changes nothing."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from audits.model import Audit, Barrier, Evidence
from crawler.capture import Entity
from results.entities import write_entities
from results.errors import IngestError
from results.rows import as_json, insert, upsert


def record_run(
    db: Database,
    run: str,
    *,
    started_at: datetime,
    finished_at: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
    selection: Any = "",
    rules_digest: str = "",
    program_version: str = "",
    rejudged_from: str = "",
) -> None:
    """Note a run, or bring its row up to date. `settings` and `selection` are kept as JSON."""
    row = {
        "id": run,
        "started_at": started_at.isoformat(),
        "finished_at": finished_at.isoformat() if finished_at else None,
        "settings": as_json(dict(settings or {})),
        "selection": as_json(selection),
        "rules_digest": rules_digest,
        "program_version": program_version,
        "rejudged_from": rejudged_from,
    }
    upsert(db, "runs", [row])


def ingest_run(db: Database, run_dir: Path) -> int:
    """Note the run in `run_dir` and ingest every audit file that it holds; how many files there were.

    The run counts as finished when every selected entity has its file; its end is then the end of the last visit.
    Raises IngestError for a file that is missing or broken; what was ingested before it stays.
    """
    record = _read_json(run_dir / "run.json")
    files = sorted((run_dir / "audits").glob("*.json"))
    _record(db, run_dir, record)
    for file in files:
        try:
            audit = Audit.model_validate_json(file.read_bytes())
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"])) or "JSON"
            raise IngestError("bad_audit", file=file, why=f"{where}: {fault['msg']}") from error
        ingest_audit(db, audit)
    if files and len(files) >= len(record.get("entities", ())):
        finish_run(db, record["id"])
    return len(files)


def finish_run(db: Database, run: str) -> None:
    """Note that a run has all its audits: its end is the end of its last visit."""
    with db.atomic():
        db.execute("UPDATE runs SET finished_at = (SELECT MAX(ended_at) FROM visits WHERE run_id = ?) WHERE id = ?", [run, run])


def _read_json(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise IngestError("bad_run", file=path, why=error) from error
    if not isinstance(record, dict) or not {"id", "started_at"} <= record.keys():
        raise IngestError("bad_run", file=path, why="id, started_at")
    return record


def _record(db: Database, run_dir: Path, record: dict[str, Any]) -> None:
    try:
        started_at = datetime.fromisoformat(record["started_at"])
    except (TypeError, ValueError) as error:
        raise IngestError("bad_run", file=run_dir / "run.json", why=f"started_at: {error}") from error
    chosen = record.get("selection", "")
    record_run(
        db,
        record["id"],
        started_at=started_at,
        settings=record.get("settings", {}),
        selection=chosen,
        rules_digest=record.get("rules_digest", ""),
        program_version=record.get("program_version") or record.get("versions", {}).get("veedor", ""),
        rejudged_from=record.get("rejudged_from", ""),
    )


def ingest_audit(db: Database, audit: Audit) -> bool:
    """Store one audit in one transaction; False when just this audit is there already. A changed audit replaces the old one.

    Raises IngestError when the run or a criterion is unknown: `record_run` and `store_rules` come first.
    """
    digest = "sha256:" + hashlib.sha256(audit.model_dump_json().encode()).hexdigest()
    with db.atomic():
        stored = db.execute(
            "SELECT id, audit_digest FROM visits WHERE run_id = ? AND entity_id = ?", [audit.run, audit.entity.id]
        ).fetchone()
        if stored and stored[1] == digest:
            return False
        _demand_known(db, audit)
        if stored:
            db.execute("DELETE FROM visits WHERE id = ?", [stored[0]])
            for table in ("scores", "indexes"):
                db.execute(f"DELETE FROM {table} WHERE run_id = ? AND entity_id = ?", [audit.run, audit.entity.id])
        _note_entity(db, audit.entity)
        visit_id = _insert_visit(db, audit, digest)
        _insert_findings(db, audit, visit_id)
        insert(db, "candidates", [{"visit_id": visit_id, **candidate.model_dump()} for candidate in audit.candidates])
        insert(db, "barriers", [_barrier_row(visit_id, position, barrier) for position, barrier in enumerate(audit.barriers, 1)])
    return True


def _demand_known(db: Database, audit: Audit) -> None:
    if not db.execute("SELECT 1 FROM runs WHERE id = ?", [audit.run]).fetchone():
        raise IngestError("unknown_run", entity=audit.entity.id, run=audit.run)
    known = {row[0] for row in db.execute("SELECT id FROM criteria")}
    unknown = sorted({finding.criterion for finding in audit.findings} - known)
    if unknown:
        raise IngestError("unknown_criterion", entity=audit.entity.id, criterion=unknown[0])


def _note_entity(db: Database, entity: Entity) -> None:
    """An entity that no registry named is kept as it was audited; the registry's own word is never touched."""
    row = db.execute("SELECT in_registry FROM entities WHERE id = ?", [entity.id]).fetchone()
    if row is None or not row[0]:
        write_entities(db, [entity], in_registry=False)


def _insert_visit(db: Database, audit: Audit, digest: str) -> int:
    row = audit.visit.model_dump(mode="json", exclude={"hosts"}) | {
        "lists": as_json(audit.visit.lists),
        "run_id": audit.run,
        "entity_id": audit.entity.id,
        "reached": int(audit.visit.reached),
        "thorough": int(audit.visit.thorough),
        "warc": audit.warc,
        "rules_digest": audit.rules_digest,
        "program_version": audit.program_version,
        "axe_version": audit.axe_version,
        "browser_version": audit.browser_version,
        "audit_digest": digest,
    }
    insert(db, "visits", [row])
    visit_id = int(db.execute("SELECT last_insert_rowid()").fetchone()[0])
    insert(db, "visit_hosts", [{"visit_id": visit_id, **host.model_dump()} for host in audit.visit.hosts])
    return visit_id


def _insert_findings(db: Database, audit: Audit, visit_id: int) -> None:
    first = int(db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM findings").fetchone()[0])
    findings, proofs = [], []
    for finding_id, finding in enumerate(audit.findings, first):
        findings.append(
            {
                "id": finding_id,
                "visit_id": visit_id,
                "run_id": audit.run,
                "entity_id": audit.entity.id,
                "criterion_id": finding.criterion,
                "aspect": finding.aspect,
                "verdict": finding.verdict.value,
                "reason": finding.reason,
                "depth": finding.depth,
                "newest": finding.newest.isoformat() if finding.newest else None,
                "values_json": as_json(finding.values),
            }
        )
        proofs += [_evidence_row(finding_id, position, proof) for position, proof in enumerate(finding.evidence)]
    insert(db, "findings", findings)
    insert(db, "evidence", proofs)


def _evidence_row(finding_id: int, position: int, proof: Evidence) -> dict[str, Any]:
    return {"finding_id": finding_id, "position": position, **proof.model_dump(mode="json")}


def _barrier_row(visit_id: int, position: int, barrier: Barrier) -> dict[str, Any]:
    example = barrier.example.model_dump(mode="json")
    return {
        "visit_id": visit_id,
        "position": position,
        "criteria": as_json(barrier.criteria),
        "rules": as_json(barrier.rules),
        "pages": len(barrier.pages),
        "elements": barrier.elements,
        "snippet": example.pop("quote"),
        "message": barrier.message,
        "help_url": barrier.help_url,
        "page_urls": as_json(barrier.pages),
        **example,
    }
