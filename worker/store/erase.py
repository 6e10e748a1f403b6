"""Removing every trace of a person from the data folder.

What belongs to them goes as whole files. Where somebody else's record names them, their address is replaced by the
marker, so that the other record stays whole and the keys of its rows stay distinct. The files by which the rest is
found go last: an erasure that was cut off is finished by calling it again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import DataDamagedError, DataNewerError, FollowthroughError
from worker.model import PairKey
from worker.store import lines
from worker.store.disk import accessing, remove_quietly, write_atomically
from worker.store.durable import DurableStorage
from worker.store.index import KINDS, Kind
from worker.store.traces import digests as digests_in
from worker.store.traces import mentions, replaced, texts, whole_words
from worker.tokens import record_id

if TYPE_CHECKING:
    from worker.store.tiny import TinyStore


def erase(store: TinyStore, address: str, marker: Path) -> int:
    """Remove a person; leave `marker`, an empty file; return how many files went. The caller holds the lock.

    Raises DataAccessError; then some of it is gone and the marker is there.
    """
    write_atomically(store.disk, marker, b"")
    return _Erasure(store, address, marker.name).run()


class _Erasure:
    def __init__(self, store: TinyStore, address: str, marker: str) -> None:
        self._store = store
        self._disk = store.disk
        self._marker = marker
        self._address = address
        self._addresses = self._known_addresses()
        self._count = 0
        self._names: set[str] = set()
        self._counterparts: set[str] = set()
        self._pattern = mentions(self._addresses)

    def run(self) -> int:
        records = self._records()
        families = [path for kind, record in sorted(records) for path in self._family(kind, record)]
        digests = set[str]().union(*(digests_in(self._bytes(path)) for path in families))
        theirs = self._inbound_lines()
        self._blobs(digests.union(*theirs.values()))
        # The lines name the mails, so they go after them.
        for path, gone in theirs.items():
            kept = [item for item in self._store.inbound_lines.read(path) if item["digest"] not in gone]
            lines.rewrite(self._disk, path, kept)
        self._others(records)
        self._store.messages.drop(frozenset(record for _, record in records))
        self._store.index.rewrite(without=frozenset(records))
        for address in sorted(self._addresses):
            self._store.beats.rewrite(without=address)
        self._leftovers()
        accounts = [path for address in self._addresses for path in self._family("accounts", record_id(address))]
        for path in [*accounts, *families]:
            self._remove(path)
        return self._count

    def _known_addresses(self) -> set[str]:
        addresses = {self._address}
        with contextlib.suppress(DataDamagedError, DataNewerError):  # a desk that nobody can read goes all the same
            desk = self._store.load_desk(self._address)
            addresses |= set(desk.aliases) if desk else set()
        return addresses

    def _records(self) -> set[tuple[Kind, str]]:
        """Return the records that are theirs, and note their names and who the other people are."""
        found: set[tuple[Kind, str]] = {("people", record_id(address)) for address in self._addresses}
        for due in self._store.pairs():
            if not self._addresses & {due.key.manager, due.key.person}:
                continue
            found.add(("pairs", due.id))
            self._counterparts |= {due.key.manager, due.key.person} - self._addresses
            self._note_name(due.key)
        for record in self._store.index.unnamed:
            for kind in KINDS:
                if any(self._pattern.search(self._bytes(path)) for path in self._family(kind, record)):
                    found.add((kind, record))
        return found

    def _note_name(self, key: PairKey) -> None:
        with contextlib.suppress(FollowthroughError):  # then mails that name them without their address may stay
            pair = self._store.load_pair(key)
            name = pair and (pair.person_name if key.person in self._addresses else pair.manager_name)
            self._names.update(name.split()[:1] if name else ())

    def _family(self, folder: str, record: str) -> list[Path]:
        """Return every file of a record; the one by which the others are found comes last."""
        base = self._store.folder / folder
        names = [name for name in self._disk.names(base) if name.partition(".")[0] == record]
        return [base / name for name in sorted(names, key=lambda name: (name == f"{record}.json", name))]

    def _inbound_lines(self) -> dict[Path, set[str]]:
        """Return the digests of their mails by the file that has the outcome."""
        found = {}
        for path in self._store.inbound_lines.paths():
            documents = self._store.inbound_lines.read(path)
            gone = {document["digest"] for document in documents if self._pattern.search(lines.line(document))}
            if gone:
                found[path] = gone
        return found

    def _blobs(self, digests: set[str]) -> None:
        """Remove their mails, and others' mails that name them."""
        near = self._named_by_counterparts()
        names = whole_words(self._names)
        for digest in [*self._store.blobs.digests()]:
            path = self._store.blobs.path(digest)
            if digest in digests:
                self._remove(path)
                continue
            found = texts(self._bytes(path))
            named = digest in near and names is not None and any(names.search(text) for text in found)
            if named or any(self._pattern.search(text) for text in found):
                self._remove(path)

    def _named_by_counterparts(self) -> set[str]:
        """Return the digests in the desks of those who shared a pair with them: digests and notices name people."""
        paths = [path for email in self._counterparts for path in self._family("people", record_id(email))]
        return set[str]().union(*(digests_in(self._bytes(path)) for path in paths))

    def _others(self, records: set[tuple[Kind, str]]) -> None:
        """Put the marker in the place of the address in everybody else's records, previous generations removed."""
        own: set[tuple[str, str]] = {*records}
        own |= {("accounts", record_id(address)) for address in self._addresses}
        for folder in (*KINDS, "accounts"):
            for name in self._disk.names(self._store.folder / folder):
                path = self._store.folder / folder / name
                if (folder, name.partition(".")[0]) in own or not self._pattern.search(self._bytes(path)):
                    continue
                if name.endswith(".json"):
                    self._scrub(path)
                else:
                    self._remove(path)

    def _scrub(self, path: Path) -> None:
        storage = DurableStorage(path, disk=self._disk, schema=self._store.schema)
        tables = replaced(storage.read(), self._pattern, self._marker)
        for table in tables.values():
            for document in table.values():
                if "version" in document:
                    document["version"] += 1
        storage.write(tables)
        self._remove(path.with_name(path.name + ".prev"))

    def _leftovers(self) -> None:
        """Remove what a crash left half written; nobody else is writing now."""
        for folder in (".", *KINDS, "accounts", "inbound", "messages", "erased"):
            for name in self._disk.names(self._store.folder / folder):
                if name.endswith(".tmp"):
                    self._remove(self._store.folder / folder / name)
        blobs = self._store.folder / "blobs"
        for folder in self._disk.names(blobs):
            for name in self._disk.names(blobs / folder):
                if name.endswith(".tmp"):
                    self._remove(blobs / folder / name)

    def _bytes(self, path: Path) -> bytes:
        with accessing(path):
            try:
                return self._disk.read(path)
            except FileNotFoundError:
                return b""

    def _remove(self, path: Path) -> None:
        with accessing(path):
            if remove_quietly(self._disk, path):
                self._count += 1
                self._disk.sync_folder(path.parent)
