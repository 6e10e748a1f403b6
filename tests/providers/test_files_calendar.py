"""The embedded default's calendar: the contract, and what only files can do to it."""

from __future__ import annotations

import errno
import os
import resource
import stat
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event, vCalAddress

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
    live,
    write_of,
)
from worker.errors import AccountError, ForbiddenError, GoneError, RefusedError, TryLaterError
from worker.model import CalendarOperation
from worker.providers.files import FilesCalendar
from worker.providers.files.durable import explain, replace_file

CORPUS = Path(__file__).parent.parent / "calendars"


class VdirWorld:
    """A person's calendar program that keeps a vdir, written with a library of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def provider(self, *, writable: bool = True) -> FilesCalendar:
        """Return a provider on the folder."""
        return FilesCalendar(
            account=OWNER.upper(), path=self.folder, timezone=ZONE, writable=writable, worker_address=WORKER
        )

    def put(self, appointment: Appointment) -> str:
        """Save an appointment as a new file."""
        event = Event()
        event.add("uid", appointment.uid)
        event.add("dtstamp", STAMP)
        event.add("dtstart", appointment.start.date() if appointment.all_day else appointment.start)
        if not appointment.all_day:
            event.add("dtend", appointment.start + timedelta(minutes=appointment.minutes))
        if appointment.weeks > 1:
            event.add("rrule", {"freq": "weekly", "count": appointment.weeks})
        event.add("summary", appointment.summary)
        event.add("location", appointment.location)
        event.add("status", "TENTATIVE" if appointment.tentative else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if appointment.free else "OPAQUE")
        event.add("class", "PRIVATE" if appointment.private else "PUBLIC")
        if appointment.away:
            event.add("x-microsoft-cdo-busystatus", "OOF")
        if appointment.attendees:
            event.add("organizer", _person(appointment.organizer.address, "", ""))
        for person in appointment.attendees:
            event.add("attendee", _person(person.address, person.name, person.partstat))
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//A person's calendar program//EN")
        calendar.add_component(event)
        self._save(self.folder / f"{appointment.uid}.ics", calendar)
        return appointment.uid

    def move(self, uid: str, original: datetime | None, start: datetime) -> None:
        """Give an event or an instance a new start."""
        path, calendar, event = self._instance(uid, original)
        length = event["dtend"].dt - event["dtstart"].dt
        for name, moment in (("dtstart", start), ("dtend", start + length)):
            event.pop(name)
            event.add(name, moment)
        self._save(path, calendar)

    def cancel(self, uid: str, original: datetime | None) -> None:
        """Set the status of an event or an instance to cancelled."""
        path, calendar, event = self._instance(uid, original)
        event.pop("status", None)
        event.add("status", "CANCELLED")
        self._save(path, calendar)

    def remove(self, uid: str) -> None:
        """Delete the file."""
        (self.folder / f"{uid}.ics").unlink()

    def _instance(self, uid: str, original: datetime | None) -> tuple[Path, Calendar, Any]:
        path = self.folder / f"{uid}.ics"
        calendar = Calendar.from_ical(path.read_bytes())
        assert isinstance(calendar, Calendar)
        events: list[Any] = calendar.events
        master = next(event for event in events if "recurrence-id" not in event)
        if original is None:
            return path, calendar, master
        for event in events:
            if "recurrence-id" in event and event["recurrence-id"].dt == original:
                return path, calendar, event
        override = master.copy(recursive=True)
        for name in ("rrule", "dtstart", "dtend"):
            override.pop(name)
        override.add("recurrence-id", original)
        override.add("dtstart", original)
        override.add("dtend", original + (master["dtend"].dt - master["dtstart"].dt))
        calendar.add_component(override)
        return path, calendar, override

    def _save(self, path: Path, calendar: Calendar) -> None:
        path.write_bytes(calendar.to_ical())


def _person(address: str, name: str, partstat: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        person.params["cn"] = name
    if partstat:
        person.params["partstat"] = partstat
    return person


@pytest.fixture
def world(tmp_path: Path) -> VdirWorld:
    """An empty vdir."""
    return VdirWorld(tmp_path / "calendar")


class TestFilesCalendar(CalendarContract):
    """The contract, kept by a vdir."""


# ---------------------------------------------------------------------------------------------------------- reading


def test_temporary_names_are_passed_over(world: VdirWorld) -> None:
    """Files that somebody is still writing are neither read nor reported."""
    for name in (".hidden.ics", "event.ics.tmp", "event.part", "event.ics~", "notes.txt"):
        (world.folder / name).write_bytes(b"BEGIN:VCALENDAR")
    (world.folder / "folder.ics").mkdir()
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert (reading.events, reading.problems, reading.complete) == ((), (), True)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 400,
        b"hello",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        b"BEGIN:VEVENT\r\n" * 3000,
        "BEGIN:VCALENDAR".encode("utf-16"),
    ],
)
def test_a_broken_file_is_told_and_passed_over(world: VdirWorld, raw: bytes) -> None:
    """One broken file is a problem with its name and a next step; the others are read, and absence proves nothing."""
    world.put(Appointment("good", at(3, 10)))
    (world.folder / "bad.ics").write_bytes(raw)
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert [event.uid for event in reading.events] == ["good"]
    assert [item for item, _ in reading.problems] == ["bad.ics"]
    assert reading.problems[0][1].endswith("or remove it")
    assert not reading.complete


def test_a_broken_event_leaves_the_others_of_its_file(world: VdirWorld) -> None:
    """Of a file with several events only the broken ones are missing, each with its own problem."""
    event = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:{1}\r\nDTEND:20261203T110000Z\r\nSUMMARY:{0}\r\nEND:VEVENT\r\n"
    parts = [
        event.format("good", "20261203T100000Z"),
        event.format("nonsense", "tomorrow"),
        event.format("backwards", "20261204T100000Z"),
        "BEGIN:VEVENT\r\nDTSTART:20261203T100000Z\r\nSUMMARY:no uid\r\nEND:VEVENT\r\n",
        "BEGIN:VEVENT\r\nUID:no start\r\nEND:VEVENT\r\n",
    ]
    (world.folder / "all.ics").write_text("BEGIN:VCALENDAR\r\n" + "".join(parts) + "END:VCALENDAR\r\n")
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert [event.uid for event in reading.events] == ["good"]
    assert len(reading.problems) == 4
    assert {item for item, _ in reading.problems} == {"all.ics"}
    assert not reading.complete


def test_an_event_without_uid_is_told(world: VdirWorld) -> None:
    """An event without UID is a problem, but hides nothing that was ever known."""
    (world.folder / "a.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261203T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert "UID" in reading.problems[0][1]
    assert reading.complete


def test_an_unreadable_file_is_told(world: VdirWorld) -> None:
    """A file that the system does not let us read is a problem, and the others are read."""
    world.put(Appointment("good", at(3, 10)))
    (world.folder / "loop.ics").symlink_to(world.folder / "loop.ics")
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert [event.uid for event in reading.events] == ["good"]
    assert [item for item, _ in reading.problems] == ["loop.ics"]
    assert not reading.complete


def test_a_file_of_absurd_size_is_told_not_read(world: VdirWorld) -> None:
    """A file larger than any calendar is a problem and is not loaded."""
    world.put(Appointment("good", at(3, 10)))
    (world.folder / "huge.ics").touch()
    os.truncate(world.folder / "huge.ics", 5_000_000_000)
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert [event.uid for event in reading.events] == ["good"]
    assert [(item, "larger than 30 MB" in text) for item, text in reading.problems] == [("huge.ics", True)]


def test_looking_for_one_event_expands_nothing_else(world: VdirWorld) -> None:
    """Looking for one event far away leaves what is known of the others as it is."""
    for number in range(60):
        world.put(Appointment(f"series{number}", at(1, 10), weeks=200))
    provider = world.provider()
    begin = time.process_time()
    provider.read(at(1, 0), at(31, 0))
    first = time.process_time() - begin
    begin = time.process_time()
    assert provider.find("series7", None, at(1, 10) + timedelta(weeks=150)) is not None
    provider.read(at(1, 0), at(31, 0))
    assert time.process_time() - begin < first / 5


def test_a_dangling_link_is_passed_over(world: VdirWorld) -> None:
    """A link to nothing hides nothing else."""
    world.put(Appointment("good", at(3, 10)))
    (world.folder / "link.ics").symlink_to(world.folder / "nowhere")
    assert [event.uid for event in world.provider().read(at(1, 0), at(31, 0)).events] == ["good"]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    """A folder that is not there is an error of the account that ends in the next step."""
    provider = FilesCalendar(account=OWNER, path=tmp_path / "none", timezone=ZONE)
    with pytest.raises(AccountError, match=r"create the folder, or correct `path` in the configuration$"):
        provider.read(at(1, 0), at(31, 0))
    with pytest.raises(AccountError):
        provider.signature()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AccountError, match="is not a folder"):
        FilesCalendar(account=OWNER, path=tmp_path / "file", timezone=ZONE).read(at(1, 0), at(31, 0))


def test_of_two_files_with_one_uid_the_newer_counts(world: VdirWorld) -> None:
    """An object that is there twice is read once, from the file with the higher SEQUENCE, and told."""
    world.put(Appointment("same", at(3, 10)))
    raw = (world.folder / "same.ics").read_text().replace("T100000", "T120000").replace("T103000", "T123000")
    (world.folder / "copy.ics").write_text(raw.replace("STATUS:", "SEQUENCE:4\r\nSTATUS:"))
    reading = world.provider().read(at(1, 0), at(31, 0))
    assert [event.dtstart for event in reading.events] == [at(3, 12)]
    assert [item for item, _ in reading.problems] == ["same.ics"]
    assert reading.problems[0][1].endswith("copy.ics, which counts: remove one")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=1000000000",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55",
        "FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
        "FREQ=WEEKLY;INTERVAL=0",
    ],
)
def test_an_absurd_rule_costs_little_and_is_told(world: VdirWorld, rule: str) -> None:
    """A rule that fires without end, or never, takes under half a second, is told, and hides nothing else."""
    world.put(Appointment("good", at(3, 10)))
    (world.folder / "bomb.ics").write_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:bomb\r\nDTSTART;TZID=America/New_York:19800101T100000\r\n"
        f"DTEND;TZID=America/New_York:19800101T103000\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    provider = world.provider()
    begin = time.process_time()
    reading = provider.read(at(1, 0), at(31, 0))
    assert time.process_time() - begin < 3.0
    assert [event.uid for event in reading.events] == ["good"]
    assert [item for item, _ in reading.problems] == ["bomb.ics"]


def test_only_changed_files_are_read_again(world: VdirWorld) -> None:
    """A reading with nothing changed costs a small part of the first one, and one change costs one file."""
    for number in range(100):
        world.put(Appointment(f"event{number}", at(3, 10), weeks=3))
    provider = world.provider()
    costs = []
    for _ in range(2):
        begin = time.process_time()
        provider.read(at(1, 0), at(31, 0))
        costs.append(time.process_time() - begin)
    assert costs[1] < costs[0] / 10
    world.move("event7", at(3, 10), at(4, 12))
    begin = time.process_time()
    events = provider.read(at(1, 0), at(31, 0)).events
    assert time.process_time() - begin < costs[0] / 5
    assert [event.uid for event in events if event.dtstart == at(4, 12)] == ["event7"]


def test_a_change_that_keeps_size_and_time_is_seen(world: VdirWorld) -> None:
    """A file that is rewritten in place with its old size and old modification time is read again."""
    world.put(Appointment("single", at(3, 10)))
    path = world.folder / "single.ics"
    provider = world.provider()
    signature = provider.signature()
    provider.read(at(1, 0), at(31, 0))
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"1203T", b"1204T"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert provider.signature() != signature
    assert [event.dtstart for event in provider.read(at(1, 0), at(31, 0)).events] == [at(4, 10)]


def test_find_does_not_take_a_broken_file_for_a_removed_event(world: VdirWorld) -> None:
    """While the file that holds an event is half written, the event is neither found nor gone."""
    uid = world.put(Appointment("single", at(3, 10)))
    path = world.folder / "single.ics"
    path.write_bytes(path.read_bytes()[:-40])
    path = path.rename(world.folder / "another name.ics")
    with pytest.raises(TryLaterError):
        world.provider().find(uid, None, at(3, 10))
    with pytest.raises(TryLaterError):
        world.provider().write(write_of(CalendarOperation.CREATE, uid, at(3, 10)), STAMP)
    assert list(world.folder.iterdir()) == [path]
    assert world.provider().find("other", None, at(3, 10)) is None


def test_an_event_of_somebody_else_is_not_editable(world: VdirWorld) -> None:
    """What another person organises, and anything in a calendar that we may only read, is not ours to move."""
    world.put(Appointment("ours", at(3, 10)))
    world.put(Appointment("theirs", at(3, 11), organizer=ALEX))
    editable = [event.editable for event in world.provider().read(at(1, 0), at(31, 0)).events]
    assert editable == [True, False]
    assert not any(event.editable for event in world.provider(writable=False).read(at(1, 0), at(31, 0)).events)


def test_all_day_events_run_by_the_owners_midnight(world: VdirWorld) -> None:
    """An all-day event runs from midnight to midnight of the owner's zone and takes that time."""
    world.put(Appointment("day", at(3, 0), all_day=True, attendees=()))
    (event,) = world.provider().read(at(1, 0), at(31, 0)).events
    assert (event.all_day, event.dtstart, event.dtend) == (True, at(3, 0), at(4, 0))
    busy = world.provider().busy(OWNER, at(3, 9), at(3, 10))
    assert busy is not None
    assert [(item.start, item.end) for item in busy] == [(at(3, 0), at(4, 0))]


# ---------------------------------------------------------------------------------------------------------- writing


def test_files_that_are_not_written_stay_as_they_are(world: VdirWorld) -> None:
    """A write touches no other file: not its bytes, not its times."""
    for source in CORPUS.glob("*.ics"):
        (world.folder / source.name).write_bytes(source.read_bytes())
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in world.folder.iterdir()}
    provider = world.provider()
    provider.write(write_of(CalendarOperation.CREATE, "ours", at(10, 14)), STAMP)
    provider.write(write_of(CalendarOperation.MOVE, "ours", at(11, 14)), STAMP)
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in world.folder.iterdir()}
    assert after.pop("ours.ics")
    assert after == before


def test_a_created_event_says_who_acts_for_whom(world: VdirWorld) -> None:
    """The manager organises by the worker's hand; the other is asked for an answer; the worker takes no part."""
    world.provider().write(write_of(CalendarOperation.CREATE, "ours", at(10, 14)), STAMP)
    calendar = Calendar.from_ical((world.folder / "ours.ics").read_bytes())
    assert isinstance(calendar, Calendar)
    events: list[Any] = calendar.events
    (event,) = events
    assert event["organizer"] == f"mailto:{OWNER}"
    assert event["organizer"].params["sent-by"] == f"mailto:{WORKER}"
    people = {str(person): dict(person.params) for person in event["attendee"]}
    assert set(people) == {f"mailto:{OWNER}", f"mailto:{OTHER}"}
    assert people[f"mailto:{OWNER}"]["PARTSTAT"] == "ACCEPTED"
    assert people[f"mailto:{OTHER}"]["PARTSTAT"] == "NEEDS-ACTION"
    assert people[f"mailto:{OTHER}"]["RSVP"] == "TRUE"
    assert event["dtstamp"].dt == STAMP
    assert [zone["tzid"] for zone in calendar.timezones] == [ZONE]
    assert "method" not in calendar


@pytest.mark.parametrize("uid", ["../../escape", "a/b", ".hidden", "x" * 300, "ü", "a b", "..", "con:2,S"])
def test_no_uid_leaves_the_folder(world: VdirWorld, uid: str) -> None:
    """Whatever a UID looks like, its file is a visible .ics file in the folder and is found again."""
    world.provider().write(write_of(CalendarOperation.CREATE, uid, at(10, 14)), STAMP)
    (path,) = world.folder.iterdir()
    assert path.suffix == ".ics"
    assert not path.name.startswith(".")
    assert world.provider().write(write_of(CalendarOperation.CREATE, uid, at(10, 14)), STAMP).existed
    assert not list(world.folder.parent.glob("*.ics"))


def test_a_series_is_never_changed_as_a_whole(world: VdirWorld) -> None:
    """A write that names a series instead of an instance is refused."""
    uid = world.put(Appointment("series", at(1, 10), weeks=3))
    before = (world.folder / "series.ics").read_bytes()
    for operation in (CalendarOperation.MOVE, CalendarOperation.CANCEL):
        with pytest.raises(RefusedError):
            world.provider().write(write_of(operation, uid, at(2, 10)), STAMP)
    assert (world.folder / "series.ics").read_bytes() == before


def test_an_excluded_instance_is_not_brought_back(world: VdirWorld) -> None:
    """An instance that an EXDATE took out cannot be moved."""
    uid = world.put(Appointment("series", at(1, 10), weeks=3))
    path = world.folder / "series.ics"
    path.write_text(path.read_text().replace("STATUS:", "EXDATE;TZID=America/New_York:20261208T100000\r\nSTATUS:"))
    write = replace(write_of(CalendarOperation.MOVE, uid, at(9, 10)), recurrence_id=at(8, 10).astimezone(UTC))
    with pytest.raises(GoneError):
        world.provider().write(write, STAMP)


def test_a_write_leaves_no_temporary_file(world: VdirWorld) -> None:
    """After a write, and after one that failed, the folder holds calendar files only."""
    provider = world.provider()
    provider.write(write_of(CalendarOperation.CREATE, "ours", at(10, 14)), STAMP)
    provider.write(write_of(CalendarOperation.MOVE, "ours", at(11, 14)), STAMP)
    (world.folder / ".left.ics.tmp").write_bytes(b"half")
    provider.write(write_of(CalendarOperation.MOVE, "ours", at(12, 14)), STAMP)
    assert sorted(path.name for path in world.folder.iterdir()) == [".left.ics.tmp", "ours.ics"]


def test_a_write_keeps_the_files_mode_and_follows_links(world: VdirWorld, tmp_path: Path) -> None:
    """A file that is a link stays one, and the file behind it keeps its mode."""
    world.put(Appointment("single", at(3, 10)))
    real = tmp_path / "real.ics"
    (world.folder / "single.ics").rename(real)
    real.chmod(0o640)
    (world.folder / "single.ics").symlink_to(real)
    world.provider().write(write_of(CalendarOperation.MOVE, "single", at(4, 10)), STAMP)
    assert (world.folder / "single.ics").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [event.dtstart for event in world.provider().read(at(1, 0), at(31, 0)).events] == [at(4, 10)]


def test_what_another_program_changes_meanwhile_is_kept(world: VdirWorld) -> None:
    """A change that somebody made after our last reading is in the file that we write."""
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    provider = world.provider()
    provider.read(at(1, 0), at(31, 0))
    world.move(uid, at(22, 10), at(23, 16))
    write = replace(write_of(CalendarOperation.MOVE, uid, at(9, 10)), recurrence_id=at(8, 10).astimezone(UTC))
    provider.write(write, STAMP)
    assert [event.dtstart for event in live(provider.read(at(1, 0), at(31, 0)).events)] == [
        at(1, 10),
        at(9, 10),
        at(15, 10),
        at(23, 16),
    ]


@pytest.fixture
def no_room() -> Iterator[None]:
    """A system that lets no file grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("no_room")
def test_a_write_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """Where the bytes do not fit, the old file is whole, nothing is left over, and it is tried again."""
    folder = tmp_path / "calendar"
    folder.mkdir()
    raw = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261203T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    (folder / "a.ics").write_bytes(raw)
    provider = FilesCalendar(account=OWNER, path=folder, timezone=ZONE)
    for write in (
        write_of(CalendarOperation.MOVE, "a", at(4, 10)),
        write_of(CalendarOperation.CREATE, "ours", at(10, 14)),
    ):
        with pytest.raises(TryLaterError, match=r"tried again by itself$"):
            provider.write(write, STAMP)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.ics": raw}


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, TryLaterError, "free some space"),
        (errno.EDQUOT, TryLaterError, "free some space"),
        (errno.EACCES, ForbiddenError, "access to it"),
        (errno.EROFS, ForbiddenError, "access to it"),
        (errno.ENOENT, AccountError, "create the folder"),
        (errno.ENOTDIR, AccountError, "is not a folder"),
        (errno.EIO, TryLaterError, "check the disk"),
    ],
)
def test_what_the_system_says_becomes_a_next_step(number: int, kind: type[AccountError], words: str) -> None:
    """Each way in which the file system refuses has the error class and the words of what to do."""
    error = explain(OWNER, Path("/calendars/dana"), OSError(number, os.strerror(number)))
    assert type(error) is kind
    assert words in str(error)
    assert "/calendars/dana" in str(error)


def test_a_file_that_changed_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """Bytes that were made from an older version of a file do not take the place of the newer one."""
    path = tmp_path / "a.ics"
    path.write_bytes(b"old")
    before = path.stat()
    assert replace_file(path, b"new", before)
    assert not replace_file(path, b"from old", before)
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == {"a.ics": b"new"}


def test_bytes_are_durable_before_their_name_is(tmp_path: Path) -> None:
    """The new bytes are synced while the old file is still in place, the folder once the new one is."""
    path = tmp_path / "a.ics"
    path.write_bytes(b"old")
    seen: list[tuple[str, bytes]] = []

    def sync(descriptor: int) -> None:
        seen.append((Path(f"/proc/self/fd/{descriptor}").readlink().name, path.read_bytes()))

    replace_file(path, b"new", path.stat(), sync)
    assert seen == [(".a.ics.tmp", b"old"), (tmp_path.name, b"new")]


def test_read_only_names_the_setting(world: VdirWorld) -> None:
    """The refusal of a write names the setting that would allow it."""
    with pytest.raises(ForbiddenError, match="write = true"):
        world.provider(writable=False).write(write_of(CalendarOperation.CREATE, "x", at(10, 14)), STAMP)


def test_declined_by_the_owner_takes_no_time_in_any_letter_case(world: VdirWorld) -> None:
    """The owner's own answer counts however their address is written."""
    declined = (replace(DANA, address="Dana@EXAMPLE.com", partstat="DECLINED"), ALEX)
    world.put(Appointment("declined", at(3, 13), organizer=ALEX, attendees=declined))
    assert world.provider().busy(OWNER.upper(), at(3, 0), at(4, 0)) == ()
