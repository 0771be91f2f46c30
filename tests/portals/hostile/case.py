"""What a hostile portal is: how it is served, and the outcome that its visit must end in."""

import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from crawler.capture import Reason
from tests.portals.behaviours import page
from tests.portals.server import Portal, Town

from .certificates import Authority

TITLE = "Villa Hostil"
TEXT = "<p>Esta es la página de una villa que existe solo para esta prueba y no publica más que estas pocas palabras sueltas.</p>"


@dataclass(frozen=True)
class Trap:
    """A host of this machine that nobody may be led to: `host` is its "127.0.0.1:port"."""

    host: str

    @property
    def port(self) -> str:
        """The port alone."""
        return self.host.rpartition(":")[2]

    @property
    def urls(self) -> tuple[str, ...]:
        """Ways to write its address, names that lead to it, and other addresses that are nobody's business."""
        here = (
            "127.0.0.1",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "0.0.0.0",
            "0",
        )
        here += ("[::ffff:127.0.0.1]", "[::1]", "[::]", "[64:ff9b::7f00:1]", "127.0.0.1.", "127.9.9.9", socket.gethostname())
        others = (
            "169.254.169.254/latest/meta-data/",
            "10.0.0.1/",
            "192.168.1.1/",
            "172.16.0.1/",
            "100.64.0.1/",
            "[fe80::1]/",
            "[fd00::1]/",
        )
        named = ("metadata.google.internal/", "100.100.100.200/latest/", "168.63.129.16/", "224.0.0.1/", "255.255.255.255/")
        return tuple(f"http://{name}:{self.port}/trap" for name in here) + tuple(f"http://{rest}" for rest in others + named)


Serve = Callable[[Portal, Trap], object]


@dataclass(frozen=True)
class Case:
    """One hostile portal. `serve` puts its behaviours on a portal; all other fields are the outcome.

    `reason`, `reached`, `thorough`: of the visit. `problems`: of pages, by the path that was asked for (None: it could be read).
    `broken`: paths of documents that are known to be unreadable. `title`: of the home page, as it must be read. `requests`: the
    most that the portal may be asked for. `home` stands in for the portal's URL (names in braces are filled in; ""
    is none at all); `tls` is the kind of certificate it shows, and what the visit says of it. `browser`: with Chromium.
    """

    name: str
    serve: Serve = lambda portal, trap: None
    reason: Reason = Reason.COMPLETE
    reached: bool = True
    thorough: bool = True
    problems: Mapping[str, Reason | None] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    title: str = TITLE
    requests: int = 40
    home: str = "{url}"
    tls: str = ""
    browser: bool = False


class Hostile:
    """Some cases, served while the `with` block lasts: `homes` has the URL of each by name, `hosts` what may be visited."""

    def __init__(self, cases: Iterable[Case], trap: Trap, authority: Authority) -> None:
        self.town = Town(None)
        self.homes: dict[str, str] = {}
        for case in cases:
            portal = self.town.open(case.name, tls=authority.context(case.tls) if case.tls else None)
            case.serve(portal, trap)
            self.homes[case.name] = case.home.format(
                url=portal.url, host=portal.host, port=portal.port, trap=trap.host, trap_port=trap.port
            )

    @property
    def hosts(self) -> tuple[str, ...]:
        """What the crawl is allowed to visit though it is this machine."""
        return (*self.town.hosts, *(f"localhost:{portal.port}" for portal in self.town.portals.values()), f"127.0.0.1:{NOBODY}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.town.close()


NOBODY = 9
"""A port of this machine on which nobody listens ("discard")."""


def home(body: str = "", *, head: str = "", title: str = TITLE) -> bytes:
    """A home page with a few words and `body`."""
    return page(title, TEXT + body, head=head)


def links(*paths: str) -> str:
    """Links to these paths or URLs."""
    return "".join(f'<p><a href="{path}">{path}</a></p>' for path in paths)
