"""The period that a document speaks of, by the dates, months and years in its title, its name and its first lines.

Month names come from the Unicode CLDR by way of `audits.dates`; no other word of a language is known here. So a document that
names a quarter speaks, as far as this tells, of the year beside it.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from audits.dates import Found, find_dates
from audits.text import fold

_Period = tuple[date, date]
_LINK = r"\s*(?:[-–—/]|\b[a-z]{1,5}\b(?:\s+[a-z]{2,3}\b)?)\s*"
_BETWEEN = re.compile(rf"(?:,|\s)*{_LINK}")
_MONTH_BEFORE = re.compile(rf"(?<![a-z\d])(?:(\d{{1,2}})[º°o]?\s+(?:[a-z]{{2,3}}\s+)?)?([a-z]{{3,10}})\.?{_LINK}$")
_DAY_BEFORE = re.compile(rf"(?<![\d/.-])(\d{{1,2}})[º°o]?{_LINK}$")
_YEARS = re.compile(r"(?<![\d./-])((?:19[89]|20[0-4])\d)\s*[-–—/]\s*((?:19[89]|20[0-4])\d|\d\d)(?![\d]|[./-]\d)")
_NUMBERED = re.compile(r"\d[\s/.-]*(?:[a-z]{1,3}\s+)?$")
_SLASHED = re.compile(r"(?<=\d)/(?=[a-z])|(?<=[a-z])/(?=\d)")
_CODE = re.compile(r"[0-9a-f-]{16,}")
_EARLIER_MONTH = re.compile(r"(?<![a-z])([a-z]{3,10})\.?\s*,\s*$")
_LOOK_BACK = 30
_LIST_OF_MONTHS = 160
_LONGEST_SPAN = 30
_MONTHS_OF_A_YEAR = 12
_TOP = 1000
_YEAR_SOMEWHERE = re.compile(r"(?:19|20)\d\d|\d[/.-]\d\d(?!\d)")
_HEAD_LINES, _HEAD_WORDS = 12, 14


def period_of(title: str, name: str, text: str) -> tuple[date, date] | None:
    """First and last day that a document says it speaks of, None where it does not say.

    Spans ("enero a marzo de 2026", "2024-2027", "01/01/2026 al 31/03/2026") go before single months and years, title and file
    name before the first part of the text, in which only short lines are asked for single ones.
    """
    if not any(map(_YEAR_SOMEWHERE.search, (title, name, text[:_TOP]))):
        return None
    headings = [_readable(title), "" if _CODE.fullmatch(fold(name)) else _readable(name)]
    top = _readable(text[:_TOP])
    single = next((found for heading in headings for found in _singles(heading)), None)
    for heading in headings:
        for span in _spans(heading):
            return span
    for span in _spans(top):
        if single is None or (single[0] <= span[0] and span[1] <= single[1]):
            return span
    if single is not None:
        return single
    lines = [line for line in top.split("\n") if line.strip()][:_HEAD_LINES]
    return next((found for line in lines if len(line.split()) <= _HEAD_WORDS for found in _singles(line, days=False)), None)


def _readable(text: str) -> str:
    """Folded, and "01/Jul/2019" with blanks as `find_dates` wants it."""
    return _SLASHED.sub(" ", fold(text))


def _spans(text: str) -> Iterator[_Period]:
    """Periods with a beginning and an end of their own, in order of place."""
    found = find_dates(text)
    for before, after in pairwise(found):
        if _BETWEEN.fullmatch(text, before.end, after.start) and before.day < after.day:
            yield _first_day(before), after.day
    for one in found:
        start = _start_before(text[max(0, one.start - _LIST_OF_MONTHS) : one.start], one)
        if start is not None:
            yield start, one.day
    for match in _YEARS.finditer(text):
        first, second = int(match[1]), int(match[2])
        if second < 100:
            # "2011-12" is more often a month; "2025-26" can only be two years
            second = first + 1 if second == (first + 1) % 100 and second > _MONTHS_OF_A_YEAR else 0
        if first < second <= first + _LONGEST_SPAN:
            yield date(first, 1, 1), date(second, 12, 31)


def _start_before(before: str, end: Found) -> date | None:
    """The day on which a span begins that ends with `end`, where the year is said at its end only."""
    if end.precision == "year":
        return None
    start, match = None, _MONTH_BEFORE.search(before)
    while match:  # the last two are linked by a word, those before them listed with commas
        day = match[1] if start is None else None
        named = find_dates(f"{day or ''} {match[match.re.groups]} {end.day.year}")
        if len(named) != 1 or named[0].precision != ("day" if day else "month") or named[0].day >= (start or end.day):
            break
        start, before = _first_day(named[0]), before[: match.start()]
        match = None if day else _EARLIER_MONTH.search(before)
    if start is not None:
        return start
    match = _DAY_BEFORE.search(before) if end.precision == "day" else None
    if match and 0 < int(match[1]) < end.day.day:
        return end.day.replace(day=int(match[1]))
    return None


def _singles(text: str, *, days: bool = True) -> Iterator[_Period]:
    """Days, months and years that stand alone, the most exact first; not those that are part of a number ("No. 123-2015")."""
    order = ("day", "month", "year") if days else ("month", "year")
    for precision in order:
        for found in find_dates(text):
            numbered = found.precision == "year" and _NUMBERED.search(text[max(0, found.start - _LOOK_BACK) : found.start])
            if found.precision == precision and not numbered:
                yield _first_day(found), found.day


def _first_day(found: Found) -> date:
    return {"day": found.day, "month": found.day.replace(day=1), "year": found.day.replace(month=1, day=1)}[found.precision]
