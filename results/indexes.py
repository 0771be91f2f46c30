"""What the findings on one entity add up to over a whole framework: an index, or the rung of a ladder. Pure.

Goals add up to nothing: each has its own score (`results/scoring.py`), which decides here whether an item holds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from audits.model import Band, Framework, Item, Verdict
from crawler.capture import Level, Record
from results.scoring import EntityScore, State, rests_on, score_entity

HAIR = 1e-9
"""What sums of weights may lack by rounding alone."""


class Part(NamedTuple):
    """One item of an index, or one rung of a ladder (`place` from 1), and whether it holds."""

    place: int
    item: Item
    state: State
    score: EntityScore


class IndexScore(Record):
    """One entity in one index or ladder.

    In an index `value`, `lower` and `upper` are 0–1: the weight of the items that hold, of those measured, and of all that can be
    measured if what is unknown failed or held. In a ladder they are numbers of rungs, 0 for none: the highest such that it and
    all before it hold, and the highest that open rungs still allow. `value` is None where nothing was measured.
    `coverage` is the weight measured of all that applies, in an index also of what no criterion answers: nobody gets a band for a
    third of what is asked. `band`, `band_lower` and `band_upper` are places in the framework's bands (0 is the highest), None
    below the last band and for who is not rated.
    `unmeasured` counts the items that speak of the entity's level and that no scored criterion answers, `provisional` the
    provisional criteria on which the figures rest. Items whose criteria do not apply to this portal count nowhere.
    """

    value: float | None
    lower: float | None
    upper: float | None
    coverage: float | None
    rated: bool
    band: int | None
    band_lower: int | None
    band_upper: int | None
    passed: int
    failed: int
    unknown: int
    unmeasured: int
    provisional: int


class _Weights(NamedTuple):
    """What holds, what does not, what is unknown, and what no criterion answers, by weight."""

    passed: float
    failed: float
    unknown: float
    unanswered: float

    @property
    def measured(self) -> float:
        return self.passed + self.failed

    @property
    def total(self) -> float:
        return self.measured + self.unknown


def binds(framework: Framework, country: str) -> bool:
    """Whether a framework speaks of the bodies of a country."""
    return not framework.countries or country in framework.countries


def parts_of(
    framework: Framework, level: Level, verdicts: Mapping[str, Verdict], scored: Collection[str], provisional: Collection[str]
) -> tuple[Part, ...]:
    """Every item that speaks of the level, with what became of it; an item without a scored criterion is `not_counted`.

    `verdicts`, `scored` and `provisional` are those of `score_entity`.
    """
    return tuple(
        Part(place, item, score.state, score)
        for place, item in enumerate(framework.items, 1)
        if level.value in item.levels
        for score in (score_entity(item, verdicts, framework.floor, scored, provisional),)
    )


def add_up(framework: Framework, parts: Sequence[Part], provisional: Collection[str]) -> IndexScore:
    """The index or the rung of one entity, from the parts of that framework. `provisional` are the ids of such criteria."""
    states = [part.state for part in parts]
    weights = _weigh(parts)
    asked = weights.total + (weights.unanswered if framework.kind == "index" else 0)
    coverage = weights.measured / asked if weights.total else None
    rated = coverage is not None and coverage >= framework.floor - HAIR
    counts = {state.value: states.count(state) for state in (State.PASSED, State.FAILED, State.UNKNOWN)}
    figures = _rungs(parts) if framework.kind == "ladder" else _shares(framework.bands, parts, weights, rated=rated)
    return IndexScore(
        coverage=coverage,
        rated=rated,
        unmeasured=states.count(State.NOT_COUNTED),
        provisional=len(set(provisional).intersection(name for part in parts for name in rests_on(part.score.steps))),
        **counts,
        **figures,  # type: ignore[arg-type]
    )


def _weigh(parts: Iterable[Part]) -> _Weights:
    found = {State.PASSED: 0.0, State.FAILED: 0.0, State.UNKNOWN: 0.0, State.NOT_COUNTED: 0.0}
    for part in parts:
        if part.state in found:
            found[part.state] += part.item.weight
    return _Weights(*found.values())


def _shares(bands: Sequence[Band], parts: Sequence[Part], weights: _Weights, *, rated: bool) -> dict[str, float | int | None]:
    if not weights.total:
        return dict.fromkeys(("value", "lower", "upper", "band", "band_lower", "band_upper"))
    value = weights.passed / weights.measured if weights.measured else None
    lower, upper = weights.passed / weights.total, (weights.passed + weights.unknown) / weights.total
    musts = [part.state for part in parts if part.item.must]
    passed, failed, unknown = (musts.count(state) for state in (State.PASSED, State.FAILED, State.UNKNOWN))
    total = passed + failed + unknown
    # Musts of which none applies or can be measured keep nobody from a band; musts not yet seen do, but for the upper bound.
    held_low, held_high = (passed / total, (passed + unknown) / total) if total else (1.0, 1.0)
    held = passed / (passed + failed) if passed + failed else held_low
    asked = ((value, held), (lower, held_low), (upper, held_high))
    places = [_band(bands, *pair) if rated else None for pair in asked]
    named = dict(zip(("band", "band_lower", "band_upper"), places, strict=True))
    return {"value": value, "lower": lower, "upper": upper, **named}


def _band(bands: Sequence[Band], value: float | None, musts: float) -> int | None:
    """The first band, they stand from the highest down, that value and musts reach."""
    reached = (
        place
        for place, band in enumerate(bands)
        if value is not None and value >= band.at_least - HAIR and musts >= band.musts - HAIR
    )
    return next(reached, None)


def _rungs(parts: Sequence[Part]) -> dict[str, float | int | None]:
    """A rung that no criterion answers is open: nobody knows that it holds, and nobody that it does not."""
    sure = _climb(parts, {State.PASSED})
    high = _climb(parts, {State.PASSED, State.UNKNOWN, State.NOT_COUNTED})
    known = any(part.state in (State.PASSED, State.FAILED) for part in parts)
    return {
        "value": sure if known else None,
        "lower": sure,
        "upper": high,
        **dict.fromkeys(("band", "band_lower", "band_upper")),
    }


def _climb(parts: Iterable[Part], holding: Collection[State]) -> int:
    """The number of the highest rung such that it and all before it hold; rungs that do not apply are stepped over."""
    reached = 0
    for part in parts:
        if part.state in holding:
            reached = part.place
        elif part.state is not State.INAPPLICABLE:
            break
    return reached
