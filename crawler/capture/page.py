"""What we saw: responses with their facts, and the capture that holds them all."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .entity import Entity
from .facts import DocumentFacts, PageFacts
from .visit import Reason, Visit


class AxeNode(NamedTuple):
    """One element that an accessibility rule or a trial in the browser spoke of."""

    selector: str
    snippet: str
    message: str = ""


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


@dataclass(frozen=True, slots=True)
class Weight:
    """All that a page fetched until it stood still: its bytes as they were sent, compressed where that is known, and requests.

    `whole`: it had finished loading by then, and nothing was kept from it by guard, robots.txt or the limits of an archive.
    """

    bytes: int
    requests: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Reflow:
    """How a page fits a window 320 CSS px wide: by how many of them its content sticks out, and some of what does."""

    overflow: int
    wide: tuple[AxeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyboard:
    """How far real Tab presses lead: of the elements that a mouse can operate so many were looked for and so many reached.

    `trapped`: neither Tab nor Escape nor Shift+Tab led away from the last one. `unreached` shows some that were not reached, or
    what the focus is trapped in.
    """

    operable: int
    reached: int
    trapped: bool
    unreached: tuple[AxeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What trying a page out in a browser showed. A part is None where it could not be tried."""

    weight: Weight | None = None
    reflow: Reflow | None = None
    keyboard: Keyboard | None = None


@dataclass(slots=True)
class Page:
    """One response and the facts read from it once.

    Either `problem` is set, or `facts` (HTML), or `document` (another file). `requested_url` is what was asked before redirects,
    `via` the page whose link led there; `charset` is that of the HTTP header. `digest` is "sha256:…" of the payload, `record_id`
    its WARC record. `delegated`: not the entity's own. `rendered`: scripts made it what it is; `starved`: they asked for
    something that did not come. `truncated`: only its first part was read. `axe`: where it was examined;
    `seen`: where it was tried out as well.
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
    axe: tuple[AxeRule, ...] | None = None
    seen: Seen | None = None
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
