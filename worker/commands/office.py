"""Builds from a configuration everything that a tick works with."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.accounts import CALENDARS, MAILBOXES, Accounts
from worker.config import Config
from worker.errors import ConfigurationError, NeedsPersonError, Problem
from worker.model import Lead
from worker.store import Store
from worker.tokens import Keys

if TYPE_CHECKING:
    from worker.plan.retention import Limits
    from worker.store.postgres import PostgresStore
    from worker.tick.office import Office

SECRET_BYTES = 32
_SECRET = re.compile(rb"[0-9a-f]{64}\n?")


def open_store(config: Config) -> Store:
    """Open what is remembered; nothing is made before something is saved."""
    if config.database:
        return open_database(config, config.database)
    from worker.store.tiny import TinyStore

    return TinyStore(config.data_folder)


def open_database(config: Config, url: str) -> PostgresStore:
    """Open a database; where a command is running, the connections end with it. Raises ConfigurationError."""

    def wrong(text: str) -> ConfigurationError:
        return ConfigurationError([Problem(str(config.file), "data", text)])

    try:
        from worker.store.postgres import PostgresStore
    except ImportError:
        raise wrong("needs two libraries: `pip install 'followthrough[organisation]'`") from None
    try:
        store = PostgresStore(url, config.secret("FOLLOWTHROUGH_DATABASE_PASSWORD"))
    except ValueError as error:
        raise wrong(f'{error}: write "postgresql://user@host/name"') from None
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(store.close)
    return store


def resident(config: Config, store: Store) -> AbstractContextManager[None]:
    """Be the one worker that runs on a database, on whatever machine; on files, `run.lock` sees to that already.

    Raises NeedsPersonError.
    """
    if not config.database:
        return nullcontext()
    from worker.store.postgres import PostgresStore

    return store.resident() if isinstance(store, PostgresStore) else nullcontext()


def running_from(moment: datetime | None) -> Callable[[], datetime]:
    """Return a clock that goes on from this moment, the real one where there is none: `--now` takes its place."""
    ahead = moment - datetime.now(UTC) if moment is not None else timedelta()
    return lambda: datetime.now(UTC) + ahead


def open_office(
    config: Config, *, write: bool = True, now: datetime | None = None, accounts: Accounts | None = None
) -> Office:
    """Build everything that a tick needs. Without `write` nothing is made: no folder, no secret.

    `now` is the present of the accounts, where it is not the real one. No request is sent here: an account that cannot
    be used is told when it is used.
    """
    from worker.compose.environment import environment
    from worker.compose.letter import Sender
    from worker.tick.office import NamedPair, Office

    policy = config.policy()
    accounts = accounts or open_accounts(config, now)
    store = accounts.store
    managers = {manager.email: config.person(manager.email) for manager in config.managers}
    people = {person.email: config.person(person.email) for person in config.people if person.email not in managers}
    return Office(
        store=store,
        mailbox=MAILBOXES[config.mail.provider](accounts),
        calendars={
            manager.email: CALENDARS[manager.calendar.provider](accounts, manager) for manager in config.managers
        },
        own_account=config.own_account,
        directories=tuple(accounts.directories().values()),
        logins={
            manager.email: f"followthrough login {manager.calendar.provider} --account {manager.email}"
            for manager in config.managers
            if manager.calendar.provider in {"google", "microsoft"}
        },
        policy=policy,
        managers=managers,
        people=people,
        reports_to=config.reports_to,
        pairs=tuple(NamedPair(pair.manager, pair.person, pair.kind, pair.mail, pair.every) for pair in config.pairs),
        environment=environment(config.templates),
        sender=Sender(address=config.mail.address, separator=config.mail.separator),
        keys=keys(config, store, write=write),
        holidays=holidays(config),
        authserv_id=config.mail.authserv_id,
        at_once=config.http.at_once,
        calendar_poll=timedelta(minutes=minutes_of(config.timing.calendar_poll)),
        kept_for=(config.retention.shared.text, config.retention.private.text),
        stored_in="database" if config.database else "files",
        limits=limits(config),
    )


def without_requests(config: Config, office: Office) -> Office:
    """Return the office with those calendars alone that can be looked at without a request: what is known is enough."""
    here = {one.email for one in config.managers if one.calendar.provider == "files"}
    return replace(office, calendars={one: found for one, found in office.calendars.items() if one in here})


def open_accounts(config: Config, now: datetime | None = None) -> Accounts:
    """Return what accounts are built with; where a command is running, their connections end with it."""
    accounts = Accounts(config, open_store(config), running_from(now))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(accounts.close)
    return accounts


def limits(config: Config) -> Callable[[datetime], Limits]:
    """Return the function that says from when on things are kept, as the configuration has it."""
    from dateutil.relativedelta import relativedelta

    from worker.plan.retention import Limits

    spans = (config.retention.shared, config.retention.private, config.retention.raw_mail)

    def of(now: datetime) -> Limits:
        return Limits(*(now - relativedelta(months=span.months, days=span.days) for span in spans))

    return of


# ------------------------------------------------------------------------------------------------------------ secrets


def keys(config: Config, store: Store, *, write: bool) -> Keys:
    """Return the install's secrets: from the environment, else from `data/secret`, which is made the first time.

    Raises NeedsPersonError where the file is damaged, readable by others, or gone while there are data.
    """
    previous = config.secret("FOLLOWTHROUGH_SECRET_PREVIOUS").encode()
    given = config.secret("FOLLOWTHROUGH_SECRET").encode()
    if given:
        return Keys(given, previous)
    file = config.data_folder / "secret"
    found = _read_secret(file)
    if found is None:
        if store.pairs():
            text = (
                "is missing, and without it no reply to a mail already sent can be proven: restore it from the backup; "
                f"to go on without, make a new one: `(umask 077; openssl rand -hex {SECRET_BYTES} > {file})`."
            )
            raise NeedsPersonError(f"{file}: {text}")
        found = os.urandom(SECRET_BYTES).hex().encode()
        if write:
            found = _make_secret(file, found)
    return Keys(found, previous)


def _read_secret(file: Path) -> bytes | None:
    try:
        mode, text = file.stat().st_mode, file.read_bytes()
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise NeedsPersonError(f"{file.parent}: is no folder: move it away, or name another one as `data`.") from None
    except PermissionError:
        raise NeedsPersonError(f"{file}: cannot be read: run this as the user that made it.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise NeedsPersonError(f"{file}: others can read it: `chmod 600 {file}`, and make a new one if others did.")
    if _SECRET.fullmatch(text) is None:
        raise NeedsPersonError(f"{file}: is not the {2 * SECRET_BYTES} hexadecimal digits it was: restore it.")
    return text.strip()


def _make_secret(file: Path, text: bytes) -> bytes:
    """Write the secret durably and never over another one: of two workers that begin at once, both use the first's."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = file.with_name(f".secret-{os.getpid()}.tmp")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, text + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(made, file)
    except FileExistsError:
        return _read_secret(file) or text
    finally:
        made.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return text


# ----------------------------------------------------------------------------------------------------------- holidays


def holidays(config: Config) -> Callable[[str, int], frozenset[date]]:
    """Return the function that gives a region's holidays of a year.

    Raises ConfigurationError where holidays are configured and their library is not installed or knows no such region.
    """
    if not config.timing.holidays:
        return lambda _code, _year: frozenset()

    def wrong(text: str) -> ConfigurationError:
        return ConfigurationError([Problem(str(config.file), "timing.holidays", text)])

    try:
        import holidays as library
    except ImportError:
        raise wrong("needs a library: `pip install 'followthrough[holidays]'`") from None

    def of_year(code: str, year: int) -> frozenset[date]:
        country, _, subdivision = code.partition("-")
        return frozenset(library.country_holidays(country, subdiv=subdivision or None, years=year))

    try:
        of_year(config.timing.holidays, 2026)
    except NotImplementedError:
        raise wrong(f'"{config.timing.holidays}" is not known: write a code such as "US" or "DE-BY"') from None
    return of_year


def minutes_of(lead: Lead) -> float:
    """Return an interval of the configuration in minutes."""
    return lead.days * 24 * 60 + lead.minutes
