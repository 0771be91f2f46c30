"""Chromium among hostile pages: each ends in time, none takes another one with it, and what it showed is not lost."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from crawler.browser import Rendering, find_browser
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings
from tests.crawler.den import TEXT, Den, script
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

JPEG = b"\xff\xd8"

LOUD = {
    "alerts": "while (true) alert(1)",
    "confirms": "setInterval(() => { while (confirm('stay?')) {} ; prompt('why?') }, 1)",
    "unload": "addEventListener('beforeunload', e => { e.preventDefault(); e.returnValue = 'x' }); location = '/calm'",
    "prints": "setInterval(() => print(), 5)",
    "loop": "while (true) {}",
    "loops": "setInterval(() => { while (true) {} }, 1)",
    "promises": "const again = () => queueMicrotask(again); again()",
    "windows": "for (let i = 0; i < 50; i++) { open('/window?' + i);"
    " const a = document.createElement('a'); a.href = '/window?a' + i;"
    " a.target = '_blank'; document.body.append(a); a.click() }",
    "downloads": "setInterval(() => { location = '/file.zip'; const a = document.createElement('a'); a.href = '/file.zip';"
    " a.download = 'x'; a.click() }, 20)",
    "leads on": "setInterval(() => { location = '/calm?' + Math.random() }, 5)",
    "reloads": "location.reload()",
    "history": "let n = 0; setInterval(() => { for (let i = 0; i < 500; i++) history.pushState({}, '', '/p' + n++) }, 1)",
    "hash": "let n = 0; setInterval(() => { for (let i = 0; i < 100; i++) location.hash = n++ }, 1)",
    "writes": "setInterval(() => { for (let i = 0; i < 200; i++) document.write(`<p>${'the council met '}</p>`) }, 1)",
    "asks": "setInterval(() => { for (let i = 0; i < 100; i++) fetch('/data?' + Math.random()).catch(() => 0) }, 1)",
    "moves": "setInterval(() => { document.querySelector('h1').textContent = Math.random() }, 1)",
    "beacons": "addEventListener('pagehide', () => { for (let i = 0; i < 50; i++) navigator.sendBeacon('/beacon?' + i, 'x') })",
    "workers": "const u = URL.createObjectURL(new Blob(['while (true) {}'])); for (let i = 0; i < 5; i++) { new Worker(u);"
    " new SharedWorker(u + '#' + i) } navigator.serviceWorker?.register('/worker.js').catch(() => 0)",
    "mail": "location = 'mailto:a@b.example'; setTimeout(() => { location = 'tel:1' }, 50)",
    "many nodes": "for (let i = 0; i < 200000; i++) document.body.append(document.createElement('i'))",
    "locks": "Object.prototype.toJSON = () => 0; window.Promise = window.setTimeout = window.MutationObserver = null;"
    " document.createElement = () => { throw 1 }; Object.defineProperty(document, 'documentElement', {get: () => null})",
    "half letters": "document.body.append('\\ud800 and \\0')",
}
"""Pages that misbehave; of each the text can still be read."""


@pytest.fixture(scope="module")
def den() -> Iterator[Den]:
    with Town(None) as town, Den(town) as made:
        made.portal.add("/file.zip", be.answer(b"PK", media_type="application/zip", content_disposition="attachment"))
        yield made


def put(den: Den, pages: dict[str, bytes]) -> list[str]:
    """Add pages by name; gives their paths."""
    for name, body in pages.items():
        den.portal.add("/" + name.replace(" ", "-"), be.answer(body))
    return [name.replace(" ", "-") for name in pages]


@pytest.fixture(scope="module")
def seen(den: Den) -> dict[str, Rendering | None]:
    """All hostile pages, as many at a time as the browser takes."""
    paths = put(den, {name: script(code) for name, code in LOUD.items()})
    return dict(zip(LOUD, den.render(*paths), strict=True))


@pytest.mark.parametrize("name", LOUD)
def test_a_hostile_page_is_read_in_time(seen: dict[str, Rendering | None], den: Den, name: str) -> None:
    page = seen[name]
    assert page is not None, den.browser.trouble
    assert TEXT in page.html
    assert page.screenshot.startswith(JPEG)


def test_pages_that_had_to_be_stopped_are_marked(seen: dict[str, Rendering | None]) -> None:
    """What their scripts would have shown is not known."""
    stopped = {name for name, page in seen.items() if page and any("without end" in why for why in page.failed)}
    assert stopped >= {"alerts", "confirms", "loop", "loops", "promises", "asks"}
    assert not stopped & {"unload", "prints", "windows", "beacons", "mail", "locks", "half letters"}


def test_no_window_is_opened_and_no_page_asks_without_end(seen: dict[str, Rendering | None], den: Den) -> None:
    asked = den.portal.paths()
    assert [path for path in asked if path.startswith("/window")] == ["/windows"]
    assert sum(path.startswith("/data") for path in asked) <= 400
    assert sum(path.startswith("/calm?") for path in asked) <= 10


FILLING = {
    "heap": "const a = []; while (true) a.push(new Array(100000).fill(a.length + 0.5))",
    "buffers": "const a = []; while (true) a.push(new Uint8Array(5e7).fill(1))",
    "texts": "let i = 0; while (true) document.body.append(String(i++).repeat(1e7))",
}


def test_a_page_that_fills_memory_ends_alone(den: Den) -> None:
    """Its process ends, twice, and nothing else: what is open beside it is rendered, with one request."""
    den.page("calm")
    before = den.chromium
    paths = put(den, {name: script(code) for name, code in FILLING.items()})
    den.portal.add("/beside", be.answer(script("", before='<img src="/late.png">'))).add("/late.png", be.silent(3))
    beside, *filled = den.render("beside", *paths)
    assert filled == [None] * 3
    assert "brings down its process" in den.browser.trouble
    assert beside is not None
    assert [den.portal.paths().count("/" + path) for path in ("beside", *paths)] == [1, 2, 2, 2]
    assert den.chromium == before


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
def test_a_chromium_that_ends_or_hangs_is_replaced_and_no_page_is_lost(den: Den, blow: signal.Signals) -> None:
    den.page("calm")
    victim = den.chromium
    paths = [f"slow-{blow}-{number}" for number in range(3)]
    for path in paths:
        den.portal.add("/" + path, be.first(1, be.silent(3), be.answer(script(""))))

    async def strike() -> list[Rendering | None]:
        looking = [asyncio.ensure_future(den.browser.render(den.portal.url + path, Ledger())) for path in paths]
        while sum(path.startswith(f"/slow-{blow}") for path in den.portal.paths()) < len(paths):
            await asyncio.sleep(0.05)
        victim.send_signal(blow)
        return await asyncio.gather(*looking)

    assert all(page and TEXT in page.html for page in den.run(strike())), den.browser.trouble
    assert den.chromium != victim
    assert not victim.is_running()


def test_a_page_that_brings_down_chromium_each_time_is_tried_twice(den: Den) -> None:
    """The hand that ends Chromium stands for a page that can: each time the page is asked for, Chromium dies."""

    def fatal(asked: be.Asked) -> be.Answer:
        den.chromium.kill()
        return be.Answer(wait=3)

    den.portal.add("/fatal", fatal)
    assert den.render("fatal", "calm")[0] is None
    assert den.browser.trouble == "Chromium ended"
    assert den.portal.paths().count("/fatal") == 2
    assert TEXT in den.page("calm").html


HANGING = {
    "image": '<img src="/hang">',
    "style": '<link rel="stylesheet" href="/hang">',
    "frame": '<iframe src="/hang"></iframe>',
    "script": '<script src="/hang"></script>',
    "data": "<script>fetch('/hang')</script>",
}


def test_a_page_that_never_finishes_loading_is_read_as_far_as_it_came(den: Den) -> None:
    den.portal.add("/hang", be.silent(60))
    pages = den.render(*put(den, {f"with {kind}": script("", before=markup) for kind, markup in HANGING.items()}))
    assert all(page and TEXT in page.html for page in pages)
    assert {kind for kind, page in zip(HANGING, pages, strict=True) if page and page.starved} == {"frame", "script", "data"}


def test_frames_in_frames_end(den: Den) -> None:
    def deeper(asked: be.Asked) -> be.Answer:
        number = int(asked.path.rpartition("/")[2])
        return be.Answer(body=be.page(f"{number}", f'<p>{TEXT}</p><iframe src="/deep/{number + 1}"></iframe>' * 2))

    den.portal.add("/deep/*", deeper)
    page = den.page("deep/1")
    assert TEXT in page.html
    assert 50 <= sum(path.startswith("/deep/") for path in den.portal.paths()) <= 61
