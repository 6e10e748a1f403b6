"""What the events of a pair are to the meetings that we remember of it, and what those meetings are to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from worker.meetings.judging import OneOnOne
from worker.model import Event, Meeting, MeetingStatus, Pair
from worker.tokens import item_id
from worker.workdays import Clock

HISTORY_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tick read of the calendars that can show this pair: the events, and which window of which calendar.

    `complete` are the calendars whose reading may say that something is gone; `first` those read for the first time.
    """

    found: tuple[OneOnOne, ...]
    start: datetime
    end: datetime
    complete: frozenset[str]
    first: frozenset[str] = frozenset()


def match(pair: Pair, reading: Reading, now: datetime, clock: Clock) -> Pair:
    """Return the pair with its meetings brought up to what the calendars show.

    An event is a meeting that we know by UID and instance, else by the same start, else (the old event being gone) by
    the same local day; otherwise it is a new meeting. `clock` is the manager's.
    """
    present = _one_of_each([found for found in reading.found if not found.gone])
    gone = {(found.event.uid, found.event.recurrence_id) for found in reading.found if found.gone}
    seen = {(found.event.uid, found.event.recurrence_id) for found in present}
    meetings = {meeting.id: meeting for meeting in pair.meetings}
    taken: set[str] = set()
    rest: list[OneOnOne] = []
    for found in present:
        known = _by_event(meetings, found.event, taken)
        if known is None:
            rest.append(found)
            continue
        taken.add(known.id)
        meetings[known.id] = _updated(known, found, clock)
    has_series = any(meeting.recurring for meeting in meetings.values()) or any(
        found.event.recurring for found in present
    )
    for found in rest:
        known = _by_time(meetings, found.event, taken, seen, clock)
        meeting = _updated(known, found, clock) if known else _new(pair, found, reading, now, clock, has_series)
        taken.add(meeting.id)
        meetings[meeting.id] = meeting
    for meeting in tuple(meetings.values()):
        if meeting.id not in taken and _is_missing(meeting, reading, gone, now):
            meetings[meeting.id] = replace(meeting, status=MeetingStatus.CANCELLED)
    ordered = tuple(sorted(meetings.values(), key=lambda meeting: (meeting.start, meeting.id)))
    return pair if ordered == pair.meetings else replace(pair, meetings=ordered)


def _one_of_each(found: Sequence[OneOnOne]) -> list[OneOnOne]:
    # The same meeting stands in both people's calendars: the manager's own copy is the one that we may edit.
    chosen: dict[tuple[object, ...], OneOnOne] = {}
    for one in sorted(found, key=lambda one: (one.event.dtstart, one.calendar != one.key.manager, one.event.uid)):
        instance = (one.event.uid, one.event.recurrence_id)
        twin = next(
            (
                other
                for other in chosen.values()
                if _same_moment(other.event.dtstart, one.event.dtstart) and other.calendar != one.calendar
            ),
            None,
        )
        if instance not in chosen and twin is None:
            chosen[instance] = one
    return list(chosen.values())


def _by_event(meetings: Mapping[str, Meeting], event: Event, taken: set[str]) -> Meeting | None:
    for meeting in meetings.values():
        if meeting.id not in taken and (meeting.uid, meeting.recurrence_id) == (event.uid, event.recurrence_id):
            return meeting
    return None


def _by_time(
    meetings: Mapping[str, Meeting],
    event: Event,
    taken: set[str],
    seen: set[tuple[str, datetime | None]],
    clock: Clock,
) -> Meeting | None:
    free = [
        meeting
        for meeting in meetings.values()
        if meeting.id not in taken and (meeting.uid, meeting.recurrence_id) not in seen
    ]
    for meeting in free:
        if _same_moment(meeting.start, event.dtstart):
            return meeting
    for meeting in free:
        if clock.day(meeting.start) == clock.day(event.dtstart) and meeting.status is not MeetingStatus.MISSED:
            return meeting
    return None


def _same_moment(one: datetime, other: datetime) -> bool:
    # In the hour that a change of clocks repeats Python holds equal moments of two zones unequal (PEP 495).
    return one.astimezone(UTC) == other.astimezone(UTC)


def _updated(meeting: Meeting, found: OneOnOne, clock: Clock) -> Meeting:
    event = found.event
    moved_from, moves = meeting.moved_from, meeting.moves
    if clock.day(meeting.start) != clock.day(event.dtstart):
        moved_from, moves = meeting.start, moves + 1
    status = MeetingStatus.PLANNED if meeting.status is MeetingStatus.CANCELLED else meeting.status
    return replace(
        meeting,
        uid=event.uid,
        recurrence_id=event.recurrence_id,
        start=event.dtstart,
        end=event.dtend,
        tzid=event.tzid,
        summary=event.summary,
        location=event.location,
        status=status,
        recurring=event.recurring,
        editable=event.editable and found.calendar == found.key.manager,
        moved_from=moved_from,
        moves=moves,
        calendar=found.calendar,
    )


def _new(
    pair: Pair,
    found: OneOnOne,
    reading: Reading,
    now: datetime,
    clock: Clock,
    has_series: bool,  # noqa: FBT001  # a private step of `match`
) -> Meeting:
    event = found.event
    instance = event.recurrence_id.isoformat() if event.recurrence_id else ""
    identity = item_id(str(pair.key), event.uid, instance)
    if any(meeting.id == identity for meeting in pair.meetings):
        identity = item_id(str(pair.key), event.uid, instance, event.dtstart.isoformat())
    ours = any(check_in.uid == event.uid for check_in in pair.check_ins)
    beside_series = has_series and not event.recurring and not ours
    late = now > clock.business_day_earlier(event.dtstart)
    meeting = Meeting(
        id=identity,
        uid=event.uid,
        start=event.dtstart,
        end=event.dtend,
        first_seen=now,
        short_notice=not ours and (late or beside_series),
        history=found.calendar in reading.first and event.dtend < now - HISTORY_AFTER,
        ours=ours,
    )
    return _updated(meeting, found, clock)


def _is_missing(meeting: Meeting, reading: Reading, gone: set[tuple[str, datetime | None]], now: datetime) -> bool:
    if meeting.status is not MeetingStatus.PLANNED:
        return False
    if (meeting.uid, meeting.recurrence_id) in gone:
        return meeting.end > now or not meeting.confirmed
    return (
        meeting.calendar in reading.complete
        and meeting.end > now
        and reading.start <= meeting.start
        and meeting.end <= reading.end
    )


def status_of(meeting: Meeting, now: datetime) -> MeetingStatus:
    """Return what to call the meeting now: a planned one whose end has passed was held, for all that we know."""
    if meeting.status is MeetingStatus.PLANNED and meeting.end <= now:
        return MeetingStatus.HELD
    return meeting.status


def rhythm(meetings: Sequence[Meeting]) -> timedelta | None:
    """Return the usual time between the pair's meetings in whole days, None where there are not two of them."""
    days = [meeting.start for meeting in meetings if meeting.status is not MeetingStatus.CANCELLED][-8:]
    gaps = sorted((later - earlier for earlier, later in pairwise(days)), key=abs)
    gaps = [gap for gap in gaps if gap >= timedelta(hours=12)]
    if not gaps:
        return None
    return timedelta(days=max(1, round(gaps[len(gaps) // 2] / timedelta(days=1))))
