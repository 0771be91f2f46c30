"""WebDriver in place of Playwright: the same pages, the same script, the same results; on this machine and by an address."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from subprocess import DEVNULL
from typing import Any

import psutil
import pytest
from selenium.webdriver.chrome.service import Service

from crawler.browser import Browser, Rendering, find_browser
from crawler.capture import RuleResult, Seen
from crawler.guard import Guard
from crawler.ledger import Ledger
from crawler.settings import LOCAL_DRIVER, CrawlSettings
from crawler.webdriver import WebDriverBrowser, find_chromedriver
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = [
    pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed"),
    pytest.mark.skipif(not find_chromedriver(), reason="no chromedriver is installed (Debian: apt-get install chromium-driver)"),
]

Results = tuple[RuleResult, ...] | None

GREY = "<p style='color: #999; background: #fff'>The council met and nobody could read of it.</p>"
PAGES = {
    "names": "<main><h1>Names</h1><img src=/logo.png><a href=/x></a><button></button><input><select><option>1</select></main>",
    "colours": f"<main><h1>Colours</h1>{GREY}<p>Ask <a href=/a style='text-decoration: none; color: #111'>her</a>.</main>",
    "tables": "<main><h1>Tables</h1><table>" + "<tr><td>1<td>2<td>3<td>4</tr>" * 5 + "</table><ul><p>no item</p></ul></main>",
    "styles": "<link rel=stylesheet href=/grey.css><main><h1>Styles</h1><p class=grey>The council met.</p></main>",
    "filled": "<main id=m></main><script>setTimeout(() => { m.innerHTML = '<h1>Filled</h1><img src=/a.png><i role=button></i>' },"
    " 200)</script>",
    "frames": "<main><h1>Frames</h1><iframe src=/inner></iframe><iframe title=empty srcdoc='<img src=/b.png>'></iframe>"
    "<section id=s></section></main><script>s.attachShadow({mode: 'open'}).innerHTML = "
    "'<img src=/c.png><iframe title=shadow src=/inner></iframe>'</script>",
    "inner": "<main><h1>Inner</h1><img src=/d.png><input></main>",
    "narrow": "<main><h1>Narrow</h1>" + "<button style='width: 12px; height: 12px; padding: 0'>x</button>" * 4 + "</main>",
    "moved": "<style>@media (prefers-reduced-motion: no-preference) { p { color: #999 } }"
    "</style><main><h1>Moved</h1><p>The council met.</p></main>",
    "starved": "<main><h1>Starved</h1><p>The council met.</p></main><script src=/gone.js></script>",
    "calm": "<main><h1>Calm</h1><p>The council met.</p></main>",
}
GREY_SHEET = be.answer(b".grey { color: #aaa }", media_type="text/css")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(None) as town:
        portal = town.open("portal").add("/grey.css", GREY_SHEET)
        for name, body in PAGES.items():
            portal.add("/" + name, be.answer(be.page(name, body)))
        yield town


@pytest.fixture(scope="module")
def by_address() -> Iterator[str]:
    """The Selenium Grid named in VEEDOR_TEST_GRID; else a chromedriver with the browser that it finds, which speaks the same."""
    if os.environ.get("VEEDOR_TEST_GRID"):
        yield os.environ["VEEDOR_TEST_GRID"]
        return
    service = Service(executable_path=find_chromedriver(), log_output=DEVNULL)
    service.start()
    yield service.service_url.replace("localhost", "127.0.0.1")
    service.stop()


def look(town: Town, *paths: str, webdriver: str = "", ledger: Ledger | None = None, **more: Any) -> list[Rendering | None]:
    """Each page examined, several at the same time; every process is ended afterwards."""
    portal = town.portals["portal"]
    settings = CrawlSettings(allow_private=(portal.host,), webdriver=webdriver, timeout_seconds=8, try_seconds=0)

    async def ask() -> list[Rendering | None]:
        kind = WebDriverBrowser if webdriver else Browser
        browser = kind(settings, Guard((portal.host,)), None, **more)
        try:
            looks = (browser.look(portal.url + path, ledger or Ledger(), axe=True) for path in paths)
            return await asyncio.gather(*looks)
        finally:
            troubles.append(browser.trouble)
            await browser.close()

    return asyncio.run(ask())


troubles: list[str] = []


@pytest.fixture(scope="module")
def with_playwright(town: Town) -> list[Rendering | None]:
    return look(town, *PAGES)


def axe_of(seen: Rendering | None) -> Results:
    assert seen is not None, troubles
    assert seen.axe is not None, seen.unexamined
    return seen.axe


@pytest.mark.parametrize("remote", [False, True], ids=["a chromedriver of this machine", "by its address"])
def test_both_drivers_find_the_same(town: Town, with_playwright: list[Rendering | None], by_address: str, remote: bool) -> None:
    looks = look(town, *PAGES, webdriver=by_address if remote else LOCAL_DRIVER)
    for name, one, other in zip(PAGES, with_playwright, looks, strict=True):
        assert axe_of(one) == axe_of(other), name
        assert one is not None
        assert other is not None
        assert (one.html, one.url, one.starved, one.failed) == (other.html, other.url, other.starved, other.failed), name
        assert other.screenshot[:2] == b"\xff\xd8"
        assert other.seen == Seen()


def test_what_they_find_is_what_is_wrong(with_playwright: list[Rendering | None]) -> None:
    failed = {
        name: {rule.id for rule in axe_of(seen) or () if rule.outcome == "failed"}
        for name, seen in zip(PAGES, with_playwright, strict=True)
    }
    assert {"image-alt", "link-name", "button-name", "label", "select-name"} <= failed["names"]
    assert "color-contrast" in failed["colours"] & failed["styles"]
    assert {"image-alt", "aria-command-name"} <= failed["filled"]
    assert "image-alt" in failed["frames"]
    assert not failed["calm"]


REMEMBERS = (
    "<p id=p></p><script>p.textContent = document.cookie + (localStorage.known || 'new'); localStorage.known = 'known';"
    "document.cookie = 'known=1'</script>"
)


def test_nothing_of_a_page_is_left_for_the_next_one(town: Town) -> None:
    town.portals["portal"].add("/remembers", be.answer(be.page("remembers", REMEMBERS)))
    looks = look(town, *["remembers"] * 4, webdriver=LOCAL_DRIVER)
    assert [seen and ">new</p>" in seen.html for seen in looks] == [True] * 4


def test_a_browser_on_this_machine_goes_only_where_the_guard_lets_it(town: Town) -> None:
    with Town(None) as elsewhere:
        secret = elsewhere.open("secret")
        page = f"<img src={secret.url}a.png><script src={secret.url}b.js></script><iframe src={secret.url}c></iframe>"
        town.portals["portal"].add("/curious", be.answer(be.page("curious", page)))
        (seen,) = look(town, "curious", webdriver=LOCAL_DRIVER)
        assert seen is not None, troubles
        assert any("b.js" in failed for failed in seen.failed)
        assert look(town, "calm", webdriver=LOCAL_DRIVER, allowed=lambda url: False) == [None]
        assert "robots.txt" in troubles[-1]
        assert secret.asked == []
    (nothing,) = look(town, "calm/../../", webdriver=LOCAL_DRIVER)
    assert nothing is None
    assert troubles[-1] == "HTTP 404"


def test_requests_and_bytes_are_on_the_account_of_the_visit(town: Town) -> None:
    ledger, portal = Ledger(), town.portals["portal"]
    before = len(portal.asked)
    look(town, "styles", webdriver=LOCAL_DRIVER, ledger=ledger)
    account = ledger.accounts[portal.host]
    assert account.requests == account.browser_requests
    assert {"/styles", "/grey.css"} <= set(portal.paths()[before:])
    assert account.requests >= 2
    assert account.bytes > len(be.page("styles", PAGES["styles"]))


def test_a_page_that_hangs_costs_only_itself_and_every_process_ends(town: Town) -> None:
    portal = town.portals["portal"]
    portal.add("/busy", be.answer(be.page("busy", "<p>busy<script>for (;;) {}</script>"))).add("/silent", be.silent())
    portal.add(
        "/asks", be.answer(be.page("asks", "<p>The council met.<script>alert(1); confirm(2); onbeforeunload = () => 1</script>"))
    )
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    busy, silent, asks, calm = look(town, "busy", "silent", "asks", "calm", webdriver=LOCAL_DRIVER)
    assert busy is None
    assert silent is None
    assert axe_of(asks)
    assert axe_of(calm)
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before


def end_browsers() -> None:
    """End every Chromium below this process."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.name() != "chromedriver" and "chrom" in process.name():
                process.kill()


def test_a_browser_that_ends_is_replaced_and_one_that_never_starts_is_told_of(town: Town) -> None:
    portal = town.portals["portal"]
    calm = be.answer(be.page("deadly", "<p>The council met."))

    def deadly(asked: be.Asked) -> be.Answer:
        end_browsers()
        portal.add("/deadly", calm)
        return calm(asked)

    portal.add("/deadly", deadly)
    settings = CrawlSettings(allow_private=(portal.host,), webdriver=LOCAL_DRIVER)

    async def ask() -> list[Rendering | None]:
        browser = WebDriverBrowser(settings, Guard((portal.host,)), None)
        first = await browser.look(portal.url + "deadly", Ledger(), axe=True)
        end_browsers()
        more = await asyncio.gather(*(browser.look(portal.url + "calm", Ledger(), axe=True) for _ in range(2)))
        troubles.append(browser.trouble)
        await browser.close()
        return [first, *more]

    assert all(map(axe_of, asyncio.run(ask())))
    assert look(town, "calm", webdriver="http://127.0.0.1:9") == [None]
    assert "starts no browser" in troubles[-1]


def test_a_visit_that_is_cut_short_leaves_no_browser_behind(town: Town) -> None:
    portal = town.portals["portal"]
    settings = CrawlSettings(allow_private=(portal.host,), webdriver=LOCAL_DRIVER)

    async def cut_short(seconds: float) -> None:
        browser = WebDriverBrowser(settings, Guard((portal.host,)), None)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(browser.look(portal.url + "calm", Ledger()), seconds)
        await browser.close()

    before = {process.pid for process in psutil.Process().children(recursive=True)}
    for seconds in (0.1, 1.2):
        asyncio.run(cut_short(seconds))
        assert {process.pid for process in psutil.Process().children(recursive=True)} <= before
