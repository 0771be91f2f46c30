"""What a person sees while portals are visited: portals, pages, pages per second, time left."""

import time
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from audits.model import Audit
from commands.display import notice, notices
from commands.wording import say
from crawler.fleet import Progress as Heard


class Tally:
    """Pure counting: portals done of all, pages seen, and how much time the rest may take.

    `clock` values are seconds; a portal under way counts for the part of its page budget that is used up.
    """

    def __init__(self, total: int, already: int, page_budget: int, began: float) -> None:
        self.total, self.already, self.page_budget, self.began = total, already, max(1, page_budget), began
        self.finished: set[str] = set()
        self.pages: dict[str, int] = {}

    @property
    def done(self) -> int:
        return self.already + len(self.finished)

    @property
    def pages_seen(self) -> int:
        return sum(self.pages.values())

    def speed(self, clock: float) -> float:
        """Pages per second since the beginning."""
        return self.pages_seen / max(clock - self.began, 0.001)

    def seconds_left(self, clock: float) -> float | None:
        """An estimate, None while there is nothing to base it on."""
        under_way = sum(
            min(pages / self.page_budget, 0.95) for entity, pages in self.pages.items() if entity not in self.finished
        )
        worked, asked = len(self.finished) + under_way, self.total - self.already
        return None if worked == 0 else (clock - self.began) * max(asked - worked, 0) / worked


class Watch:
    """The progress display: a live bar on a terminal, one plain line per finished portal elsewhere."""

    def __init__(self, total: int, already: int, page_budget: int) -> None:
        self.tally = Tally(total, already, page_budget, time.monotonic())
        self.live = notices().is_terminal
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[figures]}"),
            console=notices(),
            transient=True,
        )
        self.task: TaskID | None = None
        self.waits = False

    def __enter__(self) -> Self:
        if self.live:
            self.task = self.bar.add_task(
                say("audit.portals"), total=self.tally.total, completed=self.tally.done, figures=self.figures()
            )
            self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.live:
            self.bar.stop()

    def heard(self, progress: Heard) -> None:
        """News of one portal under way, or of the first that must wait for its hours."""
        if progress.event == "waiting":
            if not self.waits:
                notice(say("audit.waiting", entity=progress.entity))
            self.waits = True
            return
        self.tally.pages[progress.entity] = progress.pages
        self._refresh()

    def done(self, audit: Audit) -> None:
        """A portal is finished: one line of it stays."""
        self.tally.finished.add(audit.entity.id)
        self.tally.pages[audit.entity.id] = audit.visit.pages
        line = say(
            "audit.line",
            done=self.tally.done,
            total=self.tally.total,
            entity=audit.entity.id,
            outcome=audit.visit.reason,
            pages=audit.visit.pages,
            documents=audit.visit.documents,
        )
        notice(line, "" if audit.visit.reached else "yellow")
        self._refresh()

    def figures(self) -> str:
        """Pages, pages per second and time left, in words."""
        clock = time.monotonic()
        seconds = self.tally.seconds_left(clock)
        left = "…" if seconds is None else str(timedelta(seconds=round(seconds)))
        return say("audit.figures", pages=self.tally.pages_seen, speed=f"{self.tally.speed(clock):.1f}", left=left)

    def _refresh(self) -> None:
        if self.task is not None:
            self.bar.update(self.task, completed=self.tally.done, figures=self.figures())
