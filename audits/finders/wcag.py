"""Outcomes of axe-core by WCAG success criterion over the sampled pages.

A success criterion that no automatic rule fails is worded "no automatically detectable failures", never "conformant".
"""

from collections.abc import Iterable

from audits.model import Criterion, Evidence, Finding, Verdict
from audits.site import Site
from audits.text import shorten
from crawler.capture import Page, RuleResult

_MAX_EVIDENCE = 5


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    odd = [aspect for aspect in criterion.aspects if len(aspect.split(".")) != 3]
    return [f"aspects must be WCAG success criteria such as 1.4.3, not {', '.join(odd)}."] if odd else []


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """One finding per success criterion."""
    sample = [page for page in site.capture.pages if page.axe is not None]
    return [_finding(criterion.id, aspect, sample) for aspect in criterion.aspects]


def _finding(identifier: str, aspect: str, sample: list[Page]) -> Finding:
    rules = [(page, rule) for page in sample for rule in page.axe or () if aspect in rule.criteria]
    if not rules:
        return Finding(criterion=identifier, aspect=aspect, verdict=Verdict.UNTESTED, reason="not_rendered")
    pages = str(len(sample))
    failures = [(page, rule) for page, rule in rules if rule.outcome == "failed"]
    if failures:
        count = str(sum(rule.elements for _, rule in failures))
        values = {"count": count, "pages": pages, "rules": ", ".join(sorted({rule.id for _, rule in failures}))}
        return Finding(
            criterion=identifier,
            aspect=aspect,
            verdict=Verdict.FAILED,
            reason="wcag_failures",
            values=values,
            depth=2,
            evidence=tuple(_evidence(failures)),
        )
    outcomes = {rule.outcome for _, rule in rules}
    verdict, reason = Verdict.INAPPLICABLE, "wcag_inapplicable"
    if "cant_tell" in outcomes:
        verdict, reason = Verdict.CANT_TELL, "wcag_incomplete"
    elif "passed" in outcomes:
        verdict, reason = Verdict.PASSED, "wcag_no_failures"
    evidence = tuple(
        Evidence(url=page.url, captured_at=page.fetched_at, record_id=page.record_id, digest=page.digest) for page in sample[:1]
    )
    return Finding(
        criterion=identifier, aspect=aspect, verdict=verdict, reason=reason, values={"pages": pages}, depth=2, evidence=evidence
    )


def _evidence(failures: Iterable[tuple[Page, RuleResult]]) -> Iterable[Evidence]:
    """The first failing element of each rule and page."""
    for page, rule in sorted(failures, key=lambda pair: -pair[1].elements)[:_MAX_EVIDENCE]:
        node = rule.nodes[0] if rule.nodes else None
        yield Evidence(
            url=page.url,
            captured_at=page.fetched_at,
            quote=shorten(node.snippet, 300) if node else rule.id,
            selector=node.selector if node else "",
            record_id=page.record_id,
            digest=page.digest,
        )
