"""What a mail is made from, and what comes out: plain values on both sides of the composer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from worker.model import Applied, CalendarWrite, Meeting, OutboxEntry, Pair, Person, Policy
from worker.plan.actions import SendMail

Place = Literal["", "files", "database"]
"""In which kind of place everything is kept; "" where nobody says."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The worker's mailbox: its address, the display name, and the separator of its sub-addresses."""

    address: str
    name: str = "Followthrough"
    separator: str = "+"


@dataclass(frozen=True, slots=True)
class Count:
    """The counts of one manager's 1:1s; names and numbers, no content.

    `held` of how many `planned`, `confirmed` by an answer, `cancelled` or missed, follow-ups `kept` of those that
    `came_back`, and `waiting`, the most days that anybody has waited since their last 1:1 (-1: nobody had one).
    """

    name: str
    held: int
    planned: int
    confirmed: int = 0
    cancelled: int = 0
    kept: int = 0
    came_back: int = 0
    waiting: int = -1


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is due for a 1:1: the day of the last one (None: there was none), and free slots to choose from."""

    person: Person
    last: date | None = None
    slots: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one mail is made from.

    `reader` is who gets it. `pair` is the whole pair: the composer takes what the reader may see and nothing else.
    `meeting` is the 1:1 that it is about, `next_meeting` the pair's next one after it (in the calendar already),
    `proposal` the free slot that a form proposes (aware, in the manager's zone). `thread` are the rows already sent in
    this conversation to this reader, oldest first; `answered_subject` and `answered_references` those of the mail that
    is answered. `pairs` are several pairs, for mails about more than one (welcome, reminder, digest), `people` the
    persons of them, and `forms` the open forms' rows with their pair's key, for a reminder. `write` is what an
    invitation invites to, `calendar_part` its iCalendar text. `applied` is the record of the mail that is
    answered, where it is not among the pair's own (a welcome's answer, a command about no pair).

    `details` are further facts under closed words, each optional:
    agenda: `absent` (address of who is away then by their calendar; may repeat), `away` (the same by their own
    reply), `ask-topics` (yes: ask for topics in one line),
    `form-open` (ISO day of the 1:1 whose form is a line here); form and receipt: `other-gets-none` (yes: the other
    person said stop or cannot be reached), `seen-at` (ISO moment at which the other person sees a topic); question:
    `address` (an unknown sender's); receipt and recap: `hr` (the address that gets a copy); digest:
    `forgot`, `no-time`, `not-needed` (counts), `from` and `until` (ISO days of the counts), `shown` (yes: each manager
    saw theirs before); notice: `name` (a person), `address`, `date` (ISO day or moment), `times` (a number), `account`,
    `reason` (a sentence), `command` (what to type).
    `parts` are the letters that a joined mail of a day (variant `day`) is made of, in time order.
    `leads` says whether the reader is a manager of anybody, for the words that they can write, and `introduces` that
    this is the first mail that they get as one, so that it says what this is.
    `set_up_by` says who runs the worker and `counts_to` who gets counts of the manager's 1:1s, for first mails; empty:
    not said, nobody. `stored_in` says there where everything is kept, and `kept_for` how long what is shared and what
    is private. `turns` are for a digest: who is due for a 1:1.
    """

    action: SendMail
    reader: Person
    now: datetime
    policy: Policy
    sender: Sender
    token: str
    manager: Person
    person: Person | None = None
    pair: Pair | None = None
    meeting: Meeting | None = None
    next_meeting: Meeting | None = None
    proposal: datetime | None = None
    thread: tuple[OutboxEntry, ...] = ()
    answered_subject: str = ""
    answered_references: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    people: tuple[Person, ...] = ()
    forms: tuple[tuple[str, OutboxEntry], ...] = ()
    write: CalendarWrite | None = None
    calendar_part: bytes = b""
    details: tuple[tuple[str, str], ...] = ()
    kept_for: tuple[str, str] = ("24 months", "12 months")
    stored_in: Place = ""
    set_up_by: str = ""
    counts_to: str = ""
    leads: bool = True
    introduces: bool = False
    counts: tuple[Count, ...] = ()
    turns: tuple[Turn, ...] = ()
    applied: Applied | None = None
    parts: tuple[Letter, ...] = ()

    def detail(self, key: str) -> str:
        """Return the first detail under this word, "" where there is none."""
        return next((value for word, value in self.details if word == key), "")

    def all_details(self, key: str) -> tuple[str, ...]:
        """Return every detail under this word."""
        return tuple(value for word, value in self.details if word == key)


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished mail: `raw` are the bytes on the wire (CRLF), the rest is what the outbox row remembers of it.

    `numbers` are the ids behind 1, 2, 3 … in it, `choices` the moments behind a question's numbers, and `asked` whom
    of several people these are about: the address and how many, in order. `conversation` is the provider's id of the
    conversation that the mail goes on with. `problems` say what of an organisation's templates could not be used, for
    the administrator.
    """

    raw: bytes
    subject: str
    message_id: str
    in_reply_to: str = ""
    text: str = ""
    html: str = ""
    numbers: tuple[str, ...] = ()
    choices: tuple[datetime, ...] = ()
    asked: tuple[tuple[str, int], ...] = ()
    conversation: str = ""
    problems: tuple[str, ...] = ()
