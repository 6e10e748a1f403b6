"""What concerns one person and no pair: their first mail, their own rows, the notices about mails that were refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker.model import Desk, Pair
from worker.plan import SendMail
from worker.tick.office import Office
from worker.tick.outbox import OPEN, Outbox
from worker.tick.records import Record
from worker.tick.report import Report


def note_first_mail(office: Office, action: SendMail, now: datetime) -> None:
    """Remember, before it goes, that a person gets their first mail: a later one needs no introduction."""
    if action.pair is None or action.to != action.pair.person:
        return
    desk = office.store.load_desk(action.to) or Desk(action.to)
    if desk.first_mail_at is None:
        office.store.save_desk(replace(desk, first_mail_at=now))


def carry_on(office: Office, now: datetime, report: Report) -> None:
    """Bring the open rows of the desks to their end."""
    outbox = Outbox(office, now, report)
    for address in office.store.desks():
        if address not in office.managers and address not in office.people:
            continue
        desk = office.store.load_desk(address)
        for row in desk.outbox if desk else ():
            if row.state in OPEN and desk is not None:
                outbox.carry_on(Record(address, desk), row)


def knows(pair: Pair, address: str) -> bool:
    """Whether this is one of the pair's two people."""
    return address in (pair.key.manager, pair.key.person)
