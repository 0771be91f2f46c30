"""What a page or a document holds. Facts live in memory only: they are read anew from what was captured."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Place(StrEnum):
    """Where on a page something stands."""

    HEADER = "header"
    NAV = "nav"
    MAIN = "main"
    ASIDE = "aside"
    FOOTER = "footer"


class Link(NamedTuple):
    """A way from a page to another URL, resolved and normalised, with the words that announce it.

    `url` is "" for a link that leads nowhere (`#`, `javascript:`, unusable); `target` is the attribute as written. `kind` is a,
    area, iframe, frame, embed, image, alternate, refresh, onclick, sitemap or feed. `section` indexes `PageFacts.sections`.
    `context`: words beside the link (its row, item or paragraph), at most 200 characters.
    """

    url: str
    text: str
    place: Place
    section: int
    kind: str = "a"
    target: str = ""
    context: str = ""


@dataclass(slots=True)
class Section:
    """A heading and all that stands under it until the next heading. The first section may have no heading.

    `level` is 1–6 for h1–h6, 7 for text that only looks like a heading (bold line, caption, legend, summary), 0 for none.
    `text` is white-space-normalised; `rows` counts table rows, `items` list items, `words` the words of `text`.
    """

    heading: str
    level: int
    place: Place
    text: str = ""
    tables: int = 0
    rows: int = 0
    items: int = 0
    images: int = 0


class Control(NamedTuple):
    """One field of a form: its type (text, textarea, email, file, password, select …), name, and words beside it."""

    kind: str
    name: str
    label: str


@dataclass(slots=True)
class Form:
    """A form, or a group of controls without a form element. `words` are its labels, legends and buttons."""

    action: str
    method: str
    controls: tuple[Control, ...]
    words: str
    place: Place
    section: int


class Media(NamedTuple):
    """Something that a page plays itself: video or audio, its file, whether it has captions, whether it starts unasked."""

    kind: str
    url: str
    captions: bool = False
    autoplay: bool = False


@dataclass(slots=True)
class PageFacts:
    """All that criteria may ask about one HTML page, read in one parse.

    `language` is what the page declares, `detected` what its running text looks like (BCP 47 primary tags, "" unknown).
    `resources` are (kind, url) of scripts, frames, forms and addresses in inline scripts. `shell`: the HTML is only a frame for
    scripts; `mounted`: a script framework fills a part of it. `canonical` is the address that the page gives
    as its own. `bad_links` counts links that lead nowhere as they are written (`http://[x`, `file:`, `localhost`). `viewport` is
    what the page asks of small screens ("" nothing); `alternates` are (language, url) of versions in other languages that it
    declares; `structured` the types of structured data in it (schema.org names, prefixes dropped); `media` what it plays itself.
    `structure` is what its markup is built like: hashes in rising order, of which pages of one template share most.
    Hidden text and commented-out markup are left out of everything.
    """

    title: str = ""
    description: str = ""
    language: str = ""
    detected: str = ""
    generator: str = ""
    sections: list[Section] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    resources: list[tuple[str, str]] = field(default_factory=list)
    words: int = 0
    shell: bool = False
    mounted: bool = False
    canonical: str = ""
    bad_links: int = 0
    viewport: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    structured: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    structure: tuple[int, ...] = ()


class Signature(NamedTuple):
    """A cryptographic signature in a document.

    `signer` and `issuer` are the names in its certificate ("" unreadable). `intact`: the signed bytes are as they were when
    signed; `whole`: nothing was added after the last signature. Whether the issuer is to be trusted is not judged.
    """

    signer: str
    issuer: str
    intact: bool
    whole: bool
    signed_at: datetime | None = None


@dataclass(slots=True)
class DocumentFacts:
    """What a document that is not a web page holds.

    `kind`: pdf, word, sheet, slides, csv, json, xml, archive, image or other. `text`: the first part. `declared` is the language
    that it declares, `language` that one, else what is detected (BCP 47 primary tags). `scanned`, `tagged` and `shows_title` (its
    title stands above the window, not its file name): None where it is no PDF. `pdf_ua`: the part of ISO 14289, PDF for all, that
    it says it follows, 0 none. `period`: first and last day that the
    document says it speaks of. `machine_readable`: made of records that a program can read. `members`: names of the
    files in an archive. `encrypted`: it opens with a password only. `broken`: it cannot be opened.
    """

    kind: str
    title: str = ""
    text: str = ""
    pages: int = 0
    rows: int = 0
    scanned: bool | None = None
    created: date | None = None
    broken: bool = False
    language: str = ""
    tagged: bool | None = None
    modified: date | None = None
    period: tuple[date, date] | None = None
    machine_readable: bool = False
    encrypted: bool = False
    members: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    declared: str = ""
    shows_title: bool | None = None
    pdf_ua: int = 0
