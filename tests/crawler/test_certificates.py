"""What browsers would say of a certificate, and that a bad one hides no page."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from crawler import certificates
from tests.crawler.certifying import KINDS, authority
from tests.crawler.crawling import manners
from tests.crawler.fetching import Fetchings, fetch
from tests.crawler.listener import Listener
from tests.portals import behaviours as be
from tests.portals.server import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, str]]:
    """A portal for each kind of certificate, named by it, and the file with the one authority that is trusted."""
    ca, trusted = authority(tmp_path_factory.mktemp("trust"))
    with Town(None) as made:
        for kind, context in KINDS.items():
            made.open(kind, tls=context(ca)).add("/", be.answer(be.page(kind)))
        yield made, trusted


@pytest.fixture
def _trusting(town: tuple[Town, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", town[1])
    certificates.trust.cache_clear()
    yield
    certificates.trust.cache_clear()


@pytest.mark.usefixtures("_trusting")
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_certificate_is_told_by_its_name(town: tuple[Town, str], kind: str, loop: object) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:  # type: ignore[arg-type]
        port = town[0].portals[kind].port
        assert runner.run(certificates.examine("localhost", port, "127.0.0.1", 5)) == kind


@pytest.mark.usefixtures("_trusting")
def test_the_name_is_checked_and_not_the_address_that_stands_in_for_it(town: tuple[Town, str]) -> None:
    port = town[0].portals["wrong_host"].port
    assert asyncio.run(certificates.examine("www.another.example", port, "127.0.0.1", 5)) == "valid"
    assert asyncio.run(certificates.examine("127.0.0.1", town[0].portals["valid"].port, "127.0.0.1", 5)) == "valid"


@pytest.mark.parametrize("host", ["localhost", "", ".x", "x" * 300, "a..b", "ñandú.example", "a_b.example", "[::1]", "\x00"])
def test_nothing_that_a_host_is_called_or_does_raises(host: str) -> None:
    with Town(None) as plain, Listener() as mute:
        closed = 1
        for port in (plain.open("http").port, int(mute.host.partition(":")[2]), closed):
            began = time.monotonic()
            assert asyncio.run(certificates.examine(host, port, "127.0.0.1", 0.5)) == "broken"
            assert time.monotonic() - began < 2


@pytest.fixture(scope="module")
def seen(town: tuple[Town, str]) -> Fetchings:
    """Home of every portal of the town over TLS, and one that leads from http to https."""
    portals = town[0].portals
    front = town[0].open("front").add("/", be.redirect(portals["valid"].url.replace("127.0.0.1", "localhost")))
    visits = [[portals[kind].url.replace("127.0.0.1", "localhost")] for kind in KINDS if kind != "valid"] + [[front.url]]
    settings = manners("127.0.0.1", "localhost", timeout_seconds=8)
    return fetch(*visits, settings=settings, environment={"SSL_CERT_FILE": town[1]})


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_certificate_is_noted_and_the_page_read_all_the_same(seen: Fetchings, town: tuple[Town, str], kind: str) -> None:
    portal = town[0].portals[kind]
    asked = next(one for one in seen.fetched.values() if f":{portal.port}/" in one.url)
    assert (asked.problem, asked.status) == (None, 200), asked.detail
    hosts = {host: visit for visits in seen.hosts for host, visit in visits.items()}
    assert hosts[f"localhost:{portal.port}"].certificate == kind
    assert portal.paths() == ["/robots.txt", "/"]


def test_from_http_to_https_both_hosts_have_an_account_and_one_a_certificate(seen: Fetchings) -> None:
    hosts = next(visits for visits in seen.hosts if len(visits) == 2)
    assert sorted(visit.certificate for visit in hosts.values()) == ["", "valid"]


def test_the_name_of_the_host_is_said_when_tls_begins(tmp_path: Path) -> None:
    ca, trusted = authority(tmp_path)
    names: list[str | None] = []
    context = KINDS["valid"](ca)
    context.sni_callback = lambda connection, name, its: names.append(name)  # type: ignore[assignment]
    with Town(None) as made:
        portal = made.open("sni", tls=context).add("/", be.answer(be.page("x")))
        url = portal.url.replace("127.0.0.1", "localhost")
        result = fetch([url], settings=manners("localhost"), environment={"SSL_CERT_FILE": trusted})
    assert result.fetched[url].problem is None
    assert set(names) == {"localhost"}
