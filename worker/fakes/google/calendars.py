"""Calendars as Google keeps them: events, series with exceptions, guests, etags, pages, free/busy.

An event is stored once, in its organizer's calendar, and shows in its guests' calendars as Google shows it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from worker.fakes.google.faults import RefusalError
from worker.fakes.recurrence import starts

Json = dict[str, Any]
# What belongs to the copy in one person's calendar.
_OWN = ("extendedProperties", "reminders", "transparency")


@dataclass(slots=True)
class FakeCalendar:
    """One person's primary calendar. `role` is what the caller may do, `members` makes the address a group's."""

    owner: str
    timezone: str = "UTC"
    role: str = "owner"
    events: dict[str, Json] = field(default_factory=dict)
    hidden: bool = False


class Calendars:
    """All calendars of the fake. Times are `clock`'s."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._count = 0
        self.by_owner: dict[str, FakeCalendar] = {}
        self.told: list[tuple[str, str, str]] = []

    def of(self, owner: str) -> FakeCalendar:
        """Return a person's calendar. Refuses where there is none."""
        found = self.by_owner.get(owner.lower())
        if found is None:
            raise RefusalError(404, "notFound")
        return found

    # -------------------------------------------------------------------------------------------- what a person does

    def add(self, owner: str, body: Json) -> Json:
        """Add an event as its organizer would; returns it as stored."""
        calendar = self.of(owner)
        self._count += 1
        name = body.get("id") or f"fake{self._count:08d}"
        event = {
            "kind": "calendar#event",
            "status": "confirmed",
            "eventType": "default",
            "iCalUID": f"{name}@google.com",
            "sequence": 0,
            "organizer": {"email": calendar.owner},
            "creator": {"email": calendar.owner},
            "created": self._stamp(),
            **deepcopy(body),
            "id": name,
        }
        calendar.events[name] = event
        self._touch(event)
        return event

    def change(self, owner: str, event_id: str, body: Json) -> Json:
        """Change an event or an instance, merging as a patch does; returns it as stored."""
        calendar = self.of(owner)
        event = self._stored(calendar, event_id)
        moved = any(name in body and body[name] != event.get(name) for name in ("start", "end"))
        _merge(event, body)
        event["sequence"] = int(event.get("sequence", 0)) + moved
        calendar.events[event_id] = event
        self._touch(event)
        return event

    def cancel(self, owner: str, event_id: str) -> None:
        """Delete an event or an instance: Google keeps it as cancelled, with little more than its id."""
        calendar = self.of(owner)
        event = self._stored(calendar, event_id)
        kept = {"kind", "id", "recurringEventId", "originalStartTime", "etag"}
        if "recurringEventId" not in event:
            kept |= {"start", "end", "iCalUID", "organizer", "creator", "sequence", "eventType", "created", "summary"}
        short = {name: value for name, value in event.items() if name in kept}
        calendar.events[event_id] = {**short, "status": "cancelled"}
        self._touch(calendar.events[event_id])

    def purge(self, owner: str, event_id: str) -> None:
        """Forget an event for good, with the exceptions of its series."""
        calendar = self.of(owner)
        calendar.events = {
            name: event
            for name, event in calendar.events.items()
            if name != event_id and event.get("recurringEventId") != event_id
        }

    def _touch(self, event: Json) -> None:
        self._count += 1
        event["etag"] = f'"{3500000000000000 + self._count}"'
        event["updated"] = self._stamp()

    def _stamp(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    # -------------------------------------------------------------------------------------------------- what there is

    def _stored(self, calendar: FakeCalendar, event_id: str) -> Json:
        """Return an event, or the exception that an instance is (or becomes once it is changed)."""
        event = calendar.events.get(event_id)
        if event is not None:
            return event
        master = calendar.events.get(event_id.rpartition("_")[0])
        if master is None or "recurrence" not in master or master.get("status") == "cancelled":
            raise RefusalError(404, "notFound")
        for instance in self._instances(calendar, master, None, None, around=event_id):
            if instance["id"] == event_id:
                return instance
        raise RefusalError(404, "notFound")

    def expanded(self, calendar: FakeCalendar, begin: datetime | None, end: datetime | None) -> Iterator[Json]:
        """Yield single events and instances, exceptions in the place of what they replace."""
        for event in list(calendar.events.values()):
            if "recurrence" in event:
                if event.get("status") != "cancelled":
                    yield from self._instances(calendar, event, begin, end)
            elif "recurringEventId" in event:
                master = calendar.events.get(event["recurringEventId"])
                if master is not None and master.get("status") != "cancelled":
                    yield event
            else:
                yield event

    def _instances(
        self,
        calendar: FakeCalendar,
        master: Json,
        begin: datetime | None,
        end: datetime | None,
        around: str = "",
    ) -> Iterator[Json]:
        zone = master["start"].get("timeZone", calendar.timezone)
        first = _moment_or_day(master["start"], zone)
        length = _instant(master["end"], zone) - _instant(master["start"], zone)
        low = (begin or _instant(master["start"], zone)) - length
        high = end or low + timedelta(days=1500)
        if around:
            low, high = _near(around.rpartition("_")[2])
        for start in starts(first, zone, master["recurrence"], low, high):
            name = f"{master['id']}_{_name(start)}"
            if name not in calendar.events:
                yield _instance(master, name, start, length, zone)

    def visible(self, viewer: str, begin: datetime | None, end: datetime | None) -> Iterator[tuple[str, Json]]:
        """Yield (organizer's calendar, event) of everything that shows in a person's calendar within a window."""
        for owner, calendar in self.by_owner.items():
            for event in self.expanded(calendar, begin, end):
                if owner != viewer and not _invited(event, viewer):
                    continue
                if "start" in event and not _within(event, begin, end, calendar.timezone):
                    continue
                yield owner, event

    def home_of(self, viewer: str, event_id: str) -> tuple[FakeCalendar, Json]:
        """Return the calendar in which an event is stored that shows in this person's, and the event."""
        own = self.of(viewer)
        for calendar in (own, *(other for other in self.by_owner.values() if other is not own)):
            try:
                event = self._stored(calendar, event_id)
            except RefusalError:
                continue
            if calendar is own or _invited(event, viewer):
                return calendar, event
        raise RefusalError(404, "notFound")


def view(event: Json, viewer: str, calendar: FakeCalendar, home: str) -> Json:
    """Return an event as one person's calendar shows it."""
    shown = deepcopy(event)
    shown.setdefault("htmlLink", f"https://calendar.example/event?eid={event['id']}")
    for person in shown.get("attendees", ()):
        if person["email"].lower() == viewer:
            person["self"] = True
        if person["email"].lower() == shown.get("organizer", {}).get("email", "").lower():
            person["organizer"] = True
    for role in ("organizer", "creator"):
        if shown.get(role, {}).get("email", "").lower() == viewer:
            shown[role]["self"] = True
    if home != viewer:
        for name in _OWN:
            shown.pop(name, None)
        if shown.get("guestsCanSeeOtherGuests") is False:
            shown["attendees"] = [person for person in shown.get("attendees", ()) if person.get("self")]
    for name in ("start", "end", "originalStartTime"):
        if "dateTime" in shown.get(name, {}):
            zone = ZoneInfo(calendar.timezone)
            moment = _instant(shown[name], calendar.timezone).astimezone(zone)
            shown[name] = {**shown[name], "dateTime": moment.isoformat()}
    return shown


def _instance(master: Json, name: str, start: datetime | date, length: timedelta, zone: str) -> Json:
    instance = {key: deepcopy(value) for key, value in master.items() if key != "recurrence"}
    instance["id"] = name
    instance["recurringEventId"] = master["id"]
    instance["etag"] = master["etag"]
    if isinstance(start, datetime):
        finish = (start.astimezone(UTC) + length).astimezone(ZoneInfo(zone))
        instance["start"] = {"dateTime": start.isoformat(), "timeZone": zone}
        instance["end"] = {"dateTime": finish.isoformat(), "timeZone": zone}
    else:
        days = timedelta(days=round(length / timedelta(days=1)))
        instance["start"], instance["end"] = {"date": start.isoformat()}, {"date": (start + days).isoformat()}
    instance["originalStartTime"] = dict(instance["start"])
    return instance


def _name(start: datetime | date) -> str:
    if isinstance(start, datetime):
        return start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return start.strftime("%Y%m%d")


def _near(name: str) -> tuple[datetime, datetime]:
    try:
        moment = datetime.strptime(name[:8], "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        raise RefusalError(404, "notFound") from None
    return moment - timedelta(days=2), moment + timedelta(days=3)


def _moment_or_day(value: Json, zone: str) -> datetime | date:
    if "date" in value:
        return date.fromisoformat(value["date"])
    return _instant(value, zone).astimezone(ZoneInfo(zone))


def _instant(value: Json, zone: str) -> datetime:
    if "date" in value:
        day = date.fromisoformat(value["date"])
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moment = datetime.fromisoformat(value["dateTime"])
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(value.get("timeZone", zone)))).astimezone(UTC)


def span(event: Json, zone: str) -> tuple[datetime, datetime]:
    """Return when an event begins and ends (UTC)."""
    return _instant(event["start"], zone), _instant(event["end"], zone)


def _within(event: Json, begin: datetime | None, end: datetime | None, zone: str) -> bool:
    first, last = span(event, zone)
    return (begin is None or last > begin) and (end is None or first < end)


def _invited(event: Json, viewer: str) -> bool:
    return any(person["email"].lower() == viewer for person in event.get("attendees", ()))


def _merge(target: Json, patch: Json) -> None:
    """Merge as PATCH does: objects field by field, lists as a whole, null takes away."""
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict) and isinstance(target.get(name), dict) and name not in {"start", "end"}:
            _merge(target[name], value)
        elif name in {"start", "end"}:
            merged = {**target.get(name, {}), **value}
            # A change between a day and a time leaves the other one out.
            merged.pop("date" if "dateTime" in value else "dateTime", None)
            target[name] = merged
        else:
            target[name] = deepcopy(value)
