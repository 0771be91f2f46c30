"""A web archive whose pages scripts fill: what they make of them is evidence too, and stands in no archive yet."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audits.facts import read
from crawler.capture import CaptureRecord
from crawler.chromium import find_browser
from crawler.pen import WarcPen
from crawler.replay import replay
from crawler.settings import CrawlSettings
from tests.crawler.crawling import crawl, entity

SEEN = datetime(2026, 5, 1, 12, tzinfo=UTC)
FILL = "document.getElementById('app').innerHTML = '<h1>Actas</h1><p>' + 'Acta de la sesión. '.repeat(20) + '</p>'"
SHELL = f"<!doctype html><html lang='es'><title>Muni</title><body><div id='app'></div><script>{FILL}</script></body></html>"


@pytest.mark.skipif(not find_browser(CrawlSettings()), reason="needs an installed Chromium")
def test_what_scripts_make_of_an_archived_page_is_written_down_and_read_again(tmp_path: Path) -> None:
    old = tmp_path / "old.warc.gz"
    with WarcPen(old, "test") as pen:
        pen.exchange("http://muni.gob.pe/", SEEN, (), 200, "OK", [("Content-Type", "text/html; charset=utf-8")], SHELL.encode())
        pen.close()
    settings = CrawlSettings(archives=(str(old),), axe_pages=0)
    capture = crawl([entity("muni", "http://muni.gob.pe/")], settings, tmp_path / "evidence").captures["muni"]
    page, made = capture.pages[0], tmp_path / "evidence" / "muni.warc.gz"
    assert page.rendered
    again = replay(CaptureRecord.of(capture, (str(old), str(made))), tmp_path, read)
    assert again.pages[0].facts == page.facts
    assert "Acta de la sesión" in "".join(section.text for section in page.facts.sections if page.facts)
    assert [page.record_id for page in again.pages] == [page.record_id for page in capture.pages]
