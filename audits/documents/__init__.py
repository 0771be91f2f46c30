"""What a file that is not a web page holds: PDF, word-processor, sheet, slides, data, archive and image files.

Everything here is bounded by sizes and counts, never by a clock, so the same bytes always give the same facts.
"""

from audits.documents.kinds import is_page, kind_of
from audits.documents.reading import read_document

__all__ = ["is_page", "kind_of", "read_document"]
