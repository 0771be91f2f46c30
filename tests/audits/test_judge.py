"""The matrix is always full, and nothing that was not seen is failed."""

import dataclasses

import pytest

from audits.catalog import load
from audits.judge import judge
from audits.model import Verdict
from audits.quotes import stands_in, words_of
from crawler.capture import Capture, Reason
from tests.audits.portal import FIXTURES, capture_of, capture_of_fixture, entity, visit

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


def test_a_portal_that_only_scripts_could_show_is_untested_without_a_browser(catalog) -> None:
    capture = capture_of({"": '<div id="app"></div><script src="/app.js"></script>'})
    capture.visit = visit(thorough=False, reason=Reason.SCRIPT_ONLY)
    assert {(f.verdict, f.reason) for f in judge(capture, catalog)} == {(Verdict.UNTESTED, "script_only")}


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


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: f"{p.parent.parent.name}/{p.name}")
def test_every_verdict_that_speaks_of_something_seen_quotes_it_from_the_record_it_names(catalog, path) -> None:
    capture = capture_of_fixture(path)
    pages = {page.url: page for page in capture.pages}
    for finding in judge(capture, catalog):
        if finding.verdict is Verdict.PASSED:
            assert any(evidence.quote for evidence in finding.evidence), finding
        for evidence in finding.evidence:
            page = pages[evidence.url]
            assert stands_in(evidence.quote, page, words_of(page)), (finding.criterion, evidence.quote)


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


def test_what_a_template_left_for_others_to_fill_in_proves_nothing(catalog) -> None:
    words = [word for word in catalog.signs["es"]["placeholder"] if not word.isascii()]
    assert words, "a word with an accent is what this test is about"
    news = "<h2>Noticias</h2><h3>{}</h3><p>3 de junio de 2026</p><h3>Segunda</h3><p>4 de junio de 2026</p>"
    verdicts = {}
    for title in ("Se inauguró el puente", words[0]):
        findings = judge(capture_of({"": HOME + news.format(title)}), catalog)
        verdicts[title] = next(f.verdict for f in findings if (f.criterion, f.aspect) == ("news", "published"))
    assert verdicts == {"Se inauguró el puente": Verdict.PASSED, words[0]: Verdict.FAILED}
