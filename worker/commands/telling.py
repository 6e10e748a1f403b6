"""Telling a manager that their private notes were read on the command line."""

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
    """Put the notice into the manager's outbox, once a day for each person; the next tick sends it.

    Durable before anything is shown: who reads private notes cannot prevent that it is told. Raises BusyError.
    """
    person = office.person_of(office.store.load_pair(key) or Pair(key))
    with office.store.lock(LOCK_SECONDS):
        record = named_record(office.store, key.manager)
        day = now.astimezone(office.clock(office.somebody(key.manager), now).zone).date()
        action = SendMail(
            key=f"{MailKind.NOTICE} private-read {key.person} {day.isoformat()}",
            record=key.manager,
            kind=MailKind.NOTICE,
            to=key.manager,
            at=now,
            variant="private-read",
        )
        if record is None or record.row(action.key) is not None:
            return
        reason = f"Your private notes about {person.full_name} were shown on the command line of this worker."
        made = letter(office, record, action, now)
        made = replace(made, details=(("name", person.full_name), ("date", day.isoformat()), ("reason", reason)))
        Outbox(office, now, Report(now)).claim(record, action, composed(office, made), made.token, None)
