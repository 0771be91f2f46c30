"""What proves a service, and which hosts are candidates for providers."""

import pytest

from audits.candidates import candidates
from audits.catalog import load
from audits.finders.matter import is_feed, questions
from audits.judge import judge
from audits.model import Verdict
from audits.quotes import stands_in, words_of
from audits.services import is_item, provider_uses
from audits.site import Site
from tests.audits.portal import HOME, capture_of

CATALOG = load()


def site_of(files: dict[str, str], language: str = "es") -> Site:
    return Site(capture_of(files, language), CATALOG)


def verdict_on(criterion: str, files: dict[str, str], language: str = "es") -> Verdict:
    found = judge(capture_of(files, language), CATALOG)
    return next(f.verdict for f in found if f.criterion == criterion)


def test_an_unknown_host_beside_words_for_payment_is_a_candidate_once_for_each_kind_and_host() -> None:
    links = "".join(f'<p><a href="https://caja.proveedor.invalid/{n}">Pague aquí</a></p>' for n in (1, 2))
    found = candidates(capture_of({"": f"<main>{links}</main>"}), CATALOG)
    assert [(c.kind, c.host, c.words, c.page) for c in found] == [("payment", "caja.proveedor.invalid", "Pague aquí", HOME)]


def test_forms_that_post_elsewhere_and_frames_are_candidates_too() -> None:
    body = """<h2>Iniciar sesión con clave única</h2><iframe src="https://sesion.otra.invalid/x"></iframe>
        <h2>Verificar documento</h2><form action="https://firma.tercera.invalid/v"><input name="codigo"></form>"""
    found = {(c.kind, c.host) for c in candidates(capture_of({"": f"<main>{body}</main>"}), CATALOG)}
    assert {("identity", "sesion.otra.invalid"), ("verification", "firma.tercera.invalid")} <= found


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://www.facebook.com/sharer/x">Pague aquí</a>',
        '<a href="https://www.google.com/maps/x">Pague aquí</a>',
        '<a href="https://cdn.jsdelivr.net/x">Pague aquí</a>',
        '<a href="https://www.pagalo.pe/">Pague aquí</a>',
        '<a href="/pagar">Pague aquí</a>',
        '<a href="https://estudio.invalid/">Desarrollado por Pague Aquí</a>',
        '<a href="https://estudio.invalid/">Órdenes de pago</a>',
        '<a href="https://otra.invalid/">Turismo</a>',
    ],
)
def test_networks_maps_known_hosts_own_hosts_and_makers_of_sites_are_no_candidates(link: str) -> None:
    assert candidates(capture_of({"": f"<main><p>{link}</p></main>"}), CATALOG) == ()


def test_a_portal_that_was_not_reached_has_no_candidates() -> None:
    capture = capture_of({"": '<a href="https://caja.proveedor.invalid/">Pague aquí</a>'})
    capture.visit = capture.visit.model_copy(update={"reached": False})
    assert candidates(capture, CATALOG) == ()


def test_a_link_in_an_item_of_news_is_told_of_and_proves_no_platform_but_one_in_the_menu_does() -> None:
    link = '<a href="https://prod2.seace.gob.pe/">SEACE</a>'
    item = f"<main><h1>Obra en la plaza</h1><p>Las bases están en el {link} desde ayer.</p></main>"
    news = {"": '<a href="/2026/05/obra">Obra en la plaza</a>', "2026/05/obra": item}
    assert verdict_on("procurement_platform_link", news) is not Verdict.PASSED
    assert (
        verdict_on("procurement_platform_link", {"": f"<nav>{link}</nav>", **{k: v for k, v in news.items() if k}})
        is Verdict.PASSED
    )


def test_a_use_that_also_stands_elsewhere_is_not_lost_because_news_tell_of_it_first() -> None:
    link = '<a href="https://www.facebook.com/villaejemplo">Facebook</a>'
    files = {
        "": '<a href="/2026/05/obra">Obra</a> <a href="/contacto">Contacto</a>',
        "2026/05/obra": f"<main>{link}</main>",
        "contacto": f"<main>{link}</main>",
    }
    site = site_of(files)
    use = next(use for use in provider_uses(site) if use.provider.kind == "social")
    assert use.page.url == HOME + "contacto"
    assert not is_item(use.page, site)


def test_questions_need_answers_unless_they_are_listed_as_such() -> None:
    lines = ("¿Dónde pago la tasa?", "En la caja, de ocho a trece.", "¿Quién atiende los reclamos?", "¿Cuándo abren?")
    site = site_of({"": f"<main>{''.join(f'<p>{line}</p>' for line in lines)}</main>"})
    body = site.body(site.pages[0])
    assert questions(body) == ["¿Dónde pago la tasa?"]
    assert len(questions(body, listed=True)) == 3


@pytest.mark.parametrize(
    ("href", "feed"),
    [
        ("/feed/", True),
        ("/rss.xml", True),
        ("/noticias?format=feed&type=rss", True),
        ("/comments/feed/", False),
        ("/obra/feed/", False),
        ("/oembed/1.0/embed?url=x&format=xml", False),
        ("/es/", False),
    ],
)
def test_feeds_are_told_from_comments_and_other_alternates(href: str, feed: bool) -> None:
    head = f'<link rel="alternate" type="x" title="x" href="{href}">'
    site = site_of({"": '<a href="/obra/">Obra</a>', "obra/": f"{head}<p>Obra</p>"})
    page = site.pages[1]
    link = next(link for link in page.facts.links if link.kind == "alternate")  # type: ignore[union-attr]
    site._by_key.pop(next(key for key, known in site._by_key.items() if known.url == link.url), None)
    assert is_feed(link, page, site) is feed


@pytest.mark.parametrize("criterion", ["complaints_channel", "faq_or_help", "newsletter_or_feed", "survey_or_feedback"])
def test_the_quote_of_a_service_stands_on_the_page_beside_it(criterion: str) -> None:
    body = """<main><h2>Encuesta de satisfacción</h2><form><label><input type="radio" name="n"> Bien</label></form>
        <h2>¿Dónde pago la tasa?</h2><p>En la caja de la casa municipal.</p>
        <h2>¿Cuándo atienden ustedes?</h2><p>De lunes a viernes, de ocho a trece.</p>
        <h2>¿Quién atiende los reclamos?</h2><p>La oficina de atención, en la planta baja.</p>
        <p>Denuncias: 0800 2233 44</p><h3>Suscríbete al boletín</h3><form><input type="email" name="correo"></form></main>"""
    capture = capture_of({"": body})
    finding = next(f for f in judge(capture, CATALOG) if f.criterion == criterion)
    assert finding.verdict is Verdict.PASSED, finding.reason
    page = capture.pages[0]
    assert all(stands_in(evidence.quote, page, words_of(page)) for evidence in finding.evidence)
