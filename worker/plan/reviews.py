"""Follow-ups of a review and of goals: at least as often as policy says, in an agenda, else by a check-in mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from worker.meetings import rhythm
from worker.model import (
    Applied,
    Goal,
    ItemState,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxState,
    Pair,
    PairMail,
    Policy,
    Review,
)
from worker.plan.actions import Action, SendMail, Upcoming
from worker.plan.sessions import session_of
from worker.plan.snapshot import Snapshot
from worker.tokens import item_id
from worker.workdays import Clock

MARK = "follow-up:"
_MORNING = time(9)
_USUAL_RHYTHM = timedelta(days=14)
_FOLLOWED_FOR = timedelta(days=400)


def of_pair(
    now: datetime, snapshot: Snapshot, policy: Policy, manager_clock: Clock, person_clock: Clock
) -> Iterator[Action | Upcoming]:
    """Yield the check-in mails of goals and reviews whose day comes before the pair meets."""
    for desk, clock in snapshot.readers(manager_clock, person_clock):
        yield from _mail(now, snapshot.pair, policy, desk.email, clock)


def copies(now: datetime, snapshot: Snapshot, policy: Policy, clock: Clock) -> Iterator[Action | Upcoming]:
    """Yield the copy to the configured address of what was shared about a review; only where both get theirs."""
    pair, desk = snapshot.pair, snapshot.person_desk
    if not policy.hr or pair.mail is not PairMail.BOTH or desk.stopped_at or desk.bounced_at:
        return
    keys = {row.key for row in pair.outbox}
    for applied in pair.applied:
        key = f"{MailKind.RECAP} {applied.meeting} {policy.hr} {applied.message_id}"
        if not applied.share or applied.undone or key in keys or not is_copied(pair, applied, policy):
            continue
        at = clock.released(max(applied.at, now))
        if at > now:
            yield Upcoming(MailKind.RECAP, policy.hr, at, applied.meeting)
            continue
        cause = applied.message_id
        record = str(pair.key)
        yield SendMail(
            key, record, MailKind.RECAP, policy.hr, applied.at, pair.key, applied.meeting, variant="copy", cause=cause
        )


def is_copied(pair: Pair, applied: Applied, policy: Policy) -> bool:
    """Whether what this mail shares is about a review: its goals, its session, or the agenda of its follow-up."""
    if not policy.hr:
        return False
    of_reviews = {goal.id for goal in pair.goals} | {review.id for review in pair.reviews}
    if of_reviews & set(applied.sends):
        return True
    meeting = pair.meeting(applied.meeting)
    if meeting is None:
        return False
    followed = any(
        row.meeting == meeting.id and any(one.startswith(MARK) for one in row.about)
        for row in pair.outbox
        if row.kind is MailKind.AGENDA
    )
    return followed or session_of(meeting, policy) == "review"


def stand_in(pair: Pair, meeting: Meeting, policy: Policy, clock: Clock) -> tuple[str, ...]:
    """Return the ids of the goals and reviews that are followed up in this meeting's agenda.

    That is so where their day has come by then, or would pass before the pair is likely to meet again.
    """
    day = clock.day(meeting.start)
    later = [one.start for one in pair.meetings if one.start > meeting.start and one.status is MeetingStatus.PLANNED]
    following = clock.day(later[0] if later else meeting.start + (rhythm(pair.meetings) or _USUAL_RHYTHM))
    found = []
    for one in _followed(pair):
        wanted = next_day(pair, one, policy, clock, before=meeting)
        if wanted is not None and clock.day(one.at) < day and (wanted <= day or wanted < following):
            found.append(one.id)
    return tuple(found)


def next_day(
    pair: Pair, one: Goal | Review, policy: Policy, clock: Clock, *, before: Meeting | None = None
) -> date | None:
    """Return the day by which this is to be followed up next; None where it has no rhythm, or is over.

    A goal has its own rhythm, or that of the reviews once there was one. `before` leaves out what a meeting's own
    agenda did, so that its second copy says the same.
    """
    every = one.every if isinstance(one, Goal) else 0
    if not every and (isinstance(one, Review) or pair.reviews):
        every = policy.review_every.days
    if not every:
        return None
    goals = any(goal.state is ItemState.OPEN for goal in pair.goals)
    if isinstance(one, Review) and (goals or one is not _newest(pair)):
        return None  # the goals carry the follow-up, or a newer review does
    asked = [
        clock.day(row.sent_at or row.planned_at)
        for row in pair.outbox
        if MARK + one.id in row.about
        and row.state is not OutboxState.GAVE_UP
        and (before is None or row.meeting != before.id)
    ]
    since = max([clock.day(one.at), *asked])
    if since - clock.day(one.at) > _FOLLOWED_FOR and isinstance(one, Review):
        return None
    return since + timedelta(days=every)


def _newest(pair: Pair) -> Review | None:
    return max(pair.reviews, key=lambda one: one.at, default=None)


def _followed(pair: Pair) -> list[Goal | Review]:
    goals: list[Goal | Review] = [one for one in pair.goals if one.state is ItemState.OPEN]
    return [*goals, *pair.reviews]


def _mail(now: datetime, pair: Pair, policy: Policy, reader: str, clock: Clock) -> Iterator[Action | Upcoming]:
    due: list[tuple[datetime, str, date]] = []
    for one in _followed(pair):
        if one.author != reader and one.shared is None:
            continue
        day = _day_of_reader(pair, one, policy, clock, reader)
        if day is None or _meets_before(now, pair, day, clock):
            continue
        at = clock.released(clock.at(day, _MORNING))
        if at > now or clock.released(now) > now:
            yield Upcoming(MailKind.CHECK_IN, reader, max(at, clock.released(now)))
        else:
            due.append((at, one.id, day))
    if due:
        key = f"{MailKind.CHECK_IN} {item_id(*(f'{one} {day}' for _, one, day in due))} {reader} goals"
        about = tuple(MARK + one for _, one, _ in due)
        at = min(at for at, _, _ in due)
        yield SendMail(key, str(pair.key), MailKind.CHECK_IN, reader, at, pair.key, variant="goals", about=about)


def _day_of_reader(pair: Pair, one: Goal | Review, policy: Policy, clock: Clock, reader: str) -> date | None:
    """Return the day by which this reader is asked: what went to the other of the two does not count."""
    mine = tuple(row for row in pair.outbox if row.to == reader)
    return next_day(replace(pair, outbox=mine), one, policy, clock)


def _meets_before(now: datetime, pair: Pair, day: date, clock: Clock) -> bool:
    """Whether a coming 1:1 is early enough for its agenda to carry the follow-up."""
    return any(
        one.status is MeetingStatus.PLANNED and one.start > now and clock.day(one.start) <= max(day, clock.day(now))
        for one in pair.meetings
    )
