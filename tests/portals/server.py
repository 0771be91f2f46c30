"""Serves each folder of `tests/portals/town` as a portal of its own, on its own loopback port.

with Town() as town:
    town.portals["villa-ejemplo"].url           # http://127.0.0.1:41873/
    town.open("awkward").add("/", silent())     # a portal without a folder, made of behaviours
"""

import mimetypes
import socket
import ssl
import struct
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import unquote, urlsplit

from .behaviours import HTML, Answer, Asked, Behaviour, page
from .dates import fill_dates

TOWN = Path(__file__).parent / "town"
LOOPBACK = "127.0.0.1"
INDEX = ("index.html", "index.htm")
WITH_DATES = (".html", ".js")
PIECE = 1024

NOT_FOUND = Answer(404, page("404"))


class Portal:
    """One portal: files of a folder (or none), and behaviours that go before them.

    `asked` holds every request in order of arrival, so that tests can judge the visitor's manners.
    """

    def __init__(self, name: str, folder: Path | None = None, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.name = name
        self.folder = folder
        self.asked: list[Asked] = []
        self._behaviours: dict[str, Behaviour] = {}
        handler = type("PortalHandler", (_Handler,), {"portal": self})
        self._server = _Server((LOOPBACK, port), handler)
        self._server.tls = tls
        self.port: int = self._server.server_address[1]
        self.host = f"{LOOPBACK}:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name=f"portal {name}", daemon=True).start()

    def add(self, path: str, behaviour: Behaviour) -> Self:
        """Let `behaviour` answer for `path`: with a query for that URL only, ending in `*` for all that begins so."""
        self._behaviours[path] = behaviour
        return self

    def paths(self) -> list[str]:
        """The paths asked so far, in order."""
        return [asked.path for asked in self.asked]

    def answer(self, asked: Asked) -> Answer:
        """What to send: a behaviour, else a file, else 404."""
        self.asked.append(asked)
        bare = urlsplit(asked.path).path
        for path in (asked.path, bare):
            if path in self._behaviours:
                return self._behaviours[path](asked)
        for path, behaviour in self._behaviours.items():
            if path.endswith("*") and asked.path.startswith(path[:-1]):
                return behaviour(asked)
        return self._file(unquote(bare))

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _file(self, path: str) -> Answer:
        if self.folder is None:
            return NOT_FOUND
        target = (self.folder / path.lstrip("/")).resolve()
        if not target.is_relative_to(self.folder.resolve()):
            return NOT_FOUND
        if target.is_dir():
            if not path.endswith("/"):
                return Answer(301, headers={"Location": path + "/"})
            target = next((target / name for name in INDEX if (target / name).is_file()), target)
        if not target.is_file():
            return NOT_FOUND
        kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
        body = fill_dates(target.read_bytes(), date.today()) if target.suffix in WITH_DATES else target.read_bytes()
        return Answer(body=body, media_type=HTML if kind == "text/html" else kind)


class Town:
    """All portals of a folder, served while the `with` block lasts; ports follow `base_port`, or are free ones if 0."""

    def __init__(self, folder: Path | None = TOWN, base_port: int = 0) -> None:
        self.portals: dict[str, Portal] = {}
        self._base_port = base_port
        for place in sorted(folder.iterdir()) if folder and folder.is_dir() else ():
            if place.is_dir():
                self.open(place.name, place)

    def open(self, name: str, folder: Path | None = None, tls: ssl.SSLContext | None = None) -> Portal:
        """Add one portal and serve it, over TLS where a context with its certificate is given."""
        port = self._base_port + len(self.portals) if self._base_port else 0
        self.portals[name] = Portal(name, folder, port, tls)
        return self.portals[name]

    @property
    def hosts(self) -> tuple[str, ...]:
        """`host:port` of every portal, in the form that the guard's allow list takes."""
        return tuple(portal.host for portal in self.portals.values())

    def close(self) -> None:
        """Stop serving all of them."""
        for portal in self.portals.values():
            portal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: object, client_address: object) -> None:
        """Serve one connection, in a thread of its own; the handshake is part of it, so that nobody holds up the others."""
        assert isinstance(request, socket.socket)
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that hangs up is no event here."""


class _Handler(BaseHTTPRequestHandler):
    portal: ClassVar[Portal]
    protocol_version = "HTTP/1.1"
    server_version = "Town"
    timeout = 60

    def do_GET(self) -> None:
        """Answer a GET or HEAD as the portal wishes."""
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.portal.answer(Asked(self.command, self.path, headers, time.monotonic()))
        time.sleep(reply.wait)
        if reply.raw is not None or reply.torn:
            self.close_connection = True
            for piece in reply.raw or ():
                self.wfile.write(piece)
        else:
            self._send(reply)
        if reply.reset:
            self._reset()

    do_HEAD = do_POST = do_GET  # noqa: N815

    def _send(self, reply: Answer) -> None:
        length = len(reply.body) if reply.length is None and reply.pieces is None else reply.length
        self.send_response(reply.status)
        if reply.media_type:
            self.send_header("Content-Type", reply.media_type)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.pieces is not None or length != len(reply.body):
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self._body(reply)

    def _body(self, reply: Answer) -> None:
        if not reply.trickle and reply.pieces is None:
            self.wfile.write(reply.body)
            return
        for piece in reply.pieces or (reply.body[i : i + PIECE] for i in range(0, len(reply.body), PIECE)):
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(reply.trickle)

    def _reset(self) -> None:
        """Let the connection end with a TCP reset: what was sent may never be read."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the terminal quiet; `Portal.asked` is the log."""
