"""What is remembered, gathered for people to look at: each pair with its plan, each account, what failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from worker.commands.common import known_pairs
from worker.config import Config
from worker.meetings import status_of
from worker.model import (
    CheckInState,
    Desk,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Pair,
    PairKey,
    PairState,
    Person,
)
from worker.plan import Plan, SendMail, Snapshot, plan
from worker.store import Store
from worker.tick import Office, snapshot

_AGREED = {CheckInState.DECIDED, CheckInState.WRITTEN, CheckInState.RECORDED}
_BROKEN = {OutboxState.UNKNOWN, OutboxState.GAVE_UP}


@dataclass(frozen=True, slots=True)
class Seen:
    """A pair as it stands, and what its plan says."""

    pair: Pair
    manager: Person
    person: Person
    plan: Plan


def look(config: Config, office: Office, now: datetime) -> Iterator[Seen]:
    """Yield every pair that is remembered or configured, with what is due for it."""
    for key in known_pairs(config, office.store):
        yield see(config, office, key, now)


def see(config: Config, office: Office, key: PairKey, now: datetime) -> Seen:
    """Return one pair as it stands; one that no calendar has shown yet is empty."""
    found = snapshot(office, key, now) or _empty(config, office, key)
    return Seen(found.pair, found.manager, found.person, plan(now, found, office.policy))


def whole(store: Store, pair: Pair) -> Pair:
    """Return the pair with what was moved out of its daily record."""
    from worker.store.archive import TABLES, merge

    older = store.older(pair.key)
    if older is None:
        return pair
    # The older record holds items alone: what the pair is today stands in the daily one.
    merged = merge(older, pair)
    tables: dict[str, Any] = {table: getattr(merged, table) for table in TABLES}
    return replace(pair, **tables)


def coming(pair: Pair, now: datetime) -> Meeting | None:
    """Return the pair's next 1:1 that is still on."""
    planned = [one for one in pair.meetings if one.status is MeetingStatus.PLANNED and one.start >= now]
    return min(planned, key=lambda one: one.start, default=None)


def status_at(meeting: Meeting, now: datetime) -> str:
    """Return the word that the contract has for a meeting."""
    return str(status_of(meeting, now))


def due(seen: Seen, now: datetime) -> list[dict[str, Any]]:
    """Return what is due or comes, earliest first."""
    rows = [(max(one.at, now), one.kind) for one in seen.plan.actions if isinstance(one, SendMail)]
    rows += [(one.at, one.kind) for one in seen.plan.upcoming]
    return [{"kind": str(kind), "at": at.isoformat()} for at, kind in sorted(rows)]


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that did not go out: to whom, about the 1:1 with whom (`other`, "" where it is about none) and when.

    `passed_over` says that it came too late or was not wanted: that is over, and the digest tells its reader. Otherwise
    `again` is when it is tried again, None: not by itself.
    """

    kind: MailKind
    to: str
    why: str
    day: datetime
    other: str = ""
    meeting: datetime | None = None
    again: datetime | None = None
    passed_over: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the failure as the contract prints it, here and in the report of a tick."""
        again = self.again.isoformat() if self.again else None
        return {"action": f"send {self.kind} to {self.to}", "error": self.why, "retry_at": again}


def unsent(config: Config, store: Store) -> list[Unsent]:
    """Return every mail that did not go out, oldest first."""
    found: list[Unsent] = []
    for key in known_pairs(config, store):
        pair = store.load_pair(key)
        found += [_unsent(row, pair) for row in (pair.outbox if pair else ()) if _is_unsent(row)]
    for address in store.desks():
        desk = store.load_desk(address)
        found += [_unsent(row) for row in (desk.outbox if desk else ()) if _is_unsent(row)]
    return sorted(found, key=lambda one: (one.day, one.to, one.kind))


def _is_unsent(row: OutboxEntry) -> bool:
    return bool(row.error) and (row.state in _BROKEN or row.next_attempt_at is not None)


def _unsent(row: OutboxEntry, pair: Pair | None = None) -> Unsent:
    meeting = pair.meeting(row.meeting) if pair is not None else None
    other = "" if pair is None else pair.key.person if row.to == pair.key.manager else pair.key.manager
    return Unsent(
        kind=row.kind,
        to=row.to,
        why=row.error,
        day=row.planned_at,
        other=other,
        meeting=meeting.start if meeting else None,
        again=None if row.state in _BROKEN else row.next_attempt_at,
        # What is never begun has no bytes; what was begun and got stuck until it was of no use begins with these words.
        passed_over=row.state is OutboxState.GAVE_UP and (not row.body or row.error.startswith("too late")),
    )


def _empty(config: Config, office: Office, key: PairKey) -> Snapshot:
    named = next((one for one in config.pairs if (one.manager, one.person) == (key.manager, key.person)), None)
    pair = Pair(key) if named is None else Pair(key, kind=named.kind, mail=named.mail, state=PairState.STARTED)
    manager, person = office.manager_of(pair), office.person_of(pair)
    return Snapshot(pair, manager, person, Desk(key.manager), Desk(key.person))
