"""How right the rules are on the test cases of ACT rules: what they find, what they falsely accuse, how consistent they are.

A case counts as found by criterion where a rule fails one of the success criteria, level A or AA, that the case's ACT rule is
about; by rule, where one does that says it implements this very ACT rule. The same on a case that passes, or to which the ACT
rule does not apply, is a false alarm. Cases of ACT rules that are about no such criterion count in the consistency only. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from audits.catalog import Catalog
from commands.act_run import ActResult, Run
from crawler.capture import RuleResult
from results.statistics import wilson

ENGINES = ("axe", "own", "both")
METHODS = ("criterion", "rule")
LEVELS = ("consistent", "partial", "inconsistent", "none")
Counts = Callable[[ActResult, RuleResult], bool]


class Figures:
    """The figures of a run. `implements` are the ACT rules that each of our and axe-core's rules says it implements."""

    def __init__(self, run: Run, missing: int, catalog: Catalog, implements: Mapping[str, Collection[str]]) -> None:
        self._run, self._missing = run, missing
        self._own = frozenset(catalog.checks)
        self._implements = implements

    def record(self) -> dict[str, Any]:
        """All figures, for programs: our own, with ids and names of ACT rules."""
        results = self._run.results
        rules = [self._rule(list(some)) for _, some in groupby(sorted(results, key=_rule_of), key=_rule_of)]
        counted = [one for one in results if one.case.criteria]
        return {
            "axe_version": self._run.axe_version,
            "browser_version": self._run.browser_version,
            "cases": {
                "all": len(results),
                "counted": len(counted),
                "unread": sum(one.results is None for one in results),
                "missing": self._missing,
            },
            "figures": {method: {engine: self._shares(counted, engine, method) for engine in ENGINES} for method in METHODS},
            "consistency": {
                engine: {level: sum(rule["consistency"][engine] == level for rule in rules) for level in LEVELS}
                for engine in ENGINES
            },
            "rules": rules,
            "false_alarms": [
                {"act": one.case.rule, "case": one.case.id, "expected": one.case.expected, "by": failing}
                for one in counted
                if one.case.expected != "failed" and (failing := self.failing(one))
            ],
        }

    def failing(self, one: ActResult, engine: str = "both", method: str = "criterion") -> list[str]:
        """Ids of the rules of an engine that fail a case."""
        return [
            result.id
            for result in one.results or ()
            if result.outcome == "failed"
            and one.case.criteria & set(result.criteria)
            and self._is_of(result.id, engine)
            and (method == "criterion" or one.case.rule in self._implements.get(result.id, ()))
        ]

    def _is_of(self, rule: str, engine: str) -> bool:
        return engine == "both" or (rule in self._own) == (engine == "own")

    def _shares(self, counted: Sequence[ActResult], engine: str, method: str) -> dict[str, Any]:
        said = [(one.case.expected == "failed", bool(self.failing(one, engine, method))) for one in counted]
        found, false = ([hit for failed, hit in said if failed is wanted] for wanted in (True, False))
        return {name: wilson(sum(hits), len(hits))._asdict() for name, hits in (("found", found), ("false", false))}

    def _rule(self, results: list[ActResult]) -> dict[str, Any]:
        """The figures of one ACT rule."""
        case = results[0].case
        failed, others = ([one for one in results if (one.case.expected == "failed") is wanted] for wanted in (True, False))
        return {
            "act": case.rule,
            "name": case.rule_name,
            "criteria": sorted(case.criteria),
            "failed": len(failed),
            "others": len(others),
            "found": {engine: sum(bool(self.failing(one, engine)) for one in failed) for engine in ENGINES},
            "false": {engine: sum(bool(self.failing(one, engine)) for one in others) for engine in ENGINES},
            "found_by": sorted({rule for one in failed for rule in self.failing(one)}),
            "consistency": {engine: self._consistency(results, engine) for engine in ENGINES},
        }

    def _consistency(self, results: list[ActResult], engine: str) -> str:
        """How consistent an engine is with an ACT rule, as the W3C counts it for implementations, over its approved cases.

        Its rules are taken one by one and the best of them together: consistent where each case was tried, each failed one
        found, none falsely accused and all success criteria named; partial where some are found and none falsely accused.
        """
        act = results[0].case.rule
        own = [rule for rule, acts in self._implements.items() if act in acts and self._is_of(rule, engine)]
        judged = [one for one in results if one.case.approved] or results
        level = {rule: consistency(judged, {rule}) for rule in own}
        best = min(level.values(), key=LEVELS.index, default="none")
        return consistency(judged, {rule for rule in own if level[rule] == best}) if best == "partial" else best


def consistency(results: Sequence[ActResult], rules: Collection[str]) -> str:
    """The level of some rules taken together: consistent, partial or inconsistent."""
    said = [(one.case, [result for result in one.results or () if result.id in rules]) for one in results]
    outcomes = [(case.expected, {result.outcome for result in mine}) for case, mine in said]
    if any(expected != "failed" and "failed" in given for expected, given in outcomes):
        return "inconsistent"
    found = any(expected == "failed" and "failed" in given for expected, given in outcomes)
    named = {criterion for _, mine in said for result in mine for criterion in result.criteria}
    whole = all(given and (expected != "failed" or given & {"failed", "cant_tell"}) for expected, given in outcomes)
    if found and whole and all(case.criteria <= named for case, _ in said):
        return "consistent"
    unsure = any("cant_tell" in given for _, given in outcomes)
    sound = all(expected != "inapplicable" or given <= {"passed", "inapplicable"} for expected, given in outcomes)
    return "partial" if found or (unsure and sound) else "inconsistent"


def _rule_of(one: ActResult) -> str:
    return one.case.rule


def implemented(catalog: Catalog, axe: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The ACT rules that each rule says it implements: ours and axe-core's."""
    return {rule: tuple(acts) for rule, acts in axe.items()} | {check.id: check.act for check in catalog.checks.values()}
