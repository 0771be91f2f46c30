"""WARC files for tests: written by our pen, read by warcio."""

import subprocess
import sys
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.originals import Original
from crawler.pen import SMALLEST_SHARED, WarcPen

AT, LATER = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), datetime(2025, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
AGENT = "veedor/1 (+https://contact.example)"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
BIG = b"<title>Acta</title><p>" + b"Acta de la sesion. " * (SMALLEST_SHARED // 10) + b"</p>"
"""A body that is worth sharing."""


def write(path: Path, *pages: tuple[str, bytes], at: datetime = AT, known: Mapping[str, Original] | None = None) -> Path:
    """A file with these pages, all asked for at one time."""
    with WarcPen(path, AGENT, known) as pen:
        for url, body in pages:
            pen.exchange(url, at, [], 200, "OK", HTML, body)
        pen.close()
    return path


def headers(path: Path) -> list[dict[str, str]]:
    """The WARC headers of all records, in order."""
    with path.open("rb") as stream:
        return [dict(record.rec_headers.headers) for record in ArchiveIterator(stream)]


def warcio_check(path: Path) -> subprocess.CompletedProcess[str]:
    """What `warcio check -v` says of a file."""
    code = "from warcio.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, "check", "-v", str(path)], capture_output=True, text=True, timeout=60)


def members(packed: bytes) -> list[bytes]:
    """The unpacked members of a gzip file: one for each record."""
    found = []
    while packed:
        machine = zlib.decompressobj(31)
        found.append(machine.decompress(packed))
        packed = machine.unused_data
    return found
