"""Indexes and ladders of entities in, where a country stands out. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from audits.model import Framework
from crawler.capture import Level, Record
from results.indexes import IndexScore
from results.scorecards import ALL


class LevelledIndex(NamedTuple):
    """The index of one entity and its level of government."""

    level: Level
    score: IndexScore


class Rung(Record):
    """How many entities have reached a rung for sure, and how many may have: those not rated, and those with open rungs."""

    place: int
    reached: int
    possible: int


class StandingRow(Record):
    """The entities of one level (or of all) in one index or ladder.

    `entities` are those to which anything measured applies, `rated` those with enough coverage. `mean` is the mean value of the
    rated (0–1 in an index, rungs in a ladder); `lower` and `upper` bound the mean of all, with those not rated at the ends of
    the scale. `bands` counts the rated in each band, highest first, and last those below all bands; `rungs` go from the first up.
    """

    level: str
    entities: int
    rated: int
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    coverage: float | None = None
    bands: tuple[int, ...] = ()
    rungs: tuple[Rung, ...] = ()


def standing(framework: Framework, scores: Iterable[LevelledIndex]) -> tuple[StandingRow, ...]:
    """A row for each level that has entities, and the row `all`, which is the last; none where nobody was scored."""
    relevant = [entry for entry in scores if entry.score.coverage is not None]
    by_level = [(level.value, [entry.score for entry in relevant if entry.level is level]) for level in Level]
    rows = [_row(framework, level, found) for level, found in by_level if found]
    return (*rows, _row(framework, ALL, [entry.score for entry in relevant])) if rows else ()


def _row(framework: Framework, level: str, scores: Sequence[IndexScore]) -> StandingRow:
    rated = [score for score in scores if score.rated]
    top = len(framework.items) if framework.kind == "ladder" else 1
    still_open = len(scores) - len(rated)
    values = [score.value for score in rated if score.value is not None]
    return StandingRow(
        level=level,
        entities=len(scores),
        rated=len(rated),
        mean=sum(values) / len(values) if values else None,
        lower=sum(score.lower or 0 for score in rated) / len(scores),
        upper=(sum(score.upper or 0 for score in rated) + top * still_open) / len(scores),
        coverage=sum(score.coverage or 0 for score in scores) / len(scores),
        bands=_bands(framework, rated),
        rungs=_rungs(framework, rated, still_open),
    )


def _bands(framework: Framework, rated: Sequence[IndexScore]) -> tuple[int, ...]:
    if not framework.bands:
        return ()
    return tuple(sum(score.band == place for score in rated) for place in (*range(len(framework.bands)), None))


def _rungs(framework: Framework, rated: Sequence[IndexScore], still_open: int) -> tuple[Rung, ...]:
    if framework.kind != "ladder":
        return ()
    return tuple(
        Rung(
            place=place,
            reached=sum((score.lower or 0) >= place for score in rated),
            possible=still_open + sum((score.upper or 0) >= place for score in rated),
        )
        for place in range(1, len(framework.items) + 1)
    )
