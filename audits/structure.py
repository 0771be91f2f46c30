"""What a page is built like, apart from what it says: a small signature by which pages of one template are known."""

from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest
from zlib import crc32

KEPT = 128
"""Smallest hashes that are kept: two pages are compared in the range in which the signatures of both are complete (bottom-k
sketches, Cohen and Kaplan 2007)."""
_CLASSES = 3

Step = tuple[str, str]
"""An element and the one that opens after it, each as its tag and, after a blank, its classes as they are written."""


def signature(steps: Iterable[Step]) -> tuple[int, ...]:
    """At most `KEPT` hashes of the distinct steps of a page, the smallest ones, in rising order."""
    return tuple(nsmallest(KEPT, {crc32(f"{_kind(one)}>{_kind(next_one)}".encode()) for one, next_one in steps}))


@lru_cache(maxsize=16384)
def _kind(element: str) -> str:
    """The element with its first classes; those that bear numbers name one thing, not a kind of it (`post-1234`)."""
    tag, *classes = element[:300].split()
    return ".".join([tag, *[name for name in classes if not any(map(str.isdigit, name))][:_CLASSES]])
