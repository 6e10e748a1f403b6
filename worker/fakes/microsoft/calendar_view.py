"""An event as Graph shows it in JSON, in the calendar of one person."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from worker.fakes.microsoft.calendars import Calendars, Entry, Item
from worker.fakes.microsoft.directory import Directory
from worker.fakes.microsoft.odata import expanded_properties, property_id, same_property
from worker.fakes.microsoft.rules import Asked
from worker.ical.zones import iana

Json = dict[str, Any]

# What an event has whether or not it was said when it was made.
_USUAL: Json = {
    "categories": [],
    "hasAttachments": False,
    "subject": "",
    "bodyPreview": "",
    "importance": "normal",
    "sensitivity": "normal",
    "isAllDay": False,
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "showAs": "busy",
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "allowNewTimeProposals": True,
    "responseRequested": True,
    "hideAttendees": False,
    "isDraft": False,
    "attendees": [],
    "locations": [],
}
_NOTHING: Json = {"response": "none", "time": "0001-01-01T00:00:00Z"}
_ON_REQUEST = frozenset({"cancelledOccurrences", "exceptionOccurrences"})


class View:
    """Shows events under the kind of id and in the zone that a request prefers."""

    def __init__(self, calendars: Calendars, directory: Directory, asked: Asked) -> None:
        self._calendars = calendars
        self._directory = directory
        self._asked = asked
        self._immutable = asked.prefers("IdType") == "ImmutableId"
        self._zone = asked.prefers("outlook.timezone", "UTC")

    def shown(self, item: Item) -> Json:
        """Return an event with the properties that were selected."""
        wanted = self._asked.listed("$select")
        whole = self.whole(item)
        if "exceptionOccurrences" in wanted:
            whole["exceptionOccurrences"] = self._exceptions(item)
        if "cancelledOccurrences" in wanted:
            # The documented form: OID.<series>.<date>.
            whole["cancelledOccurrences"] = [
                f"OID.{whole['id']}.{moment.astimezone(ZoneInfo(item.entry.iana)).date()}"
                for moment in sorted(item.entry.cancelled)
            ]
        properties = whole.pop("singleValueExtendedProperties", [])
        shown = {
            name: value
            for name, value in whole.items()
            if name in {"id", "@odata.etag"} or (name in wanted if wanted else name not in _ON_REQUEST)
        }
        if "$expand" in self._asked.values:
            asked_for = expanded_properties(self._asked.one("$expand"))
            found = [
                {**one, "id": property_id(one["id"])}
                for one in properties
                if any(same_property(one["id"], name) for name in asked_for)
            ]
            if found:
                shown["singleValueExtendedProperties"] = found
        return shown

    def whole(self, item: Item) -> Json:
        """Return an event with every property."""
        entry, viewer = item.entry, item.viewer
        name = self._calendars.name(entry, viewer, item.original, immutable=self._immutable)
        tag = stamp(entry)
        view = {**_USUAL, **deepcopy(item.body)}
        content = view.get("body") or {"contentType": "html", "content": ""}
        view |= {
            "@odata.etag": f'W/"{tag}"',
            "id": name,
            "changeKey": tag,
            "createdDateTime": _written(entry.created),
            "lastModifiedDateTime": _written(entry.modified or entry.created),
            "iCalUId": _uid(entry, item.original),
            "type": item.kind,
            "start": self._time(item.start, item),
            "end": self._time(item.end, item),
            "originalStartTimeZone": entry.zone,
            "originalEndTimeZone": entry.zone,
            "isOrganizer": item.mine,
            "isCancelled": item.off,
            "organizer": {"emailAddress": self._mailbox(entry.owner)},
            "attendees": self._attendees(item),
            "responseStatus": self._response(item),
            "body": content,
            "bodyPreview": content["content"][:255],
            "location": view.get("location") or {"displayName": ""},
            "webLink": f"https://outlook.example/owa/?itemid={name}",
        }
        if item.kind == "seriesMaster":
            view["recurrence"] = entry.recurrence
        if item.original is not None:
            view["seriesMasterId"] = self._calendars.name(entry, viewer, None, immutable=self._immutable)
            view["originalStart"] = _written(item.original)
        if item.off:
            view["subject"] = f"Canceled: {view['subject']}"
            view["showAs"] = "free"
        elif not item.mine and view["responseStatus"]["response"] in {"notResponded", "tentativelyAccepted"}:
            # An invitation that nobody has answered yet stands there as tentative.
            view["showAs"] = "tentative" if view["showAs"] == "busy" else view["showAs"]
        if view["isOnlineMeeting"] and not view.get("onlineMeeting"):
            view["onlineMeetingProvider"] = "teamsForBusiness"
            view["onlineMeeting"] = {"joinUrl": f"https://meet.example/{_uid(entry, None)[-12:]}"}
        return view

    def _exceptions(self, item: Item) -> list[Json]:
        entry = item.entry
        found = (self._calendars.one(entry, item.viewer, original) for original in sorted(entry.exceptions))
        return [{key: value for key, value in self.whole(one).items() if key != "@odata.etag"} for one in found if one]

    def _time(self, moment: datetime, item: Item) -> Json:
        if item.body.get("isAllDay"):
            # Midnight in whatever zone is asked for: the day is meant, not the moment.
            local = moment.astimezone(ZoneInfo(item.entry.iana)).replace(hour=0, minute=0, second=0)
        else:
            local = moment.astimezone(ZoneInfo(iana(self._zone)))
        return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": self._zone}

    def _mailbox(self, address: str, name: str = "") -> Json:
        person = self._directory.people.get(address)
        return {"name": name or (person.shown()["displayName"] if person else address), "address": address}

    def _attendees(self, item: Item) -> list[Json]:
        people = []
        for person in item.body.get("attendees", ()):
            given = person["emailAddress"]
            if item.body.get("hideAttendees") and not item.mine and given["address"].lower() != item.viewer:
                continue
            people.append(
                {
                    "type": person.get("type", "required"),
                    # Only the organizer is told who answered what.
                    "status": (person.get("status") if item.mine else None) or dict(_NOTHING),
                    "emailAddress": self._mailbox(given["address"], given.get("name", "")),
                }
            )
        return people

    def _response(self, item: Item) -> Json:
        if item.mine:
            return {"response": "organizer", "time": "0001-01-01T00:00:00Z"}
        for person in item.body.get("attendees", ()):
            status = person.get("status") or {}
            if person["emailAddress"]["address"].lower() == item.viewer and status.get("response", "none") != "none":
                found: Json = status
                return found
        return {"response": "notResponded", "time": "0001-01-01T00:00:00Z"}


def stamp(entry: Entry) -> str:
    """Return the change key: of a series the same for all its occurrences."""
    return urlsafe_b64encode(f"{entry.key}/{entry.change:06d}".encode()).decode()


def _uid(entry: Entry, original: datetime | None) -> str:
    """Return the iCalUId: each occurrence has one of its own, with its date in the middle."""
    digest = hashlib.sha256(entry.key.encode()).hexdigest()[:32].upper()
    day = f"{original:%Y%m%d}" if original else "00000000"
    return f"040000008200E00074C5B7101A82E008{day}{digest}"


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
