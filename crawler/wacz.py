"""Packs WARC files as WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): index, list of pages and digests beside them.

The index is CDXJ in `indexes/index.cdx`, the one name that ReplayWeb.page and pywb both look for.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from . import warc
from .replay import lacking
from .warc import GZIP, Part

VERSION = "1.1.1"
INDEXED = warc.PAYLOADS | WarcRecordType.revisit
BORROWED = "originals.warc.gz"
WWW = re.compile(r"^www\d*\.")
UNQUOTED = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
COPY = 1 << 20


class ListedPage(NamedTuple):
    """A page as a person may look it up."""

    url: str
    at: datetime
    title: str


class About(NamedTuple):
    """What a package says of itself: a title, the program that made it, and when what it holds was captured."""

    title: str
    software: str
    at: datetime


class Packed(NamedTuple):
    """What was packed."""

    records: int
    bytes: int


class _Entry(NamedTuple):
    """One record: where it stands (bytes), by which names others may call it, whom it calls, and its line of an index."""

    part: Part
    offset: int
    length: int
    kind: WarcRecordType
    names: tuple[str, str, str]
    calls: str
    url: str
    at: datetime
    fields: dict[str, str]


def pack(out: Path, files: Sequence[Path], record_ids: Iterable[str], pages: Sequence[ListedPage], about: About) -> Packed:
    """Write one package with the files that hold these records, and with what their revisits refer to.

    It stands there whole or not at all. Raises ArchiveError where a file cannot be read or an original is in none of them.
    """
    own, borrowed = _chosen(files, set(record_ids))
    draft = out.with_name(out.name + ".part")
    try:
        with zipfile.ZipFile(draft, "w") as target:
            package = _Package(target, about)
            for part, entries in own.items():
                with part.open() as stream:
                    package.add_warc(part.path.name if part.start == 0 else Path(part.name).name, stream, entries)
            if borrowed:
                with TemporaryFile() as stream:
                    package.add_warc(BORROWED, stream, list(_copied(borrowed, stream)))
            package.finish(pages)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Packed(len(package.lines), out.stat().st_size)


def _chosen(files: Sequence[Path], wanted: set[str]) -> tuple[dict[Part, list[_Entry]], list[_Entry]]:
    """The WARCs that hold wanted records, and the records of others to which revisits in them refer."""
    whole = {part: list(_entries(part)) for path in files for part in warc.parts(path)}
    own = {part: entries for part, entries in whole.items() if any(entry.names[0] in wanted for entry in entries)}
    held = {name for entries in own.values() for entry in entries if entry.kind & warc.PAYLOADS for name in entry.names}
    called = {entry.calls for entries in own.values() for entry in entries if entry.calls} - held
    borrowed = []
    for entry in [entry for part, entries in whole.items() if part not in own for entry in entries]:
        if entry.kind & warc.PAYLOADS and called.intersection(entry.names):
            borrowed.append(entry)
            called.difference_update(entry.names)
    if called:
        raise lacking(files, min(called))
    return own, borrowed


def _entries(part: Part) -> Iterator[_Entry]:
    """All records of a WARC with their lengths, which end where the next record begins."""
    try:
        with part.open() as stream:
            found = [_entry(part, record) for record in warc.records(stream, WarcRecordType.any_type)]
            end = stream.seek(0, io.SEEK_END)
    except OSError as error:
        raise warc.unreadable(part.path, error) from error
    for entry, after in pairwise([*(entry.offset for entry in found), end]):
        yield found.pop(0)._replace(length=after - entry)


def _entry(part: Part, record: WarcRecord) -> _Entry:
    status, headers = warc.head_of(record)
    is_revisit = record.record_type == WarcRecordType.revisit
    mime = next((value for name, value in headers if name.lower() == "content-type"), "").partition(";")[0].strip()
    fields = {
        "url": record.headers.get("WARC-Target-URI") or "",
        "mime": "warc/revisit" if is_revisit else mime or "unk",
        "status": str(status or 200),
        "digest": record.headers.get("WARC-Payload-Digest") or "",
    }
    calls = warc.refers_to(record) if is_revisit else ""
    names, at = warc.names_of(record), warc.date_of(record)
    return _Entry(part, record.stream_pos, 0, record.record_type, names, calls, fields["url"], at, fields)


def _copied(entries: Sequence[_Entry], stream: BinaryIO) -> Iterator[_Entry]:
    """The entries of these records in a new file, to which they are copied byte for byte."""
    for entry in entries:
        start = stream.tell()
        with entry.part.open() as source:
            source.seek(entry.offset)
            raw = source.read(entry.length)
        if raw.startswith(GZIP):
            stream.write(raw)
        else:
            writer = GzipWriter(stream)
            writer.write(raw)
            writer.finish()
        yield entry._replace(offset=start, length=stream.tell() - start)


class _Package:
    """A zip in the making, and what its last files will say of the others."""

    def __init__(self, target: zipfile.ZipFile, about: About) -> None:
        self.lines: list[str] = []
        self._target, self._about = target, about
        self._resources: list[dict[str, object]] = []

    def add_warc(self, name: str, stream: BinaryIO, entries: Sequence[_Entry]) -> None:
        """Store a WARC as it is, so that readers can fetch single records of it, and index it."""
        taken = {resource["name"] for resource in self._resources}
        name = name if name not in taken else f"{len(taken)}-{name}"
        self._add(f"archive/{name}", stream, zipfile.ZIP_STORED)
        for entry in entries:
            if entry.kind & INDEXED:
                place = {"length": str(entry.length), "offset": str(entry.offset), "filename": name}
                self.lines.append(f"{sort_key(entry.url)} {entry.at:%Y%m%d%H%M%S} {json.dumps(entry.fields | place)}\n")

    def finish(self, pages: Sequence[ListedPage]) -> None:
        """Add the index, the list of pages, and the description of all files with its digest."""
        self._add_text("indexes/index.cdx", "".join(sorted(self.lines)))
        listed: list[dict[str, str]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
        listed += [
            {"id": str(number), "url": page.url, "ts": _moment(page.at), "title": page.title}
            for number, page in enumerate(pages, 1)
        ]
        self._add_text("pages/pages.jsonl", "".join(json.dumps(line) + "\n" for line in listed))
        about: dict[str, object] = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "software": self._about.software,
            "title": self._about.title,
            "created": _moment(self._about.at),
            "resources": self._resources,
        }
        if pages:
            about |= {"mainPageUrl": pages[0].url, "mainPageDate": _moment(pages[0].at)}
        described = json.dumps(about, indent=1, ensure_ascii=False)
        self._add_text("datapackage.json", described)
        digest = {"path": "datapackage.json", "hash": warc.digest_of(described.encode())}
        self._add_text("datapackage-digest.json", json.dumps(digest))

    def _add_text(self, path: str, text: str) -> None:
        self._add(path, io.BytesIO(text.encode()), zipfile.ZIP_DEFLATED)

    def _add(self, path: str, stream: BinaryIO, how: int) -> None:
        """Copy a file into the zip, and note digest and size. Its date is that of the capture: packing twice gives the same."""
        entry = zipfile.ZipInfo(path, self._about.at.timetuple()[:6])
        entry.compress_type = how
        digest, size = hashlib.sha256(), stream.seek(0, io.SEEK_END)
        stream.seek(0)
        # Only where it must be: ReplayWeb.page does not look for the longer header that comes with it.
        with self._target.open(entry, "w", force_zip64=size >= zipfile.ZIP64_LIMIT) as file:
            while data := stream.read(COPY):
                digest.update(data)
                file.write(data)
        name = path.rpartition("/")[2]
        self._resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})


def sort_key(url: str) -> str:
    """The URL as indexes of archives sort it: host from right to left without www, query in order, all in lower case."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port
    except ValueError:
        return url
    query = "&".join(sorted(_plain(parts.query).split("&")))
    ending = f"?{query}" if query else ""
    if parts.scheme not in ("http", "https"):
        return _plain(url.lower().partition("?")[0]).rstrip("/") + ending
    host = ",".join(reversed(WWW.sub("", parts.hostname or "").split(".")))
    usual = {"http": 80, "https": 443}[parts.scheme]
    place = f"{host}:{port}" if port and port != usual else host
    path = re.sub("/{2,}", "/", _plain(parts.path)).rstrip("/") or "/"
    return f"{place}){path}{ending}"


def _plain(text: str) -> str:
    """The text with only those characters encoded that must be, so that spellings of one URL fall together."""
    return quote(unquote_to_bytes(text), safe=UNQUOTED).lower()


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
