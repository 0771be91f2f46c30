"""An evaluation as the W3C's WCAG-EM Report Tool opens it: EARL in JSON-LD, in the tool's own vocabulary.

The shape is that of evaluations that the tool saves (github.com/w3c/wai-wcag-em-report-tool, src/stores/evaluationStore.js).
It tells pages of the sample apart by their titles, and takes their addresses from the descriptions.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from audits.model import Verdict
from audits.packs import SuccessCriterion
from commands.display import notice
from commands.examined import Examined, reason_of, worded
from commands.home import write_whole
from commands.making import program_version
from commands.wording import pick, say
from crawler.capture import Element, Page, RuleResult

Node = dict[str, Any]

CONTEXT: Node = {
    "dcterms": "http://purl.org/dc/terms/",
    "earl": "http://www.w3.org/ns/earl#",
    "ptr": "http://www.w3.org/2009/pointers#",
    "wcagem": "http://www.w3.org/TR/WCAG-EM/#",
    "WAI": "http://www.w3.org/WAI/",
    "W3CDTF": "http://www.w3.org/TR/NOTE-datetime",
    "id": "@id",
    "type": "@type",
    **{name: f"dcterms:{name}" for name in ("title", "description", "summary", "hasPart", "hasVersion")},
    "date": {"@id": "dcterms:date", "@type": "W3CDTF"},
    "wcagVersion": "WAI:standards-guidelines/wcag/#versions",
    "Evaluation": "wcagem:procedure",
    "defineScope": "wcagem:step1",
    "scope": "wcagem:step1a",
    "conformanceTarget": "wcagem:step1b",
    "accessibilitySupportBaseline": "wcagem:step1c",
    "additionalEvaluationRequirements": "wcagem:step1d",
    "exploreTarget": "wcagem:step2",
    "essentialFunctionality": "wcagem:step2b",
    "pageTypeVariety": "wcagem:step2c",
    "technologiesReliedUpon": "wcagem:step2d",
    "selectSample": "wcagem:step3",
    "structuredSample": "wcagem:step3a",
    "randomSample": "wcagem:step3b",
    "Website": "wcagem:website",
    "Webpage": "wcagem:webpage",
    "auditSample": "wcagem:step4",
    "reportFindings": "wcagem:step5",
    "documentSteps": "wcagem:step5a",
    "evaluationSpecifics": "wcagem:step5b",
    "commissioner": "wcagem:commissioner",
    "evaluator": "wcagem:evaluator",
    **{
        name: f"earl:{name}"
        for name in (
            "Assertion", "Assertor", "Software", "TestCriterion", "TestRequirement", "TestSubject", "TestResult", "TestMode",
            "OutcomeValue", "Fail", "CannotTell", "NotTested",
            "assertedBy", "mode", "result", "subject", "test", "outcome", "pointer", "info",
        )
    },
    "CSSSelectorPointer": "ptr:CSSSelectorPointer",
    "expression": "ptr:expression",
}  # fmt: skip
"""The terms of the tool, as its own files have them, and those of EARL and of pointers. Tests are "WCAG22:non-text-content": the
tool knows no such prefix, and compares what stands behind the colon."""

OUTCOMES = {
    Verdict.FAILED: ("earl:failed", "Fail"),
    Verdict.CANT_TELL: ("earl:cantTell", "CannotTell"),
    Verdict.PASSED: ("earl:cantTell", "CannotTell"),
    Verdict.INAPPLICABLE: ("earl:cantTell", "CannotTell"),
    Verdict.UNTESTED: ("earl:untested", "NotTested"),
}
"""A success criterion that no rule fails is not met thereby: whoever goes on with the evaluation has still to tell. What the
rules say themselves stands in `info`."""

WEBSITE, ASSERTOR = "_:website", "_:assertor"
TECHNOLOGIES = {
    "HTML": "https://html.spec.whatwg.org/",
    "CSS": "https://www.w3.org/Style/CSS/specs/",
    "WAI-ARIA": "https://www.w3.org/TR/wai-aria/",
    "JavaScript": "https://tc39.es/ecma262/",
}
MOST_POINTERS = 20
"""Elements pointed at for one success criterion on one page."""


def write_earl(found: Examined, path: Path) -> None:
    """Write the evaluation and say so."""
    write_whole(path, json.dumps(evaluation(found), ensure_ascii=False, indent=1) + "\n")
    notice(say("accessibility.earl_written", file=path))


def evaluation(found: Examined) -> Node:
    """The whole evaluation: scope, sample with its reasons, one assertion a success criterion with one for each page in it."""
    subjects = [subject(number, page, found) for number, page in enumerate(found.said.sample, 1)]
    chance = [page.sampled == "random" for page in found.said.sample]
    return {
        "@context": CONTEXT,
        "type": "Evaluation",
        "defineScope": {"id": "_:defineScope", **scope(found)},
        "exploreTarget": {
            "id": "_:exploreTarget",
            "technologiesReliedUpon": [{"id": url, "title": title} for title, url in TECHNOLOGIES.items()],
            "essentialFunctionality": say("earl.functionality"),
            "pageTypeVariety": say("earl.variety"),
        },
        "selectSample": {
            "id": "_:selectSample",
            "structuredSample": [one for one, drawn in zip(subjects, chance, strict=True) if not drawn],
            "randomSample": [one for one, drawn in zip(subjects, chance, strict=True) if drawn],
        },
        "auditSample": [assertion(criterion, found, subjects) for criterion in found.criteria],
        "reportFindings": findings(found),
    }


def scope(found: Examined) -> Node:
    """Whose portal it is, and what is asked of it."""
    entity = found.capture.entity
    site = {"id": WEBSITE, "type": ["TestSubject", "Website"], "title": entity.name, "description": " ".join(entity.portals)}
    return {
        "scope": site,
        "wcagVersion": "2.2",
        "conformanceTarget": "AA",
        "accessibilitySupportBaseline": f"Chromium {found.capture.browser_version}",
        "additionalEvaluationRequirements": "",
    }


def findings(found: Examined) -> Node:
    """Who made the evaluation, when, how, and what it may not be taken for."""
    failed, pages = len(found.with_verdict(Verdict.FAILED)), len(found.said.sample)
    return {
        "documentSteps": [{"id": f"_:{step}"} for step in ("about", "defineScope", "exploreTarget", "selectSample")],
        "title": say("earl.title", name=found.capture.entity.name),
        "commissioner": "",
        "evaluator": f"veedor {program_version()}",
        "date": found.capture.visit.as_of.date().isoformat(),
        "summary": say("earl.summary", failed=failed, barriers=len(found.said.barriers), pages=pages),
        "evaluationSpecifics": f"{found.engines} {say('earl.specifics', run=found.run.record.id, rules=found.catalog.digest)}",
    }


def subject(number: int, page: Page, found: Examined) -> Node:
    """A page of the sample."""
    title = (page.facts.title if page.facts else "") or page.url
    return {
        "id": page.url,
        "type": ["TestSubject", "Webpage"],
        "title": f"{number:02} {title}",
        "description": page.url,
        "summary": reason_of(page, found.catalog),
    }


# Assertions ---


def assertion(criterion: SuccessCriterion, found: Examined, subjects: list[Node]) -> Node:
    """The outcome of one success criterion for the whole portal; in it those of the pages on which a rule said something."""
    name = f"urn:veedor:{found.run.record.id}:{found.capture.entity.id}:{criterion.id}"
    verdict = found.said.verdict(criterion.id)
    parts = [
        _asserted(f"{name}:{number:03}", criterion, found, subjects[number], on_page(number, criterion, found))
        for number in range(len(subjects))
        if found.said.verdict_on(number, criterion.id) is not Verdict.UNTESTED
    ]
    whole = _asserted(name, criterion, found, {"id": WEBSITE}, _result(verdict, whole_description(criterion, found), found))
    return {**whole, "hasPart": parts}


def _asserted(name: str, criterion: SuccessCriterion, found: Examined, about: Node, result: Node) -> Node:
    slug = criterion.understanding.rpartition("/")[2]
    return {
        "id": name,
        "type": "Assertion",
        "assertedBy": assertor(found),
        "mode": {"id": "earl:automatic", "type": "TestMode"},
        "subject": {"id": about["id"]},
        "test": {
            "id": f"WCAG22:{slug}",
            "type": ["TestCriterion", "TestRequirement"],
            "title": f"{criterion.id} {pick(criterion.title)}",
        },
        "result": result,
    }


def _result(verdict: Verdict, description: str, found: Examined) -> Node:
    outcome, kind = OUTCOMES[verdict]
    return {
        "type": "TestResult",
        "outcome": {"id": outcome, "type": ["OutcomeValue", kind]},
        "info": verdict.value,
        "description": description,
        "dcterms:date": found.capture.visit.as_of.isoformat(),
    }


def assertor(found: Examined) -> Node:
    """Who asserts: this program and axe-core, with their versions."""
    tools = (
        ("veedor", program_version(), "_:veedor"),
        (
            "axe-core",
            found.capture.axe_version,
            f"https://github.com/dequelabs/axe-core/releases/tag/v{found.capture.axe_version}",
        ),
        ("Chromium", found.capture.browser_version, "_:chromium"),
    )
    parts = [{"id": name, "type": "Software", "title": title, "hasVersion": version} for title, version, name in tools]
    return {"id": ASSERTOR, "type": ["Assertor", "Software"], "title": found.engines, "hasPart": parts}


def whole_description(criterion: SuccessCriterion, found: Examined) -> str:
    """What is said of the portal, barrier by barrier, and how to mend it."""
    verdict = found.said.verdict(criterion.id)
    lines = [f"{worded(verdict)}."]
    for barrier in found.said.barriers_of(criterion.id):
        about = {"rules": ", ".join(barrier.rules), "pages": len(barrier.pages), "elements": barrier.elements}
        lines += [say("accessibility.barrier", number=found.number_of(barrier), **about), barrier.example.quote]
    if verdict is Verdict.FAILED:
        lines.append(pick(criterion.fix))
    return "\n".join(line for line in lines if line)


def on_page(number: int, criterion: SuccessCriterion, found: Examined) -> Node:
    """What rules say of one page, and the elements that they point at."""
    verdict = found.said.verdict_on(number, criterion.id)
    said = [r for r in found.said.results[number] if criterion.id in r.criteria and r.outcome == verdict.value]
    told = [say("earl.rule", rule=rule.id, elements=rule.elements) for rule in said if rule.nodes]
    result = _result(verdict, "\n".join([f"{worded(verdict)}.", *told]), found)
    pointers = [pointer(element) for element in islice(_elements(said), MOST_POINTERS)]
    return {**result, "pointer": pointers} if pointers else result


def _elements(said: list[RuleResult]) -> Iterator[Element]:
    return (element for rule in said for element in rule.nodes if element.selector)


def pointer(element: Element) -> Node:
    """An element of a page: its selector, its markup, and what the rule says of it."""
    told = {"description": element.snippet, "summary": element.message}
    return {"type": "CSSSelectorPointer", "expression": element.selector, **{name: text for name, text in told.items() if text}}
