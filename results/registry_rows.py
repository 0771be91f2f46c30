"""One row of a registry's file becomes an entity, or a reason why not. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from crawler.capture import Branch, Entity, Level
from results.addresses import clean_url, own_host, portal_key, split_urls
from results.countries import country_code
from results.registry_columns import Unusable, field_of, fold, meanings, registry_columns
from results.registry_files import SourceRow

MARK = "level_confidence"
INFERRED = "inferred"
"""Mark of a level that nobody stated, in `Entity.details`."""


@dataclass(frozen=True)
class Defaults:
    """What holds for rows whose file has no column for it; "" means to be read from the host."""

    country: str = ""
    level: str = ""
    source: str = ""


def read_row(row: SourceRow, defaults: Defaults) -> Entity:
    """The entity that a row speaks of. Columns that we do not use are kept in its details.

    Raises Unusable with the first thing that is wrong.
    """
    if not row.readable:
        raise Unusable("unreadable_row", " ".join(row.surplus)[:200])
    fields, details = _sort_out(row.cells)
    good, faults = _addresses(fields)
    host = own_host(good[0]) if good else ""
    name = fields.get("name", host)
    if not name:
        raise faults[0] if faults and "name" not in fields else Unusable("no_name")
    country = _country(fields, host, defaults)
    level = _level(fields, host, defaults, details)
    dates = _dates(fields)
    if faults and not good:
        raise faults[0]
    return Entity(
        id=_entity_id(fields, country, name, good),
        name=name,
        country=country,
        level=level,
        branch=_branch(fields, details),
        admin_code=fields.get("admin_code", ""),
        population=_population(fields, details),
        portals=_own_portals(good, faults, details),
        languages=tuple(re.findall(r"[a-z]{2,3}", fields.get("languages", "").lower())),
        cadence=fields.get("cadence") or "monthly",
        source=fields.get("source") or defaults.source,
        succeeded_by=_clean_id(fields.get("succeeded_by", "")),
        details=details,
        **dates,
    )


def _addresses(fields: Mapping[str, str]) -> tuple[list[str], list[Unusable]]:
    good, faults = [], []
    for text in split_urls(fields.get("portals", "")):
        try:
            good.append(clean_url(text))
        except Unusable as fault:
            faults.append(fault)
    return good, faults


def _own_portals(good: list[str], faults: list[Unusable], details: dict[str, str]) -> tuple[str, ...]:
    """The entity's own portals. An address that is not its own, or not usable, is kept in the details."""
    if faults:
        details["unusable_urls"] = " ".join(fault.detail for fault in faults)
    if evidence_of(details) == "transparency_page_only":
        details["transparency_page"] = " ".join(good)
        return ()
    first = {portal_key(url): url for url in reversed(good)}
    return tuple(dict.fromkeys(first[portal_key(url)] for url in good))


def _sort_out(cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Cells by field, and the rest. Several columns of addresses are all read; of any other field the first one is."""
    fields: dict[str, str] = {}
    details: dict[str, str] = {}
    for header, cell in cells.items():
        name = field_of(header)
        if name == "portals":
            fields[name] = f"{fields.get(name, '')} {cell}".strip()
        elif name and name not in fields:
            fields[name] = cell
        elif cell:
            details[header] = cell
    return fields, details


def _country(fields: Mapping[str, str], host: str, defaults: Defaults) -> str:
    said = fields.get("country", defaults.country)
    if not said and "country" in fields:
        raise Unusable("no_country")
    last = said or _ending(host)
    shown = registry_columns()["hosts"]["present_as"].get(last.lower(), last)
    code = country_code(shown)
    if code and (said or len(last) == 2):
        return code
    raise Unusable("unknown_country" if said else "no_country", said or host)


def _ending(host: str) -> str:
    """The last label of a host that says something: "pe" of "muni.gob.pe", and of "muni.pe.example" too."""
    labels = [label for label in host.split(".") if label not in registry_columns()["hosts"]["reserved"]]
    return labels[-1] if labels else ""


def _level(fields: Mapping[str, str], host: str, defaults: Defaults, details: dict[str, str]) -> Level:
    said = fields.get("level", defaults.level)
    if said:
        meaning = meanings("levels").get(fold(said))
        if not meaning:
            raise Unusable("bad_level", said)
        return Level(meaning)
    if "level" in fields:
        raise Unusable("no_level")
    details[MARK] = INFERRED
    hints = registry_columns()["hosts"]
    for level in (Level.REGIONAL, Level.LOCAL):
        if any(host.startswith(start) for start in hints[level.value]):
            return level
    return Level(hints["otherwise"])


def _branch(fields: Mapping[str, str], details: dict[str, str]) -> Branch:
    said = fields.get("branch", "")
    meaning = meanings("branches").get(fold(said))
    if said and fold(said) != meaning:
        details["branch"] = said
    return Branch(meaning or Branch.UNKNOWN)


def _population(fields: Mapping[str, str], details: dict[str, str]) -> int | None:
    said = fields.get("population", "")
    if re.fullmatch(r"\d{1,15}(\.0+)?", said):
        return int(said.partition(".")[0])
    if re.fullmatch(r"\d{1,3}([., ]\d{3}){1,4}", said):
        return int(re.sub(r"\D", "", said))
    if said:
        details["population"] = said
    return None


def _dates(fields: Mapping[str, str]) -> dict[str, date]:
    found = {}
    for name in ("valid_from", "valid_to"):
        said = fields.get(name, "")
        try:
            if said:
                found[name] = date.fromisoformat(said[:10])
        except ValueError as error:
            raise Unusable("bad_date", said) from error
    return found


def evidence_of(details: Mapping[str, str]) -> str:
    """What the registry itself doubts: transparency_page_only, offline, memory, or "" (nothing)."""
    marks = registry_columns()["evidence"]
    said = details.get(marks["column"], "")
    for doubt in ("transparency_page_only", "offline", "memory"):
        for mark in marks[doubt]:
            if said == mark or (mark.endswith("*") and said.startswith(mark[:-1])):
                return doubt
    return ""


# Ids ------------------------------------------------------------------------------------------------


def _entity_id(fields: Mapping[str, str], country: str, name: str, urls: Iterable[str]) -> str:
    """The id given; else country and host of a portal that has a host of its own; else country, name and a digest of the rest."""
    given = _clean_id(fields.get("id", ""))
    if given:
        return given
    key = next((portal_key(url) for url in urls), "")
    if key and re.fullmatch(r"[a-z0-9._-]{1,90}", key):
        return f"{country.lower()}-{key.strip('._-')}"
    rest = key or f"{fields.get('admin_code', '')}|{name.casefold()}"
    return f"{country.lower()}-{fold(name).replace('_', '-')[:70].strip('-')}-{_digest(rest)}".replace("--", "-")


def _clean_id(given: str) -> str:
    """An id as the records allow it; one that had to be changed gets a digest, so that two never become one."""
    plain = given.strip().lower()
    if re.fullmatch(r"([a-z0-9][a-z0-9._-]{0,99})?", plain):
        return plain
    return f"{fold(plain).replace('_', '-')[:80]}-{_digest(plain)}".strip("-")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
