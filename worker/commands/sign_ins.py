"""Which accounts of a configuration sign in with which provider, what for, and how a person does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from worker.commands.accounts import Accounts, directory_account
from worker.config import Config

_MAILBOX = "the worker's mailbox"
_CALENDAR = {True: "reading and writing their calendar", False: "reading their calendar"}
_DIRECTORY = "the directory"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What one account signs in for: `purposes` in words, `scopes` as the provider names them."""

    account: str
    purposes: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How a person signs in: `browse` shows an address and the port that is come back to, `device` asks for a code.

    `tell` prints a line, `entropy` gives so many random bytes, `seconds` is how long somebody is waited for.
    """

    tell: Callable[[str], None]
    browse: Callable[[str, int], None]
    entropy: Callable[[int], bytes]
    seconds: float
    device: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider that people sign in to: its name in sentences, who has to, and how; `sign_in` returns the scopes."""

    name: str
    needed: Callable[[Config], tuple[SignIn, ...]]
    sign_in: Callable[[Accounts, SignIn, Way], tuple[str, ...]]
    devices: bool = False


# ------------------------------------------------------------------------------------------------------------- google


def _google_needed(config: Config) -> tuple[SignIn, ...]:
    from worker.providers.google import calendar_scopes, mail_scopes
    from worker.providers.google.settings import DIRECTORY

    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    delegated = config.google.service_account_file is not None
    if config.mail.provider == "google":
        found.setdefault(config.mail.address, []).append((_MAILBOX, mail_scopes()))
    for manager in config.managers:
        if manager.calendar.provider == "google" and not delegated:
            write = manager.calendar.write
            found.setdefault(manager.email, []).append((_CALENDAR[write], calendar_scopes(write=write)))
    asking = directory_account(config, "google")
    if config.google.directory and asking and not delegated:
        found.setdefault(asking, []).append((_DIRECTORY, (DIRECTORY,)))
    return _merged(found)


def _google_sign_in(accounts: Accounts, wanted: SignIn, way: Way) -> tuple[str, ...]:
    from worker.providers.google import Consent

    with Consent(accounts.google, wanted.account, wanted.scopes, accounts.door, way.entropy) as asked:
        way.browse(asked.url, asked.port)
        return asked.wait(way.seconds).scopes


def _merged(found: Mapping[str, list[tuple[str, tuple[str, ...]]]]) -> tuple[SignIn, ...]:
    return tuple(
        SignIn(
            account,
            tuple(what for what, _ in parts),
            tuple(dict.fromkeys(scope for _, scopes in parts for scope in scopes)),
        )
        for account, parts in found.items()
    )


# ---------------------------------------------------------------------------------------------------------- microsoft


def _microsoft_needed(config: Config) -> tuple[SignIn, ...]:
    from worker.providers.microsoft import calendar_scopes, directory_scopes, mail_scopes

    if config.microsoft.certificate_file is not None or config.secret("FOLLOWTHROUGH_MICROSOFT_SECRET"):
        return ()
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    if config.mail.provider == "microsoft":
        account = config.mail.signed_in_as or config.mail.address
        found.setdefault(account, []).append((_MAILBOX, mail_scopes(shared=account != config.mail.address)))
    for manager in config.managers:
        if manager.calendar.provider == "microsoft":
            write = manager.calendar.write
            found.setdefault(manager.email, []).append((_CALENDAR[write], calendar_scopes(write=write)))
    asking = directory_account(config, "microsoft")
    if config.microsoft.directory and asking:
        found.setdefault(asking, []).append((_DIRECTORY, directory_scopes()))
    return _merged(found)


def _microsoft_sign_in(accounts: Accounts, wanted: SignIn, way: Way) -> tuple[str, ...]:
    from worker.providers.microsoft import Consent, DeviceCode

    if way.device:
        code = DeviceCode(accounts.microsoft, wanted.account, wanted.scopes, accounts.door)
        way.tell(code.message)
        return code.wait().scopes
    with Consent(accounts.microsoft, wanted.account, wanted.scopes, accounts.door, way.entropy) as asked:
        way.browse(asked.url, asked.port)
        return asked.wait(way.seconds).scopes


PROVIDERS: dict[str, Provider] = {
    "google": Provider("Google", _google_needed, _google_sign_in),
    "microsoft": Provider("Microsoft", _microsoft_needed, _microsoft_sign_in, devices=True),
}
