"""Everything that a tick works with, put together outside and handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jinja2

from worker.compose.letter import Place, Sender
from worker.meetings import World
from worker.model import Busy, Desk, Lead, Pair, PairKey, PairKind, PairMail, PairState, Person, Policy
from worker.plan.retention import Limits
from worker.providers import CalendarProvider, MailProvider
from worker.providers.directory import Directory
from worker.store import Store
from worker.tokens import Keys
from worker.workdays import Clock


@dataclass(frozen=True, slots=True)
class NamedPair:
    """A pair that the configuration names: it is started. `every` is after how long one is due again, None: never."""

    manager: str
    person: str
    kind: PairKind = PairKind.DIRECT
    mail: PairMail = PairMail.BOTH
    every: Lead | None = None

    @property
    def key(self) -> PairKey:
        """The pair's key."""
        return PairKey(self.manager, self.person)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the directory said of one person: further addresses, and who manages them ("" where it does not say)."""

    aliases: tuple[str, ...]
    reports_to: str


@dataclass
class Memory:
    """What a resident worker remembers between ticks, and what a single tick can do without."""

    signatures: dict[str, str] = field(default_factory=dict)
    read_at: dict[str, datetime] = field(default_factory=dict)
    mailbox: str = ""
    planned_all: bool = False
    beat_at: datetime | None = None
    desks: set[str] | None = None
    digests_at: datetime | None = None
    purge_at: datetime | None = None
    troubles_at: datetime | None = None
    troubles_known: bool = False
    listings: dict[str, Listing] | None = None
    gone: set[str] = field(default_factory=set)
    waits: dict[str, datetime | None] = field(default_factory=dict)
    first_due: tuple[object, datetime | None] = (None, None)
    shown: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    away: dict[str, tuple[datetime, tuple[Busy, ...]]] = field(default_factory=dict)

    def look_at(self, address: str) -> None:
        """Remember that this person's desk may have something due."""
        if self.desks is not None:
            self.desks.add(address)


@dataclass
class Office:
    """The worker's whole surroundings: memory, mailbox, calendars by manager address, policy, people, secrets.

    With `own_account` the mailbox is a person's own, who sends, answers and is mailed by one address. `logins` is what
    to type for each account that signs in somewhere, `directories` are those that may be asked about people.
    """

    store: Store
    mailbox: MailProvider
    calendars: Mapping[str, CalendarProvider]
    policy: Policy
    managers: Mapping[str, Person]
    people: Mapping[str, Person]
    environment: jinja2.Environment
    sender: Sender
    keys: Keys
    reports_to: Mapping[str, str] = field(default_factory=dict)
    pairs: tuple[NamedPair, ...] = ()
    holidays: Callable[[str, int], frozenset[date]] = lambda _code, _year: frozenset()
    authserv_id: str = ""
    own_account: bool = False
    logins: Mapping[str, str] = field(default_factory=dict)
    directories: tuple[Directory, ...] = ()
    calendar_poll: timedelta = timedelta(0)
    at_once: int = 1
    kept_for: tuple[str, str] = ("24 months", "12 months")
    stored_in: Place = ""
    limits: Callable[[datetime], Limits] | None = None
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def named(self) -> dict[PairKey, NamedPair]:
        """The pairs of the configuration by their keys."""
        return {pair.key: pair for pair in self.pairs}

    @property
    def listings(self) -> dict[str, Listing]:
        """Further addresses and managers, as directories and people's own answers say; read once for each process."""
        if self.memory.listings is None:
            desks = [self.store.load_desk(address) for address in self.store.desks()]
            self.memory.listings = {
                desk.email: Listing(desk.aliases, desk.reports_to)
                for desk in desks
                if desk is not None and (desk.aliases or desk.reports_to)
            }
        return self.memory.listings

    @property
    def hierarchy(self) -> dict[str, str]:
        """Who manages whom: by the directory, and where the configuration says so, by that."""
        listed = {address: one.reports_to for address, one in self.listings.items() if one.reports_to}
        return {**listed, **self.reports_to}

    def _listed(self, person: Person) -> Person:
        """Return a person with the further addresses that the directory knows."""
        known = self.listings.get(person.email)
        return replace(person, aliases=tuple(dict.fromkeys((*person.aliases, *known.aliases)))) if known else person

    def world(self, states: Mapping[PairKey, PairState]) -> World:
        """Return what `meetings.judge` looks at."""
        others = [address for address in self.listings if address not in self.managers and address not in self.people]
        return World(
            policy=self.policy,
            managers={address: self._listed(person) for address, person in self.managers.items()},
            people={
                **{address: self._listed(Person(address)) for address in others},
                **{address: self._listed(person) for address, person in self.people.items()},
            },
            reports_to=self.hierarchy,
            configured={key: pair.kind for key, pair in self.named.items()},
            states=states,
            # Who lends the worker their own address takes part in meetings all the same.
            worker="" if self.own_account else self.sender.address,
        )

    def days_off(self, now: datetime) -> frozenset[date]:
        """Return the holidays of this year and its neighbours."""
        code = self.policy.holidays
        if not code:
            return frozenset()
        return frozenset().union(*(self.holidays(code, now.year + offset) for offset in (-1, 0, 1)))

    def counts_to(self, manager: str) -> str:
        """Return the name of whoever gets counts of this manager's 1:1s, "" where nobody does."""
        boss = self.reports_to.get(manager, "")
        return self.somebody(boss).full_name if boss else ""

    def clock(self, person: Person, now: datetime, *, quiet: bool = True) -> Clock:
        """Return a person's calendar of working days and quiet hours."""
        zone = ZoneInfo(person.timezone or self.policy.timezone)
        return Clock(zone, self.days_off(now), self.policy.quiet if quiet else None)

    def manager_of(self, pair: Pair) -> Person:
        """Return the pair's manager with zone and language filled in."""
        known = self.managers.get(pair.key.manager) or Person(pair.key.manager, pair.manager_name)
        zone = known.timezone or _zone_of_meetings(pair) or self.policy.timezone
        return self._filled(known, pair.manager_name, zone, self.store.load_desk(pair.key.manager))

    def person_of(self, pair: Pair) -> Person:
        """Return the pair's other person with zone and language filled in; without a zone of theirs, the manager's."""
        address = pair.key.person
        known = self.people.get(address) or self.managers.get(address) or Person(address, pair.person_name)
        zone = known.timezone or pair.person_timezone or self.manager_of(pair).timezone
        return self._filled(known, pair.person_name, zone, self.store.load_desk(address))

    def somebody(self, address: str) -> Person:
        """Return a person by address, as far as the configuration knows them."""
        known = self.managers.get(address) or self.people.get(address) or Person(address)
        return self._filled(known, known.name, known.timezone or self.policy.timezone, self.store.load_desk(address))

    def _filled(self, known: Person, name: str, zone: str, desk: Desk | None) -> Person:
        language = known.language or (desk.language if desk else "") or self.policy.language
        return _person(known, name, zone, language, desk.aliases if desk else ())


@lru_cache(maxsize=1024)
def _person(known: Person, name: str, zone: str, language: str, aliases: tuple[str, ...]) -> Person:
    """Return a person with these where nothing is known. Asked for several times with each mail."""
    return replace(known, name=known.name or name, timezone=zone, language=language, aliases=known.aliases + aliases)


def _zone_of_meetings(pair: Pair) -> str:
    """Return the zone in which the manager's calendar states the pair's newest meeting; "" where that says nothing."""
    for meeting in reversed(pair.meetings):
        if meeting.calendar != pair.key.manager or meeting.tzid in ("", "UTC", "Etc/UTC", "GMT"):
            continue
        try:
            ZoneInfo(meeting.tzid)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        return meeting.tzid
    return ""
