"""The one chart of the site: for each level a line from 0 to 100 % with what is known, what chance allows, and the target.

Positions are percentages of the width and text is in pixels, so that the chart is as legible on a telephone as on a wall.
Colours stand in the style sheet; the figures stand in the table beside it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from results.scorecards import LevelRow

ROW, BAR, TOP, BOTTOM = 46, 12, 22, 22
"""Heights in pixels: of a level, of its bar, of the space above for the target, and of the space below for the axis."""


class Bar(NamedTuple):
    """One level: where its parts begin and how wide they are, in percent of the width; None where nothing is known."""

    level: str
    y: int
    share: float | None
    bound: tuple[float, float] | None
    interval: tuple[float, float] | None


class Chart(NamedTuple):
    """What the template draws."""

    bars: tuple[Bar, ...]
    height: int
    target: float | None
    double: float | None


def chart(rows: Sequence[LevelRow]) -> Chart | None:
    """The chart of one item, None where no entity was counted."""
    shown = [row for row in rows if row.entities]
    if not shown:
        return None
    if len(shown) == 2:
        shown = shown[:1]  # one level and the sum of that one level
    bars = tuple(_bar(row, TOP + ROW * place) for place, row in enumerate(shown))
    last = shown[-1]
    return Chart(bars, TOP + ROW * len(bars) + BOTTOM, _percent(last.target), _percent(last.double_target))


def _bar(row: LevelRow, y: int) -> Bar:
    return Bar(
        row.level, y, _percent(row.share), _part(row.bound_low, row.bound_high), _part(row.interval_low, row.interval_high)
    )


def _part(low: float | None, high: float | None) -> tuple[float, float] | None:
    """Where a part begins and how wide it is; never so narrow that nobody sees it."""
    if low is None or high is None:
        return None
    return round(100 * low, 2), round(max(100 * (high - low), 0.5), 2)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
