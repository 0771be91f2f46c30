"""Home pages that cannot be had, or that are not what they seem: the visit ends with a reason, never with a verdict."""

from crawler.capture import Reason
from tests.portals import behaviours as be
from tests.portals.server import Portal

from .case import NOBODY, Case, Serve, Trap, home, links


def at_home(behaviour: be.Behaviour) -> Serve:
    """A portal that answers so at its root; behaviours with a memory must not be given here."""
    return lambda portal, trap: portal.add("/", behaviour)


def lost(name: str, reason: Reason, behaviour: be.Behaviour) -> Case:
    """A portal whose home is lost for a reason."""
    return Case(name, at_home(behaviour), reason, reached=False, thorough=False)


def elsewhere(name: str, reason: Reason, to: str) -> Case:
    """A portal whose home sends its visitors where nobody may go; {trap} is the trap's host."""

    def serve(portal: Portal, trap: Trap) -> None:
        portal.add("/", be.redirect(to.format(trap=trap.host, port=trap.port)))

    return Case(name, serve, reason, reached=False, thorough=False)


def nowhere(name: str, reason: Reason, address: str) -> Case:
    """An address of the registry that leads to no portal."""
    return Case(name, lambda portal, trap: None, reason, reached=False, thorough=False, home=address)


SPAM = links(
    *(f"http://x.example/{word}/{i}" for i in range(9) for word in ("slot-gacor", "maxwin", "togel", "judi", "rtp", "scatter"))
)
FORBID = "User-agent: *\nDisallow: /"

REFUSALS = (
    lost("silent", Reason.TIMEOUT, be.silent(8)),
    lost("forbidden", Reason.FORBIDDEN, be.answer(be.page("no"), status=403)),
    lost("http_auth", Reason.FORBIDDEN, be.answer(be.page("who"), status=401, www_authenticate='Basic realm="x"')),
    lost("not_found", Reason.NOT_FOUND, be.answer(be.page("what"), status=404)),
    lost("gone", Reason.NOT_FOUND, be.answer(be.page("what"), status=410)),
    lost("server_error", Reason.SERVER_ERROR, be.answer(be.page("ouch"), status=500)),
    lost("status_999", Reason.SERVER_ERROR, be.answer(home(), status=999)),
    lost("busy_for_ever", Reason.RATE_LIMITED, be.answer("", status=429, retry_after="1")),
    lost("busy_for_a_year", Reason.SERVER_ERROR, be.answer("", status=503, retry_after="31536000")),
    lost("not_html", Reason.NOT_HTML, be.answer(b"%PDF-1.4 nothing", media_type="application/pdf")),
    lost("empty_body", Reason.EMPTY_BODY, be.answer(b"  \n")),
    lost("blocked_by_header", Reason.BLOCKED, be.answer(be.page("human?"), status=403, cf_mitigated="challenge")),
    Case(
        "robots_disallowed",
        lambda portal, trap: portal.add("/robots.txt", be.answer(FORBID, media_type="text/plain")),
        Reason.ROBOTS_DISALLOWED,
        reached=False,
        thorough=False,
        requests=1,
    ),
    Case(
        "robots_unreachable",
        lambda portal, trap: portal.add("/robots.txt", be.answer("", status=503)).add("/", be.answer(home())),
        Reason.ROBOTS_UNREACHABLE,
        reached=False,
        thorough=False,
    ),
)

REDIRECTS = (
    lost("redirect_to_itself", Reason.REDIRECT_LOOP, be.redirect("/")),
    Case(
        "redirect_loop",
        lambda portal, trap: portal.add("/", be.redirect("/a")).add("/a", be.redirect("/b")).add("/b", be.redirect("/")),
        Reason.REDIRECT_LOOP,
        reached=False,
        thorough=False,
    ),
    Case(
        "endless_redirects",
        lambda portal, trap: portal.add("/*", be.endless_redirect("/on/")).add(
            "/robots.txt", be.answer("", media_type="text/plain")
        ),
        Reason.REDIRECT_LOOP,
        reached=False,
        thorough=False,
    ),
    lost("redirect_to_nowhere", Reason.CLIENT_ERROR, be.answer(home(), status=302)),
    lost("redirect_to_script", Reason.BAD_URL, be.redirect("javascript:alert(1)")),
    lost("redirect_to_file", Reason.BAD_URL, be.redirect("file:///etc/passwd")),
    lost("redirect_to_data", Reason.BAD_URL, be.redirect("data:text/html,<p>here</p>")),
    elsewhere("redirect_to_loopback", Reason.PRIVATE_ADDRESS, "http://{trap}/"),
    elsewhere("redirect_to_localhost", Reason.PRIVATE_ADDRESS, "http://localhost:{port}/"),
    elsewhere("redirect_to_decimal", Reason.PRIVATE_ADDRESS, "http://2130706433:{port}/"),
    elsewhere("redirect_to_mapped", Reason.PRIVATE_ADDRESS, "http://[::ffff:127.0.0.1]:{port}/"),
    elsewhere("redirect_to_link_local", Reason.PRIVATE_ADDRESS, "http://[fe80::1]/"),
    elsewhere("redirect_to_metadata", Reason.PRIVATE_ADDRESS, "http://169.254.169.254/latest/meta-data/"),
    Case(
        "robots_redirect_to_loopback",
        lambda portal, trap: portal.add("/robots.txt", be.redirect(f"http://{trap.host}/robots.txt")).add("/", be.answer(home())),
        Reason.PRIVATE_ADDRESS,
        reached=False,
        thorough=False,
    ),
)

IMPOSTORS = (
    lost(
        "challenge",
        Reason.BLOCKED,
        be.answer('<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/x"></script>'),
    ),
    lost("denied_with_200", Reason.BLOCKED, be.answer(be.page("Acceso denegado", "<p>Su dirección fue bloqueada.</p>"))),
    lost("soft_404_home", Reason.NOT_FOUND, be.answer(be.page("404 Not Found", "<p>Nothing here.</p>"))),
    lost("parked", Reason.PARKED, be.answer(be.page("villa.example", "<p>This domain is for sale!</p>"))),
    lost("suspended", Reason.PARKED, be.answer(be.page("Account Suspended", "<p>Contact your hosting provider.</p>"))),
    lost("first_page_of_server", Reason.PARKED, be.answer(be.page("Welcome to nginx!", "<p>It runs.</p>"))),
    lost("defaced", Reason.HACKED, be.answer(be.page("Hacked by nobody", "<p>We were here.</p>"))),
    lost("spam", Reason.HACKED, be.answer(be.page("Slot gacor", SPAM))),
    lost("closed_for_maintenance", Reason.SERVER_ERROR, be.answer(be.page("Portal en mantenimiento", "<p>Vuelva luego.</p>"))),
    Case("spam_in_a_real_page", at_home(be.answer(home(f'<div style="position:absolute;left:-99em">{SPAM}</div>')))),
)

ADDRESSES = (
    nowhere("connection_refused", Reason.CONNECTION_REFUSED, f"http://127.0.0.1:{NOBODY}/"),
    nowhere("unknown_host", Reason.UNKNOWN_HOST, "http://nowhere.invalid/"),
    nowhere("private_address", Reason.PRIVATE_ADDRESS, "http://{trap}/"),
    nowhere("private_name", Reason.PRIVATE_ADDRESS, "http://localhost:{trap_port}/"),
    nowhere("tls_without_tls", Reason.TLS_ERROR, "https://{host}/"),
    nowhere("bad_url", Reason.BAD_URL, "http://[nowhere"),
    nowhere("no_portal", Reason.NO_PORTAL, ""),
)

CASES = REFUSALS + REDIRECTS + IMPOSTORS + ADDRESSES
