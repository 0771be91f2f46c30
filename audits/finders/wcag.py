"""Outcomes by WCAG success criterion over the sampled pages: of axe-core, of our own rules in the browser and of those on words.

A success criterion that no automatic rule fails is worded "no automatically detectable failures", never "conformant".
"""

from audits.model import Criterion, Evidence, Finding, Verdict
from audits.site import Site
from audits.wcag.barriers import Merged, merged

_MAX_EVIDENCE = 5
_REASONS = {
    Verdict.FAILED: "wcag_failures",
    Verdict.CANT_TELL: "wcag_incomplete",
    Verdict.PASSED: "wcag_no_failures",
    Verdict.INAPPLICABLE: "wcag_inapplicable",
}


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    odd = [aspect for aspect in criterion.aspects if len(aspect.split(".")) != 3]
    return [f"aspects must be WCAG success criteria such as 1.4.3, not {', '.join(odd)}."] if odd else []


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """One finding per success criterion."""
    said = merged(site)
    return [_finding(criterion.id, aspect, said) for aspect in criterion.aspects]


def _finding(identifier: str, aspect: str, said: Merged) -> Finding:
    verdict = said.verdict(aspect)
    if verdict is Verdict.UNTESTED:
        reason = "not_tried" if said.sample else "not_rendered"
        return Finding(criterion=identifier, aspect=aspect, verdict=verdict, reason=reason)
    values = {"pages": str(len(said.sample))}
    if verdict is Verdict.FAILED:
        values |= _counts(said, aspect)
    elif verdict is Verdict.CANT_TELL:
        values["rules"] = ", ".join(said.unsure(aspect))
    evidence = tuple(barrier.example for barrier in said.barriers_of(aspect)[:_MAX_EVIDENCE]) or _first_page(said)
    return Finding(
        criterion=identifier, aspect=aspect, verdict=verdict, reason=_REASONS[verdict], values=values, depth=2, evidence=evidence
    )


def _counts(said: Merged, aspect: str) -> dict[str, str]:
    """How many barriers, of how many elements, on how many pages, by which rules."""
    found = said.barriers_of(aspect)
    return {
        "count": str(len(found)),
        "elements": str(sum(barrier.elements for barrier in found)),
        "on": str(len({url for barrier in found for url in barrier.pages})),
        "rules": ", ".join(sorted({rule for barrier in found for rule in barrier.rules})),
    }


def _first_page(said: Merged) -> tuple[Evidence, ...]:
    page = said.sample[0]
    return (Evidence(url=page.url, captured_at=page.fetched_at, record_id=page.record_id, digest=page.digest),)
