"""Invitations by mail: iTIP messages (RFC 5546) as the body part of a mail (RFC 6047), and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker.ical import lines as text
from worker.ical.compose import calendar_bytes
from worker.ical.lines import NotACalendarError
from worker.ical.people import attendee_of
from worker.ical.reading import read_document
from worker.model import CalendarWrite

# An answer holds one event and one person; whatever is larger is something else.
MAX_REPLY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """What a METHOD:REPLY says: who (lower case) answered what (PARTSTAT, upper case) about which event."""

    uid: str
    attendee: str
    partstat: str
    recurrence_id: datetime | None = None
    sequence: int = 0


def invitation(write: CalendarWrite, method: str, stamp: datetime, sequence: int, sent_by: str = "") -> bytes:
    """Return the text/calendar part of an invitation, an update (both REQUEST) or a cancellation (CANCEL).

    The organizer is the write's; `sent_by` is the worker's address where it acts for somebody else, and that address
    is never an attendee. Raises ValueError where RFC 5546 3.2.2 misses something: organizer or attendees.
    """
    if method not in ("REQUEST", "CANCEL"):
        raise ValueError(f"no invitation is made with the method {method!r}")
    if write.organizer is None or not write.attendees:
        raise ValueError("an invitation needs an organizer and at least one attendee")
    return calendar_bytes(write, stamp, sequence=sequence, sent_by=sent_by, method=method)


def parse_reply(raw: bytes) -> CalendarReply | None:
    """Return the first answer in a METHOD:REPLY (RFC 5546 3.2.3), None where the bytes are no such thing."""
    if len(raw) > MAX_REPLY_BYTES:
        return None
    try:
        document = text.parse(raw)
    except NotACalendarError:
        return None
    for calendar, node in document.components("VEVENT"):
        if calendar.value("METHOD").upper() != "REPLY":
            continue
        people = node.lines("ATTENDEE")
        uid = node.words("UID")
        if not uid or not people:
            continue
        try:
            person = attendee_of(people[0])
        except ValueError:
            continue
        parts = [part for item in read_document(document, "UTC").objects if item.uid == uid for part in item.parts]
        named = next((part.event.recurrence_id for part in parts if part.node is node), None)
        sequence = next((part.event.sequence for part in parts if part.node is node), 0)
        return CalendarReply(uid, person.address, person.partstat, named, sequence)
    return None
