"""One UID of a calendar file: a single event, or a series with its overrides, and the instances of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Event as Component

from worker.ical.lines import Node
from worker.ical.recurrence import Instance, expand
from worker.ical.zones import zone
from worker.model import Event


@dataclass(slots=True)
class Part:
    """One VEVENT as read: the library's component with its zones resolved, and an event that carries its facts."""

    component: Component
    event: Event
    node: Node
    start: datetime | date
    original: datetime | date | None


@dataclass(slots=True)
class CalendarObject:
    """Everything of one UID in one file: a master with its overrides, or overrides alone, or a single event."""

    uid: str
    parts: list[Part]
    owner: str

    @property
    def master(self) -> Part | None:
        """The component without RECURRENCE-ID, the newest where there are several."""
        own = [part for part in self.parts if part.original is None]
        return max(own, key=lambda part: part.event.sequence) if own else None

    @property
    def recurring(self) -> bool:
        """Whether this is a series, or instances of one."""
        own = self.master
        return own is None or len(self.parts) > 1 or any(name in own.component for name in ("RRULE", "RDATE"))

    @property
    def rank(self) -> tuple[bool, int, str]:
        """What makes one of two objects with a UID the newer: master, SEQUENCE, LAST-MODIFIED (RFC 5546 2.1.5)."""
        own = self.master
        part = own or self.parts[0]
        stamp = part.node.value("LAST-MODIFIED") or part.node.value("DTSTAMP")
        return own is not None, max(item.event.sequence for item in self.parts), stamp

    def instances(self, start: datetime, end: datetime) -> list[Event]:
        """Return the instances that touch [start, end), sorted by start.

        Raises EndlessRuleError or ValueError where the object's rules are out of bounds or make no sense.
        """
        own = self.master
        if own is not None and not self.recurring:
            found = [own.event]
        else:
            by_component = {id(part.component): part for part in self.parts}
            found = [
                self._event(by_component[id(item.component)], item)
                for item in expand([part.component for part in self.parts], start, end)
            ]
        return sorted((event for event in found if touches(event, start, end)), key=lambda event: event.dtstart)

    def _event(self, part: Part, instance: Instance) -> Event:
        base = part.event
        original = instance.original
        named = utc(original, self.owner) if original is not None else None
        if part.original is not None and instance.start == part.start:
            return replace(base, recurrence_id=named, recurring=True)
        start, end = utc(instance.start, self.owner), utc(instance.end, self.owner)
        if isinstance(instance.start, datetime) and isinstance(instance.end, datetime):
            # RFC 5545 3.8.5.3: an end makes the length exact, also in the night in which the clocks change.
            end = start + (instance.end - instance.start)
        own = zone(base.tzid)
        return replace(
            base, dtstart=start.astimezone(own), dtend=end.astimezone(own), recurrence_id=named, recurring=True
        )

    def instance(self, recurrence_id: datetime) -> Event | None:
        """Return the instance of this original start, wherever it was moved to; None where there is none.

        Raises EndlessRuleError or ValueError as `instances` does.
        """
        recurrence_id = recurrence_id.astimezone(UTC)
        own = self.override(recurrence_id)
        if own is not None:
            return None if self._excluded(recurrence_id) else own.event
        for days in (1, 400):
            margin = timedelta(days=days)
            for event in self.instances(recurrence_id - margin, recurrence_id + margin):
                if event.recurrence_id == recurrence_id:
                    return event
        return None

    def _excluded(self, recurrence_id: datetime) -> bool:
        """Whether an EXDATE of the master takes out an instance, its override included."""
        own = self.master
        if own is None:
            return False
        values = [value for listed in listed(own.component.get("EXDATE")) for value in listed.dts]
        return any(
            utc(value.dt, self.owner) == recurrence_id
            if isinstance(value.dt, datetime) == isinstance(own.start, datetime)
            else value.dt == recurrence_id.astimezone(aware(own.start, self.owner).tzinfo).date()
            for value in values
        )

    def override(self, recurrence_id: datetime) -> Part | None:
        """Return the component that overrides this instance alone, the newest where there are several."""
        own = [
            part
            for part in self.parts
            if part.original is not None
            and utc(part.original, self.owner) == recurrence_id.astimezone(UTC)
            and not and_future(part)
        ]
        return max(own, key=lambda part: part.event.sequence) if own else None

    def governing(self, recurrence_id: datetime) -> Part | None:
        """Return what an instance without an override of its own is made from: the master, or a THISANDFUTURE."""
        changes = [
            part
            for part in self.parts
            if part.original is not None and and_future(part) and utc(part.original, self.owner) <= recurrence_id
        ]
        newest = max(changes, key=lambda part: utc(part.original or part.start, self.owner), default=None)
        return newest or self.master


def touches(event: Event, start: datetime, end: datetime) -> bool:
    """Whether an event touches [start, end); one without length touches where it begins."""
    return event.dtstart < end and (event.dtend > start or event.dtstart >= start)


def and_future(part: Part) -> bool:
    """Whether an override holds for its instance and all later ones (RFC 5545 3.2.13)."""
    value = part.component.get("RECURRENCE-ID")
    return str(value.params.get("RANGE", "")).upper() == "THISANDFUTURE" if value is not None else False


def aware(moment: datetime | date, owner: str) -> datetime:
    """Return a moment with a zone; a date begins at midnight of the owner's zone."""
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone(owner))
    return datetime.combine(moment, time(), tzinfo=zone(owner))


def utc(moment: datetime | date, owner: str) -> datetime:
    """Return a moment in UTC. Python holds times around a change of clocks unequal to any in another zone."""
    return aware(moment, owner).astimezone(UTC)


def listed(value: Any) -> list[Any]:  # noqa: ANN401  # the library's values have no common type
    """Return the values of a property that may stand in a component once, several times or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
