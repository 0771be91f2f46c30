"""robots.txt by RFC 9309."""

import pytest

from crawler.capture import Reason
from crawler.robots import LARGEST, RobotsAnswer, read

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
