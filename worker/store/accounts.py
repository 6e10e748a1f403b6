"""What is known of each calendar and of the mailbox: a file for each, and in the beats when it was last read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from worker.errors import DataAccessError
from worker.model import CalendarState
from worker.store.beats import Beats
from worker.store.disk import Disk, accessing
from worker.store.records import Cached, RecordFile, check_name
from worker.store.tables import CALENDAR, Loaded, Schema
from worker.tokens import record_id


class Accounts:
    """The files in `accounts/`. `noted` is told of every file that was read."""

    def __init__(
        self, disk: Disk, root: Path, schema: Schema, beats: Beats, noted: Callable[[Path, Loaded], None]
    ) -> None:
        self._disk = disk
        self._folder = root / "accounts"
        self._schema = schema
        self._beats = beats
        self._noted = noted
        self._cache: dict[Path, Cached] = {}

    def load(self, account: str) -> CalendarState | None:
        """Return what is known of an account. Raises DataDamagedError, DataNewerError, DataAccessError."""
        state = self._stored(account)
        if state is None:
            return None
        read_at = self._beats.last(_beat(account))
        return replace(state, read_at=read_at) if read_at and state.read_at else state

    def save(self, state: CalendarState) -> None:
        """Store what is known of an account; the caller holds the lock. Raises DataAccessError."""
        before = self._stored(state.account)
        # Most ticks change nothing but the time, which need not survive a power cut.
        if before is None or state.read_at is None or replace(before, read_at=state.read_at) != state:
            self._cache.pop(self._path(state.account), None)
            self._file(state.account).save(state)
            with contextlib.suppress(DataAccessError):  # the state is stored, and its time with it
                self._note_reading(state)
        else:
            self._note_reading(state)

    def forget(self) -> None:
        """Believe nothing that was read before."""
        self._cache.clear()

    def _note_reading(self, state: CalendarState) -> None:
        name = _beat(state.account)
        if state.read_at and self._beats.last(name) != state.read_at:
            self._beats.note(name, state.read_at)

    def _stored(self, account: str) -> CalendarState | None:
        path = self._path(account)
        with accessing(path):
            signature = self._disk.signature(path)
        cached = self._cache.get(path)
        if cached and cached.signature == signature:
            return cached.loaded.value  # type: ignore[no-any-return]
        loaded = self._file(account).load()
        if loaded is None:
            return None
        check_name(path, loaded.value.account, account)
        self._noted(path, loaded)
        if signature and not loaded.went_back:
            self._cache[path] = Cached(signature, None, loaded)
        return loaded.value  # type: ignore[no-any-return]

    def _path(self, account: str) -> Path:
        return self._folder / f"{record_id(account)}.json"

    def _file(self, account: str) -> RecordFile:
        # Going back one reading of a calendar repeats work and loses nothing: any generation will do.
        return RecordFile(self._disk, self._path(account), CALENDAR, confirmed=0, schema=self._schema)


def _beat(account: str) -> str:
    return f"account {account}"
