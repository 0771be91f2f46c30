"""Accessibility of pages: what axe-core, our own rules in the browser and those that look at words say, brought together."""

from collections.abc import Callable, Iterable

from audits.site import Site
from audits.wcag.frames import frames
from audits.wcag.headings import headings
from audits.wcag.images import images
from audits.wcag.labels import errors, labels
from audits.wcag.links import link_purpose, links_alike
from audits.wcag.sensory import sensory
from audits.wcag.titles import own_titles, titles
from audits.wcag.tongue import languages
from audits.wcag.visible import visible_labels
from crawler.capture import Page, RuleResult

Rule = Callable[[Page, Site], Iterable[RuleResult]]
"""A rule that looks at the words of a page as assistive technology says them (`Seen.voiced`, `Seen.passages`)."""

WORDS: tuple[Rule, ...] = (
    titles,
    own_titles,
    headings,
    labels,
    errors,
    link_purpose,
    links_alike,
    images,
    frames,
    visible_labels,
    languages,
    sensory,
)


def results_of(page: Page, site: Site) -> tuple[RuleResult, ...]:
    """All that rules say of one page of the sample, axe-core's first; our own ones come with their success criteria.

    What a rule said that is no longer one of ours, in an old capture, does not count.
    """
    own = [*(page.seen.checks if page.seen else ()), *(result for rule in WORDS for result in rule(page, site))]
    return (*(page.axe or ()), *(_with_criteria(result, site) for result in own if result.id in site.catalog.checks))


def _with_criteria(result: RuleResult, site: Site) -> RuleResult:
    return result._replace(criteria=site.catalog.checks[result.id].criteria)
