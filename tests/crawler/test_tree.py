"""What pages give to assistive technology in Chromium: names, context, running text, and the rules that rest on them."""

import asyncio
from collections.abc import Mapping

import pytest

from crawler.browser import Rendering, find_browser
from crawler.capture import RuleResult, Seen, Voiced
from crawler.ledger import Ledger
from crawler.settings import CrawlSettings
from tests.crawler.den import Den
from tests.portals import behaviours as be
from tests.portals.server import Town

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

TABLE = "<table><caption>Presupuesto</caption><tr>{head}</tr><tr><td>Obras</td>{cells}</tr></table>"
GRID = '<div role="grid" aria-label="Orçamento"><div role="row">{head}</div><div role="row">{cells}</div></div>'
TITLES = ["<th>Partida</th>", "<th>Monto</th>", "<th>Pagado</th>"]
PAGES: Mapping[str, str] = {
    "links": '<p>El presupuesto de 2026 se aprobó en enero. <a href="/p.pdf">Descargar</a></p><ul><li>Actas de sesiones: '
    '<a href="/a">ver</a></li></ul><table><tr><th>Norma</th><th>Texto</th></tr><tr><th>Ordenanza 12</th><td><a href="/o">leer</a>'
    '</td></tr></table><a href="/c" aria-label="Contacto de la alcaldía"><span lang="en">Contact</span></a>'
    '<p lang="qu"><a href="/q">Qillqa</a></p>',
    "fields": "<fieldset><legend>Tipo de pessoa</legend><label><input type=radio name=t> Jurídica</label></fieldset>"
    '<label>Documento <input type=file></label><input type=file><input type=image src="/x.png"><input type=submit value="Enviar">'
    "<label>Data <input type=date></label><input type=hidden value=x><select aria-label=Estado><option>SP</option></select>",
    "unseen": '<a href="/1">Budget <span style="position:absolute; width:1px; height:1px; overflow:hidden">of 2026</span></a>'
    '<a href="/2"><span style="position:absolute; left:-9999px">Search</span></a><div hidden><a href="/3">x</a></div>'
    '<div aria-hidden=true><a href="/4" tabindex=-1>x</a></div><div inert><a href="/5">x</a></div><details>'
    '<summary>More</summary><a href="/6">x</a></details><img src="/i.png" alt="">'
    '<img src="/i.png" alt="The town hall"><svg><path d="M0 0"/></svg>',
    "dialog": '<a href="/1">behind</a><dialog id=d><button>Accept</button></dialog><script>d.showModal()</script>',
    "deep": '<div id=h></div><iframe title="Mapa" srcdoc="<html lang=pt><a href=/m>Ver mapa</a>"></iframe>'
    "<script>h.attachShadow({mode: 'open'}).innerHTML = '<button>Abrir</button>'</script>",
    "tongues": "<p>La municipalidad publica aquí las actas de todas las sesiones del concejo.</p>"
    '<p lang="en">This page is also <b>read in</b> English by visitors.</p><pre>const council = await load(that thing here)</pre>'
    "<p>Juan Pérez Soto, María Díaz Rojas, Ana Luz Vega</p><p hidden>Nadie lee este texto que está oculto.</p>"
    "<nav><a href=/>Inicio</a></nav><address>Avenida del puente viejo y la plaza 12</address>",
    "header_failed": TABLE.format(head="".join(TITLES), cells="<td>10</td>"),
    "header_spans": TABLE.format(head="".join(TITLES), cells="<td colspan=2>10</td>"),
    "header_named": TABLE.format(
        head="<th id=a>Partida</th><th id=b>Monto</th><th id=c>Pagado</th>", cells='<td headers="b c">10</td>'
    ),
    "header_not_named": TABLE.format(head="<th id=a>Partida</th><th id=b>Monto</th>", cells='<td headers="a">10</td>'),
    "header_grid": GRID.format(
        head="<div role=columnheader>Órgão</div><div role=columnheader>Valor</div>", cells="<div role=gridcell>Obras</div>"
    ),
    "header_no_data": "<table><tr>" + "".join(TITLES) + "</tr></table>",
    "header_layout": "<table role=none><tr>" + "".join(TITLES) + "</tr><tr><td>x</td></tr></table>",
    "stop_failed": "<button>Send <span tabindex=0>?</span></button>",
    "stop_link": '<div role=img aria-label="Mapa"><a href="/m">ver</a></div>',
    "stop_passed": "<button>Send <span tabindex=-1>?</span></button>",
    "stop_none": '<p>No controls, only <a href="/x">a link</a>.</p>',
    "signs_failed": '<a href="/f">&#xf09a;</a><button><i>&#xe001;</i></button>',
    "signs_passed": '<a href="/f"><i aria-hidden=true>&#xf09a;</i> Facebook</a><a href="/t" title="Twitter">&#xf099;</a>',
    "signs_none": "<p>&#xf09a; nada que usar</p>",
    "nested": "<div role=link tabindex=0>" * 80 + "<p>texto del concejo</p>" * 500,
    "away": "<script>setTimeout(() => location = '/calm', 200)</script>" + '<a href="/x">x</a>' * 50,
}


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    """What looking at each page showed, by its name."""
    with Town(None) as town, Den(town) as den:
        for name, body in PAGES.items():
            den.portal.add("/" + name, be.answer(be.page(name, body, language="es")))

        async def look() -> list[Rendering | None]:
            looks = (den.browser.look(den.portal.url + name, Ledger(), axe=True, hands=False) for name in PAGES)
            return await asyncio.gather(*looks)

        return {name: one.seen for name, one in zip(PAGES, den.run(look()), strict=True) if one and one.seen}


def told(seen: Seen, role: str) -> list[Voiced]:
    return [one for one in seen.voiced if one.role == role]


def result(seen: Seen, rule: str) -> RuleResult:
    return next(one for one in seen.checks if one.id == rule)


def test_the_document_comes_first_with_its_title(seen: dict[str, Seen]) -> None:
    first = seen["links"].voiced[0]
    assert (first.role, first.name, first.language, first.element.selector) == ("document", "links", "es", "html")
    assert first.url.endswith("/links")


def test_a_link_is_told_with_its_sentence_its_item_or_the_headers_of_its_cell(seen: dict[str, Seen]) -> None:
    download, see, read, contact, quechua = told(seen["links"], "link")
    assert (download.name, download.context) == ("Descargar", "El presupuesto de 2026 se aprobó en enero. Descargar")
    assert download.url.endswith("/p.pdf")
    assert see.context == "Actas de sesiones: ver"
    assert read.context == "Texto | Ordenanza 12"
    assert (contact.name, contact.text) == ("Contacto de la alcaldía", "Contact")
    assert quechua.language == "qu"


def test_fields_are_told_with_their_group_and_without_names_that_only_the_browser_gives(seen: dict[str, Seen]) -> None:
    (radio,) = told(seen["fields"], "radio")
    assert (radio.name, radio.context) == ("Jurídica", "Tipo de pessoa")
    assert [(one.name, one.text) for one in told(seen["fields"], "button")] == [
        ("Documento", ""),
        ("", ""),
        ("", ""),
        ("Enviar", "Enviar"),
    ]
    assert [one.name for role in ("date", "combobox") for one in told(seen["fields"], role)] == ["Data", "Estado"]


def test_only_what_is_told_is_voiced_and_only_what_is_seen_is_text(seen: dict[str, Seen]) -> None:
    assert [(one.name, one.text) for one in told(seen["unseen"], "link")] == [("Budget of 2026", "Budget"), ("Search", "")]
    assert [one.name for one in told(seen["unseen"], "image")] == ["The town hall"]
    assert [one.name for one in told(seen["unseen"], "summary")] == ["More"]
    assert (told(seen["dialog"], "link"), [one.name for one in told(seen["dialog"], "button")]) == ([], ["Accept"])


def test_own_frames_and_open_shadow_trees_are_entered(seen: dict[str, Seen]) -> None:
    assert [one.name for one in told(seen["deep"], "button")] == ["Abrir"]
    assert [(one.name, one.text) for one in told(seen["deep"], "iframe")] == [("Mapa", "Ver mapa")]
    assert [(one.name, one.language) for one in told(seen["deep"], "link")] == [("Ver mapa", "pt")]


def test_running_text_is_grouped_by_its_language_without_names_code_and_addresses(seen: dict[str, Seen]) -> None:
    assert [(one.language, one.whole, one.text) for one in seen["tongues"].passages] == [
        ("es", True, "La municipalidad publica aquí las actas de todas las sesiones del concejo."),
        ("en", False, "This page is also read in English by visitors."),
    ]


@pytest.mark.parametrize(
    ("page", "rule", "outcome", "elements"),
    [
        ("header_failed", "header_without_cells", "failed", 1),
        ("header_not_named", "header_without_cells", "failed", 1),
        ("header_grid", "header_without_cells", "failed", 1),
        ("header_spans", "header_without_cells", "passed", 3),
        ("header_named", "header_without_cells", "passed", 3),
        ("header_no_data", "header_without_cells", "inapplicable", 0),
        ("header_layout", "header_without_cells", "inapplicable", 0),
        ("stop_failed", "stop_inside_control", "failed", 1),
        ("stop_link", "stop_inside_control", "failed", 1),
        ("stop_passed", "stop_inside_control", "passed", 1),
        ("stop_none", "stop_inside_control", "inapplicable", 0),
        ("signs_failed", "name_of_icon_signs", "failed", 2),
        ("signs_passed", "name_of_icon_signs", "passed", 2),
        ("signs_none", "name_of_icon_signs", "inapplicable", 0),
    ],
)
def test_a_rule_says_what_holds(seen: dict[str, Seen], page: str, rule: str, outcome: str, elements: int) -> None:
    said = result(seen[page], rule)
    assert (said.outcome, said.elements) == (outcome, elements)
    assert len(said.nodes) == (elements if outcome == "failed" else 0)


def test_the_element_that_fails_is_shown(seen: dict[str, Seen]) -> None:
    assert [node.snippet for node in result(seen["header_failed"], "header_without_cells").nodes] == ["<th>Pagado</th>"]


def test_what_is_nested_without_end_or_leads_on_breaks_nothing(seen: dict[str, Seen]) -> None:
    assert len(told(seen["nested"], "link")) == 80
    assert {len(node.snippet) for node in (one.element for one in seen["nested"].voiced)} <= set(range(301))
    assert "away" in seen
