"""Traps are left alone: calendars, facets, sessions, pages that repeat each other, pages of nothing but links."""

import time

import pytest

from crawler.capture import Link, Place
from crawler.frontier import Frontier, Lane
from tests.crawler.weighing import HOME, MANY, drain, frontier, link, order


def test_one_page_under_many_spellings_is_offered_once() -> None:
    made = frontier()
    spellings = ["x", "x/", "x#part", "http://www.muni.gob.pe/x", "https://muni.gob.pe/x/index.html", "x?PHPSESSID=77"]
    made.add([link(spelling) for spelling in spellings] + [link("index.php"), link("/")], 0)
    assert len(drain(made)) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "agenda/{n}",
        "{n}/11/22/",
        "events/{n}-05-01/",
        "calendar?month={m}&year={n}",
        "list/page/{n}/",
        "list?page={n}",
        "view/3f2a9c0be7d14{n:07x}/",
        "search?f[{n}]=a&f[{m}]=b",
        "es/day/{n}/week/{m}",
    ],
)
def test_endless_addresses_take_only_a_part_of_the_budget(pattern: str) -> None:
    made = frontier()
    made.add([link(pattern.format(n=2000 + number, m=number % 12)) for number in range(200)], 0)
    made.add([link("contact", place=Place.ASIDE)], 3)
    offered = order(made)
    assert "contact" in offered
    assert len(offered) <= 21


@pytest.mark.parametrize(
    "pattern", ["x;jsessionid={n:032X}", "(S({n:024d}))/x", "(A({n})F({n}x))/x", "x?PHPSESSID={n}", "x?sid={n}"]
)
def test_one_page_under_many_sessions_is_one_page(pattern: str) -> None:
    made = frontier()
    made.add([link(pattern.format(n=number)) for number in range(50)], 0)
    assert order(made) == ["x"]


def test_a_calendar_that_goes_on_for_ever_ends() -> None:
    made = frontier(page=100_000)
    made.add([link("2026/11/22/")], 0)
    days = 0
    while candidate := made.pop():
        days += 1
        made.learn(candidate, lane=Lane.PAGE, digest=str(days))
        made.add([link(f"{2026 + days // 365}/{days % 12}/{days % 30}/"), link(f"budget/{days}/")], candidate.depth)
    assert days < 100


def test_pages_that_call_themselves_another_that_was_read_end_their_kind() -> None:
    made = frontier()
    made.add([link("list")], 0)
    read = made.pop()
    assert read is not None
    made.learn(read, lane=Lane.PAGE, digest="list")
    made.add([link(f"list?sort={number}") for number in range(50)], 0)
    assert versions(made, HOME + "list") == 3


def test_pages_that_all_call_themselves_home_or_something_never_read_are_all_read() -> None:
    for canonical in (HOME, "http://www.muni.gob.pe/index.php", HOME + "never", "http://[broken", ""):
        made = frontier()
        made.add([link(f"?id={number}") for number in range(15)], 0)
        assert versions(made, canonical) == 15


def versions(made: Frontier, canonical: str) -> int:
    offered = 0
    while candidate := made.pop():
        offered += 1
        assert made.learn(candidate, lane=Lane.PAGE, digest=str(offered), canonical=canonical)
    return offered


def test_a_page_of_fifty_thousand_links_is_weighed_in_a_moment() -> None:
    made = frontier()
    links = [Link(f"{HOME}budget/{number}-{number % 7}/x{number}", "", Place.MAIN, 0) for number in range(50_000)]
    begun = time.process_time()
    made.add(links, 0)
    offered = len(drain(made))
    assert time.process_time() - begun < 5
    assert offered == MANY[Lane.PAGE]
    assert made.left_over == 50_000 - offered


def test_facets_and_circles_are_left_alone() -> None:
    made = frontier()
    made.add([link("list?a=1&b=2&c=3&d=4&e=5&f=6"), link("es/x/es/x/"), link("a/" * 16), link("long" * 200)], 0)
    assert made.pop() is None


def test_pages_that_repeat_each_other_end_their_kind() -> None:
    made = frontier()
    made.add([link(f"view?session={number}") for number in range(50)], 0)
    assert len(drain(made, digest="same")) < 8


def test_addresses_that_turn_out_to_be_documents_are_counted_as_such() -> None:
    made = frontier(page=2, document=3)
    made.add([link(f"download/{number}") for number in range(9)] + [link("page", place=Place.ASIDE)], 1)
    lanes = []
    while candidate := made.pop():
        lane = Lane.PAGE if candidate.url.endswith("page") else Lane.DOCUMENT
        lanes.append(lane)
        made.learn(candidate, lane=lane, digest=candidate.url)
    assert lanes.count(Lane.DOCUMENT) == 3
    assert Lane.PAGE in lanes
