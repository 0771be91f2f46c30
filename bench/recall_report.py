"""The table and the plot of `bench/recall.py`."""

from collections.abc import Sequence
from typing import NamedTuple

from crawler.frontier import ENOUGH_PAGES

NAMES = {"best_first": "best first", "breadth_first": "breadth first"}
COLOURS = {"best_first": "#0b5394", "breadth_first": "#b45f06"}
DASHES = {"best_first": "", "breadth_first": ' stroke-dasharray="7 4"'}
LEFT, TOP, WIDTH, HEIGHT = 60, 40, 560, 280
"""Of the field in which the lines are drawn, in pixels."""

HEAD = """# How much of the proof is found within a page budget

Measured by `python -m bench.recall ../shared/portals` on {portals} captured portals ({pages} pages are read where nothing
limits it), without a browser. What is counted: pairs of criterion and aspect that are judged *passed*. What can be proven
is what the crawls without any limit prove ({provable} pairs); each row is one crawl of all portals, judged on its own.
Where a number of pages stands, only the page budget is changed: documents, images, other hosts and steps are as the settings have
them ({documents} documents of a portal). In the row *all*, every limit is lifted, also that of documents.

![Share of provable findings proven, by page budget]({plot})

"""
FOOT = """
- *proven*: share of all that can be proven. *mean*: of the portals' own shares, so that every portal counts the same.
  *lowest*: the portal with the smallest share.
- *wrongly failed*: judged *failed*, though crawling everything proves it. This must be 0: what was not seen is never failed.
- *thorough*: portals of which enough was seen that what was not found may be called *failed*; elsewhere it is *can't tell*.
  A crawl that leaves pages unread is thorough only after {enough} pages, and only where a page, a document and an image was
  sampled of every subject that links of that sort promise. Without the first rule, 7 pairs were wrongly failed at 10
  pages and 6 at 20; without the second, 2 at 40 (breadth first).
- *breadth first* takes links in the order in which they were met. Budgets, traps and doubles are the same in both.
  It chooses documents in that order too, so with few documents it misses things
  however many pages it reads.

The portals are small: {small} of {portals} have no more than 40 pages, which any order reads to the end. The two lines
say more at 10 and 20 pages than at 60.

Goal: at 40 pages no less than 97 % of what crawling everything proves. Reached: {reached}.
"""

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d" \
font-family="sans-serif" font-size="13">
<title id="t">Share of what can be proven that is proven, by page budget and order of the crawl</title>
<desc id="d">{told}</desc>
<rect width="100%" height="100%" fill="#fff"/>
{drawn}
<text x="{middle}" y="364" text-anchor="middle">pages read of a portal, at most</text>
</svg>
"""


class Row(NamedTuple):
    """What one strategy proves within one budget of pages (0: all), over all portals.

    `proven` of `provable` pairs of criterion and aspect; `worst` is the lowest share of a portal, `mean` the mean of the portals'
    shares (each counts the same); `wrongly_failed` counts pairs that it calls failed and crawling everything calls passed;
    `pages` says how many of each portal were read; `thorough` counts portals of which enough was seen to fail anything.
    """

    strategy: str
    budget: int
    proven: int
    provable: int
    worst: float
    mean: float
    wrongly_failed: int
    pages: tuple[int, ...]
    thorough: int

    @property
    def share(self) -> float:
        """Proven of provable."""
        return self.proven / self.provable


def as_table(rows: Sequence[Row], documents: int, plot: str = "recall.svg") -> str:
    """The page for docs/: method, plot, table. `documents` is the budget of documents where it was not lifted."""
    whole = next(row for row in rows if row.budget == 0)
    small = sum(pages <= 40 for pages in whole.pages)
    at_goal = next((row for row in rows if row.strategy == "best_first" and row.budget == 40), None)
    reached = f"{_percent(at_goal.share)} best first" if at_goal else "not measured"
    lines = [
        "| pages | order | proven | mean | lowest | wrongly failed | thorough | pages read |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in sorted(rows, key=lambda row: (row.budget == 0, row.budget, row.strategy)):
        proven = f"{_percent(row.share)} ({row.proven} of {row.provable})"
        numbers = f"{row.wrongly_failed} | {row.thorough} | {sum(row.pages)}"
        shares = f"{_percent(row.mean)} | {_percent(row.worst)}"
        budget = row.budget or "all"
        lines.append(f"| {budget} | {NAMES[row.strategy]} | {proven} | {shares} | {numbers} |")
    facts = {"portals": len(whole.pages), "pages": sum(whole.pages), "provable": whole.provable, "documents": documents}
    return (
        HEAD.format(plot=plot, **facts)
        + "\n".join(lines)
        + "\n"
        + FOOT.format(small=small, enough=ENOUGH_PAGES, reached=reached, **facts)
    )


def as_svg(rows: Sequence[Row]) -> str:
    """The plot: budgets at equal distances, shares from the next lower tenth to 1."""
    budgets = sorted({row.budget for row in rows}, key=lambda budget: (budget == 0, budget))
    lowest = min(0.9, *(int(row.share * 10) / 10 for row in rows))
    across = {budget: LEFT + WIDTH * place / max(len(budgets) - 1, 1) for place, budget in enumerate(budgets)}

    def height(share: float) -> float:
        return TOP + HEIGHT * (1 - share) / (1 - lowest)

    drawn = [
        f'<text x="{x:.1f}" y="{TOP + HEIGHT + 22}" text-anchor="middle">{budget or "all"}</text>' for budget, x in across.items()
    ]
    for twentieth in range(round(lowest * 20), 21):
        y = height(twentieth / 20)
        drawn.append(f'<path d="M{LEFT} {y:.1f}h{WIDTH}" stroke="#ccc"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_percent(twentieth / 20)}</text>')
    for place, strategy in enumerate(NAMES):
        points = sorted((across[row.budget], height(row.share)) for row in rows if row.strategy == strategy)
        drawn += _line(strategy, points, LEFT + WIDTH / 2 * place)
    told = "; ".join(f"{NAMES[row.strategy]}, {row.budget or 'all'} pages: {_percent(row.share)}" for row in rows)
    return SVG.format(
        width=LEFT + WIDTH + 40, height=TOP + HEIGHT + 60, told=told, drawn="\n".join(drawn), middle=LEFT + WIDTH / 2
    )


def _line(strategy: str, points: Sequence[tuple[float, float]], legend: float) -> list[str]:
    """One strategy's line with its points, and its name at `legend`."""
    look = f'stroke-width="2.5" stroke="{COLOURS[strategy]}"{DASHES[strategy]}'
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[strategy]}"/>' for x, y in points]
    name = f'<text x="{legend + 42:.1f}" y="22">{NAMES[strategy]}</text>'
    return [f'<path d="{path}" fill="none" {look}/>', *dots, f'<path d="M{legend:.1f} 18h34" {look}/>', name]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share == 1 or round(share * 1000) % 10 == 0 else f"{100 * share:.1f} %"
