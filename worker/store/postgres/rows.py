"""Records as rows, and back: the body is what a file would hold, as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import BindParameter, ColumnElement, Row, and_, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.sql.dml import ReturningUpdate

from worker.errors import DataDamagedError, DataNewerError
from worker.model import CalendarState, Desk, Inbound, Pair
from worker.store import archive
from worker.store.codec import UnknownFieldError, decode, encode
from worker.store.postgres import layout
from worker.store.postgres.layout import ACCOUNTS, PAIRS, PEOPLE, changes, records
from worker.store.postgres.refusals import Place
from worker.store.tables import CALENDAR, DESK, PAIR, Loaded, Shape, Tables, name_of, tables_of, value_of
from worker.store.text import dumps

SHAPES: dict[str, Shape] = {PAIRS: PAIR, PEOPLE: DESK, ACCOUNTS: CALENDAR}

# What a record is loaded from.
COLUMNS = (records.c.kind, records.c.id, records.c.name, records.c.next_due, records.c.read_at, records.c.body)


def written(document: object) -> str:
    """Return JSON as it is stored."""
    return dumps(document).decode()


def stored(
    shape: Shape,
    value: Any,  # noqa: ANN401  # any record
    next_due: datetime | None = None,
    before: Loaded | None = None,
) -> tuple[Loaded, str]:
    """Return a record as it will be found again, and its body. Raises ValueError where two items have one key."""
    tables = tables_of(shape, value, None, before)
    body = dumps(tables)
    found = orjson.loads(body) if b"\xef\xbf\xbd" in body else tables
    if found != tables:  # a text that UTF-8 cannot carry was put in other words
        value, tables = value_of(shape, lambda name: found.get(name, {}).values())[0], found
    return Loaded(value, next_due, tables), body.decode()


def loaded(row: Row[*tuple[Any, ...]], place: Place) -> Loaded:
    """Return the record behind a row of COLUMNS. Raises DataDamagedError, DataNewerError."""
    value, tables = _read(SHAPES[row.kind], row.body, f"{place}: record {row.id}")
    if name_of(value) != row.name:
        raise DataDamagedError(f"{place}: record {row.id} holds another one than its name says: restore a backup")
    if row.kind == ACCOUNTS:
        value = replace(value, read_at=row.read_at)
    return Loaded(value, row.next_due, tables)


def years(connection: Connection, place: Place, record: str) -> Iterator[tuple[int, Pair]]:
    """Yield what was moved out of a pair's record, year by year. Raises DataDamagedError, DataNewerError."""
    table = layout.older
    query = select(table.c.year, table.c.body).where(table.c.record == record).order_by(table.c.year)
    for row in connection.execute(query).all():
        yield row.year, year(row.body, place, record)


def year(body: str, place: Place, record: str) -> Pair:
    """Return what a row of older records holds. Raises DataDamagedError, DataNewerError."""
    value: Pair = _read(PAIR, body, f"{place}: an older record of {record}")[0]
    return value


def sound(place: Place, digest: str, raw: bytes) -> bytes:
    """Return a mail's bytes. Raises DataDamagedError where they are not what was kept."""
    if hashlib.sha256(raw).hexdigest() != digest:
        raise DataDamagedError(f"{place}: mail {digest} is damaged (its checksum is wrong): restore a backup")
    return raw


def outcome(body: str) -> Inbound:
    """Return what became of a received mail."""
    return decode(Inbound, orjson.loads(body))


def _read(shape: Shape, body: str, where: str) -> tuple[Any, Tables]:
    try:
        tables: Tables = orjson.loads(body)
        if tables.keys() - {shape.head, *shape.items}:
            raise DataNewerError(f"{where}: has tables that this version does not know: upgrade the worker")
        return value_of(shape, lambda name: tables.get(name, {}).values())[0], tables
    except UnknownFieldError as error:
        text = f"{where}: has {error}, which this version does not know: upgrade the worker"
        raise DataNewerError(text) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # The text may quote what a person wrote: it stays in the chain for a debugger and out of the message.
        raise DataDamagedError(f"{where}: does not fit the worker's model: restore a backup") from error


def is_record(kind: str | BindParameter[str], record: str | BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a row of `records` is this one."""
    return and_(records.c.kind == kind, records.c.id == record)


def find(connection: Connection, kind: str, record: str) -> Row[*tuple[Any, ...]] | None:
    """Return a record's row of COLUMNS, None where there is none."""
    return connection.execute(_ONE, {"its_kind": kind, "its_id": record}).one_or_none()


_ONE = select(*COLUMNS).where(is_record(bindparam("its_kind"), bindparam("its_id")))


def put(connection: Connection, kind: str, name: tuple[str, str], version: int, values: dict[str, Any]) -> int | None:
    """Put a record (`name`: its id and its name) in the place of the version before this one.

    Return the number of this change, None where that version is not there.
    """
    if version == 1:
        row = {"kind": kind, "id": name[0], "name": name[1], "version": 1, "changed": changes.next_value(), **values}
        added = insert(records).values(row).on_conflict_do_nothing().returning(records.c.changed)
        return connection.execute(added).scalar()
    fresh = {f"new_{column}": value for column, value in values.items()}
    here = {"its_kind": kind, "its_id": name[0], "new_version": version, "old_version": version - 1}
    return connection.execute(_replacement(tuple(sorted(values))), {**fresh, **here}).scalar()


@cache
def _replacement(columns: tuple[str, ...]) -> ReturningUpdate[*tuple[Any, ...]]:
    """Return the statement that replaces a version of a record by the next; to make it each time costs more than it."""
    here = is_record(bindparam("its_kind"), bindparam("its_id"))
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in (*columns, "version")}
    change = records.update().where(here, records.c.version == bindparam("old_version"))
    return change.values({**values, "changed": changes.next_value()}).returning(records.c.changed)


def put_account(connection: Connection, record: str, state: CalendarState, body: str | None) -> int:
    """Put an account in the place of what is there; without `body` its time alone. Return the change's number."""
    values: dict[str, Any] = {"read_at": state.read_at, "changed": changes.next_value()}
    if body is None:
        change = records.update().where(is_record(ACCOUNTS, record)).values(values).returning(records.c.changed)
        return int(connection.execute(change).scalar_one())
    values["body"] = body
    row = {"kind": ACCOUNTS, "id": record, "name": state.account, "version": 1, **values}
    upsert = insert(records).values(row).on_conflict_do_update(index_elements=["kind", "id"], set_=values)
    return int(connection.execute(upsert.returning(records.c.changed)).scalar_one())


def message_digest(message_id: str) -> str:
    """Return what a Message-ID is found by: any text has one."""
    return hashlib.sha256(message_id.encode(errors="surrogatepass")).hexdigest()


def note_messages(
    connection: Connection, kind: str, record: str, fresh: Pair | Desk, before: Pair | Desk | None = None
) -> None:
    """Note which record the Message-IDs belong to that are new in its rows."""
    there = before.outbox if before else ()
    same = set(map(id, there))  # rows that did not change are the very objects that were loaded
    new = {row.message_id for row in fresh.outbox if row.message_id and id(row) not in same}
    new -= {row.message_id for row in there} if new else set()
    if new:
        noted = [{"message": message_digest(one), "kind": kind, "record": record} for one in sorted(new)]
        connection.execute(insert(layout.messages).on_conflict_do_nothing(), noted)


def add_to_year(connection: Connection, place: Place, record: str, number: int, old: Pair) -> None:
    """Add to what was moved out of a pair's record."""
    there = dict(years(connection, place, record)).get(number)
    put_year(connection, record, number, archive.merge(there, old) if there else old)


def put_year(connection: Connection, record: str, number: int, old: Pair) -> None:
    """Put this in the place of what was moved out of a pair's record for a year."""
    body = stored(PAIR, old)[1]
    upsert = insert(layout.older).values(record=record, year=number, body=body)
    connection.execute(upsert.on_conflict_do_update(index_elements=["record", "year"], set_={"body": body}))


def outcome_row(inbound: Inbound) -> dict[str, Any]:
    """Return an outcome as a row."""
    return {"digest": inbound.digest, "at": inbound.at, "body": written(encode(inbound))}
