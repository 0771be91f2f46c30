"""Encodings that are wrong, missing or mixed: no letter may be lost, and no page."""

import gzip

from tests.portals import behaviours as be

from .case import Case, home
from .homes import at_home

TITLE = "Según el camión, año pequeño"
HTML = home(title=TITLE).decode()
BARE = HTML.replace('<meta charset="utf-8">', "")
PLAIN = "text/html"


def read(name: str, body: bytes, media_type: str = PLAIN, title: str = TITLE, **headers: str) -> Case:
    """A home page that must be read with this title."""
    return Case(name, at_home(be.answer(body, media_type=media_type, **headers)), title=title)


CASES = (
    read("latin1_unsaid", BARE.encode("latin-1")),
    read("latin1_said_utf8", HTML.encode("latin-1"), "text/html; charset=utf-8"),
    read("utf8_said_latin1", BARE.encode(), "text/html; charset=iso-8859-1"),
    read("utf8_with_bom_said_latin1", b"\xef\xbb\xbf" + BARE.encode(), "text/html; charset=iso-8859-1"),
    read("unknown_charset", HTML.encode(), "text/html; charset=x-klingon"),
    read("utf16_with_bom", HTML.encode("utf-16"), PLAIN),
    read("utf16_said", BARE.encode("utf-16-le"), "text/html; charset=utf-16le"),
    read("utf16_said_in_utf8", HTML.replace("utf-8", "utf-16").encode(), PLAIN),
    read("nul_bytes", HTML.replace("<p>", "<p>\0\0\0").encode(), "text/html; charset=utf-8"),
    read("nul_bytes_in_front", b"\0" * 64 + HTML.encode(), "text/html; charset=utf-8"),
    read("invalid_utf8", HTML.replace("villa", "vi\udcfflla").encode(errors="surrogateescape"), "text/html; charset=utf-8"),
    read("empty_title", home(title=""), title=""),
    read("title_of_200_kb", home(title="a" * 200_000), title="a" * 200_000),
    read("no_markup_at_all", ("Nada más que palabras sin marca. " * 12).encode(), title=""),
    read("two_heads_and_no_body", (HTML + HTML.replace(TITLE, "otro")).encode()),
    read("gzip_unsaid", gzip.compress(HTML.encode()), "text/html; charset=utf-8", content_encoding="x-gzip"),
)
