"""Which of several wordings of one text to show."""

from collections.abc import Mapping

USUAL = "en"
"""The language that stands in for one that lacks, where the text has no source of its own."""


def language_of(text: Mapping[str, str], asked: str, source: str = "") -> str:
    """The language in which a text is shown to who asked for `asked`: that one, else its source's, else any that it has."""
    return next((language for language in (asked, source or USUAL, USUAL, *text) if text.get(language)), asked)


def wording_of(text: Mapping[str, str], asked: str, source: str = "") -> str:
    """The text in that language, "" for one that has no words at all."""
    return text.get(language_of(text, asked, source), "")
