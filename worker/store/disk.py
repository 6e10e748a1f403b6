"""The few operations that durable files are made of, as an argument, so that tests can stop the world between any two.

Folders are made with mode 0700 and files with mode 0600. Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import os
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

from worker.errors import DataAccessError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class Signature(NamedTuple):
    """What changes whenever a file is replaced or grows: modification time in nanoseconds, bytes, inode."""

    mtime_ns: int
    size: int
    inode: int


class Disk(Protocol):
    """One method for each system call that matters to durability. All raise OSError."""

    def read(self, path: Path, offset: int = 0) -> bytes:
        """Return a file's bytes from `offset` on."""

    def signature(self, path: Path) -> Signature | None:
        """Return a file's or folder's signature, None where there is none."""

    def names(self, folder: Path) -> tuple[str, ...]:
        """Return the names in a folder in order, nothing where there is no folder."""

    def make_folder(self, folder: Path) -> None:
        """Make one folder of mode 0700; one that is there already is fine."""

    def create(self, path: Path) -> int:
        """Open a file of mode 0600 for writing, empty, and return its handle."""

    def reuse(self, path: Path) -> int:
        """Open a file that is there for writing over what it holds, from its beginning, and return its handle."""

    def names_of(self, path: Path) -> int:
        """Return how many names a file has, 0 where there is none."""

    def extend(self, path: Path) -> int:
        """Open a file of mode 0600 for appending and return its handle."""

    def write(self, handle: int, data: bytes) -> int:
        """Write some of the bytes and return how many."""

    def sync(self, handle: int) -> None:
        """Return once the file's bytes survive a power cut."""

    def close(self, handle: int) -> None:
        """Give the handle back."""

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to `size` bytes."""

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name."""

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file, in one step, over whatever had that name."""

    def remove(self, path: Path) -> None:
        """Remove a file."""

    def sync_folder(self, folder: Path) -> None:
        """Return once the names in the folder survive a power cut."""


class OsDisk:
    """The real disk."""

    def read(self, path: Path, offset: int = 0) -> bytes:
        """See Disk."""
        with path.open("rb", buffering=0) as file:
            if offset:
                file.seek(offset)
            return file.readall()

    def signature(self, path: Path) -> Signature | None:
        """See Disk."""
        try:
            found = os.stat(path)  # noqa: PTH116  # the hottest call of an idle tick
        except FileNotFoundError:
            return None
        return Signature(found.st_mtime_ns, found.st_size, found.st_ino)

    def names(self, folder: Path) -> tuple[str, ...]:
        """See Disk."""
        try:
            return tuple(sorted(os.listdir(folder)))  # noqa: PTH208  # names, not Path objects
        except FileNotFoundError:
            return ()

    def make_folder(self, folder: Path) -> None:
        """See Disk."""
        folder.mkdir(mode=0o700, exist_ok=True)

    def create(self, path: Path) -> int:
        """See Disk."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def reuse(self, path: Path) -> int:
        """See Disk."""
        return os.open(path, os.O_WRONLY | os.O_CLOEXEC)

    def names_of(self, path: Path) -> int:
        """See Disk."""
        try:
            return os.stat(path).st_nlink  # noqa: PTH116  # as in `signature`
        except FileNotFoundError:
            return 0

    def extend(self, path: Path) -> int:
        """See Disk."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, handle: int, data: bytes) -> int:
        """See Disk."""
        return os.write(handle, data)

    def sync(self, handle: int) -> None:
        """See Disk."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """See Disk."""
        os.close(handle)

    def truncate(self, path: Path, size: int) -> None:
        """See Disk."""
        os.truncate(path, size)

    def link(self, source: Path, target: Path) -> None:
        """See Disk."""
        target.hardlink_to(source)

    def replace(self, source: Path, target: Path) -> None:
        """See Disk."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """See Disk."""
        path.unlink()

    def sync_folder(self, folder: Path) -> None:
        """See Disk."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class accessing:  # noqa: N801  # reads as a verb where it is used; a generator's frame costs more than most calls in it
    """Turn what the operating system refuses into a DataAccessError that names the path and the next step."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise DataAccessError in the place of an OSError."""
        if not isinstance(error, OSError):
            return
        reason = error.strerror or type(error).__name__
        if error.errno in _NO_SPACE:
            step = "make room on that disk; the worker then goes on from where it was"
        elif error.errno in _NO_RIGHT:
            step = "give the worker's user the right to read and write there"
        else:
            step = "check that disk, and its system log, then start the worker again"
        raise DataAccessError(f"{self._path}: {reason}; {step}") from error


def ensure_folder(disk: Disk, folder: Path) -> None:
    """Make a folder and those above it, each durable in the one that holds it."""
    if disk.signature(folder) is not None:
        return
    ensure_folder(disk, folder.parent)
    disk.make_folder(folder)
    disk.sync_folder(folder.parent)


def _write_all(disk: Disk, handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(handle, bytes(rest) if len(rest) < len(data) else data) :]


@lru_cache(maxsize=256)
def temporary(path: Path) -> Path:
    """Return where the next generation of a file is written: one name for each file, so that nothing piles up."""
    return path.with_name(path.name + ".tmp")


@lru_cache(maxsize=256)
def previous(path: Path) -> Path:
    """Return where the generation before the current one is kept."""
    return path.with_name(path.name + ".prev")


def write_atomically(disk: Disk, path: Path, data: bytes, *, durable: bool = True, keep_previous: bool = False) -> None:
    """Put `data` in the place of whatever `path` holds: readers and crashes see the old bytes or the new, all of them.

    On an error the old bytes stay. With `durable` False a power cut may lose the file; a crash of the process may not.
    Raises DataAccessError.
    """
    fresh = temporary(path)
    with accessing(path):
        try:
            spare = keep_previous and _take_spare(disk, path)
            handle = disk.reuse(fresh) if spare else _created(disk, fresh)
            try:
                _write_all(disk, handle, data)
                if spare:
                    disk.truncate(fresh, len(data))
                if durable:
                    disk.sync(handle)
            finally:
                disk.close(handle)
            if keep_previous:
                _keep_previous(disk, path)
            disk.replace(fresh, path)
        except OSError:
            with contextlib.suppress(OSError):  # gives the room back; the first error is the one to report
                disk.remove(fresh)
            with contextlib.suppress(OSError):
                if keep_previous:
                    disk.link(path, previous(path))  # where it was the room that was written into
            raise
        if durable:
            disk.sync_folder(path.parent)


def _take_spare(disk: Disk, path: Path) -> bool:
    """Let the generation before the current one be what the next one is written over; whether there was one.

    To free a file and to make another costs a quarter of a save. One that has a second name is somebody's copy, or the
    current generation itself, and stays as it is.
    """
    if disk.names_of(previous(path)) != 1:
        return False
    disk.replace(previous(path), temporary(path))
    return True


def _created(disk: Disk, path: Path) -> int:
    """Create a file; make its folder where that is missing, which is rare."""
    try:
        return disk.create(path)
    except FileNotFoundError:
        ensure_folder(disk, path.parent)
        return disk.create(path)


def _keep_previous(disk: Disk, path: Path) -> None:
    """Give the current generation its second name. Removing first: a rename over a link to itself does nothing."""
    before = previous(path)
    with contextlib.suppress(FileNotFoundError):
        disk.remove(before)
    try:
        disk.link(path, before)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        write_atomically(disk, before, disk.read(path))


def remove_quietly(disk: Disk, path: Path) -> bool:
    """Remove a file where there is one; return whether there was."""
    try:
        disk.remove(path)
    except FileNotFoundError:
        return False
    return True
