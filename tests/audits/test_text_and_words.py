"""Folding, naming and dates."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from audits.dates import find_dates, newest
from audits.lexicon import Lexicon, Words
from audits.text import normal, words_of_url
from crawler.capture import Link, Place

WORDS = {
    "budget": [Words(names=("presupuesto", "ejecucion presupuestal"), **{"not": ("presupuesto participativo",)})],
    "minutes": [Words(names=("acta", "actas de sesión*"), **{"not": ("acta de nacimiento",)}, inside=("quórum",))],
}
LEXICON = Lexicon(WORDS, filler=("de", "la", "municipal", "del", "para", "el"))


def test_accents_case_and_punctuation_do_not_count() -> None:
    assert normal("¡ACTAS/Sesión!  Nº 5") == "actas sesion no 5"


def test_the_readable_parts_of_an_address() -> None:
    assert words_of_url("https://x.pe/Docs/PIA2018_final.pdf?x=1") == ["Docs", "PIA 2018 final"]


def test_a_label_names_a_thing_when_the_name_makes_up_most_of_it() -> None:
    assert set(LEXICON.names("Presupuesto Municipal 2026")) == {"budget"}
    assert not LEXICON.names("El concejo aprobó por unanimidad el presupuesto para asfaltar la avenida central")


def test_plural_endings_and_open_endings_match_whole_words_only() -> None:
    assert set(LEXICON.names("Actas")) == {"minutes"}
    assert set(LEXICON.names("Actas de sesiones")) == {"minutes"}
    assert not LEXICON.names("Actaseco")


def test_a_phrase_with_another_meaning_cancels_a_name() -> None:
    assert not LEXICON.names("Presupuesto participativo")
    assert not LEXICON.names("Acta de nacimiento")


def test_a_page_title_is_read_part_by_part() -> None:
    assert set(LEXICON.names("Actas | Villa Ejemplo, capital de la provincia y sus barrios")) == {"minutes"}


def test_a_link_is_worth_what_its_words_or_its_address_name() -> None:
    link = Link("http://x.example/transparencia/presupuesto/", "Ver más", Place.MAIN, 0)
    assert LEXICON.topics(link) == {"budget"}


def test_dates_are_read_in_the_languages_of_the_region() -> None:
    texts = {
        "12 de abril, 2023": date(2023, 4, 12),
        "sessão de 20 de dezembro de 2022": date(2022, 12, 20),
        "April 3, 2024": date(2024, 4, 3),
        "le 1er août 2025": date(2025, 8, 1),
        "BOLETIN JUNIO 2024": date(2024, 6, 30),
        "acta_20240315.pdf": date(2024, 3, 15),
        "26-11-2022": date(2022, 11, 26),
        "2026/03/05": date(2026, 3, 5),
        "Ejercicio 2024": date(2024, 12, 31),
    }
    assert {text: find_dates(text)[0].day for text in texts} == texts


def test_numbers_that_are_no_dates_are_left_alone() -> None:
    assert find_dates("Tel. 044-2024-555, 31/02/2024, 1.995 y 2,015") == ()


def test_the_newest_date_is_not_in_the_future_and_a_running_year_counts_as_now() -> None:
    today = date(2026, 6, 15)
    assert newest(["Plan 2030", "acta del 3 de mayo de 2026", "2024"], today) == date(2026, 5, 3)
    assert newest(["Presupuesto 2026"], today) == today
    assert newest(["sin fecha"], today) is None


@given(st.text(max_size=120))
def test_no_text_makes_the_reading_of_dates_fail(text: str) -> None:
    for found in find_dates(text):
        assert 1980 <= found.day.year <= 2049


@given(st.text(max_size=120))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)
