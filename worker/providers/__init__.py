"""What the worker asks of a calendar and of a mailbox; each provider module keeps its vendor's words to itself.

A provider raises the classes of `worker.errors` only: `TryLaterError` where nothing took effect, `UncertainError`
where the answer to a write was lost, `SignInError`, `ForbiddenError`, `GoneError` and `RefusedError` where a person or
another decision is needed. An item that cannot be used is a problem in the result, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from worker.model import Busy, CalendarWrite, Event


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """A complete reading of a window: every page of it, or an exception instead.

    `problems` are (item, text) of what could not be used. `complete` is False where the provider knows that something
    is missing: then nothing that is absent may be taken for cancelled.
    """

    events: tuple[Event, ...]
    problems: tuple[tuple[str, str], ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What a calendar write left behind. `existed` says that an earlier try had taken effect already.

    `invited` tells whether the calendar itself invites the other people (then no invitation goes by mail).
    """

    uid: str
    start: datetime
    end: datetime
    etag: str = ""
    href: str = ""
    existed: bool = False
    invited: bool = False


class CalendarProvider(Protocol):
    """One person's calendar."""

    @property
    def account(self) -> str:
        """The owner's address, lower case."""

    @property
    def writable(self) -> bool:
        """Whether we may write into it."""

    @property
    def invites(self) -> bool:
        """Whether a write makes the calendar invite the other people; False: an iTIP mail does."""

    def signature(self) -> str:
        """Return a cheap value that differs whenever a reading could differ; "" where there is no such thing."""

    def read(self, start: datetime, end: datetime) -> CalendarRead:
        """Return every instance that touches [start, end), sorted by start, uid."""

    def find(self, uid: str, recurrence_id: datetime | None, near: datetime) -> Event | None:
        """Return this one instance as it is now (cancelled ones with their status), None where it is gone.

        `near` is the start that we know, for calendars that can only be searched by time.
        """

    def write(self, write: CalendarWrite, stamp: datetime) -> Written:
        """Carry out one write; a repetition of one that took effect changes nothing and says so.

        `stamp` (aware) is what the calendar shows as the moment of the change (DTSTAMP). Raises GoneError where the
        object was deleted or cancelled by a person: it is never made again.
        """

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:
        """Return when this person is not free as far as this calendar can tell; None where it cannot."""


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it came: `ref` names it to the provider, `raw` are its bytes.

    `sent_by_owner` is the provider's proof that the mailbox's owner wrote it (label SENT, Sent Items), `server` the
    receiving server whose Authentication-Results count ("" where the configuration says it, None where delivery itself
    is the proof). `exchange` says that it was fetched from Exchange Online itself, whose results name no server: the
    topmost count, and so does its word that a sender is one of the organisation's own.
    """

    ref: str
    raw: bytes
    received_at: datetime | None = None
    sent_by_owner: bool = False
    server: str | None = ""
    exchange: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """The mails since a cursor, oldest first, and the cursor to store once all of them are durable."""

    mails: tuple[Received, ...]
    cursor: str = ""
    problems: tuple[tuple[str, str], ...] = ()


class Whereabouts(StrEnum):
    """Where a mail is that we were about to send when we last knew."""

    DRAFT = "draft"
    SENT = "sent"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Sent:
    """The truth about a sent mail: the provider's id, the Message-ID on the wire, the conversation."""

    provider_id: str
    message_id: str
    conversation: str = ""


class MailProvider(Protocol):
    """The one mailbox that the worker sends from and reads replies in."""

    @property
    def address(self) -> str:
        """The mailbox's address, lower case."""

    @property
    def settles_after(self) -> float:
        """Seconds after which ABSENT in `locate` is final (0 where looking once is enough)."""

    def signature(self) -> str:
        """Return a cheap value that differs whenever there may be new mail; "" where there is no such thing."""

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor ("" at the very first time)."""

    def done(self, mail: Received, *, refused: bool) -> None:
        """Mark a mail whose outcome is durable. Doing it twice is fine."""

    def draft(self, key: str, raw: bytes, conversation: str) -> str:
        """Store the mail without sending it and return its reference; the same key and bytes make no second one.

        `conversation` is the provider's id of the conversation that it continues, or "".
        """

    def send(self, ref: str) -> Sent:
        """Send a draft. Raises UncertainError where the answer was lost, GoneError where the draft is not there."""

    def locate(self, key: str, ref: str, message_id: str) -> tuple[Whereabouts, Sent | None]:
        """Tell where a mail is after a crash or a lost answer."""
