"""How a visit ended: whether it was thorough enough for "not found" to mean anything, and what it cost."""

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime

from . import urls
from .capture import Capture, DocumentFacts, Entity, Page, PageFacts, Reason, Visit
from .frontier import Frontier
from .ledger import Ledger

FEW_UNSEEN = 0.25
"""Share of the entity's own pages and files that may have stayed unseen in a thorough visit; missing ones are left out."""
BARE_WORDS = 20
"""Words below which a home page without links tells nothing of the portal."""
CALM = (None, Reason.NOT_FOUND, Reason.ROBOTS_DISALLOWED)
"""What is missing was seen to be missing; what is closed to robots was not asked for."""
DOWN = frozenset(
    {
        Reason.CONNECTION_REFUSED, Reason.CONNECTION_LOST, Reason.TIMEOUT, Reason.RATE_LIMITED, Reason.BLOCKED,
        Reason.SERVER_ERROR, Reason.CIRCUIT_OPEN, Reason.UNKNOWN_HOST,
    }
)  # fmt: skip
"""Failures that speak of a host, not of a page: many in a row on that of home mean that it went away, or wants us away."""
PATIENCE = 8
"""Such failures in a row after which a visit ends."""
OVERHEAD = 200
"""Bytes that a link or a section weighs in memory beside its text."""


@dataclass
class Course:
    """What a visit notes on its way. `stopped` is why it ended before its time, None where it did not.

    `torn` says that the archive that stands in for the portal is cut off: what its end held was not seen.
    """

    entity: Entity
    ledger: Ledger
    pages: list[Page] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    stopped: Reason | None = None
    torn: bool = False
    bad_links: int = 0
    held: int = 0
    _setbacks: int = 0

    def add(self, page: Page) -> None:
        """Put a page on the list, and see whether the portal is still there."""
        self.pages.append(page)
        self.held += weight(page.facts or page.document)
        if page.facts:
            self.bad_links += page.facts.bad_links
        if urls.place(page.requested_url) != urls.place(self.pages[0].url):
            return
        self._setbacks = self._setbacks + 1 if page.problem in DOWN else 0
        if self._setbacks >= PATIENCE:
            real = [page.problem for page in self.pages if page.problem in DOWN and page.problem is not Reason.CIRCUIT_OPEN]
            self.stop(real[-1] if real else Reason.CIRCUIT_OPEN, f"{PATIENCE} failures in a row")

    def stop(self, reason: Reason, why: str) -> None:
        """End the visit early: what was seen is handed over, what was not is never failed."""
        self.stopped = self.stopped or reason
        self.notes.append(why)

    @property
    def pages_read(self) -> int:
        return sum(page.facts is not None for page in self.pages)

    @property
    def documents_read(self) -> int:
        return sum(page.document is not None for page in self.pages)

    def few_unseen(self) -> bool:
        """Whether nearly all that was asked for could be read: not failed, not closed to robots, not left for scripts to fill."""
        own = [page for page in self.pages if not page.delegated and page.problem is not Reason.NOT_FOUND]
        unseen = sum(page.problem is not None or page.starved or _is_frame(page.facts) for page in own)
        return unseen <= FEW_UNSEEN * len(own)

    def capture(self, reason: Reason, *, reached: bool, thorough: bool, left_over: int = 0) -> Capture:
        """The capture of what was seen so far."""
        visit = Visit(
            reason=reason,
            reached=reached,
            thorough=thorough,
            started_at=self.started_at,
            ended_at=datetime.now(UTC),
            seen_at=max((page.fetched_at for page in self.pages if page.problem is None), default=None),
            pages=self.pages_read,
            documents=self.documents_read,
            requests=self.ledger.requests,
            failures=sum(page.problem not in CALM and not page.delegated for page in self.pages),
            left_over=left_over,
            bytes=self.ledger.received,
            bad_links=self.bad_links,
            held=self.held,
            hosts=tuple(self.ledger.hosts.values()),
            lists=tuple(dict.fromkeys(self.lists)),
            detail="; ".join(dict.fromkeys(self.notes))[:2000],
        )
        return Capture(self.entity, visit, self.pages)

    def finished(self, home: Page, frontier: Frontier) -> Capture:
        """The capture of a visit that reached the portal; notes say what keeps it from being thorough."""
        facts = home.facts
        assert facts is not None
        if frontier.unsampled:
            self.notes.append("never sampled: " + ", ".join(sorted(frontier.unsampled)))
        reason = self.stopped or (Reason.BUDGET if frontier.left_over else Reason.COMPLETE)
        if facts.shell:
            reason = Reason.SCRIPT_ONLY
        # A page of a few words that leads nowhere is a sign on a door: it says nothing of what lies behind.
        bare = facts.words < BARE_WORDS and not any(link.url for link in facts.links)
        whole = self.stopped is None and not self.torn and not frontier.too_few and not frontier.unsampled
        thorough = whole and not facts.shell and not bare and not home.truncated and self.few_unseen()
        return self.capture(reason, reached=True, thorough=thorough, left_over=frontier.left_over)


def weight(facts: PageFacts | DocumentFacts | None) -> int:
    """About how many bytes of memory the facts of a page or document take."""
    if facts is None:
        return 0
    if isinstance(facts, DocumentFacts):
        return sys.getsizeof(facts.text) + sum(map(sys.getsizeof, facts.members))
    text = sum(sys.getsizeof(section.text) + OVERHEAD for section in facts.sections)
    return text + sum(sys.getsizeof(link.url) + sys.getsizeof(link.text) + OVERHEAD for link in facts.links)


def _is_frame(facts: PageFacts | None) -> bool:
    """Whether what people see was still to come when we looked. A page that only frames another one holds nothing of its own."""
    return facts is not None and facts.shell and not any(link.kind in ("frame", "iframe", "refresh") for link in facts.links)
