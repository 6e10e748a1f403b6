"""What an event says besides its times, in the dialects of the programs that write it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from worker.ical.lines import Node
from worker.ical.people import attendee_of
from worker.model import Attendee, Event

_FREE = ("FREE", "WORKINGELSEWHERE")


def facts_of(uid: str, node: Node, *, cancelled: bool) -> Event:
    """Return an event with everything but its times."""
    nowhere = datetime(1970, 1, 1, tzinfo=UTC)
    status = node.value("STATUS").upper() or "CONFIRMED"
    if status == "CANCELED" or cancelled:
        status = "CANCELLED"
    shown_as = (node.value("X-MICROSOFT-CDO-BUSYSTATUS") or node.value("X-MICROSOFT-CDO-INTENDEDSTATUS")).upper()
    free = node.value("TRANSP").upper() == "TRANSPARENT" or shown_as in _FREE
    sensitivity = node.value("CLASS").upper() or "PUBLIC"
    people, unreadable = _people(node)
    return Event(
        uid=uid,
        dtstart=nowhere,
        dtend=nowhere,
        sequence=_number(node.value("SEQUENCE")),
        summary=_words(node, "SUMMARY"),
        location=_words(node, "LOCATION"),
        status="TENTATIVE" if status == "CONFIRMED" and shown_as == "TENTATIVE" else status,
        organizer=next(iter(_organizers(node)), None),
        attendees=people,
        transparency="TRANSPARENT" if free else "OPAQUE",
        # RFC 5545 3.8.1.3: a value that is not known is treated as PRIVATE.
        sensitivity=sensitivity if sensitivity in ("PUBLIC", "PRIVATE", "CONFIDENTIAL") else "PRIVATE",
        kind="out-of-office" if shown_as == "OOF" else "default",
        attendees_complete=not unreadable,
    )


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _words(node: Node, name: str) -> str:
    """Return a text property, on one line."""
    return " ".join(node.words(name).split())


def _people(node: Node) -> tuple[tuple[Attendee, ...], bool]:
    """Return the attendees, each once, and whether a line of them could not be read."""
    found: dict[str, Attendee] = {}
    unreadable = False
    for line in node.lines("ATTENDEE"):
        try:
            person = attendee_of(line)
        except ValueError:
            unreadable = True
            continue
        found.setdefault(person.address, person)
    return tuple(found.values()), unreadable


def _organizers(node: Node) -> Iterator[Attendee]:
    for line in node.lines("ORGANIZER"):
        with contextlib.suppress(ValueError):
            yield attendee_of(line)
