"""The state of each account: fine, or in trouble since when and why; and whom that is told, once for each change.

An account heals by itself: it is tried again at its pace, and what was written down about it goes with the trouble.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.errors import AccountError, ForbiddenError, SignInError, TryLaterError
from worker.model import CalendarState, Desk, MailKind
from worker.plan import SendMail
from worker.providers import CalendarProvider
from worker.tick import desks, letters
from worker.tick.office import Office
from worker.tick.records import named_record
from worker.tick.report import Failed, Report

SIGN_IN = "sign-in"
NO_ACCESS = "no-access"
UNREACHABLE = "unreachable"
EMPTY = "calendar-empty"
BROKEN = "broken"
# How long a trouble lasts before it is told: a person can end the first two at once, the others often end alone.
_TOLD_AFTER = {
    SIGN_IN: timedelta(),
    NO_ACCESS: timedelta(),
    EMPTY: timedelta(hours=1),
    BROKEN: timedelta(hours=4),
    UNREACHABLE: timedelta(days=1),
}
_PAUSES = {SIGN_IN: timedelta(minutes=5), NO_ACCESS: timedelta(minutes=5), UNREACHABLE: timedelta(minutes=1)}


def may_try(office: Office, account: str, now: datetime) -> bool:
    """Whether an account may be asked now; it may not where its provider, or its trouble, said to wait."""
    memory = office.memory
    if account not in memory.waits:
        state = office.store.load_calendar(account)
        memory.waits[account] = state.retry_at if state is not None else None
    until = memory.waits[account]
    # A clock that was set back must not shut an account out.
    return until is None or until <= now or until > now + timedelta(days=2)


def calendar(office: Office, account: str, now: datetime) -> CalendarProvider | None:
    """Return somebody's calendar where it is known and may be asked now."""
    found = office.calendars.get(account)
    return found if found is not None and may_try(office, account, now) else None


def failed(office: Office, account: str, error: AccountError, now: datetime) -> Failed:
    """Note that an account could not be used; return its line for the report."""
    state = office.store.load_calendar(account) or CalendarState(account)
    trouble = _trouble(error)
    asked = error.retry_at if isinstance(error, TryLaterError) else None
    changed = replace(
        state,
        problems=((error.account, error.text),),
        trouble=trouble,
        failed_at=state.failed_at if state.trouble == trouble else now,
        retry_at=asked,
    )
    if changed != state:
        office.store.save_calendar(changed)
    pause = _PAUSES.get(trouble)
    office.memory.waits[account] = asked or (now + pause if pause else None)
    return Failed(_action(account), str(error), office.memory.waits[account] if trouble == UNREACHABLE else None)


def still_failing(office: Office, account: str) -> Failed | None:
    """Return the line of an account that is not tried again yet: its trouble goes on, and so does its being told."""
    state = office.store.load_calendar(account)
    if state is None or not state.trouble:
        return None
    text = "; ".join(f"{item}: {text}" for item, text in state.problems)
    return Failed(_action(account), text, state.retry_at)


def went_well(state: CalendarState) -> CalendarState:
    """Return a state without its trouble."""
    return replace(state, trouble="", failed_at=None, retry_at=None)


def in_trouble(state: CalendarState, trouble: str, now: datetime) -> CalendarState:
    """Return a state in this trouble, since now unless it is in it already."""
    return replace(state, trouble=trouble, failed_at=state.failed_at if state.trouble == trouble else now)


def carry_on(office: Office, now: datetime, report: Report) -> None:
    """Tell managers of the trouble of their calendars; when there may be more to tell is remembered between ticks.

    The mailbox's own trouble is told by `status`, on standard error and in the exit code: no mail leaves it.
    """
    memory = office.memory
    if memory.troubles_known and (memory.troubles_at is None or now < memory.troubles_at):
        return
    later = [at for at in (_tell(office, account, now, report) for account in office.calendars) if at is not None]
    memory.troubles_at, memory.troubles_known = min(later, default=None), True


def look_again(office: Office) -> None:
    """Forget when troubles were to be told: one of them has changed."""
    office.memory.troubles_known = False


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


def _trouble(error: AccountError) -> str:
    if isinstance(error, SignInError):
        return SIGN_IN
    if isinstance(error, ForbiddenError):
        return NO_ACCESS
    return UNREACHABLE if isinstance(error, TryLaterError) else BROKEN


def _action(account: str) -> str:
    return f"read calendar {account}" if "@" in account else f"read {account}"
