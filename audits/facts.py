"""One parse of a response into the facts that all criteria read. Nothing else in the program looks at markup."""

import codecs
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_to_unicode

from audits.documents import is_page, read_document
from audits.dom import Reading
from audits.head import read_head
from audits.languages import detect_language
from audits.nesting import unnested
from audits.structure import signature
from audits.targets import Targets, join, leads_nowhere
from crawler.capture import DocumentFacts, Link, PageFacts, Place

HTML_TYPES = ("text/html", "application/xhtml+xml")
NEVER_HTML = ("application/pdf", "application/zip")
"""What may be announced where a page is sent that explains an error; not so sheets and letters, which come as HTML too."""
HTML_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
WESTERN = frozenset({"cp1252", "latin-1", "iso8859-1", "iso8859-15"})
"""Encodings in which any bytes are a text: Python's names."""
BINARY = (*range(9), *range(14, 27), 28, 29, 30, 31)
"""Control characters that no text holds, whatever its encoding."""

MAX_PAGE_CHARACTERS = 3_000_000
_SHELL_WORDS = 40


def read(body: bytes, url: str, media_type: str, charset: str = "") -> PageFacts | DocumentFacts:
    """Facts of one response body. `media_type` is the header's ("" where none), `url` the base of relative links.

    Never raises: what cannot be parsed comes back as a broken document or an empty page.
    """
    if looks_like_html(body, media_type) or is_page(body, url, media_type):
        return read_page(decode(body, media_type, charset), url)
    return read_document(body, url, media_type)


def looks_like_html(body: bytes, media_type: str) -> bool:
    """By media type; by the first bytes where the header says nothing useful, or names what those bytes cannot be."""
    opens_as_page = _opening(body).startswith(HTML_OPENINGS)
    if media_type in HTML_TYPES:
        return not body.startswith((b"%PDF", b"PK\x03\x04")) and (opens_as_page or not _is_binary(body[:1024]))
    if media_type in ("", "text/plain", "application/octet-stream", *NEVER_HTML) or media_type.startswith("image/"):
        return opens_as_page
    return False


def _opening(body: bytes) -> bytes:
    """How a text begins, whatever its encoding: no mark of byte order, no NUL, no white space, lower case."""
    return body[:1024].removeprefix(codecs.BOM_UTF8).lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip().lower()


def _is_binary(start: bytes) -> bool:
    """Whether the first bytes are no text in any encoding: control characters stand in them."""
    return not _wide(start) and sum(start.count(bytes([code])) for code in BINARY) > 8


def _wide(start: bytes) -> str:
    """The UTF-16 that a text is in, by its mark of byte order or because every other byte of it is NUL; "" for none."""
    if start.startswith(codecs.BOM_UTF16_LE) or start.startswith(codecs.BOM_UTF16_BE):
        return "utf-16"
    first, second = start[0:1024:2].count(0), start[1:1024:2].count(0)
    many, few = len(start[:1024]) * 0.35, len(start[:1024]) * 0.02
    if second > many and first <= few:
        return "utf-16-le"
    return "utf-16-be" if first > many and second <= few else ""


def decode(body: bytes, media_type: str, charset: str) -> str:
    """Text of a page by the WHATWG order: BOM, header, meta; then UTF-8 if valid, else Windows-1252.

    Where the bytes say otherwise than what was declared, the bytes are right. NULs are left out, as browsers do.
    """
    wide = _wide(body[:1024])
    if wide:
        return body.decode(wide, "replace").replace("\0", "")
    header = f"{media_type or 'text/html'}; charset={charset}" if charset else None
    encoding, text = html_to_unicode(header, body, auto_detect_fun=_utf8_or_western)
    if encoding.startswith("utf-16"):  # it says so, but is not
        return body.decode(_utf8_or_western(body), "replace").replace("\0", "")
    unread = text.count("\ufffd")
    if unread > 3 and unread > len(text) - len(text.encode("ascii", "ignore")) - unread:
        # A declared charset that does not fit: many portals declare UTF-8 and send Windows-1252, or the reverse.
        other = body.decode(_utf8_or_western(body), "replace")
        text = min(text, other, key=lambda candidate: candidate.count("\ufffd"))
    elif encoding.lower() in WESTERN and not body.isascii() and _utf8_or_western(body) == "utf-8":
        text = body.decode("utf-8")
    return text.replace("\0", "")


def _utf8_or_western(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_page(html: str, url: str) -> PageFacts:
    """Facts of one HTML page."""
    tree = LexborHTMLParser(unnested(html[:MAX_PAGE_CHARACTERS]))
    root = tree.root
    facts = PageFacts()
    if root is None:
        return facts
    base = url
    for node in tree.css("base[href]"):
        base = join(url, node.attributes.get("href") or "") or url
        break
    targets = Targets(base)
    read_head(tree, html, facts, targets.resolve)
    reading = Reading(root, targets.resolve)
    facts.sections = reading.sections
    facts.links = _distinct(reading.links)
    facts.forms = reading.forms
    facts.resources = reading.resources
    facts.words = sum(1 + s.text.count(" ") + s.text.count("\n") for s in facts.sections if s.text)
    facts.detected = detect_language(_running_text(facts))
    facts.mounted = reading.mounted
    facts.canonical = reading.canonical
    facts.structure = signature(reading.steps)
    facts.bad_links = sum(link.kind in ("a", "area") and leads_nowhere(link.target, link.url) for link in facts.links)
    facts.shell = _is_shell(facts, reading.inline_scripts + sum(kind == "script" for kind, _ in facts.resources))
    return facts


def _is_shell(facts: PageFacts, scripts: int) -> bool:
    """Whether what people see is still to come: nearly nothing but scripts."""
    anchors = sum(link.kind == "a" for link in facts.links)
    return facts.words < _SHELL_WORDS and scripts > 0 and anchors < 3 and not facts.forms


def _distinct(links: Iterable[Link]) -> list[Link]:
    return list(dict.fromkeys(links))


def _running_text(facts: PageFacts) -> str:
    """Text of the main part (else of all), long lines first in page order, at most 3,000 characters."""
    for places in ((Place.MAIN,), tuple(Place)):
        text = "\n".join(s.text for s in facts.sections if s.place in places)
        if len(text) > 200:
            break
    long_lines: list[str] = []
    length = 0
    for line in text.split("\n"):
        if line.count(" ") >= 7:
            long_lines.append(line)
            length += len(line) + 1
            if length > 3000:
                break
    return "\n".join(long_lines or [text])[:3000]
