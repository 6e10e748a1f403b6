"""Busy times out of events and out of free/busy answers. No requests, no clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.model import Busy, Event

_FRESH = timedelta(seconds=60)


def owner_busy(events: Sequence[Event], owner: str) -> tuple[Busy, ...]:
    """Return when the owner is not free, by their own events: absences are `away`, each carries its uid."""
    return tuple(
        Busy(event.dtstart, event.dtend, away=event.kind == "out-of-office", uid=sys.intern(event.uid))
        for event in events
        if _takes_time(event) and not _declined(event, owner)
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a complete reading of a window showed of people's time, so that one pass asks for it once.

    `at` is when it was read; `busy` are the owner's times, `meetings` those of them by who takes part, by address.
    """

    at: datetime
    start: datetime
    end: datetime
    busy: tuple[Busy, ...]
    meetings: Mapping[str, tuple[Busy, ...]]

    @classmethod
    def of(cls, events: Sequence[Event], owner: str, window: tuple[datetime, datetime], at: datetime) -> Seen:
        """Return what these events of a window show."""
        busy = owner_busy(events, owner)
        return cls(at, *window, busy, _meetings_of(events, busy))

    def tells(self, start: datetime, end: datetime, now: datetime) -> bool:
        """Whether it is fresh enough, and wide enough, for this window."""
        return timedelta() <= now - self.at <= _FRESH and self.start <= start and end <= self.end

    def within(self, start: datetime, end: datetime) -> tuple[Busy, ...]:
        """Return the owner's times that touch a window."""
        return tuple(one for one in self.busy if one.start < end and one.end > start)


def _meetings_of(events: Sequence[Event], busy: Sequence[Busy]) -> dict[str, tuple[Busy, ...]]:
    """Return by address in which of the owner's meetings each person takes part."""
    blocks = {(block.uid, block.start): block for block in busy}
    found: dict[str, list[Busy]] = {}
    for event in events:
        block = blocks.get((event.uid, event.dtstart))
        if block is None:
            continue
        for address in {person.address for person in (event.organizer, *event.attendees) if person is not None}:
            if not _declined(event, address):
                found.setdefault(sys.intern(address), []).append(block)
    return {address: tuple(those) for address, those in found.items()}


def split(blocks: Iterable[Mapping[str, str]], meetings: Iterable[Busy]) -> tuple[Busy, ...]:
    """Return a person's busy blocks, in which the meetings that we know of carry their uid.

    Vendors melt neighbouring meetings into one block; without this, a meeting that is to be moved would stand in its
    own way.
    """
    known = sorted(meetings, key=lambda meeting: meeting.start)
    found: list[Busy] = []
    for block in blocks:
        start, end = (datetime.fromisoformat(block[name]).astimezone(UTC) for name in ("start", "end"))
        here = start
        for meeting in known:
            if meeting.start < here or meeting.end > end:
                continue
            if meeting.start > here:
                found.append(Busy(here, meeting.start))
            found.append(Busy(meeting.start, meeting.end, uid=meeting.uid))
            here = meeting.end
        if here < end:
            found.append(Busy(here, end))
    return tuple(found)


def _takes_time(event: Event) -> bool:
    return event.status != "CANCELLED" and event.transparency == "OPAQUE" and event.dtend > event.dtstart


def _declined(event: Event, address: str) -> bool:
    return any(person.address == address and person.partstat == "DECLINED" for person in event.attendees)
