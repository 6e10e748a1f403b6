"""What came into the mailbox: by UID, in the inbox and in Junk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses

from worker.providers import Batch, Received
from worker.providers.concerns import RECIPIENTS, REFERENCES, Concerns, first_headers
from worker.providers.imap.connection import LOST, Connection
from worker.providers.imap.drafts import KEY_HEADER
from worker.providers.imap.folders import Folders
from worker.providers.imap.responses import Refusal, day
from worker.providers.imap.session import Session

# A mail beyond this is refused by whoever reads it; one byte more is enough for them to see that.
MAX_MAIL_BYTES = 10_000_000
# What one fetch holds in memory; the rest comes with the next one.
MAX_BATCH_BYTES = 64_000_000
MAX_MAILS = 200

INBOX, JUNK = "inbox", "junk"
_OVERLAP = timedelta(days=2)
_ZONES = timedelta(days=1)  # SINCE knows days only, in the server's own zone
_KEPT_FOR = 6 * 3600
_MOST_LOST = 4
_COPY_WITHIN = timedelta(minutes=2)
_WHOLE = f"INTERNALDATE BODY.PEEK[]<0.{MAX_MAIL_BYTES + 1}>"
_LOOKED_AT = " ".join((*RECIPIENTS, *REFERENCES, KEY_HEADER)).upper()
_PLACE = re.compile(r"(inbox|junk)=(\d+):(\d+)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a folder was read: its UIDVALIDITY and the UID of the first mail that was not seen yet."""

    validity: int
    next: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where the mailbox was read, and when: for the day on which a folder's UIDs have become others."""

    places: dict[str, Place] = field(default_factory=dict)
    at: int = 0

    def __str__(self) -> str:
        """Return the cursor as it is stored."""
        places = [f"{name}={place.validity}:{place.next}" for name, place in sorted(self.places.items())]
        return " ".join([*places, f"at={self.at}"])

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a stored cursor; one that makes no sense starts over with the last two days."""
        places = {name: Place(int(validity), int(first)) for name, validity, first in _PLACE.findall(text)}
        at = re.search(r"\bat=(\d{1,11})\b", text)
        return cls(places, int(at[1]) if at else 0)


@dataclass(slots=True)
class _Reading:
    """What one fetch has read, and its bounds."""

    mails: list[Received] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        return self.bytes >= MAX_BATCH_BYTES or len(self.mails) >= MAX_MAILS


class Inbox:
    """Reads one mailbox. In a person's `own` account only what concerns us is fetched."""

    def __init__(self, connection: Connection, concerns: Concerns, clock: Callable[[], datetime], *, own: bool) -> None:
        self._connection = connection
        self._concerns = concerns
        self._clock = clock
        self._own = own
        # How often the connection was lost at a mail: one that breaks the server must not hold up the others.
        self._lost: dict[str, int] = {}

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor, oldest first; one command for each folder where nothing came.

        At the first time, and for a folder whose UIDVALIDITY is another, the mails of the days in question come once
        more: they were seen, and are known by their bytes.
        """
        known = Cursor.parse(cursor)

        def look(session: Session, folders: Folders) -> Batch:
            reading = _Reading()
            places = {}
            for role, name in ((INBOX, folders.inbox), (JUNK, folders.junk)):
                if name:
                    places[role] = self._look(session, folders, role, known, reading)
            reading.mails.sort(key=lambda mail: mail.received_at or datetime.min.replace(tzinfo=UTC))
            now = int(self._clock().timestamp())
            # The same cursor again, so that a quiet mailbox costs no write a minute.
            at = known.at if places == known.places and now - known.at < _KEPT_FOR else now
            return Batch(tuple(reading.mails), str(Cursor(places, at)), tuple(reading.problems))

        return self._connection.run("let the mailbox be read", look)

    def done(self, mail: Received, *flags: str) -> None:
        """Mark a mail; one whose folder has been made anew is left as it is."""
        role, validity, uid = _parts(mail.ref)

        def mark(session: Session, folders: Folders) -> None:
            name = folders.junk if role == JUNK else folders.inbox
            if name and session.opened(name, write=True).validity == validity:
                session.mark(uid, "+", *flags)

        self._connection.run("let mails be marked as read", mark)

    def _look(self, session: Session, folders: Folders, role: str, known: Cursor, reading: _Reading) -> Place:
        """Read what is new in one folder and return up to where."""
        opened = session.open(folders.junk if role == JUNK else folders.inbox)
        place = known.places.get(role)
        if place is not None and place.validity == opened.validity:
            first = place.next
            if opened.next == first:
                return place
            # `n:*` always names the last mail too, also where its UID is below n.
            uids = [uid for uid in session.search("UID", f"{first}:*") if uid >= first]
        else:
            first = opened.next
            moment = datetime.fromtimestamp(known.at, UTC) if known.at else self._clock()
            uids = session.search("SINCE", day(moment - _OVERLAP - _ZONES))
        after = max(first, opened.next, *(uid + 1 for uid in uids[-1:]))
        reached = self._read(session, folders, role, opened.validity, uids, reading)
        return Place(opened.validity, after if reached is None else reached)

    def _read(
        self, session: Session, folders: Folders, role: str, validity: int, uids: list[int], reading: _Reading
    ) -> int | None:
        """Read these mails of the open folder; return the UID to go on with where there was no room for all."""
        rest = uids[MAX_MAILS:]
        reached = rest[0] if rest else None
        uids = uids[:MAX_MAILS]
        if self._own or role == JUNK:
            uids = self._that_concern_us(session, uids)
        found: list[tuple[int, Received]] = []
        refused: Refusal | None = None
        for uid in uids:
            if reading.is_full:
                reached = uid
                break
            ref = f"{role}:{validity}:{uid}"
            if self._lost.get(ref, 0) >= _MOST_LOST:
                text = "the server closes the connection each time it is asked for it: look at it there."
                reading.problems.append((ref, text))
                continue
            try:
                items = session.fetch([uid], _WHOLE)
                self._lost.pop(ref, None)
            except LOST:
                self._lost[ref] = self._lost.get(ref, 0) + 1
                raise
            except Refusal as error:
                refused = error
                reading.problems.append((ref, f"the server does not give it ({error.text}): look at it there."))
                continue
            for item in items:
                reading.bytes += len(item.literal)
                found.append((uid, Received(ref, item.literal, item.received_at)))
        if refused is not None and not found:
            # Not one mail is broken but the server: what it does not give now must not count as seen.
            raise refused
        if self._own:
            found, waits = self._with_proof(session, folders, found)
            reached = reached if waits is None else waits
        reading.mails.extend(mail for _, mail in found)
        return reached

    def _that_concern_us(self, session: Session, uids: list[int]) -> list[int]:
        """Return the mails that went to a sub-address or answer one of ours, by their recipients and references alone.

        What we sent ourselves is left out: in a person's own account it must stay unread until they read it.
        """
        wanted = []
        for item in session.fetch(uids, f"BODY.PEEK[HEADER.FIELDS ({_LOOKED_AT})]"):
            headers = first_headers(item.literal)
            if self._concerns.has(headers) and not any(name.lower() == KEY_HEADER.lower() for name, _ in headers):
                wanted.append(item.uid)
        return wanted

    def _with_proof(
        self, session: Session, folders: Folders, found: list[tuple[int, Received]]
    ) -> tuple[list[tuple[int, Received]], int | None]:
        """Put the owner's own copy in Sent in place of each mail that says it is from the owner.

        Anybody can write the owner's address and Message-ID, nobody else can put a mail into Sent: so its bytes count,
        not those that came in. A mail client files its copy after sending: where there is none yet, that mail and what
        follows waits, for two minutes. Returns also the UID that waits, None where none does.
        """
        proven: list[tuple[int, Received]] = []
        for uid, mail in found:
            if not self._says_owner(mail.raw):
                proven.append((uid, mail))
                continue
            copy = self._copy_in_sent(session, folders, mail)
            if copy is not None:
                proven.append((uid, Received(mail.ref, copy, mail.received_at, sent_by_owner=True)))
            elif mail.received_at is not None and self._clock() - mail.received_at < _COPY_WITHIN:
                return proven, uid
            else:
                proven.append((uid, mail))
        return proven, None

    def _says_owner(self, raw: bytes) -> bool:
        values = [value for name, value in first_headers(raw) if name.lower() == "from"]
        return any(address.lower() == self._concerns.address for _, address in getaddresses(values))

    def _copy_in_sent(self, session: Session, folders: Folders, mail: Received) -> bytes | None:
        ids = [value for name, value in first_headers(mail.raw) if name.lower() == "message-id"]
        named = _MESSAGE_ID.search(ids[0]) if ids else None
        if named is None or folders.sent in folders.missing:
            return None
        session.opened(folders.sent, write=False)
        for uid in session.having("Message-ID", named[0])[-3:]:
            for item in session.fetch([uid], _WHOLE):
                if self._says_owner(item.literal) and self._concerns.has(first_headers(item.literal)):
                    return item.literal
        return None


def _parts(ref: str) -> tuple[str, int, int]:
    role, _, rest = ref.partition(":")
    validity, _, uid = rest.partition(":")
    return role, int(validity), int(uid)
