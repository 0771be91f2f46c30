"""What one parse reads from a page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.facts import read, read_page
from audits.targets import Targets, join
from crawler.capture import DocumentFacts, PageFacts, Place

URL = "http://www.villa-ejemplo.example/a/pagina.html"


def page(html: str) -> PageFacts:
    return read_page(html, URL)


def test_text_stands_under_the_heading_that_precedes_it() -> None:
    facts = page("<main><h1>Uno</h1><p>a</p><h2>Dos</h2><p>b</p><p>c</p></main>")
    assert [(s.heading, s.level, s.text) for s in facts.sections if s.heading] == [("Uno", 1, "Uno\na"), ("Dos", 2, "Dos\nb\nc")]


def test_a_line_of_bold_words_alone_is_a_heading() -> None:
    facts = page("<main><p><strong>Presupuesto 2026</strong></p><p>S/ 1,000.00</p><p>un <b>texto</b> normal</p></main>")
    assert [s.heading for s in facts.sections if s.heading] == ["Presupuesto 2026"]


def test_a_panel_bears_the_name_of_the_button_that_opens_it() -> None:
    facts = page("""<main><a data-toggle="collapse" href="#p1">Actas 2025</a><a data-toggle="collapse" href="#p2">Agendas</a>
        <div id="p1" style="display:none"><a href="1.pdf">Primera</a></div><div id="p2">Lunes</div></main>""")
    link = next(link for link in facts.links if link.text == "Primera")
    assert facts.sections[link.section].heading == "Actas 2025"


def test_links_carry_their_words_place_and_neighbours() -> None:
    facts = page("""<nav><a href="/x">Inicio</a></nav><main><table><tr><td>Acta 12</td><td>2026-03-01</td>
        <td><a href="acta12.pdf">Descargar</a></td></tr></table></main><footer><a href="http://otro.example/">Otro</a></footer>""")
    first, second, third = facts.links
    assert (first.place, first.url) == (Place.NAV, "http://www.villa-ejemplo.example/x")
    assert (second.url, second.context) == ("http://www.villa-ejemplo.example/a/acta12.pdf", "Acta 12 2026-03-01 Descargar")
    assert third.place is Place.FOOTER


def test_a_link_that_leads_nowhere_has_no_url() -> None:
    targets = ["#", "#seccion", "javascript:void(0)", "", "http://[Acuerdo", "file:///c:/x.pdf"]
    facts = page("".join(f'<a href="{target}">x{i}</a>' for i, target in enumerate(targets)))
    assert [link.url for link in facts.links] == [""] * len(targets)


def test_spaces_and_back_slashes_in_addresses_are_mended() -> None:
    facts = page('<a href="docs\\Acta 1.pdf">Acta</a>')
    assert facts.links[0].url == "http://www.villa-ejemplo.example/a/docs/Acta%201.pdf"


def test_a_menu_built_by_onclick_gives_links() -> None:
    facts = page(
        """<div onclick="window.location.href='tramites.html'">Trámites</div><script>location.href = "otra.html";</script>"""
    )
    assert [(link.kind, link.url.rsplit("/", 1)[-1]) for link in facts.links] == [
        ("onclick", "tramites.html"),
        ("onclick", "otra.html"),
    ]


def test_hidden_text_comments_and_templates_are_left_out() -> None:
    facts = page("""<p>visto</p><p style="display: none">oculto</p><div hidden>oculto</div><!-- <a href="x.html">nada</a> -->
        <template><p>nada</p></template><noscript>nada</noscript>""")
    assert "\n".join(s.text for s in facts.sections).split() == ["visto"]
    assert facts.links == []


def test_fields_of_a_form_carry_the_words_beside_them() -> None:
    facts = page("""<form action="/enviar" method="post"><label for="d">DNI</label><input id="d" name="f1">
        <label>Mensaje <textarea name="m"></textarea></label><input type="hidden" name="h"><button>Enviar</button></form>""")
    (form,) = facts.forms
    assert (form.action, form.method) == ("http://www.villa-ejemplo.example/enviar", "post")
    assert [(c.kind, c.label.split()[0]) for c in form.controls] == [("text", "DNI"), ("textarea", "Mensaje")]
    assert "Enviar" in form.words


def test_fields_outside_a_form_element_make_a_form() -> None:
    facts = page('<main><h2>Escríbanos</h2><input type="email" placeholder="Correo"><textarea></textarea></main>')
    assert [c.kind for c in facts.forms[0].controls] == ["email", "textarea"]


def test_a_page_that_is_only_a_frame_for_scripts_is_a_shell() -> None:
    assert page('<body><div id="app"></div><script src="/app.js"></script></body>').shell
    assert not page("<body><p>En construcción</p></body>").shell


def test_the_language_is_read_and_detected() -> None:
    text = "A Câmara Municipal informa que as sessões ordinárias são realizadas às terças-feiras e transmitidas ao vivo. " * 2
    facts = page(f'<html lang="pt-BR"><body><main><p>{text}</p></main></body></html>')
    assert (facts.language, facts.detected) == ("pt", "pt")


def test_a_wrong_charset_is_mended() -> None:
    body = "<html><head><meta charset='utf-8'><title>Añoranza acción ñandú güiro</title></head></html>".encode("cp1252")
    facts = read(body, URL, "text/html", "utf-8")
    assert isinstance(facts, PageFacts)
    assert facts.title == "Añoranza acción ñandú güiro"


def test_a_pdf_under_a_html_label_is_a_document() -> None:
    facts = read(b"%PDF-1.4 garbage", URL, "text/html", "")
    assert isinstance(facts, DocumentFacts)
    assert (facts.kind, facts.broken) == ("pdf", True)


def test_pages_nested_deeper_than_python_calls_are_read() -> None:
    assert page("<div>" * 20_000 + '<a href="x.html">fondo</a>').links[0].text == "fondo"


def test_a_table_cell_with_thousands_of_links_is_read_in_one_go() -> None:
    cell = "".join(f'<a href="/{i}">enlace {i}</a> ' for i in range(4000))
    assert len(page(f"<main><table><tr><td>{cell}</td></tr></table></main>").links) == 4000


@given(st.text(alphabet=st.sampled_from(list("<>/=\"' abhtdivform\n#!-&;é\x00")), max_size=200))
def test_no_markup_makes_the_parse_fail(html: str) -> None:
    page(html)


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "text/html", "application/pdf", "application/zip", "text/csv", "application/xml"]),
)
def test_no_bytes_make_the_reading_fail(body: bytes, media_type: str) -> None:
    read(body, URL, media_type, "utf-16")


def test_bytes_that_are_no_text_are_no_page_whatever_the_header_says():
    noise = bytes(range(256)) * 8
    assert isinstance(read(noise, "https://muni.example/", "text/html"), DocumentFacts)
    for charset in ("utf-8", "cp1252", "utf-16"):
        page = "<html><title>Ñuñoa</title><body>¿Qué día?\t\x0c</body></html>".encode(charset)
        facts = read(page, "https://muni.example/", "text/html")
        assert isinstance(facts, PageFacts)
        assert facts.title == "Ñuñoa"


def test_the_address_that_a_page_gives_as_its_own_is_read():
    assert page('<head><link rel="canonical" href="/pagina"></head>').canonical == "http://www.villa-ejemplo.example/pagina"
    assert page('<head><link rel="canonical" href="http://[x"></head>').canonical == ""
    assert page("<p>a").canonical == ""


@pytest.mark.parametrize(
    "target",
    [
        "http://[Acuerdo",
        "http://",
        "http:///x.pdf",
        "https:/",
        "//",
        "file:///C:/Actas/1.pdf",
        "C:\\Actas\\1.pdf",
        "http://localhost/wp/actas",
        "http://localhost:8080",
        "http://127.0.0.1/x",
        "htp://otro.example/x",
        "htttps://otro.example/x",
        "https//otro.example/x",
    ],
)
def test_a_link_that_leads_nowhere_as_it_is_written_is_counted(target: str):
    assert page(f'<a href="{target}">Actas</a><a href="{target}">Actas</a>').bad_links == 1


@pytest.mark.parametrize(
    "target",
    [
        "",
        "#",
        "#a",
        "javascript:void(0)",
        "JavaScript:;",
        "mailto:a@b.example",
        "tel:+51",
        "data:text/plain,x",
        "x.html",
        "/a b.html",
        "docs\\Acta.pdf",
        "//otro.example/x",
        "http://localhost.example/x",
        "fb-messenger://user/1",
        "?a=1",
        "https-norms.html",
    ],
)
def test_a_link_that_means_something_else_or_can_be_mended_is_not_counted(target: str):
    assert page(f'<a href="{target}">Actas</a>').bad_links == 0


def test_a_portal_that_is_seen_on_loopback_may_link_to_itself():
    assert read_page('<a href="/x">Actas</a>', "http://127.0.0.1:8000/").bad_links == 0


@given(
    st.text(alphabet=st.sampled_from(list("/.a%2-_~b?;#: é")), max_size=14),
    st.sampled_from(
        ["http://h.example/a/b.html", "https://H.example:8080/x?y#z", "http://u@h.example/", "http://[x", "ftp://h/"]
    ),
)
def test_the_short_way_to_an_address_leads_where_the_long_way_does(target: str, base: str):
    assert Targets(base).resolve("/" + target) == join(base, "/" + target)


TITLE = "Añoranza, ñandú y güiro"
WRITTEN = f"<!doctype html><html><head><title>{TITLE}</title></head><body>¿Qué día?</body></html>"


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "utf-16", "no-such-charset"])
@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_bytes_tell_their_charset_whatever_is_declared(written: str, declared: str):
    facts = read(WRITTEN.encode(written), URL, "text/html", declared)
    assert isinstance(facts, PageFacts)
    assert facts.title == TITLE
    in_page = WRITTEN.replace("<title>", f'<meta charset="{declared}"><title>').encode(written)
    again = read(in_page, URL, "text/html")
    assert isinstance(again, PageFacts)
    assert again.title == TITLE


def test_nul_bytes_are_left_out_wherever_they_stand():
    body = b"\0\0" + WRITTEN.replace("a", "\0a").replace("o", "o\0\0").encode()
    facts = read(body, URL, "text/html", "utf-8")
    assert isinstance(facts, PageFacts)
    assert facts.title == TITLE


def test_some_bytes_that_are_no_utf8_do_not_spoil_a_page_that_is():
    body = WRITTEN.replace("<body>", "<body>ñandú güiro año ").encode() + b"\xff\xfe" * 5
    facts = read(body, URL, "text/html", "utf-8")
    assert isinstance(facts, PageFacts)
    assert facts.title == TITLE


def test_a_page_that_is_announced_as_a_pdf_is_a_page():
    facts = read(WRITTEN.encode(), URL + ".pdf", "application/pdf")
    assert isinstance(facts, PageFacts)
    assert facts.title == TITLE


def test_markup_that_nests_without_end_is_read_with_its_links():
    for tag in ("div", "b", "table><tr><td", "ul><li", "font color=red", "label", "svg><g"):
        html = f"<{tag}>" * 60_000 + '<a href="x.html">fondo</a>' + f"</{tag.partition(' ')[0].partition('>')[0]}>" * 60_000
        began = time.process_time()
        facts = page(html + "<p>fin</p>")
        assert time.process_time() - began < 10, tag
        assert tag.startswith("svg") or [link.text for link in facts.links] == ["fondo"], tag


def test_flat_markup_of_any_size_keeps_its_structure():
    items = "".join(f"<li><div><b>Acta {i}</b><p>texto" for i in range(2000))
    closed = "".join(f"<div><div><div><p>texto {i}</p></div></div></div>" for i in range(20_000))
    facts = page(f"<main><h2>Actas</h2><ul>{items}</ul></main>")
    assert sum(section.items for section in facts.sections) == 2000
    began = time.process_time()
    facts = page(f"<main>{closed}</main><footer>pie</footer>")
    assert time.process_time() - began < 10
    assert [section.place for section in facts.sections if section.text] == [Place.MAIN, Place.FOOTER]
    assert facts.words == 40_001


def test_fifty_thousand_links_are_cut_to_a_bounded_number():
    facts = page("".join(f'<a href="/{i}">enlace {i}</a> ' for i in range(50_000)))
    assert len(facts.links) == 5000
