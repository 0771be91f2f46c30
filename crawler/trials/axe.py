"""axe-core, from one pinned bundle: run in a page of Chromium, its answer brought into records."""

import json
import re

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Frame
from playwright.async_api import Page as Tab

from .. import urls
from ..capture import Element, Page, RuleResult
from ..capture.seen import AXE_OUTCOMES

NODES_KEPT, TEXT_KEPT = 10, 300
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
SUCCESS_CRITERION = re.compile(r"^wcag(\d)(\d)(\d+)$")
VERSION_IN_BUNDLE = re.compile(r"axe v([\d.]+)")

AXE_VERSION = "".join(VERSION_IN_BUNDLE.findall(AXE_SCRIPT[:500])[:1])
"""The version that the bundle's first line names."""

EXAMINE = """async ([tags, nodesKept, textKept]) => {
  const cut = text => (text || '').slice(0, textKept);
  const answer = await axe.run(document, {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete'], elementRef: false,
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


async def run_axe(page: Tab) -> tuple[RuleResult, ...]:
    """What axe-core says of a loaded page and of its own frames. Raises playwright's Error where the page is gone.

    `elements` is exact for violations and incomplete; for passes it is 1, as axe-core stops describing them after the first.
    """
    for frame in page.frames:
        if frame is page.main_frame or _is_own(frame, page):
            await frame.evaluate(AXE_SCRIPT + ";0")
    rows = json.loads(await page.evaluate(EXAMINE, [list(TAGS), NODES_KEPT, TEXT_KEPT]))
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
        for row in rows
    )


def axe_sample(pages: list[Page], most: int) -> list[Page]:
    """Pages to examine: home, then one of each template, those with forms first, in the order of fetching."""
    html = [page for page in pages if page.facts is not None and not page.delegated]
    chosen, families = html[:1], {urls.family(page.url) for page in html[:1]}
    rest = sorted(html[1:], key=lambda page: not (page.facts and page.facts.forms))
    for fresh in (True, False):
        for page in rest:
            if len(chosen) >= most:
                break
            if page not in chosen and (not fresh or urls.family(page.url) not in families):
                chosen.append(page)
                families.add(urls.family(page.url))
    return chosen[:most]


def _is_own(frame: Frame, page: Tab) -> bool:
    """Whether a frame has loaded, and from the page's own host: axe in an error page would report the browser's failings."""
    return bool(frame.url.startswith("http") and urls.authority(frame.url) == urls.authority(page.url))
