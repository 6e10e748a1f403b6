"""`init`: a commented configuration after a few questions, or a sample to try everything with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from worker.commands.common import Call, clock, now_option, pass_call
from worker.commands.settings_text import Answers, configuration
from worker.config import load
from worker.errors import NeedsPersonError, UsageError

_PROVIDERS = frozenset({"files", "google", "microsoft", "imap", "caldav"})


@click.command("init")
@click.option("--address", help="The worker's own address, which mails come from and are answered to.")
@click.option("--manager", help="The address of the manager whose calendar is read.")
@click.option("--name", help="The manager's name.")
@click.option("--timezone", help="Their time zone, such as Europe/Berlin.")
@click.option("--calendar", help="Their calendar: a folder of .ics files, or the name of a provider.")
@click.option("--mail", help="The worker's mail: a folder for the Maildirs, or the name of a provider.")
@click.option("--to", type=click.Path(path_type=Path), help="The file to write; without it ./followthrough.toml.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.option("--sample", type=click.Path(path_type=Path), metavar="DIR", help="Write a sample to try into a folder.")
@now_option
@pass_call
def command(  # noqa: PLR0913  # one argument for each option of the command line
    call: Call,
    *,
    address: str | None,
    manager: str | None,
    name: str | None,
    timezone: str | None,
    calendar: str | None,
    mail: str | None,
    to: Path | None,
    force: bool,
    sample: Path | None,
    now: datetime | None,
) -> int:
    """Write a commented configuration. What is not given as an option is asked."""
    if sample is not None:
        return _sample(sample, clock(now), force=force)
    file = to or call.named or Path("followthrough.toml")
    refuse_to_overwrite(file, force=force)
    ask = _Questions(asking=sys.stdin.isatty())
    who = ask("manager", manager, "The manager's address")
    answers = Answers(
        manager=who,
        name=ask("name", name, "Their name", lambda: ""),
        timezone=ask("timezone", timezone, "Their time zone", local_zone),
        **_place("calendar", ask("calendar", calendar, "Their calendar", lambda: f"calendar/{who.partition('@')[0]}")),
        address=ask("address", address, "The worker's own address"),
        **_place("mail", ask("mail", mail, "The folder of its Maildirs", lambda: "mail")),
    )
    ask.refuse_what_is_missing()
    write_configuration(file, configuration(answers), call)
    click.echo(f"Wrote {file}.")
    shown = file if to or call.named else None
    click.echo(f"Next: {Call(shown, call.environ).words('check')}")
    return 0


class _Questions:
    """Takes an answer from its option, else asks where somebody is there, else takes the usual one."""

    def __init__(self, *, asking: bool) -> None:
        self.asking = asking
        self.missing: list[str] = []

    def __call__(self, option: str, given: str | None, question: str, usual: Callable[[], str] | None = None) -> str:
        if given is not None:
            return given
        if self.asking:
            return str(click.prompt(question, default=usual() if usual else None, err=True))
        if usual is None:
            self.missing.append(f"--{option}")
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


def write_configuration(file: Path, text: str, call: Call) -> None:
    """Check a configuration and write it in one step, with its folders. Raises ConfigurationError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f".{file.name}.tmp")
    try:
        made.write_text(text, encoding="utf-8")
        config = load(made, call.environ)
        for folder in (config.mail.path, *(manager.calendar.path for manager in config.managers)):
            if folder is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)


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
