"""Everything that the tables hold, read and written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from worker.store import things as kinds
from worker.store.postgres import rows
from worker.store.postgres.layout import (
    ACCOUNTS,
    PAIRS,
    PEOPLE,
    beats,
    changes,
    erased,
    inbound,
    mails,
    messages,
    older,
    pages,
    records,
)
from worker.store.tables import name_of
from worker.store.things import Thing

if TYPE_CHECKING:
    from worker.store.postgres import PostgresStore

_MAILS_AT_ONCE = 20
_AT_ONCE = 100
_TABLE_KINDS = {kinds.PAIRS: PAIRS, kinds.DESKS: PEOPLE, kinds.ACCOUNT: ACCOUNTS}


class TableContents:
    """See worker.store.things.Contents. What it takes is there in one transaction, all of it or nothing."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._place = store.session.place

    def things(self) -> Iterator[Thing]:
        """See Contents."""
        with self._store.session.reading() as connection:
            if connection is None:
                return
            for row in pages(connection, select(mails.c.digest, mails.c.raw), (mails.c.digest,), _MAILS_AT_ONCE):
                yield Thing(kinds.MAIL, row.digest, rows.sound(self._place, row.digest, row.raw))
            key = (inbound.c.at, inbound.c.digest)
            for row in pages(connection, select(*key, inbound.c.body), key):
                yield Thing(kinds.OUTCOME, row.digest, rows.outcome(row.body))
            yield from self._records(connection, PAIRS, kinds.PAIRS)
            yield from self._records(connection, PEOPLE, kinds.DESKS)
            past = (older.c.record, older.c.year)
            for row in pages(connection, select(*past, older.c.body), past):
                yield Thing(kinds.OLDER, f"{row.record}.{row.year}", rows.year(row.body, self._place, row.record))
            yield from self._records(connection, ACCOUNTS, kinds.ACCOUNT)
            loops = {row.name: row.at for row in connection.execute(select(beats))}
            for name, at in sorted(loops.items()):
                yield Thing(kinds.BEAT, name, at)
            for marker in sorted(connection.scalars(select(erased.c.marker))):
                yield Thing(kinds.MARKER, marker, None)

    def _records(self, connection: Connection, kind: str, called: str) -> Iterator[Thing]:
        query = select(records.c.id, *(column for column in rows.COLUMNS if column is not records.c.id))
        for row in pages(connection, query.where(records.c.kind == kind), (records.c.id,)):
            loaded = rows.loaded(row, self._place)
            yield Thing(called, row.id, loaded.value, loaded.next_due)

    def take(self, things: Iterable[Thing]) -> None:
        """See Contents."""
        try:
            with self._store.session.writing() as connection:
                for kind, some in groupby(things, lambda thing: thing.kind):
                    while batch := list(islice(some, _AT_ONCE)):
                        _put(connection, kind, batch)
        finally:
            self._store.look_again()


def _put(connection: Connection, kind: str, batch: Sequence[Thing]) -> None:
    if kind == kinds.MAIL:
        connection.execute(insert(mails), [{"digest": one.name, "raw": one.value} for one in batch])
    elif kind == kinds.OUTCOME:
        connection.execute(insert(inbound), [rows.outcome_row(one.value) for one in batch])
    elif kind == kinds.BEAT:
        connection.execute(insert(beats), [{"name": one.name, "at": one.value} for one in batch])
    elif kind == kinds.MARKER:
        connection.execute(insert(erased), [{"marker": one.name} for one in batch])
    elif kind == kinds.OLDER:
        connection.execute(insert(older), [_year_row(one) for one in batch])
        _note_messages(connection, PAIRS, batch)
    else:
        table_kind = _TABLE_KINDS[kind]
        numbered = insert(records).values(changed=changes.next_value())
        connection.execute(numbered, [_record_row(table_kind, one) for one in batch])
        if table_kind != ACCOUNTS:
            _note_messages(connection, table_kind, batch)


def _year_row(thing: Thing) -> dict[str, Any]:
    record, _, year = thing.name.partition(".")
    return {"record": record, "year": int(year), "body": rows.stored(rows.SHAPES[PAIRS], thing.value)[1]}


def _record_row(kind: str, thing: Thing) -> dict[str, Any]:
    value = thing.value
    return {
        "kind": kind,
        "id": thing.name,
        "name": name_of(value),
        "version": 1 if kind == ACCOUNTS else value.version,
        "next_due": thing.next_due,
        "read_at": value.read_at if kind == ACCOUNTS else None,
        "body": rows.stored(rows.SHAPES[kind], value)[1],
    }


def _note_messages(connection: Connection, kind: str, batch: Sequence[Thing]) -> None:
    noted = [
        {"message": rows.message_digest(row.message_id), "kind": kind, "record": thing.name.partition(".")[0]}
        for thing in batch
        for row in thing.value.outbox
        if row.message_id
    ]
    if noted:
        connection.execute(insert(messages).on_conflict_do_nothing(), noted)
