"""Bodies that are too much: endless, huge, packed to burst. They are made while they are sent."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, repeat

import brotli

from crawler.capture import Reason
from tests.portals import behaviours as be
from tests.portals.server import Portal

from .case import Case, Trap, home
from .homes import at_home, lost

MEGABYTE = 2**20
LINE = b"<p>" + b"y otra linea mas de la pagina que no acaba " * 24 + b"</p>\n"
PIECE = LINE * 64
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


@cache
def packed(form: str, megabytes: int = 100) -> bytes:
    """So many megabytes of blanks after a page's beginning, in a content coding."""
    pieces = chain([home()], repeat(b" " * MEGABYTE, megabytes))
    if form == "br":
        worker = brotli.Compressor(quality=1)
        return b"".join(worker.process(piece) for piece in pieces) + worker.finish()
    packer = zlib.compressobj(1, zlib.DEFLATED, 31 if form == "gzip" else 15)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def cut(name: str, behaviour: be.Behaviour) -> Case:
    """A home page of which the first part is read: enough to be the portal, too little to say what it lacks."""
    return Case(name, at_home(behaviour), thorough=False)


def bomb(name: str, form: str, body: Callable[[], bytes]) -> Case:
    """A home page that unpacks to 100 MB; it is packed when it is first served."""
    return cut(name, lambda asked: be.Answer(body=body(), headers={"Content-Encoding": form}))


def large_page() -> Iterator[bytes]:
    """300 MB of HTML."""
    return chain([home()], repeat(PIECE, 300 * MEGABYTE // len(PIECE)))


def nodes_200_000(portal: Portal, trap: Trap) -> None:
    """A page with 200,000 elements, side by side."""
    portal.add("/", be.answer(home("<i>x</i> " * 200_000)))


def nested_50_000(portal: Portal, trap: Trap) -> None:
    """50,000 elements, one in the other."""
    portal.add("/", be.answer(home("<div>" * 50_000 + "hondo" + "</div>" * 50_000)))


def attribute_2_mb(portal: Portal, trap: Trap) -> None:
    """One element with an attribute of 2 MB, one with 20,000 attributes, and an unfinished comment."""
    many = " ".join(f"a{i}=1" for i in range(20_000))
    portal.add("/", be.answer(home(f'<p title="{"x" * 2_000_000}">a</p><p {many}>b</p><!-- {"-" * 100_000}')))


def fields_20_000(portal: Portal, trap: Trap) -> None:
    """A form with 20,000 fields and a table of 20,000 rows."""
    fields = "".join(f'<label>dato {i} <input name="f{i}"></label>' for i in range(20_000))
    portal.add("/", be.answer(home(f"<form>{fields}</form><table>{'<tr><td>1<td>2' * 20_000}</table>")))


CASES = (
    cut("body_without_end", be.streamed(lambda: chain([home()], repeat(PIECE)))),
    cut("page_of_300_mb", be.streamed(large_page)),
    cut("page_of_300_mb_announced", be.streamed(large_page, length=300 * MEGABYTE)),
    cut("chunk_of_a_terabyte", be.wire(CHUNKED, b"ffffffffff\r\n", home(), then=lambda: repeat(PIECE))),
    bomb("gzip_bomb", "gzip", lambda: packed("gzip")),
    bomb("deflate_bomb", "deflate", lambda: packed("deflate")),
    bomb("brotli_bomb", "br", lambda: packed("br")),
    bomb("bomb_in_a_bomb", "gzip, gzip", lambda: gzip.compress(packed("gzip"))),
    Case("nodes_200000", nodes_200_000),
    Case("nested_50000", nested_50_000),
    Case("attribute_2_mb", attribute_2_mb),
    Case("fields_20000", fields_20_000),
    lost("blank_page_of_1_mb", Reason.EMPTY_BODY, be.answer(b" " * MEGABYTE)),
)
