"""Machine mail: it is never an answer, but a bounce, an absence and a calendar's reply say something about a person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from worker import ical
from worker.model import (
    Ask,
    AskReason,
    CalendarOperation,
    CheckInState,
    Desk,
    OutboxEntry,
    Outcome,
    Pair,
    PairKey,
    Person,
)
from worker.replies import dates, machine, written
from worker.tick import reading
from worker.tick.office import Office

if TYPE_CHECKING:
    from worker.tick.inbox import Letter
    from worker.tick.records import Record

_LONGEST_ABSENCE = timedelta(days=90)
_READ = 2_000
# "back on the 9th": the last day of the absence is the one before. en | de | fr | es | pt | it | nl
_BACK = re.compile(r"\b(?:back|return|zurück|wieder|retour|vuelta|regres|volto|rientr|torn|terug)", re.IGNORECASE)


def note(office: Office, letter: Letter, kind: Outcome, found: tuple[Record, OutboxEntry] | None) -> set[PairKey]:
    """Remember what a machine's mail says, and return the pairs that it concerns; `found` is the mail it answers."""
    if kind is Outcome.BOUNCE:
        return _bounced(office, letter)
    if kind is Outcome.CALENDAR:
        return _answered_in_calendar(office, letter)
    if kind is Outcome.AUTO_REPLY and found is not None:
        return _absent(office, letter, found[1])
    return set()


def _pairs_of(office: Office, address: str) -> set[PairKey]:
    return {due.key for due in office.store.pairs() if address in (due.key.manager, due.key.person)}


def _bounced(office: Office, letter: Letter) -> set[PairKey]:
    touched: set[PairKey] = set()
    for address in machine.failed_recipients(letter.received.raw):
        keys = _pairs_of(office, address)
        if not keys:
            continue
        desk = office.store.load_desk(address) or Desk(address)
        if desk.bounced_at is None:
            office.store.save_desk(replace(desk, bounced_at=letter.at))
        touched |= keys
    return touched


def _absent(office: Office, letter: Letter, row: OutboxEntry) -> set[PairKey]:
    """An out-of-office reply that names a day stops mail to its sender until then. `row` is the mail it answers."""
    person = office.somebody(row.to)
    if not person.owns(letter.sender):
        return set()
    # The days that our own mail names, in its subject and where it is quoted, say nothing about an absence.
    sent = reading.original(office, row.body)
    subject = letter.mail.subject.replace(sent.subject, "") if sent.subject else letter.mail.subject
    text = written.read(letter.mail, [written.Original(sent.plain or "", sent.html)]).text
    until = last_day_away(subject, text, letter.at, person)
    if until is None:
        return set()
    desk = office.store.load_desk(person.email) or Desk(person.email)
    if desk.away_until != until:
        office.store.save_desk(replace(desk, away_until=until))
    return _pairs_of(office, person.email)


def last_day_away(subject: str, text: str, now: datetime, person: Person) -> date | None:
    """Return the last day of the absence that an out-of-office reply names, None where it names none.

    The day on which the person is back says it best; else it is the latest day named.
    """
    moment = now.astimezone(ZoneInfo(person.timezone))
    last: list[date] = []
    before_back: list[date] = []
    for line in f"{subject}\n{text[:_READ]}".splitlines():
        for found in dates.find_when(line, reference=moment, language=person.language or "en"):
            day = _day(found.value)
            if day is None:
                continue
            back = _BACK.search(line[: found.end]) is not None
            day -= timedelta(days=back)
            if moment.date() <= day <= moment.date() + _LONGEST_ABSENCE:
                (before_back if back else last).append(day)
    return max(before_back or last, default=None)


def _day(value: date | datetime | Ask) -> date | None:
    """Return the day that a phrase means here: the end of a stretch ("until 20 Nov"), of two readings the nearer."""
    if not isinstance(value, Ask):
        return value.date() if isinstance(value, datetime) else value
    days = [one.date() if isinstance(one, datetime) else one for one in value.candidates]
    if not days:
        return None
    first, last = min(days), max(days)
    swapped = (first.day, first.month) == (last.month, last.day)  # "12/11", not a stretch
    return last if value.reason in (AskReason.VAGUE, AskReason.SEVERAL) and not swapped else first


def _answered_in_calendar(office: Office, letter: Letter) -> set[PairKey]:
    """A METHOD:REPLY that declines a check-in of ours: it is not made again, and the manager is told."""
    said = ical.parse_reply(letter.mail.calendar.encode()) if letter.mail.calendar else None
    if said is None or said.partstat != "DECLINED" or letter.sender != said.attendee:
        return set()
    touched: set[PairKey] = set()
    for key in _pairs_of(office, said.attendee):
        pair = office.store.load_pair(key)
        after = _declined(pair, said.uid) if pair is not None else None
        if after is not None and after != pair:
            office.store.save_pair(after, letter.at)
            touched.add(key)
    return touched


def _declined(pair: Pair, uid: str) -> Pair:
    return replace(
        pair,
        check_ins=tuple(
            replace(one, state=CheckInState.GONE, gone="declined")
            if one.uid == uid and one.state is CheckInState.WRITTEN and one.operation is not CalendarOperation.CANCEL
            else one
            for one in pair.check_ins
        ),
    )
