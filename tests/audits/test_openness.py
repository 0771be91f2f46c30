"""Searches for maps, endpoints, links to other bodies, signed files and ways to pay: what the fixtures do not show."""

import pytest

from audits.catalog import load
from audits.judge import search_of
from audits.model import Verdict
from audits.site import Site
from crawler.capture import DocumentFacts, Page, Signature
from tests.audits.portal import HOME, SEEN, capture_of


@pytest.fixture(scope="module")
def catalog():
    return load()


def verdict(catalog, criterion, files, language="es", *, thorough=True):
    """The first finding of a criterion on a portal."""
    rule = catalog.criteria[criterion]
    return search_of(rule).find(rule, Site(capture_of(files, language, thorough=thorough), catalog))[0]


def page(body, head=""):
    return f"<!doctype html><html lang=es><head><title>Villa</title>{head}</head><body><main>{body}</main></body></html>"


@pytest.mark.parametrize(
    ("criterion", "settings", "mistake"),
    [
        ("interactive_map", {"search": "maps"}, "find.viewers is empty"),
        ("interactive_map", {"search": "maps", "viewers": ["maps"], "view": 1}, "unknown settings: view"),
        ("geodata_services", {"search": "endpoints"}, "find names nothing to look for"),
        ("geodata_services", {"search": "endpoints", "marks": "wms"}, "find.marks must be a list"),
        ("links_to_other_agencies", {"search": "outward", "at_least": 0, "apart": 2}, "find.at_least must be a number"),
        ("signed_documents", {"search": "signed", "enough": "many"}, "find.enough must be a number"),
        ("offline_payment_instructions", {"search": "paying", "near": 6}, "find.content is missing"),
        ("privacy_policy", {"search": "presence"}, "find names neither content nor service"),
        (
            "privacy_policy",
            {"search": "presence", "content": {"holds": ["scent"]}},
            "find.content: find.holds names unknown proofs",
        ),
    ],
)
def test_a_mistake_in_the_settings_is_told_in_a_sentence(catalog, criterion, settings, mistake) -> None:
    rule = catalog.criteria[criterion].model_copy(update={"find": settings})
    assert any(mistake in told for told in search_of(rule).check(rule))


def test_the_settings_of_the_rules_hold_no_mistakes(catalog) -> None:
    searches = {"maps", "endpoints", "outward", "signed", "paying", "presence"}
    rules = [rule for rule in catalog.criteria.values() if rule.find["search"] in searches]
    assert {rule.find["search"] for rule in rules} == searches
    assert [told for rule in rules for told in search_of(rule).check(rule)] == []


def test_a_list_for_machines_that_named_pages_is_an_endpoint(catalog) -> None:
    capture = capture_of({"": page("<a href='obras.html'>Obras</a>"), "obras.html": page("<h1>Obras de la villa</h1>")})
    rule = catalog.criteria["machine_readable_endpoints"]
    capture.visit = capture.visit.model_copy(update={"lists": (HOME + "sitemap.xml",)})
    found = search_of(rule).find(rule, Site(capture, catalog))[0]
    assert (found.verdict, found.reason, found.values["target"]) == (Verdict.PASSED, "sitemap_found", HOME + "sitemap.xml")


def test_map_tiles_of_somebody_else_are_no_geodata_of_the_portal(catalog) -> None:
    tiles = "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/1/2/3"
    assert verdict(catalog, "geodata_services", {"": page(f"<script>layer('{tiles}')</script>")}).verdict is Verdict.FAILED
    own = HOME + "geoserver/wms?service=WMS"
    assert verdict(catalog, "geodata_services", {"": page(f"<script>layer('{own}')</script>")}).verdict is Verdict.PASSED


def test_layers_in_an_archive_are_geodata(catalog) -> None:
    layers = DocumentFacts("archive", members=("zonas.shp", "zonas.dbf"))
    files = {"": page("<a href='capas.zip'>Capas</a>"), "capas.zip": layers}
    assert verdict(catalog, "geodata_services", files).verdict is Verdict.PASSED


def test_a_map_that_anyone_can_make_counts_away_from_the_home_page_only(catalog) -> None:
    frame = "<iframe src='https://www.google.com/maps/d/embed?mid=1'></iframe>"
    assert verdict(catalog, "interactive_map", {"": page(f"<h1>Villa</h1>{frame}")}).reason == "map_unclear"
    files = {"": page("<a href='rutas.html'>Recojo</a>"), "rutas.html": page(f"<h1>Recojo de residuos</h1>{frame}")}
    assert verdict(catalog, "interactive_map", files).verdict is Verdict.PASSED


def test_links_far_apart_are_no_list(catalog) -> None:
    bodies = ["https://www.mef.gob.pe/", "https://www.inei.gob.pe/", "https://www.pcm.gob.pe/"]
    near = "".join(f"<a href='{url}'>{url}</a>" for url in bodies)
    between = ["".join(f"<a href='p{n}{i}.html'>{n}.{i}</a>" for i in range(5)) for n in range(3)]
    far = "".join(f"<a href='{url}'>{url}</a>{others}" for url, others in zip(bodies, between, strict=True))
    assert verdict(catalog, "links_to_other_agencies", {"": page(near)}).verdict is Verdict.PASSED
    told = verdict(catalog, "links_to_other_agencies", {"": page(far)})
    assert (told.verdict, told.reason, told.values["count"]) == (Verdict.FAILED, "bodies_too_few", "1")


def test_after_a_visit_that_was_not_thorough_too_few_links_prove_nothing(catalog) -> None:
    two = "<a href='https://www.mef.gob.pe/'>MEF</a><a href='https://www.inei.gob.pe/'>INEI</a>"
    told = verdict(catalog, "links_to_other_agencies", {"": page(two)}, thorough=False)
    assert (told.verdict, told.reason) == (Verdict.CANT_TELL, "not_thorough")


def test_a_signature_on_changed_bytes_is_none(catalog) -> None:
    files = {"": page("<a href='r.pdf'>Resolución</a>"), "r.pdf": DocumentFacts("pdf", text="Resolución", pages=1)}
    capture, rule = capture_of(files), catalog.criteria["signed_documents"]
    (document,) = (one.document for one in capture.pages if one.document)
    for intact, expected in ((False, Verdict.FAILED), (True, Verdict.PASSED)):
        document.signatures = (Signature("Ana Torres", "Autoridad", intact, whole=True, signed_at=SEEN),)
        found = search_of(rule).find(rule, Site(capture, catalog))[0]
        assert found.verdict is expected
    assert found.values["name"] == "Ana Torres · 2026-06-15"


def test_a_few_files_of_many_that_nobody_read_do_not_say_that_none_is_signed(catalog) -> None:
    links = "".join(f"<a href='https://archivos.otro-sitio.com/{i}.pdf'>Resolución {i}</a>" for i in range(20))
    files = {"": page(f"<a href='r.pdf'>Resolución</a>{links}"), "r.pdf": DocumentFacts("pdf", text="Resolución", pages=1)}
    told = verdict(catalog, "signed_documents", files)
    assert (told.verdict, told.reason, told.values["count"]) == (Verdict.CANT_TELL, "too_few_read", "1")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("El derecho se paga en la caja de la municipalidad.", True),
        ("Deposite la tasa en la cuenta corriente 00-123-456789.", True),
        ("Deposite la tasa en la cuenta corriente XXXXXXX.", False),
        ("Los beneficiarios cobrarán el pago en el banco.", False),
        ("El pago de la planilla se hará en el banco.", False),
        ("Pague en línea con su tarjeta.", False),
    ],
)
def test_a_sentence_says_where_to_pay_only_to_those_who_owe(catalog, line, says) -> None:
    found = verdict(catalog, "offline_payment_instructions", {"": page(f"<h2>Tasas</h2><p>{line}</p>")})
    assert (found.verdict is Verdict.PASSED) is says


def test_a_recording_counts_only_with_words_of_a_session(catalog) -> None:
    frame = "<h2>Transmisión en vivo</h2><p>{}</p><iframe src='https://www.youtube.com/embed/x'></iframe>"
    of_session = verdict(
        catalog, "session_broadcasts", {"": page(frame.format("Sesión ordinaria") + "<h3>Sesión ordinaria</h3>")}
    )
    of_feast = verdict(catalog, "session_broadcasts", {"": page(frame.format("Feria de la papa"))})
    assert of_feast.verdict is Verdict.CANT_TELL
    assert of_session.verdict is not Verdict.FAILED


def test_a_printed_yearbook_is_no_data_and_a_sheet_is(catalog) -> None:
    menu = page("<h2>Estadísticas</h2><a href='{}'>Población 2025</a>")
    yearbook = {"": menu.format("p.pdf"), "p.pdf": DocumentFacts("pdf", text="Estadísticas de población", pages=3)}
    sheet = {"": menu.format("p.xlsx"), "p.xlsx": DocumentFacts("sheet", text="Barrio;Población\nCentro;12")}
    assert verdict(catalog, "statistics_and_open_data", yearbook).verdict is Verdict.FAILED
    assert verdict(catalog, "statistics_and_open_data", sheet).verdict is Verdict.PASSED


def test_pages_of_another_body_lend_the_portal_nothing(catalog) -> None:
    capture = capture_of({"": page("<p>Bienvenidos a la villa.</p>")})
    other = capture_of({"": page("<h2>Lugares de pago</h2><ul><li>Pague en caja municipal</li></ul>")}).pages[0]
    lent = Page("https://otro.gob.pe/", "https://otro.gob.pe/", 200, "text/html", SEEN, facts=other.facts, delegated=True)
    capture.pages.append(lent)
    rule = catalog.criteria["links_to_other_agencies"]
    assert search_of(rule).find(rule, Site(capture, catalog))[0].verdict is Verdict.FAILED
