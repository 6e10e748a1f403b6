"""Busy times out of events and out of free/busy answers. No requests, no clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from worker.model import Busy, Event


def owner_busy(events: Sequence[Event], owner: str) -> tuple[Busy, ...]:
    """Return when the owner is not free, by their own events: absences are `away`, each carries its uid."""
    return tuple(
        Busy(event.dtstart, event.dtend, away=event.kind == "out-of-office", uid=sys.intern(event.uid))
        for event in events
        if _takes_time(event) and not _declined(event, owner)
    )


def split_by_events(blocks: Iterable[Mapping[str, str]], events: Sequence[Event], address: str) -> tuple[Busy, ...]:
    """Return a person's busy blocks, in which the meetings that we know of carry their uid.

    Vendors melt neighbouring meetings into one block; without this, a meeting that is to be moved would stand in its
    own way.
    """
    known = [
        event
        for event in events
        if _takes_time(event) and not _declined(event, address) and _takes_part(event, address)
    ]
    found: list[Busy] = []
    for block in blocks:
        start, end = (datetime.fromisoformat(block[name]).astimezone(UTC) for name in ("start", "end"))
        here = start
        for event in sorted(known, key=lambda event: event.dtstart):
            if event.dtstart < here or event.dtend > end:
                continue
            if event.dtstart > here:
                found.append(Busy(here, event.dtstart))
            found.append(Busy(event.dtstart, event.dtend, uid=event.uid))
            here = event.dtend
        if here < end:
            found.append(Busy(here, end))
    return tuple(found)


def _takes_time(event: Event) -> bool:
    return event.status != "CANCELLED" and event.transparency == "OPAQUE" and event.dtend > event.dtstart


def _declined(event: Event, address: str) -> bool:
    return any(person.address == address and person.partstat == "DECLINED" for person in event.attendees)


def _takes_part(event: Event, address: str) -> bool:
    organizer = event.organizer.address if event.organizer else ""
    return address == organizer or any(person.address == address for person in event.attendees)
