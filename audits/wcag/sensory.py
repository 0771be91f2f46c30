"""Instructions that can only be followed by who sees (WCAG 2.2, 1.3.3): by shape, colour or side of a control alone."""

import re
from collections.abc import Iterable, Iterator

from audits.languages import primary
from audits.site import Site
from audits.text import normal
from audits.wcag.wording import answer, phrases
from crawler.capture import Page, Passage, RuleResult, Voiced

RULE = "sensory_instruction"
_SENTENCES = re.compile(r"(?<=[.!?:;])\s+|\n")
_QUOTED = re.compile(r"[\"“”«»„‘][^\"“”«»„’]{2,}[\"“”«»’]")
_NEAR, _SHORTEST_WORD, _LONGEST = 4, 4, 400
_OPERATED = frozenset(
    {"link", "button", "menuitem", "tab", "summary", "checkbox", "radio", "switch", "textbox", "searchbox", "combobox"}
)


def sensory(page: Page, site: Site) -> Iterable[RuleResult]:
    """An instruction names a control by how it looks, and nothing on the page bears a word of the sentence."""
    if page.seen is None or not any(each.role in _OPERATED for each in page.seen.voiced):
        return ()
    asked = [(each, sentence) for each in page.seen.passages for sentence in _instructions(each, page, site)]
    failed = [
        each.element._replace(message=sentence[:200])
        for each, sentence in asked
        if not _is_named(sentence, page.seen.voiced, site)
    ]
    return answer(RULE, len(asked), failed)


def _instructions(passage: Passage, page: Page, site: Site) -> Iterator[str]:
    """The sentences that tell to use a control and say how it looks."""
    detected = page.facts.detected if page.facts else ""
    languages = tuple(sorted({primary(passage.language), detected} & set(site.catalog.languages)))
    telling, controls, looks = (phrases(site, name, languages) for name in ("instructing", "sensed_controls", "sensed_looks"))
    for sentence in _SENTENCES.split(passage.text) if telling and controls and looks else ():
        words = normal(sentence[:_LONGEST]).split()
        where = {name: list(_places(words, known)) for name, known in (("tell", telling), ("control", controls), ("look", looks))}
        near = any(abs(one - other) <= _NEAR for one in where["control"] for other in where["look"])
        if near and where["tell"] and min(where["tell"]) < max(where["control"]):
            yield sentence


def _places(words: list[str], known: frozenset[str]) -> Iterator[int]:
    """Where phrases begin among words."""
    for at in range(len(words)):
        if any(" ".join(words[at : at + length]) in known for length in (1, 2, 3, 4)):
            yield at


def _is_named(sentence: str, voiced: tuple[Voiced, ...], site: Site) -> bool:
    """Whether a sentence quotes something, or shares a word with the name of anything on the page."""
    said = {word for word in normal(sentence).split() if len(word) >= _SHORTEST_WORD}
    named = {word for each in voiced if each.role != "document" for word in normal(each.name).split()}
    return _QUOTED.search(sentence) is not None or bool(said & named)
