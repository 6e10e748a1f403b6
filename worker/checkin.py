"""From a wish to the next check-in: keep what the calendar has, move it, make a new event, or ask. Pure.

The wish comes from a reply; the calendar and the busy times are looked at anew before every decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from worker.model import (
    Ask,
    AskReason,
    Busy,
    CalendarOperation,
    CheckIn,
    CheckInState,
    Meeting,
    MeetingStatus,
)
from worker.workdays import Clock, free_slots, overlaps

NEAR = timedelta(days=2)
FURTHEST = timedelta(days=366)
DEFAULT_RHYTHM = timedelta(days=14)
CHOICES = 3
_DAYS_TO_SEARCH = 21


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the decision looks at. `meetings` are the pair's, of at least 70 days and one rhythm ahead.

    `clock` is the manager's (zone and days off). Busy times are None where nobody can tell; `hours` are the working
    hours of each on their own wall clock. `offered` are moments that a question about a day off has offered: a person
    who then chooses one means it.
    """

    clock: Clock
    meetings: Sequence[Meeting]
    manager_busy: Sequence[Busy] | None = None
    person_busy: Sequence[Busy] | None = None
    manager_hours: tuple[time, time] = (time(9), time(17))
    person_hours: tuple[time, time] = (time(9), time(17))
    person_clock: Clock | None = None
    writable: bool = True
    previous: CheckIn | None = None
    offered: Sequence[date] = ()

    def busy(self) -> list[Busy]:
        """Return the busy times of both that are known."""
        return [*(self.manager_busy or ()), *(self.person_busy or ())]


def wish(said: date | datetime, held: Meeting, clock: Clock) -> tuple[datetime, bool]:
    """Return the wished moment in the manager's zone, and whether a time was said.

    Where none was, the time of day of the meeting just held counts.
    """
    if isinstance(said, datetime):
        return said.astimezone(clock.zone), True
    return clock.at(said, held.start.astimezone(clock.zone).time()), False


def decide(check_in: CheckIn, held: Meeting, calendar: Calendar, now: datetime) -> CheckIn:
    """Return the check-in with what is to be done: state RECORDED, DECIDED or ASKED.

    `check_in.wish` is the wished moment; `held` the meeting that was answered, whose length the new one takes.
    """
    if check_in.wish is None:
        return check_in
    clock = calendar.clock
    wished, adjusted, ask = _workday(check_in, calendar, now)
    if ask is not None:
        return _asked(check_in, ask)
    coming = _coming(calendar, held, now)
    mine = _made_before(calendar.previous, coming)
    same_day = [meeting for meeting in coming if clock.day(meeting.start) == clock.day(wished) and meeting is not mine]
    if same_day and (not check_in.timed or any(meeting.start == wished for meeting in same_day)):
        meeting = next((one for one in same_day if one.start == wished), same_day[0])
        return _recorded(check_in, meeting, adjusted, _between(coming, meeting.start, meeting, clock))
    target = mine or _movable(coming, wished, calendar)
    length = held.end - held.start
    without = frozenset({target.uid}) if target else frozenset()
    start, adjusted, ask = _free(check_in, wished, adjusted, length, calendar, without, now)
    if ask is not None or start is None:
        return _asked(check_in, ask or Ask(AskReason.NO_FREE_SLOT, phrase=check_in.said))
    if target is not None and target.start == start:
        return _recorded(check_in, target, adjusted, _between(coming, start, target, clock))
    # Our own event is not one of a series that would lose its order: an amendment moves it wherever it is wanted.
    ours = target is not None and target.ours and target is mine
    if target is not None and not ours and not _stays_between(target, start, coming):
        target = None
    return _decided(check_in, held, target, start, adjusted, calendar, _between(coming, start, target, clock))


def put_back(cancelled: CheckIn, calendar: Calendar, now: datetime) -> CheckIn:
    """Return what becomes of a meeting of ours to put back that our own write had cancelled.

    State DECIDED: a new event is made, since not every calendar can bring a deleted one back. RECORDED: they have a
    meeting on that day again, which is taken as it stands. REPLACED: its time has come, so it is too late.
    """
    start, clock = cancelled.start, calendar.clock
    if start is None or start <= now:
        return replace(cancelled, state=CheckInState.REPLACED)
    that_day = [
        meeting
        for meeting in calendar.meetings
        if meeting.status is MeetingStatus.PLANNED and clock.day(meeting.start) == clock.day(start)
    ]
    if not that_day:
        return replace(cancelled, state=CheckInState.DECIDED, recurrence_id=None, in_calendar=calendar.writable)
    standing = min(that_day, key=lambda meeting: abs(meeting.start - start))
    return replace(
        cancelled,
        state=CheckInState.RECORDED,
        uid=standing.uid,
        recurrence_id=standing.recurrence_id,
        start=standing.start,
        end=standing.end,
        tzid=standing.tzid,
    )


def propose(held: Meeting, calendar: Calendar, rhythm: timedelta | None, now: datetime) -> datetime | None:
    """Return the slot that a form proposes: one rhythm after the meeting, free for both; None where there is none."""
    clock = calendar.clock
    start = clock.shift(held.start, (rhythm or DEFAULT_RHYTHM).days)
    while start <= now:
        start = clock.shift(start, (rhythm or DEFAULT_RHYTHM).days)
    found = _nearest_days(start, held.end - held.start, calendar, frozenset(), now, 1)
    return found[0] if found else None


def slots(like: Meeting, calendar: Calendar, now: datetime) -> tuple[datetime, ...]:
    """Return free slots of both for a 1:1 like this one (its time of day, its length), on the next working days."""
    clock = calendar.clock
    tomorrow = clock.day(now) + timedelta(days=1)
    start = clock.at(tomorrow, like.start.astimezone(clock.zone).time())
    return tuple(_nearest_days(start, like.end - like.start, calendar, frozenset(), now, CHOICES))


def next_meeting(meetings: Sequence[Meeting], held: Meeting, now: datetime) -> Meeting | None:
    """Return the pair's next meeting that the calendar holds already."""
    coming = [
        meeting
        for meeting in meetings
        if meeting.status is MeetingStatus.PLANNED and meeting.start > max(now, held.start) and meeting.id != held.id
    ]
    return min(coming, key=lambda meeting: meeting.start, default=None)


# ----------------------------------------------------------------------------------------------------------- the day


def _workday(check_in: CheckIn, calendar: Calendar, now: datetime) -> tuple[datetime, str, Ask | None]:
    clock = calendar.clock
    wished = (check_in.wish or now).astimezone(clock.zone)
    if wished <= now:
        return wished, "", Ask(AskReason.PAST, _next_free(wished, now, check_in, calendar), check_in.said)
    if wished - now > FURTHEST:
        return wished, "", Ask(AskReason.TOO_FAR, (), check_in.said)
    why = _day_off(wished, calendar)
    if not why or (not check_in.relative and wished in calendar.offered):
        return wished, "", None
    moved = wished
    for _ in range(_DAYS_TO_SEARCH * 2):
        moved = clock.at(clock.workday_on_or_after(clock.day(moved) + timedelta(days=1)), wished.time())
        if not _day_off(moved, calendar):
            break
    if check_in.relative:
        return moved, why, None
    return wished, "", Ask(AskReason.NOT_A_WORKDAY, (moved, wished), check_in.said)


def _day_off(moment: datetime, calendar: Calendar) -> str:
    """Return why neither would work then: `weekend`, `holiday` or `away`; "" where they would."""
    clock = calendar.clock
    day = clock.day(moment)
    if day.weekday() >= 5:  # Saturday, as date.weekday counts
        return "weekend"
    if day in clock.holidays or (calendar.person_clock is not None and day in calendar.person_clock.holidays):
        return "holiday"
    away = [busy for busy in calendar.busy() if busy.away]
    return "away" if overlaps(moment, moment + timedelta(minutes=1), away) else ""


def _next_free(wished: datetime, now: datetime, check_in: CheckIn, calendar: Calendar) -> tuple[datetime, ...]:
    if check_in.timed and now - wished < timedelta(days=1):
        return ()
    clock = calendar.clock
    later = clock.at(clock.workday_on_or_after(clock.day(now) + timedelta(days=1)), wished.time())
    return (later,)


# ------------------------------------------------------------------------------------------ the pair's other meetings


def _coming(calendar: Calendar, held: Meeting, now: datetime) -> list[Meeting]:
    return sorted(
        (
            meeting
            for meeting in calendar.meetings
            if meeting.status is MeetingStatus.PLANNED and meeting.start > now and meeting.id != held.id
        ),
        key=lambda meeting: meeting.start,
    )


def _made_before(previous: CheckIn | None, coming: Sequence[Meeting]) -> Meeting | None:
    """Return the event that an earlier answer about the same meeting made or moved: an amendment moves it again."""
    if previous is None or previous.operation not in (CalendarOperation.CREATE, CalendarOperation.MOVE):
        return None
    return next(
        (
            meeting
            for meeting in coming
            if meeting.uid == previous.uid and meeting.recurrence_id == previous.recurrence_id and meeting.editable
        ),
        None,
    )


def _movable(coming: Sequence[Meeting], wished: datetime, calendar: Calendar) -> Meeting | None:
    """Return the pair's meeting that may be moved to the wish: one on that day, else the next within two days of it."""
    if not coming or not calendar.writable:
        return None
    clock = calendar.clock
    day = clock.day(wished)
    near = [meeting for meeting in coming if clock.day(meeting.start) == day]
    near += [coming[0]] if abs(clock.day(coming[0].start) - day) <= NEAR else []
    return next((one for one in near if one.editable and _stays_between(one, wished, coming)), None)


def _stays_between(target: Meeting, start: datetime, coming: Sequence[Meeting]) -> bool:
    others = [meeting for meeting in coming if meeting.id != target.id]
    before = [meeting.start for meeting in others if meeting.start <= target.start]
    after = [meeting.start for meeting in others if meeting.start > target.start]
    return (not before or max(before) < start) and (not after or start < min(after))


def _between(coming: Sequence[Meeting], start: datetime, chosen: Meeting | None, clock: Clock) -> tuple[datetime, ...]:
    return tuple(
        meeting.start
        for meeting in coming
        if meeting.start < start
        and clock.day(meeting.start) != clock.day(start)
        and (chosen is None or meeting.id != chosen.id)
    )


# ---------------------------------------------------------------------------------------------------------- the slot


def _free(  # the parts of one question
    check_in: CheckIn,
    wished: datetime,
    adjusted: str,
    length: timedelta,
    calendar: Calendar,
    without: frozenset[str],
    now: datetime,
) -> tuple[datetime | None, str, Ask | None]:
    if not overlaps(wished, wished + length, calendar.busy(), without=without):
        return wished, adjusted, None
    slots = _slots_of_day(wished, length, calendar, without, now)
    if slots:
        return slots[0], adjusted or "busy", None
    choices = _nearest_days(wished, length, calendar, without, now, CHOICES)
    return None, adjusted, Ask(AskReason.NO_FREE_SLOT, tuple(choices), check_in.said)


def _slots_of_day(
    wished: datetime, length: timedelta, calendar: Calendar, without: frozenset[str], now: datetime
) -> list[datetime]:
    clock = calendar.clock
    day = clock.day(wished)
    start, end = (clock.at(day, hour) for hour in calendar.manager_hours)
    if calendar.person_clock is not None:
        # Both people's hours, each on their own wall clock; where they do not meet, only the usual time is left.
        other = calendar.person_clock
        start = max(start, other.at(other.day(wished), calendar.person_hours[0]))
        end = min(end, other.at(other.day(wished), calendar.person_hours[1]))
    slots = free_slots(wished, length, (start, end), calendar.busy(), without=without)
    return [slot.astimezone(clock.zone) for slot in slots if slot > now]


def _nearest_days(  # the parts of one question
    wished: datetime,
    length: timedelta,
    calendar: Calendar,
    without: frozenset[str],
    now: datetime,
    count: int,
) -> list[datetime]:
    """Return one free slot on each of the next `count` working days that have one, from the wished day on."""
    found: list[datetime] = []
    moment = wished
    for _ in range(_DAYS_TO_SEARCH):
        if not _day_off(moment, calendar):
            slots = _slots_of_day(moment, length, calendar, without, now)
            if slots:
                found.append(slots[0])
        if len(found) == count:
            break
        moment = calendar.clock.shift(moment, 1)
    return found


# -------------------------------------------------------------------------------------------------------- the result


def _asked(check_in: CheckIn, ask: Ask) -> CheckIn:
    return replace(check_in, state=CheckInState.ASKED, ask=ask)


def _recorded(check_in: CheckIn, meeting: Meeting, adjusted: str, between: tuple[datetime, ...]) -> CheckIn:
    return replace(
        check_in,
        state=CheckInState.RECORDED,
        operation=None,
        uid=meeting.uid,
        recurrence_id=meeting.recurrence_id,
        start=meeting.start,
        end=meeting.end,
        tzid=meeting.tzid,
        adjusted=adjusted,
        between=between,
        ask=None,
    )


def _decided(  # the parts of one decision
    check_in: CheckIn,
    held: Meeting,
    target: Meeting | None,
    start: datetime,
    adjusted: str,
    calendar: Calendar,
    between: tuple[datetime, ...],
) -> CheckIn:
    previous = calendar.previous
    decided = replace(
        check_in,
        state=CheckInState.DECIDED,
        start=start,
        end=start + (held.end - held.start),
        tzid=str(calendar.clock.zone),
        adjusted=adjusted,
        between=between,
        ask=None,
        in_calendar=calendar.writable,
        sequence=previous.sequence + 1 if previous else 0,
    )
    if target is None:
        return replace(decided, operation=CalendarOperation.CREATE, recurrence_id=None)
    return replace(
        decided,
        operation=CalendarOperation.MOVE,
        uid=target.uid,
        recurrence_id=target.recurrence_id,
        tzid=target.tzid,
        end=start + (target.end - target.start),
        moved_from=target.start,
    )
