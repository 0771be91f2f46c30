"""All that rules said of the sample, merged by success criterion; what failed, as barriers. Pure.

A barrier is a kind of element that fails a rule: the same place in the page once positions, numbers and values are left out, or
the same markup on several pages. So what a template repeats is one barrier with its spread, and what axe-core and a rule of our
own both say of an element, for the same success criterion, is one barrier of two rules.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from audits.catalog import Catalog
from audits.model import Barrier, Evidence, Verdict
from audits.site import Site
from audits.text import shorten, squeeze
from audits.wcag import results_of
from crawler.capture import Capture, Element, Page, Reason, RuleResult

_WORST_FIRST = (Verdict.FAILED, Verdict.CANT_TELL, Verdict.PASSED, Verdict.INAPPLICABLE)
_POSITION = re.compile(r":nth-[a-z-]+\([^)]*\)|\[[^\]]*\]")
_NUMBER = re.compile(r"\d+")
_TAG = re.compile(r"<\s*([a-zA-Z][\w:-]*)([^>]*)")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*("[^"]*"?|'[^']*'?|[^\s>]+))?""")
_TELLING = ("class", "role", "type")
"""Attributes that tell what kind of element it is."""
_VARYING = re.compile(
    r"""\s(?:id|style|nonce|for|data-[\w-]+|aria-(?:labelledby|describedby|controls|owns))\s*=\s*("[^"]*"?|'[^']*'?)"""
)
"""Attributes that scripts give each element and each page anew."""
_QUOTE = 300


class _Spot(NamedTuple):
    """One element that fails a rule on a page of the sample, by that page's number."""

    page: int
    rule: RuleResult
    own: bool
    element: Element


@dataclass(frozen=True)
class Merged:
    """What all rules said of the sample: its pages, the results on each, and the barriers, those on most pages first."""

    sample: tuple[Page, ...]
    results: tuple[tuple[RuleResult, ...], ...]
    barriers: tuple[Barrier, ...]

    def verdict(self, criterion: str) -> Verdict:
        """The outcome of a success criterion: of all that was said, what calls most for action."""
        return _worst(result for results in self.results for result in results if criterion in result.criteria)

    def verdict_on(self, number: int, criterion: str) -> Verdict:
        """The same for one page, by its place in the sample."""
        return _worst(result for result in self.results[number] if criterion in result.criteria)

    def barriers_of(self, criterion: str) -> tuple[Barrier, ...]:
        """The barriers that fail a success criterion."""
        return tuple(barrier for barrier in self.barriers if criterion in barrier.criteria)

    def unsure(self, criterion: str) -> tuple[str, ...]:
        """Rules that could not tell, and that a person has to answer."""
        said = (result for results in self.results for result in results)
        return tuple(sorted({r.id for r in said if r.outcome == "cant_tell" and criterion in r.criteria}))


def _worst(results: Iterable[RuleResult]) -> Verdict:
    said = {result.outcome for result in results}
    return next((verdict for verdict in _WORST_FIRST if verdict.value in said), Verdict.UNTESTED)


def barriers(capture: Capture, catalog: Catalog) -> tuple[Barrier, ...]:
    """The barriers of a capture; none where the portal was not read, or where a rule breaks on it: the findings say so then."""
    if not capture.visit.reached or capture.visit.reason is Reason.SCRIPT_ONLY:
        return ()
    try:
        return merged(Site(capture, catalog)).barriers
    except Exception:  # as in judging: what breaks on our side must not take the other findings along
        return ()


def merged(site: Site) -> Merged:
    """What all rules said of the pages that a browser examined, in the order in which they were fetched."""
    sample = tuple(page for page in site.capture.pages if page.axe is not None)
    known = site.catalog.success_criteria
    results = tuple(tuple(_within(result, known) for result in results_of(page, site)) for page in sample)
    spots = [spot for number, said in enumerate(results) for spot in _spots(number, said, site.catalog)]
    groups = _groups(spots)
    counts = _elements(groups, spots)
    found = [_barrier([spots[n] for n in group], sample, count) for group, count in zip(groups, counts, strict=True)]
    found.sort(key=lambda barrier: (-len(barrier.pages), -barrier.elements, barrier.rules, barrier.example.selector))
    return Merged(sample, results, tuple(found))


def _within(result: RuleResult, known: Iterable[str]) -> RuleResult:
    """The result with the success criteria that WCAG 2.2 has at levels A and AA: rules are tagged with others, too."""
    return result._replace(criteria=tuple(criterion for criterion in result.criteria if criterion in known))


def _spots(number: int, results: Iterable[RuleResult], catalog: Catalog) -> Iterator[_Spot]:
    """The elements that fail on a page. A rule that names none speaks of the whole page."""
    for result in results:
        if result.outcome == "failed" and result.criteria:
            for element in result.nodes or (Element("", ""),):
                yield _Spot(number, result, result.id in catalog.checks, element)


# What belongs together ---


def _groups(spots: list[_Spot]) -> list[list[int]]:
    """Numbers of the spots that are one barrier, in the order of their first."""
    leader = list(range(len(spots)))

    def first_of(spot: int) -> int:
        while leader[spot] != spot:
            leader[spot] = leader[leader[spot]]
            spot = leader[spot]
        return spot

    def join(one: int, other: int) -> None:
        low, high = sorted((first_of(one), first_of(other)))
        leader[high] = low

    met: dict[Hashable, int] = {}
    for number, spot in enumerate(spots):
        for mark in _marks(spot):
            join(met.setdefault((spot.rule.id, mark), number), number)
    for one, other in _twins(spots):
        join(one, other)
    groups: dict[int, list[int]] = {}
    for number in range(len(spots)):
        groups.setdefault(first_of(number), []).append(number)
    return list(groups.values())


def _marks(spot: _Spot) -> Iterator[Hashable]:
    """What two elements that fail a rule share where they are of one kind: either is enough."""
    place = squeeze(_NUMBER.sub("0", _POSITION.sub("", spot.element.selector)))
    yield ("place", place, _kind(spot.element.snippet))
    if spot.element.snippet:
        yield ("markup", squeeze(_VARYING.sub("", spot.element.snippet)))


def _kind(snippet: str) -> Hashable:
    """Tag, classes, role and type of an element, numbers in them left out."""
    tag = _TAG.match(snippet.strip())
    if tag is None:
        return ()
    given = {name.lower(): value.strip("\"'") for name, value in _ATTRIBUTE.findall(tag.group(2))}
    told = (" ".join(sorted(_NUMBER.sub("0", given.get(name, "")).split())) for name in _TELLING)
    return (tag.group(1).lower(), *told)


def _twins(spots: list[_Spot]) -> Iterator[tuple[int, int]]:
    """Pairs of one element of one page, one of axe-core's and one of ours, that fail the same success criterion."""
    told: dict[Hashable, int] = {}
    for number, spot in enumerate(spots):
        if not spot.own:
            for key in _places(spot):
                told.setdefault(key, number)
    for number, spot in enumerate(spots):
        if spot.own:
            yield from ((told[key], number) for key in _places(spot) if key in told)


def _places(spot: _Spot) -> Iterator[Hashable]:
    """An element by its opening tag (engines cut what follows it differently), page and success criterion."""
    tag = _TAG.match(spot.element.snippet.strip())
    if tag:
        yield from ((spot.page, criterion, squeeze(tag.group()).rstrip("/ ")) for criterion in spot.rule.criteria)


# What is told of it ---


def _barrier(members: list[_Spot], sample: tuple[Page, ...], elements: int) -> Barrier:
    first = members[0]
    page, example = sample[first.page], first.element
    rules = {spot.rule.id: spot.rule for spot in members}
    return Barrier(
        rules=tuple(sorted(rules)),
        criteria=tuple(sorted({c for spot in members for c in spot.rule.criteria}, key=_by_number)),
        pages=tuple(dict.fromkeys(sample[spot.page].url for spot in members)),
        elements=elements,
        example=Evidence(
            url=page.url,
            captured_at=page.fetched_at,
            quote=shorten(example.snippet, _QUOTE),
            selector=example.selector,
            record_id=page.record_id,
            digest=page.digest,
        ),
        message=example.message,
        help_url=next((rule.help_url for rule in rules.values() if rule.help_url), ""),
    )


def _elements(groups: list[list[int]], spots: list[_Spot]) -> list[int]:
    """How many elements each barrier has on all pages. Where two rules speak of the same ones they count once.

    Of a rule that fails many elements only some are named; the others count for the barrier that most of the named ones are.
    """
    named: dict[tuple[int, str], Counter[int]] = defaultdict(Counter)
    said: dict[tuple[int, str], int] = {}
    for group, members in enumerate(groups):
        for spot in (spots[number] for number in members):
            named[spot.page, spot.rule.id][group] += 1
            said[spot.page, spot.rule.id] = spot.rule.elements
    on_page: dict[tuple[int, int], int] = defaultdict(int)
    for place, counts in named.items():
        most, unnamed = counts.most_common(1)[0][0], max(0, said[place] - counts.total())
        for group, count in counts.items():
            known = on_page[group, place[0]]
            on_page[group, place[0]] = max(known, count + (unnamed if group == most else 0))
    totals = [0] * len(groups)
    for (group, _), count in on_page.items():
        totals[group] += count
    return totals


def _by_number(criterion: str) -> tuple[int, ...]:
    """Success criteria in the order of WCAG: 1.4.3 stands before 1.4.10."""
    return tuple(map(int, criterion.split(".")))
