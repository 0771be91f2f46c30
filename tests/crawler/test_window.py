"""Pages in other windows than usual, and with text set wider: what is cut off, sticks out, turns back or may not be zoomed."""

from functools import partial

import pytest

from crawler.browser import find_browser
from crawler.capture import Reflow, Seen
from crawler.settings import CrawlSettings
from tests.crawler.trying import said, try_pages
from tests.portals import behaviours as be

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

SENTENCE = "The council meets on the first Tuesday of each month in the old town hall. "
TEXT = SENTENCE * 8
MAP = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"


def boxed(style: str, text: str = TEXT, after: str = "") -> str:
    """Text in a box of its own style, among other text."""
    return f'<p>{SENTENCE}</p><section><div id=box style="{style}">{text}</div>{after}</section>'


def styled(rules: str, body: str = TEXT) -> bytes:
    return be.page("page", f"<p>{body}</p>", head=f"<style>{rules}</style>")


def viewport(content: str) -> bytes:
    return be.page("page", TEXT, head=f'<meta name="viewport" content="{content}">')


PAGES = {
    name: be.page(name, body)
    for name, body in {
        "plain": f"<p>{TEXT}</p>",
        "wordless": "",
        "low": boxed("height: 2.6em; overflow: hidden", SENTENCE * 3),
        "low_by_window": boxed("height: 14vh; overflow: hidden", "<br>".join([SENTENCE] * 5)),
        "low_with_a_way_on": boxed("height: 2.6em; overflow: hidden", SENTENCE * 3, '<a href="/whole">All of it</a>'),
        "growing": boxed("min-height: 3em; overflow: hidden"),
        "scrolled": boxed("height: 3em; overflow: auto"),
        "ellipsis": boxed("width: 20em; overflow: hidden; white-space: nowrap; text-overflow: ellipsis"),
        "clamped": boxed("display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden"),
        "one_line": boxed("width: 6em; overflow: hidden; white-space: nowrap"),
        "folded": boxed("height: 0; overflow: hidden"),
        "for_readers_alone": boxed("position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0)"),
        "slides": boxed("overflow: hidden; height: 3em", f'<div style="transform: translateX(10px)">{TEXT}</div>'),
        "icons": boxed("width: 1em; height: 1em; overflow: hidden; font-family: Some Icons", "menu"),
        "tight": boxed(
            "height: 20px; line-height: 20px; overflow: hidden; width: 300px", "Opening hours of the town hall: 8 to 12"
        ),
        "wide_text": f'<p style="white-space: nowrap">{SENTENCE}</p>',
        "wide_picture": f'<p>{SENTENCE}</p><img width=700 height=100 src="{MAP}" alt="the town">',
        "forced": f'<p style="line-height: 1.1 !important; width: 20em">{SENTENCE}</p>',
        "forced_letters": f'<p style="letter-spacing: normal !important"><b>{SENTENCE}</b></p>',
        "forced_but_wide": f'<p style="line-height: 1.6 !important; word-spacing: 4px !important">{SENTENCE}</p>',
        "forced_outside_only": '<div style="word-spacing: 0.1em !important">'
        f'<p style="word-spacing: 0.2em !important">{SENTENCE}</p></div>',
        "forced_on_one_line": '<p style="line-height: 1 !important">The council</p>',
        "forced_unseen": f'<p style="display: none; line-height: 1 !important">{SENTENCE}</p>',
    }.items()
} | {
    "no_zoom": viewport("width=device-width, user-scalable=no"),
    "no_zoom_by_word": viewport("width=device-width, user-scalable=false"),
    "little_zoom": viewport("initial-scale=1; maximum-scale=1.9"),
    "zoom": viewport("width=device-width, initial-scale=1, maximum-scale=5, user-scalable=yes"),
    "zoom_unasked": viewport("width=device-width, initial-scale=1"),
    "turned": styled("@media (orientation: portrait) { main { transform: rotate(-90deg) } }"),
    "turned_by_property": styled("@media (orientation: landscape) { body { rotate: 90deg } }"),
    "tilted": styled("@media (orientation: portrait) { main { transform: rotate(3deg) } }"),
    "always_turned": styled("main { transform: rotate(90deg) }"),
    "emptied": styled("@media (orientation: portrait) { p { display: none } }"),
    "restyled": styled("@media (orientation: portrait) { main { color: navy } }"),
}

EXPECTED = [
    ("text_zoom", "plain", "passed"),
    ("text_zoom", "wordless", "passed"),
    ("text_zoom", "low", "failed"),
    ("text_zoom", "low_by_window", "failed"),
    ("text_zoom", "one_line", "failed"),
    ("text_zoom", "low_with_a_way_on", "cant_tell"),
    *(("text_zoom", name, "passed") for name in ("growing", "scrolled", "ellipsis", "clamped", "folded", "slides", "icons")),
    ("text_zoom", "for_readers_alone", "passed"),
    ("text_spacing", "tight", "failed"),
    *(("text_spacing", name, "passed") for name in ("plain", "growing", "scrolled", "ellipsis", "icons", "folded")),
    ("reflow", "wide_text", "failed"),
    ("reflow", "wide_picture", "cant_tell"),
    ("reflow", "plain", "passed"),
    ("text_spacing_forced", "forced", "failed"),
    ("text_spacing_forced", "forced_letters", "failed"),
    ("text_spacing_forced", "forced_but_wide", "passed"),
    ("text_spacing_forced", "forced_outside_only", "passed"),
    *(("text_spacing_forced", name, "inapplicable") for name in ("plain", "forced_on_one_line", "forced_unseen")),
    *(("zoom_allowed", name, "failed") for name in ("no_zoom", "no_zoom_by_word", "little_zoom")),
    ("zoom_allowed", "zoom", "passed"),
    ("zoom_allowed", "zoom_unasked", "inapplicable"),
    ("orientation", "turned", "failed"),
    ("orientation", "turned_by_property", "failed"),
    ("orientation", "tilted", "passed"),
    ("orientation", "restyled", "passed"),
    ("orientation", "emptied", "cant_tell"),
    ("orientation", "always_turned", "inapplicable"),
    ("orientation", "plain", "inapplicable"),
]

BARE = {"bare": b"<!doctype html><html lang=en><title>t</title><body><img src=/seal.png alt=seal></body>"}


@pytest.fixture(scope="module")
def tried() -> dict[str, Seen]:
    """What trying out showed, by name of the page."""
    return try_pages(PAGES | BARE)


@pytest.mark.parametrize(("rule", "name", "outcome"), EXPECTED)
def test_a_rule_says_of_a_page_what_a_person_sees_there(tried: dict[str, Seen], rule: str, name: str, outcome: str) -> None:
    result = said(tried, name, rule)
    assert result.outcome == outcome
    assert bool(result.nodes) == (outcome == "failed" or (outcome == "cant_tell" and rule != "orientation"))


def test_a_page_without_text_has_nothing_to_zoom_or_to_set_wider(tried: dict[str, Seen]) -> None:
    of = partial(said, tried, "bare")
    assert {of(rule).outcome for rule in ("text_zoom", "text_spacing", "reflow", "orientation")} == {"inapplicable"}


def test_what_fails_is_named_by_its_box(tried: dict[str, Seen]) -> None:
    assert said(tried, "low", "text_zoom").nodes[0].selector == "div#box"
    assert said(tried, "turned", "orientation").nodes[0].selector == "main"


def test_the_page_is_left_as_it_was(tried: dict[str, Seen]) -> None:
    assert tried["plain"].reflow == Reflow(0)
    wide = tried["wide_text"].reflow
    assert wide is not None
    assert wide.overflow > 100
