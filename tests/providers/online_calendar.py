"""What every calendar over a network must keep, whatever becomes of its requests and their answers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

import pytest

from tests.providers.contract import (
    ALEX,
    OTHER,
    OWNER,
    STAMP,
    Appointment,
    CalendarContract,
    CalendarWorld,
    at,
    live,
    write_of,
)
from tests.providers.online import Online, Vendor
from worker.errors import AccountError, ForbiddenError, GoneError, RefusedError, TryLaterError, UncertainError
from worker.fakes.faults import Fault
from worker.model import CalendarOperation, CalendarWrite
from worker.providers import Written

WRITES = (CalendarOperation.CREATE, CalendarOperation.MOVE, CalendarOperation.CANCEL)


class CalendarRequests(NamedTuple):
    """How a vendor calls its operations; `changed` is how it refuses a write to an event that is another by now."""

    read: str
    find: str
    create: str
    move: str
    cancel: str
    changed: Fault

    def of(self, operation: CalendarOperation) -> str:
        """Return the operation that carries out a write."""
        names = (self.create, self.move, self.cancel)
        return dict(zip(WRITES, names, strict=True))[operation]


class OnlineCalendarWorld(CalendarWorld, Protocol):
    """The vendor's side of one person's calendar, with a switch for what goes wrong.

    `told` is what guests were told of an event, `app` where its owner sees their calendar.
    """

    app: str
    requests: CalendarRequests

    @property
    def vendor(self) -> Vendor:
        """The vendor."""

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """What guests were told."""

    def page(self, size: int) -> None:
        """From now on so many entries come at a time."""

    def put_nonsense(self) -> str:
        """Store an event of 3 December that ends before it begins, and return its UID."""

    def rename(self, uid: str, summary: str) -> None:
        """A person gives an event another title."""

    def decline(self, uid: str, original: datetime) -> None:
        """The other person declines an instance."""

    def hide(self, address: str) -> None:
        """A person no longer tells others when they are free."""


class OnlineCalendarContract(Online, CalendarContract):
    """The promises of a calendar over a network."""

    def write_of(self, world: OnlineCalendarWorld, operation: CalendarOperation) -> CalendarWrite:
        """Return a write to 4 December of a new check-in, or of a meeting that is there; nobody was told anything."""
        created = operation is CalendarOperation.CREATE
        uid = self.new_uid if created else world.put(Appointment("single", at(3, 10)))
        world.told.clear()
        return write_of(operation, uid, at(4, 11))

    def starts(self, world: OnlineCalendarWorld) -> list[datetime]:
        """Return when what takes place in December begins."""
        return [event.dtstart for event in live(self.read(world))]

    # ----------------------------------------------------------------------------------------------------- reading

    def test_one_request_while_nothing_changes(self, world: OnlineCalendarWorld) -> None:
        """A poll of a calendar is one request, however many series are in it."""
        for number in range(30):
            world.put(Appointment(f"s{number}", at(1, 8) + timedelta(minutes=15 * number), weeks=20))
        provider = world.provider()
        provider.read(at(1, 0), at(28, 0))
        before = world.vendor.fake.count()
        assert len(provider.read(at(1, 0), at(28, 0)).events) == 120
        assert world.vendor.fake.count() - before == 1

    def test_pitfall_6_every_page_is_read(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 6: a calendar that comes in pages is read to the last one."""
        for day in range(1, 29):
            world.put(Appointment(f"day{day}", at(day, 10)))
        world.page(3)
        assert [event.dtstart.day for event in self.read(world)] == list(range(1, 29))
        assert world.vendor.fake.count(world.requests.read) == 10

    @pytest.mark.parametrize("what", ["status", "drop", "html", "truncated", "again"])
    def test_pitfall_6_a_failed_page_says_nothing_of_the_rest(self, world: OnlineCalendarWorld, what: Any) -> None:
        """Pitfall 6: where one page fails there is no reading at all: nothing missing can be taken for cancelled."""
        for day in range(1, 8):
            world.put(Appointment(f"day{day}", at(day, 10)))
        world.page(3)
        world.vendor.fake.faults.append(Fault(world.requests.read, what, skip=2, times=-1))
        with pytest.raises(TryLaterError):
            self.read(world)
        assert world.vendor.fake.count(world.requests.read) <= 5

    def test_an_answer_about_another_event_is_none(self, world: OnlineCalendarWorld) -> None:
        """Where something in between gives an earlier answer, it does not pass for the event that was asked for."""
        first, second = (world.put(Appointment(f"e{number}", at(number, 10))) for number in (3, 4))
        provider = world.provider()
        provider.find(first, None, at(3, 10))
        world.vendor.fake.faults.append(Fault(world.requests.find, "again"))
        with pytest.raises(TryLaterError):
            provider.find(second, None, at(4, 10))

    def test_pitfall_10_one_request_reads_a_meeting_again(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 10: just before a mail the meeting is read once more, in one request, with the newest answers."""
        uid = world.put(Appointment("series", at(1, 10), weeks=4))
        provider = world.provider()
        provider.read(at(1, 0), at(31, 0))
        world.decline(uid, at(8, 10))
        before = world.vendor.fake.count()
        found = provider.find(uid, at(8, 10).astimezone(UTC), at(8, 10))
        assert found is not None
        assert {person.address: person.partstat for person in found.attendees}[OTHER] == "DECLINED"
        assert world.vendor.fake.count() - before == 1

    def test_pitfall_13_one_bad_event_is_reported_and_the_rest_is_read(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 13: an event that makes no sense is named with what to do, the others are read, none is cancelled."""
        world.put(Appointment("good", at(3, 10)))
        bad = world.put_nonsense()
        reading = world.provider().read(at(1, 0), at(31, 0))
        assert len(reading.events) == 1
        assert [item for item, _ in reading.problems] == [bad]
        assert world.app in reading.problems[0][1]
        assert not reading.complete

    def test_pitfall_13_a_bad_event_that_is_asked_for_by_name_is_refused(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 13: where the one event that is looked for makes no sense, the error names it and what to do."""
        bad = world.put_nonsense()
        with pytest.raises(RefusedError, match=world.app):
            world.provider().find(bad, None, at(3, 10))

    def test_pitfall_4_each_refusal_has_its_next_step(
        self, world: OnlineCalendarWorld, refusal: tuple[int, str, type[AccountError]]
    ) -> None:
        """Pitfall 4: the vendor's reasons become our errors, and the account heals by itself when the cause is gone."""
        status, reason, kind = refusal
        fault = Fault(world.requests.read, status=status, reason=reason, times=-1)
        world.vendor.fake.faults.append(fault)
        provider = world.provider()
        with pytest.raises(AccountError) as caught:
            provider.read(at(1, 0), at(31, 0))
        assert type(caught.value) is kind
        assert reason in str(caught.value)
        fault.times = 0
        world.vendor.clock.turn(hours=4)
        assert provider.read(at(1, 0), at(31, 0)).events == ()

    # ----------------------------------------------------------------------------------------------------- writing

    def test_pitfall_33_a_series_is_never_written(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 33: a write that names a series and no instance changes nothing, and nobody is told anything."""
        uid = world.put(Appointment("series", at(1, 10), weeks=4))
        world.told.clear()
        for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
            with suppress(GoneError):
                world.provider().write(write_of(operation, uid, at(9, 15)), STAMP)
        assert world.told == []
        assert [start.day for start in self.starts(world)] == [1, 8, 15, 22]

    def test_pitfall_32_only_the_organizer_moves_a_meeting(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 32: as a guest the move is refused with what to do, and nothing is sent."""
        uid = world.put(Appointment("theirs", at(3, 10), organizer=ALEX))
        (event,) = self.read(world)
        assert not event.editable
        for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
            with pytest.raises(ForbiddenError, match="organizer"):
                world.provider().write(write_of(operation, uid, at(4, 11)), STAMP)
            assert world.vendor.fake.count(world.requests.of(operation)) == 0

    def test_the_etag_that_was_read_goes_with_the_write(self, world: OnlineCalendarWorld) -> None:
        """The write depends on the event being as it was read: a change in that very moment is seen, and kept."""
        uid = world.put(Appointment("single", at(3, 10)))
        meanwhile = (world.requests.move, lambda: world.rename(uid, "Changed by a person"))
        world.vendor.fake.meanwhile.append(meanwhile)
        world.provider().write(write_of(CalendarOperation.MOVE, uid, at(4, 11)), STAMP)
        assert world.vendor.fake.requests[world.requests.move] == 2
        assert [(event.summary, event.dtstart) for event in self.read(world)] == [("Changed by a person", at(4, 11))]

    def test_an_event_that_changed_is_read_again(self, world: OnlineCalendarWorld) -> None:
        """Where the vendor says that a person changed the event after we read it, it is read again and then moved."""
        write = self.write_of(world, CalendarOperation.MOVE)
        world.vendor.fake.faults.append(replace(world.requests.changed, method=world.requests.move))
        written = world.provider().write(write, STAMP)
        assert (written.existed, written.start) == (False, at(4, 11))

    def test_an_event_that_keeps_changing_is_left_for_later(self, world: OnlineCalendarWorld) -> None:
        """Where the event is another one each time, it is given up for now after three tries."""
        write = self.write_of(world, CalendarOperation.MOVE)
        world.vendor.fake.faults.append(replace(world.requests.changed, method=world.requests.move, times=-1))
        with pytest.raises(TryLaterError):
            world.provider().write(write, STAMP)
        assert world.vendor.fake.requests[world.requests.move] == 3

    def test_a_meeting_that_is_there_already_is_not_written(self, world: OnlineCalendarWorld) -> None:
        """Where a person put the meeting where it should go, nothing is sent, and nobody is told twice."""
        write = self.write_of(world, CalendarOperation.MOVE)
        world.move(write.uid, None, at(4, 11))
        world.told.clear()
        assert world.provider().write(write, STAMP).existed
        assert world.told == []

    def test_two_requests_carry_out_a_write(self, world: OnlineCalendarWorld) -> None:
        """Look how it is now, write: two requests for a check-in, a meeting and an instance, and no third."""
        series = world.put(Appointment("series", at(1, 10), weeks=4))
        instance = replace(write_of(CalendarOperation.MOVE, series, at(9, 15)), recurrence_id=at(8, 10).astimezone(UTC))
        provider = world.provider()
        provider.read(at(1, 0), at(2, 0))
        for write in (*(self.write_of(world, operation) for operation in WRITES[:2]), instance):
            before = world.vendor.fake.count()
            provider.write(write, STAMP)
            assert world.vendor.fake.count() - before == 2

    def test_a_create_looks_before_it_writes(self, world: OnlineCalendarWorld) -> None:
        """No vendor promises to notice a second event of ours under the same id: a repetition sends none."""
        write = self.write_of(world, CalendarOperation.CREATE)
        for _ in range(2):
            world.provider().write(write, STAMP)
        assert world.vendor.fake.requests[world.requests.create] == 1

    # ------------------------------------------------------------------------------------------------------ faults

    @pytest.mark.parametrize("operation", WRITES)
    def test_pitfall_1_the_vendor_sees_one_write(
        self, world: OnlineCalendarWorld, operation: CalendarOperation
    ) -> None:
        """Pitfall 1: a server that reads the request and hangs up sees it exactly once."""
        write, method = self.write_of(world, operation), world.requests.of(operation)
        world.vendor.fake.faults.append(Fault(method, "drop", effect=True))
        with pytest.raises(UncertainError):
            world.provider().write(write, STAMP)
        assert world.vendor.fake.requests[method] == 1

    @pytest.mark.parametrize("operation", WRITES)
    def test_pitfall_2_a_write_takes_effect_exactly_once(
        self, world: OnlineCalendarWorld, operation: CalendarOperation, fault: Fault
    ) -> None:
        """Pitfall 2: whatever becomes of the answer, the calendar is written once, and everybody is told once."""
        write = self.write_of(world, operation)
        world.vendor.fake.faults.append(replace(fault, method=world.requests.of(operation)))
        written, errors = _until_written(world, write)
        assert len(world.told) == 1
        assert written.existed == fault.effect
        if fault.effect:
            assert errors == [UncertainError]
        assert self.starts(world) == ([] if operation is CalendarOperation.CANCEL else [at(4, 11)])

    # -------------------------------------------------------------------------------------------------------- busy

    def test_pitfall_34_an_error_of_one_calendar_is_unknown_and_not_free(self, world: OnlineCalendarWorld) -> None:
        """Pitfall 34: somebody who does not share their free times is unknown."""
        world.hide(OTHER)
        assert world.provider().busy(OTHER, at(3, 0), at(4, 0)) is None

    def test_the_owners_busy_times_cost_nothing_right_after_a_reading(self, world: OnlineCalendarWorld) -> None:
        """Within one pass the owner's times come from what was read; a minute later, or after a write, they are new."""
        world.put(Appointment("meeting", at(3, 9)))
        provider = world.provider()
        provider.read(at(1, 0), at(31, 0))
        before = world.vendor.fake.count()
        busy = provider.busy(OWNER, at(3, 0), at(4, 0))
        assert busy is not None
        assert [(item.start, item.end) for item in busy] == [(at(3, 9), at(3, 9, 30))]
        assert provider.busy(OWNER, at(4, 0), at(5, 0)) == ()
        assert world.vendor.fake.count() == before
        provider.busy(OWNER, at(4, 0), at(1, 0) + timedelta(days=40))
        assert world.vendor.fake.count() == before + 1
        world.put(Appointment("new", at(4, 9)))
        world.vendor.clock.turn(seconds=61)
        assert len(provider.busy(OWNER, at(4, 0), at(5, 0)) or ()) == 1
        provider.write(write_of(CalendarOperation.CREATE, self.new_uid, at(4, 14)), STAMP)
        assert len(provider.busy(OWNER, at(4, 0), at(5, 0)) or ()) == 2

    def test_busy_is_unknown_where_an_event_cannot_be_read(self, world: OnlineCalendarWorld) -> None:
        """Where an own event makes no sense, whether the owner is free is not known."""
        world.put_nonsense()
        assert world.provider().busy(OWNER, at(2, 0), at(5, 0)) is None


def _until_written(world: OnlineCalendarWorld, write: CalendarWrite) -> tuple[Written, list[type[AccountError]]]:
    """Carry out a write as the worker does: from the start after each fault, with time in between."""
    errors: list[type[AccountError]] = []
    for _ in range(5):
        try:
            return world.vendor.calendar(read=0.15).write(write, STAMP), errors
        except (UncertainError, TryLaterError) as error:
            errors.append(type(error))
            world.vendor.clock.turn(minutes=20)
    raise AssertionError(errors)
