"""The worker's mailbox at Gmail."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from itertools import islice
from typing import Any

from worker.errors import AccountError, ConflictError, GoneError, UncertainError
from worker.http import Door
from worker.providers import Batch, Received, Sent, Whereabouts
from worker.providers.concerns import Concerns
from worker.providers.google.inbox import Inbox
from worker.providers.google.mailbox import KEY_HEADER, Mailbox
from worker.providers.google.settings import GoogleSettings
from worker.providers.marks import mark_of_mail
from worker.providers.sending import SendingLimits

_MOST_LOOKED_AT = 300

Json = dict[str, Any]


class GoogleMail:
    """One Gmail mailbox, by the Gmail API: drafts that are sent by id, history for what is new, mails as raw bytes.

    With `own_account` the mailbox is a person's own: only mail to its sub-addresses, or answering a Message-ID that
    `is_ours` knows, is fetched at all; of any other no more than its recipients and references is looked at.
    """

    # A sent mail may show up late: only two minutes later is its absence the truth.
    settles_after = 120.0

    def __init__(
        self,
        *,
        address: str,
        settings: GoogleSettings,
        door: Door,
        separator: str = "+",
        own_account: bool = False,
        is_ours: Callable[[str], bool] = lambda _: False,
        limits: SendingLimits | None = None,
    ) -> None:
        self.address = address.lower()
        self._box = Mailbox(self.address, settings, door)
        self._inbox = Inbox(self._box, Concerns(self.address, separator, is_ours), own=own_account)
        self._limits = limits or SendingLimits()
        self._marks: dict[str, str] = {}

    def signature(self) -> str:
        """Return "": asking whether there is mail costs the same request as fetching it."""
        return ""

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor, oldest first; one request where nothing came."""
        return self._inbox.fetch(cursor)

    def done(self, mail: Received, *, refused: bool) -> None:
        """Do nothing: the cursor says what was read, and marking mails would need a broader right (gmail.modify)."""

    def own_addresses(self) -> tuple[str, ...]:
        """Return every verified address that this account sends as, its own first."""
        return self._box.own_addresses()

    # ------------------------------------------------------------------------------------------------------ drafting

    def draft(self, key: str, raw: bytes, conversation: str) -> str:
        """Store the mail as a draft and return "draft-id/thread-id"; the same key makes no second one.

        Gmail has no key of its own for this: the draft carries ours in a header, and the drafts are looked at first.
        """
        known = self._draft_of(mark_of_mail(key))
        if known is not None:
            return known
        marked = f"{KEY_HEADER}: {mark_of_mail(key)}\r\n".encode() + raw
        message: Json = {"raw": urlsafe_b64encode(marked).decode("ascii")}
        if conversation:
            try:
                return self._create({**message, "threadId": conversation})
            except GoneError:
                # Somebody deleted that conversation; the mail starts a new one.
                pass
        return self._create(message)

    def _create(self, message: Json) -> str:
        request = self._box.users.drafts().create(userId="me", body={"message": message})
        made = self._box.session.run(request, "store a draft")
        try:
            return f"{made['id']}/{made['message']['threadId']}"
        except (KeyError, TypeError):
            raise UncertainError(self.address, "Gmail's answer names no draft: it is looked for.") from None

    # ------------------------------------------------------------------------------------------------------- sending

    def send(self, ref: str) -> Sent:
        """Send a draft by its id and read the true Message-ID back.

        Raises UncertainError as soon as the mail may have gone and its Message-ID is not known, GoneError where the
        draft is not there.
        """
        waits = self._box.door.waits
        waits.take(f"mails a minute {self.address}", ((self._limits.minute, 60.0),), self.address)
        waits.take(f"mails a day {self.address}", ((self._limits.day, 86400.0),), self.address)
        request = self._box.users.drafts().send(userId="me", body={"id": ref.partition("/")[0]})
        try:
            sent = self._box.session.run(request, "send a mail")
        except ConflictError as error:
            raise UncertainError(self.address, "Gmail is at work on this draft: it is looked for.") from error
        try:
            return self._truth(str(sent["id"]))
        except (AccountError, ConflictError, KeyError, TypeError) as error:
            raise UncertainError(
                self.address, "the mail has gone and cannot be read back: it is looked for."
            ) from error

    def _truth(self, message: str) -> Sent:
        return _sent(self._box.message(message, format="metadata", metadataHeaders=["Message-ID"]))

    def locate(self, key: str, ref: str, message_id: str) -> tuple[Whereabouts, Sent | None]:
        """Tell where a mail is: by its conversation, by its Message-ID, and by our mark in drafts and sent mails."""
        mark = mark_of_mail(key)
        draft = False
        for message in self._conversation(ref.partition("/")[2]):
            if _header(message, KEY_HEADER) != mark:
                continue
            if "SENT" in (message.get("labelIds") or []):
                return Whereabouts.SENT, _sent(message)
            draft = draft or "DRAFT" in (message.get("labelIds") or [])
        if draft:
            return Whereabouts.DRAFT, None
        found = self._sent_of(mark, message_id)
        if found is not None:
            return Whereabouts.SENT, found
        return (Whereabouts.DRAFT if self._draft_of(mark) else Whereabouts.ABSENT), None

    def _conversation(self, thread: str) -> list[Json]:
        if not thread:
            return []
        try:
            found = self._box.thread(thread, [KEY_HEADER, "Message-ID"])
        except GoneError:
            return []
        return list(found.get("messages") or [])

    def _sent_of(self, mark: str, message_id: str) -> Sent | None:
        queries = [f"in:sent rfc822msgid:{message_id.strip('<>')}"] if message_id else []
        # The search by id is the fast way; it fails where Gmail gave the mail another id, or has not indexed it yet.
        for query in (*queries, "in:sent newer_than:7d"):
            for found in islice(self._box.search(query), _MOST_LOOKED_AT):
                if self._mark_in(found) == mark:
                    return self._truth(found)
        return None

    def _draft_of(self, mark: str) -> str | None:
        for item in self._box.drafts():
            if self._mark_in(str(item["message"]["id"])) == mark:
                return f"{item['id']}/{item['message']['threadId']}"
        return None

    def _mark_in(self, message: str) -> str:
        """Return our mark in a message. A message never changes, so it is looked at once."""
        if message not in self._marks:
            try:
                headers = self._box.headers(message, (KEY_HEADER,))
            except GoneError:
                return ""
            if len(self._marks) > 20 * _MOST_LOOKED_AT:
                self._marks.clear()
            wanted = KEY_HEADER.lower()
            self._marks[message] = next((value.strip() for name, value in headers if name.lower() == wanted), "")
        return self._marks[message]


def _header(message: Json, wanted: str) -> str:
    headers = (message.get("payload") or {}).get("headers") or []
    return next((str(item["value"]).strip() for item in headers if item["name"].lower() == wanted.lower()), "")


def _sent(message: Json) -> Sent:
    return Sent(str(message["id"]), _header(message, "Message-ID"), str(message.get("threadId") or ""))
