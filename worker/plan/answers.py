"""Mails that a reply calls for: receipt or question, recap, invitation; and the notices of what happened to a pair."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from worker.model import (
    Applied,
    CalendarOperation,
    CheckIn,
    CheckInState,
    MailKind,
    Meeting,
    MeetingStatus,
    Pair,
    PairMail,
    PairState,
)
from worker.plan.actions import Action, SendMail, SkipMail, Upcoming
from worker.plan.snapshot import Snapshot
from worker.workdays import Clock

ANSWERS_A_DAY = 20
UNSTEADY = 3
_TOLD_FOR = timedelta(days=7)


def of_pair(
    now: datetime, snapshot: Snapshot, manager_clock: Clock, person_clock: Clock
) -> Iterator[Action | Upcoming]:
    """Yield what the applied mails and the check-ins of the pair call for."""
    keys = {row.key for row in snapshot.pair.outbox}
    for applied in snapshot.pair.applied:
        yield from _answer(now, snapshot, applied, keys)
        if applied.share and not applied.undone:
            yield from _recap(now, snapshot, applied, keys, person_clock)
    yield from _notices(now, snapshot, keys, manager_clock)
    for check_in in snapshot.pair.check_ins:
        yield from _invitation(now, snapshot, check_in, keys)
        yield from _gone(now, snapshot, check_in, keys)


def needs_question(snapshot: Snapshot, applied: Applied) -> bool:
    """Whether the machine's one answer to this mail has to ask something."""
    if applied.ask is not None:
        return True
    return any(
        check_in.source == applied.message_id and check_in.state is CheckInState.ASKED
        for check_in in snapshot.pair.check_ins
    )


def _answer(now: datetime, snapshot: Snapshot, applied: Applied, keys: set[str]) -> Iterator[Action]:
    if not applied.receipt:
        return
    pair = snapshot.pair
    names = {kind: f"{kind} {applied.message_id}" for kind in (MailKind.RECEIPT, MailKind.QUESTION)}
    if keys & set(names.values()):
        return
    if any(
        check_in.source == applied.message_id and check_in.state is CheckInState.WISHED for check_in in pair.check_ins
    ):
        return  # the calendar has not been looked at yet
    kind = MailKind.QUESTION if needs_question(snapshot, applied) else MailKind.RECEIPT
    record = str(pair.key)
    lately = sum(
        row.to == applied.author and bool(row.cause) and row.planned_at > now - timedelta(days=1) for row in pair.outbox
    )
    if lately >= ANSWERS_A_DAY:
        reason = f"{ANSWERS_A_DAY} answers went to this person today"
        yield SkipMail(names[kind], record, kind, applied.author, applied.at, reason, pair.key, applied.meeting)
        return
    yield SendMail(
        names[kind], record, kind, applied.author, applied.at, pair.key, applied.meeting, cause=applied.message_id
    )


def _recap(
    now: datetime, snapshot: Snapshot, applied: Applied, keys: set[str], clock: Clock
) -> Iterator[Action | Upcoming]:
    pair, desk = snapshot.pair, snapshot.person_desk
    key = f"{MailKind.RECAP} {applied.meeting} {pair.key.person} {applied.message_id}"
    if key in keys or pair.mail is not PairMail.BOTH or desk.stopped_at or desk.bounced_at:
        return
    at = clock.released(max(applied.at, now))
    if at > now:
        yield Upcoming(MailKind.RECAP, pair.key.person, at, applied.meeting)
        return
    yield SendMail(
        key,
        str(pair.key),
        MailKind.RECAP,
        pair.key.person,
        applied.at,
        pair.key,
        applied.meeting,
        cause=applied.message_id,
    )


def _invitation(now: datetime, snapshot: Snapshot, check_in: CheckIn, keys: set[str]) -> Iterator[Action]:
    if check_in.state is not CheckInState.WRITTEN or not check_in.invite or check_in.operation is None:
        return
    pair = snapshot.pair
    variant = "cancel" if check_in.operation is CalendarOperation.CANCEL else "request"
    readers = [pair.key.person] if check_in.in_calendar else [pair.key.manager, pair.key.person]
    for to in readers:
        desk = snapshot.person_desk if to == pair.key.person else snapshot.manager_desk
        key = f"{MailKind.INVITATION} {check_in.meeting} {to} {check_in.revision}"
        if key in keys or desk.bounced_at:
            continue
        if to == pair.key.person and (pair.mail is not PairMail.BOTH or desk.stopped_at):
            continue
        yield SendMail(
            key,
            str(pair.key),
            MailKind.INVITATION,
            to,
            now,
            pair.key,
            check_in.meeting,
            variant=variant,
            about=(check_in.uid, str(check_in.revision)),
        )


def _gone(now: datetime, snapshot: Snapshot, check_in: CheckIn, keys: set[str]) -> Iterator[Action]:
    if check_in.state is not CheckInState.GONE:
        return
    pair = snapshot.pair
    key = f"{MailKind.NOTICE} {check_in.gone or 'deleted'} {check_in.meeting} {check_in.revision}"
    if key in keys or snapshot.manager_desk.stopped_at or snapshot.manager_desk.bounced_at:
        return
    yield SendMail(
        key,
        str(pair.key),
        MailKind.NOTICE,
        pair.key.manager,
        now,
        pair.key,
        check_in.meeting,
        variant=check_in.gone or "deleted",
        about=(check_in.uid, (check_in.start or now).isoformat()),
    )


def _notices(now: datetime, snapshot: Snapshot, keys: set[str], clock: Clock) -> Iterator[Action | Upcoming]:
    """Yield what the manager is told once: mail comes back, the person said stop, the 1:1 does not hold."""
    pair, desk = snapshot.pair, snapshot.person_desk
    if pair.state is not PairState.STARTED or snapshot.manager_desk.stopped_at or snapshot.manager_desk.bounced_at:
        return
    causes: list[tuple[str, datetime, str, tuple[str, ...]]] = []
    if pair.mail is PairMail.BOTH and desk.bounced_at is not None:
        causes.append(("bounced", desk.bounced_at, desk.bounced_at.isoformat(), ()))
    if pair.mail is PairMail.BOTH and desk.stopped_at is not None:
        causes.append(("stopped", desk.stopped_at, desk.stopped_at.isoformat(), ()))
    unsteady = _unsteady(pair, now)
    if unsteady is not None:
        causes.append(("repeatedly-moved", unsteady[0].end, unsteady[0].id, (str(unsteady[1]),)))
    for cause, since, occasion, about in causes:
        key = f"{MailKind.NOTICE} {cause} {pair.key.person} {occasion}"
        if key in keys or now - since > _TOLD_FOR:
            continue
        at = clock.released(max(since, now))
        if at > now:
            yield Upcoming(MailKind.NOTICE, pair.key.manager, at)
            continue
        yield SendMail(key, str(pair.key), MailKind.NOTICE, pair.key.manager, at, pair.key, variant=cause, about=about)


def _unsteady(pair: Pair, now: datetime) -> tuple[Meeting, int] | None:
    """Return the last of several meetings in a row that did not happen when planned, and how many they are."""
    past = [one for one in pair.meetings if one.end <= now and not one.history]
    count = 0
    for meeting in reversed(past):
        if meeting.status is not MeetingStatus.MISSED and not meeting.moves:
            break
        count += 1
    return (past[-1], count) if count and count % UNSTEADY == 0 else None
