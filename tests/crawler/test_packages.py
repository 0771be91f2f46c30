"""Packages (WACZ): complete in themselves, right in every digest, and readable in place of the network."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from crawler.archive import Archive, ArchiveError
from crawler.digests import check
from crawler.originals import originals
from crawler.wacz import About, ListedPage, pack, sort_key
from crawler.warc import digest_of

from .records import AT, BIG, LATER, headers, members, write

ABOUT = About("A portal", "veedor 1", AT)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A WACZ of a file with a revisit whose original stands in the file of an earlier run."""
    first = write(tmp_path / "1.warc.gz", ("http://a.pe/", BIG), ("http://a.pe/other", BIG + b"other"))
    second = write(
        tmp_path / "2.warc.gz", ("http://a.pe/b", b"<p>b</p>"), ("http://a.pe/", BIG), at=LATER, known=originals([first])
    )
    ids = [record["WARC-Record-ID"].strip("<>") for record in headers(second)]
    out = tmp_path / "a.wacz"
    pack(out, [second, first], ids, [ListedPage("http://a.pe/", LATER, "Acta")], ABOUT)
    first.unlink()
    second.unlink()
    return out


def test_a_package_holds_all_it_needs_and_its_digests_are_right(package: Path) -> None:
    with zipfile.ZipFile(package) as packed:
        about = json.loads(packed.read("datapackage.json"))
        named = {resource["path"]: resource for resource in about["resources"]}
        assert set(named) | {"datapackage.json", "datapackage-digest.json"} == set(packed.namelist())
        for path, resource in named.items():
            body = packed.read(path)
            assert (resource["bytes"], resource["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")
        assert json.loads(packed.read("datapackage-digest.json"))["hash"] == digest_of(packed.read("datapackage.json"))
        assert {packed.getinfo(path).compress_type for path in named if path.startswith("archive/")} == {zipfile.ZIP_STORED}
        for line in packed.read("indexes/index.cdx").decode().splitlines():
            entry = json.loads(line.split(" ", 2)[2])
            start, length = int(entry["offset"]), int(entry["length"])
            member = packed.read("archive/" + entry["filename"])[start : start + length]
            assert f"WARC-Target-URI: {entry['url']}".encode() in b"".join(members(member))
        assert named["archive/originals.warc.gz"]["bytes"] < packed.getinfo("archive/2.warc.gz").file_size
        assert about["wacz_version"] == "1.1.1"


def test_a_package_can_be_read_in_place_of_the_network(package: Path) -> None:
    archive = Archive.from_files([package])
    found = archive.get("http://a.pe/")
    assert found is not None
    assert (found.body, found.captured_at) == (BIG, LATER)
    assert archive.get("http://a.pe/other") is None
    assert archive.first_page() == "http://a.pe/"
    assert check(package).faults == ()
    archive.close()


def test_an_original_that_is_nowhere_is_not_packed_around(tmp_path: Path) -> None:
    first = write(tmp_path / "1.warc.gz", ("http://a.pe/", BIG))
    second = write(tmp_path / "2.warc.gz", ("http://a.pe/", BIG), known=originals([first]))
    ids = [record["WARC-Record-ID"].strip("<>") for record in headers(second)]
    with pytest.raises(ArchiveError, match="lacks the record"):
        pack(tmp_path / "a.wacz", [second], ids, [], ABOUT)
    assert not (tmp_path / "a.wacz").exists()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Muni.gob.pe/Actas/?b=2&a=1", "pe,gob,muni)/actas?a=1&b=2"),
        ("http://a.pe", "pe,a)/"),
        ("http://a.pe:8080/x", "pe,a:8080)/x"),
        ("https://a.pe:443/", "pe,a)/"),
        ("http://127.0.0.1:8080/a%20b%2C%28C%29", "1,0,0,127:8080)/a%20b,(c)"),
        ("urn:dom:http://a.pe/X/?b&a", "urn:dom:http://a.pe/x?a&b"),
    ],
)
def test_index_keys_are_those_of_other_programs(url: str, key: str) -> None:
    assert sort_key(url) == key
