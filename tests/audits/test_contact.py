"""The search for addresses looks only where a sign of one stands, and misses none for that."""

from hypothesis import given
from hypothesis import strategies as st

from audits.finders.contact import near_signs
from audits.lexicon import Phrases
from audits.text import normal

SIGNS = Phrases((sign, "address") for sign in ("av", "plaza de armas", "mz*"))
LINES = st.lists(
    st.sampled_from(["Av.", "Avs", "plaza", "de", "Armas 3", "Plaza de Armas", "...", "", "Mzna 4", "nada"]), max_size=8
)


@given(LINES)
def test_every_line_that_holds_a_sign_alone_or_with_the_next_one_is_looked_at(lines: list[str]):
    following = [*lines[1:], ""]
    holding = {i for i, line in enumerate(lines) if SIGNS.find(normal(line)) or SIGNS.find(normal(f"{line} {following[i]}"))}
    assert holding <= set(near_signs(lines, SIGNS))
