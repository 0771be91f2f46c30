"""The search for signed documents: a cryptographic signature in one of the PDF files that were read.

Settings in `[find]`: `enough`, how many PDF files must have been read whole before it may be said that none is signed while
there are others that nobody read.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from audits.finders.files import evidence_of
from audits.finders.offers import offered, refused, undecided, unknown_settings
from audits.model import Criterion, Finding
from audits.site import Site
from audits.text import shorten
from crawler.capture import DocumentFacts, Page, Signature

_PDF = "pdf"


def check(criterion: Criterion) -> list[str]:
    """Mistakes in the settings of a criterion, as sentences."""
    mistakes = unknown_settings(criterion, ("enough",))
    enough = criterion.find.get("enough")
    if not isinstance(enough, int) or enough < 1:
        mistakes.append("find.enough must be a number of files, at least 1.")
    return mistakes


def find(criterion: Criterion, site: Site) -> list[Finding]:
    """Passed with the signer and the day; no only where enough files were read whole, or the portal has no more to read."""
    read = list(_read(site))
    for page, document in read:
        for signature in document.signatures:
            if signature.intact:
                quote = shorten(signature.signer or signature.issuer or document.title or document.text, 200)
                return offered(criterion, "signed", [evidence_of(page, quote)], _told(signature, page))
    whole = [page for page, document in read if not (page.truncated or document.broken or document.encrypted)]
    values = {"count": str(len(whole))}
    evidence = [evidence_of(page, "") for page in whole]
    if len(whole) < criterion.find["enough"] and (len(whole) < len(read) or _unread(site)):
        return undecided(criterion, "too_few_read", evidence, values)
    return refused(criterion, site, "none_signed" if whole else "no_documents", evidence, values)


def _read(site: Site) -> Iterator[tuple[Page, DocumentFacts]]:
    for page in site.capture.pages:
        if page.document is not None and page.problem is None and page.document.kind == _PDF:
            yield page, page.document


def _told(signature: Signature, page: Page) -> dict[str, str]:
    day = signature.signed_at.date().isoformat() if signature.signed_at else ""
    return {"name": " · ".join(filter(None, (signature.signer or signature.issuer, day))), "target": page.url}


def _unread(site: Site) -> bool:
    """Whether a link leads to a PDF file that was not read, and is not known to be missing."""
    return any(
        urlsplit(link.url).path.lower().endswith("." + _PDF) and site.state_of(link) in ("unread", "external")
        for page in site.pages
        for link in (page.facts.links if page.facts else ())
        if link.url.startswith("http")
    )
