"""Token files: one for each account, for the eyes of this user alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from worker.providers.private_files import (
    file_name,
    read_private,
    reading_token,
    stored_moment,
    write_private,
)
from worker.providers.seal import Seal


@dataclass(frozen=True, slots=True)
class Token:
    """What a person's consent gave us. `scopes` are those that were granted, `client_id` the OAuth client's.

    `consented_at` is when they agreed, `refreshed_at` when the refresh token last worked; `expires_at` ends the access
    token. All aware.
    """

    account: str
    refresh_token: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    consented_at: datetime
    access_token: str = ""
    expires_at: datetime | None = None
    refreshed_at: datetime | None = None

    def __repr__(self) -> str:
        """Return nothing secret: this is printed in tracebacks."""
        return f"Token(scopes={len(self.scopes)})"

    def refreshed(self, access_token: str, expires_at: datetime | None, now: datetime, refresh_token: str) -> Token:
        """Return the token after a refresh; Google sometimes gives a new refresh token with it."""
        return replace(
            self,
            access_token=access_token,
            expires_at=expires_at,
            refreshed_at=now,
            refresh_token=refresh_token or self.refresh_token,
        )


def token_path(folder: Path, account: str) -> Path:
    """Return where the token of an account lies."""
    return folder / file_name("google", account)


def load_token(folder: Path, account: str, seal: Seal | None = None) -> Token:
    """Read an account's token. Raises SignInError where there is none or it cannot be used."""
    path = token_path(folder, account)
    with reading_token("Google", account, path):
        found = orjson.loads(read_private(path, seal))
        return Token(
            account=account,
            refresh_token=found["refresh_token"],
            client_id=found["client_id"],
            client_secret=found["client_secret"],
            scopes=tuple(found["scopes"]),
            consented_at=stored_moment(found["consented_at"]) or datetime.min.replace(tzinfo=UTC),
            access_token=found.get("access_token", ""),
            expires_at=stored_moment(found.get("expires_at")),
            refreshed_at=stored_moment(found.get("refreshed_at")),
        )


def save_token(folder: Path, token: Token, seal: Seal | None = None) -> Path:
    """Write an account's token by atomic replacement, mode 0600 in a folder of mode 0700, and return the file."""
    path = token_path(folder, token.account)
    value = {
        "account": token.account,
        "refresh_token": token.refresh_token,
        "client_id": token.client_id,
        "client_secret": token.client_secret,
        "scopes": list(token.scopes),
        "consented_at": token.consented_at.isoformat(),
        "access_token": token.access_token,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "refreshed_at": token.refreshed_at.isoformat() if token.refreshed_at else None,
    }
    write_private(path, orjson.dumps(value, option=orjson.OPT_INDENT_2), seal)
    return path
