"""A pair, a desk or an account in a TinyDB file of its own: a table for each kind of item, one write for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import is_not
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Table

from worker.errors import DataDamagedError, DataNewerError
from worker.model import (
    ActionItem,
    Applied,
    CalendarState,
    CheckIn,
    Desk,
    Feedback,
    Goal,
    Meeting,
    Note,
    OutboxEntry,
    Pair,
    Topic,
)
from worker.store.archive import item_key
from worker.store.codec import UnknownFieldError, decode, encode
from worker.store.disk import Disk
from worker.store.durable import SCHEMA, Document, DurableStorage, Schema, Tables


@dataclass(frozen=True, slots=True)
class Shape:
    """How a record is laid out: the table with what is there once, and the tables with its items."""

    cls: type
    head: str
    items: Mapping[str, type] = field(default_factory=dict)


PAIR = Shape(
    Pair,
    "pair",
    {
        "meetings": Meeting,
        "notes": Note,
        "action_items": ActionItem,
        "feedback": Feedback,
        "topics": Topic,
        "goals": Goal,
        "check_ins": CheckIn,
        "applied": Applied,
        "outbox": OutboxEntry,
    },
)
DESK = Shape(Desk, "desk", {"applied": Applied, "outbox": OutboxEntry})
CALENDAR = Shape(CalendarState, "calendar")


class _KeyedTable(Table):
    """A table whose documents have keys of ours."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB supports it and annotates it as int


class _KeyedDB(TinyDB):
    """A database of such tables."""

    table_class = _KeyedTable


@dataclass(frozen=True, slots=True)
class Loaded:
    """A record as it is on disk; `went_back` says in one line that the previous generation had to serve."""

    value: Any
    next_due: datetime | None
    tables: Tables = field(repr=False)
    went_back: str = ""


class RecordFile:
    """One record's file. `confirmed` is the last version that anybody was told is stored, None where nobody knows."""

    def __init__(
        self, disk: Disk, path: Path, shape: Shape, *, confirmed: int | None = None, schema: Schema = SCHEMA
    ) -> None:
        self._path = path
        self._shape = shape
        self._confirmed = confirmed
        self._disk = disk
        self._schema = schema

    def load(self) -> Loaded | None:
        """Return the record, None where it was never saved.

        Raises DataDamagedError, DataNewerError, DataAccessError.
        """
        with self._open() as (db, storage):
            if storage.read() is None:
                return None
            unknown = db.tables() - {self._shape.head, *self._shape.items}
            if unknown:
                raise DataNewerError(f"{self._path}: has tables that this version does not know: upgrade the worker")
            try:
                value, next_due = self._decoded(db)
            except UnknownFieldError as error:
                raise DataNewerError(
                    f"{self._path}: has {error}, which this version does not know: upgrade the worker"
                ) from error
            except (ValueError, KeyError, TypeError) as error:
                # The text may quote what a person wrote: it stays in the chain for a debugger and out of the message.
                raise DataDamagedError(
                    f"{self._path}: does not fit the worker's model: restore this file from a backup"
                ) from error
            return Loaded(value, next_due, storage.read() or {}, storage.went_back)

    def save(
        self,
        value: Any,  # noqa: ANN401  # any record
        next_due: datetime | None = None,
        before: Loaded | None = None,
    ) -> Loaded:
        """Put the record in the place of what is there (`before`, as it was loaded), in one step.

        Raises DataAccessError (then the old one stays), ValueError where two items have one key.
        """
        head = encode(value, without=self._shape.items)
        if next_due is not None:
            head["next_due"] = next_due.isoformat()
        with self._open() as (db, storage):
            storage.start_from(before.tables if before else {}, went_back=before.went_back if before else "")
            # One write of all tables, in TinyDB's own layout: to fill each by itself costs as much again as the rest.
            tables = {**(storage.read() or {}), self._shape.head: {self._shape.head: head}}
            for name in self._shape.items:
                items = getattr(value, name)
                there = getattr(before.value, name) if before else ()
                if len(items) != len(there) or any(map(is_not, items, there)):
                    known = before.tables.get(name, {}) if before else {}
                    tables[name] = _documents(name, items, dict(zip(map(id, there), known.items(), strict=True)))
            storage.write(tables)
            written = self._decoded(db)[0] if storage.reworded else value
            return Loaded(written, next_due, storage.read() or {})

    @contextmanager
    def _open(self) -> Iterator[tuple[TinyDB, DurableStorage]]:
        with _KeyedDB(
            self._path,
            storage=DurableStorage,
            disk=self._disk,
            schema=self._schema,
            accept_previous=self._loses_nothing,
        ) as db:
            storage = db.storage
            assert isinstance(storage, DurableStorage)  # noqa: S101  # for the type checker
            yield db, storage

    def _decoded(self, db: TinyDB) -> tuple[Any, datetime | None]:
        head = dict(next(iter(db.table(self._shape.head))))
        due = head.pop("next_due", None)
        value: Any = decode(self._shape.cls, head)
        items: dict[str, tuple[Any, ...]] = {
            name: tuple([decode(cls, document) for document in db.table(name)])
            for name, cls in self._shape.items.items()
        }
        return replace(value, **items), datetime.fromisoformat(due) if due else None

    def _loses_nothing(self, tables: Tables) -> bool:
        """Whether a generation is the last one that was confirmed, so that going back to it takes nothing away."""
        if self._confirmed is None:
            return False
        head = tables.get(self._shape.head, {}).get(self._shape.head, {})
        version = head.get("version", 0)
        return isinstance(version, int) and version >= self._confirmed


def _documents(table: str, items: tuple[Any, ...], known: Mapping[int, tuple[str, Document]]) -> dict[str, Document]:
    """Return items as documents by their keys; `known` are key and document of objects that did not change."""
    documents: dict[str, Document] = {}
    for item in items:
        key, document = known.get(id(item)) or (item_key(table, item), encode(item))
        if key in documents:
            raise ValueError(f"two items of {table} have one key: {key}")
        documents[key] = document
    return documents
