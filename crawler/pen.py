"""Writes what was fetched: a WARC 1.1 file with gzip by record, whole under its name or not at all."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

from fastwarc.stream_io import GzipWriter

from .archive import UNDONE
from .originals import Original
from .warc import digest_of

Headers = Iterable[tuple[str, str]]

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
FIELDS = "application/warc-fields"
DOM, VIEW = "urn:dom:", "urn:view:"
"""What stands before a page's URL in the records of its document as rendered and of its picture: the names that
Browsertrix and its kin use. No reader of archives takes them for the page's own response."""
SMALLEST_SHARED = 1024
"""Bytes of a body below which a `revisit` record would save nothing."""
LEVEL = 3
"""Of gzip: a third of the time of level 9 for files 6 % larger; level 1 takes two thirds of it for files 45 % larger."""


class WarcPen:
    """One WARC file in the making. `close` puts it under its name, `discard` leaves no trace.

    `known` are payloads by digest that earlier files hold: a response with one of them is written as a `revisit` of it, as is
    the second of two in this file. `borrowed` are the files (`Original.warc`) that those revisits need. Bodies are not kept.
    """

    def __init__(self, path: Path, user_agent: str, known: Mapping[str, Original] | None = None) -> None:
        self.path = path
        self.borrowed: set[str] = set()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._urls: set[str] = set()
        self._known: Mapping[str, Original] = known or {}
        self._own: dict[str, Original] = {}
        self._draft = path.with_name(path.name + ".part")
        self._stream = self._draft.open("wb")
        self._writer = GzipWriter(self._stream, LEVEL)
        self._info(user_agent)

    def has(self, url: str) -> bool:
        """Whether a response for `url` needs no writing: it is written, or the file is finished."""
        return self._stream.closed or url in self._urls

    def exchange(
        self,
        url: str,
        at: datetime,
        asked: Headers,
        status: int,
        phrase: str,
        headers: Headers,
        body: bytes,
        cut: str = "",
        *,
        via: str = "",
        depth: int = 0,
        milliseconds: int | None = None,
    ) -> tuple[str, str]:
        """Write a response, its request and what is known of it; gives the response's record id and the digest of its payload.

        `body` is decoded; `cut` is why it is not whole, in WARC's words (length, time, disconnect), "" if it is. `via` is the
        page that led there, `depth` how many links it lies from home, `milliseconds` how long the answer took.
        """
        self._urls.add(url)
        kept = [(f"X-Archive-Orig-{name}" if name.lower() in UNDONE else name, value) for name, value in headers]
        head = _head(f"HTTP/1.1 {status} {phrase}", [*kept, ("Content-Length", str(len(body)))])
        digest = digest_of(body)
        named = {"WARC-Target-URI": url, "WARC-Date": _date(at), "WARC-Payload-Digest": digest}
        original = None if cut else self._original(digest, len(body))
        if original:
            record_id = self._write("revisit", named | _revisit_of(original), HTTP_RESPONSE, head)
        else:
            truncated = {"WARC-Truncated": cut} if cut else {}
            record_id = self._write("response", named | truncated, HTTP_RESPONSE, head, body)
            if not cut and len(body) >= SMALLEST_SHARED:
                self._own[digest] = Original(url, at, record_id, "")
        beside = {"WARC-Target-URI": url, "WARC-Date": _date(at), "WARC-Concurrent-To": f"<{record_id}>"}
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._write("request", beside, HTTP_REQUEST, _head(f"GET {target} HTTP/1.1", [("Host", parts.netloc), *asked]))
        told = _told(via, depth, milliseconds)
        if told:
            self._write("metadata", beside, FIELDS, told)
        return record_id, digest

    def rendered(self, url: str, at: datetime, source_record_id: str, html: bytes) -> tuple[str, str]:
        """Write the document that scripts made of a page (UTF-8); `source_record_id` is its response, "" where it is unknown.

        Gives record id and digest.
        """
        return self._resource(DOM + url, at, source_record_id, html, "text/html; charset=utf-8")

    def screenshot(self, url: str, at: datetime, source_record_id: str, image: bytes, media_type: str) -> tuple[str, str]:
        """Write the picture of a page. Gives record id and digest."""
        return self._resource(VIEW + url, at, source_record_id, image, media_type)

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

    def _original(self, digest: str, size: int) -> Original | None:
        """The record that already holds a payload: always one with a body, so that revisits never refer to revisits."""
        if size < SMALLEST_SHARED:
            return None
        found = self._known.get(digest)
        if found:
            self.borrowed.add(found.warc)
        return found or self._own.get(digest)

    def _resource(self, uri: str, at: datetime, source: str, body: bytes, media_type: str) -> tuple[str, str]:
        digest = digest_of(body)
        named = {"WARC-Target-URI": uri, "WARC-Date": _date(at), "WARC-Payload-Digest": digest}
        beside = {"WARC-Concurrent-To": f"<{source}>"} if source else {}
        return self._write("resource", named | beside, media_type, body), digest

    def _info(self, user_agent: str) -> None:
        fields = {
            "software": user_agent.split(" ")[0],
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "robots": "obey",
            "http-header-user-agent": user_agent,
        }
        named = {"WARC-Date": _date(datetime.now(UTC)), "WARC-Filename": self.path.name}
        self._write("warcinfo", named, FIELDS, _fields(fields))

    def _write(self, kind: str, named: Mapping[str, str], media_type: str, *block: bytes) -> str:
        """Write one record, its block given in pieces so that no body is copied; its id."""
        digest = sha256()
        for piece in block:
            digest.update(piece)
        record_id = f"urn:uuid:{uuid4()}"
        headers = {
            "WARC-Type": kind,
            "WARC-Record-ID": f"<{record_id}>",
            **named,
            "WARC-Block-Digest": f"sha256:{digest.hexdigest()}",
            "Content-Type": media_type,
            "Content-Length": str(sum(map(len, block))),
        }
        for piece in (_head("WARC/1.1", headers.items()), *block, b"\r\n\r\n"):
            self._writer.write(piece)
        self._writer.finish()
        return record_id


HTTP_RESPONSE, HTTP_REQUEST = "application/http; msgtype=response", "application/http; msgtype=request"


def _revisit_of(original: Original) -> dict[str, str]:
    return {
        "WARC-Profile": SAME_PAYLOAD,
        "WARC-Refers-To": f"<{original.record_id}>",
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": _date(original.at),
    }


def _told(via: str, depth: int, milliseconds: int | None) -> bytes:
    """What a crawler knows of a response, in the fields that WARC 1.1 names; each L is a link on the way from home."""
    fields = {"via": via, "hopsFromSeed": "L" * depth, "fetchTimeMs": "" if milliseconds is None else str(milliseconds)}
    return _fields({name: value for name, value in fields.items() if value})


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _fields(fields: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items()).encode("utf-8", "replace")


def _head(first: str, headers: Headers) -> bytes:
    lines = [_line(first), *(f"{name}: {_line(value)}" for name, value in headers)]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"


def _line(value: str) -> str:
    """A value that cannot end its line: what a portal or a page says must not become a header."""
    return value.replace("\r", " ").replace("\n", " ")
