"""Keeps requests away from addresses that are not public, whatever a portal, a redirect or a name server says."""

import asyncio
import ipaddress
import socket
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from . import urls
from .capture import Reason

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CLOUD_SERVICES = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Addresses in public ranges by which cloud providers talk to their own machines (here Azure's)."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
RESOLVE_SECONDS = 15.0
REMEMBERED = 4096


class RefusedError(Exception):
    """A request that must not or cannot be made; `reason` says why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def is_public(text: str) -> bool:
    """Whether an IP address, as text, is one that the whole internet may reach; IPv4 inside IPv6 is judged as IPv4."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return address.is_global and not address.is_multicast and address not in CLOUD_SERVICES


class Guard:
    """Checks each URL before it is asked for. `allow` names hosts ("host:port", or "host" for every port) that may be private.

    `only` closes the crawl: no host but those of these URLs, and those of `allow`, is asked for anything. None leaves it open.
    """

    def __init__(self, allow: Iterable[str] = (), only: Iterable[str] | None = None) -> None:
        self._allow = frozenset(name.lower() for name in allow)
        self._only = None if only is None else frozenset(map(urls.place, only))
        self._known: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def allows(self, url: str) -> bool:
        """Whether the user named this host as one that may be private."""
        return urls.authority(url) in self._allow or urls.host_of(url) in self._allow

    async def check(self, url: str) -> str:
        """The address (or allowed host) that a request for `url` goes to: what politeness is owed to.

        Raises RefusedError with BAD_URL, OFF_SITE (a closed crawl), UNKNOWN_HOST or PRIVATE_ADDRESS. Every address of a name must
        be public. A host that a closed crawl leaves alone is not even looked up.
        """
        host = urls.host_of(url)
        if not host:
            raise RefusedError(Reason.BAD_URL, f"{url!r} is not an http(s) URL")
        if self.allows(url):
            return urls.authority(url)
        if self._only is not None and urls.place(url) not in self._only:
            raise RefusedError(Reason.OFF_SITE, f"{host} is no host of the portals of this crawl")
        addresses = await self._resolve(host)
        private = [address for address in addresses if not is_public(address)]
        if private:
            raise RefusedError(Reason.PRIVATE_ADDRESS, f"{host} is {private[0]}")
        return addresses[0]

    async def _resolve(self, host: str) -> tuple[str, ...]:
        if host in self._known:
            return self._known[host]
        look_up = asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.wait_for(look_up, RESOLVE_SECONDS)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise RefusedError(Reason.UNKNOWN_HOST, f"{host}: {error or 'no answer from the name server'}") from error
        addresses = tuple(sorted({str(entry[4][0]) for entry in found}, key=lambda text: (":" in text, text)))
        self._known[host] = addresses
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return addresses


class GuardedResolver(CachingThreadedResolver):
    """The name resolver of the crawl: judges the very address that is connected to, so that a second answer cannot trick us."""

    allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Scrapy's constructor; the setting ALLOW_PRIVATE holds the hosts that may be private."""
        made = super().from_crawler(crawler, reactor)
        made.allowed = frozenset(urls.host_of("http://" + name) for name in crawler.settings.getlist("ALLOW_PRIVATE"))
        return made

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":  # noqa: N802
        """Resolve, and fail where the address is not public."""
        found = super().getHostByName(name, timeout)
        found.addCallback(self._public, name)
        return found

    def _public(self, address: str, name: str) -> str:
        if name in self.allowed or is_public(address):
            return address
        raise DNSLookupError(f"{name} leads to {address}, which is not public")
