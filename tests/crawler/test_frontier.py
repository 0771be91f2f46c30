"""Which link next: what is still unproven decides."""

from crawler import urls
from crawler.capture import Link, Place
from crawler.frontier import Frontier, Lane
from crawler.territory import Territory
from tests.crawler.crawling import topics
from tests.crawler.weighing import HOME, MANY, away, drain, frontier, link, order


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
    made = Frontier(Territory.of([HOME]), topics, MANY | {Lane.PAGE: 2}, misses=3)
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


def test_a_page_that_names_a_thing_is_no_sample_of_its_files() -> None:
    made = frontier(document=0)
    made.add([link("budget"), link("budget.pdf")], 0)
    assert order(made) == ["budget"]
    assert made.unsampled == {"budget"}


def test_few_pages_of_many_are_too_few_to_say_that_something_is_missing() -> None:
    for budget, many, too_few in ((5, 10, True), (5, 3, False), (40, 50, False)):
        made = frontier(page=budget)
        made.add([link(f"x{number * 'x'}") for number in range(many)], 0)
        drain(made)
        assert made.too_few is too_few


def test_topics_of_links_passed_over_as_too_many_are_told_too() -> None:
    made = frontier()
    made.add([link(f"day/{number}") for number in range(25)], 0)
    made.add([link("day/99", "minutes", Place.ASIDE)], 0)
    for number in range(80):
        made.add([link(f"budget/{number}")], 0)
    drain(made)
    assert not made.unsampled


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
    made.add([away("other.gob.pe/x", "x"), away("other.gob.pe/budget")], 0)
    candidate = made.pop()
    assert candidate is not None
    assert (candidate.url, candidate.lane) == ("http://other.gob.pe/budget", Lane.DELEGATED)
    made.add([away("other.gob.pe/budget/2")], 1, via=candidate.url, delegated=True, source=candidate)
    assert made.pop() is None


def test_a_delegated_page_is_followed_a_step_further_on_its_own_host_for_what_it_was_visited_for() -> None:
    made = frontier({"delegated_steps": 2})
    made.add([away("www.other.gob.pe/budget")], 0)
    first = made.pop()
    assert first is not None
    beyond = [
        away("files.other.gob.pe/budget-2024.pdf"),
        away("other.gob.pe/minutes"),
        away("other.gob.pe/budget/menu", place=Place.NAV),
        away("third.gob.pe/budget"),
    ]
    made.add(beyond, first.depth, via=first.url, delegated=True, source=first)
    assert [(c.url, c.lane, c.steps) for c in drain(made)] == [("http://files.other.gob.pe/budget-2024.pdf", Lane.DELEGATED, 2)]


def test_steps_on_other_hosts_end() -> None:
    made = frontier({"delegated_steps": 2})
    made.add([away("other.gob.pe/budget/0")], 0)
    offered = []
    while candidate := made.pop():
        offered.append(candidate.steps)
        more = [away(f"other.gob.pe/budget/{len(offered)}")]
        made.add(more, candidate.depth, via=candidate.url, delegated=True, source=candidate)
    assert offered == [1, 2]


def test_a_platform_of_the_country_is_entered_without_a_topic_and_followed_for_any() -> None:
    made = frontier({"delegated_steps": 2, "platforms": frozenset({"transparency.example"})})
    made.add([away("www.transparency.example/"), away("www.transparency.example/body/7"), away("news.example/body/7")], 0)
    first = made.pop()
    assert first is not None
    assert first.url == "http://www.transparency.example/body/7"
    inside = [away("www.transparency.example/7/minutes"), away("www.transparency.example/7/help")]
    made.add(inside, first.depth, via=first.url, delegated=True, source=first)
    assert [c.url for c in drain(made)] == ["http://www.transparency.example/7/minutes"]


def test_breadth_first_takes_links_as_they_were_met() -> None:
    made = frontier({"strategy": "breadth_first"})
    made.add([link("about", place=Place.ASIDE), link("z.pdf", "budget")], 3)
    made.add([link("budget", place=Place.NAV), link("about", "budget")], 0)
    assert order(made) == ["about", "budget", "z.pdf"]


def test_what_only_a_sitemap_names_goes_after_what_a_page_links_to() -> None:
    made = frontier()
    made.add([link("budget", kind="sitemap", place=Place.ASIDE), link("news", kind="feed", place=Place.ASIDE)], 0)
    made.add([link("budget-of-2024", place=Place.FOOTER)], 2)
    assert order(made) == ["budget-of-2024", "budget", "news"]


def test_a_page_of_a_sitemap_that_a_page_links_to_is_like_any_other() -> None:
    made = frontier()
    made.add([link("budget", kind="sitemap", place=Place.ASIDE)], 0, via=HOME + "sitemap.xml")
    made.add([link("budget", kind="a")], 0, via=HOME)
    candidate = made.pop()
    assert candidate is not None
    assert (candidate.listed, candidate.via) == (False, HOME)


def test_a_sitemap_leads_to_no_other_host() -> None:
    made = frontier()
    made.add([away("staging.example/budget", kind="sitemap"), away("blog.example/budget", kind="feed")], 0)
    assert made.pop() is None


def test_links_that_lead_citizens_nowhere_are_not_followed() -> None:
    made = frontier()
    written = ["www.muni.gob.pe/budget", "http://localhost/budget", "http://192.168.1.4/budget", "mesa@muni.gob.pe"]
    made.add([Link(urls.resolve(HOME, one), "budget", Place.MAIN, 0, "a", one) for one in written], 0)
    assert made.pop() is None


def test_a_private_portal_may_link_to_itself() -> None:
    made = Frontier(Territory.of(["http://127.0.0.1:8000/"]), topics, MANY, 60)
    made.add([Link("http://127.0.0.1:8000/x", "x", Place.MAIN, 0, "a", "/x")], 0)
    assert made.pop() is not None


def test_a_link_seen_again_with_better_words_gains_worth() -> None:
    made = frontier()
    made.add([link("p1", "More"), link("p2", "Other", Place.NAV)], 0)
    made.add([link("p1", "Budget")], 1)
    assert order(made) == ["p1", "p2"]


def test_in_haste_documents_go_before_pages() -> None:
    made = frontier()
    made.add([link("page"), link("budget.pdf")], 0)
    made.hurry()
    assert order(made) == ["budget.pdf", "page"]


def test_what_a_page_elsewhere_says_of_a_link_is_not_held_against_what_the_portal_says() -> None:
    made = frontier({"delegated_steps": 2})
    made.add([away("other.gob.pe/budget")], 0)
    first = made.pop()
    assert first is not None
    made.add([away("third.gob.pe/minutes")], 1, via=first.url, delegated=True, source=first)
    assert made.pop() is None
    made.add([away("third.gob.pe/minutes")], 1, via=HOME)
    assert made.pop() is not None
