"""Pages that move, made for measuring and for showing that findings do not depend on the moment: the same on every machine.

Each page has faults that axe-core finds, and something that happens after it is loaded: late scripts and data, animations that
end and animations that do not, pictures that load when they are near, timers, a web font, frames, fields that take the focus.
Paths below /late/ are answered after LATE seconds.

    python -m bench.lively PAGES [SECTIONS]     serves until its standard input is closed; prints its address as JSON when ready
"""

import asyncio
import json
import random
import struct
import sys
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.site import HTML, Connection, Served, answer_of, invented

LATE = 0.15
CSS, SCRIPT, JSON, PNG, FONT = "text/css", "text/javascript", "application/json", "image/png", "font/ttf"
FONTS = Path("/usr/share/fonts/truetype")
PICTURES = 12

STYLE = """body { margin: 0; font: 16px/1.5 sans-serif; color: #222; background: #fff } a { color: #0b3d6e }
header, footer { background: #0b3d6e; color: #fff; padding: 8px 16px } header a, footer a { color: #fff }
nav ul { display: flex; flex-wrap: wrap; gap: 12px; list-style: none; margin: 0; padding: 0 } main { padding: 0 16px }
.pale { color: #aaa } .card { border: 1px solid #ddd; padding: 8px }
.cards { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px; list-style: none; padding: 0 }
td, th { border: 1px solid #ccc; padding: 6px } .web { font-family: portal, sans-serif }
@font-face { font-family: portal; src: url(/late/portal.ttf); font-display: swap }
@keyframes come { from { opacity: 0; color: #eee } to { opacity: 1; color: #777 } }
@keyframes turn { to { transform: rotate(360deg) } }
.comes { animation: come .6s both } .comes-late { animation: come .5s .4s both } .turns { animation: turn 2s infinite linear }
.slides { transition: opacity .5s } .hidden { opacity: 0 } .seen { opacity: 1; transition: opacity .4s }
"""

EVENTS = {
    "late": """setTimeout(() => { const box = document.createElement('section');
      box.innerHTML = '<h2>Late</h2><img src="/picture1.png"><p class="pale">late words</p><button></button>';
      document.querySelector('main').append(box) }, 120)""",
    "later": """let n = 0; const more = () => { const p = document.createElement('p'); p.className = 'pale';
      p.textContent = 'part ' + n;
      document.querySelector('main').append(p); if (++n < 6) setTimeout(more, 90) }; setTimeout(more, 200)""",
    "data": """fetch('/late/list.json').then(answer => answer.json()).then(items => { const list = document.createElement('ul');
      list.innerHTML = items.map(item => `<li><a href="/">${item}</a> <a href="/x"></a></li>`).join('');
      document.querySelector('main').prepend(list) })""",
    "fade": """document.querySelectorAll('main p').forEach((p, at) => p.classList.add(at % 2 ? 'comes' : 'comes-late'))""",
    "spin": """document.querySelector('h1').insertAdjacentHTML('afterend', '<span class="turns pale">wheel</span>')""",
    "count": """const from = performance.now(), box = document.createElement('output');
      document.querySelector('main').append(box);
      const tick = now => { const part = Math.min((now - from) / 700, 1); box.textContent = Math.round(part * 5000);
      box.style.color = part < 1 ? '#ddd' : '#999'; if (part < 1) requestAnimationFrame(tick) }; requestAnimationFrame(tick)""",
    "lazy": """const watch = new IntersectionObserver(seen => seen.forEach(one => { if (one.isIntersecting) {
      one.target.classList.replace('hidden', 'seen'); watch.unobserve(one.target) } }));
      document.querySelectorAll('section').forEach(one => { one.classList.add('hidden'); watch.observe(one) })""",
    "carousel": """const slides = document.querySelectorAll('.card'); let at = 0;
      const show = () => { slides.forEach((one, nr) => {
      one.ariaHidden = String(nr !== at); one.style.opacity = nr === at ? 1 : .3 }); at = (at + 1) % Math.max(slides.length, 1) };
      show(); setInterval(show, 20000)""",
    "clock": """const clock = document.createElement('p'); clock.className = 'pale';
      document.querySelector('footer').append(clock);
      setInterval(() => { clock.textContent = new Date().toISOString() }, 1000)""",
    "focus": """setTimeout(() => { const field = document.createElement('input'); document.querySelector('main').append(field);
      field.focus() }, 250)""",
    "grow": """addEventListener('load', () => setTimeout(() => document.querySelectorAll('.card').forEach(one => {
      one.style.transition = 'background .4s'; one.style.background = '#767676' }), 60))""",
    "paint": """document.querySelector('h1').animate([{color: '#eee'}, {color: '#888'}], {duration: 650, fill: 'forwards'})""",
}
"""What happens on a page, by name; page n does the n-th of them, and every third page one more."""


class Lively:
    """`pages` pages of `sections` sections each, about 40 elements a section."""

    def __init__(self, pages: int, *, sections: int = 3, seed: int = 11) -> None:
        self.pages, self.sections, self.seed = pages, sections, seed
        self._words = list(invented(random.Random(seed), 800))

    @property
    def paths(self) -> list[str]:
        """The pages, in their order."""
        return [f"/pages/{page}.html" for page in range(self.pages)]

    def all(self) -> Served:
        """Everything that is served, by path."""
        served: Served = {path: (HTML, self.html(page).encode()) for page, path in enumerate(self.paths)}
        served |= {f"/frames/{page}.html": (HTML, self._frame(page).encode()) for page in range(4)}
        served |= {f"/picture{at}.png": (PNG, _picture(random.Random(at))) for at in range(PICTURES)}
        style = STYLE + _ballast(".u{0} .c{0} > p {{ margin: {0}px; color: #123 }}\n", 500)
        script = _ballast("window.m{0} = (a, b) => {{ let s = {0}; for (const x of a) s += x; }};\n", 600)
        served["/style.css"], served["/app.js"] = (CSS, style.encode()), (SCRIPT, script.encode())
        served["/late/app.js"] = SCRIPT, b"document.documentElement.classList.add('js')"
        served["/late/list.json"] = JSON, json.dumps(self._words[:8]).encode()
        served["/late/portal.ttf"] = FONT, _font()
        return served

    def html(self, page: int) -> str:
        """One page."""
        random_ = random.Random(self.seed * 100_003 + page)
        names = list(EVENTS)
        events = [names[page % len(names)], *([names[page * 7 % len(names)]] if page % 3 == 0 else [])]
        menu = "".join(f'<li><a href="{path}">{self._some(random_, 2)}</a></li>' for path in self.paths[:12])
        extra = f'<iframe src="/frames/{page % 4}.html" height="120"></iframe>' if page % 5 == 0 else ""
        extra += '<p><input autofocus name="q"></p>' if page % 11 == 0 else ""
        body = "".join(self._section(random_, at) for at in range(self.sections))
        script = "".join(f"<script>{{ {EVENTS[name]} }}</script>" for name in dict.fromkeys(events))
        return (
            f'<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>{self._some(random_, 3)}</title>'
            '<link rel="stylesheet" href="/style.css"><script src="/app.js" defer></script>'
            f"{'<script src=/late/app.js async></script>' if page % 2 else ''}</head><body>"
            f'<header><a href="/"><img src="/picture0.png" alt="Portal"></a></header><nav><ul>{menu}</ul></nav>'
            f'<main class="{"web" if page % 4 == 1 else ""}"><h1>{self._some(random_, 4)}</h1>{extra}{body}</main>'
            f"<footer><p>{self._some(random_, 12)}</p></footer>{script}</body></html>"
        )

    def _section(self, random_: random.Random, at: int) -> str:
        loading = "lazy" if at else "eager"
        cards = "".join(
            f'<li class="card"><img loading="{loading}" width="240" height="120" src="/picture{random_.randrange(PICTURES)}.png"'
            f'{" alt=x" if random_.random() < 0.7 else ""}><h3><a href="/pages/0.html">{self._some(random_, 3)}</a></h3></li>'
            for _ in range(4)
        )
        rows = "".join(f"<tr><td>{self._some(random_, 2)}</td><td>{random_.randint(1, 9999)}</td></tr>" for _ in range(4))
        field = f'<input id="f{at}" name="f{at}">' + (f'<label for="f{at}">x</label>' if random_.random() < 0.5 else "")
        pale = ' class="pale"' if random_.random() < 0.3 else ""
        return (
            f"<section><h2>{self._some(random_, 3)}</h2><p{pale}>{self._some(random_, 30)}</p><ul class=cards>{cards}</ul>"
            f"<table><tbody>{rows}</tbody></table><p>{self._some(random_, 25)}</p>{field}</section>"
        )

    def _frame(self, page: int) -> str:
        event = EVENTS["late"] if page % 2 else EVENTS["fade"]
        return (
            f'<!DOCTYPE html><html lang="es"><head><title>frame {page}</title><link rel="stylesheet" href="/style.css"></head>'
            f"<body><main><p class=pale>{self._words[page]}</p><p>two</p><img src=/picture2.png></main>"
            f"<script>{event}</script></body></html>"
        )

    def _some(self, random_: random.Random, words: int) -> str:
        return " ".join(random_.choices(self._words, k=words))


def _ballast(line: str, lines: int) -> str:
    """As much code as portals have that no page needs."""
    return "".join(line.format(at) for at in range(lines))


def _picture(random_: random.Random) -> bytes:
    """A PNG of 240 by 120 pixels in one colour."""
    row = b"\0" + bytes(random_.randrange(256) for _ in range(3)) * 240

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 240, 120, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(row * 120)) + chunk(b"IEND", b"")


def _font() -> bytes:
    """A font of this machine; none where it has none: pages then keep the one that they have."""
    found = min(FONTS.rglob("*.ttf"), key=lambda path: (path.stat().st_size, path), default=None)
    return found.read_bytes() if found else b""


class _Patient(Connection):
    """Lets who asks for something late wait for it."""

    def send(self, path: bytes, answer: bytes, *, last: bool) -> None:
        """Answer now, or after LATE seconds."""
        if path.startswith(b"/late/"):
            asyncio.get_running_loop().call_later(LATE, partial(super().send, path, answer, last=last))
        else:
            super().send(path, answer, last=last)


async def main(pages: int, sections: int) -> None:
    """Serve the pages until standard input is closed."""
    site = Lively(pages, sections=sections)
    answers = {path.encode(): answer_of(b"200 OK", kind, body) for path, (kind, body) in site.all().items()}
    missing = answer_of(b"404 Not Found", "text/plain", b"nothing here")
    server = await asyncio.get_running_loop().create_server(lambda: _Patient(answers, missing), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(json.dumps({"address": address, "urls": [address + path for path in site.paths]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def _arguments(given: Sequence[str]) -> tuple[int, int]:
    return int(given[0]), int(given[1]) if len(given) > 1 else 3


if __name__ == "__main__":
    asyncio.run(main(*_arguments(sys.argv[1:])))
