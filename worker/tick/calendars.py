"""Step one of a tick: what the calendars show, brought into the pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from worker.errors import AccountError
from worker.meetings import LeftAlone, OneOnOne, Reading, judge, match
from worker.model import (
    CalendarOperation,
    CalendarState,
    CheckInState,
    Meeting,
    MeetingStatus,
    Pair,
    PairKey,
    PairState,
)
from worker.providers import CalendarRead
from worker.tick import accounts, directory, letters
from worker.tick.office import Office
from worker.tick.report import Report

BACK = timedelta(days=7)
AHEAD = timedelta(days=75)
READ_AGAIN = timedelta(hours=6)
_AT_A_TIME = 64


def read_calendars(office: Office, now: datetime, report: Report) -> set[PairKey]:
    """Read every calendar that may have changed and return the pairs whose record changed by it."""
    due = _to_read(office, now, report)
    changed: set[PairKey] = set()
    # So many at a time, because a year of a busy organisation is more than should lie in memory at once.
    while some := dict(islice(due, _AT_A_TIME)):
        changed |= _take_in(office, some, now, report)
    return changed


def _to_read(office: Office, now: datetime, report: Report) -> Iterator[tuple[str, str]]:
    """Yield account and signature of each calendar that may have changed and may be asked."""
    for account, calendar in office.calendars.items():
        if not accounts.may_try(office, account, now):
            failing = accounts.still_failing(office, account)
            report.failed.extend([failing] if failing else [])
            continue
        try:
            signature = calendar.signature()
        except AccountError as error:
            _failed(office, account, error, now, report)
            continue
        if must_read(office, account, signature, now):
            yield account, signature


def _failed(office: Office, account: str, error: AccountError, now: datetime, report: Report) -> None:
    report.failed.append(accounts.failed(office, account, error, now))
    accounts.look_again(office)
    _forget(office, account)


def _take_in(office: Office, signatures: Mapping[str, str], now: datetime, report: Report) -> set[PairKey]:
    """Read these calendars, and bring the pairs up to what those show that changed."""
    window = (now - BACK, now + AHEAD)
    readings: dict[str, CalendarRead] = {}
    first: set[str] = set()
    empty: set[str] = set()
    for account, reading in _read_all(office, signatures, window):
        if isinstance(reading, AccountError):
            _failed(office, account, reading, now, report)
            continue
        state = office.store.load_calendar(account)
        if _is_as_before(office, account, reading, state, now):
            office.memory.read_at[account] = now
            office.store.save_calendar(replace(state or CalendarState(account), read_at=now))
            continue
        if state is None or state.first_read_at is None:
            first.add(account)
        readings[account] = _not_suddenly_empty(reading, state, account, now)
        if readings[account] is not reading:
            empty.add(account)
        office.memory.signatures[account] = signatures[account]
        office.memory.read_at[account] = now
    if not readings:
        return set()
    states = {
        due.key: _state(office, due.key)
        for due in office.store.pairs()
        if due.key.manager in readings or due.key.person in readings
    }
    found, left_alone = _judge_all(office, readings, states, now)
    changed = _match_all(office, found, readings, window, first, states, now)
    for account, reading in readings.items():
        _note_success(office, account, now, reading, left_alone[account], empty=account in empty)
    return changed


def _read_all(
    office: Office, signatures: Mapping[str, str], window: tuple[datetime, datetime]
) -> list[tuple[str, CalendarRead | AccountError]]:
    """Read these calendars; several at a time where they have no signature: those are far away."""

    def read(account: str) -> CalendarRead | AccountError:
        try:
            return office.calendars[account].read(*window)
        except AccountError as error:
            return error

    far = [account for account, signature in signatures.items() if not signature]
    if len(far) < 2 or office.at_once < 2:
        return [(account, read(account)) for account in signatures]
    with ThreadPoolExecutor(office.at_once) as pool:
        fetched = dict(zip(far, pool.map(read, far), strict=True))
    return [(account, fetched[account] if account in fetched else read(account)) for account in signatures]


def _is_as_before(
    office: Office, account: str, reading: CalendarRead, state: CalendarState | None, now: datetime
) -> bool:
    """Whether a calendar shows just what it showed when its pairs were last brought up to it; note what it shows."""
    shown = hash((reading.events, reading.problems, reading.complete))
    before, judged_at = office.memory.shown.get(account, (None, now))
    fresh = timedelta() <= now - judged_at < READ_AGAIN
    if before == shown and fresh and reading.events and state is not None and not state.trouble:
        return True
    office.memory.shown[account] = (shown, now)
    return False


def look_again(office: Office, keys: Iterable[PairKey]) -> None:
    """Take these pairs' calendars for changed: a mail may have changed what their events mean."""
    for key in keys:
        for account in (key.manager, key.person):
            _forget(office, account)


def _forget(office: Office, account: str) -> None:
    office.memory.signatures.pop(account, None)
    office.memory.shown.pop(account, None)


def _state(office: Office, key: PairKey) -> PairState:
    pair = office.store.load_pair(key)
    return pair.state if pair else PairState.FOUND


def must_read(office: Office, account: str, signature: str, now: datetime) -> bool:
    """Whether a calendar may show something else than when it was last read."""
    memory = office.memory
    last = memory.read_at.get(account)
    if last is None or last > now or now - last >= READ_AGAIN:
        return True
    if signature:
        return memory.signatures.get(account) != signature
    return now - last >= office.calendar_poll


def _not_suddenly_empty(
    reading: CalendarRead, state: CalendarState | None, account: str, now: datetime
) -> CalendarRead:
    if reading.events or state is None or state.last_end is None or state.last_end <= now:
        return reading
    text = (
        "is suddenly empty, so nothing is taken for cancelled: look whether it is still synchronised; "
        "if it is meant to be empty, put one event into it"
    )
    return replace(reading, problems=(*reading.problems, (account, text)), complete=False)


def _judge_all(
    office: Office, readings: dict[str, CalendarRead], states: dict[PairKey, PairState], now: datetime
) -> tuple[dict[PairKey, list[OneOnOne]], dict[str, dict[str, str]]]:
    for account in readings:
        directory.learn(office, account, now)
    world = office.world(states)
    found: dict[PairKey, list[OneOnOne]] = defaultdict(list)
    left_alone: dict[str, dict[str, str]] = {account: {} for account in readings}
    for account, reading in readings.items():
        owner = office.somebody(account)
        for event in reading.events:
            verdict = judge(event, owner, world)
            if isinstance(verdict, OneOnOne) and directory.learn(office, verdict.key.person, now):
                world = office.world(states)
                verdict = judge(event, owner, world)
            if isinstance(verdict, LeftAlone):
                left_alone[account][verdict.uid] = verdict.reason
            elif (
                office.store.is_erased(office.keys.marker(verdict.key.person))
                or verdict.key.person in office.memory.gone
            ):
                continue  # not even the name of the event is kept: calendars put addresses into it
            else:
                found[verdict.key].append(verdict)
    # A 1:1 that was declined or cancelled is none: it finds nobody.
    for key in [one for one in found if one not in states and one not in office.named]:
        if all(one.gone for one in found[key]):
            for one in found.pop(key):
                left_alone[one.calendar][one.event.uid] = one.gone
    return found, left_alone


def _match_all(  # the parts of one reading
    office: Office,
    found: dict[PairKey, list[OneOnOne]],
    readings: dict[str, CalendarRead],
    window: tuple[datetime, datetime],
    first: set[str],
    states: dict[PairKey, PairState],
    now: datetime,
) -> set[PairKey]:
    # What an incomplete reading does not show is looked for by itself; only a calendar that went empty says nothing.
    complete = frozenset(account for account, reading in readings.items() if reading.complete or reading.events)
    keys = set(states) | set(found)
    keys |= {
        key
        for key in office.named
        if key.manager in readings and not office.store.is_erased(office.keys.marker(key.person))
    }
    changed: set[PairKey] = set()
    for key in sorted(keys):
        pair = office.store.load_pair(key)
        known = pair or _new_pair(office, key, found.get(key, []), now)
        reading = Reading(tuple(found.get(key, ())), *window, complete, frozenset(first))
        if update(office, known, reading, now, is_new=pair is None):
            changed.add(key)
    return changed


def update(office: Office, pair: Pair, reading: Reading, now: datetime, *, is_new: bool = False) -> Pair | None:
    """Bring one pair up to a reading and save it; return the new record, or None where nothing changed."""
    clock = office.clock(office.manager_of(pair), now)
    after = match(_named(office, pair, reading.found), reading, now, clock)
    after = _told_gone(pair, _confirmed(office, pair, after, reading), reading.found)
    if after == pair and not is_new:
        return None
    return office.store.save_pair(after, now)


def _confirmed(office: Office, before: Pair, after: Pair, reading: Reading) -> Pair:
    """Return the pair with only those meetings cancelled whose event, looked for by itself, is gone or no 1:1 any more.

    An event can be absent from a window and alive: moved beyond it, or in a file that cannot be read just now.
    """
    earlier = {meeting.id: meeting for meeting in before.meetings if meeting.status is MeetingStatus.PLANNED}
    shown = {(one.event.uid, one.event.recurrence_id) for one in reading.found}
    meetings = tuple(
        _looked_for(office, after, earlier[meeting.id])
        if meeting.status is MeetingStatus.CANCELLED
        and meeting.id in earlier
        and (meeting.uid, meeting.recurrence_id) not in shown
        else meeting
        for meeting in after.meetings
    )
    return after if meetings == after.meetings else replace(after, meetings=meetings)


def _looked_for(office: Office, pair: Pair, meeting: Meeting) -> Meeting:
    calendar = office.calendars.get(meeting.calendar)
    if calendar is None:
        return replace(meeting, status=MeetingStatus.CANCELLED)
    try:
        event = calendar.find(meeting.uid, meeting.recurrence_id, meeting.start)
    except AccountError:
        return meeting
    verdict = judge(event, office.somebody(calendar.account), office.world({pair.key: pair.state})) if event else None
    if isinstance(verdict, OneOnOne) and verdict.key == pair.key and not verdict.gone:
        return replace(meeting, start=verdict.event.dtstart, end=verdict.event.dtend, moved_from=meeting.start)
    return replace(meeting, status=MeetingStatus.CANCELLED)


def _new_pair(office: Office, key: PairKey, found: Iterable[OneOnOne], now: datetime) -> Pair:
    named = office.named.get(key)
    kinds = [one.kind for one in found]
    started = named is not None or office.policy.start == "all"
    pair = Pair(
        key=key,
        kind=named.kind if named else directory.kind(office, key, kinds[0] if kinds else Pair(key).kind),
        state=PairState.STARTED if started else PairState.FOUND,
        found_at=now,
    )
    return replace(pair, mail=named.mail) if named else pair


def _named(office: Office, pair: Pair, found: Iterable[OneOnOne]) -> Pair:
    """Return the pair with what the configuration and the calendar say about it: names, kind, who gets mail."""
    named = office.named.get(pair.key)
    if named is not None:
        state = PairState.STARTED if pair.state is PairState.FOUND else pair.state
        pair = replace(pair, kind=named.kind, mail=named.mail, state=state)
    manager_name, person_name = pair.manager_name, pair.person_name
    for one in found:
        manager_name, person_name = one.names[0] or manager_name, one.names[1] or person_name
    known = office.people.get(pair.key.person) or office.managers.get(pair.key.person)
    manager = office.managers.get(pair.key.manager)
    return replace(
        pair,
        manager_name=(manager.name if manager else "") or manager_name,
        person_name=(known.name if known else "") or person_name,
    )


def _told_gone(before: Pair, after: Pair, found: Iterable[OneOnOne]) -> Pair:
    """Mark the check-ins whose event a person deleted or declined: they are not made again, and the manager is told."""
    was_planned = {meeting.id for meeting in before.meetings if meeting.status is MeetingStatus.PLANNED}
    lost = {
        meeting.uid
        for meeting in after.meetings
        if meeting.ours and meeting.id in was_planned and meeting.status is MeetingStatus.CANCELLED
    }
    ours = {one.uid for one in before.check_ins if one.operation is CalendarOperation.CANCEL}
    declined = {one.event.uid for one in found if one.gone.startswith("declined")}
    return replace(
        after,
        check_ins=tuple(
            replace(one, state=CheckInState.GONE, gone="declined" if one.uid in declined else "deleted")
            if one.uid in lost - ours
            and one.state is CheckInState.WRITTEN
            and one.operation is not CalendarOperation.CANCEL
            else one
            for one in after.check_ins
        ),
    )


def read_ahead(office: Office, pair: Pair, now: datetime, until: datetime | None = None) -> Pair:
    """Read the manager's calendar far ahead, and at least until `until`, and return the pair brought up to it.

    Done before a form is written and before any write. Raises AccountError.
    """
    calendar = office.calendars.get(pair.key.manager)
    if calendar is None:
        return pair
    end = max(letters.far_ahead(pair, now), until or now)
    reading = calendar.read(now - BACK, end)
    states = {pair.key: pair.state}
    found, _ = _judge_all(office, {pair.key.manager: reading}, states, now)
    one = Reading(
        tuple(found.get(pair.key, ())),
        now - BACK,
        end,
        frozenset({pair.key.manager} if reading.complete and reading.events else ()),
    )
    return update(office, pair, one, now) or pair


def _note_success(
    office: Office, account: str, now: datetime, reading: CalendarRead, left_alone: dict[str, str], *, empty: bool
) -> None:
    before = office.store.load_calendar(account) or CalendarState(account)
    state = accounts.in_trouble(before, accounts.EMPTY, now) if empty else accounts.went_well(before)
    if state.trouble != before.trouble:
        accounts.look_again(office)
    last_end = max((event.dtend for event in reading.events), default=None)
    office.store.save_calendar(
        replace(
            state,
            retry_at=None,
            first_read_at=state.first_read_at or now,
            read_at=now,
            problems=reading.problems,
            left_alone=tuple(sorted(left_alone.items())),
            events=len(reading.events),
            last_end=last_end if reading.complete else state.last_end,
        )
    )
