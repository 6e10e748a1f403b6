"""The worker's mailbox at any server, by IMAP and SMTP submission."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime

from worker.errors import AccountError, GoneError, RefusedError, TryLaterError, UncertainError
from worker.http import Limits
from worker.http.waits import Waits
from worker.providers import Batch, Received, Sent, Whereabouts
from worker.providers.concerns import Concerns
from worker.providers.imap import drafts
from worker.providers.imap.connection import Connection
from worker.providers.imap.drafts import KEY_HEADER, SEEN, Draft
from worker.providers.imap.folders import Folders
from worker.providers.imap.inbox import Inbox
from worker.providers.imap.session import Session
from worker.providers.imap.settings import ImapSettings
from worker.providers.imap.submission import Envelope, Submission
from worker.providers.marks import mark_of_mail
from worker.providers.sending import SendingLimits

_DRAFT = f"\\Draft {SEEN}"
_FLAGGED = "\\Flagged"


class ImapMail:
    """One mailbox. A draft lies in the folder for drafts and carries our key, so that it is known whatever happens.

    SMTP has no way to ask what became of a mail. So the draft is marked before its bytes are handed over, and again
    when the server has taken them: a crash in between leaves a draft that says so, and it is never sent again
    (docs/decisions/0008). With `own_account` the mailbox is a person's own: only mail to its sub-addresses, or
    answering a Message-ID that `is_ours` knows, is fetched; of any other no more than recipients and references.
    `clock` gives the real time (aware).
    """

    # Where the server files the copy in Sent by itself, that may take a moment.
    settles_after = 120.0

    def __init__(
        self,
        *,
        address: str,
        settings: ImapSettings,
        clock: Callable[[], datetime],
        separator: str = "+",
        own_account: bool = False,
        is_ours: Callable[[str], bool] = lambda _: False,
        limits: SendingLimits | None = None,
    ) -> None:
        self.address = address.lower()
        self._settings = settings
        self._clock = clock
        self._connection = Connection(self.address, settings)
        concerns = Concerns(self.address, separator, is_ours)
        self._inbox = Inbox(self._connection, concerns, clock, own=own_account)
        self._limits = limits or SendingLimits()
        self._waits = Waits(clock, Limits(project=(), account=()), jitter=lambda: 1.0, pause=lambda _: None)
        # After a start there may be drafts that were sent and not filed.
        self._filing_is_due = True
        # Drafts that are marked as handed over though the server refused them: the mark could not be taken off.
        self._refused: set[str] = set()

    def close(self) -> None:
        """Close the connection; whatever comes next opens another one."""
        self._connection.close()

    def signature(self) -> str:
        """Return "": asking whether there is mail costs the same as fetching it."""
        return ""

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor, oldest first; one command for each folder where nothing came."""
        return self._inbox.fetch(cursor)

    def done(self, mail: Received, *, refused: bool) -> None:
        """Mark a mail as read, a refused one with a flag as well. Nothing that came is ever removed."""
        self._inbox.done(mail, *([SEEN, _FLAGGED] if refused else [SEEN]))

    # ------------------------------------------------------------------------------------------------------ drafting

    def draft(self, key: str, raw: bytes, conversation: str) -> str:  # noqa: ARG002  # IMAP has no conversations
        """Put the mail into the folder for drafts and return the mark of its key; the same key makes no second one."""
        mark = mark_of_mail(key)
        if self._filing_is_due:
            self._file_what_was_sent()
        if self._find(mark) is None:
            marked = f"{KEY_HEADER}: {mark}\r\n".encode() + raw
            now = self._clock()

            def store(session: Session, folders: Folders) -> None:
                folders.make(session, folders.drafts)
                session.append(folders.drafts, marked, _DRAFT, now)

            self._connection.write("store a draft", store)
        return mark

    # ------------------------------------------------------------------------------------------------------- sending

    def send(self, ref: str) -> Sent:
        """Send a draft and file it in Sent. Raises GoneError where it is not there.

        Raises UncertainError where the server gave no answer to the end of the mail, now or when it was sent before.
        """
        draft = self._find(ref)
        if draft is None:
            raise GoneError(self.address, "the draft is no longer in the mailbox: look who removes drafts there.")
        if draft.is_submitted:
            return self._filed(draft)
        if draft.is_pending and not self._take_back(draft):
            raise UncertainError(self.address, "this mail was handed over before: it is looked for, not sent again.")
        self._waits.take(f"mails a minute {self.address}", ((self._limits.minute, 60.0),), self.address)
        self._waits.take(f"mails a day {self.address}", ((self._limits.day, 86400.0),), self.address)
        with Submission(self.address, self._settings) as submission:
            submission.offer(Envelope.of(self.address, draft.raw), draft.raw)
            self._connection.run("let a draft be marked", lambda s, f: drafts.mark_pending(self.address, s, f, draft))
            try:
                submission.hand_over(draft.raw)
            except (TryLaterError, RefusedError):
                self._refused.add(ref)
                self._take_back(draft)
                raise
            # Before the goodbye, which may take its time.
            return self._filed(draft)

    def _take_back(self, draft: Draft) -> bool:
        """Take the mark off a draft that the server is known to have refused; tell whether that is so."""
        if draft.key not in self._refused:
            return False
        with contextlib.suppress(AccountError):
            self._connection.run("let a draft be marked", lambda s, f: drafts.mark_waiting(s, f, draft))
            self._refused.discard(draft.key)
        return True

    def _find(self, mark: str) -> Draft | None:
        return self._connection.run("show its drafts", lambda s, f: drafts.find(s, f, mark))

    def _filed(self, draft: Draft) -> Sent:
        """Mark and file what has left. Where that fails now it is sent all the same; it is filed later."""
        try:
            self._connection.run("let a draft be marked", lambda s, f: drafts.mark_submitted(s, f, draft))
            return self._connection.run("file what was sent", lambda s, f: drafts.file(s, f, draft, self._clock()))
        except AccountError:
            self._filing_is_due = True
            return draft.sent()

    def _file_what_was_sent(self) -> None:
        """File the drafts that were sent; where that fails it waits, and holds up nothing."""

        def file_all(session: Session, folders: Folders) -> None:
            for draft in drafts.submitted(session, folders):
                drafts.file(session, folders, draft, self._clock())

        with contextlib.suppress(AccountError):
            self._connection.run("file what was sent", file_all)
            self._filing_is_due = False

    # ------------------------------------------------------------------------------------------------------- looking

    def locate(self, key: str, ref: str, message_id: str) -> tuple[Whereabouts, Sent | None]:
        """Tell where a mail is. What was handed over and is not in Sent is ABSENT: nobody can tell."""
        mark = ref or mark_of_mail(key)

        def look(session: Session, folders: Folders) -> tuple[Whereabouts, Sent | None]:
            draft = drafts.find(session, folders, mark)
            if draft is not None and draft.is_submitted:
                self._filing_is_due = True
                return Whereabouts.SENT, draft.sent()
            sent = drafts.in_sent(session, folders, mark, message_id, self._clock())
            if sent is not None:
                return Whereabouts.SENT, sent
            waits = draft is not None and (not draft.is_pending or draft.key in self._refused)
            return (Whereabouts.DRAFT if waits else Whereabouts.ABSENT), None

        return self._connection.run("let a mail be looked for", look)
