"""Entities as rows and back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.capture import Entity
from results.rows import as_json, insert, upsert

_PORTALS = "SELECT entity_id, url FROM portals WHERE entity_id IN (SELECT value FROM json_each(?)) ORDER BY entity_id, position"


def write_entities(db: Database, entities: Sequence[Entity], *, in_registry: bool, import_id: int | None = None) -> None:
    """Write entities with their portals over what stands there. The caller holds the transaction."""
    upsert(db, "entities", [_row(entity) | {"in_registry": int(in_registry), "import_id": import_id} for entity in entities])
    db.conn.executemany("DELETE FROM portals WHERE entity_id = ?", [(entity.id,) for entity in entities])
    insert(db, "portals", [row for entity in entities for row in _portal_rows(entity)])


def changed_entities(db: Database, entities: Sequence[Entity]) -> tuple[list[Entity], list[Entity]]:
    """Those of `entities` that the registry does not hold yet, and those that it holds otherwise."""
    ids = as_json([entity.id for entity in entities])
    query = "SELECT * FROM entities WHERE in_registry = 1 AND id IN (SELECT value FROM json_each(?))"
    stored = {entity.id: entity for entity in read_entities(db, query, [ids])}
    new = [entity for entity in entities if entity.id not in stored]
    return new, [entity for entity in entities if entity.id in stored and stored[entity.id] != entity]


def read_entities(db: Database, query: str, args: Sequence[Any] = ()) -> list[Entity]:
    """The entities that a query on the table `entities` selects, in its order, with their portals."""
    rows = list(db.query(query, list(args)))
    portals: dict[str, list[str]] = {}
    for row in db.query(_PORTALS, [as_json([row["id"] for row in rows])]):
        portals.setdefault(row["entity_id"], []).append(row["url"])
    return [_entity(row, portals.get(row["id"], ())) for row in rows]


def _row(entity: Entity) -> dict[str, Any]:
    row = entity.model_dump(mode="json", exclude={"portals"})
    return row | {"languages": as_json(list(entity.languages)), "details": as_json(entity.details)}


def _portal_rows(entity: Entity) -> Iterator[dict[str, Any]]:
    for position, url in enumerate(entity.portals):
        yield {"entity_id": entity.id, "position": position, "url": url, "host": urlsplit(url).hostname or ""}


def _entity(row: dict[str, Any], portals: Iterable[str]) -> Entity:
    kept = {name: row[name] for name in Entity.model_fields if name in row}
    return Entity.model_validate(
        {**kept, "languages": json.loads(row["languages"]), "details": json.loads(row["details"]), "portals": tuple(portals)}
    )
