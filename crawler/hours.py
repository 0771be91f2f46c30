"""When visits may be made: a span of hours in an entity's own time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

GRACE = timedelta(minutes=5)
"""How long after its opening a span that is shorter than the visit may still be begun."""


def wait_seconds(hours: str, zone: str, need: float, now: datetime) -> float:
    """Seconds from `now` (aware) until a visit that may take `need` seconds may begin; 0 where it may begin at once.

    `hours` is "21:00-06:00" in the local time of `zone` (IANA; "" is UTC); "" and spans of the whole day mean at any time. A
    visit begins where it fits into what is left of the span; one that is longer than the whole span begins at its opening.
    Raises ValueError for hours or a zone that nobody knows.
    """
    start, end = _span(hours)
    if start == end:
        return 0.0
    try:
        local = ZoneInfo(zone) if zone else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'"{zone}" is no time zone of the IANA database (such as America/Lima).') from error
    today = now.astimezone(local).date()
    for day in range(-1, 3):
        opening = datetime.combine(today + timedelta(day), start, local).astimezone(UTC)
        closing = datetime.combine(today + timedelta(day + (end < start)), end, local).astimezone(UTC)
        last = max(closing - timedelta(seconds=need), min(opening + GRACE, closing - timedelta(seconds=1)))
        if now <= last:
            return max((opening - now).total_seconds(), 0.0)
    raise AssertionError("a span of hours that opens every day was not found within three days")


def _span(hours: str) -> tuple[time, time]:
    try:
        start, _, end = hours.partition("-")
        return (time.fromisoformat(start), time.fromisoformat(end)) if hours else (time(), time())
    except ValueError as error:
        raise ValueError(f'"{hours}" is no span of hours such as 21:00-06:00.') from error
