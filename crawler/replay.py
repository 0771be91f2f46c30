"""Reads a capture again from its WARC records: no network, no Scrapy, no browser."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from . import warc
from .capture import Capture, CaptureRecord, DocumentFacts, Page, Reason
from .guide import Reader, Recognise, itself
from .warc import ArchiveError

WANTED = warc.PAYLOADS | WarcRecordType.revisit


STAND_INS = frozenset({Reason.BLOCKED, Reason.NOT_FOUND, Reason.PARKED, Reason.HACKED, Reason.FORBIDDEN, Reason.SERVER_ERROR})
"""What a page that came without an error may have been told apart as, by the rules of its day."""


def replay(record: CaptureRecord, folder: Path, reader: Reader, recognise: Recognise = itself) -> Capture:
    """The capture with its facts, each page read as the visit read it. `folder` is the run's.

    Pages are told apart from what stands in for them anew, by `recognise`; where home was none, the visit ended there and stays
    as it was. A page that the reader now breaks on gets INTERNAL_ERROR. Raises ArchiveError where a file cannot be read or a
    payload stands in none of them: such a capture cannot be judged again.
    """
    pages = [kept.page() for kept in record.pages]
    wanted: dict[str, list[Page]] = {}
    for page in pages if record.visit.reached else ():
        if page.problem is None or (page.problem in STAND_INS and page.status < 400 and page.record_id):
            wanted.setdefault(page.record_id, []).append(page)
    files, left = files_of(record, folder), set(wanted)
    for found, body in payloads(files, wanted):
        left.discard(found)
        for page in wanted[found]:
            read_again(page, body, reader, recognise)
    if left:
        raise lacking(files, min(left))
    visit = record.visit
    if visit.reached and pages[0].problem:
        visit = visit.model_copy(update={"reason": pages[0].problem, "reached": False, "thorough": False})
    return Capture(record.entity, visit, pages, record.axe_version, record.browser_version)


def files_of(record: CaptureRecord, folder: Path) -> list[Path]:
    """The WARC files of a capture, the borrowed ones too; `folder` is the run's."""
    return [folder / name for name in record.warcs]


def payloads(paths: Sequence[Path], record_ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each of these records that stands in the files: its id and decoded payload; that of a revisit is its original's.

    They come in the order of the files, which are read once, and once more where a revisit refers to what stands before it.
    Raises ArchiveError for a file that cannot be read.
    """
    called = {record_id: {record_id} for record_id in record_ids}
    for _ in range(2):
        for record in _records(paths):
            if not called:
                return
            is_revisit = record.record_type == WarcRecordType.revisit
            names = [name for name in warc.names_of(record)[: 1 if is_revisit else 3] if name in called]
            if names:
                asked = set[str]().union(*map(called.pop, names))
                if is_revisit:
                    called.setdefault(warc.refers_to(record), set()).update(asked)
                else:
                    body = warc.body_of(record)
                    yield from ((record_id, body) for record_id in sorted(asked))


def lacking(paths: Sequence[Path], record_id: str) -> ArchiveError:
    """What to say where no file holds a payload."""
    path = paths[0] if paths else Path("evidence")
    return ArchiveError(path, "incomplete", f"lacks the record {record_id} or what it refers to; put the files back from a copy.")


def _records(paths: Sequence[Path]) -> Iterator[WarcRecord]:
    for part in [part for path in paths for part in warc.parts(path)]:
        try:
            with part.open() as stream:
                yield from warc.records(stream, WANTED)
        except OSError as error:
            raise warc.unreadable(part.path, error) from error


def read_again(page: Page, body: bytes, reader: Reader, recognise: Recognise = itself) -> None:
    """Give a page its facts, as the visit did: as much of it as was read then. Where the reader breaks it gets INTERNAL_ERROR."""
    if not page.rendered and page.truncated:
        body = body[: page.size]
    try:
        facts = reader(body, page.url, page.media_type, page.charset)
    except Exception:  # as in a visit: what breaks on our side leaves a row that says so
        page.problem = Reason.INTERNAL_ERROR
        return
    page.problem = None
    if isinstance(facts, DocumentFacts):
        page.document = facts
        return
    page.problem = recognise(facts, page.status)
    page.facts = None if page.problem else facts
