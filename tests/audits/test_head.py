"""What a page declares of itself is read as it is written, and nothing that it writes badly breaks the reading."""

from hypothesis import given
from hypothesis import strategies as st

from audits.facts import read_page
from crawler.capture import Media

URL = "http://www.villa-ejemplo.example/a/"


def test_versions_in_other_languages_are_resolved_and_the_default_is_none():
    facts = read_page(
        '<link rel="alternate" hreflang="qu" href="/qu/"><link rel="alternate" hreflang="x-default" href="/">'
        '<a hreflang="EN" href="en.html">EN</a>',
        URL,
    )
    assert facts.alternates == (("qu", "http://www.villa-ejemplo.example/qu/"), ("en", URL + "en.html"))


def test_types_of_structured_data_are_found_at_any_depth_and_in_markup():
    facts = read_page(
        '<script type="application/ld+json">'
        '{"@graph":[{"@type":["GovernmentOrganization","Place"],"x":{"@type":"schema:FAQPage"}}]}</script>'
        '<script type="application/ld+json">{broken</script>'
        '<div itemscope itemtype="https://schema.org/GovernmentService"></div>',
        URL,
    )
    assert facts.structured == ("FAQPage", "GovernmentOrganization", "GovernmentService", "Place")


def test_a_page_says_what_it_asks_of_small_screens():
    assert read_page('<meta name="Viewport" content="width=device-width, initial-scale=1">', URL).viewport.startswith(
        "width=device"
    )
    assert read_page("<p>nothing</p>", URL).viewport == ""


def test_what_a_page_plays_is_read_with_its_captions():
    facts = read_page(
        '<video autoplay><source src="s.mp4"><track kind="captions" src="s.vtt"></video><audio src="/x.mp3"></audio>', URL
    )
    assert facts.media == (Media("video", URL + "s.mp4", True, True), Media("audio", "http://www.villa-ejemplo.example/x.mp3"))


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("@type"), inner),
    )
)
def test_no_structured_data_breaks_the_reading(data):
    import json

    script = json.dumps(data).replace("</", "<\\/")
    facts = read_page(f'<script type="application/ld+json">{script}</script>', URL)
    assert all(isinstance(name, str) for name in facts.structured)
