"""What can be due: values without handles to anything, so that one list serves dry run, log, tests and worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker.model import CalendarWrite, MailKind, PairKey


@dataclass(frozen=True, slots=True)
class SendMail:
    """A mail that is due. `key` names kind, meeting, recipient and occasion, so one meaning is one mail.

    `record` is where its outbox row lives: a pair's key as text, or an address (a desk). `at` is when it became due.
    `variant` is a closed word of the kind: agenda `usual`, `moved`, `late`; topics `usual`, `introduction`; follow-up
    `usual`; reminder `one`, `several`; welcome `first`, `again`; notice: its cause. `cause` is the Message-ID that it
    answers. `about` are the ids it is about: people of a welcome, outbox keys of the forms of a reminder, the check-in
    of an invitation.
    `bundle` is the manager's day where it may be joined with others of that day, and `parts` are what a joined mail
    (variant `day`) was made from, in time order.
    """

    key: str
    record: str
    kind: MailKind
    to: str
    at: datetime
    pair: PairKey | None = None
    meeting: str = ""
    variant: str = "usual"
    cause: str = ""
    about: tuple[str, ...] = ()
    bundle: str = ""
    parts: tuple[SendMail, ...] = ()


@dataclass(frozen=True, slots=True)
class SkipMail:
    """A mail that became too late or is not wanted: the row is closed with `reason`, and the digest tells it."""

    key: str
    record: str
    kind: MailKind
    to: str
    at: datetime
    reason: str
    pair: PairKey | None = None
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class WriteCalendar:
    """A write into the manager's calendar that was decided and has not been confirmed."""

    key: str
    record: str
    pair: PairKey
    at: datetime
    write: CalendarWrite
    check_in: str
    revision: int


Action = SendMail | SkipMail | WriteCalendar


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A mail that will be due at `at` if nothing changes: for `status` and `check`."""

    kind: MailKind
    to: str
    at: datetime
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due now, sorted; what comes; and the next moment at which the answer may change (None: never)."""

    actions: tuple[Action, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    next_due: datetime | None = None
