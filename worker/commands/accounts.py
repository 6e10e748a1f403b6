"""Builds mailboxes and calendars by the name of their provider, each from its own room, all behind one door.

To add a provider: its builders here, its name among the built ones of worker/config, and what it needs there.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from worker.config import Config, Manager
from worker.errors import ConfigurationError, Problem
from worker.providers import CalendarProvider, MailProvider
from worker.providers.directory import Directory
from worker.store import Store

if TYPE_CHECKING:
    from worker.http import Door
    from worker.providers.google import GoogleSettings
    from worker.providers.imap import ImapSettings
    from worker.providers.microsoft import MicrosoftSettings
    from worker.providers.seal import Seal
    from worker.providers.sending import SendingLimits


@dataclass
class Accounts:
    """What the builders work with: the configuration, what is remembered, the clock, and the one door of the process.

    Nothing is imported or made before an account needs it: with the provider `files` no request is ever sent.
    """

    config: Config
    store: Store
    clock: Callable[[], datetime]
    at_end: list[Callable[[], object]] = field(default_factory=list)

    def close(self) -> None:
        """Close every connection that was made."""
        while self.at_end:
            self.at_end.pop()()

    @cached_property
    def door(self) -> Door:
        """The one door for outgoing requests: it keeps the limits and the waits of all accounts."""
        from worker.http import Door

        door = Door(self.clock, jitter=random.random, verify=str(self.ca_file) if self.ca_file else True)
        self.at_end.append(door.close)
        return door

    @property
    def ca_file(self) -> Path | None:
        """The certificate authorities to trust, None: the usual ones. Raises ConfigurationError."""
        ca_file = self.config.http.ca_file
        if ca_file is not None and not ca_file.is_file():
            text = f"{ca_file} is no file: name the certificate authorities (PEM), or leave it empty"
            raise ConfigurationError([Problem(str(self.config.file), "http.ca_file", text)])
        return ca_file

    @property
    def sending_limits(self) -> SendingLimits:
        """How fast the mailbox may send."""
        from worker.providers.sending import SendingLimits

        return SendingLimits(self.config.mail.sent_a_minute, self.config.mail.sent_a_day)

    @cached_property
    def seal(self) -> Seal | None:
        """What token files lie under; None: nothing but their rights."""
        from worker.providers.seal import KEY, Seal

        key = self.config.secret(KEY)
        return Seal(key) if key else None

    @cached_property
    def google(self) -> GoogleSettings:
        """The settings of Google."""
        from worker.providers.google import GoogleSettings

        google = self.config.google
        return GoogleSettings(
            token_folder=self.config.token_folder,
            seal=self.seal,
            client_file=google.client_file,
            service_account_file=google.service_account_file,
            project=google.project,
            redirect_port=google.redirect_port,
            calendar_address=google.calendar_address,
            gmail_address=google.gmail_address,
            directory_address=google.directory_address,
            token_address=google.token_address,
            consent_address=google.consent_address,
        )

    @cached_property
    def microsoft(self) -> MicrosoftSettings:
        """The settings of Microsoft."""
        from worker.providers.microsoft import MicrosoftSettings

        microsoft = self.config.microsoft
        return MicrosoftSettings(
            token_folder=self.config.token_folder,
            seal=self.seal,
            client_id=microsoft.client_id,
            tenant=microsoft.tenant,
            client_secret=self.config.secret("FOLLOWTHROUGH_MICROSOFT_SECRET"),
            certificate_file=microsoft.certificate_file,
            project=microsoft.project,
            redirect_port=microsoft.redirect_port,
            graph_address=microsoft.graph_address,
            authority=microsoft.authority,
            resource=microsoft.resource.rstrip("/"),
        )

    @cached_property
    def imap(self) -> ImapSettings:
        """The settings of the two mail servers."""
        from worker.providers.imap import PASSWORD, ImapSettings

        imap = self.config.imap
        return ImapSettings(
            imap_host=imap.imap_host,
            imap_port=imap.imap_port,
            imap_security=imap.imap_security,
            smtp_host=imap.smtp_host,
            smtp_port=imap.smtp_port,
            smtp_security=imap.smtp_security,
            user=imap.user or self.config.mail.address,
            password=self.config.secret(PASSWORD),
            junk=imap.junk,
            sent=imap.sent,
            drafts=imap.drafts,
            ca_file=self.ca_file,
        )

    def directories(self) -> dict[str, Directory]:
        """Return the directories that are switched on, by provider."""
        found: dict[str, Directory] = {}
        if self.config.google.directory:
            from worker.providers.google import GoogleDirectory

            account = directory_account(self.config, "google")
            found["google"] = GoogleDirectory(account=account, settings=self.google, door=self.door)
        if self.config.microsoft.directory:
            from worker.providers.microsoft import MicrosoftDirectory

            account = directory_account(self.config, "microsoft")
            found["microsoft"] = MicrosoftDirectory(account=account, settings=self.microsoft, door=self.door)
        return found

    def is_ours(self, message_id: str) -> bool:
        """Whether a Message-ID is that of a mail of ours."""
        return self.store.find_message(message_id) is not None

    def folder(self, key: str, path: Path | None) -> Path:
        """Return a folder that the configuration must name. Raises ConfigurationError."""
        if path is None:
            raise ConfigurationError([Problem(str(self.config.file), key, "is missing: name a folder")])
        return path


def directory_account(config: Config, provider: str) -> str:
    """Return whose sign-in looks people up in a provider's directory: the worker's, else the first manager's there."""
    if config.mail.provider == provider:
        return config.mail.signed_in_as or config.mail.address
    return next((one.email for one in config.managers if one.calendar.provider == provider), "")


# -------------------------------------------------------------------------------------------- what every provider takes


class _Mailbox(TypedDict):
    address: str
    separator: str
    own_account: bool
    is_ours: Callable[[str], bool]
    limits: SendingLimits


def _mailbox(accounts: Accounts) -> _Mailbox:
    """Return what every mailbox at a server is made with, beside its provider's settings."""
    config = accounts.config
    return {
        "address": config.mail.address,
        "separator": config.mail.separator,
        "own_account": config.own_account,
        "is_ours": accounts.is_ours,
        "limits": accounts.sending_limits,
    }


class _Calendar(TypedDict):
    account: str
    timezone: str
    writable: bool


def _calendar(accounts: Accounts, manager: Manager) -> _Calendar:
    """Return what every calendar is made with, beside its provider's settings."""
    return {
        "account": manager.email,
        "timezone": manager.timezone or accounts.config.timezone,
        "writable": manager.calendar.write,
    }


# --------------------------------------------------------------------------------------------------------- the builders


def _files_mailbox(accounts: Accounts) -> MailProvider:
    from worker.providers.files import FilesMail

    mail = accounts.config.mail
    path = accounts.folder("mail.path", mail.path)
    return FilesMail(address=mail.address, path=path, authserv_id=mail.authserv_id)


def _files_calendar(accounts: Accounts, manager: Manager) -> CalendarProvider:
    from worker.providers.files import FilesCalendar

    path = accounts.folder("managers.calendar.path", manager.calendar.path)
    worker_address = accounts.config.mail.address
    return FilesCalendar(path=path, worker_address=worker_address, name=manager.name, **_calendar(accounts, manager))


def _google_mailbox(accounts: Accounts) -> MailProvider:
    from worker.providers.google import GoogleMail

    return GoogleMail(settings=accounts.google, door=accounts.door, **_mailbox(accounts))


def _google_calendar(accounts: Accounts, manager: Manager) -> CalendarProvider:
    from worker.providers.google import GoogleCalendar

    return GoogleCalendar(settings=accounts.google, door=accounts.door, **_calendar(accounts, manager))


def _microsoft_mailbox(accounts: Accounts) -> MailProvider:
    from worker.providers.microsoft import MicrosoftMail

    signed_in_as = accounts.config.mail.signed_in_as
    return MicrosoftMail(
        settings=accounts.microsoft, door=accounts.door, signed_in_as=signed_in_as, **_mailbox(accounts)
    )


def _microsoft_calendar(accounts: Accounts, manager: Manager) -> CalendarProvider:
    from worker.providers.microsoft import MicrosoftCalendar

    return MicrosoftCalendar(settings=accounts.microsoft, door=accounts.door, **_calendar(accounts, manager))


def _imap_mailbox(accounts: Accounts) -> MailProvider:
    from worker.providers.imap import ImapMail

    mailbox = ImapMail(settings=accounts.imap, clock=accounts.clock, **_mailbox(accounts))
    accounts.at_end.append(mailbox.close)
    return mailbox


MAILBOXES: dict[str, Callable[[Accounts], MailProvider]] = {
    "files": _files_mailbox,
    "google": _google_mailbox,
    "microsoft": _microsoft_mailbox,
    "imap": _imap_mailbox,
}
CALENDARS: dict[str, Callable[[Accounts, Manager], CalendarProvider]] = {
    "files": _files_calendar,
    "google": _google_calendar,
    "microsoft": _microsoft_calendar,
}
