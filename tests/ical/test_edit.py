"""Changing files that other programs wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.ical import EventGoneError, SeriesError, edit
from worker.model import CalendarOperation, CalendarWrite

STAMP = datetime(2026, 11, 23, 8, tzinfo=UTC)
ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Our own\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)


def calendar(*lines: str, more: str = "") -> bytes:
    """A calendar as somebody's program writes it, with much that means nothing to us."""
    event = "\n".join(lines)
    return (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nX-OURS:yes\n{ZONE}BEGIN:VEVENT\nUID:a\nDTSTAMP:20261101T000000Z\n{event}\n"
        'X-STRANGE;X-P="a:b;c":va\\lue\nDESCRIPTION:long\n  folded\n\there\nBEGIN:VALARM\nTRIGGER:-PT5M\n'
        f"END:VALARM\nEND:VEVENT\n{more}BEGIN:VTODO\nUID:t\nEND:VTODO\nEND:VCALENDAR\n"
    ).encode()


def write(operation: CalendarOperation, start: datetime, original: datetime | None = None) -> CalendarWrite:
    """A write of half an hour."""
    return CalendarWrite("k", operation, "a", start, start + timedelta(minutes=30), original, "Europe/Berlin")


def moved(*lines: str) -> list[str]:
    """The file's lines after a move to 15:00 UTC of 4 December."""
    edited = edit(
        calendar(*lines),
        write(CalendarOperation.MOVE, datetime(2026, 12, 4, 15, tzinfo=UTC)),
        STAMP,
        "Asia/Tokyo",
        "m1",
    )
    assert edited.raw is not None
    return edited.raw.decode().splitlines()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("DTSTART:20261203T100000Z", "DTEND:20261203T103000Z"),
            ["DTSTART:20261204T150000Z", "DTEND:20261204T153000Z"],
        ),
        (
            ("DTSTART;X-A=1;TZID=Our own:20261203T130000", "DTEND;TZID=Our own:20261203T133000"),
            ["DTSTART;X-A=1;TZID=Our own:20261204T180000", "DTEND;X-A=1;TZID=Our own:20261204T183000"],
        ),
        (
            ("DTSTART;TZID=Eastern Standard Time:20261203T130000", "DTEND:20261203T183000Z"),
            [
                "DTSTART;TZID=Eastern Standard Time:20261204T100000",
                "DTEND;TZID=Eastern Standard Time:20261204T103000",
            ],
        ),
        (
            ("DTSTART:20261203T130000", "DTEND:20261203T133000"),
            ["DTSTART:20261205T000000", "DTEND:20261205T003000"],
        ),
        (("DTSTART:20261203T100000Z", "DURATION:PT30M"), ["DTSTART:20261204T150000Z", "DURATION:PT30M"]),
        (("DTSTART:20261203T100000Z", "DURATION:PT45M"), ["DTSTART:20261204T150000Z", "DURATION:PT30M"]),
        (("DTSTART:20261203T100000Z",), ["DTSTART:20261204T150000Z", "DTEND:20261204T153000Z"]),
        (
            ("DTSTART;VALUE=DATE:20261203",),
            ["DTSTART;TZID=Europe/Berlin:20261204T160000", "DTEND;TZID=Europe/Berlin:20261204T163000"],
        ),
        (
            ("DTSTART;TZID=tzone://Microsoft/Utc:20261203T100000",),
            [
                "DTSTART;TZID=tzone://Microsoft/Utc:20261204T150000",
                "DTEND;TZID=tzone://Microsoft/Utc:20261204T153000",
            ],
        ),
    ],
)
def test_times_keep_their_manner(lines: tuple[str, ...], expected: list[str]) -> None:
    """A moved event has its times in the zone and the manner that its program chose, with every parameter kept."""
    assert set(expected) <= set(moved(*lines))


def test_what_we_do_not_understand_is_kept_as_it_stands() -> None:
    """Every line that a move need not change is there byte for byte, folds, alarms and foreign components included.

    One line is added: the mark by which the same move is recognised.
    """
    lines = ("DTSTART:20261203T100000Z", "DTEND:20261203T103000Z", "SEQUENCE:3", "LAST-MODIFIED:20261101T000000Z")
    before = calendar(*lines).decode().splitlines()
    after = moved(*lines)
    changed = {
        "DTSTART:20261203T100000Z": "DTSTART:20261204T150000Z",
        "DTEND:20261203T103000Z": "DTEND:20261204T153000Z",
        "SEQUENCE:3": "SEQUENCE:4",
        "DTSTAMP:20261101T000000Z": "DTSTAMP:20261123T080000Z",
        "LAST-MODIFIED:20261101T000000Z": "LAST-MODIFIED:20261123T080000Z",
    }
    after.remove("X-FOLLOWTHROUGH-WRITE:m1")
    assert after == [changed.get(line, line) for line in before]


WEEKLY = ("DTSTART;TZID=Our own:20261203T130000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY", "EXDATE:20261217T100000Z")


def test_an_override_is_the_master_without_its_rules() -> None:
    """A moved instance has the master's properties and alarm, its name in the master's zone, and stands after it."""
    original = datetime(2026, 12, 10, 10, tzinfo=UTC)
    raw = calendar(*WEEKLY, "SUMMARY:Talk")
    edited = edit(
        raw, write(CalendarOperation.MOVE, datetime(2026, 12, 11, 15, tzinfo=UTC), original), STAMP, "UTC", "m1"
    )
    assert edited.raw is not None
    head, _, tail = raw.partition(b"BEGIN:VTODO")
    assert edited.raw.startswith(head)
    assert edited.raw.endswith(tail)
    made = edited.raw[len(head) :].partition(b"BEGIN:VTODO")[0].decode().splitlines()
    assert "RECURRENCE-ID;TZID=Our own:20261210T130000" in made
    assert "DTSTART;TZID=Our own:20261211T180000" in made
    assert {"SUMMARY:Talk", "BEGIN:VALARM", "TRIGGER:-PT5M", "DURATION:PT30M", "SEQUENCE:1"} <= set(made)
    assert not [line for line in made if line.startswith(("RRULE", "EXDATE"))]


def test_an_all_day_series_names_its_instances_by_day() -> None:
    """The name of an instance has the master's kind of value, a date where that is all-day."""
    raw = calendar("DTSTART;VALUE=DATE:20261203", "RRULE:FREQ=WEEKLY")
    original = datetime(2026, 12, 10, tzinfo=UTC)
    edited = edit(raw, write(CalendarOperation.CANCEL, original, original), STAMP, "UTC", "m1")
    assert edited.raw is not None
    assert b"RECURRENCE-ID;VALUE=DATE:20261210\n" in edited.raw


@pytest.mark.parametrize(
    ("original", "error"),
    [
        (None, SeriesError),
        (datetime(2026, 12, 17, 10, tzinfo=UTC), EventGoneError),
        (datetime(2026, 12, 18, 10, tzinfo=UTC), EventGoneError),
        (datetime(2026, 11, 26, 10, tzinfo=UTC), EventGoneError),
    ],
)
def test_only_instances_that_are_there_are_moved(original: datetime | None, error: type[Exception]) -> None:
    """A series as a whole, an excluded instance and one that never was are refused."""
    with pytest.raises(error):
        edit(
            calendar(*WEEKLY),
            write(CalendarOperation.MOVE, datetime(2026, 12, 19, tzinfo=UTC), original),
            STAMP,
            "UTC",
            "m1",
        )


def test_a_cancelled_series_has_no_instance_to_move() -> None:
    """Where the whole series was cancelled, so was each instance."""
    original = datetime(2026, 12, 10, 10, tzinfo=UTC)
    with pytest.raises(EventGoneError):
        edit(
            calendar(*WEEKLY, "STATUS:CANCELLED"),
            write(CalendarOperation.MOVE, datetime(2026, 12, 11, tzinfo=UTC), original),
            STAMP,
            "UTC",
            "m1",
        )


def test_the_sequence_rises_above_both() -> None:
    """A change has a higher SEQUENCE than the instance and than the write was told."""
    raw = calendar("DTSTART:20261203T100000Z", "SEQUENCE:3")
    one = write(CalendarOperation.MOVE, datetime(2026, 12, 4, tzinfo=UTC))
    assert edit(raw, one, STAMP, "UTC", "m1").sequence == 4
    told = CalendarWrite("k", CalendarOperation.MOVE, "a", one.start, one.end, sequence=9)
    assert edit(raw, told, STAMP, "UTC", "m1").sequence == 9


def test_an_excluded_instance_is_gone_even_with_an_override() -> None:
    """Where an EXDATE took out an instance that had an override, the override does not bring it back."""
    more = "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261217T100000Z\nDTSTART:20261218T100000Z\nDURATION:PT30M\nEND:VEVENT\n"
    original = datetime(2026, 12, 17, 10, tzinfo=UTC)
    with pytest.raises(EventGoneError):
        edit(
            calendar(*WEEKLY, more=more),
            write(CalendarOperation.MOVE, datetime(2026, 12, 19, tzinfo=UTC), original),
            STAMP,
            "UTC",
            "m1",
        )
