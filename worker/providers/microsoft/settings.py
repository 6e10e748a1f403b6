"""What the Microsoft provider needs to know: the app, addresses, and the narrowest permissions for each purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from worker.providers.seal import Seal

CALENDAR_READ = "Calendars.Read"
CALENDAR_WRITE = "Calendars.ReadWrite"
# A draft is stored before it is sent, so reading alone would not do.
MAIL_WRITE = "Mail.ReadWrite"
MAIL_SEND = "Mail.Send"
DIRECTORY = "User.Read.All"
# Whose sign-in it is: a person's sign-in name is often not their address.
IDENTITY = "User.Read"

# A broader permission that was granted covers these narrower ones.
_COVERED_BY = {
    CALENDAR_READ: (CALENDAR_WRITE, "Calendars.Read.Shared", "Calendars.ReadWrite.Shared"),
    CALENDAR_WRITE: ("Calendars.ReadWrite.Shared",),
    "Calendars.Read.Shared": ("Calendars.ReadWrite.Shared",),
    MAIL_WRITE: ("Mail.ReadWrite.Shared",),
    MAIL_SEND: ("Mail.Send.Shared",),
    DIRECTORY: ("User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"),
    IDENTITY: ("User.ReadWrite", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"),
}
# About the sign-in itself (OpenID Connect); msal asks for them, and refuses to be given them.
RESERVED = frozenset({"openid", "profile", "offline_access", "email"})


def calendar_scopes(*, write: bool, shared: bool = False) -> tuple[str, ...]:
    """Return what a calendar needs, free times of others included; `shared`: it is not that of who signs in."""
    return ((CALENDAR_WRITE if write else CALENDAR_READ) + (".Shared" if shared else ""),)


def mail_scopes(*, shared: bool = False) -> tuple[str, ...]:
    """Return what the worker's mailbox needs; `shared`: it is a shared mailbox, opened by somebody else's sign-in."""
    return (f"{MAIL_WRITE}.Shared", f"{MAIL_SEND}.Shared") if shared else (MAIL_WRITE, MAIL_SEND)


def directory_scopes() -> tuple[str, ...]:
    """Return what looking people up needs: their addresses, and who manages them."""
    return (DIRECTORY,)


def missing_scopes(needed: Iterable[str], granted: Iterable[str]) -> tuple[str, ...]:
    """Return the permissions that neither were granted nor are covered by a broader one that was."""
    have = {scope.lower() for scope in granted}
    return tuple(scope for scope in needed if not {one.lower() for one in (scope, *_COVERED_BY.get(scope, ()))} & have)


def short(scope: str) -> str:
    """Return a permission without the address of the API, in which spelling the sign-in often answers."""
    return scope.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class MicrosoftSettings:
    """The settings of Microsoft for the whole worker.

    `tenant` is the organisation's id or domain ("consumers" for a private account), `client_id` that of the app
    registration. With `client_secret` or `certificate_file` (PEM: certificate and private key) the app signs in by
    itself and reaches what the organisation allows it; without, each person signs in, and `token_folder` holds one
    file for each (folder 0700, files 0600, under the `seal` where there is one). `redirect_port` is where the browser
    comes back to (0: any free port).
    `project` names whose limits the requests count for. The addresses are Microsoft's own; another one stands in for
    them. `resource` is what permissions are granted for, whatever address answers.
    """

    token_folder: Path
    client_id: str
    tenant: str = "organizations"
    client_secret: str = field(default="", repr=False)
    certificate_file: Path | None = None
    project: str = "microsoft"
    redirect_port: int = 0
    graph_address: str = "https://graph.microsoft.com/"
    authority: str = "https://login.microsoftonline.com/"
    resource: str = "https://graph.microsoft.com"
    seal: Seal | None = None

    @property
    def app_only(self) -> bool:
        """Whether the app signs in by itself, without a person."""
        return bool(self.client_secret) or self.certificate_file is not None

    @property
    def tenant_authority(self) -> str:
        """The address of the organisation's sign-in."""
        return f"{self.authority.rstrip('/')}/{self.tenant}"

    @property
    def consent_page(self) -> str:
        """Where an administrator agrees for the whole organisation."""
        return f"{self.tenant_authority}/adminconsent?client_id={self.client_id}"

    @classmethod
    def at(cls, address: str, token_folder: Path, client_id: str, **others: object) -> MicrosoftSettings:
        """Return settings in which one server at `address` stands in for all of Microsoft's."""
        base = address.rstrip("/") + "/"
        return cls(
            token_folder=token_folder,
            client_id=client_id,
            graph_address=base,
            authority=base,
            **others,  # type: ignore[arg-type]  # the fields above, by name
        )
