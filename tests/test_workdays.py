"""Days and hours on one person's wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.model import Busy, Lead
from worker.workdays import Clock, first_gap, free_slots, overlaps

BERLIN = Clock(ZoneInfo("Europe/Berlin"), frozenset({date(2026, 12, 25)}), (time(19), time(7)))

# Naive, as hypothesis takes its bounds.
EARLIEST, LATEST = (datetime.fromisoformat(f"{year}-01-01") for year in (2026, 2028))


def at(text: str) -> datetime:
    """Return a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN.zone)


@pytest.mark.parametrize(
    ("start", "lead", "expected"),
    [
        ("2026-11-03 10:00", Lead(days=2, business=True), "2026-10-30 09:00"),
        ("2026-11-02 10:00", Lead(days=1, business=True), "2026-10-30 09:00"),
        ("2026-12-28 10:00", Lead(days=1, business=True), "2026-12-24 09:00"),
        ("2026-10-26 10:00", Lead(days=2), "2026-10-24 10:00"),
        ("2026-10-26 10:00", Lead(minutes=180), "2026-10-26 07:00"),
    ],
)
def test_before(start: str, lead: Lead, expected: str) -> None:
    """Business days count back over weekends and holidays to 09:00; other leads run on the wall clock."""
    assert BERLIN.before(at(start), lead) == at(expected)


def test_two_weeks_over_a_clock_change_keep_the_hour() -> None:
    """Days are added on the wall clock, so the meeting stays at its hour when the clocks change."""
    assert BERLIN.shift(at("2026-10-20 10:00"), 14) == at("2026-11-03 10:00")
    assert BERLIN.shift(at("2026-10-20 10:00"), 14).astimezone(UTC).hour == 9


def test_a_time_that_the_clock_skips_moves_past_the_gap() -> None:
    """02:30 does not exist on 29 March 2026 in Berlin; the moment after the gap is taken."""
    assert BERLIN.at(date(2026, 3, 29), time(2, 30)).time() == time(3, 30)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-03 10:00", "2026-11-03 10:00"),
        ("2026-11-03 19:00", "2026-11-04 07:00"),
        ("2026-11-03 23:30", "2026-11-04 07:00"),
        ("2026-11-03 06:59", "2026-11-03 07:00"),
        ("2026-11-06 20:00", "2026-11-09 07:00"),
        ("2026-11-07 12:00", "2026-11-09 07:00"),
    ],
)
def test_quiet_hours_and_weekends_hold_back(moment: str, expected: str) -> None:
    """A mail waits for the end of the quiet hours, over midnight and over the weekend."""
    assert BERLIN.released(at(moment)) == at(expected)


def test_without_quiet_hours_only_weekends_hold_back() -> None:
    """With no quiet hours configured the night is like the day, and Saturday still waits for Monday."""
    clock = Clock(ZoneInfo("Europe/Berlin"))
    assert clock.released(at("2026-11-03 23:30")) == at("2026-11-03 23:30")
    assert clock.released(at("2026-11-07 12:00")) == at("2026-11-09 00:00")


@given(
    st.datetimes(EARLIEST, LATEST), st.sampled_from(["UTC", "Asia/Kolkata", "Pacific/Apia"])
)  # hypothesis takes naive bounds
def test_released_is_never_earlier_and_never_quiet(moment: datetime, zone: str) -> None:
    """Whatever the moment, the release is not before it and lies in no quiet hour and on no weekend."""
    clock = Clock(ZoneInfo(zone), frozenset(), (time(19), time(7)))
    start = moment.replace(tzinfo=UTC)
    released = clock.released(start)
    assert released >= start
    assert not clock.is_quiet(released)
    assert released.weekday() < 5


def test_the_first_gap_lies_after_meetings_that_touch() -> None:
    """Back-to-back meetings leave no gap; the first quarter hour after them does."""
    start = at("2026-11-03 10:30")
    busy = [
        Busy(at("2026-11-03 10:00"), at("2026-11-03 10:30")),
        Busy(at("2026-11-03 10:30"), at("2026-11-03 11:30")),
        Busy(at("2026-11-03 11:40"), at("2026-11-03 12:00")),
    ]
    assert first_gap(start, timedelta(minutes=15), busy) == at("2026-11-03 12:00")
    assert first_gap(start, timedelta(minutes=10), busy) == at("2026-11-03 11:30")


def test_free_slots_begin_with_the_nearest() -> None:
    """The wish comes first where it is free; otherwise the quarter hour that is nearest to it."""
    hours = (at("2026-11-03 09:00"), at("2026-11-03 17:00"))
    half = timedelta(minutes=30)
    assert free_slots(at("2026-11-03 18:00"), half, hours, [])[0] == at("2026-11-03 18:00")
    busy = [Busy(at("2026-11-03 10:00"), at("2026-11-03 11:00"), uid="x")]
    assert free_slots(at("2026-11-03 10:00"), half, hours, busy)[0] == at("2026-11-03 09:30")
    assert free_slots(at("2026-11-03 10:00"), half, hours, busy, without=frozenset({"x"}))[0] == at("2026-11-03 10:00")
    assert overlaps(at("2026-11-03 10:59"), at("2026-11-03 11:30"), busy)
    assert not overlaps(at("2026-11-03 11:00"), at("2026-11-03 11:30"), busy)
