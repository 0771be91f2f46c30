"""How new what was found is: the newest day that a proof speaks of, and how old it may be."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from audits.dates import Found, find_dates
from audits.finders.files import Proof
from audits.model import Criterion
from audits.once import once_per_site
from audits.packs import Norm
from audits.site import Site
from audits.text import normal
from crawler.capture import DocumentFacts

_NEAR_DAYS = 366
_STATEMENTS = frozenset({"text", "list", "people"})
_MONTHS = {"months_2": 2, "months_3": 3, "months_4": 4, "months_6": 6}
"""Lists of words for parts of a year, by their length in months."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = re.compile(r"(?:^|\s)([1-6])(?:\s?[a-z]{1,2})?$")
_STUCK = re.compile(r"\b([a-z]{1,5})([1-6])\b")
_AFTER = re.compile(r"\s?([1-6])\b")
_FOLDER = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)/[^/]*$")
_LONGEST_TEXT = 400


class Age(NamedTuple):
    """The newest day that something speaks of; `updated` when it says itself that it was renewed then."""

    day: date
    updated: bool = False


class Limit(NamedTuple):
    """How many days old the newest content may be, and the norm that says so."""

    days: int
    norm: Norm | None = None


def age_of(proof: Proof, site: Site, *, upcoming: bool = False, periodic: bool = True) -> Age | None:
    """The newest day of which a proof speaks, None where it speaks of none.

    Days and months go before mere years: a year counts only where no exact date of it or of a later one stands beside it. What a
    file says of its own making, or the folder to which it was uploaded, counts only where nothing else is dated. Where nothing is
    due by period (not `periodic`), a year somewhere on a page says nothing of the page.
    """
    said = [_said(text, site) for text in proof.dated if text]
    renewed = max((day for days, _ in said for day in days), default=None)
    found = [one for _, dates in said for one in dates]
    if not periodic and proof.kind in _STATEMENTS:
        found = [one for one in found if one.precision != "year"]
    document = proof.page.document
    if document is not None and document.period is not None:
        found.append(Found(document.period[1], "month", 0, 0))
    best = _newest(found, site.today, upcoming=upcoming) or _made(document, site.today) or _uploaded(proof, site.today)
    if renewed is not None and (best is None or renewed >= best):
        return Age(renewed, updated=True)
    return Age(best) if best is not None else None


@once_per_site
def _known(site: Site) -> dict[str, tuple[tuple[date, ...], tuple[Found, ...]]]:
    """What was read in each text so far: many proofs speak of the same texts."""
    return {}


def _said(text: str, site: Site) -> tuple[tuple[date, ...], tuple[Found, ...]]:
    """The days of renewal that a text names, and all its dates and parts of years."""
    known = _known(site)
    if text not in known:
        known[text] = (tuple(_renewed(text, site)), (*find_dates(text), *parts_of_year(text, site)))
    return known[text]


def _renewed(text: str, site: Site) -> Iterable[date]:
    """Days that stand beside words such as "updated on"."""
    if len(text) > _LONGEST_TEXT or not site.sign("updated").keys(text):
        return ()
    return (one.day for one in find_dates(text) if one.precision == "day" and one.day <= site.today)


def _newest(found: Iterable[Found], until: date, *, upcoming: bool) -> date | None:
    """The newest day not after `until`; a running month or year reaches it, and so does a near day that is announced."""
    exact: date | None = None
    year: date | None = None
    for one in found:
        day = one.day
        if day > until:
            running = one.precision != "day" and _first(one) <= until
            if not running and not (upcoming and one.precision != "year" and (day - until).days <= _NEAR_DAYS):
                continue
            day = until
        if one.precision == "year":
            year = max(year or day, day)
        else:
            exact = max(exact or day, day)
    if exact is None or year is None:
        return exact or year
    return year if year.year > exact.year else exact


def _first(one: Found) -> date:
    return one.day.replace(day=1) if one.precision == "month" else one.day.replace(month=1, day=1)


def _made(document: DocumentFacts | None, until: date) -> date | None:
    days = [day for day in (document.modified, document.created) if day and day <= until] if document is not None else []
    return max(days, default=None)


def _uploaded(proof: Proof, until: date) -> date | None:
    """The month in whose folder a content system put a file: "/uploads/2024/05/plan.pdf"."""
    match = _FOLDER.search(proof.page.url) if proof.page.document is not None else None
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    day = _last_day(int(match[1]), int(match[2]))
    return min(day, until) if day.replace(day=1) <= until else None


def parts_of_year(text: str, site: Site) -> tuple[Found, ...]:
    """Parts of a year that a text names by the lists of signs ("Q1 2024", a half, a third, a bimester), by their last day."""
    if len(text) > _LONGEST_TEXT or not _YEAR.search(text):
        return ()
    folded = _STUCK.sub(r"\1 \2", normal(text))
    found = []
    for name, months in _MONTHS.items():
        for hit in site.sign(name).find(folded):
            number = _which(folded, hit.start, hit.end, site)
            years = [int(match[0]) for match in _YEAR.finditer(folded)]
            if number and number * months <= 12 and years:
                year = min(years, key=lambda y: abs(folded.index(str(y)) - hit.end))
                found.append(Found(_last_day(year, number * months), "month", hit.start, hit.end))
    return tuple(found)


def _which(text: str, start: int, end: int, site: Site) -> int:
    """Which part of the year stands beside its name: a number or an ordinal before it, or a number after it; 0 for none."""
    before = text[:start].rstrip()
    number = _NUMBER.search(before)
    if number:
        return int(number[1])
    words = " ".join(before.split()[-2:])
    for at, name in enumerate(_ORDINALS, 1):
        if site.sign(f"ordinal.{name}").find(words):
            return at
    after = _AFTER.match(text, end)
    return int(after[1]) if after else 0


def _last_day(year: int, month: int) -> date:
    return date(year + (month == 12), month % 12 + 1, 1) - date.resolution


def limit_of(criterion: Criterion, site: Site, age: Age) -> Limit:
    """How old the newest content may be: as the country's norm says, with days of grace to publish it; else the criterion's own.

    What stays true for years (`periodic = false`) a norm has renewed, not rewritten: it binds where a day of renewal is said.
    """
    own = criterion.timely_days or 365
    norm = site.country.norm_of(criterion.id, site.capture.entity.level.value) if site.country else None
    if norm is None or not (criterion.find.get("periodic", True) or age.updated):
        return Limit(own)
    return Limit(norm.days + int(criterion.find.get("grace_days", 0)), norm)
