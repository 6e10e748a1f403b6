"""Writing so that a crash at any moment leaves the old bytes or the new ones, never half of them."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from worker.errors import AccountError, ForbiddenError, TryLaterError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, raw: bytes, mode: int = 0o666) -> None:
    """Write a file and make its bytes durable; its name is durable after `fsync_folder`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


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
