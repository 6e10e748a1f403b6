"""The next check-in: what was wished is decided with the calendar read anew, and what was decided is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from worker import checkin
from worker.apply import checkins
from worker.errors import AccountError, ForbiddenError, GoneError, RefusedError, SignInError, TryLaterError
from worker.model import (
    AskReason,
    CalendarOperation,
    CalendarWrite,
    CheckIn,
    CheckInState,
    Meeting,
    MeetingStatus,
    Pair,
    PairKey,
)
from worker.plan import WriteCalendar
from worker.tick import bookings, calendars
from worker.tick.letters import pair_of, surroundings
from worker.tick.office import Office
from worker.tick.report import CalendarDone, Failed, Report
from worker.tokens import item_id

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)
# Around a wished date as much is read as the nearest working day and its free slots may need.
_AROUND = timedelta(days=21)


def decide_wishes(office: Office, key: PairKey, now: datetime, report: Report) -> None:
    """Decide every wish of a pair and save the decisions in one step."""
    pair = office.store.load_pair(key)
    if pair is None or all(one.state is not CheckInState.WISHED for one in pair.check_ins):
        return
    try:
        waiting = [one.wish or one.start or now for one in pair.check_ins if one.state is CheckInState.WISHED]
        until = min(max(waiting, default=now), now + checkin.FURTHEST) + _AROUND
        pair = calendars.read_ahead(office, pair, now, until)
        decided = {
            index: _decided(office, pair, one, now, until)
            for index, one in enumerate(pair.check_ins)
            if one.state is CheckInState.WISHED
        }
    except AccountError as error:
        report.failed.append(Failed(f"read calendar {key.manager}", error.text, now + _FIRST_RETRY))
        return
    settled = tuple(decided.get(index, one) for index, one in enumerate(pair.check_ins))
    pair = checkins.say_what_is_back(replace(pair, check_ins=settled), decided.values())
    office.store.save_pair(checkins.skip_what_waited(pair, now), now)


def _decided(office: Office, pair: Pair, wished: CheckIn, now: datetime, until: datetime) -> CheckIn:
    held = bookings.answered(pair, wished, now)
    if held is None:
        return replace(wished, state=CheckInState.REPLACED)
    earlier = [
        one
        for one in pair.check_ins
        if one.meeting == wished.meeting
        and one.revision < wished.revision
        and one.operation in (CalendarOperation.CREATE, CalendarOperation.MOVE)
        and not one.is_way_back
    ]
    previous = max(earlier, key=lambda one: one.revision, default=None)
    around = replace(surroundings(office, pair, now, previous, until), offered=_offered(pair, wished))
    found = checkin.put_back(wished, around, now) if wished.is_way_back else checkin.decide(wished, held, around, now)
    if found.state is CheckInState.DECIDED and found.operation is CalendarOperation.CREATE:
        found = replace(found, uid=_uid(office, pair, held.id, found))
    if found.state is not CheckInState.DECIDED:
        return found
    calendar = office.calendars.get(pair.key.manager)
    if calendar is None or not calendar.writable:
        # There is no calendar of ours to write: the invitation by mail is the write.
        return replace(found, state=CheckInState.WRITTEN, invite=True, in_calendar=False)
    return found


def _offered(pair: Pair, wished: CheckIn) -> tuple[date, ...]:
    asked = [one.ask for one in pair.check_ins if one.meeting == wished.meeting and one.ask is not None]
    return tuple(day for ask in asked if ask.reason is AskReason.NOT_A_WORKDAY for day in ask.candidates)


def _uid(office: Office, pair: Pair, meeting: str, check_in: CheckIn) -> str:
    """Return the uid of the event to create: one for each meeting, a further one only after the last is gone.

    Of several that are put back at once each has its own.
    """
    if check_in.is_way_back:
        return office.keys.event_uid(str(pair.key), f"{meeting} back {check_in.revision}")
    gone = sum(one.meeting == meeting and one.state is CheckInState.GONE for one in pair.check_ins)
    gone += sum(
        one.meeting == meeting
        and one.operation is CalendarOperation.CANCEL
        and one.state in (CheckInState.WRITTEN, CheckInState.REPLACED)
        and one.revision < check_in.revision
        for one in pair.check_ins
    )
    return office.keys.event_uid(str(pair.key), f"{meeting} {gone}" if gone else meeting)


def write(office: Office, action: WriteCalendar, now: datetime, report: Report) -> None:
    """Carry out one decided write and note what came of it."""
    calendar = office.calendars.get(action.pair.manager)
    if calendar is None or not calendar.writable:
        _change(office, action, now, state=CheckInState.WRITTEN, invite=True, in_calendar=False)
        return
    name = f"{action.write.operation} event {action.write.uid}"
    try:
        written = calendar.write(action.write, now)
    except GoneError:
        cancel = action.write.operation is CalendarOperation.CANCEL
        _change(office, action, now, state=CheckInState.WRITTEN if cancel else CheckInState.GONE, gone="deleted")
        return
    except (ForbiddenError, RefusedError) as error:
        report.failed.append(Failed(name, str(error)))
        _change(office, action, now, state=CheckInState.WRITTEN, invite=True, in_calendar=False, error=str(error))
        return
    except AccountError as error:
        _try_again(office, action, now, report, error)
        return
    # The calendars that invite by themselves need no mail; a meeting's change is told the same way as its making.
    _change(
        office,
        action,
        now,
        state=CheckInState.WRITTEN,
        invite=not (written.invited or calendar.invites),
        in_calendar=True,
        uid=written.uid or action.write.uid,
        # What was cancelled before is a person's doing, for all that is known: no `undo` brings it back.
        gone="deleted" if written.existed and action.write.operation is CalendarOperation.CANCEL else "",
        error="",
        next_attempt_at=None,
    )
    if not written.existed:
        done = CalendarDone(str(action.write.operation), action.write.uid, action.write.start, str(action.pair))
        report.calendar.append(done)


def _try_again(office: Office, action: WriteCalendar, now: datetime, report: Report, error: AccountError) -> None:
    check_in = _find(pair_of(office, action.pair), action)
    pause = min(_FIRST_RETRY * 2 ** min(check_in.attempts, 10), _LONGEST_RETRY)
    asked = error.retry_at if isinstance(error, TryLaterError) else None
    again = asked or now + (_LONGEST_RETRY if isinstance(error, SignInError) else pause)
    _change(office, action, now, attempts=check_in.attempts + 1, next_attempt_at=again, error=str(error))
    name = f"{action.write.operation} event {action.write.uid}"
    report.failed.append(Failed(name, str(error), again))


def _find(pair: Pair, action: WriteCalendar) -> CheckIn:
    return next(one for one in pair.check_ins if one.meeting == action.check_in and one.revision == action.revision)


def _change(office: Office, action: WriteCalendar, now: datetime, **values: object) -> None:
    pair = pair_of(office, action.pair)
    wanted = _find(pair, action)
    changed = replace(wanted, **values)  # type: ignore[arg-type]  # the fields of a check-in, named at each call
    pair = replace(pair, check_ins=tuple(changed if one == wanted else one for one in pair.check_ins))
    if changed.state is CheckInState.WRITTEN and changed.in_calendar:
        pair = _meetings_after(pair, replace(action.write, uid=changed.uid), now)
    office.store.save_pair(pair, now)


def _meetings_after(pair: Pair, write: CalendarWrite, now: datetime) -> Pair:
    """Return the pair with its meetings as the write left them, so that nothing need be read again to know it."""

    def is_written(meeting: Meeting) -> bool:
        return meeting.uid == write.uid and meeting.recurrence_id == write.recurrence_id

    known = any(is_written(meeting) for meeting in pair.meetings)
    if write.operation is CalendarOperation.CREATE and not known:
        return _with_made(pair, write, now)
    if write.operation is CalendarOperation.CANCEL:
        changed = [
            replace(one, status=MeetingStatus.CANCELLED) if is_written(one) and one.end > now else one
            for one in pair.meetings
        ]
    else:
        changed = [
            replace(one, start=write.start, end=write.end, moved_from=one.start, moves=one.moves + 1)
            if is_written(one) and one.start != write.start
            else one
            for one in pair.meetings
        ]
    return replace(pair, meetings=tuple(sorted(changed, key=lambda one: (one.start, one.id))))


def _with_made(pair: Pair, write: CalendarWrite, now: datetime) -> Pair:
    """Return the pair with the meeting of a new event; one that was cancelled at the same time is that meeting."""
    cancelled = [one for one in pair.meetings if one.status is MeetingStatus.CANCELLED and one.start == write.start]
    before = cancelled[-1] if cancelled else None
    blank = Meeting(item_id(str(pair.key), write.uid, ""), write.uid, write.start, write.end, first_seen=now)
    made = replace(
        before or blank,
        uid=write.uid,
        recurrence_id=None,
        end=write.end,
        tzid=write.tzid,
        summary=write.summary,
        location=write.location,
        status=MeetingStatus.PLANNED,
        recurring=False,
        ours=True,
        editable=True,
        calendar=pair.key.manager,
    )
    others = [one for one in pair.meetings if one is not before]
    return replace(pair, meetings=tuple(sorted((*others, made), key=lambda one: (one.start, one.id))))
