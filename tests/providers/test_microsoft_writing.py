"""What is written into Outlook's calendar: once, by whom it may be, and nothing else of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.providers.contract import ALEX, DANA, OTHER, OWNER, STAMP, Appointment, at, live, write_of
from tests.providers.microsoft_world import CalendarWorld, Microsoft, guest, moment, weekly
from worker.errors import (
    ForbiddenError,
    GoneError,
    RefusedError,
)
from worker.model import Attendee, CalendarOperation, Event
from worker.providers import Written

NEW = "ft0123456789abcdef0123456789abcdef"


@pytest.fixture
def world(at_microsoft: Microsoft) -> CalendarWorld:
    """The owner, in front of their calendar."""
    return CalendarWorld(at_microsoft)


def december(world: CalendarWorld) -> list[Event]:
    """Return what takes place in December, as a freshly started worker reads it."""
    return live(world.provider().read(at(1, 0), at(31, 0)).events)


def create(world: CalendarWorld, **fields: Any) -> Written:  # the write's fields
    """Create a check-in with a freshly started worker."""
    write = replace(write_of(CalendarOperation.CREATE, NEW, at(10, 14)), **fields)
    return world.provider().write(write, STAMP)


def stored_body(world: CalendarWorld, uid: str) -> dict[str, Any]:
    """Return an event as its organizer has it."""
    return world.calendars.find(OWNER, uid).body


# ----------------------------------------------------------------------------------------------------------- creating


def test_a_created_event_invites_by_itself(world: CalendarWorld) -> None:
    """Exchange tells the guest, so no invitation goes by mail; the owner is the organizer and no guest of their own."""
    written = create(world, attendees=(DANA, replace(ALEX, role="OPT-PARTICIPANT")), description="What we said")
    assert written.invited
    assert world.calendars.told == [("invited", "Dana / Alex", OTHER)]
    body = stored_body(world, written.uid)
    assert [(one["emailAddress"]["address"], one["type"]) for one in body["attendees"]] == [(OTHER, "optional")]
    assert body["body"] == {"contentType": "text", "content": "What we said"}


@pytest.mark.parametrize("repeated", ["same", "refused"])
def test_a_create_that_met_itself_is_recognised(world: CalendarWorld, repeated: Any) -> None:
    """Where the event appears between our look and our request, Exchange knows our transaction id: there is one."""
    world.vendor.fake.calendar_api.repeated = repeated
    write = write_of(CalendarOperation.CREATE, NEW, at(10, 14))
    other = world.provider()
    world.vendor.fake.meanwhile.append(("events.create", lambda: other.write(write, STAMP)))
    world.provider().write(write, STAMP)
    assert world.vendor.fake.requests["events.create"] == 2
    assert len(december(world)) == 1


def test_pitfall_33_what_a_person_deleted_is_not_made_again(world: CalendarWorld) -> None:
    """Pitfall 33: where a person deleted what we made, Exchange still knows the transaction: it is never made again."""
    written = create(world)
    world.cancel(written.uid, None)
    for _ in range(2):
        with pytest.raises(GoneError, match="person"):
            create(world)
    assert december(world) == []


# ------------------------------------------------------------------------------------------------------------- moving


def test_pitfall_33_a_move_changes_the_times_alone(world: CalendarWorld) -> None:
    """Pitfall 33: guests, their answers, the conference, the series and everything else stay; the guests are told."""
    third = Attendee("sam@example.com", "Sam", "DECLINED")
    uid = world.add(
        OWNER,
        {
            "subject": "1:1",
            "start": moment(at(3, 10)),
            "end": moment(at(3, 11)),
            "recurrence": weekly(at(3, 10), 4),
            "attendees": [guest(replace(ALEX, partstat="TENTATIVE")), guest(third, "optional")],
            "isOnlineMeeting": True,
            "body": {"contentType": "html", "content": "<p>Join</p>"},
            "categories": ["Blue"],
        },
    )
    before = world.calendars.find(OWNER, uid)
    series = dict(before.body)
    world.calendars.told.clear()
    move = replace(write_of(CalendarOperation.MOVE, uid, at(11, 15)), recurrence_id=at(10, 10).astimezone(UTC))
    written = world.provider().write(move, STAMP)
    assert (written.invited, written.uid) == (True, uid)
    after = world.calendars.find(OWNER, uid)
    assert (after.body, after.start, after.entry.recurrence) == (series, before.start, before.entry.recurrence)
    original = at(10, 10).astimezone(UTC)
    changed = after.entry.exceptions[original]
    assert set(changed) == {"start", "end", "singleValueExtendedProperties"}
    assert world.calendars.told == [("updated", "1:1", OTHER), ("updated", "1:1", "sam@example.com")]
    (event,) = [one for one in december(world) if one.recurrence_id == original]
    assert {one.address: one.partstat for one in event.attendees} == {OTHER: "TENTATIVE", "sam@example.com": "DECLINED"}


@pytest.mark.parametrize("start", [at(15, 9), at(16, 9), at(30, 9), at(1, 12)])
def test_pitfall_32_an_instance_stays_between_its_neighbours(world: CalendarWorld, start: datetime) -> None:
    """Pitfall 32: Exchange moves no instance past another; that is final, and the text says to make a single one."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    move = replace(write_of(CalendarOperation.MOVE, uid, start), recurrence_id=at(8, 10).astimezone(UTC))
    with pytest.raises(RefusedError, match="single one"):
        world.provider().write(move, STAMP)
    assert [event.dtstart for event in december(world)] == [at(day, 10) for day in (1, 8, 15, 22)]


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        # In the hour that comes twice a wall clock does not tell which one is meant.
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "UTC"),
        ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "UTC"),
        ("America/New_York", datetime(2026, 11, 1, 8, 30, tzinfo=UTC), "Eastern Standard Time"),
        ("Europe/Vienna", datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "W. Europe Standard Time"),
        ("Pacific/Tongatapu", datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "Tonga Standard Time"),
        ("Antarctica/Troll", datetime(2026, 12, 1, 8, 30, tzinfo=UTC), ""),
        ("Nowhere/At_all", datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "UTC"),
    ],
)
def test_pitfall_12_times_are_written_in_a_zone_that_windows_knows(
    world: CalendarWorld, zone: str, start: datetime, expected: str
) -> None:
    """Pitfall 12: the moment is exact in every zone; the zone is written by Windows' name, UTC where there is none."""
    written = create(world, tzid=zone, start=start, end=start.replace(minute=59))
    assert (written.start, written.end) == (start, start.replace(minute=59))
    entry = world.calendars.find(OWNER, written.uid).entry
    assert not expected or entry.zone == expected
    with suppress(KeyError):
        ZoneInfo(zone)


def test_pitfall_4_a_read_only_calendar_is_told(world: CalendarWorld) -> None:
    """Pitfall 4: where Exchange refuses the write, nothing is tried again by itself."""
    world.calendars.of(OWNER).editable = False
    with pytest.raises(ForbiddenError, match=r"docs/microsoft\.md"):
        create(world)
    assert world.vendor.fake.requests["events.create"] == 1


def test_a_check_in_of_an_app_is_made_in_the_managers_calendar(world: CalendarWorld) -> None:
    """An app that signs in by itself writes as the manager: they are the organizer, in their own calendar."""
    app = world.vendor.fake.sign_in.add_app({"Calendars.ReadWrite": [OWNER]}, secret="app-secret")
    settings = replace(world.vendor.settings, client_id=app.client, client_secret="app-secret")
    written = world.vendor.calendar(settings=settings).write(write_of(CalendarOperation.CREATE, NEW, at(10, 14)), STAMP)
    (event,) = december(world)
    assert (event.uid, event.organizer and event.organizer.address) == (written.uid, OWNER)
