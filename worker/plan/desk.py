"""The plan of one person's desk: answers and notices that belong to no pair."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from worker.model import Applied, Desk, MailKind, OutboxEntry, Outcome
from worker.plan.actions import Plan, SendMail, Upcoming
from worker.plan.answers import ANSWERS_A_DAY
from worker.workdays import Clock

_REFUSED = {
    Outcome.NOT_AUTHENTIC: "not-authentic",
    Outcome.UNREADABLE: "unreadable",
    Outcome.TOO_LARGE: "too-large",
}
_TOLD_FOR = timedelta(days=3)
UNKNOWN_NAME = "unknown-name"


def plan_desk(now: datetime, desk: Desk, clock: Clock) -> Plan:
    """Return the answers and notices that are due to this person at `now`; `clock` is theirs."""
    if desk.bounced_at is not None:
        return Plan()
    found = list(_everything(now, desk, clock))
    actions = sorted((one for one in found if isinstance(one, SendMail)), key=lambda one: (one.at, one.key))
    later = tuple(sorted((one for one in found if isinstance(one, Upcoming)), key=lambda one: one.at))
    return Plan(tuple(actions), later, min((one.at for one in later), default=None))


def _everything(now: datetime, desk: Desk, clock: Clock) -> Iterator[SendMail | Upcoming]:
    keys = {row.key for row in desk.outbox}
    for applied in desk.applied:
        if applied.receipt:
            yield from _answer(now, desk, applied, keys)
        elif now - applied.at <= _TOLD_FOR:
            yield from _refused(now, desk, applied, keys, clock)


def _answer(now: datetime, desk: Desk, applied: Applied, keys: set[str]) -> Iterator[SendMail]:
    asks = applied.ask is not None or any(problem.reason == UNKNOWN_NAME for problem in applied.problems)
    kind = MailKind.QUESTION if asks else MailKind.RECEIPT
    if keys & {f"{MailKind.RECEIPT} {applied.message_id}", f"{MailKind.QUESTION} {applied.message_id}"}:
        return
    if _answers_lately(now, desk.outbox) >= ANSWERS_A_DAY:
        return
    key = f"{kind} {applied.message_id}"
    yield SendMail(key, desk.email, kind, desk.email, applied.at, cause=applied.message_id)


def _refused(
    now: datetime, desk: Desk, applied: Applied, keys: set[str], clock: Clock
) -> Iterator[SendMail | Upcoming]:
    """At most one notice a day for each cause; a question where a known mail was answered from an unknown address."""
    day = clock.day(applied.at).isoformat()
    if applied.outcome is Outcome.UNKNOWN_SENDER and applied.row:
        key = f"{MailKind.QUESTION} alias {applied.author} {day}"
        if key not in keys:
            yield SendMail(
                key,
                desk.email,
                MailKind.QUESTION,
                desk.email,
                applied.at,
                variant="alias",
                about=(applied.author, applied.digest),
            )
        return
    cause = _REFUSED.get(applied.outcome)
    key = f"{MailKind.NOTICE} {cause} {desk.email} {day}"
    if cause is None or key in keys or desk.stopped_at is not None:
        return
    at = clock.released(max(applied.at, now))
    if at > now:
        yield Upcoming(MailKind.NOTICE, desk.email, at)
        return
    yield SendMail(key, desk.email, MailKind.NOTICE, desk.email, applied.at, variant=cause, cause="")


def _answers_lately(now: datetime, rows: tuple[OutboxEntry, ...]) -> int:
    return sum(bool(row.cause) and row.planned_at > now - timedelta(days=1) for row in rows)
