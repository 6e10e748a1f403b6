"""`add`: the same as mailing a text about a person to the worker."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import click

from worker.commands.common import Call, clock, find_pair, manager_option, now_option, pass_call
from worker.commands.office import open_office
from worker.errors import UsageError
from worker.model import PairKey
from worker.tick import LOCK_SECONDS, Office
from worker.tick.inbox import take_in_typed
from worker.tokens import item_id

# Words that begin a line of their own; the name stands after them.
_VERBS = ("feedback", "private", "goal", "review", "agenda", "history", "pause", "resume", "end")
_ANY = ("stop", "start", "open", "help", "undo", "share")


@click.command("add")
@click.argument("person")
@click.argument("text")
@manager_option
@now_option
@pass_call
def command(call: Call, person: str, text: str, *, manager: str, now: datetime | None) -> int:
    """Do with TEXT about PERSON (an address or a name) what a mail of their manager to the worker does.

    A topic for the next 1:1; feedback where it names a follow-up date; or a line that begins with `feedback`,
    `private`, `goal` or `review`. The manager gets the receipt by mail.
    """
    config = call.config()
    if not text.strip():
        raise UsageError("there is nothing to add: write the words as TEXT.")
    office = open_office(config, now=now)
    key = find_pair(config, office.store, person, manager)
    moment = clock(now)
    with office.store.lock(LOCK_SECONDS):
        outcome = take_in_typed(office, _mail(office, key, text, moment), moment)
    click.echo(f"Taken in as {outcome}. {key.manager} gets the receipt with the next tick.")
    return 0


def about(text: str, address: str) -> str:
    """Return the text with each line saying whom it is about, as a mail to the worker has to."""
    return "\n".join(_named(line, address) for line in text.strip().splitlines() if line.strip())


def _named(line: str, address: str) -> str:
    verb, _, rest = line.strip().partition(" ")
    word = verb.rstrip(":").lower()
    if word in _ANY and not rest:
        return line.strip()
    if word not in _VERBS:
        return f"{address}: {line.strip()}"
    if word in ("agenda", "history", "resume", "end") and not rest:
        return f"{word} {address}"
    if word == "review":
        return f"review {address} {rest}"
    return f"{word} {address} {rest}" if word == "pause" else f"{word} {address}: {rest.lstrip(': ')}"


def _mail(office: Office, key: PairKey, text: str, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = key.manager
    mail["To"] = office.sender.address
    mail["Subject"] = "From the command line"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{item_id(str(key), text, now.isoformat())}@command.line>"
    mail.set_content(about(text, key.person) + "\n")
    return mail.as_bytes()
