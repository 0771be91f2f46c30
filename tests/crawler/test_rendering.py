"""Trying pages out in Chromium: what they weigh, whether they fit a narrow window, how far the Tab key leads."""

import asyncio
import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audits.facts import read
from crawler.browser import Rendering, find_browser
from crawler.capture import CaptureRecord, Page, PageRecord, Reflow, Seen
from crawler.larder import sent_bytes
from crawler.ledger import Ledger
from crawler.replay import replay
from crawler.settings import CrawlSettings
from tests.audits.portal import FIXTURES, seen_of
from tests.crawler.crawling import crawl, entity, manners
from tests.crawler.den import Den
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

NOISE = random.Random(46).randbytes(300_000)
STYLE = b"p { color: black }\n" * 20_000
PACKED = gzip.compress(STYLE)
HEAVY = (
    '<link rel="stylesheet" href="/noise.css"><link rel="stylesheet" href="/packed.css"><link rel="stylesheet" href="/late.css">'
)
LINKS = "".join(f'<p><a href="/{number}">link {number}</a></p>' for number in range(8))
MEASURED = [path for path in FIXTURES if path.parent.parent.name in ("keyboard_operable", "reflow_at_320px") and seen_of(path)]

PAGES = {
    "scroller": '<div style="overflow-x: auto"><div style="width: 900px">' + "A sentence of the council. " * 20 + "</div></div>",
    "sticking_out": '<p style="white-space: nowrap">' + "A sentence of the council. " * 20 + "</p>",
    "circle": LINKS
    + "<input id=a><input id=b><script>b.addEventListener('blur', () => a.focus())</script><p><a href=/z>z</a></p>",
    "parts": "<input type=date><input type=time><iframe srcdoc='<a href=/1>1</a><a href=/2>2</a><a href=/3>3</a>'></iframe>"
    + LINKS,
    "dialog": LINKS + "<dialog id=d><button>yes</button><button>no</button></dialog><script>d.showModal()</script>",
    "begins_inside": LINKS + "<input autofocus>" + LINKS.replace('href="/', 'href="/more/'),
    "twice": '<a href="/x" tabindex=-1>x</a> <a href="/x">the same</a> <a href="/y" tabindex=-1>mouse</a> <a href="/z">z</a>',
    "long": "".join(f'<a href="/{number}">link {number}</a> ' for number in range(150)),
    "without_script": LINKS + '<script src="http://10.0.0.1/menu.js"></script>',
    "leads_away": LINKS.replace("<a ", "<a onfocus='location = \"/calm\"' "),
}


async def look(den: Den) -> list[Rendering | None]:
    """Every page of PAGES and MEASURED, tried out."""
    paths = [*PAGES, *map(name_of, MEASURED)]
    return await asyncio.gather(*(den.browser.look(den.portal.url + path, Ledger(), axe=True) for path in paths))


def name_of(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def tried() -> dict[str, Seen]:
    """What trying out showed, by name of the page."""
    with Town(None) as town, Den(town) as den:
        for name, body in PAGES.items():
            den.portal.add("/" + name, be.answer(be.page(name, body)))
        for path in MEASURED:
            den.portal.add("/" + name_of(path), be.answer(path.read_bytes()))
        looks = den.run(look(den))
    names = [*PAGES, *map(name_of, MEASURED)]
    return {name: seen.seen for name, seen in zip(names, looks, strict=True) if seen and seen.seen}


@pytest.mark.parametrize("path", MEASURED, ids=name_of)
def test_the_browser_says_of_a_fixture_what_is_written_beside_it(tried: dict[str, Seen], path: Path) -> None:
    seen, written = tried[name_of(path)], seen_of(path)
    assert written is not None
    assert seen.keyboard == written.keyboard
    assert (seen.reflow is None) == (written.reflow is None)
    if seen.reflow and written.reflow:  # by how much depends on the fonts of the machine
        assert (seen.reflow.overflow > 0) == (written.reflow.overflow > 0)


def test_what_a_container_scrolls_does_not_stick_out_of_the_page(tried: dict[str, Seen]) -> None:
    assert tried["scroller"].reflow == Reflow(0)
    wide = tried["sticking_out"].reflow
    assert wide is not None
    assert wide.overflow > 1000
    assert [(node.selector, node.snippet[:9]) for node in wide.wide] == [("main > p", "<p style=")]


def test_a_circle_that_leaves_a_part_of_the_page_out_is_a_trap(tried: dict[str, Seen]) -> None:
    keyboard = tried["circle"].keyboard
    assert keyboard is not None
    assert keyboard.trapped
    assert {"input#a", "input#b"} <= {node.selector for node in keyboard.unreached}


@pytest.mark.parametrize(
    ("name", "operable"), [("parts", 10), ("begins_inside", 17), ("dialog", 2), ("long", CrawlSettings().tab_presses)]
)
def test_fields_of_parts_frames_dialogs_and_long_pages_are_no_traps(tried: dict[str, Seen], name: str, operable: int) -> None:
    keyboard = tried[name].keyboard
    assert keyboard is not None
    assert (keyboard.trapped, keyboard.reached, keyboard.operable) == (False, operable, operable)


def test_a_second_link_to_the_same_place_is_reached_with_the_first(tried: dict[str, Seen]) -> None:
    keyboard = tried["twice"].keyboard
    assert keyboard is not None
    assert (keyboard.reached, keyboard.operable) == (3, 4)
    assert "mouse" in keyboard.unreached[0].snippet


def test_what_cannot_be_tried_is_left_open(tried: dict[str, Seen]) -> None:
    assert tried["without_script"].weight is not None
    assert not tried["without_script"].weight.whole
    assert (tried["without_script"].reflow, tried["without_script"].keyboard) == (None, None)
    assert tried["leads_away"].reflow == Reflow(0)
    assert tried["leads_away"].keyboard is None


def test_a_page_is_weighed_as_it_was_sent_also_where_an_earlier_page_had_a_part_of_it_and_judged_again(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = town.open("heavy").add("/", be.answer(be.page("home", '<a href="/budget">budget</a>', head=HEAVY)))
        portal.add("/budget", be.answer(be.page("budget", LINKS, head=HEAVY)))
        portal.add("/noise.css", be.answer(NOISE, media_type="text/css"))
        portal.add("/packed.css", be.answer(PACKED, media_type="text/css", content_encoding="gzip"))
        portal.add("/late.css", be.answer(status=404))
        settings = manners(portal.host, browser=True, axe_pages=2, timeout_seconds=10)
        live = crawl([entity("heavy", portal.url)], settings, tmp_path)
        settings = settings.model_copy(update={"archives": tuple(live.warcs.values())})
        archived = crawl([entity("heavy", portal.url)], settings, tmp_path / "again").captures["heavy"]
    capture = live.captures["heavy"]
    home, second = (page.seen for page in capture.pages[:2])
    for seen in (home, second, *(page.seen for page in archived.pages[:2])):
        assert seen is not None
        assert seen.weight is not None
        assert (seen.weight.requests, seen.weight.whole) == (4, True)
        assert seen.weight.bytes == pytest.approx(len(NOISE) + len(PACKED), abs=4000)
    kept = CaptureRecord.of(capture, (live.warcs["heavy"],)).model_dump_json()
    again = replay(CaptureRecord.model_validate_json(kept), tmp_path, read)
    assert [page.seen for page in again.pages] == [page.seen for page in capture.pages]
    assert [page.seen is not None for page in again.pages[:2]] == [True, True]


def test_a_body_weighs_what_it_took_on_its_way() -> None:
    assert sent_bytes([("Content-Type", "text/css")], STYLE) == len(STYLE)
    assert sent_bytes([("Content-Encoding", "gzip"), ("Content-Length", "77")], STYLE) == 77
    kept = [
        ("X-Archive-Orig-Content-Encoding", "br"),
        ("X-Archive-Orig-Content-Length", "77"),
        ("Content-Length", str(len(STYLE))),
    ]
    assert sent_bytes(kept, STYLE) == 77
    assert sent_bytes([("Content-Encoding", "gzip")], STYLE) < len(STYLE) // 10


def test_a_capture_from_before_pages_were_tried_out_can_still_be_read() -> None:
    page = Page("http://a.pe/", "http://a.pe/", 200, "text/html", datetime(2026, 6, 15, tzinfo=UTC))
    kept = PageRecord.of(page).model_dump(mode="json")
    assert kept.pop("seen") is None
    assert PageRecord.model_validate(kept).page().seen is None
