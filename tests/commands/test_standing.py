"""Indexes and ladders in the terminal, and the mistakes that a check of the rules names."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audits.catalog import RULES
from cli import app
from commands import wording
from commands.wording import Language
from tests.site.world import audits, database, read_criteria, read_frameworks


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which five portals of Peru and one of Brazil were read."""
    folder = tmp_path_factory.mktemp("home")
    criteria = read_criteria()
    database(folder / "veedor.db", criteria, read_frameworks(), audits(criteria)).close()
    return folder


@pytest.fixture
def look(home: Path) -> Iterator[object]:
    """Runs one command that only looks; gives what it printed."""

    def invoke(*words: str, code: int = 0) -> str:
        told = CliRunner(env={"VEEDOR_HOME": str(home)}).invoke(app, list(words))
        assert told.exit_code == code, told.output
        return told.output

    wording.speak(Language.EN)
    yield invoke
    wording.speak(Language.EN)


def test_a_body_is_shown_with_its_ladders_and_indexes_and_what_is_provisional_is_explained_once(look) -> None:
    told = look("show", "pe-0002")
    below = told.split("Ladders and indexes")[1]
    assert "un_stages" in below
    assert "losi_2024" in below
    assert "br_pntp" not in below
    assert below.count("accuracy has not been measured yet") == 1
    shown = json.loads(look("show", "pe-0002", "--json"))["indexes"]
    assert {entry["framework"] for entry in shown} >= {"un_stages", "losi_2024"}
    assert all(entry["lower"] <= entry["value"] <= entry["upper"] for entry in shown if entry["value"] is not None)
    assert all(entry["provisional"] > 0 for entry in shown)


def test_the_arithmetic_of_an_index_names_every_item_and_what_answers_it(look) -> None:
    told = look("show", "br-0009", "--framework", "br_pntp")
    items = json.loads(look("show", "br-0009", "--framework", "br_pntp", "--json"))
    framework = next(framework for framework in read_frameworks() if framework.id == "br_pntp")
    assert [item["item"] for item in items["items"]] == [item.code for item in framework.items if "local" in item.levels]
    for item in items["items"]:
        assert item["item"] in told
    assert "no criterion answers it" in told
    held = sum(item["weight"] for item in items["items"] if item["state"] == "passed")
    measured = sum(item["weight"] for item in items["items"] if item["state"] in ("passed", "failed"))
    assert f"{held:g} of {measured:g} points measured hold" in told
    assert items["value"] == pytest.approx(held / measured)


def test_goals_have_an_arithmetic_too(look) -> None:
    assert "45" in look("show", "pe-0001", "--framework", "elac2010")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "pe-0001", "--framework", "br_pntp"], "it binds: BR"),
        (["show", "pe-0001", "--framework", "nothing"], "elac2010"),
        (["score", "PE", "--framework", "br_pntp"], "it binds: BR"),
        (["score", "PE", "--framework", "un_stages", "--goal", "45"], "leave --goal out"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_sentence(look, words: list[str], says: str) -> None:
    told = look(*words, code=2)
    assert says in " ".join(told.split())


@pytest.mark.parametrize("language", list(Language))
def test_a_country_stands_in_an_index_by_level_and_body_by_body(look, language: Language) -> None:
    told = look("score", "PE", "--framework", "pe_transparencia", "--why", "--lang", language)
    assert "pe-0001" in told
    assert max(map(len, told.splitlines())) <= 100
    data = json.loads(look("score", "PE", "--framework", "pe_transparencia", "--json"))
    assert data["rows"][-1]["rated"] == 5
    assert len(data["entities"]) == 8


def test_nobody_is_rated_in_an_index_of_which_too_little_is_answered(look) -> None:
    assert json.loads(look("score", "PE", "--framework", "losi_2024", "--json"))["rows"][-1]["rated"] == 0


def test_a_country_stands_on_a_ladder_rung_by_rung(look) -> None:
    told = look("score", "PE", "--framework", "un_stages")
    for name in ("Emerging", "Enhanced", "Transactional", "Connected"):
        assert name in told


def test_goals_that_rest_on_provisional_criteria_are_marked_in_words_and_data(look) -> None:
    told = look("score", "PE")
    assert told.count("accuracy has not been measured yet") == 1
    card = next(card for card in json.loads(look("score", "PE", "--json")) if card["item"] == "45")
    assert card["provisional"] > 0
    assert "°" in next(line for line in told.splitlines() if line.startswith("45 "))


SPOILT = [
    ("frameworks/br_pntp.toml", 'language = "pt"', 'language = "xx"', "title lacks xx"),
    ("frameworks/br_pntp.toml", 'countries = ["BR"]', 'countries = ["XX"]', "XX is no country"),
    ("frameworks/losi_2024.toml", "at_least = 0.75", "at_least = 0.1", "from the highest at_least"),
    ("frameworks/losi_2024.toml", 'group = "IF"', 'group = "ZZ"', "ZZ"),
    ("frameworks/losi_2024.toml", 'code = "215"', 'code = "281"', "281 stands there twice"),
    ("countries/pe/country.toml", 'payment = ["pagalo_pe"]', 'payment = ["pagalo_pa"]', "did you mean pagalo_pe"),
    ("countries/pe/norms.toml", 'id = "ley27806"', 'id = "ley00000"', "ley27806, which stands in no"),
    ("countries/pe/norms.toml", "[[norms]]\ncriterion = ", '[[norms]]\ncriterion = "x"\n#', "x is no criterion"),
    ("providers/payment_state.toml", 'hosts = ["pagalo.pe"]', 'hosts = ["https://pagalo.pe/"]', "write a host in lower case"),
    ("providers/payment_state.toml", 'hosts = ["tgr.cl"]', "hosts = []", "nothing on a page would show tgr_cl"),
    ("providers/payment_state.toml", 'id = "pagtesouro"', 'id = "gru_br"', "gru_br stands there twice"),
    ("words/es/finances.toml", "[approved_budget]", "[approved_budget_x]", "approved_budget has no names in es"),
    ("criteria/approved_budget/criterion.toml", '[title]\nes = "', '[title]\nes = "⟨x⟩', "this blank is not filled yet: x"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program's rules, to be spoilt and put right again."""
    folder = tmp_path_factory.mktemp("rules")
    for path in RULES.rglob("*"):
        if path.suffix in (".toml", ".html") and path.is_file():
            target = folder / path.relative_to(RULES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


def test_every_mistake_in_the_rules_is_named_with_its_remedy(look, copied: Path) -> None:
    kept = {copied / file: (copied / file).read_text(encoding="utf-8") for file, *_ in SPOILT}
    for file, before, after, _ in SPOILT:
        text = (copied / file).read_text(encoding="utf-8")
        assert before in text, file
        (copied / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    told = look("rules", "check", str(copied), code=2)
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")
    for file, _, _, says in SPOILT:
        assert says in told, file


def test_a_scored_criterion_needs_a_fixture_for_every_verdict(look, copied: Path) -> None:
    (hidden,) = copied.glob("criteria/approved_budget/fixtures/cant_tell_*")
    text = hidden.read_text(encoding="utf-8")
    hidden.unlink()
    told = look("rules", "check", str(copied), code=2)
    hidden.write_text(text, encoding="utf-8")
    assert "approved_budget/fixtures: there is no cant_tell_* fixture" in told
