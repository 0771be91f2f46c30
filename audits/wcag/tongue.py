"""The language that a page and its parts declare, against the one they are written in (WCAG 2.2, 3.1.1 and 3.1.2).

Two witnesses must agree before anything is said: the small words of the languages that the rules know, and a model of 140
languages. Where a language is declared that looks like another, or that neither witness knows (most indigenous ones), nothing is.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from audits.languages import primary
from audits.site import Site
from audits.text import normal
from audits.wcag.wording import answer, phrases
from crawler.capture import Element, Page, Passage, RuleResult

WHOLE, PART = "page_language_matches", "part_language_matches"
_ARGUABLE = frozenset(
    ("es", "pt", "en", "fr", "nl", "de", "it", "sv", "da", "no", "nb", "fi", "pl", "cs", "hu", "ru", "tr", "ar")
)
"""Languages that may be declared in error: known to the model, and none of the others passes for one of them."""
WORDS_LEAST, LINE_LEAST = 6, 20
"""Words of a text, and of a paragraph in a text of another language, below which nothing is said."""
_SHARE, _DISTINCT, _AGAINST, _MODEL, _DENIED = 0.18, 3, 0.1, 0.8, 0.01
_LONGEST = 4000


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_instead(text: str, declared: str, small: Mapping[str, frozenset[str]]) -> str:
    """The language that a text is surely written in instead of the declared one, "" where that is not sure.

    `small` are the small words of languages, normalised. Never raises.
    """
    words = normal(text[:_LONGEST]).split()
    best = _by_small_words(words, declared, small) if declared in _ARGUABLE and len(words) >= WORDS_LEAST else ""
    if not best:
        return ""
    ranked = dict(_identifier().rank(text[:_LONGEST]))
    likely = max(ranked, key=lambda code: ranked[code])
    return best if likely == best and ranked[best] >= _MODEL and ranked.get(declared, 0.0) <= _DENIED else ""


def _by_small_words(words: list[str], declared: str, small: Mapping[str, frozenset[str]]) -> str:
    """The language with most small words that the declared one lacks, where these are many and the other's few."""
    theirs = small.get(declared, frozenset())
    counts = {code: [word for word in words if word in known - theirs] for code, known in small.items() if code != declared}
    best = max(counts, key=lambda code: len(counts[code]), default="")
    if not best or len(counts[best]) < _SHARE * len(words) or len(set(counts[best])) < _DISTINCT:
        return ""
    return best if _prevails(words, best, declared, small) else ""


def _prevails(words: list[str], one: str, other: str, small: Mapping[str, frozenset[str]]) -> bool:
    """Whether among words the small ones of a language stand nearly alone against those of another."""
    first, second = small.get(one, frozenset()), small.get(other, frozenset())
    own, against = (sum(word in known for word in words) for known in (first - second, second - first))
    return against <= _AGAINST * own


def languages(page: Page, site: Site) -> Iterable[RuleResult]:
    """Running text that is surely in another language than it declares: all of it, a part with its own, or a paragraph."""
    passages = page.seen.passages if page.seen else ()
    small = {
        code: phrases(site, "function_words", (code,))
        for code in site.catalog.languages
        if site.catalog.signs[code].get("function_words")
    }
    whole = [each for each in passages if each.whole and each.language]
    language = whole[0].language if whole else ""
    names = " ".join(
        each.name for each in (page.seen.voiced if page.seen else ()) if not each.language or each.language == language
    )
    wrong = [each for each in whole if _is_wrong(each, names, small)]
    yield from answer(WHOLE, len(whole), [_told(each, each.text) for each in wrong])
    parts = [each for each in passages if not each.whole and each.language]
    strange = [_told(each, each.text) for each in parts if language_instead(each.text, primary(each.language), small)]
    lines = [line for each in whole if each not in wrong for line in each.text.split("\n") if line.count(" ") >= LINE_LEAST]
    for each in whole if not wrong else ():
        strange += [_told(each, line) for line in lines if language_instead(line, primary(each.language), small)]
    yield from answer(PART, len(parts) + len(lines), strange)


def _is_wrong(passage: Passage, names: str, small: Mapping[str, frozenset[str]]) -> bool:
    """Whether a text is in another language, and neither a paragraph of it nor the names on the page in the declared one."""
    declared = primary(passage.language)
    instead = language_instead(passage.text, declared, small)
    words = normal(f"{passage.text[:_LONGEST]} {names[:_LONGEST]}").split()
    if not instead or not _prevails(words, instead, declared, small):
        return False
    lines = [line for line in passage.text.split("\n") if line.count(" ") >= WORDS_LEAST]
    return not any(language_instead(line, instead, small) == declared for line in lines)


def _told(passage: Passage, text: str) -> Element:
    return passage.element._replace(message=text[:200])
