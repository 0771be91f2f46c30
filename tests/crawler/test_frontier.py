"""Which link next: what is still unproven decides, and traps are left alone."""

from itertools import count

from crawler import urls
from crawler.capture import Link, Place
from crawler.frontier import Candidate, Frontier, Lane
from crawler.site import Site
from tests.crawler.crawling import topics

HOME = "http://muni.gob.pe/"
MANY = {Lane.PAGE: 60, Lane.DOCUMENT: 30, Lane.IMAGE: 6, Lane.DELEGATED: 6}


def frontier(**budgets: int) -> Frontier:
    made = Frontier(Site.of([HOME]), topics, MANY | {Lane(name): number for name, number in budgets.items()}, 60)
    made.seen(HOME)
    return made


def link(path: str, text: str = "", place: Place = Place.MAIN, kind: str = "a") -> Link:
    return Link(urls.resolve(HOME, path), text, place, 0, kind)


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


def test_a_link_that_may_prove_something_goes_before_one_of_the_menu() -> None:
    made = frontier()
    made.add([link("about", "About us", Place.NAV), link("a7", "The budget", Place.FOOTER)], 0)
    assert order(made) == ["a7", "about"]


def test_what_was_proven_often_gives_way_to_what_was_not() -> None:
    made = frontier()
    made.add([link(f"budget-{word}") for word in "abcd"] + [link("minutes", place=Place.ASIDE)], 0)
    assert "minutes" in order(made)[:2]


def test_a_page_that_is_missing_proves_nothing_and_costs_nothing() -> None:
    made = frontier(page=1)
    made.add([link("budget"), link("other")], 0)
    first = made.pop()
    assert first is not None
    made.learn(first, lane=Lane.PAGE, missing=True)
    assert [candidate.url for candidate in drain(made)] == [HOME + "other"]


def test_only_so_many_missing_pages_are_forgiven() -> None:
    made = Frontier(Site.of([HOME]), topics, MANY | {Lane.PAGE: 2}, misses=3)
    made.add([link(f"budget{letter}/x") for letter in "abcdefgh"], 0)
    offered = 0
    while candidate := made.pop():
        offered += 1
        made.learn(candidate, lane=Lane.PAGE, missing=True)
    assert offered == 5


def test_topics_of_links_left_over_are_told_unless_one_of_their_kind_was_read() -> None:
    made = frontier(page=2)
    made.add([link("budget"), link("budget/more"), link("minutes"), link("chart")], 0)
    read = set(order(made))
    assert made.unsampled == {"budget", "minutes", "chart"} - {path.partition("/")[0] for path in read}
    assert len(made.unsampled) == 1


def test_topics_of_links_passed_over_as_too_many_are_told_too() -> None:
    made = frontier()
    made.add([link(f"day/{number}") for number in range(25)], 0)
    made.add([link("day/99", "minutes", Place.ASIDE)], 0)
    for number in range(80):
        made.add([link(f"budget/{number}")], 0)
    drain(made)
    assert not made.unsampled


def test_pages_left_for_want_of_time_are_told() -> None:
    made = frontier()
    made.add([link("page")], 0)
    assert not made.cut_short
    made.close(Lane.PAGE)
    assert made.cut_short


def test_links_near_home_go_first() -> None:
    made = frontier()
    made.add([link("far")], 4)
    made.add([link("near")], 0)
    assert order(made) == ["near", "far"]


def test_documents_have_their_own_budget_and_come_after_pages() -> None:
    made = frontier(document=2)
    made.add([link("a.pdf"), link("budget.pdf"), link("minutes.xlsx"), link("page")], 0)
    assert order(made) == ["page", "budget.pdf", "minutes.xlsx"]
    assert made.left_over == 0


def test_three_documents_of_each_topic_go_before_a_fourth_of_one() -> None:
    made = frontier(document=4)
    made.add([link(f"budget{word}.pdf", place=Place.NAV) for word in "abcde"] + [link("minutes.pdf", place=Place.ASIDE)], 0)
    assert "minutes.pdf" in order(made)


def test_newer_documents_go_first() -> None:
    made = frontier(document=1)
    made.add([link("budget-2019.pdf"), link("budget-2024.pdf"), link("budget-2021.pdf")], 0)
    assert order(made) == ["budget-2024.pdf"]
    assert made.left_over == 2


def test_images_are_asked_for_only_when_a_topic_names_them() -> None:
    made = frontier()
    made.add([link("logo.png", kind="image"), link("chart.png", kind="image"), link("photo.jpg", "A photo")], 0)
    assert order(made) == ["chart.png"]


def test_other_hosts_are_one_step_and_only_for_a_topic() -> None:
    made = frontier()
    elsewhere = [Link("http://other.gob.pe/x", "x", Place.MAIN, 0), Link("http://other.gob.pe/budget", "budget", Place.MAIN, 0)]
    made.add(elsewhere, 0)
    candidate = made.pop()
    assert candidate is not None
    assert (candidate.url, candidate.lane) == ("http://other.gob.pe/budget", Lane.DELEGATED)
    made.add([Link("http://other.gob.pe/minutes", "minutes", Place.MAIN, 0)], 1, delegated=True)
    assert made.pop() is None


def test_one_page_under_many_spellings_is_offered_once() -> None:
    made = frontier()
    spellings = ["x", "x/", "x#part", "http://www.muni.gob.pe/x", "https://muni.gob.pe/x/index.html", "x?PHPSESSID=77"]
    made.add([link(spelling) for spelling in spellings] + [link("index.php"), link("/")], 0)
    assert len(drain(made)) == 1


def test_a_link_seen_again_with_better_words_gains_worth() -> None:
    made = frontier()
    made.add([link("p1", "More"), link("p2", "Other", Place.NAV)], 0)
    made.add([link("p1", "Budget")], 1)
    assert order(made) == ["p1", "p2"]


def test_an_endless_calendar_takes_only_a_part_of_the_budget() -> None:
    made = frontier()
    for day in range(200):
        made.add([link(f"agenda/{day}")], 0)
    made.add([link("contact", place=Place.ASIDE)], 3)
    offered = order(made)
    assert "contact" in offered
    assert len(offered) < 30


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


def test_no_more_pages_are_offered_once_their_lane_is_closed() -> None:
    made = frontier()
    made.add([link("page"), link("budget.pdf")], 0)
    made.close(Lane.PAGE)
    assert order(made) == ["budget.pdf"]
