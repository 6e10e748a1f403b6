"""Zones that are written with a time, and moments on the wall clock of a zone.

A short name stands for the places that use it; where two of them differ at that moment, it must be asked.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache

ZONES: dict[str, tuple[str, ...]] = {
    "UTC": ("UTC",),
    "GMT": ("UTC", "Europe/London"),
    "CET": ("Europe/Berlin", "Etc/GMT-1"),
    "CEST": ("Europe/Berlin", "Etc/GMT-2"),
    "EET": ("Europe/Athens", "Etc/GMT-2"),
    "EEST": ("Europe/Athens", "Etc/GMT-3"),
    "WET": ("Europe/Lisbon", "UTC"),
    "WEST": ("Europe/Lisbon", "Etc/GMT-1"),
    "BST": ("Europe/London", "Etc/GMT-1"),
    "EST": ("America/New_York", "Etc/GMT+5"),
    "EDT": ("America/New_York", "Etc/GMT+4"),
    "ET": ("America/New_York",),
    "CST": ("America/Chicago", "Etc/GMT+6", "Asia/Shanghai"),
    "CDT": ("America/Chicago", "Etc/GMT+5"),
    "CT": ("America/Chicago",),
    "MST": ("America/Denver", "America/Phoenix"),
    "MDT": ("America/Denver", "Etc/GMT+6"),
    "MT": ("America/Denver",),
    "PST": ("America/Los_Angeles", "Etc/GMT+8"),
    "PDT": ("America/Los_Angeles", "Etc/GMT+7"),
    "PT": ("America/Los_Angeles",),
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "JST": ("Asia/Tokyo",),
    "SGT": ("Asia/Singapore",),
    "AEST": ("Australia/Sydney", "Etc/GMT-10"),
    "AEDT": ("Australia/Sydney", "Etc/GMT-11"),
    "BRT": ("America/Sao_Paulo",),
}


@cache
def _zone(name: str) -> tzinfo | None:
    """Return a zone by its IANA name, None where the system does not know it."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def zones_of(written: str) -> tuple[tzinfo, ...]:
    """Return the zones that a written one can mean; none where it cannot be read."""
    if written[:1] in {"+", "-"}:
        hours, _, minutes = written[1:].partition(":")
        size = timedelta(hours=int(hours[:2] or 0), minutes=int(minutes or hours[2:4] or 0))
        if size >= timedelta(hours=15):
            return ()
        return (timezone(-size if written[0] == "-" else size),)
    found = (_zone(name) for name in ZONES.get(written, (written,)))
    return tuple(zone for zone in found if zone)


def moments(day: date, at: time, zone: tzinfo | None) -> tuple[datetime, ...]:
    """Return the moments that show this time on this day: one, two in a repeated hour, none inside a gap.

    A time inside a gap is found by its round trip through UTC; a naive reference has no zone and no such nights.
    """
    first = datetime.combine(day, at, tzinfo=zone)
    if zone is None:
        return (first,)
    found = [
        moment
        for moment in (first, first.replace(fold=1))
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == first.replace(tzinfo=None)
    ]
    if len(found) == 2 and found[0].utcoffset() == found[1].utcoffset():
        found.pop()
    return tuple(found)
