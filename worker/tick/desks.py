"""What concerns one person and no pair: their first mail, their own rows, answers to mails that were about no pair."""

from __future__ import annotations

from datetime import datetime

from worker.compose.letter import Letter
from worker.plan import SendMail, plan_desk
from worker.tick import letters
from worker.tick.office import Office
from worker.tick.outbox import OPEN, Outbox
from worker.tick.records import Record, named_record
from worker.tick.report import Report


def deliver(office: Office, action: SendMail, made_from: Letter, now: datetime, report: Report) -> None:
    """Claim one mail at a desk and bring it as far as it goes now."""
    record = named_record(office.store, action.record)
    if record is None:
        return
    composed = letters.composed(office, made_from)
    row = Outbox(office, now, report).deliver(record, action, composed, made_from.token)
    if row is not None and row.state in OPEN:
        office.memory.look_at(action.record)


def carry_on(office: Office, now: datetime, report: Report) -> None:
    """Bring the desks that may have something due to their end; which those are is remembered between ticks."""
    memory = office.memory
    addresses = set(office.store.desks()) if memory.desks is None else memory.desks
    memory.desks = set()
    for address in sorted(addresses):
        if _one_desk(office, address, now, report):
            memory.desks.add(address)


def _one_desk(office: Office, address: str, now: datetime, report: Report) -> bool:
    """Carry on and plan one desk; whether it has to be looked at again."""
    desk = office.store.load_desk(address)
    if desk is None:
        return False
    outbox = Outbox(office, now, report)
    for row in desk.outbox:
        if row.state in OPEN:
            outbox.carry_on(Record(address, desk), row)
    current = office.store.load_desk(address) or desk
    made = plan_desk(now, current, office.clock(office.somebody(address), now))
    for action in made.actions:
        if not isinstance(action, SendMail):
            continue
        record = named_record(office.store, address)
        if record is None or record.row(action.key) is not None:
            continue
        deliver(office, action, letters.letter(office, record, action, now), now, report)
    after = office.store.load_desk(address) or desk
    return bool(made.upcoming) or any(row.state in OPEN for row in after.outbox)
