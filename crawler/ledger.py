"""What one visit asked of which host: the account that it gives of its manners."""

from dataclasses import dataclass, field

from scrapy.http.cookies import CookieJar

from . import urls
from .capture import HostVisit
from .pen import WarcPen


@dataclass(slots=True)
class Account:
    """The account of one host, in the making; fields as in HostVisit. `last` is the start of our last request, in seconds."""

    host: str
    requests: int = 0
    bytes: int = 0
    delay_seconds: float = 0.0
    robots: str = ""
    address: str = ""
    browser_requests: int = 0
    shortest_gap: float | None = None
    failures: int = 0
    broken: int = 0
    certificate: str = ""
    last: float | None = None

    def begin(self, address: str, start: float, owed: float) -> None:
        """One of our own requests starts, `owed` seconds or more after the one before it."""
        gap = None if self.last is None else start - self.last
        if gap is not None and (self.shortest_gap is None or gap < self.shortest_gap):
            self.shortest_gap = gap
        self.last, self.address = start, address
        self.delay_seconds = max(owed, self.delay_seconds)

    def closed(self) -> HostVisit:
        """The account as it is written down."""
        return HostVisit(
            host=self.host,
            requests=self.requests,
            bytes=self.bytes,
            delay_seconds=self.delay_seconds,
            robots=self.robots,
            address=self.address,
            browser_requests=self.browser_requests,
            shortest_gap=self.shortest_gap,
            failures=self.failures,
            broken=self.broken,
            certificate=self.certificate,
        )


@dataclass(slots=True)
class Ledger:
    """What one visit asked of which host, its cookies, and the pen that writes it down (None for an archive).

    `opened`: a page was had; until then home is being sought, and `second_try` says that a slow failure was given another chance.
    `via` and `depth` tell which page led to what is asked for now, and how many links from home it lies.
    """

    pen: WarcPen | None = None
    languages: tuple[str, ...] = ()
    requests: int = 0
    received: int = 0
    opened: bool = False
    second_try: bool = False
    via: str = ""
    depth: int = 0
    cookies: CookieJar = field(default_factory=CookieJar)
    accounts: dict[str, Account] = field(default_factory=dict)

    def account(self, url: str) -> Account:
        """The account of the URL's host."""
        host = urls.authority(url)
        known = self.accounts.get(host)
        if known is None:
            known = self.accounts[host] = Account(host)
        return known

    def note(self, url: str, size: int, delay: float, *, browser: bool = False) -> None:
        """Count one request and the bytes that came; `browser` for those that Chromium made by itself."""
        account = self.account(url)
        account.requests += 1
        account.browser_requests += browser
        account.bytes += size
        account.delay_seconds = max(delay, account.delay_seconds)
        self.requests += 1
        self.received += size

    @property
    def hosts(self) -> dict[str, HostVisit]:
        """The accounts as they are written down."""
        return {host: account.closed() for host, account in self.accounts.items()}
