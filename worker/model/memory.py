"""The records: a pair, a person's desk, an account; and what each applied mail and each check-in left in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from worker.model.base import AwareTimes
from worker.model.calendar import CalendarOperation, Meeting
from worker.model.items import ActionItem, Feedback, Goal, Note, Review, Topic
from worker.model.outbox import OutboxEntry, Outcome
from worker.model.people import PairKey, PairKind, PairMail
from worker.model.written import Ask, ReplyProblem


class CheckInState(StrEnum):
    """How far a next check-in has come."""

    WISHED = "wished"
    ASKED = "asked"
    DECIDED = "decided"
    WRITTEN = "written"
    RECORDED = "recorded"
    GONE = "gone"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class CheckIn(AwareTimes):
    """The next check-in agreed in an answer about `meeting`: the wish in the person's words, and what came of it.

    `wish` has a time where one was said (`timed`); `start` and `end` are what was decided. `operation` is None where
    the calendar already had it. `revision` counts the answers that changed it, so that a retry cannot make two.
    `adjusted` says in a closed word why the decision differs from the wish: `busy`, `weekend`, `holiday`, `away`.
    `between` are the starts of the pair's earlier meetings that stay, `moved_from` where a moved one stood. `invite`
    says that an invitation goes by mail, `in_calendar` that the event stands in the manager's own calendar, `gone` why
    it is not there any more: `deleted` or `declined`.
    """

    meeting: str
    source: str
    revision: int
    state: CheckInState
    said: str = ""
    wish: datetime | None = None
    timed: bool = False
    relative: bool = False
    ask: Ask | None = None
    operation: CalendarOperation | None = None
    uid: str = ""
    recurrence_id: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    tzid: str = "UTC"
    adjusted: str = ""
    between: tuple[datetime, ...] = ()
    moved_from: datetime | None = None
    invite: bool = False
    in_calendar: bool = False
    gone: str = ""
    sequence: int = 0
    attempts: int = 0
    next_attempt_at: datetime | None = None
    error: str = ""

    @property
    def is_way_back(self) -> bool:
        """Whether this only puts a meeting back where it stood, after an `undo`: a write, and no agreement."""
        return self.operation in (CalendarOperation.MOVE, CalendarOperation.CREATE) and self.wish is None

    @property
    def is_agreement(self) -> bool:
        """Whether this is about when the two meet next, and not only a cancellation or a way back."""
        return self.operation is not CalendarOperation.CANCEL and not self.is_way_back


@dataclass(frozen=True, slots=True)
class Applied(AwareTimes):
    """A mail whose lines were applied to the pair: what it made, what it changed, and how to take it back.

    `row` is the key of the outbox row that it answers, `meeting` the id of the meeting that it is about. `created` are
    the ids of what it made. `before` are earlier values, `"<id> <field> <value>"`, so that `undo` puts them back.
    `done` says what its commands did, one each, `"<verb> <id>"`: `done`, `drop`, `keep`, `by`, `progress` with the
    item's id; `did-not-happen` and `moved` with the meeting's; `skip` with the ISO start of a cancelled instance, or
    `skip-when-set` as long as the date is open; `undo` with the Message-ID that was taken back, `back` with the ISO
    start of what it put back into the calendar; `proposal` with the ISO moment that `ok` took; `none`, `share`,
    `share-all`, `stop`, `start`, `pause <ISO date>`, `resume`, `help`, `history`, `open`, `agenda`, `session <kind>`,
    `review <ISO date since>` alone; `better` and the other answers, `private` and `review-done` with an id; `end`,
    `yes`, `me`, `no` with an address; `asked <id>` (or `asked pause`) names what `ask` is about. At a desk: `with
    <address>` a pair that it changed, `likely <address>` whom a question offers, `whom <digest>` the mail whose words
    wait for it. `nothing-to-share` and `already-shared` say that a `share` had no effect. `leftover` and `problems`
    are the reply's; `ask` is a date to settle that is no check-in. `proposal` is the slot that the answered form
    proposed and that still stands where no date was said. `sends` are the ids that its `share` sends where that is
    not the recap of a meeting but one capture.
    """

    message_id: str
    at: datetime
    author: str
    outcome: Outcome
    row: str = ""
    digest: str = ""
    meeting: str = ""
    created: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    problems: tuple[ReplyProblem, ...] = ()
    ask: Ask | None = None
    share: bool = False
    share_all: bool = False
    receipt: bool = True
    undone: bool = False
    skipped: tuple[str, ...] = ()
    proposal: datetime | None = None
    sends: tuple[str, ...] = ()


class PairState(StrEnum):
    """Whether a pair gets mail: found only, asked about, started, left alone by a `no`, or ended."""

    FOUND = "found"
    STARTED = "started"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Pair(AwareTimes):
    """Everything remembered of two people. One durable record, outbox rows included.

    `version` counts the saved generations: a save of an old one is a conflict, never an overwrite.
    """

    key: PairKey
    kind: PairKind = PairKind.DIRECT
    mail: PairMail = PairMail.BOTH
    state: PairState = PairState.FOUND
    manager_name: str = ""
    person_name: str = ""
    person_timezone: str = ""
    found_at: datetime | None = None
    started_at: datetime | None = None
    paused_until: date | None = None
    paused_by: str = ""
    meetings: tuple[Meeting, ...] = ()
    notes: tuple[Note, ...] = ()
    action_items: tuple[ActionItem, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    topics: tuple[Topic, ...] = ()
    goals: tuple[Goal, ...] = ()
    reviews: tuple[Review, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    applied: tuple[Applied, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    version: int = 0

    def meeting(self, identity: str) -> Meeting | None:
        """Return the meeting with this id of ours, None where it is gone."""
        return next((one for one in self.meetings if one.id == identity), None)


@dataclass(frozen=True, slots=True)
class Desk(AwareTimes):
    """What belongs to one person and to no pair.

    Whether they said stop, their absence, their own outbox rows (welcome, digest, notices, a reminder of several
    forms), and the mails of theirs that were about no pair. `reports_to` is who manages them by the directory.
    `first_mail_at` is when they were told as a report what this is, `told_at` when they were told as a manager.
    """

    email: str
    stopped_at: datetime | None = None
    language: str = ""
    first_mail_at: datetime | None = None
    told_at: datetime | None = None
    bounced_at: datetime | None = None
    away_until: date | None = None
    aliases: tuple[str, ...] = ()
    reports_to: str = ""
    outbox: tuple[OutboxEntry, ...] = ()
    applied: tuple[Applied, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class CalendarState(AwareTimes):
    """What is known of one account between ticks.

    When it was read, what was wrong (item, text), what was left alone (uid, reason), how many events it had and when
    the last of them ends, and how far the mailbox was read. `trouble` is why it cannot be used, in a closed word (""
    where it can), since `failed_at`; `retry_at` is until when its provider asked to wait.
    """

    account: str
    first_read_at: datetime | None = None
    read_at: datetime | None = None
    problems: tuple[tuple[str, str], ...] = ()
    left_alone: tuple[tuple[str, str], ...] = ()
    events: int = 0
    last_end: datetime | None = None
    failed_at: datetime | None = None
    trouble: str = ""
    retry_at: datetime | None = None
    cursor: str = ""
