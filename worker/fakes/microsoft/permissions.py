"""Which permission allows which operation, and whose mailbox it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.microsoft.sign_in import Grant, SignIn


@dataclass(frozen=True, slots=True)
class Need:
    """Permissions any of which will do.

    `own` are a person's for what is theirs, `others` a person's for what somebody else shares with them, `app` an
    app's by itself.
    """

    own: frozenset[str]
    others: frozenset[str]
    app: frozenset[str]


def _outlook(*names: str) -> Need:
    return Need(frozenset(names), frozenset(f"{name}.Shared" for name in names), frozenset(names))


_CALENDAR_READ = _outlook("Calendars.Read", "Calendars.ReadWrite")
_CALENDAR_WRITE = _outlook("Calendars.ReadWrite")
_MAIL_READ = _outlook("Mail.Read", "Mail.ReadWrite")
_MAIL_WRITE = _outlook("Mail.ReadWrite")
_ALL = frozenset({"User.Read.All", "User.ReadWrite.All", "Directory.Read.All"})

NEEDS: Mapping[str, Need] = {
    "users.get": Need(_ALL | {"User.Read", "User.ReadBasic.All"}, _ALL | {"User.ReadBasic.All"}, _ALL),
    "users.list": Need(frozenset(), _ALL | {"User.ReadBasic.All"}, _ALL),
    "users.manager": Need(_ALL, _ALL, _ALL),
    "mailboxSettings.get": _outlook("MailboxSettings.Read", "MailboxSettings.ReadWrite"),
    "calendar.get": _CALENDAR_READ,
    "calendar.getSchedule": _outlook("Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"),
    "calendarView.list": _CALENDAR_READ,
    "events.list": _CALENDAR_READ,
    "events.get": _CALENDAR_READ,
    "events.instances": _CALENDAR_READ,
    "events.create": _CALENDAR_WRITE,
    "events.patch": _CALENDAR_WRITE,
    "events.delete": _CALENDAR_WRITE,
    "events.cancel": _CALENDAR_WRITE,
    "mailFolders.list": _MAIL_READ,
    "mailFolders.get": _MAIL_READ,
    "mailFolders.messages": _MAIL_READ,
    "messages.delta": _MAIL_READ,
    "messages.list": _MAIL_READ,
    "messages.get": _MAIL_READ,
    "messages.mime": _MAIL_READ,
    "messages.create": _MAIL_WRITE,
    "messages.patch": _MAIL_WRITE,
    "messages.delete": _MAIL_WRITE,
    "messages.send": _outlook("Mail.Send"),
}


def check(name: str, grant: Grant, address: str, sign_in: SignIn, *, shared: bool) -> None:
    """Refuse what the holder of a token may not do with what belongs to `address`.

    `shared` says whether the owner has shared their mailbox with the account of the token.
    """
    need = NEEDS[name]
    denied = RefusalError(403, "Authorization_RequestDenied" if name.startswith("users.") else "ErrorAccessDenied")
    if not grant.account:
        app = sign_in.apps[grant.client]
        reaches = [app.roles[role] for role in need.app & grant.scopes & set(app.roles)]
        if not reaches:
            raise denied
        if all(boxes is not None and address not in boxes for boxes in reaches):
            raise RefusalError(
                403, "ErrorAccessDenied", "Access to OData is disabled: blocked by the scope of the app."
            )
        return
    own = address == grant.account
    if not grant.scopes & (need.own if own else need.others):
        raise denied
    # The directory is open to everybody with the permission, a mailbox to those whom its owner let in.
    if not own and not shared and not name.startswith("users."):
        raise denied
