"""What every write into a calendar over a network has in common. No requests, no clock."""

from __future__ import annotations

from collections.abc import Callable

from worker.errors import ConflictError, ForbiddenError, GoneError, TryLaterError
from worker.model import CalendarOperation, CalendarWrite, Event
from worker.providers import Written

_TRIES = 3

Operation = Callable[[CalendarWrite], Written]


def carried_out(
    account: str, write: CalendarWrite, *, create: Operation, move: Operation, cancel: Operation, writable: bool
) -> Written:
    """Carry out one write; again where somebody changed the event in between, since nothing of ours took effect.

    Raises ForbiddenError where the calendar is only read, TryLaterError where the event keeps changing, and what the
    operation raises.
    """
    if not writable:
        raise ForbiddenError(account, "this calendar is only read: allow writing in the configuration.")
    operations = {
        CalendarOperation.CREATE: create,
        CalendarOperation.MOVE: move,
        CalendarOperation.CANCEL: cancel,
    }
    for attempt in range(1, _TRIES + 1):
        try:
            return operations[write.operation](write)
        except ConflictError as error:
            if attempt == _TRIES:
                raise TryLaterError(account, "an event keeps changing: it is tried again by itself.") from error
    raise AssertionError(write.operation)


def written(event: Event, *, existed: bool = False) -> Written:
    """Return what a write left behind in a calendar that invites by itself: the event as it is now."""
    return Written(event.uid, event.dtstart, event.dtend, event.etag, event.href, existed=existed, invited=True)


def cancelled_before(write: CalendarWrite) -> Written:
    """Return what a cancellation left behind where the event was gone already."""
    return Written(write.uid, write.start, write.end, existed=True, invited=True)


def must_be_editable(account: str, event: Event) -> None:
    """Raise ForbiddenError where an event is not ours to change."""
    if not event.editable:
        raise ForbiddenError(account, "only the organizer can change this meeting: ask them to, or make a new one.")


def meeting_gone(account: str) -> GoneError:
    """Return the error for a meeting that cannot be moved any more."""
    return GoneError(account, "a person removed or cancelled this meeting: name a new date to have another one.")


def check_in_gone(account: str, what: str = "removed") -> GoneError:
    """Return the error for a check-in of ours that must not be made again."""
    return GoneError(account, f"a person {what} the check-in that was made: name a new date to have another one.")
