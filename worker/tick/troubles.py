"""Whom the trouble of an account is told: its owner, by one mail for each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.model import CalendarState, Desk, MailKind
from worker.plan import SendMail
from worker.tick import accounts, desks, letters
from worker.tick.office import Office
from worker.tick.records import named_record
from worker.tick.report import Report

# How long a trouble lasts before it is told: a person can end the first two at once, the others often end alone.
_TOLD_AFTER = {
    accounts.SIGN_IN: timedelta(),
    accounts.NO_ACCESS: timedelta(),
    accounts.EMPTY: timedelta(hours=1),
    accounts.BROKEN: timedelta(hours=4),
    accounts.UNREACHABLE: timedelta(days=1),
}


def carry_on(office: Office, now: datetime, report: Report) -> None:
    """Tell managers of the trouble of their calendars; when there may be more to tell is remembered between ticks.

    The mailbox's own trouble is told by `status`, on standard error and in the exit code: no mail leaves it.
    """
    memory = office.memory
    if memory.troubles_known and (memory.troubles_at is None or now < memory.troubles_at):
        return
    later = [at for at in (_tell(office, account, now, report) for account in office.calendars) if at is not None]
    memory.troubles_at, memory.troubles_known = min(later, default=None), True


def _tell(office: Office, account: str, now: datetime, report: Report) -> datetime | None:
    """Tell one calendar's owner where it is time; return when it will be, None where there is nothing to tell."""
    state = office.store.load_calendar(account)
    if state is None or not state.trouble or state.failed_at is None:
        return None
    desk = office.store.load_desk(account) or Desk(account)
    clock = office.clock(office.somebody(account), now)
    key = f"{MailKind.NOTICE} {state.trouble} {account} {clock.day(state.failed_at).isoformat()}"
    if desk.stopped_at is not None or any(row.key == key for row in desk.outbox):
        return None
    at = clock.released(max(state.failed_at + _TOLD_AFTER[state.trouble], now))
    # Not rendered before it can leave: by then the trouble may be over.
    at = max(at, accounts.waits_until(office, accounts.MAILBOX, now) or now)
    if at > now:
        return at
    record = named_record(office.store, account)
    if record is not None:
        action = SendMail(key, account, MailKind.NOTICE, account, at, variant=state.trouble)
        made = replace(letters.letter(office, record, action, now), details=_details(office, state))
        desks.deliver(office, action, made, now, report)
    return None


def _details(office: Office, state: CalendarState) -> tuple[tuple[str, str], ...]:
    found = [("account", state.account), ("command", office.logins.get(state.account, "followthrough check"))]
    if state.failed_at is not None:
        found.append(("date", state.failed_at.isoformat()))
    return tuple(found)
