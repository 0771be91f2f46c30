"""Word-processor documents and slides: OOXML, OpenDocument, RTF, HTML under an office name, and the old binary formats."""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any

import olefile
from lxml import etree, html

from audits.documents.encodings import MAX_TEXT, decoded
from audits.documents.packages import Package, is_zip
from audits.text import squeeze
from crawler.capture import DocumentFacts

MAX_XML = 4_000_000
_MAX_SLIDES = 12
_MAX_PIECES = 5000
_MAX_MARKS = 400_000
_MAX_OLD_TEXT = 400_000
_FIB_FLAGS, _FIB_CLX = 0x0A, 0x01A2
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")
_RTF = re.compile(
    r"\\'([0-9a-f]{2})|\\u(-?\d{1,6})\s?\??|\\(par|line|tab|cell|row)\b\s?|\\([a-z]+)(-?\d+)?\s?|\\(.)|([{}])|([^\\{}\r\n]+)",
    re.I,
)
_RTF_ASIDE = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata", "datastore", "generator", "latentstyles"}
)
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")


class LockedError(Exception):
    """The document opens with a password only."""


def read_word(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the facts of a word-processor document. Raises LockedError, or what the parsers raise where they give up."""
    if is_zip(body):
        package = Package(body)
        name = "word/document.xml" if "word/document.xml" in package.names else "content.xml"
        facts.text = "\n".join(_paragraphs(_member(package, name)))
        read_properties(package, facts)
    elif body.startswith(olefile.MAGIC):
        with opened(body) as compound:
            facts.text = _old_word(compound)
            old_properties(compound, facts)
    elif body.startswith(b"{\\rtf"):
        facts.text = _rtf(body)
    else:
        facts.text = squeeze("".join(map(str, html.document_fromstring(decoded(body[:MAX_XML])).itertext())))


def read_slides(body: bytes, facts: DocumentFacts) -> None:
    """Fill in the facts of slides; the text of the old binary format is not read."""
    if not is_zip(body):
        with opened(body) as compound:
            old_properties(compound, facts)
        return
    package = Package(body)
    slides = sorted(filter(_SLIDE.fullmatch, package.names), key=lambda name: (len(name), name))
    facts.pages = len(slides)
    lines: list[str] = []
    for name in slides[:_MAX_SLIDES] or ["content.xml"]:
        lines.extend(_paragraphs(_member(package, name)))
    facts.text = "\n".join(lines)
    read_properties(package, facts)


def _member(package: Package, name: str) -> bytes:
    if package.encrypted:
        raise LockedError
    found = package.read(name, MAX_XML)
    if not found:
        raise ValueError(f"no {name}")
    return found


def elements(data: bytes, *names: str) -> Iterator[Any]:
    """Elements of those names as they end; of XML that stops in the middle, those before. No entity is resolved."""
    walk = etree.iterparse(
        BytesIO(data), events=("end",), tag=[f"{{*}}{name}" for name in names], resolve_entities=False, no_network=True
    )
    with suppress(etree.XMLSyntaxError):
        for _, element in walk:
            yield element


def _paragraphs(data: bytes) -> Iterator[str]:
    length = 0
    for paragraph in elements(data, "p", "h"):
        line = squeeze("".join(str(text) for text in paragraph.itertext()))
        length += len(line)
        if line:
            yield line
        if length > MAX_TEXT:
            return


def read_properties(package: Package, facts: DocumentFacts) -> None:
    """Title, dates and language of a package; what it does not tell stays as it is."""
    data = package.read("docProps/core.xml", MAX_TEXT) or package.read("meta.xml", 10 * MAX_TEXT)
    told: dict[str, str] = {}
    if data:
        for element in elements(data, "title", "created", "creation-date", "modified", "date", "language"):
            told.setdefault(etree.QName(element).localname, squeeze(element.text or ""))
    facts.title = facts.title or told.get("title", "")[:300]
    facts.created = facts.created or _day(told.get("created") or told.get("creation-date", ""))
    facts.modified = facts.modified or _day(told.get("modified") or told.get("date", ""))
    facts.language = facts.language or told.get("language", "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def opened(body: bytes) -> olefile.OleFileIO:
    """An OLE file. Raises LockedError where it only wraps an encrypted package, and OSError where it cannot be opened."""
    compound = olefile.OleFileIO(body)
    if compound.exists("EncryptedPackage"):
        raise LockedError
    return compound


def old_properties(compound: olefile.OleFileIO, facts: DocumentFacts) -> None:
    """Title and dates of an OLE file."""
    with suppress(OSError, ValueError, TypeError, KeyError, IndexError, struct.error, AttributeError):
        told = compound.get_metadata()
        facts.title = squeeze(decoded(told.title or b""))[:300]
        facts.created, facts.modified = _moment(told.create_time), _moment(told.last_saved_time)


def _moment(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) and value.year > 1980 else None


def _old_word(compound: olefile.OleFileIO) -> str:
    """The text of a Word 97–2003 document, whose pieces are listed in its table stream."""
    main = compound.openstream("WordDocument").read()
    flags = struct.unpack_from("<H", main, _FIB_FLAGS)[0]
    if flags & _ENCRYPTED:
        raise LockedError
    table = compound.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    start, size = struct.unpack_from("<II", main, _FIB_CLX)
    clx = table[start : start + size]
    at = 0
    while clx[at : at + 1] == b"\x01":  # formatting that stands before the list of pieces
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    length = struct.unpack_from("<I", clx, at + 1)[0]
    pieces = min((length - 4) // 12, _MAX_PIECES)
    ends = struct.unpack_from(f"<{(length - 4) // 12 + 1}I", clx, at + 5)
    first = at + 5 + 4 * len(ends)
    parts: list[str] = []
    for index in range(pieces):
        place = struct.unpack_from("<I", clx, first + 8 * index + 2)[0]
        count = ends[index + 1] - ends[index]
        narrow = bool(place & 0x40000000)
        offset = (place & 0x3FFFFFFF) // 2 if narrow else place
        parts.append(main[offset : offset + count * (1 if narrow else 2)].decode("cp1252" if narrow else "utf-16-le", "replace"))
        if sum(map(len, parts)) > _MAX_OLD_TEXT:
            break
    text = _FIELD.sub("", "".join(parts)).replace("\x07", "\r")
    return "\n".join(line for line in map(squeeze, re.split(r"[\r\x0b\x0c]", text)) if line)


def _rtf(body: bytes) -> str:
    """The text of a rich-text file without its tables of fonts and styles and its pictures."""
    parts: list[str] = []
    aside: list[bool] = [False]
    for match in islice(_RTF.finditer(body[:MAX_XML].decode("latin-1")), _MAX_MARKS):
        byte, point, mark, word, _, symbol, brace, text = match.groups()
        if brace == "{":
            aside.append(aside[-1])
        elif brace == "}":
            if len(aside) > 1:
                aside.pop()
        elif symbol == "*" or (word and word.lower() in _RTF_ASIDE):
            aside[-1] = True
        elif not aside[-1]:
            parts.append(_rtf_text(byte, point, mark, text))
        if len(parts) > MAX_TEXT:
            break
    return "\n".join(line for line in map(squeeze, "".join(parts).split("\n")) if line)


def _rtf_text(byte: str | None, point: str | None, mark: str | None, text: str | None) -> str:
    if byte:
        return bytes.fromhex(byte).decode("cp1252", "replace")
    if point:
        code = int(point) % 65536
        return "" if 0xD800 <= code < 0xE000 else chr(code)
    if mark:
        return "\n" if mark.lower() in ("par", "line", "row") else " "
    return text or ""
