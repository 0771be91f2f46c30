"""Reads a registry's file, whatever it is: CSV, JSON, JSON Lines or a list of addresses. Rows out, as text."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from results.errors import RegistryError

DELIMITERS = ",;\t|"
WESTERN = ["cp1252", "iso8859_15", "cp850", "mac_roman"]
"""Encodings, besides Unicode, in which spreadsheets of the region are saved."""


@dataclass(frozen=True)
class SourceRow:
    """One row: its line in the file (for JSON its place in the list), from 1, its cells by header, and those without a header."""

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()
    readable: bool = True


@dataclass(frozen=True)
class SourceTable:
    """A file that could be read. `format` is csv, json, jsonl or list."""

    format: str
    encoding: str
    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]


def read_table(path: Path, is_known: Callable[[str], bool]) -> SourceTable:
    """Read the file at `path`; `is_known` says whether a header is one that we understand.

    Raises RegistryError with file, line, column and remedy where no row can be trusted.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise RegistryError("no_file", file=path) from error
    text, encoding = _decode(path, body)
    if not text.strip():
        raise RegistryError("empty", file=path)
    if text.lstrip()[0] in "[{":
        form, columns, rows = _read_json(path, text)
    elif _is_list(text, is_known):
        form, columns, rows = "list", ("url",), list(_read_list(text))
    else:
        form, columns, rows = "csv", *_read_csv(path, text, is_known)
    if not any(is_known(column) for column in columns):
        found = ", ".join(columns)[:80]
        raise RegistryError("no_column", file=path, line=_first_line(text), column=1, found=found)
    return SourceTable(form, encoding, columns, tuple(rows))


def _decode(path: Path, body: bytes) -> tuple[str, str]:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace"), "utf-16"
    where = body.find(b"\0")
    if where >= 0 or body.startswith(b"PK\x03\x04"):
        where = max(where, 0)
        line = body.count(b"\n", 0, where) + 1
        raise RegistryError("not_text", file=path, line=line, column=where - body.rfind(b"\n", 0, where))
    try:
        return body.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        guess = from_bytes(body, cp_isolation=WESTERN).best()
        return (str(guess), guess.encoding) if guess else (body.decode("latin-1"), "latin-1")


def _first_line(text: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if line.strip()), 1)


# Lists of addresses ---------------------------------------------------------------------------------


def _is_list(text: str, is_known: Callable[[str], bool]) -> bool:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines or is_known(lines[0]):
        return False
    return all(re.fullmatch(r"(https?://)?[^\s/:,;|]+\.[^\s,;|]+", line, re.IGNORECASE) for line in lines)


def _read_list(text: str) -> Iterator[SourceRow]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield SourceRow(number, {"url": line.strip()})


# CSV ------------------------------------------------------------------------------------------------


def _read_csv(path: Path, text: str, is_known: Callable[[str], bool]) -> tuple[tuple[str, ...], list[SourceRow]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, is_known), strict=True)
    rows: list[SourceRow] = []
    columns: tuple[str, ...] = ()
    started = 1
    try:
        for cells in reader:
            line, started = started, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _distinct(cells)
            else:
                rows.append(_csv_row(line, columns, cells))
    except csv.Error as error:
        raise RegistryError("bad_csv", file=path, line=max(reader.line_num, started), column=1, why=error) from error
    return columns, rows


def _csv_row(line: int, columns: Sequence[str], cells: Sequence[str]) -> SourceRow:
    surplus = tuple(cells[len(columns) :])
    filled = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
    return SourceRow(line, filled, surplus, readable=not any(cell.strip() for cell in surplus))


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter under which the header names most columns that we know; where none does, what the sniffer says."""
    header = next(line for line in text.splitlines() if line.strip())
    known = {mark: sum(is_known(cell.strip('" ')) for cell in header.split(mark)) for mark in DELIMITERS}
    best = max(known, key=lambda mark: known[mark])
    if known[best]:
        return best
    try:
        return csv.Sniffer().sniff(text[:8192], DELIMITERS).delimiter
    except csv.Error:
        return ","


def _distinct(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers as they are, numbered where one is empty or comes twice, so that no cell is lost."""
    names: list[str] = []
    for number, header in enumerate(headers, 1):
        name = header.strip() or f"column_{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return tuple(names)


# JSON -----------------------------------------------------------------------------------------------


def _read_json(path: Path, text: str) -> tuple[str, tuple[str, ...], list[SourceRow]]:
    form = "json"
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data") or not text.lstrip().startswith("{"):
            raise RegistryError("bad_json", file=path, line=error.lineno, column=error.colno, why=error.msg) from error
        form, value = "jsonl", None
    except (ValueError, RecursionError) as error:
        raise RegistryError("bad_json", file=path, line=1, column=1, why=error) from error
    places = _json_lines(path, text) if form == "jsonl" else _json_list(path, value)
    if not any(isinstance(item, dict) for _, item in places):
        raise RegistryError("json_shape", file=path, line=1, column=1)
    rows = [_json_row(place, item) for place, item in places]
    return form, tuple(dict.fromkeys(column for row in rows for column in row.cells)), rows


def _json_list(path: Path, value: Any) -> list[tuple[int, Any]]:
    if isinstance(value, dict):
        value = value.get("entities", [value])
    return list(enumerate(value, 1)) if isinstance(value, list) else []


def _json_lines(path: Path, text: str) -> list[tuple[int, Any]]:
    items = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            items.append((number, json.loads(line)))
        except json.JSONDecodeError as error:
            raise RegistryError("bad_json", file=path, line=number, column=error.colno, why=error.msg) from error
        except (ValueError, RecursionError) as error:
            raise RegistryError("bad_json", file=path, line=number, column=1, why=error) from error
    return items


def _json_row(place: int, item: Any) -> SourceRow:
    if not isinstance(item, dict):
        return SourceRow(place, {}, (_as_text(item),), readable=False)
    return SourceRow(place, {_clean(str(key)): _as_text(value) for key, value in item.items()})


def _as_text(value: Any) -> str:
    """A JSON value as the cell of a table; lists of plain values by "|", as a person would write several in one cell."""
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return "|".join(_as_text(one) for one in value)
    return _clean(value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _clean(text: str) -> str:
    """Without halves of characters, which no file and no database can hold."""
    return text.encode("utf-8", errors="replace").decode()
