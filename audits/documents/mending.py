"""A PDF of which only the first part came: what leads to the pages stands at its end, so another end is written for it."""

import re

_MAX_PAGES = 12
_HEAD = re.compile(rb"(?<!\d)(\d{1,7}) +(\d{1,5}) +obj\b")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_LONGEST_HEAD = 3000
_CATALOG, _TREE = 8_388_001, 8_388_000
_TAIL = b"""
endstream
endobj
%d 0 obj
<</Type/Pages/Kids[%s]/Count %d>>
endobj
%d 0 obj
<</Type/Catalog/Pages %d 0 R>>
endobj
trailer
<</Root %d 0 R/Size %d>>
startxref
0
%%%%EOF
"""


def mended(body: bytes) -> bytes | None:
    """The part with an end of its own, by which the pages in it can be read; None where it holds no page or has its end."""
    if b"%%EOF" in body[-2048:]:
        return None
    kids = _pages(body)
    if not kids:
        return None
    tail = _TAIL % (_TREE, b" ".join(kids), len(kids), _CATALOG, _TREE, _CATALOG, _CATALOG + 1)
    return body + tail


def _pages(body: bytes) -> list[bytes]:
    """References to the first pages whose objects stand whole in the part."""
    kids: list[bytes] = []
    for page in _PAGE.finditer(body):
        start = max(0, page.start() - _LONGEST_HEAD)
        heads = list(_HEAD.finditer(body, start, page.start()))
        if not heads or b"endobj" in body[heads[-1].end() : page.start()] or body.find(b"endobj", page.end()) < 0:
            continue
        kids.append(b"%s %s R" % (heads[-1][1], heads[-1][2]))
        if len(kids) == _MAX_PAGES:
            break
    return kids
