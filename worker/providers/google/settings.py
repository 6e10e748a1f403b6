"""What the Google provider needs to know: files, addresses, and the narrowest scopes for each purpose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from worker.providers.seal import Seal

_AUTH = "https://www.googleapis.com/auth/"
CALENDAR_READ = f"{_AUTH}calendar.events.owned.readonly"
CALENDAR_WRITE = f"{_AUTH}calendar.events.owned"
# Not calendar.freebusy, which speaks of one's own availability alone.
FREE_BUSY = f"{_AUTH}calendar.events.freebusy"
MAIL_WRITE = f"{_AUTH}gmail.compose"
MAIL_READ = f"{_AUTH}gmail.readonly"
DIRECTORY = f"{_AUTH}admin.directory.user.readonly"

# A broader scope that was granted covers these narrower ones.
_COVERED_BY = {
    CALENDAR_READ: (
        CALENDAR_WRITE,
        f"{_AUTH}calendar.events",
        f"{_AUTH}calendar.events.readonly",
        f"{_AUTH}calendar.readonly",
        f"{_AUTH}calendar",
    ),
    CALENDAR_WRITE: (f"{_AUTH}calendar.events", f"{_AUTH}calendar"),
    FREE_BUSY: (f"{_AUTH}calendar.readonly", f"{_AUTH}calendar"),
    MAIL_WRITE: (f"{_AUTH}gmail.modify", "https://mail.google.com/"),
    MAIL_READ: (f"{_AUTH}gmail.modify", "https://mail.google.com/"),
    DIRECTORY: (f"{_AUTH}admin.directory.user",),
}


def calendar_scopes(*, write: bool) -> tuple[str, ...]:
    """Return what one person's own calendar needs: its events, and when others are free."""
    return (CALENDAR_WRITE if write else CALENDAR_READ, FREE_BUSY)


def mail_scopes() -> tuple[str, ...]:
    """Return what the worker's mailbox needs: drafts that are sent, and reading."""
    return (MAIL_WRITE, MAIL_READ)


def missing_scopes(needed: tuple[str, ...], granted: frozenset[str]) -> tuple[str, ...]:
    """Return the scopes that neither were granted nor are covered by a broader one that was."""
    return tuple(scope for scope in needed if not {scope, *_COVERED_BY.get(scope, ())} & granted)


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """The settings of Google for the whole worker.

    `token_folder` holds one token file for each account (folder 0700, files 0600, under the `seal` where there is
    one). `client_file` is the OAuth client of type "Desktop app" as downloaded, `service_account_file` the key of a
    service account that may act for the organisation's people (calendars only). `redirect_port` is where the
    browser comes back to (0: any free port).
    `project` names whose quota the requests cost. The addresses are the services' own; another one stands in for them.
    """

    token_folder: Path
    client_file: Path | None = None
    service_account_file: Path | None = None
    project: str = "google"
    redirect_port: int = 0
    calendar_address: str = "https://www.googleapis.com/"
    gmail_address: str = "https://gmail.googleapis.com/"
    directory_address: str = "https://admin.googleapis.com/"
    token_address: str = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
    consent_address: str = "https://accounts.google.com/o/oauth2/v2/auth"
    revoke_address: str = "https://oauth2.googleapis.com/revoke"
    seal: Seal | None = None

    @classmethod
    def at(cls, address: str, token_folder: Path, **others: object) -> GoogleSettings:
        """Return settings in which one server at `address` stands in for all of Google's."""
        base = address.rstrip("/") + "/"
        return cls(
            token_folder=token_folder,
            calendar_address=base,
            gmail_address=base,
            directory_address=base,
            token_address=f"{base}token",
            consent_address=f"{base}o/oauth2/v2/auth",
            revoke_address=f"{base}revoke",
            **others,  # type: ignore[arg-type]  # the fields above, by name
        )
