"""What pages ask for through Chromium: what may not arrive, what is asked once, and what is missing where it does not come."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.browser import find_browser
from crawler.ledger import Ledger
from crawler.pen import WarcPen
from crawler.settings import CrawlSettings
from tests.crawler.den import TEXT, Den, script
from tests.crawler.listener import Listener
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

CLOSED = "/closed/"


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(None) as made:
        yield made


@pytest.fixture(scope="module")
def other(town: Town) -> Portal:
    """Another site, whose scripts ask for more."""
    asks = "fetch(document.currentScript.src.replace('busy.js', 'missing'))"
    return town.open("other").add("/busy.js", be.answer(asks, media_type="text/javascript"))


@pytest.fixture(scope="module")
def den(town: Town, other: Portal) -> Iterator[Den]:
    def allowed(url: str) -> bool | None:
        return False if CLOSED in url else None

    with Den(town, other.host, allowed=allowed) as made:
        made.portal.add("/torn", be.torn()).add("/broken", be.answer(status=500)).add(CLOSED + "*", be.answer("1"))
        yield made


NEEDED = {
    "own script": '<script src="/missing.js"></script>',
    "own data": "<script>fetch('/missing.json')</script>",
    "own data that fails": "<script>fetch('/broken').then(x => x.json())</script>",
    "own data by the old way": "<script>const x = new XMLHttpRequest(); x.open('GET', '/torn'); x.send()</script>",
    "own module": "<script type='module'>import '/missing.mjs'</script>",
    "own frame": '<iframe src="/broken"></iframe>',
    "a library of others": '<script src="http://OTHER/missing.js"></script>',
    "data of others": "<script>fetch('http://OTHER/missing').catch(() => 0)</script>",
    "data at a private address": "<script>fetch('http://SECRET/').catch(() => 0)</script>",
    "data closed to robots": f"<script>fetch('{CLOSED}data')</script>",
    "a socket": "<script>new WebSocket('ws://DEN/socket')</script>",
}
SPARED = {
    "image": '<img src="/missing.png">',
    "style": '<link rel="stylesheet" href="/missing.css">',
    "font": "<style>@font-face { font-family: x; src: url('/missing.woff2') } p { font-family: x }</style>",
    "media": '<video src="/missing.mp4" autoplay></video>',
    "ping": "<script>navigator.sendBeacon('/missing', 'x')</script>",
    "counter of others": '<script async src="http://OTHER/missing.js"></script>',
    "what scripts of others ask": '<script src="http://OTHER/busy.js"></script>',
    "frame of others": '<iframe src="http://OTHER/missing"></iframe>',
    "image closed to robots": f'<img src="{CLOSED}seal.png">',
    "given up by the page": "<script>const c = new AbortController(); fetch('/calm', {signal: c.signal}).catch(() => 0);"
    " c.abort()</script>",
}


@pytest.mark.parametrize(("markup", "starved"), [(NEEDED, True), (SPARED, False)], ids=["needed", "spared"])
def test_a_page_is_starved_by_what_may_fill_it_alone(den: Den, other: Portal, markup: dict[str, str], starved: bool) -> None:
    with Listener() as secret:
        for name, code in markup.items():
            told = code.replace("OTHER", other.host).replace("SECRET", secret.host).replace("DEN", den.portal.host)
            den.portal.add("/" + name.replace(" ", "-"), be.answer(script("", before=told)))
        seen = den.render(*(name.replace(" ", "-") for name in markup))
        assert secret.arrived == []
    said = {name: page and page.starved for name, page in zip(markup, seen, strict=True)}
    assert said == dict.fromkeys(markup, starved), [page and page.failed for page in seen]
    assert not any(path.startswith(CLOSED) for path in den.portal.paths())


def test_data_that_comes_late_is_waited_for(den: Den) -> None:
    code = "fetch('/late').then(x => x.text()).then(x => { document.querySelector('h1').textContent = x })"
    den.portal.add("/late", lambda asked: be.Answer(body=b"at last", wait=2)).add("/patient", be.answer(script(code)))
    page = den.page("patient")
    assert "<h1>at last</h1>" in page.html
    assert not page.starved


def test_what_a_page_leads_on_to_is_what_counts(den: Den) -> None:
    """The second page lacks nothing, whatever the first one lacked."""
    den.portal.add(
        "/first", be.answer(script("setTimeout(() => { location = '/calm' }, 100)", '<script src="/missing.js"></script>'))
    )
    page = den.page("first")
    assert page.url.endswith("/calm")
    assert not page.starved


def test_scripts_styles_and_pictures_are_asked_once_a_visit(den: Den, tmp_path: Path) -> None:
    assets = '<script src="/app.js"></script><link rel="stylesheet" href="/app.css"><img src="/seal.svg">'
    den.portal.add("/app.js", be.answer("document.body.append('script ran')", media_type="text/javascript"))
    den.portal.add("/app.css", be.answer("p { color: red }", media_type="text/css"))
    den.portal.add("/seal.svg", be.answer('<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml"))
    den.portal.add("/one", be.answer(script("", assets))).add("/two", be.answer(script("", assets)))
    for visit in ("a", "b"):
        with WarcPen(tmp_path / f"{visit}.warc.gz", "test") as pen:
            ledger = Ledger(pen=pen)
            pages = [den.page(path, ledger) for path in ("one", "two")]
            assert all("script ran" in page.html and not page.starved for page in pages)
            assert ledger.requests == 5
            pen.close()
    asked = den.portal.paths()
    assert [asked.count(path) for path in ("/app.js", "/app.css", "/seal.svg", "/one", "/two")] == [2, 2, 2, 2, 2]


def test_the_ledger_counts_what_came(den: Den) -> None:
    den.portal.add("/weighty", be.answer(script("fetch('/weight')"))).add("/weight", be.answer("x" * 50_000))
    ledger = Ledger()
    den.page("weighty", ledger)
    assert ledger.requests == ledger.hosts[den.portal.host].requests == 2
    assert 50_000 < ledger.received < 60_000


def test_a_body_without_end_is_cut(den: Den) -> None:
    """Chromium gets 64 MiB of it at most, and the page sees that it was cut."""
    code = "fetch('/flood').then(x => x.arrayBuffer()).catch(() => { document.querySelector('h1').textContent = 'cut' })"
    den.portal.add("/flood", be.answer(b"x" * 80 * 2**20)).add("/flooded", be.answer(script(code)))
    ledger = Ledger()
    assert "<h1>cut</h1>" in den.page("flooded", ledger).html


def test_a_page_waits_for_its_turn(town: Town) -> None:
    told: list[str] = []

    async def turn(url: str) -> None:
        told.append(url)

    with Den(town, turn=turn) as den:
        den.page("calm")
        assert told == [den.portal.url + "calm"]


def test_what_an_archive_lacks_starves_a_page(town: Town, tmp_path: Path) -> None:
    with Den(town) as live, WarcPen(tmp_path / "a.warc.gz", "test") as pen:
        live.portal.add("/whole", be.answer(script("fetch('/data')"))).add("/data", be.answer("1"))
        live.portal.add("/part", be.answer(script("if (location.hash) fetch('/other')")))
        for path in ("whole", "part"):
            live.page(path, Ledger(pen=pen))
        pen.close()
        asked = len(live.portal.asked)
        with Den(town, archives=(tmp_path / "a.warc.gz",)) as archived:
            archived.portal = live.portal
            whole, part = archived.render("whole", "part#day")
        assert whole is not None
        assert part is not None
        assert (whole.starved, part.starved) == (False, True)
        assert len(live.portal.asked) == asked


def ways(host: str, name: str) -> str:
    """Markup that asks `host` in every way that shows in the first seconds; each way has a path of its own."""

    def at(way: str) -> str:
        return f"http://{host}/{name}-{way}"

    return f"""<img src="{at("picture")}"><iframe src="{at("frame")}"></iframe><object data="{at("object")}"></object>
    <embed src="{at("embed")}"><video src="{at("video")}" preload="auto"></video><link rel="prefetch" href="{at("prefetch")}">
    <link rel="stylesheet" href="{at("style")}"><link rel="preload" as="script" href="{at("preload")}">
    <iframe srcdoc="<meta http-equiv=refresh content='0;url={at("refresh")}'>"></iframe>
    <iframe name="to-{name}"></iframe><form id="form-{name}" method="post" target="to-{name}" action="{at("post")}"></form>
    <iframe src="/hop-{name}"></iframe>
    <script>document.getElementById('form-{name}').submit(); fetch('{at("fetch")}').catch(() => 0);
    fetch('/hop-{name}').catch(() => 0); navigator.sendBeacon('{at("beacon")}', 'x'); new EventSource('{at("events")}');
    import('{at("module")}').catch(() => 0); new Worker(URL.createObjectURL(new Blob(["importScripts('{at("worker")}')"])));
    </script>"""


def spellings(port: str) -> dict[str, str]:
    """Names and numbers that lead to this machine."""
    names = ("localhost", "x.localhost", socket.gethostname(), "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0")
    bracketed = ("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]")
    return {f"n{number}": f"{name}:{port}" for number, name in enumerate((*names, *bracketed))}


def test_nothing_arrives_at_a_private_address_by_any_way_or_name(town: Town) -> None:
    with Listener() as secret, Listener() as friend, Den(town, friend.host) as den:
        hosts = {"secret": secret.host} | spellings(secret.host.rpartition(":")[2])
        for name, host in (hosts | {"friend": friend.host}).items():
            den.portal.add(f"/hop-{name}", be.redirect(f"http://{host}/{name}-hop"))
            den.portal.add(f"/at-{name}", be.answer(script("", ways(host, name))))
        seen = den.render(*(f"at-{name}" for name in hosts), "at-friend")
        assert all(page and TEXT in page.html for page in seen)
        assert secret.arrived == []
    came = {line.split(b" ")[1].partition(b"-")[2].decode() for line in friend.arrived if b" /friend-" in line}
    assert came >= {
        "picture",
        "frame",
        "object",
        "embed",
        "style",
        "refresh",
        "post",
        "fetch",
        "hop",
        "events",
        "module",
        "worker",
    }
