"""Pages that are built alike: what their markup shares beside what nearly all pages of the portal share. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from . import urls
from .capture import Page

ALIKE = 0.4
"""Share of their markup that two pages of one template have in common, the portal's furniture left out."""
FURNITURE_SHARE, FEWEST = 0.5, 2
SLACK = 2
"""So much is taken for shared by any two pages: a single odd element makes no template where there is little else."""
COMPLETE = 2**32
"""Above any hash. A signature that is shorter than the longest one holds all that there was."""

Signature = tuple[int, ...]


def templates(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages, each with those built like it; in the order of the first of each. Without a structure the URL's family tells."""
    signed = [page for page in pages if page.facts is not None and page.facts.structure]
    furniture, most = _furniture([page.facts.structure for page in signed if page.facts is not None])
    groups: list[tuple[Signature, list[Page]]] = []
    families: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        structure = page.facts.structure if page.facts is not None else ()
        if not structure:
            families[urls.family(page.url)].append(page)
            continue
        likeness = [alike(structure, other, furniture, most) for other, _ in groups]
        best = max(range(len(groups)), key=likeness.__getitem__, default=-1)
        if best >= 0 and likeness[best] >= ALIKE:
            groups[best][1].append(page)
        else:
            groups.append((structure, [page]))
    order = {id(page): number for number, page in enumerate(pages)}
    return sorted([*(group for _, group in groups), *families.values()], key=lambda group: order[id(group[0])])


def alike(one: Signature, other: Signature, furniture: frozenset[int], most: int) -> float:
    """How much two signatures share (0–1), as far as both are complete; `most` is the length at which one is cut.

    Furniture that both have says nothing; that one of them lacks it does.
    """
    edge = min(end[-1] + 1 if len(end) >= most else COMPLETE for end in (one, other))
    mine, its = ({code for code in signature if code < edge} for signature in (one, other))
    shared = len((mine & its) - furniture) + SLACK
    return shared / (shared + len(mine ^ its))


def _furniture(signatures: Sequence[Signature]) -> tuple[frozenset[int], int]:
    """What at least half of the pages have, and the longest length of a signature."""
    counts = Counter(code for signature in signatures for code in signature)
    floor = max(FEWEST, len(signatures) * FURNITURE_SHARE)
    return frozenset(code for code, count in counts.items() if count >= floor), max(map(len, signatures), default=0)
