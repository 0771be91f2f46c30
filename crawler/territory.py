"""Whose URL it is: what belongs to one entity, also where several bodies share a host."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from .urls import DOCUMENT_ENDINGS, IMAGE_ENDINGS, authority, domain, ending, normalise, place

FILES = DOCUMENT_ENDINGS | IMAGE_ENDINGS

Neighbours = Mapping[str, tuple[str, ...]]
"""Hosts that several bodies share, each in its folder, with the homes that are known there."""


def neighbours(portals: Iterable[Iterable[str]], shared_hosts: Iterable[str] = ()) -> Neighbours:
    """The hosts that are named, and those on which more than one body is; `portals` gives the homes of each body."""
    homes: dict[str, set[str]] = {place(f"http://{host}"): set() for host in shared_hosts}
    named, bodies = frozenset(homes), Counter[str]()
    for body in portals:
        usable = set(filter(None, map(normalise, body)))
        bodies.update({place(home) for home in usable})
        for home in usable:
            homes.setdefault(place(home), set()).add(home)
    return {host: tuple(sorted(known)) for host, known in homes.items() if bodies[host] > 1 or host in named}


@dataclass(frozen=True)
class Territory:
    """What belongs to one entity: the registrable domains of its portals, and all names below those domains.

    On a host that it shares with others only what lies in the folders of its portals, and files that lie in no body's folder.
    """

    domains: frozenset[str]
    homes: tuple[str, ...]
    shared: Neighbours = field(default_factory=dict)

    @classmethod
    def of(cls, urls: Iterable[str], shared: Neighbours | None = None) -> "Territory":
        """The territory of an entity whose portals are `urls`; unusable ones are passed over."""
        homes = tuple(url for url in map(normalise, urls) if url)
        return cls(frozenset(domain(url) for url in homes), homes, shared or {})

    def joined(self, url: str) -> "Territory":
        """The same territory with one more portal: where home was found, unless that is another body's part of a shared host."""
        if self._is_anothers(url):
            taken = _closeness(url, self.shared[place(url)]) > 0
            if taken or any(_holds(url, own) for own in self.homes):
                return self
        return Territory.of((*self.homes, url), self.shared)

    def owns(self, url: str) -> bool:
        """Whether `url` is on a host of the entity, and on a shared host in its part."""
        at = authority(url)
        known = domain(url) in self.domains or any(at.endswith("." + known) for known in self.domains)
        return known and not self._is_anothers(url)

    def within(self, url: str) -> bool:
        """Whether `url` lies below the folder of a portal, where one is on its host."""
        here = [home for home in self.homes if place(home) == place(url)]
        return not here or _closeness(url, here) > 0

    def _is_anothers(self, url: str) -> bool:
        if place(url) not in self.shared:
            return False
        mine, others = _closeness(url, self.homes), _closeness(url, self.shared[place(url)])
        return others > mine or (mine == 0 and ending(url) not in FILES)


def _closeness(url: str, homes: Iterable[str]) -> int:
    """The length of the longest folder of these homes in which `url` lies; 0 where it lies in none."""
    return max((len(_folder(home)) for home in homes if place(home) == place(url) and _holds(home, url)), default=0)


def _folder(home: str) -> str:
    """The path that all of a portal's pages begin with, ending in a slash: that of home without its file name."""
    path = unquote(urlsplit(home).path)
    last = path.rpartition("/")[2]
    return path + "/" if last and "." not in last else path.rpartition("/")[0] + "/"


def _holds(home: str, url: str) -> bool:
    """Whether the path of `url` lies in the folder of `home`, or is that folder."""
    return (unquote(urlsplit(url).path) + "/").startswith(_folder(home))
