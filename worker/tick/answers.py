"""A mail that is a person's and is authentic: read against the mail that it answers, and applied to its record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from worker import apply as applying
from worker import names, replies
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
from worker.plan.bundle import is_joined, keys_of
from worker.tick import asides, bookings, bundles, captures, check_ins, reading, welcomes
from worker.tick.office import Office
from worker.tick.records import Record, named_record

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

_CONVERSATION = 12
_ALIAS_PARTS = 2
_OF_SEVERAL = (MailKind.REMINDER, MailKind.AGENDA, MailKind.FOLLOW_UP, MailKind.RECEIPT)
_NUMBERS = r"\d+(?:(?:\s*[,;&+]\s*|\s+(?:and|und|et|y)\s+|\s+)\d+)*"
# `done 2, 5` and `5: half of it is through` or `5 by Friday`; a number within a sentence is no handle.
_HANDLES = (
    re.compile(rf"(\s*(?:[^\W\d]+\s+){{1,2}})({_NUMBERS})(\s*[.)]?\s*)"),
    re.compile(rf"(\s*)({_NUMBERS})(\s*:.*|\s+[^\W\d].*)"),
)
_ALL_NUMBERED = re.compile(r"\s*(?:all done|alle?s? erledigt|tout (?:est )?fait|todo hecho)\W*", re.IGNORECASE)
_ABOUT_NO_MEETING = (MailKind.RECEIPT, MailKind.NOTICE)


def take_in(
    office: Office, letter: Letter, record: Record, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]]:
    """Apply an answer to the record whose mail it answers; return its outcome and the pairs that changed."""
    if isinstance(record.value, Pair):
        return _to_pair(office, letter, record.value, row)
    if row.kind is MailKind.WELCOME:
        keys = welcomes.answer(office, letter, record.value, row, _read_welcome(office, letter, record.value, row))
        return Outcome.COMMAND, record, keys
    if (row.kind in _OF_SEVERAL and row.about) or is_joined(row):
        keys = _to_several(office, letter, record.value, row)
        if keys:
            return Outcome.ANSWER, record, keys
        # It names nobody: whom it is about is asked, as for any mail.
        return captures.take(office, letter, row.to, row=row)
    if row.kind is MailKind.QUESTION and len(row.about) == _ALIAS_PARTS:
        return _to_alias(office, letter, record, row)
    if row.kind is MailKind.QUESTION and row.cause:
        settled = captures.settle(office, letter, record.value, row)
        if settled is not None:
            return settled
    if row.kind is MailKind.DIGEST:
        booked = bookings.book(office, letter, record.value, row)
        if booked is not None:
            return booked
    if row.kind in (MailKind.QUESTION, MailKind.RECEIPT, MailKind.NOTICE, MailKind.DIGEST):
        return captures.take(office, letter, row.to, row=row)
    return Outcome.ANSWER, record, _kept_at_desk(office, letter, record.value, row)


def _to_alias(
    office: Office, letter: Letter, record: Record, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]]:
    """`yes` to "is this address yours?" learns the address and lets the mail that was kept count."""
    address, digest = row.about
    author = office.somebody(row.to)
    sent = reading.original(office, row.body)
    reply = replies.read_commands(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reading.reference(letter, author),
        sender=author.email,
    )
    keys = _kept_at_desk(office, letter, office.store.load_desk(row.to) or Desk(row.to), row)
    from worker.tick.inbox import apply_kept, known_person

    # Meanwhile the address may have become somebody else's: two people with one address would be one.
    theirs = known_person(office, address) not in (None, row.to)
    if theirs or not any(command.verb in ("yes", "ok") for command in reply.commands):
        return Outcome.COMMAND, record, keys
    desk = office.store.load_desk(row.to) or Desk(row.to)
    if address not in desk.aliases:
        office.store.save_desk(replace(desk, aliases=(*desk.aliases, address)))
        office.memory.listings = None
    raw = office.store.get_blob(digest)
    if raw is None:
        return Outcome.COMMAND, record, keys
    return Outcome.COMMAND, record, keys | apply_kept(office, raw, letter.at)


def without_token(office: Office, letter: Letter, who: str) -> tuple[Outcome, Record | None, set[PairKey]]:
    """Take in a mail that answers none of ours, from somebody we know."""
    return captures.take(office, letter, who)


# ------------------------------------------------------------------------------------------------------------ a pair


def _to_pair(
    office: Office, letter: Letter, pair: Pair, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]]:
    manager = row.to == pair.key.manager
    if not manager and row.to != pair.key.person:
        # A copy went to somebody who is none of the two: what they answer is kept and changes nothing.
        desk = office.store.load_desk(row.to) or Desk(row.to)
        return Outcome.COMMAND, named_record(office.store, row.to), _kept_at_desk(office, letter, desk, row)
    outcome = _outcome_of(row, manager=manager)
    if not row.meeting and row.kind in _ABOUT_NO_MEETING:
        return captures.take(office, letter, row.to, default=pair.key, row=row, outcome=outcome)
    author = office.manager_of(pair) if manager else office.person_of(pair)
    reply = read(office, letter, pair, row, author)
    reading.stop_or_start(office, author.email, frozenset(one.verb for one in reply.commands), letter.at)
    after = applying.apply(pair, reply, arrival(office, letter, pair, row, author, outcome, reply))
    saved = office.store.save_pair(after, letter.at)
    return outcome, Record(str(pair.key), saved), {pair.key}


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
        relative=_is_relative(reply, reading.reference(letter, author), author.language or office.policy.language),
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
    return pair.meeting(row.meeting)


def _numbered(pair: Pair, row: OutboxEntry) -> OutboxEntry | None:
    """Return the row whose numbers a handle means: that of the mail answered, else the last one with numbers."""
    if row.numbers:
        return row
    earlier = [other for other in pair.outbox if other.to == row.to and other.numbers]
    return earlier[-1] if earlier else None


def read(office: Office, letter: Letter, pair: Pair, row: OutboxEntry, author: Person) -> Reply:
    """Read what a person wrote, against the mail that they answer and the others of the conversation."""
    meeting = _meeting(pair, row)
    sent = reading.original(office, row.body)
    manager = row.to == pair.key.manager
    if row.kind is MailKind.CHECK_IN:
        return check_ins.read(office, letter, pair, row, author)
    if row.kind is MailKind.QUESTION and meeting is None:
        reader = replies.read_check_in
    else:
        reader = replies.read_form if manager else replies.read_topics
    numbered = _numbered(pair, row)
    said = reader(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reading.reference(letter, author),
        meeting_start=meeting.start if meeting else None,
        sender=author.email,
        people=(office.manager_of(pair), office.person_of(pair)),
        items=_items(pair, numbered),
        earlier=_earlier(office, pair, row),
        language=author.language or office.policy.language,
    )
    known = numbered.numbers if numbered else ()
    said = check_ins.with_numbers(office, letter, pair, row, author, said, known)
    return asides.with_asides(office, letter, author, office.person_of(pair), said) if manager else said


def _items(pair: Pair, numbered: OutboxEntry | None) -> tuple[str, ...]:
    things = [find(pair, identity) for identity in (numbered.numbers if numbered else ())]
    return tuple(getattr(thing, "text", "") for thing in things)


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
    return tuple(text for text in (reading.original(office, digest).plain for _, digest in newest) if text)


# ------------------------------------------------------------------------------------------------------------ a desk


def _people_of(office: Office, addresses: tuple[str, ...], manager: str) -> list[tuple[Pair, Person]]:
    pairs = [office.store.load_pair(PairKey(manager, address)) for address in addresses]
    return [(pair, office.person_of(pair)) for pair in pairs if pair is not None]


def _read_welcome(office: Office, letter: Letter, desk: Desk, row: OutboxEntry) -> Reply:
    author = office.somebody(desk.email)
    sent = reading.original(office, row.body)
    people = tuple(person for _, person in _people_of(office, row.about, desk.email))
    return replies.read_commands(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reading.reference(letter, author),
        sender=author.email,
        people=people,
        language=author.language,
    )


def _to_several(office: Office, letter: Letter, desk: Desk, row: OutboxEntry) -> set[PairKey]:
    """Apply an answer to a mail about several people: a block for each that it names or numbers."""
    author = office.somebody(desk.email)
    forms = _forms(office, desk.email, row.about)
    people = tuple(office.person_of(pair) for pair, _ in forms)
    said = reading.commands(office, letter, author, people, row)
    changed: set[PairKey] = set()
    for pair, form in forms:
        lines = _block_of(office.person_of(pair), said.written, people)
        lines += _numbered_lines(pair, form, said.written, people)
        if row.kind is MailKind.QUESTION:
            lines = bundles.own_numbers(row, pair.key.person, lines + _choices(letter, row, pair, author, said, people))
        if not lines:
            continue
        head = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        raw = f"From: {author.email}\r\n{head}".encode() + "\r\n".join(lines).encode()
        block = replace(letter, received=replace(letter.received, raw=raw), mail=replace(letter.mail))
        reply = read(office, block, pair, form, author)
        arrived = arrival(office, letter, pair, form, author, Outcome.ANSWER, reply)
        own = office.store.load_pair(pair.key) or pair
        office.store.save_pair(applying.apply(own, reply, arrived), letter.at)
        changed.add(pair.key)
    if changed:
        _kept_at_desk(office, letter, desk, row)
    return changed


def _choices(  # the parts of one reading
    letter: Letter, row: OutboxEntry, pair: Pair, author: Person, said: Reply, people: tuple[Person, ...]
) -> list[str]:
    """Return the lines that no name stands above and that settle what a joined question asks about this pair."""
    found: list[str] = []
    for line in said.written.splitlines():
        if len(names.fitting(line.partition(":")[0], people)) == 1:
            break
        day = replies.when(line, reference=reading.reference(letter, author), language=author.language)
        if bundles.unnamed_choice(row, pair.key.person, line, is_day=isinstance(day, date)):
            found.append(line)
    return found


def _numbered_lines(pair: Pair, form: OutboxEntry, text: str, people: tuple[Person, ...]) -> list[str]:
    """Return the lines that no name stands above and that number what is this pair's, with its numbers alone."""
    lines: list[str] = []
    for line in text.splitlines():
        if len(names.fitting(line.partition(":")[0], people)) == 1:
            break
        found = next((match for match in (one.fullmatch(line) for one in _HANDLES) if match), None)
        if found is None:
            if _ALL_NUMBERED.fullmatch(line):
                lines.append(line)
            continue
        mine = [
            number
            for number in re.findall(r"\d+", found[2])
            if 0 < int(number) <= len(form.numbers) and find(pair, form.numbers[int(number) - 1]) is not None
        ]
        if mine:
            lines.append(f"{found[1]}{', '.join(mine)}{found[3]}")
    return lines


def _block_of(wanted: Person, text: str, people: tuple[Person, ...]) -> list[str]:
    """Return the lines of one person: behind their name and a colon, and below it up to the next name."""
    lines: list[str] = []
    current: Person | None = None
    for line in text.splitlines():
        head, _, rest = line.partition(":")
        found = names.fitting(head, people)
        current = found[0] if len(found) == 1 else current
        said = rest if len(found) == 1 else line
        if current == wanted and said.strip():
            lines.append(said.strip())
    return lines


def _forms(office: Office, manager: str, about: tuple[str, ...]) -> list[tuple[Pair, OutboxEntry]]:
    keys = keys_of(about)
    return [(pair, form) for pair in bundles.shared_pairs(office, manager) for form in pair.outbox if form.key in keys]


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
