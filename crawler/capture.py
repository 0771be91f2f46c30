"""The contract between the rooms: whom we visit, what we saw, how the visit ended. Facts of a page live in memory only."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A value that is written to disk: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# Whom we visit


class Level(StrEnum):
    """Level of government of an entity."""

    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL = "local"


class Branch(StrEnum):
    """Branch of government of an entity."""

    EXECUTIVE = "executive"
    LEGISLATIVE = "legislative"
    JUDICIARY = "judiciary"
    AUTONOMOUS = "autonomous"
    UNKNOWN = "unknown"


class Entity(Record):
    """A public body of the registry.

    `country` is ISO 3166-1 alpha-2; `portals` are absolute http(s) URLs, home first; `languages` are BCP 47 primary tags;
    `population` is in persons; `details` keeps the columns of the source that we do not use.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")
    name: str = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    level: Level
    branch: Branch = Branch.UNKNOWN
    admin_code: str = ""
    population: Annotated[int, Field(ge=0)] | None = None
    portals: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cadence: str = "monthly"
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    succeeded_by: str = ""
    details: dict[str, str] = Field(default_factory=dict)


# How a visit ended


class Reason(StrEnum):
    """Why a visit, or a single request, ended as it did. Words and remedies stand in `rules/reasons.toml`."""

    COMPLETE = "complete"
    NO_PORTAL = "no_portal"
    BAD_URL = "bad_url"
    UNKNOWN_HOST = "unknown_host"
    PRIVATE_ADDRESS = "private_address"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_LOST = "connection_lost"
    TIMEOUT = "timeout"
    TLS_ERROR = "tls_error"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    BLOCKED = "blocked"
    NOT_HTML = "not_html"
    EMPTY_BODY = "empty_body"
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    OFF_SITE = "off_site"
    SCRIPT_ONLY = "script_only"
    NOT_IN_ARCHIVE = "not_in_archive"
    BUDGET = "budget"
    INTERNAL_ERROR = "internal_error"


class HostVisit(Record):
    """Proof of politeness for one host: what we asked of it, and how fast."""

    host: str
    requests: int
    bytes: int
    delay_seconds: float
    robots: str


class Visit(Record):
    """How the visit of one entity ended.

    `reached`: a home page was read; when false every criterion is `untested`. `thorough`: in time, few pages unseen, no link left
    over to a thing never sampled; only then may "not found" mean `failed`. `seen_at`: the newest fetch (in an archive, its
    time), by which freshness is judged. `detail` is for debugging.
    """

    reason: Reason
    reached: bool
    thorough: bool
    started_at: datetime
    ended_at: datetime
    seen_at: datetime | None = None
    pages: int = 0
    documents: int = 0
    requests: int = 0
    failures: int = 0
    left_over: int = 0
    bytes: int = 0
    hosts: tuple[HostVisit, ...] = ()
    detail: str = ""

    @property
    def as_of(self) -> datetime:
        """The moment of which the visit speaks."""
        return self.seen_at or self.ended_at


# What we saw: facts of a page


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
    area, iframe, frame, embed, image, alternate, refresh or onclick. `section` indexes `PageFacts.sections`. `context`: words
    beside the link (its row, item or paragraph), at most 200 characters.
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


@dataclass(slots=True)
class PageFacts:
    """All that criteria may ask about one HTML page, read in one parse.

    `language` is what the page declares, `detected` what its running text looks like (BCP 47 primary tags, "" unknown).
    `resources` are (kind, url) of scripts, frames, forms and addresses in inline scripts. `shell`: the HTML is only a frame for
    scripts; `mounted`: a script framework fills a part of it. Hidden text and commented-out markup are left out of everything.
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


@dataclass(slots=True)
class DocumentFacts:
    """What a document that is not a web page holds.

    `kind`: pdf, word, sheet, slides, csv, json, xml, archive, image or other. `text`: the first part. `scanned`: None, not a PDF.
    """

    kind: str
    title: str = ""
    text: str = ""
    pages: int = 0
    rows: int = 0
    scanned: bool | None = None
    created: date | None = None
    broken: bool = False


class AxeNode(NamedTuple):
    """One element that an accessibility rule spoke of."""

    selector: str
    snippet: str
    message: str


class AxeRule(NamedTuple):
    """What axe-core said about one rule on one page; `outcome` is violations, incomplete, passes or inapplicable.

    `criteria` are WCAG success criteria ("1.1.1"). `elements` counts the elements spoken of; `nodes` shows some that fail.
    """

    id: str
    outcome: str
    impact: str
    criteria: tuple[str, ...]
    help_url: str
    elements: int
    nodes: tuple[AxeNode, ...] = ()


@dataclass(slots=True)
class Page:
    """One response and the facts read from it once.

    Either `problem` is set, or `facts` (HTML), or `document` (another file). `requested_url` is what was asked before redirects;
    `digest` is "sha256:…" of the payload, `record_id` its WARC record; `delegated`: not the entity's own; `axe`: if rendered.
    """

    url: str
    requested_url: str
    status: int
    media_type: str
    fetched_at: datetime
    depth: int = 0
    size: int = 0
    digest: str = ""
    record_id: str = ""
    problem: Reason | None = None
    facts: PageFacts | None = None
    document: DocumentFacts | None = None
    delegated: bool = False
    rendered: bool = False
    truncated: bool = False
    axe: tuple[AxeRule, ...] | None = None


@dataclass(slots=True)
class Capture:
    """Everything one run saw of one entity. `pages` is in the order of fetching and begins with home."""

    entity: Entity
    visit: Visit
    pages: list[Page] = field(default_factory=list)
    axe_version: str = ""
    browser_version: str = ""
