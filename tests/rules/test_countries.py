"""What differs by country: platforms, laws, periodicities, words and frameworks fit the catalogue and each other."""

import pytest

from audits.catalog import load
from audits.model import LANGUAGES, Framework, references
from audits.packs import Country

CATALOG = load()
COUNTRIES = sorted(CATALOG.countries.values(), key=lambda country: country.id)
WITH_WORDS = [country for country in COUNTRIES if country.words]
FRAMEWORKS = sorted((f for f in CATALOG.frameworks.values() if f.countries), key=lambda framework: framework.id)
SUBJECTS = {
    *(
        "access",
        "transparency",
        "participation",
        "budget",
        "procurement",
        "payment",
        "digital",
        "signature",
        "data",
        "protection",
    ),
    "accessibility",
}
IN_DEPTH = ("AR", "BO", "CL", "CO", "EC", "PE", "PY", "UY")


def called(thing: object) -> str:
    return str(getattr(thing, "id", thing))


def named(label: str, country: str, language: str = "es") -> set[str]:
    return set(CATALOG.lexicon((language,), country).names(label))


@pytest.mark.parametrize("country", COUNTRIES, ids=called)
def test_every_platform_is_a_provider_of_that_kind_that_the_state_runs_there(country: Country) -> None:
    providers = {(provider.kind, provider.id): provider for provider in CATALOG.providers}
    for kind, names in country.platforms.items():
        assert names, f"{country.id}: no platform stands under '{kind}'"
        for name in names:
            provider = providers.get((kind, name))
            assert provider, f"{country.id}: no provider '{name}' of kind '{kind}' stands in rules/providers"
            assert country.id in provider.countries, f"{country.id}: '{name}' is not said to work there"


@pytest.mark.parametrize("country", COUNTRIES, ids=called)
def test_a_note_says_the_same_in_all_languages(country: Country) -> None:
    assert not country.note or {language for language, text in country.note.items() if text} == set(LANGUAGES)


@pytest.mark.parametrize("country", COUNTRIES, ids=called)
def test_every_periodicity_rests_on_a_law_of_the_country_and_asks_for_something_known(country: Country) -> None:
    laws = {law.id for law in country.laws}
    assert len(laws) == len(country.laws)
    for law in country.laws:
        assert law.subject in SUBJECTS, f"{country.id}: subject '{law.subject}' of {law.id}"
        assert not law.url or law.url.startswith(("https://", "http://")), f"{country.id}: address of {law.id}"
    for norm in country.norms:
        assert norm.law in laws, f"{country.id}: '{norm.law}' is no law of the country"
        assert norm.criterion in CATALOG.criteria, f"{country.id}: '{norm.criterion}' is no criterion"
        assert "timely" in CATALOG.criteria[norm.criterion].aspects, f"{country.id}: '{norm.criterion}' never ages"
        assert 1 <= norm.days <= 1827


@pytest.mark.parametrize("country", WITH_WORDS, ids=called)
def test_words_of_a_country_are_of_known_things_and_name_them_there(country: Country) -> None:
    lexicon = CATALOG.lexicon(country.languages, country.id)
    for key, words in country.words.items():
        assert key in CATALOG.criteria, f"{country.id}: '{key}' is no criterion"
        for name in words.names:
            assert key in lexicon.names(name), f"{country.id}: '{name}' does not name {key}: some `not` cancels it"


@pytest.mark.parametrize("country", WITH_WORDS, ids=called)
def test_what_a_country_calls_otherwise_does_not_name_the_thing_there(country: Country) -> None:
    lexicon = CATALOG.lexicon(country.languages, country.id)
    for key, words in country.words.items():
        for phrase in words.not_:
            assert key not in lexicon.names(phrase), f"{country.id}: '{phrase}' still names {key}"


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_a_national_framework_is_complete_in_itself(framework: Framework) -> None:
    codes = [item.code for item in framework.items]
    assert len(set(codes)) == len(codes)
    assert set(framework.countries) <= set(CATALOG.countries)
    assert framework.language in LANGUAGES
    for item in framework.items:
        assert all(item.title.get(language) for language in LANGUAGES), f"{framework.id}/{item.code}: title"
        assert item.text.get(framework.language), f"{framework.id}/{item.code} has no text in the source's language"
        assert not item.group or item.group in framework.groups, f"{framework.id}/{item.code}: group '{item.group}'"


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=called)
def test_every_criterion_that_a_national_framework_rests_on_exists(framework: Framework) -> None:
    for item in framework.items:
        for reference in references(item):
            identifier, _, aspect = reference.partition(".")
            criterion = CATALOG.criteria.get(identifier)
            assert criterion, f"{framework.id}/{item.code}: '{identifier}' is no criterion"
            assert aspect in ("", "*", *criterion.aspects), f"{framework.id}/{item.code}: '{reference}'"


@pytest.mark.parametrize("code", IN_DEPTH)
def test_countries_in_depth_have_platforms_laws_words_and_a_framework(code: str) -> None:
    country = CATALOG.countries[code]
    assert {"single_window", "procurement", "data_portal"} <= set(country.platforms)
    assert {"access", "signature", "procurement", "budget"} <= {law.subject for law in country.laws}
    assert all((country.norms, country.words, country.note))
    assert any(code in framework.countries for framework in FRAMEWORKS)


def test_a_public_account_is_of_the_management_in_chile_and_of_the_money_in_mexico() -> None:
    assert named("Cuenta pública 2024", "CL") == {"management_reports"}
    assert "budget_execution" in named("Cuenta pública 2024", "MX")


def test_what_a_council_agrees_on_is_a_rule_in_colombia_and_a_decision_in_peru() -> None:
    assert "regulations" in named("Acuerdos del Concejo Municipal", "CO")
    assert "decision_minutes" not in named("Acuerdos del Concejo Municipal", "CO")
    assert "decision_minutes" in named("Acuerdos del Concejo Municipal", "PE")


def test_a_minuta_is_no_record_of_a_session_in_bolivia() -> None:
    assert "decision_minutes" not in named("Minutas de comunicación", "BO")
    assert "decision_minutes" in named("Actas de sesiones", "BO")


def test_letters_and_numbers_of_the_law_name_things_in_ecuador_only() -> None:
    assert "approved_budget" in named("Literal g", "EC")
    assert "audits_and_control" in named("Numeral 7", "EC")
    assert not named("Numeral 7", "PE")
    assert "approved_budget" not in named("Numeral 6.- Reglamento de mercados", "EC")


def test_a_party_named_like_an_open_council_is_no_hearing_in_uruguay() -> None:
    assert "public_hearings" not in named("Bancada de Cabildo Abierto", "UY")
    assert "public_hearings" in named("Cabildo abierto en Flor de Maroñas", "UY")


def test_public_consultations_of_the_security_committee_are_hearings_in_peru() -> None:
    assert "public_hearings" in named("Consulta pública CODISEC 2025", "PE")
    assert "draft_rules_and_consultations" not in named("Consulta pública CODISEC 2025", "PE")


def test_the_strictest_periodicity_of_a_country_is_found() -> None:
    norm = CATALOG.countries["PE"].norm_of("budget_execution")
    assert norm is not None
    assert norm.days == 92
    assert CATALOG.countries["PE"].norm_of("organization_chart") is None
