"""Intervals and agreement: the few statistics that the reports quote. Pure."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Proportion(NamedTuple):
    """A share of `hits` in `total` with its Wilson interval; all three figures are 0–1, None where nothing was counted."""

    hits: int
    total: int
    share: float | None
    low: float | None
    high: float | None


class Accuracy(NamedTuple):
    """How often the machine is right against people: precision, recall (each with its interval) and their harmonic mean."""

    precision: Proportion
    recall: Proportion
    f1: float | None


def wilson(hits: int, total: int, confidence: float = 0.95) -> Proportion:
    """The share of `hits` in `total` and its Wilson score interval (Wilson 1927, without continuity correction).

    Raises ValueError when the counts cannot be counts of one sample.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is not a share: the count must lie between 0 and the total.")
    if total == 0:
        return Proportion(0, 0, None, None, None)
    share, z = hits / total, NormalDist().inv_cdf((1 + confidence) / 2)
    centre = share + z * z / (2 * total)
    reach = z * sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2)
    low, high = ((centre + side * reach) / (1 + z * z / total) for side in (-1, 1))
    # At the ends of the scale rounding may carry a bound a hair past the share.
    return Proportion(hits, total, share, max(0.0, min(low, share)), min(1.0, max(high, share)))


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Agreement of two judges on the same cases, beyond chance (Cohen 1960): 1 is perfect, 0 is chance.

    None where it is not defined: no cases, or both judges gave one and the same label to all of them.
    Raises ValueError when the judges did not judge the same number of cases.
    """
    if len(first) != len(second):
        raise ValueError(f"The judges judged {len(first)} and {len(second)} cases: kappa needs the same cases.")
    cases = len(first)
    if cases == 0:
        return None
    labels = set(first) | set(second)
    observed = sum(a == b for a, b in zip(first, second, strict=True))
    chance = sum(list(first).count(label) * list(second).count(label) for label in labels)
    if chance == cases * cases:
        return None
    return (observed * cases - chance) / (cases * cases - chance)


def accuracy(true_positives: int, false_positives: int, false_negatives: int) -> Accuracy:
    """Precision and recall with their Wilson intervals, from the counts of right and wrong verdicts."""
    precision = wilson(true_positives, true_positives + false_positives)
    recall = wilson(true_positives, true_positives + false_negatives)
    both = 2 * true_positives + false_positives + false_negatives
    return Accuracy(precision, recall, 2 * true_positives / both if both else None)
