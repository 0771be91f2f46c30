"""Chromium: what axe-core says, what scripts make of a page, and what happens when there is no browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.browser import find_browser
from crawler.capture import Page, Reason
from crawler.settings import CrawlSettings
from tests.crawler.crawling import Crawled, crawl, entity, manners
from tests.crawler.listener import Listener
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

FAULTY = '<img src="/seal.png"><form action="/send"><input type="text" name="q"></form><a href="/second">second</a>'
ARCHIVE_BEGINS = b"from here on only the archive is asked"
STYLE = '<link rel="stylesheet" href="/style.css">'
SCRIPT = """<script>document.body.innerHTML = '<main><h1>Minutes</h1><p>' + 'A sentence of the council. '.repeat(20) +
'</p><a href="/minutes">minutes</a></main>'</script>"""
SHELL = f'<!doctype html><html lang="es"><head><title>App</title></head><body><div id="root"></div>{SCRIPT}</body></html>'


def tries(host: str) -> str:
    """Markup that makes Chromium ask `host` in every way that a page has, also in those that its own session does not show."""
    speculation = f'{{"prefetch": [{{"source": "list", "urls": ["http://{host}/guess"], "eagerness": "immediate"}}]}}'
    worker = f"try {{ new WebSocket('ws://{host}/deep') }} catch (e) {{}} fetch('http://{host}/shared')"
    return f"""<img src="http://{host}/picture.png"><iframe src="http://{host}/frame"></iframe>
    <link rel="preconnect" href="http://{host}"><script type="speculationrules">{speculation}</script>
    <script>{{
    fetch('http://{host}/fetch').catch(() => 0); new WebSocket('ws://{host}/socket');
    const code = URL.createObjectURL(new Blob([{worker!r}]));
    new Worker(code); new SharedWorker(code);
    const call = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{host}'}}]}});
    call.createDataChannel('x'); call.createOffer().then(offer => call.setLocalDescription(offer));
    new WebTransport('https://{host}/transport').ready.catch(() => 0);
    }}</script>"""


def with_spy(portal: Portal, secret: Listener, friend: Listener) -> None:
    """A page that does all it can to reach two other hosts, one of them also through redirects."""
    hops = "<img src='/hop'><script>fetch('/hop').catch(() => 0)</script>"
    portal.add("/hop", be.redirect(f"http://{secret.host}/hop"))
    portal.add("/", be.answer(be.page("spy", tries(secret.host) + hops + tries(friend.host))))


@pytest.fixture(scope="module")
def listeners() -> Iterator[tuple[Listener, Listener]]:
    """A host that nobody may be led to, and one that the user allowed."""
    with Listener() as secret, Listener() as friend:
        yield secret, friend


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, listeners: tuple[Listener, Listener]
) -> Iterator[tuple[Crawled, Town, Crawled]]:
    """Three portals, live and then from their archives."""
    with Town(None) as town:
        faulty = town.open("faulty").add("/", be.answer(be.page("Faulty", FAULTY, head=STYLE)))
        faulty.add("/style.css", be.answer("h1 { color: #ccc; background: #fff }", media_type="text/css"))
        faulty.add("/second", be.answer(be.page("Second", "<p>Nothing wrong here</p>")))
        shell = town.open("shell").add("/", be.answer(SHELL)).add("/minutes", be.answer(be.page("Minutes of May", "<p>Text</p>")))
        spy, friend = town.open("spy"), listeners[1]
        with_spy(spy, *listeners)
        entities = [entity(portal.name, portal.url) for portal in (faulty, shell, spy)]
        allowed = manners(*town.hosts, friend.host, browser=True, timeout_seconds=10)
        live = crawl(entities, allowed, tmp_path_factory.mktemp("live"))
        friend.arrived.append(ARCHIVE_BEGINS)
        archived = allowed.model_copy(update={"archives": tuple(live.warcs.values())})
        again = crawl(entities, archived, tmp_path_factory.mktemp("again"))
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
    assert (image.outcome, image.elements, image.criteria) == ("failed", 1, ("1.1.1",))
    assert "seal.png" in image.nodes[0].snippet
    assert outcome(home, "label") == "failed"
    assert outcome(home, "document-title") == "passed"


def test_axe_says_the_same_of_the_archive_with_its_style_sheets(seen: tuple[Crawled, Town, Crawled]) -> None:
    live, again = (crawled.captures["faulty"].pages for crawled in (seen[0], seen[2]))
    assert outcome(live[0], "color-contrast") == "failed"
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


def test_chromium_is_led_to_no_private_address_by_any_way(
    seen: tuple[Crawled, Town, Crawled], listeners: tuple[Listener, Listener]
) -> None:
    assert seen[0].captures["spy"].pages[0].axe is not None
    assert "/hop" in seen[1].portals["spy"].paths()
    assert listeners[0].arrived == []
    asked = {line.split(b" ")[1] for line in listeners[1].arrived if line.startswith(b"GET ")}
    assert asked >= {b"/picture.png", b"/guess", b"/shared", b"/deep"}, "the ways that the page tries lead somewhere"


def test_an_archive_is_examined_without_the_network_though_hosts_are_allowed(
    seen: tuple[Crawled, Town, Crawled], listeners: tuple[Listener, Listener]
) -> None:
    assert seen[2].captures["spy"].pages[0].axe is not None
    assert listeners[1].arrived[-1] == ARCHIVE_BEGINS


def test_a_closed_crawl_asks_the_hosts_of_its_portals_alone(tmp_path: Path) -> None:
    """8.8.8.8 stands for any public host: where the rule is broken, the visit counts a request to it."""
    with Town(None) as town:
        body = '<img src="http://8.8.8.8/a.png"><a href="http://8.8.8.8/minutes">minutes</a> <a href="/budget">budget</a>'
        portal = town.open("plain").add("/", be.answer(be.page("home", body))).add("/budget", be.answer(be.page("budget")))
        settings = manners(portal.host, browser=True, timeout_seconds=10, closed=None)
        crawled = crawl([entity("plain", portal.url)], settings, tmp_path)
    capture = crawled.captures["plain"]
    assert [host.host for host in capture.visit.hosts] == [portal.host]
    assert crawled.page("plain", "8.8.8.8/minutes").problem is Reason.OFF_SITE
    assert [page.axe is not None for page in capture.pages if page.facts] == [True, True]


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
