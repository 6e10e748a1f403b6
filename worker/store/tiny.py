"""The store of one machine: TinyDB, one durable file for each pair and each person.

data.lock                         held for one tick or one writing command
pairs/<id>.json                   a pair, its outbox rows included; <id>.<year>.json what is older than a year
people/<id>.json                  a person's desk
accounts/<id>.json                what is known of a calendar or the mailbox
blobs/<2>/<sha256>.eml            mails, rendered and received
inbound/<2>.jsonl                 what became of each received mail
erased/<marker>                   the keyed hash that an erasure leaves behind
index.jsonl messages/ beats.jsonl caches: which records are due, Message-IDs, when a loop last completed
"""

from __future__ import annotations

import contextlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import get_ident
from typing import TypeVar

import filelock

from worker.errors import BusyError, ConflictError, DataAccessError, DataDamagedError, FollowthroughError
from worker.model import CalendarState, Desk, Inbound, OutboxEntry, Pair, PairKey
from worker.store import Due, archive
from worker.store.accounts import Accounts
from worker.store.beats import Beats
from worker.store.disk import Disk, OsDisk, accessing, ensure_folder
from worker.store.index import KINDS, Entry, Index, Kind
from worker.store.mails import Blobs, Inbounds, MessageIds
from worker.store.records import Cached, RecordFile, check_name
from worker.store.tables import DESK, PAIR, SCHEMA, Loaded, Schema, Shape, key_of, name_of
from worker.tokens import record_id

_SHAPES: dict[Kind, Shape] = {"pairs": PAIR, "people": DESK}
R = TypeVar("R", Pair, Desk)
_Key = tuple[Kind, str]

_CACHED = 8
_HELD = 16
_OWN_WAIT = 10.0
_HELD_ALREADY: AbstractContextManager[None] = contextlib.nullcontext()
_MARKER = re.compile(r"[A-Za-z0-9_-]{16,128}")


class TinyStore:
    """See worker.store.Store. Several processes may use one folder; those that write take the lock."""

    def __init__(self, folder: Path, *, disk: Disk | None = None, schema: Schema = SCHEMA) -> None:
        self.folder = folder
        self.disk: Disk = disk or OsDisk()
        self.schema = schema
        self._cache: OrderedDict[_Key, Cached] = OrderedDict()
        self._listed: tuple[tuple[Entry, ...], tuple[Due, ...]] = ((), ())
        self._lock = filelock.FileLock(folder / "data.lock", mode=0o600)
        self._paths: dict[_Key, Path] = {}
        self._holder = 0
        self._held: OrderedDict[_Key, Loaded | None] = OrderedDict()
        self.index = Index(self.disk, folder, self._probe)
        self.blobs = Blobs(self.disk, folder)
        self.inbound_lines = Inbounds(self.disk, folder)
        self.messages = MessageIds(self.disk, folder)
        self.beats = Beats(self.disk, folder)
        self._problems: dict[str, str] = {}
        self.accounts = Accounts(self.disk, folder, schema, self.beats, self._note)

    # -- the lock

    def lock(self, timeout: float) -> AbstractContextManager[None]:
        """See Store. While it is held nobody else writes, so what was read once is believed until its end."""
        return _HELD_ALREADY if self._holder == get_ident() else self._locked(timeout)

    @contextmanager
    def _locked(self, timeout: float) -> Iterator[None]:
        with accessing(self.folder):
            ensure_folder(self.disk, self.folder)
            try:
                self._lock.acquire(timeout=timeout)
            except filelock.Timeout:
                raise BusyError(
                    f"{self.folder}: another followthrough command is using this data: "
                    "wait until it has ended, then try again"
                ) from None
        self._held.clear()
        self._holder = get_ident()
        try:
            with self.index.alone():
                yield
        finally:
            self._holder = 0
            self._held.clear()
            self._lock.release()

    # -- pairs

    def pairs(self) -> tuple[Due, ...]:
        """See Store."""
        entries = self.index.entries("pairs")
        if entries is not self._listed[0]:
            self._listed = entries, tuple([Due(key_of(entry.name), entry.id, entry.next_due) for entry in entries])
        return self._listed[1]

    def load_pair(self, key: PairKey) -> Pair | None:
        """See Store."""
        loaded = self.load_record("pairs", record_id(str(key)), str(key))
        return loaded.value if loaded else None

    def pair_by_id(self, pair_id: str) -> PairKey | None:
        """See Store."""
        name = self.index.name("pairs", pair_id)
        return key_of(name) if name else None

    def save_pair(self, pair: Pair, next_due: datetime | None) -> Pair:
        """See Store."""
        with self.lock(_OWN_WAIT):
            record = record_id(str(pair.key))
            before = self.load_record("pairs", record, str(pair.key))
            _check_version(str(pair.key), pair.version, before)
            self._note_messages(record, pair, before)
            kept, years = archive.split(pair)
            for year, older in years.items():
                self._archive(record, year, older)
            return self._save("pairs", kept, before, next_due)

    def set_due(self, key: PairKey, next_due: datetime | None) -> None:
        """See Store."""
        with self.lock(_OWN_WAIT):
            record = record_id(str(key))
            self.index.entries("pairs")
            entry = self.index.entry("pairs", record)
            due = _in_utc(next_due)
            if entry is not None and entry.next_due != due:
                self.index.saved(replace(entry, next_due=due))

    def older(self, key: PairKey) -> Pair | None:
        """See Store."""
        record = record_id(str(key))
        found: Pair | None = None
        for path in self.years(record):
            loaded = RecordFile(self.disk, path, PAIR, schema=self.schema).load()
            if loaded is not None:
                check_name(path, str(loaded.value.key), str(key))
                found = archive.merge(found, loaded.value) if found else loaded.value
        current = self.load_pair(key)
        return archive.without(found, current) if found and current else found

    # -- people

    def load_desk(self, email: str) -> Desk | None:
        """See Store."""
        loaded = self.load_record("people", record_id(email), email)
        return loaded.value if loaded else None

    def desks(self) -> tuple[str, ...]:
        """See Store."""
        return tuple([entry.name for entry in self.index.entries("people")])

    def desk_by_id(self, desk_id: str) -> str | None:
        """See Store."""
        return self.index.name("people", desk_id)

    def save_desk(self, desk: Desk) -> Desk:
        """See Store."""
        with self.lock(_OWN_WAIT):
            before = self.load_record("people", record_id(desk.email), desk.email)
            _check_version(desk.email, desk.version, before)
            self._note_messages(record_id(desk.email), desk, before)
            return self._save("people", desk, before, None)

    # -- mails

    def put_blob(self, raw: bytes) -> str:
        """See Store."""
        with self.lock(_OWN_WAIT):
            return self.blobs.put(raw)

    def get_blob(self, digest: str) -> bytes | None:
        """See Store."""
        return self.blobs.get(digest)

    def inbound(self, digest: str) -> Inbound | None:
        """See Store."""
        return self.inbound_lines.get(digest)

    def save_inbound(self, inbound: Inbound) -> None:
        """See Store."""
        with self.lock(_OWN_WAIT):
            self.inbound_lines.put(inbound)

    def inbounds(self) -> Iterator[Inbound]:
        """See Store."""
        return iter(self.inbound_lines.all())

    def find_message(self, message_id: str) -> tuple[str, str] | None:
        """See Store."""
        candidates: Iterator[tuple[str, str]]
        if not self.messages.exists():
            candidates = ((record, key) for found, record, key in self._message_rows() if found == message_id)
        else:
            candidates = self.messages.find(message_id)
        return next((found for found in candidates if message_id and self._has_row(*found, message_id)), None)

    def _has_row(self, record: str, row_key: str, message_id: str) -> bool:
        """Whether that row is in the record, or in what was moved out of it, with that Message-ID."""
        for kind in KINDS:
            name = self.index.name(kind, record)
            if not name:
                continue
            loaded = self.load_record(kind, record, name)
            rows: tuple[OutboxEntry, ...] = loaded.value.outbox if loaded else ()
            if kind == "pairs" and all(row.key != row_key for row in rows):
                older = self.older(key_of(name))
                rows = older.outbox if older else ()
            if any(row.key == row_key and row.message_id == message_id for row in rows):
                return True
        return False

    # -- accounts

    def load_calendar(self, account: str) -> CalendarState | None:
        """See Store."""
        return self.accounts.load(account)

    def save_calendar(self, state: CalendarState) -> None:
        """See Store."""
        with self.lock(_OWN_WAIT):
            self.accounts.save(state)

    def heartbeat(self, name: str, at: datetime | None = None) -> datetime | None:
        """See Store."""
        if at is not None:
            with self.lock(_OWN_WAIT):
                self.beats.note(f"loop {name}", at)
        return self.beats.last(f"loop {name}")

    # -- the whole

    def erase(self, address: str, marker: str) -> int:
        """See Store."""
        from worker.store.erase import erase

        self._erased_path(marker)
        with self.lock(_OWN_WAIT):
            removed = erase(self, address.lower(), self._erased_path(marker))
            self._cache.clear()
            self._held.clear()
            self.accounts.forget()
            return removed

    def index_id(self, email: str) -> str:
        """Return the id of a person's desk."""
        return record_id(email)

    def purge(
        self,
        keep_pair: Callable[[Pair], Pair],
        keep_desk: Callable[[Desk], Desk],
        in_use: Callable[[Pair | Desk], set[str]],
        before: tuple[datetime, datetime],
    ) -> int:
        """See Store."""
        from worker.store.purge import purge

        with self.lock(_OWN_WAIT):
            return purge(self, keep_pair, keep_desk, in_use, before)

    def is_erased(self, marker: str) -> bool:
        """See Store."""
        with accessing(self.folder):
            return self.disk.signature(self._erased_path(marker)) is not None

    def check(self) -> tuple[str, ...]:
        """See Store."""
        from worker.store.check import check

        return check(self)

    def problems(self) -> tuple[str, ...]:
        """See Store."""
        self.index.entries("pairs")
        return (*self._problems.values(), *self.index.unnamed.values())

    # -- what erase and check need, too

    def years(self, record: str) -> list[Path]:
        """Return the files with what was moved out of a pair's record."""
        pattern = re.compile(re.escape(record) + r"\.\d{4}\.json")
        folder = self.folder / "pairs"
        return [folder / name for name in self.disk.names(folder) if pattern.fullmatch(name)]

    def record_path(self, kind: Kind, record: str) -> Path:
        """Return where a record is."""
        path = self._paths.get((kind, record))
        if path is None:
            path = self._paths[kind, record] = self.folder / kind / f"{record}.json"
        return path

    def record_file(self, kind: Kind, record: str) -> RecordFile:
        """Return a record's file, which knows the last version that was confirmed."""
        entry = self.index.entry(kind, record)
        confirmed = entry.version if entry else None
        path = self.record_path(kind, record)
        return RecordFile(self.disk, path, _SHAPES[kind], confirmed=confirmed, schema=self.schema)

    # -- inside

    def load_record(self, kind: Kind, record: str, name: str) -> Loaded | None:
        """Return a record with what belongs to its file; an empty `name` is any. Raises as `load_pair` does."""
        if self._holder != get_ident():
            return self._read_record(kind, record, name)
        key = (kind, record)
        if key not in self._held:
            self._hold(key, self._read_record(kind, record, name))
        return self._held[key]

    def _hold(self, key: _Key, loaded: Loaded | None) -> None:
        """Believe this of a record for as long as the lock is held."""
        self._held[key] = loaded
        self._held.move_to_end(key)
        if len(self._held) > _HELD:
            self._held.popitem(last=False)

    def _read_record(self, kind: Kind, record: str, name: str) -> Loaded | None:
        key, path = (kind, record), self.record_path(kind, record)
        entry = self.index.entry(kind, record)
        confirmed = entry.version if entry else None
        with accessing(path):
            signature = self.disk.signature(path)
        cached = self._cache.get(key)
        if cached and signature and cached.signature == signature and cached.confirmed == confirmed:
            self._cache.move_to_end(key)
            return cached.loaded
        loaded = self.record_file(kind, record).load()
        if loaded is None:
            if confirmed:
                raise DataDamagedError(f"{path}: missing: restore this file from a backup")
            return None
        if name:
            check_name(path, name_of(loaded.value), name)
        self._note(path, loaded)
        if signature and not loaded.went_back:
            self._remember(key, Cached(signature, confirmed, loaded))
        return loaded

    def _save(self, kind: Kind, value: R, before: Loaded | None, next_due: datetime | None) -> R:
        name = name_of(value)
        record = record_id(name)
        key, path = (kind, record), self.record_path(kind, record)
        fresh = replace(value, version=value.version + 1)
        self.index.saving(kind, record, name)
        self._cache.pop(key, None)
        self._held.pop(key, None)
        loaded = self.record_file(kind, record).save(fresh, next_due, before)
        with accessing(path):
            signature = self.disk.signature(path)
        with contextlib.suppress(DataAccessError):  # the record is stored: its line in a cache must not undo that
            self.index.saved(Entry(kind, record, name, fresh.version, _in_utc(next_due), signature))
        if signature:
            self._remember(key, Cached(signature, fresh.version, loaded))
            self._hold(key, loaded)
        stored: R = loaded.value
        return stored

    def _note_messages(self, record: str, fresh: Pair | Desk, before: Loaded | None) -> None:
        there = before.value.outbox if before else ()
        same = set(map(id, there))  # rows that did not change are the very objects that were loaded
        changed = [row for row in fresh.outbox if row.message_id and id(row) not in same]
        known = {row.message_id for row in there} if changed else set()
        rows = [row for row in changed if row.message_id not in known]
        if rows and not self.messages.exists():
            self.messages.rewrite(self._message_rows())
        self.messages.add([(row.message_id, record, row.key) for row in rows])

    def _remember(self, key: _Key, cached: Cached) -> None:
        self._cache[key] = cached
        self._cache.move_to_end(key)
        if len(self._cache) > _CACHED:
            self._cache.popitem(last=False)

    def _note(self, path: Path, loaded: Loaded) -> None:
        if loaded.went_back:
            self._problems[str(path)] = loaded.went_back

    def _probe(self, kind: Kind, record: str) -> Entry | None:
        loaded = self.load_record(kind, record, "")
        if loaded is None:
            return None
        with accessing(self.folder):
            signature = self.disk.signature(self.record_path(kind, record))
        return Entry(kind, record, name_of(loaded.value), loaded.value.version, loaded.next_due, signature)

    def _archive(self, record: str, year: int, older: Pair) -> None:
        """Add to the record of a year, before the daily record lets go of it."""
        path = self.folder / "pairs" / f"{record}.{year}.json"
        file = RecordFile(self.disk, path, PAIR, schema=self.schema)
        there = file.load()
        file.save(archive.merge(there.value, older) if there else older, None, there)

    def _message_rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield (Message-ID, record id, outbox key) of every row. Rare: where a restored folder has no caches."""
        for kind in KINDS:
            for entry in self.index.entries(kind):
                try:
                    loaded = self.load_record(kind, entry.id, entry.name)
                    older = self.older(key_of(entry.name)) if kind == "pairs" else None
                except FollowthroughError:
                    continue  # whoever loads that record is told
                for row in (*(older.outbox if older else ()), *(loaded.value.outbox if loaded else ())):
                    if row.message_id:
                        yield row.message_id, entry.id, row.key

    def _erased_path(self, marker: str) -> Path:
        if not _MARKER.fullmatch(marker):
            raise ValueError("a marker is 16 to 128 letters, digits, - and _")
        return self.folder / "erased" / marker


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment is not None else None


def _check_version(name: str, version: int, before: Loaded | None) -> None:
    there = before.value.version if before else 0
    if version != there:
        raise ConflictError(
            f"record {record_id(name)} changed since it was read (version {version}, now {there}): read it again"
        )
