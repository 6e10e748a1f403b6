"""`check`: proves that the set-up works, one line each with the next step, and says whom it would write to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from worker.commands.common import Call, clock, heading, is_terminal, now_option, pass_call, print_table
from worker.commands.office import open_office
from worker.config import Config, Manager
from worker.errors import AccountError, FollowthroughError
from worker.tick.office import Office

_AHEAD = timedelta(hours=48)
_READ_BACK = timedelta(days=7)
_READ_AHEAD = timedelta(days=21)
_OLDEST_TIME_THAT_CAN_BE = 2025


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what, whether it is fine, and what was seen or what to do."""

    what: str
    fine: bool
    text: str


@click.command("check")
@now_option
@pass_call
def command(call: Call, now: datetime | None) -> int:
    """Prove that the set-up works, and say whom it would write to in the next 48 hours. Changes nothing."""
    moment = clock(now)
    config = call.config()
    _print(Finding("configuration", fine=True, text=f"{config.file} is fine"))
    try:
        office = open_office(config, write=False, now=now)
    except FollowthroughError as error:
        _print(Finding("set-up", fine=False, text=str(error)))
        return 1
    fine = True
    for look in _looks(config, office, moment):
        for finding in look():
            fine = fine and finding.fine
            _print(finding)
    if fine:
        _print_coming(office, ZoneInfo(config.timezone), moment)
    return 0 if fine else 1


def _looks(config: Config, office: Office, now: datetime) -> Iterator[Callable[[], list[Finding]]]:
    yield lambda: [_clock(now)]
    yield lambda: [_templates(config, office)]
    yield lambda: [_store(config, office)]
    yield lambda: _mailbox(config, office)
    for manager in config.managers:
        yield lambda manager=manager: [_calendar(manager, office, now)]  # type: ignore[misc]  # bound at once


def _clock(now: datetime) -> Finding:
    if now.year < _OLDEST_TIME_THAT_CAN_BE:
        return Finding("clock", fine=False, text=f"it says {now:%Y-%m-%d}: set it, and keep it right with NTP")
    return Finding("clock", fine=True, text=f"it is {now.astimezone():%Y-%m-%d %H:%M %Z} here")


def _templates(config: Config, office: Office) -> Finding:
    from worker.compose.environment import shelf

    if config.templates is None:
        return Finding("templates", fine=True, text="the built-in ones")
    if not config.templates.is_dir():
        return Finding(
            "templates", fine=False, text=f"{config.templates} is no folder: correct `templates`, or empty it"
        )
    problems = shelf(office.environment).problems
    if problems:
        return Finding("templates", fine=False, text="; ".join(str(problem) for problem in problems))
    return Finding("templates", fine=True, text=f"those of {config.templates} go first")


def _store(config: Config, office: Office) -> Finding:
    folder = config.data_folder
    missing = _writable(folder)
    if missing:
        return Finding("data", fine=False, text=missing)
    if not folder.exists():
        return Finding("data", fine=True, text=f"{folder} is made at the first start")
    damaged = office.store.check()
    if damaged:
        return Finding("data", fine=False, text="; ".join(damaged))
    if folder.stat().st_mode & 0o077:
        return Finding("data", fine=False, text=f"others can look into {folder}: `chmod 700 {folder}`")
    return Finding("data", fine=True, text=f"{folder} is sound, {len(office.store.pairs())} pairs")


def _mailbox(config: Config, office: Office) -> list[Finding]:
    if config.mail.provider == "files" and config.mail.path is not None:
        missing = _writable(config.mail.path)
        if missing:
            return [Finding("mailbox", fine=False, text=missing)]
    try:
        office.mailbox.signature()
    except AccountError as error:
        return [Finding("mailbox", fine=False, text=str(error))]
    where = config.mail.path or config.mail.provider
    return [Finding("mailbox", fine=True, text=f"{office.mailbox.address} by {where}")]


def _calendar(manager: Manager, office: Office, now: datetime) -> Finding:
    what = f"calendar of {manager.email}"
    calendar = office.calendars[manager.email]
    try:
        found = calendar.read(now - _READ_BACK, now + _READ_AHEAD)
    except AccountError as error:
        return Finding(what, fine=False, text=str(error))
    if found.problems:
        lines = "; ".join(f"{item}: {text}" for item, text in found.problems)
        return Finding(what, fine=False, text=f"{len(found.problems)} cannot be used: {lines}")
    path = manager.calendar.path
    if calendar.writable and path is not None and not os.access(path, os.W_OK):
        return Finding(what, fine=False, text=f"{path} is not writable: allow it, or set `write = false`")
    if not found.events:
        return Finding(what, fine=True, text="no events between a week ago and three weeks ahead: is it the right one?")
    return Finding(what, fine=True, text=f"{len(found.events)} events between a week ago and three weeks ahead")


def _writable(folder: Path) -> str:
    """Return what keeps us from writing into a folder that is there or will be made, "" where nothing does."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return f"{place} is no folder: move it away, or name another"
    if not os.access(place, os.W_OK | os.X_OK):
        return f"{place} is not writable: let this user write there, or name another"
    return ""


def _print(finding: Finding) -> None:
    if is_terminal():
        mark = click.style("✓", fg="green") if finding.fine else click.style("✗", fg="red")
        click.echo(f"{mark} {finding.what}: {finding.text}", err=not finding.fine)
    else:
        click.echo(f"{'fine' if finding.fine else 'wrong'}: {finding.what}: {finding.text}", err=not finding.fine)


def _print_coming(office: Office, zone: ZoneInfo, now: datetime) -> None:
    """Play one tick on a copy that is thrown away, and print what it sent and what would follow."""
    from worker.tick import digests, tick, upcoming
    from worker.tick.dry import rehearsal

    played = rehearsal(office)
    report = tick(played, now)
    rows = {(now, one.to, str(one.kind)) for one in report.sent}
    rows |= {(one.at, one.to, str(one.kind)) for _, one in upcoming(played, now, now + _AHEAD)}
    rows |= {(one.at, one.to, str(one.kind)) for one in digests.upcoming(played, now, now + _AHEAD)}
    click.echo()
    if not rows:
        click.echo("In the next 48 hours it would write to nobody.")
        return
    heading("In the next 48 hours it would write to:")
    shown = [(at.astimezone(zone).strftime("%a %d %b %H:%M"), to, kind) for at, to, kind in sorted(rows)]
    print_table(("When", "To", "Mail"), shown)
