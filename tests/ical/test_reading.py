"""What RFC 5545 says, and what programs make of it, one thing at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.ical import NotACalendarError, Reading, read
from worker.model import Event

BERLIN = ZoneInfo("Europe/Berlin")


def calendar(*lines: str, head: tuple[str, ...] = (), more: tuple[str, ...] = ()) -> bytes:
    """A calendar of one event with these lines, and whatever else is given."""
    event = ["BEGIN:VEVENT", "UID:a", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *head, *event, *more, "END:VCALENDAR", ""]).encode()


def events(raw: bytes, owner: str = "Europe/Berlin", *, reading: Reading | None = None) -> list[Event]:
    """The instances from October 2026 to March 2027."""
    found = reading or read(raw, owner)
    start, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 3, 31, tzinfo=UTC)
    return [event for item in found.objects for event in item.instances(start, end)]


def one(*lines: str, owner: str = "Europe/Berlin", head: tuple[str, ...] = ()) -> Event:
    """The one event of a calendar."""
    (event,) = events(calendar(*lines, head=head), owner)
    return event


def starts(*lines: str, owner: str = "Europe/Berlin", more: tuple[str, ...] = ()) -> list[str]:
    """The local starts of a calendar's instances."""
    return [f"{event.dtstart:%m-%d %H:%M}" for event in events(calendar(*lines, more=more), owner)]


# ------------------------------------------------------------------------------------------------------------ times


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("India Standard Time", "Asia/Calcutta"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("UTC", "UTC"),
    ],
)
def test_zone_names(tzid: str, zone: str) -> None:
    """IANA, Windows and vendor-prefixed names of a zone all mean that zone."""
    reading = read(calendar(f"DTSTART;TZID={tzid}:20261203T100000"), "Pacific/Apia")
    (event,) = events(b"", reading=reading)
    assert event.dtstart == datetime(2026, 12, 3, 10, tzinfo=ZoneInfo(zone))
    assert reading.problems == []


def test_an_unknown_zone_is_the_owners_and_told() -> None:
    """Times in a zone that does not exist are read in the owner's zone, and a problem says so; nothing is lost."""
    reading = read(calendar("DTSTART;TZID=Mars/Olympus:20261203T100000", "RRULE:FREQ=DAILY;COUNT=3"), "Europe/Berlin")
    assert [event.dtstart.hour for event in events(b"", reading=reading)] == [10, 10, 10]
    (problem,) = reading.problems
    assert "'Mars/Olympus' is unknown" in problem
    assert reading.complete


OWN_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Our own",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:{0}",
    "TZOFFSETTO:{0}",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def test_each_file_has_its_own_zones() -> None:
    """Two files that define one name differently are each read by their own definition."""
    for offset, hours in (("+0300", 3), ("-0700", -7), ("+0300", 3)):
        head = tuple(line.format(offset) for line in OWN_ZONE)
        event = one("DTSTART;TZID=Our own:20261203T100000", head=head)
        assert event.dtstart.utcoffset() == timedelta(hours=hours)
        assert event.dtstart == datetime(2026, 12, 3, 10 - hours, tzinfo=UTC)


def test_a_zone_of_halves_without_a_city_is_read_by_its_offset() -> None:
    """A custom zone keeps its exact offset even where no city has it."""
    head = tuple(line.format("+0437") for line in OWN_ZONE)
    assert one("DTSTART;TZID=Our own:20261203T100000", head=head).dtstart == datetime(2026, 12, 3, 5, 23, tzinfo=UTC)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYHOUR=0,1,2;BYMINUTE=0,1", "nonsense"])
def test_a_zone_that_is_a_bomb_is_unknown(rule: str) -> None:
    """A zone whose rule is no change of clocks is read as unknown instead of being computed."""
    head = (*OWN_ZONE[:-2], f"RRULE:{rule}", *OWN_ZONE[-2:])
    raw = calendar("DTSTART;TZID=Our own:20261203T100000", head=tuple(line.format("+0300") for line in head))
    reading = read(raw, "Europe/Berlin")
    assert [event.dtstart for event in events(b"", reading=reading)] == [datetime(2026, 12, 3, 10, tzinfo=BERLIN)]
    assert len(reading.problems) == 1


def test_floating_times_are_the_owners() -> None:
    """A time without a zone is on the wall clock of the calendar's owner."""
    assert one("DTSTART:20261203T100000", owner="Asia/Tokyo").dtstart == datetime(
        2026, 12, 3, 10, tzinfo=ZoneInfo("Asia/Tokyo")
    )


def test_a_single_event_in_utc_is_in_the_calendars_zone() -> None:
    """An export that writes UTC says in X-WR-TIMEZONE on which wall clock the event was made."""
    event = one("DTSTART:20261203T190000Z", head=("X-WR-TIMEZONE:America/New_York",))
    assert (event.tzid, event.dtstart.hour) == ("America/New_York", 14)
    assert one("DTSTART:20261203T190000Z").tzid == "Europe/Berlin"


def test_a_series_in_utc_stays_in_utc() -> None:
    """A series that is anchored in UTC does not follow the clocks of any place."""
    found = events(calendar("DTSTART:20261022T090000Z", "RRULE:FREQ=WEEKLY;COUNT=2"))
    assert [(event.dtstart.hour, event.tzid) for event in found] == [(9, "UTC"), (9, "UTC")]


def test_a_series_follows_the_clocks_of_its_zone() -> None:
    """Across the change of clocks an instance keeps its wall-clock time and its length."""
    found = events(calendar("DTSTART;TZID=Europe/Berlin:20261022T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=6"))
    assert [f"{event.dtstart:%H:%M}" for event in found] == ["02:30"] * 6
    assert {event.dtend.astimezone(UTC) - event.dtstart.astimezone(UTC) for event in found} == {timedelta(hours=1)}


def test_a_time_that_the_clocks_skip_is_read_by_the_old_offset() -> None:
    """A local time that does not exist is the moment that the offset before the change gives (RFC 5545 3.3.5)."""
    found = events(calendar("DTSTART;TZID=Europe/Berlin:20270327T023000", "RRULE:FREQ=DAILY;COUNT=2"))
    assert found[1].dtstart == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "minutes"),
    [
        ((), 0),
        (("DTEND;TZID=Europe/Berlin:20261203T110000",), 60),
        (("DTEND:20261203T100000Z",), 60),
        (("DTEND:20261203T110000",), 60),
        (("DURATION:PT45M",), 45),
        (("DURATION:P1D",), 1440),
        (("DTEND;VALUE=DATE:20261204",), 840),
    ],
)
def test_every_manner_of_an_end(lines: tuple[str, ...], minutes: int) -> None:
    """DTEND in any zone, DURATION, or neither: the event ends where its program shows it."""
    event = one("DTSTART;TZID=Europe/Berlin:20261203T100000", *lines)
    assert event.dtend - event.dtstart == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ((), 1),
        (("DTEND;VALUE=DATE:20261205",), 2),
        (("DTEND;VALUE=DATE:20261203",), 1),
        (("DURATION:P3D",), 3),
    ],
)
def test_all_day_events(lines: tuple[str, ...], days: int) -> None:
    """An all-day event runs by the owner's midnights."""
    event = one("DTSTART;VALUE=DATE:20261203", *lines, owner="America/New_York")
    midnight = datetime(2026, 12, 3, tzinfo=ZoneInfo("America/New_York"))
    assert (event.all_day, event.dtstart, event.dtend) == (True, midnight, midnight + timedelta(days=days))


# ----------------------------------------------------------------------------------------------------------- series

WEEKLY = ("DTSTART;TZID=Europe/Berlin:20261105T100000", "DTEND;TZID=Europe/Berlin:20261105T103000")


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20261126T090000Z", 4),
        ("20261126T085959Z", 3),
        ("20261126", 4),
        ("20261126T100000", 4),
        ("20261126T095959", 3),
        ("20261125", 3),
    ],
)
def test_until_in_every_manner(until: str, count: int) -> None:
    """UNTIL in UTC, on the wall clock, or as a day includes what its program shows."""
    assert len(starts(*WEEKLY, f"RRULE:FREQ=WEEKLY;UNTIL={until}")) == count


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=Europe/Berlin:20261112T100000",
        "EXDATE;TZID=W. Europe Standard Time:20261112T100000",
        "EXDATE:20261112T090000Z",
        "EXDATE:20261112T100000",
        "EXDATE;VALUE=DATE:20261112",
        "EXDATE;TZID=America/New_York:20261112T040000",
    ],
)
def test_exdate_in_every_manner(exdate: str) -> None:
    """An excluded instance is excluded however its program names it."""
    assert starts(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3", exdate) == ["11-05 10:00", "11-19 10:00"]


def test_rdate_adds_instances() -> None:
    """RDATE adds instances, also as periods with their own length."""
    found = events(
        calendar(
            *WEEKLY,
            "RDATE;TZID=Europe/Berlin:20261110T150000,20261111T160000",
            "RDATE;VALUE=PERIOD:20261113T100000Z/PT2H",
        )
    )
    assert [f"{event.dtstart:%m-%d %H:%M}" for event in found] == [
        "11-05 10:00",
        "11-10 15:00",
        "11-11 16:00",
        "11-13 11:00",
    ]
    assert found[-1].dtend - found[-1].dtstart == timedelta(hours=2)


def override(*lines: str, uid: str = "a") -> tuple[str, ...]:
    """A second component of the same object."""
    return ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")


@pytest.mark.parametrize(
    "name",
    [
        "RECURRENCE-ID;TZID=Europe/Berlin:20261112T100000",
        "RECURRENCE-ID:20261112T090000Z",
        "RECURRENCE-ID;TZID=W. Europe Standard Time:20261112T100000",
        "RECURRENCE-ID:20261112T100000",
        "RECURRENCE-ID;VALUE=DATE:20261112",
    ],
)
def test_recurrence_id_in_every_manner(name: str) -> None:
    """An override takes the place of its instance however its program names it."""
    more = override(name, "DTSTART;TZID=Europe/Berlin:20261113T150000", "DURATION:PT1H")
    found = events(calendar(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3", more=more))
    assert [f"{event.dtstart:%m-%d %H:%M}" for event in found] == ["11-05 10:00", "11-13 15:00", "11-19 10:00"]
    assert found[1].recurrence_id == datetime(2026, 11, 12, 9, tzinfo=UTC)


def test_overrides_before_their_master_are_read() -> None:
    """The order of the components in a file means nothing."""
    moved = override("RECURRENCE-ID:20261112T090000Z", "DTSTART;TZID=Europe/Berlin:20261113T150000")
    raw = calendar(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3", head=moved)
    assert [event.dtstart.day for event in events(raw)] == [5, 13, 19]


def test_an_override_without_people_has_those_of_its_series() -> None:
    """A program that writes only what changed does not mean that nobody takes part."""
    people = ("ORGANIZER:mailto:dana@example.com", "ATTENDEE:mailto:alex@example.com", "SUMMARY:Talk")
    more = override("RECURRENCE-ID:20261112T090000Z", "DTSTART;TZID=Europe/Berlin:20261113T150000")
    found = events(calendar(*WEEKLY, *people, "RRULE:FREQ=WEEKLY;COUNT=3", more=more))
    assert {event.attendees for event in found} == {found[0].attendees}
    assert {event.summary for event in found} == {"Talk"}


def test_an_instance_alone_is_read() -> None:
    """Whoever is invited to one instance only has a file without the series."""
    raw = calendar("RECURRENCE-ID:20261112T090000Z", "DTSTART:20261112T100000Z", "DTEND:20261112T103000Z")
    (event,) = events(raw)
    assert event.recurring
    assert event.recurrence_id == datetime(2026, 11, 12, 9, tzinfo=UTC)


def test_this_and_future_moves_what_follows() -> None:
    """A change from an instance on moves and lengthens all later ones, each named by its original start."""
    more = override(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261112T100000",
        "DTSTART;TZID=Europe/Berlin:20261113T140000",
        "DURATION:PT1H",
    )
    found = events(calendar(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=4", more=more))
    assert [f"{event.dtstart:%m-%d %H:%M}" for event in found] == [
        "11-05 10:00",
        "11-13 14:00",
        "11-20 14:00",
        "11-27 14:00",
    ]
    assert [event.recurrence_id for event in found] == [
        datetime(2026, 11, day, 9, tzinfo=UTC) for day in (5, 12, 19, 26)
    ]


def test_of_two_versions_the_newer_counts() -> None:
    """Where one instance is overridden twice the higher SEQUENCE counts."""
    more = (
        *override("RECURRENCE-ID:20261112T090000Z", "SEQUENCE:2", "DTSTART:20261113T100000Z"),
        *override("RECURRENCE-ID:20261112T090000Z", "SEQUENCE:1", "DTSTART:20261114T100000Z"),
    )
    assert [event.dtstart.day for event in events(calendar(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3", more=more))] == [
        5,
        13,
        19,
    ]


# ------------------------------------------------------------------------------------------------------------ facts


@pytest.mark.parametrize(
    ("lines", "transparency", "kind", "status"),
    [
        ((), "OPAQUE", "default", "CONFIRMED"),
        (("TRANSP:TRANSPARENT",), "TRANSPARENT", "default", "CONFIRMED"),
        (("transp:transparent",), "TRANSPARENT", "default", "CONFIRMED"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), "TRANSPARENT", "default", "CONFIRMED"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), "OPAQUE", "out-of-office", "CONFIRMED"),
        (("X-MICROSOFT-CDO-INTENDEDSTATUS:OOF",), "OPAQUE", "out-of-office", "CONFIRMED"),
        (
            ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-INTENDEDSTATUS:OOF"),
            "OPAQUE",
            "default",
            "CONFIRMED",
        ),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), "OPAQUE", "default", "TENTATIVE"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",), "TRANSPARENT", "default", "CONFIRMED"),
        (("STATUS:TENTATIVE",), "OPAQUE", "default", "TENTATIVE"),
        (("STATUS:Cancelled",), "OPAQUE", "default", "CANCELLED"),
        (("SUMMARY:Out of office",), "OPAQUE", "default", "CONFIRMED"),
    ],
)
def test_what_an_event_does_to_its_owners_time(
    lines: tuple[str, ...], transparency: str, kind: str, status: str
) -> None:
    """Free, away, tentative and cancelled in RFC words and in Microsoft's; a title is no evidence."""
    event = one("DTSTART:20261203T100000Z", *lines)
    assert (event.transparency, event.kind, event.status) == (transparency, kind, status)


def test_a_saved_cancellation_is_cancelled() -> None:
    """A file that was saved from a mail with METHOD:CANCEL holds cancelled events."""
    assert one("DTSTART:20261203T100000Z", head=("METHOD:CANCEL",)).status == "CANCELLED"


@pytest.mark.parametrize(
    ("value", "sensitivity"),
    [("PUBLIC", "PUBLIC"), ("private", "PRIVATE"), ("CONFIDENTIAL", "CONFIDENTIAL"), ("X-SECRET", "PRIVATE")],
)
def test_classes(value: str, sensitivity: str) -> None:
    """CLASS is read in any case, and what is not known is treated as private."""
    assert one("DTSTART:20261203T100000Z", f"CLASS:{value}").sensitivity == sensitivity


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        ("ATTENDEE:mailto:alex@example.com", "alex@example.com", ""),
        ("ATTENDEE:MAILTO:Alex@Example.COM", "alex@example.com", ""),
        ("ATTENDEE:MailTo: alex@example.com", "alex@example.com", ""),
        ("ATTENDEE;CN=Alex Moreno:mailto:alex@example.com", "alex@example.com", "Alex Moreno"),
        ('ATTENDEE;CN="Moreno, Alex":mailto:alex@example.com', "alex@example.com", "Alex Moreno"),
        ('ATTENDEE;CN="Alex Moreno, PhD":mailto:alex@example.com', "alex@example.com", "Alex Moreno, PhD"),
        ("ATTENDEE;CN=\"'Alex: Moreno'\":mailto:alex@example.com", "alex@example.com", "Alex: Moreno"),
        ("ATTENDEE;CN=alex@example.com:mailto:alex@example.com", "alex@example.com", ""),
        ("ATTENDEE:alex@example.com", "alex@example.com", ""),
        ("ATTENDEE:mailto:alex%2Bwork@example.com", "alex+work@example.com", ""),
        ("ATTENDEE:mailto:Alex <alex@example.com>", "alex@example.com", ""),
        ("ATTENDEE;EMAIL=alex@example.com:urn:uuid:1234", "alex@example.com", ""),
        ('ATTENDEE;SCHEDULE-AGENT=SERVER;EMAIL="Alex@example.com";CN=A:/principals/1/', "alex@example.com", "A"),
        ("ATTENDEE;CN=Nobody:invalid:nomail", "invalid:nomail", "Nobody"),
    ],
)
def test_people_in_every_dialect(line: str, address: str, name: str) -> None:
    """The address behind each manner of naming a person, and a name only where there is one."""
    (person,) = one("DTSTART:20261203T100000Z", line).attendees
    assert (person.address, person.name) == (address, name)


def test_a_participant_that_cannot_be_read_is_not_forgotten() -> None:
    """An attendee line that makes no sense leaves the list incomplete instead of shorter."""
    event = one("DTSTART:20261203T100000Z", "ATTENDEE:mailto:alex@example.com", "ATTENDEE;CN:mailto:b@example.com")
    assert len(event.attendees) == 2 or not event.attendees_complete


def test_answers_rooms_and_groups() -> None:
    """PARTSTAT, CUTYPE and ROLE come in upper case with RFC 5545's defaults."""
    event = one(
        "DTSTART:20261203T100000Z",
        "ATTENDEE;PARTSTAT=declined;CUTYPE=Room;ROLE=NON-PARTICIPANT:mailto:room@example.com",
        "ATTENDEE:mailto:alex@example.com",
    )
    room, alex = event.attendees
    assert (room.partstat, room.cutype, room.role) == ("DECLINED", "ROOM", "NON-PARTICIPANT")
    assert (alex.partstat, alex.cutype, alex.role) == ("NEEDS-ACTION", "INDIVIDUAL", "REQ-PARTICIPANT")


def test_words_are_read_as_they_are_shown() -> None:
    """Escapes, folds, line ends and Windows bytes in a title come out as text on one line."""
    assert one("DTSTART:20261203T100000Z", "SUMMARY:Dana\\, Alex\\; talk\\nabout \\\\ it").summary == (
        "Dana, Alex; talk about \\ it"
    )
    raw = calendar("DTSTART:20261203T100000Z", "SUMMARY:Gespr?ch").replace(b"?", b"\xe4")
    assert events(raw)[0].summary == "Gespräch"
    folded = calendar("DTSTART:20261203T100000Z", "SUMMARY:Ge", " sprä", "\tch")
    assert events(folded)[0].summary == "Gespräch"


def test_a_byte_order_mark_is_no_obstacle() -> None:
    """A file that begins with a byte order mark is read."""
    assert len(events(b"\xef\xbb\xbf" + calendar("DTSTART:20261203T100000Z"))) == 1


def test_several_calendars_in_a_file() -> None:
    """Calendars that were put into one file one after the other are all read."""
    raw = calendar("DTSTART:20261203T100000Z") + calendar("DTSTART:20261204T100000Z").replace(b"UID:a", b"UID:b")
    assert {event.uid for event in events(raw)} == {"a", "b"}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 600), st.integers(0, 40))
def test_damage_is_a_problem_never_a_crash(noise: bytes, position: int, cut: int) -> None:
    """Whatever bytes stand in a file, reading it gives events and problems, or says that it is no calendar."""
    raw = calendar(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=3", "ATTENDEE;CN=Alex:mailto:alex@example.com", "SUMMARY:Talk")
    damaged = raw[:position] + noise + raw[position + cut :]
    try:
        reading = read(damaged, "Europe/Berlin")
        for item in reading.objects:
            item.instances(datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 3, 31, tzinfo=UTC))
    except (NotACalendarError, ValueError):
        pass


def test_deep_nesting_is_refused_not_followed() -> None:
    """Components nested thousands deep are no calendar, and exhaust nothing."""
    raw = b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 5000 + b"END:VEVENT\n" * 5000 + b"END:VCALENDAR\n"
    with pytest.raises(NotACalendarError, match="nested"):
        read(raw, "Europe/Berlin")


@pytest.mark.parametrize("end", [b"BEGIN:VTIMEZONE", b"BEGIN:", b"BEGIN:VEVENT"])
def test_a_half_written_file_says_what_is_missing(end: bytes) -> None:
    """Wherever a file was cut, the text names the line that it should end in."""
    raw = calendar("SUMMARY:Talk")
    raw = raw[: raw.index(b"BEGIN:VEVENT")] + end
    with pytest.raises(NotACalendarError, match=r"ends before END:VCALENDAR$"):
        read(raw, "Europe/Berlin")
