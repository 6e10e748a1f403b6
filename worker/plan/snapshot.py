"""Everything that the plan of one pair looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from worker.model import Busy, Desk, Meeting, Pair, PairMail, Person
from worker.workdays import Clock, overlaps


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the plan of one pair looks at.

    `manager` and `person` come with their zones filled in. `busy` are the manager's busy times around now, in which
    the form waits for its gap; `manager_away` and `person_away` the absences that a calendar shows. `full_days` are the
    manager's days with so many 1:1s that they are told as one, each with the end of the last.
    """

    pair: Pair
    manager: Person
    person: Person
    manager_desk: Desk
    person_desk: Desk
    busy: tuple[Busy, ...] = ()
    manager_away: tuple[Busy, ...] = ()
    person_away: tuple[Busy, ...] = ()
    manager_holidays: frozenset[date] = frozenset()
    person_holidays: frozenset[date] = frozenset()
    full_days: Mapping[date, datetime] = field(default_factory=dict)

    def readers(self, manager_clock: Clock, person_clock: Clock) -> Iterator[tuple[Desk, Clock]]:
        """Yield the desk and the clock of each of the two who gets the mails that come between the meetings."""
        both = self.pair.mail is PairMail.BOTH
        of_person = [(self.person_desk, person_clock)] if both else []
        for desk, clock in [(self.manager_desk, manager_clock), *of_person]:
            if desk.stopped_at is None and desk.bounced_at is None:
                yield desk, clock

    def is_absent(self, address: str, meeting: Meeting, clock: Clock) -> bool:
        """Whether one of the two is away over the meeting, by their own reply or by their calendar."""
        away = self.manager_away if address == self.pair.key.manager else self.person_away
        return self.said_to_be_away(address, meeting, clock) or overlaps(meeting.start, meeting.end, away)

    def said_to_be_away(self, address: str, meeting: Meeting, clock: Clock) -> bool:
        """Whether one of the two is away over the meeting by their own reply."""
        desk = self.manager_desk if address == self.pair.key.manager else self.person_desk
        return desk.away_until is not None and clock.day(meeting.start) <= desk.away_until
