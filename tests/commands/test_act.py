"""`veedor act`: what is counted of test cases of ACT rules, and in which forms it is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from commands import store
from commands.act_cases import ActCase, read_cases
from commands.act_earl import as_earl
from commands.act_figures import Figures, consistency
from commands.act_report import as_markdown
from commands.act_run import ActResult, Run
from commands.errors import UserError
from crawler.browser import find_browser
from crawler.capture import RuleResult
from crawler.settings import CrawlSettings
from tests.commands.conftest import Veedor

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "23a2a8"
"""The ACT rule that images have a name, which axe-core's image-alt implements."""
ASKED = {"wcag20:1.1.1": {"forConformance": True}, "wcag-technique:H37": {"forConformance": False}}
PAGE = '<!doctype html><html lang="en"><title>Trees of the park</title><p>Trees of the park.</p>{}</html>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Tree</title><circle r="4" cx="4" cy="4"/></svg>'
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>Trees</title></head><body><p>Elm</p></body></html>'


def entry(case: str, expected: str, path: str, rule: str = IMAGE, **more: Any) -> dict[str, Any]:
    where = {"relativePath": f"testcases/{path}", "url": f"https://www.w3.org/WAI/content-assets/wcag-act-rules/testcases/{path}"}
    return {
        "ruleId": rule, "ruleName": f"Rule {rule}", "expected": expected, "testcaseId": case,
        "ruleAccessibilityRequirements": ASKED, "approved": True, **where, **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases of two rules; one has no file, two are no HTML, one is about no success criterion, one stands there twice."""
    made = tmp_path_factory.mktemp("act")
    (made / "testcases").mkdir()
    bare = '<img src="elm.png">'
    files = {"a.html": bare, "b.html": '<img src="elm.png" alt="An elm">', "c.html": "", "d.html": bare, "e.html": bare}
    for name, body in files.items():
        (made / "testcases" / name).write_text(PAGE.format(body), encoding="utf-8")
    (made / "testcases/f.svg").write_text(SVG, encoding="utf-8")
    (made / "testcases/g.xhtml").write_text(XHTML, encoding="utf-8")
    entries = [
        entry("a", "failed", "a.html"), entry("a", "failed", "a.html"), entry("b", "passed", "b.html"),
        entry("c", "inapplicable", "c.html"), entry("d", "passed", "d.html", rule="59796f"),
        entry("e", "failed", "e.html", rule="abc123", ruleAccessibilityRequirements=None),
        entry("f", "inapplicable", "f.svg"), entry("g", "inapplicable", "g.xhtml", relativePath=None),
        entry("h", "failed", "h.html"), entry("i", "unknown", "b.html"),
    ]  # fmt: skip
    (made / "testcases.json").write_text(json.dumps({"testcases": entries}), encoding="utf-8")
    return made


def case(identifier: str, expected: str, **more: Any) -> ActCase:
    known = {
        "rule": IMAGE,
        "rule_name": "Rule",
        "criteria": frozenset({"1.1.1"}),
        "path": "",
        "url": identifier,
        "approved": True,
    }
    return ActCase(**{"id": identifier, "expected": expected, **known, **more})


def said(rule: str, outcome: str, *criteria: str) -> RuleResult:
    return RuleResult(rule, outcome, criteria=criteria or ("1.1.1",))


def result(expected: str, *results: RuleResult, **more: Any) -> ActResult:
    return ActResult(case(expected + str(len(results)), expected, **more), results)


def test_cases_are_those_whose_files_are_there_each_once(folder: Path) -> None:
    cases, missing = read_cases(folder, store.rules())
    assert [one.id for one in cases] == ["a", "b", "c", "d", "e", "f", "g"]
    assert missing == 1
    assert (cases[0].criteria, cases[4].criteria) == ({"1.1.1"}, frozenset())
    assert cases[6].path == "testcases/g.xhtml", "known by its address"
    assert [one.id for one in read_cases(folder, store.rules(), ["59796f"]).cases] == ["d"]


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UserError, match=r"testcases\.json"):
        read_cases(tmp_path, store.rules())
    (tmp_path / "testcases.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match="KeyError"):
        read_cases(tmp_path, store.rules())
    with pytest.raises(UserError, match="23a2a8"):
        read_cases(folder, store.rules(), ["23a2a9"])


def test_a_failure_counts_for_its_own_success_criterion_and_by_rule_only_for_the_rule_it_implements() -> None:
    own = next(iter(store.rules().checks))
    results = [
        result("failed", said("image-alt", "failed")),
        result("failed", said("image-alt", "failed", "2.4.4"), said(own, "failed"), said("image-alt", "passed")),
        result("passed", said("other", "failed")),
        result("inapplicable"),
        ActResult(case("unread", "failed"), None),
        result("failed", said("image-alt", "failed"), criteria=frozenset()),
    ]
    record = Figures(Run(results, "4", "1"), 2, store.rules(), {"image-alt": (IMAGE,), own: ("59796f",)}).record()
    assert record["cases"] == {"all": 6, "counted": 5, "unread": 1, "missing": 2}
    counts = {
        method: {engine: (share["found"]["hits"], share["false"]["hits"]) for engine, share in engines.items()}
        for method, engines in record["figures"].items()
    }
    assert counts["criterion"] == {"axe": (1, 1), "own": (1, 0), "both": (2, 1)}
    assert counts["rule"] == {"axe": (1, 0), "own": (0, 0), "both": (1, 0)}
    assert record["figures"]["criterion"]["both"]["found"]["total"] == 3
    assert record["false_alarms"] == [{"act": IMAGE, "case": "passed1", "expected": "passed", "by": ["other"]}]
    assert record["consistency"]["own"]["none"] == 1


@pytest.mark.parametrize(
    ("outcomes", "level"),
    [
        ([("failed", "failed"), ("passed", "passed"), ("inapplicable", "inapplicable")], "consistent"),
        ([("failed", "failed"), ("failed", "cant_tell"), ("passed", "cant_tell")], "consistent"),
        ([("failed", "failed"), ("failed", "passed"), ("passed", "passed")], "partial"),
        ([("failed", "cant_tell"), ("inapplicable", "inapplicable")], "partial"),
        ([("failed", "cant_tell"), ("inapplicable", "cant_tell")], "inconsistent"),
        ([("failed", "failed"), ("passed", "failed")], "inconsistent"),
        ([("failed", "passed"), ("passed", "passed")], "inconsistent"),
    ],
)
def test_consistency_is_counted_as_for_implementations_at_the_w3c(outcomes: list[tuple[str, str]], level: str) -> None:
    assert consistency([result(expected, said("image-alt", given)) for expected, given in outcomes], {"image-alt"}) == level


def test_a_rule_that_accuses_falsely_does_not_spoil_what_another_does_well_and_proposed_cases_do_not_count() -> None:
    results = [
        result("failed", said("good", "failed"), said("bad", "failed")),
        result("passed", said("good", "passed"), said("bad", "failed")),
        result("passed", said("good", "failed"), approved=False),
    ]
    figures = Figures(Run(results, "", ""), 0, store.rules(), {"good": (IMAGE,), "bad": (IMAGE,)})
    assert figures.record()["rules"][0]["consistency"] == {"axe": "consistent", "own": "none", "both": "consistent"}


def test_the_report_to_the_w3c_has_a_subject_for_each_case_and_an_assertion_for_each_rule() -> None:
    run = Run(
        [result("failed", said("image-alt", "failed"), said("b", "cant_tell")), ActResult(case("x", "passed"), None)], "4", "1"
    )
    earl = as_earl(run, store.rules())
    assert earl["@context"].endswith("earl-context.json")
    assertor, first, second = earl["@graph"]
    assert (assertor["@type"], first["@type"], first["source"], second["assertions"]) == (
        "Assertor",
        "TestSubject",
        "failed2",
        [],
    )
    unsure, failed = first["assertions"]
    assert failed["test"]["title"] == "image-alt"
    assert failed["test"]["isPartOf"][0]["@id"] == "https://www.w3.org/TR/WCAG22/#non-text-content"
    assert (failed["result"]["outcome"], unsure["result"]["outcome"]) == ("earl:failed", "earl:cantTell")
    assert failed["assertedBy"] == assertor["@id"]


@pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")
def test_the_cases_are_run_in_the_browser_and_the_figures_saved(veedor: Veedor, folder: Path, tmp_path: Path) -> None:
    record_file, earl_file = tmp_path / "act.json", tmp_path / "earl.json"
    done = veedor("act", folder, "--save", record_file, "--earl", earl_file)
    assert "1/1" in done.stdout
    record = json.loads(record_file.read_bytes())
    assert record["cases"] == {"all": 7, "counted": 6, "unread": 0, "missing": 1}
    found, false = (record["figures"]["criterion"]["axe"][what] for what in ("found", "false"))
    assert (found["hits"], found["total"], false["hits"], false["total"]) == (1, 1, 1, 5)
    assert record["figures"]["rule"]["axe"]["false"]["hits"] == 0, "image-alt does not implement the other rule"
    assert record["axe_version"]
    outcomes = {
        (subject["source"].rpartition("/")[2], one["test"]["title"]): one["result"]["outcome"]
        for subject in json.loads(earl_file.read_bytes())["@graph"][1:]
        for one in subject["assertions"]
    }
    assert (outcomes["a.html", "image-alt"], outcomes["b.html", "image-alt"]) == ("earl:failed", "earl:passed")
    assert outcomes["g.xhtml", "image-alt"] == "earl:inapplicable"
    assert f"| [{IMAGE}](" in as_markdown(record)


def test_the_page_on_the_test_cases_shows_the_saved_figures() -> None:
    record = json.loads((ROOT / "docs/act.json").read_bytes())
    page = (ROOT / "docs/act.md").read_text(encoding="utf-8")
    assert as_markdown(record) in page
    both = record["figures"]["criterion"]["both"]["found"]
    assert f"{both['hits']} of {both['total']}" in page
