"""What is kept of pages that fail behind a good home page, and of visits that fail; homes that fail stand in the hostile town."""

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


def test_the_evidence_of_a_failed_visit_is_kept_too(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = town.open("broken").add("/", be.answer(be.page("ouch"), status=500))
        crawled = crawl([entity("broken", portal.url)], manners(portal.host), tmp_path)
    assert Path(crawled.warcs["broken"]).stat().st_size > 0
    assert crawled.captures["broken"].pages[0].record_id.startswith("urn:uuid:")
