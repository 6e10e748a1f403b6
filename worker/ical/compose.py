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
    head = [line_of("VERSION", "2.0", LINE_END), line_of("PRODID", PRODUCT, LINE_END)]
    head.append(line_of("CALSCALE", "GREGORIAN", LINE_END))
    if method:
        head.append(line_of("METHOD", method, LINE_END))
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
    lines.append(line_of("SEQUENCE", str(sequence), LINE_END))
    lines.append(line_of("STATUS", "CANCELLED" if method == "CANCEL" else "CONFIRMED", LINE_END))
    lines.append(line_of("TRANSP", "OPAQUE", LINE_END))
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
    parameters = Parameters({"TZID": tzid})
    return line_of(name, moment.astimezone(zone(tzid)).strftime("%Y%m%dT%H%M%S"), LINE_END, parameters)


def utc_line(name: str, moment: datetime) -> Line:
    """Return a time in UTC."""
    return line_of(name, utc(moment), LINE_END)


def utc(moment: datetime) -> str:
    """Return a moment as RFC 5545 writes UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
