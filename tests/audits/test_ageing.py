"""How new what was found is: parts of a year, days of renewal, and what a country's norm asks."""

from datetime import date

import pytest

from audits.catalog import Catalog, load
from audits.finders.ageing import age_of, limit_of, parts_of_year
from audits.finders.files import Proof
from audits.model import Criterion
from audits.packs import Country, Norm
from audits.site import Site
from crawler.capture import DocumentFacts
from tests.audits.portal import capture_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def site(catalog: Catalog, language: str = "es") -> Site:
    return Site(capture_of({"": "<h1>Portal</h1>"}, language), catalog)


def age(catalog: Catalog, *texts: str, kind: str = "document", periodic: bool = True) -> date | None:
    here = site(catalog)
    found = age_of(Proof(kind, here.pages[0], "", dated=list(texts)), here, periodic=periodic)
    return found.day if found else None


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("es", "Informe del primer trimestre 2025", date(2025, 3, 31)),
        ("es", "Ejecución III trimestre de 2024", date(2024, 9, 30)),
        ("es", "Segundo semestre 2023", date(2023, 12, 31)),
        ("pt", "RGF 2º quadrimestre de 2024", date(2024, 8, 31)),
        ("pt", "RREO 3º bimestre 2025", date(2025, 6, 30)),
        ("en", "Report Q1 2025", date(2025, 3, 31)),
        ("fr", "Rapport du deuxième trimestre 2024", date(2024, 6, 30)),
    ],
)
def test_a_part_of_a_year_ends_when_it_ends(catalog: Catalog, language: str, text: str, day: date) -> None:
    assert [found.day for found in parts_of_year(text, site(catalog, language))] == [day]


def test_exact_days_go_before_a_mere_year_of_the_same_year(catalog: Catalog) -> None:
    assert age(catalog, "Ordenanzas 2025", "Ordenanza del 4 de marzo de 2025") == date(2025, 3, 4)
    assert age(catalog, "Presupuesto 2026", "aprobado el 20 de diciembre de 2025") == date(2026, 6, 15)


def test_a_year_somewhere_on_a_page_does_not_date_what_stays_true(catalog: Catalog) -> None:
    assert age(catalog, "fundada por ley de 2011", kind="text", periodic=False) is None
    assert age(catalog, "Fecha de actualización: 02/06/2026", "ley de 2011", kind="text", periodic=False) == date(2026, 6, 2)


def test_a_norm_of_the_country_goes_before_the_criterion_and_leaves_days_to_publish(catalog: Catalog) -> None:
    norms = tuple(
        Norm(criterion=c, days=30, law="ley1", item="art. 2", evidence="V") for c in ("staff_and_pay", "organization_chart")
    )
    country = Country(id="PE", languages=("es",), time_zone="America/Lima", norms=norms)
    here = site(catalog)
    here.country = country

    def days(criterion: Criterion, *texts: str) -> int:
        found = age_of(Proof("document", here.pages[0], "", dated=list(texts)), here)
        assert found is not None
        return limit_of(criterion, here, found).days

    pay, chart = catalog.criteria["staff_and_pay"], catalog.criteria["organization_chart"]
    assert days(pay, "mayo 2026") == 30 + pay.find["grace_days"]
    assert days(chart, "mayo 2026") == chart.timely_days
    assert days(chart, "Fecha de actualización: 02/06/2026") == 30 + chart.find["grace_days"]


def test_a_file_that_nothing_else_dates_is_as_old_as_the_folder_it_was_uploaded_to(catalog: Catalog) -> None:
    path = "wp-content/uploads/2015/05/plan.pdf"
    files = {"": f"<h1>Plan</h1><a href='{path}'>Plan</a>", path: DocumentFacts("pdf", text="Plan de la villa")}
    here = Site(capture_of(files), catalog)
    file = next(page for page in here.capture.pages if page.document)
    undated, dated = (age_of(Proof("document", file, "", dated=texts), here) for texts in ([], ["Plan 2024"]))
    assert [found.day for found in (undated, dated) if found] == [date(2015, 5, 31), date(2024, 12, 31)]
