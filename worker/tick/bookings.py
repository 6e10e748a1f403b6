"""A slot that a digest offers, taken by its number: the 1:1 goes into both calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from worker.compose.digest import SLOT
from worker.meetings import status_of
from worker.model import (
    Applied,
    CheckIn,
    CheckInState,
    Desk,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    Outcome,
    Pair,
    PairKey,
)
from worker.tick import reading
from worker.tick.office import Office
from worker.tick.records import Record

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

OFFER = "offer "
_LENGTH = timedelta(minutes=30)


def book(
    office: Office, letter: Letter, desk: Desk, row: OutboxEntry
) -> tuple[Outcome, Record | None, set[PairKey]] | None:
    """Book the slots whose numbers the answer names; None where it names none, or says something else beside them."""
    chosen = _chosen(office, letter, desk, row)
    if not chosen:
        return None
    changed: set[PairKey] = set()
    record: Record | None = None
    for person, moment in chosen.items():
        pair = office.store.load_pair(PairKey(desk.email, person))
        if pair is None:
            continue
        if all(one.message_id != letter.message_id for one in pair.applied):
            # One mail is answered once: where two slots are booked, the first pair's receipt says so.
            pair = office.store.save_pair(_booked(pair, letter, row, moment, receipt=not changed), letter.at)
        changed.add(pair.key)
        record = record or Record(str(pair.key), pair)
    return Outcome.ANSWER, record, changed


def _chosen(office: Office, letter: Letter, desk: Desk, row: OutboxEntry) -> dict[str, datetime]:
    """Return whose slot was chosen and when it is; nothing where the answer says more than numbers of slots."""
    said = reading.commands(office, letter, office.somebody(desk.email), (), row)
    found: dict[str, datetime] = {}
    for command in said.commands:
        for number in command.numbers:
            words = row.numbers[number - 1].split(" ") if 1 <= number <= len(row.numbers) else []
            if command.verb != "choose" or len(words) != 3 or words[0] != SLOT:
                return {}
            found[words[1]] = datetime.fromisoformat(words[2])
    return found


def _booked(pair: Pair, letter: Letter, row: OutboxEntry, moment: datetime, *, receipt: bool) -> Pair:
    meeting = f"{OFFER}{row.key}"
    known = [one for one in pair.check_ins if one.meeting == meeting]
    earlier = tuple(
        replace(one, state=CheckInState.REPLACED)
        if one.meeting == meeting and one.state in (CheckInState.WISHED, CheckInState.ASKED)
        else one
        for one in pair.check_ins
    )
    again = any(one.wish == moment and one.state is not CheckInState.GONE for one in known)
    wished = CheckIn(meeting, letter.message_id, len(known), CheckInState.WISHED, wish=moment, timed=True)
    applied = Applied(
        letter.message_id,
        letter.at,
        pair.key.manager,
        Outcome.ANSWER,
        row=row.key,
        digest=letter.digest,
        meeting=meeting,
        receipt=receipt,
    )
    return replace(pair, check_ins=earlier if again else (*earlier, wished), applied=(*pair.applied, applied))


def answered(pair: Pair, check_in: CheckIn, now: datetime) -> Meeting | None:
    """Return what stands for the meeting that was answered: for an offer the pair's last 1:1, or one of half an hour.

    The new one takes its title, its length and its place.
    """
    found = pair.meeting(check_in.meeting)
    if found is not None or not check_in.meeting.startswith(OFFER) or check_in.wish is None:
        return found
    held = [one for one in pair.meetings if status_of(one, now) is MeetingStatus.HELD]
    if held:
        return replace(max(held, key=lambda one: one.start), id=check_in.meeting)
    start = min(check_in.wish, now) - timedelta(days=1)
    return Meeting(check_in.meeting, "", start, start + _LENGTH, tzid=str(check_in.wish.tzinfo or "UTC"))
