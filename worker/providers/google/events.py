"""Google's events as ours, and back. No requests, no clock."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from worker.errors import ItemError
from worker.ical.zones import iana, zone
from worker.model import Attendee, CalendarWrite, Event
from worker.providers.marks import mark_of_write

Json = dict[str, Any]

# Asked for by name, so that kinds which Google adds later are not taken for meetings.
EVENT_TYPES = ("default", "focusTime", "fromGmail", "outOfOffice")
MARK = "followthrough"
_KINDS = {"default": "default", "outOfOffice": "out-of-office", "focusTime": "focus"}
_PARTSTATS = {
    "needsAction": "NEEDS-ACTION",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
    "accepted": "ACCEPTED",
}
_STATUSES = {"confirmed": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
_SENSITIVITY = {"private": "PRIVATE", "confidential": "CONFIDENTIAL"}
_CLIENT_ID = re.compile(r"[a-v0-9]{5,1024}")
_GOOGLE = "@google.com"


def to_event(raw: Json, account: str, calendar_zone: str, *, writable: bool) -> Event:
    """Return one instance. Raises ItemError where it has no times, no UID, or times that are none."""
    name = str(raw.get("iCalUID") or raw.get("id") or "an event without an id")
    try:
        return _event(raw, account, calendar_zone, writable=writable)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        why = f"cannot be read ({type(error).__name__}): look at it in Google Calendar, and save it again"
        raise ItemError(name, why) from None


def _event(raw: Json, account: str, calendar_zone: str, *, writable: bool) -> Event:
    start, end = raw["start"], raw["end"]
    all_day = "date" in start
    tzid = iana(str(start.get("timeZone") or "")) or calendar_zone
    dtstart, dtend = _moment(start, tzid, calendar_zone), _moment(end, tzid, calendar_zone)
    if dtend < dtstart:
        raise ValueError("it ends before it starts")
    original = raw.get("originalStartTime")
    recurrence_id = _moment(original, tzid, calendar_zone).astimezone(UTC) if original else None
    organizer = raw.get("organizer") or {}
    own = bool(organizer.get("self"))
    attendees = raw.get("attendees") or []
    return Event(
        uid=str(raw["iCalUID"]),
        dtstart=dtstart,
        dtend=dtend,
        recurrence_id=recurrence_id,
        sequence=int(raw.get("sequence") or 0),
        tzid=calendar_zone if all_day else tzid,
        summary=str(raw.get("summary") or ""),
        location=str(raw.get("location") or ""),
        status=_STATUSES.get(raw.get("status", "confirmed"), "CONFIRMED"),
        organizer=_person(organizer, account) if organizer.get("email") else None,
        attendees=tuple(_person(item, account) for item in attendees if item.get("email")),
        transparency="TRANSPARENT" if raw.get("transparency") == "transparent" else "OPAQUE",
        sensitivity=_SENSITIVITY.get(raw.get("visibility", ""), "PUBLIC"),
        all_day=all_day,
        recurring=bool(raw.get("recurringEventId")),
        kind=_KINDS.get(raw.get("eventType", "default"), "other"),
        attendees_complete=_complete(raw, attendees, own=own),
        editable=writable and not raw.get("locked") and (own or bool(raw.get("guestsCanModify"))),
        href=str(raw["id"]),
        etag=str(raw.get("etag") or ""),
    )


def cancelled(raw: Json, uid: str, recurrence_id: datetime | None, near: datetime) -> Event:
    """Return a cancelled instance: of a deleted event Google guarantees nothing but its id."""
    return Event(
        uid=uid,
        dtstart=near,
        dtend=near,
        recurrence_id=recurrence_id,
        status="CANCELLED",
        recurring=recurrence_id is not None,
        editable=False,
        href=str(raw.get("id", "")),
        etag=str(raw.get("etag", "")),
    )


def _complete(raw: Json, attendees: list[Json], *, own: bool) -> bool:
    hidden = raw.get("guestsCanSeeOtherGuests") is False and not own
    growing = any(item.get("asyncOperation") == "inProgress" or item.get("additionalGuests") for item in attendees)
    return not (raw.get("attendeesOmitted") or hidden or growing)


def _person(item: Json, account: str) -> Attendee:
    # `self` says that it is the calendar's owner, by whichever of their addresses they were invited.
    address = account if item.get("self") else str(item["email"]).lower()
    return Attendee(
        address=address,
        name=str(item.get("displayName") or ""),
        partstat=_PARTSTATS.get(item.get("responseStatus", ""), "NEEDS-ACTION"),
        cutype="RESOURCE" if item.get("resource") else "INDIVIDUAL",
        role="OPT-PARTICIPANT" if item.get("optional") else "REQ-PARTICIPANT",
    )


def _moment(value: Json, tzid: str, calendar_zone: str) -> datetime:
    if "date" in value:
        # A day of the calendar's owner, from midnight to midnight on their wall clock.
        return datetime.combine(date.fromisoformat(value["date"]), time(), ZoneInfo(calendar_zone))
    moment = datetime.fromisoformat(value["dateTime"])
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone(tzid))
    return moment.astimezone(zone(tzid))


def names(raw: Json, uid: str, recurrence_id: datetime | None, calendar_zone: str) -> bool:
    """Whether this is the event of that UID, and the instance of it that began at `recurrence_id` (aware)."""
    if raw.get("iCalUID") not in (None, uid) and raw.get("id") != uid:
        return False
    original = raw.get("originalStartTime")
    if recurrence_id is None:
        return original is None and not raw.get("recurrence")
    try:
        return original is not None and _moment(original, "UTC", calendar_zone) == recurrence_id
    except (KeyError, TypeError, ValueError):
        return False


def master_id(uid: str) -> str:
    """Return the id that an event of this UID probably has ("" where nothing can be said); to be checked when read."""
    local = uid.removesuffix(_GOOGLE)
    return local if _CLIENT_ID.fullmatch(local) else ""


def instance_id(master: str, recurrence_id: datetime) -> str:
    """Return the id that an instance probably has: the series' and the original start; to be checked when read."""
    return f"{master}_{recurrence_id.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def client_id(uid: str) -> str:
    """Return the id under which we make an event: letters a-v and digits, at most 1024 (calendar v3, Event.id).

    The same uid gives the same id, so an insert that is repeated meets the first one instead of making a second.
    """
    if _CLIENT_ID.fullmatch(uid):
        return uid
    return "ft" + hashlib.sha256(uid.encode()).hexdigest()


def is_marked(raw: Json, write: CalendarWrite) -> bool:
    """Whether this write took effect on this event before."""
    private = (raw.get("extendedProperties") or {}).get("private") or {}
    return bool(private.get(MARK) == mark_of_write(write))


def times(write: CalendarWrite) -> Json:
    """Return start and end as Google takes them: the offset, and the zone in which a person reads them."""
    tzid = iana(write.tzid) or "UTC"
    return {
        "start": {"dateTime": _written(write.start, tzid), "timeZone": tzid},
        "end": {"dateTime": _written(write.end, tzid), "timeZone": tzid},
    }


def _written(moment: datetime, tzid: str) -> str:
    return moment.astimezone(zone(tzid)).isoformat(timespec="seconds")


def new_event(write: CalendarWrite, account: str) -> Json:
    """Return the body of an insert: both people, the owner as one who has accepted."""
    body: Json = {
        "id": client_id(write.uid),
        "summary": write.summary,
        **times(write),
        "attendees": [_invited(person, account) for person in write.attendees],
        "extendedProperties": {"private": {MARK: mark_of_write(write)}},
    }
    if write.location:
        body["location"] = write.location
    if write.description:
        body["description"] = write.description
    return body


def _invited(person: Attendee, account: str) -> Json:
    status = "accepted" if person.address == account else "needsAction"
    item: Json = {"email": person.address, "responseStatus": status}
    if person.name:
        item["displayName"] = person.name
    if person.role == "OPT-PARTICIPANT":
        item["optional"] = True
    return item


def touches(event: Event, start: datetime, end: datetime) -> bool:
    """Whether an event touches [start, end); one without length touches where it begins."""
    return event.dtstart < end and (event.dtend > start or event.dtstart >= start)


def rfc3339(moment: datetime) -> str:
    """Return a moment as the API's parameters take it, in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rounded(end: datetime) -> datetime:
    """Return the moment, or the next whole second: a bound that is cut would leave out what begins in between."""
    return end if end.microsecond == 0 else end.replace(microsecond=0) + timedelta(seconds=1)
