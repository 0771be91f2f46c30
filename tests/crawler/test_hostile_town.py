"""A town of hostile portals, crawled in two runs (one with Chromium): each ends as its case says, and touches no other."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from audits.judge import judge
from audits.model import Kind, Verdict
from crawler.browser import find_browser
from crawler.capture import Capture, Page, Reason
from crawler.settings import MEGABYTE, CrawlSettings
from tests.crawler.crawling import Crawled, crawl, entity, impostor, manners, rules
from tests.crawler.listener import Listener
from tests.portals import behaviours as be
from tests.portals.hostile import CASES, Case, Hostile, Trap
from tests.portals.hostile.case import home, links
from tests.portals.hostile.certificates import Authority
from tests.portals.server import TOWN, Portal, Town

PLAIN = [case for case in CASES if not case.browser]
RENDERED = [case for case in CASES if case.browser]
GOOD = "coralbrook"
LIMITS = {
    "page_budget": 36,
    "document_budget": 8,
    "image_budget": 1,
    "max_document_bytes": 3 * MEGABYTE,
    "visit_seconds": 120,
    "reader_seconds": 5,
    "portals_at_once": 12,
}
MOST_SECONDS = 60
"""No visit of the town takes longer, though its settings would let it: twelve at a time share one machine."""
MOST_MEMORY, MOST_MEMORY_RENDERED = 1000 * MEGABYTE, 3000 * MEGABYTE
"""Of the crawl and its children, with twelve portals at once; and with Chromium, whose processes share what is counted often."""


@dataclasses.dataclass
class Run:
    """One crawl of hostile portals beside a good one, and of the good one alone."""

    crawled: Crawled
    alone: Crawled
    hostile: Hostile
    trap: Listener


def run(cases: list[Case], folder: Path, trap: Listener, **more: object) -> Run:
    """Serve the cases, and crawl all of them at once."""
    authority = Authority(folder)
    with Hostile(cases, Trap(trap.host), authority) as hostile:
        good = hostile.town.open(GOOD, TOWN / GOOD)
        settings = manners(*hostile.hosts, **LIMITS | more)
        beside = [entity(name, *([home] if home else ())) for name, home in hostile.homes.items()]
        beside.insert(len(beside) // 2, entity(GOOD, good.url))
        crawled = crawl(beside, settings, folder, recognise=impostor, trust=str(authority.path))
        alone = crawl([entity(GOOD, good.url)], settings, folder / "alone", recognise=impostor)
    return Run(crawled, alone, hostile, trap)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The portals that need no browser."""
    with Listener() as trap:
        yield run(PLAIN, tmp_path_factory.mktemp("plain"), trap)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Those that turn on Chromium."""
    if not find_browser(CrawlSettings()):
        pytest.skip("no Chromium is installed")
    with Listener() as trap:
        yield run(
            RENDERED, tmp_path_factory.mktemp("rendered"), trap, browser=True, portals_at_once=4, timeout_seconds=3, axe_pages=1
        )


@pytest.fixture(params=["plain", "rendered"])
def either(request: pytest.FixtureRequest) -> Run:
    """Each of the two runs."""
    found: Run = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def one(request: pytest.FixtureRequest) -> tuple[Case, Capture, Portal]:
    """Each case with what came of it."""
    case: Case = request.param
    found: Run = request.getfixturevalue("rendered" if case.browser else "plain")
    return case, found.crawled.captures[case.name], found.hostile.town.portals[case.name]


def asked_for(capture: Capture, path: str) -> list[Page]:
    """The pages that were asked for under a path."""
    return [page for page in capture.pages if urlsplit(page.requested_url)._replace(scheme="", netloc="").geturl() == path]


def test_a_portal_ends_as_it_must(one: tuple[Case, Capture, Portal]) -> None:
    case, capture, _ = one
    visit = capture.visit
    assert (visit.reason, visit.reached, visit.thorough) == (case.reason, case.reached, case.thorough), visit.detail
    if case.reached:
        facts = capture.pages[0].facts
        assert facts is not None
        assert facts.title[:200] == case.title[:200]


def test_what_stands_behind_it_is_on_record_with_what_became_of_it(one: tuple[Case, Capture, Portal]) -> None:
    case, capture, _ = one
    found = {path: [page.problem for page in asked_for(capture, path)] for path in case.problems}
    assert found == {path: [problem] for path, problem in case.problems.items()}, capture.visit.detail
    documents = [page for path in case.broken for page in asked_for(capture, path)]
    assert len(documents) == len(case.broken)
    assert all(page.problem or (page.document and page.document.broken) for page in documents)


def test_no_page_is_taken_for_what_stands_in_for_it(one: tuple[Case, Capture, Portal]) -> None:
    _, capture, _ = one
    assert all((page.facts is None and page.document is None) or page.problem is None for page in capture.pages[:1])


def test_time_and_requests_are_bounded(one: tuple[Case, Capture, Portal]) -> None:
    case, capture, portal = one
    visit = capture.visit
    assert (visit.ended_at - visit.started_at).total_seconds() <= MOST_SECONDS
    if not case.browser:
        assert len(portal.asked) <= case.requests


def test_what_a_certificate_lacks_is_recorded_and_the_portal_is_visited_all_the_same(plain: Run) -> None:
    kinds = {case.name: case.tls for case in PLAIN if case.tls}
    found = {name: plain.crawled.captures[name].visit.hosts[0].certificate for name in kinds}
    assert found == kinds


def test_every_entity_is_handed_over_once_and_the_crawl_ends_by_itself(either: Run) -> None:
    assert Counter(either.crawled.handed) == Counter([*either.hostile.homes, GOOD])
    assert either.crawled.ending == "done"


def test_nothing_arrives_where_nobody_may_be_led(either: Run) -> None:
    assert either.trap.arrived == []


def test_memory_is_bounded(either: Run) -> None:
    most = MOST_MEMORY_RENDERED if RENDERED[0].name in either.crawled.captures else MOST_MEMORY
    assert 0 < either.crawled.peak <= most


def test_a_good_portal_beside_them_ends_as_it_does_alone(either: Run) -> None:
    beside, alone = (crawled.captures[GOOD] for crawled in (either.crawled, either.alone))
    assert alone.visit.reason is Reason.COMPLETE
    assert len(alone.pages) > 5
    assert [page.requested_url for page in beside.pages] == [page.requested_url for page in alone.pages]
    assert [(here.url, name) for here, there in zip(beside.pages, alone.pages, strict=True) for name in unlike(here, there)] == []
    assert outcome(beside) == outcome(alone)


def unlike(here: Page, there: Page) -> list[str]:
    """The fields in which two pages differ, but for the moment and the record of their fetching."""
    names = [field.name for field in dataclasses.fields(Page) if field.name not in ("fetched_at", "record_id")]
    return [name for name in names if getattr(here, name) != getattr(there, name)]


def outcome(capture: Capture) -> list[str]:
    """All findings as they are written down, without the moment and the record of what they show."""
    findings = judge(capture, rules())
    return [finding.model_dump_json(exclude={"evidence": {"__all__": {"captured_at", "record_id"}}}) for finding in findings]


def test_nothing_that_was_not_seen_is_failed(one: tuple[Case, Capture, Portal]) -> None:
    _, capture, _ = one
    findings = judge(capture, rules())
    verdicts = Counter(
        finding.verdict for finding in findings if rules().criteria[finding.criterion].kind is not Kind.ACCESSIBILITY
    )
    if not capture.visit.reached:
        assert set(verdicts) == {Verdict.UNTESTED}
    elif not capture.visit.thorough:
        assert verdicts[Verdict.FAILED] == 0


def test_a_portal_without_end_is_given_up_when_its_time_is_over(tmp_path: Path) -> None:
    """Whatever is asked for is there, is new, leads on, and takes half a second."""
    with Town(None) as town:
        portal = town.open("endless").add("/robots.txt", be.answer("", media_type="text/plain"))
        portal.add("/*", lambda asked: be.Answer(body=home(links(*(f"{asked.path}{i}a/" for i in "xyz"))), wait=0.5))
        settings = manners(portal.host, visit_seconds=4, page_budget=100)
        visit = crawl([entity("endless", portal.url)], settings, tmp_path).captures["endless"].visit
    assert visit.reached
    assert not visit.thorough
    assert 3 <= (visit.ended_at - visit.started_at).total_seconds() <= 4 + settings.timeout_seconds + settings.reader_seconds


def test_the_town_is_large_enough() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 45
