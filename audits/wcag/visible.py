"""Whether who speaks what stands on a control reaches it: its visible words are in its accessible name (WCAG 2.2, 2.5.3).

Asked of controls that are named from what they hold, where the author gave another name. No words are: symbols, single letters,
ligatures that a font draws as icons, counters at the end, and abbreviations of what the name spells out.
"""

import re
from collections.abc import Iterable

from audits.site import Site
from audits.text import normal
from audits.wcag.wording import answer, attribute, told
from crawler.capture import Page, RuleResult, Voiced

RULE = "visible_label_in_name"
_NAMED_FROM_CONTENT = frozenset(
    {
        "button",
        "link",
        "checkbox",
        "menuitem",
        "menuitemcheckbox",
        "menuitemradio",
        "option",
        "radio",
        "switch",
        "tab",
        "treeitem",
    }
)
_ICON_FONT = re.compile(r"material[-_ ](?:icons|symbols)|\bicon-?font|\bligature|fa-ligature", re.I)
_LIGATURE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_HYPHENS = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011'’](?=\w)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_CUT = re.compile(r"(?:\u2026|\.\.\.)\s*$")
_FORMULA = re.compile(r"\d\s?[=+×÷*/^<>]\s?\d|[=×÷√∑∫≤≥]")
_FEW_WORDS, _LONGEST_NAME, _COUNTER = 8, 280, 4


def visible_labels(page: Page, site: Site) -> Iterable[RuleResult]:
    """Of controls with a name and with visible words, all such words stand in the name, side by side and in their order."""
    if page.seen is None or not page.seen.voiced:
        return ()
    asked = [each for each in page.seen.voiced if _is_asked(each)]
    missing = [(each, _is_missing(each.text, each.name)) for each in asked]
    failed = [told(each, f"{each.text[:100]} ≠ {each.name[:100]}") for each, missed in missing if missed]
    unsure = [told(each, f"{each.text[:100]} ≠ {each.name[:100]}") for each, missed in missing if missed is None]
    return answer(RULE, len(asked), failed, unsure)


def _is_asked(control: Voiced) -> bool:
    named = any(attribute(control.element, name) for name in ("aria-label", "aria-labelledby"))
    iconic = _ICON_FONT.search(control.element.snippet) is not None
    return (
        named and not iconic and control.role.lower() in _NAMED_FROM_CONTENT and bool(control.name) and _has_words(control.text)
    )


def _has_words(text: str) -> bool:
    """Whether a text is more than symbols, ligatures or one letter."""
    words = normal(_LIGATURE.sub(" ", text)).split()
    return any(len(word) > 1 or word.isdigit() for word in words)


def _is_missing(text: str, name: str) -> bool | None:
    """Whether words that are seen lack in a name; None where that cannot be said for sure."""
    shown, given = _variants(_INVISIBLE.sub("", _LIGATURE.sub(" ", text))), _variants(_INVISIBLE.sub("", name))
    if any(_stands_in(one, other) for one in shown for other in given):
        return False
    plain = _variants(_BRACKETED.sub(" ", _LIGATURE.sub(" ", text)))
    if any(_stands_in(one, other) for one in plain for other in given):
        return False
    words, named = max(shown, key=len), max(given, key=len)
    abbreviated = any(_abbreviates(one, other, text) for one in shown for other in given)
    counted = any(word.isdigit() and len(word) < _COUNTER for word in (words[0], words[-1])) and len(words) > 1
    rest = [word for word in words if not (word.isdigit() and len(word) < _COUNTER)]
    if abbreviated or _FORMULA.search(text) or len(name) > _LONGEST_NAME or not named:
        return None
    if counted and _stands_in(tuple(rest), named):
        return None
    # A card that is a link altogether is seldom spoken word for word: its name may be its heading.
    return None if len(words) > _FEW_WORDS and (_stands_in(named, words) or words[:2] == named[:2]) else True


def _variants(text: str) -> set[tuple[str, ...]]:
    """The words of a text, with hyphens and apostrophes parting words and joining them."""
    return {tuple(normal(one).split()) for one in (text, _HYPHENS.sub("", text))}


def _stands_in(words: tuple[str, ...], all_words: tuple[str, ...]) -> bool:
    """Whether words stand side by side among others; letters that stand alone between words may be symbols."""
    asked = tuple(word for word in words if len(word) > 1 or word.isdigit()) or words
    for chosen, among in ((words, all_words), (asked, tuple(word for word in all_words if len(word) > 1 or word.isdigit()))):
        if any(among[at : at + len(chosen)] == chosen for at in range(len(among) - len(chosen) + 1)):
            return True
    return False


def _abbreviates(words: tuple[str, ...], named: tuple[str, ...], text: str) -> bool:
    """Whether the text has words with a full stop, or is cut, and the name spells them out in their order."""
    if not (_CUT.search(text) or re.search(r"[^\W\d]\.", text)):
        return False
    places = range(len(named) - len(words) + 1)
    return any(all(there.startswith(word) for word, there in zip(words, named[at:], strict=False)) for at in places)
