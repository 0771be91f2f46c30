"""What we saw: responses with their facts, and the capture that holds them all."""

from dataclasses import dataclass, field
from datetime import datetime

from .entity import Entity
from .facts import DocumentFacts, PageFacts
from .seen import RuleResult, Seen
from .visit import Reason, Visit


@dataclass(slots=True)
class Page:
    """One response and the facts read from it once.

    Either `problem` is set, or `facts` (HTML), or `document` (another file). `requested_url` is what was asked before redirects,
    `via` the page whose link led there; `charset` is that of the HTTP header. `digest` is "sha256:…" of the payload, `record_id`
    its WARC record. `delegated`: not the entity's own. `rendered`: scripts made it what it is; `starved`: they asked for
    something that did not come. `truncated`: only its first part was read. `axe`: where it was examined;
    `seen`: where it was tried out as well. `sampled` is why it belongs to the sample for accessibility, "" where it does not.
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
    starved: bool = False
    truncated: bool = False
    axe: tuple[RuleResult, ...] | None = None
    seen: Seen | None = None
    sampled: str = ""
    via: str = ""
    charset: str = ""


@dataclass(slots=True)
class Capture:
    """Everything one run saw of one entity. `pages` is in the order of fetching and begins with home."""

    entity: Entity
    visit: Visit
    pages: list[Page] = field(default_factory=list)
    axe_version: str = ""
    browser_version: str = ""
