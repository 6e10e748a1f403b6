"""`import`: past notes from Markdown, CSV or mails, after a preview."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from worker.commands import past
from worker.commands.common import Call, clock, find_pair, manager_option, now_option, pass_call, print_table
from worker.commands.office import open_office
from worker.errors import ItemError, NeedsPersonError
from worker.model import Pair, PairKey, PairState
from worker.tick import LOCK_SECONDS, Office

_SHOWN = 12
_WIDTH = 72


@click.command("import")
@click.argument("person")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@manager_option
@click.option("--yes", is_flag=True, help="Answer the question after the preview beforehand.")
@click.option("--dry-run", is_flag=True, help="Show the preview, and change nothing.")
@now_option
@pass_call
def command(  # one argument for each option of the command line
    call: Call,
    person: str,
    files: tuple[Path, ...],
    *,
    manager: str,
    yes: bool,
    dry_run: bool,
    now: datetime | None,
) -> int:
    """Take past notes of PERSON, an address or a name: Markdown, CSV, mails (.eml), or folders of these.

    What is found is shown first. All of it is the manager's alone until it is shared; the same file twice adds nothing.
    """
    config = call.config()
    office = open_office(config, write=not dry_run, now=now)
    key = find_pair(config, office.store, person, manager)
    moment = clock(now)
    found = _read(office, key, _all(files), moment)
    before = office.store.load_pair(key)
    fresh = past.fresh(before or _new(office, key, moment), found)
    _preview(found, fresh)
    if dry_run or not fresh.count:
        click.echo("Nothing was changed." if dry_run else "There is nothing new in it: nothing was changed.")
        return 0
    if not yes and sys.stdin.isatty():
        click.confirm(f"Take this in as notes about {key.person}?", abort=True)
    with office.store.lock(LOCK_SECONDS):
        there = office.store.load_pair(key) or _new(office, key, moment)
        office.store.save_pair(past.with_found(there, past.fresh(there, found)), moment)
    click.echo(f"Took in {fresh.count} {'entry' if fresh.count == 1 else 'entries'} about {key.person}.")
    return 0


def _all(files: Sequence[Path]) -> list[Path]:
    """Return the files, those of folders included, in order of their names."""
    found: list[Path] = []
    for file in files:
        inside = sorted(one for one in file.rglob("*") if one.is_file()) if file.is_dir() else [file]
        found += [one for one in inside if not file.is_dir() or past.kind_of(one) is not None]
    if not found:
        raise NeedsPersonError(f"{files[0]}: holds no Markdown, CSV or mail: name another file or folder.")
    return found


def _read(office: Office, key: PairKey, files: Sequence[Path], now: datetime) -> past.Found:
    pair = office.store.load_pair(key) or Pair(key)
    manager, person = office.manager_of(pair), office.person_of(pair)
    reader = past.Reader(key, manager, person, now.astimezone(ZoneInfo(manager.timezone)), office.policy)
    found = past.Found()
    with click.progressbar(files, label="Reading", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for file in bar:
            try:
                found = found + reader.read(file)
            except ItemError as error:
                click.echo(str(error), err=True)
            except (OSError, UnicodeDecodeError):
                click.echo(f"{file}: cannot be read as text: it was passed over; save it as UTF-8.", err=True)
    return found


def _new(office: Office, key: PairKey, now: datetime) -> Pair:
    """Return a pair that no calendar has shown yet, as the configuration has it."""
    named = office.named.get(key)
    pair = Pair(key, found_at=now)
    if named is None:
        return pair
    return replace(pair, kind=named.kind, mail=named.mail, state=PairState.STARTED, started_at=now)


def _preview(found: past.Found, fresh: past.Found) -> None:
    kinds = [
        (len(found.notes), "note", "notes"),
        (len(found.action_items), "promise", "promises"),
        (len(found.feedback), "piece of feedback", "pieces of feedback"),
        (len(found.goals), "goal", "goals"),
    ]
    counts = [f"{count} {one if count == 1 else many}" for count, one, many in kinds if count]
    click.echo(f"Found: {', '.join(counts) or 'nothing'}.")
    for text in found.undated:
        click.echo(text, err=True)
    if found.count > fresh.count:
        click.echo(f"Known already: {found.count - fresh.count}.")
    rows = fresh.rows()
    if rows:
        print_table(("Date", "What", "Text"), [(day, what, _cut(text)) for day, what, text in rows[:_SHOWN]])
    if len(rows) > _SHOWN:
        click.echo(f"and {len(rows) - _SHOWN} more.")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
