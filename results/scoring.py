"""Findings and a framework in, scores out: one entity against one item. Pure; every view shows these figures.

The score of a country stands in `results/scorecards.py`.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import Field

from audits.model import OFFERED, PUBLISHED, Essential, Item, Share, Texts, Verdict
from crawler.capture import Record


class State(StrEnum):
    """What is known of one demand: it holds, it does not, it may, it does not apply, or nothing scored speaks of it."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    INAPPLICABLE = "inapplicable"
    NOT_COUNTED = "not_counted"


STATES = {
    Verdict.PASSED: State.PASSED,
    Verdict.FAILED: State.FAILED,
    Verdict.INAPPLICABLE: State.INAPPLICABLE,
    Verdict.CANT_TELL: State.UNKNOWN,
    Verdict.UNTESTED: State.UNKNOWN,
}


class Step(Record):
    """One line of the arithmetic: an essential or a share, what became of it, and the verdicts that decided.

    `decided_by` maps "criterion.aspect" to its verdict; `left_out` names references that are not scored (drafts, retired).
    The counts are of verdicts for a share, and of the one demand for an essential.
    """

    rule: Literal["essential", "share"]
    name: Texts
    state: State
    at_least: float | None = None
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    inapplicable: int = 0
    decided_by: dict[str, Verdict] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()


class EntityScore(Record):
    """What the findings on one entity add up to for one item of a framework.

    All shares are 0–1. `value` is passed of measured (passed + failed), `coverage` measured of all that applies, `lower` and
    `upper` the value if all that is unknown had failed or passed: lower ≤ value ≤ upper. None where there is nothing to divide
    by. `complies` is None where it is open, and where the entity is not `rated` because its coverage is below the floor.
    `provisional` counts the provisional criteria on which the figures rest.
    """

    value: float | None = None
    coverage: float | None = None
    lower: float | None = None
    upper: float | None = None
    complies: bool | None = None
    rated: bool = False
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    inapplicable: int = 0
    provisional: int = 0
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> State:
        """Whether all demands hold, however much of them was measured; `not_counted` where nothing scored speaks of them."""
        return _together([step.state for step in self.steps])

    @property
    def applicable(self) -> bool:
        """Whether anything scored applies to this entity at all."""
        return self.passed + self.failed + self.unknown > 0


def outcome(score: EntityScore | None) -> str:
    """What a score says in one word: complies, not, open, not_rated or inapplicable (`outcome` of the vocabulary)."""
    if score is None or not score.applicable:
        return "inapplicable"
    if score.complies is not None:
        return "complies" if score.complies else "not"
    return "open" if score.rated else "not_rated"


NOTHING = EntityScore()
"""The score in an item that nothing measures."""


class _Unit(NamedTuple):
    """One demand as it is counted: its keys (so that no demand counts twice) and its state."""

    keys: frozenset[str]
    state: State


def score_entity(
    item: Item, verdicts: Mapping[str, Verdict], floor: float, scored: Collection[str], provisional: Collection[str] = ()
) -> EntityScore:
    """The score of one entity in one item.

    `verdicts` maps "criterion.aspect" to the verdict of one run; `floor` is the coverage (0–1) below which the entity is not
    rated; `scored` are the ids of the criteria that count, `provisional` those of them whose accuracy is not known yet. A
    reference without an aspect means `published` or `offered`; `<id>.*` means every aspect. An essential counts as one demand,
    a share as one demand for each of its references; a demand named twice counts once.
    """
    if not (item.essentials or item.shares):
        return NOTHING
    steps: list[Step] = []
    units: dict[frozenset[str], State] = {}
    for essential in item.essentials:
        step, found = _essential(essential, verdicts, scored)
        steps.append(step)
        units.update(found)
    for share in item.shares:
        step, found = _share(share, verdicts, scored)
        steps.append(step)
        units.update(found)
    return _add_up(steps, list(units.values()), floor, len(rests_on(steps).intersection(provisional)))


def rests_on(steps: Iterable[Step]) -> set[str]:
    """The ids of the criteria whose verdicts decided, or could have."""
    return {key.partition(".")[0] for step in steps for key in step.decided_by}


def _add_up(steps: list[Step], states: list[State], floor: float, provisional: int) -> EntityScore:
    passed, failed, unknown = (states.count(state) for state in (State.PASSED, State.FAILED, State.UNKNOWN))
    measured, total = passed + failed, passed + failed + unknown
    coverage = measured / total if total else None
    rated = coverage is not None and coverage >= floor
    return EntityScore(
        value=passed / measured if measured else None,
        coverage=coverage,
        lower=passed / total if total else None,
        upper=(passed + unknown) / total if total else None,
        complies=_complies(steps) if rated else None,
        provisional=provisional,
        rated=rated,
        passed=passed,
        failed=failed,
        unknown=unknown,
        inapplicable=states.count(State.INAPPLICABLE),
        steps=tuple(steps),
    )


def _complies(steps: list[Step]) -> bool | None:
    return {State.PASSED: True, State.FAILED: False}.get(_together([step.state for step in steps]))


def _together(states: list[State]) -> State:
    """All demands as one: what does not apply and what is not counted decides nothing."""
    counted = [state for state in states if state not in (State.INAPPLICABLE, State.NOT_COUNTED)]
    if not counted:
        return State.INAPPLICABLE if states and State.NOT_COUNTED not in states else State.NOT_COUNTED
    if State.FAILED in counted:
        return State.FAILED
    return State.PASSED if all(state is State.PASSED for state in counted) else State.UNKNOWN


def _essential(essential: Essential, verdicts: Mapping[str, Verdict], scored: Collection[str]) -> tuple[Step, list[_Unit]]:
    """An essential holds when one alternative does; an alternative of several aspects holds when all of them do."""
    counted, left_out = _split(essential.any_of, scored)
    alternatives = [_keys(reference, verdicts) for reference in counted]
    decided_by = {key: verdicts.get(key, Verdict.UNTESTED) for keys in alternatives for key in keys}
    state = _any([_all([STATES[decided_by[key]] for key in keys]) for keys in alternatives])
    step = Step(
        rule="essential",
        name=essential.name,
        state=state,
        passed=state is State.PASSED,
        failed=state is State.FAILED,
        unknown=state is State.UNKNOWN,
        inapplicable=state is State.INAPPLICABLE,
        decided_by=decided_by,
        left_out=left_out,
    )
    return step, [] if state is State.NOT_COUNTED else [_Unit(frozenset(decided_by), state)]


def _share(share: Share, verdicts: Mapping[str, Verdict], scored: Collection[str]) -> tuple[Step, list[_Unit]]:
    """A share is reached when enough of its references passed, of those that apply."""
    counted, left_out = _split(share.of, scored)
    keys = dict.fromkeys(key for reference in counted for key in _keys(reference, verdicts))
    decided_by = {key: verdicts.get(key, Verdict.UNTESTED) for key in keys}
    states = [STATES[verdict] for verdict in decided_by.values()]
    step = Step(
        rule="share",
        name=share.name,
        state=_reached(states, share.at_least),
        at_least=share.at_least,
        passed=states.count(State.PASSED),
        failed=states.count(State.FAILED),
        unknown=states.count(State.UNKNOWN),
        inapplicable=states.count(State.INAPPLICABLE),
        decided_by=decided_by,
        left_out=left_out,
    )
    return step, [_Unit(frozenset({key}), STATES[verdict]) for key, verdict in decided_by.items()]


def _reached(states: list[State], at_least: float) -> State:
    if not states:
        return State.NOT_COUNTED
    passed, unknown = states.count(State.PASSED), states.count(State.UNKNOWN)
    applicable = len(states) - states.count(State.INAPPLICABLE)
    if applicable == 0:
        return State.INAPPLICABLE
    needed = at_least * applicable - 1e-9
    if passed >= needed:
        return State.PASSED
    return State.FAILED if passed + unknown < needed else State.UNKNOWN


def _any(states: list[State]) -> State:
    for state in (State.PASSED, State.UNKNOWN, State.FAILED, State.INAPPLICABLE):
        if state in states:
            return state
    return State.NOT_COUNTED


def _all(states: list[State]) -> State:
    for state in (State.FAILED, State.UNKNOWN, State.PASSED):
        if state in states:
            return state
    return State.INAPPLICABLE


def _split(references: Iterable[str], scored: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    counted = [reference for reference in references if reference.partition(".")[0] in scored]
    return counted, tuple(reference for reference in references if reference not in counted)


def _keys(reference: str, verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """The keys of `verdicts` that a reference means; where the verdict is missing, the key under which it is missed."""
    criterion, _, aspect = reference.partition(".")
    if aspect == "*":
        return tuple(sorted(key for key in verdicts if key.startswith(f"{criterion}."))) or (f"{criterion}.*",)
    if aspect:
        return (reference,)
    offered, published = f"{criterion}.{OFFERED}", f"{criterion}.{PUBLISHED}"
    return (offered,) if offered in verdicts else (published,)
