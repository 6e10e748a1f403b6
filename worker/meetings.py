"""Which events are 1:1s, between whom, and what they are to the meetings that we remember. Pure.

An event that is left alone always comes with its reason, in words that `status` prints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from worker.model import (
    Attendee,
    Event,
    Meeting,
    MeetingStatus,
    Pair,
    PairKey,
    PairKind,
    PairState,
    Person,
    Policy,
)
from worker.tokens import item_id
from worker.workdays import Clock

HISTORY_AFTER = timedelta(hours=1)

_NOT_PEOPLE = ("RESOURCE", "ROOM")
_NOT_PEOPLE_DOMAINS = ("resource.calendar.google.com", "group.calendar.google.com")
# Words of personnel matters in the other languages of the mails; the configuration's own list is the English one.
_LEAVE_ALONE_ELSEWHERE = (
    "bewerb|vorstellungsgespr|abmahn|kündig|kuendig|aufhebungs|trennungsgespr|"
    "entretien d.embauche|candidat|licenci|sanction|démission|avertissement|"
    "entrevista|despid|despedid|amonest|renuncia|disciplin"
)


def _words(table: str) -> list[str]:
    return table.split()


# Mail services where sharing a domain does not make two people colleagues.
_PUBLIC_DOMAINS = frozenset(
    _words("""
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com
    mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de posteo.de mailbox.org proton.me
    protonmail.com pm.me orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it
    mail.ru yandex.ru qq.com 163.com 126.com naver.com daum.net fastmail.com hey.com zoho.com tutanota.com
    tuta.io outlook.de outlook.fr outlook.es hotmail.de hotmail.fr hotmail.es hotmail.co.uk yahoo.co.uk
    yahoo.de yahoo.fr yahoo.es yahoo.co.jp btinternet.com comcast.net verizon.net att.net
""")
)


@dataclass(frozen=True, slots=True)
class World:
    """Who is known: managers whose calendars are read, whom they report to, pairs that the configuration names.

    `states` says of each known pair whether it was started, so that its single events count. `worker` is the worker's
    own address, which organizes invitations and takes part in nothing.
    """

    policy: Policy
    managers: Mapping[str, Person]
    people: Mapping[str, Person] = field(default_factory=dict)
    reports_to: Mapping[str, str] = field(default_factory=dict)
    configured: Mapping[PairKey, PairKind] = field(default_factory=dict)
    states: Mapping[PairKey, PairState] = field(default_factory=dict)
    worker: str = ""


@dataclass(frozen=True, slots=True)
class OneOnOne:
    """An event that is a 1:1: of which pair, seen in whose calendar. `gone` where it is cancelled or declined."""

    key: PairKey
    kind: PairKind
    event: Event
    calendar: str
    names: tuple[str, str]
    gone: str = ""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An event that is not a 1:1 for us, and why."""

    uid: str
    reason: str


def judge(event: Event, owner: Person, world: World) -> OneOnOne | LeftAlone:
    """Decide of one event in `owner`'s calendar."""
    humans = _humans(event, owner, world)
    reason = _not_two_people(event, owner, humans)
    if reason:
        return LeftAlone(event.uid, reason)
    other = next(human for address, human in humans.items() if address != owner.email)
    if world.reports_to.get(owner.email) == other.address and other.address not in world.managers:
        return LeftAlone(event.uid, f"{owner.full_name} reports to {other.address}, whose calendar is not read")
    key, kind = _roles(event, owner, other.address, world)
    reason = _not_wanted(event, owner, other.address, key, world)
    if reason:
        return LeftAlone(event.uid, reason)
    mine = humans.get(owner.email)
    owner_name = owner.name or (mine.name if mine else "")
    known = world.people.get(other.address) or world.managers.get(other.address)
    other_name = (known.name if known else "") or other.name
    names = (owner_name, other_name) if key.manager == owner.email else (other_name, owner_name)
    return OneOnOne(key, kind, event, owner.email, names, _gone(event, mine, other))


def _humans(event: Event, owner: Person, world: World) -> dict[str, Attendee]:
    humans: dict[str, Attendee] = {}
    candidates = (*event.attendees, *((event.organizer,) if event.organizer else ()))
    for attendee in candidates:
        address = _canonical(attendee.address, owner, world)
        domain = address.rpartition("@")[2]
        if not address or attendee.cutype in _NOT_PEOPLE or domain in _NOT_PEOPLE_DOMAINS:
            continue
        if address in world.policy.ignore or address == world.worker:
            continue
        humans.setdefault(address, replace(attendee, address=address))
    humans.setdefault(owner.email, Attendee(owner.email, owner.name, partstat="ACCEPTED"))
    return humans


def _canonical(address: str, owner: Person, world: World) -> str:
    address = address.lower()
    if owner.owns(address):
        return owner.email
    for known in (*world.managers.values(), *world.people.values()):
        if known.owns(address):
            return known.email
    return address


def _not_two_people(event: Event, owner: Person, humans: Mapping[str, Attendee]) -> str:
    if event.kind == "out-of-office":
        return "out of office"
    if event.kind != "default":
        return "focus time or another entry that is no meeting"
    if event.all_day:
        return "all day"
    if event.transparency == "TRANSPARENT":
        return "shown as free"
    if not event.attendees_complete:
        return "its list of people is hidden or not complete"
    others = [human for address, human in humans.items() if address != owner.email]
    if any(human.cutype == "GROUP" for human in others):
        return "a group is invited"
    if not others:
        return "nobody else takes part"
    if len(others) > 1:
        return f"{len(others) + 1} people take part"
    return ""


def _roles(event: Event, owner: Person, other: str, world: World) -> tuple[PairKey, PairKind]:
    here, there = PairKey(owner.email, other), PairKey(other, owner.email)
    if there in world.configured and here not in world.configured and other in world.managers:
        return there, world.configured[there]
    if here in world.configured or other not in world.managers:
        return here, world.configured.get(here, PairKind.DIRECT)
    if world.reports_to.get(other) == owner.email:
        return here, PairKind.DIRECT
    if world.reports_to.get(owner.email) == other:
        return there, PairKind.DIRECT
    for known in (here, there):
        if world.states.get(known) is PairState.STARTED:
            return known, PairKind.PEER
    organizer = _canonical(event.organizer.address, owner, world) if event.organizer else owner.email
    return (there if organizer == other else here), PairKind.PEER


def _not_wanted(event: Event, owner: Person, other: str, key: PairKey, world: World) -> str:
    policy = world.policy
    if event.sensitivity != "PUBLIC":
        return "marked private"
    words = "|".join(part for part in (policy.leave_alone, _LEAVE_ALONE_ELSEWHERE) if part)
    if policy.leave_alone and re.search(rf"\b(?:{words})", event.summary, re.IGNORECASE):
        return "its title speaks of an interview or a personnel matter"
    if other in policy.exclude:
        return "this person is excluded by the configuration"
    if policy.title and not re.search(policy.title, event.summary):
        return "its title does not match the configuration"
    length = (event.dtend - event.dtstart) / timedelta(minutes=1)
    if not policy.minutes[0] <= length <= policy.minutes[1]:
        return f"it lasts {length:.0f} minutes"
    if key in world.configured or key in world.states:
        return ""
    if not _own_domain(owner.email, other, policy.domains):
        return "outside the domains of the configuration"
    if policy.found_by == "series" and not event.recurring:
        return "a single event with somebody who has no series with you"
    return ""


def _own_domain(owner: str, other: str, domains: Sequence[str]) -> bool:
    if not domains:
        return True
    mine, theirs = owner.rpartition("@")[2], other.rpartition("@")[2]
    return any(
        theirs == domain if domain != "own" else theirs == mine and mine not in _PUBLIC_DOMAINS
        for domain in (entry.lower() for entry in domains)
    )


def _gone(event: Event, mine: Attendee | None, other: Attendee) -> str:
    if event.status == "CANCELLED":
        return "cancelled"
    if mine is not None and mine.partstat == "DECLINED":
        return "declined by the owner"
    if other.partstat == "DECLINED":
        return f"declined by {other.address}"
    return ""


# ------------------------------------------------------------------------------------------ events meet our meetings


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tick read of the calendars that can show this pair: the events, and which window of which calendar.

    `complete` are the calendars whose reading may say that something is gone; `first` those read for the first time.
    """

    found: tuple[OneOnOne, ...]
    start: datetime
    end: datetime
    complete: frozenset[str]
    first: frozenset[str] = frozenset()


def match(pair: Pair, reading: Reading, now: datetime, clock: Clock) -> Pair:
    """Return the pair with its meetings brought up to what the calendars show.

    An event is a meeting that we know by UID and instance, else by the same start, else (the old event being gone) by
    the same local day; otherwise it is a new meeting. `clock` is the manager's.
    """
    present = _one_of_each([found for found in reading.found if not found.gone])
    gone = {(found.event.uid, found.event.recurrence_id) for found in reading.found if found.gone}
    seen = {(found.event.uid, found.event.recurrence_id) for found in present}
    meetings = {meeting.id: meeting for meeting in pair.meetings}
    taken: set[str] = set()
    rest: list[OneOnOne] = []
    for found in present:
        known = _by_event(meetings, found.event, taken)
        if known is None:
            rest.append(found)
            continue
        taken.add(known.id)
        meetings[known.id] = _updated(known, found, clock)
    has_series = any(meeting.recurring for meeting in meetings.values()) or any(
        found.event.recurring for found in present
    )
    for found in rest:
        known = _by_time(meetings, found.event, taken, seen, clock)
        meeting = _updated(known, found, clock) if known else _new(pair, found, reading, now, clock, has_series)
        taken.add(meeting.id)
        meetings[meeting.id] = meeting
    for meeting in tuple(meetings.values()):
        if meeting.id not in taken and _is_missing(meeting, reading, gone, now):
            meetings[meeting.id] = replace(meeting, status=MeetingStatus.CANCELLED)
    ordered = tuple(sorted(meetings.values(), key=lambda meeting: (meeting.start, meeting.id)))
    return pair if ordered == pair.meetings else replace(pair, meetings=ordered)


def _one_of_each(found: Sequence[OneOnOne]) -> list[OneOnOne]:
    # The same meeting stands in both people's calendars: the manager's own copy is the one that we may edit.
    chosen: dict[tuple[object, ...], OneOnOne] = {}
    for one in sorted(found, key=lambda one: (one.event.dtstart, one.calendar != one.key.manager, one.event.uid)):
        instance = (one.event.uid, one.event.recurrence_id)
        twin = next(
            (
                other
                for other in chosen.values()
                if _same_moment(other.event.dtstart, one.event.dtstart) and other.calendar != one.calendar
            ),
            None,
        )
        if instance not in chosen and twin is None:
            chosen[instance] = one
    return list(chosen.values())


def _by_event(meetings: Mapping[str, Meeting], event: Event, taken: set[str]) -> Meeting | None:
    for meeting in meetings.values():
        if meeting.id not in taken and (meeting.uid, meeting.recurrence_id) == (event.uid, event.recurrence_id):
            return meeting
    return None


def _by_time(
    meetings: Mapping[str, Meeting],
    event: Event,
    taken: set[str],
    seen: set[tuple[str, datetime | None]],
    clock: Clock,
) -> Meeting | None:
    free = [
        meeting
        for meeting in meetings.values()
        if meeting.id not in taken and (meeting.uid, meeting.recurrence_id) not in seen
    ]
    for meeting in free:
        if _same_moment(meeting.start, event.dtstart):
            return meeting
    for meeting in free:
        if clock.day(meeting.start) == clock.day(event.dtstart) and meeting.status is not MeetingStatus.MISSED:
            return meeting
    return None


def _same_moment(one: datetime, other: datetime) -> bool:
    # In the hour that a change of clocks repeats Python holds equal moments of two zones unequal (PEP 495).
    return one.astimezone(UTC) == other.astimezone(UTC)


def _updated(meeting: Meeting, found: OneOnOne, clock: Clock) -> Meeting:
    event = found.event
    moved_from, moves = meeting.moved_from, meeting.moves
    if clock.day(meeting.start) != clock.day(event.dtstart):
        moved_from, moves = meeting.start, moves + 1
    status = MeetingStatus.PLANNED if meeting.status is MeetingStatus.CANCELLED else meeting.status
    return replace(
        meeting,
        uid=event.uid,
        recurrence_id=event.recurrence_id,
        start=event.dtstart,
        end=event.dtend,
        tzid=event.tzid,
        summary=event.summary,
        location=event.location,
        status=status,
        recurring=event.recurring,
        editable=event.editable and found.calendar == found.key.manager,
        moved_from=moved_from,
        moves=moves,
        calendar=found.calendar,
    )


def _new(
    pair: Pair,
    found: OneOnOne,
    reading: Reading,
    now: datetime,
    clock: Clock,
    has_series: bool,  # noqa: FBT001  # a private step of `match`
) -> Meeting:
    event = found.event
    instance = event.recurrence_id.isoformat() if event.recurrence_id else ""
    identity = item_id(str(pair.key), event.uid, instance)
    if any(meeting.id == identity for meeting in pair.meetings):
        identity = item_id(str(pair.key), event.uid, instance, event.dtstart.isoformat())
    ours = any(check_in.uid == event.uid for check_in in pair.check_ins)
    beside_series = has_series and not event.recurring and not ours
    late = now > clock.business_day_earlier(event.dtstart)
    meeting = Meeting(
        id=identity,
        uid=event.uid,
        start=event.dtstart,
        end=event.dtend,
        first_seen=now,
        short_notice=not ours and (late or beside_series),
        history=found.calendar in reading.first and event.dtend < now - HISTORY_AFTER,
        ours=ours,
    )
    return _updated(meeting, found, clock)


def _is_missing(meeting: Meeting, reading: Reading, gone: set[tuple[str, datetime | None]], now: datetime) -> bool:
    if meeting.status is not MeetingStatus.PLANNED:
        return False
    if (meeting.uid, meeting.recurrence_id) in gone:
        return meeting.end > now or not meeting.confirmed
    return (
        meeting.calendar in reading.complete
        and meeting.end > now
        and reading.start <= meeting.start
        and meeting.end <= reading.end
    )


def status_of(meeting: Meeting, now: datetime) -> MeetingStatus:
    """Return what to call the meeting now: a planned one whose end has passed was held, for all that we know."""
    if meeting.status is MeetingStatus.PLANNED and meeting.end <= now:
        return MeetingStatus.HELD
    return meeting.status


def rhythm(meetings: Sequence[Meeting]) -> timedelta | None:
    """Return the usual time between the pair's meetings in whole days, None where there are not two of them."""
    days = [meeting.start for meeting in meetings if meeting.status is not MeetingStatus.CANCELLED][-8:]
    gaps = sorted((later - earlier for earlier, later in pairwise(days)), key=abs)
    gaps = [gap for gap in gaps if gap >= timedelta(hours=12)]
    if not gaps:
        return None
    return timedelta(days=max(1, round(gaps[len(gaps) // 2] / timedelta(days=1))))
