"""Files made of records: delimited text, JSON, XML; and archives of them."""

import csv
import io
import json
from collections import Counter
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from audits.documents.encodings import MAX_TEXT, decoded
from audits.documents.packages import MAX_MEMBERS, Package, is_zip
from crawler.capture import DocumentFacts

_READ = 4 * MAX_TEXT
_MAX_JSON = 20_000_000
_MAX_XML = 4_000_000
_MAX_ELEMENTS = 50_000
_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 20
_MAX_NAME = 300
_GZIP_NAMED = 0x08
_RECORDS = frozenset(
    {"csv", "tsv", "tab", "json", "geojson", "jsonld", "xml", "kml", "gml", "gpx", "rdf", "ttl", "nt", "xls", "xlsx", "xlsm",
     "ods", "shp", "dbf", "gpkg", "parquet", "sqlite", "sav", "dta"}
)  # fmt: skip


def read_csv(body: bytes, facts: DocumentFacts) -> None:
    """Fill in rows and text of delimited text. Of a file longer than the bound, those of its first part."""
    text = decoded(body[:_READ])
    lines = [line for line in text.split("\n")[:_SNIFFED_LINES] if line.strip()]
    delimiter = max(_DELIMITERS, key=lambda mark: _evenness(lines, mark))
    rows = 0
    wide = Counter[int]()
    with suppress(csv.Error):
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows += 1
                wide[len(row)] += 1
    facts.rows, facts.text = rows, text
    columns, same = max(wide.items(), key=lambda item: item[1], default=(0, 0))
    facts.machine_readable = rows > 1 and columns > 1 and 2 * same >= rows


def _evenness(lines: list[str], mark: str) -> tuple[int, int]:
    """How many lines hold the mark equally often, and how often that is."""
    counts = Counter(line.count(mark) for line in lines)
    times, lines_alike = max(((n, c) for n, c in counts.items() if n), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return lines_alike, times


def read_json(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the facts of JSON, or of one JSON value a line. Records are the items of its longest list, or its members."""
    facts.text = decoded(body[:_READ])
    if len(body) > _MAX_JSON:
        return
    text = decoded(body)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        lines = [line for line in text.split("\n", MAX_MEMBERS)[:MAX_MEMBERS] if line.strip()]
        with suppress(ValueError, RecursionError):
            json.loads(lines[0] if lines else "")
            facts.rows = len(lines)
            facts.machine_readable = len(lines) > 1
        facts.broken = not facts.machine_readable
        return
    facts.rows = _longest(value)
    facts.machine_readable = isinstance(value, (list, dict)) and bool(value)


def _longest(value: Any) -> int:
    if isinstance(value, list):
        return len(value)
    return max((len(item) for item in value.values() if isinstance(item, list)), default=0) if isinstance(value, dict) else 0


def read_xml(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the facts of XML. Records are elements of one name that stand side by side and hold something."""
    facts.text = decoded(body[:_READ])
    alike: Counter[tuple[Any, str]] = Counter()
    names: list[str] = []
    seen = 0
    walk = etree.iterparse(io.BytesIO(body[:_MAX_XML]), events=("start", "end"), resolve_entities=False, no_network=True)
    try:
        for event, element in walk:
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                names.append(element.tag)
                continue
            names.pop()
            if len(element) or element.attrib or (element.text or "").strip():
                alike[tuple(names[-2:]), element.tag] += 1
            seen += 1
            if seen > _MAX_ELEMENTS:
                break
            if len(names) > 1:
                element.clear()
    except etree.XMLSyntaxError:
        # Of a file that was cut its first records count; one that is wrong from its start cannot be opened.
        facts.broken = seen == 0
    facts.rows = max(alike.values(), default=0)
    facts.machine_readable = facts.rows > 1


def read_archive(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the members of a ZIP or gzip file; of RAR and 7z only that they are archives is told."""
    if is_zip(body):
        package = Package(body)
        facts.members = tuple(name[:_MAX_NAME] for name in package.names)
        facts.encrypted = package.encrypted
        facts.broken = not facts.members or facts.encrypted
    elif body.startswith(b"\x1f\x8b") and len(body) > 10 and body[3] & _GZIP_NAMED:
        facts.members = (body[10:].partition(b"\x00")[0][:_MAX_NAME].decode("latin-1"),)
    endings = {PurePosixPath(name.lower()).suffix.lstrip(".") for name in facts.members}
    facts.machine_readable = not facts.broken and not endings.isdisjoint(_RECORDS)
