"""Taking a mail back: what it made, what it changed, what it shared and had not gone yet, and its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from worker.apply import checkins, items
from worker.model import Applied, CalendarOperation, CheckIn, CheckInState, MailKind, OutboxState, Pair, ReplyProblem

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
    """Take back the check-ins that the mail agreed, and what it cancelled; whether a date of its own went."""
    own = [one for one in step.pair.check_ins if one.source == last.message_id and one.state in checkins.LIVE]
    reversals = [one for one in own if not one.is_agreement]
    for check_in in own:
        if check_in not in reversals:
            step.pair = checkins.take_back(step.pair, check_in, step.arrival.message_id)
    # A cancellation that is written stays so: people may still have to be told of it.
    _replace(step, [one for one in own if one not in reversals or one.state is not CheckInState.WRITTEN])
    for one in reversals:
        _put_back(step, one)
    return any(one not in reversals and one.start is not None for one in own)


def _put_back(step: Step, reversal: CheckIn) -> None:
    """Let stand again what a write of ours cancelled or moved back; what a person cancelled before it stays so.

    One that is not confirmed may have taken effect: what stands in the calendar is looked at when it is decided.
    """
    source, now = step.arrival.message_id, step.arrival.at
    if reversal.wish is None and reversal.operation is CalendarOperation.CANCEL:
        if reversal.gone:
            step.problems.append(checkins.STAYS_CANCELLED)
        else:
            step.pair = checkins.put_back(step.pair, reversal, source)
        return
    event = (reversal.meeting, reversal.uid, reversal.recurrence_id)
    about = [one for one in step.pair.check_ins if one.is_agreement and one.state in checkins.SETTLED]
    about = [one for one in about if (one.meeting, one.uid, one.recurrence_id) == event]
    # No date counts whose event is not there; the newest is wished once more.
    _replace(step, about)
    newest = max(about, key=lambda one: one.revision, default=None)
    if newest is None or newest.start is None or newest.start <= now or reversal.gone:
        step.problems.append(checkins.STAYS_CANCELLED)
    else:
        step.pair = checkins.wish_again(step.pair, newest, source)


def _replace(step: Step, over: Sequence[CheckIn]) -> None:
    step.pair = replace(
        step.pair,
        check_ins=tuple(
            replace(one, state=CheckInState.REPLACED) if one in over else one for one in step.pair.check_ins
        ),
    )
