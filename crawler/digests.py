"""Recomputes the digests that stand in the records of a WARC, whoever wrote it."""

import hashlib
import re
from base64 import b32encode, b64encode, urlsafe_b64encode
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from . import warc

CHUNK = 1 << 18
LONGEST_HEAD = 1 << 16
HEAD_END, CHUNKED = re.compile(rb"\r?\n\r?\n"), b"transfer-encoding: chunked"
BLOCK, PAYLOAD, BROKEN = "block", "payload", "broken"


class Fault(NamedTuple):
    """What is wrong in a WARC: `what` is block or payload (a record whose digest does not fit) or broken (unreadable from here).

    `offset` is in bytes of the file; `record_id` is "" where none can be read.
    """

    what: str
    record_id: str
    offset: int


class Checked(NamedTuple):
    """The outcome for one file: how many records it holds, and what is wrong with them."""

    records: int
    faults: tuple[Fault, ...]


def check(path: Path) -> Checked:
    """Every record's block and payload digest, recomputed. Digests of kinds that this machine cannot compute are passed over.

    Raises ArchiveError for a file that cannot be read at all.
    """
    count, faults = 0, list[Fault]()
    for part in warc.parts(path):
        try:
            with part.open() as stream:
                found, wrong = _check(stream)
        except OSError as error:
            raise warc.unreadable(path, error) from error
        count, faults = count + found, faults + wrong
    return Checked(count, tuple(faults))


def _check(stream: BinaryIO) -> tuple[int, list[Fault]]:
    count, last, faults = 0, 0, list[Fault]()
    walk = ArchiveIterator(stream, parse_http=False, strict_mode=False)
    while True:
        try:
            record = next(walk, None)
            if record is None:
                break
            last = record.stream_pos
            faults += [Fault(what, warc.bare_id(record), last) for what in _wrong(record)]
            count += 1
        except Exception:  # the library tells broken files by errors of many kinds
            return count, [*faults, Fault(BROKEN, "", last)]
    if not count or warc.ends_in_mid_record(stream, last):
        whole = [fault for fault in faults if fault.offset != last]  # that its digest does not fit is the same damage
        return count, [*whole, Fault(BROKEN, "", last)]
    return count, faults


def _wrong(record: WarcRecord) -> list[str]:
    """Which digests of a record do not fit what it holds."""
    header, is_revisit = record.headers.get, record.record_type == WarcRecordType.revisit
    block = _Sum(header("WARC-Block-Digest"))
    payload = _Sum(None if is_revisit else header("WARC-Payload-Digest"))  # a revisit's is that of another record's payload
    in_head, head, chunked = record.record_type == WarcRecordType.response, b"", bytearray()
    while data := record.reader.read(CHUNK):
        block.update(data)
        if in_head:
            head += data
            end = HEAD_END.search(head)
            if end is None:
                continue
            in_head, data = False, head[end.end() :]
        payload.update(data)
        if CHUNKED in head[:LONGEST_HEAD].lower():
            chunked += data
    fits = payload.fits() or (bool(chunked) and payload.fits(warc.unchunked(bytes(chunked))))
    return [what for what, right in ((BLOCK, block.fits()), (PAYLOAD, fits)) if not right]


class _Sum:
    """A digest as a record names it ("sha1:…", in base 16, 32 or 64), and the one that is computed. Without a name all fits."""

    def __init__(self, named: str | None) -> None:
        self._name, _, self._value = (named or "").partition(":")
        usable = self._name.lower() in hashlib.algorithms_guaranteed and not self._name.lower().startswith("shake")
        self._sum = hashlib.new(self._name.lower()) if usable else None

    def update(self, data: bytes) -> None:
        if self._sum:
            self._sum.update(data)

    def fits(self, whole: bytes | None = None) -> bool:
        """Whether what was given fits the name; `whole` stands in for all that was given."""
        if self._sum is None:
            return True
        computed = self._sum.digest() if whole is None else hashlib.new(self._name.lower(), whole).digest()
        spellings = (
            computed.hex(),
            b32encode(computed).decode(),
            b64encode(computed).decode(),
            urlsafe_b64encode(computed).decode(),
        )
        return self._value.lower() == spellings[0] or self._value.rstrip("=") in [text.rstrip("=") for text in spellings[1:]]
