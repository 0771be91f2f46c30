"""What stands in for the page asked for is told from pages that only speak of such things."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from audits.catalog import RULES, RulesError, load
from audits.facts import read, read_page
from crawler.capture import PageFacts, Reason
from tests.audits.portal import FIXTURES

CATALOG = load()
CAPTURES = RULES.parent.parent / "shared" / "portals"
MENU = "".join(f'<li><a href="/s{i}">Sección {i}</a></li>' for i in range(30))
FRAME = "<header><nav><ul>" + MENU + "</ul></nav></header><main>{}</main><footer>Calle Real 1, Villa Ejemplo</footer>"
FORM = "<form><textarea name=message></textarea></form>"
PROSE = "La municipalidad atiende a los vecinos de lunes a viernes en su local de la plaza. " * 20
SPAM = "".join(
    f'<p><a href="http://x.example/{i}">{words} {i}</a></p>'
    for i in range(8)
    for words in ("slot gacor", "maxwin", "togel", "judi", "rtp", "scatter")
)


def facts_of(title: str, body: str, head: str = "") -> PageFacts:
    facts = read_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>", "http://www.muni.example/x")
    assert isinstance(facts, PageFacts)
    return facts


def script(url: str) -> str:
    return f'<script src="{url}"></script>'


WALLS = [
    ("Just a moment...", "<p>muni.example</p>" + script("/cdn-cgi/challenge-platform/h/g/orchestrate/jsch/v1")),
    ("Un momento…", "<p>Verificando</p>" + script("https://challenges.cloudflare.com/turnstile/v0/api.js")),
    ("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1><p>You cannot reach muni.example</p>"),
    ("Um momento", "<p>Verificando se você é humano. Isso pode levar alguns segundos.</p>"),
    ("Access denied", "<h1>Error 1020</h1><p>Ray ID: 7f00</p><p>The owner keeps you out.</p>"),
    ("Sucuri WebSite Firewall - Access Denied", "<p>Block reason: bad bot</p>"),
    ("You are being redirected...", "<noscript>Javascript is required.</noscript><script>var s = {};</script>"),
    ("", '<iframe src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful</iframe>'),
    ("Access Denied", '<h1>Access Denied</h1><p>You don\'t have permission to access "http://muni.example/" on this server.</p>'),
    ("", "<div></div>" + script("https://a1b2.edge.sdk.awswaf.com/a1b2/challenge.js")),
    ("muni.example", "<p>Please wait</p>" + script("https://ct.captcha-delivery.com/c.js")),
    ("Request Rejected", "The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 99"),
    ("Web Page Blocked!", "<p>The page cannot be displayed.</p><p>Attack ID: 20000051</p><p>Message ID: 1</p>"),
    ("Intrusion", "<h1>FortiGuard Intrusion Prevention - Access Blocked</h1>"),
    ("Blocked", "<p>This site was blocked by Sophos.</p>"),
    ("Verificación", f"<p>Para seguir, demuestre que es humano.</p>{script('https://www.google.com/recaptcha/api.js')}"),
    ("Um instante", f"<p>Confirme que você é humano.</p>{script('https://js.hcaptcha.com/1/api.js')}"),
    ("Contrôle", f"<p>Prouvez que vous êtes humain.</p>{script('https://www.google.com/recaptcha/api.js')}"),
    ("Robot Challenge Screen", "<p>Checking that you are no robot</p>"),
    ("Acceso denegado", "<p>Su dirección no puede ver este sitio.</p>"),
    ("Acesso negado", "<p>O seu endereço não tem permissão.</p>"),
    ("Accès refusé", "<p>Votre adresse ne peut pas voir ce site.</p>"),
]

MISSING = [
    ("Página no encontrada - Municipalidad de Villa Ejemplo", FRAME.format("<h1>Ups</h1><p>Revise la dirección.</p>")),
    ("Câmara de Vila Exemplo", FRAME.format("<h2>Página não encontrada</h2><p>Confira o endereço ou use o menu.</p>")),
    ("404 Not Found", "<h1>Not Found</h1><p>Nothing lives at this address.</p>"),
    ("Mairie de Ville Exemple", FRAME.format("<h1>Page introuvable</h1><p>Vérifiez l'adresse.</p>")),
]

PARKED = [
    ("muni.example", "<p>This domain is for sale! Write to us.</p>"),
    ("muni.example", f"<p>Resources</p>{script('https://img1.wsimg.com/parking-lander/static/js/main.js')}"),
    ("Dominio", "<p>Este dominio ha caducado. Renueve ya.</p>"),
    ("Domínio", "<h1>Este domínio está à venda</h1><p>Fale conosco.</p>"),
    ("Domaine", "<p>Ce domaine est à vendre.</p>"),
    ("Account Suspended", "<p>Contact your hosting provider for more information.</p>"),
    ("Sitio suspendido", "<h1>Sitio suspendido</h1><p>Comuníquese con su proveedor.</p>"),
    ("Site suspenso", "<p>Fale com o suporte.</p>"),
    ("Apache2 Ubuntu Default Page: It works", "<p>" + "Words of the server about its folders. " * 30 + "</p>"),
    ("", "<html><body><h1>It works!</h1></body></html>"),
    ("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>The server runs. More work is needed.</p>"),
    ("IIS Windows Server", '<a href="http://go.microsoft.com/fwlink/?linkid=1"><img src="iisstart.png" alt="IIS"></a>'),
    ("Default Web Site Page", "<p>If you are seeing this page instead of your site, ask your host.</p>"),
]

HACKED = [
    ("Hacked by Nobody", "<h1>Hacked by Nobody</h1><p>We were here.</p>"),
    ("Portal", "<h1>Hackeado por Nadie</h1>"),
    ("Slot Gacor | Muni", SPAM),
    ("Buy viagra online", "<p>viagra cheap</p><p>cialis generic</p><p>levitra discount</p><p>tadalafil, no prescription</p>"),
]

DOWN = [
    ("Error 500", "<p>Algo falló.</p>"),
    ("Villa Ejemplo", "<h1>Error al establecer una conexión con la base de datos</h1>"),
    ("Villa Ejemplo", "<h1>Portal en mantenimiento</h1><p>Volvemos a las seis.</p>"),
    ("Site em manutenção", "<p>Voltamos em breve.</p>"),
]

EXPECTED = {
    Reason.BLOCKED: WALLS,
    Reason.NOT_FOUND: MISSING,
    Reason.PARKED: PARKED,
    Reason.HACKED: HACKED,
    Reason.SERVER_ERROR: DOWN,
}
CASES = [(reason, title, body) for reason, pages in EXPECTED.items() for title, body in pages]


@pytest.mark.parametrize(("reason", "title", "body"), CASES, ids=[f"{r}-{i}" for i, (r, _, _) in enumerate(CASES)])
def test_a_page_that_stands_in_for_another_is_known_with_its_reason(reason: Reason, title: str, body: str) -> None:
    assert CATALOG.impostor(facts_of(title, body), 200) is reason


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Contáctenos", FRAME.format(FORM + script("https://www.google.com/recaptcha/api.js"))),
        ("Contacto", "<p>Confirme que es humano.</p>" + FORM + script("https://hcaptcha.com/1/api.js") + MENU),
        ("Municipalidad", FRAME.format(PROSE) + script("/cdn-cgi/challenge-platform/scripts/jsd/main.js")),
        ("Noticias", FRAME.format("<h1>El portal fue hackeado por desconocidos</h1><p>Ya funciona otra vez.</p>")),
        ("Notícias", FRAME.format("<p>O domínio à venda no centro da cidade é um terreno.</p>" + PROSE)),
        ("Municipalidad", FRAME.format(PROSE) + f'<div style="position:absolute">{SPAM}</div>'),
        ("Superintendencia de Casinos de Juego", FRAME.format("<p>Casino y tragamonedas con licencia</p>" * 9)),
        (
            "Alerta sanitaria",
            FRAME.format("<h1>Viagra y cialis falsificados</h1><p>No compre sildenafil sin receta.</p>" + PROSE),
        ),
        ("Guía de trámites", FRAME.format("<h1>Qué hacer si ve «acceso denegado»</h1>" + PROSE)),
        ("Transparencia", FRAME.format("<h1>Presupuesto</h1><p>Página en construcción</p>")),
        ("Obras", FRAME.format("<h1>Puente en mantenimiento</h1><p>Desvío por la avenida.</p>")),
        ("Ingreso", "<form><input name=user><input type=password name=key><button>Entrar</button></form>"),
        ("Villa Ejemplo", "<p>Bienvenidos</p>"),
        ("", ""),
    ],
)
def test_a_page_that_only_speaks_of_such_things_is_what_it_is(title: str, body: str) -> None:
    assert CATALOG.impostor(facts_of(title, body), 200) is None


def test_with_an_error_status_only_a_barrier_says_more_than_the_code() -> None:
    title, body = WALLS[0]
    assert CATALOG.impostor(facts_of(title, body), 403) is Reason.BLOCKED
    assert CATALOG.impostor(facts_of(title, body), 503) is Reason.BLOCKED
    assert CATALOG.impostor(facts_of("403 Forbidden", "<h1>Forbidden</h1>"), 403) is None
    assert CATALOG.impostor(facts_of("404 Not Found", "<h1>Not Found</h1>"), 404) is None


def test_no_access_in_the_frame_of_a_portal_is_no_barrier_against_programs() -> None:
    body = FRAME.format("<h1>Acceso denegado</h1><p>Usted no puede ver esta página.</p>")
    assert CATALOG.impostor(facts_of("Acceso denegado | Villa Ejemplo", body), 200) is Reason.FORBIDDEN


def captured_pages() -> Iterator[PageFacts]:
    """Every web page of the real captures that came without an error status."""
    for path in sorted(CAPTURES.glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                if record.http_headers.status_code < 400 and "html" in (record.http_content_type or ""):
                    facts = read(record.reader.read(), record.headers["WARC-Target-URI"], "text/html")
                    if isinstance(facts, PageFacts):
                        yield facts


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures of real portals are not beside this folder")
def test_no_page_of_real_portals_is_taken_for_an_impostor() -> None:
    """The one that is recognised is what it is said to be: the web server's own "404 Not Found", kept with status 200."""
    seen = [(facts.title, CATALOG.impostor(facts, 200)) for facts in captured_pages()]
    assert len(seen) > 400
    assert [found for found in seen if found[1]] == [("404 Not Found", Reason.NOT_FOUND)]


def test_no_fixture_of_a_criterion_that_passes_is_taken_for_an_impostor() -> None:
    pages = [file for path in FIXTURES for file in ([path] if path.is_file() else path.glob("*.html")) if "passed" in str(path)]
    assert len(pages) > 50
    assert [page for page in pages if CATALOG.impostor(read_page(page.read_text(), "http://x.example/"), 200)] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('reason = "parked"\nsource = "GK"\n[[page]]\nid = "x"\nname = "x"\n', "no sign"),
        ('reason = "bored"\nsource = "GK"\n[[page]]\nid = "x"\nname = "x"\nhead = ["x"]\n', "reason"),
        ('reason = "parked"\nsource = "GK"\n[[page]]\nid = "x"\nname = "x"\nlists = ["nothing.like_it"]\n', "nothing.like_it"),
    ],
)
def test_a_mistake_in_the_rules_is_told_with_file_and_remedy(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "impostors").mkdir()
    (tmp_path / "impostors" / "mine.toml").write_text(text)
    for name in ("reasons.toml", "vocabulary.toml"):
        (tmp_path / name).write_text("")
    with pytest.raises(RulesError, match=complaint) as told:
        load(tmp_path)
    assert "mine.toml" in str(told.value)
