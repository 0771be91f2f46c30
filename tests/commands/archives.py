"""Web archives made of the pages of the demonstration town, and what two databases have in common."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import sqlite_utils
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.portals.dates import fill_dates

TOWN = Path(__file__).resolve().parents[1] / "portals" / "town"
BODIES = ("pampa-del-sauce", "junta-cerro-pintado", "vale-das-garcas", "quebrada-alta")
DAY = date(2026, 3, 1)
CAPTURED = "2026-03-01T12:00:00Z"
HEADINGS = ("entity_id", "entity_name", "country", "level", "languages", "url", "capture")


def write_archive(path: Path, pages: dict[str, bytes], date: str = CAPTURED) -> Path:
    """A WARC with these pages, by URL."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in pages.items():
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            named = {"WARC-Date": date}
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=headers, warc_headers_dict=named
            )
            writer.write_record(record)
    return path


def pages_of(body: str, home: str) -> dict[str, bytes]:
    """The HTML pages of one body of the town below the address of its home."""
    files = sorted((TOWN / body).glob("*.html"))
    return {f"{home}{'' if file.name == 'index.html' else file.name}": fill_dates(file.read_bytes(), DAY) for file in files}


def write_table(folder: Path, rows: list[tuple[str, str, Path]]) -> Path:
    """A table of portals for `--portals`: id, address and archive of each."""
    table = folder / "portals.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows((name, name, "PE", "local", "es", url, archive.name) for name, url, archive in rows)
    return table


def write_portals(folder: Path, count: int) -> Path:
    """A table of `count` portals, each with its archive; the last two share one host, each in a folder of its own."""
    rows = []
    for number in range(count):
        name, shared = f"pe-{number:02}", number >= count - 2
        home = f"http://www.juntos.gob.pe/{name}/" if shared else f"http://www.muni{number:02}.gob.pe/"
        pages = pages_of(BODIES[number % len(BODIES)], home)
        if shared:
            other = f"http://www.juntos.gob.pe/pe-{2 * count - 3 - number:02}/"
            links = "".join(f'<a href="{other}{page}.html">{page}</a> ' for page in ("contacto", "transparencia"))
            pages[home] = pages[home].replace(b"</body>", f"{links}</body>".encode())
        rows.append((name, home, write_archive(folder / f"{name}.warc.gz", pages)))
    return write_table(folder, rows)


CLOCK = {"started_at", "ended_at", "finished_at", "audit_digest"}
"""Columns that cannot be equal: moments at which we were at work, and the digest of a file in which they stand."""
NUMBERS = {"id", "run_id"}
"""Ids that count rows in the order in which portals happened to be finished, and the run's, which is the second it began."""
COUNTS = {"requests", "bytes", "failures"}
"""What was asked of a host to which several portals lead: its robots.txt is asked for once by each process, and counted for the
visit that happened to come first. Totals of visits hold it too; they are the sums of what is compared host by host."""
NAMES = {"criteria", "frameworks", "items", "entities", "countries", "reject_reasons"}
"""Tables whose ids are names: they must be equal."""


def contents(database: Path) -> dict[str, list[str]]:
    """All rows of all tables as text without what cannot be equal; a reference to a numbered row becomes that row's name."""
    db = sqlite_utils.Database(database)
    try:
        visits = {row["id"]: row["entity_id"] for row in db.query("SELECT id, entity_id FROM visits")}
        findings = {
            row["id"]: f"{row['entity_id']}.{row['criterion_id']}.{row['aspect']}" for row in db.query("SELECT * FROM findings")
        }
        named = {"visit_id": visits, "finding_id": findings}
        several = {row["host"] for row in db.query("SELECT host FROM visit_hosts GROUP BY host HAVING COUNT(*) > 1")}
        found: dict[str, list[str]] = {}
        for table in sorted(set(db.table_names()) - {"_sqlite_migrations"}):
            left_out = CLOCK | (NUMBERS - ({"id"} if table in NAMES else set()))
            told = []
            for row in db.query(f"SELECT * FROM {table}"):
                shared = table == "visits" or (table == "visit_hosts" and row["host"] in several)
                kept = {key: row[key] for key in row if key not in left_out | (COUNTS if shared else set())}
                told.append({key: named[key][value] if key in named else value for key, value in kept.items()})
            found[table] = sorted(json.dumps(row, sort_keys=True) for row in told)
        return found
    finally:
        db.close()
