"""`init`: a commented configuration after a few questions, or a sample to try everything with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from worker.commands.common import Call, clock, now_option, pass_call
from worker.commands.settings_text import Answers, configuration
from worker.config import Config, load
from worker.errors import ConfigurationError, NeedsPersonError, UsageError

_PROVIDERS = frozenset({"files", "google", "microsoft", "imap", "caldav"})
_PASSWORD = "FOLLOWTHROUGH_IMAP_PASSWORD"  # noqa: S105  # the name of a variable


@click.command("init")
@click.option("--address", help="The worker's own address, which mails come from and are answered to.")
@click.option("--manager", help="The address of the manager whose calendar is read.")
@click.option("--name", help="The manager's name.")
@click.option("--timezone", help="Their time zone, such as Europe/Berlin.")
@click.option("--calendar", help="Their calendar: a folder of .ics files, or google, or microsoft.")
@click.option("--mail", help="The worker's mail: a folder for the Maildirs, or google, microsoft or imap.")
@click.option("--client-file", help="google: the file of the OAuth client, as downloaded.")
@click.option("--service-account-file", help="google: the key of a service account that opens all calendars.")
@click.option("--client-id", help="microsoft: the id of the app registration.")
@click.option("--tenant", help="microsoft: the id or domain of the organisation.")
@click.option("--certificate-file", help="microsoft: certificate and key, where the app signs in by itself.")
@click.option("--imap-host", help="imap: the server that mails are fetched from.")
@click.option("--smtp-host", help="imap: the server that mails are handed to.")
@click.option("--authserv-id", help="imap: the server named first in Authentication-Results of mails that came.")
@click.option("--to", type=click.Path(path_type=Path), help="The file to write; without it ./followthrough.toml.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.option("--sample", type=click.Path(path_type=Path), metavar="DIR", help="Write a sample to try into a folder.")
@now_option
@pass_call
def command(
    call: Call, /, *, to: Path | None, force: bool, sample: Path | None, now: datetime | None, **given: str | None
) -> int:
    """Write a commented configuration. What is not given as an option is asked, as far as the providers need it."""
    if sample is not None:
        return _sample(sample, clock(now), force=force)
    file = to or call.named or Path("followthrough.toml")
    refuse_to_overwrite(file, force=force)
    ask = _Questions(given, asking=sys.stdin.isatty())
    who = ask("manager", "The manager's address")
    name = ask("name", "Their name", lambda: "")
    timezone = ask("timezone", "Their time zone", local_zone)
    usual_folder = f"calendar/{who.partition('@')[0]}"
    calendar = _place(
        "calendar", ask("calendar", "Their calendar (a folder, google or microsoft)", lambda: usual_folder)
    )
    address = ask("address", "The worker's own address")
    mail = _place("mail", ask("mail", "Its mail (a folder, google, microsoft or imap)", lambda: "mail"))
    answers = Answers(
        manager=who,
        name=name,
        timezone=timezone,
        address=address,
        providers=tuple(_provider_values(ask, mail["mail_provider"], calendar["calendar_provider"])),
        **calendar,
        **mail,
    )
    ask.refuse_what_is_missing()
    config = write_configuration(file, configuration(answers), call)
    click.echo(f"Wrote {file}.")
    shown = replace(call, named=file if to or call.named else None)
    for step in _next_steps(config, shown):
        click.echo(f"Next: {step}")
    return 0


def _provider_values(ask: _Questions, mail: str, calendar: str) -> Iterator[tuple[str, str, str]]:
    """Ask what the chosen providers need and yield it as (table, key, value)."""
    used = {mail, calendar}
    if "google" in used:
        key = ask("service_account_file", "A service account's key, if there is one", lambda: "")
        if mail == "google" or not key:
            yield "google", "client_file", ask("client_file", "The file of the OAuth client (docs/google.md)")
        if key:
            yield "google", "service_account_file", key
    if "microsoft" in used:
        yield "microsoft", "client_id", ask("client_id", "The id of the app registration (docs/microsoft.md)")
        yield "microsoft", "tenant", ask("tenant", "The organisation's id or domain", lambda: "organizations")
        certificate = ask("certificate_file", "The app's certificate, if it signs in by itself", lambda: "")
        if certificate:
            yield "microsoft", "certificate_file", certificate
    if mail == "imap":
        yield "imap", "imap_host", ask("imap_host", "The IMAP server")
        yield "imap", "smtp_host", ask("smtp_host", "The SMTP server")
        yield "mail", "authserv_id", ask("authserv_id", "Who vouches for senders (docs/imap.md)")


def _next_steps(config: Config, call: Call) -> Iterator[str]:
    """Yield what to type next: a password, a sign-in of each account that needs one, and the proof of it all."""
    from worker.commands.sign_ins import PROVIDERS

    if config.mail.provider == "imap" and not call.environ.get(_PASSWORD) and not call.environ.get(f"{_PASSWORD}_FILE"):
        yield f"set {_PASSWORD}, or {_PASSWORD}_FILE to a file that holds the mailbox's password"
    for name, provider in PROVIDERS.items():
        for one in provider.needed(config):
            yield call.words("login", name, "--account", one.account)
    yield call.words("check")


class _Questions:
    """Takes an answer from its option, else asks where somebody is there, else takes the usual one."""

    def __init__(self, given: Mapping[str, str | None], *, asking: bool) -> None:
        self.given = given
        self.asking = asking
        self.missing: list[str] = []

    def __call__(self, option: str, question: str, usual: Callable[[], str] | None = None) -> str:
        given = self.given[option]
        if given is not None:
            return given
        if self.asking:
            return str(click.prompt(question, default=usual() if usual else None, err=True))
        if usual is None:
            self.missing.append(f"--{option.replace('_', '-')}")
            return ""
        return usual()

    def refuse_what_is_missing(self) -> None:
        if self.missing:
            raise UsageError(f"nobody is there to ask: give {' and '.join(self.missing)} as options.")


def _place(what: str, given: str) -> dict[str, str]:
    """Read the answer to where something is: a provider's name, or a folder for the provider files."""
    if given in _PROVIDERS - {"files"}:
        return {f"{what}_provider": given, what: ""}
    usual = {"calendar": "calendar", "mail": "mail"}[what]
    return {f"{what}_provider": "files", what: usual if given == "files" else given.removeprefix("files:")}


def local_zone() -> str:
    """Return the machine's own time zone, as far as it has one that others know."""
    import tzlocal

    try:
        return str(tzlocal.get_localzone_name() or "UTC")
    except (KeyError, ValueError, OSError):
        return "UTC"


def refuse_to_overwrite(file: Path, *, force: bool) -> None:
    """Raise NeedsPersonError where the file is there and nobody said that it may go."""
    if file.exists() and not force:
        raise NeedsPersonError(f"{file}: is there already and stays as it is: name another with --to, or add --force.")


def write_configuration(file: Path, text: str, call: Call) -> Config:
    """Check a configuration and write it in one step, with its folders; return it. Raises ConfigurationError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f".{file.name}.tmp")
    try:
        made.write_text(text, encoding="utf-8")
        # The password may come later: what is written here has no place for it.
        known = call.environ.get(_PASSWORD) or call.environ.get(f"{_PASSWORD}_FILE")
        config = load(made, call.environ if known else {**call.environ, _PASSWORD: "later"})
        mailbox = config.mail.path if config.mail.provider == "files" else None
        for folder in (mailbox, *(manager.calendar.path for manager in config.managers)):
            if folder is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.replace(file)
    except ConfigurationError as error:
        # The file that is written first is gone by the time that somebody reads this.
        named = [replace(one, where=str(file)) if one.where == str(made) else one for one in error.problems]
        raise ConfigurationError(named) from error
    finally:
        made.unlink(missing_ok=True)
    return config


def _sample(folder: Path, now: datetime, *, force: bool) -> int:
    from worker.commands import sample

    file = folder / "followthrough.toml"
    refuse_to_overwrite(file, force=force)
    zone = local_zone()
    calendar = folder / "calendar" / "dana"
    calendar.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in sample.events(now, zone).items():
        (calendar / name).write_bytes(content)
    write_configuration(file, sample.settings(zone), Call(None, {}))
    click.echo(f"Wrote {file} with a sample calendar in {calendar}.")
    return 0
