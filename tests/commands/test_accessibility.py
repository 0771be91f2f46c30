"""`veedor accessibility`: a small portal with barriers, examined in a real browser; and what is written of it."""

import csv
import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from pyld import jsonld

from audits.model import LANGUAGES
from commands.browser import find
from crawler.trials.axe import AXE_SCRIPT
from tests.portals.behaviours import answer, page
from tests.portals.server import Town

from .conftest import QUICK, Veedor

HEADER = """<header><img src="/escudo.svg" class="escudo"><nav><ul>
<li><a class="m" style="color:#bbb;background:#fff" href="/">Inicio</a></li>
<li><a class="m" style="color:#bbb;background:#fff" href="/contacto.html">Contacto</a></li>
<li><a class="m" style="color:#bbb;background:#fff" href="/noticias.html">Noticias</a></li></ul></nav></header>"""
TEXT = "<p>La municipalidad atiende de lunes a viernes en su local de la plaza, y publica aquí lo que hace cada semana.</p>"
PAGES = {
    "/": "<h1>Municipalidad de Prueba</h1>" + TEXT,
    "/contacto.html": "<h1>Contacto</h1><form action='/e'><input type='text' name='q'><button>Enviar</button></form>" + TEXT,
    "/noticias.html": "<h1>Noticias</h1><img src='/puente.svg'>" + TEXT,
}
SHIELD = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#14447a"/></svg>'
BROWSING = tuple(option for option in QUICK if option != "--no-browser")
LONG = 240
"""Seconds that an audit with a browser may take on a machine that is busy with other tests."""

TOOL = {
    "wcagem": "http://www.w3.org/TR/WCAG-EM/#",
    "Evaluation": "wcagem:procedure",
    "defineScope": "wcagem:step1",
    "scope": "wcagem:step1a",
    "conformanceTarget": "wcagem:step1b",
    "selectSample": "wcagem:step3",
    "structuredSample": "wcagem:step3a",
    "randomSample": "wcagem:step3b",
    "Website": "wcagem:website",
    "Webpage": "wcagem:webpage",
    "auditSample": "wcagem:step4",
    "reportFindings": "wcagem:step5",
    "evaluator": "wcagem:evaluator",
    "WCAG21": "http://www.w3.org/TR/WCAG21/#",
    "WAI": "http://www.w3.org/WAI/",
    "wcagVersion": "WAI:standards-guidelines/wcag/#versions",
    "earl": "http://www.w3.org/ns/earl#",
    **{name: f"earl:{name}" for name in ("Assertion", "assertedBy", "mode", "result", "subject", "test", "outcome")},
    **{name: f"http://purl.org/dc/terms/{name}" for name in ("title", "description", "summary", "date", "hasPart")},
    "id": "@id",
    "type": "@type",
}
"""Terms by which the W3C's report tool reads an evaluation."""


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Veedor:
    """A home folder with one run of a portal whose template shuts people out."""
    veedor = Veedor(tmp_path_factory.mktemp("examined") / "home")
    with Town(None) as town:
        portal = town.open("muni").add("/robots.txt", answer("", media_type="text/plain"))
        for path, body in PAGES.items():
            portal.add(path, answer(page("Municipalidad de Prueba", f"{HEADER}<main>{body}</main>")))
        portal.add("/escudo.svg", answer(SHIELD, media_type="image/svg+xml")).add(
            "/puente.svg", answer(SHIELD, media_type="image/svg+xml")
        )
        audit = veedor.start("audit", portal.url, "--country", "pe", *BROWSING, "--delay", "0")
        told, complaints = audit.communicate(timeout=LONG)
    assert audit.returncode == 0, told + complaints
    return veedor


@pytest.fixture(scope="module")
def body(examined: Veedor) -> str:
    (audit,) = examined.home.glob("runs/*/audits/*.json")
    return audit.stem


@pytest.fixture(scope="module")
def told(examined: Veedor, body: str) -> dict[str, Any]:
    found: dict[str, Any] = examined.json("accessibility", body)
    return found


def criterion(told: dict[str, Any], number: str) -> dict[str, Any]:
    return next(one for one in told["criteria"] if one["id"] == number)


def barrier(told: dict[str, Any], rule: str) -> dict[str, Any]:
    """The barrier of widest spread that a rule found."""
    return next(one for one in told["barriers"] if rule in one["rules"])


def test_the_template_s_defects_are_told_once_with_their_spread(told: dict[str, Any]) -> None:
    assert len(told["sample"]) == 3
    coat = barrier(told, "image-alt")
    assert (len(coat["pages"]), coat["elements"]) == (3, 3)
    menu = barrier(told, "color-contrast")
    assert (len(menu["pages"]), menu["elements"]) == (3, 9)
    assert criterion(told, "1.1.1")["outcome"] == "failed"
    assert criterion(told, "1.1.1")["pages"] == 3
    assert len(told["criteria"]) == 55


def test_the_table_names_the_sample_the_outcomes_the_remedy_and_never_conformance(examined: Veedor, body: str) -> None:
    said = examined("accessibility", body, "--lang", "es").stdout
    for phrase in ("página de inicio", "barreras halladas", "sin fallos que un programa", "→ Dé a cada imagen", "image-alt"):
        assert phrase in said, phrase
    assert "understanding/non-text-content" in said.lower()
    assert max(map(len, said.splitlines())) <= 100 or "http" in max(said.splitlines(), key=len)
    for language in LANGUAGES:
        assert "conformant" not in examined("accessibility", body, "--lang", language).stdout.replace("not conformant", "")


def opened(document: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An evaluation as the W3C's report tool reads it: framed by its own terms, then the assertions in it."""
    whole = jsonld.frame(jsonld.expand(document), {"@context": TOOL, "@type": "http://www.w3.org/TR/WCAG-EM/#procedure"})
    return whole, jsonld.frame(whole, {"@context": TOOL, "@type": "http://www.w3.org/ns/earl#Assertion"})["@graph"]


def test_the_evaluation_is_what_the_w3c_report_tool_reads(
    examined: Veedor, body: str, told: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "evaluation.json"
    examined("accessibility", body, "--earl", file, "--lang", "en")
    whole, assertions = opened(json.loads(file.read_text(encoding="utf-8")))
    scope = whole["defineScope"]
    assert (scope["wcagVersion"], scope["conformanceTarget"]) == ("2.2", "AA")
    assert "Website" in scope["scope"]["type"]
    chosen = [whole["selectSample"].get(part, []) for part in ("structuredSample", "randomSample")]
    pages = [one for part in chosen for one in (part if isinstance(part, list) else [part])]
    assert {one["id"] for one in pages} == {one["url"] for one in told["sample"]}
    assert all(one["description"] == one["id"] and one["summary"] for one in pages)
    assert len({one["title"] for one in pages}) == 3
    site = [one for one in assertions if one["subject"]["id"] == scope["scope"]["id"]]
    assert sorted(one["test"]["id"].partition(":")[0] for one in site) == ["WCAG22"] * 55
    outcomes = {one["test"]["id"].partition(":")[2]: one["result"]["outcome"]["id"] for one in site}
    expected = {"failed": "earl:failed", "untested": "earl:untested"}
    for one in told["criteria"]:
        assert outcomes[one["help"].rpartition("/")[2]] == expected.get(one["outcome"], "earl:cantTell"), one["id"]
    for one in assertions:
        assert isinstance(one["result"]["description"], str)
        assert one["mode"]["id"] == "earl:automatic"
        assert one["subject"]["type"]


def test_the_evaluation_points_at_elements_and_names_the_tools(examined: Veedor, body: str, tmp_path: Path) -> None:
    file = tmp_path / "evaluation.json"
    examined("accessibility", body, "--earl", file)
    document = json.loads(file.read_text(encoding="utf-8"))
    (images,) = [one for one in document["auditSample"] if one["test"]["id"] == "WCAG22:non-text-content"]
    pointers = [pointer for part in images["hasPart"] for pointer in part["result"].get("pointer", ())]
    assert any(pointer["expression"] and "escudo.svg" in pointer["description"] for pointer in pointers)
    tools = {part["title"]: part["hasVersion"] for part in images["assertedBy"]["hasPart"]}
    assert tools.keys() == {"veedor", "axe-core", "Chromium"}
    assert all(tools.values())


def test_the_table_of_barriers_has_a_row_for_each(examined: Veedor, body: str, told: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "barriers.csv"
    examined("accessibility", body, "--csv", file)
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [int(row["number"]) for row in rows] == list(range(1, len(told["barriers"]) + 1))
    assert [row["rules"].split() for row in rows] == [one["rules"] for one in told["barriers"]]
    assert all(row["url"] and row["fix"] and row["record"] for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_statement_says_no_more_than_automatic_tests_can_and_is_accessible_itself(
    examined: Veedor, body: str, language: str, tmp_path: Path
) -> None:
    drafts = [tmp_path / f"statement.{kind}" for kind in ("html", "md")]
    for draft in drafts:
        examined("accessibility", body, "--statement", draft, "--lang", language)
        said = draft.read_text(encoding="utf-8")
        assert "1.1.1" in said
        assert "[" in said
        assert not {"fully", "plenamente", "totalmente"} & set(said.lower().split())
    chromium = find()
    assert chromium is not None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        tab = browser.new_page()
        tab.goto(drafts[0].as_uri())
        tab.evaluate(AXE_SCRIPT + ";0")
        assert tab.evaluate("axe.run().then(found => found.violations.map(rule => rule.id))") == []
        browser.close()


def test_an_element_is_pictured_from_the_archive_alone(examined: Veedor, body: str, told: dict[str, Any], tmp_path: Path) -> None:
    number = next(one["number"] for one in told["barriers"] if one["rules"] == ["image-alt"])
    for which in (str(number), "form button"):
        file = tmp_path / "element.png"
        said = examined("accessibility", body, "--picture", which, file).stderr
        assert "http://127.0.0.1" in said
        picture = file.read_bytes()
        assert picture.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture[16:24])
        assert 40 < width <= 1280
        assert 20 < height < 720


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--picture", "999", "x.png"), "no barrier 999"),
        (("--picture", "h9.nowhere", "x.png"), "could not be drawn"),
        (("--statement", "statement.doc"), "neither .html nor .md"),
        (("--run", "20200101T000000Z"), "no run 20200101T000000Z"),
        (("--csv", "/nowhere/at/all/barriers.csv"), "/nowhere/at/all"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    examined: Veedor, body: str, arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in examined("accessibility", body, *arguments, code=2).stderr
    assert not list(tmp_path.iterdir())


def test_a_body_that_was_never_audited_is_told_with_what_may_be_meant(examined: Veedor, body: str) -> None:
    assert body in examined("accessibility", body[:-1], code=2).stderr


def test_the_database_and_the_evidence_agree_with_it(examined: Veedor, body: str, told: dict[str, Any]) -> None:
    (run,) = (examined.home / "runs").iterdir()
    audit = json.loads((run / "audits" / f"{body}.json").read_text(encoding="utf-8"))
    assert [one["rules"] for one in audit["barriers"]] == [one["rules"] for one in told["barriers"]]
    (row,) = examined.json("verify", run.name)["entities"]
    assert (row["wrong"], row["missing"]) == (0, 0)
    failed = [one["aspect"] for one in audit["findings"] if one["criterion"] == "wcag" and one["verdict"] == "failed"]
    assert failed == [one["id"] for one in told["criteria"] if one["outcome"] == "failed"]
