"""When a digest is due and what it counts: weekly for a manager, monthly for those to whom managers report.

A digest stands for its Monday, 08:00 on its reader's clock: what came later waits for the next one, so that a worker
that looks again on Monday afternoon says the same. On Tuesday it is stale, and what it would have said comes in time
for the next. The monthly counts are told to the manager themself a week before
they go up, and go up as they were told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta

from worker.meetings import status_of
from worker.model import (
    Desk,
    Feedback,
    FeedbackState,
    ItemState,
    Lead,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Pair,
    PairKey,
    PairMail,
    PairState,
)
from worker.plan.actions import Plan, SendMail, Upcoming
from worker.privacy import seen_by
from worker.workdays import Clock

HOUR = time(8)
WEEK = timedelta(days=7)
AHEAD = timedelta(days=7)
CAUSES_FOR = timedelta(days=28)
CAUSES = ("forgot", "no-time", "not-needed")
KEPT = ("better", "same", "worse")
WEEKLY = "weekly"
MONTHLY = "monthly"
_COUNTS = "counts"
_GONE = (OutboxState.GAVE_UP, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Seat:
    """What the digests to one person look at.

    `pairs` are those in which they are the manager, whole; `every` after how long one of them is due again. `counted`
    says that counts of theirs go up, `counts` that counts of managers who report to them come to them.
    """

    desk: Desk
    clock: Clock
    pairs: tuple[Pair, ...] = ()
    every: Mapping[PairKey, Lead] | None = None
    counted: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is due for a 1:1: the day of the last one, None where there was none."""

    key: PairKey
    last: date | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts of one manager's 1:1s, and nothing else.

    `planned` in the calendar, of them `held`, `confirmed` by an answer and `cancelled` or missed; `waiting` the most
    days that anybody has waited since their last one (-1: nobody had one); follow-ups that came back, and were `kept`.
    """

    planned: int = 0
    held: int = 0
    confirmed: int = 0
    cancelled: int = 0
    waiting: int = -1
    came_back: int = 0
    kept: int = 0


def next_look(now: datetime, clock: Clock) -> datetime:
    """Return the next moment at which a digest may become due."""
    monday = _monday(clock.day(now))
    at = clock.released(clock.at(monday, HOUR))
    return at if at > now else clock.released(clock.at(monday + WEEK, HOUR))


def may_be_due(now: datetime, desk: Desk, clock: Clock) -> bool:
    """Whether this is the time of a digest, as far as the desk alone tells: cheap, and asked before pairs are read."""
    at = _current(now, clock)
    return at is not None and not _is_silent(now, desk, clock)


def plan_digests(now: datetime, seat: Seat) -> Plan:
    """Return the digests that are due to this person at `now`, and when to look again."""
    coming = Upcoming(MailKind.DIGEST, seat.desk.email, next_look(now, seat.clock))
    at = _current(now, seat.clock)
    if at is None or _is_silent(now, seat.desk, seat.clock):
        return Plan((), (coming,), coming.at)
    monday = _monday(seat.clock.day(at))
    rows = {row.key for row in seat.desk.outbox}
    found: list[SendMail] = []
    about = _going_up(seat, monday)
    if (about or something(at, seat)) and key_of(seat.desk.email, WEEKLY, monday) not in rows:
        found.append(_mail(seat, WEEKLY, monday, at, about))
    if seat.counts and is_first(monday) and key_of(seat.desk.email, MONTHLY, monday) not in rows:
        found.append(_mail(seat, MONTHLY, monday, at, ()))
    return Plan(tuple(found), (coming,), coming.at)


def key_of(email: str, variant: str, monday: date) -> str:
    """Return the name of a digest: whose, which, and of what Monday."""
    return f"{MailKind.DIGEST} {email} {variant} {monday.isoformat()}"


def is_first(monday: date) -> bool:
    """Whether this is the first Monday of its month."""
    return monday.day <= WEEK.days


# ------------------------------------------------------------------------------------------------------- the weekly one


def followed(at: datetime, seat: Seat) -> tuple[Pair, ...]:
    """Return the pairs that a weekly digest speaks of, as its reader may see them."""
    today = seat.clock.day(at)
    return tuple(
        seen_by(pair, seat.desk.email)
        for pair in seat.pairs
        if pair.state is PairState.STARTED
        and pair.mail is not PairMail.NONE
        and (pair.started_at is None or pair.started_at <= at)
        and (pair.paused_until is None or pair.paused_until <= today)
    )


def something(at: datetime, seat: Seat) -> bool:
    """Whether there is anything to say: a promise or feedback due, somebody due, a follow-up missed, a mail unsent."""
    last = seat.clock.day(at) + AHEAD
    for pair in followed(at, seat):
        if any(
            item.state is ItemState.OPEN and item.due is not None and item.due <= last and item.at <= at
            for item in pair.action_items
        ):
            return True
        if any(one.state is FeedbackState.OPEN and one.follow_up_on <= last and one.at <= at for one in pair.feedback):
            return True
        if _missed(pair, at - WEEK, at) or unsent(pair, at):
            return True
    return bool(rotation(at, seat))


def unsent(pair: Pair, at: datetime) -> tuple[OutboxEntry, ...]:
    """Return the rows of the week before that did not go out."""
    return tuple(row for row in pair.outbox if row.state in _GONE and at - WEEK <= row.planned_at < at)


def causes(at: datetime, pairs: Sequence[Pair]) -> dict[str, int]:
    """Return why follow-ups were missed over the last four weeks, as their people said: cause and how often."""
    found: Counter[str] = Counter()
    for pair in pairs:
        found.update(_missed(pair, at - CAUSES_FOR, at))
    return {cause: found[cause] for cause in CAUSES}


def _missed(pair: Pair, start: datetime, end: datetime) -> Counter[str]:
    return Counter(
        answer.word
        for one in pair.feedback
        for answer in one.answers
        if answer.word in CAUSES and start <= answer.at <= end
    )


def rotation(at: datetime, seat: Seat) -> tuple[Turn, ...]:
    """Return who is due for a 1:1 by their `every`, and has none in the calendar: who waited longest stands first."""
    turns: list[Turn] = []
    for pair in followed(at, seat):
        lead = (seat.every or {}).get(pair.key)
        if lead is None or any(one.status is MeetingStatus.PLANNED and one.end > at for one in pair.meetings):
            continue
        last = max((one.start for one in _held(pair.meetings, at)), default=None)
        if last is None or seat.clock.day(seat.clock.after(last, lead)) <= seat.clock.day(at):
            turns.append(Turn(pair.key, seat.clock.day(last) if last else None))
    return tuple(sorted(turns, key=lambda turn: (turn.last or date.min, turn.key)))


def cadence(pair: Pair, at: datetime, clock: Clock, weeks: int) -> str:
    """Return one letter for each of the last full weeks, oldest first.

    `h`: a 1:1 was held; `m`: one was in the calendar and did not happen; `-`: none was.
    """
    monday = _monday(clock.day(at))
    letters = ["-"] * weeks
    for meeting in pair.meetings:
        back = (monday - _monday(clock.day(meeting.start))).days // WEEK.days
        if not 1 <= back <= weeks:
            continue
        status = status_of(meeting, at)
        if status is MeetingStatus.HELD:
            letters[weeks - back] = "h"
        elif letters[weeks - back] == "-" and status in (MeetingStatus.MISSED, MeetingStatus.CANCELLED):
            letters[weeks - back] = "m"
    return "".join(letters)


# ---------------------------------------------------------------------------------------------------------- the counts


def counted_days(first_monday: date) -> tuple[date, date]:
    """Return the first and the last day that the counts of this first Monday are about.

    They end before the Monday on which the manager saw them: a month later each day has been counted once.
    """
    before = first_monday - timedelta(days=first_monday.day)
    return _first_monday(before) - WEEK, first_monday - WEEK - timedelta(days=1)


def has_counts(pairs: Sequence[Pair], days: tuple[date, date], clock: Clock) -> bool:
    """Whether any of a manager's pairs was known and is started: a worker that is new counts nobody's months as empty.

    `clock` is the manager's.
    """
    return any(
        pair.state is PairState.STARTED and (pair.found_at is None or clock.day(pair.found_at) <= days[1])
        for pair in pairs
    )


def numbers(pairs: Sequence[Pair], days: tuple[date, date], at: datetime, clock: Clock) -> Numbers:
    """Return the counts of one manager's pairs over these days; `clock` is the manager's."""
    first, last = days
    mine = [pair for pair in pairs if pair.state is PairState.STARTED]
    meetings = [one for pair in mine for one in pair.meetings if first <= clock.day(one.start) <= last]
    held = _held(meetings, at)
    came, kept = 0, 0
    for pair in mine:
        for one in pair.feedback:
            due, good = _came_back(one, first, last, clock)
            came, kept = came + due, kept + good
    waits = [max((clock.day(one.start) for one in _held(pair.meetings, at)), default=None) for pair in mine]
    return Numbers(
        planned=len(meetings),
        held=len(held),
        confirmed=sum(one.confirmed for one in held),
        cancelled=len([one for one in meetings if one.status in (MeetingStatus.MISSED, MeetingStatus.CANCELLED)]),
        waiting=max(((last - day).days for day in waits if day is not None and day <= last), default=-1),
        came_back=came,
        kept=kept,
    )


def told(desk: Desk, first_monday: date) -> Numbers | None:
    """Return the counts that the manager was shown a week before this first Monday, None where they were shown none."""
    key = key_of(desk.email, WEEKLY, first_monday - WEEK)
    row = next((row for row in desk.outbox if row.key == key), None)
    return read_numbers(row.about) if row else None


def read_numbers(about: Sequence[str]) -> Numbers | None:
    """Return the counts that a digest's `about` carries, None where it carries none."""
    line = next((word for word in about if word.startswith(f"{_COUNTS} ")), "")
    found = dict(word.partition("=")[::2] for word in line.split()[1:])
    if not found:
        return None
    known = {one.name for one in fields(Numbers)}
    return Numbers(**{name: int(value) for name, value in found.items() if name in known})


def _going_up(seat: Seat, monday: date) -> tuple[str, ...]:
    """Return the counts that go up a week from this Monday, as the digest's row remembers them."""
    first = monday + WEEK
    if not seat.counted or not is_first(first) or all(pair.state is not PairState.STARTED for pair in seat.pairs):
        return ()
    found = numbers(seat.pairs, counted_days(first), seat.clock.at(monday, HOUR), seat.clock)
    return (" ".join([_COUNTS, *(f"{name}={value}" for name, value in asdict(found).items())]),)


def _came_back(one: Feedback, first: date, last: date, clock: Clock) -> tuple[int, int]:
    answers = [answer for answer in one.answers if first <= clock.day(answer.at) <= last]
    unanswered = one.state is FeedbackState.OPEN and first <= one.follow_up_on <= last
    return len(answers) + unanswered, sum(answer.word in KEPT for answer in answers)


# -------------------------------------------------------------------------------------------------------------- inside


def _mail(seat: Seat, variant: str, monday: date, at: datetime, about: tuple[str, ...]) -> SendMail:
    email = seat.desk.email
    return SendMail(key_of(email, variant, monday), email, MailKind.DIGEST, email, at, variant=variant, about=about)


def _is_silent(now: datetime, desk: Desk, clock: Clock) -> bool:
    away = desk.away_until is not None and clock.day(now) <= desk.away_until
    return away or desk.stopped_at is not None or desk.bounced_at is not None


def _current(now: datetime, clock: Clock) -> datetime | None:
    """Return the Monday morning whose digest may go now: on that Monday, outside the quiet hours; else None."""
    at = clock.at(_monday(clock.day(now)), HOUR)
    late = clock.day(now) > max(clock.day(at), clock.day(clock.released(at)))
    return None if now < at or late or clock.released(now) > now else at


def _held(meetings: Sequence[Meeting], at: datetime) -> list[Meeting]:
    return [one for one in meetings if status_of(one, at) is MeetingStatus.HELD]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_monday(day: date) -> date:
    first = day.replace(day=1)
    return first + timedelta(days=-first.weekday() % WEEK.days)
