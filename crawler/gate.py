"""The only way out of Chromium: a proxy on loopback that connects to what the guard allows, at the very address it judged.

Requests of pages are also decided one by one (`browser.py`). What no page's session shows (shared workers, speculative loading,
sockets of workers) passes here all the same.
"""

import asyncio
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from . import urls
from .guard import Guard, RefusedError

LONGEST_HEAD = 128 * 1024
PIECE = 64 * 1024
LARGEST_FLOW = 64 * 1024 * 1024
"""Bytes that one connection may bring: more than any page needs, and an end to bodies without one."""
DEFAULT_PORTS = {"http": 80, "https": 443}
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
UNREACHABLE = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CONNECTED = b"HTTP/1.1 200 Connected\r\n\r\n"
OF_THE_PROXY = (b"proxy-", b"connection:", b"keep-alive:")


class _Wish(NamedTuple):
    """Where Chromium wants to go; `opening` is what the server is told first, b"" for a tunnel."""

    url: str
    opening: bytes


class Gate:
    """The proxy. `open` it before Chromium starts, `close` it after Chromium ended."""

    def __init__(self, guard: Guard, seconds: float) -> None:
        self._guard = guard
        self._seconds = seconds
        self._server: asyncio.Server | None = None
        self._visitors: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Listen on a free loopback port; gives the address of the proxy."""
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", 0, limit=LONGEST_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop listening and drop what is under way. May be called at any time."""
        if self._server:
            self._server.close()
        for visitor in self._visitors:
            visitor.cancel()
        await asyncio.gather(*self._visitors, return_exceptions=True)
        self._server = None

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visitor = asyncio.ensure_future(self._serve(reader, writer))
        self._visitors.add(visitor)
        visitor.add_done_callback(self._visitors.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of Chromium: one wish, granted or not. Whatever breaks ends that connection alone."""
        with suppress(OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            try:
                wish = _wish(await reader.readuntil(b"\r\n\r\n"))
                far_reader, far_writer = await asyncio.wait_for(self._connect(wish.url), self._seconds)
            except (RefusedError, OSError, TimeoutError) as error:
                writer.write(REFUSED if isinstance(error, RefusedError) else UNREACHABLE)
            else:
                far_writer.write(wish.opening)
                writer.write(b"" if wish.opening else CONNECTED)
                await _relay((reader, far_writer), (far_reader, writer))
        with suppress(OSError):
            writer.close()

    async def _connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        address = await self._guard.check(url)
        host = urls.host_of(url) if self._guard.allows(url) else address
        return await asyncio.open_connection(host, port)


def _wish(head: bytes) -> _Wish:
    """What a request to the proxy asks for. Raises ValueError where that is no request."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, target, version = first.split(b" ")
    if method == b"CONNECT":
        return _Wish(f"https://{target.decode('ascii')}", b"")
    parts = urlsplit(target.decode("ascii"))
    if parts.scheme != "http":
        raise ValueError(f"no proxy is needed for {parts.scheme!r}")
    place = (parts._replace(scheme="", netloc="").geturl() or "/").encode()
    kept = [line for line in lines if not line.lower().startswith(OF_THE_PROXY)]
    opening = b"\r\n".join([b" ".join((method, place, version)), *kept, b"Connection: close", b"", b""])
    return _Wish(target.decode("ascii"), opening)


async def _relay(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Carry bytes both ways until one side has ended and all of its bytes are over."""
    tasks = [asyncio.ensure_future(_carry(source, sink)) for source, sink in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _, sink in ways:
            sink.close()


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    left = LARGEST_FLOW
    while left > 0 and (piece := await source.read(PIECE)):
        left -= len(piece)
        sink.write(piece)
        await sink.drain()
