"""Dates in the demonstration portals: pages hold placeholders, so that what was recent when they were written stays recent.

{{days_ago:12}}        2026-11-10                 {{days_ago:12:dmy}}     10/11/2026
{{days_ago:12:es}}     10 de noviembre de 2026    (any language that Babel knows)
{{months_ago:2}}       2026-09                    {{months_ago:2:es}}     septiembre de 2026
{{years_ago:1}}        2025

Negative numbers lie in the future. Days and months are counted from the day that is handed in.
"""

import re
from datetime import date, timedelta

from babel.dates import format_date, format_skeleton

PLACEHOLDER = re.compile(rb"\{\{(days|months|years)_ago:(-?\d{1,4})(?::([a-z]{2,3}))?\}\}")


def months_back(today: date, months: int) -> date:
    """The first day of the month that lies so many months before that of `today`."""
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def words(unit: str, number: int, style: str, today: date) -> str:
    """One date in one style: ISO where `style` is empty, `dmy` for 10/11/2026, else a language."""
    if unit == "years":
        return str(today.year - number)
    if unit == "months":
        month = months_back(today, number)
        return format_skeleton("yMMMM", month, locale=style) if style else month.isoformat()[:7]
    day = today - timedelta(days=number)
    if style == "dmy":
        return day.strftime("%d/%m/%Y")
    return format_date(day, "long", locale=style) if style else day.isoformat()


def fill_dates(body: bytes, today: date) -> bytes:
    """The page with every placeholder replaced by a real date; a body without placeholders comes back as it is."""

    def replaced(match: re.Match[bytes]) -> bytes:
        unit, number, style = match.group(1).decode(), int(match.group(2)), (match.group(3) or b"").decode()
        return words(unit, number, style, today).encode()

    return PLACEHOLDER.sub(replaced, body)
