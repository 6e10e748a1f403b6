"""First words: who was told what this is, by which mail. Whoever was not is told in the next one that goes to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker.model import Desk, MailKind, OutboxEntry
from worker.tick.office import Office


def must_be_told(office: Office, address: str) -> bool:
    """Whether a mail to this address is the first one that a manager gets."""
    if address not in office.managers:
        return False
    desk = office.store.load_desk(address)
    return desk is None or desk.told_at is None


def note(office: Office, record: str, row: OutboxEntry, now: datetime) -> None:
    """Remember, once a mail is claimed and before it goes, that it tells its reader what this is."""
    manager, _, person = record.partition(" ")
    if row.to == manager and manager in office.managers:
        desk = office.store.load_desk(manager) or Desk(manager)
        if desk.told_at is None:
            office.store.save_desk(replace(desk, told_at=now))
    elif row.to == person and row.kind is MailKind.TOPICS:
        desk = office.store.load_desk(person) or Desk(person)
        if desk.first_mail_at is None:
            office.store.save_desk(replace(desk, first_mail_at=now))
