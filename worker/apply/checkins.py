"""What a reply does to the next check-in of the meeting that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from worker import checkin
from worker.model import (
    Applied,
    Ask,
    CalendarOperation,
    CheckIn,
    CheckInState,
    Meeting,
    MeetingStatus,
    Pair,
    ReplyProblem,
)
from worker.workdays import Clock

LIVE = (CheckInState.WISHED, CheckInState.ASKED, CheckInState.DECIDED, CheckInState.WRITTEN, CheckInState.RECORDED)
SETTLED = (CheckInState.DECIDED, CheckInState.WRITTEN, CheckInState.RECORDED)
SKIP_WHEN_SET = "skip-when-set"
BACK = "back"
STAYS_CANCELLED = ReplyProblem("stays-cancelled", "undo")


def latest(pair: Pair, meeting: str) -> CheckIn | None:
    """Return the newest check-in agreed about a meeting that still counts (cancellations of instances aside)."""
    known = [
        check_in
        for check_in in pair.check_ins
        if check_in.meeting == meeting and check_in.state in LIVE and check_in.is_agreement
    ]
    return max(known, key=lambda check_in: check_in.revision, default=None)


def is_open(pair: Pair, meeting: str) -> bool:
    """Whether the meeting has no next check-in yet, or one that still has to be settled."""
    known = latest(pair, meeting)
    return known is None or known.state in (CheckInState.WISHED, CheckInState.ASKED)


def next_revision(pair: Pair, meeting: str) -> int:
    """Return the number of the next decision about this meeting."""
    return 1 + max((one.revision for one in pair.check_ins if one.meeting == meeting), default=-1)


def wish(  # the parts of one wish
    pair: Pair,
    meeting: Meeting,
    source: str,
    value: date | datetime | Ask,
    said: str,
    *,
    relative: bool,
    clock: Clock,
) -> Pair:
    """Return the pair with a new wish for the check-in after `meeting`; an open earlier one is replaced."""
    new = CheckIn(meeting.id, source, next_revision(pair, meeting.id), CheckInState.WISHED, said, relative=relative)
    if isinstance(value, Ask):
        new = replace(new, state=CheckInState.ASKED, ask=value)
    else:
        moment, timed = checkin.wish(value, meeting, clock)
        new = replace(new, wish=moment, timed=timed)
    return replace(pair, check_ins=(*_replaced(pair, meeting.id), new))


def none(pair: Pair, meeting: Meeting, source: str, said: str) -> Pair:
    """Return the pair with "no next check-in" recorded; an event that we made for this meeting is cancelled."""
    new = CheckIn(meeting.id, source, next_revision(pair, meeting.id), CheckInState.RECORDED, said)
    unsettled = replace(pair, check_ins=_replaced(pair, meeting.id))
    # A date that was not written yet is dropped; what stands in the calendar is that of the answer before it.
    earlier = latest(unsettled, meeting.id)
    pair = replace(unsettled, check_ins=(*unsettled.check_ins, new))
    if earlier is not None and any(
        one.operation is CalendarOperation.CREATE and (one.meeting, one.uid) == (earlier.meeting, earlier.uid)
        for one in pair.check_ins
    ):
        # An event of ours goes, wherever later answers moved it: only another's is moved back to where it stood.
        earlier = replace(earlier, operation=CalendarOperation.CREATE, moved_from=None)
    return take_back(pair, earlier, source)


def take_back(pair: Pair, earlier: CheckIn | None, source: str) -> Pair:
    """Return the pair with the calendar write of a check-in reversed: our event cancelled, a moved one moved back."""
    if earlier is None or earlier.operation is None or earlier.state not in SETTLED:
        return pair
    if earlier.state is CheckInState.DECIDED:
        return pair  # it was never written
    revision = next_revision(pair, earlier.meeting)
    back = replace(
        earlier,
        source=source,
        revision=revision,
        state=CheckInState.DECIDED,
        sequence=earlier.sequence + 1,
        attempts=0,
        next_attempt_at=None,
        error="",
    )
    if earlier.operation is CalendarOperation.CREATE:
        return replace(pair, check_ins=(*pair.check_ins, replace(back, operation=CalendarOperation.CANCEL)))
    moved = next((one for one in pair.meetings if one.uid == earlier.uid and one.start == earlier.start), None)
    origin = earlier.moved_from
    if origin is None:
        return pair
    length = (moved.end - moved.start) if moved else ((earlier.end or origin) - (earlier.start or origin))
    # A way back is no agreement about a date: it is written, and then it no longer counts as the next check-in.
    return replace(
        pair, check_ins=(*pair.check_ins, replace(back, start=origin, end=origin + length, wish=None, said=""))
    )


def skip(pair: Pair, meeting: str, source: str, now: datetime) -> tuple[Pair, tuple[datetime, ...]]:
    """Return the pair with the meetings cancelled that lie before the agreed check-in, and their starts."""
    agreed = latest(pair, meeting)
    if agreed is None:
        return pair, ()
    cancelled: list[datetime] = []
    for coming in pair.meetings:
        if coming.start not in agreed.between or coming.start <= now or coming.status is not MeetingStatus.PLANNED:
            continue
        if not coming.editable:
            continue
        cancelled.append(coming.start)
        cancel = CheckIn(
            meeting,
            source,
            next_revision(pair, meeting),
            CheckInState.DECIDED,
            operation=CalendarOperation.CANCEL,
            uid=coming.uid,
            recurrence_id=coming.recurrence_id,
            start=coming.start,
            end=coming.end,
            tzid=coming.tzid,
            in_calendar=True,
        )
        pair = replace(pair, check_ins=(*pair.check_ins, cancel))
    return pair, tuple(cancelled)


def skip_what_waited(pair: Pair, now: datetime) -> Pair:
    """Return the pair with each `skip` carried out that stood beside a date which has been decided by now.

    What lies before a date is known only then. What is cancelled belongs to the mail that settled the date, so that
    its receipt says it and its `undo` takes it back.
    """
    for waiting in [one for one in pair.applied if SKIP_WHEN_SET in one.done and not one.undone]:
        agreed = latest(pair, waiting.meeting)
        if agreed is None or agreed.state not in SETTLED:
            continue
        means_it = _settles(pair, waiting, agreed)
        starts: tuple[datetime, ...] = ()
        if means_it:
            pair, starts = skip(pair, waiting.meeting, agreed.source, now)
        said = tuple(f"skip {start.isoformat()}" for start in starts)
        nothing = (ReplyProblem("nothing-to-skip", "skip"),) if means_it and not starts else ()
        applied = [
            replace(one, done=tuple(word for word in one.done if word != SKIP_WHEN_SET))
            if one.message_id == waiting.message_id
            else one
            for one in pair.applied
        ]
        applied = [
            replace(one, done=(*one.done, *said), problems=(*one.problems, *nothing))
            if one.message_id == agreed.source
            else one
            for one in applied
        ]
        pair = replace(pair, applied=tuple(applied))
    return pair


def _settles(pair: Pair, waiting: Applied, agreed: CheckIn) -> bool:
    """Whether a date is the one that a mail named, or the answer to what was asked back about it."""
    if agreed.source == waiting.message_id:
        return True
    before = [
        one
        for one in pair.check_ins
        if one.meeting == agreed.meeting and one.is_agreement and one.revision < agreed.revision
    ]
    asked = max(before, key=lambda one: one.revision, default=None)
    return asked is not None and asked.source == waiting.message_id and asked.ask is not None


def put_back(pair: Pair, cancel: CheckIn, source: str) -> Pair:
    """Return the pair with the wish that a meeting stands again which our own write cancelled, as it stood.

    It is decided as any wish is, with the calendar read anew. It is no agreement: those are wished again.
    """
    back = CheckIn(
        cancel.meeting,
        source,
        next_revision(pair, cancel.meeting),
        CheckInState.WISHED,
        operation=CalendarOperation.CREATE,
        uid=cancel.uid,
        recurrence_id=cancel.recurrence_id,
        start=cancel.start,
        end=cancel.end,
        tzid=cancel.tzid,
    )
    return replace(pair, check_ins=(*pair.check_ins, back))


def wish_again(pair: Pair, earlier: CheckIn, source: str) -> Pair:
    """Return the pair with an agreement wished once more whose event our own write cancelled or moved back."""
    again = CheckIn(
        earlier.meeting,
        source,
        next_revision(pair, earlier.meeting),
        CheckInState.WISHED,
        earlier.said,
        wish=earlier.wish,
        timed=earlier.timed,
        relative=earlier.relative,
    )
    return replace(pair, check_ins=(*pair.check_ins, again))


def say_what_is_back(pair: Pair, decided: Iterable[CheckIn]) -> Pair:
    """Return the pair in which the mails that put meetings back say which of them stand again."""
    for one in decided:
        if not one.is_way_back or one.operation is not CalendarOperation.CREATE or one.start is None:
            continue
        late = one.state is CheckInState.REPLACED
        said = () if late else (f"{BACK} {one.start.isoformat()}",)
        not_done = (STAYS_CANCELLED,) if late else ()
        pair = replace(
            pair,
            applied=tuple(
                replace(mail, done=(*mail.done, *said), problems=(*mail.problems, *not_done))
                if mail.message_id == one.source
                else mail
                for mail in pair.applied
            ),
        )
    return pair


def agreed_next(pair: Pair, now: datetime) -> datetime | None:
    """Return the start of the next check-in that was agreed and still lies ahead."""
    coming = [
        check_in.start
        for check_in in pair.check_ins
        if check_in.state in SETTLED
        and check_in.operation is not CalendarOperation.CANCEL
        and check_in.start is not None
        and check_in.start > now
        and latest(pair, check_in.meeting) == check_in
    ]
    return min(coming, default=None)


def _replaced(pair: Pair, meeting: str) -> tuple[CheckIn, ...]:
    unsettled = (CheckInState.WISHED, CheckInState.ASKED, CheckInState.DECIDED)
    return tuple(
        replace(one, state=CheckInState.REPLACED)
        if one.meeting == meeting and one.state in unsettled and one.operation is not CalendarOperation.CANCEL
        else one
        for one in pair.check_ins
    )
