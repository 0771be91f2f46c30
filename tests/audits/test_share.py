"""Shares of pages that were tried out in a browser: what counts, what does not, and mistakes in the settings."""

import pytest

from audits.catalog import load
from audits.finders import share
from audits.model import Criterion, Finding, Verdict
from audits.site import Site
from crawler.capture import Element, Keyboard, Reflow, Seen, Weight
from tests.audits import made
from tests.audits.portal import capture_of

CATALOG = load()
BOX = Element("main > div", '<div onclick="go()">Pagar</div>')


def said(criterion: str, *seen: Seen | None) -> Finding:
    """The finding on a portal with a page for each of `seen`."""
    links = "".join(f'<a href="{number}.html">{number}</a>' for number in range(1, len(seen)))
    files: dict = {f"{number}.html" if number else "": f"<h1>{number}</h1>{links}" for number in range(len(seen))}
    capture = capture_of(files)
    for page, shown in zip(capture.pages, seen, strict=True):
        page.seen = shown
    (finding,) = share.find(CATALOG.criteria[criterion], Site(capture, CATALOG))
    return finding


@pytest.mark.parametrize(
    ("weight", "verdict"),
    [
        (Weight(2_030_000, 40, True), Verdict.PASSED),  # 1.8 s of round trips and 10.15 s of bytes
        (Weight(2_050_000, 40, True), Verdict.FAILED),
        (Weight(2_050_000, 40, False), Verdict.FAILED),
        (Weight(50_000, 40, False), Verdict.CANT_TELL),
    ],
)
def test_a_page_that_was_not_seen_whole_can_be_too_heavy_but_not_light(weight: Weight, verdict: Verdict) -> None:
    assert said("loads_on_slow_link", Seen(weight=weight)).verdict is verdict


@pytest.mark.parametrize(
    ("keyboard", "verdict"),
    [
        (Keyboard(10, 9, trapped=False), Verdict.PASSED),
        (Keyboard(10, 8, trapped=False, unreached=(BOX,)), Verdict.FAILED),
        (Keyboard(10, 10, trapped=True, unreached=(BOX,)), Verdict.FAILED),
        (Keyboard(0, 0, trapped=False), Verdict.CANT_TELL),
    ],
)
def test_nine_of_ten_elements_must_be_reached_and_none_may_be_a_trap(keyboard: Keyboard, verdict: Verdict) -> None:
    finding = said("keyboard_operable", Seen(keyboard=keyboard))
    assert finding.verdict is verdict
    if verdict is Verdict.FAILED:
        assert (finding.evidence[0].selector, finding.evidence[0].quote) == (BOX.selector, BOX.snippet)


def test_pages_that_could_not_be_tried_count_neither_way() -> None:
    fits, wide = Seen(reflow=Reflow(5)), Seen(reflow=Reflow(6, (BOX,)))
    finding = said("reflow_at_320px", fits, Seen(), None, fits)
    assert (finding.verdict, finding.values["have"], finding.values["seen"]) == (Verdict.PASSED, "2", "2")
    finding = said("reflow_at_320px", *[fits] * 8, wide, None)
    assert (finding.verdict, finding.values["have"], finding.values["seen"]) == (Verdict.FAILED, "8", "9")
    assert said("reflow_at_320px", *[fits] * 9, wide).verdict is Verdict.PASSED


def test_what_pdfs_offer_is_counted_though_only_tags_and_text_decide() -> None:
    tagged = made.pdf(made.WORDS, tagged=True, language="es", info={"Title": "Acta"})
    files: dict = {"": "".join(f'<a href="{name}.pdf">{name}</a>' for name in "abcd")}
    files |= {"a.pdf": tagged, "b.pdf": tagged, "c.pdf": made.pdf(made.WORDS), "d.pdf": made.pdf("")}
    (finding,) = share.find(CATALOG.criteria["tagged_documents"], Site(capture_of(files), CATALOG))
    assert (finding.verdict, finding.values["have"], finding.values["seen"]) == (Verdict.PASSED, "2", "4")
    told = {name: finding.values[name] for name in ("tagged", "text", "title", "title_shown", "language", "pdf_ua")}
    assert told == {"tagged": "2", "text": "3", "title": "2", "title_shown": "0", "language": "2", "pdf_ua": "0"}
    for text in CATALOG.criteria["tagged_documents"].messages.values():
        assert all("{" not in line.format(**finding.values) for line in text.values())


def test_where_no_page_was_opened_in_a_browser_nothing_is_said() -> None:
    finding = said("keyboard_operable", None, None)
    assert (finding.verdict, finding.reason) == (Verdict.UNTESTED, "not_rendered")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"seconds": 0}, "find.seconds must be a number above 0."),
        ({"having": "keyboard"}, "find.reach must be a number above 0."),
        ({"having": "keyboard"}, "find has unknown settings: megabits, round_trip, round_trips, seconds"),
        ({"of": "everything"}, "find.of must be one of home, links, pages, pdfs, rendered."),
        ({"having": "plain", "grade": "simple"}, "find.grade must be one of very_hard, hard, normal, easy, very_easy."),
    ],
)
def test_a_mistake_in_the_settings_is_told(changed: dict, told: str) -> None:
    criterion = CATALOG.criteria["loads_on_slow_link"]
    wrong = Criterion.model_validate({**criterion.model_dump(), "find": criterion.find | changed})
    assert any(mistake.startswith(told) for mistake in share.check(wrong)), share.check(wrong)
    assert share.check(criterion) == []
