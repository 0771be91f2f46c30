"""`veedor verify` and `veedor pack`: whole evidence is told to be whole, and each way of breaking it in one sentence."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from crawler.archive import Archive
from tests.portals.behaviours import answer, page
from tests.portals.server import Town

from .conftest import HOME_PAGE, QUICK, Veedor

NEWS = page(
    "Noticias", "<h1>Noticias</h1><article><h2>Se inauguró el puente</h2><p>3 de junio de 2026. El puente abrió.</p></article>"
)


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with one run of one portal."""
    veedor = Veedor(tmp_path_factory.mktemp("audited") / "home")
    with Town(None) as town:
        portal = town.open("muni").add("/", answer(HOME_PAGE)).add("/noticias.html", answer(NEWS))
        portal.add("/robots.txt", answer("", media_type="text/plain"))
        veedor("audit", portal.url, "--country", "pe", *QUICK, "--delay", "0")
    return veedor.home


@pytest.fixture
def run(audited: Path, veedor: Veedor) -> Path:
    """The folder of that run in a home of the test's own."""
    shutil.copytree(audited, veedor.home)
    (folder,) = (veedor.home / "runs").iterdir()
    return folder


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def problems(veedor: Veedor, run: Path, code: int = 1) -> tuple[dict[str, int], list[str]]:
    (row,) = json.loads(veedor("verify", run.name, "--json", code=code).stdout)["entities"]
    return {name: row[name] for name in ("wrong", "missing")}, row["problems"]


def test_evidence_that_nobody_touched_is_whole(veedor: Veedor, run: Path) -> None:
    assert problems(veedor, run, code=0) == ({"wrong": 0, "missing": 0}, [])
    (row,) = veedor.json("verify", run.name)["entities"]
    assert row["records"] > 4
    assert row["quotes"] > 3
    told = veedor("verify", run.name, "--lang", "es").stdout
    assert "Registros" in told
    assert max(map(len, told.splitlines())) <= 100


def test_a_flipped_byte_is_found(veedor: Veedor, run: Path) -> None:
    warc = only(run, "evidence/*.warc.gz")
    body = bytearray(warc.read_bytes())
    body[len(body) // 2] ^= 0x10
    warc.write_bytes(body)
    counts, told = problems(veedor, run)
    assert counts["wrong"] == 1
    assert "is damaged" in told[0]
    assert warc.name in told[0]
    assert "is not whole: 1 things are wrong" in veedor("verify", run.name, code=1).stderr


def test_a_page_that_was_rewritten_is_found_by_its_digests_and_by_the_quotes_that_it_lacks(veedor: Veedor, run: Path) -> None:
    warc = only(run, "evidence/*.warc.gz")
    plain = gzip.decompress(warc.read_bytes())
    assert b"(01) 555-1234" in plain
    warc.write_bytes(plain.replace(b"(01) 555-1234", b"(01) 555-9999"))
    counts, told = problems(veedor, run)
    assert counts["missing"] == 0
    for phrase in ("block digest", "another payload", "is not what was visited", "does not stand in"):
        assert any(phrase in sentence for sentence in told), phrase


def test_an_edited_quote_is_found(veedor: Veedor, run: Path) -> None:
    audit = only(run, "audits/*.json")
    audit.write_text(audit.read_text().replace("(01) 555-1234", "(01) 555-9999"))
    counts, told = problems(veedor, run)
    assert (counts["wrong"], counts["missing"]) == (len(told), 0)
    assert all("contact_details quotes, does not stand in the record of" in sentence for sentence in told)


def test_a_finding_that_names_another_digest_or_record_is_found(veedor: Veedor, run: Path) -> None:
    audit = only(run, "audits/*.json")
    told = json.loads(audit.read_text())
    proofs = [proof for finding in told["findings"] for proof in finding["evidence"]]
    proofs[0]["digest"], proofs[1]["record_id"] = "sha256:" + "0" * 64, "urn:uuid:none"
    audit.write_text(json.dumps(told))
    counts, sentences = problems(veedor, run)
    assert counts == {"wrong": 2, "missing": 0}
    assert any("another digest" in sentence for sentence in sentences)
    assert any("no record urn:uuid:none" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("pattern", "sentence", "lost"),
    [("evidence/*.warc.gz", "is missing or cannot be read", 3), ("captures/*.json", "pages and quotes cannot be checked", 1)],
)
def test_a_file_that_is_gone_is_missing_and_nothing_is_called_wrong(
    veedor: Veedor, run: Path, pattern: str, sentence: str, lost: int
) -> None:
    path = only(run, pattern)
    path.unlink()
    counts, told = problems(veedor, run)
    assert counts["wrong"] == 0
    assert counts["missing"] >= lost
    assert sentence in told[0]
    assert path.name in told[0]


def test_a_run_that_does_not_exist_is_told_with_what_may_be_meant(veedor: Veedor, run: Path) -> None:
    told = veedor("verify", run.name[:-1] + "x", code=2).stderr
    assert run.name in told


def test_what_was_read_from_an_archive_is_checked_there(veedor: Veedor, run: Path, tmp_path: Path) -> None:
    archive = tmp_path / "own.warc.gz"
    shutil.copy(only(run, "evidence/*.warc.gz"), archive)
    veedor("audit", "--from", archive, "--country", "pe", "--no-browser")
    (newer,) = [folder for folder in (veedor.home / "runs").iterdir() if folder != run]
    assert problems(veedor, newer, code=0)[1] == []
    archive.write_bytes(archive.read_bytes()[:-40])
    counts, told = problems(veedor, newer)
    assert counts["wrong"] == 1
    assert "own.warc.gz is damaged" in told[0]


def test_the_evidence_on_one_body_is_packed_and_stands_in_for_the_portal(veedor: Veedor, run: Path, tmp_path: Path) -> None:
    body = only(run, "audits/*.json").stem
    out = tmp_path / "muni.wacz"
    told = veedor("pack", run.name, body, "--out", out).stdout
    assert "2 pages" in told
    with zipfile.ZipFile(out) as package:
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").decode().splitlines()][1:]
    assert [page["title"] for page in pages] == ["Municipalidad de Prueba", "Noticias"]
    found = Archive.from_files([out]).get(pages[1]["url"])
    assert found is not None
    assert "puente" in found.body.decode()
    assert "no finished visit of nobody" in veedor("pack", run.name, "nobody", code=2).stderr
