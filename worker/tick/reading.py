"""Reading a mail against what it may answer: the bytes of ours, the people, and the moment from which dates count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from worker import replies
from worker.model import Desk, OutboxEntry, Person, Reply
from worker.replies import mime
from worker.tick.office import Office

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

_STALE = timedelta(days=7)


def reference(letter: Letter, author: Person) -> datetime:
    """Return the moment from which relative dates count: the reply's own Date, unless it cannot be right."""
    written = letter.mail.date
    moment = letter.at if written is None or written > letter.at or letter.at - written > _STALE else written
    return moment.astimezone(ZoneInfo(author.timezone))


def original(office: Office, digest: str) -> mime.Mail:
    """Return a mail of ours as it was sent; an empty one where it is not kept any more."""
    raw = office.store.get_blob(digest) if digest else None
    return mime.read(raw) if raw is not None else mime.Mail()


def commands(
    office: Office, letter: Letter, author: Person, people: tuple[Person, ...], row: OutboxEntry | None
) -> Reply:
    """Read captures and commands; of a mail without a text its subject is read."""
    sent = original(office, row.body if row else "")

    def read(raw: bytes) -> Reply:
        return replies.read_commands(
            raw,
            sent.plain or "",
            sent.html,
            reference=reference(letter, author),
            sender=author.email,
            people=(author, *people),
            language=author.language or office.policy.language,
        )

    found = read(letter.received.raw)
    if found.written.strip() or not found.empty or row is not None or not letter.mail.subject.strip():
        return found
    return replace(read(_subject_as_text(letter)), message_id=found.message_id)


def topics(
    office: Office, letter: Letter, author: Person, people: tuple[Person, ...], row: OutboxEntry | None
) -> Reply:
    """Read a report's own words: topics, and the words that act."""
    sent = original(office, row.body if row else "")

    def read(raw: bytes) -> Reply:
        return replies.read_topics(
            raw,
            sent.plain or "",
            sent.html,
            reference=reference(letter, author),
            sender=author.email,
            people=(*people[:1], author),
            language=author.language or office.policy.language,
        )

    found = read(letter.received.raw)
    if found.written.strip() or not found.empty or row is not None or not letter.mail.subject.strip():
        return found
    return replace(read(_subject_as_text(letter)), message_id=found.message_id)


def day_of(when: object) -> date | None:
    """Return the day that a command names; None where it names none, or one that must be settled."""
    if isinstance(when, datetime):
        return when.date()
    return when if isinstance(when, date) else None


def _subject_as_text(letter: Letter) -> bytes:
    head = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    return f"From: {letter.sender}\r\n{head}{letter.mail.subject.strip()}\r\n".encode()


def stop_or_start(office: Office, address: str, verbs: frozenset[str], at: datetime) -> None:
    """Note at a person's desk that they want no more mail, or want it again."""
    if not verbs & {"stop", "start"}:
        return
    desk = office.store.load_desk(address) or Desk(address)
    stopped = at if "stop" in verbs else None
    if (desk.stopped_at is None) != (stopped is None):
        office.store.save_desk(replace(desk, stopped_at=stopped))
