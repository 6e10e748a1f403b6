"""One tick: facts come in, a pure plan says what is due, effects go out one by one. The only place where both meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.compose.letter import Letter
from worker.errors import AccountError, BusyError
from worker.meetings import LeftAlone, judge
from worker.model import (
    Busy,
    Desk,
    MailKind,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Pair,
    PairKey,
)
from worker.plan import Action, Plan, SendMail, SkipMail, Snapshot, Upcoming, WriteCalendar, gather, plan
from worker.plan.pair import ASK_TOPICS
from worker.tick import accounts, between, bundles, decisions, desks, digests, letters, moves, retention, troubles
from worker.tick.calendars import look_again, must_read, read_ahead, read_calendars
from worker.tick.dry import rehearsal
from worker.tick.inbox import read_inbox
from worker.tick.office import Memory, NamedPair, Office
from worker.tick.outbox import OPEN, Outbox
from worker.tick.records import Record, named_record, save, with_row
from worker.tick.report import Failed, Report

__all__ = ["Memory", "NamedPair", "Office", "Report", "snapshot", "tick", "upcoming"]

LOCK_SECONDS = 10.0
_ROUNDS = 6
_FORM_IS_NEAR = timedelta(days=4)
_ABSENCES_AHEAD = timedelta(days=14)
_BEAT_EVERY = timedelta(minutes=1)
_A_FORM_WAITS = timedelta(hours=2)
_ABOUT_WHAT_IS_SHOWN = (MailKind.TOPICS, MailKind.AGENDA, MailKind.FOLLOW_UP)


def tick(office: Office, now: datetime, *, dry_run: bool = False) -> Report:
    """Do everything that is due at `now` (aware) and say what was done.

    With `dry_run` the same is played on a copy that is thrown away. An error of one account, event or mail is in the
    report's `failed`, and the rest goes on; DataDamagedError and what else concerns all of the data is raised.
    """
    if dry_run:
        return _tick(rehearsal(office), now)
    try:
        if _is_idle(office, now):
            return _report_of_idleness(office, now)
        with office.store.lock(LOCK_SECONDS):
            return _tick(office, now)
    except BusyError:
        return Report(now, busy=True)


def _tick(office: Office, now: datetime) -> Report:
    report = Report(now)
    office.memory.away.clear()
    if not office.memory.planned_all:
        moves.carry_on(office, now)
    changed = read_calendars(office, now, report)
    answered = read_inbox(office, now, report)
    look_again(office, answered)
    pending = changed | answered | _due(office, now)
    for _ in range(_ROUNDS):
        if not pending:
            break
        pending = _round(office, pending, now, report)
    troubles.carry_on(office, now, report)
    desks.carry_on(office, now, report)
    digests.carry_on(office, now, report)
    retention.carry_on(office, now)
    report.next_due = _earliest(office)
    office.store.heartbeat("tick", now)
    office.memory.beat_at = now
    return report


def _is_idle(office: Office, now: datetime) -> bool:
    """Whether a resident worker has nothing to do: no file changed, nothing due; found out by listing folders alone."""
    memory = office.memory
    if not memory.planned_all or memory.desks != set() or not memory.mailbox:
        return False
    if memory.digests_at is None or memory.digests_at <= now:
        return False
    if any(at is not None and at <= now for at in (memory.purge_at, memory.troubles_at)):
        return False
    first = _first_due(office)
    if first is not None and first <= now:
        return False
    try:
        if office.mailbox.signature() != memory.mailbox:
            return False
        return not any(
            must_read(office, account, calendar.signature(), now) for account, calendar in office.calendars.items()
        )
    except AccountError:
        return False


def _report_of_idleness(office: Office, now: datetime) -> Report:
    if office.memory.beat_at is None or not timedelta(0) <= now - office.memory.beat_at < _BEAT_EVERY:
        office.store.heartbeat("tick", now)
        office.memory.beat_at = now
    return Report(now, next_due=_earliest(office))


def _earliest(office: Office) -> datetime | None:
    moments = (_first_due(office), office.memory.digests_at, office.memory.troubles_at)
    return min((at for at in moments if at is not None), default=None)


def _first_due(office: Office) -> datetime | None:
    """Return when the first pair is due. The store gives the same tuple for as long as nothing changes."""
    pairs = office.store.pairs()
    listed, first = office.memory.first_due
    if listed is not pairs:
        first = min((due.next_due for due in pairs if due.next_due is not None), default=None)
        office.memory.first_due = (pairs, first)
    return first


def _due(office: Office, now: datetime) -> set[PairKey]:
    """Return the pairs that may have something due; at a process's first tick all, since policy may have changed."""
    first = not office.memory.planned_all
    office.memory.planned_all = True
    return {due.key for due in office.store.pairs() if first or (due.next_due is not None and due.next_due <= now)}


def _round(office: Office, keys: set[PairKey], now: datetime, report: Report) -> set[PairKey]:
    """Carry on open mails, plan these pairs, act; return the pairs for which acting made something new due."""
    actions: list[Action] = []
    plans: dict[PairKey, Plan] = {}
    settled: set[PairKey] = set()
    for key in sorted(keys):
        decisions.decide_wishes(office, key, now, report)
        record = named_record(office.store, str(key))
        if record is None:
            continue
        _carry_on(office, record, now, report)
        found = snapshot(office, key, now)
        if found is None:
            continue
        plans[key] = plan(now, found, office.policy)
        actions.extend(plans[key].actions)
        if not plans[key].actions:
            # While its record is at hand: a start looks at every pair.
            office.store.set_due(key, _next_due(office, key, plans.pop(key), now))
            settled.add(key)
    acted: set[PairKey] = set()
    actions = bundles.ready(office, actions)
    for action in gather(actions, bundles.starts(office, actions)):
        if _act(office, action, now, report):
            acted.update(bundles.pairs_of(action))
    for key in keys - acted - settled:
        office.store.set_due(key, _next_due(office, key, plans.get(key), now))
    return acted


def _next_due(office: Office, key: PairKey, made: Plan | None, now: datetime) -> datetime | None:
    pair = office.store.load_pair(key)
    moments = [made.next_due] if made is not None and made.next_due is not None else []
    moments.extend(
        max(row.next_attempt_at or now, now + timedelta(seconds=1))
        for row in (pair.outbox if pair else ())
        if row.state in OPEN
    )
    moments.extend(
        check_in.next_attempt_at
        for check_in in (pair.check_ins if pair else ())
        if check_in.next_attempt_at is not None and check_in.next_attempt_at > now
    )
    for meeting in pair.meetings if pair else ():
        if meeting.status is MeetingStatus.PLANNED:
            moments.extend(moment for moment in (meeting.start, meeting.end) if moment > now)
    if made is not None and made.actions:
        moments.append(now + timedelta(minutes=1))  # what could not be done now is looked at again
    return min(moments, default=None)


def snapshot(office: Office, key: PairKey, now: datetime) -> Snapshot | None:
    """Return what the plan of a pair looks at; None where the pair is gone."""
    pair = office.store.load_pair(key)
    if pair is None:
        return None
    manager, person = office.manager_of(pair), office.person_of(pair)
    days_off = office.days_off(now)
    found = Snapshot(
        pair=pair,
        manager=manager,
        person=person,
        manager_desk=office.store.load_desk(key.manager) or Desk(key.manager),
        person_desk=office.store.load_desk(key.person) or Desk(key.person),
        manager_holidays=days_off,
        person_holidays=days_off,
        manager_away=_away(office, key.manager, now),
        person_away=_away(office, key.person, now),
    )
    found = bundles.with_full_days(office, found, now)
    calendar = accounts.calendar(office, key.manager, now)
    ended = [
        meeting
        for meeting in pair.meetings
        if meeting.status is MeetingStatus.PLANNED
        and now - _FORM_IS_NEAR <= meeting.end <= now
        and not any(row.meeting == meeting.id and row.kind is MailKind.FOLLOW_UP for row in pair.outbox)
    ]
    if calendar is None or not ended:
        return found
    try:
        busy = calendar.busy(key.manager, min(meeting.start for meeting in ended), now + timedelta(days=1))
    except AccountError:
        return found  # the form then waits for no gap; the reading of the calendar has told of the fault
    return replace(found, busy=busy or ())


def _away(office: Office, address: str, now: datetime) -> tuple[Busy, ...]:
    """Return somebody's absences as far as we read their calendar. Asked once a tick: nothing of ours adds any."""
    asked_at, known = office.memory.away.get(address, (None, ()))
    if asked_at == now:
        return known
    calendar = accounts.calendar(office, address, now)
    try:
        busy = calendar.busy(address, now, now + _ABSENCES_AHEAD) if calendar else None
    except AccountError:
        busy = None  # the reading of the calendar has told of the fault
    known = tuple(one for one in busy or () if one.away)
    office.memory.away[address] = (now, known)
    return known


def upcoming(office: Office, now: datetime, until: datetime) -> list[tuple[PairKey, Upcoming]]:
    """Return the mails that will be due by `until` if nothing changes."""
    coming: list[tuple[PairKey, Upcoming]] = []
    for due in office.store.pairs():
        found = snapshot(office, due.key, now)
        if found is None:
            continue
        made = plan(now, found, office.policy)
        coming.extend((due.key, one) for one in made.upcoming if one.at <= until)
        coming.extend(
            (due.key, Upcoming(one.kind, one.to, one.at, one.meeting))
            for one in made.actions
            if isinstance(one, SendMail)
        )
    return sorted(coming, key=lambda entry: (entry[1].at, entry[1].to))


# -------------------------------------------------------------------------------------------------------------- effects


def _carry_on(office: Office, record: Record, now: datetime, report: Report) -> None:
    """Bring what an earlier tick left open to its end, before anything new is begun."""
    outbox = Outbox(office, now, report)
    for row in record.value.outbox:
        if row.state in OPEN:
            outbox.carry_on(record, row)


def _act(office: Office, action: Action, now: datetime, report: Report) -> bool:
    """Do one action; whether something changed that may make another one due."""
    if isinstance(action, WriteCalendar):
        decisions.write(office, action, now, report)
        return True
    if isinstance(action, SkipMail):
        _close(office, action, now)
        return True
    return _send(office, action, now, report)


def _close(office: Office, action: SkipMail, now: datetime) -> None:
    record = named_record(office.store, action.record)
    if record is not None and record.row(action.key) is None:
        row = OutboxEntry(
            key=action.key,
            kind=action.kind,
            to=action.to,
            planned_at=now,
            state=OutboxState.GAVE_UP,
            meeting=action.meeting,
            error=action.reason,
        )
        save(office.store, with_row(record, row), now)


def _send(office: Office, action: SendMail, now: datetime, report: Report) -> bool:
    record = named_record(office.store, action.record)
    if record is None or record.row(action.key) is not None:
        return False
    asks = all(_may_ask(office, *part, now) for part in bundles.parts_of(office, record, action))
    if not asks and not _is_overdue_form(record, action, now):
        return False  # the reading of the calendar has told of the fault; the mail waits for it
    try:
        if asks and action.kind is MailKind.FOLLOW_UP and isinstance(record.value, Pair):
            record = Record(record.name, read_ahead(office, record.value, now))
        if asks and not all(_still_stands(office, *part) for part in bundles.parts_of(office, record, action)):
            # The calendar says something else than when it was read: it is read again at the next tick.
            if isinstance(record.value, Pair):
                look_again(office, [record.value.key])
                office.memory.read_at.pop(record.value.key.manager, None)
            return False
        made_from = letters.letter(office, record, action, now)
        if isinstance(record.value, Pair):
            made_from = replace(made_from, details=_details(office, record.value, action, now))
        elif action.parts:
            details = [
                _details(office, letters.pair_of(office, part.pair), part, now) for part in action.parts if part.pair
            ]
            made_from = bundles.with_details(made_from, details)
            action = bundles.with_offers(action, [_offered(part) for part in made_from.parts])
    except AccountError as error:
        report.failed.append(Failed(f"send {action.kind} to {action.to}", str(error), now + timedelta(minutes=1)))
        return False
    composed = letters.composed(office, made_from)
    action = bundles.with_asked(action, composed.asked)
    bundles.note_topics(office, action, composed.numbers, now)
    Outbox(office, now, report).deliver(record, action, composed, made_from.token, _offered(made_from))
    if action.pair is None:
        office.memory.look_at(action.record)
    return True


def _offered(made_from: Letter) -> datetime | None:
    """Return the slot that `ok` takes in answer to this mail: the one proposed, or what the calendar holds already."""
    if made_from.proposal is not None or made_from.action.kind not in (MailKind.FOLLOW_UP, MailKind.REMINDER):
        return made_from.proposal
    return made_from.next_meeting.start if made_from.next_meeting is not None else None


def _details(office: Office, pair: Pair, action: SendMail, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the closed-word facts that the composer cannot find in the pair."""
    found = snapshot(office, pair.key, now)
    if found is None:
        return ()
    desk = found.person_desk
    details: list[tuple[str, str]] = []
    if action.kind is MailKind.AGENDA:
        meeting = pair.meeting(action.meeting)
        clock = office.clock(found.manager, now)
        details.extend(
            ("away" if found.said_to_be_away(address, meeting, clock) else "absent", address)
            for address in (pair.key.manager, pair.key.person)
            if meeting is not None and address != action.to and found.is_absent(address, meeting, clock)
        )
        details.extend((word, "yes") for word in action.about if word == ASK_TOPICS)
        details.extend(("form-open", word) for word in action.about if word[:1].isdigit())
    if action.kind in (MailKind.FOLLOW_UP, MailKind.RECEIPT, MailKind.QUESTION, MailKind.REMINDER) and (
        desk.stopped_at is not None or desk.bounced_at is not None
    ):
        details.append(("other-gets-none", "yes"))
    if action.kind in (MailKind.RECEIPT, MailKind.RECAP):
        details.extend(between.details(found, action, office.policy, now))
    if action.kind is MailKind.NOTICE:
        details.extend((("name", found.person.full_name), ("address", pair.key.person)))
        details.extend(("date", word) for word in action.about if word[:2] == "20")
        details.extend(("times", word) for word in action.about if word.isdigit() and len(word) < 3)  # no year
    return tuple(details)


def _may_ask(office: Office, record: Record, action: SendMail, now: datetime) -> bool:
    """Whether the calendar that this mail is about may be asked now."""
    pair = record.value
    meeting = pair.meeting(action.meeting) if isinstance(pair, Pair) and action.kind in _ABOUT_WHAT_IS_SHOWN else None
    return meeting is None or accounts.may_try(office, meeting.calendar, now)


def _is_overdue_form(record: Record, action: SendMail, now: datetime) -> bool:
    """Whether this is a form that has waited long enough for a calendar in trouble: it goes without a proposal."""
    pair = record.value
    if not isinstance(pair, Pair) or action.kind is not MailKind.FOLLOW_UP:
        return False
    meeting = pair.meeting(action.meeting)
    return meeting is not None and now - meeting.end >= _A_FORM_WAITS


def _still_stands(office: Office, record: Record, action: SendMail) -> bool:
    """Read the meeting's event once more just before a mail about what is to come goes out."""
    pair = record.value
    if not isinstance(pair, Pair) or action.kind not in _ABOUT_WHAT_IS_SHOWN:
        return True
    meeting = pair.meeting(action.meeting)
    calendar = office.calendars.get(meeting.calendar) if meeting else None
    if meeting is None or calendar is None:
        return meeting is not None
    event = calendar.find(meeting.uid, meeting.recurrence_id, meeting.start)
    if event is None or event.dtstart != meeting.start:
        return False
    verdict = judge(event, office.somebody(calendar.account), office.world({pair.key: pair.state}))
    return not isinstance(verdict, LeftAlone) and verdict.key == pair.key and not verdict.gone
