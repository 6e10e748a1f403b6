"""A pair, a desk or an account in a TinyDB file of its own: a table for each kind of item, one write for all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Table

from worker.errors import DataDamagedError, DataNewerError
from worker.store.codec import UnknownFieldError
from worker.store.disk import Disk, Signature
from worker.store.durable import DurableStorage
from worker.store.tables import SCHEMA, Loaded, Schema, Shape, Tables, tables_of, value_of


class _KeyedTable(Table):
    """A table whose documents have keys of ours."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB supports it and annotates it as int


class _KeyedDB(TinyDB):
    """A database of such tables."""

    table_class = _KeyedTable


@dataclass(frozen=True, slots=True)
class Cached:
    """A decoded record, what it was decoded from, and the version that was confirmed by then."""

    signature: Signature
    confirmed: int | None
    loaded: Loaded


def check_name(path: Path, found: str, wanted: str) -> None:
    """Refuse a file that holds somebody else's record: it was copied or renamed by hand. Raises DataDamagedError."""
    if found != wanted:
        raise DataDamagedError(f"{path}: holds another record than its name says: restore this file from a backup")


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
                value, next_due = value_of(self._shape, db.table)
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
        with self._open() as (db, storage):
            storage.start_from(before.tables if before else {}, went_back=before.went_back if before else "")
            # One write of all tables, in TinyDB's own layout: to fill each by itself costs as much again as the rest.
            storage.write(tables_of(self._shape, value, next_due, before))
            written = value_of(self._shape, db.table)[0] if storage.reworded else value
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

    def _loses_nothing(self, tables: Tables) -> bool:
        """Whether a generation is the last one that was confirmed, so that going back to it takes nothing away."""
        if self._confirmed is None:
            return False
        head = tables.get(self._shape.head, {}).get(self._shape.head, {})
        version = head.get("version", 0)
        return isinstance(version, int) and version >= self._confirmed
