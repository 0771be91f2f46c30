"""What is written can be read by anyone, and what anyone wrote can be read."""

import gzip
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import Archive, ArchiveError
from crawler.pen import WarcPen
from crawler.warc import digest_of

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
HTML = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))


def written(path: Path) -> Path:
    with WarcPen(path, "veedor/1 (+https://contact.example)") as pen:
        pen.exchange("http://a.pe/", AT, [("User-Agent", "veedor/1")], 200, "OK", HTML, b"<p>home</p>")
        pen.exchange("http://a.pe/none", AT, [], 404, "Not Found", (), b"")
        pen.exchange("http://a.pe/x.html?a=1", AT, [], 200, "OK", HTML, b"<p>x</p>", "disconnect")
        pen.close()
    return path


def foreign(path: Path, url: str, body: bytes, **headers: str) -> Path:
    """A capture as another program writes it."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz", warc_version="1.0")
        head = StatusAndHeaders(
            "200 OK", [(name.replace("_", "-"), value) for name, value in headers.items()], protocol="HTTP/1.1"
        )
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=head))
    return path


def test_another_program_finds_every_digest_right(tmp_path: Path) -> None:
    path = written(tmp_path / "a.warc.gz")
    with path.open("rb") as stream:
        kinds = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            kinds.append(record.rec_type)
            if record.rec_type != "warcinfo":
                assert record.rec_headers["WARC-Date"] == "2024-05-06T07:08:09.000000Z"
    assert kinds == ["warcinfo"] + ["response", "request"] * 3


def test_what_the_pen_wrote_comes_back(tmp_path: Path) -> None:
    found = Archive.from_files([written(tmp_path / "a.warc.gz")]).get("https://www.a.pe/index.html")
    assert found is not None
    assert (found.status, found.body, found.captured_at) == (200, b"<p>home</p>", AT)
    assert found.digest == digest_of(b"<p>home</p>")
    assert found.record_id.startswith("urn:uuid:")


def test_a_cut_response_says_so_and_a_missing_page_is_kept_as_such(tmp_path: Path) -> None:
    archive = Archive.from_files([written(tmp_path / "a.warc.gz")])
    cut, none = archive.get("http://a.pe/x.html?a=1"), archive.get("http://a.pe/none")
    assert cut is not None
    assert cut.truncated
    assert none is not None
    assert none.status == 404


def test_a_query_matters_to_programs_but_not_to_files(tmp_path: Path) -> None:
    archive = Archive.from_files(
        [foreign(tmp_path / "a.warc", "http://a.pe/logo.png", b"x"), foreign(tmp_path / "b.warc", "http://a.pe/list", b"y")]
    )
    assert archive.get("http://a.pe/logo.png?v=3") is not None
    assert archive.get("http://a.pe/list?page=2") is None


def test_a_host_of_the_archive_is_told_from_others(tmp_path: Path) -> None:
    archive = Archive.from_files([written(tmp_path / "a.warc.gz")])
    assert archive.holds("https://www.a.pe/anything")
    assert not archive.holds("http://b.pe/")
    assert archive.captured_at("http://a.pe/") == AT


def test_the_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    pen = WarcPen(tmp_path / "a.warc.gz", "veedor/1")
    pen.exchange("http://a.pe/", AT, [], 200, "OK", HTML, b"x")
    assert not (tmp_path / "a.warc.gz").exists()
    pen.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["plain.warc", "packed.warc.gz"])
def test_captures_of_other_programs_are_undone_from_chunks_and_gzip(tmp_path: Path, name: str) -> None:
    packed = gzip.compress(b"<p>text</p>")
    body = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    headers = {"Content_Type": "text/html", "Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}
    found = Archive.from_files([foreign(tmp_path / name, "http://a.pe/", body, **headers)]).get("http://a.pe/")
    assert found is not None
    assert found.body == b"<p>text</p>"


def test_headers_that_claim_an_encoding_long_undone_do_no_harm(tmp_path: Path) -> None:
    headers = {"Content_Type": "text/html", "Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}
    found = Archive.from_files([foreign(tmp_path / "a.warc", "http://a.pe/", b"<p>text</p>", **headers)]).get("http://a.pe/")
    assert found is not None
    assert found.body == b"<p>text</p>"


def test_a_file_cut_short_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    path = written(tmp_path / "a.warc.gz")
    path.write_bytes(path.read_bytes()[:-300])
    assert Archive.from_files([path]).get("http://a.pe/") is not None


def test_the_likely_home_page_is_the_root_or_what_is_nearest_to_it(tmp_path: Path) -> None:
    assert Archive.from_files([written(tmp_path / "a.warc.gz")]).first_page() == "http://a.pe/"
    deep = foreign(tmp_path / "b.warc", "http://b.pe/site/start.html", b"x", Content_Type="text/html")
    assert Archive.from_files([deep]).first_page() == "http://b.pe/site/start.html"
    image = foreign(tmp_path / "c.warc", "http://c.pe/x.png", b"x", Content_Type="image/png")
    assert Archive.from_files([image]).first_page() == ""


@pytest.mark.parametrize("content", [b"", b"not a web archive", bytes(2000)])
def test_a_file_of_another_kind_is_named_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.warc.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"notes\.warc\.gz: holds no response"):
        Archive.from_files([path])
    with pytest.raises(ArchiveError, match="missing: cannot be read"):
        Archive.from_files([tmp_path / "missing"])


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_file_that_ends_in_mid_record_is_known_as_cut_short(tmp_path: Path, name: str) -> None:
    whole = foreign(tmp_path / name, "http://a.pe/", b"<p>" + bytes(range(256)) * 40, Content_Type="text/html")
    assert Archive.from_files([whole]).cut_short("http://a.pe/x") is None
    whole.write_bytes(whole.read_bytes()[:-200])
    cut = Archive.from_files([whole])
    assert cut.cut_short("http://www.a.pe/x") == whole
    assert cut.cut_short("http://b.pe/") is None
