"""The worker's mailbox in Exchange Online."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from worker.errors import (
    AccountError,
    ConflictError,
    ForbiddenError,
    GoneError,
    TryLaterError,
    UncertainError,
)
from worker.http import Door
from worker.providers import Batch, Received, Sent, Whereabouts
from worker.providers.concerns import Concerns, first_headers
from worker.providers.marks import mark_of_mail
from worker.providers.microsoft.inbox import Inbox
from worker.providers.microsoft.mailbox import KEY_HEADER, Mailbox
from worker.providers.microsoft.session import Json
from worker.providers.microsoft.settings import MicrosoftSettings
from worker.providers.sending import SendingLimits

# A mail that Exchange took for sending needs a moment to be there as a sent one.
_LOOKS = (0.0, 0.5, 1.5, 3.0)


class MicrosoftMail:
    """One mailbox, by Microsoft Graph: drafts that are sent by id, delta for what is new, mails as raw bytes.

    `address` is the mailbox; where it is a shared one, `signed_in_as` is who opens it. With `own_account` it is a
    person's own: only mail to its sub-addresses, or answering a Message-ID that `is_ours` knows, is fetched at all; of
    any other no more than its headers is looked at.
    """

    # A sent mail may show up late: only two minutes later is its absence the truth.
    settles_after = 120.0

    def __init__(  # noqa: PLR0913  # settings by name, each with its default
        self,
        *,
        address: str,
        settings: MicrosoftSettings,
        door: Door,
        separator: str = "+",
        own_account: bool = False,
        is_ours: Callable[[str], bool] = lambda _: False,
        limits: SendingLimits | None = None,
        signed_in_as: str = "",
    ) -> None:
        self.address = address.lower()
        self._box = Mailbox(self.address, settings, door, signed_in_as.lower())
        self._inbox = Inbox(self._box, Concerns(self.address, separator, is_ours), own=own_account)
        self._limits = limits or SendingLimits()
        self._made: set[str] = set()
        self._taken: dict[str, datetime] = {}

    def signature(self) -> str:
        """Return "": asking whether there is mail costs the same request as fetching it."""
        return ""

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor, oldest first; one request for each watched folder where nothing came."""
        return self._inbox.fetch(cursor)

    def done(self, mail: Received, *, refused: bool) -> None:
        """Do nothing: the cursor says what was read, and what people see of the mailbox stays as it is."""

    def own_addresses(self) -> tuple[str, ...]:
        """Return every address of this mailbox, its own first; that alone where the directory may not be asked."""
        try:
            found = self._box.own_addresses()
        except ForbiddenError:
            found = ()
        return tuple(dict.fromkeys((self.address, *found)))

    # ------------------------------------------------------------------------------------------------------ drafting

    def draft(self, key: str, raw: bytes, conversation: str) -> str:  # noqa: ARG002  # Exchange threads by References
        """Store the mail as a draft and return "id Message-ID"; the same key makes no second one.

        Graph has no key of its own for this: the draft carries ours in a header, and the mails with its Message-ID are
        looked at first. The conversation follows from the mail's own References.
        """
        mark = mark_of_mail(key)
        message_id = _message_id(raw)
        known = self._marked(mark, (message_id,))
        if known is not None:
            return _ref(known)
        made = self._box.store_draft(f"{KEY_HEADER}: {mark}\r\n".encode() + raw)
        if not isinstance(made, dict) or not made.get("id"):
            raise UncertainError(self.address, "Microsoft's answer names no draft: it is looked for.")
        self._made.add(str(made["id"]))
        return _ref(made)

    # ------------------------------------------------------------------------------------------------------- sending

    def send(self, ref: str) -> Sent:
        """Send a draft by its id and read the true Message-ID back.

        Raises UncertainError as soon as the mail may have gone and its Message-ID is not known, GoneError where the
        draft is not there. What was sent before is told, and not sent again.
        """
        name = ref.partition(" ")[0]
        if name not in self._made or name in self._taken:
            found = self._box.message(name)
            if not found.get("isDraft"):
                return _sent(found)
            self._must_not_be_leaving(name)
        waits = self._box.door.waits
        waits.take(f"mails a minute {self.address}", ((self._limits.minute, 60.0),), self.address)
        waits.take(f"mails a day {self.address}", ((self._limits.day, 86400.0),), self.address)
        # From here on it may have gone, whatever happens; only a clear refusal says that it has not.
        self._made.discard(name)
        try:
            self._box.send_draft(name)
        except ConflictError as error:
            raise UncertainError(self.address, "Exchange is at work on this draft: it is looked for.") from error
        self._taken[name] = self._box.door.clock()
        return self._truth(name)

    def _truth(self, name: str) -> Sent:
        last: Exception | None = None
        for seconds in _LOOKS:
            if seconds:
                self._box.door.wait(seconds)
            try:
                found = self._box.message(name)
            except GoneError as error:
                last = error
                continue
            except AccountError as error:
                last = error
                break
            if not found.get("isDraft") and found.get("internetMessageId"):
                del self._taken[name]
                return _sent(found)
        text = "the mail was taken for sending and cannot be read back yet: it is looked for."
        raise UncertainError(self.address, text) from last

    def locate(self, key: str, ref: str, message_id: str) -> tuple[Whereabouts, Sent | None]:
        """Tell where a mail is: by its id, and by its Message-ID, each with our mark in it.

        Raises TryLaterError while a draft is still there that Exchange has taken for sending.
        """
        mark = mark_of_mail(key)
        name, _, drafted_as = ref.partition(" ")
        found = self._by_id(name, mark) if name else None
        found = found or self._marked(mark, (message_id, drafted_as))
        if found is None:
            return Whereabouts.ABSENT, None
        if not found.get("isDraft"):
            return Whereabouts.SENT, _sent(found)
        self._must_not_be_leaving(str(found["id"]))
        return Whereabouts.DRAFT, None

    def _must_not_be_leaving(self, name: str) -> None:
        taken = self._taken.get(name)
        if taken is not None and self._box.door.clock() - taken < timedelta(seconds=self.settles_after):
            text = "Exchange has taken this mail for sending and still shows a draft: it is looked for again."
            raise TryLaterError(self.address, text)

    def _by_id(self, name: str, mark: str) -> Json | None:
        try:
            found = self._box.message(name)
            return found if self._box.mark_in(name) == mark else None
        except GoneError:
            return None

    def _marked(self, mark: str, message_ids: tuple[str, ...]) -> Json | None:
        """Return the mail with our mark among those with these Message-IDs, a sent one before a draft."""
        found = [one for one in self._named(message_ids) if self._has(one, mark)]
        return min(found, key=lambda one: bool(one.get("isDraft")), default=None)

    def _named(self, message_ids: tuple[str, ...]) -> Iterator[Json]:
        for message_id in dict.fromkeys(one for one in message_ids if one):
            yield from self._box.named(message_id)

    def _has(self, message: Json, mark: str) -> bool:
        try:
            return self._box.mark_in(str(message["id"])) == mark
        except GoneError:
            return False


def _message_id(raw: bytes) -> str:
    headers = first_headers(raw)
    return next((value for name, value in headers if name.lower() == "message-id"), "")


def _ref(message: Json) -> str:
    return f"{message['id']} {message.get('internetMessageId') or ''}".rstrip()


def _sent(message: Json) -> Sent:
    return Sent(
        str(message["id"]), str(message.get("internetMessageId") or ""), str(message.get("conversationId") or "")
    )
