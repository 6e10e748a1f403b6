"""What every calendar and every mailbox must keep, whoever provides it.

A provider's tests inherit `CalendarContract` and `MailContract` and give each a world: the vendor's side of things,
where a person makes, moves and removes appointments, and where mails arrive and are found after sending.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest

from worker.errors import ForbiddenError, GoneError
from worker.model import Attendee, CalendarOperation, CalendarWrite, Event
from worker.providers import CalendarProvider, MailProvider, Whereabouts

OWNER = "dana@example.com"
OTHER = "alex@example.com"
WORKER = "one-on-ones@example.com"
ZONE = "America/New_York"
STAMP = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

DANA = Attendee(OWNER, "Dana Kim", "ACCEPTED")
ALEX = Attendee(OTHER, "Alex Moreno", "ACCEPTED")


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    """A moment of 2026 on the owner's wall clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(ZONE))


@dataclass(frozen=True)
class Appointment:
    """What a person enters into a calendar: `weeks` instances a week apart, 1 for a single event."""

    uid: str
    start: datetime
    minutes: int = 30
    weeks: int = 1
    summary: str = "Dana / Alex"
    location: str = "Room 4"
    organizer: Attendee = DANA
    attendees: tuple[Attendee, ...] = (DANA, ALEX)
    all_day: bool = False
    free: bool = False
    away: bool = False
    tentative: bool = False
    private: bool = False


class CalendarWorld(Protocol):
    """The vendor's side of one person's calendar."""

    def provider(self, *, writable: bool = True) -> CalendarProvider:
        """A provider as the worker makes it when it starts; called again, it is a restart."""

    def put(self, appointment: Appointment) -> str:
        """A person makes an appointment; returns the UID that the calendar gave it."""

    def move(self, uid: str, original: datetime | None, start: datetime) -> None:
        """A person moves an event, or the instance of a series that began at `original`."""

    def cancel(self, uid: str, original: datetime | None) -> None:
        """A person cancels an event or an instance, so that the calendar still knows it as cancelled."""

    def remove(self, uid: str) -> None:
        """A person removes an event for good."""


def live(events: tuple[Event, ...]) -> list[Event]:
    """The events that take place."""
    return [event for event in events if event.status != "CANCELLED"]


def december(world: CalendarWorld) -> tuple[Event, ...]:
    """Return what a freshly started worker reads of December."""
    return world.provider().read(at(1, 0), at(31, 0)).events


def write_of(operation: CalendarOperation, uid: str, start: datetime, minutes: int = 30) -> CalendarWrite:
    """A write of a check-in between Dana and Alex."""
    return CalendarWrite(
        key=f"meeting-1/{operation}",
        operation=operation,
        uid=uid,
        start=start,
        end=start + timedelta(minutes=minutes),
        tzid=ZONE,
        summary="Dana / Alex",
        location="Room 4",
        organizer=replace(DANA, partstat="ACCEPTED"),
        attendees=(DANA, replace(ALEX, partstat="NEEDS-ACTION")),
    )


class CalendarContract:
    """The promises of a calendar provider."""

    # An id that every vendor accepts for an event of ours.
    new_uid = "ft0123456789abcdefghijklmnopqrstuv"

    def read(self, world: CalendarWorld) -> tuple[Event, ...]:
        """Return what a freshly started worker reads of December."""
        return december(world)

    def test_account_is_lower_case(self, world: CalendarWorld) -> None:
        """The owner's address is given in lower case."""
        assert world.provider().account == OWNER

    def test_reads_a_single_event(self, world: CalendarWorld) -> None:
        """A single event comes with its times, its zone, its words and its people."""
        uid = world.put(Appointment("single", at(3, 10)))
        (event,) = self.read(world)
        assert (event.uid, event.dtstart, event.dtend) == (uid, at(3, 10), at(3, 10, 30))
        assert (event.summary, event.location, event.tzid) == ("Dana / Alex", "Room 4", ZONE)
        assert event.organizer is not None
        assert event.organizer.address == OWNER
        assert {(person.address, person.partstat) for person in event.attendees} >= {(OTHER, "ACCEPTED")}
        assert (event.recurring, event.recurrence_id, event.all_day) == (False, None, False)

    def test_reads_every_instance_of_a_series(self, world: CalendarWorld) -> None:
        """Each instance of a series is an event of its own, at the same wall-clock time, named by its first start."""
        world.put(Appointment("series", at(20, 10, month=10), weeks=10))
        events = world.provider().read(at(19, 0, month=10), at(1, 0)).events
        expected = [at(20, 10, month=10) + timedelta(weeks=week) for week in range(6)]
        assert [event.dtstart for event in events] == expected
        assert [event.recurrence_id for event in events] == expected
        assert all(event.recurring for event in events)
        assert len({event.uid for event in events}) == 1

    def test_window_is_half_open(self, world: CalendarWorld) -> None:
        """An event that ends where the window begins, or begins where it ends, is not in it; one that overlaps is."""
        for number, hour in enumerate((8, 9, 11, 12)):
            world.put(Appointment(f"at{number}", at(3, hour), minutes=60))
        events = world.provider().read(at(3, 9, 30), at(3, 12)).events
        assert [event.dtstart for event in events] == [at(3, 9), at(3, 11)]

    def test_pitfall_12_a_day_is_the_owners_day(self, world: CalendarWorld) -> None:
        """Pitfall 12: an all-day event runs from midnight to midnight on the owner's wall clock."""
        world.put(Appointment("day", at(3, 0), all_day=True, free=True))
        (event,) = self.read(world)
        assert (event.all_day, event.dtstart, event.dtend) == (True, at(3, 0), at(4, 0))

    def test_events_are_sorted(self, world: CalendarWorld) -> None:
        """Events come by start."""
        for day in (9, 3, 21, 4):
            world.put(Appointment(f"day{day}", at(day, 10)))
        assert [event.dtstart.day for event in self.read(world)] == [3, 4, 9, 21]

    def test_moved_instance_keeps_its_name(self, world: CalendarWorld) -> None:
        """An instance that a person moved has its new time and the recurrence id of its old one."""
        uid = world.put(Appointment("series", at(1, 10), weeks=3))
        world.move(uid, at(8, 10), at(10, 15))
        moved = [event for event in live(self.read(world)) if event.recurrence_id == at(8, 10)]
        assert [event.dtstart for event in moved] == [at(10, 15)]
        assert [event.dtstart for event in live(self.read(world))] == [at(1, 10), at(10, 15), at(15, 10)]

    def test_instance_moved_into_the_window_is_read(self, world: CalendarWorld) -> None:
        """An instance is read where it takes place, however far from there it was planned."""
        uid = world.put(Appointment("series", at(3, 10, month=11), weeks=8))
        world.move(uid, at(3, 10, month=11), at(17, 16))
        events = world.provider().read(at(17, 0), at(18, 0)).events
        assert [(event.dtstart, event.recurrence_id) for event in events] == [(at(17, 16), at(3, 10, month=11))]

    def test_cancelled_instance_does_not_take_place(self, world: CalendarWorld) -> None:
        """A cancelled instance is absent, or says that it is cancelled; the others stay."""
        uid = world.put(Appointment("series", at(1, 10), weeks=3))
        world.cancel(uid, at(8, 10))
        assert [event.dtstart for event in live(self.read(world))] == [at(1, 10), at(15, 10)]

    def test_a_change_is_seen_without_a_restart(self, world: CalendarWorld) -> None:
        """What a person changes shows in the next reading of the same provider."""
        provider = world.provider()
        uid = world.put(Appointment("single", at(3, 10)))
        assert [event.dtstart for event in provider.read(at(1, 0), at(31, 0)).events] == [at(3, 10)]
        world.move(uid, None, at(4, 11))
        assert [event.dtstart for event in provider.read(at(1, 0), at(31, 0)).events] == [at(4, 11)]
        world.remove(uid)
        assert provider.read(at(1, 0), at(31, 0)).events == ()

    def test_a_wider_window_has_everything(self, world: CalendarWorld) -> None:
        """A reading further ahead than the last one has every instance there is."""
        provider = world.provider()
        world.put(Appointment("series", at(1, 10), weeks=60))
        provider.read(at(1, 0), at(8, 0))
        far = at(1, 0) + timedelta(days=380)
        assert len(provider.read(at(1, 0), far).events) == 55
        assert len(provider.read(at(1, 0) - timedelta(days=90), far).events) == 55

    def test_signature_tells_of_changes(self, world: CalendarWorld) -> None:
        """Where there is a signature it stays while nothing changes, and differs after a change."""
        provider = world.provider()
        uid = world.put(Appointment("single", at(3, 10)))
        first = provider.signature()
        if first:
            assert provider.signature() == first
            world.move(uid, None, at(3, 11))
            assert provider.signature() != first

    def test_find_returns_what_is_there_now(self, world: CalendarWorld) -> None:
        """One instance is found by its name wherever it was moved to, a removed one is not."""
        uid = world.put(Appointment("series", at(1, 10), weeks=4))
        world.move(uid, at(8, 10), at(11, 15))
        provider = world.provider()
        found = provider.find(uid, at(8, 10).astimezone(UTC), at(8, 10))
        assert found is not None
        assert found.dtstart == at(11, 15)
        same = provider.find(uid, at(15, 10).astimezone(UTC), at(15, 10))
        assert same is not None
        assert same.dtstart == at(15, 10)
        assert provider.find(uid, at(9, 10).astimezone(UTC), at(9, 10)) is None
        world.remove(uid)
        assert provider.find(uid, at(15, 10).astimezone(UTC), at(15, 10)) is None

    def test_find_tells_of_a_cancellation(self, world: CalendarWorld) -> None:
        """A cancelled event is not found, or found with its status."""
        uid = world.put(Appointment("single", at(3, 10)))
        found = world.provider().find(uid, None, at(3, 10))
        assert found is not None
        assert found.status == "CONFIRMED"
        world.cancel(uid, None)
        found = world.provider().find(uid, None, at(3, 10))
        assert found is None or found.status == "CANCELLED"

    # ----------------------------------------------------------------------------------------------- writing

    def test_create_makes_one_event(self, world: CalendarWorld) -> None:
        """A created event is read back with its time, zone, words and both people, the worker not among them."""
        written = world.provider().write(write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14)), STAMP)
        assert (written.existed, written.start, written.end) == (False, at(10, 14), at(10, 14, 30))
        (event,) = self.read(world)
        assert (event.uid, event.dtstart, event.dtend) == (written.uid, at(10, 14), at(10, 14, 30))
        assert (event.tzid, event.summary, event.location) == (ZONE, "Dana / Alex", "Room 4")
        people = {person.address for person in event.attendees} | {event.organizer.address if event.organizer else ""}
        assert people == {OWNER, OTHER}
        assert event.editable

    def test_create_twice_makes_one_event(self, world: CalendarWorld) -> None:
        """A create that is repeated, also after a restart, leaves one event and says that it existed."""
        write = write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14))
        provider = world.provider()
        first = provider.write(write, STAMP)
        for again in (provider, world.provider()):
            second = again.write(write, STAMP + timedelta(hours=1))
            assert (second.existed, second.uid, second.start) == (True, first.uid, at(10, 14))
        assert len(self.read(world)) == 1

    def test_create_does_not_undo_a_move_by_a_person(self, world: CalendarWorld) -> None:
        """Where a person moved what we made, repeating the create leaves it there and tells the true time."""
        write = write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14))
        written = world.provider().write(write, STAMP)
        world.move(written.uid, None, at(11, 9))
        again = world.provider().write(write, STAMP)
        assert (again.existed, again.start) == (True, at(11, 9))
        assert [event.dtstart for event in self.read(world)] == [at(11, 9)]

    def test_create_after_a_move_of_ours_makes_no_second_event(self, world: CalendarWorld) -> None:
        """What we made and then moved is still known as made: repeating the create tells the true time."""
        write = write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14))
        written = world.provider().write(write, STAMP)
        world.provider().write(write_of(CalendarOperation.MOVE, written.uid, at(11, 9)), STAMP)
        again = world.provider().write(write, STAMP)
        assert (again.existed, again.start) == (True, at(11, 9))

    @pytest.mark.parametrize(
        "uid", ["x" * 3, "z" * 40, "a" * 2000, "Über+uid@example.com", "it's"], ids=lambda uid: str(uid)[:20]
    )
    def test_any_uid_makes_one_event(self, world: CalendarWorld, uid: str) -> None:
        """Whatever a check-in is called, its event is made once; what is called otherwise is another one."""
        write = write_of(CalendarOperation.CREATE, uid, at(10, 14))
        first = world.provider().write(write, STAMP)
        assert world.provider().write(write, STAMP) == replace(first, existed=True)
        assert len(self.read(world)) == 1
        assert world.provider().write(replace(write, uid=self.new_uid), STAMP).uid != first.uid
        assert len(self.read(world)) == 2

    def test_create_never_brings_back_what_a_person_cancelled(self, world: CalendarWorld) -> None:
        """Where a person cancelled what we made, repeating the create is refused."""
        write = write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14))
        written = world.provider().write(write, STAMP)
        world.cancel(written.uid, None)
        with pytest.raises(GoneError):
            world.provider().write(write, STAMP)
        assert live(self.read(world)) == []

    def test_words_are_data(self, world: CalendarWorld) -> None:
        """Line ends and iCalendar syntax in a title make no second event, property or person."""
        evil = "Dana\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:eve@example.com;,\\"
        write = replace(write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14)), summary=evil, description=evil)
        world.provider().write(write, STAMP)
        (event,) = self.read(world)
        assert "eve@example.com" not in {person.address for person in event.attendees}
        assert event.summary.startswith("Dana")

    def test_move_of_a_single_event(self, world: CalendarWorld) -> None:
        """A moved event is at its new time with everything else kept; moving it again changes nothing."""
        uid = world.put(Appointment("single", at(3, 10)))
        provider = world.provider()
        write = write_of(CalendarOperation.MOVE, uid, at(4, 11), minutes=45)
        assert not provider.write(write, STAMP).existed
        (event,) = self.read(world)
        assert (event.dtstart, event.dtend, event.summary) == (at(4, 11), at(4, 11, 45), "Dana / Alex")
        assert OTHER in {person.address for person in event.attendees}
        assert provider.write(write, STAMP).existed
        assert self.read(world)[0].sequence == event.sequence

    def test_move_of_one_instance_leaves_the_series(self, world: CalendarWorld) -> None:
        """Moving one instance moves that one; repeated, it changes nothing; it can be moved once more."""
        uid = world.put(Appointment("series", at(1, 10), weeks=4))
        provider = world.provider()
        write = replace(write_of(CalendarOperation.MOVE, uid, at(9, 15)), recurrence_id=at(8, 10).astimezone(UTC))
        provider.write(write, STAMP)
        expected = [at(1, 10), at(9, 15), at(15, 10), at(22, 10)]
        assert [event.dtstart for event in live(self.read(world))] == expected
        assert provider.write(write, STAMP).existed
        provider.write(replace(write, start=at(10, 9), end=at(10, 9, 30)), STAMP)
        events = live(self.read(world))
        assert [event.dtstart for event in events] == [at(1, 10), at(10, 9), at(15, 10), at(22, 10)]
        assert [event.recurrence_id for event in events] == [at(1, 10), at(8, 10), at(15, 10), at(22, 10)]
        assert all(OTHER in {person.address for person in event.attendees} for event in events)

    @pytest.mark.parametrize("weeks", [1, 4], ids=["event", "instance"])
    def test_a_repeated_move_does_not_undo_a_persons_move(self, world: CalendarWorld, weeks: int) -> None:
        """Where our move took effect and a person moved the meeting on, repeating it leaves it where they put it."""
        uid = world.put(Appointment("one", at(3, 10), weeks=weeks))
        original = at(3, 10).astimezone(UTC) if weeks > 1 else None
        write = replace(write_of(CalendarOperation.MOVE, uid, at(4, 11)), recurrence_id=original)
        world.provider().write(write, STAMP)
        world.move(uid, original, at(5, 9))
        again = world.provider().write(write, STAMP)
        assert (again.existed, again.start) == (True, at(5, 9))

    def test_cancel_of_one_instance_leaves_the_series(self, world: CalendarWorld) -> None:
        """Cancelling one instance cancels that one; repeated, it changes nothing."""
        uid = world.put(Appointment("series", at(1, 10), weeks=3))
        provider = world.provider()
        write = replace(write_of(CalendarOperation.CANCEL, uid, at(8, 10)), recurrence_id=at(8, 10).astimezone(UTC))
        assert not provider.write(write, STAMP).existed
        assert [event.dtstart for event in live(self.read(world))] == [at(1, 10), at(15, 10)]
        assert provider.write(write, STAMP).existed

    def test_cancel_of_a_single_event(self, world: CalendarWorld) -> None:
        """A cancelled event does not take place; cancelling it again changes nothing."""
        uid = world.put(Appointment("single", at(3, 10)))
        provider = world.provider()
        write = write_of(CalendarOperation.CANCEL, uid, at(3, 10))
        assert not provider.write(write, STAMP).existed
        assert live(self.read(world)) == []
        assert provider.write(write, STAMP).existed

    def test_what_is_gone_is_not_moved(self, world: CalendarWorld) -> None:
        """Moving what a person removed or cancelled is refused and brings nothing back."""
        uid = world.put(Appointment("single", at(3, 10)))
        series = world.put(Appointment("series", at(1, 10), weeks=3))
        provider = world.provider()
        world.remove(uid)
        world.cancel(series, at(8, 10))
        with pytest.raises(GoneError):
            provider.write(write_of(CalendarOperation.MOVE, uid, at(4, 11)), STAMP)
        instance = replace(write_of(CalendarOperation.MOVE, series, at(9, 11)), recurrence_id=at(8, 10).astimezone(UTC))
        with pytest.raises(GoneError):
            provider.write(instance, STAMP)
        assert [event.dtstart for event in live(self.read(world))] == [at(1, 10), at(15, 10)]

    def test_read_only_calendar_is_never_written(self, world: CalendarWorld) -> None:
        """Where we may only read, a write is refused and nothing is there."""
        provider = world.provider(writable=False)
        assert not provider.writable
        with pytest.raises(ForbiddenError):
            provider.write(write_of(CalendarOperation.CREATE, self.new_uid, at(10, 14)), STAMP)
        assert self.read(world) == ()

    # -------------------------------------------------------------------------------------------------- busy

    def test_busy_times_of_the_owner(self, world: CalendarWorld) -> None:
        """Meetings and tentative ones take time; free, cancelled and declined ones do not; absence is away."""
        world.put(Appointment("meeting", at(3, 9)))
        world.put(Appointment("tentative", at(3, 10), tentative=True))
        world.put(Appointment("free", at(3, 11), free=True))
        cancelled = world.put(Appointment("cancelled", at(3, 12)))
        world.cancel(cancelled, None)
        declined = (replace(DANA, partstat="DECLINED"), ALEX)
        world.put(Appointment("declined", at(3, 13), organizer=ALEX, attendees=declined))
        world.put(Appointment("away", at(3, 14), away=True, attendees=(), minutes=120))
        busy = world.provider().busy(OWNER, at(3, 0), at(4, 0))
        assert busy is not None
        assert [(item.start, item.end, item.away) for item in busy] == [
            (at(3, 9), at(3, 9, 30), False),
            (at(3, 10), at(3, 10, 30), False),
            (at(3, 14), at(3, 16), True),
        ]

    def test_busy_time_of_a_stranger_is_unknown(self, world: CalendarWorld) -> None:
        """Nothing is said about somebody whose calendar cannot be asked: unknown is not free."""
        assert world.provider().busy("stranger@elsewhere.example", at(3, 0), at(4, 0)) is None


# ------------------------------------------------------------------------------------------------------------- mail


def mail_of(number: int, body: str = "Hello") -> bytes:
    """A mail as the worker renders it."""
    return (
        f"From: Followthrough <{WORKER}>\r\nTo: {OTHER}\r\nSubject: Agenda {number}\r\n"
        f"Message-ID: <agenda-{number}@example.com>\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


class MailWorld(Protocol):
    """The vendor's side of a mailbox."""

    def provider(self) -> MailProvider:
        """A provider as the worker makes it when it starts; called again, it is a restart."""

    def receive(self, raw: bytes, at: datetime) -> None:
        """A mail arrives in the mailbox."""

    def sent(self) -> list[bytes]:
        """What has left the mailbox, as its recipients get it, in any order."""


class MailContract:
    """The promises of a mail provider."""

    def test_address_is_lower_case(self, mailbox: MailWorld) -> None:
        """The mailbox's address is given in lower case."""
        assert mailbox.provider().address == WORKER

    def test_a_draft_is_not_sent(self, mailbox: MailWorld) -> None:
        """A mail that is stored as a draft has not left."""
        provider = mailbox.provider()
        provider.draft("agenda/1", mail_of(1), "")
        assert mailbox.sent() == []

    def test_a_draft_is_sent_once(self, mailbox: MailWorld) -> None:
        """Sending a draft sends that mail, once, and tells its true Message-ID."""
        provider = mailbox.provider()
        sent = provider.send(provider.draft("agenda/1", mail_of(1), ""))
        (raw,) = mailbox.sent()
        assert b"Subject: Agenda 1" in raw
        assert sent.message_id.encode() in raw
        assert sent.provider_id

    def test_drafting_twice_makes_one_mail(self, mailbox: MailWorld) -> None:
        """The same key and bytes, also after a restart, make one draft and one mail."""
        first = mailbox.provider().draft("agenda/1", mail_of(1), "")
        second = mailbox.provider().draft("agenda/1", mail_of(1), "")
        assert first == second
        mailbox.provider().send(second)
        assert len(mailbox.sent()) == 1

    def test_two_keys_are_two_mails(self, mailbox: MailWorld) -> None:
        """The same bytes under two keys are two mails."""
        provider = mailbox.provider()
        refs = [provider.draft(f"agenda/{number}", mail_of(1), "") for number in (1, 2)]
        for ref in refs:
            provider.send(ref)
        assert len(mailbox.sent()) == 2

    def test_the_mail_of_another_key_is_not_taken_for_ours(self, mailbox: MailWorld) -> None:
        """Two mails of the same bytes and conversation are told apart: one is sent, the other is a draft, no third."""
        provider = mailbox.provider()
        first = provider.send(provider.draft("one", mail_of(1), ""))
        ref = provider.draft("two", mail_of(1), first.conversation)
        assert provider.locate("one", "", first.message_id)[0] is Whereabouts.SENT
        assert provider.locate("two", ref, "<agenda-1@example.com>")[0] is Whereabouts.DRAFT
        assert provider.locate("three", "", "<agenda-1@example.com>")[0] is Whereabouts.ABSENT

    def test_sending_twice_sends_once(self, mailbox: MailWorld) -> None:
        """Sending what was sent tells so or is refused, and sends nothing."""
        provider = mailbox.provider()
        ref = provider.draft("agenda/1", mail_of(1), "")
        first = provider.send(ref)
        try:
            again = mailbox.provider().send(ref)
        except GoneError:
            pass
        else:
            assert again.message_id == first.message_id
        assert len(mailbox.sent()) == 1

    def test_a_draft_that_is_gone_cannot_be_sent(self, mailbox: MailWorld) -> None:
        """Sending what is not there is refused with GoneError."""
        with pytest.raises(GoneError):
            mailbox.provider().send("no-such-draft")

    def test_locate_tells_draft_from_sent(self, mailbox: MailWorld) -> None:
        """After a restart a mail is known as absent, a draft, or sent, with its Message-ID."""
        where, _ = mailbox.provider().locate("agenda/1", "", "<agenda-1@example.com>")
        assert where is Whereabouts.ABSENT
        ref = mailbox.provider().draft("agenda/1", mail_of(1), "")
        where, _ = mailbox.provider().locate("agenda/1", ref, "<agenda-1@example.com>")
        assert where is Whereabouts.DRAFT
        truth = mailbox.provider().send(ref)
        where, sent = mailbox.provider().locate("agenda/1", ref, truth.message_id)
        assert where is Whereabouts.SENT
        assert sent is not None
        assert sent.message_id == truth.message_id

    def test_mails_come_oldest_first_and_whole(self, mailbox: MailWorld) -> None:
        """Received mails come in the order of their arrival, byte for byte."""
        raws = [mail_of(number, f"Réponse {number}") for number in (3, 1, 2)]
        for minute, raw in enumerate(raws):
            mailbox.receive(raw, STAMP + timedelta(minutes=minute))
        assert [mail.raw for mail in mailbox.provider().fetch("").mails] == raws

    def test_a_mail_comes_again_until_it_is_done(self, mailbox: MailWorld) -> None:
        """A mail that was fetched and not settled comes again after a restart."""
        mailbox.receive(mail_of(1), STAMP)
        assert len(mailbox.provider().fetch("").mails) == 1
        assert len(mailbox.provider().fetch("").mails) == 1

    def test_a_mail_that_is_done_does_not_come_again(self, mailbox: MailWorld) -> None:
        """A settled mail is not fetched with the cursor that came with it; settling it twice is fine."""
        mailbox.receive(mail_of(1), STAMP)
        mailbox.receive(mail_of(2), STAMP + timedelta(minutes=1))
        batch = mailbox.provider().fetch("")
        for _ in range(2):
            for number, mail in enumerate(batch.mails):
                mailbox.provider().done(mail, refused=number == 0)
        assert mailbox.provider().fetch(batch.cursor).mails == ()
        mailbox.receive(mail_of(3), STAMP + timedelta(minutes=2))
        assert [mail.raw for mail in mailbox.provider().fetch(batch.cursor).mails] == [mail_of(3)]

    def test_signature_tells_of_new_mail(self, mailbox: MailWorld) -> None:
        """Where there is a signature it stays while nothing comes, and differs when a mail has come."""
        provider = mailbox.provider()
        provider.fetch("")
        first = provider.signature()
        if first:
            assert provider.signature() == first
            mailbox.receive(mail_of(1), STAMP)
            assert provider.signature() != first
