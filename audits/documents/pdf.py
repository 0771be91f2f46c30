"""What a PDF holds: text, structure, title, dates, language and signatures.

PDFium reads the text, qpdf (pikepdf) the structure. What would unpack into more than a bound is left unread.
"""

import logging
import re
from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from lxml import etree

from audits.documents.drawing import weight
from audits.documents.encodings import MAX_TEXT
from audits.documents.mending import mended
from audits.documents.packages import inflated
from audits.documents.signatures import read_signatures
from audits.text import squeeze
from crawler.capture import DocumentFacts

_MAX_PAGES = 12
_MAX_CONTENT = 4_000_000
_MAX_METADATA = 500_000
_WORDS_OF_A_PAGE = 8
_NEEDS_PASSWORD = 4
_PARTS = frozenset({"1", "2"})
"""Parts of ISO 14289 (PDF/UA)."""
_INFO_DATE = re.compile(r"(?:D:)?(\d{4})-?(\d{2})-?(\d{2})")
_XML = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}

logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # it warns of the flaws of each file, and most files have some


def read_pdf(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the facts of a PDF. Of one that is cut short, what stands in its first part; raises where nothing can be read."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        facts.encrypted = error.err_code == _NEEDS_PASSWORD
        whole = None if facts.encrypted else mended(body)
        if whole is None:
            raise
        _read_part(whole, facts)
        return
    with document:
        structure = _structure(body)
        _read_text(document, structure, facts)
        metadata: dict[str, Any] = document.get_metadata_dict()
    facts.title = squeeze(str(metadata.get("Title") or ""))[:300]
    facts.created = _date(str(metadata.get("CreationDate") or ""))
    facts.modified = _date(str(metadata.get("ModDate") or ""))
    if structure is None:
        return
    with structure:
        facts.tagged = _is_tagged(structure.Root)
        facts.shows_title = _shows_title(structure.Root)
        _read_catalog(structure.Root, facts)
        if b"/ByteRange" in body:
            facts.signatures = read_signatures(structure, body)


def _read_part(whole: bytes, facts: DocumentFacts) -> None:
    """The first part of a PDF: what it lacks may stand in the rest, so nothing is said of structure and signatures."""
    with pypdfium2.PdfDocument(whole) as document:
        _read_text(document, _structure(whole), facts)
    # Without words nobody can tell a scan from a text whose fonts have not come.
    facts.broken = bool(facts.scanned)
    facts.scanned = None if facts.broken else False


def _structure(body: bytes) -> pikepdf.Pdf | None:
    with suppress(pikepdf.PdfError, RuntimeError, ValueError, OverflowError):
        return pikepdf.open(BytesIO(body), suppress_warnings=True)
    return None


def _read_text(document: pypdfium2.PdfDocument, structure: pikepdf.Pdf | None, facts: DocumentFacts) -> None:
    facts.pages = len(document)
    parts: list[str] = []
    left = _MAX_CONTENT
    for index in range(min(facts.pages, _MAX_PAGES)):
        left -= weight(structure, index, left)
        if left <= 0:
            break
        page = document[index]
        text_page = page.get_textpage()
        parts.append(text_page.get_text_bounded())
        text_page.close()
        page.close()
        if sum(map(len, parts)) > MAX_TEXT:
            break
    facts.text = "\n".join(parts).replace("\r", "").replace("\x00", "")
    if parts:
        facts.scanned = len(facts.text.split()) < _WORDS_OF_A_PAGE * len(parts)


def _is_tagged(catalog: Any) -> bool:
    marks = catalog.get("/MarkInfo")
    return isinstance(marks, pikepdf.Dictionary) and bool(marks.get("/Marked", False)) and "/StructTreeRoot" in catalog


def _shows_title(catalog: Any) -> bool:
    wishes = catalog.get("/ViewerPreferences")
    return isinstance(wishes, pikepdf.Dictionary) and wishes.get("/DisplayDocTitle", False) is True


def _read_catalog(catalog: Any, facts: DocumentFacts) -> None:
    """The declared language, and what the metadata stream says where the older dictionary says nothing."""
    with suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        facts.language = str(catalog.get("/Lang", ""))
    with suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, etree.XMLSyntaxError):
        stream = catalog.get("/Metadata")
        raw = stream.read_raw_bytes()
        root = etree.fromstring(
            inflated(raw, _MAX_METADATA) if "/Filter" in stream else raw[:_MAX_METADATA],
            etree.XMLParser(resolve_entities=False, no_network=True, recover=True),
        )
        facts.title = facts.title or squeeze(root.findtext(".//dc:title//rdf:li", "", _XML))[:300]
        facts.created = facts.created or _date(_xmp(root, "xmp:CreateDate"))
        facts.modified = facts.modified or _date(_xmp(root, "xmp:ModifyDate"))
        part = _xmp(root, "pdfuaid:part").strip()
        facts.pdf_ua = int(part) if part in _PARTS else 0


def _xmp(root: Any, name: str) -> str:
    """A value of the metadata stream, which may stand in an element or in an attribute."""
    found = root.xpath(f"(//{name}/text() | //rdf:Description/@{name})[1]", namespaces=_XML)
    return str(found[0]) if found else ""


def _date(text: str) -> date | None:
    match = _INFO_DATE.match(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
