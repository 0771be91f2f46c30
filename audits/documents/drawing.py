"""How much a page of a PDF makes a reader draw: a few bytes may unpack into millions, and forms may call forms without end."""

import re
from collections import Counter
from contextlib import suppress
from typing import Any

import pikepdf

from audits.documents.packages import inflated

_DEEPEST = 12
_CALL = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def weight(pdf: pikepdf.Pdf | None, index: int, limit: int) -> int:
    """Bytes of drawing instructions of a page, each counted as often as it is called; `limit` where there are as many or more."""
    if pdf is None:
        return 0
    with suppress(pikepdf.PdfError, IndexError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
        page = pdf.pages[index].obj
        contents = page.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        known: dict[tuple[int, int], int] = {}
        return min(sum(_weight(stream, page.get("/Resources"), limit, known, 0) for stream in streams), limit)
    return 0


def _weight(stream: Any, resources: Any, limit: int, known: dict[tuple[int, int], int], depth: int) -> int:
    if not isinstance(stream, pikepdf.Stream):
        return 0
    if depth > _DEEPEST:
        return limit
    key = stream.objgen
    if key not in known:
        known[key] = 0  # a form that calls itself is drawn once
        raw = stream.read_raw_bytes()
        data = inflated(raw, limit) if "Flate" in str(stream.get("/Filter", "")) else raw[:limit]
        total = len(data)
        forms: Any = (stream.get("/Resources") or resources or {}).get("/XObject", {})
        for name, times in Counter(_CALL.findall(data)).items():
            form = forms.get("/" + _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name).decode("utf-8", "replace"))
            if form is not None and form.get("/Subtype") == "/Form":
                total += times * _weight(form, resources, limit, known, depth + 1)
            if total >= limit:
                break
        known[key] = min(total, limit)
    return known[key]
