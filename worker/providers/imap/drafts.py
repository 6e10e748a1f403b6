"""A draft of ours in the mailbox: how it is found, what it carries, and how it is filed once it was sent.

`$SubmitPending` and `$Submitted` are registered for exactly this (RFC 5550). A server that keeps no keywords has flags
that every server keeps; a person rarely sets those on a draft.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser

from worker.errors import ForbiddenError, GoneError
from worker.providers import Sent
from worker.providers.imap.folders import Folders
from worker.providers.imap.responses import Refusal, day, quoted
from worker.providers.imap.session import Opened, Session

KEY_HEADER = "X-Followthrough-Draft"
SEEN = "\\Seen"
_MARK = re.compile(r"[0-9a-f]{32}")
_HEAD = f"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID {KEY_HEADER.upper()})]"
# How far back Sent is searched by our own header, which servers keep no index of.
_SEARCHED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Marks:
    """`pending`: it is being handed over, or was and nobody knows the answer. `submitted`: the server has taken it."""

    pending: str
    submitted: str


KEYWORDS = Marks("$SubmitPending", "$Submitted")
FLAGS = Marks("\\Flagged", "\\Answered")


def marks_for(permanent: frozenset[str]) -> Marks:
    """Return the marks that a folder keeps, by its PERMANENTFLAGS in lower case."""
    keeps = "\\*" in permanent or {KEYWORDS.pending.lower(), KEYWORDS.submitted.lower()} <= permanent
    return KEYWORDS if keeps else FLAGS


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of ours as it was when it was looked at: where it is, what it is marked with, its key and its bytes."""

    validity: int
    uid: int
    marks: Marks
    flags: frozenset[str]
    key: str
    raw: bytes

    @property
    def is_pending(self) -> bool:
        """Whether it was handed over, or is about to be, and no answer is known."""
        return self.marks.pending.lower() in self.flags

    @property
    def is_submitted(self) -> bool:
        """Whether the server has taken it; then it is sent, and waits to be filed."""
        return self.marks.submitted.lower() in self.flags

    def sent(self) -> Sent:
        """Return what there is to know of it once it was sent."""
        return Sent(self.key, _headers(self.raw)[0])


def find(session: Session, folders: Folders, key: str) -> Draft | None:
    """Return the draft that carries this key; None where there is none."""
    if not _MARK.fullmatch(key) or folders.drafts in folders.missing:
        return None
    return next(iter(_read(session, session.open(folders.drafts, write=True), key)), None)


def submitted(session: Session, folders: Folders) -> list[Draft]:
    """Return the drafts of ours that were sent and not filed."""
    if folders.drafts in folders.missing:
        return []
    opened = session.open(folders.drafts, write=True)
    marked = marks_for(opened.permanent).submitted
    return _read(session, opened, "", *(["ANSWERED"] if marked == FLAGS.submitted else ["KEYWORD", marked]))


def _read(session: Session, opened: Opened, key: str, *words: str) -> list[Draft]:
    uids = session.having(KEY_HEADER, key, "UNDELETED", *words)
    marks = marks_for(opened.permanent)
    return [
        Draft(opened.validity, item.uid, marks, item.flags or frozenset(), _headers(item.literal)[1], item.literal)
        for item in session.fetch(uids, "FLAGS BODY.PEEK[]")
    ]


def mark_pending(account: str, session: Session, folders: Folders, draft: Draft) -> None:
    """Mark a draft as on its way. Raises where that is not kept: then nothing may be handed over."""
    flags = session.mark(_uid(session, folders, draft), "+", draft.marks.pending)
    if flags is None:
        raise GoneError(account, "the draft is no longer in the mailbox: look who removes drafts there.")
    if draft.marks.pending.lower() not in flags:
        text = (
            f"the folder {folders.drafts} keeps no marks, so a crash could send a mail twice: let this account mark"
            " mails there, or name another folder as `drafts` in [imap]."
        )
        raise ForbiddenError(account, text)


def mark_waiting(session: Session, folders: Folders, draft: Draft) -> None:
    """Take the mark away: the server has refused the mail, so it was not sent."""
    session.mark(_uid(session, folders, draft), "-", draft.marks.pending)


def mark_submitted(session: Session, folders: Folders, draft: Draft) -> None:
    """Mark a draft as sent; from here on no crash can hide it."""
    session.mark(_uid(session, folders, draft), "", SEEN, draft.marks.submitted)


def file(session: Session, folders: Folders, draft: Draft, now: datetime) -> Sent:
    """Move what was sent into Sent; where the server has filed a copy by itself, remove the draft instead."""
    folders.make(session, folders.sent)
    copy = in_sent(session, folders, draft.key, draft.sent().message_id, now)
    uid = _uid(session, folders, draft)
    if copy is None:
        session.move(uid, folders.sent)
    else:
        session.remove(uid)
    return copy or draft.sent()


def in_sent(session: Session, folders: Folders, key: str, message_id: str, now: datetime) -> Sent | None:
    """Return what Sent says of the mail with this key: by our header, or by its Message-ID where that was taken off."""
    if not _MARK.fullmatch(key) or folders.sent in folders.missing:
        return None
    session.open(folders.sent)
    words = ["SINCE", day(now - _SEARCHED), "HEADER", KEY_HEADER, quoted(key)]
    if message_id.isascii() and message_id.isprintable() and message_id:
        words = ["OR", f"({' '.join(words)})", "HEADER", "Message-ID", quoted(message_id)]
    for item in session.fetch(session.search(*words), _HEAD):
        found_id, found_key = _headers(item.literal)
        if found_key == key or (not found_key and found_id == message_id):
            return Sent(key, found_id or message_id)
    return None


def _uid(session: Session, folders: Folders, draft: Draft) -> int:
    """Return the draft's UID in its folder, which may have been made anew since it was looked at."""
    if session.opened(folders.drafts, write=True).validity == draft.validity:
        return draft.uid
    found = session.having(KEY_HEADER, draft.key, "UNDELETED")
    if not found:
        # Its old UID may be another mail's by now.
        raise Refusal("NONEXISTENT", "the draft is not there")
    return found[0]


def _headers(raw: bytes) -> tuple[str, str]:
    """Return Message-ID and our key, "" where there is none."""
    headers = BytesHeaderParser().parsebytes(raw[:65_536])
    return " ".join(str(headers.get("Message-ID", "")).split()), str(headers.get(KEY_HEADER, "")).strip()
