"""robots.txt by RFC 9309."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Reason
from crawler.robots import FRESH, LARGEST, MOST_SITEMAPS, STALE, RobotsAnswer, RobotsDesk, Rules, read, sitemaps_of

URL = "http://muni.gob.pe/private/x"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_a_file_that_is_not_there_means_welcome(status: int) -> None:
    assert read(RobotsAnswer(status, b"")).allows(URL)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_means_keep_out(status: int) -> None:
    rules = read(RobotsAnswer(status, b""))
    assert not rules.allows(URL)
    assert rules.closed is Reason.ROBOTS_UNREACHABLE


def test_a_host_that_cannot_be_reached_is_closed_under_its_own_reason() -> None:
    assert read(RobotsAnswer(0, b"", Reason.TIMEOUT)).closed is Reason.TIMEOUT


def test_rules_for_us_go_before_rules_for_all() -> None:
    rules = read(RobotsAnswer(200, b"User-agent: *\nDisallow: /\n\nUser-agent: veedor\nDisallow: /private\nCrawl-delay: 7\n"))
    assert not rules.allows(URL)
    assert rules.allows("http://muni.gob.pe/")
    assert rules.delay == 7


def test_a_crawl_delay_beyond_reason_is_cut() -> None:
    assert read(RobotsAnswer(200, b"User-agent: *\nCrawl-delay: 86400\n")).delay == 30


def test_only_the_first_500_kib_count() -> None:
    padding = b"# " + b"x" * LARGEST + b"\n"
    assert read(RobotsAnswer(200, padding + b"User-agent: *\nDisallow: /\n")).allows(URL)


def test_a_page_in_place_of_the_file_allows_all() -> None:
    assert read(RobotsAnswer(200, b"<!doctype html><p>Not here</p>")).allows(URL)


def rules(text: str | bytes) -> Rules:
    return read(RobotsAnswer(200, text.encode() if isinstance(text, str) else text))


def closed(text: str, *paths: str) -> list[str]:
    """Those of the paths that are closed."""
    found = rules(text)
    return [path for path in paths if not found.allows("http://muni.gob.pe" + path)]


@pytest.mark.parametrize(
    ("text", "shut", "open_"),
    [
        ("User-agent: *\nDisallow: /a\n\nUser-agent: x\nDisallow: /b\n\nUser-agent: *\nDisallow: /c", ["/a", "/c"], ["/b"]),
        ("User-agent: x\nUser-agent: veedor\nDisallow: /a\n\nUser-agent: VEEDOR\nDisallow: /b", ["/a", "/b"], ["/c"]),
        ("User-agent: veedor/1.0\nDisallow: /a\n\nUser-agent: *\nDisallow: /", ["/a"], ["/", "/b"]),
        ("User-agent: vee\nDisallow: /\n\nUser-agent: veedorbot\nDisallow: /\n\nUser-agent: *\nDisallow: /a", ["/a"], ["/b"]),
        ("User-agent: *\nDisallow: /*.php$", ["/a.php", "/x/y.php"], ["/a.php?x=1", "/a.phpx"]),
        ("User-agent: *\nDisallow: /*?*print=", ["/a?print=1", "/b/c?x=1&print=2"], ["/print=1"]),
        ("User-agent: *\nDisallow: /docs\nAllow: /docs/public", ["/docs", "/docs/x"], ["/docs/public/a"]),
        ("User-agent: *\nAllow: /page\nDisallow: /page", [], ["/page"]),
        ("User-agent: *\nDisallow: /acci%C3%B3n\nDisallow: /niño", ["/acción", "/acci%C3%B3n", "/ni%C3%B1o"], ["/accion"]),
        ("User-agent: *\nDisallow:", [], ["/", "/a"]),
        ("user agent: *\ndisallow /a # closed\nDISALLOW : /b", ["/a", "/b"], ["/c"]),
        ("Disallow: /\n", [], ["/"]),
        ("User-agent: *\nDisallow: /", ["/", "/a"], ["/robots.txt"]),
        ("User-agent: *\r\nDisallow: /a\r\rDisallow: /b\r", ["/a", "/b"], ["/c"]),
    ],
)
def test_groups_wildcards_and_the_longest_match(text: str, shut: list[str], open_: list[str]) -> None:
    assert closed(text, *shut, *open_) == shut


def test_a_mark_before_the_text_and_wide_letters_change_nothing() -> None:
    text = "User-agent: *\nDisallow: /private\n"
    for body in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), b"\0" + text.encode()):
        assert not rules(body).allows(URL)


def test_a_line_that_the_limit_cuts_closes_nothing() -> None:
    head = b"User-agent: *\n"
    line = b"\nDisallow: /private-part\n"
    filling = b"#" * (LARGEST - len(head) - len(b"\nDisallow: /"))
    assert rules(head + filling + line).allows("http://muni.gob.pe/x")
    assert not rules(head + filling[:-30] + line + b"#" * 100).allows("http://muni.gob.pe/private-part")


def test_a_file_that_would_take_minutes_takes_moments() -> None:
    many = b"".join(b"User-agent: x%d\n" % number for number in range(15_000)) + b"Disallow: /a\n" * 10_000
    began = time.perf_counter()
    assert rules(many + b"\nUser-agent: *\nDisallow: /private\n").allows("http://muni.gob.pe/a")
    assert not rules(b"User-agent: *\nDisallow: /private\n" + many).allows(URL)
    assert time.perf_counter() - began < 5


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_no_file_breaks_the_reader(body: bytes) -> None:
    assert isinstance(rules(body).allows(URL), bool)


def test_sitemaps_are_absolute_each_once_and_not_without_end() -> None:
    text = (
        "Sitemap: https://muni.gob.pe/a.xml\nsitemap: /b.xml\nSitemap: /b.xml\nSitemap: http://[x\nSitemap: file:///etc/passwd\n"
    )
    assert sitemaps_of(rules(text), "http://muni.gob.pe/x/y") == ["https://muni.gob.pe/a.xml", "http://muni.gob.pe/b.xml"]
    many = "".join(f"Sitemap: /{number}.xml\n" for number in range(10_000))
    assert len(rules(many).sitemaps) == MOST_SITEMAPS


def test_an_answer_counts_for_a_day_and_no_answer_for_minutes() -> None:
    now, asked = [0.0], list[str]()
    desk = RobotsDesk(lambda: now[0])
    answers = {"http://up/robots.txt": RobotsAnswer(404, b""), "http://down/robots.txt": RobotsAnswer(503, b"")}

    async def ask(root: str) -> RobotsAnswer:
        asked.append(root)
        await asyncio.sleep(0)
        return answers[root]

    async def story() -> None:
        assert desk.known("http://up/a") is None
        for later in (0.0, STALE / 2, STALE + 1, FRESH + STALE):
            now[0] = later
            await asyncio.gather(*(desk.rules(f"http://{host}/{page}", ask) for host in ("up", "down") for page in "abc"))
        known = desk.known("http://up/z")
        assert known is not None
        assert known.allows("http://up/z")

    asyncio.run(story())
    assert asked.count("http://up/robots.txt") == 2
    assert asked.count("http://down/robots.txt") == 3
