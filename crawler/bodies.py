"""How much of a response is taken: limits while it comes, and compression undone within limits afterwards."""

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]
from scrapy.http import Headers

GZIP = b"\x1f\x8b"
PIECE, SIP = 64 * 1024, 4 * 1024
"""How much comes out at once, and goes in: of a piece that turns out to be broken nothing comes out."""
MOST_LAYERS = 3
LENGTH, TIME, DISCONNECT = "length", "time", "disconnect"
"""Why a body is not whole, in the words of WARC-Truncated."""

Inflated = tuple[bytes, bool]
"""A body, and whether there was more of it than may be taken."""


@dataclass(slots=True)
class Intake:
    """What is taken of one response, in bytes. Pages are cut, documents are taken whole or not at all.

    `cuts` says from the start that it is to be treated like a page, whatever it is. `deadline` is when a page that is still
    coming is cut too, on the clock of time.monotonic. `taken` counts what came, head and encoded body; `cut` is why the rest
    was left, "" where it was not.
    """

    page: int
    document: int
    deadline: float
    cuts: bool = False
    is_page: bool = True
    length: int = 0
    received: int = 0
    taken: int = 0
    cut: str = ""

    @property
    def most(self) -> int:
        """The limit for what this response is."""
        return self.page if self.is_page else self.document

    def refuses(self, headers: Headers, length: int) -> bool:
        """The head of the response came: whether its body is to be left alone. `length` is the Content-Length, 0 if unknown."""
        kind = (headers.get("Content-Type") or b"").lower()
        self.is_page = self.cuts or not kind.strip() or b"html" in kind
        self.length = length
        self.taken += len(headers.to_string())
        if not self.is_page and length > self.document:
            self.cut = LENGTH
        return bool(self.cut)

    def is_full(self, size: int) -> bool:
        """A piece of the body came: whether that is enough."""
        self.received += size
        self.taken += size
        if self.received > self.most:
            self.cut = LENGTH
        elif self.is_page and time.monotonic() > self.deadline:
            self.cut = TIME
        return bool(self.cut)


def inflate(body: bytes, encodings: Iterable[bytes], most: int) -> Inflated:
    """The body without the Content-Encodings that can be undone, `most` bytes at most.

    Bytes decide, not headers: what is not compressed as it claims to be stays as it is. Of broken data, what came before counts.
    """
    names = [name.strip().lower() for value in encodings for name in value.split(b",")]
    over = False
    for name in list(reversed(names))[:MOST_LAYERS]:
        undo = MACHINES.get(name)
        if undo and body:
            body, more = undo(body, most)
            over |= more
    return body, over


def _gzip(body: bytes, most: int) -> Inflated:
    return _members(body, 31, most) if body[:2] == GZIP else (body, False)


def _deflate(body: bytes, most: int) -> Inflated:
    """zlib's format, or the bare one that some servers send."""
    for bits in (15, -15):
        found = _members(body, bits, most)
        if found[0]:
            return found
    return body, False


def _members(body: bytes, bits: int, most: int) -> Inflated:
    whole, machine, at = bytearray(), zlib.decompressobj(bits), 0
    try:
        while at < len(body):
            data = body[at : at + SIP]
            at += len(data)
            while data:
                whole += machine.decompress(data, most + 1 - len(whole))
                if len(whole) > most:
                    return bytes(whole[:most]), True
                if not machine.eof:
                    break
                data = machine.unused_data
                if bits != 31 or data[:2] not in (GZIP, GZIP[:1]):
                    return bytes(whole), False
                machine = zlib.decompressobj(bits)
    except zlib.error:
        pass
    return bytes(whole), False


def _brotli(body: bytes, most: int) -> Inflated:
    whole, machine, at = bytearray(), brotli.Decompressor(), 0
    try:
        while at < len(body) and not machine.is_finished():
            whole += machine.process(body[at : at + SIP], output_buffer_limit=PIECE)
            at += SIP
            while not machine.can_accept_more_data():
                whole += machine.process(b"", output_buffer_limit=PIECE)
                if len(whole) > most:
                    return bytes(whole[:most]), True
    except brotli.error:
        pass
    return (bytes(whole[:most]), len(whole) > most) if whole else (body, False)


MACHINES: dict[bytes, Callable[[bytes, int], Inflated]] = {
    b"gzip": _gzip,
    b"x-gzip": _gzip,
    b"deflate": _deflate,
    b"br": _brotli,
}
ACCEPTED = b"gzip, deflate, br"
