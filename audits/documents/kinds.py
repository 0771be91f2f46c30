"""Which kind of document a file is: by its first bytes, by what its package holds, by its header and by its name."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from audits.documents.packages import Package, is_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_HEADER_WITHIN = 1024
SIGNED_ENDINGS = frozenset({"p7m", "p7s"})
_KINDS = {
    "pdf": "pdf",
    "doc": "word", "docx": "word", "docm": "word", "dotx": "word", "odt": "word", "rtf": "word",
    "xls": "sheet", "xlsx": "sheet", "xlsm": "sheet", "xlsb": "sheet", "ods": "sheet",
    "ppt": "slides", "pptx": "slides", "odp": "slides", "pps": "slides", "ppsx": "slides",
    "csv": "csv", "tsv": "csv", "tab": "csv", "json": "json", "geojson": "json", "jsonld": "json", "topojson": "json",
    "xml": "xml", "kml": "xml", "gml": "xml", "gpx": "xml", "rdf": "xml", "rss": "xml", "xsd": "xml",
    "zip": "archive", "rar": "archive", "7z": "archive", "gz": "archive", "tgz": "archive", "kmz": "archive",
    "jpg": "image", "jpeg": "image", "png": "image", "gif": "image", "webp": "image", "svg": "image", "bmp": "image",
    "tif": "image", "tiff": "image",
}  # fmt: skip
_BY_TYPE = (
    ("application/pdf", "pdf"), ("wordprocessingml", "word"), ("msword", "word"), ("opendocument.text", "word"), ("rtf", "word"),
    ("spreadsheetml", "sheet"), ("ms-excel", "sheet"), ("opendocument.spreadsheet", "sheet"), ("presentation", "slides"),
    ("powerpoint", "slides"), ("text/csv", "csv"), ("tab-separated", "csv"), ("json", "json"), ("image/", "image"),
    ("zip", "archive"), ("x-rar", "archive"), ("x-7z", "archive"), ("xml", "xml"),
)  # fmt: skip
_BY_MAGIC = (
    (b"{\\rtf", "word"), (b"Rar!\x1a\x07", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b\x08", "archive"),
    (b"\xff\xd8\xff", "image"), (b"\x89PNG\r\n\x1a\n", "image"), (b"GIF8", "image"), (b"II*\x00", "image"), (b"MM\x00*", "image"),
)  # fmt: skip
_OFFICE = frozenset({"word", "sheet", "slides"})
_MIMETYPES = (("opendocument.text", "word"), ("opendocument.spreadsheet", "sheet"), ("opendocument.presentation", "slides"))
_FOLDERS = (("word/", "word"), ("xl/", "sheet"), ("ppt/", "slides"))
_OLE_STREAMS = (("WordDocument", "word"), ("Workbook", "sheet"), ("Book", "sheet"), ("PowerPoint Document", "slides"))
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*>\s*+)?(?><!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_OFFICE_HTML = re.compile(rb"urn:schemas-microsoft-com:office:(excel|word)")
_START = 4096
_EXPORT, _EXPORTED_ROWS = 65_536, 3


def kind_of(url: str, media_type: str = "", body: bytes = b"") -> str:
    """The kind of a document by its bytes, else its media type, else the ending of its name; "other" else.

    pdf, word, sheet, slides, csv, json, xml, archive, image or other.
    """
    told = _told(url, media_type)
    start = body[:PDF_HEADER_WITHIN]
    if b"%PDF-" in start and (start.startswith((b"%PDF-", b"\xef\xbb\xbf%PDF-")) or told in ("pdf", "")):
        return "pdf"
    if is_zip(body):
        return _packed(body) or (told if told in _OFFICE else "archive")
    if body.startswith(OLE):
        return _compound(body) or (told if told in _OFFICE else "other")
    by_magic = next((kind for magic, kind in _BY_MAGIC if body.startswith(magic)), "")
    if by_magic:
        return by_magic
    if _HTML.match(body[:_START]):
        return _office_html(body, told) or "other"
    return told or "other"


def ending(url: str) -> str:
    """The ending of the file's name in lower case without its dot; of a signed file ("acta.pdf.p7m") that of what was signed."""
    try:
        path = PurePosixPath(unquote(urlsplit(url).path, errors="replace").lower())
    except ValueError:
        return ""
    suffix = path.suffix.lstrip(".")
    if suffix in SIGNED_ENDINGS:
        return PurePosixPath(path.stem).suffix.lstrip(".") or suffix
    return suffix


def is_page(body: bytes, url: str = "", media_type: str = "") -> bool:
    """Whether the bytes are a web page, whatever the header and the name say: an error page under the name of a PDF, say.

    A table or text that an office program or a query wrote as HTML under an office name is none: it opens as what it is named.
    """
    return _HTML.match(body[:_START]) is not None and not _office_html(body, _told(url, media_type))


def _told(url: str, media_type: str) -> str:
    """The kind by header and name. Generic types give way to the name."""
    named = _KINDS.get(ending(url), "")
    typed = next((kind for part, kind in _BY_TYPE if part in media_type), "")
    return named or typed if typed in ("archive", "xml") else typed or named


def _office_html(body: bytes, told: str) -> str:
    found = _OFFICE_HTML.search(body, 0, _START)
    if found:
        return {b"excel": "sheet", b"word": "word"}[found[1]]
    lower = body[:_EXPORT].lower() if told == "sheet" else b""
    return "sheet" if lower.count(b"<tr") >= _EXPORTED_ROWS and b"<script" not in lower else ""


def _packed(body: bytes) -> str:
    """The kind of an office document in a ZIP package, "" for any other ZIP."""
    package = Package(body)
    if "mimetype" in package.names:
        mimetype = package.read("mimetype", 100).decode("ascii", "replace")
        return next((kind for part, kind in _MIMETYPES if part in mimetype), "")
    return next((kind for folder, kind in _FOLDERS if any(name.startswith(folder) for name in package.names)), "")


def _compound(body: bytes) -> str:
    """The kind of an OLE file by the names in its directory, which are UTF-16."""
    return next((kind for name, kind in _OLE_STREAMS if f"{name}\0".encode("utf-16-le") in body), "")
