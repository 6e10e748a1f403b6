"""Everything that the tables hold, read and written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from worker.model import CalendarState, Desk, Inbound, Pair
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
    older,
    pages,
    records,
)
from worker.store.things import Thing

if TYPE_CHECKING:
    from worker.store.postgres import PostgresStore

_MAILS_AT_ONCE = 20


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
                for thing in things:
                    _put(connection, thing)
        finally:
            self._store.look_again()


def _put(connection: Connection, thing: Thing) -> None:
    value = thing.value
    if isinstance(value, bytes):
        connection.execute(insert(mails).values(digest=thing.name, raw=value))
    elif isinstance(value, Inbound):
        connection.execute(insert(inbound).values(rows.outcome_row(value)))
    elif thing.kind == kinds.OLDER:
        record, _, year = thing.name.partition(".")
        rows.put_year(connection, record, int(year), value)
        rows.note_messages(connection, PAIRS, record, value)
    elif isinstance(value, Pair | Desk):
        _put_record(connection, thing, value)
    elif isinstance(value, CalendarState):
        rows.put_account(connection, thing.name, value, rows.stored(rows.SHAPES[ACCOUNTS], value)[1])
    elif thing.kind == kinds.BEAT:
        connection.execute(insert(beats).values(name=thing.name, at=value))
    else:
        connection.execute(insert(erased).values(marker=thing.name))


def _put_record(connection: Connection, thing: Thing, value: Pair | Desk) -> None:
    kind, name = (PAIRS, str(value.key)) if isinstance(value, Pair) else (PEOPLE, value.email)
    row = {
        "kind": kind,
        "id": thing.name,
        "name": name,
        "version": value.version,
        "next_due": thing.next_due,
        "changed": changes.next_value(),
        "body": rows.stored(rows.SHAPES[kind], value)[1],
    }
    connection.execute(insert(records).values(row))
    rows.note_messages(connection, kind, thing.name, value)
