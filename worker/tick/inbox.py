"""Step two of a tick: each received mail comes to one outcome, and what it says into the records that it concerns.

The order makes a crash harmless: the raw bytes are durable first, then the record with what the mail did to it (which
knows the Message-ID from then on), then the outcome, then the mark in the mailbox, and the cursor last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from worker import tokens
from worker.errors import AccountError
from worker.model import (
    Applied,
    CalendarState,
    Desk,
    Inbound,
    OutboxEntry,
    Outcome,
    Pair,
    PairKey,
)
from worker.providers import Received as ReceivedMail
from worker.replies import machine, mime, sender
from worker.tick import accounts, answers, machines
from worker.tick.accounts import MAILBOX
from worker.tick.office import Office
from worker.tick.records import Record, open_record
from worker.tick.report import Received, Report

TOKEN_DAYS = 400
_REFUSED = {
    Outcome.UNKNOWN_SENDER,
    Outcome.NOT_AUTHENTIC,
    Outcome.TOO_LARGE,
    Outcome.UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A received mail on its way to its outcome."""

    received: ReceivedMail
    digest: str
    mail: mime.Mail
    message_id: str
    at: datetime

    @property
    def sender(self) -> str:
        """The one address that it says it is from, lower case; "" where there is no such thing."""
        return (self.mail.sender or "").lower()


def read_inbox(office: Office, now: datetime, report: Report) -> set[PairKey]:
    """Take in what came since the last tick and return the pairs that changed by it."""
    signature = office.mailbox.signature()
    if signature and signature == office.memory.mailbox:
        return set()
    if not accounts.may_try(office, MAILBOX, now):
        failing = accounts.still_failing(office, MAILBOX)
        report.failed.extend([failing] if failing else [])
        return set()
    state = office.store.load_calendar(MAILBOX) or CalendarState(MAILBOX)
    try:
        batch = office.mailbox.fetch(state.cursor)
    except AccountError as error:
        report.failed.append(accounts.failed(office, MAILBOX, error, now))
        return set()
    changed: set[PairKey] = set()
    for received in batch.mails:
        outcome, keys = _take_in(office, received, now, report)
        changed |= keys
        office.mailbox.done(received, refused=outcome in _REFUSED)
    is_new = batch.mails or batch.cursor != state.cursor or batch.problems != state.problems or state.read_at is None
    if is_new or state.trouble:
        fine = accounts.went_well(state)
        office.store.save_calendar(
            replace(
                fine,
                cursor=batch.cursor,
                read_at=now,
                problems=batch.problems,
                first_read_at=state.first_read_at or now,
            )
        )
    office.memory.mailbox = office.mailbox.signature() if signature else ""
    return changed


def _take_in(office: Office, received: ReceivedMail, now: datetime, report: Report) -> tuple[Outcome, set[PairKey]]:
    digest = office.store.put_blob(received.raw)
    mail = mime.read(received.raw)
    message_id = mail.message_id or f"<{digest[:40]}@received>"
    letter = Letter(received, digest, mail, message_id, now)
    before = office.store.inbound(digest)
    if before is not None:
        report.received.append(Received(message_id, letter.sender, Outcome.DUPLICATE, before.pair or None))
        return before.outcome, set()
    outcome, record, keys = _outcome(office, letter)
    name = record.name if record else ""
    pair = name if record and isinstance(record.value, Pair) else ""
    office.store.save_inbound(Inbound(digest, message_id, now, letter.sender, outcome, pair))
    report.received.append(Received(message_id, letter.sender, outcome, pair or None))
    return outcome, keys


def _outcome(office: Office, letter: Letter) -> tuple[Outcome, Record | None, set[PairKey]]:
    mail = letter.mail
    if mail.problem:
        outcome = Outcome.TOO_LARGE if mail.problem == "too-large" else Outcome.UNREADABLE
        return _refused(office, letter, outcome)
    # In a person's own account, what that address wrote is theirs; what we wrote carries our header.
    kind = machine.machine(mail, () if office.own_account else (office.mailbox.address,))
    if kind is not None:
        return kind, None, machines.note(office, letter, kind, row_of(office, letter))
    found = row_of(office, letter)
    if found is None:
        return _without_token(office, letter)
    record, row = found
    owner = office.somebody(row.to)
    if not owner.owns(letter.sender):
        return _refused(office, letter, Outcome.UNKNOWN_SENDER, record, row)
    if not _is_authentic(office, letter):
        return _refused(office, letter, Outcome.NOT_AUTHENTIC, record, row)
    applied = record.applied(letter.message_id)
    if applied is not None:
        # It was taken in before a crash, or came twice under the same Message-ID in different bytes.
        same = applied.digest == letter.digest
        return (applied.outcome if same else Outcome.DUPLICATE), record, _keys(record)
    if row.sent_at is not None and letter.at - row.sent_at > timedelta(days=TOKEN_DAYS):
        return _refused(office, letter, Outcome.NOT_AUTHENTIC, record, row)
    return answers.take_in(office, letter, record, row)


def take_in_typed(office: Office, raw: bytes, now: datetime) -> Outcome:
    """Take in a mail that a person typed on the command line as if it had come. The lock is held."""
    digest = office.store.put_blob(raw)
    mail = mime.read(raw)
    letter = Letter(ReceivedMail("", raw, server=None), digest, mail, mail.message_id or f"<{digest[:40]}@typed>", now)
    outcome, record, keys = answers.without_token(office, letter, letter.sender)
    pair = record.name if record and isinstance(record.value, Pair) else ""
    office.store.save_inbound(Inbound(digest, letter.message_id, now, letter.sender, outcome, pair))
    for key in keys:
        office.store.set_due(key, now)
    return outcome


def apply_kept(office: Office, raw: bytes, at: datetime) -> set[PairKey]:
    """Apply a mail that was kept and not applied, now that its sender's address is known; return what changed."""
    mail = mime.read(raw)
    digest = office.store.put_blob(raw)
    message_id = mail.message_id or f"<{digest[:40]}@received>"
    letter = Letter(ReceivedMail("", raw, server=None), digest, mail, message_id, at)
    found = row_of(office, letter)
    if found is None or not office.somebody(found[1].to).owns(letter.sender):
        return set()
    record, row = found
    if record.applied(message_id) is not None and isinstance(record.value, Pair):
        return set()
    return answers.take_in(office, letter, record, row)[2]


def _keys(record: Record) -> set[PairKey]:
    return {record.value.key} if isinstance(record.value, Pair) else set()


def row_of(office: Office, letter: Letter) -> tuple[Record, OutboxEntry] | None:
    """Return the mail of ours that this one answers: by token in a recipient, by Message-ID, by the `Ref:` line."""
    mail = letter.mail
    names = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
    places = [value for name in names for value in mail.get_all(name)]
    bodies = [text for text in (mail.plain, mail.html) if text]
    for texts in (places, [mail.in_reply_to, *reversed(mail.references)]):
        for token in tokens.tokens_in(texts):
            found = _by_token(office, token)
            if found is not None:
                return found
    for message_id in (mail.in_reply_to, *reversed(mail.references)):
        known = office.store.find_message(message_id) if message_id else None
        if known is not None:
            found = _by_key(office, *known)
            if found is not None:
                return found
    for body in bodies:
        references = [line for line in body[-20_000:].splitlines() if "ref" in line.lower()]
        for token in tokens.tokens_in(reversed(references)):
            found = _by_token(office, token)
            if found is not None:
                return found
    return None


def _by_token(office: Office, token: str) -> tuple[Record, OutboxEntry] | None:
    record = open_record(office.store, token[: tokens.RECORD_LENGTH])
    if record is None:
        return None
    for row in record.rows(office.store):
        if row.token == token and office.keys.verifies(token, record.name, row.key):
            return record, row
    return None


def _by_key(office: Office, record_id: str, key: str) -> tuple[Record, OutboxEntry] | None:
    record = open_record(office.store, record_id)
    if record is None:
        return None
    return next(((record, row) for row in record.rows(office.store) if row.key == key), None)


def _is_authentic(office: Office, letter: Letter) -> bool:
    received = letter.received
    if received.sent_by_owner:
        return letter.sender == office.mailbox.address
    if received.server is None:
        return bool(letter.sender)
    # Exchange Online names no server in its own results, whatever is configured.
    server = "" if received.exchange else received.server or office.authserv_id
    return sender.authentic(letter.mail, letter.sender, server, received.exchange)


def _without_token(office: Office, letter: Letter) -> tuple[Outcome, Record | None, set[PairKey]]:
    who = known_person(office, letter.sender)
    if who is None:
        return Outcome.UNKNOWN_SENDER, None, set()
    if not _is_authentic(office, letter):
        return _refused(office, letter, Outcome.NOT_AUTHENTIC, who=who)
    return answers.without_token(office, letter, who)


def known_person(office: Office, address: str) -> str | None:
    """Return the main address of a manager or of somebody in a pair, None where nobody is known by this one."""
    if not address:
        return None
    for known in (*office.managers.values(), *office.people.values()):
        if known.owns(address):
            return known.email
    return address if any(address in (due.key.manager, due.key.person) for due in office.store.pairs()) else None


def _refused(
    office: Office,
    letter: Letter,
    outcome: Outcome,
    record: Record | None = None,
    row: OutboxEntry | None = None,
    who: str | None = None,
) -> tuple[Outcome, Record | None, set[PairKey]]:
    """Keep a mail that is not applied, and note it where one neutral notice is due to the address that we know."""
    known = row.to if row else who or known_person(office, letter.sender)
    if known is not None and (outcome is not Outcome.UNREADABLE or _is_authentic(office, letter)):
        # Who is known as somebody else, or has no one address, is never asked about as "is that you?".
        nobodys = not letter.sender or known_person(office, letter.sender) is not None
        told = Outcome.NOT_AUTHENTIC if outcome is Outcome.UNKNOWN_SENDER and nobodys else outcome
        desk = office.store.load_desk(known) or Desk(known)
        if all(one.message_id != letter.message_id for one in desk.applied):
            applied = Applied(
                letter.message_id,
                letter.at,
                letter.sender or known,
                told,
                row=row.key if row else "",
                digest=letter.digest,
                receipt=False,
            )
            office.store.save_desk(replace(desk, applied=(*desk.applied, applied)))
        office.memory.look_at(known)
    return outcome, record, set()
