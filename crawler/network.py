"""How we talk to the network: Scrapy's HTTP over a TLS that old and badly kept servers understand too."""

import ipaddress
from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web._newclient import HEADER, STATUS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

CIPHERS = b"DEFAULT:@SECLEVEL=0"
"""Keys and hashes of the year 2000 included: what such a server says is public anyway, and that it is old is on record."""
LEGACY_RENEGOTIATION = 0x4
"""SSL_OP_LEGACY_SERVER_CONNECT of OpenSSL."""


IDLE_SECONDS = 30
"""How long a connection that nobody uses is kept: with many portals at once, longer would be thousands of them."""

LONGEST_HEAD = 256 * 1024
"""Bytes of status and headers after which a server is hung up on."""


class NetworkHandler(HTTP11DownloadHandler):
    """Scrapy's handler with our policy for TLS, and with an end to headers that have none."""

    lazy = True

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._contextFactory: Any = AnyServer()
        self._pool._factory = _with_limit(self._pool._factory)
        self._pool.cachedConnectionTimeout = IDLE_SECONDS


def _with_limit(factory: Any) -> Any:
    """The class of a factory of connections that end when a head grows beyond its limit."""

    class Limited(factory):  # type: ignore[misc]
        def buildProtocol(self, address: Any) -> Any:  # noqa: N802
            connection = super().buildProtocol(address)
            take, head = connection.dataReceived, 0

            def received(data: bytes) -> None:
                nonlocal head
                take(data)
                parser = connection._parser
                head = head + len(data) if parser is not None and parser.state in (STATUS, HEADER) else 0
                if head > LONGEST_HEAD:
                    connection.transport.abortConnection()

            connection.dataReceived = received
            return connection

    return Limited


@implementer(IPolicyForHTTPS)
class AnyServer:
    """Takes TLS 1.0 and newer, and any certificate: a bad one is a finding (`certificates.py`), no reason not to look."""

    def __init__(self) -> None:
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(SSL.TLS1_VERSION)
        context.set_cipher_list(CIPHERS)
        context.set_options(LEGACY_RENEGOTIATION)
        context.set_verify(SSL.VERIFY_NONE)
        self._context = context

    def creatorForNetloc(self, hostname: bytes, port: int) -> "_Creator":  # noqa: N802
        """Twisted's call before each connection."""
        return _Creator(self._context, hostname)


@implementer(IOpenSSLClientConnectionCreator)
class _Creator:
    """Makes the TLS side of one connection, and says the host's name in it (SNI; an address has none)."""

    def __init__(self, context: SSL.Context, hostname: bytes) -> None:
        self._context = context
        self._hostname = hostname

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802
        """Twisted's call when TLS begins."""
        connection = SSL.Connection(self._context, None)
        connection.set_app_data(protocol)
        if not _is_address(self._hostname):
            connection.set_tlsext_host_name(self._hostname)
        return connection


def _is_address(hostname: bytes) -> bool:
    try:
        ipaddress.ip_address(hostname.decode("ascii", "replace").strip("[]"))
    except ValueError:
        return False
    return True
