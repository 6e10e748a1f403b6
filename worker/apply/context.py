"""The circumstances of a reply that is applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker.model import Meeting, OutboxEntry, Outcome, Policy
from worker.workdays import Clock


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail on its way into a pair.

    `row` is the outbox row that it answers, `numbered` the row whose numbers its handles mean (that one, or the last
    with numbers), `meeting` the meeting that it is about. `clock` is the author's, `at` the moment of the tick,
    `relative` whether the date was said in relative words ("in two weeks"). Without `receipt` another record answers
    the mail: it concerns several pairs. `answers` is the Message-ID of the mail whose receipt or question is answered,
    also where that receipt stands in another record.
    """

    message_id: str
    digest: str
    at: datetime
    author: str
    outcome: Outcome
    policy: Policy
    clock: Clock
    row: OutboxEntry | None = None
    numbered: OutboxEntry | None = None
    meeting: Meeting | None = None
    relative: bool = False
    receipt: bool = True
    answers: str = ""
