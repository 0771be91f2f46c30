"""Bad input ends in one sentence with a remedy and exit code 2, in the language of the person, and never in a traceback."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result
from warcio.warcwriter import WARCWriter

from cli import app
from commands import wording
from commands.wording import Language

ROOT = Path(__file__).resolve().parents[2]
TABLE = "entity_id,entity_name,country,level,languages,url,capture\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs one command in this process (quick; the same code as the program's), in an empty home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VEEDOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VEEDOR_CONTACT", raising=False)
    wording.speak(Language.EN)
    yield lambda *arguments: CliRunner().invoke(app, list(map(str, arguments)))
    wording.speak(Language.EN)


def complaint(result: Result, code: int = 2) -> str:
    """The one line on standard error."""
    assert result.exit_code == code, result.output
    (line,) = result.stderr.splitlines()
    return line


def empty_archive(path: Path) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warc_record("http://a.pe/x.css", "resource", payload=io.BytesIO(b"a{}")))
    return path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit"], "Say whom to audit"),
        (["audit", "ftp://muni.pe/"], "is not the address of a portal"),
        (["audit", "http://"], "is not the address of a portal"),
        (["audit", "http://[::1/"], "is not the address of a portal"),
        (["audit", "http://muni.pe:99999/"], "is not the address of a portal"),
        (["audit", "https://muni.org/"], "add --country"),
        (["audit", "https://muni.pe/", "--country", "Peru"], "is not the code of a country"),
        (["audit", "https://muni.pe/", "--country", "XX"], "is not the code of a country"),
        (["audit", " "], "is not the address of a portal"),
        (["audit", "http://a b.pe/"], "is not the address of a portal"),
        (["rules", "check", "nowhere"], "There is no file nowhere"),
        (["audit", "https://muni.pe/", "--level", "village"], "is no level of government"),
        (["audit", "https://muni.pe/", "--contact", "nobody"], "contact"),
        (["audit", "https://muni.pe/", "--entity", "pe-lima"], "in one way only"),
        (["audit", "https://muni.pe/", "--home", "https://muni.pe/x"], "--home"),
        (["audit", "https://muni.pe/", "https://www.muni.pe"], "same id (muni.pe)"),
        (["audit", "--country", "PE"], "registry import"),
        (["audit", "--entity", "pe-lima"], "knows no body pe-lima"),
        (["audit", "--from", "nothing.warc.gz"], "There is no file nothing.warc.gz"),
        (["audit", "--portals", "nothing.csv"], "There is no file nothing.csv"),
        (["registry", "import", "nothing.csv"], "nothing.csv"),
        (["registry", "show", "pe-lima"], "knows no body pe-lima"),
        (["registry", "funnel"], "Nothing was imported yet"),
        (["registry", "list", "--country", "P3"], "is not the code of a country"),
        (["show", "pe-lima"], "Nothing was concluded of pe-lima yet"),
        (["rules", "show", "aproved_budget"], "did you mean approved_budget"),
        (["rules", "show", "elac2010/99"], "has no item 99"),
        (["publish", "site"], "audit a portal first"),
    ],
)
def test_bad_input_is_one_sentence(run, arguments, says):
    assert says in complaint(run(*arguments))


def test_the_sentence_is_in_the_language_of_the_person(run):
    assert complaint(run("audit", "--lang", "es")).startswith("Error: Diga a quién auditar")
    assert complaint(run("audit", "--lang", "pt")).startswith("Erro: Diga quem auditar")


def test_a_country_without_audits_has_no_score(run):
    assert "begin with veedor audit --country PE" in complaint(run("score", "pe"), code=1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1"),
        (b"entity_id,url\n", "entity_name, country, level, languages, capture"),
        (TABLE.encode(), "has no rows"),
        (TABLE.encode() + b"a,A,PE,local,es,http://a.pe/,none.warc.gz\n", "line 2, column capture"),
        (TABLE.encode() + b"a,A,PE,local,es,http://a.pe/\n", "line 2, column capture"),
        (TABLE.encode() + b"a,A,Peru,local,es,http://a.pe/,a.warc.gz\n", "line 2, column country"),
        (TABLE.encode() + b"a,A,PE,village,es,http://a.pe/,a.warc.gz\n", "line 2, column level"),
        (TABLE.encode() + b"a,A,PE,local,es,http://a.pe/,a.warc.gz\n" * 2, "same id (a)"),
        (b"\xff\xfe\x00", "is not UTF-8"),
    ],
)
def test_a_bad_table_names_line_and_column(run, tmp_path, content, says):
    empty_archive(tmp_path / "a.warc.gz")
    (tmp_path / "portals.csv").write_bytes(content)
    assert says in complaint(run("audit", "--portals", "portals.csv"))


def test_an_archive_that_is_none_or_holds_no_page_is_refused(run, tmp_path):
    (tmp_path / "text.warc.gz").write_text("this is no archive")
    assert "text.warc.gz" in complaint(run("audit", "--from", "text.warc.gz"))
    empty_archive(tmp_path / "bare.warc.gz")
    assert "holds no web page" in complaint(run("audit", "--from", "bare.warc.gz", "--country", "PE"))


def test_a_home_that_cannot_be_written_to_is_said_at_once(run, tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    assert "choose another folder with --home-dir" in complaint(run("audit", "https://muni.pe/"))


def test_a_damaged_run_or_database_is_said_with_its_remedy(run, tmp_path):
    folder = tmp_path / "home" / "runs" / "20260101T000000Z"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{")
    assert "remove it" in complaint(run("runs"))
    (tmp_path / "home" / "veedor.db").write_text("this is no database, by any means" * 100)
    assert "veedor.db" in complaint(run("show", "x"))


def test_what_the_system_refuses_is_one_sentence_too(run, tmp_path):
    run("runs")
    run("audit", "https://muni.pe/", "--chromium", tmp_path / "none")
    (tmp_path / "home" / "runs" / "20990101T000000Z" / "run.json").mkdir(parents=True)
    assert "run.json: Is a directory" in complaint(run("runs"))


def test_without_a_chromium_the_audit_says_so_before_it_begins(run, tmp_path):
    told = complaint(run("audit", "https://muni.pe/", "--chromium", tmp_path / "no-chromium"))
    assert "--no-browser" in told
    assert not list(tmp_path.glob("home/runs/*"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["audit", "--pagse", "3"], "No hay ninguna opción --pagse (¿quiso decir --pages,"),
        (["adit"], "No hay ninguna orden adit (¿quiso decir audit?). Vea veedor --help."),
        (["registry", "lst"], "No hay ninguna orden lst (¿quiso decir list?). Vea veedor registry --help."),
        (["show"], "Falta ENTITY."),
        (["audit", "--pages"], "A --pages le falta un valor."),
        (["audit", "--pages", "x"], "El valor de --pages no sirve"),
        (["show", "a", "b"], "No se entiende la orden"),
    ],
)
def test_a_command_line_that_cannot_be_understood_is_one_sentence_in_the_language_spoken(run, arguments, says):
    wording.speak(Language.ES)
    assert says in complaint(run(*arguments))


@pytest.mark.parametrize("content", ["[1, 2]", '{"entities": 5}'])
def test_json_that_holds_no_entities_is_told_what_is_expected(run, tmp_path, content):
    (tmp_path / "registry.json").write_text(content)
    assert "a list of entities" in complaint(run("registry", "import", "registry.json"))


def test_a_level_may_be_named_in_the_language_of_the_person(run):
    assert run("registry", "list", "--level", "estadual").exit_code == 0


def test_words_of_others_cannot_steer_the_terminal(run, tmp_path):
    (tmp_path / "evil.csv").write_text("name,country,level,url\n\x1b]0;taken\x07Muni,PE,local,https://evil.gob.pe/\n")
    run("registry", "import", "evil.csv")
    for command in (["list"], ["show", "pe-evil.gob.pe"]):
        told = run("registry", *command).output
        assert "Muni" in told
        assert "\x1b" not in told


@pytest.mark.parametrize("shell", ["{} runs >&-", "{} runs --json >&-", "{} rules list --json | head -1"])
def test_a_reader_who_goes_away_is_no_failure_of_ours(tmp_path, shell):
    done = subprocess.run(
        ["bash", "-c", shell.format(f"{sys.executable} -m cli")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_that_knows_only_ascii_gets_question_marks_and_programs_get_escapes(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    for asked in (["runs"], ["rules", "show", "approved_budget", "--json"]):
        command = [sys.executable, "-m", "cli", *asked, "--lang", "es"]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        if "--json" in asked:
            assert "ó" in json.loads(done.stdout)["guidance"]["es"]
        else:
            assert b"A?n no hay" in done.stdout


def test_a_full_disk_is_said_in_one_sentence(tmp_path):
    command = f"ulimit -f 20; {sys.executable} -m cli registry list --home-dir {tmp_path / 'home'} --lang en"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "veedor.db" in line
