"""Chromium: what axe-core says, what scripts make of a page, and what happens when there is no browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.browser import find_browser
from crawler.capture import Page, PageFacts, Reason
from crawler.settings import CrawlSettings
from crawler.visit import axe_sample
from tests.crawler.crawling import Crawled, crawl, entity, manners
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

FAULTY = '<img src="/seal.png"><form action="/send"><input type="text" name="q"></form><a href="/second">second</a>'
STYLE = '<link rel="stylesheet" href="/style.css">'
SCRIPT = """<script>document.body.innerHTML = '<main><h1>Minutes</h1><p>' + 'A sentence of the council. '.repeat(20) +
'</p><a href="/minutes">minutes</a></main>'</script>"""
SHELL = f'<!doctype html><html lang="es"><head><title>App</title></head><body><div id="root"></div>{SCRIPT}</body></html>'


def with_spy(portal: Portal, secret: Portal) -> None:
    """A page whose picture, frame and script's request all lead to another portal, in part through redirects."""
    tries = f'<img src="{secret.url}a.png"><img src="/hop"><iframe src="{secret.url}b"></iframe>'
    script = f"<script>fetch('{secret.url}c').catch(() => 0); fetch('/hop').catch(() => 0); new WebSocket('ws://{secret.host}/d')</script>"
    portal.add("/hop", be.redirect(secret.url + "hop")).add("/", be.answer(be.page("spy", tries + script)))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Town, Crawled]]:
    """Three portals, live and then from their archives."""
    with Town(None) as town:
        faulty = town.open("faulty").add("/", be.answer(be.page("Faulty", FAULTY, head=STYLE)))
        faulty.add("/style.css", be.answer("h1 { color: #ccc; background: #fff }", media_type="text/css"))
        faulty.add("/second", be.answer(be.page("Second", "<p>Nothing wrong here</p>")))
        shell = town.open("shell").add("/", be.answer(SHELL)).add("/minutes", be.answer(be.page("Minutes of May", "<p>Text</p>")))
        spy, secret = town.open("spy"), town.open("secret")
        with_spy(spy, secret)
        entities = [entity(portal.name, portal.url) for portal in (faulty, shell, spy)]
        allowed = manners(faulty.host, shell.host, spy.host, browser=True, timeout_seconds=10)
        live = crawl(entities, allowed, tmp_path_factory.mktemp("live"))
        archives = tuple(live.warcs.values())
        again = crawl(entities, manners(archives=archives, browser=True, timeout_seconds=10), tmp_path_factory.mktemp("again"))
        yield live, town, again


def outcome(page: Page, rule: str) -> str:
    assert page.axe is not None
    return next(said.outcome for said in page.axe if said.id == rule)


@pytest.mark.parametrize("run", [0, 2], ids=["live", "archive"])
def test_axe_finds_what_is_wrong_with_its_criterion_and_proof(seen: tuple[Crawled, Town, Crawled], run: int) -> None:
    capture = (seen[0], seen[1], seen[2])[run].captures["faulty"]  # type: ignore[union-attr]
    assert capture.axe_version.count(".") == 2
    assert capture.browser_version
    home = capture.pages[0]
    assert home.axe is not None
    image = next(rule for rule in home.axe if rule.id == "image-alt")
    assert (image.outcome, image.elements, image.criteria) == ("violations", 1, ("1.1.1",))
    assert "seal.png" in image.nodes[0].snippet
    assert outcome(home, "label") == "violations"
    assert outcome(home, "document-title") == "passes"


def test_axe_says_the_same_of_the_archive_with_its_style_sheets(seen: tuple[Crawled, Town, Crawled]) -> None:
    live, again = (crawled.captures["faulty"].pages for crawled in (seen[0], seen[2]))
    assert outcome(live[0], "color-contrast") == "violations"
    assert [page.axe for page in again] == [page.axe for page in live]


def test_a_page_without_pictures_does_not_pass_for_pictures(seen: tuple[Crawled, Town, Crawled]) -> None:
    assert outcome(seen[0].page("faulty", "/second"), "image-alt") == "inapplicable"


@pytest.mark.parametrize("run", [0, 2], ids=["live", "archive"])
def test_a_page_that_scripts_fill_is_read_as_they_fill_it(seen: tuple[Crawled, Town, Crawled], run: int) -> None:
    crawled = (seen[0], seen[1], seen[2])[run]
    home = crawled.captures["shell"].pages[0]  # type: ignore[union-attr]
    assert home.rendered
    assert home.facts is not None
    assert home.facts.words > 50
    assert crawled.page("shell", "/minutes").facts is not None  # type: ignore[union-attr]
    assert crawled.captures["shell"].visit.thorough  # type: ignore[union-attr]


def test_chromium_is_led_to_no_private_address_either(seen: tuple[Crawled, Town, Crawled]) -> None:
    assert seen[0].captures["spy"].pages[0].axe is not None
    assert "/hop" in seen[1].portals["spy"].paths()
    assert seen[1].portals["secret"].asked == []


def test_without_a_browser_the_capture_is_kept_and_says_so(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = town.open("plain").add("/", be.answer(SHELL)).add("/x", be.answer(be.page("x")))
        settings = manners(portal.host, browser=True, browser_path="/nowhere/chromium")
        capture = crawl([entity("plain", portal.url)], settings, tmp_path).captures["plain"]
    assert (capture.visit.reason, capture.visit.reached, capture.visit.thorough) == (Reason.SCRIPT_ONLY, True, False)
    assert capture.pages[0].axe is None
    assert "Chromium does not start" in capture.visit.detail


def test_a_page_that_hangs_is_dropped_and_the_others_are_examined(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = town.open("hang").add("/", be.answer(be.page("home", '<a href="/stuck">minutes</a> <a href="/fine">f</a>')))
        portal.add("/stuck", be.answer(be.page("stuck", "<form><input></form><script>while (navigator.webdriver) {}</script>")))
        portal.add("/fine", be.answer(be.page("fine")))
        settings = manners(portal.host, browser=True, axe_pages=3, timeout_seconds=4)
        crawled = crawl([entity("hang", portal.url)], settings, tmp_path)
    assert crawled.page("hang", "/stuck").axe is None
    assert crawled.page("hang", "/fine").axe is not None
    assert "/stuck was not examined" in crawled.captures["hang"].visit.detail


def test_the_sample_is_home_then_one_page_of_each_kind() -> None:
    from datetime import UTC, datetime

    def page(path: str) -> Page:
        return Page("http://a.pe/" + path, "", 200, "text/html", datetime.now(UTC), facts=PageFacts())

    pages = [page(path) for path in ("", "news/1", "news/2", "news/3", "law/7/text", "contact")]
    assert [chosen.url.removeprefix("http://a.pe/") for chosen in axe_sample(pages, 3)] == ["", "news/1", "law/7/text"]
    assert len(axe_sample(pages, 10)) == 6
