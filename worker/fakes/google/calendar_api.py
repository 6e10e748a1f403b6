"""The methods of the Calendar API that the worker uses, on the fake's calendars."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from worker.fakes.google.calendars import Calendars, FakeCalendar, span, view
from worker.fakes.google.faults import RefusalError
from worker.fakes.google.judge import Asked

Json = dict[str, Any]


@dataclass(slots=True)
class CalendarApi:
    """Carries out calendar requests. `page_size` makes pages smaller than was asked for, as Google may."""

    calendars: Calendars
    page_size: int = 2500
    expired_before: int = 0
    changes: int = 0

    def methods(self) -> Mapping[str, Callable[[Asked, str, Mapping[str, str]], Any]]:
        """Return what carries out each method."""
        return {
            "calendar.events.list": self._list,
            "calendar.events.get": self._get,
            "calendar.events.instances": self._instances,
            "calendar.events.insert": self._insert,
            "calendar.events.patch": self._patch,
            "calendar.events.delete": self._delete,
            "calendar.freebusy.query": self._freebusy,
        }

    def _calendar(self, asked: Asked, viewer: str) -> FakeCalendar:
        name = asked.one("calendarId")
        return self.calendars.of(viewer if name == "primary" else name)

    def _list(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        calendar = self._calendar(asked, viewer)
        if "syncToken" in asked.values and int(asked.one("syncToken")) < self.expired_before:
            raise RefusalError(410, "fullSyncRequired")
        begin, end = _bound(asked.one("timeMin")), _bound(asked.one("timeMax"))
        deleted = asked.flag("showDeleted") or "syncToken" in asked.values
        if asked.flag("singleEvents"):
            found = list(self.calendars.visible(calendar.owner, begin, end))
        else:
            found = [
                (calendar.owner, event)
                for event in calendar.events.values()
                if "start" not in event or "recurrence" in event or _inside(event, begin, end, calendar)
            ]
        items = []
        for home, event in found:
            if event.get("status") == "cancelled" and not deleted and not _exception(event, asked):
                continue
            if "iCalUID" in asked.values and not self._has_uid(calendar, event, asked.one("iCalUID")):
                continue
            if "eventTypes" in asked.values and event.get("eventType", "default") not in asked.values["eventTypes"]:
                continue
            items.append(view(event, calendar.owner, calendar, home))
        items.sort(key=lambda item: (_start(item, calendar), item["id"]))
        return self._page(asked, items, calendar)

    def _has_uid(self, calendar: FakeCalendar, event: Json, uid: str) -> bool:
        master = calendar.events.get(event.get("recurringEventId", ""), {})
        return uid in (event.get("iCalUID"), master.get("iCalUID"))

    def _page(self, asked: Asked, items: list[Json], calendar: FakeCalendar) -> Json:
        size = min(self.page_size, int(asked.one("maxResults", "250")))
        same = {name: value for name, value in sorted(asked.values.items()) if name != "pageToken"}
        mark = hashlib.sha256(repr(same).encode()).hexdigest()[:12]
        offset = 0
        if "pageToken" in asked.values:
            text, _, given = asked.one("pageToken").partition("-")
            # A page belongs to the list that it was given for.
            if given != mark or not text.isdigit():
                raise RefusalError(400, "invalid")
            offset = int(text)
        page: Json = {
            "kind": "calendar#events",
            "etag": f'"p{len(items)}"',
            "summary": calendar.owner,
            "updated": "2026-01-01T00:00:00.000Z",
            "timeZone": calendar.timezone,
            "accessRole": calendar.role,
            "defaultReminders": [],
            "items": items[offset : offset + size],
        }
        if offset + size < len(items):
            page["nextPageToken"] = f"{offset + size}-{mark}"
        else:
            page["nextSyncToken"] = str(self.changes)
        return page

    def _get(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        calendar = self._calendar(asked, viewer)
        home, event = self.calendars.home_of(calendar.owner, asked.one("eventId"))
        return view(event, calendar.owner, calendar, home.owner)

    def _instances(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        calendar = self._calendar(asked, viewer)
        home, master = self.calendars.home_of(calendar.owner, asked.one("eventId"))
        wanted = _bound(asked.one("originalStart"))
        items = []
        for event in self.calendars.expanded(home, _bound(asked.one("timeMin")), _bound(asked.one("timeMax"))):
            if event.get("recurringEventId") != master["id"]:
                continue
            if event.get("status") == "cancelled" and not asked.flag("showDeleted"):
                continue
            original = span({"start": event["originalStartTime"], "end": event["originalStartTime"]}, home.timezone)[0]
            if wanted is None or original == wanted:
                items.append(view(event, calendar.owner, calendar, home.owner))
        return self._page(asked, items, calendar)

    def _insert(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        calendar = self._writable(asked, viewer)
        body = dict(asked.body)
        if body.get("id") in calendar.events:
            raise RefusalError(409, "duplicate")
        body["organizer"] = body["creator"] = {"email": calendar.owner}
        event = self.calendars.add(calendar.owner, body)
        self._tell(asked, event, "insert")
        return view(event, calendar.owner, calendar, calendar.owner)

    def _patch(self, asked: Asked, viewer: str, headers: Mapping[str, str]) -> Json:
        calendar, home, event = self._to_change(asked, viewer, headers)
        if home is not calendar and not event.get("guestsCanModify"):
            raise RefusalError(403, "forbiddenForNonOrganizer")
        if event.get("status") == "cancelled":
            raise RefusalError(403, "forbidden")
        event = self.calendars.change(home.owner, event["id"], asked.body)
        self._tell(asked, event, "patch")
        return view(event, calendar.owner, calendar, home.owner)

    def _delete(self, asked: Asked, viewer: str, headers: Mapping[str, str]) -> None:
        calendar, home, event = self._to_change(asked, viewer, headers)
        if event.get("status") == "cancelled":
            raise RefusalError(410, "deleted")
        if home is not calendar:
            raise RefusalError(403, "forbiddenForNonOrganizer")
        self.calendars.cancel(home.owner, event["id"])
        self._tell(asked, event, "delete")

    def _to_change(
        self, asked: Asked, viewer: str, headers: Mapping[str, str]
    ) -> tuple[FakeCalendar, FakeCalendar, Json]:
        calendar = self._writable(asked, viewer)
        home, event = self.calendars.home_of(calendar.owner, asked.one("eventId"))
        if headers.get("if-match", event["etag"]) not in (event["etag"], "*"):
            raise RefusalError(412, "conditionNotMet")
        return calendar, home, deepcopy(event)

    def _writable(self, asked: Asked, viewer: str) -> FakeCalendar:
        calendar = self._calendar(asked, viewer)
        if calendar.role not in {"owner", "writer"}:
            raise RefusalError(403, "requiredAccessLevel")
        return calendar

    def _tell(self, asked: Asked, event: Json, what: str) -> None:
        self.changes += 1
        self.calendars.told.append((what, event["id"], asked.one("sendUpdates", "false")))

    def _freebusy(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        begin, end = _bound(asked.body["timeMin"]), _bound(asked.body["timeMax"])
        calendars: Json = {}
        for item in asked.body["items"]:
            calendar = self.calendars.by_owner.get(item["id"].lower())
            if calendar is None or (calendar.hidden and calendar.owner != viewer):
                calendars[item["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            calendars[item["id"]] = {"busy": self._busy(calendar, begin, end)}
        return {
            "kind": "calendar#freeBusy",
            "timeMin": asked.body["timeMin"],
            "timeMax": asked.body["timeMax"],
            "calendars": calendars,
        }

    def _busy(self, calendar: FakeCalendar, begin: datetime | None, end: datetime | None) -> list[Json]:
        blocks: list[list[datetime]] = []
        taken = sorted(
            span(event, calendar.timezone)
            for _, event in self.calendars.visible(calendar.owner, begin, end)
            if event.get("status") != "cancelled"
            and event.get("transparency") != "transparent"
            and not any(
                person["email"].lower() == calendar.owner and person.get("responseStatus") == "declined"
                for person in event.get("attendees", ())
            )
        )
        for first, last in taken:
            if blocks and first <= blocks[-1][1]:
                blocks[-1][1] = max(last, blocks[-1][1])
            else:
                blocks.append([first, last])
        return [{"start": _written(first), "end": _written(last)} for first, last in blocks]


def _bound(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _start(item: Json, calendar: FakeCalendar) -> datetime:
    times = item.get("start") or item.get("originalStartTime")
    if not times:
        return datetime.max.replace(tzinfo=UTC)
    return span({"start": times, "end": times}, calendar.timezone)[0]


def _inside(event: Json, begin: datetime | None, end: datetime | None, calendar: FakeCalendar) -> bool:
    first, last = span(event, calendar.timezone)
    return (begin is None or last > begin) and (end is None or first < end)


def _exception(event: Json, asked: Asked) -> bool:
    """Whether a cancelled instance is listed all the same: it is, as long as its series is not expanded."""
    return "recurringEventId" in event and not asked.flag("singleEvents")
