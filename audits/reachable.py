"""What a PDF offers to those who do not see it: tags, text, a title, a language. None where it is no PDF that could be read."""

import re
from collections import Counter
from collections.abc import Iterable

from crawler.capture import DocumentFacts, Page

_FILE_NAME = re.compile(
    r"\.(docx?|dotx?|odt|rtf|xlsx?|ods|pptx?|odp|pdf|pub|cdr|ai|indd|qxd|pmd|dwg|jpe?g|png|tiff?)\s*$", re.IGNORECASE
)
"""Programs put the name of the file, with its ending, where a title belongs."""

QUALITIES = ("tagged", "text", "title", "title_shown", "language", "pdf_ua")


def qualities(document: DocumentFacts) -> frozenset[str]:
    """Those of QUALITIES that it has. `title_shown`: its title stands above the window; `pdf_ua`: it says that it is PDF/UA."""
    title = bool(document.title.strip()) and not _FILE_NAME.search(document.title)
    has = {
        "tagged": bool(document.tagged),
        "text": document.scanned is False,
        "title": title,
        "title_shown": title and bool(document.shows_title),
        "language": bool(document.declared),
        "pdf_ua": document.pdf_ua > 0,
    }
    return frozenset(name for name in QUALITIES if has[name])


def tally(pages: Iterable[Page]) -> dict[str, str]:
    """How many of these files have each quality, for messages."""
    counts = Counter(name for page in pages if page.document is not None for name in qualities(page.document))
    return {name: str(counts[name]) for name in QUALITIES}
