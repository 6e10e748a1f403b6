"""Token files: one for each person who signed in, for the eyes of this user alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from worker.errors import TryLaterError
from worker.providers.private_files import (
    file_name,
    read_private,
    reading_token,
    stored_moment,
    write_private,
)
from worker.providers.seal import Seal

_LOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Token:
    """What a person's consent gave us. `scopes` are those that were granted, in their short form.

    `cache` is msal's own token cache as it serialises it. `consented_at` is when they agreed, `refreshed_at` when the
    sign-in was last renewed; both aware.
    """

    account: str
    tenant: str
    client_id: str
    scopes: tuple[str, ...]
    cache: str
    consented_at: datetime
    refreshed_at: datetime | None = None

    def __repr__(self) -> str:
        """Return nothing secret: this is printed in tracebacks."""
        return f"Token(scopes={len(self.scopes)})"

    def renewed(self, cache: str, now: datetime) -> Token:
        """Return the token after a renewal; Microsoft gives a new refresh token with each."""
        return replace(self, cache=cache, refreshed_at=now)

    def unused_days(self, now: datetime) -> int:
        """Return for how many days the sign-in has not been renewed."""
        return (now - (self.refreshed_at or self.consented_at)).days


def token_path(folder: Path, account: str) -> Path:
    """Return where the token of an account lies."""
    return folder / file_name("microsoft", account)


@contextmanager
def locked(folder: Path, account: str) -> Iterator[None]:
    """Keep an account's token file to oneself: two renewals at once would throw one new refresh token away.

    Raises TryLaterError where another process keeps it for a minute.
    """
    # At DEBUG it writes down the file's name, and the address with it.
    logging.getLogger("filelock").setLevel(logging.WARNING)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(token_path(folder, account).with_suffix(".lock"), mode=0o600)
    try:
        lock.acquire(timeout=_LOCK_SECONDS)
    except Timeout:
        raise TryLaterError(account, "another process is renewing the sign-in: it is tried again by itself.") from None
    try:
        yield
    finally:
        lock.release()


def load_token(folder: Path, account: str, seal: Seal | None = None) -> Token:
    """Read an account's token. Raises SignInError where there is none or it cannot be used."""
    path = token_path(folder, account)
    with reading_token("Microsoft", account, path):
        found = orjson.loads(read_private(path, seal))
        return Token(
            account=account,
            tenant=str(found["tenant"]),
            client_id=str(found["client_id"]),
            scopes=tuple(found["scopes"]),
            cache=orjson.dumps(found["msal"]).decode(),
            consented_at=stored_moment(found["consented_at"]) or datetime.min.replace(tzinfo=UTC),
            refreshed_at=stored_moment(found.get("refreshed_at")),
        )


def save_token(folder: Path, token: Token, seal: Seal | None = None) -> Path:
    """Write an account's token by atomic replacement, mode 0600 in a folder of mode 0700, and return the file."""
    path = token_path(folder, token.account)
    value = {
        "account": token.account,
        "tenant": token.tenant,
        "client_id": token.client_id,
        "scopes": list(token.scopes),
        "consented_at": token.consented_at.isoformat(),
        "refreshed_at": token.refreshed_at.isoformat() if token.refreshed_at else None,
        "msal": orjson.loads(token.cache),
    }
    write_private(path, orjson.dumps(value, option=orjson.OPT_INDENT_2), seal)
    return path
