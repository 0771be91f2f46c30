"""A port of loopback that notes whatever arrives, over TCP or UDP, and never answers."""

import socket
import threading
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"


class Listener:
    """`arrived` holds the first bytes of every connection and every datagram; `host` is its "host:port"."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self._tcp = socket.create_server((LOOPBACK, 0))
        port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((LOOPBACK, port))
        self.host = f"{LOOPBACK}:{port}"
        for work in (self._connections, self._datagrams):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tcp.close()
        self._udp.close()

    def _connections(self) -> None:
        while self._tcp.fileno() >= 0:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    self.arrived.append(connection.recv(200))
                except OSError:
                    self.arrived.append(b"")

    def _datagrams(self) -> None:
        while self._udp.fileno() >= 0:
            try:
                self.arrived.append(self._udp.recvfrom(2000)[0])
            except OSError:
                return
