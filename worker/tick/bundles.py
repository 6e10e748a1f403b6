"""A day with several 1:1s, told to the manager as one: what the tick looks up and writes down for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from worker.apply.topics import stood_in
from worker.compose.letter import Letter
from worker.model import CheckInState, Desk, MailKind, OutboxEntry, Pair, PairKey
from worker.plan import Action, SendMail, Snapshot
from worker.plan.bundle import ANSWERS, asked_in, asked_of, full_days, share_of, with_shares
from worker.tick.office import Office
from worker.tick.records import Record, named_record

_BARE = re.compile(r"\s*#?(\d{1,2})\s*[.)!]*\s*")


def with_full_days(office: Office, found: Snapshot, now: datetime) -> Snapshot:
    """Return the snapshot with the pair's share of joined mails, and the manager's days that are told as one."""
    pair = with_shares(found.pair, found.manager_desk)
    found = replace(found, pair=pair) if pair is not found.pair else found
    least = office.policy.bundle_from
    if least < 2:
        return found
    manager = found.pair.key.manager
    return replace(found, full_days=full_days(_pairs(office, manager), office.clock(found.manager, now), least))


def ready(office: Office, actions: Iterable[Action]) -> list[Action]:
    """Return the actions without the answers to a mail of which a part still waits for the calendar.

    One mail gets one answer: what is clear about one person waits until it is known what becomes of the others' dates.
    """
    found = list(actions)
    answering = [one for one in found if isinstance(one, SendMail) and one.kind in ANSWERS and one.pair is not None]
    waiting = {
        check_in.source
        for manager in {one.pair.manager for one in answering if one.pair is not None}
        for pair in _pairs(office, manager)
        for check_in in pair.check_ins
        if check_in.state is CheckInState.WISHED
    }
    held = [one for one in answering if one.cause in waiting]
    return [one for one in found if one not in held]


def starts(office: Office, actions: Iterable[Action]) -> dict[str, datetime]:
    """Return when the 1:1s begin whose mails may be joined: nothing where none are."""
    if office.policy.bundle_from < 2:
        return {}
    about: dict[PairKey, set[str]] = {}
    for one in actions:
        if isinstance(one, SendMail) and one.pair is not None:
            about.setdefault(one.pair, set()).add(one.meeting)
    found: dict[str, datetime] = {}
    # One pair at a time: all of an organisation's are more than should lie in memory.
    for key, meetings in sorted(about.items()):
        pair = office.store.load_pair(key)
        found |= {meeting.id: meeting.start for meeting in (pair.meetings if pair else ()) if meeting.id in meetings}
    return found


def pairs_of(action: Action) -> set[PairKey]:
    """Return the pairs that an action is about."""
    parts = action.parts if isinstance(action, SendMail) else ()
    found = {action.pair, *(part.pair for part in parts)}
    return {key for key in found if key is not None}


def parts_of(office: Office, record: Record, action: SendMail) -> Iterator[tuple[Record, SendMail]]:
    """Yield the action with its record, or each part of a joined mail with the record of its pair."""
    if not action.parts:
        yield record, action
    for part in action.parts:
        own = named_record(office.store, part.record)
        if own is not None:
            yield own, part


def with_details(made_from: Letter, details: Sequence[tuple[tuple[str, str], ...]]) -> Letter:
    """Return the letter of a joined mail with the details of each part."""
    parts = [replace(part, details=more) for part, more in zip(made_from.parts, details, strict=True)]
    return replace(made_from, parts=tuple(parts))


def with_offers(action: SendMail, offers: Sequence[datetime | None]) -> SendMail:
    """Return the joined mail's action with the slot that `ok` takes for each of its parts."""
    about = (
        [action.key]
        if action.kind in ANSWERS
        else [share_of(part.key, offered) for part, offered in zip(action.parts, offers, strict=True)]
    )
    return replace(action, about=tuple(about))


def with_asked(action: SendMail, asked: Sequence[tuple[str, int]]) -> SendMail:
    """Return a joined question's action with the numbers that are about each person who is asked about."""
    about, last = list(action.about), 0
    for person, count in asked:
        about.append(asked_of(action.key, person, last + 1, last + count))
        last += count
    return replace(action, about=tuple(about))


def own_numbers(row: OutboxEntry, person: str, lines: Iterable[str]) -> list[str]:
    """Return lines with the numbers of a joined question as they count among the choices of this person alone.

    A number that is a choice of somebody else's settles nothing: it must not pass for one of theirs.
    """
    mine = asked_in(row).get(person, range(0))
    found: list[str] = []
    for line in lines:
        match = _BARE.fullmatch(line)
        number = int(match[1]) if match else 0
        if number in mine:
            found.append(str(number - mine.start + 1))
        else:
            found.append(f"{number}?" if 0 < number <= len(mine) else line)
    return found


def unnamed_choice(row: OutboxEntry, person: str, line: str, *, is_day: bool) -> bool:
    """Whether a line below no name is this person's: a number of theirs, or a day where nobody else is asked about."""
    asked = asked_in(row)
    match = _BARE.fullmatch(line)
    return int(match[1]) in asked.get(person, range(0)) if match else is_day and list(asked) == [person]


def note_topics(office: Office, action: SendMail, numbers: tuple[str, ...], now: datetime) -> None:
    """Mark the topics that stand in a joined agenda, before it goes; marking them twice changes nothing."""
    for part in action.parts if action.kind is MailKind.AGENDA else ():
        pair = office.store.load_pair(part.pair) if part.pair is not None else None
        if pair is None:
            continue
        day = now.astimezone(ZoneInfo(office.manager_of(pair).timezone)).date()
        marked = stood_in(pair, part.meeting, numbers, day)
        if marked is not pair:
            office.store.save_pair(marked, now)


def shared_pairs(office: Office, manager: str) -> list[Pair]:
    """Return the manager's pairs, each with its share of the mails that went for several of them."""
    desk = office.store.load_desk(manager) or Desk(manager)
    return [with_shares(pair, desk) for pair in _pairs(office, manager)]


def _pairs(office: Office, manager: str) -> list[Pair]:
    found = [office.store.load_pair(due.key) for due in office.store.pairs() if due.key.manager == manager]
    return [pair for pair in found if pair is not None]
