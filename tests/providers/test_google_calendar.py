"""Google Calendar: the contract, and what only Google does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
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
    CalendarContract,
    at,
    write_of,
)
from tests.providers.google_world import CalendarWorld, Google, google, guest
from worker.errors import (
    AccountError,
    ForbiddenError,
    GoneError,
    RefusedError,
    SignInError,
    TryLaterError,
    UncertainError,
)
from worker.fakes.google import Fault
from worker.model import CalendarOperation, CalendarWrite, Event
from worker.providers import Written
from worker.providers.google.settings import CALENDAR_READ, FREE_BUSY

NEW = "ft0123456789abcdef0123456789abcdef"


@pytest.fixture
def at_google(tmp_path: Path) -> Iterator[Google]:
    """A fake Google that judges every request and every answer."""
    with google(tmp_path) as running:
        yield running


@pytest.fixture
def world(at_google: Google) -> CalendarWorld:
    """The owner, in front of their calendar."""
    return CalendarWorld(at_google)


class TestGoogleCalendar(CalendarContract):
    """The contract, kept by Google Calendar."""


def december(world: CalendarWorld) -> tuple[Event, ...]:
    """Return what a freshly started worker reads of December."""
    return world.provider().read(at(1, 0), at(31, 0)).events


def stored(world: CalendarWorld, **fields: Any) -> str:  # Google's fields
    """Store an event with Google's own fields and return its UID."""
    hours = {"start": 10, "end": 11}
    times = {name: {"dateTime": at(3, hour).isoformat(), "timeZone": ZONE} for name, hour in hours.items()}
    people = [guest(DANA), guest(ALEX)]
    return str(world.calendars.add(OWNER, {"summary": "1:1", **times, "attendees": people, **fields})["iCalUID"])


# ------------------------------------------------------------------------------------------------------------ reading


def test_one_request_while_nothing_changes(world: CalendarWorld) -> None:
    """A poll of a calendar is one request, however many series are in it."""
    for number in range(30):
        world.put(Appointment(f"s{number}", at(1, 8) + timedelta(minutes=15 * number), weeks=20))
    provider = world.provider()
    provider.read(at(1, 0), at(28, 0))
    before = world.google.fake.count()
    assert len(provider.read(at(1, 0), at(28, 0)).events) == 120
    assert world.google.fake.count() - before == 1


def test_the_access_token_is_kept_for_the_next_start(world: CalendarWorld) -> None:
    """A worker that starts anew each minute does not sign in each time."""
    world.provider().read(at(1, 0), at(2, 0))
    world.provider().read(at(1, 0), at(2, 0))
    assert world.google.fake.sign_in.renewals == 1


def test_pitfall_6_every_page_is_read(world: CalendarWorld) -> None:
    """A calendar that comes in pages is read to the last one."""
    for day in range(1, 29):
        world.put(Appointment(f"day{day}", at(day, 10)))
    world.google.fake.calendar_api.page_size = 3
    assert [event.dtstart.day for event in december(world)] == list(range(1, 29))
    assert world.google.fake.count("calendar.events.list") == 10


@pytest.mark.parametrize("what", ["status", "drop", "html", "truncated", "again"])
def test_pitfall_6_a_failed_page_says_nothing_of_the_rest(world: CalendarWorld, what: Any) -> None:
    """Where one page fails there is no reading at all: nothing missing can be taken for cancelled."""
    for day in range(1, 8):
        world.put(Appointment(f"day{day}", at(day, 10)))
    world.google.fake.calendar_api.page_size = 3
    world.google.fake.faults.append(Fault("calendar.events.list", what, skip=2, times=-1))
    with pytest.raises(TryLaterError):
        december(world)
    assert world.google.fake.count("calendar.events.list") <= 5


def test_pitfall_7_ids_are_kept_byte_for_byte(world: CalendarWorld) -> None:
    """Two UIDs that differ in letter case alone are two meetings, and each is found as itself."""
    for uid, hour in (("AbC@example.com", 10), ("aBc@example.com", 14)):
        stored(
            world,
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
    uid = stored(world, recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"], **fields)
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
    stored(world, id="abcde12345", iCalUID="other@example.com", summary="Not this one")
    stored(world, iCalUID="abcde12345@google.com", summary="This one")
    found = world.provider().find("abcde12345@google.com", None, at(3, 10))
    assert found is not None
    assert found.summary == "This one"


def test_an_answer_about_another_event_is_none(world: CalendarWorld) -> None:
    """Where something in between answers with an earlier answer, it does not pass for the event that was asked for."""
    first, second = (world.put(Appointment(f"e{number}", at(number, 10))) for number in (3, 4))
    provider = world.provider()
    provider.find(first, None, at(3, 10))
    world.google.fake.faults.append(Fault("calendar.events.get", "again"))
    with pytest.raises(TryLaterError):
        provider.find(second, None, at(4, 10))


def test_pitfall_10_one_request_reads_a_meeting_again(world: CalendarWorld) -> None:
    """Just before a mail the meeting is read once more, in one request, with what the other person answered since."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    provider = world.provider()
    provider.read(at(1, 0), at(31, 0))
    owner, name = world.name(uid, at(8, 10))
    declined = [guest(DANA), guest(replace(ALEX, partstat="DECLINED"))]
    world.calendars.change(owner, name, {"attendees": declined})
    before = world.google.fake.count()
    found = provider.find(uid, at(8, 10).astimezone(UTC), at(8, 10))
    assert found is not None
    assert {person.address: person.partstat for person in found.attendees}[OTHER] == "DECLINED"
    assert world.google.fake.count() - before == 1


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
    stored(world, **fields)
    (event,) = december(world)
    assert {name: getattr(event, name) for name in expected} == expected


@pytest.mark.parametrize("kind", ["birthday", "workingLocation"])
def test_pitfall_11_working_locations_and_birthdays_are_not_read(world: CalendarWorld, kind: str) -> None:
    """Entries that can be no meeting and take nobody's time are not even fetched."""
    stored(world, eventType=kind)
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
    stored(world, attendees=[guest(DANA), {**guest(ALEX), **fields}])
    (event,) = december(world)
    assert not event.attendees_complete


def test_people_come_in_our_words(world: CalendarWorld) -> None:
    """Rooms are resources, optional guests optional, the owner goes by their own address whatever alias was invited."""
    room = {"email": "Room-4@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"}
    late = {**guest(ALEX), "email": "Alex@Example.com", "optional": True, "responseStatus": "tentative"}
    alias = {**guest(DANA), "email": "d.kim@example.com", "self": True}
    stored(world, attendees=[alias, late, room])
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
    stored(world, start=times, end={**times, "dateTime": "2026-12-03T11:00:00-05:00"})
    (event,) = december(world)
    assert (event.dtstart, event.tzid) == (at(3, 10), ZONE)


def test_pitfall_12_a_series_keeps_its_wall_clock(world: CalendarWorld) -> None:
    """Ten o'clock stays ten o'clock where the series lives, when the clocks change there and in the calendar's zone."""
    for zone in ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Tongatapu"):
        first = datetime(2026, 9, 28, 10, tzinfo=ZoneInfo(zone))
        uid = stored(
            world,
            recurrence=["RRULE:FREQ=WEEKLY;COUNT=10"],
            start={"dateTime": first.isoformat(), "timeZone": zone},
            end={"dateTime": (first + timedelta(minutes=30)).isoformat(), "timeZone": zone},
        )
        found = world.provider().read(first - timedelta(days=2), first + timedelta(days=90)).events
        mine = [event for event in found if event.uid == uid]
        assert len(mine) == 10
        assert {event.dtstart.astimezone(ZoneInfo(zone)).hour for event in mine} == {10}
        assert {event.tzid for event in mine} == {zone}


def test_pitfall_12_a_day_is_the_owners_day(world: CalendarWorld) -> None:
    """An all-day event runs from midnight to midnight on the owner's wall clock."""
    world.put(Appointment("day", at(3, 0), all_day=True, free=True))
    (event,) = december(world)
    assert (event.all_day, event.dtstart, event.dtend) == (True, at(3, 0), at(4, 0))


def test_pitfall_13_one_bad_event_is_reported_and_the_rest_is_read(world: CalendarWorld) -> None:
    """An event that makes no sense is named with what to do, the others are read, and nothing counts as cancelled."""
    world.put(Appointment("good", at(3, 10)))
    bad = stored(world, end={"dateTime": at(2, 10).isoformat()}, start={"dateTime": at(3, 10).isoformat()})
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert len(reading.events) == 1
    assert [item for item, _ in reading.problems] == [bad]
    assert "Google Calendar" in reading.problems[0][1]
    assert not reading.complete


def test_pitfall_13_a_bad_event_that_is_asked_for_by_name_is_refused(world: CalendarWorld) -> None:
    """Where the one event that is looked for makes no sense, the error names it and what to do."""
    bad = stored(world, end={"dateTime": at(2, 10).isoformat()}, start={"dateTime": at(3, 10).isoformat()})
    with pytest.raises(RefusedError, match="Google Calendar"):
        world.provider().find(bad, None, at(3, 10))


def test_pitfall_14_the_window_is_read_without_sync_tokens(world: CalendarWorld) -> None:
    """A reading is a window; a calendar whose tokens have all expired is read like any other."""
    world.google.fake.calendar_api.expired_before = 10**9
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


@pytest.mark.parametrize("uid", ["x" * 3, "Über+uid@example.com", "z" * 40, "a" * 2000])
def test_any_uid_becomes_an_id_that_google_takes(world: CalendarWorld, uid: str) -> None:
    """Whatever a check-in is called, its event has an id of the letters that Google allows, the same each time."""
    first = create(world, uid=uid)
    assert create(world, uid=uid) == replace(first, existed=True)


def test_pitfall_33_a_move_changes_the_times_alone(world: CalendarWorld) -> None:
    """Guests, their answers, the conference, the series and everything else stay; all guests are told."""
    conference = {"conferenceId": "abc-defg-hij", "conferenceSolution": {"key": {"type": "hangoutsMeet"}}}
    uid = stored(
        world,
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


def test_pitfall_33_a_series_is_never_written(world: CalendarWorld) -> None:
    """A write that names a series and no instance is refused before anything is sent."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
        write = write_of(operation, uid, at(9, 15))
        with suppress(GoneError):
            world.provider().write(write, STAMP)
    assert world.calendars.told == []
    assert [event.dtstart.day for event in december(world)] == [1, 8, 15, 22]


def test_a_change_by_a_person_in_between_is_not_overwritten(world: CalendarWorld) -> None:
    """Where a person changed the event after we read it, it is read again before it is moved (412)."""
    uid = world.put(Appointment("single", at(3, 10)))
    world.google.fake.faults.append(Fault("calendar.events.patch", status=412, reason="conditionNotMet"))
    written = world.provider().write(write_of(CalendarOperation.MOVE, uid, at(4, 11)), STAMP)
    assert (written.existed, written.start) == (False, at(4, 11))
    world.google.fake.faults.append(Fault("calendar.events.patch", status=412, reason="conditionNotMet", times=-1))
    with pytest.raises(TryLaterError):
        world.provider().write(write_of(CalendarOperation.MOVE, uid, at(5, 11)), STAMP)


def test_the_etag_that_was_read_goes_with_the_write(world: CalendarWorld) -> None:
    """The write depends on the event being as it was read: a change in that very moment is seen, and kept."""
    uid = world.put(Appointment("single", at(3, 10)))
    owner, name = world.name(uid, None)
    change = {"summary": "Changed by a person"}
    world.google.fake.meanwhile.append(("calendar.events.patch", lambda: world.calendars.change(owner, name, change)))
    world.provider().write(write_of(CalendarOperation.MOVE, uid, at(4, 11)), STAMP)
    assert world.google.fake.requests["calendar.events.patch"] == 2
    assert [(event.summary, event.dtstart) for event in december(world)] == [("Changed by a person", at(4, 11))]


def test_pitfall_32_only_the_organizer_moves_a_meeting(world: CalendarWorld) -> None:
    """As a guest the move is refused with what to do, and nothing is sent."""
    uid = world.put(Appointment("theirs", at(3, 10), organizer=ALEX))
    (event,) = december(world)
    assert not event.editable
    for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
        with pytest.raises(ForbiddenError, match="organizer"):
            world.provider().write(write_of(operation, uid, at(4, 11)), STAMP)
    assert world.google.fake.count("calendar.events.patch") == 0
    assert world.google.fake.count("calendar.events.delete") == 0


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


def test_a_repeated_move_does_not_undo_a_persons_move(world: CalendarWorld) -> None:
    """Where our move took effect and a person moved the meeting on, repeating it leaves it where the person put it."""
    uid = world.put(Appointment("single", at(3, 10)))
    write = write_of(CalendarOperation.MOVE, uid, at(4, 11))
    world.provider().write(write, STAMP)
    world.move(uid, None, at(5, 9))
    again = world.provider().write(write, STAMP)
    assert (again.existed, again.start) == (True, at(5, 9))


LOST = [
    Fault("*", "drop", effect=True),
    Fault("*", "html", effect=True),
    Fault("*", "truncated", effect=True),
    Fault("*", "status", 500, effect=True),
    Fault("*", "status", 503, effect=True),
    Fault("*", "hang", effect=True, seconds=0.3),
]
NOT_DONE = [
    Fault("*", "drop"),
    Fault("*", "status", 502),
    Fault("*", "status", 429, "rateLimitExceeded"),
    Fault("*", "status", 403, "userRateLimitExceeded", {"Retry-After": "3"}),
    Fault("*", "status", 401, "authError"),
]
WRITES = {
    "calendar.events.insert": CalendarOperation.CREATE,
    "calendar.events.patch": CalendarOperation.MOVE,
    "calendar.events.delete": CalendarOperation.CANCEL,
}


def until_written(world: CalendarWorld, write: CalendarWrite) -> tuple[Written, list[type[AccountError]]]:
    """Carry out a write as the worker does: from the start after each fault, with time in between."""
    errors: list[type[AccountError]] = []
    for _ in range(5):
        try:
            return world.google.calendar(read=0.15).write(write, STAMP), errors
        except (UncertainError, TryLaterError) as error:
            errors.append(type(error))
            world.google.clock.turn(minutes=20)
    raise AssertionError(errors)


@pytest.mark.parametrize("method", sorted(WRITES))
@pytest.mark.parametrize("fault", [*LOST, *NOT_DONE], ids=lambda fault: f"{fault.what}{fault.status}{fault.effect}")
def test_a_write_takes_effect_exactly_once(world: CalendarWorld, method: str, fault: Fault) -> None:
    """Whatever becomes of the answer, the calendar is written once, and everybody is told once."""
    uid = NEW if method.endswith("insert") else world.put(Appointment("single", at(3, 10)))
    write = write_of(WRITES[method], uid, at(4, 11))
    world.google.fake.faults.append(replace(fault, method=method))
    written, errors = until_written(world, write)
    assert len(world.calendars.told) == 1
    assert written.existed == fault.effect
    if fault.effect:
        assert errors == [UncertainError]
    live = [event.dtstart for event in december(world)]
    assert live == ([] if method.endswith("delete") else [at(4, 11)])


def test_a_create_looks_before_it_writes(world: CalendarWorld) -> None:
    """Google does not promise to notice a second insert under the same id: a repetition sends none."""
    create(world)
    create(world)
    assert world.google.fake.requests["calendar.events.insert"] == 1


def test_a_create_that_met_itself_is_recognised(world: CalendarWorld) -> None:
    """Where the event appears between our look and our insert (409), it is ours, and there is one."""
    write = write_of(CalendarOperation.CREATE, NEW, at(10, 14))
    other = world.provider()
    world.google.fake.meanwhile.append(("calendar.events.insert", lambda: other.write(write, STAMP)))
    again = world.provider().write(write, STAMP)
    assert again.existed
    assert world.google.fake.requests["calendar.events.insert"] == 2
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


def test_pitfall_34_an_error_of_one_calendar_is_unknown_and_not_free(world: CalendarWorld) -> None:
    """Somebody who does not share their free times is unknown."""
    world.calendars.of(OTHER).hidden = True
    assert world.provider().busy(OTHER, at(3, 0), at(4, 0)) is None


def test_the_owners_busy_times_cost_nothing_right_after_a_reading(world: CalendarWorld) -> None:
    """Within one pass the owner's times come from what was read; a minute later, or after a write, they are new."""
    world.put(Appointment("meeting", at(3, 9)))
    provider = world.provider()
    provider.read(at(1, 0), at(31, 0))
    before = world.google.fake.count()
    busy = provider.busy(OWNER, at(3, 0), at(4, 0))
    assert busy is not None
    assert [(item.start, item.end) for item in busy] == [(at(3, 9), at(3, 9, 30))]
    assert provider.busy(OWNER, at(4, 0), at(5, 0)) == ()
    assert world.google.fake.count() == before
    provider.busy(OWNER, at(4, 0), at(1, 0) + timedelta(days=40))
    assert world.google.fake.count() == before + 1
    world.put(Appointment("new", at(4, 9)))
    world.google.clock.turn(seconds=61)
    assert len(provider.busy(OWNER, at(4, 0), at(5, 0)) or ()) == 1
    provider.write(write_of(CalendarOperation.CREATE, NEW, at(4, 14)), STAMP)
    assert len(provider.busy(OWNER, at(4, 0), at(5, 0)) or ()) == 2


def test_busy_is_unknown_where_an_event_cannot_be_read(world: CalendarWorld) -> None:
    """Where an own event makes no sense, whether the owner is free is not known."""
    stored(world, end={"dateTime": at(2, 10).isoformat()}, start={"dateTime": at(3, 10).isoformat()})
    assert world.provider().busy(OWNER, at(2, 0), at(4, 0)) is None


# ----------------------------------------------------------------------------------------------------------- accounts


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
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
    ],
)
def test_pitfall_4_each_reason_of_google_has_its_next_step(
    world: CalendarWorld, status: int, reason: str, kind: type[AccountError]
) -> None:
    """Google's reasons become our errors, and the account heals by itself when the cause is gone."""
    fault = Fault("calendar.*", status=status, reason=reason, times=-1)
    world.google.fake.faults.append(fault)
    provider = world.provider()
    with pytest.raises(AccountError) as caught:
        provider.read(at(1, 0), at(31, 0))
    assert type(caught.value) is kind
    assert reason in str(caught.value)
    fault.times = 0
    world.google.clock.turn(hours=4)
    assert provider.read(at(1, 0), at(31, 0)).events == ()


def test_pitfall_4_a_locked_calendar_is_not_written_again_for_hours(world: CalendarWorld) -> None:
    """After `quotaExceeded` the write is tried again after hours, not at once."""
    world.google.fake.faults.append(Fault("calendar.events.insert", status=403, reason="quotaExceeded"))
    with pytest.raises(TryLaterError) as caught:
        create(world)
    assert caught.value.retry_at == world.google.clock() + timedelta(hours=3)
    assert world.google.fake.requests["calendar.events.insert"] == 1


def test_a_long_address_is_still_a_read(world: CalendarWorld) -> None:
    """A read whose address is so long that the library sends it as a POST leaves no uncertainty behind."""
    world.google.fake.faults.append(Fault("calendar.events.list", "drop"))
    with pytest.raises(TryLaterError):
        world.provider().find("u" * 3000 + "@example.com", None, at(3, 10))
    assert world.provider().find("u" * 3000 + "@example.com", None, at(3, 10)) is None
