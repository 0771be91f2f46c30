"""When a visit may begin."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.hours import wait_seconds

LIMA = "America/Lima"  # UTC-5, no summer time
SANTIAGO = "America/Santiago"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "need", "now", "expected"),
    [
        ("", LIMA, 900, "2026-11-22 12:00", 0),
        ("08:00-08:00", LIMA, 900, "2026-11-22 12:00", 0),
        ("21:00-06:00", LIMA, 900, "2026-11-22 12:00", 14 * 3600),
        ("21:00-06:00", LIMA, 900, "2026-11-23 02:00", 0),
        ("21:00-06:00", LIMA, 900, "2026-11-23 10:45", 0),
        ("21:00-06:00", LIMA, 900, "2026-11-23 10:46", 15 * 3600 + 14 * 60),
        ("01:00-03:00", LIMA, 900, "2026-11-22 23:00", 7 * 3600),
        ("01:00-03:00", "", 900, "2026-11-22 23:00", 2 * 3600),
        ("01:00-01:10", LIMA, 900, "2026-11-22 23:00", 7 * 3600),
        ("01:00-01:10", LIMA, 900, "2026-11-23 06:00", 0),
        ("01:00-01:10", LIMA, 900, "2026-11-23 06:09", 24 * 3600 - 9 * 60),
        ("00:00-23:59", LIMA, 900, "2026-11-22 12:00", 0),
    ],
)
def test_a_visit_begins_where_it_fits(hours: str, zone: str, need: float, now: str, expected: float) -> None:
    assert wait_seconds(hours, zone, need, at(now)) == expected


def test_hours_are_those_of_the_clock_on_the_wall_also_when_it_is_put_forward() -> None:
    """Chile's summer time begins on 6 September 2026 at 04:00 UTC: its night is an hour shorter."""
    assert wait_seconds("22:00-06:00", SANTIAGO, 0, at("2026-09-05 12:00")) == 14 * 3600
    assert wait_seconds("22:00-06:00", SANTIAGO, 3600, at("2026-09-06 07:59")) == 0
    assert wait_seconds("22:00-06:00", SANTIAGO, 3600, at("2026-09-06 08:01")) > 0


@given(
    st.times(),
    st.times(),
    st.sampled_from([LIMA, SANTIAGO, "America/Sao_Paulo", "Pacific/Easter", ""]),
    st.floats(0, 80_000),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
)
def test_who_waits_as_long_as_told_may_begin(start: object, end: object, zone: str, need: float, now: datetime) -> None:
    hours = f"{start:%H:%M}-{end:%H:%M}"
    moment = now.replace(tzinfo=UTC)
    wait = wait_seconds(hours, zone, need, moment)
    assert 0 <= wait <= 2 * 86_400 + 3600
    assert wait_seconds(hours, zone, need, moment + timedelta(seconds=wait)) == 0


@pytest.mark.parametrize(
    ("hours", "zone"), [("nine to five", LIMA), ("21:00-06:00", "America/Nowhere"), ("21:00-06:00", "../etc")]
)
def test_what_nobody_knows_is_told_in_a_sentence(hours: str, zone: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        wait_seconds(hours, zone, 0, at("2026-11-22 12:00"))
