"""Reading a calendar file: the objects in it, and in words what of it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from icalendar import Event as Component
from icalendar.prop import vBroken, vDDDTypes

from worker.ical import lines as text
from worker.ical.facts import facts_of
from worker.ical.lines import Document, Node, shown
from worker.ical.objects import CalendarObject, Part, listed, utc
from worker.ical.recurrence import EndlessRuleError, UnusableEventError, check_rule, moment_of, normalise_until
from worker.ical.settle import Context, component_of, end_of, settle, settle_rest, zone_of
from worker.ical.zones import Zones, iana, zone
from worker.model import Event


@dataclass(slots=True)
class Reading:
    """What a file gave: objects, problems in words, and whether something that may have been known is missing."""

    objects: list[CalendarObject]
    problems: list[str]
    complete: bool = True


def read(raw: bytes, owner: str) -> Reading:
    """Return what stands in a calendar file; `owner` is the IANA zone of whose calendar it is.

    Raises NotACalendarError where nothing of it can be read.
    """
    return read_document(text.parse(raw), owner)


def read_document(document: Document, owner: str) -> Reading:
    """Return what stands in a calendar file whose lines are known; the parts point to its components."""
    reading = Reading([], [])
    for calendar in document.calendars:
        _read_calendar(calendar, owner, reading)
    return reading


def _read_calendar(calendar: Node, owner: str, reading: Reading) -> None:
    zones = Zones(owner, calendar.nodes("VTIMEZONE"))
    shown_in = iana(calendar.value("X-WR-TIMEZONE")) or owner
    cancelled = calendar.value("METHOD").upper() == "CANCEL"
    by_uid: dict[str, list[tuple[Node, Component]]] = {}
    for node in calendar.nodes("VEVENT"):
        uid = node.words("UID")
        if not uid:
            reading.problems.append(
                "an event has no UID (RFC 5545 3.8.4.7) and was passed over: save it again in the calendar program"
            )
            continue
        component = component_of(node)
        by_uid.setdefault(uid, []).append((node, component))
    for uid, members in by_uid.items():
        parts = list(_parts(uid, members, Context(zones, owner, shown_in, cancelled), reading))
        if parts:
            known = next((item for item in reading.objects if item.uid == uid), None)
            if known is not None:
                known.parts.extend(parts)
            else:
                reading.objects.append(CalendarObject(uid, parts, owner))
    reading.problems.extend(
        f"the zone {shown(name)[:80]!r} is unknown, its times are read as {owner}: choose a zone by its city in the"
        " calendar program"
        for name in sorted(zones.unknown)
    )


def _parts(uid: str, members: list[tuple[Node, Component]], context: Context, reading: Reading) -> Iterator[Part]:
    """Yield the components of one UID that can be used, masters first; the others are problems."""
    master: Part | None = None
    for node, component in sorted(members, key=lambda member: "RECURRENCE-ID" in member[1]):
        try:
            part = _part(uid, node, component, context, master)
        except EndlessRuleError:
            reading.complete = False
            reading.problems.append(endless(uid))
        except (ValueError, TypeError, OverflowError, AttributeError) as error:
            reading.complete = False
            reading.problems.append(
                f"the event {_title(uid)} cannot be used ({shown(str(error))[:120]}): correct it in the"
                " calendar program"
            )
        else:
            if part.original is None and master is None:
                master = part
            yield part


def _title(uid: str) -> str:
    """Name an event for a person without saying what it is about."""
    return repr(shown(uid)[:80])


def endless(uid: str) -> str:
    """Return the words for an object whose rules are out of bounds."""
    return (
        f"the event {_title(uid)} repeats without bounds or never, and was passed over: give it a rule"
        " with fewer repetitions in the calendar program"
    )


def _part(uid: str, node: Node, component: Component, context: Context, master: Part | None) -> Part:
    """Return one component with its zones resolved. Raises ValueError where it cannot be used."""
    first = component.get("DTSTART")
    if first is None:
        raise UnusableEventError("it has no DTSTART")
    if isinstance(first, list | vBroken) or not isinstance(first, vDDDTypes):
        raise UnusableEventError("its DTSTART cannot be read")
    own, tzid = zone_of(first, context)
    start = settle(first, own)
    settle_rest(component, own, context, master)
    for rule in listed(component.get("RRULE")):
        if isinstance(rule, vBroken):
            raise UnusableEventError("its RRULE cannot be read")
        check_rule(rule)
        normalise_until(rule, start)
    named = component.get("RECURRENCE-ID")
    original = moment_of(named) if named is not None else None
    event = facts_of(uid, node, cancelled=context.cancelled)
    if master is not None:
        event = _inherited(event, master.event, node)
    if not isinstance(start, datetime):
        tzid = context.owner
    elif start.tzinfo == UTC and "RRULE" not in component and (master is None or "RRULE" not in master.component):
        tzid = context.shown_in
    end = end_of(component, start)
    # The library computes ends by wall clock from DURATION; ours is the one that counts.
    component.pop("DURATION", None)
    component["DTEND"] = vDDDTypes(end)
    shown_zone = zone(tzid)
    event = replace(
        event,
        dtstart=utc(start, context.owner).astimezone(shown_zone),
        dtend=utc(end, context.owner).astimezone(shown_zone),
        tzid=tzid,
        all_day=not isinstance(start, datetime) or _shown_as_days(node, start, end),
        recurring=named is not None or any(name in component for name in ("RRULE", "RDATE")),
        recurrence_id=utc(original, context.owner) if original is not None else None,
    )
    return Part(component, event, node, start, original)


def _shown_as_days(node: Node, start: datetime, end: datetime | date) -> bool:
    """Whether Outlook shows an event from midnight to midnight as all-day."""
    marked = node.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
    return marked and isinstance(end, datetime) and start.time() == end.time() == time()


def _inherited(event: Event, master: Event, node: Node) -> Event:
    """Return an override with the people of its series where it names nobody: some programs write only what changed."""
    if event.organizer is None and not node.lines("ATTENDEE"):
        event = replace(event, organizer=master.organizer, attendees=master.attendees)
    return event if event.summary else replace(event, summary=master.summary)
