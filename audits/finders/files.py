"""Proof by files, and what every proof looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from audits.model import Criterion, Evidence
from audits.site import Site
from audits.text import normal, shorten, words_of_url
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
_NAME, _ABOUT, _HEAD = 80, 2, 8000
_TOP, _TOP_LINES, _MUCH = 600, 6, 5
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
    """What a content criterion asks for: its id, the proofs of which one is enough, and how much of each.

    `calls`: to announce it is to publish it (agendas, calls). `says`: how many of the words that only the thing itself uses
    prove it without a name (0: none do), also in files with `says_in_files`. `in_files`: a heading inside a file with sums of
    money below proves it. `items`: how many dated items that lead on make a list of it by their mere shape. `lapses`: days
    after which a single file is no longer it. `not_law`: the law on the thing is not the thing; `not_rules`: nor are by-laws
    on it. `instances`: a text counts where it tells of one that was held or will be. `bare`: a list of names is the thing even if
    its links are dead. `channel`: a text counts where it also says by whom or by what way one is served. `folder`: how many
    pages in a folder that bears the name make a list of it. `may_be_law`: a code or a constitution may be the thing. `files`: a
    file that calls itself one such thing is one, where `numbered` only with a number behind its name. `sessions`: an invitation
    to a session with its day and hour is one. `head`: the page of the head with a term of office is one of several.
    """

    id: str
    holds: tuple[str, ...]
    at_least: Mapping[str, int] = {}
    calls: bool = False
    says: int = 0
    says_in_files: bool = False
    in_files: bool = False
    items: int = 0
    lapses: int = 0
    not_law: bool = False
    not_rules: bool = False
    instances: bool = False
    bare: bool = False
    channel: bool = False
    folder: int = 0
    may_be_law: bool = False
    files: bool = False
    numbered: bool = False
    sessions: bool = False
    head: bool = False

    @classmethod
    def of(cls, criterion: Criterion) -> "Wanted":
        """The settings of a criterion."""
        find = criterion.find
        return cls(
            id=criterion.id,
            holds=tuple(find["holds"]),
            at_least=find.get("at_least", {}),
            calls=bool(find.get("upcoming")),
            says=int(find.get("says", 0)),
            says_in_files=bool(find.get("says_in_files")),
            in_files=bool(find.get("in_files")),
            items=int(find.get("items", 0)),
            lapses=int(find.get("lapses", 0)),
            not_law=bool(find.get("not_law")),
            not_rules=bool(find.get("not_rules")),
            instances=bool(find.get("instances")),
            bare=bool(find.get("bare")),
            channel=bool(find.get("channel")),
            folder=int(find.get("folder", 0)),
            may_be_law=bool(find.get("may_be_law")),
            files=bool(find.get("files")),
            numbered=bool(find.get("numbered")),
            sessions=bool(find.get("sessions")),
            head=bool(find.get("head")),
        )

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
    if _is_code(page, site) and not (wanted.may_be_law and _text_is_about(document, wanted, site)):
        return None
    if _names_other(page, link, wanted, site):
        return None
    if not named and wanted.id not in about:
        return None
    if wanted.id not in about and about and wanted.id not in site.lexicon.mentions(opening(document)):
        return None
    if wanted.channel and wanted.id not in about | site.lexicon.mentions(f"{document.title}\n{document.text[:_HEAD]}"):
        return None  # a page of transparency holds files of every kind
    if (wanted.not_law or wanted.not_rules) and _is_law(link, page, site, "laws"):
        return None
    if wanted.not_rules and _is_law(link, page, site, "by_laws"):
        return None
    if document.kind in _PROSE and document.text.count(" ") > 60 and not _text_is_about(document, wanted, site):
        return None
    first = opening(document) or document.title
    dated = [link.text, link.context, file_name(page), document.text[:4000]]
    return Proof("document", page, shorten(first, 200), form_of(document), dated, (source, shorten(link.text, 200)))


def _is_law(link: Link, page: Page, site: Site, kind: str) -> bool:
    """Whether a file is a law by the first words of its name, or of the link to it: laws speak of everything."""
    laws = site.sign(kind)
    names = (" ".join(words_of_url(page.url)[-1:]), link.text)
    starts = (" ".join(word for word in normal(name).split() if site.has_subject(word))[:_NAME] for name in names)
    return any(hit.start == 0 for start in starts for hit in laws.find(start))


def labels_of(page: Page) -> tuple[str, ...]:
    """What a file calls itself: its name, its title and its first line."""
    document = page.document
    said = (document.title, opening(document)) if document is not None else ()
    return tuple(label for label in (" ".join(words_of_url(page.url)[-1:]), *said) if label)


def _is_code(page: Page, site: Site) -> bool:
    """Whether a file is a constitution, a code or an organic law by what it calls itself."""
    codes = site.sign("codes")
    starts = (" ".join(word for word in normal(label).split() if site.has_subject(word))[:_NAME] for label in labels_of(page))
    return any(hit.start == 0 for start in starts for hit in codes.find(start))


def _names_other(page: Page, link: Link, wanted: Wanted, site: Site) -> bool:
    """Whether a file opens with the name of another thing and nowhere at its top names the wanted one, nor speaks much of it."""
    labels = labels_of(page)
    others = {thing for label in labels for thing in site.lexicon.opened_by(label)}
    if not others or wanted.id in others:
        return False
    document = page.document
    top = [*labels, *(document.text[:_TOP].split("\n")[:_TOP_LINES] if document is not None else ())]
    if any(wanted.id in site.names(label) or wanted.id in site.lexicon.mentions(label) for label in top):
        return False
    text = document.text[:_HEAD] if document is not None else ""
    return len(site.lexicon.inside(wanted.id, text)) < _MUCH


def file_name(page: Page) -> str:
    """The name of a file as a person reads it."""
    return unquote(page.url.rsplit("/", 1)[-1])


def opening(document: DocumentFacts) -> str:
    """The first line of a file that is more than a word or two, "" where it has none."""
    return next((line for line in document.text.split("\n") if len(line.split()) > 2), "")


def _text_is_about(document: DocumentFacts, wanted: Wanted, site: Site) -> bool:
    text = f"{document.title}\n{document.text[:_HEAD]}"
    return wanted.id in site.lexicon.mentions(text) or len(site.lexicon.inside(wanted.id, text)) >= _ABOUT


def form_of(document: DocumentFacts) -> str:
    """How useful the form of a file is: open (data, editable text), searchable (text inside), unread, or image."""
    if document.kind in _OPEN_KINDS:
        return OPEN
    if document.broken:
        return UNREAD
    return IMAGE_ONLY if document.scanned or document.kind == "image" else SEARCHABLE
