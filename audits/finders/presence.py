"""The search for what is asked once and proven as information is: a text, a list or a file under its name; or as a service is.

Settings in `[find]`: `content`, those of the search content; `service`, those of the search service. Either may prove it.
"""

from typing import Any

from audits.finders import content, service
from audits.finders.offers import unknown_settings
from audits.model import OFFERED, Criterion, Finding, Verdict
from audits.site import Site

_SEARCHES = {"content": content, "service": service}
_ORDER = (Verdict.PASSED, Verdict.CANT_TELL, Verdict.FAILED)


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    mistakes = unknown_settings(criterion, _SEARCHES)
    if not set(criterion.find) & set(_SEARCHES):
        mistakes.append("find names neither content nor service; give the settings of at least one of them.")
    for name, search in _SEARCHES.items():
        if name in criterion.find:
            mistakes += [f"find.{name}: {mistake}" for mistake in search.check(_with(criterion, name))]
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """The one finding of the search that says most: yes before open, open before no, and the deeper of two alike."""
    found = [search.find(_with(criterion, name), site)[0] for name, search in _SEARCHES.items() if name in criterion.find]
    best = min(found, key=lambda finding: (_ORDER.index(finding.verdict), -finding.depth))
    return [best.model_copy(update={"aspect": OFFERED})]


def _with(criterion: Criterion, name: str) -> Criterion:
    """The criterion as one of the two searches wants it."""
    settings: dict[str, Any] = {"search": name, **criterion.find[name]}
    return criterion.model_copy(update={"find": settings})
