"""What is kept and what is forgotten: each kind of thing for its own time, counted from its last use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from worker.model import (
    Applied,
    CheckIn,
    Desk,
    Feedback,
    FeedbackState,
    Goal,
    ItemState,
    Note,
    OutboxEntry,
    OutboxState,
    Pair,
    Topic,
)

_ON_THEIR_WAY = (OutboxState.PLANNED, OutboxState.SENDING)


@dataclass(frozen=True, slots=True)
class Limits:
    """From when things are kept (aware): what both may see, what its author alone may see, the bytes of mails."""

    shared: datetime
    private: datetime
    raw_mail: datetime


def kept(pair: Pair, limits: Limits) -> Pair:
    """Return the pair without what is older than its kind is kept; what both still have open stays."""
    return replace(
        pair,
        meetings=tuple(one for one in pair.meetings if one.end >= limits.shared),
        notes=tuple(one for one in pair.notes if one.at >= (limits.private if _is_own(pair, one) else limits.shared)),
        action_items=tuple(
            one
            for one in pair.action_items
            if one.state is ItemState.OPEN or (one.closed_at or one.at) >= limits.shared
        ),
        feedback=tuple(one for one in pair.feedback if _keeps_feedback(pair, one, limits)),
        topics=tuple(one for one in pair.topics if _keeps_topic(one, limits)),
        goals=tuple(one for one in pair.goals if _keeps_goal(one, limits)),
        reviews=tuple(one for one in pair.reviews if one.at >= limits.shared),
        check_ins=tuple(one for one in pair.check_ins if _last_day(one, limits) >= limits.shared),
        applied=tuple(_worded(one, limits) for one in pair.applied if one.at >= limits.shared),
        outbox=_rows(pair.outbox, limits),
    )


def kept_desk(desk: Desk, limits: Limits) -> Desk:
    """Return a person's desk without the mails that are older than what both may see is kept."""
    applied = tuple(_worded(one, limits) for one in desk.applied if one.at >= limits.shared)
    return replace(desk, applied=applied, outbox=_rows(desk.outbox, limits))


def mails_in_use(record: Pair | Desk, limits: Limits) -> set[str]:
    """Return the digests of the mails of a record that are kept: sent or received lately, or still on their way."""
    found = {row.body for row in record.outbox if row.planned_at >= limits.raw_mail or row.state in _ON_THEIR_WAY}
    return found | {one.digest for one in record.applied if one.at >= limits.raw_mail}


def _is_own(pair: Pair, note: Note) -> bool:
    """Whether only its author may see it."""
    return note.private or (note.shared is None and note.author == pair.key.manager)


def _keeps_feedback(pair: Pair, one: Feedback, limits: Limits) -> bool:
    own = one.private or (one.shared is None and one.author == pair.key.manager)
    last = max([one.at, *(answer.at for answer in one.answers)])
    if one.state is FeedbackState.OPEN and one.follow_up_on >= _day(limits.private if own else limits.shared):
        return True
    return last >= (limits.private if own else limits.shared)


def _keeps_topic(one: Topic, limits: Limits) -> bool:
    if one.private:
        return one.at >= limits.private
    return one.state is ItemState.OPEN or one.at >= limits.shared


def _keeps_goal(one: Goal, limits: Limits) -> bool:
    return one.state is ItemState.OPEN or max([one.at, *(step.at for step in one.progress)]) >= limits.shared


def _last_day(one: CheckIn, limits: Limits) -> datetime:
    return one.end or one.start or one.wish or limits.shared


def _worded(one: Applied, limits: Limits) -> Applied:
    """Return what a mail did; the words that were not understood are private and go with private notes."""
    if one.at >= limits.private or not (one.leftover or one.problems or one.before):
        return one
    return replace(one, leftover=(), problems=(), before=())


def _rows(rows: tuple[OutboxEntry, ...], limits: Limits) -> tuple[OutboxEntry, ...]:
    return tuple(row for row in rows if row.planned_at >= limits.shared or row.state in _ON_THEIR_WAY)


def _day(moment: datetime) -> date:
    return moment.date()
