"""A record that holds outbox rows: a pair, or a person's desk. Both are opened, changed and saved the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from worker.model import Applied, Desk, OutboxEntry, Pair, PairKey
from worker.store import Store


@dataclass(frozen=True, slots=True)
class Record:
    """One record as last saved. `name` is the pair's key as text, or the person's address."""

    name: str
    value: Pair | Desk

    def applied(self, message_id: str) -> Applied | None:
        """Return what an earlier application of this mail left behind."""
        return next((one for one in self.value.applied if one.message_id == message_id), None)

    def row(self, key: str) -> OutboxEntry | None:
        """Return the outbox row with this key."""
        return next((row for row in self.value.outbox if row.key == key), None)

    def rows(self, store: Store) -> Iterator[OutboxEntry]:
        """Iterate over the outbox rows, newest first, those that were moved out of the daily record last."""
        yield from reversed(self.value.outbox)
        if isinstance(self.value, Pair):
            older = store.older(self.value.key)
            if older is not None:
                yield from reversed(older.outbox)


def open_record(store: Store, record_id: str) -> Record | None:
    """Return the record with this short id, None where there is none."""
    key = store.pair_by_id(record_id)
    if key is not None:
        return named_record(store, str(key))
    address = store.desk_by_id(record_id)
    return named_record(store, address) if address is not None else None


def named_record(store: Store, name: str) -> Record | None:
    """Return the record with this name; a desk that nobody saved yet is an empty one."""
    manager, separator, person = name.partition(" ")
    if separator:
        pair = store.load_pair(PairKey(manager, person))
        return Record(name, pair) if pair is not None else None
    return Record(name, store.load_desk(name) or Desk(name))


def save(store: Store, record: Record, next_due: datetime | None) -> Record:
    """Save a record durably and return it with its new version."""
    if isinstance(record.value, Pair):
        return Record(record.name, store.save_pair(record.value, next_due))
    return Record(record.name, store.save_desk(record.value))


def with_row(record: Record, row: OutboxEntry) -> Record:
    """Return the record with this row added, or put in the place of the one with its key."""
    rows = record.value.outbox
    if any(other.key == row.key for other in rows):
        rows = tuple(row if other.key == row.key else other for other in rows)
    else:
        rows = (*rows, row)
    return Record(record.name, replace(record.value, outbox=rows))


def change_row(
    store: Store, name: str, key: str, change: Callable[[OutboxEntry], OutboxEntry], next_due: datetime | None
) -> OutboxEntry:
    """Load a record afresh, change one of its rows, save it, and return the row."""
    record = named_record(store, name)
    row = record.row(key) if record else None
    if record is None or row is None:
        msg = f"the outbox row {key!r} of {name!r} is gone"
        raise LookupError(msg)
    changed = change(row)
    save(store, with_row(record, changed), next_due)
    return changed
