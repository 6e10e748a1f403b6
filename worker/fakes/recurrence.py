"""When the instances of a series begin, by a library that is not the worker's own reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event


def starts(
    first: datetime | date, zone: str, rules: Sequence[str], begin: datetime, end: datetime
) -> list[datetime | date]:
    """Return the original starts between two moments (aware), by the RRULE, RDATE and EXDATE lines of a series."""
    return list(_starts(first, zone, tuple(rules), begin, end))


@lru_cache(maxsize=512)
def _starts(
    first: datetime | date, zone: str, rules: tuple[str, ...], begin: datetime, end: datetime
) -> tuple[datetime | date, ...]:
    timed = isinstance(first, datetime)
    stamp = f";TZID={zone}:{first:%Y%m%dT%H%M%S}" if timed else f";VALUE=DATE:{first:%Y%m%d}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fake//EN", "BEGIN:VEVENT", "UID:series", f"DTSTART{stamp}"]
    text = "\r\n".join([*lines, *rules, "END:VEVENT", "END:VCALENDAR", ""])
    found: list[datetime | date] = []
    margin = timedelta(days=1)
    for item in recurring_ical_events.of(Calendar.from_ical(text)).between(begin - margin, end + margin):
        if isinstance(item, Event):
            start = item.start
            found.append(start.astimezone(ZoneInfo(zone)) if isinstance(start, datetime) else start)
    return tuple(sorted(found, key=lambda start: _moment(start, zone)))


def _moment(start: datetime | date, zone: str) -> datetime:
    if isinstance(start, datetime):
        return start.astimezone(UTC)
    return datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
