"""Which accounts of a configuration sign in with which provider, what for, and how a person does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from worker.commands.accounts import Accounts
from worker.config import Config

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SignIn:
    """What one account signs in for: `purposes` in words, `scopes` as the provider names them."""

    account: str
    purposes: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How a person signs in: `browse` opens an address (False where it cannot), `device` asks for a code to type.

    `tell` prints a line, `entropy` gives so many random bytes, `seconds` is how long somebody is waited for.
    """

    tell: Tell
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


def directory_account(config: Config, provider: str) -> str:
    """Return whose sign-in looks people up in a provider's directory: the worker's, else the first manager's there."""
    if config.mail.provider == provider:
        return config.mail.address
    return next((one.email for one in config.managers if one.calendar.provider == provider), "")


# ------------------------------------------------------------------------------------------------------------- google


def _google_needed(config: Config) -> tuple[SignIn, ...]:
    from worker.providers.google import calendar_scopes, mail_scopes
    from worker.providers.google.settings import DIRECTORY

    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    delegated = config.google.service_account_file is not None
    if config.mail.provider == "google":
        found.setdefault(config.mail.address, []).append(("the worker's mailbox", mail_scopes()))
    for manager in config.managers:
        if manager.calendar.provider == "google" and not delegated:
            write = manager.calendar.write
            what = "reading and writing their calendar" if write else "reading their calendar"
            found.setdefault(manager.email, []).append((what, calendar_scopes(write=write)))
    asking = directory_account(config, "google")
    if config.google.directory and asking and not delegated:
        found.setdefault(asking, []).append(("the directory", (DIRECTORY,)))
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


PROVIDERS: dict[str, Provider] = {"google": Provider("Google", _google_needed, _google_sign_in)}
