"""One capture in, its findings out: always the full matrix, one finding per criterion and aspect."""

from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from audits.catalog import Catalog
from audits.model import Criterion, Finding, Status, Verdict
from audits.site import Site
from crawler.capture import Capture, Reason


def search_of(criterion: Criterion) -> ModuleType:
    """The module of the ready-made search that a criterion names. Raises ModuleNotFoundError for an unknown one."""
    return import_module(f"audits.finders.{criterion.find['search']}")


def judge(capture: Capture, catalog: Catalog) -> tuple[Finding, ...]:
    """Findings of all criteria in force on one capture, ordered by criterion and aspect. Pure: same input, same output."""
    criteria = [c for c in catalog.criteria.values() if c.status is not Status.RETIRED]
    if not capture.visit.reached or capture.visit.reason is Reason.SCRIPT_ONLY:
        return tuple(_untested(criteria, capture.visit.reason.value))
    site = Site(capture, catalog)
    return tuple(finding for criterion in criteria for finding in _judge_one(criterion, site))


def _judge_one(criterion: Criterion, site: Site) -> list[Finding]:
    try:
        findings: list[Finding] = search_of(criterion).find(criterion, site)
    except Exception as error:
        # A search that breaks on one portal must neither take the portal down nor leave a hole in the matrix.
        values = {"error": f"{type(error).__name__}: {error}"[:200]}
        return list(_untested([criterion], "probe_error", values))
    given = {finding.aspect: finding for finding in findings}
    missing = [aspect for aspect in criterion.aspects if aspect not in given]
    return [given[aspect] for aspect in criterion.aspects if aspect in given] + [
        Finding(criterion=criterion.id, aspect=aspect, verdict=Verdict.UNTESTED, reason="probe_error") for aspect in missing
    ]


def _untested(criteria: Iterable[Criterion], reason: str, values: dict[str, str] | None = None) -> Iterable[Finding]:
    for criterion in criteria:
        for aspect in criterion.aspects:
            yield Finding(criterion=criterion.id, aspect=aspect, verdict=Verdict.UNTESTED, reason=reason, values=values or {})
