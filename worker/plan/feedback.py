"""Feedback that comes back: on its day by a check-in mail, or in the agenda where the pair meets soon after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from worker.model import (
    Desk,
    Feedback,
    FeedbackState,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxState,
    Pair,
)
from worker.plan.actions import Action, SendMail, Upcoming
from worker.plan.snapshot import Snapshot
from worker.tokens import item_id
from worker.workdays import Clock

MORNING = time(9)
MEETS_WITHIN = 3  # business days
ASKED_AGAIN_AFTER = 3  # business days


def of_pair(
    now: datetime, snapshot: Snapshot, manager_clock: Clock, person_clock: Clock
) -> Iterator[Action | Upcoming]:
    """Yield the check-in mails of a started pair: one for each reader, with all that has come due."""
    for desk, clock in snapshot.readers(manager_clock, person_clock):
        yield from _mails(now, snapshot.pair, desk, clock)


def reads(feedback: Feedback, reader: str) -> bool:
    """Whether feedback comes back to this person: it is theirs, or it was shared with them."""
    return feedback.author == reader or (feedback.shared is not None and not feedback.private)


def _mails(now: datetime, pair: Pair, desk: Desk, clock: Clock) -> Iterator[Action | Upcoming]:
    reader = desk.email
    due: dict[str, list[tuple[datetime, Feedback]]] = {"usual": [], "again": []}
    for one in pair.feedback:
        if one.state is not FeedbackState.OPEN or not reads(one, reader):
            continue
        asked = _asked(now, pair, one, reader, clock)
        at = _next_asking(one, asked, clock)
        if at is None:
            continue
        at = clock.released(back_from(at, desk, clock))
        if at > now:
            yield Upcoming(MailKind.CHECK_IN, reader, at)
        elif clock.released(now) > now:
            yield Upcoming(MailKind.CHECK_IN, reader, clock.released(now))
        else:
            due["again" if asked else "usual"].append((at, one))
    for variant, found in due.items():
        if not found:
            continue
        named = [f"{one.id} {one.follow_up_on.isoformat()}" for _, one in found]
        key = f"{MailKind.CHECK_IN} {item_id(*named)} {reader} {variant}"
        about = tuple(one.id for _, one in found)
        at = min(at for at, _ in found)
        yield SendMail(key, str(pair.key), MailKind.CHECK_IN, reader, at, pair.key, variant=variant, about=about)


def _asked(now: datetime, pair: Pair, feedback: Feedback, reader: str, clock: Clock) -> list[datetime]:
    """Return when this reader was asked about this feedback since its day came, by mail or in an agenda."""
    mails = [
        row.planned_at
        for row in pair.outbox
        if row.kind is MailKind.CHECK_IN
        and row.to == reader
        and feedback.id in row.about
        and clock.day(row.planned_at) >= feedback.follow_up_on
    ]
    meeting = agenda_meeting(pair, feedback, clock)
    if meeting is not None and _has_agenda(now, pair, meeting, reader):
        mails.append(meeting.end)
    return sorted(mails)


def agenda_meeting(pair: Pair, feedback: Feedback, clock: Clock) -> Meeting | None:
    """Return the 1:1 in whose agenda this feedback comes back, so that no mail of its own is needed."""
    day = feedback.follow_up_on
    # Somebody who asks for a check-in between the meetings wants it then, unless they meet on that very day.
    last = day if feedback.informal else clock.workdays_after(day, MEETS_WITHIN)
    coming = [
        one
        for one in pair.meetings
        if one.status is MeetingStatus.PLANNED and not one.history and day <= clock.day(one.start) <= last
    ]
    return coming[0] if coming else None


def _has_agenda(now: datetime, pair: Pair, meeting: Meeting, reader: str) -> bool:
    """Whether the meeting's agenda went to this reader, or still will."""
    agendas = [row for row in pair.outbox if row.kind is MailKind.AGENDA and row.to == reader]
    rows = [row for row in agendas if row.meeting == meeting.id]
    return any(row.state is not OutboxState.GAVE_UP for row in rows) if rows else meeting.start > now


def _next_asking(feedback: Feedback, asked: list[datetime], clock: Clock) -> datetime | None:
    """Return when to ask (again); None where it was asked twice: then it stays open in silence."""
    if not asked:
        return clock.at(feedback.follow_up_on, MORNING)
    if len(asked) > 1:
        return None
    return clock.at(clock.workdays_after(clock.day(asked[0]), ASKED_AGAIN_AFTER), MORNING)


def back_from(at: datetime, desk: Desk, clock: Clock) -> datetime:
    """Return the moment, or the morning after the absence that the reader's own reply named."""
    until: date | None = desk.away_until
    if until is None or clock.day(at) > until:
        return at
    return clock.at(clock.workdays_after(until, 1), MORNING)
