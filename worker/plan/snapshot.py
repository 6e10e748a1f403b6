"""Everything that the plan of one pair looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from worker.model import Busy, Desk, Pair, Person


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the plan of one pair looks at.

    `manager` and `person` come with their zones filled in. `busy` are the manager's busy times around now, in which
    the form waits for its gap.
    """

    pair: Pair
    manager: Person
    person: Person
    manager_desk: Desk
    person_desk: Desk
    busy: tuple[Busy, ...] = ()
    manager_holidays: frozenset[date] = frozenset()
    person_holidays: frozenset[date] = frozenset()
