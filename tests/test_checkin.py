"""Reuse, move, create or ask: what becomes of a wished date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.checkin import Calendar, decide, next_meeting, propose, wish
from worker.model import AskReason, Busy, CalendarOperation, CheckIn, CheckInState, Meeting, MeetingStatus
from worker.workdays import Clock

BERLIN = ZoneInfo("Europe/Berlin")
CLOCK = Clock(BERLIN, frozenset({date(2026, 12, 25)}))
HALF = timedelta(minutes=30)


def at(text: str) -> datetime:
    """Return a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


NOW = at("2026-11-03 11:00")


def meeting(start: str, uid: str = "s", **more: object) -> Meeting:
    """Return a planned meeting of half an hour."""
    begin = at(start)
    values: dict[str, object] = {"id": f"{uid} {start}", "uid": uid, "recurrence_id": begin, "recurring": True, **more}
    return Meeting(start=begin, end=begin + HALF, tzid="Europe/Berlin", **values)  # type: ignore[arg-type]


HELD = meeting("2026-11-03 10:00")
WEEKLY = tuple(meeting(f"2026-11-{day} 10:00") for day in ("03", "10", "17", "24"))


def wished(moment: str, *, timed: bool = False, relative: bool = False) -> CheckIn:
    """Return a wish that nobody has decided."""
    return CheckIn(HELD.id, "<m>", 0, CheckInState.WISHED, "said", wish=at(moment), timed=timed, relative=relative)


def calendar(*meetings: Meeting, **more: object) -> Calendar:
    """Return what the decision looks at."""
    return Calendar(CLOCK, meetings or (HELD,), **more)  # type: ignore[arg-type]


def test_a_date_alone_takes_the_time_of_the_meeting_just_held() -> None:
    """`Tue 1 Dec` means 10:00 where the meeting was at 10:00, a stated time stays as it is."""
    assert wish(date(2026, 12, 1), HELD, CLOCK) == (at("2026-12-01 10:00"), False)
    assert wish(at("2026-12-01 15:00"), HELD, CLOCK) == (at("2026-12-01 15:00"), True)


def test_a_meeting_that_is_there_is_kept() -> None:
    """On a day that has their meeting already nothing is written, where no other time was said."""
    found = decide(wished("2026-11-17 10:00"), HELD, calendar(*WEEKLY), NOW)
    assert (found.state, found.operation, found.start) == (CheckInState.RECORDED, None, at("2026-11-17 10:00"))
    assert found.between == (at("2026-11-10 10:00"),)


@pytest.mark.parametrize(
    ("moment", "timed"), [("2026-11-11 10:00", False), ("2026-11-10 15:00", True), ("2026-11-12 09:00", True)]
)
def test_the_next_meeting_within_two_days_is_moved(moment: str, timed: bool) -> None:  # noqa: FBT001  # a table
    """The pair's next instance moves to the wish, the series stays."""
    found = decide(wished(moment, timed=timed), HELD, calendar(*WEEKLY), NOW)
    assert (found.operation, found.recurrence_id) == (CalendarOperation.MOVE, at("2026-11-10 10:00"))
    assert (found.start, found.moved_from) == (at(moment), at("2026-11-10 10:00"))


def test_a_later_meeting_on_that_day_is_moved() -> None:
    """Another time on a day that has their meeting moves that one: two 1:1s on one day are what nobody wants."""
    found = decide(wished("2026-11-24 15:00", timed=True), HELD, calendar(*WEEKLY), NOW)
    assert (found.operation, found.recurrence_id) == (CalendarOperation.MOVE, at("2026-11-24 10:00"))
    assert (found.start, found.between) == (at("2026-11-24 15:00"), (at("2026-11-10 10:00"), at("2026-11-17 10:00")))
    fixed = (*WEEKLY[:3], replace(WEEKLY[3], editable=False))
    assert decide(wished("2026-11-24 15:00", timed=True), HELD, calendar(*fixed), NOW).operation == "create"


@pytest.mark.parametrize("editable", [True, False])
def test_further_away_a_single_event_is_made(editable: bool) -> None:  # noqa: FBT001  # a table
    """Beyond two days, or where the next one may not be edited, a single event is created."""
    meetings = tuple(replace(one, editable=editable) for one in WEEKLY[:2])
    moment = "2026-11-13 10:00" if editable else "2026-11-11 10:00"
    found = decide(wished(moment), HELD, calendar(*meetings), NOW)
    assert (found.state, found.operation) == (CheckInState.DECIDED, CalendarOperation.CREATE)
    assert found.end == at(moment) + HALF


def test_a_move_stays_between_its_neighbours() -> None:
    """An instance is never moved past another one: then a single event is made."""
    daily = tuple(meeting(f"2026-11-{day} 10:00", editable=day != "05") for day in ("03", "04", "05", "06"))
    found = decide(wished("2026-11-05 15:00", timed=True), HELD, calendar(*daily), NOW)
    assert found.operation is CalendarOperation.CREATE


def test_an_amended_date_moves_the_event_that_we_made() -> None:
    """However far the new date lies, the event of the first answer is moved and no second one is made."""
    ours = meeting("2026-11-17 10:00", uid="ft1", recurrence_id=None, recurring=False, ours=True)
    before = replace(
        wished("2026-11-17 10:00"), state=CheckInState.WRITTEN, operation=CalendarOperation.CREATE, uid="ft1"
    )
    found = decide(wished("2026-12-08 10:00"), HELD, calendar(HELD, ours, previous=before), NOW)
    assert (found.operation, found.uid, found.start) == (CalendarOperation.MOVE, "ft1", at("2026-12-08 10:00"))


@pytest.mark.parametrize(
    ("moment", "relative", "expected"),
    [
        ("2026-11-14 10:00", True, ("2026-11-16 10:00", "weekend")),
        ("2026-12-25 10:00", True, ("2026-12-28 10:00", "holiday")),
    ],
)
def test_a_relative_date_on_a_day_off_moves_on(moment: str, relative: bool, expected: tuple[str, str]) -> None:  # noqa: FBT001  # a table
    """`in 11 days` that falls on a day off goes to the next working day, and says why."""
    found = decide(wished(moment, relative=relative), HELD, calendar(), NOW)
    assert (found.start, found.adjusted) == (at(expected[0]), expected[1])


@pytest.mark.parametrize("moment", ["2026-11-15 10:00", "2026-12-25 10:00"])
def test_a_day_off_named_outright_is_asked_back(moment: str) -> None:
    """The next working day is the first choice, the day itself the second."""
    found = decide(wished(moment), HELD, calendar(), NOW)
    assert found.state is CheckInState.ASKED
    assert found.ask is not None
    assert found.ask.reason is AskReason.NOT_A_WORKDAY
    assert found.ask.candidates[1] == at(moment)


def test_an_absence_counts_as_a_day_off() -> None:
    """A day on which one of them is away is asked back where it was named outright."""
    away = [Busy(at("2026-11-16 00:00"), at("2026-11-21 00:00"), away=True)]
    found = decide(wished("2026-11-17 10:00"), HELD, calendar(HELD, person_busy=away), NOW)
    assert found.ask is not None
    assert found.ask.candidates[0] == at("2026-11-23 10:00")


@pytest.mark.parametrize(("moment", "reason"), [("2026-11-02 10:00", "past"), ("2027-12-01 10:00", "too-far")])
def test_past_and_far_dates_are_asked_back(moment: str, reason: str) -> None:
    """A date that is past or over a year away is never written."""
    found = decide(wished(moment), HELD, calendar(), NOW)
    assert found.state is CheckInState.ASKED
    assert found.ask is not None
    assert found.ask.reason == reason


def test_a_taken_slot_goes_to_the_nearest_free_one_of_the_day() -> None:
    """Within the working hours of both; a meeting that touches is not in the way."""
    busy = [Busy(at("2026-11-17 09:30"), at("2026-11-17 10:15")), Busy(at("2026-11-17 11:00"), at("2026-11-17 17:00"))]
    found = decide(wished("2026-11-17 10:00"), HELD, calendar(HELD, manager_busy=busy), NOW)
    assert (found.start, found.adjusted) == (at("2026-11-17 10:15"), "busy")


def test_a_full_day_asks_with_three_free_slots() -> None:
    """Where the day has no free slot three are offered, each on a working day."""
    busy = [Busy(at("2026-11-20 08:00"), at("2026-11-20 20:00"))]
    found = decide(wished("2026-11-20 10:00"), HELD, calendar(HELD, person_busy=busy), NOW)
    assert found.ask is not None
    assert found.ask.reason is AskReason.NO_FREE_SLOT
    assert found.ask.candidates == tuple(at(f"2026-11-{day} 10:00") for day in ("23", "24", "25"))


def test_hours_of_both_limit_what_is_chosen() -> None:
    """A slot that the worker chooses lies in the working hours of both, each on their own clock."""
    new_york = Clock(ZoneInfo("America/New_York"))
    busy = [Busy(at("2026-11-17 15:00"), at("2026-11-17 15:30"))]
    around = calendar(
        HELD,
        manager_busy=busy,
        person_clock=new_york,
        person_hours=(time(9), time(17)),
        manager_hours=(time(9), time(17)),
    )
    found = decide(wished("2026-11-17 15:00"), HELD, around, NOW)
    assert found.start == at("2026-11-17 15:30")


def test_the_proposal_is_one_rhythm_on_and_free() -> None:
    """The form proposes the pair's rhythm, on a working day, and free for both."""
    assert propose(HELD, calendar(), timedelta(days=7), NOW) == at("2026-11-10 10:00")
    assert propose(HELD, calendar(), None, NOW) == at("2026-11-17 10:00")
    busy = [Busy(at("2026-11-10 00:00"), at("2026-11-11 00:00"))]
    assert propose(HELD, calendar(HELD, person_busy=busy), timedelta(days=7), NOW) == at("2026-11-11 10:00")


def test_the_next_meeting_in_the_calendar_is_found() -> None:
    """Cancelled ones and those that were do not count."""
    cancelled = replace(WEEKLY[1], status=MeetingStatus.CANCELLED)
    assert next_meeting((HELD, cancelled, WEEKLY[2]), HELD, NOW) == WEEKLY[2]
    assert next_meeting((HELD,), HELD, NOW) is None


@given(
    st.datetimes(datetime(2026, 11, 4), datetime(2027, 11, 1), timezones=st.just(BERLIN)),  # noqa: DTZ001  # hypothesis takes naive bounds
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, 400 * 24), max_size=30),
)
def test_nothing_is_ever_written_over_something_else(
    moment: datetime,
    timed: bool,  # noqa: FBT001  # drawn
    relative: bool,  # noqa: FBT001  # drawn
    hours: list[int],
) -> None:
    """Whatever the wish and the calendar: what is decided is in the future, on a working day, and free."""
    busy = [Busy(NOW + timedelta(hours=hour), NOW + timedelta(hours=hour + 1)) for hour in hours]
    check_in = CheckIn(
        HELD.id,
        "<m>",
        0,
        CheckInState.WISHED,
        wish=moment.replace(second=0, microsecond=0),
        timed=timed,
        relative=relative,
    )
    found = decide(check_in, HELD, calendar(HELD, manager_busy=busy), NOW)
    assert found.state in (CheckInState.DECIDED, CheckInState.ASKED)
    if found.state is CheckInState.DECIDED:
        assert found.start is not None
        assert found.start > NOW
        assert CLOCK.is_workday(found.start.date())
        assert not any(one.start < found.start + HALF and found.start < one.end for one in busy)
