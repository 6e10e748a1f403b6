"""Calendars as Exchange keeps them: events, series with exceptions, and a copy of its own for each attendee.

An event is stored once, with its organizer, and shows in its attendees' calendars as Exchange shows it there: under
other ids, with what belongs to that copy.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from worker.fakes.microsoft.odata import ID
from worker.fakes.microsoft.patterns import begins, completed
from worker.fakes.microsoft.refusals import RefusalError
from worker.ical.zones import iana

Json = dict[str, Any]
# What belongs to the copy in one person's calendar, and what they may change of somebody else's event.
OWN = frozenset(
    {"categories", "importance", "isReminderOn", "reminderMinutesBeforeStart", "sensitivity", "showAs"}
    | {"singleValueExtendedProperties"}
)
# An end for what has none, so that a series can be walked.
_LONG = timedelta(days=1500)


@dataclass(slots=True)
class FakeCalendar:
    """One person's primary calendar.

    `hidden` does not tell others when the owner is free, `members` are accounts that the owner shares it with,
    `editable` False makes it read-only.
    """

    owner: str
    zone: str = "UTC"
    hidden: bool = False
    editable: bool = True
    members: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Entry:
    """An event or a series as its organizer has it.

    Moments are UTC; `exceptions` and `cancelled` are by original start; `own` holds what attendees changed in their
    copies, `gone` which copies they removed.
    """

    key: str
    owner: str
    body: Json
    start: datetime
    end: datetime
    zone: str
    created: datetime
    recurrence: Json | None = None
    exceptions: dict[datetime, Json] = field(default_factory=dict)
    cancelled: set[datetime] = field(default_factory=set)
    off: bool = False
    own: dict[tuple[str, datetime | None], Json] = field(default_factory=dict)
    gone: set[tuple[str, datetime | None]] = field(default_factory=set)
    change: int = 1
    modified: datetime | None = None

    @property
    def iana(self) -> str:
        """The zone in which the series runs."""
        return iana(self.zone) or "UTC"


@dataclass(frozen=True, slots=True)
class Item:
    """What shows in one person's calendar: an event, a series, or an occurrence of one."""

    entry: Entry
    viewer: str
    kind: str
    body: Json
    start: datetime
    end: datetime
    original: datetime | None = None
    off: bool = False

    @property
    def mine(self) -> bool:
        """Whether the viewer organises it."""
        return self.entry.owner == self.viewer


class Calendars:
    """All calendars of the fake. `told` is what attendees were told: (what, subject, address)."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.by_owner: dict[str, FakeCalendar] = {}
        self.entries: dict[str, Entry] = {}
        self.told: list[tuple[str, str, str]] = []
        self.moves = 0
        self._keys: dict[str, dict[str, None]] = {}
        self._names: dict[str, tuple[str, str, datetime | None]] = {}
        self._count = 0

    def of(self, owner: str) -> FakeCalendar:
        """Return a person's calendar. Refuses where there is none."""
        found = self.by_owner.get(owner.lower())
        if found is None:
            raise RefusalError(404, "MailboxNotEnabledForRESTAPI")
        return found

    # -------------------------------------------------------------------------------------------- what a person does

    def add(self, owner: str, body: Json) -> str:
        """Add an event (Graph's fields) as its organizer would; returns its immutable id in their calendar."""
        entry = self.create(self.of(owner), body)
        return self.name(entry, entry.owner, None, immutable=True)

    def change(self, owner: str, name: str, body: Json) -> None:
        """Change an event, a series or an occurrence as its organizer would; `name` is any id of it."""
        self.update(self.find(owner.lower(), name), body)

    def cancel(self, owner: str, name: str) -> None:
        """Cancel an event, a series or an occurrence as its organizer would."""
        self.call_off(self.find(owner.lower(), name))

    def respond(self, attendee: str, name: str, response: str, *, kept: bool = False) -> None:
        """Answer an invitation: accepted, tentativelyAccepted or declined; `name` is any id of the attendee's copy.

        What is declined goes from the attendee's calendar unless it is `kept`.
        """
        item = self.find(attendee.lower(), name)
        people = deepcopy(item.body.get("attendees", []))
        for person in people:
            if person["emailAddress"]["address"].lower() == item.viewer:
                person["status"] = {"response": response, "time": self.clock().astimezone(UTC).isoformat()}
        self._write(item, {"attendees": people})
        if response == "declined" and not kept:
            item.entry.gone.add((item.viewer, item.original))

    def purge(self, owner: str, name: str) -> None:
        """Forget an event or a series for good, everywhere and without telling anybody."""
        del self.entries[self.find(owner.lower(), name).entry.key]

    def occurrence(self, owner: str, name: str, original: datetime) -> str:
        """Return the immutable id of the occurrence of a series that begins at `original` by its pattern."""
        item = self.find(owner.lower(), name)
        return self.name(item.entry, item.viewer, original.astimezone(UTC), immutable=True)

    # ------------------------------------------------------------------------------------------------- what is stored

    def create(self, calendar: FakeCalendar, body: Json) -> Entry:
        """Store a new event."""
        self._count += 1
        given = deepcopy(body)
        start, end, zone = _taken(given.pop("start"), given.pop("end"))
        recurrence = given.pop("recurrence", None)
        entry = Entry(f"event{self._count}", calendar.owner, given, start, end, zone, self.clock())
        if recurrence:
            entry.recurrence = completed(recurrence, start, zone)
        self.entries[entry.key] = entry
        self._list(entry)
        self._tell(entry, "invited")
        return entry

    def update(self, item: Item, body: Json) -> None:
        """Change what the organizer has, merging as a patch does; the attendees are told."""
        if item.original is None and {"start", "end", "recurrence"} & set(body):
            # A series that is changed as a whole forgets how its occurrences differed.
            item.entry.exceptions.clear()
            item.entry.cancelled.clear()
        self._write(item, body)
        self._tell(item.entry, "updated")

    def call_off(self, item: Item) -> None:
        """Cancel: it goes from the organizer's calendar, and stays in the attendees' as cancelled."""
        entry = item.entry
        if item.original is None:
            entry.off = True
        else:
            entry.cancelled.add(item.original)
        self._touch(entry)
        self._tell(entry, "cancelled")

    def overlay(self, item: Item, body: Json) -> None:
        """Change what belongs to one person's copy."""
        own = item.entry.own.setdefault((item.viewer, item.original), {})
        own.update(deepcopy(body))
        self._touch(item.entry)

    def _write(self, item: Item, body: Json) -> None:
        entry, given = item.entry, deepcopy(body)
        target = entry.body if item.original is None else entry.exceptions.setdefault(item.original, {})
        if "start" in given or "end" in given:
            start = given.pop("start", None) or _stored(item.start)
            end = given.pop("end", None) or _stored(item.end)
            first, last, zone = _taken(start, end)
            if item.original is None:
                entry.start, entry.end = first, last
                # The zone is the start's; a new end alone changes nothing about it.
                entry.zone = zone if "start" in body else entry.zone
            else:
                target["start"], target["end"] = first, last
        if "recurrence" in given:
            pattern = given.pop("recurrence")
            entry.recurrence = completed(pattern, entry.start, entry.zone) if pattern else None
        for name, value in given.items():
            if name == "singleValueExtendedProperties":
                target[name] = _joined(target.get(name) or item.body.get(name) or [], value)
            elif isinstance(value, dict) and isinstance(target.get(name), dict):
                target[name] = {**target[name], **value}
            elif value is None:
                target.pop(name, None)
            else:
                target[name] = value
        self._list(entry)
        self._touch(entry)

    def _list(self, entry: Entry) -> None:
        """Remember whose calendar an event could show in: a thousand calendars need not be gone through for one."""
        for person in (entry.owner, *invited(entry.body)):
            self._keys.setdefault(person, {})[entry.key] = None

    def _of_person(self, viewer: str) -> list[Entry]:
        keys = self._keys.get(viewer, {})
        return [self.entries[key] for key in keys if key in self.entries]

    def _touch(self, entry: Entry) -> None:
        entry.change += 1
        entry.modified = self.clock()

    def _tell(self, entry: Entry, what: str) -> None:
        self.told += [(what, str(entry.body.get("subject", "")), address) for address in invited(entry.body)]

    # ----------------------------------------------------------------------------------------------- what there is

    def visible(self, viewer: str, begin: datetime, end: datetime) -> Iterator[Item]:
        """Yield what shows in a person's calendar within a window, series as their occurrences."""
        for entry in self._of_person(viewer):
            for item in self.occurrences(entry, viewer, begin, end):
                if item.end > begin and item.start < end:
                    yield item

    def masters(self, viewer: str) -> Iterator[Item]:
        """Yield what a person's calendar has, series as one."""
        for entry in self._of_person(viewer):
            item = self.whole(entry, viewer)
            if item is not None:
                yield item

    def occurrences(self, entry: Entry, viewer: str, begin: datetime, end: datetime) -> Iterator[Item]:
        """Yield a single event, or the occurrences of a series that could lie in a window, moved ones among them."""
        whole = self.whole(entry, viewer)
        if whole is None:
            return
        if entry.recurrence is None:
            yield whole
            return
        length = entry.end - entry.start
        by_pattern = begins(entry.recurrence, entry.start, entry.iana, begin - length, end)
        for original in sorted({*by_pattern, *entry.exceptions, *entry.cancelled}):
            item = self.one(entry, viewer, original)
            if item is not None:
                yield item

    def whole(self, entry: Entry, viewer: str) -> Item | None:
        """Return an event or a series as it shows in a person's calendar, None where it does not."""
        owned = entry.owner == viewer
        if (viewer, None) in entry.gone or (owned and entry.off) or not (owned or viewer in invited(entry.body)):
            return None
        kind = "seriesMaster" if entry.recurrence else "singleInstance"
        body = {**entry.body, **entry.own.get((viewer, None), {})}
        return Item(entry, viewer, kind, body, entry.start, entry.end, off=entry.off)

    def one(self, entry: Entry, viewer: str, original: datetime) -> Item | None:
        """Return one occurrence as it shows in a person's calendar, None where it does not."""
        whole = self.whole(entry, viewer)
        owned = entry.owner == viewer
        off = entry.off or original in entry.cancelled
        if whole is None or (owned and off) or (viewer, original) in entry.gone:
            return None
        changes = dict(entry.exceptions.get(original, {}))
        start = changes.pop("start", original)
        end = changes.pop("end", self._end(entry, start))
        body = {**whole.body, **changes, **entry.own.get((viewer, original), {})}
        if not owned and viewer not in invited(body):
            return None
        kind = "exception" if original in entry.exceptions or original in entry.cancelled else "occurrence"
        return Item(entry, viewer, kind, body, start, end, original, off)

    def _end(self, entry: Entry, start: datetime) -> datetime:
        # An all-day occurrence lasts days, not hours: one of them may have 23.
        zone = ZoneInfo(entry.iana)
        if entry.body.get("isAllDay"):
            days = entry.end.astimezone(zone).date() - entry.start.astimezone(zone).date()
            return (start.astimezone(zone) + days).astimezone(UTC)
        return start + (entry.end - entry.start)

    # ---------------------------------------------------------------------------------------------------------- ids

    def name(self, entry: Entry, viewer: str, original: datetime | None, *, immutable: bool) -> str:
        """Return the id of an event in a person's calendar. `moves` counts how often the other kind changed."""
        number = int(entry.key.removeprefix("event"))
        # Two ids that differ in the case of one letter only, as live ones do.
        stem = f"{viewer}/{number // 2}/{original or ''}" + ("" if immutable else f"/{self.moves}")
        digest = urlsafe_b64encode(hashlib.sha256(stem.encode()).digest())[:40].decode()
        made = f"{'AAkALgAAE' if immutable else 'AAMkADQ0E'}{digest}{'g' if number % 2 else 'G'}="
        self._names[made] = (viewer, entry.key, original)
        return made

    def find(self, viewer: str, name: str) -> Item:
        """Return what an id means in a person's calendar. Refuses one that is not there, byte for byte."""
        if not ID.fullmatch(name):
            raise RefusalError(400, "ErrorInvalidIdMalformed")
        owner, key, original = self._names.get(name, ("", "", None))
        entry = self.entries.get(key)
        if entry is None or owner != viewer:
            raise RefusalError(404, "ErrorItemNotFound")
        if not name.startswith("AAk") and name != self.name(entry, viewer, original, immutable=False):
            raise RefusalError(404, "ErrorItemNotFound")
        item = self.whole(entry, viewer) if original is None else self.one(entry, viewer, original)
        if item is None or (original is not None and not self._is_there(entry, original)):
            raise RefusalError(404, "ErrorItemNotFound")
        return item

    def _is_there(self, entry: Entry, original: datetime) -> bool:
        if entry.recurrence is None:
            return False
        return original in entry.exceptions or original in begins(
            entry.recurrence, entry.start, entry.iana, original, original + timedelta(minutes=1)
        )

    def series(self, entry: Entry, viewer: str, begin: datetime | None, end: datetime | None) -> list[Item]:
        """Return the occurrences of a series in the order in which they begin."""
        low = begin or entry.start
        high = end or low + _LONG
        found = self.occurrences(entry, viewer, low, high)
        inside = (item for item in found if item.original and (not begin or (item.end > low and item.start < high)))
        return sorted(inside, key=lambda item: item.start)


def invited(body: Json) -> list[str]:
    """Return the addresses of the attendees."""
    return [person["emailAddress"]["address"].lower() for person in body.get("attendees", ())]


def _joined(have: list[Json], given: list[Json]) -> list[Json]:
    """Return named properties with others put in or in the place of those with the same id."""
    return list({one["id"].lower(): one for one in (*have, *given)}.values())


def _stored(moment: datetime) -> Json:
    return {"dateTime": moment.astimezone(UTC).replace(tzinfo=None).isoformat(), "timeZone": "UTC"}


def _taken(start: Json, end: Json) -> tuple[datetime, datetime, str]:
    """Return when an event begins and ends (UTC), and in which zone it was written."""
    first, last = (
        datetime.fromisoformat(value["dateTime"]).replace(tzinfo=ZoneInfo(iana(value["timeZone"]) or "UTC"))
        for value in (start, end)
    )
    if last < first:
        raise RefusalError(400, "ErrorCalendarEndDateIsEarlierThanStartDate", "The end is before the start.")
    return first.astimezone(UTC), last.astimezone(UTC), start["timeZone"]
