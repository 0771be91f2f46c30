"""Portals without an end: the crawl must come out of them, with what they really hold."""

import itertools

from crawler.capture import Reason
from tests.portals import behaviours as be
from tests.portals.server import Portal

from .case import TEXT, Case, Trap, home, links
from .homes import SPAM, at_home

COUNTER = itertools.count()


def calendar(portal: Portal, trap: Trap) -> None:
    """Every day leads to the next seven."""
    portal.add("/", be.answer(home(links("/agenda/1", "/fija")))).add("/fija", be.answer(home())).add(
        "/agenda/*", be.calendar("/agenda/")
    )


def facets(portal: Portal, trap: Trap) -> None:
    """A search that can be narrowed by twelve things in any combination and order."""

    def narrowed(asked: be.Asked) -> be.Answer:
        path = asked.path if "?" in asked.path else asked.path + "?"
        more = links(*(f"{path}&amp;filtro{i}={next(COUNTER)}" for i in range(12)))
        return be.Answer(body=home(more))

    portal.add("/", be.answer(home(links("/buscar?orden=1")))).add("/buscar*", narrowed)


def sessions(portal: Portal, trap: Trap) -> None:
    """Writes a new session id into the path of every link."""

    def marked(asked: be.Asked) -> be.Answer:
        number = next(COUNTER)
        return be.Answer(
            body=home(
                links(
                    f"/uno;jsessionid=ABC{number}",
                    f"/dos;jsessionid=DEF{number}?PHPSESSID=x{number}",
                    f"/(S(abcdefghijklmnopqrstuv{number % 90 + 10}))/tres",
                )
            )
        )

    portal.add("/robots.txt", be.answer("", media_type="text/plain")).add("/*", marked)


def same_page_everywhere(portal: Portal, trap: Trap) -> None:
    """Relative links that grow with each step, and one content under all of them."""
    portal.add("/robots.txt", be.answer("", media_type="text/plain"))
    portal.add("/*", be.answer(home(links("servicios/", "servicios/tramites/", "./mas/mas/"))))


def new_page_everywhere(portal: Portal, trap: Trap) -> None:
    """Whatever is asked for is there, is new, and leads to twenty more."""

    def fresh(asked: be.Asked) -> be.Answer:
        return be.Answer(body=home(f"<p>{next(COUNTER)}</p>" + links(*(f"/{chr(97 + i)}-{next(COUNTER)}" for i in range(20)))))

    portal.add("/robots.txt", be.answer("", media_type="text/plain")).add("/*", fresh)


def links_50_000(portal: Portal, trap: Trap) -> None:
    """A page with 50,000 links, all of them different and good."""
    portal.add("/", be.answer(home("".join(f"<a href=/x{i}>{i}</a> " for i in range(50_000)))))
    portal.add("/x*", lambda asked: be.Answer(body=home(title=asked.path)))


def soft_404(portal: Portal, trap: Trap) -> None:
    """Answers 200 to everything, and says only in words that nothing is there."""
    portal.add("/", be.answer(home(links("/budget", "/fine")))).add("/fine", be.answer(home(title="Otra")))
    portal.add("/robots.txt", be.answer("", media_type="text/plain"))
    portal.add("/*", be.answer(be.page("Página no encontrada", "<p>Revise la dirección.</p>")))


def bad_pages(portal: Portal, trap: Trap) -> None:
    """A good home page that leads to barriers, spam, and a page for sale."""
    portal.add("/", be.answer(home(links("/wall", "/spam", "/fine", "/four", "/five"))))
    portal.add("/wall", be.answer("<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>"))
    portal.add("/spam", be.answer(be.page("Situs slot", SPAM)))
    for path in ("/fine", "/four", "/five"):
        portal.add(path, be.answer(home(title=path)))


def frames(portal: Portal, trap: Trap) -> None:
    """Frames in frames, and a page that frames itself."""
    portal.add("/", be.answer(home('<iframe src="/"></iframe><iframe src="/marco/1"></iframe>')))

    def framed(asked: be.Asked) -> be.Answer:
        number = int(asked.path.rsplit("/", 1)[-1])
        return be.Answer(body=f'<frameset><frame src="/marco/{number + 1}"><frame src="/"></frameset>'.encode())

    portal.add("/marco/*", framed)


def refresh_loop(portal: Portal, trap: Trap) -> None:
    """Pages that send each other their visitors, by meta refresh."""
    for here, there in (("/", "/a"), ("/a", "/b"), ("/b", "/")):
        portal.add(here, be.answer(home(head=f'<meta http-equiv="refresh" content="0; url={there}">')))


def base_elsewhere(portal: Portal, trap: Trap) -> None:
    """All its links lead, by its base, to a host that is nobody's business."""
    portal.add("/", be.answer(home(links("budget", "minutes"), head=f'<base href="http://{trap.host}/deep/">')))


def private_links(portal: Portal, trap: Trap) -> None:
    """Leads to this machine and its neighbours by every spelling there is, straight and by redirects."""
    hops = [f"/budget-{number}" for number in range(len(trap.urls))]
    for hop, url in zip(hops, trap.urls, strict=True):
        portal.add(hop, be.redirect(url))
    straight = "".join(f'<a href="{url}">budget</a> <iframe src="{url}"></iframe>' for url in trap.urls)
    portal.add("/", be.answer(home(straight + links(*hops))))


def broken_links(portal: Portal, trap: Trap) -> None:
    """Links as no standard knows them."""
    bad = (
        *(
            "http://[Acuerdo",
            "http://",
            "https:///",
            "//",
            r"http:\\x\y",
            "file:///C:/a.pdf",
            "http://a b.pe/",
            "javascript:void(0)",
            "%",
            "%zz",
        ),
        *(
            "ht tp://x",
            "http://localhost/",
            "?" * 3000,
            "http://x.pe:99999/",
            "/\x01\x02",
            "tel:1",
            "mailto:",
            "http://@/",
            "http://xn--/",
        ),
        *(
            "http://user:pw@[::1]:80:80/",
            f"http://{'a' * 300}.pe/",
            "http://a..b/",
            "///////fine",
            "../../../fine",
            "http://１２７.0.0.1/",
        ),
    )
    portal.add("/", be.answer(home(links(*bad, "/fine")))).add("/fine", be.answer(home(title="Fine")))


def redirecting_links(portal: Portal, trap: Trap) -> None:
    """Four links that never stop redirecting."""
    portal.add("/", be.answer(home(links(*(f"/va{i}/x" for i in range(4)), "/fine", *(f"/ok{i}" for i in range(14))))))
    for number in range(4):
        portal.add(f"/va{number}/*", be.endless_redirect(f"/va{number}/"))
    for path in ("/fine", *(f"/ok{i}" for i in range(14))):
        portal.add(path, be.answer(home(title=path)))


CASES = (
    Case("calendar", calendar, problems={"/fija": None}),
    Case("facets", facets),
    Case("session_ids", sessions, requests=6),
    Case("same_page_everywhere", same_page_everywhere, requests=25),
    Case("new_page_everywhere", new_page_everywhere, Reason.BUDGET),
    Case("links_50000", links_50_000, requests=80),
    Case("soft_404", soft_404, problems={"/budget": Reason.NOT_FOUND, "/fine": None}),
    Case("bad_pages", bad_pages, thorough=False, problems={"/wall": Reason.BLOCKED, "/spam": Reason.HACKED, "/fine": None}),
    Case("frames", frames),
    Case("refresh_loop", refresh_loop, requests=8),
    Case("base_elsewhere", base_elsewhere),
    Case("private_links", private_links, requests=120),
    Case("broken_links", broken_links, problems={"/fine": None}),
    Case("redirecting_links", redirecting_links, requests=80, problems={"/va1/x": Reason.REDIRECT_LOOP, "/fine": None}),
    Case("script_that_is_a_page", at_home(be.answer(TEXT * 3, media_type="text/html")), title=""),
)
