"""Graph's recurrence as the lines of RFC 5545, and when a series begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.recurrence import starts
from worker.ical.zones import iana

Json = dict[str, Any]

_FREQUENCY = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "absoluteMonthly": "MONTHLY",
    "relativeMonthly": "MONTHLY",
    "absoluteYearly": "YEARLY",
    "relativeYearly": "YEARLY",
}
_INDEX = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "-1"}


def rule(recurrence: Json, zone: str) -> str:
    """Return the RRULE line of a patternedRecurrence."""
    pattern, span = recurrence["pattern"], recurrence["range"]
    kind = pattern["type"]
    parts = [f"FREQ={_FREQUENCY[kind]}", f"INTERVAL={pattern.get('interval', 1)}"]
    days = [name[:2].upper() for name in pattern.get("daysOfWeek", ())]
    if kind == "weekly":
        parts.append(f"WKST={pattern.get('firstDayOfWeek', 'sunday')[:2].upper()}")
    if kind.startswith("absolute"):
        parts.append(f"BYMONTHDAY={pattern['dayOfMonth']}")
    if kind.startswith("relative"):
        parts.append(f"BYSETPOS={_INDEX[pattern.get('index', 'first')]}")
    if days:
        parts.append(f"BYDAY={','.join(days)}")
    if kind.endswith("Yearly"):
        parts.append(f"BYMONTH={pattern['month']}")
    if span["type"] == "numbered":
        parts.append(f"COUNT={span['numberOfOccurrences']}")
    elif span["type"] == "endDate":
        last = datetime.combine(date.fromisoformat(span["endDate"]), time(23, 59, 59), ZoneInfo(zone))
        parts.append(f"UNTIL={last.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return f"RRULE:{';'.join(parts)}"


def begins(recurrence: Json, first: datetime, zone: str, low: datetime, high: datetime) -> list[datetime]:
    """Return when the occurrences of a series begin by its pattern (UTC), between two moments."""
    local = first.astimezone(ZoneInfo(zone))
    found = starts(local, zone, [rule(recurrence, zone)], low, high)
    return [moment.astimezone(UTC) for moment in found if isinstance(moment, datetime)]


def completed(recurrence: Json, first: datetime, zone: str) -> Json:
    """Return a recurrence as it is kept: with the start and zone of its range. Refuses one that says too little."""
    own = iana(zone) or "UTC"
    try:
        start = first.astimezone(ZoneInfo(own)).date().isoformat()
        span = {"startDate": start, "recurrenceTimeZone": zone, **recurrence["range"]}
        whole = {"pattern": {"interval": 1, **recurrence["pattern"]}, "range": span}
        begins(whole, first, own, first, first + timedelta(days=1))
    except (KeyError, ValueError):
        raise RefusalError(400, "ErrorPropertyValidationFailure", "The recurrence is not complete.") from None
    return whole
