"""Calendar files as the programs of the world write them, each with what it means beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.ical import edit, read
from worker.ical.lines import parse
from worker.model import Attendee, CalendarOperation, CalendarWrite, Event

CORPUS = sorted((Path(__file__).parent.parent / "calendars").glob("*.ics"))
OWNER_ZONE = "Europe/Berlin"
START, END = datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
STAMP = datetime(2026, 11, 23, 8, tzinfo=UTC)


def row(event: Event) -> dict[str, object]:
    """Everything that a reading says of an event, as the expected files write it."""
    return {
        "uid": event.uid,
        "start": event.dtstart.isoformat(),
        "end": event.dtend.isoformat(),
        "tzid": event.tzid,
        "recurrence_id": event.recurrence_id.isoformat() if event.recurrence_id else None,
        "summary": event.summary,
        "location": event.location,
        "status": event.status,
        "organizer": f"{event.organizer.name} <{event.organizer.address}>" if event.organizer else None,
        "attendees": [answered(person) for person in event.attendees],
        "transparency": event.transparency,
        "sensitivity": event.sensitivity,
        "all_day": event.all_day,
        "recurring": event.recurring,
        "kind": event.kind,
        "sequence": event.sequence,
    }


def answered(person: Attendee) -> str:
    """A person as the expected files write one."""
    return f"{person.name} <{person.address}> {person.partstat} {person.cutype}"


def instances(raw: bytes) -> list[Event]:
    """Every instance of a file in the window of the expected files."""
    return [event for item in read(raw, OWNER_ZONE).objects for event in item.instances(START, END)]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_reads_as_its_program_shows_it(path: Path) -> None:
    """Every instance has the times, the words and the people that the program which wrote the file shows."""
    expected = json.loads(path.with_suffix(".json").read_text())
    assert [row(event) for event in instances(path.read_bytes())] == expected
    assert read(path.read_bytes(), OWNER_ZONE).problems == []


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_lines_are_kept_byte_for_byte(path: Path) -> None:
    """A file that is taken apart and put together again is the same bytes."""
    assert parse(path.read_bytes()).to_bytes() == path.read_bytes()


def timed(raw: bytes) -> list[Event]:
    """The instances of a file that a check-in could be."""
    return [event for event in instances(raw) if not event.all_day and event.status != "CANCELLED"]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
@pytest.mark.parametrize("operation", [CalendarOperation.MOVE, CalendarOperation.CANCEL])
def test_a_write_changes_one_instance_and_nothing_else(path: Path, operation: CalendarOperation) -> None:
    """Moving or cancelling any instance leaves every other as it was, and the file's other lines in their order."""
    raw = path.read_bytes()
    for event in timed(raw):
        start = datetime(2026, 12, 19, 7, tzinfo=UTC)
        write = CalendarWrite(
            "key", operation, event.uid, start, start + (event.dtend - event.dtstart), event.recurrence_id, event.tzid
        )
        edited = edit(raw, write, STAMP, OWNER_ZONE, "m1")
        assert edited.raw is not None
        before = {(one.uid, one.recurrence_id): row(one) for one in instances(raw)}
        after = {(one.uid, one.recurrence_id): row(one) for one in instances(edited.raw)}
        changed = after.pop((event.uid, event.recurrence_id))
        before.pop((event.uid, event.recurrence_id))
        assert after == before
        kept = {"uid", "tzid", "recurrence_id", "summary", "location", "organizer", "attendees", "transparency"}
        assert {key: changed[key] for key in kept} == {key: row(event)[key] for key in kept}
        assert changed["sequence"] == event.sequence + 1
        if operation is CalendarOperation.MOVE:
            assert datetime.fromisoformat(str(changed["start"])) == start
        else:
            assert (changed["status"], changed["start"]) == ("CANCELLED", event.dtstart.isoformat())
        again = edit(edited.raw, write, STAMP, OWNER_ZONE, "m1")
        assert again.raw is None
        # A change for this and all later instances begins one later, where its first one is written on its own.
        begun = {"RECURRENCE-ID"} if b"THISANDFUTURE" in raw else set()
        assert lost(raw, edited.raw) <= begun | {
            "DTSTART",
            "DTEND",
            "SEQUENCE",
            "DTSTAMP",
            "LAST-MODIFIED",
            "STATUS",
        }


def lost(before: bytes, after: bytes) -> set[str]:
    """The names of lines that are no longer in a file."""
    left = after.splitlines()
    gone = set()
    for line in before.splitlines():
        if line in left:
            left.remove(line)
        else:
            gone.add(line.partition(b":")[0].partition(b";")[0].decode())
    return gone
