"""The language of running text."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

CONTENT_LANGUAGES = ("es", "pt", "en", "fr", "nl", "ht")
_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(CONTENT_LANGUAGES))
    return identifier


def detect_language(text: str) -> str:
    """The likeliest of the region's written languages, "" for less than twenty words."""
    if text.count(" ") < 20:
        return ""
    return str(_identifier().classify(text)[0])


def primary(tag: str) -> str:
    """The primary subtag of a declared language in lower case ("es-PE" → "es"), "" where it is no tag."""
    match = _TAG.match(tag)
    return match[1].lower() if match else ""
