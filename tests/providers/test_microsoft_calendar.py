"""Outlook's calendar: the contract, and what only Exchange does when it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from tests.providers.contract import (
    ALEX,
    OTHER,
    OWNER,
    WORKER,
    ZONE,
    Appointment,
    at,
    december,
)
from tests.providers.microsoft_world import CalendarWorld, Microsoft, guest, moment, weekly
from tests.providers.online import LOST, NOT_DONE
from tests.providers.online_calendar import OnlineCalendarContract
from worker.errors import ForbiddenError, GoneError, RefusedError, SignInError, TryLaterError
from worker.fakes.microsoft import Fault
from worker.providers.microsoft import calendar_scopes
from worker.providers.microsoft.events import to_event


@pytest.fixture
def world(at_microsoft: Microsoft) -> CalendarWorld:
    """The owner, in front of their calendar."""
    return CalendarWorld(at_microsoft)


class TestMicrosoftCalendar(OnlineCalendarContract):
    """The contract, kept by Outlook's calendar."""

    cases: ClassVar = {
        "fault": (
            *LOST,
            *NOT_DONE,
            Fault("*", "status", 429, headers={"Retry-After": "3"}),
            Fault("*", "status", 429, headers={"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"}),
            Fault("*", "status", 429),
            Fault("*", "status", 401),
            Fault("*", "status", 409),
        ),
        "refusal": (
            (429, "TooManyRequests", TryLaterError),
            (429, "ApplicationThrottled", TryLaterError),
            (503, "ServiceUnavailable", TryLaterError),
            (504, "UnknownError", TryLaterError),
            (500, "ErrorInternalServerError", TryLaterError),
            (507, "ErrorQuotaExceeded", TryLaterError),
            (400, "ErrorInvalidRequest", RefusedError),
            (403, "ErrorAccessDenied", ForbiddenError),
            (403, "Authorization_RequestDenied", ForbiddenError),
            (401, "InvalidAuthenticationToken", SignInError),
            (404, "ErrorInvalidUser", ForbiddenError),
            (404, "MailboxNotEnabledForRESTAPI", ForbiddenError),
            (404, "ErrorItemNotFound", GoneError),
            (410, "syncStateNotFound", GoneError),
        ),
    }


# ------------------------------------------------------------------------------------------------------------ reading


def test_the_access_token_goes_to_graph_alone(world: CalendarWorld) -> None:
    """A link to a next page that leads elsewhere is not followed: whoever sent it would be given our access."""
    for day in range(1, 8):
        world.put(Appointment(f"day{day}", at(day, 10)))
    world.vendor.fake.calendar_api.page_size = 3
    world.vendor.fake.calendar_api.url = world.vendor.fake.url.replace("localhost", "localhost.elsewhere.example")
    with pytest.raises(TryLaterError, match="pages"):
        december(world)
    assert world.vendor.fake.count("calendarView.list") == 1


def test_pitfall_7_an_instance_keeps_its_name(world: CalendarWorld) -> None:
    """Pitfall 7: each occurrence has an iCalUId of its own; our UID is the series' id, with the first start (UTC)."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    world.move(uid, at(8, 10), at(10, 15))
    events = december(world)
    assert {event.uid for event in events} == {uid}
    assert [event.recurrence_id for event in events] == [at(day, 10) for day in (1, 8, 15, 22)]
    assert all(event.recurrence_id is not None and event.recurrence_id.tzinfo is UTC for event in events)


def test_pitfall_9_a_moved_instance_is_the_same_meeting(world: CalendarWorld) -> None:
    """Pitfall 9: moved twice, and read in a window that it left and one that it came to, it keeps its name."""
    uid = world.put(Appointment("series", at(1, 10), weeks=3))
    provider = world.provider()
    for start in (at(10, 15), at(11, 9)):
        world.move(uid, at(8, 10), start)
        day = start.replace(hour=0, minute=0)
        (event,) = provider.read(day, day + timedelta(days=1)).events
        assert (event.uid, event.recurrence_id, event.dtstart) == (uid, at(8, 10), start)
        assert provider.read(at(8, 0), at(9, 0)).events == ()


def test_pitfall_7_ids_are_kept_byte_for_byte(world: CalendarWorld) -> None:
    """Pitfall 7: two events whose ids differ in letter case alone are two meetings, and each is found as itself."""
    # The fake gives neighbours ids that differ so, as live ones do.
    first, second, third = (world.put(Appointment(f"e{day}", at(day, 10))) for day in (2, 3, 4))
    assert second.lower() == third.lower()
    assert len({first, second, third}) == 3
    for uid, day in ((second, 3), (third, 4)):
        found = world.provider().find(uid, None, at(9, 9))
        assert found is not None
        assert (found.uid, found.dtstart) == (uid, at(day, 10))


def test_pitfall_8_ids_stay_when_items_are_moved(world: CalendarWorld) -> None:
    """Pitfall 8: every request asks for immutable ids: a meeting is found after the other kind of id has changed."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    provider = world.provider()
    provider.read(at(1, 0), at(31, 0))
    world.calendars.moves += 1
    found = provider.find(uid, at(8, 10).astimezone(UTC), at(8, 10))
    assert found is not None
    assert found.dtstart == at(8, 10)
    assert {event.uid for event in december(world)} == {uid}


@pytest.mark.parametrize("start", [at(8, 14), at(20, 9), at(10, 9, month=11), at(31, 9)])
def test_pitfall_8_an_instance_is_found_wherever_it_was_moved(world: CalendarWorld, start: datetime) -> None:
    """Pitfall 8: a worker that has just started finds an instance near where it knows it, and far from there."""
    uid = world.put(Appointment("series", at(1, 10, month=12), weeks=2))
    world.move(uid, at(8, 10), start)
    found = world.provider().find(uid, at(8, 10).astimezone(UTC), at(8, 10))
    assert found is not None
    assert (found.dtstart, found.recurrence_id) == (start, at(8, 10))
    assert world.vendor.fake.requests["events.instances"] == (1 if start == at(8, 14) else 2)


def test_an_event_that_became_a_series_is_no_meeting_of_its_own(world: CalendarWorld) -> None:
    """Where a person makes a single meeting recur, the id means the series: it is not found as the single one."""
    uid = world.put(Appointment("single", at(3, 10)))
    world.calendars.change(OWNER, uid, {"recurrence": weekly(at(3, 10), 4)})
    assert world.provider().find(uid, None, at(3, 10)) is None
    assert {(event.uid, event.recurring) for event in december(world)} == {(uid, True)}


def test_an_answer_about_another_series_is_none(world: CalendarWorld) -> None:
    """Where something in between gives an earlier answer, an instance of it does not pass for another series'."""
    provider = world.provider()
    series = [world.put(Appointment(f"s{hour}", at(1, hour), weeks=3)) for hour in (10, 11)]
    provider.find(series[0], at(8, 10), at(8, 10))
    world.vendor.fake.faults.append(Fault("events.instances", "again"))
    with pytest.raises(TryLaterError):
        provider.find(series[1], at(8, 11), at(8, 11))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"showAs": "oof"}, {"kind": "out-of-office", "transparency": "OPAQUE"}),
        ({"showAs": "free"}, {"transparency": "TRANSPARENT"}),
        ({"showAs": "workingElsewhere"}, {"transparency": "TRANSPARENT"}),
        ({"showAs": "tentative"}, {"status": "TENTATIVE", "transparency": "OPAQUE"}),
        ({"sensitivity": "private"}, {"sensitivity": "PRIVATE"}),
        ({"sensitivity": "personal"}, {"sensitivity": "PRIVATE"}),
        ({"sensitivity": "confidential"}, {"sensitivity": "CONFIDENTIAL"}),
        ({"sensitivity": "normal"}, {"sensitivity": "PUBLIC"}),
        ({"isDraft": True}, {"kind": "other"}),
        ({"hideAttendees": True}, {"attendees_complete": True}),
        ({"isAllDay": True, "start": moment(at(3, 0)), "end": moment(at(4, 0))}, {"all_day": True}),
    ],
)
def test_pitfall_11_what_is_no_meeting_says_so(
    world: CalendarWorld, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Pitfall 11: each thing that keeps an event from being a 1:1 arrives in our words."""
    world.stored(**fields)
    (event,) = december(world)
    assert {name: getattr(event, name) for name in expected} == expected


def test_pitfall_11_a_hidden_guest_list_is_not_the_truth(world: CalendarWorld) -> None:
    """Pitfall 11: as a guest who may not see the others, one does not know whether it is a 1:1."""
    world.stored(OTHER, hideAttendees=True)
    (event,) = december(world)
    assert not event.attendees_complete


def test_pitfall_11_a_cancelled_invitation_does_not_take_place(world: CalendarWorld) -> None:
    """Pitfall 11: what its organizer cancelled stays with the guest: it is not read, and found as cancelled."""
    uid = world.put(Appointment("theirs", at(3, 10), organizer=ALEX))
    world.cancel(uid, None)
    assert december(world) == ()
    found = world.provider().find(uid, None, at(3, 10))
    assert found is not None
    assert found.status == "CANCELLED"


def test_people_come_in_our_words(world: CalendarWorld) -> None:
    """Rooms are resources, optional guests optional, addresses in lower case."""
    room = guest(replace(ALEX, address="Room-4@example.com", name="Room 4"), "resource")
    late = guest(replace(ALEX, address="Alex@Example.com", partstat="TENTATIVE"), "optional")
    world.stored(attendees=[late, room])
    (event,) = december(world)
    people = {person.address: (person.cutype, person.role, person.partstat) for person in event.attendees}
    assert people == {
        OTHER: ("INDIVIDUAL", "OPT-PARTICIPANT", "TENTATIVE"),
        "room-4@example.com": ("RESOURCE", "REQ-PARTICIPANT", "ACCEPTED"),
    }
    assert event.organizer is not None
    assert (event.organizer.address, event.organizer.partstat) == (OWNER, "ACCEPTED")


def test_the_owner_goes_by_their_own_address() -> None:
    """What the owner sent from an alias is theirs: they are its organizer by the address that we know."""
    raw = {
        "id": "x",
        "type": "singleInstance",
        "isOrganizer": True,
        "organizer": {"emailAddress": {"address": "D.Kim@example.com", "name": "Dana Kim"}},
        "start": {"dateTime": "2026-12-03T15:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-03T16:00:00.0000000", "timeZone": "UTC"},
    }
    event = to_event(raw, OWNER, ZONE, writable=True)
    assert event.organizer is not None
    assert (event.organizer.address, event.organizer.name) == (OWNER, "Dana Kim")


@pytest.mark.parametrize("answer", ["accepted", "tentativelyAccepted", "declined"])
def test_the_owners_own_answer_counts(world: CalendarWorld, answer: str) -> None:
    """In a guest's copy the guest list knows nobody's answer; the owner's own stands beside it, and is theirs."""
    uid = world.stored(OTHER)
    world.calendars.respond(OWNER, uid, answer, kept=True)
    (event,) = december(world)
    expected = {"accepted": "ACCEPTED", "tentativelyAccepted": "TENTATIVE", "declined": "DECLINED"}[answer]
    assert {person.address: person.partstat for person in event.attendees} == {OWNER: expected}


# --------------------------------------------------------------------------------------------------------------- zones


@pytest.mark.parametrize("zone", ["Customized Time Zone", "tzone://Microsoft/Custom", ""])
def test_pitfall_12_an_unknown_zone_is_the_owners(world: CalendarWorld, zone: str) -> None:
    """Pitfall 12: a zone that nobody knows changes no moment; the meeting is shown in the owner's zone."""
    uid = world.stored(start=moment(at(3, 10)), end=moment(at(3, 11)))
    world.calendars.find(OWNER, uid).entry.zone = zone
    (event,) = december(world)
    assert (event.dtstart, event.dtend, event.tzid) == (at(3, 10), at(3, 11), ZONE)


@pytest.mark.parametrize(
    ("windows", "name"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("New Zealand Standard Time", "Pacific/Auckland"),
        ("Tonga Standard Time", "Pacific/Tongatapu"),
        ("Europe/Paris", "Europe/Paris"),
    ],
)
def test_pitfall_12_a_series_keeps_its_wall_clock(world: CalendarWorld, windows: str, name: str) -> None:
    """Pitfall 12: ten o'clock stays ten o'clock where the series lives when the clocks change there, or elsewhere."""
    first = datetime(2026, 9, 28, 10, tzinfo=ZoneInfo(name))
    end = first + timedelta(minutes=30)
    world.stored(start=moment(first, windows), end=moment(end, windows), recurrence=weekly(first, 10))
    events = world.provider().read(first - timedelta(days=2), first + timedelta(days=90)).events
    assert len(events) == 10
    assert {event.dtstart.astimezone(ZoneInfo(name)).hour for event in events} == {10}
    assert {event.tzid for event in events} == {name}


@pytest.mark.parametrize("windows", ["Eastern Standard Time", "Tonga Standard Time", "W. Europe Standard Time", "UTC"])
def test_pitfall_12_a_day_is_the_owners_day(world: CalendarWorld, windows: str) -> None:
    """Pitfall 12: an all-day event runs from midnight to midnight on the owner's wall clock, wherever it was made."""
    day = {"dateTime": "2026-12-03T00:00:00", "timeZone": windows}
    world.stored(isAllDay=True, showAs="free", start=day, end={**day, "dateTime": "2026-12-04T00:00:00"})
    (event,) = december(world)
    assert (event.all_day, event.dtstart, event.dtend, event.tzid) == (True, at(3, 0), at(4, 0), ZONE)


def test_pitfall_14_the_window_is_read_without_delta(world: CalendarWorld) -> None:
    """Pitfall 14: a reading is a window, complete in itself: no token of an earlier one is needed or kept."""
    world.put(Appointment("series", at(1, 10), weeks=40))
    provider = world.provider()
    assert len(provider.read(at(1, 0), at(8, 0)).events) == 1
    assert len(provider.read(at(1, 0), at(29, 0)).events) == 4
    assert set(world.vendor.fake.requests) == {"discovery", "token", "calendarView.list"}


def test_a_shared_calendar_is_read_with_somebody_elses_sign_in(at_microsoft: Microsoft) -> None:
    """A calendar that its owner shares is read by their address, with the sign-in of whom it is shared with."""
    at_microsoft.signs_in(WORKER, *calendar_scopes(write=False, shared=True))
    world = CalendarWorld(at_microsoft)
    world.put(Appointment("single", at(3, 10)))
    world.calendars.of(OWNER).members.add(WORKER)
    calendar = at_microsoft.calendar(writable=False, signed_in_as=WORKER)
    (event,) = calendar.read(at(1, 0), at(31, 0)).events
    assert (calendar.account, event.dtstart) == (OWNER, at(3, 10))


# --------------------------------------------------------------------------------------------------------------- busy


def test_pitfall_34_the_other_persons_busy_times(world: CalendarWorld) -> None:
    """Pitfall 34: another person's times come from free/busy; a meeting that we know keeps its uid, absence is away."""
    shared = world.put(Appointment("shared", at(3, 10)))
    world.calendars.respond(OTHER, theirs(world, shared), "accepted")
    world.put(Appointment("next", at(3, 10, 30), organizer=ALEX, attendees=(ALEX,)))
    world.put(Appointment("maybe", at(3, 15), organizer=ALEX, attendees=(ALEX,), tentative=True))
    world.put(Appointment("free", at(3, 16), organizer=ALEX, attendees=(ALEX,), free=True))
    world.put(Appointment("away", at(3, 17), organizer=ALEX, attendees=(ALEX,), away=True))
    elsewhere = {"showAs": "workingElsewhere", "start": moment(at(3, 18)), "end": moment(at(3, 19))}
    world.calendars.add(OTHER, elsewhere)
    busy = world.provider().busy(OTHER, at(3, 0), at(4, 0))
    assert busy is not None
    assert [(item.start, item.end, item.uid, item.away) for item in busy] == [
        (at(3, 10), at(3, 10, 30), shared, False),
        (at(3, 10, 30), at(3, 11), "", False),
        (at(3, 15), at(3, 15, 30), "", False),
        (at(3, 17), at(3, 17, 30), "", True),
    ]


def test_one_request_tells_when_somebody_is_free(world: CalendarWorld) -> None:
    """Right after a reading another person's times cost one request: what is known of the owner is not asked again."""
    provider = world.provider()
    provider.read(at(1, 0), at(31, 0))
    before = world.vendor.fake.count()
    assert provider.busy(OTHER, at(3, 0), at(4, 0)) == ()
    assert world.vendor.fake.count() - before == 1


def theirs(world: CalendarWorld, uid: str) -> str:
    """Return the id that an event has in the other person's calendar."""
    entry = world.calendars.find(OWNER, uid).entry
    return world.calendars.name(entry, OTHER, None, immutable=True)


def test_pitfall_34_an_unknown_stretch_makes_the_whole_unknown(world: CalendarWorld) -> None:
    """Pitfall 34: where Exchange says of a stretch that it does not know, nobody is called free."""
    times = {"start": moment(at(3, 18)), "end": moment(at(3, 19))}
    world.calendars.add(OTHER, {"showAs": "unknown", **times})
    assert world.provider().busy(OTHER, at(3, 0), at(4, 0)) is None


@pytest.mark.parametrize(("status", "reason"), [(400, "ErrorInvalidRequest"), (403, "ErrorAccessDenied")])
def test_pitfall_34_where_free_times_are_not_told_nothing_fails(world: CalendarWorld, status: int, reason: str) -> None:
    """Pitfall 34: a private account has no free/busy, and a right may be missing: unknown, and the calendar goes on."""
    world.vendor.fake.faults.append(Fault("calendar.getSchedule", status=status, reason=reason))
    assert world.provider().busy(OTHER, at(3, 0), at(4, 0)) is None


def test_pitfall_34_a_long_window_is_asked_for_in_pieces(world: CalendarWorld) -> None:
    """Pitfall 34: Exchange tells two months at a time; a longer window is put together, nothing twice."""
    starts = [at(1, 10) + timedelta(days=days) for days in (0, 59, 60, 61, 119)]
    for start in starts:
        world.put(Appointment("alone", start, organizer=ALEX, attendees=(ALEX,)))
    # One that lies across the seam of two pieces.
    seam = at(1, 0) + timedelta(days=60)
    times = {"start": moment(seam - timedelta(hours=1)), "end": moment(seam + timedelta(hours=1))}
    world.calendars.add(OTHER, times)
    busy = world.provider().busy(OTHER, at(1, 0), at(1, 0) + timedelta(days=120))
    assert busy is not None
    assert [item.start for item in busy] == sorted([*starts, seam - timedelta(hours=1)])
    assert world.vendor.fake.requests["calendar.getSchedule"] == 2


# ----------------------------------------------------------------------------------------------------------- accounts


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [({"Retry-After": "120"}, 2.0), ({"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"}, 5.0), ({}, None)],
)
def test_pitfall_3_retry_after_is_kept_for_this_mailbox(
    world: CalendarWorld, headers: dict[str, str], minutes: float | None
) -> None:
    """Pitfall 3: after 429 nothing is sent for this mailbox until the time that Graph named, or that we chose."""
    world.vendor.fake.faults.append(Fault("calendarView.list", status=429, headers=headers))
    provider = world.provider()
    with pytest.raises(TryLaterError) as caught:
        provider.read(at(1, 0), at(31, 0))
    until = caught.value.retry_at
    assert until is not None
    if minutes is not None:
        assert until == world.vendor.clock() + timedelta(minutes=minutes)
    before = world.vendor.fake.count()
    with pytest.raises(TryLaterError):
        provider.read(at(1, 0), at(31, 0))
    assert world.vendor.fake.count() == before
    world.vendor.clock.now = until + timedelta(seconds=1)
    assert provider.read(at(1, 0), at(31, 0)).events == ()


def test_pitfall_5_one_failing_account_stops_no_other(at_microsoft: Microsoft) -> None:
    """Pitfall 5: through one door, an account that was told to wait waits alone."""
    at_microsoft.signs_in(OTHER, *calendar_scopes(write=False))
    door = at_microsoft.door()
    at_microsoft.fake.faults.append(Fault("calendarView.list", status=429, headers={"Retry-After": "600"}))
    with pytest.raises(TryLaterError):
        at_microsoft.calendar(door=door).read(at(1, 0), at(2, 0))
    other = at_microsoft.calendar(door=door, account=OTHER, writable=False)
    assert other.read(at(1, 0), at(2, 0)).complete
