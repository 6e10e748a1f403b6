"""Invitations that leave by mail, and the answers that come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from worker.ical import invitation, parse_reply
from worker.model import Attendee, CalendarOperation, CalendarWrite

WORKER = "one-on-ones@example.com"
DANA = Attendee("dana@example.com", "Dana Kim")
ALEX = Attendee("alex@example.com", "Alex Moreno")
STAMP = datetime(2026, 11, 23, 8, tzinfo=UTC)
WRITE = CalendarWrite(
    key="meeting-1/1",
    operation=CalendarOperation.CREATE,
    uid="ft-1@example.com",
    start=datetime(2026, 12, 3, 15, tzinfo=UTC),
    end=datetime(2026, 12, 3, 15, 30, tzinfo=UTC),
    tzid="America/New_York",
    summary="Dana / Alex",
    organizer=DANA,
    attendees=(DANA, ALEX),
)


def parsed(raw: bytes) -> tuple[Any, Any]:
    """The calendar and its event, read by another library."""
    calendar: Any = Calendar.from_ical(raw)
    (event,) = calendar.events
    return calendar, event


def test_a_request_is_an_invitation() -> None:
    """A REQUEST has its method, one stable UID, sequence, stamp, zone, organizer and attendees (RFC 5546 3.2.2)."""
    calendar, event = parsed(invitation(WRITE, "REQUEST", STAMP, 2, WORKER))
    assert (calendar["method"], calendar["version"]) == ("REQUEST", "2.0")
    assert (event["uid"], event["sequence"], event["dtstamp"].dt) == (WRITE.uid, 2, STAMP)
    assert (event["dtstart"].dt, event["dtend"].dt) == (WRITE.start, WRITE.end)
    assert event["dtstart"].params["tzid"] == "America/New_York"
    assert [zone["tzid"] for zone in calendar.timezones] == ["America/New_York"]
    assert event["organizer"] == "mailto:dana@example.com"
    assert event["organizer"].params["sent-by"] == f"mailto:{WORKER}"
    assert [str(person) for person in event["attendee"]] == ["mailto:dana@example.com", "mailto:alex@example.com"]
    assert [person.params["partstat"] for person in event["attendee"]] == ["ACCEPTED", "NEEDS-ACTION"]


def test_the_worker_organises_and_takes_no_part() -> None:
    """Where the worker itself organises both people are asked and nobody acts for anybody; it is never an attendee."""
    write = replace(WRITE, organizer=Attendee(WORKER, "Followthrough"))
    _, event = parsed(invitation(write, "REQUEST", STAMP, 0, WORKER))
    assert "sent-by" not in event["organizer"].params
    assert [person.params["partstat"] for person in event["attendee"]] == ["NEEDS-ACTION", "NEEDS-ACTION"]
    among_them = replace(WRITE, attendees=(Attendee(WORKER), DANA, ALEX))
    _, event = parsed(invitation(among_them, "REQUEST", STAMP, 0, WORKER))
    assert f"mailto:{WORKER}" not in [str(person) for person in event["attendee"]]


def test_a_cancellation_names_what_it_cancels() -> None:
    """A CANCEL has the same UID, the instance where there is one, and the status (RFC 5546 3.2.5)."""
    instance = replace(WRITE, recurrence_id=datetime(2026, 12, 2, 15, tzinfo=UTC))
    calendar, event = parsed(invitation(instance, "CANCEL", STAMP, 3, WORKER))
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 3)
    assert event["recurrence-id"].dt == instance.recurrence_id


@pytest.mark.parametrize(
    ("write", "method"),
    [(WRITE, "PUBLISH"), (replace(WRITE, organizer=None), "REQUEST"), (replace(WRITE, attendees=()), "REQUEST")],
)
def test_what_is_no_invitation_is_refused(write: CalendarWrite, method: str) -> None:
    """Without organizer or attendees, or with another method, there is no invitation."""
    with pytest.raises(ValueError, match="invitation"):
        invitation(write, method, STAMP, 0, WORKER)


@pytest.mark.parametrize(
    "words", ["Dana\r\nATTENDEE:mailto:eve@example.com", "a\rEND:VEVENT", "\x00\x1b", 'x";y=z:"', "é" * 80]
)
def test_words_are_data(words: str) -> None:
    """No title, place, description or name adds a line of its own, and no line is longer than 75 bytes."""
    people = (replace(DANA, name=words), replace(ALEX, name=words))
    write = replace(WRITE, summary=words, location=words, description=words, organizer=people[0], attendees=people)
    raw = invitation(write, "REQUEST", STAMP, 0, WORKER)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert not [byte for byte in raw.replace(b"\r\n", b"") if byte < 32]
    _, event = parsed(raw)
    assert [str(person) for person in event["attendee"]] == ["mailto:dana@example.com", "mailto:alex@example.com"]


def test_the_same_write_gives_the_same_bytes() -> None:
    """Nothing but the arguments decides the bytes."""
    assert invitation(WRITE, "REQUEST", STAMP, 0, WORKER) == invitation(WRITE, "REQUEST", STAMP, 0, WORKER)


# ---------------------------------------------------------------------------------------------------------- answers


def reply(*lines: str, method: str = "REPLY") -> bytes:
    """An answer as a calendar program sends it."""
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "PRODID:Microsoft Exchange Server 2010",
            f"METHOD:{method}",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            *lines,
            "DTSTART;TZID=Eastern Standard Time:20261203T100000",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    ).encode()


@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_an_answer_says_who_and_what(partstat: str) -> None:
    """UID, the address in lower case, and the answer are read."""
    found = parse_reply(reply(f"ATTENDEE;PARTSTAT={partstat};CN=Alex:MAILTO:Alex@Example.com", f"UID:{WRITE.uid}"))
    assert found is not None
    assert (found.uid, found.attendee, found.partstat) == (WRITE.uid, "alex@example.com", partstat)


def test_an_answer_about_one_instance_names_it() -> None:
    """RECURRENCE-ID and SEQUENCE come with the answer, in UTC."""
    found = parse_reply(
        reply(
            "ATTENDEE;PARTSTAT=DECLINED:mailto:alex@example.com",
            "UID:a",
            "RECURRENCE-ID;TZID=Eastern Standard Time:20261202T100000",
            "SEQUENCE:4",
        )
    )
    assert found is not None
    assert (found.recurrence_id, found.sequence) == (datetime(2026, 12, 2, 15, tzinfo=UTC), 4)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"\0" * 100,
        reply("UID:a"),
        reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alex@example.com"),
        reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alex@example.com", "UID:a", method="REQUEST"),
        reply("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alex@example.com", "UID:a")[:-30],
        reply("ATTENDEE:mailto:alex@example.com", "UID:a") + b" " * 1_000_000,
    ],
)
def test_what_is_no_answer_is_none(raw: bytes) -> None:
    """Whatever is no METHOD:REPLY with a UID and a person is no answer, and no error."""
    assert parse_reply(raw) is None
