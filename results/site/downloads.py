"""The figures of a run as CSV files, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell as a formula (OWASP, CSV injection)."""

FINDINGS = """SELECT f.run_id AS run, e.country, e.level, f.entity_id, e.name AS entity, f.criterion_id AS criterion, f.aspect,
    f.verdict, f.reason, f.depth, f.newest, p.url AS proof_url, p.quote AS proof_quote, p.captured_at AS proof_captured_at,
    p.record_id AS proof_record, p.digest AS proof_digest, v.warc
    FROM findings f JOIN entities e ON e.id = f.entity_id JOIN visits v ON v.id = f.visit_id
    LEFT JOIN evidence p ON p.finding_id = f.id AND p.position = 0
    WHERE f.run_id = ? AND e.country = ? ORDER BY e.level, e.name, e.id, f.id"""

SCORES = """SELECT s.run_id AS run, e.country, e.level, s.entity_id, e.name AS entity, i.framework_id AS framework,
    i.code AS item, s.value, s.coverage, s.lower, s.upper, s.rated, s.complies, s.passed, s.failed, s.unknown, s.inapplicable,
    s.provisional
    FROM scores s JOIN entities e ON e.id = s.entity_id JOIN items i ON i.id = s.item_id
    WHERE s.run_id = ? AND e.country = ? ORDER BY e.level, e.name, e.id, i.framework_id, i.position"""

SCORECARDS = """SELECT k.run_id AS run, k.country, i.framework_id AS framework, i.code AS item, k.level, k.entities, k.rated,
    k.comply, k.not_comply, k.open, k.coverage,
    k.share, k.interval_low, k.interval_high, k.bound_low, k.bound_high, k.target, k.baseline,
    k.double_target, k.target_verdict, k.double_verdict, k.verdict,
    (SELECT COUNT(DISTINCT c.id) FROM item_references r JOIN criteria c ON c.id = r.criterion_id
        WHERE r.item_id = k.item_id AND c.status = 'provisional') AS provisional
    FROM scorecards k JOIN items i ON i.id = k.item_id
    WHERE k.run_id = ? AND k.country = ? ORDER BY i.framework_id, i.position, k.id"""

INDEXES = """SELECT x.run_id AS run, e.country, e.level, x.entity_id, e.name AS entity, x.framework_id AS framework, f.kind,
    x.value, x.lower, x.upper, x.coverage, x.rated, x.band, x.band_lower, x.band_upper, x.passed, x.failed, x.unknown,
    x.unmeasured, x.provisional
    FROM indexes x JOIN entities e ON e.id = x.entity_id JOIN frameworks f ON f.id = x.framework_id
    WHERE x.run_id = ? AND e.country = ? ORDER BY f.kind DESC, f.id, e.level, e.name, e.id"""

VISITS = """SELECT v.run_id AS run, e.country, e.level, v.entity_id, e.name AS entity, v.reason, v.reached, v.thorough,
    v.started_at, v.ended_at, v.pages, v.documents, v.requests, v.failures, v.left_over, v.bytes, v.rules_digest,
    v.program_version,
    v.axe_version, v.browser_version, v.warc
    FROM visits v JOIN entities e ON e.id = v.entity_id WHERE v.run_id = ? AND e.country = ? ORDER BY e.level, e.name, e.id"""

TABLES = {"scorecards": SCORECARDS, "scores": SCORES, "indexes": INDEXES, "findings": FINDINGS, "visits": VISITS}


class Download(NamedTuple):
    """One file for researchers: which table of which country and run, its name, rows and size in bytes."""

    table: str
    country: str
    run: str
    name: str
    rows: int
    size: int


def safe_cell(value: object) -> object:
    """A text that a spreadsheet would run gets an apostrophe in front; numbers and other texts stay as they are."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value


def write_downloads(db: Database, run: str, country: str, folder: Path) -> list[Download]:
    """Write the tables of one country in one run (UTF-8, comma, a header row) and say what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for table, query in TABLES.items():
        path = folder / f"{country.lower()}-{table}.csv"
        cursor = db.execute(query, [run, country])
        rows = _write(path, [column[0] for column in cursor.description], cursor)
        done.append(Download(table, country, run, path.name, rows, path.stat().st_size))
    return done


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row])
            count += 1
    return count
