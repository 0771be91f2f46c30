"""The period that a document says it speaks of."""

from datetime import date

import pytest

from audits.periods import period_of


def span(first, last):
    return date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Ejecución de enero a marzo de 2026", "2026-01-01", "2026-03-31"),
        ("Informe enero-marzo 2026", "2026-01-01", "2026-03-31"),
        ("SEC 01 01 037  Enero-Marzo 2019", "2019-01-01", "2019-03-31"),
        ("enero, febrero y marzo de 2026", "2026-01-01", "2026-03-31"),
        ("de janeiro a março de 2026", "2026-01-01", "2026-03-31"),
        ("du 1er janvier au 31 mars 2026", "2026-01-01", "2026-03-31"),
        ("July 2025 to June 2026", "2025-07-01", "2026-06-30"),
        ("del 1 de enero al 15 de marzo de 2026", "2026-01-01", "2026-03-15"),
        ("del 1 al 15 de marzo de 2026", "2026-03-01", "2026-03-15"),
        ("Del 01/01/2026 al 31/03/2026", "2026-01-01", "2026-03-31"),
        ("Documentos del 01/Jul/2019 al 30/Sep/2019", "2019-07-01", "2019-09-30"),
        ("Plan 2024-2027", "2024-01-01", "2027-12-31"),
        ("Memoria 2019 a 2023", "2019-01-01", "2023-12-31"),
        ("Presupuesto 2025/26", "2025-01-01", "2026-12-31"),
        ("Balance de febrero 2024", "2024-02-01", "2024-02-29"),
        ("Ejercicio fiscal 2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_spans_months_and_years_are_understood_in_titles_names_and_first_lines(words, first, last):
    assert period_of(words, "", "") == period_of("", words, "") == period_of("", "", words) == span(first, last)


@pytest.mark.parametrize("words", ["Ley 1712 de 2014", "Resolución 123-2015-MDX", "Expediente 2011-12", "Acta de sesión", ""])
def test_numbers_of_rules_and_files_are_no_period(words):
    assert period_of(words, "", words) is None


def test_a_title_goes_before_the_text_and_a_span_within_it_is_more_exact():
    assert period_of("Gastos 2025", "", "de abril a junio de 2025") == span("2025-04-01", "2025-06-30")
    assert period_of("Gastos 2025", "", "según el plan 2021-2030") == span("2025-01-01", "2025-12-31")


def test_a_day_in_the_title_is_the_period_but_a_day_in_the_text_is_not():
    assert period_of("Acta del 15 de marzo de 2026", "", "") == span("2026-03-15", "2026-03-15")
    assert period_of("", "", "Lima, 15 de marzo de 2026") is None


def test_running_text_and_names_made_by_programs_tell_nothing():
    assert period_of("", "", "La ley fue aprobada tras un largo debate en el que hablaron todos los del año 2014") is None
    assert period_of("", "a8f2019bc77d01e2", "") is None
