"""Mistakes in the rules on accessibility: success criteria, rules of our own, and whether what is asked is what they answer."""

import re
from collections.abc import Iterator

from audits.catalog import Catalog
from audits.model import LANGUAGES
from commands.wording import say
from crawler.trials.axe import AXE_SCRIPT, EXPERIMENTAL, SUCCESS_CRITERION, TAGS

RULE = re.compile(r'\{id:"([a-z0-9-]+)",[^{}]*?tags:\[([^\]]*)\]')
"""A rule in the bundle of axe-core: its id and its tags."""


def accessibility_faults(catalog: Catalog) -> Iterator[str]:
    """Every mistake, in a sentence each."""
    known, file = catalog.success_criteria, catalog.root / "success_criteria.toml"
    for criterion in known.values():
        for name, text in (("title", criterion.title), ("barrier", criterion.barrier), ("fix", criterion.fix)):
            yield from _lacking(file, f"{criterion.id}.{name}", text)
    file = catalog.root / "checks.toml"
    for check in catalog.checks.values():
        for name, text in (("title", check.title), ("fix", check.fix)):
            yield from _lacking(file, f"{check.id}.{name}", text)
        if not check.criteria or not known.keys() >= set(check.criteria):
            yield say("rules.fault_check", file=file, id=check.id, criteria=", ".join(check.criteria) or "–")
    for asking in catalog.criteria.values():
        if asking.find.get("search") == "wcag":
            yield from _aspect_faults(asking.id, set(asking.aspects), can_be_failed(catalog), catalog)


def can_be_failed(catalog: Catalog) -> set[str]:
    """The success criteria that a rule can fail: one of axe-core that is switched on, or one of ours."""
    own = {criterion for check in catalog.checks.values() for criterion in check.criteria}
    return (own | axe_criteria()) & catalog.success_criteria.keys()


def axe_criteria() -> set[str]:
    """The success criteria of axe-core's rules that are switched on."""
    found: set[str] = set()
    for rule, listed in RULE.findall(AXE_SCRIPT):
        tags = re.findall(r'"([^"]+)"', listed)
        if rule in EXPERIMENTAL or (set(tags) & set(TAGS) and not {"experimental", "deprecated"} & set(tags)):
            found |= {".".join(match.groups()) for tag in tags if (match := SUCCESS_CRITERION.match(tag))}
    return found


def _aspect_faults(identifier: str, asked: set[str], can_fail: set[str], catalog: Catalog) -> Iterator[str]:
    file = f"{catalog.root}/criteria/{identifier}/criterion.toml"
    if can_fail - asked:
        yield say("rules.fault_untold", file=file, criteria=", ".join(sorted(can_fail - asked)))
    if asked - can_fail:
        yield say("rules.fault_unanswered", file=file, criteria=", ".join(sorted(asked - can_fail)))


def _lacking(file: object, name: str, text: dict[str, str]) -> Iterator[str]:
    missing = [language for language in LANGUAGES if not text.get(language)]
    if missing:
        yield say("rules.fault_language", file=file, name=name, languages=", ".join(missing))
