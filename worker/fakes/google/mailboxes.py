"""Mailboxes as Gmail keeps them: messages with labels and threads, drafts, a history that expires, search."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from worker.fakes.google.faults import RefusalError
from worker.fakes.mime import answer, header, headers, named, recipients, with_headers

Json = dict[str, Any]


@dataclass(slots=True)
class Message:
    """One message; it never changes but for its labels."""

    id: str
    thread: str
    raw: bytes
    at: datetime
    labels: set[str]
    seen: datetime

    def headers(self) -> list[tuple[str, str]]:
        """Return its headers in order, unfolded."""
        return headers(self.raw)

    def header(self, name: str) -> str:
        """Return one header, "" where there is none."""
        return header(self.raw, name)


@dataclass(slots=True)
class Mailbox:
    """One Gmail account. `index_lag` is how long the search does not know a new message.

    `keeps_message_ids` False is the pitfall: a sent mail gets a Message-ID of Gmail's own.
    """

    address: str
    clock: Callable[[], datetime]
    keeps_message_ids: bool = False
    index_lag: timedelta = timedelta()
    aliases: tuple[str, ...] = ()
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    history: list[tuple[int, str, str, frozenset[str]]] = field(default_factory=list)
    oldest_history: int = 0
    last_history: int = 1000
    count: int = 0

    def receive(self, raw: bytes, at: datetime | None = None, *, labels: frozenset[str] = frozenset()) -> Message:
        """Put a mail into the inbox (or under the labels given, e.g. SPAM) as it arrives."""
        return self.put(raw, set(labels) or {"INBOX", "UNREAD"}, at or self.clock())

    def put(self, raw: bytes, labels: set[str], at: datetime, thread: str = "") -> Message:
        """Store a message."""
        self.count += 1
        name = hashlib.sha256(f"{self.address}{self.count}".encode()).hexdigest()[:16]
        message = Message(name, thread or self._thread_of(raw) or name, raw, at, labels, self.clock())
        self.messages[name] = message
        self.threads[message.header("Message-ID")] = message.thread
        self._record("messagesAdded", name, labels)
        return message

    def relabel(self, name: str, *, add: frozenset[str] = frozenset(), remove: frozenset[str] = frozenset()) -> None:
        """Change the labels of a message, as a person does who takes it out of Spam."""
        message = self.messages[name]
        message.labels = (message.labels | add) - remove
        for kind, labels in (("labelsAdded", add), ("labelsRemoved", remove)):
            if labels:
                self._record(kind, name, set(labels))

    def forget_history(self) -> None:
        """Let every history id that was given so far expire."""
        self.oldest_history = self.last_history + 1
        self.last_history += 1

    def _record(self, kind: str, name: str, labels: set[str]) -> None:
        self.last_history += 7
        self.history.append((self.last_history, kind, name, frozenset(labels)))

    def _thread_of(self, raw: bytes) -> str:
        """Return the thread of the message that this one answers."""
        return next((self.threads[name] for name in named(raw) if name in self.threads), "")

    # ---------------------------------------------------------------------------------------------------- drafts

    def draft(self, raw: bytes, thread: str) -> tuple[str, Message]:
        """Store a draft. Refuses an unknown thread."""
        if thread and all(message.thread != thread for message in self.messages.values()):
            raise RefusalError(404, "notFound")
        message = self.put(raw, {"DRAFT"}, self.clock(), thread)
        name = f"r{int(message.id[:12], 16)}"
        self.drafts[name] = message.id
        return name, message

    def send(self, name: str) -> Message:
        """Send a draft: it is gone, and a message with an id of its own is in Sent."""
        if name not in self.drafts:
            raise RefusalError(404, "notFound")
        old = self.messages.pop(self.drafts.pop(name))
        self._record("messagesDeleted", old.id, set())
        raw = old.raw
        if not self.keeps_message_ids or not old.header("Message-ID"):
            own = f"<CA+{old.id}@mail.gmail.com>"
            raw = with_headers(raw, [("Message-ID", own)], frozenset({"message-id"}))
        labels = {"SENT"}
        if any(self.is_mine(address) for address in recipients(raw)):
            labels |= {"INBOX", "UNREAD"}
        return self.put(raw, labels, self.clock(), old.thread)

    def is_mine(self, address: str) -> bool:
        """Whether mail to this address comes here: the account's own, a sub-address or an alias."""
        local, _, domain = address.lower().partition("@")
        return f"{local.partition('+')[0]}@{domain}" in {self.address, *self.aliases}

    # ---------------------------------------------------------------------------------------------------- search

    def search(self, query: str, labels: list[str], *, spam_and_trash: bool) -> Iterator[Message]:
        """Yield what a search finds, newest first; the terms are those that the worker uses."""
        now = self.clock()
        terms = re.findall(r'-?"[^"]*"|\S+', query)
        for message in sorted(self.messages.values(), key=lambda item: (item.at, item.id), reverse=True):
            if not spam_and_trash and message.labels & {"SPAM", "TRASH"} and not _names_place(terms):
                continue
            if not set(labels) <= message.labels:
                continue
            # Only the full-text and header index lags; labels and times are known at once.
            indexed = message.seen + self.index_lag <= now
            if all(self._fits(message, term, now, indexed=indexed) for term in terms):
                yield message

    def _fits(self, message: Message, term: str, now: datetime, *, indexed: bool) -> bool:
        if term.startswith("-"):
            return not self._fits(message, term[1:], now, indexed=indexed)
        name, colon, value = term.partition(":")
        if colon and name == "in":
            place = {"sent": "SENT", "drafts": "DRAFT", "inbox": "INBOX", "trash": "TRASH", "spam": "SPAM"}
            return value == "anywhere" or place[value] in message.labels
        if colon and name == "after":
            return message.at >= datetime.fromtimestamp(int(value), UTC)
        if colon and name == "newer_than":
            return message.at >= now - timedelta(days=int(value.rstrip("d")))
        if colon and name == "rfc822msgid":
            return indexed and message.header("Message-ID").strip("<>") == value
        if colon:
            raise RefusalError(400, "invalidArgument")
        return indexed and term.strip('"').encode() in message.raw


def _names_place(terms: list[str]) -> bool:
    return any(term in {"in:spam", "in:trash", "in:anywhere"} for term in terms)


def reply(to: bytes, sender: str, text: str, at: datetime, number: int = 0) -> bytes:
    """Return what a person's mail client sends when they answer a mail, with what Gmail adds on arrival."""
    verdict = f"mx.google.com; dmarc=pass header.from={sender.rpartition('@')[2]}"
    return with_headers(answer(to, sender, text, at, number), [("Authentication-Results", verdict)])
