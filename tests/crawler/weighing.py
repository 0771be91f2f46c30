"""What tests of the frontier share: a portal of loose links, and all that is offered of it."""

from itertools import count
from typing import Any

from crawler import urls
from crawler.capture import Link, Place
from crawler.frontier import Candidate, Frontier, Lane
from crawler.territory import Territory
from tests.crawler.crawling import topics

HOME = "http://muni.gob.pe/"
MANY = {Lane.PAGE: 60, Lane.DOCUMENT: 30, Lane.IMAGE: 6, Lane.DELEGATED: 6}


def frontier(more: dict[str, Any] | None = None, **budgets: int) -> Frontier:
    lanes = MANY | {Lane(name): number for name, number in budgets.items()}
    made = Frontier(Territory.of([HOME]), topics, lanes, 60, **more or {})
    made.seen(HOME)
    return made


def link(path: str, text: str = "", place: Place = Place.MAIN, kind: str = "a") -> Link:
    return Link(urls.resolve(HOME, path), text, place, 0, kind)


def away(address: str, text: str = "", place: Place = Place.MAIN, kind: str = "a") -> Link:
    return Link("http://" + address, text, place, 0, kind)


def order(made: Frontier) -> list[str]:
    """All that is offered, each learned as a page of its own."""
    offered = []
    number = count()
    while candidate := made.pop():
        offered.append(candidate.url.removeprefix(HOME))
        made.learn(candidate, lane=candidate.lane, digest=str(next(number)))
    return offered


def drain(made: Frontier, digest: str = "") -> list[Candidate]:
    offered = []
    while candidate := made.pop():
        made.learn(candidate, lane=candidate.lane, digest=digest or candidate.url)
        offered.append(candidate)
    return offered
