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


def failures(config: Config, store: Store) -> list[dict[str, Any]]:
    """Return every mail that did not go out, as the contract lists failures."""
    found: list[dict[str, Any]] = []
    for key in known_pairs(config, store):
        pair = store.load_pair(key)
        found += [_failure(row) for row in (pair.outbox if pair else ()) if _failed(row)]
    for address in store.desks():
        desk = store.load_desk(address)
        found += [_failure(row) for row in (desk.outbox if desk else ()) if _failed(row)]
    return found


def _failed(row: OutboxEntry) -> bool:
    return bool(row.error) and (row.state in _BROKEN or row.next_attempt_at is not None)


def _failure(row: OutboxEntry) -> dict[str, Any]:
    again = row.next_attempt_at if row.state not in _BROKEN else None
    return {"action": row.key, "error": row.error, "retry_at": again.isoformat() if again else None}


def _empty(config: Config, office: Office, key: PairKey) -> Snapshot:
    named = next((one for one in config.pairs if (one.manager, one.person) == (key.manager, key.person)), None)
    pair = Pair(key) if named is None else Pair(key, kind=named.kind, mail=named.mail, state=PairState.STARTED)
    manager, person = office.manager_of(pair), office.person_of(pair)
    return Snapshot(pair, manager, person, Desk(key.manager), Desk(key.person))
