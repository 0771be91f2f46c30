"""Answers that break HTTP, TCP or TLS, or stretch them."""

import time
from collections.abc import Iterator
from itertools import chain, repeat

from crawler.capture import Reason
from tests.portals import behaviours as be
from tests.portals.server import Portal

from .case import TITLE, Case, Trap, home, links
from .homes import at_home, lost

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
PAGE = home()
WORDS = ("agua", "bosque", "camino", "deporte", "escuela", "feria", "granja", "huerto", "isla", "jardin", "kiosco", "laguna")
SIZE = b"Content-Length: %d\r\n\r\n"


def drip() -> Iterator[bytes]:
    """A page in small pieces, and then blanks for ever."""
    for piece in chain((PAGE[at : at + 64] for at in range(0, len(PAGE), 64)), repeat(b" ")):
        yield piece
        time.sleep(0.1)


def header_drip() -> Iterator[bytes]:
    """Header lines for ever, slowly."""
    for number in range(10**6):
        yield b"X-Line-%d: more\r\n" % number
        time.sleep(0.2)


def interim() -> Iterator[bytes]:
    """Thousands of answers before the answer, which never comes."""
    while True:
        yield b"HTTP/1.1 102 Processing\r\n\r\n" * 50
        time.sleep(0.02)


def second_try(portal: Portal, trap: Trap) -> None:
    """Tears the first connection to its home, then behaves."""
    portal.add("/", be.first(1, be.torn(), be.answer(PAGE)))


def second_try_after_error(portal: Portal, trap: Trap) -> None:
    """Busy once, then behaves."""
    portal.add("/", be.first(1, be.answer("", status=503, retry_after="1"), be.answer(PAGE)))


def dies_half_way(portal: Portal, trap: Trap) -> None:
    """Answers eight times, robots.txt included, and then resets every connection."""

    def alive(asked: be.Asked) -> be.Answer:
        if asked.path == "/robots.txt":
            return be.Answer(media_type="text/plain")
        return be.Answer(body=home(links(*(f"/{word}" for word in WORDS))) if asked.path == "/" else home(title=asked.path))

    portal.add("/*", be.first(8, alive, be.wire(reset=True)))


def cookie_wall(portal: Portal, trap: Trap) -> None:
    """Sends its visitors back to where they are until they show the cookie."""

    def wall(asked: be.Asked) -> be.Answer:
        if "pass=yes" in asked.headers.get("cookie", ""):
            return be.Answer(body=PAGE)
        return be.Answer(302, headers={"Location": asked.path, "Set-Cookie": "pass=yes; Path=/"})

    portal.add("/", wall)


def a_moment() -> Iterator[bytes]:
    """Time for what was sent to be read: a reset overtakes what the system has not handed over yet."""
    time.sleep(0.3)
    yield b""


def many_cookies(portal: Portal, trap: Trap) -> None:
    """Sets 4,000 cookies; a server refuses requests that bring them all back, and so does this one."""
    cookies = b"".join(b"Set-Cookie: biscuit%d=0123456789; Path=/\r\n" % number for number in range(4_000))
    body = home(links("/second"))
    portal.add("/", be.wire(OK, cookies, SIZE % len(body), body))
    portal.add("/second", lambda asked: be.Answer(400 if len(asked.headers.get("cookie", "")) > 16_384 else 200, PAGE))


def chain_of_redirects(portal: Portal, trap: Trap) -> None:
    """Seven redirects, and then a page."""
    portal.add("/", be.redirect("/1")).add("/7", be.answer(PAGE))
    for number in range(1, 7):
        portal.add(f"/{number}", be.redirect(f"/{number + 1}"))


def mixed_case(portal: Portal, trap: Trap) -> None:
    """Writes its own name in any case."""
    here = f"LocalHost:{portal.port}"
    portal.add("/", be.answer(home(links(f"HTTP://{here}/second", f"http://LOCALHOST:{portal.port}/second"))))
    portal.add("/second", be.answer(PAGE))


SLOW = (
    Case("slow_drip", at_home(be.streamed(drip)), thorough=False),
    lost("slow_from_the_first", Reason.TIMEOUT, be.streamed(lambda: iter(lambda: time.sleep(0.2) or b"", None))),
    lost("slow_headers", Reason.TIMEOUT, be.wire(OK, then=header_drip)),
    lost("interim_flood", Reason.TIMEOUT, be.wire(then=interim)),
)

BROKEN = (
    lost("torn", Reason.CONNECTION_LOST, be.torn()),
    lost("reset_at_once", Reason.CONNECTION_LOST, be.wire(reset=True)),
    lost("garbage", Reason.CONNECTION_LOST, be.wire(bytes(range(256)) * 8)),
    lost("http_0_9", Reason.CONNECTION_LOST, be.wire(PAGE)),
    lost("status_line_alone", Reason.CONNECTION_LOST, be.wire(b"HTTP/1.1 200 OK")),
    lost("header_of_1_mb", Reason.CONNECTION_LOST, be.wire(OK, b"X-Long: ", b"x" * 2**20, b"\r\n", SIZE % len(PAGE), PAGE)),
    lost("header_name_in_binary", Reason.CONNECTION_LOST, be.wire(OK, b"X-Caf\xe9: 1\r\n", SIZE % len(PAGE), PAGE)),
    lost("header_without_end", Reason.CONNECTION_LOST, be.wire(OK, b"X-Long: ", then=lambda: repeat(b"x" * 65_536))),
    lost("broken_chunks", Reason.CONNECTION_LOST, be.wire(OK, b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\nhello\r\n")),
    lost("length_no_number", Reason.CONNECTION_LOST, be.wire(OK, b"Content-Length: many\r\n\r\n", PAGE)),
)

STRANGE = (
    Case("reset_in_mid_body", at_home(be.wire(OK, SIZE % 90_000, PAGE, then=a_moment, reset=True)), thorough=False),
    Case("length_too_long", at_home(be.cut_short(PAGE, len(PAGE) + 5000)), thorough=False),
    Case("length_too_short", lambda portal, trap: portal.add("/", be.wire(OK, SIZE % len(PAGE), PAGE, PAGE * 3))),
    Case("gzip_that_is_plain", at_home(be.answer(PAGE, content_encoding="gzip"))),
    Case("no_length", at_home(be.streamed(lambda: [PAGE]))),
    Case("no_media_type", at_home(be.answer(PAGE, media_type=""))),
    Case("html_as_plain_text", at_home(be.answer(PAGE, media_type="text/plain"))),
    Case("headers_in_binary", at_home(be.wire(OK, b"X-Cafe: \xff\xfe\xe9\r\nServer: \x80\r\n", SIZE % len(PAGE), PAGE))),
    Case("second_try", second_try),
    Case("second_try_after_error", second_try_after_error),
    Case("dies_half_way", dies_half_way, thorough=False),
    Case("cookie_wall", cookie_wall),
    Case("cookies_4000", many_cookies, problems={"/second": None}),
    Case("chain_of_redirects", chain_of_redirects),
    Case("mixed_case_host", mixed_case, home="http://LOCALhost:{port}/", problems={"/second": None}, requests=4),
)

SECURE = tuple(
    Case(f"tls_{kind}", at_home(be.answer(home(links("/second")))), tls=kind, problems={"/second": Reason.NOT_FOUND}, title=TITLE)
    for kind in ("valid", "expired", "not_yet_valid", "self_signed", "wrong_host", "untrusted")
)

CASES = SLOW + BROKEN + STRANGE + SECURE
