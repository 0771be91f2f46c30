"""Writes what was fetched: a WARC 1.1 file with gzip by record, whole under its name or not at all."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from .archive import bare_id, digest_of

Headers = Iterable[tuple[str, str]]

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers that no longer hold once the body is stored decoded; they are kept under another name."""


class WarcPen:
    """One WARC file in the making. `close` puts it under its name, `discard` leaves no trace."""

    def __init__(self, path: Path, user_agent: str) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._urls: set[str] = set()
        self._draft = path.with_name(path.name + ".part")
        self._stream = self._draft.open("wb")
        self._writer = GzipWriter(self._stream)
        self._info(user_agent)

    def has(self, url: str) -> bool:
        """Whether a response for `url` needs no writing: it is written, or the file is finished."""
        return self._stream.closed or url in self._urls

    def exchange(
        self, url: str, at: datetime, asked: Headers, status: int, phrase: str, headers: Headers, body: bytes, cut: str = ""
    ) -> tuple[str, str]:
        """Write a request and its response; gives the response's record id and the digest of its payload.

        `body` is decoded; `cut` is why it is not whole, in WARC's words (length, time, disconnect), "" if it is.
        """
        self._urls.add(url)
        response = _record(WarcRecordType.response, at, url, "application/http; msgtype=response")
        digest = digest_of(body)
        response.headers["WARC-Payload-Digest"] = digest
        if cut:
            response.headers["WARC-Truncated"] = cut
        kept = [(f"X-Archive-Orig-{name}" if name.lower() in UNDONE else name, value) for name, value in headers]
        self._write(response, _block(f"HTTP/1.1 {status} {phrase}", [*kept, ("Content-Length", str(len(body)))], body))
        request = _record(WarcRecordType.request, at, url, "application/http; msgtype=request")
        request.headers["WARC-Concurrent-To"] = response.record_id or ""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._write(request, _block(f"GET {target} HTTP/1.1", [("Host", parts.netloc), *asked], b""))
        return bare_id(response), digest

    def conversion(self, url: str, at: datetime, source: str, body: bytes, media_type: str) -> tuple[str, str]:
        """Write what became of a response (the page that scripts made of it); `source` is the record id of the response."""
        record = _record(WarcRecordType.conversion, at, url, media_type)
        record.headers["WARC-Refers-To"] = f"<{source}>"
        digest = digest_of(body)
        record.headers["WARC-Payload-Digest"] = digest
        self._write(record, body)
        return bare_id(record), digest

    def close(self) -> None:
        """Finish the file and give it its name."""
        self._writer.close()
        self._stream.close()
        self._draft.replace(self.path)

    def discard(self) -> None:
        """Leave nothing behind. May be called at any time, also twice."""
        if not self._stream.closed:
            self._writer.close()
            self._stream.close()
        self._draft.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def _info(self, user_agent: str) -> None:
        record = _record(WarcRecordType.warcinfo, datetime.now(UTC), "", "application/warc-fields")
        record.headers["WARC-Filename"] = self.path.name
        fields = {
            "software": user_agent.split(" ")[0],
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "robots": "obey",
        }
        fields["http-header-user-agent"] = user_agent
        self._write(record, "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode())

    def _write(self, record: WarcRecord, block: bytes) -> None:
        record.headers["WARC-Block-Digest"] = digest_of(block)
        record.set_bytes_content(block)
        record.write(self._writer)
        self._writer.finish()


def _record(kind: WarcRecordType, at: datetime, url: str, content_type: str) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.headers["WARC-Date"] = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    record.headers["Content-Type"] = content_type
    if url:
        record.headers["WARC-Target-URI"] = url
    return record


def _block(first: str, headers: Headers, body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body
