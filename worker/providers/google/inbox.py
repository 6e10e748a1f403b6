"""What came into the worker's mailbox: by history, and by a list where the history is forgotten."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from worker.errors import GoneError, RefusedError
from worker.providers import Batch, Received
from worker.providers.concerns import RECIPIENTS, REFERENCES, Concerns, first_headers
from worker.providers.google.mailbox import KEY_HEADER, Mailbox

SERVER = "mx.google.com"
_OVERLAP = timedelta(days=2)
_MOST_MAILS = 200
_KEPT_FOR = 6 * 3600

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where the mailbox was read: Gmail's history id, and the moment for the day on which that has expired.

    `history` is "" while a long list is being worked off by time alone.
    """

    history: str
    at: int

    def __str__(self) -> str:
        """Return the cursor as it is stored."""
        return f"{self.history}@{self.at}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a stored cursor; one that makes no sense starts over with the last two days."""
        history, _, at = text.partition("@")
        return cls(history if history.isdigit() else "", int(at) if at.isdigit() else 0)


class Inbox:
    """Reads one mailbox. In a person's `own` account only what concerns us is fetched."""

    def __init__(self, box: Mailbox, concerns: Concerns, *, own: bool) -> None:
        self._box = box
        self._concerns = concerns
        self._own = own

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor, oldest first; one request where nothing came.

        At the first time, and where Gmail has forgotten the history, the mails of the days in question come once more.
        """
        known = Cursor.parse(cursor)
        if known.history:
            try:
                return self._since(known)
            except GoneError:
                # Forgotten after a week, sometimes after hours; what is listed again was seen, and is known by its id.
                known = Cursor("", known.at - int(_OVERLAP.total_seconds()))
        return self._listed(known)

    def _since(self, known: Cursor) -> Batch:
        now = self._box.now()
        newest = known.history
        ids: dict[str, None] = {}
        for page in self._box.history(known.history):
            newest = str(page.get("historyId") or newest)
            for record in page.get("history") or []:
                for found in _new_in(record):
                    ids[found] = None
                if len(ids) >= _MOST_MAILS:
                    return self._batch(ids, Cursor(str(record["id"]), known.at))
        if newest == known.history and now - known.at < _KEPT_FOR:
            now = known.at  # the same cursor again, so that a quiet mailbox costs no write a minute
        return self._batch(ids, Cursor(newest, now))

    def _listed(self, known: Cursor) -> Batch:
        # Taken before the list: what arrives in between is in the history after it.
        history = str(self._box.profile()["historyId"])
        now = self._box.now()
        since = known.at or now - int(_OVERLAP.total_seconds())
        ids: dict[str, None] = {}
        # Mail to oneself is in Sent and in the inbox; what was merely sent is not asked for.
        for query in (f"after:{since} -in:sent -in:drafts -in:trash", f"after:{since} in:sent in:inbox"):
            ids.update((ref, None) for ref in self._box.search(query))
        order = list(reversed(ids))  # newest first, as Gmail lists them
        if len(order) <= _MOST_MAILS:
            return self._batch(order, Cursor(history, now))
        batch = self._batch(order[:_MOST_MAILS], Cursor("", since))
        reached = max((mail.received_at for mail in batch.mails if mail.received_at), default=None)
        at = int(reached.timestamp()) if reached else now
        # No progress within one second of mail: go on by history rather than read the same again for ever.
        cursor = Cursor("", at) if at > since else Cursor(history, now)
        return Batch(batch.mails, str(cursor), batch.problems)

    def _batch(self, ids: Iterable[str], cursor: Cursor) -> Batch:
        mails: list[Received] = []
        problems: list[tuple[str, str]] = []
        for ref in ids:
            try:
                found = self._mail(ref)
            except GoneError:
                continue
            except RefusedError as error:
                problems.append((ref, error.text))
                continue
            except (KeyError, TypeError, ValueError):
                problems.append((ref, "Gmail gave it in a form that cannot be read: look at it there."))
                continue
            if found is not None:
                mails.append(found)
        mails.sort(key=lambda mail: mail.received_at or datetime.min.replace(tzinfo=UTC))
        return Batch(tuple(mails), str(cursor), tuple(problems))

    def _mail(self, ref: str) -> Received | None:
        if self._own and not self._is_for_us(self._box.headers(ref, (*RECIPIENTS, *REFERENCES, KEY_HEADER))):
            return None
        raw = self._box.message(ref, format="raw")
        labels = set(raw.get("labelIds") or [])
        if not _arrived(labels):
            return None
        body = _decoded(raw["raw"])
        if "SPAM" in labels and not self._concerns.has(first_headers(body)):
            return None
        return Received(
            ref=ref,
            raw=body,
            received_at=datetime.fromtimestamp(int(raw["internalDate"]) / 1000, UTC),
            sent_by_owner="SENT" in labels,
            server=SERVER,
        )

    def _is_for_us(self, headers: list[tuple[str, str]]) -> bool:
        """Whether a mail in a person's own account is our concern; what we wrote to that person ourselves is not."""
        return self._concerns.has(headers) and all(name.lower() != KEY_HEADER.lower() for name, _ in headers)


def _new_in(record: Json) -> Iterator[str]:
    """Yield the ids of the messages that a history record adds, or takes out of Spam."""
    for added in record.get("messagesAdded") or []:
        # Our own drafts and sent mails stand there too; most records name the labels, and spare us a request.
        if _arrived(set(added["message"].get("labelIds") or ["INBOX"])):
            yield str(added["message"]["id"])
    for removed in record.get("labelsRemoved") or []:
        if "SPAM" in (removed.get("labelIds") or []):
            yield str(removed["message"]["id"])


def _arrived(labels: set[str]) -> bool:
    """Whether a message with these labels came in: mail to oneself is in Sent and in the inbox."""
    return not (labels & {"DRAFT", "TRASH", "CHAT"} or ("SENT" in labels and "INBOX" not in labels))


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("no base64") from error
