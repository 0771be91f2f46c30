"""Whatever comes over the wire ends as a named problem or as the part that may be had, within time and memory."""

import gzip
import itertools
import random
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bodies import inflate
from crawler.capture import Reason
from tests.crawler.certifying import authority, server
from tests.crawler.crawling import manners
from tests.crawler.fetching import Fetchings, fetch
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

PAGE, DOCUMENT = 60_000, 100_000
TIMEOUT = 2.0

HTML = b"<!doctype html><title>t</title><p>" + b"word " * 20_000
BOMB = gzip.compress(bytes(50_000_000))
NOISE = b"<!doctype html><title>noise</title>" + random.Random(7).randbytes(40_000).hex().encode()


def pieces(piece: bytes, pause: float = 0.0, times: int = 10**9) -> Iterator[bytes]:
    for _ in range(times):
        yield piece
        time.sleep(pause)


def ranged(body: bytes) -> be.Behaviour:
    """A server that gives parts of a file."""

    def give(asked: be.Asked) -> be.Answer:
        span = asked.headers.get("range", "")
        offer = {"Accept-Ranges": "bytes"}
        if not span:
            return be.Answer(body=body, media_type="application/pdf", headers=offer)
        end = int(span.rpartition("-")[2]) + 1
        where = {"Content-Range": f"bytes 0-{end - 1}/{len(body)}"}
        return be.Answer(206, body[:end], "application/pdf", offer | where)

    return give


def furnish(portal: Portal) -> dict[str, be.Behaviour]:
    """What comes over the wire, by path."""
    pdf = "application/pdf"
    twice = gzip.compress(gzip.compress(bytes(50_000_000)))
    return {
        "/plain": be.answer(be.page("plain")),
        "/long": be.answer(HTML),
        "/endless": lambda asked: be.Answer(pieces=pieces(b"<p>word</p>" * 500)),
        "/drip": lambda asked: be.Answer(pieces=pieces(b"<p>drop</p>", 0.1)),
        "/slow-drip": lambda asked: be.Answer(pieces=pieces(b"<p>drop</p>", 3 * TIMEOUT)),
        "/drip.pdf": lambda asked: be.Answer(pieces=pieces(b"%PDF", 0.1), media_type=pdf),
        "/endless.pdf": lambda asked: be.Answer(pieces=pieces(b"%PDF" * 5000), media_type=pdf),
        "/bomb": be.answer(BOMB, content_encoding="gzip"),
        "/bomb.pdf": be.answer(BOMB, media_type=pdf, content_encoding="gzip"),
        "/twice": be.answer(twice, content_encoding="gzip, gzip"),
        "/brotli-bomb": be.answer(brotli.compress(bytes(100_000_000), quality=1), content_encoding="br"),
        "/brotli": be.answer(brotli.compress(be.page("brotli")), content_encoding="br"),
        "/broken-brotli": be.answer(brotli.compress(NOISE)[:30_000] + b"\xff" * 99, content_encoding="br"),
        "/broken-gzip": be.answer(gzip.compress(NOISE)[:20_000] + b"\xff" * 99, content_encoding="gzip"),
        "/not-gzip": be.answer(be.page("plain"), content_encoding="gzip"),
        "/odd": be.answer(be.page("plain"), content_encoding="aws-chunked"),
        "/raw-deflate": be.answer(zlib.compress(be.page("raw"))[2:-4], content_encoding="deflate"),
        "/short": be.cut_short(HTML[:9000], 50_000),
        "/nothing": be.cut_short(b"", 50_000),
        "/reset": lambda asked: be.Answer(body=HTML[:9000], length=50_000, reset=True),
        "/more": lambda asked: be.Answer(body=HTML[:9000], length=100),
        "/big.pdf": be.answer(bytes(DOCUMENT + 1), media_type=pdf),
        "/part.pdf": ranged(bytes(3 * DOCUMENT)),
        "/lies.pdf": be.answer(bytes(3 * DOCUMENT), media_type=pdf, accept_ranges="bytes"),
        "/flood.pdf": lambda asked: be.Answer(pieces=pieces(b"%PDF" * 5000), media_type=pdf, headers={"Accept-Ranges": "bytes"}),
        "/heads": lambda asked: be.Answer(raw=itertools.chain([b"HTTP/1.1 200 OK\r\n"], pieces(b"X-Word: word\r\n" * 999))),
        "/hundreds": lambda asked: be.Answer(raw=pieces(b"HTTP/1.1 100 Continue\r\n\r\n" * 999)),
        "/garbage": lambda asked: be.Answer(raw=[b"\x00\xff\r\n garbage \r\n\r\n" * 20]),
    }


@pytest.fixture(scope="module")
def taken() -> Iterator[tuple[Fetchings, Portal]]:
    with Town(None) as town:
        portal = town.open("wire").add("/robots.txt", be.answer("", media_type="text/plain"))
        paths = furnish(portal)
        for path, behaviour in paths.items():
            portal.add(path, behaviour)
        settings = manners(portal.host, timeout_seconds=TIMEOUT, max_page_bytes=PAGE, max_document_bytes=DOCUMENT)
        names = [portal.url[:-1] + path for path in ("/plain", *paths)]
        yield fetch(names, settings=settings), portal


@pytest.mark.parametrize(
    ("path", "problem", "truncated", "size"),
    [
        ("plain", None, False, len(be.page("plain"))),
        ("long", None, True, PAGE),
        ("endless", None, True, PAGE),
        ("drip", None, True, None),
        ("slow-drip", Reason.TIMEOUT, False, 0),
        ("drip.pdf", Reason.TIMEOUT, False, 0),
        ("endless.pdf", Reason.TOO_LARGE, True, 0),
        ("bomb.pdf", Reason.TOO_LARGE, True, 0),
        ("brotli", None, False, len(be.page("brotli"))),
        ("not-gzip", None, False, len(be.page("plain"))),
        ("odd", None, False, len(be.page("plain"))),
        ("raw-deflate", None, False, len(be.page("raw"))),
        ("short", None, True, 9000),
        ("nothing", Reason.CONNECTION_LOST, True, 0),
        ("more", None, False, 100),
        ("big.pdf", Reason.TOO_LARGE, True, 0),
        ("part.pdf", None, True, DOCUMENT),
        ("lies.pdf", Reason.TOO_LARGE, True, 0),
        ("flood.pdf", Reason.TOO_LARGE, True, 0),
        ("heads", Reason.CONNECTION_LOST, False, 0),
        ("hundreds", Reason.CONNECTION_LOST, False, 0),
        ("garbage", Reason.CONNECTION_LOST, False, 0),
    ],
)
def test_what_comes_is_taken_as_far_as_it_may(
    taken: tuple[Fetchings, Portal], path: str, problem: Reason | None, truncated: bool, size: int | None
) -> None:
    fetched = taken[0].fetched[taken[1].url + path]
    assert (fetched.problem, fetched.truncated) == (problem, truncated), fetched.detail
    assert size is None or len(fetched.body) == size
    assert fetched.problem or fetched.body


def test_a_reset_in_mid_body_leaves_what_had_come_or_is_told_as_such(taken: tuple[Fetchings, Portal]) -> None:
    """A reset may overtake what the system has not handed over yet: then there is nothing to keep."""
    fetched = taken[0].fetched[taken[1].url + "reset"]
    assert (fetched.problem, bool(fetched.body)) in ((None, True), (Reason.CONNECTION_LOST, False))
    assert fetched.problem or (fetched.truncated and fetched.cut == "disconnect")


@pytest.mark.parametrize("path", ["bomb", "twice", "brotli-bomb"])
def test_a_page_that_swells_is_cut_and_never_more_than_the_limit_is_in_memory(taken: tuple[Fetchings, Portal], path: str) -> None:
    fetched = taken[0].fetched[taken[1].url + path]
    assert (fetched.truncated, fetched.cut) == (True, "length")
    assert taken[0].megabytes < 150


@pytest.mark.parametrize("path", ["broken-gzip", "broken-brotli"])
def test_of_broken_data_what_came_before_is_kept(taken: tuple[Fetchings, Portal], path: str) -> None:
    fetched = taken[0].fetched[taken[1].url + path]
    assert fetched.problem is None
    assert fetched.body.startswith(NOISE[:5000])


def test_a_part_is_asked_for_once_and_only_of_who_offers_it(taken: tuple[Fetchings, Portal]) -> None:
    spans = {asked.path: asked.headers.get("range") for asked in taken[1].asked}
    assert {path for path, span in spans.items() if span} == {"/part.pdf", "/lies.pdf", "/flood.pdf"}
    assert spans["/part.pdf"] == f"bytes=0-{DOCUMENT - 1}"
    assert taken[1].paths().count("/lies.pdf") == 2
    assert taken[0].fetched[taken[1].url + "part.pdf"].status == 206


def test_bytes_are_those_that_came_over_the_wire(taken: tuple[Fetchings, Portal]) -> None:
    host = next(iter(taken[0].hosts[0].values()))
    assert host.requests == len(taken[1].asked)
    assert 1_500_000 > host.bytes > 5 * PAGE
    assert 8 <= host.failures <= 10


def test_a_cookie_comes_back(taken: tuple[Fetchings, Portal]) -> None:
    with Town(None) as town:
        portal = town.open("jar").add("/", be.answer(be.page("c"), set_cookie="a=1")).add("/b", be.answer(be.page("b")))
        fetch([portal.url, portal.url + "b"], settings=manners(portal.host))
        assert [asked.headers.get("cookie") for asked in portal.asked] == [None, None, "a=1"]


def test_nothing_comes_after_we_hung_up_also_over_tls(tmp_path: Path) -> None:
    """The portal goes on sending for ever; what it could get rid of after we had enough is what the system had in its buffers."""
    sent = {"http": 0, "https": 0}

    def flood(scheme: str) -> Iterator[bytes]:
        for _ in range(20_000):
            sent[scheme] += 50_000
            yield b"<p>word</p>" * 5000

    ca, _ = authority(tmp_path)
    with Town(None) as town:
        one, other = town.open("http"), town.open("https", tls=server(ca))
        one.add("/", lambda asked: be.Answer(pieces=flood("http")))
        other.add("/", lambda asked: be.Answer(pieces=flood("https")))
        one.add("/wait", be.answer(be.page("x"), status=200)).add("/wait", lambda asked: be.Answer(body=be.page("x"), wait=1.0))
        result = fetch([one.url, other.url, one.url + "wait"], settings=manners(*town.hosts, max_page_bytes=PAGE))
    assert all(fetched.problem is None for fetched in result.fetched.values())
    assert max(sent.values()) < 12_000_000
    assert result.megabytes < 150
    accounts = {host.host: host.bytes for host in result.hosts[0].values()}
    assert max(accounts.values()) < 2_000_000


@given(st.binary(max_size=2000), st.lists(st.sampled_from([b"gzip", b"deflate", b"br", b"x", b" GZIP ,br"]), max_size=3))
def test_no_bytes_break_the_unpacking(body: bytes, encodings: list[bytes]) -> None:
    whole, over = inflate(body, encodings, 500)
    assert isinstance(over, bool)
    assert isinstance(whole, bytes)


@given(st.binary(min_size=1, max_size=5000), st.sampled_from([b"gzip", b"deflate", b"br"]), st.integers(1, 6000))
def test_what_was_packed_is_unpacked_up_to_the_limit(body: bytes, name: bytes, most: int) -> None:
    packed = {b"gzip": gzip.compress, b"deflate": zlib.compress, b"br": brotli.compress}[name](body)
    assert inflate(packed, [name], most) == (body[:most], len(body) > most)
    if name == b"gzip":
        assert inflate(packed + gzip.compress(body), [name], 20_000)[0] == 2 * body
