"""Where a home page leads, whose pages are whose on a shared host, and what a thorough visit is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.capture import Reason
from tests.crawler.crawling import Crawled, crawl, entity, manners
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

PDF = be.answer(b"%PDF-1.4\n%%EOF", media_type="application/pdf")
DELAY = 0.05


def moved(town: Town) -> str:
    """Home redirects to another host, and that one to a folder."""
    new = town.open("new").add("/", be.redirect("/web/")).add("/web/", be.answer(be.page("new", '<a href="minutes">minutes</a>')))
    new.add("/web/minutes", be.answer(be.page("minutes")))
    return town.open("moved").add("/", be.redirect(new.url, 301)).url


def refreshed(town: Town) -> str:
    """Home is a splash page with a meta refresh, the page behind it has a base for its links."""
    portal = town.open("refreshed")
    portal.add("/", be.answer(be.page("hello", head='<meta http-equiv="refresh" content="3; url=inner/start.html">')))
    portal.add("/inner/start.html", be.answer(be.page("start", '<a href="my budget.html">b</a>', head='<base href="/docs/">')))
    return portal.add("/docs/my%20budget.html", be.answer(be.page("budget"))).url


def framed(town: Town) -> str:
    """Home is a frameset."""
    portal = town.open("framed").add("/menu.htm", be.answer(be.page("menu", '<a href="minutes.htm" target="main">minutes</a>')))
    portal.add("/minutes.htm", be.answer(be.page("minutes"))).add("/main.htm", be.answer(be.page("main")))
    frames = (
        '<html><head><title>t</title></head><frameset cols="1,2"><frame src="menu.htm"><frame src="main.htm"></frameset></html>'
    )
    return portal.add("/", be.answer(frames)).url


def shouted(town: Town) -> str:
    """Home and its links write the host in upper case."""
    portal = town.open("shouted").add("/minutes", be.answer(be.page("minutes")))
    url = f"HTTP://LOCALHOST:{portal.port}/"
    portal.add(
        "/", be.answer(be.page("home", f'<a href="{url}minutes">minutes</a> <a href="http://localhost:{portal.port}/">x</a>'))
    )
    return url


def neighbours(town: Town) -> Portal:
    """One host with the folders of two bodies, files that both use, and a front page of its own."""
    host = town.open("shared").add("/", be.answer(be.page("front", '<a href="/minutes">minutes</a>')))
    links = (
        '<a href="minutes">minutes</a> <a href="/~ab/budget">budget</a> <a href="/files/minutes.pdf">f</a> <a href="/news">n</a>'
    )
    host.add("/~a/", be.answer(be.page("a", links))).add("/~a/minutes", be.answer(be.page("minutes of a")))
    host.add("/~ab/", be.answer(be.page("ab", links))).add("/~ab/budget", be.answer(be.page("budget of ab")))
    host.add("/~ab", be.redirect("/~ab/", 301))
    return host.add("/files/minutes.pdf", PDF).add("/~gone/", be.redirect("/"))


def closed(town: Town) -> str:
    """robots.txt closes all but home."""
    links = "".join(f'<p><a href="/in/{number}">{number}</a></p>' for number in range(9))
    portal = town.open("closed").add("/", be.answer(be.page("home", links)))
    return portal.add("/robots.txt", be.answer("User-agent: *\nDisallow: /in/\n", media_type="text/plain")).url


def rotten(town: Town) -> str:
    """Twenty broken links to minutes, and pages that exist far down."""
    links = "".join(f'<p><a href="/minutes/{number}">minutes</a></p>' for number in range(20))
    good = "".join(f'<p><a href="/page/{number}">p</a></p>' for number in range(4))
    portal = town.open("rotten").add("/", be.answer(be.page("home", links + good)))
    return portal.add("/page/*", lambda asked: be.Answer(body=be.page(asked.path))).url


def hollow(town: Town) -> str:
    """Home is whole, its pages are frames that only scripts would fill."""
    links = "".join(f'<p><a href="/view/{number}">{number}</a></p>' for number in range(4))
    portal = town.open("hollow").add("/", be.answer(be.page("home", links)))
    shell = "<!doctype html><title>{}</title><body><div id=root></div><script src=/app.js></script>"
    return portal.add("/view/*", lambda asked: be.Answer(body=shell.format(asked.path).encode())).url


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Town]]:
    with Town(None) as town:
        homes = {make.__name__: make(town) for make in (moved, refreshed, framed, shouted, closed, rotten, hollow)}
        shared = neighbours(town).url
        homes |= {"a": shared + "~a/", "ab": shared + "~ab", "gone": shared + "~gone/"}
        settings = manners(
            "127.0.0.1", "localhost", page_budget=5, delegated_budget=2, delay_seconds=DELAY, portals_at_once=10, visit_seconds=60
        )
        entities = [entity(name, home) for name, home in homes.items()]
        yield crawl(entities, settings, tmp_path_factory.mktemp("evidence")), town


def read_by(crawled: Crawled, name: str) -> dict[str, bool]:
    """Paths of the pages that were read, and whether each counted as delegated."""
    pages = crawled.captures[name].pages
    return {page.url.partition("/")[2].partition("/")[2].partition("/")[2]: page.delegated for page in pages if not page.problem}


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("moved", ["web/", "web/minutes"]),
        ("refreshed", ["", "docs/my%20budget.html", "inner/start.html"]),
        ("framed", ["", "main.htm", "menu.htm", "minutes.htm"]),
        ("shouted", ["", "minutes"]),
    ],
)
def test_a_home_is_found_wherever_it_leads_and_its_links_are_its_own(
    seen: tuple[Crawled, Town], name: str, paths: list[str]
) -> None:
    assert sorted(read_by(seen[0], name)) == paths
    assert not any(read_by(seen[0], name).values())
    assert seen[0].captures[name].visit.thorough


def test_a_home_on_another_host_is_noted(seen: tuple[Crawled, Town]) -> None:
    assert "home leads to" in seen[0].captures["moved"].visit.detail


def test_on_a_shared_host_each_body_has_its_folder_and_the_files_of_nobody(seen: tuple[Crawled, Town]) -> None:
    one, other = read_by(seen[0], "a"), read_by(seen[0], "ab")
    assert one == {"~a/": False, "~a/minutes": False, "files/minutes.pdf": False, "~ab/budget": True}
    assert other == {"~ab/": False, "~ab/budget": False, "files/minutes.pdf": False}
    assert "/news" not in seen[1].portals["shared"].paths()


def test_a_home_that_leads_to_the_front_page_of_a_shared_host_is_not_the_bodys_own(seen: tuple[Crawled, Town]) -> None:
    visit = seen[0].captures["gone"].visit
    assert (visit.reason, visit.reached) == (Reason.OFF_SITE, False)


def test_bodies_on_one_host_wait_for_each_other(seen: tuple[Crawled, Town]) -> None:
    asked = seen[1].portals["shared"].asked
    assert [request.path for request in asked].count("/robots.txt") == 1
    assert asked[-1].at - asked[0].at >= 0.9 * DELAY * (len(asked) - 1)


def test_broken_links_cost_no_pages(seen: tuple[Crawled, Town]) -> None:
    visit = seen[0].captures["rotten"].visit
    assert (visit.pages, visit.left_over, visit.thorough) == (5, 0, True)


def test_a_visit_that_most_pages_were_kept_from_is_not_thorough(seen: tuple[Crawled, Town]) -> None:
    for name in ("closed", "hollow"):
        visit = seen[0].captures[name].visit
        assert (visit.reached, visit.failures, visit.thorough) == (True, 0, False), name


def test_a_topic_that_was_left_over_unseen_makes_a_visit_less_than_thorough(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = town.open("big").add("/", be.answer(be.page("home", '<a href="/budget">budget</a> <a href="/minutes">m</a>')))
        portal.add("/budget", be.answer(be.page("budget"))).add("/minutes", be.answer(be.page("minutes")))
        crawled = crawl([entity("big", portal.url)], manners(portal.host, page_budget=2), tmp_path)
    visit = crawled.captures["big"].visit
    assert (visit.reason, visit.left_over, visit.thorough) == (Reason.BUDGET, 1, False)
    assert "never sampled: minutes" in visit.detail
