"""Files with a secret in them: for the eyes of this user alone, and never half written."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from worker.errors import NeedsPersonError, SignInError
from worker.providers.seal import Seal, opened


def read_private(path: Path, seal: Seal | None = None) -> bytes:
    """Read a file with a secret. Raises NeedsPersonError where others could read it too, or where it does not open."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            text = f"{path} can be read by other users (mode {mode:04o}): run `chmod 600 {path}`, then try again."
            raise NeedsPersonError(text)
        return opened(str(path), file.read(), seal)


def write_private(path: Path, content: bytes, seal: Seal | None = None) -> None:
    """Write a file with a secret by atomic replacement, mode 0600 and under the seal; its folder gets mode 0700."""
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    # mkstemp makes the file with mode 0600 before the first byte is in it.
    handle, name = tempfile.mkstemp(dir=folder, prefix=".token-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(seal.close(path.name, content) if seal is not None else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def reading_token(vendor: str, account: str, path: Path) -> Iterator[None]:
    """Read an account's token file inside. Raises SignInError where there is none or it cannot be used."""
    login = f"sign in with `followthrough login {vendor.lower()} --account {account}`."
    try:
        yield
    except NeedsPersonError as error:
        raise SignInError(account, str(error)) from None
    except FileNotFoundError:
        raise SignInError(account, f"nobody has signed in to {vendor} for this account yet: {login}") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SignInError(account, f"the token file {path} cannot be read: delete it and {login}") from None


def stored_moment(text: object) -> datetime | None:
    """Return a moment of a token file, None where it has none. Raises ValueError."""
    if not text:
        return None
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def file_name(vendor: str, account: str) -> str:
    """Return the name of an account's token file; no address leads out of its folder."""
    safe = "".join(letter if letter.isalnum() or letter in "@.+-_" else "_" for letter in account.lower())
    return f"{vendor}-{safe}.json"
