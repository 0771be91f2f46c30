"""The records of WARC files (1.0 and 1.1, plain or gzip by record), also of those inside a WACZ."""

import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from struct import unpack
from typing import Any, BinaryIO, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
PAYLOADS = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
"""Records that hold what was fetched or made of it."""
IN_WACZ = re.compile(r"archive/[^/]+\.warc(\.gz)?")
LARGEST = 256 * 1024 * 1024
"""Bytes of one body that are unpacked at most."""

Headers = tuple[tuple[str, str], ...]


class ArchiveError(Exception):
    """A file that cannot be used as a web archive; its text is one sentence with the file and the remedy.

    `trouble` is unreadable, empty or incomplete, for who puts it into other languages.
    """

    def __init__(self, path: Path, trouble: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path, self.trouble = path, trouble


class Part(NamedTuple):
    """One WARC: a file of its own, or one in a WACZ, `size` bytes from `start` on. `name` is that of the WARC itself."""

    path: Path
    name: str
    start: int = 0
    size: int = -1

    def open(self) -> BinaryIO:
        """The bytes of the WARC. Raises OSError."""
        stream = self.path.open("rb")
        return stream if self.size < 0 else io.BufferedReader(_Window(stream, self.start, self.size))


def parts(path: Path) -> list[Part]:
    """The WARCs that a file holds: itself, or all below archive/ in a WACZ. Raises ArchiveError for what cannot be read."""
    try:
        with path.open("rb") as stream:
            if stream.read(len(ZIP)) != ZIP:
                return [Part(path, path.name)]
            return _packed(path, stream)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ArchiveError:
    """What to say of a file that the system does not let us read."""
    return ArchiveError(path, "unreadable", f"cannot be read ({error.strerror or error}); check path and permissions.")


def records(stream: BinaryIO, kinds: WarcRecordType, *, http: bool = True) -> Iterator[WarcRecord]:
    """The records of these kinds up to the first that cannot be read: captures are often cut short."""
    walk = ArchiveIterator(stream, record_types=kinds, parse_http=http, strict_mode=False)
    while True:
        try:
            record = next(walk, None)
        except Exception:  # the library tells broken files by errors of many kinds
            return
        if record is None:
            return
        yield record


def record_at(stream: BinaryIO, offset: int) -> WarcRecord:
    """The record at an offset that `records` gave (`stream_pos`)."""
    stream.seek(offset)
    return next(ArchiveIterator(stream, strict_mode=False))


def digest_of(body: bytes) -> str:
    """The digest by which evidence is named: "sha256:" and 64 hexadecimal digits, which `warcio check` verifies too."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def bare_id(record: WarcRecord) -> str:
    """The record's id without angle brackets: "urn:uuid:…"."""
    return (record.record_id or "").strip("<>")


def date_of(record: WarcRecord) -> datetime:
    """WARC-Date, in UTC; the epoch where it is missing or unreadable."""
    try:
        when = datetime.fromisoformat((record.headers.get("WARC-Date") or "").replace("Z", "+00:00"))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def head_of(record: WarcRecord) -> tuple[int, Headers]:
    """Status and headers; a `resource` record has no HTTP head, so it counts as 200 with the type of the record.

    Status 0 without headers for a `revisit` that keeps no head of its own.
    """
    if record.is_http and record.http_headers is not None:
        return record.http_headers.status_code or 0, tuple(record.http_headers.items())
    if record.record_type == WarcRecordType.revisit:
        return 0, ()
    return 200, (("Content-Type", record.headers.get("Content-Type") or "application/octet-stream"),)


def body_of(record: WarcRecord) -> bytes:
    """The payload without transfer and content encoding."""
    headers = {name.lower(): value.lower() for name, value in head_of(record)[1]}
    return _decoded(record.reader.read(), headers)


def names_of(record: WarcRecord) -> tuple[str, str, str]:
    """What a `revisit` may call this record by: its id, its URL and time, the digest of its payload; "" where it has none."""
    header = record.headers.get
    return bare_id(record), _moment(header("WARC-Target-URI"), header("WARC-Date")), header("WARC-Payload-Digest") or ""


def refers_to(revisit: WarcRecord) -> str:
    """What a `revisit` calls the record that holds its payload, by the surest name it gives; "" where it gives none."""
    header = revisit.headers.get
    moment = _moment(header("WARC-Refers-To-Target-URI"), header("WARC-Refers-To-Date"))
    return (header("WARC-Refers-To") or "").strip("<> ") or moment or header("WARC-Payload-Digest") or ""


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


def _moment(url: str | None, date: str | None) -> str:
    return f"{url} {date}" if url and date else ""


def _packed(path: Path, stream: BinaryIO) -> list[Part]:
    """The WARCs in a WACZ, which has them stored as they are, so that they can be read in place."""
    try:
        with zipfile.ZipFile(stream) as package:
            found = [entry for entry in package.infolist() if IN_WACZ.fullmatch(entry.filename)]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ArchiveError(path, "empty", f"is no WACZ that can be read ({error}).") from error
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in found):
        raise ArchiveError(path, "empty", "holds compressed WARC files; a WACZ has them stored as they are.")
    return [Part(path, entry.filename, _start(stream, entry), entry.file_size) for entry in found]


def _start(stream: BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Where the bytes of an entry begin: behind its local header, whose two last fields say how long name and extra are."""
    stream.seek(entry.header_offset + 26)
    lengths: tuple[int, int] = unpack("<HH", stream.read(4))
    return entry.header_offset + 30 + sum(lengths)


class _Window(io.RawIOBase):
    """A part of a file that looks like a file."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size, self._at = stream, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max((0, self._at, self._size)[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._stream.seek(self._start + self._at)
        data: bytes = self._stream.read(min(len(buffer), max(self._size - self._at, 0)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _decoded(raw: bytes, headers: dict[str, str]) -> bytes:
    """The body without chunks and gzip. Archives often keep these headers after undoing them, so bytes decide, not headers."""
    body = unchunked(raw) if "chunked" in headers.get("transfer-encoding", "") else raw
    encoding = headers.get("content-encoding", "")
    if "gzip" in encoding and body[:2] == GZIP:
        return _inflated(body, 31)
    if "deflate" in encoding:
        return _inflated(body, 15) or _inflated(body, -15) or body
    return body


def _inflated(body: bytes, bits: int) -> bytes:
    """As much as can be decompressed, and about LARGEST at most."""
    machine = zlib.decompressobj(bits)
    whole = bytearray()
    try:
        for start in range(0, len(body), 65536):
            whole += machine.decompress(body[start : start + 65536])
            if len(whole) > LARGEST:
                break
    except zlib.error:
        pass
    return bytes(whole)


def unchunked(raw: bytes) -> bytes:
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
