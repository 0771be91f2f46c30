"""Measuring against people: names that one portal alone uses are left out, and docs/accuracy.md says what was measured."""

import json
from pathlib import Path

import pytest

from audits.catalog import load
from audits.judge import judge
from audits.model import Status, Verdict
from commands.accuracy import judged, read_labels
from commands.accuracy_report import as_record, measured_enough
from commands.errors import UserError
from commands.leaving_out import without_own_names
from tests.audits.portal import capture_of

ROOT = Path(__file__).resolve().parents[2]
JUDGED = ROOT.parent / "shared" / "portals"
MEASURED = json.loads((ROOT / "docs" / "accuracy.json").read_text(encoding="utf-8"))
TEXT = "El contenido del sitio se revisa cada semana; el usuario que halla un error avisa y la responsabilidad es nuestra. " * 6


def portal(name: str):
    return capture_of({"": f"<nav><a href='p7.html'>{name}</a></nav>", "p7.html": f"<main><h1>{name}</h1><p>{TEXT}</p></main>"})


def verdict(capture, catalog) -> Verdict:
    return next(f.verdict for f in judge(capture, catalog) if (f.criterion, f.aspect) == ("terms_of_use", "offered"))


def test_a_portal_is_judged_without_the_names_that_it_alone_uses():
    captures = [portal("Términos de uso"), portal("Términos de uso"), portal("Aviso legal")]
    assert [verdict(capture, load()) for capture in captures] == [Verdict.PASSED] * 3
    left = [verdict(capture, rules) for capture, rules in without_own_names(captures, load())]
    assert left[:2] == [Verdict.PASSED] * 2, "another portal taught the name"
    assert left[2] is not Verdict.PASSED, "nobody else uses the name"


def test_labels_that_lack_a_column_are_refused_in_one_sentence(tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("site,criterion\na,news\n", encoding="utf-8")
    with pytest.raises(UserError):
        read_labels(table)


def test_a_criterion_is_stable_exactly_where_it_was_measured_enough():
    good = {row["name"] for row in MEASURED["criterion"] if measured_enough(row)}
    scored = {c.id: c.status for c in load().criteria.values() if c.status in (Status.PROVISIONAL, Status.STABLE)}
    assert {name for name, status in scored.items() if status is Status.STABLE} == good & set(scored)


@pytest.mark.skipif(not JUDGED.is_dir(), reason="the judged portals are not beside the project")
def test_the_documented_accuracy_is_what_is_measured(tmp_path):
    cases, unseen = judged(tmp_path, JUDGED, read_labels(JUDGED / "labels.csv"))
    assert as_record(cases, unseen) == MEASURED, "measure again: make accuracy"
