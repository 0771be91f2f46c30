"""A web archive in place of the network: what it lacks is never failed, and what scripts make of its pages is evidence too."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audits.facts import read
from crawler.capture import CaptureRecord, PageFacts, Reason
from crawler.chromium import find_browser
from crawler.guide import Recognise
from crawler.pen import WarcPen
from crawler.replay import replay
from crawler.settings import CrawlSettings
from tests.crawler.crawling import crawl, entity

SEEN = datetime(2026, 5, 1, 12, tzinfo=UTC)
FILL = "document.getElementById('app').innerHTML = '<h1>Actas</h1><p>' + 'Acta de la sesión. '.repeat(20) + '</p>'"
SHELL = f"<!doctype html><html lang='es'><title>Muni</title><body><div id='app'></div><script>{FILL}</script></body></html>"


def archive_of(path: Path, *pages: tuple[str, str]) -> Path:
    """A WARC of these pages of muni.gob.pe."""
    with WarcPen(path, "test") as pen:
        for name, html in pages:
            kind = [("Content-Type", "text/html; charset=utf-8")]
            pen.exchange(f"http://muni.gob.pe/{name}", SEEN, (), 200, "OK", kind, html.encode())
        pen.close()
    return path


def test_of_an_archive_that_is_cut_off_nothing_is_known_to_be_missing(tmp_path: Path) -> None:
    words = "Esta es la página de la municipalidad y aquí se publica lo que hace. " * 5
    home = f"<title>Muni</title><h1>Muni</h1><p>{words}</p><a href='/uno'>Uno</a>"
    whole = archive_of(tmp_path / "whole.warc.gz", ("", home), ("uno", f"<title>Uno</title><p>{words}</p>"))
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(whole.read_bytes()[:-60])
    for path, thorough in ((whole, True), (torn, False)):
        settings = CrawlSettings(archives=(str(path),), browser=False)
        visit = crawl([entity("muni", "http://muni.gob.pe/")], settings, tmp_path / path.stem).captures["muni"].visit
        assert (visit.reached, visit.thorough, "torn.warc.gz is cut short" in visit.detail) == (True, thorough, not thorough)


def wary(facts: PageFacts, status: int) -> Reason | None:
    """Takes every page with this title for a barrier."""
    return Reason.BLOCKED if facts.title == "Uno" else None


def taken_for_all_it_is(facts: PageFacts, status: int) -> Reason | None:
    """Takes every page for itself."""
    return None


@pytest.mark.parametrize(("then", "now"), [(wary, taken_for_all_it_is), (taken_for_all_it_is, wary)])
def test_what_stands_in_for_a_page_is_told_anew_by_the_rules_of_today(tmp_path: Path, then: Recognise, now: Recognise) -> None:
    words = "Esta es la página de la municipalidad y aquí se publica lo que hace. " * 5
    home = f"<title>Muni</title><h1>Muni</h1><p>{words}</p><a href='/uno'>Uno</a>"
    path = archive_of(tmp_path / "whole.warc.gz", ("", home), ("uno", f"<title>Uno</title><p>{words}</p>"))
    settings = CrawlSettings(archives=(str(path),), browser=False)
    capture = crawl([entity("muni", "http://muni.gob.pe/")], settings, tmp_path / "evidence", recognise=then).captures["muni"]
    record = CaptureRecord.of(capture, (str(path),))
    assert [(page.problem, page.facts) for page in replay(record, tmp_path, read, then).pages] == [
        (page.problem, page.facts) for page in capture.pages
    ]
    (one,) = [page for page in replay(record, tmp_path, read, now).pages if page.url.endswith("/uno")]
    assert (one.problem, one.facts is None) == ((Reason.BLOCKED, True) if now is wary else (None, False))


@pytest.mark.skipif(not find_browser(CrawlSettings()), reason="needs an installed Chromium")
def test_what_scripts_make_of_an_archived_page_is_written_down_and_read_again(tmp_path: Path) -> None:
    old = archive_of(tmp_path / "old.warc.gz", ("", SHELL))
    settings = CrawlSettings(archives=(str(old),), axe_pages=0)
    capture = crawl([entity("muni", "http://muni.gob.pe/")], settings, tmp_path / "evidence").captures["muni"]
    page, made = capture.pages[0], tmp_path / "evidence" / "muni.warc.gz"
    assert page.rendered
    again = replay(CaptureRecord.of(capture, (str(old), str(made))), tmp_path, read)
    assert again.pages[0].facts == page.facts
    assert "Acta de la sesión" in "".join(section.text for section in page.facts.sections if page.facts)
    assert [page.record_id for page in again.pages] == [page.record_id for page in capture.pages]
