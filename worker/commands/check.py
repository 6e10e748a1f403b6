"""`check`: proves that the set-up works, one line each with the next step, and says whom it would write to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from zoneinfo import ZoneInfo

import click

from worker.commands import account_checks
from worker.commands.accounts import Accounts
from worker.commands.common import Call, clock, heading, is_terminal, now_option, pass_call, print_table
from worker.commands.office import open_accounts, open_office
from worker.config import Config
from worker.errors import FollowthroughError
from worker.providers.findings import Finding, counted, well, wrong
from worker.tick.office import Office

_AHEAD = timedelta(hours=48)
_OLDEST_TIME_THAT_CAN_BE = 2025


@click.command("check")
@click.option("--probe", is_flag=True, help="Mail the worker itself at a sub-address, and say what arrives.")
@click.option(
    "--wait",
    "seconds",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="For that mail, in seconds.",
)
@now_option
@pass_call
def command(call: Call, now: datetime | None, *, probe: bool, seconds: float) -> int:
    """Prove that the set-up works, and say whom it would write to in the next 48 hours. Only --probe sends a mail."""
    moment = clock(now)
    config = call.config()
    _print(well("configuration", f"{config.file} is fine"))
    try:
        accounts = open_accounts(config, now)
        office = open_office(config, write=False, accounts=accounts)
    except FollowthroughError as error:
        _print(wrong("set-up", str(error)))
        return 1
    fine = True
    for finding in _findings(accounts, office, moment, real=now is None, probe=seconds if probe else 0):
        fine = fine and finding.ok
        _print(finding)
    if fine:
        _print_coming(office, ZoneInfo(config.timezone), moment)
    return 0 if fine else 1


def _findings(accounts: Accounts, office: Office, now: datetime, *, real: bool, probe: float) -> Iterator[Finding]:
    config = accounts.config
    yield _clock(now)
    yield _templates(config, office)
    yield _store(config, office)
    yield from account_checks.mailbox(accounts, office)
    for manager in config.managers:
        yield from account_checks.calendar(accounts, office, manager, now)
    yield from account_checks.directories(accounts)
    if real:
        yield from account_checks.clocks(accounts)
    if probe and config.mail.provider != "files":
        yield from account_checks.probe(accounts, office, *_probe_mail(config), seconds=probe)


def _probe_mail(config: Config) -> tuple[str, bytes]:
    """Return a mark that nothing else has, and a mail with it from the worker to a sub-address of its own."""
    mark = f"check{os.urandom(8).hex()}"
    local, _, domain = config.mail.address.partition("@")
    mail = EmailMessage()
    mail["From"] = config.mail.address
    mail["To"] = f"{local}{config.mail.separator}{mark}@{domain}"
    mail["Subject"] = "followthrough check"
    mail["Date"] = datetime.now(UTC)
    mail["Message-ID"] = f"<{mark}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    # So that it is never taken for a person's, also in a person's own account.
    mail["X-Followthrough-Kind"] = "check"
    mail.set_content("followthrough check --probe sent this to itself. You can remove it.\n")
    return mark, mail.as_bytes(policy=SMTP)


def _clock(now: datetime) -> Finding:
    if now.year < _OLDEST_TIME_THAT_CAN_BE:
        return wrong("clock", f"it says {now:%Y-%m-%d}: set it, and keep it right with NTP")
    return well("clock", f"it is {now.astimezone():%Y-%m-%d %H:%M %Z} here")


def _templates(config: Config, office: Office) -> Finding:
    from worker.compose.environment import shelf

    if config.templates is None:
        return well("templates", "the built-in ones")
    problems = shelf(office.environment).problems
    if problems:
        return wrong("templates", "; ".join(str(problem) for problem in problems))
    return well("templates", f"those of {config.templates} go first")


def _store(config: Config, office: Office) -> Finding:
    folder = config.data_folder
    missing = account_checks.unwritable(folder)
    if missing:
        return wrong("data", missing)
    if config.database:
        return _database(office)
    if not folder.exists():
        return well("data", f"{folder} is made at the first start")
    damaged = office.store.check()
    if damaged:
        return wrong("data", "; ".join(damaged))
    if folder.stat().st_mode & 0o077:
        return wrong("data", f"others can look into {folder}: `chmod 700 {folder}`")
    return well("data", f"{folder} is sound, {counted(len(office.store.pairs()), 'pair')}")


def _database(office: Office) -> Finding:
    try:
        damaged = office.store.check()
        if damaged:
            return wrong("data", "; ".join(damaged))
        return well("data", f"{office.store} is sound, {counted(len(office.store.pairs()), 'pair')}")
    except FollowthroughError as error:
        return wrong("data", str(error))


def _print(finding: Finding) -> None:
    text = f"{finding.what}: {finding.step}" if finding.step else finding.what
    if is_terminal():
        mark = click.style("✓", fg="green") if finding.ok else click.style("✗", fg="red")
        click.echo(f"{mark} {text}", err=not finding.ok)
    else:
        click.echo(f"{'fine' if finding.ok else 'wrong'}: {text}", err=not finding.ok)


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
    local = [(at.astimezone(zone), to, kind) for at, to, kind in sorted(rows)]
    shown = [(f"{at:%a} {at.day} {at:%b %H:%M}", to, kind) for at, to, kind in local]
    print_table(("When", "To", "Mail"), shown)
