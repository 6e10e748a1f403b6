"""Google Calendar: the contract, and what only Google does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from tests.providers.contract import (
    ALEX,
    DANA,
    OTHER,
    OWNER,
    STAMP,
    WORKER,
    ZONE,
    Appointment,
    at,
    december,
    write_of,
)
from tests.providers.google_world import CalendarWorld, Google, guest
from tests.providers.online import LOST, NOT_DONE
from tests.providers.online_calendar import OnlineCalendarContract
from worker.errors import (
    ForbiddenError,
    GoneError,
    SignInError,
    TryLaterError,
)
from worker.fakes.google import Fault
from worker.model import CalendarOperation
from worker.providers import Written
from worker.providers.google.settings import CALENDAR_READ, FREE_BUSY

NEW = "ft0123456789abcdef0123456789abcdef"


@pytest.fixture
def world(at_google: Google) -> CalendarWorld:
    """The owner, in front of their calendar."""
    return CalendarWorld(at_google)


class TestGoogleCalendar(OnlineCalendarContract):
    """The contract, kept by Google Calendar."""

    cases: ClassVar = {
        "fault": (
            *LOST,
            *NOT_DONE,
            Fault("*", "status", 429, "rateLimitExceeded"),
            Fault("*", "status", 403, "userRateLimitExceeded", {"Retry-After": "3"}),
            Fault("*", "status", 401, "authError"),
        ),
        "refusal": (
            (403, "rateLimitExceeded", TryLaterError),
            (403, "userRateLimitExceeded", TryLaterError),
            (429, "rateLimitExceeded", TryLaterError),
            (403, "quotaExceeded", TryLaterError),
            (403, "insufficientPermissions", SignInError),
            (403, "accessNotConfigured", ForbiddenError),
            (403, "forbidden", ForbiddenError),
            (401, "authError", SignInError),
            (404, "notFound", GoneError),
            (410, "fullSyncRequired", GoneError),
            (503, "backendError", TryLaterError),
        ),
    }


# ------------------------------------------------------------------------------------------------------------ reading


def test_pitfall_7_ids_are_kept_byte_for_byte(world: CalendarWorld) -> None:
    """Two UIDs that differ in letter case alone are two meetings, and each is found as itself."""
    for uid, hour in (("AbC@example.com", 10), ("aBc@example.com", 14)):
        world.stored(
            iCalUID=uid,
            start={"dateTime": at(3, hour).isoformat()},
            end={"dateTime": at(3, hour + 1).isoformat()},
        )
    assert {event.uid for event in december(world)} == {"AbC@example.com", "aBc@example.com"}
    for uid, hour in (("AbC@example.com", 10), ("aBc@example.com", 14)):
        found = world.provider().find(uid, None, at(3, 10))
        assert found is not None
        assert (found.uid, found.dtstart) == (uid, at(3, hour))


@pytest.mark.parametrize("uid", ["040000008200E00074C5B7101A82E008@outlook", "plain", ""])
def test_pitfall_8_an_imported_series_is_found_by_its_uid(world: CalendarWorld, uid: str) -> None:
    """An instance is found where Google's id tells nothing of the UID, moved or not; a cancelled one is cancelled."""
    fields = {"iCalUID": uid} if uid else {}
    uid = world.stored(recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"], **fields)
    world.move(uid, at(10, 10), at(11, 15))
    world.cancel(uid, at(17, 10))
    provider = world.provider()
    starts = {}
    for day in (3, 10, 17, 24):
        found = provider.find(uid, at(day, 10).astimezone(UTC), at(day, 10))
        starts[day] = None if found is None else (found.status, found.dtstart)
    assert starts[3] == ("CONFIRMED", at(3, 10))
    assert starts[10] == ("CONFIRMED", at(11, 15))
    assert starts[17] in (None, ("CANCELLED", at(17, 10)))
    assert starts[24] == ("CONFIRMED", at(24, 10))


def test_pitfall_7_an_id_is_no_uid(world: CalendarWorld) -> None:
    """Where the UID of one event is the id of another, each is found as itself."""
    world.stored(id="abcde12345", iCalUID="other@example.com", summary="Not this one")
    world.stored(iCalUID="abcde12345@google.com", summary="This one")
    found = world.provider().find("abcde12345@google.com", None, at(3, 10))
    assert found is not None
    assert found.summary == "This one"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"eventType": "focusTime"}, {"kind": "focus"}),
        ({"eventType": "outOfOffice"}, {"kind": "out-of-office"}),
        ({"eventType": "fromGmail"}, {"kind": "other"}),
        ({"transparency": "transparent"}, {"transparency": "TRANSPARENT"}),
        ({"visibility": "private"}, {"sensitivity": "PRIVATE"}),
        ({"visibility": "confidential"}, {"sensitivity": "CONFIDENTIAL"}),
        ({"visibility": "public"}, {"sensitivity": "PUBLIC"}),
        ({"attendeesOmitted": True}, {"attendees_complete": False}),
        ({"guestsCanSeeOtherGuests": False}, {"attendees_complete": True}),
        ({"status": "tentative"}, {"status": "TENTATIVE"}),
        ({"locked": True}, {"editable": False}),
    ],
)
def test_pitfall_11_what_is_no_meeting_says_so(
    world: CalendarWorld, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Each thing that keeps an event from being a 1:1 arrives in our words."""
    world.stored(**fields)
    (event,) = december(world)
    assert {name: getattr(event, name) for name in expected} == expected


@pytest.mark.parametrize("kind", ["birthday", "workingLocation"])
def test_pitfall_11_working_locations_and_birthdays_are_not_read(world: CalendarWorld, kind: str) -> None:
    """Entries that can be no meeting and take nobody's time are not even fetched."""
    world.stored(eventType=kind)
    assert december(world) == ()


def test_pitfall_11_a_hidden_guest_list_is_not_the_truth(world: CalendarWorld) -> None:
    """As a guest who may not see the others, one does not know whether it is a 1:1."""
    world.calendars.add(
        OTHER,
        {
            "summary": "Party",
            "start": {"dateTime": at(3, 10).isoformat()},
            "end": {"dateTime": at(3, 11).isoformat()},
            "attendees": [guest(ALEX), guest(DANA)],
            "guestsCanSeeOtherGuests": False,
        },
    )
    (event,) = december(world)
    assert not event.attendees_complete


@pytest.mark.parametrize("fields", [{"additionalGuests": 2}, {"asyncOperation": "inProgress"}])
def test_pitfall_11_guests_of_guests_make_the_list_incomplete(world: CalendarWorld, fields: dict[str, Any]) -> None:
    """Guests who bring others, or a group that is still being expanded: who comes is not known."""
    world.stored(attendees=[guest(DANA), {**guest(ALEX), **fields}])
    (event,) = december(world)
    assert not event.attendees_complete


def test_people_come_in_our_words(world: CalendarWorld) -> None:
    """Rooms are resources, optional guests optional, the owner goes by their own address whatever alias was invited."""
    room = {"email": "Room-4@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"}
    late = {**guest(ALEX), "email": "Alex@Example.com", "optional": True, "responseStatus": "tentative"}
    alias = {**guest(DANA), "email": "d.kim@example.com", "self": True}
    world.stored(attendees=[alias, late, room])
    (event,) = december(world)
    people = {person.address: (person.cutype, person.role, person.partstat) for person in event.attendees}
    assert people == {
        OWNER: ("INDIVIDUAL", "REQ-PARTICIPANT", "ACCEPTED"),
        OTHER: ("INDIVIDUAL", "OPT-PARTICIPANT", "TENTATIVE"),
        "room-4@resource.calendar.google.com": ("RESOURCE", "REQ-PARTICIPANT", "ACCEPTED"),
    }


@pytest.mark.parametrize("zone", ["Mars/Phobos", "tzone://Microsoft/Custom", ""])
def test_pitfall_12_an_unknown_zone_is_the_calendars(world: CalendarWorld, zone: str) -> None:
    """A zone that nobody knows changes no moment; the meeting is shown in the calendar's own zone."""
    times = {"dateTime": "2026-12-03T10:00:00-05:00", **({"timeZone": zone} if zone else {})}
    world.stored(start=times, end={**times, "dateTime": "2026-12-03T11:00:00-05:00"})
    (event,) = december(world)
    assert (event.dtstart, event.tzid) == (at(3, 10), ZONE)


def test_pitfall_12_a_series_keeps_its_wall_clock(world: CalendarWorld) -> None:
    """Ten o'clock stays ten o'clock where the series lives, when the clocks change there and in the calendar's zone."""
    for zone in ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Tongatapu"):
        first = datetime(2026, 9, 28, 10, tzinfo=ZoneInfo(zone))
        uid = world.stored(
            recurrence=["RRULE:FREQ=WEEKLY;COUNT=10"],
            start={"dateTime": first.isoformat(), "timeZone": zone},
            end={"dateTime": (first + timedelta(minutes=30)).isoformat(), "timeZone": zone},
        )
        found = world.provider().read(first - timedelta(days=2), first + timedelta(days=90)).events
        mine = [event for event in found if event.uid == uid]
        assert len(mine) == 10
        assert {event.dtstart.astimezone(ZoneInfo(zone)).hour for event in mine} == {10}
        assert {event.tzid for event in mine} == {zone}


def test_pitfall_14_the_window_is_read_without_sync_tokens(world: CalendarWorld) -> None:
    """A reading is a window; a calendar whose tokens have all expired is read like any other."""
    world.vendor.fake.calendar_api.expired_before = 10**9
    world.put(Appointment("single", at(3, 10)))
    assert len(december(world)) == 1


def test_a_calendar_that_shows_free_and_busy_only_is_reported(world: CalendarWorld) -> None:
    """A calendar shared too narrowly is a problem with its next step, not an empty calendar."""
    world.calendars.of(OWNER).role = "freeBusyReader"
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert not reading.complete
    assert "share it" in reading.problems[0][1]


def test_a_calendar_that_is_only_shared_for_reading_is_not_editable(world: CalendarWorld) -> None:
    """Where Google says that we may only read, no event looks as if it could be moved."""
    world.put(Appointment("single", at(3, 10)))
    world.calendars.of(OWNER).role = "reader"
    assert [event.editable for event in december(world)] == [False]


def test_a_shared_calendar_is_read_with_somebody_elses_sign_in(at_google: Google) -> None:
    """A calendar that its owner shares is read by its address, with the sign-in of the person it is shared with."""
    at_google.signs_in(WORKER, CALENDAR_READ, FREE_BUSY)
    world = CalendarWorld(at_google)
    world.put(Appointment("single", at(3, 10)))
    calendar = at_google.calendar(writable=False, calendar_id=OWNER, signed_in_as=WORKER)
    (event,) = calendar.read(at(1, 0), at(31, 0)).events
    assert (calendar.account, event.dtstart) == (OWNER, at(3, 10))


# ------------------------------------------------------------------------------------------------------------ writing


def create(world: CalendarWorld, **fields: Any) -> Written:  # the write's fields
    """Create a check-in with a freshly started worker."""
    write = replace(write_of(CalendarOperation.CREATE, NEW, at(10, 14)), **fields)
    return world.provider().write(write, STAMP)


def test_a_created_event_invites_by_itself(world: CalendarWorld) -> None:
    """Google tells the guest, so no invitation goes by mail; the owner has accepted, the guest has not answered."""
    written = create(world)
    assert written.invited
    assert world.calendars.told == [("insert", NEW, "all")]
    event = world.calendars.of(OWNER).events[NEW]
    assert {person["email"]: person["responseStatus"] for person in event["attendees"]} == {
        OWNER: "accepted",
        OTHER: "needsAction",
    }


def test_pitfall_33_a_move_changes_the_times_alone(world: CalendarWorld) -> None:
    """Guests, their answers, the conference, the series and everything else stay; all guests are told."""
    conference = {"conferenceId": "abc-defg-hij", "conferenceSolution": {"key": {"type": "hangoutsMeet"}}}
    uid = world.stored(
        recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"],
        attendees=[guest(DANA), guest(replace(ALEX, partstat="TENTATIVE"))],
        conferenceData=conference,
        description="Notes",
    )
    name = world.name(uid, None)[1]
    series = dict(world.calendars.of(OWNER).events[name])
    move = replace(write_of(CalendarOperation.MOVE, uid, at(11, 15)), recurrence_id=at(10, 10).astimezone(UTC))
    written = world.provider().write(move, STAMP)
    assert written.invited
    assert world.calendars.of(OWNER).events[name] == series
    moved = world.calendars.of(OWNER).events[f"{name}_20261210T150000Z"]
    assert moved["attendees"] == series["attendees"]
    assert moved["conferenceData"] == conference
    assert moved["description"] == "Notes"
    assert world.calendars.told == [("patch", moved["id"], "all")]


def test_pitfall_32_a_guest_who_may_change_the_meeting_can_move_it(world: CalendarWorld) -> None:
    """Where the organizer lets guests change the meeting, it can be moved."""
    raw = world.calendars.add(
        OTHER,
        {
            "start": {"dateTime": at(3, 10).isoformat()},
            "end": {"dateTime": at(3, 11).isoformat()},
            "attendees": [guest(ALEX), guest(DANA)],
            "guestsCanModify": True,
        },
    )
    written = world.provider().write(write_of(CalendarOperation.MOVE, raw["iCalUID"], at(4, 11)), STAMP)
    assert written.start == at(4, 11)


def test_a_create_that_met_itself_is_recognised(world: CalendarWorld) -> None:
    """Where the event appears between our look and our insert (409), it is ours, and there is one."""
    write = write_of(CalendarOperation.CREATE, NEW, at(10, 14))
    other = world.provider()
    world.vendor.fake.meanwhile.append(("calendar.events.insert", lambda: other.write(write, STAMP)))
    again = world.provider().write(write, STAMP)
    assert again.existed
    assert world.vendor.fake.requests["calendar.events.insert"] == 2
    assert len(december(world)) == 1


# --------------------------------------------------------------------------------------------------------------- busy


def test_pitfall_34_the_other_persons_busy_times(world: CalendarWorld) -> None:
    """Another person's times come from free/busy, melted together; a meeting that we know keeps its uid in them."""
    shared = world.put(Appointment("shared", at(3, 10)))
    world.put(Appointment("next", at(3, 10, 30), organizer=ALEX, attendees=(ALEX,)))
    world.put(Appointment("alone", at(3, 15), organizer=ALEX, attendees=(ALEX,)))
    busy = world.provider().busy(OTHER, at(3, 0), at(4, 0))
    assert busy is not None
    assert [(item.start, item.end, item.uid) for item in busy] == [
        (at(3, 10), at(3, 10, 30), shared),
        (at(3, 10, 30), at(3, 11), ""),
        (at(3, 15), at(3, 15, 30), ""),
    ]


# ----------------------------------------------------------------------------------------------------------- accounts


def test_pitfall_4_a_locked_calendar_is_not_written_again_for_hours(world: CalendarWorld) -> None:
    """After `quotaExceeded` the write is tried again after hours, not at once."""
    world.vendor.fake.faults.append(Fault("calendar.events.insert", status=403, reason="quotaExceeded"))
    with pytest.raises(TryLaterError) as caught:
        create(world)
    assert caught.value.retry_at == world.vendor.clock() + timedelta(hours=3)
    assert world.vendor.fake.requests["calendar.events.insert"] == 1


def test_a_long_address_is_still_a_read(world: CalendarWorld) -> None:
    """A read whose address is so long that the library sends it as a POST leaves no uncertainty behind."""
    world.vendor.fake.faults.append(Fault("calendar.events.list", "drop"))
    with pytest.raises(TryLaterError):
        world.provider().find("u" * 3000 + "@example.com", None, at(3, 10))
    assert world.provider().find("u" * 3000 + "@example.com", None, at(3, 10)) is None
