"""Forgetting what is older than it is kept: records are rewritten without it, and mails that nobody needs go.

Record by record, each in a transaction of its own: what was not reached before a crash is forgotten the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Column, MetaData, Table, and_, exists, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from worker.errors import DataDamagedError, DataNewerError
from worker.model import Desk, Pair
from worker.store.postgres import rows
from worker.store.postgres.layout import HEX, PAIRS, PEOPLE, inbound, mails, older, pages, records
from worker.store.tables import Loaded

if TYPE_CHECKING:
    from worker.store.postgres import PostgresStore

R = TypeVar("R", Pair, Desk)

# The mails that some record needs: for an organisation too many to hold in memory. It ends with the session.
_needed = Table("needed", MetaData(), Column("digest", HEX, primary_key=True), prefixes=["TEMPORARY"])


def purge(
    store: PostgresStore,
    keep_pair: Callable[[Pair], Pair],
    keep_desk: Callable[[Desk], Desk],
    in_use: Callable[[Pair | Desk], set[str]],
    before: tuple[datetime, datetime],
) -> int:
    """Rewrite what changes by `keep_pair` and `keep_desk`, and remove the mails that no record has `in_use`.

    `before` are the moments before which received mails' bytes and their outcomes go. Return how many rows were
    rewritten or removed. The caller holds the lock. A record that cannot be read keeps all mails where they are.
    """
    with store.session.writing() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.needed")
        _needed.create(connection)
    try:
        work = _Purge(store, in_use)
        work.records(PAIRS, keep_pair)
        work.years(keep_pair)
        work.records(PEOPLE, keep_desk)
        return work.count + (work.mails(*before) if work.readable else 0)
    finally:
        store.look_again()


class _Purge:
    def __init__(self, store: PostgresStore, in_use: Callable[[Pair | Desk], set[str]]) -> None:
        self._store = store
        self._place = store.session.place
        self._in_use = in_use
        self.count = 0
        self.readable = True

    def records(self, kind: str, keep: Callable[[R], R]) -> None:
        with self._store.session.reading() as connection:
            if connection is None:
                return
            query = select(records.c.id, *(column for column in rows.COLUMNS if column is not records.c.id))
            for row in pages(connection, query.where(records.c.kind == kind), (records.c.id,)):
                try:
                    found = rows.loaded(row, self._place)
                except (DataDamagedError, DataNewerError):
                    self.readable = False  # whoever loads that record is told
                    continue
                after = keep(found.value)
                if after != found.value:
                    self._rewrite(kind, row.id, after, found)
                self._note(connection, after)

    def _rewrite(self, kind: str, record: str, value: R, before: Loaded) -> None:
        version = value.version + 1
        _, body = rows.stored(rows.SHAPES[kind], replace(value, version=version), None, before)
        with self._store.session.writing() as connection:
            rows.put(connection, kind, (record, ""), version, {"body": body})
        self.count += 1

    def years(self, keep: Callable[[Pair], Pair]) -> None:
        with self._store.session.reading() as connection:
            if connection is None:
                return
            key = (older.c.record, older.c.year)
            for row in pages(connection, select(*key, older.c.body), key):
                try:
                    value = rows.year(row.body, self._place, row.record)
                except (DataDamagedError, DataNewerError):
                    self.readable = False
                    continue
                after = keep(value)
                if after != value:
                    self._put_year(row.record, row.year, after)
                self._note(connection, after)

    def _put_year(self, record: str, number: int, value: Pair) -> None:
        with self._store.session.writing() as connection:
            if value == Pair(value.key):
                here = and_(older.c.record == record, older.c.year == number)
                connection.execute(older.delete().where(here))
            else:
                rows.put_year(connection, record, number, value)
        self.count += 1

    def _note(self, connection: Connection, value: Pair | Desk) -> None:
        used = [{"digest": digest} for digest in sorted(self._in_use(value))]
        if used:
            connection.execute(insert(_needed).on_conflict_do_nothing(), used)

    def mails(self, raw_before: datetime, outcomes_before: datetime) -> int:
        young = exists().where(inbound.c.digest == mails.c.digest, inbound.c.at >= raw_before)
        needed = exists().where(_needed.c.digest == mails.c.digest)
        with self._store.session.writing() as connection:
            gone = connection.execute(mails.delete().where(not_(needed), not_(young))).rowcount
            gone += connection.execute(inbound.delete().where(inbound.c.at < outcomes_before)).rowcount
            _needed.drop(connection)
            return gone
