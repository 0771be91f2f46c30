"""The report by which an implementation of ACT rules is made known to the W3C: EARL as JSON-LD, one subject for each test case.

Format: https://www.w3.org/WAI/standards-guidelines/act/report/earl
"""

from collections.abc import Iterable
from typing import Any

from audits.catalog import Catalog
from commands.act_run import ActResult, Run
from crawler.capture import RuleResult
from crawler.settings import PRODUCT, ROBOTS_TOKEN

CONTEXT = "https://www.w3.org/WAI/content-assets/wcag-act-rules/earl-context.json"
WCAG = "https://www.w3.org/TR/WCAG22/#"
ASSERTOR = f"_:{ROBOTS_TOKEN}"
OUTCOMES = {"cant_tell": "cantTell"}
"""EARL's names of outcomes where ours differ."""


def as_earl(run: Run, catalog: Catalog) -> dict[str, Any]:
    """What each rule said of each case. A case that could not be read has no assertions, which means untested."""
    assertor = {
        "@id": ASSERTOR,
        "@type": "Assertor",
        "name": ROBOTS_TOKEN,
        "release": {"@type": "doap:Version", "revision": PRODUCT.rpartition("/")[2]},
        "shortdesc": f"axe-core {run.axe_version}, Chromium {run.browser_version}",
    }
    return {"@context": CONTEXT, "@graph": [assertor, *(_subject(one, catalog) for one in run.results)]}


def _subject(one: ActResult, catalog: Catalog) -> dict[str, Any]:
    said = sorted(one.results or (), key=lambda result: result.id)
    return {"@type": "TestSubject", "source": one.case.url, "assertions": [_assertion(result, catalog) for result in said]}


def _assertion(result: RuleResult, catalog: Catalog) -> dict[str, Any]:
    return {
        "@type": "Assertion",
        "assertedBy": ASSERTOR,
        "mode": "earl:automatic",
        "test": {"@type": "TestCase", "title": result.id, "isPartOf": list(_requirements(result.criteria, catalog))},
        "result": {"@type": "TestResult", "outcome": f"earl:{OUTCOMES.get(result.outcome, result.outcome)}"},
    }


def _requirements(criteria: Iterable[str], catalog: Catalog) -> Iterable[dict[str, str]]:
    for criterion in criteria:
        known = catalog.success_criteria.get(criterion)
        if known:
            slug = known.understanding.rpartition("/")[2]
            yield {"@type": "TestRequirement", "@id": WCAG + slug, "title": f"WCAG2: {criterion}"}
