"""Test cases of the W3C's ACT rules, as their `testcases.json` lists them."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from audits.catalog import Catalog
from commands.errors import UserError
from commands.store import near

LISTING = "testcases.json"
PREFIX = "/WAI/content-assets/wcag-act-rules/"
"""Where the cases expect to be served from."""
EXPECTED = frozenset({"failed", "passed", "inapplicable"})


class ActCase(NamedTuple):
    """One test case: `criteria`, level A or AA, are what its rule is about; `expected` is failed, passed or inapplicable.

    `path` is its file below the folder, `url` its address at the W3C. `approved`: its rule is past the stage of a proposal.
    """

    id: str
    rule: str
    rule_name: str
    expected: str
    criteria: frozenset[str]
    path: str
    url: str
    approved: bool


class Listed(NamedTuple):
    """The cases whose files are there, and how many have none."""

    cases: list[ActCase]
    missing: int


def read_cases(folder: Path, catalog: Catalog, only: Collection[str] = ()) -> Listed:
    """The cases of a folder, of these rules only where some are named. Raises UserError where none can be read."""
    listing = folder / LISTING
    if not listing.is_file():
        raise UserError("no_act_cases", folder=folder, file=LISTING)
    try:
        entries = json.loads(listing.read_bytes())["testcases"]
        listed = [_case(entry, catalog) for entry in entries]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UserError("bad_act_cases", file=listing, why=f"{type(error).__name__}: {error}") from None
    cases = list({(case.rule, case.id): case for case in listed if case is not None}.values())
    rules = sorted({case.rule for case in cases})
    for rule in only:
        if rule not in rules:
            raise UserError("no_act_rule", rule=rule, file=listing, near=near(rule, rules))
    cases = [case for case in cases if not only or case.rule in only]
    there = [case for case in cases if case.path and (folder / case.path).is_file()]
    if not there:
        raise UserError("no_act_cases", folder=folder, file=LISTING)
    return Listed(there, len(cases) - len(there))


def _case(entry: dict[str, Any], catalog: Catalog) -> ActCase | None:
    """The case of an entry; None where no outcome is expected that could be right or wrong."""
    if entry.get("expected") not in EXPECTED:
        return None
    asked = entry.get("ruleAccessibilityRequirements") or {}
    named = {name.split(":")[1] for name, said in asked.items() if name.startswith("wcag2") and said.get("forConformance")}
    url = entry.get("url") or ""
    path = entry.get("relativePath") or urlsplit(url).path.removeprefix(PREFIX).lstrip("/")
    return ActCase(
        entry.get("testcaseId") or path,
        entry["ruleId"],
        entry.get("ruleName") or entry["ruleId"],
        entry["expected"],
        frozenset(named & set(catalog.success_criteria)),
        path,
        url or f"https://www.w3.org{PREFIX}{path}",
        bool(entry.get("approved")),
    )
