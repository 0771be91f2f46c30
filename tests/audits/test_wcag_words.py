"""Rules on links, headings, labels, titles, images and frames: what they are sure of, and what they leave open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.site import Site
from audits.wcag import WORDS
from audits.wcag.tongue import language_instead
from audits.wcag.visible import _is_missing
from audits.wcag.wording import attribute, numberless, phrases, plain, without
from crawler.capture import Element, Passage, Seen, Voiced
from tests.audits.portal import HOME, capture_of
from tests.audits.voices import CATALOG, link, said, seen

# Links


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Leer más", "es"),
        ("Descargar PDF (2,3 MB)", "es"),
        ("Clique aqui »", "pt"),
        ("read more...", "en"),
        ("Lire la suite", "fr"),
        ("Lees meer", "nl"),
        ("Li plis", "ht"),
    ],
)
def test_a_link_that_says_nothing_with_nothing_around_it_fails(name: str, language: str) -> None:
    assert said(link(name, language=language))["link_purpose"] == "failed"


@pytest.mark.parametrize(
    "context",
    [
        {"context": "Presupuesto 2026: leer más"},
        {"snippet": '<a href="/a" title="Leer más sobre el presupuesto">'},
        {"snippet": '<a href="/a" aria-describedby="p">'},
    ],
)
def test_context_says_where_a_link_leads(context: dict[str, str]) -> None:
    assert said(link("Leer más", **context))["link_purpose"] == "passed"


def test_words_that_say_nothing_are_no_context() -> None:
    assert said(link("Leer más", context="Ver | Leer más »"))["link_purpose"] == "failed"


def test_one_heading_explains_one_link_but_not_two() -> None:
    heading, first, second = seen("heading", "Presupuesto"), link("Ver más"), link("Ver más", url=HOME + "b")
    assert said(heading, first)["link_purpose"] == "passed"
    assert said(heading, first, first)["link_purpose"] == "passed"
    assert said(heading, first, second)["link_purpose"] == "failed"


@pytest.mark.parametrize(
    "name",
    ["Ingresar", "Descargas", "Documentos", "Inicio", "Siguiente", "2", "Entrar", "Más trámites", "Enlaces", "Otros", "Archivo"],
)
def test_menu_entries_are_not_accused(name: str) -> None:
    assert said(link(name))["link_purpose"] == "passed"


def test_what_stands_in_the_row_of_a_link_leaves_it_open() -> None:
    rows = "<title>Leyes</title><table><tr><td>Ley de aguas<td><a href=a>Descargar</a></table>"
    assert said(link("Descargar", context="Descargar"), html=rows)["link_purpose"] == "cant_tell"
    assert said(link("Descargar", context="Descargar"), html="<a href=a>Descargar</a>")["link_purpose"] == "failed"
    assert said(link("Descargar"), html="<nav><ul><li><a href=a>Descargar</a></ul></nav>")["link_purpose"] == "cant_tell"
    assert said(seen("link", "Leer más"))["link_purpose"] == "inapplicable"  # an anchor without address is no link


@pytest.mark.parametrize("url", [HOME + "#", "javascript:void(0)"])
def test_a_link_that_only_unfolds_something_is_left_alone(url: str) -> None:
    assert said(link("Más", url=url))["link_purpose"] == "passed"


def test_without_links_the_rule_does_not_apply() -> None:
    assert said(seen("heading", "Obras"))["link_purpose"] == "inapplicable"


def test_links_alike_fail_only_where_both_targets_were_read() -> None:
    files = {
        "": "<a href=a>1</a><a href=b>2</a>",
        "a": "<title>Tasas</title><h1>Tasas</h1>",
        "b": "<title>Obras</title><h1>Obras</h1>",
    }
    capture = capture_of(files)
    capture.pages[1].digest = "sha256:1"
    pair = [link("Consulta", context="Consulta o consulta", url=HOME + path) for path in "ab"]
    for voiced, outcome in (
        (pair, "failed"),
        ([pair[0], link("Consulta", context="Consulta o consulta", url=HOME + "c")], "cant_tell"),
    ):
        capture.pages[0].seen = Seen(voiced=tuple(voiced))
        site = Site(capture, CATALOG)
        results = {r.id: r.outcome for rule in WORDS for r in rule(capture.pages[0], site)}
        assert results["links_alike"] == outcome


# Headings, labels, errors


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Título de la sección", "failed"),
        ("Heading 2", "failed"),
        ("Add Your Heading Text Here", "failed"),
        ("banner_final.jpg", "failed"),
        ("Más", "cant_tell"),
        ("A", "passed"),
        ("Título 2", "passed"),
        ("Título de propiedad", "passed"),
        ("Noticias", "passed"),
    ],
)
def test_headings(name: str, outcome: str) -> None:
    assert said(seen("heading", name))["heading_descriptive"] == outcome


@pytest.mark.parametrize(
    ("field", "outcome"),
    [
        (seen("textbox", "Campo 3"), "failed"),
        (seen("textbox", "Menú"), "failed"),
        (seen("combobox", "Menú"), "passed"),
        (seen("textbox", "Campo", context="Motivo de la solicitud"), "passed"),
        (seen("textbox", "Campo", snippet='<input placeholder="Motivo">'), "passed"),
        (seen("textbox", "Nombre"), "passed"),
        (seen("button", "Campo"), "inapplicable"),
    ],
)
def test_labels(field: Voiced, outcome: str) -> None:
    assert said(field)["label_descriptive"] == outcome


def test_two_fields_called_the_same_side_by_side_stay_open() -> None:
    assert said(seen("textbox", "Nombre"), seen("textbox", "Nombre"))["label_descriptive"] == "cant_tell"
    assert (
        said(seen("textbox", "Nombre", context="Padre"), seen("textbox", "Nombre", context="Madre"))["label_descriptive"]
        == "passed"
    )


@pytest.mark.parametrize(
    ("context", "outcome"),
    [("Valor inválido", "failed"), ("La fecha debe ser posterior a hoy", "passed"), ("", "passed")],
)
def test_messages_of_invalid_fields(context: str, outcome: str) -> None:
    field = seen("textbox", "Fecha", context=context, snippet='<input aria-invalid="true" aria-describedby="e">')
    assert said(field)["error_descriptive"] == outcome
    assert said(seen("textbox", "Fecha", context=context))["error_descriptive"] == "inapplicable"


# Titles


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("Documento sin título", "failed"),
        ("Untitled Document", "failed"),
        ("index.html", "failed"),
        ("New Page 1", "failed"),
        ("Inicio", "cant_tell"),
        ("Inicio - Municipalidad de Villa Ejemplo", "passed"),
        ("Test de Papanicolaou gratuito", "passed"),
        ("", "inapplicable"),
    ],
)
def test_titles(title: str, outcome: str) -> None:
    assert said(html=f"<title>{title}</title><h1>Obras</h1>")["title_descriptive"] == outcome


def spread(titles: tuple[str, str, str], headings: tuple[str, str, str]) -> list[str]:
    """What the rule on one title for all says of home and two pages."""
    bodies = [
        f"<title>{title}</title><main><h1>{heading}</h1><p>x</p></main>" for title, heading in zip(titles, headings, strict=True)
    ]
    capture = capture_of({"": bodies[0] + "<a href=a>1</a><a href=b>2</a>", "a": bodies[1], "b": bodies[2]})
    site = Site(capture, CATALOG)
    return [r.outcome for page in capture.pages for rule in WORDS for r in rule(page, site) if r.id == "title_of_its_own"]


def test_the_title_of_home_on_pages_about_other_things_fails_there() -> None:
    own = ("Bienvenidos", "Licitaciones abiertas", "Ordenanzas fiscales")
    assert spread(("Villa Ejemplo",) * 3, own) == ["passed", "failed", "failed"]
    assert spread(("Villa Ejemplo", "Licitaciones", "Ordenanzas"), own) == ["passed"] * 3
    assert spread(("Villa Ejemplo",) * 3, ("Villa Ejemplo",) * 3) == ["passed", "cant_tell", "cant_tell"]


# Images, frames


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("IMG_20240312.jpg", "failed"),
        ("imagen", "failed"),
        ("Foto 3", "failed"),
        ("WhatsApp Image 2024-03-12 at 10.11.12 AM", "failed"),
        ("banner_web-2", "failed"),
        ("Logo", "cant_tell"),
        ("Escudo de Villa Ejemplo", "passed"),
        ("Imagen de la plaza", "passed"),
        ("Foto de familia 2024", "passed"),
        ("2024", "passed"),
        ("COVID-19", "passed"),
        ("0800 555 0105", "passed"),
        ("DSC00123", "failed"),
    ],
)
def test_names_of_images(name: str, outcome: str) -> None:
    assert said(seen("image", name, url=HOME + "img/banner_web-2.png"))["image_name_descriptive"] == outcome


def test_a_name_like_the_file_is_good_where_it_is_words() -> None:
    assert said(seen("image", "Escudo municipal", url=HOME + "escudo-municipal.png"))["image_name_descriptive"] == "passed"


def test_two_videos_with_the_name_of_the_player_fail_and_other_frames_stay_open() -> None:
    def frames(*urls: str) -> str:
        return said(*(seen("iframe", "YouTube video player", url=url) for url in urls))["frames_alike"]

    assert frames("https://www.youtube.com/embed/a1", "https://www.youtube.com/embed/b2") == "failed"
    assert frames("https://www.youtube.com/embed/a1", "https://www.youtube.com/embed/a1?rel=0") == "passed"
    assert frames("https://mapas.example/a", "https://mapas.example/b") == "cant_tell"
    assert frames("https://mapas.example/a") == "inapplicable"


# All of them


def test_a_page_that_was_not_tried_out_is_not_spoken_of() -> None:
    capture = capture_of({"": "<title>index.html</title>"})
    assert not [result for rule in WORDS for result in rule(capture.pages[0], Site(capture, CATALOG)) if result.nodes]


def test_every_rule_on_words_has_words_in_the_languages_of_the_region() -> None:
    for name in ("generic_links", "generic_headings", "generic_labels", "generic_titles", "generic_images", "function_words"):
        missing = [language for language in ("es", "pt", "en", "fr", "nl") if not CATALOG.signs[language].get(name)]
        assert not missing, f"{name}: {missing}"


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=80),
    st.text(max_size=80),
    st.text(max_size=80),
    st.sampled_from(("link", "button", "textbox", "image", "heading", "iframe")),
)
def test_no_text_breaks_a_rule(name: str, text: str, snippet: str, role: str) -> None:
    thing = seen(role, name, text, url=snippet, context=text, snippet=f'<a aria-label="{snippet}" aria-invalid=true {snippet}')
    said(thing, thing, passages=(Passage("es", text * 5, whole=True), Passage(name, text * 5, whole=False)))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_a_text_is_in_every_name_that_holds_it(text: str, more: str) -> None:
    assert _is_missing(text, f"{text} {more}") is not True
    assert without(plain(text), frozenset({plain(text)})) == ""
    assert numberless(plain(text)) in plain(text)
    attribute(Element("x", text), "title")
    language_instead(text, more, {"es": frozenset(("de", "la", "el"))})


def test_attributes_are_read_from_the_opening_tag_only() -> None:
    element = Element("a", '<a href=x title=\'a "b" > c\' data-title="no" hidden><b title="inner">')
    assert (attribute(element, "title"), attribute(element, "hidden"), attribute(element, "lang")) == ('a "b" > c', "", None)
    assert attribute(Element("a", '<a><b title="inner">'), "title") is None


def test_phrases_are_taken_out_longest_first() -> None:
    class Known:
        catalog = CATALOG

    known = phrases(Known, "generic_links", ("es",))  # type: ignore[arg-type]
    assert without("ver mas informacion", known) == ""
    assert without("mas obras", known) == "obras"
