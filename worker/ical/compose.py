"""Making a calendar object of our own: one event with its zone, its people and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from icalendar.parser import Parameters
from icalendar.prop import vCalAddress

from worker.ical.lines import Line, Node, build, line_of
from worker.ical.zones import definition_of, iana, zone
from worker.model import Attendee, CalendarWrite

PRODUCT = "-//Followthrough//1:1 follow-through//EN"
LINE_END = "\r\n"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def calendar_bytes(
    write: CalendarWrite, stamp: datetime, *, sequence: int, sent_by: str = "", method: str = ""
) -> bytes:
    """Return a VCALENDAR with the event of a write and the definition of its zone.

    `method` makes it an iTIP message (RFC 5546 1.4). `sent_by` is the address that acts for the organizer.
    """
    head = [_token("VERSION", "2.0"), _token("PRODID", PRODUCT), _token("CALSCALE", "GREGORIAN")]
    if method:
        head.append(_token("METHOD", method))
    tzid = iana(write.tzid) or "UTC"
    nodes = [] if tzid == "UTC" else [definition_of(tzid, write.start, LINE_END)]
    nodes.append(_event(write, stamp, sequence, sent_by, method))
    return "".join(build("VCALENDAR", head, LINE_END, nodes).physical()).encode()


def _event(write: CalendarWrite, stamp: datetime, sequence: int, sent_by: str, method: str) -> Node:
    tzid = iana(write.tzid) or "UTC"
    lines = [line_of("UID", write.uid, LINE_END), utc_line("DTSTAMP", stamp)]
    if write.recurrence_id is not None:
        lines.append(time_line("RECURRENCE-ID", write.recurrence_id, tzid))
    lines += [time_line("DTSTART", write.start, tzid), time_line("DTEND", write.end, tzid)]
    lines.append(_token("SEQUENCE", str(sequence)))
    lines.append(_token("STATUS", "CANCELLED" if method == "CANCEL" else "CONFIRMED"))
    lines.append(_token("TRANSP", "OPAQUE"))
    for name, words in (("SUMMARY", write.summary), ("LOCATION", write.location), ("DESCRIPTION", write.description)):
        if words:
            lines.append(line_of(name, _CONTROL_BUT_LINES.sub(" ", words), LINE_END))
    if write.organizer is not None:
        lines.append(person_line("ORGANIZER", write.organizer, sent_by))
    agents = {sent_by.lower()} - {""}
    for person in write.attendees:
        if person.address not in agents or (write.organizer is not None and person.address == write.organizer.address):
            lines.append(person_line("ATTENDEE", _answered(person, write.organizer)))
    return build("VEVENT", lines, LINE_END)


_CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")


def _answered(person: Attendee, organizer: Attendee | None) -> Attendee:
    """Return the attendee with the organizer's own answer given: whoever invites takes part."""
    if organizer is None or person.address != organizer.address:
        return person
    return Attendee(person.address, person.name, "ACCEPTED", person.cutype, person.role)


def person_line(name: str, person: Attendee, sent_by: str = "") -> Line:
    """Return an ORGANIZER or ATTENDEE line (RFC 5545 3.8.4); quotes and control characters cannot stand in a name."""
    parameters = Parameters()
    words = _CONTROL.sub(" ", person.name).replace('"', "'").strip()
    if words:
        parameters["CN"] = words
    if name == "ORGANIZER":
        if sent_by and sent_by.lower() != person.address:
            parameters["SENT-BY"] = f"mailto:{sent_by}"
    else:
        parameters["CUTYPE"] = person.cutype
        parameters["ROLE"] = person.role
        parameters["PARTSTAT"] = person.partstat
        if person.partstat == "NEEDS-ACTION":
            parameters["RSVP"] = "TRUE"
    return line_of(name, vCalAddress(f"mailto:{person.address}"), LINE_END, parameters)


def time_line(name: str, moment: datetime, tzid: str) -> Line:
    """Return a time in a zone (RFC 5545 3.3.5 form 3), in UTC (form 2) where the zone is UTC."""
    if tzid == "UTC":
        return utc_line(name, moment)
    return _token(f"{name};TZID={tzid}", moment.astimezone(zone(tzid)).strftime("%Y%m%dT%H%M%S"))


def utc_line(name: str, moment: datetime) -> Line:
    """Return a time in UTC."""
    return _token(name, utc(moment))


def _token(name: str, value: str) -> Line:
    """Return a short line of characters that need neither escapes nor folds."""
    return Line(f"{name}:{value}{LINE_END}")


def utc(moment: datetime) -> str:
    """Return a moment as RFC 5545 writes UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
