"""What a page showed in a real browser: results of rules, and what a person who does not see it or uses no mouse is given."""

from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator

AXE_OUTCOMES = {"violations": "failed", "incomplete": "cant_tell", "passes": "passed"}
"""axe-core's words for outcomes to EARL's."""


class Element(NamedTuple):
    """One element that a rule or a trial in the browser spoke of: CSS selector, beginning of its markup, message."""

    selector: str
    snippet: str
    message: str = ""


Outcome = Annotated[
    Literal["passed", "failed", "cant_tell", "inapplicable"], BeforeValidator(lambda said: AXE_OUTCOMES.get(said, said))
]
"""EARL's outcomes; captures of earlier versions have axe-core's words for them."""


class RuleResult(NamedTuple):
    """What one rule says of one page.

    `criteria` are WCAG success criteria ("1.1.1"); () for an own rule, whose criteria stand in `rules/checks.toml`. `elements`
    counts the elements spoken of; `nodes` shows some that fail, or of which nothing sure can be said.
    """

    id: str
    outcome: Outcome
    impact: str = ""
    criteria: tuple[str, ...] = ()
    help_url: str = ""
    elements: int = 0
    nodes: tuple[Element, ...] = ()


class Voiced(NamedTuple):
    """One thing on a page as Chromium tells assistive technology of it (its computed accessibility tree).

    `role` is the computed ARIA role (link, button, heading, image, textbox …); `name` the computed accessible name; `text` the
    text that is seen in it, "" where none is; `url` where a link leads, or the source of an image or a frame. `context` is what
    stands around it and is told with it: its sentence, list item or cell with headers, or what labels its group; at most 300
    characters. `language` is what the nearest lang attribute says ("" where none does).
    """

    role: str
    name: str
    text: str = ""
    url: str = ""
    context: str = ""
    language: str = ""
    element: Element = Element("", "")


class Passage(NamedTuple):
    """Running text of one declared language: `language` as the nearest lang attribute has it, "" where none says.

    `whole`: it is the page's main language, that of the html element; else a part has its own.
    """

    language: str
    text: str
    whole: bool
    element: Element = Element("", "")


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
    wide: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyboard:
    """How far real Tab presses lead: of the elements that a mouse can operate so many were looked for and so many reached.

    `trapped`: neither Tab nor Escape nor Shift+Tab led away from the last one. `unreached` shows some that were not reached, or
    what the focus is trapped in.
    """

    operable: int
    reached: int
    trapped: bool
    unreached: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What trying a page out in a browser showed. A part is None, or lacks, where it could not be tried.

    `checks` are results of our own rules (`rules/checks.toml`), `voiced` in the order of the page, `passages` its running text.
    """

    weight: Weight | None = None
    reflow: Reflow | None = None
    keyboard: Keyboard | None = None
    checks: tuple[RuleResult, ...] = ()
    voiced: tuple[Voiced, ...] = ()
    passages: tuple[Passage, ...] = ()
