"""The registry, read: whom to visit, who is who, what each step of an import removed, and what is doubtful."""

import ipaddress
import json
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Literal
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.capture import Entity, Level, Record
from results.addresses import portal_key
from results.entities import read_entities
from results.registry_import import FunnelStep
from results.registry_rows import INFERRED, MARK
from results.rows import as_json

PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""Names that no public resolver knows (RFC 6761, RFC 6762, RFC 8375, and what ICANN keeps for private use)."""


class Problem(Record):
    """Something doubtful in the registry. `entities` are ids, `detail` the address or id in question."""

    kind: Literal["no_portal", "shared_portal", "inferred_level", "missing_successor", "private_host"]
    entities: tuple[str, ...]
    detail: str = ""


class EntityPage(Record):
    """One page of a list: `total` counts all that match, not only those on the page."""

    entities: tuple[Entity, ...]
    total: int
    offset: int


def select_entities(
    db: Database,
    countries: Collection[str] = (),
    levels: Collection[Level | str] = (),
    ids: Collection[str] = (),
    *,
    on: date | None = None,
    without_portal: bool = False,
) -> list[Entity]:
    """The entities to visit, by country, level and name: those of the registry that exist on the day `on` (today).

    Retired ones and those without a portal of their own are left out, unless `ids` names them (or `without_portal` asks for the
    latter). Nothing given means all. Ids that the registry does not know are simply not among the answer.
    """
    day = (on or datetime.now(UTC).date()).isoformat()
    tests, args = _filters(countries, levels)
    if ids:
        named = "id IN (SELECT value FROM json_each(?))"
        return read_entities(
            db, f"SELECT * FROM entities WHERE {named} {_and(tests)} ORDER BY {_ORDER}", [as_json(list(ids)), *args]
        )
    tests += ["in_registry = 1", "succeeded_by = ''"]
    tests += ["(valid_from IS NULL OR valid_from <= ?)", "(valid_to IS NULL OR valid_to >= ?)"]
    if not without_portal:
        tests.append("EXISTS (SELECT 1 FROM portals WHERE entity_id = entities.id)")
    return read_entities(db, f"SELECT * FROM entities WHERE 1 {_and(tests)} ORDER BY {_ORDER}", [*args, day, day])


_ORDER = "country, level, name, id"


def _filters(countries: Collection[str], levels: Collection[Level | str]) -> tuple[list[str], list[str]]:
    tests: list[str] = []
    args: list[str] = []
    for column, wanted in (("country", [code.upper() for code in countries]), ("level", [str(level) for level in levels])):
        if wanted:
            tests.append(f"{column} IN ({', '.join('?' for _ in wanted)})")
            args += wanted
    return tests, args


def _and(tests: Iterable[str]) -> str:
    return "".join(f" AND {test}" for test in tests)


def get_entity(db: Database, entity_id: str) -> Entity | None:
    """One entity, also one that was only audited; None where nobody knows it."""
    return next(iter(read_entities(db, "SELECT * FROM entities WHERE id = ?", [entity_id])), None)


def list_entities(
    db: Database,
    countries: Collection[str] = (),
    levels: Collection[Level | str] = (),
    *,
    words: str = "",
    limit: int = 50,
    offset: int = 0,
) -> EntityPage:
    """A page of the registry by country, level and name; each of `words` must stand in the name or the id."""
    tests, args = _filters(countries, levels)
    tests.append("in_registry = 1")
    for word in words.split():
        tests.append("(name LIKE ? OR id LIKE ?)")
        args += [f"%{word}%", f"%{word}%"]
    where = f"FROM entities WHERE 1 {_and(tests)}"
    total = db.execute(f"SELECT COUNT(*) {where}", args).fetchone()[0]
    found = read_entities(db, f"SELECT * {where} ORDER BY {_ORDER} LIMIT ? OFFSET ?", [*args, limit, offset])
    return EntityPage(entities=tuple(found), total=total, offset=offset)


def funnel(db: Database, import_id: int | None = None) -> list[FunnelStep]:
    """What each step removed in one import, or (None) in the latest import of every file together; empty without any."""
    which = "import_id = ?" if import_id is not None else "import_id IN (SELECT MAX(id) FROM imports GROUP BY file)"
    query = f"""SELECT step, SUM(rows_left) AS left, SUM(removed) AS removed, reason FROM import_steps
        WHERE {which} GROUP BY position, step, reason ORDER BY position"""
    return [FunnelStep.model_validate(row) for row in db.query(query, [] if import_id is None else [import_id])]


def check(db: Database) -> list[Problem]:
    """All that is doubtful in the registry, kind by kind."""
    entities = read_entities(db, f"SELECT * FROM entities WHERE in_registry = 1 ORDER BY {_ORDER}")
    ids = {entity.id for entity in entities}
    problems = [Problem(kind="no_portal", entities=(entity.id,)) for entity in entities if not entity.portals]
    problems += _shared(entities)
    problems += [
        Problem(kind="inferred_level", entities=(entity.id,), detail=entity.level)
        for entity in entities
        if entity.details.get(MARK) == INFERRED
    ]
    problems += [
        Problem(kind="missing_successor", entities=(entity.id,), detail=entity.succeeded_by)
        for entity in entities
        if entity.succeeded_by and entity.succeeded_by not in ids
    ]
    return problems + [
        Problem(kind="private_host", entities=(entity.id,), detail=url)
        for entity in entities
        for url in entity.portals
        if is_private(urlsplit(url).hostname or "")
    ]


def _shared(entities: Iterable[Entity]) -> list[Problem]:
    owners: dict[str, dict[str, str]] = {}
    for entity in entities:
        for url in entity.portals:
            owners.setdefault(portal_key(url), {})[entity.id] = url
    shared = (found for found in owners.values() if len(found) > 1)
    return [Problem(kind="shared_portal", entities=tuple(found), detail=next(iter(found.values()))) for found in shared]


def shared_hosts(db: Database, ids: Iterable[str]) -> tuple[str, ...]:
    """Hosts of these entities on which the registry knows a portal of another entity too ("www.gob.example/one", "…/other")."""
    query = """WITH places AS (SELECT entity_id, IIF(host LIKE 'www.%', SUBSTR(host, 5), host) AS host FROM portals)
        SELECT host FROM places
        WHERE host IN (SELECT host FROM places WHERE entity_id IN (SELECT value FROM json_each(?)))
        GROUP BY host HAVING COUNT(DISTINCT entity_id) > 1 ORDER BY host"""
    return tuple(row["host"] for row in db.query(query, [json.dumps(list(ids))]))


def is_private(host: str) -> bool:
    """Whether a host, by its name alone, is not on the public internet."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_ENDINGS)
