"""What is meant for machines, made to harm them: robots.txt, sitemaps, feeds."""

import gzip
from collections.abc import Callable, Iterator
from itertools import chain, repeat

from crawler.capture import Reason
from tests.portals import behaviours as be
from tests.portals.server import Portal

from .bodies import MEGABYTE
from .case import Case, Serve, Trap, home, links

PLAIN, XML = "text/plain", "application/xml"
CLOSED = b"User-agent: *\nDisallow: /secreto\n"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "jajajajaja">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def robots(answer: be.Behaviour) -> Serve:
    """A portal with this robots.txt, which leads to a secret."""

    def serve(portal: Portal, trap: Trap) -> None:
        portal.add("/robots.txt", answer).add("/", be.answer(home(links("/secreto", "/fine", "/otra", "/mas"))))
        for path in ("/secreto", "/fine", "/otra", "/mas"):
            portal.add(path, be.answer(home(title=path)))

    return serve


def packed() -> bytes:
    """A sitemap that unpacks to 100 MB."""
    return gzip.compress(urlset() + b" " * (100 * MEGABYTE), 1)


def sitemap(body: bytes, media_type: str = XML, made: Callable[[], bytes] = bytes) -> Serve:
    """A portal with this sitemap (or one to be made), at the usual place and named in robots.txt; {trap} is the trap's host."""

    def serve(portal: Portal, trap: Trap) -> None:
        portal.add("/robots.txt", be.answer(f"Sitemap: {portal.url}sitemap.xml\n", media_type=PLAIN))
        named = made() or body.replace(b"{trap}", trap.host.encode()).replace(b"{here}", portal.url.encode())
        portal.add("/sitemap.xml", be.answer(named, media_type=media_type))
        portal.add(
            "/", be.answer(home(links("/fine"), head='<link rel="alternate" type="application/rss+xml" href="/sitemap.xml">'))
        )
        portal.add("/fine", be.answer(home(title="fine")))

    return serve


def endless_index(portal: Portal, trap: Trap) -> None:
    """A sitemap index whose every part is another index."""

    def index(asked: be.Asked) -> be.Answer:
        parts = "".join(
            f"<sitemap><loc>{portal.url}sitemap{len(asked.path)}{'x' * len(asked.path)}{i}.xml</loc></sitemap>" for i in range(50)
        )
        return be.Answer(body=f"<sitemapindex {NAMESPACE}>{parts}</sitemapindex>".encode(), media_type=XML)

    portal.add("/robots.txt", be.answer(f"Sitemap: {portal.url}sitemap.xml\n", media_type=PLAIN)).add("/sitemap*", index)
    portal.add("/", be.answer(home(links("/fine")))).add("/fine", be.answer(home(title="fine")))


def long_robots() -> Iterator[bytes]:
    """10 MB of robots.txt, with what counts in its first lines."""
    return chain([CLOSED], repeat(b"Disallow: /otro/lugar/de/muchos\n" * 3200, 100))


def urlset(*places: str) -> bytes:
    """A sitemap of these places."""
    return f"<urlset {NAMESPACE}>{''.join(f'<url><loc>{place}</loc></url>' for place in places)}</urlset>".encode()


OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://{trap}/x.dtd" [<!ENTITY f SYSTEM "file:///etc/passwd">
<!ENTITY h SYSTEM "http://{trap}/entity"><!ENTITY % p SYSTEM "http://{trap}/parameter">%p;]>
<urlset><url><loc>{here}&f;&h;</loc></url></urlset>"""
FORBIDDEN = {"/secreto": Reason.ROBOTS_DISALLOWED, "/fine": None}
OPEN = {"/secreto": None, "/fine": None}

CASES = (
    Case("robots_of_10_mb", robots(be.streamed(long_robots, media_type=PLAIN)), problems=FORBIDDEN),
    Case(
        "robots_without_end",
        robots(be.streamed(lambda: chain(long_robots(), repeat(b"# and on\n" * 999)), media_type=PLAIN)),
        problems=FORBIDDEN,
    ),
    Case("robots_in_utf16", robots(be.answer(CLOSED.decode().encode("utf-16"), media_type=PLAIN)), problems=FORBIDDEN),
    Case("robots_is_a_page", robots(be.answer(home())), problems=OPEN),
    Case("robots_is_a_zip", robots(be.answer(b"PK\x03\x04" + bytes(range(256)) * 99, media_type=PLAIN)), problems=OPEN),
    Case("robots_goes_in_circles", robots(be.redirect("/robots.txt")), problems=OPEN),
    Case(
        "robots_of_wildcards",
        robots(be.answer(CLOSED + b"Disallow: /" + b"*a" * 2000 + b"$\n", media_type=PLAIN)),
        problems=FORBIDDEN,
    ),
    Case("sitemap_bomb", sitemap(b"", "application/gzip", packed), problems={"/fine": None}),
    Case(
        "sitemap_of_laughs", sitemap((LAUGHS + "]><urlset><url><loc>&j;</loc></url></urlset>").encode()), problems={"/fine": None}
    ),
    Case("sitemap_with_outside_entity", sitemap(OUTSIDE), problems={"/fine": None}),
    Case(
        "sitemap_of_private_places",
        sitemap(urlset("http://{trap}/budget", "http://169.254.169.254/budget", "file:///etc/passwd", "{here}mapped")),
        thorough=True,
        problems={"/fine": None, "/mapped": Reason.NOT_FOUND},
    ),
    Case("sitemap_without_end", endless_index, requests=12, problems={"/fine": None}),
    Case("sitemap_is_a_page", sitemap(home(), "text/html"), problems={"/fine": None}),
    Case(
        "sitemap_broken", sitemap(b"<urlset><url><loc>{here}mapped</loc></url><url><loc>{here}x&y</l"), problems={"/fine": None}
    ),
)
