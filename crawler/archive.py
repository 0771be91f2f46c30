"""Reads web archives (WARC 1.0 and 1.1, plain or gzip by record): an index of addresses in memory, bodies on disk."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from . import urls

HTML_TYPES = ("text/html", "application/xhtml+xml")
STATIC_ENDINGS = urls.DOCUMENT_ENDINGS | urls.IMAGE_ENDINGS | urls.OTHER_ENDINGS | {"html", "htm"}
WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit


GZIP = b"\x1f\x8b"
UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class ArchiveError(Exception):
    """A file that cannot be used as a web archive; its text is one sentence with the file and the remedy.

    `trouble` is unreadable or empty, for who puts it into other languages.
    """

    def __init__(self, path: Path, trouble: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path, self.trouble = path, trouble


class ArchivedResponse(NamedTuple):
    """One response as it was captured. `url` is as recorded; `body` is without transfer and content encoding.

    `digest` is that of `body`; `truncated` says that the capture holds only the first part of it.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    record_id: str
    digest: str
    captured_at: datetime
    path: str
    truncated: bool

    @property
    def plain_headers(self) -> tuple[tuple[str, str], ...]:
        """Headers that fit `body`: without those of the encodings that were undone."""
        return tuple((name, value) for name, value in self.headers if name.lower() not in UNDONE)


class _Entry(NamedTuple):
    url: str
    file: int
    offset: int
    good: bool
    html: bool


class Archive:
    """The responses of one or several WARC files, by URL."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self.newest: dict[str, datetime] = {}
        self._entries: dict[str, _Entry] = {}
        self._aliases: dict[str, str] = {}
        self._files: dict[int, BinaryIO] = {}
        self._cut: dict[str, Path] = {}
        for number in range(len(self.paths)):
            self._index(number)

    @classmethod
    def from_files(cls, paths: Iterable[str | Path]) -> Self:
        """Index the files, reading each once. Raises ArchiveError where one is missing or holds no response at all."""
        return cls([Path(path) for path in paths])

    def get(self, url: str) -> ArchivedResponse | None:
        """The response to `url`; http or https, www or not, index page, last slash and session id make no difference."""
        entry = self._find(url)
        return self._read(entry) if entry else None

    def holds(self, url: str) -> bool:
        """Whether the archive has anything of the URL's host: if so, what is missing is a 404 and not an unknown host."""
        return urls.place(url) in self.newest

    def cut_short(self, url: str) -> Path | None:
        """The file that ends in mid-record and holds the URL's host: what its end held was not seen. None where none does."""
        return self._cut.get(urls.place(url))

    def captured_at(self, url: str) -> datetime | None:
        """The newest capture time of the URL's host, None where the archive has nothing of it."""
        return self.newest.get(urls.place(url))

    def path_of(self, url: str) -> str:
        """The file in which `url` stands, or the first file."""
        entry = self._find(url)
        return str(self.paths[entry.file if entry else 0])

    def first_page(self) -> str:
        """The likely home page: the root of the first host with HTML, else the first HTML page nearest to it; "" if none."""
        pages = [entry.url for entry in self._entries.values() if entry.html and entry.good]
        if not pages:
            return ""
        host = urls.authority(pages[0])
        return min((page for page in pages if urls.authority(page) == host), key=_depth)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _find(self, url: str) -> _Entry | None:
        """Exactly, else by what a `revisit` record points to, else (for files, which no query changes) without the query."""
        wanted = urls.key(url)
        spellings = [wanted, self._aliases.get(wanted, "")]
        if urls.ending(url) in STATIC_ENDINGS:
            spellings.append(wanted.partition("?")[0])
        return next((self._entries[key] for key in spellings if key in self._entries), None)

    def _index(self, number: int) -> None:
        path = self.paths[number]
        last, places = -1, set[str]()
        try:
            with path.open("rb") as stream:
                for record in _until_broken(ArchiveIterator(stream, record_types=WANTED, strict_mode=False)):
                    self._note(number, record)
                    last = record.stream_pos
                    places.add(urls.place(record.headers.get("WARC-Target-URI") or ""))
                if last >= 0 and ends_in_mid_record(stream, last):
                    self._cut |= dict.fromkeys(places, path)
        except OSError as error:
            raise ArchiveError(
                path, "unreadable", f"cannot be read ({error.strerror or error}); check path and permissions."
            ) from error
        if last < 0:
            raise ArchiveError(path, "empty", "holds no response; give a WARC file (.warc, .warc.gz).")

    def _note(self, number: int, record: WarcRecord) -> None:
        url = urls.normalise(record.headers.get("WARC-Target-URI") or "")
        if not url:
            return
        wanted = urls.key(url)
        if record.record_type == WarcRecordType.revisit:
            self._aliases[wanted] = urls.key(record.headers.get("WARC-Refers-To-Target-URI") or "")
            return
        status, headers = _head(record)
        kind = next((value for name, value in headers if name.lower() == "content-type"), "").lower()
        good = 200 <= status < 300
        known = self._entries.get(wanted)
        if known is None or good or not known.good:
            self._entries[wanted] = _Entry(url, number, record.stream_pos, good, kind.startswith(HTML_TYPES))
        place = urls.place(url)
        self.newest[place] = max(self.newest.get(place, _date(record)), _date(record))

    def _read(self, entry: _Entry) -> ArchivedResponse:
        if entry.file not in self._files:
            self._files[entry.file] = self.paths[entry.file].open("rb")
        stream = self._files[entry.file]
        stream.seek(entry.offset)
        record = next(iter(ArchiveIterator(stream, strict_mode=False)))
        status, headers = _head(record)
        raw = record.reader.read()
        body = _decoded(raw, {name.lower(): value.lower() for name, value in headers})
        return ArchivedResponse(
            url=entry.url,
            status=status,
            headers=headers,
            body=body,
            record_id=bare_id(record),
            digest=digest_of(body),
            captured_at=_date(record),
            path=str(self.paths[entry.file]),
            truncated="WARC-Truncated" in record.headers,
        )


def digest_of(body: bytes) -> str:
    """The digest by which evidence is named: "sha256:" and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def bare_id(record: WarcRecord) -> str:
    """The record's id without angle brackets: "urn:uuid:…"."""
    return (record.record_id or "").strip("<>")


def _until_broken(records: ArchiveIterator) -> Iterator[WarcRecord]:
    """The records up to the first that cannot be read: captures are often cut short."""
    walk = iter(records)
    while True:
        try:
            record = next(walk, None)
        except Exception:
            return
        if record is None:
            return
        yield record


def ends_in_mid_record(stream: BinaryIO, last: int) -> bool:
    """Whether a WARC file stops before the end of a record; `last` is the offset of some record near its end."""
    stream.seek(last)
    if stream.read(2) != GZIP:
        stream.seek(-4, os.SEEK_END)
        return stream.read(4) != b"\r\n\r\n"
    stream.seek(last)
    member = zlib.decompressobj(31)
    while data := stream.read(1 << 20):
        while data:
            try:
                member.decompress(data)
            except zlib.error:
                return True
            data = member.unused_data
            if member.eof and data:
                member = zlib.decompressobj(31)
    return not member.eof


def _head(record: WarcRecord) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Status and headers; a `resource` record has no HTTP head, so it counts as 200 with the type of the record."""
    if record.is_http and record.http_headers is not None:
        return record.http_headers.status_code or 0, tuple(record.http_headers.items())
    return 200, (("Content-Type", record.headers.get("Content-Type") or "application/octet-stream"),)


def _date(record: WarcRecord) -> datetime:
    """WARC-Date, in UTC; the epoch where it is missing or unreadable."""
    try:
        when = datetime.fromisoformat((record.headers.get("WARC-Date") or "").replace("Z", "+00:00"))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _decoded(raw: bytes, headers: dict[str, str]) -> bytes:
    """The body without chunks and gzip. Archives often keep these headers after undoing them, so bytes decide, not headers."""
    body = _unchunked(raw) if "chunked" in headers.get("transfer-encoding", "") else raw
    encoding = headers.get("content-encoding", "")
    if "gzip" in encoding and body[:2] == b"\x1f\x8b":
        return _inflated(body, 31)
    if "deflate" in encoding:
        return _inflated(body, 15) or _inflated(body, -15) or body
    return body


def _inflated(body: bytes, bits: int) -> bytes:
    """As much as can be decompressed."""
    machine = zlib.decompressobj(bits)
    whole = bytearray()
    try:
        for start in range(0, len(body), 65536):
            whole += machine.decompress(body[start : start + 65536])
    except zlib.error:
        pass
    return bytes(whole)


def _unchunked(raw: bytes) -> bytes:
    """The chunks put together; the bytes as they are where they were never cut into chunks."""
    whole, at = bytearray(), 0
    while True:
        end = raw.find(b"\r\n", at)
        try:
            size = int(raw[at:end].split(b";")[0], 16) if end > at else -1
        except ValueError:
            size = -1
        if size < 0:
            return bytes(whole) if at else raw
        if size == 0:
            return bytes(whole)
        whole += raw[end + 2 : end + 2 + size]
        at = end + 2 + size + 2


def _depth(url: str) -> tuple[int, int]:
    wanted = urls.key(url)
    path = wanted.partition("/")[2]
    return (wanted.count("/") + ("?" in wanted), len(path) if not path else 0)
