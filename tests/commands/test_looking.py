"""The commands that only look: registry, rules, runs, doctor, and how a Chromium is found."""

import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audits.catalog import RULES, load
from cli import app
from commands import browser, rules, wording
from commands.wording import Language

REGISTRY = """entity_id,name,country,level,url
pe-uno,Municipalidad Uno,PE,local,https://uno.gob.pe/
pe-dos,Municipalidad Dos,PE,local,
pe-tres,,PE,local,https://tres.gob.pe/
bo-cuatro,Gobierno Cuatro,BO,regional,https://cuatro.gob.bo/
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs one command that must succeed, in a home of its own; gives what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VEEDOR_HOME", str(tmp_path / "home"))
    wording.speak(Language.EN)

    def invoke(*arguments: object, code: int = 0) -> str:
        result = CliRunner().invoke(app, list(map(str, arguments)))
        assert result.exit_code == code, result.output
        return result.output

    yield invoke
    wording.speak(Language.EN)


@pytest.fixture
def registered(run, tmp_path):
    (tmp_path / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    assert "4 rows read, 3 new" in run("registry", "import", "registry.csv")
    return run


def test_a_registry_is_listed_filtered_and_cut(registered):
    everything = json.loads(registered("registry", "list", "--json"))
    assert [entity["id"] for entity in everything["entities"]] == ["bo-cuatro", "pe-dos", "pe-uno"]
    assert "Municipalidad Uno" in registered("registry", "list", "uno", "--country", "pe")
    assert "1 of 3 shown" in registered("registry", "list", "--limit", "1")
    assert "https://uno.gob.pe/" in registered("registry", "show", "pe-uno")


def test_a_mistyped_id_is_met_with_what_may_have_been_meant(registered):
    assert "Did you mean pe-uno" in registered("registry", "show", "pe-umo", code=2)


def test_check_names_the_rows_that_were_set_aside_and_what_to_do(registered):
    told = registered("registry", "check")
    assert "registry.csv:4" in told
    assert "pe-dos" in told
    kept = json.loads(registered("registry", "check", "--json"))
    assert [(row["line"], row["reason"]) for row in kept["rejected_rows"]] == [(4, "no_name")]


def test_the_funnel_ends_at_the_portals_that_can_be_visited(registered):
    steps = json.loads(registered("registry", "funnel", "--json"))
    assert steps[0]["left"] == 4
    assert steps[-1]["left"] == 2
    assert sum(step["removed"] for step in steps) == 2
    assert "usable for a crawl" in registered("registry", "funnel")


def test_importing_again_changes_nothing(registered):
    assert "0 new, 0 changed, 3 unchanged" in registered("registry", "import", "registry.csv")


def test_every_criterion_and_every_goal_can_be_shown(run, capsys):
    listed = json.loads(run("rules", "list", "--json"))
    assert len(listed["criteria"]) >= 25
    catalog = load()
    for criterion in listed["criteria"]:
        rules.print_rule(rules.find_rule(criterion["id"], catalog))
        assert criterion["title"]["en"][:40] in capsys.readouterr().out
    for framework in listed["frameworks"]:
        assert framework["items"]
        for code in framework["items"]:
            rules.print_rule(rules.find_rule(f"{framework['id']}/{code}", catalog))
            assert capsys.readouterr().out.startswith(code)


def test_one_rule_is_shown_in_words_or_as_data(run):
    assert "What counts" in run("rules", "show", "approved_budget")
    assert "Rule:" in run("rules", "show", "elac2010/45")
    assert json.loads(run("rules", "show", "elac2010/45", "--json"))["code"] == "45"


@pytest.mark.parametrize("language", list(Language))
def test_tables_fit_a_hundred_columns_in_every_language(registered, language):
    for command in (
        ["rules", "list"],
        ["rules", "show", "approved_budget"],
        ["registry", "list"],
        ["registry", "check"],
        ["doctor"],
    ):
        assert max(map(len, registered(*command, "--lang", language).splitlines())) <= 100


def copied_rules(folder: Path) -> Path:
    """A copy of the program's rules, without fixtures, to be spoilt."""
    for path in RULES.rglob("*"):
        if path.is_file() and path.suffix in (".toml", ".html"):
            target = folder / path.relative_to(RULES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("criteria/contact_form/criterion.toml", 'search = "service"', 'search = "divination"', "names no ready-made search"),
        ("criteria/contact_form/criterion.toml", "[title]\nes = ", "[title]\nxx = ", "title lacks es"),
        ("criteria/contact_form/criterion.toml", "[title]", "[title", "is not valid TOML"),
        ("criteria/contact_form/criterion.toml", 'kind = "service"', 'kind = "wish"', "'kind'"),
        ("frameworks/elac2010.toml", "contact_details", "contact_detials", "did you mean contact_details"),
    ],
)
def test_rules_check_names_the_file_of_a_mistake_and_the_remedy(run, tmp_path, file, before, after, says):
    folder = copied_rules(tmp_path / "rules")
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    told = run("rules", "check", folder, code=2)
    assert file.split("/")[-1] in told
    assert says in told


def test_the_rules_of_the_program_are_sound(run):
    assert "Rules are sound" in run("rules", "check")


def test_doctor_finds_all_that_an_audit_needs(run):
    checks = {check["name"]: check for check in json.loads(run("doctor", "--json"))}
    assert set(checks) == {"python", "rules", "database", "chromium", "axe", "suffixes"}
    assert all(check["fine"] for check in checks.values())
    assert "Chrom" in checks["chromium"]["found"]


def test_doctor_names_the_remedy_for_what_is_missing(run, tmp_path, monkeypatch):
    monkeypatch.setenv("VEEDOR_CHROMIUM", str(tmp_path / "nowhere"))
    (tmp_path / "home").write_text("in the way")
    told = run("doctor", code=1)
    assert "--no-browser" in told
    assert "VEEDOR_HOME" in told


def test_a_program_that_does_not_start_is_no_chromium(tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho libnss3.so: cannot open shared object file >&2\nexit 127\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    assert browser.find(str(broken)) is None
    broken.write_text("#!/bin/sh\necho Chromium 1.2.3\n")
    assert browser.find(str(broken)) == browser.Chromium(str(broken), "Chromium 1.2.3")


def test_where_nothing_installs_a_chromium_one_sentence_says_what_to_do(tmp_path, monkeypatch, capfd):
    tools = tmp_path / "bin"
    tools.mkdir()
    apt = tools / "apt-get"
    apt.write_text(f"#!/bin/sh\necho $* >> {tmp_path}/asked\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("VEEDOR_CHROMIUM", str(tmp_path / "nowhere"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    monkeypatch.setattr("sys.argv", ["browser", "--lang", "en"])
    assert browser.main() == 1
    assert capfd.readouterr().err.splitlines()[-1].startswith("No Chromium could be installed.")
    if os.geteuid() == 0:
        assert "update -qq" in (tmp_path / "asked").read_text()
