"""Payloads that earlier files hold, so that the same bytes are written once."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from fastwarc.warc import WarcRecordType

from . import warc


class Original(NamedTuple):
    """The record that holds a payload: what was asked for and when, its id, the path of its WARC ("": the one in the making)."""

    url: str
    at: datetime
    record_id: str
    warc: str


def originals(paths: Iterable[Path]) -> dict[str, Original]:
    """The whole payloads of the responses in these files, by the digests that stand in their headers; the first of each.

    No body is read. Files that cannot be read hold nothing; whoever names the older files first makes all revisits refer to them.
    """
    found: dict[str, Original] = {}
    for path in paths:
        try:
            with path.open("rb") as stream:
                for record in warc.records(stream, WarcRecordType.response, http=False):
                    digest = record.headers.get("WARC-Payload-Digest")
                    if digest and "WARC-Truncated" not in record.headers:
                        url = record.headers.get("WARC-Target-URI") or ""
                        found.setdefault(digest, Original(url, warc.date_of(record), warc.bare_id(record), str(path)))
        except OSError:
            continue
    return found
