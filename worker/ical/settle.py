"""Times as they stand in files, brought to one form: every time with its zone, every event with an end.

RFC 5545 3.3.5 (forms of a time), 3.6.1 (what is missing), 3.8.5 (lists of times).
"""

from __future__ import annotations

import contextlib
import re
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from icalendar import Event as Component
from icalendar.parser import Contentline
from icalendar.prop import vBroken, vDDDLists, vDDDTypes

from worker.ical.lines import Line, Node, content
from worker.ical.objects import Part, listed
from worker.ical.recurrence import UnusableEventError, moment_of
from worker.ical.zones import Zones, zone

_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_READ = {*_TIMES, "UID", "DURATION", "RRULE", "SEQUENCE"}
# A parameter of ours that carries the zone's name past the library, which would look it up in a table for all files.
ZONE = "X-ZONE"
_BARE_ZONE = re.compile(r"(TZID=)([^;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What a file says about all of its events."""

    zones: Zones
    owner: str
    shown_in: str
    cancelled: bool


def component_of(node: Node) -> Component:
    """Return the library's component of the properties that matter, zones left to us."""
    kept = []
    for line in node.lines():
        if line.name not in _READ:
            continue
        kept.append(_without_zone(line) if line.name in _TIMES else line.text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        component = Component.from_ical("\r\n".join(["BEGIN:VEVENT", *kept, "END:VEVENT", ""]))
    assert isinstance(component, Component)  # noqa: S101  # for the types; the text says VEVENT
    return component


def _without_zone(line: Line) -> str:
    """Return a line of times whose TZID is a parameter of ours; one that ends in Z is UTC whatever TZID says."""
    if "TZID" not in line.raw.upper():
        return line.text
    with contextlib.suppress(ValueError):
        # No time has a colon; some names of zones have one, and not every program quotes them.
        head, _, value = line.text.rpartition(":")
        if ":" in head and '"' not in head:
            head = _BARE_ZONE.sub(r'\1"\2"', head)
        name, parameters, _ = content(f"{head}:").raw_parts()
        tzid = parameters.pop("TZID", None)
        if tzid is not None:
            if not value.strip().upper().endswith("Z"):
                parameters[ZONE] = str(tzid)
            return str(Contentline.from_parts(name, parameters, _Raw(value)))
    return line.text


class _Raw:
    """A value that is written as it was read."""

    def __init__(self, value: str) -> None:
        self._value = value

    def to_ical(self) -> str:
        """Return the value."""
        return self._value


def zone_of(value: vDDDTypes, context: Context) -> tuple[tzinfo, str]:
    """Return the zone of a time: its own, UTC, or (floating) the owner's."""
    tzid = value.params.get(ZONE)
    if tzid is not None:
        return context.zones.resolve(str(tzid))
    moment = value.dt
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return UTC, "UTC"
    return zone(context.owner), context.owner


def settle(value: vDDDTypes, own: tzinfo) -> datetime | date:
    """Give a time its zone and return it."""
    moment = moment_of(value)
    if isinstance(moment, datetime):
        moment = moment.replace(tzinfo=UTC if moment.tzinfo is not None else own)
        value.dt = moment
    return moment


def settle_rest(component: Component, own: tzinfo, context: Context, master: Part | None) -> None:
    """Resolve the zones of every other time; one without a zone is in that of DTSTART."""
    for name in ("DTEND", "RECURRENCE-ID"):
        value = component.get(name)
        if value is None:
            continue
        if isinstance(value, list | vBroken) or not isinstance(value, vDDDTypes):
            raise UnusableEventError(f"its {name} cannot be read")
        fallback = own
        if name == "RECURRENCE-ID" and master is not None and isinstance(master.start, datetime):
            fallback = master.start.tzinfo or own
        settle(value, zone_of(value, context)[0] if ZONE in value.params else fallback)
        if name == "RECURRENCE-ID":
            value.dt = _like_master(moment_of(value), master)
    for name in ("RDATE", "EXDATE"):
        for values in listed(component.get(name)):
            if isinstance(values, vBroken) or not isinstance(values, vDDDLists):
                raise UnusableEventError(f"its {name} cannot be read")
            tzid = values.params.get(ZONE)
            listed_zone = context.zones.resolve(str(tzid))[0] if tzid is not None else own
            for value in values.dts:
                _settlelisted(value, listed_zone)


def _settlelisted(value: vDDDTypes, own: tzinfo) -> None:
    """Give one value of a list its zone; an RDATE may be a period (RFC 5545 3.3.9)."""
    if isinstance(value.dt, tuple):
        first, last = value.dt
        first = first.replace(tzinfo=UTC if first.tzinfo is not None else own)
        if isinstance(last, datetime):
            last = last.replace(tzinfo=UTC if last.tzinfo is not None else own)
        value.dt = (first, last)  # type: ignore[assignment]  # either kind of period
    else:
        settle(value, own)


def _like_master(moment: datetime | date, master: Part | None) -> datetime | date:
    """Return a RECURRENCE-ID in the master's kind: some programs name a timed instance by its day alone."""
    if master is None:
        return moment
    if isinstance(master.start, datetime) and not isinstance(moment, datetime):
        return datetime.combine(moment, master.start.timetz())
    if not isinstance(master.start, datetime) and isinstance(moment, datetime):
        return moment.date()
    return moment


def end_of(component: Component, start: datetime | date) -> datetime | date:
    """Return the end: DTEND, else DURATION, else none for a time and a day for a date (RFC 5545 3.6.1)."""
    value, length = component.get("DTEND"), component.get("DURATION")
    if isinstance(value, vDDDTypes):
        end = moment_of(value)
        if isinstance(start, datetime) != isinstance(end, datetime):
            end = _mixed_end(value, start, end)
        if isinstance(start, datetime) and isinstance(end, datetime):
            if end.astimezone(UTC) < start.astimezone(UTC):
                raise UnusableEventError("it ends before it starts")
        elif end < start:
            raise UnusableEventError("it ends before it starts")
        elif end == start:
            # Some programs write the last day of an all-day event instead of the day after it.
            end = start + timedelta(days=1)
            value.dt = end
        return end
    if length is not None and not isinstance(length, list | vBroken):
        return _after(start, length.dt)
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _mixed_end(value: vDDDTypes, start: datetime | date, end: datetime | date) -> datetime | date:
    """Bring an end that is a date to a start that is a time, or the other way round."""
    if isinstance(start, datetime):
        settled: datetime | date = datetime.combine(end, time(), tzinfo=start.tzinfo)
    else:
        settled = end.date() if isinstance(end, datetime) else end
    value.dt = settled
    return settled


def _after(start: datetime | date, length: timedelta) -> datetime | date:
    """Return start and DURATION; days count by the calendar, hours by the clock (RFC 5545 3.3.6)."""
    if length < timedelta():
        raise UnusableEventError("its DURATION is negative")
    if not isinstance(start, datetime):
        return start + max(timedelta(days=length.days), timedelta(days=1))
    days, rest = timedelta(days=length.days), timedelta(seconds=length.seconds)
    return ((start + days).astimezone(UTC) + rest).astimezone(start.tzinfo)
