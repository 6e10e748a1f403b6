"""The digests: found out on Monday mornings, and cheap for the rest of the week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from worker import checkin
from worker.compose.letter import Count, Letter, Turn
from worker.errors import AccountError
from worker.meetings import status_of
from worker.model import Desk, Meeting, MeetingStatus, Pair, Person
from worker.plan import SendMail, Upcoming, digest
from worker.tick import desks, letters
from worker.tick.office import Office
from worker.tick.records import named_record
from worker.tick.report import Report
from worker.workdays import Clock

SLOT_MINUTES = 30
_USUAL_HOUR = time(10)
_OFFERED_TO = 3
_LOOK_AGAIN = timedelta(days=7)


def carry_on(office: Office, now: datetime, report: Report) -> None:
    """Send the digests that are due; when the next may be is remembered between ticks."""
    memory = office.memory
    if memory.digests_at is not None and now < memory.digests_at <= now + _LOOK_AGAIN:
        return
    later = [_of(office, address, now, report) for address in _readers(office)]
    memory.digests_at = min(later, default=now + _LOOK_AGAIN)


def upcoming(office: Office, now: datetime, until: datetime) -> list[Upcoming]:
    """Return the digests that will be due by `until` if nothing changes."""
    coming: list[Upcoming] = []
    for address in _readers(office):
        clock = clock_of(office, address, now)
        at = digest.next_look(now, clock)
        if at > until:
            continue
        seat = seat_of(office, office.store.load_desk(address) or Desk(address), clock)
        due = digest.plan_digests(at, seat).actions
        coming += [Upcoming(one.kind, address, at) for one in due if isinstance(one, SendMail)]
    return coming


def _readers(office: Office) -> list[str]:
    """Return everybody who may get a digest: managers, and those to whom they report."""
    return sorted({*office.managers, *office.reports_to.values(), *(pair.manager for pair in office.pairs)})


def _of(office: Office, address: str, now: datetime, report: Report) -> datetime:
    """Send one person's digests, and return when to look at them again."""
    clock = clock_of(office, address, now)
    desk = office.store.load_desk(address) or Desk(address)
    if digest.may_be_due(now, desk, clock):
        seat = seat_of(office, desk, clock)
        for action in digest.plan_digests(now, seat).actions:
            if isinstance(action, SendMail):
                _send(office, seat, action, now, report)
    return digest.next_look(now, clock)


def clock_of(office: Office, address: str, now: datetime) -> Clock:
    """Return a reader's clock: their zone by the configuration, else by their calendar."""
    known = office.managers.get(address) or office.people.get(address)
    if known is None or not known.timezone:
        first = next((due.key for due in office.store.pairs() if due.key.manager == address), None)
        pair = office.store.load_pair(first) if first else None
        if pair is not None:
            return office.clock(office.manager_of(pair), now)
    return office.clock(office.somebody(address), now)


def seat_of(office: Office, desk: Desk, clock: Clock) -> digest.Seat:
    """Return what the digests to one person look at."""
    return digest.Seat(
        desk=desk,
        clock=clock,
        pairs=pairs_of(office, desk.email),
        every={pair.key: pair.every for pair in office.pairs if pair.every is not None},
        counted=bool(office.reports_to.get(desk.email)),
        counts=desk.email in office.reports_to.values(),
    )


def pairs_of(office: Office, manager: str) -> tuple[Pair, ...]:
    """Return the pairs in which somebody is the manager."""
    keys = [due.key for due in office.store.pairs() if due.key.manager == manager]
    return tuple(pair for pair in (office.store.load_pair(key) for key in keys) if pair is not None)


def _send(office: Office, seat: digest.Seat, action: SendMail, now: datetime, report: Report) -> None:
    record = named_record(office.store, action.record)
    if record is None or record.row(action.key) is not None:
        return
    made = letters.letter(office, record, action, now)
    if action.variant == digest.MONTHLY:
        made = _monthly(office, seat, made, now)
        if not made.counts:
            return
    else:
        made = _weekly(office, seat, made, now)
    desks.deliver(office, action, made, now, report)


def _weekly(office: Office, seat: digest.Seat, made: Letter, now: datetime) -> Letter:
    """Return the letter with the pairs that it speaks of, who is due with free slots, and the counts that go up."""
    pairs = digest.followed(now, seat)
    details = [(cause, str(count)) for cause, count in digest.causes(now, pairs).items() if count]
    numbers = digest.read_numbers(made.action.about)
    if numbers is not None:
        first, last = digest.counted_days(seat.clock.day(made.action.at) + digest.WEEK)
        details += [("from", first.isoformat()), ("until", last.isoformat())]
    reader = office.manager_of(pairs[0]) if pairs else made.reader
    return replace(
        made,
        reader=reader,
        manager=reader,
        pairs=pairs,
        people=tuple(office.person_of(pair) for pair in pairs),
        turns=_turns(office, seat, pairs, now),
        details=tuple(details),
        counts=(_count(reader, numbers),) if numbers is not None else (),
    )


def _monthly(office: Office, seat: digest.Seat, made: Letter, now: datetime) -> Letter:
    """Return the letter with the counts of each manager who reports to its reader, as that manager saw them."""
    monday = seat.clock.day(made.action.at)
    days = digest.counted_days(monday)
    counts: list[Count] = []
    shown = True
    for address in sorted(one for one, boss in office.reports_to.items() if boss == seat.desk.email):
        desk = office.store.load_desk(address) or Desk(address)
        pairs = pairs_of(office, address)
        clock = clock_of(office, address, now)
        numbers = digest.told(desk, monday)
        if numbers is None and not digest.has_counts(pairs, days, clock):
            continue
        shown = shown and numbers is not None
        at = clock.at(monday - digest.WEEK, digest.HOUR)
        counts.append(_count(office.manager_of(pairs[0]), numbers or digest.numbers(pairs, days, at, clock)))
    details = [("from", days[0].isoformat()), ("until", days[1].isoformat())]
    if shown:
        details.append(("shown", "yes"))
    return replace(made, counts=tuple(counts), details=tuple(details))


def _count(manager: Person, numbers: digest.Numbers) -> Count:
    return Count(
        name=manager.full_name,
        held=numbers.held,
        planned=numbers.planned,
        confirmed=numbers.confirmed,
        cancelled=numbers.cancelled,
        kept=numbers.kept,
        came_back=numbers.came_back,
        waiting=numbers.waiting,
    )


def _turns(office: Office, seat: digest.Seat, pairs: tuple[Pair, ...], now: datetime) -> tuple[Turn, ...]:
    """Return who is due for a 1:1; those who waited longest come with free slots."""
    by_key = {pair.key: pair for pair in pairs}
    found: list[Turn] = []
    for place, turn in enumerate(digest.rotation(now, seat)):
        pair = by_key[turn.key]
        slots = free_slots(office, pair, now) if place < _OFFERED_TO else ()
        found.append(Turn(office.person_of(pair), turn.last, slots))
    return tuple(found)


def free_slots(office: Office, pair: Pair, now: datetime) -> tuple[datetime, ...]:
    """Return free slots of both on the next working days; none where the calendars cannot be read now."""
    try:
        around = letters.surroundings(office, pair, now)
    except AccountError:
        return ()
    return checkin.slots(last_or_usual(pair, around.clock, now), around, now)


def last_or_usual(pair: Pair, clock: Clock, now: datetime) -> Meeting:
    """Return the pair's last 1:1, whose time of day and length the next one takes; where none was, a usual one."""
    held = [one for one in pair.meetings if status_of(one, now) is MeetingStatus.HELD]
    if held:
        return max(held, key=lambda one: one.start)
    start = clock.at(clock.day(now), _USUAL_HOUR)
    return Meeting("", "", start, start + timedelta(minutes=SLOT_MINUTES))
