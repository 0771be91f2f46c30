"""Whole crawls of portals on loopback."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.capture import Capture, DocumentFacts, PageFacts, Reason
from tests.crawler.crawling import Crawled, crawl, entity, manners, read
from tests.portals import behaviours as be
from tests.portals.server import Portal, Town

ROOT = Path(__file__).parents[2]
PDF = b"%PDF-1.4\n%%EOF"


def furnished(town: Town, name: str, pages: int = 6) -> Portal:
    """A portal whose home links to pages, which link on, to documents and to a robots.txt."""
    portal = town.open(name)
    links = "".join(f'<p><a href="/minutes/{number}">minutes {number}</a></p>' for number in range(pages))
    portal.add("/", be.answer(be.page(name, links + '<a href="/secret/">s</a> <a href="/moved">budget</a>')))
    onward = '<p><a href="/budget 1.pdf">budget</a> <a href="/lost">l</a></p>'
    portal.add("/minutes/*", lambda asked: be.Answer(body=be.page(asked.path, onward)))
    portal.add("/moved", be.redirect("/budget/")).add("/budget/", be.answer(be.page("budget", "<p>Text</p>")))
    portal.add("/budget%201.pdf", be.answer(PDF, media_type="application/pdf"))
    return portal.add("/robots.txt", be.answer("User-agent: *\nDisallow: /secret/\n", media_type="text/plain"))


def seen(capture: Capture) -> list[tuple[str, str, object, object]]:
    return [(page.url, page.digest, page.problem, page.facts or page.document) for page in capture.pages]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Town]]:
    with Town(None) as town:
        names = ("one", "two", "three")
        entities = [entity(name, furnished(town, name).url) for name in names]
        yield crawl(entities, manners(*town.hosts, contact="https://contact.example/"), tmp_path_factory.mktemp("live")), town


def test_several_portals_are_visited_at_once_and_each_is_complete(three: tuple[Crawled, Town]) -> None:
    for capture in three[0].captures.values():
        visit = capture.visit
        assert (visit.reason, visit.reached, visit.thorough, visit.left_over) == (Reason.COMPLETE, True, True, 0)
        assert (visit.pages, visit.documents) == (8, 1)
        assert capture.pages[0].url == capture.entity.portals[0]
    started = [event[1] for event in three[0].events[:6] if event[0] == "started"]
    assert sorted(started) == ["one", "three", "two"]


def test_pages_that_robots_txt_closes_are_on_record_and_never_asked_for(three: tuple[Crawled, Town]) -> None:
    assert three[0].page("one", "/secret/").problem is Reason.ROBOTS_DISALLOWED
    assert "/secret/" not in three[1].portals["one"].paths()
    assert three[1].portals["one"].paths().count("/robots.txt") == 1


def test_every_request_says_who_asks_and_where_to_complain(three: tuple[Crawled, Town]) -> None:
    agents = {asked.headers["user-agent"] for asked in three[1].portals["one"].asked}
    assert len(agents) == 1
    assert agents.pop().endswith("(+https://contact.example/)")


def test_a_redirect_is_followed_and_both_addresses_are_kept(three: tuple[Crawled, Town]) -> None:
    page = three[0].page("one", "/moved")
    assert page.url.endswith("/budget/")
    assert isinstance(page.facts, PageFacts)


def test_a_link_with_a_space_leads_to_its_document(three: tuple[Crawled, Town]) -> None:
    assert isinstance(three[0].page("one", "/budget%201.pdf").document, DocumentFacts)


def test_the_visit_tells_how_polite_it_was(three: tuple[Crawled, Town]) -> None:
    host = three[0].captures["one"].visit.hosts[0]
    assert (host.host, host.robots) == (three[1].portals["one"].host, "found")
    assert host.requests == len(three[1].portals["one"].asked)


def test_the_evidence_holds_each_page_under_its_record_and_digest(three: tuple[Crawled, Town]) -> None:
    with Path(three[0].warcs["two"]).open("rb") as stream:
        records = {}
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            records[record.rec_headers["WARC-Record-ID"].strip("<>")] = record.rec_headers["WARC-Payload-Digest"]
    for page in three[0].captures["two"].pages:
        if page.problem is not Reason.ROBOTS_DISALLOWED:
            assert records[page.record_id] == page.digest


def test_a_crawl_of_the_evidence_sees_what_the_live_crawl_saw(three: tuple[Crawled, Town], tmp_path: Path) -> None:
    live, town = three
    before = [portal.paths() for portal in town.portals.values()]
    entities = [capture.entity for capture in live.captures.values()]
    again = crawl(entities, manners(archives=tuple(live.warcs.values())), tmp_path)
    for name, capture in live.captures.items():
        assert seen(again.captures[name]) == seen(capture)
        assert again.warcs[name] == live.warcs[name]
        assert [page.fetched_at for page in again.captures[name].pages[:3]] == [page.fetched_at for page in capture.pages[:3]]
    assert [portal.paths() for portal in town.portals.values()] == before
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_no_archive_holds_is_not_in_the_archive(three: tuple[Crawled, Town], tmp_path: Path) -> None:
    again = crawl([entity("other", "http://other.example/")], manners(archives=(three[0].warcs["one"],)), tmp_path)
    assert again.captures["other"].visit.reason is Reason.NOT_IN_ARCHIVE


def test_no_redirect_and_no_link_leads_to_a_private_address(tmp_path: Path) -> None:
    with Town(None) as town:
        secret = town.open("secret").add("/", be.answer(be.page("secret")))
        portal = town.open("open").add("/r", be.redirect(secret.url))
        portal.add("/", be.answer(be.page("home", f'<a href="/r">budget</a> <a href="{secret.url}minutes">minutes</a>')))
        crawled = crawl([entity("open", portal.url)], manners(portal.host), tmp_path)
        assert secret.asked == []
    assert crawled.page("open", "/r").problem is Reason.PRIVATE_ADDRESS
    assert len(crawled.captures["open"].pages) == 2, "a link to an address that only we could mean is not even tried"


def test_requests_to_one_host_keep_their_distance_as_robots_txt_asks(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = furnished(town, "slow", pages=2)
        portal.add("/robots.txt", be.answer("User-agent: *\nCrawl-delay: 0.4\n", media_type="text/plain"))
        crawl([entity("slow", portal.url)], manners(portal.host, page_budget=3, document_budget=0), tmp_path)
        times = [asked.at for asked in portal.asked[1:]]
    assert len(times) >= 4
    assert times[-1] - times[0] >= 0.36 * (len(times) - 1)


def test_a_budget_is_kept_and_what_is_left_is_counted(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = furnished(town, "big", pages=40)
        crawled = crawl([entity("big", portal.url)], manners(portal.host, page_budget=5, document_budget=1), tmp_path)
    visit = crawled.captures["big"].visit
    assert (visit.pages, visit.reason, visit.thorough) == (5, Reason.BUDGET, False), "five of forty say nothing of the rest"
    assert visit.left_over > 30


def fussy(body: bytes, url: str, media_type: str, charset: str) -> PageFacts | DocumentFacts:
    """A reader that cannot bear one page."""
    if url.endswith("/minutes/1"):
        raise ValueError("no")
    return read(body, url, media_type, charset)


def test_a_page_that_breaks_the_reader_costs_that_page_alone(tmp_path: Path) -> None:
    with Town(None) as town:
        portal = furnished(town, "odd", pages=3)
        crawled = crawl([entity("odd", portal.url)], manners(portal.host), tmp_path, fussy)
    assert crawled.page("odd", "/minutes/1").problem is Reason.INTERNAL_ERROR
    assert crawled.page("odd", "/minutes/2").facts is not None
    assert "minutes/1" in crawled.captures["odd"].visit.detail


INTERRUPTED = """
import sys
from pathlib import Path
from crawler.fleet import visit
from crawler.guide import Guide
from tests.crawler.crawling import entity, manners, read, topics
quick, slow, folder = sys.argv[1:]
settings = manners(quick[7:-1], slow[7:-1], timeout_seconds=30)
try:
    visit([entity("quick", quick), entity("slow", slow)], settings, Guide(read, topics),
          lambda capture, warc: print("got", capture.entity.id, flush=True), lambda progress: None, Path(folder))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_an_interrupted_crawl_keeps_finished_visits_and_leaves_no_halves(tmp_path: Path) -> None:
    with Town(None) as town:
        quick = furnished(town, "quick", pages=1)
        slow = town.open("slow").add("/", be.silent(20))
        command = [sys.executable, "-c", INTERRUPTED, quick.url, slow.url, str(tmp_path)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "got quick\n"
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=15)
    assert rest == "interrupted\n"
    assert [path.name for path in tmp_path.iterdir()] == ["quick.warc.gz"]
