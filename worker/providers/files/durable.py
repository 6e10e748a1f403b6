"""Writing so that a crash at any moment leaves the old bytes or the new ones, never half of them."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from worker.errors import AccountError, ForbiddenError, TryLaterError

# What makes a descriptor durable.
Sync = Callable[[int], None]

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


def fsync_folder(folder: Path, sync: Sync = os.fsync) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, raw: bytes, mode: int = 0o666, sync: Sync = os.fsync) -> None:
    """Write a file and make its bytes durable; its name is durable after `fsync_folder`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        sync(file.fileno())


def replace_file(path: Path, raw: bytes, before: os.stat_result | None = None, sync: Sync = os.fsync) -> bool:
    """Put bytes in the place of a file in one step, durably; False where it changed since `before` was taken.

    What stands at `path` is whole at every moment, and nothing else is left in the folder. Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        discard(temporary)
        write_new(temporary, raw, sync=sync)
        if before is not None:
            temporary.chmod(before.st_mode & 0o7777)
            if stamp_of(path.stat()) != stamp_of(before):
                discard(temporary)
                return False
        temporary.replace(path)
    except OSError:
        discard(temporary)
        raise
    fsync_folder(path.parent, sync)
    return True


def stamp_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """Return what differs between two versions of a file, whatever a copying tool did to its times."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def discard(path: Path) -> None:
    """Remove a temporary file of ours, where it is."""
    with contextlib.suppress(OSError):
        path.unlink()


def printable(name: str) -> str:
    """Return a file name that can be printed and stored, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "replace")


@contextlib.contextmanager
def explained(account: str, path: Path) -> Iterator[None]:
    """Turn what the file system says about `path` into an error that ends in the next step."""
    try:
        yield
    except OSError as error:
        raise explain(account, path, error) from error


def explain(account: str, path: Path, error: OSError) -> AccountError:
    """Return the error of ours for what the file system said."""
    where = printable(str(path))
    if error.errno in _NO_ROOM:
        return TryLaterError(
            account, f"there is no room left for {where}: free some space; it is tried again by itself"
        )
    if error.errno in _NOT_ALLOWED:
        return ForbiddenError(
            account, f"{where} may not be used ({error.strerror}): give the user that runs the worker access to it"
        )
    if isinstance(error, FileNotFoundError):
        return AccountError(account, f"{where} is not there: create the folder, or correct `path` in the configuration")
    if isinstance(error, NotADirectoryError):
        return AccountError(account, f"{where} is not a folder: correct `path` in the configuration")
    return TryLaterError(account, f"{where}: {error.strerror or error}: check the disk; it is tried again by itself")
