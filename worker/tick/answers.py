"""A mail that is a person's and is authentic: read against the mail that it answers, and applied to its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from worker import apply as applying
from worker import replies
from worker.apply import Arrival
from worker.apply.items import find
from worker.model import (
    Applied,
    Ask,
    Desk,
    MailKind,
    Meeting,
    OutboxEntry,
    Outcome,
    Pair,
    PairKey,
    Person,
    Reply,
)
from worker.replies import mime
from worker.tick import welcomes
from worker.tick.office import Office
from worker.tick.records import Record, named_record

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

_STALE = timedelta(days=7)
_CONVERSATION = 12
_ALIAS_PARTS = 2


def take_in(
    office: Office, letter: Letter, record: Record, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]]:
    """Apply an answer to the record whose mail it answers; return its outcome and the pairs that changed."""
    if isinstance(record.value, Pair):
        return _to_pair(office, letter, record.value, row)
    if row.kind is MailKind.WELCOME:
        keys = welcomes.answer(office, letter, record.value, row, _read_welcome(office, letter, record.value, row))
        return Outcome.COMMAND, record, keys
    if row.kind is MailKind.REMINDER:
        return Outcome.ANSWER, record, _to_several(office, letter, record.value, row)
    if row.kind is MailKind.QUESTION and len(row.about) == _ALIAS_PARTS:
        return _to_alias(office, letter, record, row)
    return Outcome.ANSWER, record, _kept_at_desk(office, letter, record.value, row)


def _to_alias(
    office: Office, letter: Letter, record: Record, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]]:
    """`yes` to "is this address yours?" learns the address and lets the mail that was kept count."""
    address, digest = row.about
    author = office.somebody(row.to)
    sent = _original(office, row.body)
    reply = replies.read_commands(
        letter.received.raw, sent.plain or "", sent.html, reference=reference(letter, author), sender=author.email
    )
    keys = _kept_at_desk(office, letter, office.store.load_desk(row.to) or Desk(row.to), row)
    if not any(command.verb in ("yes", "ok") for command in reply.commands):
        return Outcome.COMMAND, record, keys
    desk = office.store.load_desk(row.to) or Desk(row.to)
    if address not in desk.aliases:
        office.store.save_desk(replace(desk, aliases=(*desk.aliases, address)))
    raw = office.store.get_blob(digest)
    if raw is None:
        return Outcome.COMMAND, record, keys
    from worker.tick.inbox import apply_kept

    return Outcome.COMMAND, record, keys | apply_kept(office, raw, letter.at)


def without_token(office: Office, letter: Letter, who: str) -> tuple[Outcome, Record | None, set[PairKey]]:
    """Take in a mail that answers none of ours, from somebody we know."""
    desk = office.store.load_desk(who) or Desk(who)
    keys = _kept_at_desk(office, letter, desk, None)
    return Outcome.CAPTURE, named_record(office.store, who), keys


# ------------------------------------------------------------------------------------------------------------ a pair


def _to_pair(
    office: Office, letter: Letter, pair: Pair, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]]:
    manager = row.to == pair.key.manager
    author = office.manager_of(pair) if manager else office.person_of(pair)
    reply = read(office, letter, pair, row, author)
    outcome = _outcome_of(row, manager=manager)
    _stop_or_start(office, author.email, reply, letter.at)
    after = applying.apply(pair, reply, arrival(office, letter, pair, row, author, outcome, reply))
    saved = office.store.save_pair(after, letter.at)
    return outcome, Record(str(pair.key), saved), {pair.key}


def _stop_or_start(office: Office, address: str, reply: Reply, at: datetime) -> None:
    """Note at a person's desk that they want no more mail, or want it again."""
    verbs = {command.verb for command in reply.commands}
    if not verbs & {"stop", "start"}:
        return
    desk = office.store.load_desk(address) or Desk(address)
    stopped = at if "stop" in verbs else None
    if (desk.stopped_at is None) != (stopped is None):
        office.store.save_desk(replace(desk, stopped_at=stopped))


def _outcome_of(row: OutboxEntry, *, manager: bool) -> Outcome:
    if not manager:
        return Outcome.TOPICS if row.kind in (MailKind.TOPICS, MailKind.AGENDA, MailKind.RECAP) else Outcome.ANSWER
    return Outcome.CORRECTION if row.kind is MailKind.RECEIPT else Outcome.ANSWER


def arrival(  # the parts of one arrival
    office: Office,
    letter: Letter,
    pair: Pair,
    row: OutboxEntry,
    author: Person,
    outcome: Outcome,
    reply: Reply,
) -> Arrival:
    """Return the circumstances in which a reply is applied."""
    return Arrival(
        message_id=letter.message_id,
        digest=letter.digest,
        at=letter.at,
        author=author.email,
        outcome=outcome,
        policy=office.policy,
        clock=office.clock(author, letter.at),
        row=row,
        numbered=_numbered(pair, row),
        meeting=_meeting(pair, row),
        relative=_is_relative(reply, reference(letter, author), author.language or office.policy.language),
    )


def _is_relative(reply: Reply, said_at: datetime, language: str) -> bool:
    """Whether the date moves with the day on which it is said: "in two weeks" does, "Thu 3 Dec" does not."""
    phrase, value = reply.next_check_in_text, reply.next_check_in
    if not phrase or value is None or isinstance(value, Ask):
        return False
    day = timedelta(days=1)
    for shift in (day, -day):
        other = replies.when(phrase, reference=said_at + shift, language=language)
        if isinstance(other, date) and _day(other) - _day(value) == shift:
            return True
    return False


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _meeting(pair: Pair, row: OutboxEntry) -> Meeting | None:
    return next((meeting for meeting in pair.meetings if meeting.id == row.meeting), None)


def _numbered(pair: Pair, row: OutboxEntry) -> OutboxEntry | None:
    """Return the row whose numbers a handle means: that of the mail answered, else the last one with numbers."""
    if row.numbers:
        return row
    earlier = [other for other in pair.outbox if other.to == row.to and other.numbers]
    return earlier[-1] if earlier else None


def read(office: Office, letter: Letter, pair: Pair, row: OutboxEntry, author: Person) -> Reply:
    """Read what a person wrote, against the mail that they answer and the others of the conversation."""
    meeting = _meeting(pair, row)
    sent = _original(office, row.body)
    manager = row.to == pair.key.manager
    if row.kind is MailKind.CHECK_IN:
        reader = replies.read_check_in
    else:
        reader = replies.read_form if manager else replies.read_topics
    numbered = _numbered(pair, row)
    return reader(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reference(letter, author),
        meeting_start=meeting.start if meeting else None,
        sender=author.email,
        people=(office.manager_of(pair), office.person_of(pair)),
        items=_items(pair, numbered),
        earlier=_earlier(office, pair, row),
        language=author.language or office.policy.language,
    )


def _items(pair: Pair, numbered: OutboxEntry | None) -> tuple[str, ...]:
    things = [find(pair, identity) for identity in (numbered.numbers if numbered else ())]
    return tuple(getattr(thing, "text", "") for thing in things)


def reference(letter: Letter, author: Person) -> datetime:
    """Return the moment from which relative dates count: the reply's own Date, unless it cannot be right."""
    written = letter.mail.date
    moment = letter.at if written is None or written > letter.at or letter.at - written > _STALE else written
    return moment.astimezone(ZoneInfo(author.timezone))


def _original(office: Office, digest: str) -> mime.Mail:
    raw = office.store.get_blob(digest) if digest else None
    return mime.read(raw) if raw is not None else mime.Mail()


def _earlier(office: Office, pair: Pair, row: OutboxEntry) -> tuple[str, ...]:
    """Return the texts of the other mails of this conversation, theirs and ours, newest first."""
    ours = [
        (other.sent_at or other.planned_at, other.body)
        for other in pair.outbox
        if other.meeting == row.meeting and other.to == row.to and other.key != row.key and other.body
    ]
    theirs = [
        (one.at, one.digest)
        for one in pair.applied
        if one.meeting == row.meeting and one.author == row.to and one.digest
    ]
    newest = sorted([*ours, *theirs], reverse=True)[:_CONVERSATION]
    return tuple(text for text in (_original(office, digest).plain for _, digest in newest) if text)


# ------------------------------------------------------------------------------------------------------------ a desk


def _people_of(office: Office, addresses: tuple[str, ...], manager: str) -> list[tuple[Pair, Person]]:
    pairs = [office.store.load_pair(PairKey(manager, address)) for address in addresses]
    return [(pair, office.person_of(pair)) for pair in pairs if pair is not None]


def _read_welcome(office: Office, letter: Letter, desk: Desk, row: OutboxEntry) -> Reply:
    author = office.somebody(desk.email)
    sent = _original(office, row.body)
    people = tuple(person for _, person in _people_of(office, row.about, desk.email))
    return replies.read_commands(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reference(letter, author),
        sender=author.email,
        people=people,
        language=author.language,
    )


def _to_several(office: Office, letter: Letter, desk: Desk, row: OutboxEntry) -> set[PairKey]:
    """Apply an answer to a reminder of several forms: a block for each person that it names."""
    author = office.somebody(desk.email)
    sent = _original(office, row.body)
    forms = _forms(office, desk.email, row.about)
    named = replies.read_commands(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reference(letter, author),
        sender=author.email,
        people=tuple(office.person_of(pair) for pair, _ in forms),
        language=author.language,
    )
    changed: set[PairKey] = set()
    for pair, form in forms:
        person = office.person_of(pair)
        lines = [command.text for command in named.commands if person.email in command.names and command.text]
        if not lines:
            continue
        raw = b"From: " + author.email.encode() + b"\r\n\r\n" + "\r\n".join(lines).encode()
        block = replace(letter, received=replace(letter.received, raw=raw), mail=replace(letter.mail))
        reply = read(office, block, pair, form, author)
        arrived = arrival(office, letter, pair, form, author, Outcome.ANSWER, reply)
        office.store.save_pair(applying.apply(pair, reply, arrived), letter.at)
        changed.add(pair.key)
    _kept_at_desk(office, letter, desk, row)
    return changed


def _forms(office: Office, manager: str, keys: tuple[str, ...]) -> list[tuple[Pair, OutboxEntry]]:
    found: list[tuple[Pair, OutboxEntry]] = []
    for due in office.store.pairs():
        if due.key.manager != manager:
            continue
        pair = office.store.load_pair(due.key)
        if pair is not None:
            found.extend((pair, form) for form in pair.outbox if form.key in keys)
    return found


def _kept_at_desk(office: Office, letter: Letter, desk: Desk, row: OutboxEntry | None) -> set[PairKey]:
    """Keep a mail about no pair with its author: nothing that a person wrote is lost."""
    applied = Applied(
        letter.message_id,
        letter.at,
        desk.email,
        Outcome.ANSWER if row else Outcome.CAPTURE,
        row=row.key if row else "",
        digest=letter.digest,
        receipt=False,
    )
    office.store.save_desk(replace(desk, applied=(*desk.applied, applied)))
    office.memory.look_at(desk.email)
    return set()
