"""Notices that a command puts into somebody's outbox: private notes were read, a person was handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker.model import MailKind, Pair, PairKey
from worker.plan import SendMail
from worker.tick import LOCK_SECONDS, Office
from worker.tick.letters import composed, letter
from worker.tick.outbox import Outbox
from worker.tick.records import named_record
from worker.tick.report import Report


def tell_manager(office: Office, key: PairKey, now: datetime) -> None:
    """Tell a manager that their private notes were read on the command line, once a day for each person.

    Durable before anything is shown: who reads private notes cannot prevent that it is told. Raises BusyError.
    """
    person = office.person_of(office.store.load_pair(key) or Pair(key))
    day = now.astimezone(office.clock(office.somebody(key.manager), now).zone).date()
    reason = f"Your private notes about {person.full_name} were shown on the command line of this worker."
    details = (("name", person.full_name), ("date", day.isoformat()), ("reason", reason))
    with office.store.lock(LOCK_SECONDS):
        tell(office, key.manager, "private-read", f"{key.person} {day.isoformat()}", details, now)


def tell(
    office: Office, to: str, cause: str, occasion: str, details: tuple[tuple[str, str], ...], now: datetime
) -> None:
    """Put a notice into a person's outbox, once for each occasion; the next tick sends it. The lock is held."""
    record = named_record(office.store, to)
    # A key names one mail of the whole mailbox: the same occasion told to two people is two.
    key = f"{MailKind.NOTICE} {cause} {to} {occasion}"
    action = SendMail(key, record=to, kind=MailKind.NOTICE, to=to, at=now, variant=cause)
    if record is None or record.row(action.key) is not None:
        return
    made = replace(letter(office, record, action, now), details=details)
    Outbox(office, now, Report(now)).claim(record, action, composed(office, made), made.token, None)
