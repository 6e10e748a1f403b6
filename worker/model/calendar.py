"""What stands in calendars, and what is written into them (RFC 5545, 5546)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.model.base import AwareTimes


class MeetingStatus(StrEnum):
    """The status of a meeting; `held` is derived from `planned` once its end has passed."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Attendee:
    """An ATTENDEE or ORGANIZER of RFC 5545 3.8.4: address in lower case, PARTSTAT and CUTYPE in upper case."""

    address: str
    name: str = ""
    partstat: str = "NEEDS-ACTION"
    cutype: str = "INDIVIDUAL"
    role: str = "REQ-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class Event(AwareTimes):
    """One instance in a calendar: a single event, or one occurrence of a series (then `recurring`).

    `recurrence_id` (aware, UTC) names the instance of a series by its original start. `tzid` is the IANA zone of the
    event. All-day events have `all_day` and run from midnight to midnight of the calendar's zone. `kind` is `default`,
    `out-of-office`, `focus` or `other`; `sensitivity` is PUBLIC, PRIVATE or CONFIDENTIAL. `attendees_complete` is
    False where the calendar hides or shortens the list. `editable` says that the account may move or cancel it.
    """

    uid: str
    dtstart: datetime
    dtend: datetime
    recurrence_id: datetime | None = None
    sequence: int = 0
    tzid: str = "UTC"
    summary: str = ""
    location: str = ""
    status: str = "CONFIRMED"
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    transparency: str = "OPAQUE"
    sensitivity: str = "PUBLIC"
    all_day: bool = False
    recurring: bool = False
    kind: str = "default"
    attendees_complete: bool = True
    editable: bool = True
    href: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Meeting(AwareTimes):
    """A 1:1 of a pair, with an id of ours: it outlives the event that showed it.

    `session` is the kind of agenda that a person asked for by mail ("" where its title decides).
    `first_seen` is when the worker first saw it; `short_notice` that this was less than one business day ahead, or
    that it is a single event beside the pair's series: the report gets no mail about it beforehand. `history` marks
    what had ended before the calendar was first read. `ours` is the CheckIn event that we made.
    """

    id: str
    uid: str
    start: datetime
    end: datetime
    recurrence_id: datetime | None = None
    tzid: str = "UTC"
    summary: str = ""
    location: str = ""
    status: MeetingStatus = MeetingStatus.PLANNED
    confirmed: bool = False
    first_seen: datetime | None = None
    short_notice: bool = False
    history: bool = False
    recurring: bool = False
    ours: bool = False
    editable: bool = True
    moved_from: datetime | None = None
    calendar: str = ""
    moves: int = 0
    session: str = ""


@dataclass(frozen=True, slots=True)
class Busy(AwareTimes):
    """A stretch of time in which somebody is not free; `away` where it is an absence, `uid` of the event behind it."""

    start: datetime
    end: datetime
    away: bool = False
    uid: str = ""


class CalendarOperation(StrEnum):
    """What is done in a calendar."""

    CREATE = "create"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class CalendarWrite(AwareTimes):
    """One write into a calendar, idempotent: carrying it out twice leaves what carrying it out once leaves.

    `create` makes a single event under `uid` with `organizer` and `attendees`; `move` sets start and end of one
    instance (`recurrence_id` None: of a single event); `cancel` cancels it. The series itself is never changed.
    `key` names the write (meeting answered and revision) and serves as client id or transaction id.
    """

    key: str
    operation: CalendarOperation
    uid: str
    start: datetime
    end: datetime
    recurrence_id: datetime | None = None
    tzid: str = "UTC"
    summary: str = ""
    location: str = ""
    description: str = ""
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    sequence: int = 0
