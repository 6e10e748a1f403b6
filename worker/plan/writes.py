"""Calendar writes that were decided and are not confirmed yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from worker.model import (
    Attendee,
    CalendarOperation,
    CalendarWrite,
    CheckIn,
    CheckInState,
    Meeting,
    Pair,
)
from worker.plan.actions import Upcoming, WriteCalendar


def calendar_writes(now: datetime, pair: Pair) -> Iterator[WriteCalendar | Upcoming]:
    """Yield a write for each decided check-in whose next try has come."""
    for check_in in pair.check_ins:
        if check_in.state is not CheckInState.DECIDED or check_in.operation is None or check_in.start is None:
            continue
        if check_in.next_attempt_at is not None and check_in.next_attempt_at > now:
            continue
        yield WriteCalendar(
            key=write_key(check_in),
            record=str(pair.key),
            pair=pair.key,
            at=now,
            write=write_of(pair, check_in),
            check_in=check_in.meeting,
            revision=check_in.revision,
        )


def write_key(check_in: CheckIn) -> str:
    """Return what names this write: the meeting that was answered, and the revision."""
    return f"write {check_in.meeting} {check_in.revision}"


def write_of(pair: Pair, check_in: CheckIn) -> CalendarWrite:
    """Return the write that carries a check-in out: both people in it, title and place of the meeting it is like."""
    held = like(pair, check_in)
    start = check_in.start or check_in.wish
    if start is None:
        msg = "a check-in without a time cannot be written"
        raise ValueError(msg)
    manager = Attendee(pair.key.manager, pair.manager_name, partstat="ACCEPTED")
    person = Attendee(pair.key.person, pair.person_name)
    return CalendarWrite(
        key=write_key(check_in),
        operation=check_in.operation or CalendarOperation.CREATE,
        uid=check_in.uid,
        start=start,
        end=check_in.end or start,
        recurrence_id=check_in.recurrence_id,
        tzid=check_in.tzid,
        summary=held.summary if held and held.summary else f"1:1 {pair.manager_name} / {pair.person_name}",
        location=held.location if held else "",
        organizer=manager,
        attendees=(manager, person),
        sequence=check_in.sequence,
    )


def like(pair: Pair, check_in: CheckIn) -> Meeting | None:
    """Return the meeting whose title and place an event has: the one that it puts back, else the one just held."""
    put_back = check_in.is_way_back and check_in.operation is CalendarOperation.CREATE
    stood = [one for one in pair.meetings if put_back and one.start == check_in.start]
    return stood[-1] if stood else pair.meeting(check_in.meeting)
