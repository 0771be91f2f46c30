"""A capture as it is kept on disk: everything but what is read anew from its WARC records."""

from datetime import datetime

from .entity import Entity, Record
from .page import Capture, Page
from .seen import RuleResult, Seen
from .visit import Reason, Visit


class PageRecord(Record):
    """All of a Page but its facts. The payload stands in the WARC record `record_id`."""

    url: str
    requested_url: str
    status: int
    media_type: str
    charset: str
    fetched_at: datetime
    depth: int
    size: int
    digest: str
    record_id: str
    problem: Reason | None
    delegated: bool
    rendered: bool
    starved: bool
    truncated: bool
    via: str
    axe: tuple[RuleResult, ...] | None
    seen: Seen | None = None
    sampled: str = ""

    @classmethod
    def of(cls, page: Page) -> "PageRecord":
        """The record of a page."""
        return cls.model_validate({name: getattr(page, name) for name in cls.model_fields})

    def page(self) -> Page:
        """The page, still without facts."""
        return Page(**{name: getattr(self, name) for name in type(self).model_fields})


class CaptureRecord(Record):
    """What a visit leaves on disk beside its WARC, so that it can be judged again without any request.

    `warcs` are the files that hold the payloads, relative to the run's folder, or as given for an archive of a person's own.
    """

    entity: Entity
    visit: Visit
    pages: tuple[PageRecord, ...]
    axe_version: str
    browser_version: str
    warcs: tuple[str, ...]

    @classmethod
    def of(cls, capture: Capture, warcs: tuple[str, ...]) -> "CaptureRecord":
        """The record of a capture whose payloads stand in `warcs`."""
        return cls(
            entity=capture.entity,
            visit=capture.visit,
            pages=tuple(map(PageRecord.of, capture.pages)),
            axe_version=capture.axe_version,
            browser_version=capture.browser_version,
            warcs=warcs,
        )
