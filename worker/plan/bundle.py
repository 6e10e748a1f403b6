"""Several 1:1s on one day told as one: the mails that are joined, and how each pair sees its share of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from worker.model import Desk, MailKind, MeetingStatus, OutboxEntry, Pair, PairMail, PairState
from worker.workdays import Clock

JOINED = frozenset({MailKind.AGENDA, MailKind.FOLLOW_UP})
_HELD_BY_DESK = JOINED | {MailKind.RECEIPT}
_OFFER = "\t"


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


def keys_of(about: Iterable[str]) -> frozenset[str]:
    """Return the keys of the parts of a joined mail."""
    return frozenset(one.partition(_OFFER)[0] for one in about)


def with_shares(pair: Pair, desk: Desk) -> Pair:
    """Return the pair with its share of each joined mail as a row of its own, as if it had gone alone.

    The shares are for planning and for reading answers; they are never saved with the pair.
    """
    joined = [row for row in desk.outbox if row.kind in _HELD_BY_DESK and row.about]
    meetings = {meeting.id: meeting.id for meeting in pair.meetings}
    meetings |= {applied.message_id: applied.meeting for applied in pair.applied}
    shares = [share for row in joined for share in _shares(row, meetings)] if joined else []
    known = {row.key for row in pair.outbox}
    fresh = [share for share in shares if share.key not in known]
    if not fresh:
        return pair
    return replace(pair, outbox=tuple(sorted((*pair.outbox, *fresh), key=lambda row: row.planned_at)))


def _shares(row: OutboxEntry, meetings: Mapping[str, str]) -> list[OutboxEntry]:
    found: list[OutboxEntry] = []
    for one in row.about:
        key, _, offered = one.partition(_OFFER)
        name = key.split(" ")[1:2]
        if name and name[0] in meetings:
            proposal = datetime.fromisoformat(offered) if offered else None
            found.append(replace(row, key=key, meeting=meetings[name[0]], about=(), proposal=proposal))
    return found
