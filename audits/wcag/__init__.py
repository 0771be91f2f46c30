"""Accessibility of pages: what axe-core, our own rules in the browser and those that look at words say, brought together."""

from collections.abc import Callable, Iterable

from audits.site import Site
from crawler.capture import Page, RuleResult

Rule = Callable[[Page, Site], Iterable[RuleResult]]
"""A rule that looks at the words of a page as assistive technology says them (`Seen.voiced`, `Seen.passages`)."""

WORDS: tuple[Rule, ...] = ()


def results_of(page: Page, site: Site) -> tuple[RuleResult, ...]:
    """All that rules say of one page of the sample, axe-core's first; our own ones come with their success criteria."""
    own = [*(page.seen.checks if page.seen else ()), *(result for rule in WORDS for result in rule(page, site))]
    return (*(page.axe or ()), *(_with_criteria(result, site) for result in own))


def _with_criteria(result: RuleResult, site: Site) -> RuleResult:
    return result._replace(criteria=site.catalog.checks[result.id].criteria)
