"""Every fixture beside a criterion gets the verdict that its name says."""

from pathlib import Path

import pytest

from audits.catalog import load
from audits.judge import search_of
from audits.model import Kind
from audits.site import Site
from tests.audits.portal import FIXTURES, capture_of_fixture


@pytest.fixture(scope="module")
def catalog():
    return load()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: f"{p.parent.parent.name}/{p.name}")
def test_a_fixture_gets_the_verdict_of_its_name(path: Path, catalog) -> None:
    criterion = catalog.criteria[path.parent.parent.name]
    expected = next(v for v in ("passed", "failed", "cant_tell", "inapplicable", "untested") if path.name.startswith(v))
    findings = search_of(criterion).find(criterion, Site(capture_of_fixture(path), catalog))
    first = findings[0]
    assert first.verdict.value == expected, f"{first.reason} {first.values} {[e.quote for e in first.evidence]}"


def test_every_scored_criterion_has_a_fixture_for_each_verdict_it_may_give(catalog) -> None:
    missing = []
    for criterion in catalog.criteria.values():
        if criterion.kind is Kind.ACCESSIBILITY or criterion.id not in catalog.scored:
            continue
        names = [p.name for p in FIXTURES if p.parent.parent.name == criterion.id]
        wanted = ("passed", "failed") if criterion.find["search"] == "contact" else ("passed", "failed", "cant_tell")
        missing += [f"{criterion.id}: {verdict}" for verdict in wanted if not any(n.startswith(verdict) for n in names)]
    assert not missing, f"fixtures missing: {', '.join(missing)}"
