"""What belongs to the template, and the shortcuts by which judging spares folding the same line twice."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from audits.dates import find_dates
from audits.template import Template
from audits.text import fold, normal, squeeze
from crawler.capture import Link, PageFacts, Place, Section

LETTERS = st.text(alphabet=st.one_of(st.sampled_from(list(" \n\t.,_-'\u00a0\u034f²½ﬁñÑÁçãß")), st.characters()), max_size=30)


def page(*texts: str) -> PageFacts:
    """A page with these sections and one link of its own beside the one that all pages have."""
    links = [Link("http://a.example/", "Inicio", Place.NAV, 0), Link(f"http://a.example/{texts[-1]}", "x", Place.MAIN, 0)]
    return PageFacts(sections=[Section("", 0, Place.MAIN, text) for text in texts], links=links)


def test_what_half_of_the_pages_hold_is_template_whatever_its_spelling():
    pages = [page("INICIO\nMenú", f"acta {i}\nmenu") for i in range(6)] + [page("otra", f"acta {i}") for i in range(6, 9)]
    template = Template(pages)
    assert template.own_lines(pages[0], 0) == ()
    assert template.own_lines(pages[1], 1) == ("acta 1",)
    assert template.own_lines(pages[8], 0) == ("otra",)
    assert template.has_line("¡Inicio!")
    assert not template.has_line("acta 1")
    assert template.has_link(pages[0].links[0])
    assert not template.has_link(pages[0].links[1])


def test_a_page_that_was_not_counted_is_read_by_the_same_template():
    pages = [page("Inicio", f"acta {i}") for i in range(5)]
    assert Template(pages).own_lines(page("inicio\nalgo"), 0) == ("algo",)


@given(LETTERS)
def test_the_short_ways_of_folding_give_what_the_long_ones_give(text: str):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    assert fold(text) == (text.lower() if text.isascii() else plain)
    assert normal(text) == re.sub(r"[\W_]+", " ", fold(text)).strip()
    assert squeeze(text) == re.sub(r"\s+", " ", text).strip()


def test_a_text_without_digits_has_no_dates_but_small_raised_ones_count():
    assert find_dates("primero de mayo") == ()
    assert [found.day.year for found in find_dates("3 de mayo de 202⁴")] == [2024]
