"""Machine mail: it is never an answer, but a bounce, an absence and a calendar's reply say something about a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker.model import Desk, Outcome, PairKey
from worker.replies import machine
from worker.tick.office import Office

if TYPE_CHECKING:
    from worker.tick.inbox import Letter


def note(office: Office, letter: Letter, kind: Outcome) -> set[PairKey]:
    """Remember what a machine's mail says, and return the pairs that it concerns."""
    if kind is not Outcome.BOUNCE:
        return set()
    touched: set[PairKey] = set()
    for address in machine.failed_recipients(letter.received.raw):
        keys = {due.key for due in office.store.pairs() if address in (due.key.manager, due.key.person)}
        if not keys:
            continue
        desk = office.store.load_desk(address) or Desk(address)
        if desk.bounced_at is None:
            office.store.save_desk(replace(desk, bounced_at=letter.at))
        touched |= keys
    return touched
