"""Mailboxes as Exchange keeps them: folders, two kinds of ids, drafts that leave, and a log of changes by folder."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from worker.fakes.microsoft.odata import ID, property_id
from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.mime import header, named, with_headers

FOLDERS = ("inbox", "drafts", "outbox", "sentitems", "deleteditems", "junkemail", "archive")
# Properties that Exchange keeps of the message's own headers (MS-OXPROPS), by their tag.
_TAGS = {"0x1035": "Message-ID", "0x1042": "In-Reply-To", "0x1039": "References"}
_HEADER_SET = "string {00020386-0000-0000-c000-000000000046} name "


@dataclass(slots=True)
class Message:
    """One message. `id` is the immutable one, `place` the one that changes with each move.

    `extended` are its named properties by id, `change` counts its changes, `seen` is when it came here.
    """

    id: str
    place: str
    raw: bytes
    at: datetime
    seen: datetime
    folder: str
    conversation: str
    draft: bool = False
    read: bool = False
    change: int = 1
    changed: datetime | None = None
    categories: tuple[str, ...] = ()
    extended: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """Return one header, "" where there is none."""
        return header(self.raw, name)

    def named_property(self, name: str) -> str:
        """Return a named property ("" where there is none); each header of a mail is one too, whatever its case."""
        if property_id(name) in self.extended:
            return self.extended[property_id(name)]
        if name.lower().startswith(_HEADER_SET):
            return self.header(name[len(_HEADER_SET) :])
        return self.header(_TAGS.get(name.rpartition(" ")[2], "-"))


@dataclass(slots=True)
class Round:
    """Where one delta token stands: the folder's log up to `position`, and for a page what is still to be given."""

    folder: str
    position: int
    select: tuple[str, ...]
    kinds: frozenset[str]
    since: datetime | None
    size: int
    rest: tuple[str, ...] | None = None


@dataclass(slots=True)
class Mailbox:
    """One mailbox.

    `message_ids` says whose Message-ID a mail has that was made from MIME: its own (`kept`), or one of Exchange's from
    the draft on (`draft`) or from the sending on (`send`). `sent_after` is how long a mail that was accepted takes to
    leave and to show in Sent Items; meanwhile it lies in the Outbox, or with `leaves_from_drafts` still looks like a
    draft. With `saves_sent` False it never shows. `index_lag` is how long $search does not
    know a new message. `members` may read and write it as their own (a shared mailbox), `senders` of them send as it.
    """

    address: str
    clock: Callable[[], datetime]
    aliases: tuple[str, ...] = ()
    message_ids: Literal["kept", "draft", "send"] = "kept"
    sent_after: timedelta = timedelta()
    leaves_from_drafts: bool = False
    saves_sent: bool = True
    index_lag: timedelta = timedelta()
    members: set[str] = field(default_factory=set)
    senders: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)
    leaving: list[tuple[datetime, str]] = field(default_factory=list)
    log: list[tuple[str, str, str, str]] = field(default_factory=list)
    rounds: dict[str, Round] = field(default_factory=dict)
    lost: int = 0
    count: int = 0
    moved: int = 0
    tokens: int = 0

    def receive(
        self, raw: bytes, at: datetime | None = None, *, folder: str = "inbox", inside: bool = False, verdict: str = ""
    ) -> Message:
        """Let a mail arrive, with what Exchange writes on it.

        `inside` is a sender of the same organisation. For others `verdict` is DMARC's, pass (also ""), fail or none;
        what they wrote into headers of Exchange's own is taken out.
        """
        return self.put(arrived(raw, inside=inside, verdict=verdict), folder, at or self.clock())

    def put(self, raw: bytes, folder: str, at: datetime, *, draft: bool = False) -> Message:
        """Store a message as it is."""
        self.count += 1
        # Two ids that differ in the case of one letter only, as live ones do.
        stem = hashlib.sha256(f"{self.address}{self.count // 2}".encode()).digest()
        last = "g" if self.count % 2 else "G"
        message = Message(
            id=f"AAkALgAA{urlsafe_b64encode(stem)[:40].decode()}{last}=",
            place=self._place(),
            raw=raw,
            at=at,
            seen=self.clock(),
            folder=folder,
            conversation=self._conversation(raw),
            draft=draft,
            read=draft,
        )
        self.messages[message.id] = message
        self._note(message, "created")
        return message

    def find(self, name: str) -> Message:
        """Return a message by either of its ids, byte for byte. Refuses one that is not there."""
        if not ID.fullmatch(name):
            raise RefusalError(400, "ErrorInvalidIdMalformed")
        found = self.messages.get(name) or next((one for one in self.messages.values() if one.place == name), None)
        if found is None:
            raise RefusalError(404, "ErrorItemNotFound")
        return found

    def move(self, message: Message, folder: str) -> None:
        """Move a message, as a person or a rule does."""
        self._note(message, "deleted")
        message.folder, message.place = folder, self._place()
        self._note(message, "created")

    def delete(self, message: Message) -> None:
        """Delete a message for good."""
        self._note(message, "deleted")
        del self.messages[message.id]

    def touch(self, message: Message) -> None:
        """Note that a message was changed."""
        message.change += 1
        message.changed = self.clock()
        self._note(message, "updated")

    def forget_delta(self, status: int = 410) -> None:
        """Let every delta token that was given so far die: asking with one is answered with this status."""
        self.lost = status
        self.rounds.clear()

    def _place(self) -> str:
        self.moved += 1
        digest = hashlib.sha256(f"{self.address}/{self.moved}".encode()).digest()
        return f"AAMkADQ0{urlsafe_b64encode(digest)[:40].decode()}="

    def _note(self, message: Message, kind: str) -> None:
        self.log.append((message.folder, kind, message.id, message.place))

    def _conversation(self, raw: bytes) -> str:
        """Return the conversation of a mail: that of a mail it names, or of one with the same subject."""
        known = set(named(raw))
        topic = _topic(raw)
        for message in self.messages.values():
            if message.header("Message-ID") in known or (topic and _topic(message.raw) == topic):
                return message.conversation
        digest = hashlib.sha256(f"{self.address}#{self.count}".encode()).digest()
        return f"AAQkADQ0{urlsafe_b64encode(digest)[:24].decode()}="

    def is_mine(self, address: str, *, plus: bool = True) -> bool:
        """Whether mail to this address comes here: the mailbox's own, an alias or (with `plus`) a sub-address."""
        local, _, domain = address.lower().partition("@")
        own = {self.address, *self.aliases}
        return address.lower() in own or (plus and f"{local.partition('+')[0]}@{domain}" in own)

    # ---------------------------------------------------------------------------------------------------------- drafts

    def draft(self, raw: bytes) -> Message:
        """Store a draft that was made from MIME; what a mail must have and this one has not, Exchange adds."""
        added = [("From", self.address), ("Date", format_datetime(self.clock()))]
        raw = with_headers(raw, [(name, value) for name, value in added if not header(raw, name)])
        if self.message_ids == "draft" or not header(raw, "Message-ID"):
            raw = self._with_own_id(raw)
        return self.put(raw, "drafts", self.clock(), draft=True)

    def send(self, name: str) -> Message:
        """Accept a draft for sending: it waits in the Outbox until it leaves."""
        message = self.find(name)
        if not message.draft:
            raise RefusalError(400, "ErrorInvalidRequest", "The message is not a draft.")
        # Exchange says itself what is automatic, and where bounces go.
        raw = with_headers(message.raw, [], frozenset({"auto-submitted", "return-path"}))
        message.raw = self._with_own_id(raw) if self.message_ids == "send" else raw
        if not self.leaves_from_drafts:
            message.draft = False
            self.move(message, "outbox")
        self.leaving.append((self.clock() + self.sent_after, message.id))
        return message

    def leave(self) -> Iterator[bytes]:
        """Yield the mails that leave now; each shows in Sent Items from now on."""
        now = self.clock()
        due = [entry for entry in self.leaving if entry[0] <= now]
        for entry in due:
            self.leaving.remove(entry)
            message = self.messages.get(entry[1])
            if message is None:
                continue
            yield message.raw
            message.draft = False
            if self.saves_sent:
                message.at = max(message.at, entry[0])
                self.move(message, "sentitems")
            else:
                self.delete(message)

    def _with_own_id(self, raw: bytes) -> bytes:
        self.moved += 1
        stamp = hashlib.sha256(f"{self.address}@{self.moved}".encode()).hexdigest()[:32].upper()
        own = f"<AM0PR{stamp}@AM0PR01MB0001.prod.exchangelabs.com>"
        return with_headers(raw, [("Message-ID", own)], frozenset({"message-id"}))


def arrived(raw: bytes, *, inside: bool, verdict: str = "") -> bytes:
    """Return a mail with what Exchange writes on it when it arrives."""
    sender = header(raw, "From").rpartition("@")[2].strip("> ") or "example.org"
    # The header firewall: nobody outside speaks for Exchange.
    own = frozenset({"x-ms-exchange-organization-*", "x-ms-exchange-crosstenant-*"})
    if inside:
        marks = [
            ("X-MS-Exchange-Organization-AuthAs", "Internal"),
            ("X-MS-Exchange-Organization-AuthMechanism", "04"),
            ("X-MS-Exchange-Organization-AuthSource", "AM0PR01MB0001.eurprd01.prod.exchangelabs.com"),
        ]
        return with_headers(raw, marks, own)
    dmarc = verdict or "pass"
    other = "pass" if dmarc == "pass" else "none" if dmarc == "none" else "fail"
    results = (
        f"spf={other} (sender IP is 192.0.2.25) smtp.mailfrom={sender}; dkim={other} (signature was verified)"
        f" header.d={sender};dmarc={dmarc} action=none header.from={sender};compauth={other} reason=100"
    )
    marks = [("Authentication-Results", results), ("X-MS-Exchange-Organization-AuthAs", "Anonymous")]
    return with_headers(raw, marks, own)


def _topic(raw: bytes) -> str:
    """Return the subject without the marks of answers and forwards."""
    return re.sub(r"^((re|aw|fw|fwd|wg|tr|rv):\s*)+", "", header(raw, "Subject"), flags=re.IGNORECASE).strip().lower()
