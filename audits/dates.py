"""Dates and periods in running text, titles and file names, in the languages of the region.

Month names come from the Unicode CLDR (Babel), so no language stands in code.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from babel.dates import get_month_names

from audits.text import fold

_LOCALES = ("es", "pt", "en", "fr", "nl")
_EARLIEST = 1990
_NEAR_DAYS = 366
_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/._](\d{1,2})[-/._](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?![\d/-])")
_COMPACT = re.compile(r"(?<!\d)(20[0-3]\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)|(?<!\d)([0-3]\d)(0[1-9]|1[0-2])(20[0-3]\d)(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])(19[89]\d|20[0-4]\d)(?![\d,]|[./-]\d)")


class Found(NamedTuple):
    """A date in a text. `day` is the last day of the period it names; `precision` is day, month or year."""

    day: date
    precision: str
    start: int
    end: int


@cache
def _months() -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    numbers: dict[str, int] = {}
    for locale in _LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context=context, locale=locale).items():
                    word = fold(str(name)).rstrip(".")
                    if len(word) >= 3:
                        numbers.setdefault(word, number)
    numbers.setdefault("set", 9)
    names = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    link = r"[\s.,'_-]*(?:d[eo]l?|of)?[\s.,_-]*"
    day_first = re.compile(
        rf"(?<!\d)(?:(\d{{1,2}})(?:º|°|o|er|st|nd|rd|th)?{link})?(?<![a-z])({names})\.?{link}((?:19|20)\d{{2}})(?!\d)"
    )
    month_first = re.compile(rf"(?<![a-z])({names})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})(?!\d)")
    return numbers, day_first, month_first


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return (date(year + (month == 12), month % 12 + 1, 1)) - timedelta(days=1)


def _candidates(folded: str) -> Iterator[Found | None]:
    numbers, day_first, month_first = _months()
    for match in month_first.finditer(folded):
        found = _day(int(match[3]), numbers[match[1]], int(match[2]))
        yield Found(found, "day", *match.span()) if found else None
    for match in day_first.finditer(folded):
        year, month = int(match[3]), numbers[match[2]]
        if match[1]:
            found = _day(year, month, int(match[1]))
            yield Found(found, "day", *match.span()) if found else None
        elif year >= _EARLIEST:
            yield Found(_month_end(year, month), "month", *match.span())
    for match in _ISO.finditer(folded):
        found = _day(int(match[1]), int(match[2]), int(match[3]))
        yield Found(found, "day", *match.span()) if found else None
    for match in _NUMERIC.finditer(folded):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        found = _day(year, int(match[2]), int(match[1])) or _day(year, int(match[1]), int(match[2]))
        yield Found(found, "day", *match.span()) if found else None
    for match in _COMPACT.finditer(folded):
        found = (
            _day(int(match[1]), int(match[2]), int(match[3])) if match[1] else _day(int(match[6]), int(match[5]), int(match[4]))
        )
        yield Found(found, "day", *match.span()) if found else None
    for match in _YEAR.finditer(folded):
        yield Found(date(int(match[1]), 12, 31), "year", *match.span())


@lru_cache(maxsize=8192)
def find_dates(text: str) -> tuple[Found, ...]:
    """All dates of a text, longest reading first where two overlap, in order of place. Many criteria ask about one text."""
    folded = fold(text)
    if not _DIGIT.search(folded):
        return ()
    taken: list[Found] = []
    for found in _candidates(folded):
        if found and not any(found.start < other.end and other.start < found.end for other in taken):
            taken.append(found)
    return tuple(sorted(taken, key=lambda found: found.start))


@cache
def _day_of_month() -> re.Pattern[str]:
    names = {fold(str(name)) for locale in _LOCALES for name in get_month_names("wide", locale=locale).values()}
    months = "|".join(sorted((re.escape(name) for name in names if len(name) > 3), key=len, reverse=True))
    link = r"\s+(?:d[eo]l?\s+|of\s+)?"
    return re.compile(rf"(?<![\d.,/])([0-3]?\d)(?:º|°|o|er|st|nd|rd|th)?{link}({months})(?![a-z])")


@lru_cache(maxsize=8192)
def find_days(text: str) -> tuple[tuple[int, int], ...]:
    """Days of a month (month, day) that a text names without saying of which year."""
    folded = fold(text)
    if not _DIGIT.search(folded):
        return ()
    numbers = _months()[0]
    found = ((numbers[match[2]], int(match[1])) for match in _day_of_month().finditer(folded))
    return tuple((month, day) for month, day in found if _day(2000, month, day))


def newest(texts: Iterable[str], until: date, *, upcoming: bool = False) -> date | None:
    """The newest date that texts speak of, not after `until`; a running month or year counts as reaching `until`.

    With `upcoming`, so does any exact date of the year that follows: what is announced for then is current now.
    """
    best: date | None = None
    for text in texts:
        for found in find_dates(text):
            day = found.day
            if day > until:
                running = (found.precision == "year" and day.year == until.year) or (
                    found.precision == "month" and (day.year, day.month) == (until.year, until.month)
                )
                near = upcoming and found.precision != "year" and (day - until).days <= _NEAR_DAYS
                if not running and not near:
                    continue
                day = until
            if best is None or day > best:
                best = day
    return best
