"""What the rules on words share: lists of words that say nothing, in the languages that may be meant, and how a rule answers."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from audits.catalog import Catalog
from audits.languages import primary
from audits.site import Site
from audits.text import normal
from crawler.capture import Element, Page, RuleResult, Voiced

NODES_MOST = 10
_ALWAYS = "en"
"""Themes, editors and converters leave English words in pages of any language."""
_MEASURE = re.compile(r"\b\d+(?:[.,]\d+)?\s?[kmg](?:i?b|o)\b", re.I)
_TRAILING_NUMBER = re.compile(r"(?: \d{1,3})+$")
_LONGEST_PHRASE = 12
_OPENING = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*")


def languages_of(page: Page, site: Site, declared: str = "") -> tuple[str, ...]:
    """Languages whose words may stand on a page: those of the site, those it declares or looks like, and English."""
    facts = page.facts
    said = (declared, facts.language if facts else "", facts.detected if facts else "")
    known = {*site.languages, *map(primary, said), _ALWAYS}
    return tuple(language for language in site.catalog.languages if language in known)


def phrases(site: Site, name: str, languages: tuple[str, ...]) -> frozenset[str]:
    """The phrases of a list of signs in some languages, normalised."""
    return _phrases(site.catalog, name, languages)


@lru_cache(maxsize=512)
def _phrases(catalog: Catalog, name: str, languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        text for language in languages for word in catalog.signs.get(language, {}).get(name, ()) if (text := normal(word))
    )


def plain(text: str) -> str:
    """A name normalised, without sizes of files: "Leer más » (2,3 MB)" → "leer mas"."""
    return normal(_MEASURE.sub(" ", text))


def numberless(text: str) -> str:
    """A normalised text without numbers at its end: "image 03" → "image"."""
    return _TRAILING_NUMBER.sub("", text)


def without(text: str, known: frozenset[str]) -> str:
    """What is left of a normalised text when the longest known phrases are taken out, from left to right."""
    words, left, at = text.split(), [], 0
    while at < len(words):
        span = next((n for n in range(_LONGEST_PHRASE, 0, -1) if " ".join(words[at : at + n]) in known), 0)
        if not span:
            left.append(words[at])
        at += span or 1
    return " ".join(left)


def attribute(element: Element, name: str) -> str | None:
    """An attribute in the opening tag of an element, "" where it has no value, None where its snippet shows none."""
    opening = _OPENING.match(element.snippet)
    found = (
        re.search(rf"\s{re.escape(name)}(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?(?=[\s>/]|$)", opening[0])
        if opening
        else None
    )
    return next((value for value in found.groups() if value is not None), "") if found else None


def told(voiced: Voiced, message: str = "") -> Element:
    """The element of a thing, with its accessible name where there is nothing else to tell."""
    return voiced.element._replace(message=message or voiced.name[:200])


def answer(rule: str, asked: int, failed: Sequence[Element], unsure: Sequence[Element] = ()) -> Iterable[RuleResult]:
    """What a rule says of a page on which it asked so many things: some fail, of some nothing is sure, else all is well."""
    if failed:
        yield RuleResult(rule, "failed", elements=len(failed), nodes=tuple(failed[:NODES_MOST]))
    if unsure:
        yield RuleResult(rule, "cant_tell", elements=len(unsure), nodes=tuple(unsure[:NODES_MOST]))
    if not failed and not unsure:
        yield RuleResult(rule, "passed" if asked else "inapplicable", elements=asked)


def voiced_of(page: Page, *roles: str) -> list[Voiced]:
    """What a page tells of things of some roles, in its order."""
    return [each for each in (page.seen.voiced if page.seen else ()) if each.role.lower() in roles]
