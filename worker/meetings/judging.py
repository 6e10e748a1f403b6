"""Which events are 1:1s, and between whom. An event that is left alone comes with its reason, as `status` prints it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from worker.model import Attendee, Event, PairKey, PairKind, PairState, Person, Policy

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
