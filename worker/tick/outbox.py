"""Step four of a tick: each mail through the outbox, claimed before its effect and confirmed after it.

    planned   the rendered bytes are durable, the row names them; nothing went out
    sending   the provider holds a draft (`ref`), and the order to send it has been or is about to be given
    sent      confirmed, with the true Message-ID
    unknown   the order's fate cannot be found out: a person is told, and nothing is sent again
    gave-up   it became useless or was refused, with the reason

Whatever dies between two lines here, the next tick looks where the mail is before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from worker.apply.topics import stood_in
from worker.compose.letter import Composed
from worker.errors import AccountError, GoneError, RefusedError, TryLaterError, UncertainError
from worker.model import MailKind, OutboxEntry, OutboxState, Pair
from worker.plan import SendMail
from worker.providers import Sent, Whereabouts
from worker.tick import accounts, firsts
from worker.tick.office import Office
from worker.tick.records import Record, change_row, named_record, save, with_row
from worker.tick.report import Failed, Report, SentMail

OPEN = (OutboxState.PLANNED, OutboxState.SENDING)
_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=1)
_BEFORE_THE_MEETING = (MailKind.TOPICS, MailKind.AGENDA)
_GIVE_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox of one tick."""

    office: Office
    now: datetime
    report: Report

    def deliver(
        self, record: Record, action: SendMail, composed: Composed, token: str, proposal: datetime | None = None
    ) -> OutboxEntry | None:
        """Claim a mail and bring it as far as it goes now; return its row as it was claimed."""
        key = self.claim(record, action, composed, token, proposal)
        claimed = named_record(self.office.store, action.record)
        row = claimed.row(key) if claimed else None
        if claimed is not None and row is not None:
            self.carry_on(claimed, row, composed.raw)
        return row

    def claim(self, record: Record, action: SendMail, composed: Composed, token: str, proposal: datetime | None) -> str:
        """Make a rendered mail durable, first its bytes, then the row that names them; return the row's key."""
        told = {one.error for one in self.report.failed}
        for problem in composed.problems:
            if problem not in told:
                self.report.failed.append(Failed(f"compose {action.kind}", problem))
        body = self.office.store.put_blob(composed.raw)
        row = OutboxEntry(
            key=action.key,
            kind=action.kind,
            to=action.to,
            planned_at=self.now,
            token=token,
            meeting=action.meeting,
            subject=composed.subject,
            body=body,
            message_id=composed.message_id,
            in_reply_to=composed.in_reply_to,
            conversation=composed.conversation,
            cause=action.cause,
            numbers=composed.numbers,
            choices=composed.choices,
            proposal=proposal,
            about=action.about,
        )
        save(self.office.store, with_row(self._noted(record, action, composed), row), self.now)
        return row.key

    def _noted(self, record: Record, action: SendMail, composed: Composed) -> Record:
        """Return the record with the topics marked that stand in this agenda."""
        if action.kind is not MailKind.AGENDA or not isinstance(record.value, Pair):
            return record
        zone = self.office.manager_of(record.value).timezone
        day = self.now.astimezone(ZoneInfo(zone)).date()
        return Record(record.name, stood_in(record.value, action.meeting, composed.numbers, day))

    def carry_on(self, record: Record, row: OutboxEntry, raw: bytes | None = None) -> None:
        """Bring one open row as far as it goes now; `raw` are its bytes where they are at hand.

        An error concerns this mail alone.
        """
        if row.next_attempt_at is not None and row.next_attempt_at > self.now:
            return
        name = record.name
        if row.state is OutboxState.PLANNED and self._is_useless(record, row):
            why = f"too late: {row.error}" if row.error else "too late"
            self._change(name, row, state=OutboxState.GAVE_UP, error=why)
            return
        held = accounts.waits_until(self.office, accounts.MAILBOX, self.now)
        if held is not None:
            self._change(name, row, next_attempt_at=held)  # the reading of the mailbox has told of the fault
            return
        try:
            if row.state is OutboxState.SENDING:
                self._reconcile(name, row)
            else:
                self._send(name, row, raw)
        except UncertainError as error:
            self._later(name, row, error, retry_at=self.now + _FIRST_RETRY)
        except TryLaterError as error:
            self._later(name, row, error, retry_at=error.retry_at)
        except RefusedError as error:
            self._change(name, row, state=OutboxState.GAVE_UP, error=str(error))
            self.report.failed.append(Failed(f"send {row.kind} to {row.to}", str(error)))
        except AccountError as error:
            self._later(name, row, error, retry_at=None)

    def _is_useless(self, record: Record, row: OutboxEntry) -> bool:
        if (row.attempts or row.next_attempt_at) and self.now - row.planned_at > _GIVE_UP_AFTER:
            return True
        if row.kind not in _BEFORE_THE_MEETING or not isinstance(record.value, Pair):
            return False
        meeting = record.value.meeting(row.meeting)
        return meeting is not None and meeting.start <= self.now

    def _send(self, name: str, row: OutboxEntry, raw: bytes | None) -> None:
        raw = raw if raw is not None else self.office.store.get_blob(row.body)
        if raw is None:
            msg = "its rendered bytes are missing from the data folder: restore the backup, or leave it unsent"
            raise RefusedError(self.office.mailbox.address, msg)
        firsts.note(self.office, name, row, self.now)
        ref = self.office.mailbox.draft(row.key, raw, row.conversation)
        row = self._change(name, row, state=OutboxState.SENDING, ref=ref, claimed_at=self.now)
        self._order(name, row)

    def _order(self, name: str, row: OutboxEntry) -> None:
        try:
            sent = self.office.mailbox.send(row.ref)
        except GoneError:
            self._reconcile(name, row)
            return
        self._confirm(name, row, sent)

    def _reconcile(self, name: str, row: OutboxEntry) -> None:
        """Find out what became of an order to send whose confirmation we do not have."""
        where, sent = self.office.mailbox.locate(row.key, row.ref, row.message_id)
        if where is Whereabouts.DRAFT:
            sent = self.office.mailbox.send(row.ref)
            self._confirm(name, row, sent)
        elif where is Whereabouts.SENT:
            self._confirm(name, row, sent or Sent(row.ref, row.message_id))
        elif self.now - (row.claimed_at or self.now) >= timedelta(seconds=self.office.mailbox.settles_after):
            text = "nobody can tell whether it was sent; it is not sent again: look into the mailbox's sent mail"
            self._change(name, row, state=OutboxState.UNKNOWN, error=text)
            self.report.failed.append(Failed(f"send {row.kind} to {row.to}", text))
        else:
            self._change(name, row, next_attempt_at=self.now + _FIRST_RETRY)

    def _confirm(self, name: str, row: OutboxEntry, sent: Sent) -> None:
        row = self._change(
            name,
            row,
            state=OutboxState.SENT,
            sent_at=self.now,
            provider_id=sent.provider_id,
            message_id=sent.message_id or row.message_id,
            conversation=sent.conversation,
            next_attempt_at=None,
            error="",
        )
        pair = name if " " in name else None
        self.report.sent.append(
            SentMail(str(row.kind), row.to, row.subject, row.message_id, pair, self._meeting_uid(name, row))
        )

    def _meeting_uid(self, name: str, row: OutboxEntry) -> str | None:
        record = named_record(self.office.store, name) if row.meeting else None
        if record is None or not isinstance(record.value, Pair):
            return None
        meeting = record.value.meeting(row.meeting)
        if meeting is None:
            return None
        instance = meeting.recurrence_id
        return f"{meeting.uid};{instance:%Y%m%dT%H%M%SZ}" if instance else meeting.uid

    def _later(self, name: str, row: OutboxEntry, error: AccountError, *, retry_at: datetime | None) -> None:
        pause = min(_FIRST_RETRY * 2 ** min(row.attempts, 10), _LONGEST_RETRY)
        again = retry_at or self.now + pause
        self._change(name, row, attempts=row.attempts + 1, next_attempt_at=again, error=str(error))
        self.report.failed.append(Failed(f"send {row.kind} to {row.to}", str(error), again))

    def _change(self, name: str, row: OutboxEntry, **values: object) -> OutboxEntry:
        def changed(current: OutboxEntry) -> OutboxEntry:
            return replace(current, **values)  # type: ignore[arg-type]  # the fields of a row, named at each call

        return change_row(self.office.store, name, row.key, changed, self.now)
