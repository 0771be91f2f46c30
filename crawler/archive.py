"""A web archive that answers as if it were the network: an index of addresses in memory, bodies on disk."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from fastwarc.warc import WarcRecord, WarcRecordType

from . import urls, warc
from .warc import ArchiveError, Headers, Part

__all__ = ["Archive", "ArchiveError", "ArchivedResponse"]

HTML_TYPES = ("text/html", "application/xhtml+xml")
STATIC_ENDINGS = urls.DOCUMENT_ENDINGS | urls.IMAGE_ENDINGS | urls.OTHER_ENDINGS | {"html", "htm"}
WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit
UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class ArchivedResponse(NamedTuple):
    """One response as it was captured. `url` is as recorded; `body` is without transfer and content encoding.

    `digest` is that of `body`; `truncated` says that the capture holds only the first part of it.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    record_id: str
    digest: str
    captured_at: datetime
    path: str
    truncated: bool

    @property
    def plain_headers(self) -> Headers:
        """Headers that fit `body`: without those of the encodings that were undone."""
        return tuple((name, value) for name, value in self.headers if name.lower() not in UNDONE)


class _Entry(NamedTuple):
    """Where a response stands: number of the WARC, and offset in it."""

    part: int
    offset: int
    status: int
    html: bool

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


class _Revisit(NamedTuple):
    """A response whose body stands in another record, here under the name by which it is called."""

    key: str
    entry: _Entry
    original: str
    place: str


class Archive:
    """The responses of one or several files (WARC or WACZ), by URL. A `revisit` is as good as the response it stands for."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self.newest: dict[str, datetime] = {}
        self._entries: dict[str, _Entry] = {}
        self._bodies: dict[tuple[int, int], _Entry] = {}
        self._files: dict[int, BinaryIO] = {}
        self._cut: dict[str, Path] = {}
        self._parts: list[Part] = []
        revisits: list[_Revisit] = []
        for path in self.paths:
            first = len(self._parts)
            self._parts += warc.parts(path)
            if not sum([self._index(number, revisits) for number in range(first, len(self._parts))]):
                raise ArchiveError(path, "empty", "holds no response; give a WARC file (.warc, .warc.gz) or a WACZ.")
        if revisits:
            self._settle(revisits)

    @classmethod
    def from_files(cls, paths: Iterable[str | Path]) -> Self:
        """Index the files. Raises ArchiveError where one is missing or holds no response at all."""
        return cls([Path(path) for path in paths])

    def get(self, url: str) -> ArchivedResponse | None:
        """The response to `url`; http or https, www or not, index page, last slash and session id make no difference."""
        entry = self._find(url)
        return self._read(entry) if entry else None

    def holds(self, url: str) -> bool:
        """Whether the archive has anything of the URL's host: if so, what is missing is a 404 and not an unknown host."""
        return urls.place(url) in self.newest

    def cut_short(self, url: str) -> Path | None:
        """A file with the URL's host that lacks something: it ends in mid-record, or refers to a body that no file here holds.

        None where there is none: what is not in the archive was then not on the portal.
        """
        return self._cut.get(urls.place(url))

    def captured_at(self, url: str) -> datetime | None:
        """The newest capture time of the URL's host, None where the archive has nothing of it."""
        return self.newest.get(urls.place(url))

    def path_of(self, url: str) -> str:
        """The file in which `url` stands, or the first file."""
        entry = self._find(url)
        return str(self._parts[entry.part if entry else 0].path)

    def first_page(self) -> str:
        """The likely home page: the root of the first host with HTML, else the first HTML page nearest to it; "" if none."""
        pages = [key for key, entry in self._entries.items() if entry.html and entry.good]
        if not pages:
            return ""
        host = pages[0].partition("/")[0].partition("?")[0]
        nearest = min((page for page in pages if page.partition("/")[0].partition("?")[0] == host), key=_depth)
        return _url(self._record(self._entries[nearest]))

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _find(self, url: str) -> _Entry | None:
        """Exactly, else (for files, which no query changes) without the query."""
        wanted = urls.key(url)
        found = self._entries.get(wanted)
        if found is None and urls.ending(url) in STATIC_ENDINGS:
            found = self._entries.get(wanted.partition("?")[0])
        return found

    def _index(self, number: int, revisits: list[_Revisit]) -> int:
        """Note what one WARC holds; how many records that were."""
        part = self._parts[number]
        count, last, places = 0, 0, set[str]()
        try:
            with part.open() as stream:
                for record in warc.records(stream, WANTED):
                    self._note(number, record, revisits)
                    count, last = count + 1, record.stream_pos
                    places.add(urls.place(record.headers.get("WARC-Target-URI") or ""))
                if count and warc.ends_in_mid_record(stream, last):
                    self._cut |= dict.fromkeys(places, part.path)
        except OSError as error:
            raise warc.unreadable(part.path, error) from error
        return count

    def _note(self, number: int, record: WarcRecord, revisits: list[_Revisit]) -> None:
        url = _url(record)
        if not url:
            return
        key, place, entry = urls.key(url), urls.place(url), _entry(number, record)
        if record.record_type == WarcRecordType.revisit:
            revisits.append(_Revisit(key, entry, warc.refers_to(record), place))
        else:
            self._enter(key, entry)
        self.newest[place] = max(self.newest.get(place, warc.date_of(record)), warc.date_of(record))

    def _enter(self, key: str, entry: _Entry) -> None:
        known = self._entries.get(key)
        if known is None or entry.good or not known.good:
            self._entries[key] = entry

    def _settle(self, revisits: list[_Revisit]) -> None:
        """Find the bodies of revisits: one more pass, so that the names of all other records need no memory."""
        wanted = {revisit.original for revisit in revisits} - {""}
        bodies: dict[str, _Entry] = {}
        for number, part in enumerate(self._parts):
            with part.open() as stream:
                for record in warc.records(stream, warc.PAYLOADS):
                    for name in wanted.intersection(warc.names_of(record)):
                        bodies.setdefault(name, _entry(number, record))
        for revisit in revisits:
            body = bodies.get(revisit.original)
            if body is None:
                self._cut.setdefault(revisit.place, self._parts[revisit.entry.part].path)
            elif revisit.entry.status:
                self._bodies[revisit.entry.part, revisit.entry.offset] = body
                self._enter(revisit.key, revisit.entry)
            else:
                self._enter(revisit.key, body)

    def _record(self, entry: _Entry) -> WarcRecord:
        if entry.part not in self._files:
            self._files[entry.part] = self._parts[entry.part].open()
        return warc.record_at(self._files[entry.part], entry.offset)

    def _read(self, entry: _Entry) -> ArchivedResponse:
        record = self._record(entry)
        status, headers = warc.head_of(record)
        url, record_id, captured_at = _url(record), warc.bare_id(record), warc.date_of(record)
        original = self._bodies.get((entry.part, entry.offset))
        holder = self._record(original) if original else record
        body = warc.body_of(holder)
        return ArchivedResponse(
            url=url,
            status=status,
            headers=headers,
            body=body,
            record_id=record_id,
            digest=warc.digest_of(body),
            captured_at=captured_at,
            path=str(self._parts[entry.part].path),
            truncated="WARC-Truncated" in holder.headers,
        )


def _entry(number: int, record: WarcRecord) -> _Entry:
    status, headers = warc.head_of(record)
    kind = next((value for name, value in headers if name.lower() == "content-type"), "").lower()
    return _Entry(number, record.stream_pos, status, kind.startswith(HTML_TYPES))


def _url(record: WarcRecord) -> str:
    return urls.normalise(record.headers.get("WARC-Target-URI") or "")


def _depth(key: str) -> tuple[int, int]:
    path = key.partition("/")[2]
    return (key.count("/") + ("?" in key), len(path) if not path else 0)
