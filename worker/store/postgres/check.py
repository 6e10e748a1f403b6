"""Reading everything there is, for `followthrough check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from worker.errors import FollowthroughError
from worker.store.postgres import rows
from worker.store.postgres.layout import inbound, mails, older, pages, records
from worker.store.postgres.refusals import Place


def check(connection: Connection, place: Place) -> tuple[str, ...]:
    """Return what is damaged, one line each, each ending in the next step."""
    return tuple(_damage(connection, place))


def _damage(connection: Connection, place: Place) -> Iterator[str]:
    key = (records.c.kind, records.c.id)
    query = select(*key, *(column for column in rows.COLUMNS if column not in set(key)))
    for row in pages(connection, query, key):
        yield from _attempt(lambda row=row: rows.loaded(row, place))  # type: ignore[misc]
    past = (older.c.record, older.c.year)
    for row in pages(connection, select(*past, older.c.body), past):
        yield from _attempt(lambda row=row: rows.year(row.body, place, row.record))  # type: ignore[misc]
    received = (inbound.c.at, inbound.c.digest)
    for row in pages(connection, select(*received, inbound.c.body), received):
        try:
            rows.outcome(row.body)
        except (ValueError, KeyError, TypeError):
            yield f"{place}: the outcome of mail {row.digest} does not fit the worker's model: restore a backup"
    damaged = func.encode(func.sha256(mails.c.raw), "hex") != mails.c.digest
    for digest in connection.scalars(select(mails.c.digest).where(damaged)):
        yield f"{place}: mail {digest} is damaged (its checksum is wrong): restore a backup"


def _attempt(read: Callable[[], object]) -> Iterator[str]:
    try:
        read()
    except FollowthroughError as error:
        yield str(error)
