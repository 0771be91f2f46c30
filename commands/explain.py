"""A finding's reason in words: the criterion's own message first, else the common one of `rules/reasons.toml`."""

from collections import defaultdict

from audits.catalog import Catalog
from audits.model import Finding
from commands import store
from commands.wording import pick


def explained(finding: Finding, catalog: Catalog) -> str:
    """One sentence that says why; a blank for which the finding has no value shows as "…"."""
    criterion = catalog.criteria.get(finding.criterion)
    message = criterion.messages.get(finding.reason) if criterion else None
    text = pick(message) if message else store.reason_words(catalog, finding.reason)
    return text.format_map(defaultdict(lambda: "…", finding.values))
