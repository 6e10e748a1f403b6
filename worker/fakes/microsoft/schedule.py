"""getSchedule: when people are free, as Exchange tells others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from worker.fakes.microsoft.calendars import Calendars, Item
from worker.fakes.microsoft.rules import Asked
from worker.ical.zones import iana

Json = dict[str, Any]

# Working elsewhere counts as free in the merged view.
_DIGITS: Mapping[str, str] = {
    "free": "0",
    "workingElsewhere": "0",
    "tentative": "1",
    "busy": "2",
    "oof": "3",
    "unknown": "0",
}


def schedule(calendars: Calendars, asked: Asked, viewer: str) -> Json:
    """Answer for each person that is asked for; one who is unknown or hidden is an error, not free."""
    body = asked.body
    zone = asked.prefers("outlook.timezone", "UTC")
    begin, end = moment(body["startTime"]), moment(body["endTime"])
    step = timedelta(minutes=body.get("availabilityViewInterval", 30))
    return {"value": [_one(calendars, name, viewer, (begin, end, step), zone) for name in body["schedules"]]}


def moment(value: Json) -> datetime:
    """Return a dateTimeTimeZone as a moment (UTC)."""
    local = datetime.fromisoformat(value["dateTime"])
    return local.replace(tzinfo=ZoneInfo(iana(value["timeZone"]) or "UTC")).astimezone(UTC)


def _one(calendars: Calendars, name: str, viewer: str, window: tuple[datetime, datetime, timedelta], zone: str) -> Json:
    calendar = calendars.by_owner.get(name.lower())
    if calendar is None or (calendar.hidden and calendar.owner != viewer):
        code = "ErrorMailRecipientNotFound" if calendar is None else "ErrorNoFreeBusyAccess"
        return {
            "scheduleId": name,
            "availabilityView": "",
            "error": {"message": f"Unable to resolve {name}.", "responseCode": code},
        }
    begin, end, step = window
    items = sorted(calendars.visible(calendar.owner, begin, end), key=lambda item: item.start)
    return {
        "scheduleId": name,
        "availabilityView": _merged(items, begin, end, step),
        "scheduleItems": [_shown(item, zone, viewer) for item in items if not item.off],
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": calendar.zone},
        },
    }


def status(item: Item) -> str:
    """Return how the time of an event shows: an invitation that was not accepted yet is tentative."""
    if item.off:
        return "free"
    shown: str = item.body.get("showAs", "busy")
    mine = [
        (person.get("status") or {}).get("response", "none")
        for person in item.body.get("attendees", ())
        if person["emailAddress"]["address"].lower() == item.viewer
    ]
    if "declined" in mine:
        return "free"
    pending = not item.mine and shown == "busy" and "accepted" not in mine
    return "tentative" if pending else shown


def _merged(items: list[Item], begin: datetime, end: datetime, step: timedelta) -> str:
    digits = []
    while begin < end:
        here = [_DIGITS[status(item)] for item in items if item.start < begin + step and item.end > begin]
        digits.append(max(here, default="0"))
        begin += step
    return "".join(digits)


def _shown(item: Item, zone: str, viewer: str) -> Json:
    times = {}
    for name, value in (("start", item.start), ("end", item.end)):
        local = value.astimezone(ZoneInfo(iana(zone)))
        times[name] = {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}
    private = item.body.get("sensitivity", "normal") == "private"
    shown: Json = {"status": status(item), "isPrivate": private, **times}
    if viewer == item.viewer or not private:
        shown["subject"] = item.body.get("subject", "")
        shown["location"] = (item.body.get("location") or {}).get("displayName", "")
    return shown
