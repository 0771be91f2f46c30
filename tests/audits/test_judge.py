"""The matrix is always full, and nothing that was not seen is failed."""

import dataclasses

import pytest

from audits.catalog import load
from audits.judge import judge
from audits.model import Verdict
from crawler.capture import Capture, Reason
from tests.audits.portal import capture_of, entity, visit

HOME = """<html lang="es"><title>Villa Ejemplo</title>
    <main><h1>Villa Ejemplo</h1><p>Bienvenidos.</p><a href="#">Presupuesto</a></main>"""


@pytest.fixture(scope="module")
def catalog():
    return load()


def matrix(catalog) -> list[tuple[str, str]]:
    return [(c.id, aspect) for c in catalog.criteria.values() for aspect in c.aspects]


def test_a_portal_that_was_reached_gets_one_finding_per_criterion_and_aspect(catalog) -> None:
    findings = judge(capture_of({"": HOME}), catalog)
    assert [(f.criterion, f.aspect) for f in findings] == matrix(catalog)


@pytest.mark.parametrize("reason", [r for r in Reason if r is not Reason.COMPLETE])
def test_a_portal_that_was_not_reached_is_untested_in_everything_with_the_reason(catalog, reason: Reason) -> None:
    findings = judge(Capture(entity(), visit(reached=False, thorough=False, reason=reason)), catalog)
    assert [(f.criterion, f.aspect) for f in findings] == matrix(catalog)
    assert {(f.verdict, f.reason) for f in findings} == {(Verdict.UNTESTED, reason.value)}


def test_a_visit_that_was_not_thorough_fails_nothing_but_what_was_seen_in_the_browser(catalog) -> None:
    findings = judge(capture_of({"": HOME}, thorough=False), catalog)
    assert not [f for f in findings if f.verdict is Verdict.FAILED]


def test_without_a_browser_accessibility_is_untested(catalog) -> None:
    findings = [f for f in judge(capture_of({"": HOME}), catalog) if f.criterion == "wcag"]
    assert {f.verdict for f in findings} == {Verdict.UNTESTED}


def test_the_same_capture_gives_the_same_findings_byte_for_byte(catalog) -> None:
    capture = capture_of({"": HOME, "otra.html": HOME})
    first = [f.model_dump_json() for f in judge(capture, catalog)]
    assert first == [f.model_dump_json() for f in judge(capture, load())]


def test_a_search_that_breaks_leaves_a_row_that_says_so(catalog) -> None:
    broken = catalog.criteria["news"].model_copy(update={"find": {"search": "content", "holds": ["no_such_proof"]}})
    bent = dataclasses.replace(catalog, criteria={**catalog.criteria, "news": broken})
    news = [f for f in judge(capture_of({"": HOME + "<h2>Noticias</h2><p>1/2/2026</p>"}), bent) if f.criterion == "news"]
    assert {(f.verdict, f.reason) for f in news} == {(Verdict.UNTESTED, "probe_error")}
    assert len(news) == 3


def test_every_passed_finding_shows_its_proof(catalog) -> None:
    page = HOME + "<footer>Av. Los Álamos 123, Villa Ejemplo. Tel. 044-123456 mesa@villa-ejemplo.example</footer>"
    for finding in judge(capture_of({"": page}), catalog):
        if finding.verdict is Verdict.PASSED:
            assert finding.evidence
            assert all(evidence.url and evidence.quote for evidence in finding.evidence)


def test_a_section_that_scripts_would_have_to_fill_is_an_open_question_not_a_failure(catalog) -> None:
    menu = "<nav><a href='/'>Inicio</a> <a href='/organigrama.html'>Organigrama</a></nav>"
    page = f"<body><div id='__nuxt'>{menu}<main>{{}}</main></div><script src='/n.js'></script>"
    pages = {
        "": page.format("<h1>Villa Ejemplo</h1><p>Bienvenidos.</p>"),
        "organigrama.html": page.format("<h1>Organigrama</h1>"),
    }
    findings = {(f.criterion, f.aspect): f for f in judge(capture_of(pages), catalog)}
    chart = findings["organization_chart", "published"]
    assert (chart.verdict, chart.reason) == (Verdict.CANT_TELL, "script_only")
