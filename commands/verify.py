"""`veedor verify RUN`: everything that a run says it saw, checked against its files. Nothing is asked of any network."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from rich.text import Text

from audits.facts import read
from audits.model import Audit, Evidence
from audits.quotes import stands_in, words_of
from audits.text import shorten
from commands.display import console, indented, number, show_json, table
from commands.errors import NothingDoneError, UserError
from commands.home import Home
from commands.runs import Run, find_run, origin
from commands.wording import say
from crawler import digests
from crawler.capture import CaptureRecord, Page
from crawler.replay import files_of, payloads, read_again
from crawler.warc import ArchiveError, digest_of

SHOWN = 120
"""Characters of a quote that are shown."""

FAULTS = {digests.BLOCK: "block", digests.PAYLOAD: "payload", digests.BROKEN: "broken"}
"""The sentence for each thing that may be wrong with a file."""


@dataclass
class Row:
    """What was checked of one entity: WARC records and quotes, how many of them are wrong, how many files and pages are missing.

    `problems` are sentences, one for each thing that is wrong and one for all pages that a file lacks.
    """

    entity: str
    records: int = 0
    quotes: int = 0
    wrong: int = 0
    missing: int = 0
    problems: list[str] = field(default_factory=list)

    def is_wrong(self, key: str, **values: object) -> None:
        """Note that something is not what was written."""
        self.wrong += 1
        self.problems.append(say(f"verify.{key}", **values))

    def is_missing(self, key: str, lost: int = 1, **values: object) -> None:
        """Note that something is not there."""
        self.missing += lost
        self.problems.append(say(f"verify.{key}", **values))


def verify_run(home_dir: Path, run: str, *, as_json: bool) -> None:
    """Check the evidence of a run and print a row for each entity; raises NothingDoneError where anything is wrong or missing."""
    home = Home(home_dir)
    chosen = find_run(home, run)
    rows = list(verified(chosen, origin(home, chosen)))
    if as_json:
        show_json({"run": chosen.record.id, "entities": [asdict(row) for row in rows]})
    else:
        print_rows(rows)
    wrong, missing = sum(row.wrong for row in rows), sum(row.missing for row in rows)
    if wrong or missing:
        raise NothingDoneError("evidence", wrong=wrong, missing=missing)


def print_rows(rows: list[Row]) -> None:
    """The table, then each problem in a sentence."""
    counts = [(row.records, row.quotes, row.wrong, row.missing) for row in rows]
    headings = [say(f"verify.{name}") for name in ("entity", "records", "quotes", "wrong", "missing")]
    cells = [(row.entity, *map(number, count)) for row, count in zip(rows, counts, strict=True)]
    console().print(table("", headings, cells, right=(1, 2, 3, 4)))
    for row in rows:
        for problem in row.problems:
            indented(Text(f"{row.entity}: {problem}", style="red"), 0)


def verified(run: Run, source: Run) -> Iterator[Row]:
    """One row for each finished entity of a run; `source` is the run whose visits it judges."""
    look = cache(digests.check)
    for entity_id in run.finished():
        row = Row(entity_id)
        try:
            audit = run.audit(entity_id)
            capture = source.capture(entity_id)
        except OSError:
            row.is_missing("no_capture", file=source.capture_file(entity_id))
        except UserError as error:
            row.wrong += 1
            row.problems.append(str(error))
        else:
            check_entity(row, audit, capture, source, look)
        yield row


def check_entity(row: Row, audit: Audit, capture: CaptureRecord, source: Run, look: Callable[[Path], digests.Checked]) -> None:
    """Check the files, the pages and the quotes of one entity."""
    files = []
    for path in files_of(capture, source.folder):
        try:
            checked = look(path)
        except ArchiveError:
            row.is_missing("no_file", file=path)
            continue
        files.append(path)
        row.records += checked.records
        for fault in checked.faults:
            row.is_wrong(FAULTS[fault.what], file=path, record=fault.record_id, offset=fault.offset)
    check_pages(row, audit, capture, files)


def check_pages(row: Row, audit: Audit, capture: CaptureRecord, files: list[Path]) -> None:
    """Look for every page of the capture in the files, and for what findings quote in the pages that they name."""
    quoted = defaultdict[str, list[tuple[str, Evidence]]](list)
    for finding in audit.findings:
        for proof in finding.evidence:
            quoted[proof.record_id].append((finding.criterion, proof))
    pages = {kept.record_id: kept for kept in capture.pages if kept.record_id}
    for record_id in quoted.keys() - pages.keys():
        for criterion, proof in quoted[record_id]:
            row.quotes += 1
            row.is_wrong("no_record", criterion=criterion, record=record_id or "–", url=proof.url)
    found = set()
    for record_id, body in payloads(files, pages):
        found.add(record_id)
        page = pages[record_id].page()
        if digest_of(body) != page.digest:
            row.is_wrong("changed", record=record_id, url=page.url)
        if record_id in quoted:
            read_again(page, body, read)
            check_quotes(row, page, quoted[record_id])
    lost = [kept.url for record_id, kept in pages.items() if record_id not in found]
    if lost:
        row.is_missing("no_pages", len(lost), count=len(lost), url=lost[0])


def check_quotes(row: Row, page: Page, quoted: list[tuple[str, Evidence]]) -> None:
    """Whether each quote stands in the page, and each finding means this very page."""
    words = words_of(page)
    for criterion, proof in quoted:
        row.quotes += 1
        if proof.digest != page.digest:
            row.is_wrong("other_digest", criterion=criterion, record=page.record_id, url=proof.url)
        elif not stands_in(proof.quote, page, words):
            row.is_wrong("no_quote", criterion=criterion, quote=shorten(proof.quote, SHOWN), url=proof.url)
