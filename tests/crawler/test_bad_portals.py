"""Every way in which a portal may fail us ends as a visit with a reason, never as a verdict."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.capture import Reason
from crawler.visit import other_doors
from tests.crawler.crawling import Crawled, crawl, entity, manners
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

LINKS = "".join(
    f'<p><a href="/{name}">{name}</a></p>' for name in ("gone", "empty", "broken", "loop", "big", "torn", "busy", "fine")
)


def bad_homes(town: Town) -> dict[str, Portal]:
    """One portal for each failure, by the reason expected."""
    portals = {reason: town.open(reason) for reason in ("timeout", "forbidden", "login", "not_found", "server_error", "blocked")}
    portals["timeout"].add("/", be.silent(6))
    portals["forbidden"].add("/", be.answer(be.page("no"), status=403))
    portals["login"].add("/", be.answer(be.page("who"), status=401))
    portals["not_found"].add("/", be.answer(be.page("what"), status=404))
    portals["server_error"].add("/", be.answer(be.page("ouch"), status=500))
    portals["blocked"].add("/", be.answer(be.page("human?"), status=403, cf_mitigated="challenge"))
    for name in (
        "not_html",
        "empty_body",
        "redirect_loop",
        "long_loop",
        "robots_disallowed",
        "robots_unreachable",
        "connection_lost",
    ):
        portals[name] = town.open(name)
    portals["not_html"].add("/", be.answer(b"%PDF-1.4 nothing", media_type="application/pdf"))
    portals["empty_body"].add("/", be.answer(b"  \n"))
    portals["redirect_loop"].add("/", be.redirect("/a")).add("/a", be.redirect("/"))
    portals["long_loop"].add("/*", be.endless_redirect("/on/")).add("/robots.txt", be.answer(b"", media_type="text/plain"))
    portals["robots_disallowed"].add("/robots.txt", be.answer("User-agent: *\nDisallow: /", media_type="text/plain"))
    portals["robots_unreachable"].add("/robots.txt", be.answer("", status=503)).add("/", be.answer(be.page("fine")))
    portals["connection_lost"].add("/", be.torn())
    return portals


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """All of them in one crawl, eight at a time."""
    with Town(None) as town:
        homes = {name: portal.url for name, portal in bad_homes(town).items()}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            homes["connection_refused"] = f"http://127.0.0.1:{free.getsockname()[1]}/"
        homes["unknown_host"] = "http://nowhere.invalid/"
        homes["private_address"] = town.open("hidden").add("/", be.answer(be.page("secret"))).url
        homes["tls_error"] = homes["forbidden"].replace("http:", "https:")
        homes["bad_url"] = "http://[nowhere"
        hosts = [*(host for host in town.hosts if host != town.portals["hidden"].host), homes["connection_refused"][7:-1]]
        entities = [entity(name, home) for name, home in homes.items()] + [entity("no_portal")]
        yield crawl(entities, manners(*hosts, portals_at_once=8), tmp_path_factory.mktemp("evidence"))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("timeout", Reason.TIMEOUT),
        ("forbidden", Reason.FORBIDDEN),
        ("login", Reason.FORBIDDEN),
        ("not_found", Reason.NOT_FOUND),
        ("server_error", Reason.SERVER_ERROR),
        ("blocked", Reason.BLOCKED),
        ("not_html", Reason.NOT_HTML),
        ("empty_body", Reason.EMPTY_BODY),
        ("redirect_loop", Reason.REDIRECT_LOOP),
        ("long_loop", Reason.REDIRECT_LOOP),
        ("robots_disallowed", Reason.ROBOTS_DISALLOWED),
        ("robots_unreachable", Reason.ROBOTS_UNREACHABLE),
        ("connection_lost", Reason.CONNECTION_LOST),
        ("connection_refused", Reason.CONNECTION_REFUSED),
        ("unknown_host", Reason.UNKNOWN_HOST),
        ("private_address", Reason.PRIVATE_ADDRESS),
        ("tls_error", Reason.TLS_ERROR),
        ("bad_url", Reason.BAD_URL),
        ("no_portal", Reason.NO_PORTAL),
    ],
)
def test_a_home_page_that_cannot_be_had_ends_the_visit_with_its_reason(bad: Crawled, name: str, reason: Reason) -> None:
    visit = bad.captures[name].visit
    assert (visit.reason, visit.reached, visit.thorough) == (reason, False, False)


def test_every_entity_is_handed_over_once_and_the_crawl_ends_by_itself(bad: Crawled) -> None:
    finished = [event[1] for event in bad.events if event[0] == "finished"]
    assert sorted(finished) == sorted(bad.captures)
    assert bad.ending == "done"


@pytest.mark.parametrize(
    ("home", "reason", "others"),
    [
        ("https://muni.gob.pe/", Reason.TLS_ERROR, ["http://muni.gob.pe/"]),
        ("http://muni.gob.pe/", Reason.CONNECTION_REFUSED, ["https://muni.gob.pe/"]),
        ("http://muni.gob.pe/x", Reason.UNKNOWN_HOST, ["http://www.muni.gob.pe/x"]),
        ("http://www.muni.gob.pe/", Reason.UNKNOWN_HOST, ["http://muni.gob.pe/"]),
        ("http://muni.gob.pe:8080/", Reason.TIMEOUT, []),
        ("http://muni.gob.pe/", Reason.FORBIDDEN, []),
    ],
)
def test_a_home_that_does_not_open_is_tried_by_one_other_door(home: str, reason: Reason, others: list[str]) -> None:
    assert other_doors(home, reason) == others


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Portal]]:
    """A good home page with bad pages behind it."""
    with Town(None) as town:
        portal = (
            town.open("mixed").add("/", be.answer(be.page("home", LINKS))).add("/fine", be.answer(be.page("fine", "<p>text</p>")))
        )
        portal.add("/empty", be.answer(b"")).add("/broken", be.answer(be.page("x"), status=500)).add("/torn", be.torn())
        portal.add("/loop", be.redirect("/loop")).add("/big", be.answer(b"%PDF" + bytes(200_000), media_type="application/pdf"))
        portal.add("/busy", be.first(1, be.answer("", status=429, retry_after="1"), be.answer(be.page("now"))))
        portal.add("/latin", be.answer("<title>Según el camión, año pequeño</title>".encode("latin-1"), media_type="text/html"))
        portal.add(
            "/lies",
            be.answer("<title>Según el camión, año pequeño</title>".encode("latin-1"), media_type="text/html; charset=utf-8"),
        )
        portal.add("/", be.answer(be.page("home", LINKS + '<a href="/latin">l</a> <a href="/lies">m</a>')))
        crawled = crawl(
            [entity("mixed", portal.url)], manners(portal.host, max_document_bytes=100_000), tmp_path_factory.mktemp("evidence")
        )
        yield crawled, portal


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone", Reason.NOT_FOUND),
        ("empty", Reason.EMPTY_BODY),
        ("broken", Reason.SERVER_ERROR),
        ("loop", Reason.REDIRECT_LOOP),
        ("big", Reason.TOO_LARGE),
        ("torn", Reason.CONNECTION_LOST),
        ("fine", None),
    ],
)
def test_a_link_that_leads_nowhere_is_on_record_with_the_reason(
    mixed: tuple[Crawled, Portal], path: str, reason: Reason | None
) -> None:
    page = mixed[0].page("mixed", "/" + path)
    assert page.problem == reason
    assert (page.facts is not None) is (reason is None)


def test_a_visit_with_many_failures_is_not_thorough(mixed: tuple[Crawled, Portal]) -> None:
    visit = mixed[0].captures["mixed"].visit
    assert visit.reached
    assert not visit.thorough
    assert visit.failures == 5


def test_a_busy_host_is_asked_again_after_the_time_it_named(mixed: tuple[Crawled, Portal]) -> None:
    times = [asked.at for asked in mixed[1].asked if asked.path == "/busy"]
    assert len(times) == 2
    assert times[1] - times[0] >= 1.0
    assert mixed[0].page("mixed", "/busy").problem is None
    assert mixed[0].captures["mixed"].visit.hosts[0].delay_seconds >= 1.0


@pytest.mark.parametrize("path", ["/latin", "/lies"])
def test_a_wrong_charset_costs_no_letter(mixed: tuple[Crawled, Portal], path: str) -> None:
    facts = mixed[0].page("mixed", path).facts
    assert facts is not None
    assert facts.title == "Según el camión, año pequeño"


def test_the_evidence_of_a_failed_visit_is_kept_too(bad: Crawled) -> None:
    assert Path(bad.warcs["server_error"]).stat().st_size > 0
    assert bad.captures["server_error"].pages[0].record_id.startswith("urn:uuid:")
