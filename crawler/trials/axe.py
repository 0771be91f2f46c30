"""axe-core, from the bundle `axe.min.js` beside this file: what it is asked in a page, and its answer brought into records.

It belongs into the page and into frames of the page's own host that have loaded: in an error page it would report the browser's
failings.
"""

import json
import re
from functools import cache
from pathlib import Path

from ..capture import Element, RuleResult
from ..capture.seen import AXE_OUTCOMES

NODES_KEPT, TEXT_KEPT = 10, 300
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
EXPERIMENTAL = ("css-orientation-lock", "p-as-heading", "td-has-header")
"""Rules on a success criterion, level A or AA, that no tag switches on. Left out is `table-fake-caption`: it accuses a sound
table whose wide first cell holds no caption, among them one that the W3C's test cases call good."""
SUCCESS_CRITERION = re.compile(r"^wcag(\d)(\d)(\d+)$")
VERSION_IN_BUNDLE = re.compile(r"axe v([\d.]+)")
ACT_IN_BUNDLE = re.compile(r'\{id:"([a-z-]+)",[^{}]*actIds:\[([^\]]*)\]')

AXE_BUNDLE = Path(__file__).with_name("axe.min.js")
AXE_SHA256 = "20c09fe157a8a34a30e241aaa1fcdade657734f08ab379ecfbeb7d45cc46e878"
"""The bundle as `pytest-playwright-axe` 4.14.0 on PyPI has it."""
AXE_SCRIPT = AXE_BUNDLE.read_text("utf-8")
AXE_VERSION = "".join(VERSION_IN_BUNDLE.findall(AXE_SCRIPT[:500])[:1])
"""The version that the bundle's first line names."""

EXAMINE = """async ([tags, experimental, nodesKept, textKept]) => {
  const cut = text => (text || '').slice(0, textKept);
  const answer = await axe.run(document, {
    runOnly: {type: 'tag', values: tags}, rules: Object.fromEntries(experimental.map(id => [id, {enabled: true}])),
    resultTypes: ['violations', 'incomplete'], elementRef: false,
  });
  const rows = [];
  for (const outcome of ['violations', 'incomplete', 'passes', 'inapplicable'])
    for (const rule of answer[outcome]) {
      const told = outcome === 'violations' || outcome === 'incomplete' ? rule.nodes.slice(0, nodesKept) : [];
      rows.push({id: rule.id, outcome, impact: rule.impact || '', tags: rule.tags, help: rule.helpUrl, count: rule.nodes.length,
        nodes: told.map(node => [node.target.flat().join(' '), cut(node.html),
          cut([...node.any, ...node.all, ...node.none].map(check => check.message).join('; '))])});
    }
  return JSON.stringify(rows);
}"""
EXAMINED = [list(TAGS), list(EXPERIMENTAL), NODES_KEPT, TEXT_KEPT]
"""What EXAMINE, a function for the page, is called with; it gives what `axe_results` reads."""


def axe_results(answer: str) -> tuple[RuleResult, ...]:
    """What EXAMINE gave, as records.

    `elements` is exact for violations and incomplete; for passes it is 1, as axe-core stops describing them after the first.
    """
    return tuple(
        RuleResult(
            id=row["id"],
            outcome=AXE_OUTCOMES.get(row["outcome"], row["outcome"]),
            impact=row["impact"],
            criteria=tuple(".".join(found.groups()) for tag in row["tags"] if (found := SUCCESS_CRITERION.match(tag))),
            help_url=row["help"],
            elements=row["count"],
            nodes=tuple(Element(*node) for node in row["nodes"]),
        )
        for row in json.loads(answer)
    )


@cache
def axe_act_rules() -> dict[str, tuple[str, ...]]:
    """The W3C's ACT rules that axe-core says it implements, by the id of its own rule (`actIds` of `axe.getRules()`)."""
    return {rule: tuple(json.loads(f"[{ids}]")) for rule, ids in ACT_IN_BUNDLE.findall(AXE_SCRIPT)}
