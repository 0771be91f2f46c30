"""What Brazil, Mexico, Central America and the Caribbean call otherwise than their neighbours, told apart by country."""

import pytest

from audits.catalog import load

CATALOG = load()


def named(label: str, country: str) -> set[str]:
    return set(CATALOG.lexicon(CATALOG.countries[country].languages, country).names(label))


@pytest.mark.parametrize(
    ("label", "country", "thing", "not_the_thing"),
    [
        ("Fallo de licitación 001", "MX", "contracts_and_awards", "regulations"),
        ("Estado analítico del ejercicio del presupuesto de egresos", "MX", "budget_execution", "approved_budget"),
        ("Emendas Pix", "BR", "subsidies_and_programmes", "online_payment"),
        ("Guia DAM", "BR", "debt_or_bill_query", "online_payment"),
        ("Auditoría social", "GT", "public_hearings", "audits_and_control"),
        ("Numeral 8", "GT", "budget_execution", "approved_budget"),
        ("Renglón 029", "GT", "staff_and_pay", "approved_budget"),
        ("Planilla", "PA", "staff_and_pay", "downloadable_forms"),
        ("Actos públicos", "PA", "procurement_notices", "news"),
        ("Acuerdos municipales", "PA", "regulations", "decision_minutes"),
        ("PIM 2025", "HN", "strategic_and_operating_plans", "approved_budget"),
        ("Plan de arbitrios 2025", "HN", "regulations", "strategic_and_operating_plans"),
        ("Rendición de cuentas GL", "HN", "budget_execution", "management_reports"),
        ("Puntos de acta", "HN", "decision_minutes", "regulations"),
        ("Concursos abiertos", "VE", "procurement_notices", "vacancies"),
        ("Acuerdos de cámara", "VE", "decision_minutes", "regulations"),
        ("Concejo de Regidores", "DO", "authorities_directory", "decision_minutes"),
        ("Portal 311", "DO", "complaints_channel", "regulations"),
        ("Plan cantonal de desarrollo humano local", "CR", "strategic_and_operating_plans", "subsidies_and_programmes"),
        ("Oficina de información", "SV", "foi_request_online", "contact_details"),
        ("Atención a la población", "CU", "complaints_channel", "subsidies_and_programmes"),
        ("Statutory meetings", "TT", "decision_minutes", "news"),
        ("Schedule of statutory meetings", "GY", "decision_agendas", "decision_minutes"),
        ("Budget citoyen", "HT", "approved_budget", "participatory_budget"),
        ("Staatsblad", "SR", "regulations", "news"),
    ],
)
def test_a_word_means_there_what_it_means_there(label: str, country: str, thing: str, not_the_thing: str) -> None:
    assert thing in named(label, country)
    assert not_the_thing not in named(label, country)


@pytest.mark.parametrize(
    ("label", "country", "nothing_of"),
    [
        ("Estado de cuenta de suplidores", "DO", "debt_or_bill_query"),
        ("Ley 311-14", "DO", "complaints_channel"),
        ("Organigrama de la OAI", "DO", "organization_chart"),
        ("Acta de inexistencia", "SV", "decision_minutes"),
        ("Oficina de información turística", "SV", "foi_request_online"),
        ("Contraloría de Servicios", "CR", "services_catalogue"),
        ("St. Thomas Municipal Corporation", "JM", "authorities_directory"),
        ("Ministerio del Poder Popular para la Salud", "VE", "public_hearings"),
        ("Numeral 8", "SV", "budget_execution"),
    ],
)
def test_what_only_looks_alike_names_nothing(label: str, country: str, nothing_of: str) -> None:
    assert nothing_of not in named(label, country)


@pytest.mark.parametrize("code", ["BR", "CR", "DO", "GT", "MX", "SV"])
def test_countries_in_depth_have_platforms_laws_words_a_note_and_a_framework(code: str) -> None:
    country = CATALOG.countries[code]
    assert {"single_window", "procurement", "data_portal"} <= set(country.platforms)
    assert {"access", "signature", "procurement", "accessibility"} <= {law.subject for law in country.laws}
    assert all((country.words, country.note))
    assert any(code in framework.countries for framework in CATALOG.frameworks.values())


def test_every_country_has_an_access_law_or_says_that_none_is_known() -> None:
    for country in CATALOG.countries.values():
        assert country.note or any(law.subject == "access" for law in country.laws), country.id
        assert {"signature", "procurement"} & {law.subject for law in country.laws}, country.id


def test_the_strictest_periodicity_is_monthly_in_guatemala_and_quarterly_in_mexico() -> None:
    days = {}
    for code in ("GT", "MX"):
        norm = CATALOG.countries[code].norm_of("budget_execution")
        assert norm is not None
        days[code] = norm.days
    assert days == {"GT": 31, "MX": 92}
