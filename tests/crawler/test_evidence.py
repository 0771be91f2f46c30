"""Evidence: written once, read back as it was, checked by other people's tools."""

from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from audits.catalog import load
from audits.facts import read
from audits.judge import judge
from crawler.archive import Archive, ArchiveError
from crawler.capture import Capture, CaptureRecord, Page, PageFacts, Reason, Visit
from crawler.digests import check
from crawler.originals import originals
from crawler.pen import WarcPen
from crawler.replay import payloads, replay
from crawler.warc import digest_of
from tests.portals.server import Town

from .crawling import Crawled, crawl, entity, manners
from .records import AGENT, AT, BIG, HTML, LATER, headers, members, warcio_check, write


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, Path]:
    """A real crawl of a real portal, and the folder of its run."""
    folder = tmp_path_factory.mktemp("run")
    with Town() as town:
        portal = town.portals["villa-serena"]
        return crawl([entity("villa", portal.url)], manners(portal.host), folder / "evidence"), folder


def kept(crawled: Crawled) -> CaptureRecord:
    text = CaptureRecord.of(crawled.captures["villa"], ("evidence/villa.warc.gz",)).model_dump_json()
    return CaptureRecord.model_validate_json(text)


def record_of(*pages: Page, warcs: tuple[str, ...]) -> CaptureRecord:
    visit = Visit(reason=Reason.COMPLETE, reached=True, thorough=True, started_at=AT, ended_at=AT)
    return CaptureRecord.of(Capture(entity("villa"), visit, list(pages)), warcs)


def page(url: str, body: bytes, record_id: str, **more: object) -> Page:
    made = Page(url, url, 200, "text/html", AT, size=len(body), digest=digest_of(body), record_id=record_id, charset="utf-8")
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_warcio_verifies_every_digest_of_a_real_crawl(visited: tuple[Crawled, Path]) -> None:
    path = Path(visited[0].warcs["villa"])
    told = warcio_check(path)
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("digest pass") == check(path).records > 50
    assert "not checked" not in told.stdout
    assert check(path).faults == ()


def test_warcio_and_we_both_see_a_changed_payload(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", ("http://a.pe/", BIG))
    with path.open("rb") as stream:
        plain = b"".join(members(stream.read()))
    changed = tmp_path / "b.warc"
    changed.write_bytes(plain.replace(b"Acta de la sesion", b"Acta de la comida", 1))
    assert warcio_check(changed).returncode == 1
    assert [fault.what for fault in check(changed).faults] == ["block", "payload"]


def test_a_flipped_byte_makes_the_rest_of_a_file_unreadable_and_that_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", ("http://a.pe/", BIG), ("http://a.pe/b", BIG + b"b"))
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    assert [fault.what for fault in check(path).faults] == ["broken"]
    path.write_bytes(path.read_bytes()[:-100])
    assert "broken" in [fault.what for fault in check(path).faults]


def test_a_replayed_capture_is_the_one_that_was_visited_and_is_judged_alike(visited: tuple[Crawled, Path]) -> None:
    crawled, folder = visited
    live = crawled.captures["villa"]
    again = replay(kept(crawled), folder, read)
    assert len(live.pages) > 20
    assert any(seen.document for seen in live.pages)
    for before, after in zip(live.pages, again.pages, strict=True):
        assert before == after
    catalog = load()
    assert [f.model_dump_json() for f in judge(again, catalog)] == [f.model_dump_json() for f in judge(live, catalog)]


def test_a_rendered_page_is_replayed_from_the_document_that_scripts_made(tmp_path: Path) -> None:
    shell, made = b"<div id=app></div><script src=a.js></script>", "<title>Años</title><p>Lo que se ve</p>".encode()
    with WarcPen(tmp_path / "a.warc.gz", AGENT) as pen:
        source, _ = pen.exchange("http://a.pe/", AT, [], 200, "OK", (("Content-Type", "text/html; charset=latin-1"),), shell)
        record_id, digest = pen.rendered("http://a.pe/", AT, source, made)
        picture, _ = pen.screenshot("http://a.pe/", AT, source, b"\x89PNG", "image/png")
        pen.close()
    seen = page("http://a.pe/", made, record_id, rendered=True, truncated=True)
    (again,) = replay(record_of(seen, warcs=("a.warc.gz",)), tmp_path, read).pages
    assert digest == digest_of(made)
    assert isinstance(again.facts, PageFacts)
    assert again.facts.title == "Años"
    written = {record["WARC-Record-ID"]: record for record in headers(tmp_path / "a.warc.gz")}
    for name, uri in ((record_id, "urn:dom:http://a.pe/"), (picture, "urn:view:http://a.pe/")):
        record = written[f"<{name}>"]
        assert (record["WARC-Type"], record["WARC-Target-URI"]) == ("resource", uri)
        assert record["WARC-Concurrent-To"] == f"<{source}>"
    found = Archive.from_files([tmp_path / "a.warc.gz"]).get("http://a.pe/")
    assert found is not None
    assert found.body == shell


def test_a_page_that_was_cut_when_it_was_visited_is_cut_when_it_is_replayed(tmp_path: Path) -> None:
    body = b"<title>T</title><p>first</p>" + b" " * 2000 + b"<p>last</p>"
    path = write(tmp_path / "a.warc.gz", ("http://a.pe/", body))
    (record,) = [record for record in headers(path) if record["WARC-Type"] == "response"]
    for size, text in ((1024, "first"), (len(body), "first last")):
        seen = page("http://a.pe/", body, record["WARC-Record-ID"].strip("<>"), truncated=True)
        seen.size = size
        (again,) = replay(record_of(seen, warcs=("a.warc.gz",)), tmp_path, read).pages
        assert isinstance(again.facts, PageFacts)
        assert " ".join(section.text for section in again.facts.sections).split() == text.split()


def test_what_is_known_of_a_response_stands_beside_it(tmp_path: Path) -> None:
    with WarcPen(tmp_path / "a.warc.gz", AGENT) as pen:
        record_id, _ = pen.exchange("http://a.pe/b", AT, [], 200, "OK", HTML, b"b", via="http://a.pe/", depth=2, milliseconds=340)
        pen.close()
    with (tmp_path / "a.warc.gz").open("rb") as stream:
        told = [
            (dict(record.rec_headers.headers), record.content_stream().read().decode())
            for record in ArchiveIterator(stream)
            if record.rec_type == "metadata"
        ]
    ((about, fields),) = told
    assert about["WARC-Concurrent-To"] == f"<{record_id}>"
    assert about["Content-Type"] == "application/warc-fields"
    assert fields.splitlines() == ["via: http://a.pe/", "hopsFromSeed: LL", "fetchTimeMs: 340"]


def test_a_header_of_a_portal_cannot_write_lines_of_its_own(tmp_path: Path) -> None:
    with WarcPen(tmp_path / "a.warc.gz", AGENT) as pen:
        pen.exchange("http://a.pe/", AT, [], 200, "OK\r\nX: 1", [("Server", "x\r\nContent-Length: 0\r\n\r\nnothing")], b"body")
        pen.close()
    found = Archive.from_files([tmp_path / "a.warc.gz"]).get("http://a.pe/")
    assert found is not None
    assert found.body == b"body"
    assert warcio_check(tmp_path / "a.warc.gz").returncode == 0


def test_a_payload_of_an_earlier_run_is_written_as_a_revisit_of_the_first(tmp_path: Path) -> None:
    first = write(tmp_path / "1.warc.gz", ("http://a.pe/", BIG), ("http://a.pe/x", b"small"))
    with WarcPen(tmp_path / "2.warc.gz", AGENT, originals([first])) as pen:
        pen.exchange("http://a.pe/new", LATER, [], 200, "OK", HTML, BIG)
        pen.exchange("http://a.pe/x", LATER, [], 200, "OK", HTML, b"small")
        pen.close()
    assert pen.borrowed == {str(first)}
    third = write(tmp_path / "3.warc.gz", ("http://a.pe/", BIG), at=LATER, known=originals([first, pen.path]))
    (original,) = [record for record in headers(first) if record.get("WARC-Payload-Digest") == digest_of(BIG)]
    for path in (pen.path, third):
        (revisit,) = [record for record in headers(path) if record["WARC-Type"] == "revisit"]
        assert revisit["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
        assert revisit["WARC-Refers-To"] == original["WARC-Record-ID"]
        assert revisit["WARC-Refers-To-Date"] == original["WARC-Date"]
        assert revisit["WARC-Refers-To-Target-URI"] == "http://a.pe/"
        assert warcio_check(path).returncode == 0
        assert check(path).faults == ()
    assert third.stat().st_size < first.stat().st_size


def test_a_revisit_is_as_good_as_its_original_where_that_is_given(tmp_path: Path) -> None:
    first = write(tmp_path / "1.warc.gz", ("http://a.pe/", BIG))
    second = write(tmp_path / "2.warc.gz", ("http://a.pe/new", BIG), at=LATER, known=originals([first]))
    found = Archive.from_files([second, first]).get("http://a.pe/new")
    assert found is not None
    assert (found.status, found.body, found.captured_at, found.path) == (200, BIG, LATER, str(second))
    alone = Archive.from_files([second])
    assert alone.get("http://a.pe/new") is None
    assert alone.cut_short("http://a.pe/new") == second


def test_a_revisit_without_its_original_cannot_be_replayed_and_the_record_is_named(tmp_path: Path) -> None:
    first = write(tmp_path / "1.warc.gz", ("http://a.pe/", BIG))
    second = write(tmp_path / "2.warc.gz", ("http://a.pe/", BIG), at=LATER, known=originals([first]))
    (record,) = [record for record in headers(second) if record["WARC-Type"] == "revisit"]
    seen = page("http://a.pe/", BIG, record["WARC-Record-ID"].strip("<>"))
    (again,) = replay(record_of(seen, warcs=("2.warc.gz", "1.warc.gz")), tmp_path, read).pages
    assert isinstance(again.facts, PageFacts)
    with pytest.raises(ArchiveError, match=f"2.warc.gz: lacks the record {seen.record_id}"):
        replay(record_of(seen, warcs=("2.warc.gz",)), tmp_path, read)
    first.unlink()
    with pytest.raises(ArchiveError, match=r"1\.warc\.gz: cannot be read"):
        replay(record_of(seen, warcs=("2.warc.gz", "1.warc.gz")), tmp_path, read)


def test_twins_within_one_file_are_written_once_and_cut_bodies_are_nobodys_twin(tmp_path: Path) -> None:
    with WarcPen(tmp_path / "a.warc.gz", AGENT) as pen:
        ids = [
            pen.exchange(f"http://a.pe/{n}", AT, [], 200, "OK", HTML, BIG, cut)[0] for n, cut in enumerate(("time", "", "", ""))
        ]
        pen.close()
    responses = [record for record in headers(pen.path) if record["WARC-Type"] in ("response", "revisit")]
    assert [record["WARC-Type"] for record in responses] == ["response", "response", "revisit", "revisit"]
    assert {record["WARC-Refers-To"] for record in responses[2:]} == {f"<{ids[1]}>"}
    assert [found.record_id for found in originals([pen.path]).values()] == [ids[1]]
    assert pen.borrowed == set()
    assert dict(payloads([pen.path], ids)) == dict.fromkeys(ids, BIG)


def test_a_revisit_of_another_program_is_found_by_url_and_date(tmp_path: Path) -> None:
    path = tmp_path / "foreign.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        first = writer.create_warc_record("http://a.pe/", "response", payload=BytesIO(BIG), http_headers=head)
        digest, date = "sha1:ABC", first.rec_headers["WARC-Date"]
        writer.write_record(writer.create_revisit_record("http://a.pe/b", digest, "http://a.pe/", date, http_headers=head))
        writer.write_record(writer.create_revisit_record("http://a.pe/c", digest, "http://a.pe/", date))
        writer.write_record(writer.create_revisit_record("http://a.pe/d", digest, "http://a.pe/gone", date))
        writer.write_record(first)
    archive = Archive.from_files([path])
    for url in ("http://a.pe/b", "http://a.pe/c"):
        found = archive.get(url)
        assert found is not None
        assert (found.status, found.body) == (200, BIG)
    assert archive.get("http://a.pe/d") is None
