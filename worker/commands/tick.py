"""`tick`: one pass over everything that is due."""

from __future__ import annotations

from datetime import datetime

import click

from worker.commands.common import Call, clock, json_option, now_option, pass_call, print_json
from worker.commands.faults import shown_as_json
from worker.commands.office import open_office
from worker.commands.show import print_report, tell_failures


@click.command("tick")
@now_option
@click.option("--dry-run", is_flag=True, help="Print what would be done, and change nothing.")
@json_option
@pass_call
def command(call: Call, now: datetime | None, *, dry_run: bool, as_json: bool) -> int:
    """Do everything that is due once, and exit."""
    from worker.tick import tick
    from worker.tick.report import Report

    config, moment = call.config(), clock(now)
    with shown_as_json("tick", Report(moment, ended_early=True).as_json(), as_json=as_json):
        office = open_office(config, write=not dry_run, now=now)
        shown = tick(office, moment, dry_run=dry_run).as_json()
    if as_json:
        print_json(shown)
    else:
        print_report(shown, dry_run=dry_run)
    return tell_failures(shown)
