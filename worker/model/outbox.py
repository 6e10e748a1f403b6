"""Mails on their way, out and in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.model.base import AwareTimes


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


class OutboxState(StrEnum):
    """How far a mail has come: claim, effect, confirm, reconcile."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    GAVE_UP = "gave-up"


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


@dataclass(frozen=True, slots=True)
class OutboxEntry(AwareTimes):
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


@dataclass(frozen=True, slots=True)
class Inbound(AwareTimes):
    """A received mail whose outcome is durable; `digest` names the raw bytes that are kept."""

    digest: str
    message_id: str
    at: datetime
    sender: str
    outcome: Outcome
    pair: str = ""
