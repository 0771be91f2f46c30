"""The demonstration: the town with its one portal out of service, and a registry that knows where each portal is.

with Town() as town:
    prepare(town)
    write_registry(town, folder / "registry.csv")
"""

import re
from pathlib import Path

from .behaviours import answer, page
from .server import Town

REGISTRY = Path(__file__).parent / "registry.csv"
OUT_OF_SERVICE = "laguna-dormida"
PLACE = re.compile(r"\{\{portal:([a-z0-9-]+)\}\}")


def prepare(town: Town) -> Town:
    """Open the portal that has no robots.txt and answers 503 to everything else, and give the town back."""
    town.open(OUT_OF_SERVICE).add("/robots.txt", answer(status=404)).add("*", answer(page("503"), status=503))
    return town


def registry_text(town: Town) -> str:
    """The registry (CSV) with the URL of each portal in its place; KeyError names a portal that is not served."""
    return PLACE.sub(lambda match: town.portals[match.group(1)].url, REGISTRY.read_text(encoding="utf-8"))


def write_registry(town: Town, out: Path) -> Path:
    """Write the registry to `out` and give its path back."""
    out.write_text(registry_text(town), encoding="utf-8")
    return out
