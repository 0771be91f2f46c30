"""axe-core: which bundle runs, which of its rules are on, and which of the W3C's rules it says it answers."""

import asyncio
import hashlib
import os
from typing import Any

import pytest
from playwright.async_api import async_playwright

from crawler.browser import find_browser
from crawler.capture import RuleResult
from crawler.chromium import FLAGS
from crawler.settings import CrawlSettings
from crawler.trials.axe import (
    AXE_BUNDLE,
    AXE_SCRIPT,
    AXE_SHA256,
    AXE_VERSION,
    EXAMINE,
    EXAMINED,
    EXPERIMENTAL,
    TAGS,
    axe_act_rules,
    axe_results,
)

RULES = "axe.getRules().map(rule => [rule.ruleId, rule.tags, rule.actIds || []])"
HEADING_OF_BOLD_WORDS = (
    "<style>p { font-size: 16px } .big { font-size: 40px; font-weight: 900 }</style><main><h1>The council</h1>"
)
FAULTS = {
    "p-as-heading": HEADING_OF_BOLD_WORDS + "<p class=big>Fees</p>" + "<p>" + "The fee is paid at the till. " * 9 + "</p></main>",
    "css-orientation-lock": "<style>@media (orientation: landscape) { html { transform: rotate(90deg) } }</style><p>A",
    "td-has-header": "<table>" + "<tr><td>1<td>2<td>3<td>4</tr>" * 5 + "</table>",
}


async def _in_page(*bodies: str) -> tuple[list[Any], list[tuple[RuleResult, ...]]]:
    """axe-core's own list of rules, and what it says of each page."""
    async with async_playwright() as playwright:
        flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = await playwright.chromium.launch(executable_path=find_browser(CrawlSettings()) or None, args=flags)
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        results = []
        for body in bodies:
            await page.set_content(f"<!doctype html><html lang=en><title>Council</title>{body}")
            await page.evaluate(AXE_SCRIPT + ";0")
            results.append(axe_results(await page.evaluate(EXAMINE, EXAMINED)))
        rules = await page.evaluate(RULES)
        await browser.close()
    return rules, results


@pytest.fixture(scope="module")
def examined() -> tuple[list[Any], list[tuple[RuleResult, ...]]]:
    if not find_browser(CrawlSettings()):
        pytest.skip("no Chromium is installed")
    return asyncio.run(_in_page(*FAULTS.values()))


def test_the_bundle_is_the_one_that_was_chosen() -> None:
    assert hashlib.sha256(AXE_BUNDLE.read_bytes()).hexdigest() == AXE_SHA256
    assert AXE_VERSION == "4.14.0"
    assert f'axe.version="{AXE_VERSION}"' in AXE_SCRIPT


def test_every_rule_on_a_success_criterion_runs_save_what_is_deprecated_or_left_out(examined: Any) -> None:
    rules, results = examined
    of_level = {rule for rule, tags, _ in rules if set(tags) & set(TAGS) and not {"deprecated", "experimental"} & set(tags)}
    assert {result.id for result in results[0]} == of_level | set(EXPERIMENTAL)
    assert all(result.criteria for result in results[0])


def test_experimental_rules_are_on_and_find_what_they_are_for(examined: Any) -> None:
    experimental = {rule for rule, tags, _ in examined[0] if "experimental" in tags and set(tags) & set(TAGS)}
    assert experimental - set(EXPERIMENTAL) == {"table-fake-caption"}
    for wanted, results in zip(FAULTS, examined[1], strict=True):
        assert [result.id for result in results if result.outcome == "failed" and result.id in EXPERIMENTAL] == [wanted]


def test_the_act_rules_of_the_bundle_are_those_that_axe_itself_names(examined: Any) -> None:
    assert axe_act_rules() == {rule: tuple(act) for rule, _, act in examined[0] if act}
