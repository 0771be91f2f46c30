"""Which things a text names: all words of all criteria matched at once.

A text *names* a thing when the words for it make up most of the text, as in a menu or a heading. A text *mentions* a thing when
its name stands anywhere in it. Only naming announces; mentioning confirms.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from pydantic import Field

from audits.text import normal, words_of_url
from crawler.capture import Link, Place, Record

_PLURALS = ("", "s", "es")
_NAMED_FROM = 0.5
_MAX_LABEL_WORDS = 14
_LONGEST_LABEL = 200
_TITLE_PARTS = ("|", "•", "»", "«", "·", " - ", " – ", " — ", ": ", " / ")


class Words(Record):
    """What one thing is called in one language (`rules/words/<lang>/*.toml`).

    `inside` are words that the thing contains and other things may contain too, `says` those that it alone contains. `files` are
    words with which the name or the first line of a file begins that is one such thing ("contract", "ordinance").
    """

    names: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")
    inside: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Hit(NamedTuple):
    """One occurrence in a normalised text: what it stands for and the characters it covers."""

    key: str
    start: int
    end: int


class Phrases:
    """Many phrases, each standing for a key, found in one pass over a normalised text.

    A phrase matches whole words; its last word may carry a plural ending; a final `*` accepts any ending.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._keys: list[tuple[str, bool]] = []
        patterns: list[str] = []
        for phrase, key in sorted(set(phrases)):
            pattern = normal(phrase)
            if pattern:
                patterns.append(" " + pattern)
                self._keys.append((key, phrase.rstrip().endswith("*")))
        self._machine = AhoCorasick(patterns, matchkind=MatchKind.Standard) if patterns else None

    def find(self, text: str) -> list[Hit]:
        """Hits in a text that is already `normal`, in order of their end."""
        if self._machine is None or not text:
            return []
        padded = f" {text} "
        hits = []
        for index, start, end in self._machine.find_matches_as_indexes(padded, overlapping=True):
            key, open_ended = self._keys[index]
            stop = padded.index(" ", end)
            if open_ended or padded[end:stop] in _PLURALS:
                hits.append(Hit(key, start, stop - 1))
        return hits

    def whole(self, text: str) -> bool:
        """Whether a normalised text is one of the phrases and nothing else."""
        return any(hit.start == 0 and hit.end >= len(text) for hit in self.find(text))

    def keys(self, text: str) -> set[str]:
        """Distinct keys found in any text (normalised here)."""
        return {hit.key for hit in self.find(normal(text))}


@lru_cache(maxsize=1024)
def _same(words: tuple[str, ...]) -> Phrases:
    """Words that each stand for themselves: countries that share a language share most of them."""
    return Phrases((word, normal(word)) for word in words)


class Lexicon:
    """The words of all things in a set of languages."""

    def __init__(self, words: Mapping[str, Sequence[Words]], filler: Iterable[str] = ()) -> None:
        """`words` maps a criterion to its words, one entry a language; `filler` are words without a subject of their own."""
        self._names = Phrases((name, key) for key, entries in words.items() for entry in entries for name in entry.names)
        self._nots = Phrases((name, key) for key, entries in words.items() for entry in entries for name in entry.not_)
        self._inside = {key: _same(tuple(word for entry in entries for word in entry.inside)) for key, entries in words.items()}
        self._says = Phrases(
            (word, f"{key} {normal(word)}") for key, entries in words.items() for entry in entries for word in entry.says
        )
        self._files = Phrases((word, key) for key, entries in words.items() for entry in entries for word in entry.files)
        self._joined: dict[str, set[str]] = {}
        for key, entries in words.items():
            for name in (name for entry in entries for name in entry.names if " " in name):
                self._joined.setdefault(normal(name).replace(" ", ""), set()).add(key)
        self._filler = frozenset(part for word in filler for part in normal(word).split())
        self.names = lru_cache(maxsize=50_000)(self._coverage_of)
        self.has_subject = lru_cache(maxsize=50_000)(self._speaks)
        """Whether a label holds a word with a subject of its own, not only filler and numbers."""
        self.mentions = lru_cache(maxsize=20_000)(self._mentions_of)

    def _hits(self, text: str) -> list[Hit]:
        hits = self._names.find(text)
        if not hits:
            return hits
        cancelled = self._nots.find(text)
        return [hit for hit in hits if not any(n.key == hit.key and n.start < hit.end and hit.start < n.end for n in cancelled)]

    def _coverage_of(self, label: str) -> Mapping[str, float]:
        """How much of a short text each thing's names make up: {criterion: 0.5–1.0}; empty where it names nothing."""
        best: dict[str, float] = {}
        if not self._names.find(normal(label)):
            return best
        parts = [label]
        for mark in _TITLE_PARTS:
            parts = [piece for part in parts for piece in part.split(mark)]
        for part in {label, *parts}:
            text = normal(part)
            words = self._words(text)
            subject = {at for at, word in words if self._has_subject(word)}
            if not 0 < len(subject or words) <= _MAX_LABEL_WORDS:
                continue
            covered: dict[str, set[int]] = {}
            for hit in self._hits(text):
                covered.setdefault(hit.key, set()).update(at for at, word in words if hit.start <= at < hit.end and len(word) > 2)
            for key, named in covered.items():
                # A name may be made of words that carry no subject elsewhere ("public information"): within it they count.
                share = len(named) / len(named | subject) if named else 0.0
                if share >= _NAMED_FROM:
                    best[key] = max(best.get(key, 0.0), share)
        return best

    @staticmethod
    def _words(text: str) -> list[tuple[int, str]]:
        """The words of a normalised text with their places."""
        words, start = [], 0
        for word in text.split(" "):
            words.append((start, word))
            start += len(word) + 1
        return [(at, word) for at, word in words if word]

    def _speaks(self, label: str) -> bool:
        return any(self._has_subject(word) for word in normal(label).split())

    def _has_subject(self, word: str) -> bool:
        return len(word) > 1 and word.isalpha() and word not in self._filler

    def _mentions_of(self, text: str) -> frozenset[str]:
        """Things whose name stands anywhere in a text."""
        return frozenset(hit.key for hit in self._hits(normal(text)))

    def opened_by(self, label: str) -> frozenset[str]:
        """Things whose name stands at the beginning of a label, whatever follows ("Directory of the town and its people")."""
        text = self._begun(label)
        return frozenset(hit.key for hit in self._hits(text) if hit.start == 0)

    def is_one_of(self, label: str) -> Mapping[str, str]:
        """Things of which a file so called is one, with what follows the words that say so: {"contracts": "12 2024 bridge"}."""
        text = self._begun(label)
        denied = {hit.key for hit in self._nots.find(text)}
        hits = [hit for hit in self._files.find(text) if hit.start == 0 and hit.key not in denied]
        return {hit.key: text[hit.end :].strip() for hit in sorted(hits, key=lambda hit: hit.end)}

    def _begun(self, label: str) -> str:
        """A label from its first word with a subject."""
        words = normal(label[:_LONGEST_LABEL]).split()
        first = next((at for at, word in enumerate(words) if self._has_subject(word)), len(words))
        return " ".join(words[first:])

    def denials(self, text: str) -> frozenset[str]:
        """Things whose `not` words stand in a text: what stands beside them is something else."""
        return frozenset(hit.key for hit in self._nots.find(normal(text)))

    def inside(self, key: str, text: str) -> set[str]:
        """Distinct words of the thing itself that a text holds."""
        phrases = self._inside.get(key)
        return phrases.keys(text) if phrases else set()

    def says(self, text: str) -> set[str]:
        """Words in a text that only one thing uses: the thing, a blank, the words."""
        return self._says.keys(text)

    def names_of_url(self, url: str) -> Mapping[str, float]:
        """Things that a segment of the URL's path names."""
        best: dict[str, float] = {}
        for segment in words_of_url(url)[-3:]:
            for key, share in self.names(segment).items():
                best[key] = max(best.get(key, 0.0), share)
            # "ordemdodia.html": addresses often write a name of several words as one.
            best |= dict.fromkeys(self._joined.get(normal(segment).replace(" ", ""), ()), 1.0)
        return best

    def topics(self, link: Link) -> frozenset[str]:
        """Criteria that following a link may prove: what its words, its neighbours and its URL name."""
        found = set(self.names(link.text))
        if link.context and (not found or link.kind == "image"):
            found |= set(self.mentions(link.context))
        if link.url and link.place is not Place.FOOTER:
            found |= set(self.names_of_url(link.url))
        return frozenset(found)
