"""A portal made for measuring: the same on every machine, served on loopback by a process of its own.

A page has about 75 kB and 141 links to the same site, as portals have them: a menu, a way back, a side list, cards,
paragraphs, tables, forms, a footer. A fifth of its titles are names that the rules know, so that links are worth something.

    python -m bench.site PAGES [PORTALS]     serves until its standard input is closed; prints its address as JSON when ready
"""

import asyncio
import gzip
import json
import random
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

WORDS = Path(__file__).resolve().parent.parent / "rules" / "words" / "es"
ENTRIES_OF_MENU, ENTRIES_OF_FOOTER, BRANCHES = 60, 26, 12
HTML, PDF, TEXT = "text/html; charset=utf-8", "application/pdf", "text/plain"
FILE_EVERY = 50
"""One page in so many links to a file of its own."""

Served = dict[str, tuple[str, bytes]]
"""Media type and body by path."""


class Site:
    """`pages` pages below `root` ("/" or "/folder/"); page 0 is home. Sizes are in bytes, before compression."""

    def __init__(self, pages: int, *, root: str = "/", size: int = 75_000, links: int = 141, seed: int = 7) -> None:
        self.pages, self.root, self.size, self.links, self.seed = pages, root, size, links, seed
        random_ = random.Random(seed)
        self._words = list(invented(random_, 1500))
        names = _names()
        self._titles = ["Portal"] + [
            random_.choice(names) if random_.random() < 0.2 else self._some(random_, 2, 5).capitalize() for _ in range(pages)
        ]

    def path(self, page: int) -> str:
        """Where a page is: home, then twelve pages below each page, named by words (numbers would look like a calendar)."""
        if page == 0:
            return self.root
        parts = []
        while page > 0:
            parts.append(self._words[page % len(self._words)] + "-" + self._words[page // BRANCHES % len(self._words)])
            page = (page - 1) // BRANCHES
        return self.root + "/".join(reversed(parts)) + ".html"

    def all(self) -> Served:
        """Everything that is served, by path."""
        served: Served = {"/robots.txt": (TEXT, b"User-agent: *\nDisallow: /closed/\n")}
        for page in range(self.pages):
            served[self.path(page)] = (HTML, self.html(page).encode())
            if page % FILE_EVERY == FILE_EVERY - 1:
                served[self._file(page)] = (PDF, _pdf(self._titles[page]))
        return served

    def html(self, page: int) -> str:
        """One page."""
        random_ = random.Random(self.seed * 100_003 + page)
        pieces = [
            f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8"><title>{self._titles[page]} - Portal</title>'
            f'<meta name="description" content="{self._some(random_, 8, 15)}"><link rel="canonical" href="{self.path(page)}">'
            '<link rel="stylesheet" href="/base.css"><script src="/app.js" defer></script></head><body class="page">',
            self._menu,
            self._way_back(page),
            "<aside><ul>" + "".join(f"<li>{self._anchor(child)}</li>" for child in self._below(page)) + "</ul></aside>",
            f'<main id="main"><h1>{self._titles[page]}</h1><p class="lead">{self._paragraph(random_)}</p>',
        ]
        if page % FILE_EVERY == FILE_EVERY - 1:
            pieces.append(f'<p><a href="{self._file(page)}">{self._titles[page]}</a></p>')
        left = self.links - sum(piece.count("<a ") for piece in pieces) - ENTRIES_OF_FOOTER
        length = sum(map(len, pieces)) + len(self._footer)
        target = self.size * random_.uniform(0.6, 1.4)
        while length < target or left > 0:
            block = self._block(random_, min(left, 10) if length < target else left)
            left -= block.count("<a ")
            length += len(block)
            pieces.append(block)
        return "\n".join([*pieces, "</main>", self._footer, "</body></html>"])

    # Parts of a page ---

    @cached_property
    def _menu(self) -> str:
        entries = [page % self.pages for page in range(1, ENTRIES_OF_MENU + 1)][: self.links // 2]
        groups = [entries[at : at + 6] for at in range(0, len(entries), 6)]
        lists = "".join(
            f'<li class="has-sub"><button type="button" aria-controls="sub{at}">{self._titles[group[0]]}</button>'
            f'<div class="sub" id="sub{at}"><ul>'
            + "".join(f'<li class="item">{self._anchor(page)}</li>' for page in group)
            + "</ul></div></li>"
            for at, group in enumerate(groups)
        )
        logo = f'<a class="logo" href="{self.root}"><img src="/logo.png" alt="Portal"></a>'
        return f'<header class="site-header">{logo}</header><nav class="main"><ul>{lists}</ul></nav>'

    @cached_property
    def _footer(self) -> str:
        random_ = random.Random(self.seed)
        entries = "".join(f"<li>{self._anchor(random_.randrange(self.pages))}</li>" for _ in range(ENTRIES_OF_FOOTER))
        where = f"{_sign('address')} {self._words[0].capitalize()} 123, {_sign('telephone')}: (01) 234-5678"
        entries += f"<li>{where}</li>"
        return f'<footer class="site-footer"><h2>{self._some(random_, 2, 3)}</h2><ul>{entries}</ul></footer>'

    def _way_back(self, page: int) -> str:
        way = [page]
        while way[-1] > 0:
            way.append((way[-1] - 1) // BRANCHES)
        return (
            '<nav class="breadcrumb"><ol>' + "".join(f"<li>{self._anchor(step)}</li>" for step in reversed(way)) + "</ol></nav>"
        )

    def _below(self, page: int) -> Sequence[int]:
        first = page * BRANCHES + 1
        return range(first, min(first + BRANCHES, self.pages)) if first < self.pages else range(max(page - 6, 0), page)

    def _block(self, random_: random.Random, links: int) -> str:
        """A section with at most `links` links and something to read."""
        targets = [random_.randrange(self.pages) for _ in range(links)]
        kind = random_.random()
        head = f"<section><h2>{self._some(random_, 2, 6).capitalize()}</h2>"
        if kind < 0.3:
            body = "".join(f"<p>{self._paragraph(random_)} {link}</p>" for link in list(map(self._anchor, targets)) or [""])
        elif kind < 0.5:
            rows = "".join(
                f"<tr><th>{self._some(random_, 2, 4)}</th><td>{random_.randint(1, 28):02}/{random_.randint(1, 12):02}/2026</td>"
                f"<td>{random_.randint(1000, 99999)}</td><td>{self._some(random_, 1, 4)}</td></tr>"
                for _ in range(random_.randint(8, 30))
            )
            linked = "".join(
                f"<tr><td>{self._some(random_, 2, 4)}</td><td>{self._anchor(page)}</td></tr>" for page in targets[:6]
            )
            body = f"<table><tbody>{rows}{linked}</tbody></table>"
        elif kind < 0.85:
            body = "".join(
                f'<li class="card"><img src="/photo{page % 9}.png" alt="{self._some(random_, 2, 4)}">'
                f'<div class="card-body"><h3>{self._anchor(page)}</h3><p>{self._sentence(random_)}</p>'
                f'<p class="meta"><time>{random_.randint(1, 28)}/03/2026</time>'
                f" <span>{self._some(random_, 1, 1)}</span></p></div></li>"
                for page in targets
            )
            body = f'<ul class="cards">{body}</ul><p>{self._paragraph(random_)}</p>'
        else:
            fields = "".join(
                f'<div class="field"><label for="f{at}">{self._some(random_, 1, 3)}</label>'
                f'<input type="text" id="f{at}" name="f{at}">'
                f'<p class="hint">{self._sentence(random_)}</p></div>'
                for at in range(random_.randint(3, 8))
            )
            body = f'<form action="/send" method="post">{fields}<button>{self._some(random_, 1, 1)}</button></form>'
        return head + body + "</section>"

    def _anchor(self, page: int) -> str:
        return f'<a class="link" href="{self.path(page)}"><span>{self._titles[page]}</span></a>'

    def _file(self, page: int) -> str:
        return self.path(page).removesuffix(".html") + ".pdf"

    def _some(self, random_: random.Random, least: int, most: int) -> str:
        return " ".join(random_.choices(self._words, k=random_.randint(least, most)))

    def _sentence(self, random_: random.Random) -> str:
        return self._some(random_, 7, 20).capitalize() + "."

    def _paragraph(self, random_: random.Random) -> str:
        return " ".join(self._sentence(random_) for _ in range(random_.randint(2, 5)))


def _sign(name: str) -> str:
    """The first word by which pages announce something."""
    return str(tomllib.loads((WORDS / "fields.toml").read_text("utf-8"))[name]["words"][0])


def _names() -> list[str]:
    """Names of things that criteria ask for."""
    tables = [table for path in sorted(WORDS.glob("*.toml")) for table in tomllib.loads(path.read_text("utf-8")).values()]
    return [name for table in tables for name in table.get("names", ()) if not name.endswith("*")]


def invented(random_: random.Random, count: int) -> Iterator[str]:
    """Words that mean nothing in any language."""
    starts, ends = (
        ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "br", "cr", "dr", "fl", "gr", "pl", "tr"],
        ["a", "e", "i", "o", "u", "an", "en", "in", "on", "ar", "or", "al", "el"],
    )
    seen: set[str] = set()
    while len(seen) < count:
        word = "".join(random_.choice(starts) + random_.choice(ends) for _ in range(random_.randint(2, 4)))
        if word not in seen:
            seen.add(word)
            yield word


def _pdf(title: str) -> bytes:
    """A PDF of one page with a line of text."""
    text = (
        b"BT /F1 12 Tf 72 700 Td (" + title.encode("latin-1", "replace").replace(b"(", b"").replace(b")", b"") + b" 2026) Tj ET"
    )
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(text) + text + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    whole, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj" % number + inner + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return whole + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


class Connection(asyncio.Protocol):
    """Keeps a connection open and answers one GET after the other from memory."""

    def __init__(self, answers: dict[bytes, bytes], missing: bytes) -> None:
        self._answers, self._missing, self._heard = answers, missing, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            self.send(path, self._answers.get(path, self._missing), last=b"connection: close" in head.lower())

    def send(self, path: bytes, answer: bytes, *, last: bool) -> None:
        """Send what was asked for at `path`, and close where no more will be asked; one whose visitor has gone is lost."""
        self._transport.write(answer)
        if last:
            self._transport.close()


async def serve(served: Served, hosts: Sequence[str] = ("127.0.0.1",)) -> asyncio.Server:
    """Serve on a free port of loopback addresses, all with the same port."""
    answers = {path.encode(): answer_of(b"200 OK", kind, body) for path, (kind, body) in served.items()}
    missing = answer_of(b"404 Not Found", TEXT, b"nothing here")
    loop = asyncio.get_running_loop()
    first = await loop.create_server(lambda: Connection(answers, missing), hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    if len(hosts) > 1:
        await loop.create_server(lambda: Connection(answers, missing), list(hosts[1:]), port)
    return first


def answer_of(status: bytes, kind: str, body: bytes) -> bytes:
    """A whole HTTP response, its body packed."""
    packed = gzip.compress(body, 6, mtime=0)
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind.encode(), len(packed)) + packed


def hosts_of(portals: int) -> list[str]:
    """Loopback addresses, one a portal, so that each portal is a host of its own."""
    return [f"127.{20 + at // 62_500}.{at // 250 % 250}.{at % 250 + 1}" for at in range(portals)]


async def main(pages: int, portals: int) -> None:
    """Serve a site until standard input is closed: on 127.0.0.1, or on as many addresses as there are portals."""
    small = Site(pages, size=12_000, links=30) if portals else Site(pages)
    server = await serve(small.all(), hosts_of(portals) or ("127.0.0.1",))
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    print(json.dumps({"address": address}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
