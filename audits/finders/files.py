"""Proof by files, and what every proof looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from audits.model import Evidence
from audits.site import Site
from audits.text import shorten
from crawler.capture import DocumentFacts, Link, Page

OPEN, SEARCHABLE, UNREAD, IMAGE_ONLY = "open", "searchable", "unread", "image"
FORMS = (OPEN, SEARCHABLE, UNREAD, IMAGE_ONLY)
"""How useful the form of what proves a thing is, best first; `unread` where the file was cut before its form could be told."""

AT_LEAST = {
    "document": 1,
    "image": 1,
    "amounts": 4,
    "table": 3,
    "list": 4,
    "people": 2,
    "dated": 2,
    "norms": 2,
    "text": 60,
    "inside": 2,
}
"""How much of each proof is enough, unless a criterion says otherwise; `text` in words, `inside` in distinct words."""

_DOCUMENTS = frozenset({"pdf", "word", "sheet", "slides", "csv", "json", "xml", "archive"})
_PROSE = frozenset({"pdf", "word", "slides"})
_OPEN_KINDS = frozenset({"word", "sheet", "csv", "json", "xml"})


@dataclass(slots=True)
class Proof:
    """What proves a thing: the page or file, words of it, the form it has, and the texts whose dates tell how new it is.

    `announced` is the page that leads to a file and the words in which it does so: a picture has no words of its own.
    """

    kind: str
    page: Page
    quote: str
    form: str = OPEN
    dated: list[str] = field(default_factory=list)
    announced: tuple[Page, str] | None = None

    def evidence(self) -> tuple[Evidence, ...]:
        """Where to see it: every quote stands in the record beside it."""
        places = [(self.page, self.quote), *([self.announced] if self.announced else [])]
        return tuple(evidence_of(page, quote) for page, quote in places)

    @property
    def words(self) -> str:
        """Words that tell a person what was found."""
        return self.quote or (self.announced[1] if self.announced else "") or self.page.url


def evidence_of(page: Page, quote: str) -> Evidence:
    """Evidence at a page or file."""
    return Evidence(url=page.url, captured_at=page.fetched_at, quote=quote, record_id=page.record_id, digest=page.digest)


class Wanted(NamedTuple):
    """What a content criterion asks for: its id, the proofs of which one is enough, and how much of each."""

    id: str
    holds: tuple[str, ...]
    at_least: Mapping[str, int]

    def enough(self, kind: str) -> int:
        """How much of one kind of proof is enough."""
        return self.at_least.get(kind, AT_LEAST[kind])


def is_readable(page: Page | None) -> bool:
    """Whether a target is a file that was fetched and can be opened; of one that we cut ourselves nobody can tell more."""
    if page is None or page.problem is not None or page.document is None or page.size == 0:
        return False
    return page.truncated or not page.document.broken


def document_proof(source: Page, link: Link, wanted: Wanted, site: Site, *, named: bool) -> Proof | None:
    """Proof by the file behind a link of `source`: it opens, people can read it, and it is about the thing as far as it tells."""
    page = site.target(link)
    document = page.document if page is not None else None
    if page is None or document is None or not is_readable(page) or document.kind not in _DOCUMENTS:
        return None
    about = set(site.names(link.text)) | set(site.lexicon.names_of_url(page.url)) if link.text else set()
    if not named and wanted.id not in about:
        return None
    if wanted.id not in about and about:
        return None
    if document.kind in _PROSE and document.text.count(" ") > 60 and not _text_is_about(document, wanted, site):
        return None
    first = opening(document) or document.title
    dated = [link.text, link.context, page.url.rsplit("/", 1)[-1], document.text[:4000]]
    return Proof("document", page, shorten(first, 200), form_of(document), dated, (source, shorten(link.text, 200)))


def opening(document: DocumentFacts) -> str:
    """The first line of a file that is more than a word or two, "" where it has none."""
    return next((line for line in document.text.split("\n") if len(line.split()) > 2), "")


def _text_is_about(document: DocumentFacts, wanted: Wanted, site: Site) -> bool:
    text = f"{document.title}\n{document.text[:8000]}"
    return wanted.id in site.lexicon.mentions(text) or bool(site.lexicon.inside(wanted.id, text))


def form_of(document: DocumentFacts) -> str:
    """How useful the form of a file is: open (data, editable text), searchable (text inside), unread, or image."""
    if document.kind in _OPEN_KINDS:
        return OPEN
    if document.broken:
        return UNREAD
    return IMAGE_ONLY if document.scanned or document.kind == "image" else SEARCHABLE
