"""What is asked, and what was concluded: criteria, findings, frameworks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, model_validator

from crawler.capture import Entity, Record, Visit

Texts = dict[str, str]
"""One text in several languages: {"es": …, "pt": …, "en": …}."""

LANGUAGES = ("es", "pt", "en")
"""Languages in which everything we say to people is written."""


class Verdict(StrEnum):
    """EARL's five outcomes (https://www.w3.org/TR/EARL10-Schema/#OutcomeValue)."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cant_tell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


class Status(StrEnum):
    """How far a criterion may be trusted: drafts are published but never scored."""

    DRAFT = "draft"
    PROVISIONAL = "provisional"
    STABLE = "stable"
    RETIRED = "retired"


class Kind(StrEnum):
    """What a criterion asks for, which fixes its aspects."""

    INFORMATION = "information"
    SERVICE = "service"
    ACCESSIBILITY = "accessibility"


PUBLISHED, USEFUL, TIMELY, OFFERED = "published", "useful", "timely", "offered"

ASPECTS = {Kind.INFORMATION: (PUBLISHED, USEFUL, TIMELY), Kind.SERVICE: (OFFERED,)}
"""Aspects of a criterion by kind; those of an accessibility criterion are WCAG success criteria, listed in its data."""


class Criterion(Record):
    """One thing asked of a portal, as read from `rules/criteria/<id>/criterion.toml`.

    `find` names a ready-made search and its settings; the search itself checks them (see `audits/finders`).
    `timely_days` is how old the newest content may be, in days at the time of the capture.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind
    status: Status
    group: str
    title: Texts
    what: Texts
    why: Texts
    guidance: Texts
    assumptions: tuple[str, ...] = ()
    find: dict[str, Any]
    aspects: tuple[str, ...]
    timely_days: int | None = None
    messages: dict[str, Texts] = Field(default_factory=dict)
    sources: tuple[str, ...]


class Evidence(Record):
    """Where anyone can see it: the quote is in the WARC record whose digest stands beside it."""

    url: str
    captured_at: datetime
    quote: str = ""
    selector: str = ""
    record_id: str = ""
    digest: str = ""


class Finding(Record):
    """The verdict on one aspect of one criterion for one entity in one run.

    `reason` is a code that `rules/reasons.toml` or the criterion's own messages put into words; `values` fill the blanks.
    `depth` is the depth of proof reached: 0 nothing, 1 announced, 2 published, 3 useful or timely.
    """

    criterion: str
    aspect: str
    verdict: Verdict
    reason: str
    values: dict[str, str] = Field(default_factory=dict)
    depth: int = 0
    newest: date | None = None
    evidence: tuple[Evidence, ...] = ()


class Candidate(Record):
    """A host that nobody knows beside words for a thing that a provider may offer: perhaps a provider to add to the rules.

    `kind` is the kind of provider, `words` what stands beside the host on `page`, `url` where it leads.
    """

    kind: str
    host: str
    url: str
    words: str
    page: str


class Barrier(Record):
    """Something on pages of the sample that keeps people out, told once however many pages a template repeats it on.

    `rules` failed it, and `criteria` are the success criteria that they answer for. `pages` are addresses, `elements` counts it
    on all of them. `example` is one of its elements, `message` what the rule said of that one, `help_url` what explains the rule.
    """

    rules: tuple[str, ...]
    criteria: tuple[str, ...]
    pages: tuple[str, ...]
    elements: int
    example: Evidence
    message: str = ""
    help_url: str = ""


class Audit(Record):
    """What one run concluded of one entity: the file that a worker leaves on disk, whole or not at all."""

    run: str
    entity: Entity
    visit: Visit
    findings: tuple[Finding, ...]
    candidates: tuple[Candidate, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    rules_digest: str
    program_version: str
    axe_version: str = ""
    browser_version: str = ""
    warc: str = ""


class Essential(Record):
    """Something that must hold for an entity to comply: at least one of `any_of` (criterion, or criterion.aspect)."""

    name: Texts
    any_of: tuple[str, ...]


class Share(Record):
    """A part of a list that must hold: at least `at_least` (0–1) of `of`."""

    name: Texts
    at_least: float = Field(ge=0, le=1)
    of: tuple[str, ...]


class Item(Record):
    """One demand of a framework in its source's words. Where nothing is measured yet both rules are empty, visibly.

    An entity complies when every essential holds and every share is reached; in data, `criteria = ["a", "b.timely"]` is short
    for one essential that any of them fulfils. `target` (0–1) is the share of `unit` that should comply, `or_double` the clause
    "or double the current number". `group` is a key of the framework's groups. In an index an item counts `weight` times, and
    `must` marks those without which no band above the plain ones is reached. `evidence` where it differs from the framework's.
    """

    code: str
    title: Texts
    text: Texts = Field(default_factory=dict)
    unit: Texts = Field(default_factory=dict)
    group: str = ""
    weight: float = Field(default=1, gt=0)
    must: bool = False
    evidence: Literal["V", "V3", "GK", ""] = ""
    levels: tuple[str, ...] = ("national", "regional", "local")
    target: float | None = Field(default=None, ge=0, le=1)
    or_double: bool = False
    rule: Texts = Field(default_factory=dict)
    essentials: tuple[Essential, ...] = ()
    shares: tuple[Share, ...] = ()
    note: Texts = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if isinstance(data, dict) and "criteria" in data:
            named = tuple(data["criteria"])
            rest = {key: value for key, value in data.items() if key != "criteria"}
            return {**rest, "essentials": ({"name": data.get("title", {}), "any_of": named},) if named else ()}
        return data


class Band(Record):
    """A name for a stretch of an index: from `at_least` (0–1) on, where `musts` (0–1) of the items marked `must` hold."""

    name: Texts
    at_least: float = Field(ge=0, le=1)
    musts: float = Field(default=0, ge=0, le=1)


class Framework(Record):
    """Somebody's list of demands, complete. `floor` is the coverage (0–1) below which an entity is not rated.

    `kind` says what it adds up to: `goals`, nothing, each item has its own share of entities; `index`, the weighted share of its
    items that hold, with the `bands` that name it, highest first; `ladder`, the last rung reached, its items in rising order.
    `language` is that of the source's own words: texts are in it at least. `countries` are those that it binds, none means all.
    """

    id: str
    title: Texts
    source: str
    evidence: Literal["V", "V3", "GK"]
    floor: float = Field(ge=0, le=1)
    kind: Literal["goals", "index", "ladder"] = "goals"
    language: str = ""
    countries: tuple[str, ...] = ()
    groups: dict[str, Texts] = Field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    items: tuple[Item, ...]
    baselines: dict[str, dict[str, float]] = Field(default_factory=dict)


def references(item: Item) -> tuple[str, ...]:
    """The distinct criteria (or criterion.aspect) that an item rests on, in the order they are named."""
    named = [ref for essential in item.essentials for ref in essential.any_of]
    named += [ref for share in item.shares for ref in share.of]
    return tuple(dict.fromkeys(named))
