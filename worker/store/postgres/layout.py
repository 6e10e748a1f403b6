"""The tables of the database, in a schema of their own, and how a database of an older version becomes one of this.

records     a pair, a desk or an account; `changed` counts the writes, so that a reader asks for what it has not seen
older       what was moved out of a pair's record, by year
mails       the bytes of mails under their SHA-256; inbound: what became of each received one
messages    which record a Message-ID (its SHA-256) belongs to
beats       when a loop last completed; erased: the keyed hashes that erasures leave behind
state       one row: the versions of layout and documents, and how often something was removed

A record's body is JSON as text: jsonb refuses the NUL that a mail may contain, and would be written in other words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Sequence,
    String,
    Table,
    Text,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from worker.store.tables import SCHEMA, Schema
from worker.store.text import dumps

PAIRS, PEOPLE, ACCOUNTS = "pairs", "people", "accounts"

PAGE = 200
"""How many rows are in memory at once where all are read."""


class Name(TypeDecorator[str]):
    """A text that may hold a NUL, which PostgreSQL's does not: an address in a calendar is what its author made it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what is stored."""
        return None if value is None else value.replace("\\", "\\\\").replace("\0", "\\0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return what was given."""
        if value is None or "\\" not in value:
            return value
        return "\\".join(part.replace("\\0", "\0") for part in value.split("\\\\"))


# Words of ours in the order of their bytes, whatever the database's language.
HEX = String(64, collation="C")
_WORD = Text(collation="C")
_MOMENT = DateTime(timezone=True)

metadata = MetaData()
changes = Sequence("changes", metadata=metadata, data_type=BigInteger)
records = Table(
    "records",
    metadata,
    Column("kind", _WORD, primary_key=True),
    Column("id", _WORD, primary_key=True),
    Column("name", Name, nullable=False),
    Column("version", Integer, nullable=False),
    Column("next_due", _MOMENT),
    Column("read_at", _MOMENT),
    Column("changed", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("records_changed", "changed"),
)
older = Table(
    "older",
    metadata,
    Column("record", _WORD, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)
mails = Table(
    "mails",
    metadata,
    Column("digest", HEX, primary_key=True),
    Column("kept_at", _MOMENT, nullable=False, server_default=func.now()),
    Column("raw", LargeBinary, nullable=False),
)
inbound = Table(
    "inbound",
    metadata,
    Column("digest", HEX, primary_key=True),
    Column("at", _MOMENT, nullable=False),
    Column("body", Text, nullable=False),
    Index("inbound_at", "at", "digest"),
)
messages = Table(
    "messages",
    metadata,
    Column("message", HEX, primary_key=True),
    Column("kind", _WORD, nullable=False),
    Column("record", _WORD, primary_key=True),
    Index("messages_record", "record"),
)
beats = Table("beats", metadata, Column("name", Name, primary_key=True), Column("at", _MOMENT, nullable=False))
erased = Table("erased", metadata, Column("marker", Text, primary_key=True))
state = Table(
    "state",
    metadata,
    Column("layout", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("removals", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The version of the tables that is written, and for each older version the step that leads to the one after it.

    `documents` is the version of what stands in the bodies, with its own steps: the same as in files.
    """

    version: int = 1
    migrations: Mapping[int, Callable[[Connection], None]] = field(default_factory=dict)
    documents: Schema = SCHEMA


LAYOUT = Layout()


def create(connection: Connection, schema: str, layout: Layout) -> None:
    """Make all tables, empty. The caller has begun a transaction."""
    if not connection.scalar(_has_schema(schema)):
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    metadata.create_all(connection, checkfirst=False)
    connection.execute(state.insert().values(layout=layout.version, documents=layout.documents.version, removals=0))


def _has_schema(schema: str) -> Any:  # noqa: ANN401  # a statement
    return select(func.to_regnamespace(f'"{schema}"').is_not(None))


def versions(connection: Connection, schema: str) -> tuple[int, int] | None:
    """Return the versions of layout and documents, None where the tables were never made."""
    known = func.to_regclass(f'"{schema}".state').is_not(None)
    if not connection.scalar(select(known)):
        return None
    found = connection.execute(select(state.c.layout, state.c.documents)).one()
    return found.layout, found.documents


def migrate(connection: Connection, layout: Layout, found: tuple[int, int]) -> None:
    """Bring the tables from the versions `found` to this one. The caller has begun a transaction."""
    version, documents = found
    while version < layout.version:
        layout.migrations[version](connection)
        version += 1
    if documents < layout.documents.version:
        for table, key in ((records, (records.c.kind, records.c.id)), (older, (older.c.record, older.c.year))):
            _rewrite(connection, table, key, layout.documents, documents)
    connection.execute(state.update().values(layout=version, documents=layout.documents.version))


def _rewrite(
    connection: Connection, table: Table, key: tuple[Column[Any], Column[Any]], schema: Schema, version: int
) -> None:
    for row in pages(connection, select(*key, table.c.body), key):
        tables = orjson.loads(row.body)
        for step in range(version, schema.version):
            tables = schema.migrations[step](tables)
        here = [column == value for column, value in zip(key, row[:2], strict=True)]
        connection.execute(table.update().where(*here).values(body=dumps(tables).decode()))


def pages(
    connection: Connection,
    query: Select[*tuple[Any, ...]],
    key: tuple[ColumnElement[Any], ...],
    size: int = PAGE,
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield a query's rows in the order of `key`, its first columns, with no more than `size` of them in memory."""
    rows = connection.execute(query.order_by(*key).limit(size)).all()
    while rows:
        yield from rows
        if len(rows) < size:
            return
        after = tuple_(*key) > tuple_(
            *[literal(value, column.type) for value, column in zip(rows[-1], key, strict=False)]
        )
        rows = connection.execute(query.where(after).order_by(*key).limit(size)).all()
