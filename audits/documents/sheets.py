"""Spreadsheets: the first rows of OOXML and OpenDocument however large they are, of HTML tables, and of the old format."""

import io
import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import xlrd
from lxml import etree, html

from audits.documents.encodings import decoded
from audits.documents.office import LockedError, elements, old_properties, opened, read_properties
from audits.documents.packages import Package, is_zip
from audits.text import squeeze
from crawler.capture import DocumentFacts

MAX_ROWS = 300
_MAX_SHEETS = 4
_MAX_CELLS = 200
_MAX_XML = 4_000_000
_MAX_STRINGS = 20_000
_MAX_OLD = 6_000_000
_BINARY = "xl/workbook.bin"
_BUILT_IN_DATES = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_DATE_FORMAT = re.compile(r"[dmyh]", re.I)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', re.I)
_EPOCH = datetime(1899, 12, 30)
_NAMESPACE = "{*}"


def read_sheet(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the facts of a spreadsheet: its first rows. Raises LockedError, or what the parsers raise where they give up."""
    if is_zip(body):
        package = Package(body)
        if package.encrypted:
            raise LockedError
        if _BINARY in package.names:
            facts.machine_readable = True  # by others: its rows are not read here
            return
        rows = _open_rows(package) if "content.xml" in package.names else _office_rows(package)
        read_properties(package, facts)
    elif body.startswith(b"\xd0\xcf\x11\xe0"):
        with opened(body) as compound:
            old_properties(compound, facts)
        if len(body) > _MAX_OLD:
            facts.machine_readable = True  # xlrd would read all of it, which takes long
            return
        rows = _old_rows(body)
    else:
        rows = _html_rows(body)
    lines, wide = [], 0
    for row in rows:
        cells = [cell for cell in row if cell]
        if cells:
            lines.append(" | ".join(cells))
            wide += len(cells) > 1
    facts.rows, facts.text = len(lines), "\n".join(lines)
    facts.machine_readable = len(lines) > 1 and wide > 0


def _office_rows(package: Package) -> Iterator[list[str]]:
    """Rows of an OOXML workbook, its sheets in their order."""
    names = _sheet_names(package)
    if not names:
        raise ValueError("no sheet")
    strings, dates = _strings(package), _date_styles(package)
    for name in names[:_MAX_SHEETS]:
        yield from _rows_of(package.read(name, _MAX_XML), strings, dates)


def _sheet_names(package: Package) -> list[str]:
    targets = {
        element.get("Id"): posixpath.normpath(posixpath.join("xl", element.get("Target", "")))
        for element in elements(package.read("xl/_rels/workbook.xml.rels", _MAX_XML), "Relationship")
        if element.get("Type", "").endswith("/worksheet")
    }
    ordered = []
    for sheet in elements(package.read("xl/workbook.xml", _MAX_XML), "sheet"):
        target = next((targets[value] for value in sheet.attrib.values() if value in targets), "").removeprefix("xl//xl/")
        ordered.append(target.lstrip("/"))
    ordered = [name for name in ordered if name in package.names]
    return ordered or sorted(name for name in package.names if name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _strings(package: Package) -> list[str]:
    """The texts that cells point to; of very many, the first."""
    found = []
    for item in islice(elements(package.read("xl/sharedStrings.xml", _MAX_XML), "si"), _MAX_STRINGS):
        found.append(_text_of(item))
        item.clear()
    return found


def _text_of(item: Any) -> str:
    return "".join(t.text or "" for t in item.iter(f"{_NAMESPACE}t") if etree.QName(t.getparent()).localname != "rPh")


def _date_styles(package: Package) -> frozenset[str]:
    """Numbers of the cell styles that show a number as a date."""
    data = package.read("xl/styles.xml", _MAX_XML)
    custom = {
        element.get("numFmtId")
        for element in elements(data, "numFmt")
        if _DATE_FORMAT.search(_QUOTED.sub("", element.get("formatCode", "")))
    }
    styles = next(iter(elements(data, "cellXfs")), None)
    formats = [style.get("numFmtId", "0") for style in styles] if styles is not None else []
    return frozenset(str(index) for index, number in enumerate(formats) if number in custom or number in _BUILT_IN_DATES)


def _rows_of(data: bytes, strings: list[str], dates: frozenset[str]) -> Iterator[list[str]]:
    for count, row in enumerate(elements(data, "row"), start=1):
        yield [_cell(cell, strings, dates) for cell in row[:_MAX_CELLS]]
        row.clear()
        if count >= MAX_ROWS:
            return


def _cell(cell: Any, strings: list[str], dates: frozenset[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text_of(cell).strip()
    value: str = cell.findtext(f"{_NAMESPACE}v") or ""
    if kind == "s":
        return strings[int(value)] if value.isdigit() and int(value) < len(strings) else ""
    if kind == "b":
        return str(value == "1")
    if kind == "n" and value:
        return _number(value, cell.get("s", "0") in dates)
    return value


def _number(value: str, is_date: bool) -> str:
    """A number as people write it: a day as an ISO date, a whole number without its fraction."""
    with suppress(ValueError, OverflowError):
        number = float(value)
        if is_date and number >= 1:
            return str(_EPOCH + timedelta(seconds=round(number * 86_400)))
        return str(int(number)) if number.is_integer() and "E" not in value.upper() else repr(number)
    return value


def _open_rows(package: Package) -> Iterator[list[str]]:
    """Rows of an OpenDocument sheet; cells and rows that are said to repeat count once."""
    for row in islice(elements(package.read("content.xml", _MAX_XML), "table-row"), MAX_ROWS * _MAX_SHEETS):
        yield [squeeze(" ".join(cell.itertext())) for cell in row[:_MAX_CELLS]]
        row.clear()


def _old_rows(body: bytes) -> Iterator[list[str]]:
    """Rows of an Excel 97–2003 workbook."""
    try:
        book = xlrd.open_workbook(file_contents=body, on_demand=True, ragged_rows=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise LockedError from error
        raise
    with book:
        for index in range(min(book.nsheets, _MAX_SHEETS)):
            sheet = book.sheet_by_index(index)
            for number in range(min(sheet.nrows, MAX_ROWS)):
                yield [_old_cell(cell, book.datemode) for cell in sheet.row(number)[:_MAX_CELLS]]
            book.unload_sheet(index)


def _old_cell(cell: Any, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        with suppress(xlrd.xldate.XLDateError, ValueError, OverflowError):
            return str(xlrd.xldate.xldate_as_datetime(cell.value, datemode))
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return _number(repr(cell.value), False)
    return str(cell.value).strip() if cell.ctype == xlrd.XL_CELL_TEXT else ""


def _html_rows(body: bytes) -> Iterator[list[str]]:
    """Rows of an HTML table, which many programs export under the name of a spreadsheet."""
    root = html.document_fromstring(decoded(body[:_MAX_XML]))
    for row in islice(root.iter("tr"), MAX_ROWS):
        yield [squeeze("".join(map(str, cell.itertext()))) for cell in islice(row, _MAX_CELLS)]
