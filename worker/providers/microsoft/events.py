"""Graph's events as ours, and back. No requests, no clock."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import tz_win

from worker.errors import ItemError
from worker.ical.zones import iana, zone
from worker.model import Attendee, CalendarWrite, Event
from worker.providers.marks import mark_of_write

Json = dict[str, Any]

FIELDS = (
    "id,subject,start,end,originalStart,originalStartTimeZone,type,seriesMasterId,isCancelled,isDraft,isAllDay,"
    "isOrganizer,organizer,attendees,responseStatus,showAs,sensitivity,hideAttendees,location"
)
# Properties of our own on an event (PS_PUBLIC_STRINGS, [MS-OXPROPS] 1.3.2): which check-in it is, and the last write.
_OURS = "String {00020329-0000-0000-C000-000000000046} Name Followthrough"
ID, MARK = f"{_OURS}Id", f"{_OURS}Mark"
EXPAND_MARK = f"singleValueExtendedProperties($filter=id eq '{MARK}')"

_PARTSTATS = {
    "organizer": "ACCEPTED",
    "accepted": "ACCEPTED",
    "tentativelyAccepted": "TENTATIVE",
    "declined": "DECLINED",
}
_SENSITIVITY = {"personal": "PRIVATE", "private": "PRIVATE", "confidential": "CONFIDENTIAL"}
# Working elsewhere is no absence, and takes nobody's time.
_FREE = frozenset({"free", "workingElsewhere"})
_OF_A_SERIES = frozenset({"occurrence", "exception"})


def to_event(raw: Json, account: str, calendar_zone: str, *, writable: bool) -> Event:
    """Return one instance. Raises ItemError where it has no times, no id, or times that are none."""
    name = str(raw.get("id") or "an event without an id")
    try:
        return _event(raw, account, calendar_zone, writable=writable)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        why = f"cannot be read ({type(error).__name__}): look at it in Outlook, and save it again"
        raise ItemError(name, why) from None


def _event(raw: Json, account: str, calendar_zone: str, *, writable: bool) -> Event:
    own = bool(raw.get("isOrganizer"))
    all_day = bool(raw.get("isAllDay"))
    # "tzone://Microsoft/Custom" and the like name no zone: the calendar's own is shown then, the moment is the same.
    tzid = iana(str(raw.get("originalStartTimeZone") or "")) or calendar_zone
    dtstart, dtend = (_moment(raw[name], tzid, calendar_zone, all_day=all_day) for name in ("start", "end"))
    if dtend < dtstart:
        raise ValueError("it ends before it starts")
    recurring = raw.get("type") in _OF_A_SERIES
    shown = str(raw.get("showAs") or "busy")
    organizer = (raw.get("organizer") or {}).get("emailAddress") or {}
    return Event(
        # iCalUId differs from instance to instance; the series' id and the original start name one for good.
        uid=str(raw["seriesMasterId"] if recurring else raw["id"]),
        dtstart=dtstart,
        dtend=dtend,
        recurrence_id=_original(raw, dtstart) if recurring else None,
        tzid=calendar_zone if all_day else tzid,
        summary=str(raw.get("subject") or ""),
        location=str((raw.get("location") or {}).get("displayName") or ""),
        status="CANCELLED" if raw.get("isCancelled") else "TENTATIVE" if shown == "tentative" else "CONFIRMED",
        organizer=_organizer(organizer, account, own=own),
        attendees=_attendees(raw, account),
        transparency="TRANSPARENT" if shown in _FREE else "OPAQUE",
        sensitivity=_SENSITIVITY.get(raw.get("sensitivity", ""), "PUBLIC"),
        all_day=all_day,
        recurring=recurring,
        # A draft was changed and not sent: what the guests know is something else.
        kind="out-of-office" if shown == "oof" else "other" if raw.get("isDraft") else "default",
        attendees_complete=own or not raw.get("hideAttendees"),
        editable=writable and own and not raw.get("isCancelled"),
        href=str(raw["id"]),
        etag=str(raw.get("@odata.etag") or ""),
    )


def _original(raw: Json, start: datetime) -> datetime:
    text = raw.get("originalStart")
    if not text:
        if raw.get("type") == "exception":
            raise ValueError("an exception without its original start")
        return start.astimezone(UTC)
    moment = datetime.fromisoformat(str(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _organizer(found: Json, account: str, *, own: bool) -> Attendee | None:
    # `isOrganizer` says that it is the calendar's owner, by whichever of their addresses they sent it.
    address = account if own else str(found.get("address") or "").lower()
    return Attendee(address, str(found.get("name") or ""), "ACCEPTED") if address else None


def _attendees(raw: Json, account: str) -> tuple[Attendee, ...]:
    found = [_person(item) for item in raw.get("attendees") or [] if (item.get("emailAddress") or {}).get("address")]
    # Outlook keeps the owner's own answer here alone; in a guest's copy the list says "none" of everybody.
    answer = _PARTSTATS.get(str((raw.get("responseStatus") or {}).get("response") or ""), "")
    return tuple(
        Attendee(one.address, one.name, answer, one.cutype, one.role) if answer and one.address == account else one
        for one in found
    )


def _person(item: Json) -> Attendee:
    kind = item.get("type")
    return Attendee(
        address=str(item["emailAddress"]["address"]).lower(),
        name=str(item["emailAddress"].get("name") or ""),
        partstat=_PARTSTATS.get(str((item.get("status") or {}).get("response") or ""), "NEEDS-ACTION"),
        cutype="RESOURCE" if kind == "resource" else "INDIVIDUAL",
        role="OPT-PARTICIPANT" if kind == "optional" else "REQ-PARTICIPANT",
    )


def _moment(value: Json, tzid: str, calendar_zone: str, *, all_day: bool) -> datetime:
    named = iana(str(value.get("timeZone") or "UTC"))
    if not named:
        raise ValueError("an answer in another zone than was asked for")
    moment = datetime.fromisoformat(value["dateTime"])
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone(named))
    if not all_day:
        return moment.astimezone(zone(tzid))
    # A day, from midnight to midnight on the owner's wall clock, however the midnights are written.
    own = moment if moment.time() == time() else moment.astimezone(zone(tzid))
    day = (own + timedelta(hours=12)).date() if own.time() >= time(12) else own.date()
    return datetime.combine(day, time(), ZoneInfo(calendar_zone))


def stands_alone(raw: Json) -> bool:
    """Whether this is an event of its own: no series (which is never a meeting, never written), nothing of one."""
    return raw.get("type") != "seriesMaster" and raw.get("type") not in _OF_A_SERIES


def began_at(raw: Json, recurrence_id: datetime) -> bool:
    """Whether this is the instance of its series that began at `recurrence_id` (aware)."""
    try:
        return _original(raw, _moment(raw["start"], "UTC", "UTC", all_day=False)) == recurrence_id
    except (KeyError, TypeError, ValueError):
        return False


# -------------------------------------------------------------------------------------------------------------- writing


def transaction_id(uid: str) -> str:
    """Return the id under which we make an event; the same uid gives the same, so that it is made once."""
    return str(UUID(bytes=hashlib.sha256(uid.encode()).digest()[:16], version=4))


def made_as(uid: str) -> str:
    """Return the condition that finds the event that we made under this uid."""
    return f"singleValueExtendedProperties/any(ep: ep/id eq '{ID}' and ep/value eq '{transaction_id(uid)}')"


def is_marked(raw: Json, write: CalendarWrite) -> bool:
    """Whether this write took effect on this event before (its mark was asked for)."""
    found = raw.get("singleValueExtendedProperties") or []
    return any(
        str(one.get("id")).lower() == MARK.lower() and one.get("value") == mark_of_write(write)
        for one in found
        if isinstance(one, dict)
    )


def moved(write: CalendarWrite) -> Json:
    """Return the body of a move: what changes, and the mark. Guests, conference and words stay as they are."""
    return {**_times(write), "singleValueExtendedProperties": [{"id": MARK, "value": mark_of_write(write)}]}


def new_event(write: CalendarWrite, account: str) -> Json:
    """Return the body of an event that is made: the owner is its organizer, the others are invited."""
    body: Json = {
        "subject": write.summary,
        **_times(write),
        "attendees": [_invited(person) for person in write.attendees if person.address != account],
        "transactionId": transaction_id(write.uid),
        "singleValueExtendedProperties": [{"id": ID, "value": transaction_id(write.uid)}],
    }
    if write.location:
        body["location"] = {"displayName": write.location}
    if write.description:
        body["body"] = {"contentType": "text", "content": write.description}
    return body


def _invited(person: Attendee) -> Json:
    address = {"address": person.address, **({"name": person.name} if person.name else {})}
    return {"emailAddress": address, "type": "optional" if person.role == "OPT-PARTICIPANT" else "required"}


def _times(write: CalendarWrite) -> Json:
    """Return start and end as Graph takes them: on the wall clock of a zone by Windows' name of it."""
    tzid = iana(write.tzid) or "UTC"
    name = tz_win.get(tzid, "")
    moments = [moment.astimezone(zone(tzid)) for moment in (write.start, write.end)]
    # In the hour that comes twice the wall clock does not tell which one is meant.
    if not name or any(moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset() for moment in moments):
        name, moments = "UTC", [moment.astimezone(UTC) for moment in moments]
    start, end = ({"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}", "timeZone": name} for moment in moments)
    return {"start": start, "end": end}


def rfc3339(moment: datetime) -> str:
    """Return a moment as the API's parameters take it, in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rounded(end: datetime) -> datetime:
    """Return the moment, or the next whole second: a bound that is cut would leave out what begins in between."""
    return end if end.microsecond == 0 else end.replace(microsecond=0) + timedelta(seconds=1)
