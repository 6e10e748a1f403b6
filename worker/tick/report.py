"""What a tick did, as the contract prints it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that came in, and what became of it."""

    message_id: str
    sender: str
    outcome: str
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that went out."""

    kind: str
    to: str
    subject: str
    message_id: str
    pair: str | None = None
    meeting: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarDone:
    """A write into a calendar."""

    operation: str
    uid: str
    start: datetime
    pair: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that could not be done now: what, why with the next step, and when it is tried again (None: not)."""

    action: str
    error: str
    retry_at: datetime | None = None


@dataclass
class Report:
    """One tick. `next_due` is the next moment at which something may be due, None: nothing is known to come.

    `ended_early` is set where a fault of all the data ended it: what it had done by then is not in its lists.
    """

    now: datetime
    received: list[Received] = field(default_factory=list)
    sent: list[SentMail] = field(default_factory=list)
    calendar: list[CalendarDone] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    busy: bool = False
    ended_early: bool = False
    next_due: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """Return the object that `tick --json` prints."""
        shown: dict[str, object] = {
            "now": self.now.isoformat(),
            "received": [
                {"message_id": one.message_id, "from": one.sender, "outcome": one.outcome, "pair": one.pair}
                for one in self.received
            ],
            "sent": [
                {
                    "kind": one.kind,
                    "to": one.to,
                    "subject": one.subject,
                    "message_id": one.message_id,
                    "pair": one.pair,
                    "meeting": one.meeting,
                }
                for one in self.sent
            ],
            "calendar": [
                {"operation": one.operation, "uid": one.uid, "start": one.start.isoformat(), "pair": one.pair}
                for one in self.calendar
            ],
            "failed": [
                {
                    "action": one.action,
                    "error": one.error,
                    "retry_at": one.retry_at.isoformat() if one.retry_at else None,
                }
                for one in self.failed
            ],
        }
        if self.busy:
            shown["busy"] = True
        if self.ended_early:
            shown["ended_early"] = True
        return shown
