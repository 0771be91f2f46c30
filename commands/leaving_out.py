"""How the program would do on a portal whose words nobody had seen: each portal judged without the names that only it uses.

Rules are not fitted by a machine, so no portal can be left out of a fit. What can be left out is what a portal may have
taught: every name, saying and name of files (of any criterion, language or country) that occurs on this portal and on no other
labelled one. Most of these were known from laws and other portals all the same, so the figure is a lower bound; where all words
count it is the upper one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from audits.catalog import Catalog
from audits.lexicon import Phrases, Words
from audits.text import normal, words_of_url
from crawler.capture import Capture, Page

_MOST = 20_000
"""Characters of one text that are searched."""
_TAUGHT = ("names", "says", "files")
"""The words that a portal may have taught: those by which a thing is known, not those that stand inside many."""


def without_own_names(captures: Sequence[Capture], catalog: Catalog) -> Iterator[tuple[Capture, Catalog]]:
    """Each capture with the rules from which the names that it alone uses are gone."""
    phrases = Phrases(
        (name, normal(name)) for words in _all_words(catalog) for field in _TAUGHT for name in getattr(words, field)
    )
    used = [_names_on(capture, phrases) for capture in captures]
    for number, capture in enumerate(captures):
        others = set().union(*(names for at, names in enumerate(used) if at != number))
        yield capture, without(catalog, used[number] - others)


def without(catalog: Catalog, names: set[str]) -> Catalog:
    """The same rules with some names missing, however they are written: what is compared are their normal forms."""

    def rest(words: Mapping[str, Words]) -> dict[str, Words]:
        return {
            thing: known.model_copy(update={field: left(getattr(known, field)) for field in _TAUGHT})
            for thing, known in words.items()
        }

    def left(known: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in known if normal(name) not in names)

    return replace(
        catalog,
        words={language: rest(words) for language, words in catalog.words.items()},
        countries={code: pack.model_copy(update={"words": rest(pack.words)}) for code, pack in catalog.countries.items()},
        digest=f"{catalog.digest} without {' | '.join(sorted(names))}",
    )


def _all_words(catalog: Catalog) -> Iterator[Words]:
    for words in (*catalog.words.values(), *(pack.words for pack in catalog.countries.values())):
        yield from words.values()


def _names_on(capture: Capture, phrases: Phrases) -> set[str]:
    return {hit.key for page in capture.pages for text in set(_texts(page)) for hit in phrases.find(normal(text[:_MOST]))}


def _texts(page: Page) -> Iterable[str]:
    yield " ".join(words_of_url(page.url))
    if page.document is not None:
        yield from (page.document.title, page.document.text)
    if page.facts is not None:
        yield page.facts.title
        for section in page.facts.sections:
            yield from (section.heading, section.text)
        for link in page.facts.links:
            yield from (link.text, link.context, " ".join(words_of_url(link.url)))
