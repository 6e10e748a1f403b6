"""`hand-over`: a person's new manager gets the shared record, never the private one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from worker.commands import picture
from worker.commands.common import Call, clock, find_pair, now_option, pass_call
from worker.commands.office import open_office
from worker.commands.telling import tell
from worker.errors import NeedsPersonError, UsageError
from worker.model import Pair, PairKey, PairMail, PairState
from worker.privacy import seen_by
from worker.tick import LOCK_SECONDS, Office

TABLES = ("notes", "action_items", "feedback", "topics", "goals", "reviews")


@click.command("hand-over")
@click.argument("person")
@click.option("--from", "before", required=True, metavar="ADDRESS", help="The manager until now.")
@click.option("--to", "after", required=True, metavar="ADDRESS", help="The new manager.")
@now_option
@pass_call
def command(call: Call, person: str, *, before: str, after: str, now: datetime | None) -> int:
    """Give the shared record of PERSON, an address or a name, to another manager.

    Private notes stay where they are, and are given to nobody. The person and the new manager are told by mail.
    """
    config = call.config()
    old, new = before.strip().lower(), after.strip().lower()
    if old == new:
        raise UsageError("--from and --to are the same address: name two managers.")
    if new not in {manager.email for manager in config.managers}:
        raise UsageError(f"{new} is no manager here: add a table [[managers]] for them first.")
    office = open_office(config, now=now)
    key = find_pair(config, office.store, person, old)
    if key.person == new:
        raise UsageError(f"{new} cannot be their own manager: name another address with --to.")
    moment = clock(now)
    with office.store.lock(LOCK_SECONDS):
        found = office.store.load_pair(key)
        if found is None:
            raise NeedsPersonError(f"nothing is recorded of {key.person} with {old}: there is nothing to hand over.")
        there = office.store.load_pair(PairKey(new, key.person))
        if found.state is PairState.ENDED and there is not None and there.state is PairState.STARTED:
            click.echo(f"{key.person} was handed over before; nothing was changed.")
            return 0
        given = shared(picture.whole(office.store, found))
        made = with_record(there or Pair(PairKey(new, key.person)), given, found, moment)
        made = replace(made, manager_name=made.manager_name or config.person(new).name)
        # The new record first: a crash in between leaves it in both places, and the next call ends it.
        office.store.save_pair(made, moment)
        office.store.save_pair(replace(found, state=PairState.ENDED), moment)
        _tell(office, made, found, moment)
    count = sum(len(getattr(given, table)) for table in TABLES)
    entries = f"{count} {'entry' if count == 1 else 'entries'}"
    click.echo(f"{new} has what {key.person} and {old} shared: {entries}. {new} and {key.person} are told by mail.")
    if any((one.manager, one.person) == (old, key.person) for one in config.pairs):
        click.echo(f"The configuration still names {key.person} with {old}: change that table [[pairs]].")
    return 0


def shared(pair: Pair) -> Pair:
    """Return the pair with what both of its people may see, and nothing else."""
    both = seen_by(seen_by(pair, pair.key.person), pair.key.manager)
    return replace(Pair(pair.key), **{table: getattr(both, table) for table in TABLES})


def with_record(there: Pair, given: Pair, before: Pair, now: datetime) -> Pair:
    """Return the new manager's pair with what was given added, and started; what it has already stays as it is."""
    merged: dict[str, Any] = {}
    for table in TABLES:
        mine = getattr(there, table)
        known = {one.id for one in mine}
        merged[table] = (*mine, *(one for one in getattr(given, table) if one.id not in known))
    started = there.started_at if there.state is PairState.STARTED else now
    return replace(
        there,
        **merged,
        state=PairState.STARTED,
        started_at=started,
        found_at=there.found_at or now,
        kind=there.kind if there.state is PairState.STARTED else before.kind,
        mail=there.mail if there.state is PairState.STARTED or before.mail is PairMail.NONE else before.mail,
        person_name=there.person_name or before.person_name,
        person_timezone=there.person_timezone or before.person_timezone,
    )


def _tell(office: Office, made: Pair, before: Pair, now: datetime) -> None:
    """Tell the new manager and the person, each once."""
    person, manager, old = office.person_of(made), office.manager_of(made), office.manager_of(before)
    names = (("name", person.full_name), ("before", old.full_name), ("manager", manager.full_name))
    for to in (made.key.manager, made.key.person):
        desk = office.store.load_desk(to)
        if desk is not None and (desk.stopped_at is not None or desk.bounced_at is not None):
            continue  # they asked for no more mail, or it does not reach them
        tell(office, to, "handed-over", f"{made.key.person} {before.key.manager} {made.key.manager}", names, now)
