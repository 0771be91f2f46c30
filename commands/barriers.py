"""The barriers of a portal as a table for spreadsheets, one a row."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from commands.display import notice
from commands.examined import Examined
from commands.home import write_whole
from commands.wording import say
from results.site.downloads import safe_cell

HEADINGS = (
    "entity", "run", "number", "criteria", "rules", "pages", "elements", "url", "selector", "snippet", "message", "fix", "help",
    "captured_at", "record", "digest", "page_urls",
)  # fmt: skip


def write_barriers(found: Examined, path: Path) -> None:
    """Write the table (UTF-8, comma, a header row; lists are parted by blanks) and say what it holds."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows(found))
    write_whole(path, out.getvalue())
    notice(say("accessibility.csv_written", file=path, count=len(found.said.barriers)))


def rows(found: Examined) -> Iterator[tuple[object, ...]]:
    """The cells of each barrier, in the order of HEADINGS."""
    entity, run = found.capture.entity.id, found.run.record.id
    for place, barrier in enumerate(found.said.barriers, 1):
        example = barrier.example
        spread = (place, " ".join(barrier.criteria), " ".join(barrier.rules), len(barrier.pages), barrier.elements)
        shown = (example.url, example.selector, example.quote, barrier.message, found.fix_of(barrier), barrier.help_url)
        proof = (example.captured_at.isoformat(), example.record_id, example.digest, " ".join(barrier.pages))
        yield entity, run, *spread, *shown, *proof
