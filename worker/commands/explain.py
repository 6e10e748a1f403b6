"""`explain`: how a received mail is read, and what would happen if it came now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click

from worker.commands import show
from worker.commands.common import Call, clock, now_option, pass_call
from worker.commands.office import open_office
from worker.errors import UsageError
from worker.model import MailKind, OutboxEntry, Pair
from worker.providers import Batch, Received
from worker.replies import mime
from worker.replies.context import Context
from worker.replies.explain import explain
from worker.replies.reading import Asked
from worker.tick import Office, inbox, reading, tick
from worker.tick.dry import DryMail, rehearsal


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE.eml")
@now_option
@pass_call
def command(call: Call, file: Path, now: datetime | None) -> int:
    """Show what in a mail is quotation, what was written, where each piece goes and why, and what would happen.

    Nothing is stored or sent.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}): name a file that this user can read.") from error
    config = call.config()
    moment = clock(now)
    office = rehearsal(open_office(config, write=False, now=now))
    click.echo(_explained(office, raw, moment).rstrip())
    click.echo("\nIf it came now:")
    report = tick(replace(office, mailbox=_OneMail(office.mailbox, raw)), moment).as_json()
    lines = [line for line in show.lines(report) if "  received  " in line]
    lines += [f"  {line}" for line in show.lines(report) if "  received  " not in line]
    click.echo("\n".join(lines))
    return 0


@dataclass
class _OneMail(DryMail):
    """A mailbox in which this mail lies and no other."""

    raw: bytes = b""

    def fetch(self, cursor: str) -> Batch:
        """See MailProvider. The proof of its sender is the same that a mail of the real mailbox needs."""
        like = next(iter(self.real.fetch(cursor).mails), None)
        server = like.server if like else None
        return Batch((Received("explained", self.raw, server=server),))


def _explained(office: Office, raw: bytes, now: datetime) -> str:
    mail = mime.read(raw)
    digest = sha256(raw).hexdigest()
    letter = inbox.Letter(Received("explained", raw, server=None), digest, mail, mail.message_id or "", now)
    found = inbox.row_of(office, letter)  # the one place that knows which mail is answered
    author = office.somebody(found[1].to if found else letter.sender)
    context = Context(
        reference=reading.reference(letter, author), sender=author.email, language=author.language or "en"
    )
    asked, kind = Asked(""), "commands"
    if found is not None:
        record, row = found
        asked = _asked(office, row)
        if isinstance(record.value, Pair):
            pair = record.value
            meeting = pair.meeting(row.meeting)
            people = (office.manager_of(pair), office.person_of(pair))
            context = replace(context, people=people, meeting_start=meeting.start if meeting else None)
            kind = _kind(pair, row)
    own = (office.mailbox.address,)
    return explain(raw, asked, context, kind=kind, authserv_id=office.authserv_id, own=own)


def _asked(office: Office, row: OutboxEntry) -> Asked:
    raw = office.store.get_blob(row.body) if row.body else None
    sent = mime.read(raw) if raw is not None else mime.Mail()
    return Asked(sent.plain or "", sent.html)


def _kind(pair: Pair, row: OutboxEntry) -> str:
    if row.kind is MailKind.CHECK_IN:
        return "check-in"
    return "follow-up" if row.to == pair.key.manager else "topics"
