"""Changing one event or one instance in a file that others wrote: only the lines that must change do.

RFC 5545 3.8.4.4 (RECURRENCE-ID), RFC 5546 2.1.4 (SEQUENCE) and 2.1.5 (DTSTAMP).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar.prop import vDuration

from worker.ical import lines as text
from worker.ical.compose import LINE_END, time_line, utc
from worker.ical.lines import Document, Line, Node
from worker.ical.objects import CalendarObject, Part
from worker.ical.reading import read_document
from worker.ical.zones import definition_of, iana, zone
from worker.model import CalendarOperation, CalendarWrite, Event

_SERIES = ("RRULE", "RDATE", "EXDATE", "EXRULE")
# What the last move of ours left behind (RFC 5545 3.8.8.2): programs keep what they do not know.
_MARK = "X-FOLLOWTHROUGH-WRITE"


class EventGoneError(ValueError):
    """The event or instance was removed or cancelled: it is never made again."""


class SeriesError(ValueError):
    """The write names a single event, and the file has a series."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The file after a write, or None where it had taken effect already; the times are what stands there now."""

    raw: bytes | None
    start: datetime
    end: datetime
    sequence: int


def edit(raw: bytes, write: CalendarWrite, stamp: datetime, owner: str, mark: str) -> Edited:
    """Return the file with one event moved or cancelled, or found as a `create` left it.

    `owner` is the IANA zone of the calendar's owner; `mark` (letters and digits) stays with what is moved, and a move
    that finds its own took effect before. Raises EventGoneError, SeriesError, and NotACalendarError where
    the file cannot be read.
    """
    document = text.parse(raw)
    reading = read_document(document, owner)
    item = next((item for item in reading.objects if item.uid == write.uid), None)
    if item is None:
        raise EventGoneError
    now = _current(item, write)
    if now.status == "CANCELLED":
        if write.operation is CalendarOperation.CANCEL:
            return Edited(None, now.dtstart, now.dtend, now.sequence)
        raise EventGoneError
    if write.operation is CalendarOperation.CREATE or (
        write.operation is CalendarOperation.MOVE
        and (_moments(now.dtstart, now.dtend) == _moments(write.start, write.end) or _mark_of(item, write) == mark)
    ):
        return Edited(None, now.dtstart, now.dtend, now.sequence)
    part = _part(document, item, write)
    sequence = max(now.sequence + 1, write.sequence)
    if write.operation is CalendarOperation.MOVE:
        _set_times(document, part, write.start, write.end, write.tzid)
        part.node.set(Line(f"{_MARK}:{mark}{document.line_end}"))
        start, end = write.start, write.end
    else:
        if part.created:
            _set_times(document, part, now.dtstart, now.dtend, now.tzid)
        part.node.set(Line(f"STATUS:CANCELLED{document.line_end}"))
        start, end = now.dtstart, now.dtend
    part.node.set(Line(f"SEQUENCE:{sequence}{document.line_end}"))
    part.node.set(Line(f"DTSTAMP:{utc(stamp)}{document.line_end}"))
    if part.node.lines("LAST-MODIFIED"):
        part.node.set(Line(f"LAST-MODIFIED:{utc(stamp)}{document.line_end}"))
    return Edited(document.to_bytes(), start, end, sequence)


def _moments(*moments: datetime) -> list[datetime]:
    """Return moments that can be compared: around a change of clocks only UTC can."""
    return [moment.astimezone(UTC) for moment in moments]


def _current(item: CalendarObject, write: CalendarWrite) -> Event:
    """Return the event or instance as it stands. Raises EventGoneError, SeriesError."""
    if write.recurrence_id is None:
        own = item.master
        if own is None:
            raise EventGoneError
        if item.recurring and write.operation is not CalendarOperation.CREATE:
            raise SeriesError
        return own.event
    found = item.instance(write.recurrence_id)
    if found is None:
        raise EventGoneError
    return found


def _mark_of(item: CalendarObject, write: CalendarWrite) -> str:
    """Return the mark of the last move of ours, "" where the event or instance was never moved by us."""
    own = item.master if write.recurrence_id is None else item.override(write.recurrence_id)
    return own.node.value(_MARK) if own is not None else ""


@dataclass(slots=True)
class _Target:
    """The component that is changed, what tells how it writes times, and whether it was made just now."""

    node: Node
    form: Part
    created: bool = False


def _part(document: Document, item: CalendarObject, write: CalendarWrite) -> _Target:
    """Return the component to change: the event, the override of the instance, or a new override."""
    if write.recurrence_id is None:
        own = item.master
        if own is None:
            raise EventGoneError
        return _Target(own.node, own)
    override = item.override(write.recurrence_id)
    if override is not None:
        return _Target(override.node, override)
    base = item.governing(write.recurrence_id)
    if base is None:
        raise EventGoneError
    node = base.node.copy()
    if base.original is not None and base.event.recurrence_id == write.recurrence_id.astimezone(UTC):
        _begin_later(document, item, base)
    node.remove(*_SERIES, "RECURRENCE-ID")
    form = item.master or base
    node.set(_like("RECURRENCE-ID", write.recurrence_id, form, document.line_end))
    calendar = next(calendar for calendar in document.calendars if any(one is base.node for one in calendar.items))
    uses = [index for index, one in enumerate(calendar.items) if any(one is part.node for part in item.parts)]
    if not node.end.raw.endswith("\n"):
        node.end = Line(node.end.raw + document.line_end)
    calendar.items.insert(uses[-1] + 1, node)
    return _Target(node, base, created=True)


def _like(name: str, moment: datetime, form: Part, line_end: str) -> Line:
    """Return a time written as that component writes its DTSTART: same zone name, same kind of value."""
    line = form.node.lines("DTSTART")[0].text
    return text.folded(name + _written(line[len("DTSTART") :], form.start, moment, form.event.tzid), line_end)


def _written(line: str, now: datetime | date, moment: datetime, tzid: str) -> str:
    """Return a line of time with another moment in it. No time has a colon, so the last one ends the head."""
    head = line.rpartition(":")[0]
    if not isinstance(now, datetime):
        value = moment.astimezone(zone(tzid)).strftime("%Y%m%d")
    elif now.tzinfo == UTC:
        value = utc(moment)
    else:
        value = moment.astimezone(now.tzinfo).strftime("%Y%m%dT%H%M%S")
    return f"{head}:{value}"


def _begin_later(document: Document, item: CalendarObject, change: Part) -> None:
    """Let a THISANDFUTURE begin one instance later, because its first one gets a component of its own."""
    first = change.event.recurrence_id or change.event.dtstart
    later = item.instances(first, first + timedelta(days=800))
    following = next(
        (
            event
            for event in sorted(later, key=lambda event: event.recurrence_id or event.dtstart)
            if event.recurrence_id is not None
            and event.recurrence_id > first
            and item.governing(event.recurrence_id) is change
            and item.override(event.recurrence_id) is None
        ),
        None,
    )
    if following is None or following.recurrence_id is None or change.original is None:
        return
    named = change.node.lines("RECURRENCE-ID")[0].text
    line_end = document.line_end
    rest = _written(named, change.original, following.recurrence_id, change.event.tzid)
    _set_times(document, _Target(change.node, change), following.dtstart, following.dtend, following.tzid)
    change.node.set(text.folded(rest, line_end))


def _set_times(document: Document, target: _Target, start: datetime, end: datetime, tzid: str) -> None:
    """Write a new start and end in the component's own manner; a length given as DURATION stays one."""
    node, form, line_end = target.node, target.form, document.line_end
    if isinstance(form.start, datetime):
        first, last = _like("DTSTART", start, form, line_end), _like("DTEND", end, form, line_end)
    else:
        name = iana(tzid) or form.event.tzid
        first, last = (
            Line(time_line(label, moment, name).raw.replace(LINE_END, line_end))
            for label, moment in (("DTSTART", start), ("DTEND", end))
        )
        _define(document, node, name, start)
    node.set(first)
    durations = node.lines("DURATION")
    if durations and isinstance(form.start, datetime):
        if end - start != form.event.dtend - form.event.dtstart:
            node.set(text.line_of("DURATION", vDuration(end - start), line_end))
    elif node.lines("DTEND") or end > start:
        node.remove("DURATION")
        node.set(last)


def _define(document: Document, node: Node, name: str, moment: datetime) -> None:
    """Put the definition of a zone before the events of the calendar, where it is not there yet."""
    calendar = next(calendar for calendar in document.calendars if any(one is node for one in calendar.items))
    if name == "UTC" or any(known.value("TZID") == name for known in calendar.nodes("VTIMEZONE")):
        return
    first = next(index for index, one in enumerate(calendar.items) if isinstance(one, Node))
    calendar.items.insert(first, definition_of(name, moment, document.line_end))
