"""What a portal lists for machines: sitemaps, their indexes, and feeds. Pure, bounded, and without errors.

Parsed with lxml, which every page's facts need anyway. scrapy.utils.sitemap knows neither feeds nor gzip and raises on broken
files; ultimate-sitemap-parser fetches by itself, past our guard and robots.txt; feedparser has no limits.
"""

import heapq
import html
import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import NamedTuple

from lxml import etree

from . import urls
from .capture import Link, Place

MOST_BYTES = 20 * 1024 * 1024
"""Of a list after inflation; what comes later is not read. The protocol allows 50 MB and 50,000 entries."""
MOST_ELEMENTS = 400_000
"""Of XML; a whole sitemap has 250,000, a few more with pictures."""
MOST_ENTRIES, MOST_PAGES, MOST_FILES = 50_000, 2_000, 50
"""Entries read, pages and further lists handed on."""
MOST_LAYERS = 2
"""Compressed files are often compressed again on their way."""
LONGEST_TITLE = 300

MOST_BEFORE = 4096
"""Bytes of blanks or of a server's complaints that may stand before the XML declaration."""

GZIP = b"\x1f\x8b"
LONE_AMPERSAND = re.compile(rb"&(?!(amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
TAG, BLANKS = re.compile(r"<[^>]*>"), re.compile(r"\s+")
XML_START = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff")
SITEMAP_ENTRIES, FEED_ENTRIES = ("url", "sitemap"), ("item", "entry")


class Listing(NamedTuple):
    """What a list names: pages (and documents) as links without a place on any page, and further lists, likeliest first."""

    pages: tuple[Link, ...] = ()
    files: tuple[str, ...] = ()


class Entry(NamedTuple):
    """One thing a list names. `target` and `changed` as written; `kind` is that of Link, or "file" for a further list."""

    target: str
    kind: str
    text: str = ""
    changed: str = ""


def links(body: bytes, url: str) -> Listing:
    """What the sitemap, sitemap index, RSS, Atom or RDF feed, or plain list of URLs at `url` names; nothing for any other body.

    Of more than MOST_PAGES pages those nearest to the root are kept, newest first; of further lists, one of each kind comes
    before the second of any (`post-1.xml`, `page-1.xml`, then `post-2.xml`). Text is the title in a feed, else "".
    """
    plain = inflated(body)
    found = _of_xml(plain, url) if XML_START.match(plain) else _of_text(plain)
    distinct = list(dict.fromkeys(entry for entry in islice(found, MOST_ENTRIES) if entry.target))
    pages = _nearest([entry for entry in distinct if entry.kind != "file"])
    files = filter(None, (_resolve(url, entry.target) for entry in distinct if entry.kind == "file"))
    others = dict.fromkeys(file for file in islice(files, MOST_PAGES) if urls.key(file) != urls.key(url))
    return Listing(tuple(_links(pages, url)), tuple(islice(_one_of_each(others), MOST_FILES)))


def guesses(home: str) -> list[str]:
    """Where a sitemap may lie that robots.txt does not name: beside home and at the root, where many systems lead to it."""
    base = urls.normalise(home)
    return (
        list(dict.fromkeys(filter(None, (urls.resolve(base, "sitemap.xml"), urls.resolve(base, "/sitemap.xml"))))) if base else []
    )


def inflated(body: bytes) -> bytes:
    """The body without compression, as far as it can be read, at most MOST_BYTES."""
    for _ in range(MOST_LAYERS):
        if not body.startswith(GZIP):
            break
        body = _inflate(body)
    return body[:MOST_BYTES]


def _inflate(body: bytes) -> bytes:
    """One layer of gzip; of a damaged one, what comes before the damage."""
    machine, whole = zlib.decompressobj(31), bytearray()
    step = 64 * 1024
    try:
        for start in range(0, len(body), step):
            whole += machine.decompress(body[start : start + step], MOST_BYTES - len(whole))
            while machine.unconsumed_tail and len(whole) < MOST_BYTES:
                whole += machine.decompress(machine.unconsumed_tail, MOST_BYTES - len(whole))
            if machine.eof or len(whole) >= MOST_BYTES:
                break
    except zlib.error:
        pass
    return bytes(whole)


def _of_text(body: bytes) -> Iterator[Entry]:
    """A plain list: one URL a line."""
    for line in islice(body.splitlines(), MOST_ENTRIES):
        if line.strip().lower().startswith((b"http://", b"https://")):
            yield Entry(line.decode("utf-8", "replace").strip(), "sitemap")


def _of_xml(body: bytes, url: str) -> Iterator[Entry]:
    """All entries of an XML list. Entities other than XML's own five are left as they are written, so none can grow."""
    declared = body.find(b"<?xml", 0, MOST_BEFORE)
    body = LONE_AMPERSAND.sub(b"&amp;", body[max(declared, 0) :].lstrip())
    try:
        parser = etree.iterparse(
            BytesIO(body),
            recover=True,
            huge_tree=False,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
            encoding=_encoding(body),
        )
        for _, node in islice(parser, MOST_ELEMENTS):
            name = _name(node)
            if name in SITEMAP_ENTRIES:
                yield _sitemap_entry(node, name)
            elif name in FEED_ENTRIES:
                yield _feed_entry(node)
            else:
                continue
            node.clear()
    except (etree.LxmlError, ValueError):
        return


def _encoding(body: bytes) -> str | None:
    """The encoding of a list that neither names one nor is written in UTF-8; None leaves it to the parser."""
    if b"encoding" in body[:200] or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return "cp1252"
    return None


def _sitemap_entry(node: etree._Element, name: str) -> Entry:
    parts = _parts(node)
    return Entry(parts.get("loc", ""), "file" if name == "sitemap" else "sitemap", "", parts.get("lastmod", ""))


def _feed_entry(node: etree._Element) -> Entry:
    """One piece of news. Its address is RSS's <link>, Atom's <link href>, else an identifier that is an address."""
    parts = _parts(node)
    ways = [child.get("href") or child.text or "" for child in node if _name(child) == "link" and _is_page(child)]
    identifier = parts.get("guid") or parts.get("id") or ""
    target = next((way for way in ways if way.strip()), identifier if identifier.startswith("http") else "")
    title = BLANKS.sub(" ", TAG.sub(" ", html.unescape(html.unescape(parts.get("title", ""))))).strip()
    changed = parts.get("updated") or parts.get("date") or ""
    return Entry(target.strip(), "feed", title[:LONGEST_TITLE], changed)


def _is_page(link: etree._Element) -> bool:
    return (link.get("rel") or "alternate") == "alternate"


def _parts(node: etree._Element) -> dict[str, str]:
    """The texts of an element's children by their names without namespace; the first of each name."""
    parts: dict[str, str] = {}
    for child in node:
        text = "".join(map(str, child.itertext())).strip() if isinstance(child.tag, str) else ""
        if text:
            parts.setdefault(_name(child), text)
    return parts


def _name(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _resolve(url: str, target: str) -> str:
    resolved = urls.resolve(url, target)
    return "" if urls.is_bad(target, resolved, url) else resolved


def _links(entries: Iterable[Entry], url: str) -> Iterator[Link]:
    for entry in entries:
        resolved = _resolve(url, entry.target)
        if resolved:
            yield Link(resolved, entry.text, Place.ASIDE, 0, entry.kind)


def _nearest(entries: list[Entry]) -> Iterable[Entry]:
    """All entries as they stand; of too many, those nearest to the root, the latest changed first."""
    if len(entries) <= MOST_PAGES:
        return entries
    newest = sorted(entries, key=lambda entry: entry.changed, reverse=True)
    return heapq.nsmallest(MOST_PAGES, newest, key=lambda entry: entry.target.partition("?")[0].rstrip("/").count("/"))


def _one_of_each(files: Iterable[str]) -> Iterator[str]:
    """Every shape's first file, then every shape's second, and so on."""
    seen: dict[str, int] = {}
    turns = []
    for place, file in enumerate(files):
        shape = urls.shape(file)
        seen[shape] = seen.get(shape, -1) + 1
        turns.append((seen[shape], place, file))
    return (file for _, _, file in sorted(turns))
