"""`erase`: the complete removal of a person."""

from __future__ import annotations

import email
import email.policy
import email.utils
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from worker import names
from worker.commands.common import Call, known_pairs, pass_call, person_name
from worker.commands.office import open_office
from worker.config import Config
from worker.errors import NeedsPersonError, UsageError
from worker.model import PairKey, Person
from worker.store import Store
from worker.tick import LOCK_SECONDS

_HEADERS = ("From", "To", "Cc", "Bcc", "Reply-To", "Delivered-To", "X-Original-To")


@click.command("erase")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Answer the question beforehand.")
@click.option("--mailbox", is_flag=True, help="Remove the copies of their mails in the worker's mailbox, too.")
@pass_call
def command(call: Call, person: str, *, yes: bool, mailbox: bool) -> int:
    """Remove everything that is kept about PERSON, an address or a name, with every manager.

    A keyed hash of the address stays, so that nobody who left is greeted anew. It cannot be taken back.
    """
    config = call.config()
    store = open_office(config, write=False).store
    known = find_person(config, store, person)
    if mailbox and config.mail.provider != "files":
        raise NeedsPersonError(
            f"--mailbox clears mailboxes of the provider `files` alone: call without it, and search the mailbox "
            f"for {known.email} in your mail client."
        )
    if not yes:
        _ask(known, "the database" if config.database else "the data folder", mailbox=mailbox)
    office = open_office(config)
    addresses = {known.email, *known.aliases}
    with office.store.lock(LOCK_SECONDS):
        pairs = sum(known.email in (due.key.manager, due.key.person) for due in office.store.pairs())
        removed = office.store.erase(known.email, office.keys.marker(known.email))
    copies = sum(_remove(file) for file in _copies(config, addresses)) if mailbox else 0
    kept_in = "rows" if config.database else "files"
    click.echo(f"Erased {known.email}: {pairs} {'pair' if pairs == 1 else 'pairs'}, {removed} {kept_in}.")
    if config.database:
        click.echo(
            "What a database deletes stays in its files for a while, and in its backups: see docs/operations.md."
        )
    if mailbox:
        click.echo(f"Removed {copies} mails from the mailbox.")
    else:
        click.echo("Mails that were sent or received may still lie in the mailbox; --mailbox clears them.")
    if any(known.email in (pair.manager, pair.person) for pair in config.pairs):
        click.echo("The configuration still names them: take them out of [[pairs]] and [[people]].")
    return 0


def find_person(config: Config, store: Store, who: str) -> Person:
    """Return the one person whom an address or a name means, whoever their managers are.

    Raises UsageError where nobody fits, NeedsPersonError with the choices where several do.
    """
    people = everybody(config, store)
    found = names.fitting(who, people)
    if not found:
        known = ", ".join(sorted(one.email for one in people)) or "nobody yet"
        raise UsageError(f'nobody here is called "{who}": name one of these by address: {known}.')
    if len(found) > 1:
        choices = ", ".join(sorted(one.email for one in found))
        raise NeedsPersonError(f'"{who}" fits several people: name one of these by address: {choices}.')
    return found[0]


def everybody(config: Config, store: Store) -> list[Person]:
    """Return everybody of whom something is kept or configured, with the addresses that were learnt."""
    keys: dict[str, PairKey | None] = dict.fromkeys(store.desks())
    for key in known_pairs(config, store):
        keys.setdefault(key.manager, None)
        keys[key.person] = key
    found = []
    for address, pair in sorted(keys.items()):
        desk = store.load_desk(address)
        known = config.person(address)
        name = known.name or (person_name(config, store, pair) if pair else "")
        aliases = (*known.aliases, *(desk.aliases if desk else ()))
        found.append(Person(address, name, aliases=aliases))
    return found


def _ask(person: Person, place: str, *, mailbox: bool) -> None:
    if not sys.stdin.isatty():
        raise NeedsPersonError(
            f"nothing was erased, since nobody can be asked here: add --yes to erase {person.email}."
        )
    where = f"in {place} and in the mailbox" if mailbox else f"in {place}"
    click.confirm(f"Erase everything about {person.full_name} ({person.email}) {where}, for ever?", abort=True)


def _copies(config: Config, addresses: set[str]) -> Iterator[Path]:
    """Yield the mails in the worker's Maildirs that went to one of these addresses or came from them."""
    if config.mail.path is None:
        return
    for box in ("in", "out"):
        for part in ("new", "cur", "tmp"):
            folder = config.mail.path / box / part
            files = sorted(folder.iterdir()) if folder.is_dir() else []
            yield from (file for file in files if file.is_file() and _names(file, addresses))


def _names(file: Path, addresses: set[str]) -> bool:
    with file.open("rb") as handle:
        message = email.message_from_bytes(handle.read(256_000), policy=email.policy.compat32)
    values = [str(value) for header in _HEADERS for value in message.get_all(header, [])]
    return any(address.lower() in addresses for _, address in email.utils.getaddresses(values))


def _remove(file: Path) -> int:
    file.unlink(missing_ok=True)
    return 1
