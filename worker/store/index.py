"""Which records there are, at which version, and when each pair is due: a cache that is rebuilt from the records.

`index.jsonl` only grows until it is rewritten. Before a record is replaced a line says so, and after it another one
says what it became; so a reader that finds the file unchanged knows that no record changed, with one system call,
and a record whose second line is missing is looked at again. The last version named is the last that was confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from worker.errors import DataDamagedError, DataNewerError
from worker.store import lines
from worker.store.disk import Disk, Signature, accessing

Kind = Literal["pairs", "people"]
KINDS: tuple[Kind, ...] = ("pairs", "people")

NOW_DUE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a record that cannot be read is due: at once, so that whoever loads it is told."""

_ROOM = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A record's line. `version` 0: never confirmed. `unsettled`: it must be looked at before it is believed."""

    kind: Kind
    id: str
    name: str
    version: int = 0
    next_due: datetime | None = None
    signature: Signature | None = None
    unsettled: bool = False


Probe = Callable[[Kind, str], Entry | None]
"""Reads a record's own file and returns its line, None where there is no such record."""


class Index:
    """The lines of all records. Every method may raise DataAccessError."""

    def __init__(self, disk: Disk, root: Path, probe: Probe) -> None:
        self._disk = disk
        self._root = root
        self._path = root / "index.jsonl"
        self._probe = probe
        self._entries: dict[tuple[Kind, str], Entry] = {}
        self._inode = -1
        self._end = 0
        self._whole = False
        self._count = 0
        self._ordered: dict[Kind, tuple[Entry, ...]] = {}
        self._unsettled: set[tuple[Kind, str]] = set()
        self._alone = False
        self._current = False
        self._open: lines.Growing | None = None
        self.unnamed: dict[str, str] = {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For as long as nobody else can add a line: the file is looked at once, and then only added to."""
        self._alone, self._current = True, False
        try:
            yield
        finally:
            self._alone = self._current = False
            self._let_go()

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """Return all records of a kind in order of their names."""
        self._refresh()
        self._settle()
        if kind not in self._ordered:
            found = [entry for entry in self._entries.values() if entry.kind == kind and entry.name]
            self._ordered[kind] = tuple(sorted(found, key=lambda entry: entry.name))
        return self._ordered[kind]

    def entry(self, kind: Kind, record: str) -> Entry | None:
        """Return what the index says of one record, without looking at it."""
        self._refresh()
        return self._entries.get((kind, record))

    def name(self, kind: Kind, record: str) -> str | None:
        """Return the name behind a record's id, None where there is no such record."""
        self._refresh()
        self._settle()
        entry = self._entries.get((kind, record))
        return entry.name or None if entry else None

    def saving(self, kind: Kind, record: str, name: str) -> None:
        """Say that a record is about to be replaced."""
        self._refresh()
        before = self._entries.get((kind, record)) or Entry(kind, record, name)
        self._append({"kind": kind, "id": record, "name": name}, replace(before, unsettled=True), durable=False)

    def saved(self, entry: Entry) -> None:
        """Say what a record became."""
        self._refresh()
        before = self._entries.get((entry.kind, entry.id))
        # A due time that is lost in a power cut may come late only where it had moved forward.
        earlier = before is not None and _is_earlier(entry.next_due, before.next_due)
        self._append(_to_document(entry), entry, durable=earlier)
        if self._count > _ROOM + 4 * len(self._entries):
            self.rewrite()

    def rewrite(self, *, without: frozenset[tuple[Kind, str]] = frozenset()) -> None:
        """Write the index anew, without history and without these records."""
        self._refresh()
        self._settle()
        kept = [_to_document(entry) for key, entry in self._entries.items() if key not in without]
        self._current = False
        self._let_go()
        lines.rewrite(self._disk, self._path, kept)
        self._inode = -1

    def _append(self, document: dict[str, Any], entry: Entry, *, durable: bool) -> None:
        """Add a line, and what it says of its record."""
        known = self._current and self._whole
        self._current = False
        if not known:
            lines.append(self._disk, self._path, [document], durable=durable)
            self._refresh()
            return
        self._open = self._open or lines.Growing(self._disk, self._path)
        self._end += self._open.add(document, self._end, durable=durable)
        self._count += 1
        self._put((entry.kind, entry.id), entry)
        self._current = True

    def _refresh(self) -> None:
        """Take in what was added since, by whatever process."""
        if self._current:
            return
        self._take_in()
        self._current = self._alone

    def _take_in(self) -> None:
        with accessing(self._path):
            found = self._disk.signature(self._path)
        self._whole = found is not None and found.inode == self._inode and found.size == self._end
        if self._whole:
            return
        if found is None:
            if self._inode != 0:
                self._start(inode=0)
                self._verify()
            return
        fresh = found.inode != self._inode or found.size < self._end
        if fresh:
            self._start(found.inode)
        with accessing(self._path):
            read = lines.parse(self._disk.read(self._path, self._end))
        self._end += read.end
        # What a dead process left of a line must be cut off before another one is added.
        self._whole = self._end >= found.size
        self._count += len(read.documents)
        for document in read.documents:
            self._take(document)
        if fresh or read.damaged:
            self._verify()

    def _start(self, inode: int) -> None:
        self._entries.clear()
        self._ordered.clear()
        self._unsettled.clear()
        self._inode, self._end, self._count = inode, 0, 0

    def _take(self, document: dict[str, Any]) -> None:
        key = (document["kind"], document["id"])
        if "version" in document:
            entry = _from_document(document)
        else:
            before = self._entries.get(key) or Entry(key[0], key[1], document["name"])
            entry = replace(before, unsettled=True)
        self._put(key, entry)

    def _put(self, key: tuple[Kind, str], entry: Entry | None) -> None:
        if entry is None:
            self._entries.pop(key, None)
        else:
            self._entries[key] = entry
        if entry is not None and entry.unsettled:
            self._unsettled.add(key)
        else:
            self._unsettled.discard(key)
        self._ordered.pop(key[0], None)

    def _verify(self) -> None:
        """Compare with the folders: what has another signature than its line says must be looked at."""
        for kind in KINDS:
            folder = self._root / kind
            with accessing(folder):
                found = {name.partition(".")[0] for name in self._disk.names(folder) if name.count(".json") == 1}
                known = {record for known_kind, record in self._entries if known_kind == kind}
                for record in found | known:
                    entry = self._entries.get((kind, record)) or Entry(kind, record, "")
                    if entry.signature is None or self._disk.signature(folder / f"{record}.json") != entry.signature:
                        self._put((kind, record), replace(entry, unsettled=True))

    def _settle(self) -> None:
        """Look at every record whose line cannot be believed."""
        for key in sorted(self._unsettled):
            if entry := self._entries.get(key):
                self._put(key, self._looked_at(entry))

    def _looked_at(self, entry: Entry) -> Entry | None:
        self.unnamed.pop(entry.id, None)
        path = self._root / entry.kind / f"{entry.id}.json"
        with accessing(path):
            if entry.signature and self._disk.signature(path) == entry.signature:
                return replace(entry, unsettled=False)  # it was about to be replaced, and was not
        try:
            seen = self._probe(entry.kind, entry.id)
        except (DataDamagedError, DataNewerError) as error:
            if not entry.name:
                self.unnamed[entry.id] = str(error)
            # Without a signature it stays to be looked at by every new process, and due until it is repaired.
            return replace(entry, next_due=NOW_DUE, signature=None, unsettled=False)
        if seen is not None and entry.version >= seen.version and entry.next_due is not None:
            # The same generation under another signature (a copy, a restored backup): its due time may be newer.
            due = min(entry.next_due, seen.next_due) if seen.next_due else entry.next_due
            return replace(seen, next_due=due)
        return seen


def _is_earlier(new: datetime | None, old: datetime | None) -> bool:
    return new is not None and (old is None or new < old)


def _to_document(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "id": entry.id,
        "name": entry.name,
        "version": entry.version,
        "due": entry.next_due.isoformat() if entry.next_due else None,
        "file": list(entry.signature) if entry.signature else None,
    }


def _from_document(document: dict[str, Any]) -> Entry:
    due = document["due"]
    signature = document["file"]
    return Entry(
        kind=document["kind"],
        id=document["id"],
        name=document["name"],
        version=document["version"],
        next_due=datetime.fromisoformat(due) if due else None,
        signature=Signature(*signature) if signature else None,
    )
