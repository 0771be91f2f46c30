"""Keeps requests away from addresses that are not public, whatever a portal, a redirect or a name server says."""

import asyncio
import ipaddress
import socket
from collections import OrderedDict
from collections.abc import Collection, Iterable
from typing import Any, Self

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from . import urls
from .capture import Reason

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CLOUD_SERVICES = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Addresses in public ranges by which cloud providers talk to their own machines (here Azure's)."""

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All that IPv6 gives out to the public; what lies beside it translates, compares or repeats inner addresses."""

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
        if address not in GLOBAL_UNICAST and address not in NAT64:
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

    @classmethod
    def of(cls, allow: Iterable[str], portals: Collection[str], closed: bool | None) -> Self:
        """The guard of a crawl of `portals`, closed to others where `closed` says so; None: where all may be private."""
        guard = cls(allow)
        if closed is None:
            closed = bool(portals) and all(map(guard.allows, portals))
        return cls(allow, portals) if closed else guard

    @property
    def closed(self) -> bool:
        """Whether it lets requests pass to named hosts only."""
        return self._only is not None

    def allows(self, url: str) -> bool:
        """Whether the user named this host as one that may be private."""
        return urls.authority(url) in self._allow or urls.host_of(url) in self._allow

    async def check(self, url: str) -> str:
        """The address that a request for `url` goes to: what politeness is owed to. IPv4 goes before IPv6.

        For a host that may be private it bears the port that the URL names ("127.0.0.1:8000", "[::1]:8000"): portals on one
        machine of our own are tried side by side. Raises RefusedError with BAD_URL, OFF_SITE (a closed crawl), UNKNOWN_HOST or
        PRIVATE_ADDRESS. Every address of a name must be public. A host that a closed crawl leaves alone is not even looked up.
        """
        host = urls.host_of(url)
        if not host:
            raise RefusedError(Reason.BAD_URL, f"{url!r} is not an http(s) URL")
        if self.allows(url):
            return _with_port((await self._resolve(host))[0], url)
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
        addresses = in_order(str(entry[4][0]) for entry in found)
        self._known[host] = addresses
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return addresses


def in_order(addresses: Iterable[str]) -> tuple[str, ...]:
    """Each address once, IPv4 first: the order in which they are tried, so that the pace is kept where requests arrive."""
    return tuple(sorted(set(addresses), key=lambda text: (":" in text, text)))


def _with_port(address: str, url: str) -> str:
    """The address with the URL's port, where it names one."""
    _, mark, port = urls.authority(url).rpartition("]")[2].rpartition(":")
    return f"[{address}]:{port}" if mark and ":" in address else f"{address}:{port}" if mark else address


def bare(address: str) -> str:
    """The address without the port that `Guard.check` gave it."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


@implementer(IHostnameResolver)
class GuardedResolver:
    """The name resolver of the crawl: judges the very addresses that are connected to, so that a second answer cannot trick us.

    Resolves to IPv4 and IPv6; one address that is not public makes a name unknown.
    """

    def __init__(self, reactor: Any, allowed: frozenset[str]) -> None:
        self._reactor = reactor
        self._plain = reactor.nameResolver
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Scrapy's constructor; the setting ALLOW_PRIVATE holds the hosts that may be private."""
        return cls(reactor, frozenset(urls.host_of("http://" + name) for name in crawler.settings.getlist("ALLOW_PRIVATE")))

    def install_on_reactor(self) -> None:
        """Scrapy's call: from now on names are resolved here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(self, receiver: Any, name: str, *how: Any, **more: Any) -> Any:  # noqa: N802
        """Resolve a name or a literal address, and hand over nothing where any of its addresses is refused."""
        return self._plain.resolveHostName(_Judge(receiver, name in self._allowed), name, *how, **more)


@implementer(IResolutionReceiver)
class _Judge:
    """Stands between the system's answers (Twisted's addresses) and who asked for them."""

    def __init__(self, receiver: Any, lenient: bool) -> None:
        self._receiver = receiver
        self._lenient = lenient
        self._found: dict[str, Any] = {}

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        """Twisted's call before the first answer."""
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        """Twisted's call for each answer."""
        self._found[address.host] = address

    def resolutionComplete(self) -> None:  # noqa: N802
        """Twisted's call after the last answer."""
        if self._lenient or all(map(is_public, self._found)):
            for text in in_order(self._found):
                self._receiver.addressResolved(self._found[text])
        self._receiver.resolutionComplete()
