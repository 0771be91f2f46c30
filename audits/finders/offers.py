"""What the small searches for one thing share: the finding that says yes, and the one that says what else is known."""

from collections.abc import Iterable, Mapping
from typing import Any

from audits.finders import service
from audits.model import OFFERED, Criterion, Evidence, Finding, Verdict
from audits.site import Site


def unknown_settings(criterion: Criterion, known: Iterable[str]) -> list[str]:
    """The sentence about settings that a search does not know; none where it knows them all."""
    names = {"search", *known}
    unknown = sorted(set(criterion.find) - names)
    return [f"find has unknown settings: {', '.join(unknown)}; known are {', '.join(sorted(names))}."] if unknown else []


def offered(criterion: Criterion, reason: str, evidence: Iterable[Evidence], values: Mapping[str, str]) -> list[Finding]:
    """The one finding that says yes, with at most four places of evidence."""
    shown = tuple(dict.fromkeys(evidence))[:4]
    return [_finding(criterion, Verdict.PASSED, reason, 2, shown, values)]


def undecided(criterion: Criterion, reason: str, evidence: Iterable[Evidence], values: Mapping[str, str]) -> list[Finding]:
    """The one finding that leaves the question open: something of the kind stands there, and cannot be seen well enough."""
    return [_finding(criterion, Verdict.CANT_TELL, reason, 1, tuple(dict.fromkeys(evidence))[:4], values)]


def refused(
    criterion: Criterion, site: Site, reason: str, evidence: Iterable[Evidence], values: Mapping[str, str]
) -> list[Finding]:
    """The one finding that says no, after a thorough visit; after any other, that it cannot be told."""
    if not site.capture.visit.thorough:
        return undecided(criterion, "not_thorough", (), {})
    return [_finding(criterion, Verdict.FAILED, reason, 1, tuple(dict.fromkeys(evidence))[:4], values)]


def missing(criterion: Criterion, site: Site) -> list[Finding]:
    """The one finding where nothing was found: open where links announce the thing elsewhere or unread, else no.

    It is what the search for services says of a service that nothing proves.
    """
    return service.find(criterion.model_copy(update={"find": {"search": "service"}}), site)


def _finding(
    criterion: Criterion, verdict: Verdict, reason: str, depth: int, evidence: tuple[Evidence, ...], values: Mapping[str, str]
) -> Finding:
    told: dict[str, Any] = dict(values)
    return Finding(
        criterion=criterion.id, aspect=OFFERED, verdict=verdict, reason=reason, values=told, depth=depth, evidence=evidence
    )
