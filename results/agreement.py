"""How far the program agrees with people who judged the same portals: pure counts, shares and intervals.

`passed` and `external` labels are positives, `announced` and `failed` negatives; `cant_tell` and `orphan` are left out. An
*external* label (the portal sends people to another host, which could not be opened) is met by `passed` and by `cant_tell`.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from audits.model import OFFERED, PUBLISHED, TIMELY, USEFUL, Finding, Verdict
from results.statistics import Proportion, cohen_kappa, wilson

POSITIVE = frozenset({"passed", "external"})
NEGATIVE = frozenset({"announced", "failed"})
ROUNDS, SEED, CONFIDENCE = 2000, 45, 0.95
FORMS = {"open_format": "open", "searchable_format": "searchable", "image_only": "image"}
"""The reason of a finding on usefulness → the word by which people label the form."""


class Label(NamedTuple):
    """What people said of one criterion on one portal; `newest` is a year, month or day as they read it, "" none."""

    verdict: str
    newest: str = ""
    useful: str = ""


@dataclass(frozen=True)
class Case:
    """One judged pair: what people said (`label`) and the program's findings by aspect. `group` is the language of the portal."""

    portal: str
    group: str
    criterion: str
    label: Label
    findings: Mapping[str, Finding]

    @property
    def finding(self) -> Finding:
        """The finding on whether the thing is there at all."""
        return self.findings[PUBLISHED] if PUBLISHED in self.findings else self.findings[OFFERED]

    @property
    def said(self) -> bool:
        """Whether the program's answer counts as a yes; an open answer to an external label counts as the label."""
        if self.label.verdict == "external" and self.finding.verdict is Verdict.CANT_TELL:
            return True
        return self.finding.verdict is Verdict.PASSED

    @property
    def truth(self) -> bool:
        """Whether people said yes."""
        return self.label.verdict in POSITIVE


@dataclass(frozen=True)
class Agreement:
    """The counts of one group of cases and what follows from them."""

    name: str
    right_yes: int
    wrong_yes: int
    missed: int
    right_no: int
    kappa: float | None

    @property
    def precision(self) -> Proportion:
        """Share of the program's yes that is right."""
        return wilson(self.right_yes, self.right_yes + self.wrong_yes)

    @property
    def recall(self) -> Proportion:
        """Share of people's yes that the program found."""
        return wilson(self.right_yes, self.right_yes + self.missed)


class Spread(NamedTuple):
    """A figure with the interval in which it falls when other portals of the same sort had been drawn (0–1)."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Dating:
    """How far dates agree: cases with a date on both sides, in days; `undated` where only people found one."""

    days: tuple[int, ...] = field(default_factory=tuple)
    undated: int = 0

    @property
    def median(self) -> int | None:
        """The median distance in days (the lower of two), None without cases."""
        ordered = sorted(self.days)
        return ordered[(len(ordered) - 1) // 2] if ordered else None

    def within(self, days: int) -> Proportion:
        """The share of cases at most so many days apart."""
        return wilson(sum(distance <= days for distance in self.days), len(self.days))


def agreement(name: str, cases: Iterable[Case]) -> Agreement:
    """Counts over some cases."""
    pairs = [(case.truth, case.said) for case in cases]
    right_yes, wrong_yes, missed, right_no = map(pairs.count, ((True, True), (False, True), (True, False), (False, False)))
    kappa = cohen_kappa([str(truth) for truth, _ in pairs], [str(said) for _, said in pairs])
    return Agreement(name, right_yes, wrong_yes, missed, right_no, kappa)


def grouped(cases: Sequence[Case], key: Callable[[Case], str]) -> list[Agreement]:
    """One row per group, by name."""
    return [agreement(name, [case for case in cases if key(case) == name]) for name in sorted({key(case) for case in cases})]


def accusations(cases: Iterable[Case]) -> Proportion:
    """Of the verdicts `failed`, those with which people agree: a body told wrongly that it fails is the worst mistake."""
    failed = [case for case in cases if case.finding.verdict is Verdict.FAILED]
    return wilson(sum(not case.truth for case in failed), len(failed))


def forms(cases: Iterable[Case]) -> Proportion:
    """Of the things that both found published, those whose form (open, searchable, image) the program reads as people do."""
    both = [case for case in cases if case.label.useful and USEFUL in case.findings and case.finding.verdict is Verdict.PASSED]
    return wilson(sum(FORMS.get(case.findings[USEFUL].reason) == case.label.useful for case in both), len(both))


def dating(cases: Iterable[Case]) -> Dating:
    """How far the newest dates agree, where people found one and the program found the thing."""
    days, undated = [], 0
    for case in cases:
        if not case.label.newest or TIMELY not in case.findings or case.finding.verdict is not Verdict.PASSED:
            continue
        seen = case.findings[TIMELY].newest
        if seen is None:
            undated += 1
            continue
        first, last = period_of(case.label.newest)
        days.append(max((first - seen).days, (seen - last).days, 0))
    return Dating(tuple(days), undated)


def period_of(written: str) -> tuple[date, date]:
    """First and last day of "2024", "2024-05" or "2024-05-17". Raises ValueError for anything else."""
    year, month, day = ([int(part) for part in written.split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)


def across_portals(cases: Sequence[Case]) -> dict[str, Spread]:
    """Precision, recall and kappa with intervals from drawing whole portals anew (cluster bootstrap, Cameron and Miller 2015).

    Verdicts on one portal resemble each other, so intervals that take every pair for itself are too narrow.
    """
    by_portal: dict[str, list[Case]] = {}
    for case in cases:
        by_portal.setdefault(case.portal, []).append(case)
    portals, draw = sorted(by_portal), random.Random(SEED)
    drawn: list[dict[str, float | None]] = []
    for _ in range(ROUNDS if portals else 0):
        sample = [case for portal in draw.choices(portals, k=len(portals)) for case in by_portal[portal]]
        drawn.append(_figures(sample))
    return {name: _spread(value, [one[name] for one in drawn]) for name, value in _figures(cases).items()}


def _figures(cases: Iterable[Case]) -> dict[str, float | None]:
    found = agreement("", cases)
    return {"precision": found.precision.share, "recall": found.recall.share, "kappa": found.kappa}


def _spread(value: float | None, drawn: Iterable[float | None]) -> Spread:
    known = sorted(one for one in drawn if one is not None)
    if not known:
        return Spread(value, None, None)
    edge = (1 - CONFIDENCE) / 2
    return Spread(value, known[int(edge * (len(known) - 1))], known[int((1 - edge) * (len(known) - 1))])
