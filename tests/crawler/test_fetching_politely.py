"""Real requests on loopback: pauses, rests, second tries, robots.txt, and nothing that arrives where nothing may."""

import itertools
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler.capture import HostVisit, Reason
from crawler.guard import Guard
from crawler.robots import LARGEST
from tests.crawler.crawling import manners
from tests.crawler.fetching import Fetchings, fetch
from tests.crawler.listener import Listener
from tests.portals import behaviours as be
from tests.portals.server import Town

TOLERANCE = 0.1
"""Seconds by which two clocks, that of the visitor and that of the portal, may see a gap differently."""

DELAY = 0.3


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(sorted(times))]


def accounts(result: Fetchings) -> dict[str, HostVisit]:
    return {host: visit for visits in result.hosts for host, visit in visits.items()}


def test_delays_are_kept_host_by_host_and_address_by_address_and_both_sides_saw_it() -> None:
    """Three visits: two to one machine under its two names, one to another that demands more by its robots.txt."""
    with Town(None) as town:
        one, other = town.open("one").add("/*", be.answer(be.page("1"))), town.open("other").add("/*", be.answer(be.page("2")))
        for portal, text in ((one, ""), (other, "User-agent: *\nCrawl-delay: 0.8\n")):
            portal.add("/robots.txt", be.answer(text, media_type="text/plain"))
        named = one.url.replace("127.0.0.1", "localhost")
        visits = [[base + str(page) for page in range(4)] for base in (one.url, named, other.url)]
        result = fetch(*visits, settings=manners("127.0.0.1", "localhost", delay_seconds=DELAY))
        seen = {portal.name: gaps([asked.at for asked in portal.asked]) for portal in (one, other)}
    told = accounts(result)
    assert all(host.shortest_gap is not None and host.shortest_gap >= host.delay_seconds for host in told.values())
    assert {host.delay_seconds for host in told.values()} >= {0.8}
    assert min(host.delay_seconds for host in told.values()) >= DELAY
    assert len(seen["one"]) == 9, "two names of one machine"
    assert min(seen["one"]) >= DELAY - TOLERANCE
    assert min(seen["other"][1:]) >= 0.8 - TOLERANCE
    assert {told[f"{name}:{one.port}"].address for name in ("127.0.0.1", "localhost")} == {one.host}


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_is_left_alone_until_the_time_it_names(form: str) -> None:
    def busy(asked: be.Asked) -> be.Answer:
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=2.9), usegmt=True)
        return be.Answer(503, headers={"Retry-After": "2" if form == "seconds" else when})

    with Town(None) as town:
        portal = town.open("busy").add("/", be.first(1, busy, be.answer(be.page("now"))))
        result = fetch([portal.url], settings=manners(portal.host))
        times = [asked.at for asked in portal.asked if asked.path == "/"]
    assert result.fetched[portal.url].problem is None
    assert gaps(times)[0] >= 1.85
    assert accounts(result)[portal.host].delay_seconds >= 1.85


def test_a_host_that_asks_for_an_hour_is_asked_for_nothing_more() -> None:
    with Town(None) as town:
        portal = town.open("closed").add("/", be.answer("", status=429, retry_after="3600")).add("/b", be.answer(be.page("b")))
        result = fetch([portal.url, portal.url + "b"], settings=manners(portal.host))
        assert portal.paths() == ["/robots.txt", "/"]
    problems = [fetched.problem for fetched in result.fetched.values()]
    assert problems == [Reason.RATE_LIMITED, Reason.CIRCUIT_OPEN]
    assert accounts(result)[portal.host].broken == 1


def test_a_portal_that_dies_half_way_is_soon_left_alone_and_its_neighbour_is_not() -> None:
    with Town(None) as town:
        dying, sound = town.open("dying").add("/", be.answer(be.page("h"))), town.open("sound").add("/*", be.answer(be.page("s")))
        dying.add("/*", be.torn()).add("/robots.txt", be.answer("", media_type="text/plain"))
        visits = [[portal.url + (str(page) if page else "") for page in range(20)] for portal in (dying, sound)]
        result = fetch(*visits, settings=manners(*town.hosts))
        assert len(dying.asked) <= 10
    problems = [result.fetched[url].problem for url in visits[0]]
    assert problems[:2] == [None, Reason.CONNECTION_LOST]
    assert set(problems[-10:]) == {Reason.CIRCUIT_OPEN}
    assert accounts(result)[dying.host].broken == 1
    assert all(result.fetched[url].problem is None for url in visits[1])


def test_a_portal_that_answers_only_at_the_second_try_is_tried_twice() -> None:
    awkward = {"torn": be.torn(), "silent": be.silent(3), "error": be.answer("x", status=500), "busy": be.answer("", status=503)}
    with Town(None) as town:
        for name, path in itertools.product(awkward, ("/", "/robots.txt")):
            portal = town.open(name + path).add("/", be.answer(be.page("h"))).add("/robots.txt", be.answer(""))
            portal.add(path, be.first(1, awkward[name], be.answer(be.page("h"))))
        visits = [[portal.url] for portal in town.portals.values()]
        result = fetch(*visits, settings=manners(*town.hosts, timeout_seconds=2))
        for name, portal in town.portals.items():
            assert portal.paths().count("/" + name.partition("/")[2]) == 2, name
            assert result.fetched[portal.url].problem is None, name


def test_later_errors_are_not_asked_for_again() -> None:
    with Town(None) as town:
        portal = town.open("h").add("/", be.answer(be.page("h"))).add("/500", be.answer("x", status=500))
        fetch([portal.url, portal.url + "500"], settings=manners(portal.host))
        assert portal.paths().count("/500") == 1


def test_robots_txt_of_ten_megabytes_is_read_to_its_limit_and_its_sitemaps_are_known() -> None:
    head = b"User-agent: *\nDisallow: /no\nSitemap: /sitemap.xml\n"
    sent = [0]

    def long(asked: be.Asked) -> be.Answer:
        def flow() -> Iterator[bytes]:
            yield head
            for _ in range(10_000):
                sent[0] += 1000
                yield b"#" * 999 + b"\n"

        return be.Answer(media_type="text/plain", pieces=flow())

    with Town(None) as town:
        portal = town.open("long").add("/robots.txt", long).add("/*", be.answer(be.page("h")))
        result = fetch([portal.url, portal.url + "no"], settings=manners(portal.host), sitemaps=[portal.url + "x", "http://[x"])
        assert portal.paths() == ["/robots.txt", "/"]
    assert result.sitemaps == {portal.url + "x": [portal.url + "sitemap.xml"], "http://[x": []}
    assert result.allowed == {portal.url: True, portal.url + "no": False}
    assert LARGEST < accounts(result)[portal.host].bytes < 2 * LARGEST


def test_what_robots_txt_says_is_not_known_before_it_was_asked() -> None:
    with Town(None) as town:
        portal = town.open("away").add("/", be.redirect("http://10.0.0.1/"))
        result = fetch([portal.url, "http://10.0.0.1/"], settings=manners(portal.host))
    assert result.allowed == {portal.url: True, "http://10.0.0.1/": None}


def lie(guard: Guard) -> None:
    """A name server that first names a public address: what it answers the second time is an inner one."""
    guard._known["localhost"] = ("93.184.216.34",)


def test_nothing_arrives_at_a_private_listener_by_any_spelling_redirect_or_name() -> None:
    with Listener() as listener, Town(None) as town:
        port = listener.host.partition(":")[2]
        hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "localhost", "LOCALHOST."]
        hosts += ["[::1]", "[::ffff:127.0.0.1]", "0", "0.0.0.0"]
        inner = [f"http://{host}:{port}/" for host in hosts] + [
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
        ]
        portal = town.open("open").add("/robots.txt", be.answer("", media_type="text/plain"))
        for number, url in enumerate(inner):
            portal.add(f"/{number}", be.redirect(url))
        turned = town.open("turned").add("/robots.txt", be.redirect(f"http://localhost:{port}/robots.txt"))
        redirects = [portal.url + str(number) for number in range(len(inner))]
        result = fetch([*inner, *redirects, turned.url], settings=manners(*town.hosts))
        rebound = fetch([f"http://localhost:{port}/"], settings=manners("127.0.0.1:1"), before=lie)
        assert listener.arrived == []
    refused = {Reason.PRIVATE_ADDRESS, Reason.UNKNOWN_HOST, Reason.BAD_URL}
    assert {fetched.problem for fetched in result.fetched.values()} <= refused
    assert result.fetched[turned.url].problem is Reason.PRIVATE_ADDRESS
    assert rebound.fetched[f"http://localhost:{port}/"].problem is Reason.UNKNOWN_HOST


def test_a_host_that_listens_on_ipv6_alone_is_reached() -> None:
    with socket.socket(socket.AF_INET6) as listening:
        try:
            listening.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        listening.listen()
        threading.Thread(target=_answer_two, args=(listening,), daemon=True).start()
        url = f"http://[::1]:{listening.getsockname()[1]}/"
        result = fetch([url], settings=manners("[::1]", "::1"))
    assert result.fetched[url].problem is None, result.fetched[url].detail


def _answer_two(listening: socket.socket) -> None:
    for _ in range(2):
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\nConnection: close\r\n\r\n<p>x</p>"
            )
