"""What is written into Outlook's calendar: once, by whom it may be, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.providers.contract import ALEX, DANA, OTHER, OWNER, STAMP, Appointment, at, live, write_of
from tests.providers.microsoft_world import CalendarWorld, guest, microsoft, moment, weekly
from worker.errors import (
    AccountError,
    ForbiddenError,
    GoneError,
    RefusedError,
    TryLaterError,
    UncertainError,
)
from worker.fakes.microsoft import Fault
from worker.model import Attendee, CalendarOperation, CalendarWrite, Event
from worker.providers import Written

NEW = "ft0123456789abcdef0123456789abcdef"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CalendarWorld]:
    """The owner, in front of their calendar in a fake Microsoft that judges every request and every answer."""
    with microsoft(tmp_path) as running:
        yield CalendarWorld(running)


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


def test_two_requests_make_a_check_in(world: CalendarWorld) -> None:
    """Look whether it is there, make it: two requests, and no third."""
    provider = world.provider()
    provider.read(at(1, 0), at(2, 0))
    before = world.microsoft.fake.count()
    provider.write(write_of(CalendarOperation.CREATE, NEW, at(10, 14)), STAMP)
    assert world.microsoft.fake.count() - before == 2


def test_two_requests_move_a_meeting(world: CalendarWorld) -> None:
    """Read it as it is now, with the mark of the last write; move it: two requests, for an instance too."""
    single, series = world.put(Appointment("single", at(3, 10))), world.put(Appointment("series", at(1, 10), weeks=4))
    provider = world.provider()
    provider.read(at(1, 0), at(2, 0))
    for uid, original in ((single, None), (series, at(8, 10).astimezone(UTC))):
        before = world.microsoft.fake.count()
        provider.write(replace(write_of(CalendarOperation.MOVE, uid, at(9, 15)), recurrence_id=original), STAMP)
        assert world.microsoft.fake.count() - before == 2


@pytest.mark.parametrize("uid", ["x" * 3, "Über+uid@example.com", "it's", "a" * 2000])
def test_any_uid_becomes_a_transaction(world: CalendarWorld, uid: str) -> None:
    """Whatever a check-in is called, its event is made once."""
    first = create(world, uid=uid)
    assert create(world, uid=uid) == replace(first, existed=True)
    assert len(december(world)) == 1


def test_two_check_ins_at_the_same_time_are_two(world: CalendarWorld) -> None:
    """What is called otherwise is another check-in, even where all its words are the same."""
    assert create(world).uid != create(world, uid="another").uid
    assert len(december(world)) == 2


@pytest.mark.parametrize("repeated", ["same", "refused"])
def test_a_create_that_met_itself_is_recognised(world: CalendarWorld, repeated: Any) -> None:
    """Where the event appears between our look and our request, Exchange knows our transaction id: there is one."""
    world.microsoft.fake.calendar_api.repeated = repeated
    write = write_of(CalendarOperation.CREATE, NEW, at(10, 14))
    other = world.provider()
    world.microsoft.fake.meanwhile.append(("events.create", lambda: other.write(write, STAMP)))
    world.provider().write(write, STAMP)
    assert world.microsoft.fake.requests["events.create"] == 2
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
    uid = world.stored(
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


def test_pitfall_33_a_series_is_never_written(world: CalendarWorld) -> None:
    """Pitfall 33: a write that names a series and no instance is refused before anything is sent."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    world.calendars.told.clear()
    for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
        with suppress(GoneError):
            world.provider().write(write_of(operation, uid, at(9, 15)), STAMP)
    assert world.calendars.told == []
    assert [event.dtstart.day for event in december(world)] == [1, 8, 15, 22]


@pytest.mark.parametrize("start", [at(15, 9), at(16, 9), at(30, 9), at(1, 12)])
def test_pitfall_32_an_instance_stays_between_its_neighbours(world: CalendarWorld, start: datetime) -> None:
    """Pitfall 32: Exchange moves no instance past another; that is final, and the text says to make a single one."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    move = replace(write_of(CalendarOperation.MOVE, uid, start), recurrence_id=at(8, 10).astimezone(UTC))
    with pytest.raises(RefusedError, match="single one"):
        world.provider().write(move, STAMP)
    assert [event.dtstart for event in december(world)] == [at(day, 10) for day in (1, 8, 15, 22)]


def test_pitfall_32_only_the_organizer_moves_a_meeting(world: CalendarWorld) -> None:
    """Pitfall 32: as a guest the move is refused with what to do, and nothing is sent."""
    uid = world.put(Appointment("theirs", at(3, 10), organizer=ALEX))
    (event,) = december(world)
    assert not event.editable
    for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
        with pytest.raises(ForbiddenError, match="organizer"):
            world.provider().write(write_of(operation, uid, at(4, 11)), STAMP)
    assert world.microsoft.fake.count("events.patch") + world.microsoft.fake.count("events.delete") == 0


def test_a_change_by_a_person_in_between_is_not_overwritten(world: CalendarWorld) -> None:
    """The write depends on the event being as it was read: a change in that very moment is seen (412), and kept."""
    uid = world.put(Appointment("single", at(3, 10)))
    change = {"subject": "Changed by a person"}
    world.microsoft.fake.meanwhile.append(("events.patch", lambda: world.calendars.change(OWNER, uid, change)))
    world.provider().write(write_of(CalendarOperation.MOVE, uid, at(4, 11)), STAMP)
    assert world.microsoft.fake.requests["events.patch"] == 2
    assert [(event.summary, event.dtstart) for event in december(world)] == [("Changed by a person", at(4, 11))]


def test_an_event_that_keeps_changing_is_left_for_later(world: CalendarWorld) -> None:
    """Where the event is another one each time, it is given up for now after three tries."""
    uid = world.put(Appointment("single", at(3, 10)))
    world.microsoft.fake.faults.append(Fault("events.patch", status=412, reason="ErrorIrresolvableConflict", times=-1))
    with pytest.raises(TryLaterError):
        world.provider().write(write_of(CalendarOperation.MOVE, uid, at(5, 11)), STAMP)
    assert world.microsoft.fake.requests["events.patch"] == 3


def test_a_meeting_that_is_there_already_is_not_written(world: CalendarWorld) -> None:
    """Where a person put the meeting where it should go, nothing is sent, and nobody is told twice."""
    uid = world.put(Appointment("single", at(3, 10)))
    world.move(uid, None, at(4, 11))
    world.calendars.told.clear()
    assert world.provider().write(write_of(CalendarOperation.MOVE, uid, at(4, 11)), STAMP).existed
    assert world.calendars.told == []


def test_a_repeated_move_does_not_undo_a_persons_move(world: CalendarWorld) -> None:
    """Where our move took effect and a person moved the meeting on, repeating it leaves it where the person put it."""
    uid = world.put(Appointment("single", at(3, 10)))
    write = write_of(CalendarOperation.MOVE, uid, at(4, 11))
    world.provider().write(write, STAMP)
    world.move(uid, None, at(5, 9))
    again = world.provider().write(write, STAMP)
    assert (again.existed, again.start) == (True, at(5, 9))


def test_a_moved_check_in_is_still_known_as_made(world: CalendarWorld) -> None:
    """The mark of a move does not take the place of the mark of the making."""
    written = create(world)
    world.provider().write(write_of(CalendarOperation.MOVE, written.uid, at(11, 9)), STAMP)
    again = create(world)
    assert (again.existed, again.start) == (True, at(11, 9))


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


# ------------------------------------------------------------------------------------------------------------- faults

LOST = [
    Fault("*", "drop", effect=True),
    Fault("*", "html", effect=True),
    Fault("*", "truncated", effect=True),
    Fault("*", "status", 500, effect=True),
    Fault("*", "status", 503, effect=True),
    Fault("*", "status", 504, effect=True),
    Fault("*", "hang", effect=True, seconds=0.3),
]
NOT_DONE = [
    Fault("*", "drop"),
    Fault("*", "status", 502),
    Fault("*", "status", 429, headers={"Retry-After": "3"}),
    Fault("*", "status", 429, headers={"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT"}),
    Fault("*", "status", 429),
    Fault("*", "status", 401),
    Fault("*", "status", 409),
    Fault("*", "hang", seconds=0.3),
]
WRITES = {
    "events.create": CalendarOperation.CREATE,
    "events.patch": CalendarOperation.MOVE,
    "events.delete": CalendarOperation.CANCEL,
}


def until_written(world: CalendarWorld, write: CalendarWrite) -> tuple[Written, list[type[AccountError]]]:
    """Carry out a write as the worker does: from the start after each fault, with time in between."""
    errors: list[type[AccountError]] = []
    for _ in range(5):
        try:
            return world.microsoft.calendar(read=0.15).write(write, STAMP), errors
        except (UncertainError, TryLaterError) as error:
            errors.append(type(error))
            world.microsoft.clock.turn(minutes=20)
    raise AssertionError(errors)


def named(fault: Fault) -> str:
    """Return a short name for a fault."""
    return f"{fault.what}-{fault.status}-{'done' if fault.effect else 'not done'}"


@pytest.mark.parametrize("method", sorted(WRITES))
@pytest.mark.parametrize("fault", [*LOST, *NOT_DONE], ids=named)
def test_pitfall_2_a_write_takes_effect_exactly_once(world: CalendarWorld, method: str, fault: Fault) -> None:
    """Pitfall 2: whatever becomes of the answer, the calendar is written once, and everybody is told once."""
    uid = NEW if method == "events.create" else world.put(Appointment("single", at(3, 10)))
    world.calendars.told.clear()
    write = write_of(WRITES[method], uid, at(4, 11))
    world.microsoft.fake.faults.append(replace(fault, method=method))
    written, errors = until_written(world, write)
    assert len(world.calendars.told) == 1
    assert written.existed == fault.effect
    if fault.effect:
        assert errors == [UncertainError]
    starts = [event.dtstart for event in december(world)]
    assert starts == ([] if method == "events.delete" else [at(4, 11)])


@pytest.mark.parametrize("method", sorted(WRITES))
def test_pitfall_1_graph_sees_one_write(world: CalendarWorld, method: str) -> None:
    """Pitfall 1: a server that reads the request and hangs up sees it exactly once."""
    uid = NEW if method == "events.create" else world.put(Appointment("single", at(3, 10)))
    world.microsoft.fake.faults.append(Fault(method, "drop", effect=True))
    with pytest.raises(UncertainError):
        world.provider().write(write_of(WRITES[method], uid, at(4, 11)), STAMP)
    assert world.microsoft.fake.requests[method] == 1


def test_a_create_looks_before_it_writes(world: CalendarWorld) -> None:
    """A repetition sends no second request to make it."""
    create(world)
    create(world)
    assert world.microsoft.fake.requests["events.create"] == 1


def test_pitfall_4_a_read_only_calendar_is_told(world: CalendarWorld) -> None:
    """Pitfall 4: where Exchange refuses the write, nothing is tried again by itself."""
    world.calendars.of(OWNER).editable = False
    with pytest.raises(ForbiddenError, match=r"docs/microsoft\.md"):
        create(world)
    assert world.microsoft.fake.requests["events.create"] == 1


def test_a_check_in_of_an_app_is_made_in_the_managers_calendar(world: CalendarWorld) -> None:
    """An app that signs in by itself writes as the manager: they are the organizer, in their own calendar."""
    app = world.microsoft.fake.sign_in.add_app({"Calendars.ReadWrite": [OWNER]}, secret="app-secret")
    settings = replace(world.microsoft.settings, client_id=app.client, client_secret="app-secret")
    written = world.microsoft.calendar(settings=settings).write(
        write_of(CalendarOperation.CREATE, NEW, at(10, 14)), STAMP
    )
    (event,) = december(world)
    assert (event.uid, event.organizer and event.organizer.address) == (written.uid, OWNER)
