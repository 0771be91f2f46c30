"""Readability: syllables against those counted by hand, sentences, and what running text is."""

import tomllib
from pathlib import Path

import pytest

from audits.catalog import load
from audits.readability import Counts, Measure, count
from audits.site import Site
from tests.audits.portal import capture_of

HAND = tomllib.loads((Path(__file__).parent / "syllables.toml").read_text(encoding="utf-8"))
MEASURES = load().readability
LISTS = [(kind, language) for kind, lists in HAND.items() for language in lists]


@pytest.mark.parametrize(("kind", "language"), LISTS, ids="-".join)
def test_syllables_are_those_that_a_person_counts_but_for_three_in_a_hundred(kind: str, language: str) -> None:
    cut = HAND[kind][language].split()
    counted = sum(word.count("-") + 1 for word in cut)
    found = sum(MEASURES[language].syllables(word.replace("-", "")) for word in cut)
    assert len(cut) >= 59
    assert found == pytest.approx(counted, rel=0.03)


def test_every_language_of_texts_to_people_has_a_measure_with_falling_grades() -> None:
    assert MEASURES.keys() >= {"es", "pt", "en", "fr"}
    for measure in MEASURES.values():
        marks = [grade.at_least for grade in measure.grades]
        assert marks == sorted(marks, reverse=True)
        assert "normal" in {grade.id for grade in measure.grades}


def test_the_formula_is_that_of_its_author() -> None:
    """Ten words a sentence, two syllables a word: 206.835 - 62.3 * 2 - 10 (Szigriszt-Pazos), by hand."""
    score = MEASURES["es"].score(Counts(words=100, sentences=10, syllables=200, longest=""))
    assert score == pytest.approx(72.235)
    assert MEASURES["es"].grade(score) == "easy"
    assert MEASURES["es"].grade(39.9) == "very_hard"


@pytest.mark.parametrize(
    ("language", "line", "sentences"),
    [
        ("es", "Vea el Art. 5 de la ley. El Sr. Pérez lo firmó.", ["Vea el Art. 5 de la ley.", "El Sr. Pérez lo firmó."]),
        ("es", "¿Cuánto cuesta? ¡Nada! Es gratis.", ["¿Cuánto cuesta?", "¡Nada!", "Es gratis."]),
        ("es", "Lo firmó A. Pérez. «Así fue.» Luego se fue.", ["Lo firmó A. Pérez.", "«Así fue.»", "Luego se fue."]),
        (
            "pt",
            "Veja o art. 5º da Lei n. 12. O Exmo. Prefeito assinou.",
            ["Veja o art. 5º da Lei n. 12.", "O Exmo. Prefeito assinou."],
        ),
        ("en", "See e.g. Sec. 4 of the Act. Mr. Brown signed it.", ["See e.g. Sec. 4 of the Act.", "Mr. Brown signed it."]),
        ("en", "Rates rose by 3.5 per cent... and then fell.", ["Rates rose by 3.5 per cent... and then fell."]),
    ],
)
def test_the_full_stop_of_an_abbreviation_ends_no_sentence(language: str, line: str, sentences: list[str]) -> None:
    assert MEASURES[language].sentences(line) == sentences


def test_menus_cells_headings_and_catchwords_are_no_running_text() -> None:
    running = "El concejo aprobó ayer el presupuesto y lo publicó en la portada de su portal."
    page = f"""<h1>Un título muy largo de más de diez palabras que nadie cierra con un punto</h1>
    <nav><ul><li>Inicio</li><li>Trámites.</li></ul></nav><p>{running}</p><ul><li>Partidas.</li><li>Licencias.</li></ul>
    <table><tr><td>Enero.</td><td>Ingresos propios y transferencias del gobierno central por todo concepto</td></tr></table>"""
    site = Site(capture_of({"": page}), load())
    counts = count(site.body(site.pages[0]).lines, MEASURES["es"], 10)
    assert (counts.words, counts.sentences, counts.longest) == (15, 1, running)


def test_longer_words_and_longer_sentences_are_harder() -> None:
    def score(measure: Measure, *lines: str) -> float:
        return measure.score(count(lines, measure, 3))

    spanish = MEASURES["es"]
    plain = score(spanish, "Pida su turno. Venga con su foto. Le damos el papel.")
    assert plain > score(spanish, "Pida su turno, venga con su foto y le damos el papel.")
    assert plain > score(
        spanish, "Solicite previamente audiencia. Comparezca personalmente acreditado. Expediremos certificación."
    )
