"""A small calendar to try everything with: its times are relative to now, so that something is due at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

from worker.commands.settings_text import Answers, configuration, with_value

Person = tuple[str, str]

DANA: Person = ("dana@example.com", "Dana Kim")
ALEX: Person = ("alex@example.com", "Alex Moreno")
PRIYA: Person = ("priya@example.com", "Priya Nair")
TEAM: tuple[Person, ...] = (ALEX, PRIYA, ("tom@example.com", "Tom Berg"))
ROOM: Person = ("room-4.12@example.com", "Room 4.12")
_QUARTER = timedelta(minutes=15)
_SATURDAY = 5


def settings(zone: str) -> str:
    """Return the sample's configuration: one manager, and one pair that is started."""
    text = configuration(
        Answers(
            address="one-on-ones@example.com",
            manager=DANA[0],
            name=DANA[1],
            timezone=zone,
            calendar="calendar/dana",
            mail="mail",
        )
    )
    # Whoever tries this in the evening or on a Sunday wants to see mails as well.
    text = with_value(text, "timing", "quiet", "")
    added = f"""
[[people]]
email = "{ALEX[0]}"
name = "{ALEX[1]}"

[[pairs]]                         # Alex is started; Priya, who is not named here, is asked about
manager = "{DANA[0]}"
person = "{ALEX[0]}"
"""
    return text.replace("\n[timing]", f"{added}\n[timing]", 1)


def events(now: datetime, zone: str) -> dict[str, bytes]:
    """Return the sample's .ics files by name.

    A 1:1 that just ended and is on again on the next working day, a colleague nobody has said anything about, a group,
    and a room.
    """
    here = ZoneInfo(zone)
    ended = now.astimezone(UTC).replace(second=0, microsecond=0) - _QUARTER
    held = (ended - timedelta(minutes=30)).astimezone(here)
    tomorrow = next_workday(held.date())
    after = next_workday(tomorrow)
    again = datetime.combine(tomorrow, time(10), here)
    alex = one_on_one("alex", DANA, ALEX, held, 14)
    moved = _event("alex", "Dana / Alex", again, again + timedelta(minutes=30), DANA, (DANA, ALEX))
    moved.add("recurrence-id", _stamp(_local(held, timedelta(days=14))))
    moved.add("sequence", 1)
    priya = one_on_one("priya", DANA, PRIYA, datetime.combine(after, time(14), here) - timedelta(days=7), 7)
    stand_up = datetime.combine(after, time(9, 30), here)
    group = _event("team", "Team meeting", stand_up, stand_up + timedelta(hours=1), DANA, (DANA, *TEAM))
    booked = datetime.combine(tomorrow, time(13), here)
    room = _event("room", "Room for the offsite", booked, booked + timedelta(hours=2), DANA, (DANA,))
    room.add("attendee", _attendee(ROOM, cutype="ROOM"))
    return {
        "alex.ics": vcalendar(zone, (alex, moved)),
        "priya.ics": vcalendar(zone, (priya,)),
        "team.ics": vcalendar(zone, (group,)),
        "room.ics": vcalendar(zone, (room,)),
    }


def one_on_one(name: str, manager: Person, person: Person, start: datetime, days: int) -> Event:
    """Return a 1:1 of half an hour every so many days, whose instance at `start` is the second one."""
    first = _local(start, timedelta(days=-days))
    title = f"{manager[1].split()[0]} / {person[1].split()[0]}"
    event = _event(name, title, first, first + timedelta(minutes=30), manager, (manager, person))
    event.add("rrule", {"freq": "weekly", "interval": days // 7})
    return event


def vcalendar(zone: str, parts: Sequence[Event]) -> bytes:
    """Return one calendar object with the definition of its zone, as RFC 5545 wants it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Followthrough//sample//EN")
    calendar.add("version", "2.0")
    if not _is_utc(zone):
        calendar.add_component(Timezone.from_tzid(zone, first_date=date(2025, 1, 1), last_date=date(2030, 1, 1)))
    for part in parts:
        calendar.add_component(part)
    return bytes(calendar.to_ical())


def next_workday(day: date) -> date:
    """Return the first day after this one that is no weekend."""
    day += timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def _local(start: datetime, shift: timedelta) -> datetime:
    # Adding to an aware datetime keeps the wall clock, which is what a series does over a clock change.
    return start + shift


def _is_utc(zone: str) -> bool:
    return zone in {"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu"}


def _stamp(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if _is_utc(str(moment.tzinfo)) else moment


def _event(name: str, title: str, start: datetime, end: datetime, organizer: Person, people: Sequence[Person]) -> Event:
    event = Event()
    event.add("uid", f"sample-{name}@example.com")
    event.add("dtstamp", start.astimezone(UTC) - timedelta(days=30))
    event.add("dtstart", _stamp(start))
    event.add("dtend", _stamp(end))
    event.add("summary", title)
    event["organizer"] = _address(organizer)
    for person in people:
        event.add("attendee", _attendee(person))
    return event


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person[0]}")
    address.params["CN"] = person[1]
    return address


def _attendee(person: Person, cutype: str = "INDIVIDUAL") -> vCalAddress:
    address = _address(person)
    address.params["CUTYPE"] = cutype
    address.params["PARTSTAT"] = "ACCEPTED"
    return address
