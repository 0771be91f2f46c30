"""A registry's file becomes entities; whatever cannot be used is kept with its reason, and the funnel counts it all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.capture import Entity, Record
from results.addresses import portal_key
from results.entities import changed_entities, write_entities
from results.errors import RegistryError
from results.registry_columns import Unusable, field_of, is_essential, registry_columns
from results.registry_files import SourceRow, SourceTable, read_table
from results.registry_rows import Defaults, evidence_of, read_row
from results.rows import as_json, insert, upsert


class FunnelStep(Record):
    """One step of the funnel: how many rows were left after it, how many ended at it, and why (a code of `[reasons]`)."""

    step: str
    left: int
    removed: int
    reason: str


class ImportReport(Record):
    """What became of one file: `entities` = new + changed + same; `rejected` counts rows by `reasons`.

    `columns` maps every header to the field that it was read as, "" for one that is only kept in the details.
    """

    import_id: int
    file: str
    format: str
    encoding: str
    columns: dict[str, str]
    rows: int
    entities: int
    new: int
    changed: int
    same: int
    rejected: int
    reasons: dict[str, int]
    funnel: tuple[FunnelStep, ...]


@dataclass
class Draft:
    """An entity while its rows are being read: more rows may bring more portals."""

    entity: Entity
    where: str
    portals: dict[str, str]

    def finished(self) -> Entity:
        return self.entity.model_copy(update={"portals": tuple(self.portals.values())})


@dataclass
class Sheet:
    """One file while it is being imported: what became of each row. `endings` are reasons, "" for a row that is usable."""

    endings: Counter[str] = field(default_factory=Counter)
    rejects: list[tuple[SourceRow, Unusable]] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)


def import_registry(db: Database, path: Path, *, source: str = "", country: str = "", level: str = "") -> ImportReport:
    """Import one file: CSV, JSON, JSON Lines, or a list of addresses. One transaction; the second time changes nothing.

    `source` says where the file comes from, for rows that do not say it; `country` and `level` hold where the file has no such
    column (without them they are read from the host, and the level is marked as inferred). A known entity is updated.
    Raises RegistryError, and changes nothing, where the file cannot be read.
    """
    with db.atomic():
        return _import_file(db, path, Defaults(country, level, source), {})


def import_folder(db: Database, folder: Path, *, source: str = "") -> list[ImportReport]:
    """Import every CSV of a folder whose name does not begin with "_", as one registry: no entity comes twice."""
    paths = sorted(path for path in folder.glob("*.csv") if not path.name.startswith("_"))
    if not paths:
        raise RegistryError("no_tables", file=folder)
    drafts: dict[str, Draft] = {}
    with db.atomic():
        return [_import_file(db, path, Defaults(source=source), drafts) for path in paths]


def _import_file(db: Database, path: Path, defaults: Defaults, known: dict[str, Draft]) -> ImportReport:
    table = read_table(path, is_essential)
    sheet = Sheet()
    for row in table.rows:
        try:
            _take(sheet, row, read_row(row, defaults), known, path.name)
        except Unusable as fault:
            sheet.endings[fault.reason] += 1
            sheet.rejects.append((row, fault))
    entities = [draft.finished() for draft in sheet.drafts.values()]
    new, changed = changed_entities(db, entities)
    steps = funnel_steps(len(table.rows), sheet.endings)
    import_id = _note_import(db, path, defaults, table, sheet, (len(new), len(changed), len(entities)))
    insert(db, "import_steps", [_step_row(import_id, position, step) for position, step in enumerate(steps)])
    insert(db, "registry_rejects", [_reject_row(import_id, row, fault) for row, fault in sheet.rejects])
    write_entities(db, [*new, *changed], in_registry=True, import_id=import_id)
    return ImportReport(
        import_id=import_id,
        file=str(path),
        format=table.format,
        encoding=table.encoding,
        columns={column: field_of(column) for column in table.columns},
        rows=len(table.rows),
        entities=len(entities),
        new=len(new),
        changed=len(changed),
        same=len(entities) - len(new) - len(changed),
        rejected=len(sheet.rejects),
        reasons=dict(Counter(fault.reason for _, fault in sheet.rejects).most_common()),
        funnel=tuple(steps),
    )


def _take(sheet: Sheet, row: SourceRow, entity: Entity, known: dict[str, Draft], file: str) -> None:
    """Add a row's entity, or its portals to the entity of an earlier row; raises Unusable for one that says nothing new."""
    portals = {portal_key(url): url for url in entity.portals}
    draft = known.get(entity.id)
    if draft is None:
        draft = known[entity.id] = Draft(entity, f"{file}:{row.line}", portals)
    elif portals.keys() <= draft.portals.keys():
        raise Unusable("duplicate", draft.where)
    else:
        draft.portals |= {key: url for key, url in portals.items() if key not in draft.portals}
    sheet.drafts[entity.id] = draft
    doubt = evidence_of(entity.details)
    sheet.endings[doubt or ("" if portals else "no_url")] += 1


def funnel_steps(rows: int, endings: Counter[str]) -> list[FunnelStep]:
    """The funnel of so many rows, of which `endings` counts by reason those that are not usable for a crawl."""
    steps = []
    for step in registry_columns()["funnel"]:
        removed = endings[step["reason"]] if step["reason"] else 0
        rows -= removed
        steps.append(FunnelStep(step=step["code"], left=rows, removed=removed, reason=step["reason"]))
    return steps


def _note_import(
    db: Database, path: Path, defaults: Defaults, table: SourceTable, sheet: Sheet, counts: tuple[int, int, int]
) -> int:
    new, changed, entities = counts
    upsert(db, "reject_reasons", _reason_rows(), key=("code",))
    row = {
        "file": str(path.resolve()),
        "source": defaults.source,
        "format": table.format,
        "encoding": table.encoding,
        "columns": as_json({column: field_of(column) for column in table.columns}),
        "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows_read": len(table.rows),
        "entities_new": new,
        "entities_changed": changed,
        "entities_same": entities - new - changed,
        "rejected": len(sheet.rejects),
    }
    insert(db, "imports", [row])
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def _reason_rows() -> Iterator[dict[str, str]]:
    for code, reason in registry_columns()["reasons"].items():
        texts = {f"{name}_{language}": reason[name][language] for name in ("text", "remedy") for language in reason[name]}
        yield {"code": code, **texts}


def _step_row(import_id: int, position: int, step: FunnelStep) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "position": position,
        "step": step.step,
        "rows_left": step.left,
        "removed": step.removed,
        "reason": step.reason,
    }


def _reject_row(import_id: int, row: SourceRow, fault: Unusable) -> dict[str, Any]:
    cells: dict[str, Any] = {**row.cells, "": row.surplus} if row.surplus else dict(row.cells)
    return {"import_id": import_id, "line": row.line, "reason": fault.reason, "detail": fault.detail, "row_json": as_json(cells)}
