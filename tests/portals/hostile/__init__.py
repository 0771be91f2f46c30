"""A town of hostile portals: each a `Case` with the outcome that its visit must end in. `CASES` is all of them."""

from . import bodies, documents, homes, machines, scripts, texts, traps, wires
from .case import Case, Hostile, Trap

CASES: tuple[Case, ...] = (
    *homes.CASES,
    *wires.CASES,
    *bodies.CASES,
    *texts.CASES,
    *traps.CASES,
    *machines.CASES,
    *documents.CASES,
    *scripts.CASES,
)

__all__ = ["CASES", "Case", "Hostile", "Trap"]
