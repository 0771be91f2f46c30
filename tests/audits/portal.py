"""A portal in memory: files in, the capture of a thorough visit out. What a link asks for and no file holds is a 404."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from audits.addresses import key_of
from audits.catalog import RULES
from audits.facts import read
from crawler.capture import Capture, DocumentFacts, Entity, Level, Page, PageFacts, Reason, Seen, Visit

HOME = "http://www.villa-ejemplo.example/"
SEEN = datetime(2026, 6, 15, 12, tzinfo=UTC)
FIXTURES = sorted(p for p in RULES.glob("criteria/*/fixtures/*") if p.is_dir() or p.suffix == ".html")
COUNTRIES = {"es": "PE", "pt": "BR", "en": "JM", "fr": "HT"}


def entity(language: str = "es", **more: object) -> Entity:
    """A town whose portal is HOME, in a country that speaks the language."""
    values = {"country": COUNTRIES[language], "languages": (language,), "level": Level.LOCAL, "portals": (HOME,), **more}
    return Entity.model_validate({"id": "villa", "name": "Villa Ejemplo", **values})


def visit(*, reached: bool = True, thorough: bool = True, reason: Reason = Reason.COMPLETE) -> Visit:
    """How the visit ended: thorough unless said otherwise."""
    return Visit(reason=reason, reached=reached, thorough=thorough, started_at=SEEN, ended_at=SEEN)


def capture_of(files: dict[str, str | bytes | DocumentFacts], language: str = "es", *, thorough: bool = True) -> Capture:
    """The capture of a portal whose files are given by path ("" is home)."""
    known = {key_of(HOME + path): (HOME + path, content) for path, content in files.items()}
    pages: list[Page] = []
    queue, seen = [(HOME, "")], {key_of(HOME)}
    while queue:
        url, via = queue.pop(0)
        page = _page(url, known.get(key_of(url)))
        page.via = via
        pages.append(page)
        for link in page.facts.links if page.facts else ():
            if link.url.startswith(HOME) and key_of(link.url) not in seen:
                seen.add(key_of(link.url))
                queue.append((link.url, url))
    return Capture(entity(language), visit(thorough=thorough), pages)


def _page(url: str, found: tuple[str, str | bytes | DocumentFacts] | None) -> Page:
    if found is None:
        return Page(url, url, 404, "text/html", SEEN, problem=Reason.NOT_FOUND)
    real, content = found
    if isinstance(content, DocumentFacts):
        return Page(real, url, 200, "", SEEN, size=50_000, digest="sha256:0", document=content)
    body = content.encode() if isinstance(content, str) else content
    media_type = "" if "." in urlsplit(real).path.rsplit("/", 1)[-1] and not real.endswith(".html") else "text/html"
    facts = read(body, real, media_type, "utf-8")
    page = Page(real, url, 200, media_type, SEEN, size=len(body), digest="sha256:0")
    if isinstance(facts, PageFacts):
        page.facts = facts
    else:
        page.document = facts
    return page


def capture_of_fixture(path: Path) -> Capture:
    """The capture of a fixture: an HTML file, or a folder with index.html, pages and documents (real, or `<name>.<kind>.txt`).

    What trying home out in a browser showed stands in `<fixture>.seen.json`; tests/crawler/test_rendering.py checks it.
    """
    language = next((part for part in reversed(path.stem.split("_")) if part in COUNTRIES), None) or _language_in(path.stem)
    if path.is_file():
        capture = capture_of({"": path.read_text(encoding="utf-8")}, language)
        capture.pages[0].seen = seen_of(path)
        return capture
    files: dict[str, str | bytes | DocumentFacts] = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file():
            files["" if name == "index.html" else name.removesuffix(".txt")] = _content(file)
    return capture_of(files, language)


def seen_of(path: Path) -> Seen | None:
    """What the browser showed of a fixture, as it was written down; None where nothing was."""
    kept = path.with_suffix(".seen.json")
    return TypeAdapter(Seen).validate_json(kept.read_bytes()) if kept.exists() else None


def _language_in(stem: str) -> str:
    raise ValueError(f"{stem}: the name of a fixture must hold its language (es, pt, en, fr) between underscores")


def _content(file: Path) -> str | bytes | DocumentFacts:
    if file.suffix == ".html":
        return file.read_text(encoding="utf-8")
    if file.suffix != ".txt":
        return file.read_bytes()
    from audits.documents import kind_of

    text = file.read_text(encoding="utf-8")
    kind = kind_of(file.name.removesuffix(".txt"))
    return DocumentFacts(
        kind,
        text="" if kind == "image" else text,
        pages=1 if kind == "pdf" else 0,
        scanned=not text.strip() if kind == "pdf" else None,
    )
