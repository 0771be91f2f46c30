"""What is worked out once for a site and forgotten with it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from audits.site import Site

T = TypeVar("T")


def once_per_site(work: Callable[[Site], T]) -> Callable[[Site], T]:
    """Remember what a function of a site gave, for as long as the site lives: all criteria share it."""
    known: WeakKeyDictionary[Site, T] = WeakKeyDictionary()

    @wraps(work)
    def remembered(site: Site) -> T:
        if site not in known:
            known[site] = work(site)
        return known[site]

    return remembered
