"""The nouns. Frozen values without behaviour beyond their invariants; every datetime is aware.

Words follow RFC 5545 (uid, recurrence_id, dtstart, partstat), RFC 5546 and RFC 5322. Addresses are lower case.
A pair of people is the aggregate: everything remembered belongs to a pair, and a pair is the unit of locking, of
transactions, of export and of erasure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from enum import StrEnum


class PairKind(StrEnum):
    """What two people are to each other."""

    DIRECT = "direct"
    SKIP_LEVEL = "skip-level"
    PEER = "peer"


class PairMail(StrEnum):
    """Who of a pair gets mail."""

    BOTH = "both"
    MANAGER = "manager"
    NONE = "none"


class MailKind(StrEnum):
    """The kinds of mail that the worker sends (header X-Followthrough-Kind)."""

    WELCOME = "welcome"
    TOPICS = "topics"
    AGENDA = "agenda"
    FOLLOW_UP = "follow-up"
    RECEIPT = "receipt"
    QUESTION = "question"
    RECAP = "recap"
    REMINDER = "reminder"
    CHECK_IN = "check-in"
    INVITATION = "invitation"
    DIGEST = "digest"
    NOTICE = "notice"


class Part(StrEnum):
    """The five parts of an agenda, and what belongs to none."""

    HIGHLIGHTS = "highlights"
    PRIORITIES = "priorities"
    SUPPORT = "support"
    FEEDBACK = "feedback"
    FOLLOW_UP = "follow-up"
    GENERAL = "general"


class ItemState(StrEnum):
    """The state of an action item, a topic or a goal."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class FeedbackState(StrEnum):
    """The state of a piece of feedback."""

    OPEN = "open"
    CLOSED = "closed"


class MeetingStatus(StrEnum):
    """The status of a meeting; `held` is derived from `planned` once its end has passed."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of a received mail."""

    ANSWER = "answer"
    TOPICS = "topics"
    CORRECTION = "correction"
    CAPTURE = "capture"
    COMMAND = "command"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    OWN = "own"
    CALENDAR = "calendar"
    DUPLICATE = "duplicate"
    UNKNOWN_SENDER = "unknown-sender"
    NOT_AUTHENTIC = "not-authentic"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"


class OutboxState(StrEnum):
    """How far a mail has come: claim, effect, confirm, reconcile."""

    PLANNED = "planned"
    DRAFTED = "drafted"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    GAVE_UP = "gave-up"


class _AwareTimes:
    """Refuses naive datetimes in every field, so that no wall-clock time without a zone enters the model."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]  # the subclasses are dataclasses
            value = getattr(self, item.name)
            if isinstance(value, datetime) and value.tzinfo is None:
                msg = f"{type(self).__name__}.{item.name} needs a zone: {value!r}"
                raise ValueError(msg)


# ---------------------------------------------------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class Person:
    """A person as mails and replies need them: who they are, and how they read and write dates.

    `timezone` is an IANA name, `language` a two-letter code, `aliases` further addresses of the same person,
    `working_hours` a start and an end on the wall clock. Empty values mean that nobody said.
    """

    email: str
    name: str = ""
    timezone: str = ""
    language: str = ""
    aliases: tuple[str, ...] = ()
    manages: bool = False
    working_hours: tuple[time, time] | None = None

    @property
    def first_name(self) -> str:
        """The name to call them by; without a name, what stands before the @."""
        return self.name.split()[0] if self.name.split() else self.email.partition("@")[0]

    @property
    def full_name(self) -> str:
        """The whole name; without a name, the address."""
        return self.name or self.email

    def owns(self, address: str) -> bool:
        """Whether this address, in any letter case, is theirs."""
        wanted = address.lower()
        return wanted == self.email or wanted in self.aliases


@dataclass(frozen=True, slots=True, order=True)
class PairKey:
    """The two addresses, lower case, that name a pair everywhere: `"manager-address person-address"`."""

    manager: str
    person: str

    def __str__(self) -> str:
        """Return the pair as the contract prints it."""
        return f"{self.manager} {self.person}"


# -------------------------------------------------------------------------------------------------------- calendar


@dataclass(frozen=True, slots=True)
class Attendee:
    """An ATTENDEE or ORGANIZER of RFC 5545 3.8.4: address in lower case, PARTSTAT and CUTYPE in upper case."""

    address: str
    name: str = ""
    partstat: str = "NEEDS-ACTION"
    cutype: str = "INDIVIDUAL"
    role: str = "REQ-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class Event(_AwareTimes):
    """One instance in a calendar: a single event, or one occurrence of a series (then `recurring`).

    `recurrence_id` (aware, UTC) names the instance of a series by its original start. `tzid` is the IANA zone of the
    event. All-day events have `all_day` and run from midnight to midnight of the calendar's zone. `kind` is `default`,
    `out-of-office`, `focus` or `other`; `sensitivity` is PUBLIC, PRIVATE or CONFIDENTIAL. `attendees_complete` is
    False where the calendar hides or shortens the list. `editable` says that the account may move or cancel it.
    """

    uid: str
    dtstart: datetime
    dtend: datetime
    recurrence_id: datetime | None = None
    sequence: int = 0
    tzid: str = "UTC"
    summary: str = ""
    location: str = ""
    status: str = "CONFIRMED"
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    transparency: str = "OPAQUE"
    sensitivity: str = "PUBLIC"
    all_day: bool = False
    recurring: bool = False
    kind: str = "default"
    attendees_complete: bool = True
    editable: bool = True
    href: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Meeting(_AwareTimes):
    """A 1:1 of a pair, with an id of ours: it outlives the event that showed it.

    `session` is the kind of agenda that a person asked for by mail ("" where its title decides).
    `first_seen` is when the worker first saw it; `short_notice` that this was less than one business day ahead, or
    that it is a single event beside the pair's series: the report gets no mail about it beforehand. `history` marks
    what had ended before the calendar was first read. `ours` is the CheckIn event that we made.
    """

    id: str
    uid: str
    start: datetime
    end: datetime
    recurrence_id: datetime | None = None
    tzid: str = "UTC"
    summary: str = ""
    location: str = ""
    status: MeetingStatus = MeetingStatus.PLANNED
    confirmed: bool = False
    first_seen: datetime | None = None
    short_notice: bool = False
    history: bool = False
    recurring: bool = False
    ours: bool = False
    editable: bool = True
    moved_from: datetime | None = None
    calendar: str = ""
    moves: int = 0
    session: str = ""


@dataclass(frozen=True, slots=True)
class Busy(_AwareTimes):
    """A stretch of time in which somebody is not free; `away` where it is an absence, `uid` of the event behind it."""

    start: datetime
    end: datetime
    away: bool = False
    uid: str = ""


class CalendarOperation(StrEnum):
    """What is done in a calendar."""

    CREATE = "create"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class CalendarWrite(_AwareTimes):
    """One write into a calendar, idempotent: carrying it out twice leaves what carrying it out once leaves.

    `create` makes a single event under `uid` with `organizer` and `attendees`; `move` sets start and end of one
    instance (`recurrence_id` None: of a single event); `cancel` cancels it. The series itself is never changed.
    `key` names the write (meeting answered and revision) and serves as client id or transaction id.
    """

    key: str
    operation: CalendarOperation
    uid: str
    start: datetime
    end: datetime
    recurrence_id: datetime | None = None
    tzid: str = "UTC"
    summary: str = ""
    location: str = ""
    description: str = ""
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    sequence: int = 0


# ---------------------------------------------------------------------------------------------- what a person wrote


class AskReason(StrEnum):
    """Why a phrase must be settled by a person before it becomes a date."""

    AMBIGUOUS = "ambiguous"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    CONTRADICTORY = "contradictory"
    VAGUE = "vague"
    SEVERAL = "several"
    NEGATED = "negated"
    RULE = "rule"
    TOO_FAR = "too-far"
    CLOCK_CHANGE = "clock-change"
    UNREADABLE = "unreadable"
    NOT_A_WORKDAY = "not-a-workday"
    NO_FREE_SLOT = "no-free-slot"


@dataclass(frozen=True, slots=True)
class Ask:
    """A date that must be settled: why, which days or moments it could be (earliest first), and the words."""

    reason: AskReason
    candidates: tuple[datetime | date, ...] = ()
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """Words under a label (`part`) or in free prose (`general`, private); `label` is the label as it was sent."""

    text: str
    part: Part = Part.GENERAL
    private: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """A commitment: `owner` an address, `text` what, `due` a day or None; `ask` where its date must be settled."""

    owner: str
    text: str
    due: date | None = None
    done: bool = False
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class WrittenFeedback:
    """Feedback with its own follow-up day where one was written (None: the default applies)."""

    text: str
    follow_up_on: date | None = None
    private: bool = False
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class WrittenTopic:
    """A topic for the next meeting, in its author's own words."""

    text: str
    part: Part = Part.GENERAL
    private: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Words that act.

    `verb` is one of the closed set in docs/replies.md; `numbers` the handles of the mail answered; `names` people
    named; `when` a date where one belongs to it; `text` the rest, word for word.
    """

    verb: str
    numbers: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    when: date | datetime | Ask | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReplyProblem:
    """Something that was written and could not be used as meant: a closed `reason` and the words."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What one mail says. Reading is total: nothing that a person typed is outside these fields.

    `written` is everything that the human wrote, quotation removed. `next_check_in` is a date-time where a time was
    said, a date where none was, an Ask where it must be settled, None where nothing was said; `next_check_in_text`
    are the words; `no_check_in` is True where they said that there is none. `leftover` are the lines that no field
    took, word for word. A mail that adds nothing has `empty` True (a bare "thanks" too, then `thanks` is True).
    """

    message_id: str = ""
    written: str = ""
    notes: tuple[WrittenNote, ...] = ()
    action_items: tuple[WrittenItem, ...] = ()
    feedback: tuple[WrittenFeedback, ...] = ()
    topics: tuple[WrittenTopic, ...] = ()
    next_check_in: datetime | date | Ask | None = None
    next_check_in_text: str = ""
    no_check_in: bool = False
    commands: tuple[Command, ...] = ()
    thanks: bool = False
    problems: tuple[ReplyProblem, ...] = ()
    leftover: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the mail adds nothing that could be stored or done."""
        return not (
            self.notes
            or self.action_items
            or self.feedback
            or self.topics
            or self.next_check_in is not None
            or self.no_check_in
            or self.commands
            or self.problems
            or self.leftover
        )


# ------------------------------------------------------------------------------------------------- what is remembered


@dataclass(frozen=True, slots=True)
class Note(_AwareTimes):
    """Words about a meeting. `shared` is when the other person got them; a `private` one is never shared.

    `only_you` are the words that `share` leaves out and `share all` takes: free prose, captures, leftovers.
    """

    id: str
    at: datetime
    part: Part
    text: str
    author: str
    private: bool = False
    only_you: bool = False
    shared: datetime | None = None
    meeting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ActionItem(_AwareTimes):
    """A promise (a VTODO): who owes what by when."""

    id: str
    at: datetime
    owner: str
    text: str
    author: str
    due: date | None = None
    state: ItemState = ItemState.OPEN
    closed_at: datetime | None = None
    shared: datetime | None = None
    meeting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackAnswer(_AwareTimes):
    """One answer to feedback that came back: a closed `word`, and the day to which it was renewed (None: closed)."""

    at: datetime
    author: str
    word: str
    source: str = ""
    renewed_to: date | None = None


@dataclass(frozen=True, slots=True)
class Feedback(_AwareTimes):
    """A piece of feedback, which always carries the day on which it comes back.

    An `informal` one is a check-in that somebody asked for ("check in with Alex on Friday"): it comes back the same
    way. `answers` are all that were given, oldest first; `answer` is the last one's word.
    """

    id: str
    at: datetime
    text: str
    author: str
    follow_up_on: date
    state: FeedbackState = FeedbackState.OPEN
    answer: str | None = None
    private: bool = False
    only_you: bool = False
    shared: datetime | None = None
    meeting: str = ""
    source: str = ""
    informal: bool = False
    answers: tuple[FeedbackAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic(_AwareTimes):
    """Something to talk about.

    `agendas` are the meetings in whose agenda it stood, `first_on` is the day of the first agenda; `carried` counts
    the agendas after it (`worker.apply.topics.with_carried` fills it in).
    """

    id: str
    at: datetime
    text: str
    author: str
    part: Part = Part.GENERAL
    carried: int = 0
    first_on: date | None = None
    agendas: tuple[str, ...] = ()
    state: ItemState = ItemState.OPEN
    private: bool = False
    meeting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Progress(_AwareTimes):
    """One step on a goal, in the words of `author` ("": the goal's own)."""

    at: datetime
    text: str
    source: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Goal(_AwareTimes):
    """A goal with its progress over time; `every` days between its own follow-ups, 0 for the review's rhythm."""

    id: str
    at: datetime
    text: str
    author: str
    due: date | None = None
    every: int = 0
    state: ItemState = ItemState.OPEN
    progress: tuple[Progress, ...] = ()
    shared: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Review(_AwareTimes):
    """A performance review that was held: from its day on its follow-ups come at least as often as policy says."""

    id: str
    at: datetime
    author: str
    text: str = ""
    shared: datetime | None = None
    source: str = ""


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
class CheckIn(_AwareTimes):
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


@dataclass(frozen=True, slots=True)
class Applied(_AwareTimes):
    """A mail whose lines were applied to the pair: what it made, what it changed, and how to take it back.

    `row` is the key of the outbox row that it answers, `meeting` the id of the meeting that it is about. `created` are
    the ids of what it made. `before` are earlier values, `"<id> <field> <value>"`, so that `undo` puts them back.
    `done` says what its commands did, one each, `"<verb> <id>"`: `done`, `drop`, `keep`, `by`, `progress` with the
    item's id; `did-not-happen` and `moved` with the meeting's; `skip` with the ISO start of a cancelled instance;
    `undo` with the Message-ID that was taken back; `proposal` with the ISO moment that `ok` took; `none`, `share`,
    `share-all`, `stop`, `start`, `pause <ISO date>`, `resume` alone. `nothing-to-share` and `already-shared` say that
    a `share` had no effect. `leftover` and `problems` are the reply's; `ask` is a date to settle that is no check-in.
    `proposal` is the slot that the answered form proposed and that still stands where no date was said. `sends` are
    the ids that its `share` sends where that is not the recap of a meeting but one capture.
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


@dataclass(frozen=True, slots=True)
class OutboxEntry(_AwareTimes):
    """One mail on its way: unique by `key`, which names kind, meeting, recipient and occasion, never time.

    `body` is the hash of the rendered bytes, durable before this row. `message_id` is the true one once it is sent,
    `provider_id` and `conversation` the provider's. `numbers` are the ids behind 1, 2, 3 of that mail, `choices` the
    moments behind the numbers of a question, `proposal` the slot that `ok` takes.
    """

    key: str
    kind: MailKind
    to: str
    planned_at: datetime
    state: OutboxState = OutboxState.PLANNED
    token: str = ""
    meeting: str = ""
    subject: str = ""
    body: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    provider_id: str = ""
    conversation: str = ""
    ref: str = ""
    attempts: int = 0
    next_attempt_at: datetime | None = None
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""
    cause: str = ""
    numbers: tuple[str, ...] = ()
    choices: tuple[datetime, ...] = ()
    proposal: datetime | None = None
    about: tuple[str, ...] = ()


class PairState(StrEnum):
    """Whether a pair gets mail: found only, asked about, started, left alone by a `no`, or ended."""

    FOUND = "found"
    STARTED = "started"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Pair(_AwareTimes):
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


@dataclass(frozen=True, slots=True)
class Inbound(_AwareTimes):
    """A received mail whose outcome is durable; `digest` names the raw bytes that are kept."""

    digest: str
    message_id: str
    at: datetime
    sender: str
    outcome: Outcome
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Desk(_AwareTimes):
    """What belongs to one person and to no pair.

    Whether they said stop, their absence, their own outbox rows (welcome, digest, notices, a reminder of several
    forms), and the mails of theirs that were about no pair.
    """

    email: str
    stopped_at: datetime | None = None
    language: str = ""
    first_mail_at: datetime | None = None
    bounced_at: datetime | None = None
    away_until: date | None = None
    aliases: tuple[str, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    applied: tuple[Applied, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class CalendarState(_AwareTimes):
    """What is known of one account between ticks.

    When it was read, what was wrong (item, text), what was left alone (uid, reason), how many events it had and when
    the last of them ends, when it last failed, and how far the mailbox was read.
    """

    account: str
    first_read_at: datetime | None = None
    read_at: datetime | None = None
    problems: tuple[tuple[str, str], ...] = ()
    left_alone: tuple[tuple[str, str], ...] = ()
    events: int = 0
    last_end: datetime | None = None
    failed_at: datetime | None = None
    cursor: str = ""


# ------------------------------------------------------------------------------------------------------------ policy


@dataclass(frozen=True, slots=True)
class Lead:
    """A length of time before or after something: whole `days`, of business days where `business`, and `minutes`."""

    days: int = 0
    minutes: int = 0
    business: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Every setting that decides when what is sent, already read and checked. Defaults are the contract's."""

    timezone: str = "Europe/Berlin"
    language: str = "en"
    topics_before: Lead = Lead(days=2, business=True)
    agenda_before: Lead = Lead(days=1, business=True)
    follow_up_after: Lead = Lead(minutes=10)
    follow_up_gap: Lead = Lead(minutes=15)
    reminder_after: Lead = Lead(days=1, business=True)
    feedback_follow_up: Lead = Lead(days=14)
    working_hours: tuple[time, time] = (time(9), time(17))
    quiet: tuple[time, time] | None = (time(19), time(7))
    holidays: str = ""
    start: str = "ask"
    domains: tuple[str, ...] = ("own",)
    found_by: str = "series"
    leave_alone: str = ""
    title: str = ""
    minutes: tuple[int, int] = (10, 120)
    exclude: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    recap: str = "ok"
    sessions: tuple[tuple[str, str], ...] = field(default=())
    review_every: Lead = Lead(days=91)
    hr: str = ""
