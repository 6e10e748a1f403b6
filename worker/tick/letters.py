"""From a planned mail to a composed one: everything that the composer needs is looked up here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import policy as email_policy
from email.parser import BytesHeaderParser

from worker import checkin, compose, ical
from worker.apply.topics import with_carried
from worker.compose.letter import Composed, Letter
from worker.meetings import rhythm
from worker.model import (
    Applied,
    Attendee,
    CheckIn,
    Desk,
    MailKind,
    Meeting,
    OutboxEntry,
    OutboxState,
    Pair,
    PairKey,
    PairState,
    Person,
)
from worker.plan import SendMail, writes
from worker.plan.bundle import JOINED, is_joined, with_shares
from worker.tick import accounts, firsts
from worker.tick.office import Office
from worker.tick.records import Record, named_record

# The same day of another year has the same subject.
_A_DAY_IS_TOLD = timedelta(days=60)
_WORDS_SENT = (OutboxState.SENT, OutboxState.SENDING, OutboxState.UNKNOWN)


def letter(office: Office, record: Record, action: SendMail, now: datetime) -> Letter:
    """Return what the mail is made from."""
    token = office.keys.token(record.name, action.key)
    if isinstance(record.value, Pair):
        return _about_pair(office, record.value, action, token, now)
    return _about_several(office, record, action, token, now)


def composed(office: Office, made_from: Letter) -> Composed:
    """Render it."""
    return compose.compose(made_from, office.environment)


def _about_pair(office: Office, pair: Pair, action: SendMail, token: str, now: datetime) -> Letter:
    manager, person = office.manager_of(pair), office.person_of(pair)
    meeting = pair.meeting(action.meeting)
    thread = tuple(
        row
        for row in _rows(office, pair, action)
        if row.meeting == action.meeting and row.to == action.to and row.state in _WORDS_SENT and row.key != action.key
    )
    subject, references = _answered(office, pair, action)
    made = Letter(
        action=action,
        reader={pair.key.manager: manager, pair.key.person: person}.get(action.to) or office.somebody(action.to),
        now=now,
        policy=office.policy,
        sender=office.sender,
        token=token,
        manager=manager,
        person=person,
        pair=with_carried(pair, action.meeting if action.kind is MailKind.AGENDA else ""),
        meeting=meeting,
        thread=thread,
        answered_subject=subject,
        answered_references=references,
        kept_for=office.kept_for,
        stored_in=office.stored_in,
        counts_to=office.counts_to(pair.key.manager),
        leads=action.to == pair.key.manager,
        introduces=action.to == pair.key.manager and firsts.must_be_told(office, action.to),
    )
    if meeting is not None:
        ahead = meeting.start > now and action.kind in (MailKind.RECEIPT, MailKind.QUESTION)
        following = meeting if ahead else checkin.next_meeting(pair.meetings, meeting, now)
        made = replace(made, next_meeting=following)
    if action.kind in (MailKind.FOLLOW_UP, MailKind.REMINDER, MailKind.RECEIPT, MailKind.QUESTION):
        made = replace(made, proposal=_proposal(office, pair, action, meeting, now))
    if action.kind is MailKind.INVITATION:
        made = _invitation(office, pair, action, made, now)
    if action.kind is MailKind.REMINDER:
        forms = tuple((str(pair.key), row) for row in pair.outbox if row.key in action.about)
        made = replace(made, forms=forms, pairs=(pair,), people=(person,))
    return made


def _rows(office: Office, pair: Pair, action: SendMail) -> tuple[OutboxEntry, ...]:
    """Return the pair's mails, for its manager with the pair's share of those that went for several people."""
    if action.to != pair.key.manager or not office.policy.bundle_from:
        return pair.outbox
    return with_shares(pair, office.store.load_desk(action.to) or Desk(action.to)).outbox


def _proposal(office: Office, pair: Pair, action: SendMail, meeting: Meeting | None, now: datetime) -> datetime | None:
    if meeting is None:
        return None
    if action.kind is not MailKind.FOLLOW_UP:
        rows = [row for row in pair.outbox if row.meeting == meeting.id and row.proposal is not None]
        if rows:
            return rows[-1].proposal
        return None
    if checkin.next_meeting(pair.meetings, meeting, now) is not None:
        return None
    if not accounts.may_try(office, pair.key.manager, now):
        return None  # a form that waited for its calendar goes without
    return checkin.propose(meeting, surroundings(office, pair, now), rhythm(pair.meetings), now)


def far_ahead(pair: Pair, now: datetime) -> datetime:
    """Return how far a calendar is read before a form is written and before any write: 70 days and one rhythm."""
    return now + timedelta(days=70) + (rhythm(pair.meetings) or checkin.DEFAULT_RHYTHM)


def surroundings(
    office: Office, pair: Pair, now: datetime, previous: CheckIn | None = None, until: datetime | None = None
) -> checkin.Calendar:
    """Return what a decision about the pair's next check-in looks at: meetings, busy times, hours of both.

    Busy times are looked at as far as `read_ahead` reads, and until `until` where that is later.
    """
    manager, person = office.manager_of(pair), office.person_of(pair)
    calendar = office.calendars.get(pair.key.manager)
    other = office.calendars.get(pair.key.person)
    start, end = now, max(far_ahead(pair, now), until or now)
    busy = calendar.busy(pair.key.manager, start, end) if calendar else None
    others = other.busy(pair.key.person, start, end) if other else None
    if others is None and calendar is not None and other is None:
        others = calendar.busy(pair.key.person, start, end)
    return checkin.Calendar(
        clock=office.clock(manager, now),
        meetings=pair.meetings,
        manager_busy=busy,
        person_busy=others,
        manager_hours=manager.working_hours or office.policy.working_hours,
        person_hours=person.working_hours or office.policy.working_hours,
        person_clock=office.clock(person, now),
        writable=calendar is not None and calendar.writable,
        previous=previous,
    )


def _answered(office: Office, pair: Pair, action: SendMail) -> tuple[str, tuple[str, ...]]:
    """Return the subject and the references of the mail that this one answers."""
    return _heads_of(office, next((one for one in pair.applied if one.message_id == action.cause), None))


def _heads_of(office: Office, applied: Applied | None) -> tuple[str, tuple[str, ...]]:
    raw = office.store.get_blob(applied.digest) if applied and applied.digest else None
    if raw is None:
        return "", ()
    head = BytesHeaderParser(policy=email_policy.compat32).parsebytes(raw[:256_000])
    references = str(head.get("References", "")).split()
    return str(head.get("Subject", "")), tuple(references[-20:])


def _invitation(office: Office, pair: Pair, action: SendMail, made: Letter, now: datetime) -> Letter:
    revision = int(action.about[1])
    check_in = next(one for one in pair.check_ins if one.meeting == action.meeting and one.revision == revision)
    write = writes.write_of(pair, check_in)
    if not check_in.in_calendar:
        # Nobody's calendar holds it, so the worker invites both: an organizer is not a participant (RFC 5545 3.8.4.3).
        write = replace(write, organizer=Attendee(office.sender.address, office.sender.name))
    method = "CANCEL" if action.variant == "cancel" else "REQUEST"
    sent_by = office.sender.address if check_in.in_calendar else ""
    part = ical.invitation(write, method, now, check_in.sequence, sent_by)
    return replace(made, write=write, calendar_part=part)


def _about_several(office: Office, record: Record, action: SendMail, token: str, now: datetime) -> Letter:
    address = record.name
    reader = office.somebody(address)
    pairs, forms = _pairs_about(office, address, action)
    applied: Applied | None = None
    subject: str = ""
    references: tuple[str, ...] = ()
    if isinstance(record.value, Desk):
        applied = next((one for one in record.value.applied if one.message_id == action.cause), None)
        subject, references = _heads_of(office, applied)
    if applied is not None:
        pairs = [*pairs, *_answered_pairs(office, address, applied)]
    people = tuple(office.person_of(pair) for pair in pairs if pair.key.manager == address)
    if applied is not None:
        people = _named(office, address, applied) or people
    if pairs:
        first = pairs[0]
        reader = office.manager_of(first) if first.key.manager == address else office.person_of(first)
    return Letter(
        action=action,
        reader=reader,
        now=now,
        policy=office.policy,
        sender=office.sender,
        token=token,
        manager=reader,
        pairs=tuple(pairs),
        people=people,
        forms=tuple(forms),
        answered_subject=subject,
        answered_references=references,
        applied=applied,
        details=(("address", action.about[0]),) if action.variant == "alias" else (),
        kept_for=office.kept_for,
        stored_in=office.stored_in,
        counts_to=office.counts_to(address),
        leads=address in office.managers,
        introduces=action.to == address and firsts.must_be_told(office, address),
        parts=tuple(_part(office, one, token, now) for one in action.parts),
        thread=_day_thread(record, action, now) if action.parts else (),
    )


def _pairs_about(office: Office, manager: str, action: SendMail) -> tuple[list[Pair], list[tuple[str, OutboxEntry]]]:
    """Return the manager's pairs that a mail is about by its people or forms, and those forms with their pair's key."""
    pairs: list[Pair] = []
    forms: list[tuple[str, OutboxEntry]] = []
    keys = [due.key for due in office.store.pairs() if due.key.manager == manager] if action.about else []
    for pair in (office.store.load_pair(key) for key in keys):
        if pair is None:
            continue
        mine = [(str(pair.key), row) for row in pair.outbox if row.key in action.about]
        if mine or pair.key.person in action.about:
            pairs.append(pair)
            forms.extend(mine)
    if action.kind is MailKind.WELCOME:
        pairs.sort(key=lambda pair: action.about.index(pair.key.person))
    return pairs, forms


def _day_thread(record: Record, action: SendMail, now: datetime) -> tuple[OutboxEntry, ...]:
    """Return the joined mails that went to this person lately; those about the same day are one conversation."""
    return tuple(
        row
        for row in record.value.outbox
        if is_joined(row)
        and row.kind in JOINED
        and row.state in _WORDS_SENT
        and row.key != action.key
        and now - row.planned_at < _A_DAY_IS_TOLD
    )


def _part(office: Office, action: SendMail, token: str, now: datetime) -> Letter:
    """Return one part of a joined mail: the letter that it would have been alone, with the joined mail's token."""
    record = named_record(office.store, action.record)
    if record is None or not isinstance(record.value, Pair):
        msg = f"the pair {action.record} is gone"
        raise LookupError(msg)
    return _about_pair(office, record.value, action, token, now)


def _answered_pairs(office: Office, address: str, applied: Applied) -> list[Pair]:
    """Return the pairs that a mail to a desk changed; for `open` all that its sender manages."""
    found: list[Pair] = []
    for due in office.store.pairs():
        if address not in (due.key.manager, due.key.person):
            continue
        pair = office.store.load_pair(due.key)
        if pair is None:
            continue
        listed = "open" in applied.done and due.key.manager == address and pair.state is PairState.STARTED
        if listed or any(one.message_id == applied.message_id for one in pair.applied):
            found.append(pair)
    return found


def _named(office: Office, address: str, applied: Applied) -> tuple[Person, ...]:
    """Return the people whom the record of a mail names: those of a question, in its order, else all."""
    words = [word for entry in applied.done if entry.startswith("likely ") for word in entry.split()[1:]]
    words = words or sorted({word for entry in applied.done for word in entry.split() if "@" in word})
    found: list[Person] = []
    for word in dict.fromkeys(words):
        led, own = office.store.load_pair(PairKey(address, word)), office.store.load_pair(PairKey(word, address))
        if led is not None:
            found.append(office.person_of(led))
        elif own is not None:
            found.append(office.manager_of(own))
    return tuple(found)


def pair_of(office: Office, key: PairKey) -> Pair:
    """Return a pair that is known to exist."""
    pair = office.store.load_pair(key)
    if pair is None:
        msg = f"the pair {key} is gone"
        raise LookupError(msg)
    return pair
