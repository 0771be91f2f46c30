"""Every measuring script runs; what it measures at this size means nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.lively import EVENTS, Lively
from bench.site import Site
from crawler.chromium import find_browser
from crawler.settings import CrawlSettings

ROOT = Path(__file__).resolve().parents[1]


def rows_of(script: str) -> list[dict[str, object]]:
    """What a script prints as JSON in its smallest size."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{script}", "--quick", "--json"], cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def test_the_cost_of_a_crawl_is_measured_for_all_on_the_same_pages():
    rows = rows_of("crawl")
    assert len(rows) == 4
    pages = [int(str(row["pages"])) for row in rows]
    assert max(pages) - min(pages) <= 1, "a plain spider asks for its home twice"
    assert all(row["ms per page"] > 0 for row in rows)
    assert "same_findings True" in str(rows[-1]["notes"])


def test_judging_again_is_measured_beside_an_audit_of_the_same_pages():
    audit, again = rows_of("rejudge")
    assert audit["pages"] == again["pages"] == 6
    assert audit["ratio"] == 1


def test_the_cost_of_facts_is_measured_beside_the_parse():
    assert rows_of("parse")[0]["ratio to parse"] == 1


def test_the_cost_of_judging_is_measured_beside_the_facts():
    parse, facts, judging = rows_of("judge")
    assert (parse["ratio to parse"], facts["ratio to facts"]) == (1, 1)
    assert judging["pages"] == 5


def test_the_memory_of_a_worker_is_measured_over_many_portals():
    rows = rows_of("memory")
    assert rows[-1]["portals"] == 4
    assert all(row["MB"] > 10 for row in rows)


@pytest.mark.parametrize("page", [0, 1, 49])
def test_the_site_is_the_same_each_time_and_as_large_as_it_says(page: int):
    site, again = Site(60), Site(60)
    html = site.html(page)
    assert html == again.html(page)
    assert 40_000 < len(html) < 120_000
    assert html.count("<a ") == 141


def test_the_cost_of_auditing_in_a_browser_is_measured_for_all_on_the_same_pages():
    if not find_browser(CrawlSettings()):
        pytest.skip("no Chromium is installed")
    bare, axe, trials, *others = rows_of("axe")
    assert bare["pages"] == axe["pages"] == trials["pages"] == 4
    assert bare["ratio of CPU"] == 1
    assert all(row["CPU s per page"] > 0 and row["peak MB"] > 0 for row in (bare, axe, trials))
    assert [row["notes"] for row in others] == ["not installed"] * 2


def test_the_lively_pages_are_the_same_each_time_and_each_does_something_else():
    site, again = Lively(24), Lively(24)
    assert site.all() == again.all()
    scripts = {site.html(page).partition("<script>")[2] for page in range(len(EVENTS))}
    assert len(scripts) == len(EVENTS)
