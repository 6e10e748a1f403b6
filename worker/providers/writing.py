"""What every write into a calendar over a network has in common. No requests, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from worker.errors import ConflictError, ForbiddenError, TryLaterError
from worker.model import CalendarOperation, CalendarWrite
from worker.providers import Written

_TRIES = 3

Operation = Callable[[CalendarWrite], Written]


def carried_out(
    account: str, write: CalendarWrite, operations: Mapping[CalendarOperation, Operation], *, writable: bool
) -> Written:
    """Carry out one write; again where somebody changed the event in between, since nothing of ours took effect.

    Raises ForbiddenError where the calendar is only read, TryLaterError where the event keeps changing, and what the
    operation raises.
    """
    if not writable:
        raise ForbiddenError(account, "this calendar is only read: allow writing in the configuration.")
    for attempt in range(1, _TRIES + 1):
        try:
            return operations[write.operation](write)
        except ConflictError as error:
            if attempt == _TRIES:
                raise TryLaterError(account, "an event keeps changing: it is tried again by itself.") from error
    raise AssertionError(write.operation)
