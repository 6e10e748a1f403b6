"""Everything that a data folder holds, read and written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from worker.errors import DataDamagedError
from worker.model import CalendarState, Desk, Inbound, Pair
from worker.store.disk import write_atomically
from worker.store.index import KINDS, Entry, Kind
from worker.store.records import RecordFile
from worker.store.tables import CALENDAR, DESK, PAIR, Loaded, Shape
from worker.store.things import ACCOUNT, BEAT, DESKS, MAIL, MARKER, OLDER, OUTCOME, PAIRS, Thing

if TYPE_CHECKING:
    from pathlib import Path

    from worker.store.tiny import TinyStore

HOLDS = ("pairs", "people", "accounts", "blobs", "inbound", "messages", "erased", "index.jsonl", "beats.jsonl")
"""The names of what a store makes in its folder, but for its lock."""

_LOOP = "loop "
_KINDS: dict[Kind, tuple[str, Shape]] = {"pairs": (PAIRS, PAIR), "people": (DESKS, DESK)}
T = TypeVar("T")


class FileContents:
    """See worker.store.things.Contents."""

    def __init__(self, store: TinyStore) -> None:
        self._store = store
        self._disk = store.disk
        self._folder = store.folder

    def things(self) -> Iterator[Thing]:
        """See Contents."""
        store = self._store
        for digest in sorted(store.blobs.digests()):
            yield Thing(MAIL, digest, store.blobs.get(digest))
        for inbound in store.inbounds():
            yield Thing(OUTCOME, inbound.digest, inbound)
        yield from self._records()
        yield from self._accounts()
        for name, at in sorted(store.beats.all().items()):
            if name.startswith(_LOOP):
                yield Thing(BEAT, name.removeprefix(_LOOP), at)
        for name in self._disk.names(self._folder / "erased"):
            if not name.endswith(".tmp"):
                yield Thing(MARKER, name, None)

    def _records(self) -> Iterator[Thing]:
        store = self._store
        for kind in KINDS:
            for entry in self._entries(kind):
                path = store.record_path(kind, entry.id)
                value = _there(store.load_record(kind, entry.id, entry.name), path).value
                yield Thing(_KINDS[kind][0], entry.id, value, entry.next_due)
        for entry in self._entries("pairs"):
            for path in store.years(entry.id):
                yield Thing(OLDER, path.stem, _there(self._file(path, PAIR).load(), path).value)

    def _accounts(self) -> Iterator[Thing]:
        for name in self._disk.names(self._folder / "accounts"):
            if name.endswith(".json"):
                path = self._folder / "accounts" / name
                state: CalendarState = _there(RecordFile(self._disk, path, CALENDAR, confirmed=0).load(), path).value
                # The time that an account was last read at stands beside its file.
                yield Thing(ACCOUNT, path.stem, self._store.load_calendar(state.account))

    def take(self, things: Iterable[Thing]) -> None:
        """See Contents."""
        store = self._store
        for thing in things:
            value = thing.value
            if isinstance(value, bytes):
                store.blobs.put(value)
            elif isinstance(value, Inbound):
                store.inbound_lines.put(value)
            elif thing.kind == OLDER:
                self._file(self._folder / "pairs" / f"{thing.name}.json", PAIR).save(value)
                self._note_messages(thing.name.partition(".")[0], value)
            elif isinstance(value, Pair | Desk):
                self._record(thing, value)
            elif isinstance(value, CalendarState):
                store.save_calendar(value)
            elif thing.kind == BEAT:
                store.heartbeat(thing.name, value)
            else:
                write_atomically(self._disk, self._folder / "erased" / thing.name, b"")

    def _record(self, thing: Thing, value: Pair | Desk) -> None:
        kind: Kind = "pairs" if isinstance(value, Pair) else "people"
        name = str(value.key) if isinstance(value, Pair) else value.email
        path = self._store.record_path(kind, thing.name)
        self._store.index.saving(kind, thing.name, name)
        self._file(path, _KINDS[kind][1]).save(value, thing.next_due)
        signature = self._disk.signature(path)
        self._store.index.saved(Entry(kind, thing.name, name, value.version, thing.next_due, signature))
        self._note_messages(thing.name, value)

    def _note_messages(self, record: str, value: Pair | Desk) -> None:
        self._store.messages.add([(row.message_id, record, row.key) for row in value.outbox if row.message_id])

    def _entries(self, kind: Kind) -> list[Entry]:
        return sorted(self._store.index.entries(kind), key=lambda entry: entry.id)

    def _file(self, path: Path, shape: Shape) -> RecordFile:
        return RecordFile(self._disk, path, shape, schema=self._store.schema)


def _there(loaded: Loaded | None, path: Path) -> Loaded:
    if loaded is None:
        raise DataDamagedError(f"{path}: missing: restore this file from a backup")
    return loaded
