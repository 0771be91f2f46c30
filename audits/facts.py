"""One parse of a response into the facts that all criteria read. Nothing else in the program looks at markup."""

from collections.abc import Iterable
from functools import cache
from urllib.parse import urljoin, urlsplit

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_to_unicode

from audits.documents import read_document
from audits.dom import Reading
from audits.text import squeeze
from crawler.capture import DocumentFacts, Link, PageFacts, Place

HTML_TYPES = ("text/html", "application/xhtml+xml")
BINARY = (*range(9), *range(14, 27), 28, 29, 30, 31)
"""Control characters that no text holds, whatever its encoding."""

CONTENT_LANGUAGES = ("es", "pt", "en", "fr", "nl", "ht")
MAX_PAGE_CHARACTERS = 3_000_000
_SHELL_WORDS = 40


def read(body: bytes, url: str, media_type: str, charset: str = "") -> PageFacts | DocumentFacts:
    """Facts of one response body. `media_type` is the header's ("" where none), `url` the base of relative links.

    Never raises: what cannot be parsed comes back as a broken document or an empty page.
    """
    if looks_like_html(body, media_type):
        return read_page(decode(body, media_type, charset), url)
    return read_document(body, url, media_type)


def looks_like_html(body: bytes, media_type: str) -> bool:
    """By media type; by the first bytes where the header says nothing useful."""
    if media_type in HTML_TYPES:
        return not body.startswith((b"%PDF", b"PK\x03\x04")) and not _is_binary(body[:1024])
    if media_type in ("", "text/plain", "application/octet-stream"):
        start = body[:1024].lstrip().lower()
        return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))
    return False


def _is_binary(start: bytes) -> bool:
    """Whether the first bytes are no text in any encoding: control characters stand in them. UTF-16 says so by its BOM."""
    return not start.startswith((b"\xff\xfe", b"\xfe\xff")) and sum(start.count(bytes([code])) for code in BINARY) > 8


def decode(body: bytes, media_type: str, charset: str) -> str:
    """Text of a page by the WHATWG order: BOM, header, meta; then UTF-8 if valid, else Windows-1252."""
    header = f"{media_type or 'text/html'}; charset={charset}" if charset else None
    text: str = html_to_unicode(header, body, auto_detect_fun=_utf8_or_western)[1]
    if text.count("\ufffd") > 3:
        # A declared charset that does not fit: many portals declare UTF-8 and send Windows-1252, or the reverse.
        other = body.decode(_utf8_or_western(body), "replace")
        text = min(text, other, key=lambda candidate: candidate.count("\ufffd"))
    return text.replace("\x00", "")


def _utf8_or_western(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_page(html: str, url: str) -> PageFacts:
    """Facts of one HTML page."""
    tree = LexborHTMLParser(html[:MAX_PAGE_CHARACTERS])
    root = tree.root
    facts = PageFacts()
    if root is None:
        return facts
    base = url
    for node in tree.css("base[href]"):
        base = _join(url, node.attributes.get("href") or "") or url
        break
    _read_head(tree, facts)
    reading = Reading(root, lambda target: _join(base, target))
    facts.sections = reading.sections
    facts.links = _distinct(reading.links)
    facts.forms = reading.forms
    facts.resources = reading.resources
    facts.words = sum(len(section.text.split()) for section in facts.sections)
    facts.detected = detect_language(_running_text(facts))
    facts.mounted = reading.mounted
    facts.shell = _is_shell(facts, reading.inline_scripts + sum(kind == "script" for kind, _ in facts.resources))
    return facts


def _is_shell(facts: PageFacts, scripts: int) -> bool:
    """Whether what people see is still to come: nearly nothing but scripts."""
    anchors = sum(link.kind == "a" for link in facts.links)
    return facts.words < _SHELL_WORDS and scripts > 0 and anchors < 3 and not facts.forms


def _read_head(tree: LexborHTMLParser, facts: PageFacts) -> None:
    root = tree.css_first("html")
    if root is not None:
        facts.language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "").strip().lower().split("-")[0]
    title = tree.css_first("head title") or tree.css_first("title")
    facts.title = squeeze(title.text()) if title is not None else ""
    for node in tree.css("meta[name][content]"):
        name = (node.attributes.get("name") or "").lower()
        if name in ("description", "generator"):
            setattr(facts, name, squeeze(node.attributes.get("content") or ""))


def _join(base: str, target: str) -> str:
    """Absolute http(s), mailto, tel URL, or "" for what leads nowhere."""
    target = target.strip().replace("\\", "/")
    if not target or target.startswith("#"):
        return ""
    try:
        joined = urljoin(base, target)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    if parts.scheme in ("mailto", "tel", "sms", "whatsapp"):
        return joined
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return (
        joined.replace(" ", "%20").split("#", 1)[0] if "#!" not in joined and "#/" not in joined else joined.replace(" ", "%20")
    )


def _distinct(links: Iterable[Link]) -> list[Link]:
    return list(dict.fromkeys(links))


def _running_text(facts: PageFacts) -> str:
    """Text of the main part (else of all), long lines first in page order, at most 3,000 characters."""
    for places in ((Place.MAIN,), tuple(Place)):
        text = "\n".join(s.text for s in facts.sections if s.place in places)
        if len(text) > 200:
            break
    long_lines = [line for line in text.split("\n") if line.count(" ") >= 7]
    return "\n".join(long_lines or [text])[:3000]


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(CONTENT_LANGUAGES))
    return identifier


def detect_language(text: str) -> str:
    """The likeliest of the region's written languages, "" for less than twenty words."""
    if text.count(" ") < 20:
        return ""
    return str(_identifier().classify(text)[0])
