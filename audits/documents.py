"""What a file that is not a web page holds: PDF, word-processor, sheet, data and image files."""

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pypdfium2
from lxml import etree
from openpyxl import load_workbook

from audits.text import squeeze
from crawler.capture import DocumentFacts

MAX_TEXT = 20_000
_MAX_PDF_PAGES = 12
_MAX_ROWS = 300
_MAX_MEMBER = 20_000_000
_KINDS = {
    "pdf": "pdf",
    "doc": "word", "docx": "word", "odt": "word", "rtf": "word",
    "xls": "sheet", "xlsx": "sheet", "xlsm": "sheet", "ods": "sheet",
    "ppt": "slides", "pptx": "slides", "odp": "slides", "pps": "slides", "ppsx": "slides",
    "csv": "csv", "tsv": "csv", "json": "json", "geojson": "json", "xml": "xml", "kml": "xml", "rss": "xml",
    "zip": "archive", "rar": "archive", "7z": "archive", "gz": "archive", "kmz": "archive",
    "jpg": "image", "jpeg": "image", "png": "image", "gif": "image", "webp": "image", "svg": "image", "bmp": "image",
    "tif": "image", "tiff": "image",
}  # fmt: skip
_BY_TYPE = (
    ("application/pdf", "pdf"), ("wordprocessingml", "word"), ("msword", "word"), ("opendocument.text", "word"), ("rtf", "word"),
    ("spreadsheetml", "sheet"), ("ms-excel", "sheet"), ("opendocument.spreadsheet", "sheet"), ("presentation", "slides"),
    ("powerpoint", "slides"), ("text/csv", "csv"), ("json", "json"), ("image/", "image"), ("zip", "archive"), ("xml", "xml"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0"


def kind_of(url: str, media_type: str = "", body: bytes = b"") -> str:
    """The kind of a document by its first bytes, else its media type, else the ending of its name; "other" else."""
    if body.startswith(b"%PDF"):
        return "pdf"
    suffix = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower().lstrip(".")
    by_name = _KINDS.get(suffix, "")
    if body.startswith(_OLE) or body.startswith(b"PK\x03\x04"):
        return by_name or next((kind for part, kind in _BY_TYPE if part in media_type), "archive")
    by_type = next((kind for part, kind in _BY_TYPE if part in media_type), "")
    return by_type or by_name or "other"


def read_document(body: bytes, url: str, media_type: str) -> DocumentFacts:
    """Facts of a file. Never raises: a file that cannot be opened is `broken`."""
    facts = DocumentFacts(kind_of(url, media_type, body))
    if not body:
        facts.broken = True
        return facts
    reader = {"pdf": _pdf, "word": _word, "sheet": _sheet, "csv": _csv, "json": _plain, "xml": _plain}.get(facts.kind)
    if reader is not None:
        try:
            reader(body, facts)
        except Exception:
            # Files of portals break parsers in every way there is; whatever the way, the fact is the same.
            facts.broken = True
    facts.text = facts.text[:MAX_TEXT]
    return facts


def _pdf(body: bytes, facts: DocumentFacts) -> None:
    document = pypdfium2.PdfDocument(body)
    try:
        facts.pages = len(document)
        metadata: dict[str, Any] = document.get_metadata_dict()
        facts.title = squeeze(str(metadata.get("Title") or ""))[:300]
        facts.created = _pdf_date(str(metadata.get("CreationDate") or ""))
        parts: list[str] = []
        for index in range(min(facts.pages, _MAX_PDF_PAGES)):
            page = document[index]
            text_page = page.get_textpage()
            parts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
            if sum(map(len, parts)) > MAX_TEXT:
                break
        facts.text = "\n".join(parts).replace("\r", "")
        facts.scanned = len(facts.text.split()) < 8 * len(parts)
    finally:
        document.close()


def _pdf_date(text: str) -> date | None:
    match = re.match(r"D:(\d{4})(\d{2})(\d{2})", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _word(body: bytes, facts: DocumentFacts) -> None:
    if not body.startswith(b"PK"):
        facts.broken = len(body) < 512
        return
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        name = next(n for n in ("word/document.xml", "content.xml") if n in package.namelist())
        if package.getinfo(name).file_size > _MAX_MEMBER:
            return
        with package.open(name) as member:
            root = etree.parse(member, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)).getroot()
    lines = []
    for paragraph in root.iter("{*}p", "{*}h"):
        line = squeeze("".join(str(text) for text in paragraph.itertext()))
        if line:
            lines.append(line)
    facts.text = "\n".join(lines)
    facts.scanned = False


def _sheet(body: bytes, facts: DocumentFacts) -> None:
    if not body.startswith(b"PK"):
        facts.broken = len(body) < 512
        return
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        if sum(info.file_size for info in package.infolist()) > 10 * _MAX_MEMBER:
            return
        if "content.xml" in package.namelist():
            _word(body, facts)
            return
    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    try:
        lines = []
        for sheet in book.worksheets[:4]:
            for row in sheet.iter_rows(max_row=_MAX_ROWS, values_only=True):
                cells = [str(cell) for cell in row if cell is not None]
                if cells:
                    lines.append(" | ".join(cells))
    finally:
        book.close()
    facts.rows = len(lines)
    facts.text = "\n".join(lines)


def _csv(body: bytes, facts: DocumentFacts) -> None:
    text = body[: 4 * MAX_TEXT].decode("utf-8", "replace")
    facts.rows = sum(1 for row in csv.reader(io.StringIO(text)) if row)
    facts.text = text


def _plain(body: bytes, facts: DocumentFacts) -> None:
    facts.text = body[: 4 * MAX_TEXT].decode("utf-8", "replace")
