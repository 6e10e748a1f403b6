"""Mails on disk: their bytes under their hash, what became of each, and which outbox row has which Message-ID.

Bytes and outcomes are durable; the Message-IDs are a cache that is rebuilt from the records.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from worker.errors import DataDamagedError
from worker.model import Inbound
from worker.store import lines
from worker.store.codec import decode, encode
from worker.store.disk import Disk, Signature, accessing, ensure_folder, write_atomically
from worker.store.text import dumps, well_formed

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """Bytes under their SHA-256: `blobs/<first two digits>/<digest>.eml`."""

    def __init__(self, disk: Disk, root: Path) -> None:
        self._disk = disk
        self._root = root / "blobs"

    def path(self, digest: str) -> Path:
        """Return where these bytes are kept. Raises ValueError for what is no SHA-256."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256: {digest!r}")
        return self._root / f"{digest[:2]}/{digest}.eml"

    def put(self, raw: bytes) -> str:
        """Keep bytes durably; return their digest. Raises DataAccessError."""
        digest = hashlib.sha256(raw).hexdigest()
        path = self.path(digest)
        with accessing(path):
            try:
                kept = self._disk.read(path)
            except FileNotFoundError:
                kept = None
        if kept != raw:
            write_atomically(self._disk, path, raw)
        else:
            # Whoever wrote them may have died before their name was durable.
            with accessing(path):
                self._disk.sync_folder(path.parent)
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return kept bytes. Raises DataDamagedError, DataAccessError."""
        path = self.path(digest)
        with accessing(path):
            try:
                raw = self._disk.read(path)
            except FileNotFoundError:
                return None
        if hashlib.sha256(raw).hexdigest() != digest:
            raise DataDamagedError(f"{path}: damaged (its checksum is wrong): restore this file from a backup")
        return raw

    def digests(self) -> Iterator[str]:
        """Yield the digest of everything kept."""
        for folder in self._disk.names(self._root):
            for name in self._disk.names(self._root / folder):
                if name.endswith(".eml"):
                    yield name.removesuffix(".eml")


class _Shards:
    """Lines spread over 256 files by a hash, so that finding one reads one short file however many there are."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self.disk = disk
        self.folder = folder
        self._sound: dict[Path, Signature | None] = {}

    def path(self, digest: str) -> Path:
        return self.folder / f"{digest[:2]}.jsonl"

    def paths(self) -> list[Path]:
        return [self.folder / name for name in self.disk.names(self.folder) if name.endswith(".jsonl")]

    def find(self, path: Path, needle: str) -> Iterator[dict[str, Any]]:
        """Yield the lines that contain this JSON string, newest first. Raises DataDamagedError, DataAccessError."""
        with accessing(path):
            signature = self.disk.signature(path)
        if signature is None:
            return
        if self._sound.get(path) != signature:
            self.read(path)
            self._sound[path] = signature
        yield from lines.containing(self.disk, path, dumps(needle))

    def read(self, path: Path) -> list[dict[str, Any]]:
        """Return all lines of one file. Raises DataDamagedError, DataAccessError."""
        found = lines.read(self.disk, path)
        if found.damaged:
            raise DataDamagedError(
                f"{path}: damaged ({len(found.damaged)} lines have a wrong checksum): restore this file from a backup"
            )
        return found.documents


class Inbounds:
    """What became of received mails: `inbound/<first two digits of the digest>.jsonl`."""

    def __init__(self, disk: Disk, root: Path) -> None:
        self._shards = _Shards(disk, root / "inbound")

    def get(self, digest: str) -> Inbound | None:
        """Return the newest outcome of these bytes. Raises DataDamagedError, DataAccessError."""
        for document in self._shards.find(self._shards.path(digest), digest):
            if document.get("digest") == digest:
                return decode(Inbound, document)
        return None

    def put(self, inbound: Inbound) -> None:
        """Record an outcome durably. Raises DataAccessError."""
        if not _DIGEST.fullmatch(inbound.digest):
            raise ValueError(f"not a SHA-256: {inbound.digest!r}")
        lines.append(self._shards.disk, self._shards.path(inbound.digest), [encode(inbound)], durable=True)

    def all(self) -> list[Inbound]:
        """Return the newest outcome of every mail, oldest mail first. Raises DataDamagedError, DataAccessError."""
        newest: dict[str, Inbound] = {}
        for path in self._shards.paths():
            for document in self._shards.read(path):
                newest[document["digest"]] = decode(Inbound, document)
        return sorted(newest.values(), key=lambda inbound: (inbound.at, inbound.digest))

    def paths(self) -> list[Path]:
        """Return the files."""
        return self._shards.paths()

    def read(self, path: Path) -> list[dict[str, Any]]:
        """Return the documents of one file. Raises DataDamagedError, DataAccessError."""
        return self._shards.read(path)


class MessageIds:
    """Which outbox row a Message-ID belongs to: `messages/<first digit of its hash>.jsonl`.

    A line is written before the record that it points into, so a crash leaves a line too many and never one too few;
    whoever finds one looks into the record.
    """

    def __init__(self, disk: Disk, root: Path) -> None:
        self._shards = _Shards(disk, root / "messages")

    def add(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Note (Message-ID, record id, outbox key) of mails that were just sent. Raises DataAccessError."""
        for path, documents in self._by_path(rows).items():
            lines.append(self._shards.disk, path, documents, durable=True)

    def find(self, message_id: str) -> Iterator[tuple[str, str]]:
        """Yield (record id, outbox key) of candidates, newest first. Raises DataAccessError."""
        for document in lines.containing(self._shards.disk, self._path(message_id), dumps(message_id)):
            if document["message"] == well_formed(message_id):
                yield document["record"], document["row"]

    def drop(self, records: frozenset[str]) -> None:
        """Forget every line that points into these records. Raises DataAccessError."""
        for path in self._shards.paths():
            found = lines.read(self._shards.disk, path).documents
            kept = [document for document in found if document["record"] not in records]
            if len(kept) < len(found):
                lines.rewrite(self._shards.disk, path, kept)

    def exists(self) -> bool:
        """Whether the cache is there."""
        return self._shards.disk.signature(self._shards.folder) is not None

    def rewrite(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Write the cache anew. Raises DataAccessError."""
        by_path: dict[Path, list[dict[str, Any]]] = {path: [] for path in self._shards.paths()} | self._by_path(rows)
        with accessing(self._shards.folder):
            ensure_folder(self._shards.disk, self._shards.folder)
        for path, documents in by_path.items():
            lines.rewrite(self._shards.disk, path, documents)

    def _by_path(self, rows: Iterable[tuple[str, str, str]]) -> dict[Path, list[dict[str, Any]]]:
        found: dict[Path, list[dict[str, Any]]] = {}
        for message_id, record, key in rows:
            document = {"message": message_id, "record": record, "row": key}
            found.setdefault(self._path(message_id), []).append(document)
        return found

    def _path(self, message_id: str) -> Path:
        digest = hashlib.sha256(message_id.encode(errors="surrogatepass")).hexdigest()
        return self._shards.folder / f"{digest[0]}.jsonl"
