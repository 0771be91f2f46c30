"""Scores of entities in, the scorecard of a country out. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from audits.model import Item
from crawler.capture import Level, Record
from results.scoring import EntityScore
from results.statistics import wilson

ALL = "all"
"""The row of a scorecard in which all levels stand together."""


class GoalVerdict(StrEnum):
    """Whether a country reached a target."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"
    NO_BASELINE = "no_baseline"


class LevelledScore(NamedTuple):
    """The score of one entity and its level of government."""

    level: Level
    score: EntityScore


class LevelRow(Record):
    """One row of a scorecard: the entities of one level (or of all), counted.

    `entities` are those to which the item applies; `open` is those of them that neither comply nor fail (not rated, or
    undecided): entities = comply + not_comply + open. `share` is comply of comply + not_comply, with its 95 % Wilson interval;
    `bound_low` and `bound_high` are the share of all entities if every open one were counted against or for. `coverage` is the
    mean coverage of the entities. All shares are 0–1, None where there is nothing to divide by. `target_verdict` is None where
    the item has no target, `double_verdict` where it has no clause "or double"; `verdict` is met when either is.
    """

    level: str
    entities: int
    rated: int
    comply: int
    not_comply: int
    open: int
    coverage: float | None = None
    share: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    bound_low: float | None = None
    bound_high: float | None = None
    target: float | None = None
    baseline: float | None = None
    double_target: float | None = None
    target_verdict: GoalVerdict | None = None
    double_verdict: GoalVerdict | None = None
    verdict: GoalVerdict | None = None


class Scorecard(Record):
    """One item of a framework for one country: a row per level that the item speaks of, and the row `all`, which is the last."""

    item: str
    rows: tuple[LevelRow, ...]

    @property
    def together(self) -> LevelRow:
        return self.rows[-1]


def score_country(item: Item, scores: Iterable[LevelledScore], baseline: float | None = None) -> Scorecard:
    """The scorecard of one country for one item. `baseline` is the share (0–1) from which "or double" starts, None if unknown."""
    spoken_of = [level for level in Level if level.value in item.levels]
    relevant = [entry for entry in scores if entry.level in spoken_of and entry.score.applicable]
    rows = [_row(item, level.value, [e.score for e in relevant if e.level is level], baseline) for level in spoken_of]
    return Scorecard(item=item.code, rows=(*rows, _row(item, ALL, [entry.score for entry in relevant], baseline)))


def _row(item: Item, level: str, scores: Sequence[EntityScore], baseline: float | None) -> LevelRow:
    comply = sum(score.complies is True for score in scores)
    not_comply = sum(score.complies is False for score in scores)
    still_open = len(scores) - comply - not_comply
    coverages = [score.coverage for score in scores if score.coverage is not None]
    counted = wilson(comply, comply + not_comply)
    row = LevelRow(
        level=level,
        entities=len(scores),
        rated=sum(score.rated for score in scores),
        comply=comply,
        not_comply=not_comply,
        open=still_open,
        coverage=sum(coverages) / len(coverages) if coverages else None,
        share=counted.share,
        interval_low=counted.low,
        interval_high=counted.high,
        bound_low=comply / len(scores) if scores else None,
        bound_high=(comply + still_open) / len(scores) if scores else None,
        target=item.target,
        baseline=baseline,
        double_target=min(1.0, 2 * baseline) if item.or_double and baseline is not None else None,
    )
    return row.model_copy(update=_verdicts(item, row))


def _verdicts(item: Item, row: LevelRow) -> dict[str, GoalVerdict | None]:
    target = None if row.target is None else _against(row, row.target)
    double = None
    if item.or_double:
        double = GoalVerdict.NO_BASELINE if row.double_target is None else _against(row, row.double_target)
    return {"target_verdict": target, "double_verdict": double, "verdict": either(target, double)}


def _against(row: LevelRow, target: float) -> GoalVerdict:
    """Met only when neither chance nor what was not measured could undo it; not met likewise."""
    if row.interval_low is None or row.interval_high is None or row.bound_low is None or row.bound_high is None:
        return GoalVerdict.CANNOT_TELL
    if min(row.interval_low, row.bound_low) >= target:
        return GoalVerdict.MET
    if max(row.interval_high, row.bound_high) < target:
        return GoalVerdict.NOT_MET
    return GoalVerdict.CANNOT_TELL


def either(target: GoalVerdict | None, double: GoalVerdict | None) -> GoalVerdict | None:
    """The verdict on "the target, or double the baseline": without a baseline a missed target leaves it open."""
    asked = [verdict for verdict in (target, double) if verdict is not None]
    if not asked:
        return None
    if GoalVerdict.MET in asked:
        return GoalVerdict.MET
    return GoalVerdict.NOT_MET if all(verdict is GoalVerdict.NOT_MET for verdict in asked) else GoalVerdict.CANNOT_TELL
