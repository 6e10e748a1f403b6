"""Disks that fail: at any system call, in any of the ways in which processes, disks and the mains do."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.store.disk import Disk, OsDisk, Signature

CALLS = (
    "make_folder",
    "create",
    "reuse",
    "extend",
    "write",
    "sync",
    "close",
    "truncate",
    "link",
    "replace",
    "remove",
    "sync_folder",
)
"""The calls that change something; reading cannot leave anything behind."""


class UnsyncedDisk(OsDisk):
    """The real disk without waiting for it: for tests in which no power fails."""

    def sync(self, handle: int) -> None:
        """Wait for nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Wait for nothing."""


class KilledError(BaseException):
    """The process is gone: nothing of ours may catch this."""


@dataclass
class Fault:
    """What happens at the `at`-th changing call (from 0): `before`, `after`, `short` (half a write) or an errno."""

    at: int
    how: str | int


@dataclass
class FaultyDisk:
    """A disk in which one call goes wrong. `calls` are the names of the changing calls so far."""

    below: Disk = field(default_factory=OsDisk)
    fault: Fault | None = None
    calls: list[str] = field(default_factory=list)
    dead: bool = False

    def __getattr__(self, name: str) -> Any:
        """Pass every call on, the changing ones through the fault."""
        method = getattr(self.below, name)
        if name not in CALLS:
            return method
        return lambda *arguments: self._call(name, method, arguments)

    def _call(self, name: str, method: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        if self.dead and name == "close":
            return method(*arguments)  # the system closes what a dead process had open
        if self.dead:
            raise KilledError
        here = self.fault is not None and self.fault.at == len(self.calls)
        self.calls.append(name)
        if not here or self.fault is None:
            return method(*arguments)
        if isinstance(self.fault.how, int):
            if name == "write" and len(arguments[1]) > 1:
                method(arguments[0], arguments[1][: len(arguments[1]) // 2])
            raise OSError(self.fault.how, os.strerror(self.fault.how))
        self.dead = True
        if self.fault.how == "after":
            method(*arguments)
        elif self.fault.how == "short" and name == "write":
            method(arguments[0], arguments[1][: len(arguments[1]) // 2])
        raise KilledError


def faults(calls: int) -> Iterator[Fault]:
    """Yield every way to kill a process at this many calls: after one is before the next."""
    for at in range(calls):
        yield Fault(at, "before")
        yield Fault(at, "short")
    yield Fault(calls - 1, "after")


@dataclass
class _Inode:
    number: int
    data: bytes = b""
    synced: bytes = b""
    changed: int = 0

    @property
    def safe(self) -> bytes:
        """What was synced and not overwritten since: nothing of it is lost."""
        return self.synced if self.data.startswith(self.synced) else b""


_Change = Callable[[dict[str, _Inode]], object]


def _parts(count: int) -> Iterator[tuple[bool, ...]]:
    """Yield which of some changes are kept: every choice of a few; of many every beginning, and all but any one."""
    if count <= 4:
        yield from itertools.product((False, True), repeat=count)
        return
    yield from (tuple(index < length for index in range(count)) for length in range(count + 1))
    yield from (tuple(index != missing for index in range(count)) for missing in range(count))


class PowerDisk:
    """A disk in memory that knows what a power cut takes: names until their folder is synced, bytes until the file is.

    `after_power_cut` yields every disk that may be found afterwards: any part of the unsynced names, in order, with
    the unsynced bytes there, half there, gone, or as they were. A rename is one step. With `lying`, nothing that was
    synced is believed, as if the worker did not ask for it.
    """

    def __init__(self, *, lying: bool = False) -> None:
        self.lying = lying
        self._numbers = itertools.count(1)
        self._clock = itertools.count(1)
        self._folders: set[str] = {"/"}
        self._names: dict[str, _Inode] = {}
        self._durable: dict[str, _Inode] = {}
        self._pending: list[tuple[str, _Change]] = []
        self._open: dict[int, _Inode] = {}
        self._at: dict[int, int] = {}  # where the next bytes go, for handles that did not begin at the end

    # -- Disk

    def read(self, path: Path, offset: int = 0) -> bytes:
        """See Disk."""
        return self._inode(path).data[offset:]

    def signature(self, path: Path) -> Signature | None:
        """See Disk."""
        if str(path) in self._folders:
            return Signature(0, 0, 0)
        inode = self._names.get(str(path))
        return Signature(inode.changed, len(inode.data), inode.number) if inode else None

    def names(self, folder: Path) -> tuple[str, ...]:
        """See Disk."""
        found = [Path(name) for name in (*self._names, *self._folders)]
        return tuple(sorted({path.name for path in found if path.parent == folder and path != folder}))

    def make_folder(self, folder: Path) -> None:
        """See Disk. A folder counts as durable at once: a lost one takes along only what was never confirmed."""
        self._folders.add(str(folder))

    def create(self, path: Path) -> int:
        """See Disk."""
        inode = self._names.get(str(path)) or self._new(path)
        inode.data = b""
        return self._handle(inode)

    def reuse(self, path: Path) -> int:
        """See Disk."""
        handle = self._handle(self._inode(path))
        self._at[handle] = 0
        return handle

    def names_of(self, path: Path) -> int:
        """See Disk."""
        inode = self._names.get(str(path))
        return sum(other is inode for other in self._names.values()) if inode else 0

    def extend(self, path: Path) -> int:
        """See Disk."""
        return self._handle(self._names.get(str(path)) or self._new(path))

    def write(self, handle: int, data: bytes) -> int:
        """See Disk."""
        inode = self._open[handle]
        at = self._at.get(handle, len(inode.data))
        inode.data = inode.data[:at] + data + inode.data[at + len(data) :]
        self._at[handle] = at + len(data)
        inode.changed = next(self._clock)
        return len(data)

    def sync(self, handle: int) -> None:
        """See Disk."""
        if not self.lying:
            self._open[handle].synced = self._open[handle].data

    def close(self, handle: int) -> None:
        """See Disk."""
        del self._open[handle]
        self._at.pop(handle, None)

    def truncate(self, path: Path, size: int) -> None:
        """See Disk."""
        self._inode(path).data = self._inode(path).data[:size]

    def link(self, source: Path, target: Path) -> None:
        """See Disk."""
        inode = self._inode(source)
        if str(target) in self._names:
            raise FileExistsError(errno.EEXIST, "exists")
        self._change(target, lambda names: names.__setitem__(str(target), inode))

    def replace(self, source: Path, target: Path) -> None:
        """See Disk."""
        inode = self._inode(source)
        if self._names.get(str(target)) is inode:
            return

        def rename(names: dict[str, _Inode]) -> None:
            names.pop(str(source), None)
            names[str(target)] = inode

        self._change(target, rename)

    def remove(self, path: Path) -> None:
        """See Disk."""
        self._inode(path)
        self._change(path, lambda names: names.pop(str(path), None))

    def sync_folder(self, folder: Path) -> None:
        """See Disk."""
        if self.lying:
            return
        for where, change in self._pending:
            if where == str(folder):
                change(self._durable)
        self._pending = [item for item in self._pending if item[0] != str(folder)]

    # -- the power cut

    def settle(self) -> None:
        """Make everything durable, as time does."""
        for inode in self._names.values():
            inode.synced = inode.data
        self._durable, self._pending = dict(self._names), []

    def copy(
        self, names: dict[str, _Inode] | None = None, bytes_of: Callable[[_Inode], bytes] | None = None
    ) -> PowerDisk:
        """Return a disk of its own, by default with everything as it is now."""
        fresh = PowerDisk()
        fresh._folders = set(self._folders)
        inodes: dict[int, _Inode] = {}
        for name, inode in (names if names is not None else self._names).items():
            if inode.number not in inodes:
                data = bytes_of(inode) if bytes_of else inode.data
                inodes[inode.number] = _Inode(inode.number, data, data, inode.changed)
            fresh._names[name] = inodes[inode.number]
        fresh._durable = dict(fresh._names)
        fresh._numbers = itertools.count(1_000)
        fresh._clock = itertools.count(1_000)
        return fresh

    def after_power_cut(self) -> Iterator[PowerDisk]:
        """Yield every disk that may be found when the power is back."""
        parts: list[Callable[[_Inode], bytes]] = [
            lambda inode: inode.data,
            lambda inode: inode.synced,
            lambda inode: inode.safe,
            lambda inode: inode.data[: (len(inode.safe) + len(inode.data)) // 2],
        ]
        changes = [change for _, change in self._pending]
        for kept in _parts(len(changes)):
            names = dict(self._durable)
            for keep, change in zip(kept, changes, strict=True):
                if keep:
                    change(names)
            for part in parts:
                yield self.copy(names, part)

    def _inode(self, path: Path) -> _Inode:
        try:
            return self._names[str(path)]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "missing") from None

    def _new(self, path: Path) -> _Inode:
        inode = _Inode(next(self._numbers), changed=next(self._clock))
        self._change(path, lambda names: names.setdefault(str(path), inode))
        return inode

    def _change(self, path: Path, change: _Change) -> None:
        change(self._names)
        self._pending.append((str(path.parent), change))

    def _handle(self, inode: _Inode) -> int:
        inode.changed = next(self._clock)
        handle = next(self._numbers)
        self._open[handle] = inode
        return handle
