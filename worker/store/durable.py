"""A storage for TinyDB that survives crashes: one file, replaced as a whole, checked by its checksum.

The file is one JSON object that a person can read. Its first line is the envelope (schema version, SHA-256 of what
follows), the rest are the tables. Beside it `<name>.prev` keeps the generation before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import orjson
from tinydb.storages import Storage

from worker.errors import DataDamagedError, DataNewerError
from worker.store.disk import Disk, accessing, previous, write_atomically
from worker.store.tables import SCHEMA, Schema, Tables
from worker.store.text import well_formed

_FORMAT = "followthrough"
_END = b"\n}\n"


class _BrokenError(Exception):
    """The bytes are not what was written."""


def seal(tables: Tables, version: int) -> bytes:
    """Return tables as the bytes of a file: the envelope line, then the tables, indented."""
    body = orjson.dumps(tables, option=orjson.OPT_INDENT_2)
    return _head(body, version) + b"\n" + body + _END


def _head(body: bytes, version: int) -> bytes:
    return f'{{"format":"{_FORMAT}","schema":{version},"sha256":"{_mark(body, version)}","tables":'.encode()


def _mark(body: bytes, version: int) -> str:
    return hashlib.sha256(b"%d\n" % version + body).hexdigest()


def _unseal(raw: bytes) -> tuple[int, Tables]:
    head, newline, rest = raw.partition(b"\n")
    if not raw:
        raise _BrokenError("it is empty")
    if not newline or not rest.endswith(_END):
        raise _BrokenError("it is cut short")
    try:
        version = orjson.loads(head + b"null}")["schema"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise _BrokenError("its first line is not ours") from None
    body = rest[: -len(_END)]
    if not isinstance(version, int) or _head(body, version) != head:
        raise _BrokenError("its checksum is wrong")
    tables: Tables = orjson.loads(body)
    return version, tables


class DurableStorage(Storage):
    """What TinyDB reads and writes through. Each `write` is atomic and durable.

    `accept_previous` is asked, where the current generation is damaged or missing and the previous one is good,
    whether going back to it loses nothing; without a yes the damage is an error. `reworded`: a text could not be
    written in UTF-8 and the tables now hold what was written instead.
    """

    def __init__(
        self,
        path: Path,
        *,
        disk: Disk,
        schema: Schema = SCHEMA,
        accept_previous: Callable[[Tables], bool] = lambda _tables: False,
    ) -> None:
        self.path = path
        self.went_back = ""
        self.reworded = False
        self._disk = disk
        self._schema = schema
        self._accept_previous = accept_previous
        self._tables: Tables | None = None
        self._read = False

    def read(self) -> Tables | None:
        """Return all tables, None where the file was never written. Raises DataDamagedError, DataNewerError."""
        if not self._read:
            self._tables = self._load()
            self._read = True
        return self._tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Put these tables in the place of all. Raises DataAccessError; then the old ones stay."""
        self._tables = cast("Tables", data)
        self._read = True
        self._commit()

    def start_from(self, tables: Tables, *, went_back: str = "") -> None:
        """Believe that these tables are what the file holds, as an earlier read of the same generation found."""
        self._tables, self._read, self.went_back = dict(tables), True, went_back

    def _commit(self) -> None:
        try:
            data = self._sealed()
            # A damaged generation must not take the place of the good one before it.
            write_atomically(self._disk, self.path, data, keep_previous=not self.went_back)
        except BaseException:
            self._forget()
            raise
        self.went_back = ""

    def _sealed(self) -> bytes:
        try:
            return seal(self._tables or {}, self._schema.version)
        except orjson.JSONEncodeError:
            self._tables, self.reworded = well_formed(self._tables), True
            return seal(self._tables or {}, self._schema.version)

    def _forget(self) -> None:
        """Let the next read look at the file: what was to be written is not what is there."""
        self._read, self._tables = False, None

    def _load(self) -> Tables | None:
        self.went_back = ""
        try:
            found = self._generation(self.path)
            if found is not None:
                return found
            reason = "it is missing"
        except _BrokenError as error:
            reason = str(error)
        before = previous(self.path)
        try:
            found = self._generation(before)
        except _BrokenError:
            found = None
        if found is None and reason == "it is missing" and self._disk.signature(before) is None:
            return None
        if found is not None and self._accept_previous(found):
            self.went_back = f"{self.path}: {reason}; went on from {before.name}, which holds everything confirmed"
            return found
        raise DataDamagedError(self._damage(reason, before if found is not None else None))

    def _damage(self, reason: str, before: Path | None) -> str:
        text = f"{self.path}: damaged ({reason}): restore this file from a backup"
        if before is None:
            return text
        return f"{text}, or accept that its last change is lost and type: cp -p '{before}' '{self.path}'"

    def _generation(self, path: Path) -> Tables | None:
        try:
            with accessing(path):
                raw = self._disk.read(path)
        except Exception as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise
        version, tables = _unseal(raw)
        if version > self._schema.version:
            raise DataNewerError(
                f"{path}: written by a newer version (schema {version}, this one knows {self._schema.version}): "
                "upgrade the worker"
            )
        while version < self._schema.version:
            tables = self._schema.migrations[version](tables)
            version += 1
        return tables
