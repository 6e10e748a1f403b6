"""Taking a mail back: what it made, what it changed, what it shared and had not gone yet, and its date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker.apply import checkins, items
from worker.model import Applied, CalendarOperation, CheckInState, MailKind, OutboxState, Pair, ReplyProblem

if TYPE_CHECKING:
    from worker.apply.commands import Step

CALENDAR = "calendar"


def changed_something(pair: Pair, applied: Applied) -> bool:
    """Whether there is anything to take back of a mail: one that only asked to see something changed nothing."""
    if applied.undone or any(done.startswith("undo ") for done in applied.done):
        return False
    return bool(applied.created or applied.before) or any(one.source == applied.message_id for one in pair.check_ins)


def undo(step: Step) -> None:
    """Take back the mail whose receipt is answered, else the author's last one that changed something."""
    last = _last(step)
    if last is None:
        step.problems.append(ReplyProblem("nothing-to-undo", "undo"))
        return
    sent = any(
        row.kind is MailKind.RECAP and row.cause == last.message_id and row.state is not OutboxState.GAVE_UP
        for row in step.pair.outbox
    )
    for before in reversed(last.before):
        if not (sent and (" shared" in before or " meeting" in before)):
            step.pair = items.put_back(step.pair, before)
    if sent:
        step.problems.append(ReplyProblem("recap-is-out", ""))
    step.pair = items.remove(step.pair, frozenset(last.created))
    dated = _dates(step, last)
    step.pair = replace(
        step.pair,
        applied=tuple(replace(one, undone=True) if one is last else one for one in step.pair.applied),
    )
    step.done.append(f"undo {last.message_id}" + (f" {CALENDAR}" if dated else ""))


def _last(step: Step) -> Applied | None:
    arrival, pair = step.arrival, step.pair
    mine = [
        one
        for one in pair.applied
        if one.author == arrival.author and (arrival.meeting is None or one.meeting == arrival.meeting.id)
    ]
    cause = arrival.row.cause if arrival.row and not arrival.row.meeting else arrival.answers
    answered = next((one for one in mine if cause and one.message_id == cause), None)
    if answered is not None:
        return answered if changed_something(pair, answered) else None
    return max(reversed([one for one in mine if changed_something(pair, one)]), key=lambda one: one.at, default=None)


def _dates(step: Step, last: Applied) -> bool:
    """Take back the check-ins that the mail agreed; whether there were any."""
    own = [one for one in step.pair.check_ins if one.source == last.message_id and one.state in checkins.LIVE]
    for check_in in own:
        step.pair = checkins.take_back(step.pair, check_in, step.arrival.message_id)
        step.pair = replace(
            step.pair,
            check_ins=tuple(
                replace(one, state=CheckInState.REPLACED) if one == check_in else one for one in step.pair.check_ins
            ),
        )
    # A cancellation that is in the calendar, and that people were told of, is not made undone by a word.
    written = [one for one in own if one.operation is CalendarOperation.CANCEL and one.state is CheckInState.WRITTEN]
    if written:
        step.problems.append(ReplyProblem("stays-cancelled", "undo"))
    over = {(one.uid, one.recurrence_id) for one in written}
    step.pair = replace(
        step.pair,
        check_ins=tuple(
            replace(one, state=CheckInState.REPLACED) if (one.uid, one.recurrence_id) in over else one
            for one in step.pair.check_ins
        ),
    )
    return any(one.operation is not CalendarOperation.CANCEL and one.start is not None for one in own)
