"""Whom an audit visits: single URLs, the registry, web archives, or a table of portals with their archives."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from audits.catalog import Catalog
from commands.errors import UserError
from crawler.archive import Archive
from crawler.capture import Entity, Level

COLUMNS = ("entity_id", "entity_name", "country", "level", "languages", "url", "capture")
PRESENT_AS = {"UK": "GB"}
"""Top-level domains of countries that are not their ISO 3166 code."""


@dataclass(frozen=True)
class Selection:
    """Entities to visit, the archives that stand in for the network (none: the network), and a name of it for people."""

    entities: tuple[Entity, ...]
    name: str
    archives: tuple[Path, ...] = ()
    shared_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdHoc:
    """What a person said of portals that no registry knows; "" means to be guessed from the host."""

    country: str = ""
    level: Level = Level.LOCAL


def country_of(host: str) -> str:
    """The ISO country that the end of a host name tells ("muni.gob.pe" → "PE"), or "".

    A reserved ending (`.example`, `.test`, RFC 2606) hides the real one before it.
    """
    labels = [label for label in host.rstrip(".").split(".") if label]
    if labels and labels[-1] in ("example", "test"):
        labels.pop()
    last = labels[-1].upper() if len(labels) > 0 else ""
    return PRESENT_AS.get(last, last) if re.fullmatch(r"[A-Z]{2}", last) else ""


def name_of(url: str) -> str:
    """A portal's id from its address: host, port and path, as far as an id may hold them."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    rough = "-".join(part for part in (host, str(parts.port or ""), parts.path.strip("/")) if part)
    return re.sub(r"[^a-z0-9._-]+", "-", rough.lower()).strip("-._")[:100]


def entity_of(url: str, said: AdHoc, catalog: Catalog, *, where: str = "", whole_host: bool = False) -> Entity:
    """An entity for a portal that no registry knows.

    `where` is the file it came from. `whole_host` says that the portal is all of its host, whatever page `url` is.
    """
    full = url.strip() if "://" in url else f"https://{url.strip()}"
    try:
        parts = urlsplit(full)
        host = parts.hostname or ""
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    if not port_is_fine or parts.scheme not in ("http", "https") or not re.fullmatch(r"[^\s%]+", host):
        raise UserError("not_a_url", url=url)
    country = (said.country or country_of(host)).upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise UserError("country_unknown", url=where or url)
    known = catalog.countries.get(country)
    return Entity(
        id=name_of(f"{parts.scheme}://{parts.netloc}" if whole_host else full),
        name=host,
        country=country,
        level=said.level,
        portals=(full,),
        languages=tuple(known.languages) if known else (),
        source=where,
    )


def from_urls(urls: Sequence[str], said: AdHoc, catalog: Catalog) -> Selection:
    """Portals named by their address."""
    entities = [entity_of(url, said, catalog) for url in dict.fromkeys(urls)]
    return Selection(_distinct(entities), ", ".join(entity.name for entity in entities))


def from_archives(files: Sequence[Path], home: str, said: AdHoc, catalog: Catalog) -> Selection:
    """One portal for each web archive; its home is `home`, or the first page that the archive holds."""
    if home and len(files) > 1:
        raise UserError("home_for_many")
    entities = []
    for file in files:
        if not file.is_file():
            raise UserError("no_such_file", file=file)
        start = home or first_page(file)
        if not start:
            raise UserError("archive_without_page", file=file)
        entities.append(entity_of(start, said, catalog, where=file.name, whole_host=not home))
    return Selection(_distinct(entities), ", ".join(file.name for file in files), tuple(file.resolve() for file in files))


def first_page(file: Path) -> str:
    """The likely home page of a web archive, "" where it holds none."""
    archive = Archive.from_files([file])
    try:
        return archive.first_page()
    finally:
        archive.close()


def from_table(table: Path) -> Selection:
    """A table (CSV) of portals, each with the web archive that stands beside the table."""
    if not table.is_file():
        raise UserError("no_such_file", file=table)
    try:
        text = table.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("not_text", file=table) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise UserError("missing_columns", file=table, columns=", ".join(missing), all=", ".join(COLUMNS))
    rows = [_row(table, reader.line_num, row) for row in reader]
    if not rows:
        raise UserError("empty_table", file=table)
    entities = _distinct([entity for entity, _ in rows])
    return Selection(entities, table.name, tuple(archive for _, archive in rows))


def _row(table: Path, line: int, row: dict[str, str | None]) -> tuple[Entity, Path]:
    """One portal and its archive; a cell that is missing is an empty one."""
    archive = table.parent / (row["capture"] or "?")
    if not archive.is_file():
        raise UserError("archive_missing", file=table, line=line, archive=archive)
    try:
        entity = Entity.model_validate(
            {
                "id": row["entity_id"],
                "name": row["entity_name"],
                "country": row["country"],
                "level": row["level"],
                "languages": re.findall(r"[^\s;,]+", row["languages"] or ""),
                "portals": (row["url"],),
                "source": table.name,
            }
        )
    except ValidationError as error:
        fault = error.errors()[0]
        raise UserError("bad_row", file=table, line=line, column=".".join(map(str, fault["loc"])), why=fault["msg"]) from error
    return entity, archive.resolve()


def _distinct(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    seen: set[str] = set()
    for entity in entities:
        if entity.id in seen:
            raise UserError("same_id", id=entity.id)
        seen.add(entity.id)
    return tuple(entities)
