"""What stands on most pages of a site: its furniture, not the content of a page."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from audits.text import normal
from crawler.capture import Link, PageFacts

_SHARE = 0.5
_PAGES = 4


class Template:
    """Lines and links that stand on at least half of the pages, and on four. `pages` are kept as long as this."""

    def __init__(self, pages: Sequence[PageFacts]) -> None:
        numbers: dict[str, int] = {}
        lines: Counter[int] = Counter()
        links: Counter[tuple[str, str]] = Counter()
        # Each line is folded once and known by its number from then on: folding is what judging a page costs most.
        self._numbered: dict[int, tuple[PageFacts, list[array[int]]]] = {}
        for facts in pages:
            numbered = [
                array("L", [numbers.setdefault(normal(line), len(numbers)) for line in section.text.split("\n")])
                for section in facts.sections
            ]
            self._numbered[id(facts)] = (facts, numbered)
            lines.update(set().union(*numbered))
            links.update({(link.url, link.text) for link in facts.links})
        floor = max(_PAGES, len(pages) * _SHARE)
        self._numbers = frozenset(number for number, count in lines.items() if count >= floor)
        self._lines = frozenset(line for line, number in numbers.items() if number in self._numbers)
        self._links = frozenset(link for link, count in links.items() if count >= floor)
        self._own: dict[tuple[int, int], tuple[PageFacts, tuple[str, ...]]] = {}

    def has_line(self, line: str) -> bool:
        """Whether a line is the template's."""
        return normal(line) in self._lines

    def has_link(self, link: Link) -> bool:
        """Whether a link is the template's."""
        return (link.url, link.text) in self._links

    def own_lines(self, facts: PageFacts, section: int) -> tuple[str, ...]:
        """Lines of a section that are not the template's. They are worked out once: many searches ask for the same section."""
        known = self._own.get((id(facts), section))
        if known is None:
            known = self._own[id(facts), section] = (facts, tuple(self._of(facts, section)))
        return known[1]

    def _of(self, facts: PageFacts, section: int) -> Iterator[str]:
        lines = facts.sections[section].text.split("\n")
        if id(facts) not in self._numbered:
            return (line for line in lines if line and not self.has_line(line))
        numbers = self._numbered[id(facts)][1][section]
        return (line for line, number in zip(lines, numbers, strict=True) if line and number not in self._numbers)
