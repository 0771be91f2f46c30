"""How easily running text reads: the measure of its language, applied to the sentences of a page."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from crawler.capture import Record

GRADES = ("very_hard", "hard", "normal", "easy", "very_easy")
"""From hard to easy; what reaches none of the grades of a measure is very hard."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[¿¡—–-]*\s*[^\W_])")
_CLOSED = re.compile(r"[.!?…][\"'”’»)\]]*$")


class Grade(Record):
    """A stretch of a measure, from `at_least` on; `id` is one of GRADES, `name` what the measure calls it."""

    id: Literal["hard", "normal", "easy", "very_easy"]
    at_least: float
    name: str


class Measure(Record):
    """A measure of readability as `rules/readability.toml` has it: the higher its score, the easier the text.

    score = base - per_word × (syllables / words) - per_sentence × (words / sentences). `grades` are in falling order.
    """

    language: str
    measure: str
    evidence: Literal["V", "V3", "GK"]
    base: float
    per_word: float
    per_sentence: float
    grades: tuple[Grade, ...]
    silent: str
    nucleus: str
    abbreviations: frozenset[str]

    def syllables(self, word: str) -> int:
        """Syllables of one word, at least one."""
        return _syllables(self.nucleus, self.silent, word.lower())

    def score(self, counts: "Counts") -> float:
        """The score of a text that has words and sentences."""
        return self.base - self.per_word * counts.syllables / counts.words - self.per_sentence * counts.words / counts.sentences

    def grade(self, score: float) -> str:
        """The id of the grade that a score reaches."""
        return next((grade.id for grade in self.grades if score >= grade.at_least), GRADES[0])

    def sentences(self, line: str) -> list[str]:
        """The sentences of a line; the full stop of an abbreviation or an initial ends none."""
        found, start = [], 0
        for end in _SENTENCE.finditer(line):
            last = line[start : end.start()].rpartition(" ")[2].strip("(«“\"'").lower()
            is_short = end.group().startswith(".") and (last in self.abbreviations or len(last) == 1 or "." in last)
            if not is_short and not line[end.end()].islower():
                found.append(line[start : end.end()].strip())
                start = end.end()
        return [*found, line[start:].strip()]


_ENOUGH = 1000
"""Words after which a text tells no more of how it is written."""


class Counts(NamedTuple):
    """What a measure asks of a text. `longest` is its longest sentence."""

    words: int
    sentences: int
    syllables: int
    longest: str


def count(lines: tuple[str, ...], measure: Measure, least: int) -> Counts:
    """Count the running text: lines of at least so many words that end as a sentence does, so no menus, cells or headings."""
    words = syllables = 0
    sentences: list[tuple[int, str]] = []
    for line in lines:
        if words >= _ENOUGH:
            break
        if line.count(" ") + 1 < least or not _CLOSED.search(line):
            continue
        for sentence in measure.sentences(line):
            found = _WORD.findall(sentence)
            if found:
                sentences.append((len(found), sentence))
                words += len(found)
                syllables += sum(map(measure.syllables, found))
    return Counts(words, len(sentences), syllables, max(sentences, default=(0, ""))[1])


@lru_cache(maxsize=65536)
def _syllables(nucleus: str, silent: str, word: str) -> int:
    return max(1, len(re.findall(nucleus, re.sub(silent, "'", word))))
