"""Several 1:1s on one day told as one: the mails that are joined, and how each pair sees its share of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from worker.model import Desk, MailKind, MeetingStatus, OutboxEntry, Pair, PairMail, PairState
from worker.workdays import Clock

JOINED = frozenset({MailKind.AGENDA, MailKind.FOLLOW_UP})
ANSWERS = frozenset({MailKind.RECEIPT, MailKind.QUESTION})
_HELD_BY_DESK = JOINED | ANSWERS
_OFFER = "\t"
_ASKED_PARTS = 3


def full_days(pairs: Iterable[Pair], clock: Clock, least: int) -> dict[date, datetime]:
    """Return the manager's days with `least` 1:1s or more, each with the end of its last; none where `least` is 0."""
    ends: dict[date, list[datetime]] = {}
    for pair in pairs if least else ():
        if pair.state is not PairState.STARTED or pair.mail is PairMail.NONE:
            continue
        for meeting in pair.meetings:
            if meeting.status is MeetingStatus.PLANNED and not meeting.history:
                ends.setdefault(clock.day(meeting.start), []).append(meeting.end)
    return {day: max(found) for day, found in ends.items() if len(found) >= least > 0}


def share_of(key: str, offered: datetime | None) -> str:
    """Return what a joined mail's row remembers of one of its parts: its key, and the slot that `ok` takes there."""
    return key if offered is None else f"{key}{_OFFER}{offered.isoformat()}"


def asked_of(key: str, person: str, first: int, last: int) -> str:
    """Return what a joined question's row remembers of one person who is asked about: which numbers are theirs."""
    return f"{key}{_OFFER}{person}{_OFFER}{first}{_OFFER}{last}"


def asked_in(row: OutboxEntry) -> dict[str, range]:
    """Return whom a joined question asks about, each with the numbers of the choices that are theirs."""
    entries = [one.split(_OFFER) for one in row.about if one.count(_OFFER) == _ASKED_PARTS]
    return {person: range(int(first), int(last) + 1) for _, person, first, last in entries}


def is_joined(row: OutboxEntry) -> bool:
    """Whether a mail at a desk is about several pairs and names its parts."""
    return any(one.startswith(f"{row.kind} ") for one in row.about)


def keys_of(about: Iterable[str]) -> frozenset[str]:
    """Return the keys of the parts of a joined mail."""
    return frozenset(one.partition(_OFFER)[0] for one in about)


def with_shares(pair: Pair, desk: Desk) -> Pair:
    """Return the pair with its share of each joined mail as a row of its own, as if it had gone alone.

    The shares are for planning and for reading answers; they are never saved with the pair.
    """
    joined = [row for row in desk.outbox if row.kind in _HELD_BY_DESK and row.about]
    if not joined:
        return pair
    meetings = {meeting.id: meeting.id for meeting in pair.meetings}
    meetings |= {applied.message_id: applied.meeting for applied in pair.applied}
    shares = [share for row in joined for share in _shares(row, meetings, pair.key.person)]
    known = {row.key for row in pair.outbox}
    fresh = [share for share in shares if share.key not in known]
    if not fresh:
        return pair
    return replace(pair, outbox=tuple(sorted((*pair.outbox, *fresh), key=lambda row: row.planned_at)))


def _shares(row: OutboxEntry, meetings: Mapping[str, str], person: str) -> list[OutboxEntry]:
    found: dict[str, OutboxEntry] = {}
    mine = asked_in(row).get(person)
    choices = row.choices[mine.start - 1 : mine.stop - 1] if mine else ()
    for one in row.about:
        key, *more = one.split(_OFFER)
        name = key.split(" ")[1:2]
        if name and name[0] in meetings:
            proposal = datetime.fromisoformat(more[0]) if len(more) == 1 else None
            share = replace(row, key=key, meeting=meetings[name[0]], about=(), proposal=proposal, choices=choices)
            found.setdefault(key, share)
    return list(found.values())
