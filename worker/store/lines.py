"""Files that only grow: one JSON object a line, each behind its own checksum.

A line is eight hexadecimal digits of CRC-32, a blank, JSON. A last line that is cut short was never confirmed to
anybody and is cut off before the next one is added; any other line with a wrong checksum is damage.
"""

from __future__ import annotations

import contextlib
import errno
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from worker.store.disk import Disk, accessing, ensure_folder, write_atomically
from worker.store.text import dumps

Document = dict[str, Any]


def line(document: Document) -> bytes:
    """Return a document as one line."""
    text = dumps(document)
    return b"%08x %s\n" % (zlib.crc32(text), text)


class Read(NamedTuple):
    """What a file of lines holds: the good ones, the bytes of the damaged ones, and where the complete ones end."""

    documents: list[Document]
    damaged: list[bytes]
    end: int


def parse(raw: bytes) -> Read:
    """Return what these bytes hold."""
    whole, _, tail = raw.rpartition(b"\n")
    rows = whole.split(b"\n") if whole else []
    good: list[Document] = []
    damaged: list[bytes] = []
    for row in rows:
        text = row[9:]
        if row[:8] == b"%08x" % zlib.crc32(text):
            good.append(orjson.loads(text))
        else:
            damaged.append(row)
    return Read(good, damaged, len(raw) - len(tail))


def read(disk: Disk, path: Path) -> Read:
    """Return what a file holds, nothing where there is none. Raises DataAccessError."""
    with accessing(path):
        try:
            return parse(disk.read(path))
        except FileNotFoundError:
            return Read([], [], 0)


def append(disk: Disk, path: Path, documents: Iterable[Document], *, durable: bool) -> None:
    """Add lines, all or none of them as far as a reader sees. Raises DataAccessError."""
    data = b"".join(line(document) for document in documents)
    with accessing(path):
        ensure_folder(disk, path.parent)
        size = _cut_tail(disk, path)
        try:
            handle = disk.extend(path)
            try:
                _add(disk, handle, data, durable=durable)
            finally:
                disk.close(handle)
        except OSError:
            _take_back(disk, path, size or 0)
            raise
        if durable and size is None:
            disk.sync_folder(path.parent)


def _add(disk: Disk, handle: int, data: bytes, *, durable: bool) -> None:
    if disk.write(handle, data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if durable:
        disk.sync(handle)


def _take_back(disk: Disk, path: Path, size: int) -> None:
    """Cut off what an addition that failed left behind; its error is the one to report."""
    with contextlib.suppress(OSError):
        disk.truncate(path, size)


class Growing:
    """A file of lines that is whole and grows by nobody else, held open between its lines."""

    def __init__(self, disk: Disk, path: Path) -> None:
        """Take the file, which is there."""
        self._disk = disk
        self._path = path
        with accessing(path):
            self._handle = disk.extend(path)

    def add(self, document: Document, size: int, *, durable: bool) -> int:
        """Add a line behind these bytes, all of it or none, and return its own number of bytes.

        Raises DataAccessError.
        """
        data = line(document)
        with accessing(self._path):
            try:
                _add(self._disk, self._handle, data, durable=durable)
            except OSError:
                _take_back(self._disk, self._path, size)
                raise
        return len(data)

    def close(self) -> None:
        """Let go of it: what had to be durable is."""
        with contextlib.suppress(OSError):
            self._disk.close(self._handle)


def _cut_tail(disk: Disk, path: Path) -> int | None:
    """Cut off a last line that is not complete; return the file's size, None where there is no file."""
    found = disk.signature(path)
    if found is None:
        return None
    if found.size == 0 or disk.read(path, found.size - 1) == b"\n":
        return found.size
    end = parse(disk.read(path)).end
    disk.truncate(path, end)
    return end


def rewrite(disk: Disk, path: Path, documents: Iterable[Document], *, durable: bool = True) -> None:
    """Put these lines in the place of all, in one step. Raises DataAccessError."""
    write_atomically(disk, path, b"".join(line(document) for document in documents), durable=durable)


def containing(disk: Disk, path: Path, needle: bytes) -> Iterator[Document]:
    """Yield, last one first, the good lines in which these bytes stand, without reading the others as JSON."""
    with accessing(path):
        try:
            raw = disk.read(path)
        except FileNotFoundError:
            return
    end = len(raw)
    while (at := raw.rfind(needle, 0, end)) >= 0:
        start = raw.rfind(b"\n", 0, at) + 1
        stop = raw.find(b"\n", at)
        if stop >= 0:
            yield from parse(raw[start : stop + 1]).documents
        end = start
