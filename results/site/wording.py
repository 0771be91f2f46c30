"""What the site says, in one language: texts from `texts/<lang>.toml`, numbers and dates as Babel writes them."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from audits.model import Criterion, Finding, Texts
from results.countries import country_names
from results.languages import language_of, wording_of

Vocabulary = Mapping[str, Mapping[str, Texts]]
"""What things are called: kind of thing → id → name by language."""

TEXTS = Path(__file__).parent / "texts"
NOTHING = "—"
ISO_LENGTH = len("2026-01-31")


class _Blanks(dict[str, str]):
    """Values for the blanks of a text; a blank without a value shows as "…"."""

    def __missing__(self, name: str) -> str:
        return "…"


class Words:
    """All that a page says in one language: texts of `texts/`, and the names of things ("verdict.passed") with a capital first.

    A key that neither knows is an error of ours: KeyError.
    """

    def __init__(self, language: str, reasons: Mapping[str, Mapping[str, Any]], vocabulary: Vocabulary) -> None:
        self.lang = language
        self._reasons = reasons
        names = {f"{kind}.{key}": self.pick(text) for kind, things in vocabulary.items() for key, text in things.items()}
        self._texts = load_texts(language) | {key: name[:1].upper() + name[1:] for key, name in names.items()}

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its blanks filled."""
        return fill(self._texts[key], {name: str(value) for name, value in values.items()})

    def name(self, kind: str, key: str | None) -> str:
        """The name of a thing of some kind ("group", "wcag" …), or its bare id where it has none: ids come from data."""
        return self._texts.get(f"{kind}.{key}", (key or NOTHING).replace("_", " "))

    def names(self, kind: str, key: str) -> bool:
        """Whether a thing has a name."""
        return f"{kind}.{key}" in self._texts

    def pick(self, text: Mapping[str, str], source: str = "") -> str:
        """The wording of a text that comes in several languages; that of its source, then any, where ours lacks."""
        return wording_of(text, self.lang, source)

    def said(self, text: Mapping[str, str], source: str = "") -> Markup:
        """The same for a page, in an element that names its language where it is not the page's."""
        chosen, words = language_of(text, self.lang, source), wording_of(text, self.lang, source)
        return escape(words) if chosen == self.lang else Markup('<span lang="{}">{}</span>').format(chosen, words)

    def language_of(self, text: Mapping[str, str], source: str = "") -> str:
        """The language in which `pick` answers."""
        return language_of(text, self.lang, source)

    def number(self, value: float | None) -> str:
        """A number with separators, a dash for none."""
        return NOTHING if value is None else str(format_decimal(value, locale=self.lang))

    def decimal(self, value: float | None) -> str:
        """A number with at most two decimals, a dash for none."""
        return NOTHING if value is None else str(format_decimal(value, "#,##0.##", locale=self.lang))

    def percent(self, share: float | None) -> str:
        """A share of 0–1 as a whole percentage; "<1 %" and ">99 %" keep a little from looking like nothing or all."""
        if share is None:
            return NOTHING
        if 0 < share < 0.005:
            return "<" + str(format_percent(0.01, "0 %", locale=self.lang))
        if 0.995 <= share < 1:
            return ">" + str(format_percent(0.99, "0 %", locale=self.lang))
        return str(format_percent(share, "0 %", locale=self.lang))

    def span(self, low: float | None, high: float | None) -> str:
        """Two shares as "from – to"; one figure where they are the same."""
        first, last = self.percent(low), self.percent(high)
        return first if first == last else f"{first} – {last}"

    def day(self, value: date | datetime | None) -> str:
        """A date in words, a dash for none."""
        return NOTHING if value is None else str(format_date(value, "long", locale=self.lang))

    def moment(self, value: datetime) -> str:
        """A date and time to the second, in UTC."""
        return str(format_datetime(value.astimezone(UTC), "d MMM y, HH:mm:ss 'UTC'", locale=self.lang))

    def size(self, count: int) -> str:
        """A number of bytes in kB (1000 bytes), or MB from a million on."""
        unit, part = ("MB", 1e6) if count >= 1e6 else ("kB", 1e3)
        return f"{format_decimal(count / part, '#,##0.0', locale=self.lang)} {unit}"

    def country(self, code: str) -> str:
        """The name of a country of ISO 3166 code `code`."""
        return self.pick(country_names().get(code, {})) or code

    def reason(self, code: str) -> str:
        """A reason code in words; the code itself where the rules have no words for it."""
        return self.pick(_texts(self._reasons.get(code, {}))) or code

    def remedy(self, code: str) -> str:
        """What to do about a reason, "" where the rules say nothing."""
        return self.pick(_table(self._reasons.get(code, {}).get("remedy")))

    def why(self, finding: Finding, criterion: Criterion | None) -> str:
        """The reason of a finding in words, its blanks filled: the criterion's own message first, else the common one."""
        own = criterion.messages.get(finding.reason, {}) if criterion else {}
        values = {name: self._dated(value) for name, value in finding.values.items()}
        return fill(self.pick(own) or self.reason(finding.reason), values)

    def _dated(self, value: str) -> str:
        """A value that is an ISO date, as this language writes it; any other value as it is."""
        try:
            return self.day(date.fromisoformat(value)) if len(value) == ISO_LENGTH else value
        except ValueError:
            return value


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill the blanks of a text; what is put in is never read for blanks itself."""
    return text.format_map(_Blanks(values))


@cache
def load_texts(language: str) -> dict[str, str]:
    """All texts of a language by dotted key ("verdict.passed")."""
    return dict(_flat(tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _texts(entry: Mapping[str, Any]) -> Texts:
    """The words of one reason, which stand in its table itself or in its `text`."""
    return _table(entry.get("text", entry))


def _table(value: object) -> Texts:
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, Mapping) else {}
