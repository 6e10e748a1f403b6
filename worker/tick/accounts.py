"""The state of each account: fine, or in trouble since when and why.

An account heals by itself: it is tried again at its pace, and what was written down about it goes with the trouble.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.errors import AccountError, ForbiddenError, SignInError, TryLaterError
from worker.model import CalendarState
from worker.providers import CalendarProvider
from worker.tick.office import Office
from worker.tick.report import Failed

# The name under which the mailbox's state is kept, beside those of the calendars.
MAILBOX = "mailbox"
SIGN_IN = "sign-in"
NO_ACCESS = "no-access"
UNREACHABLE = "unreachable"
EMPTY = "calendar-empty"
BROKEN = "broken"
_PAUSES = {SIGN_IN: timedelta(minutes=5), NO_ACCESS: timedelta(minutes=5), UNREACHABLE: timedelta(minutes=1)}


def waits_until(office: Office, account: str, now: datetime) -> datetime | None:
    """Return until when an account may not be asked: its provider, or its trouble, said to wait; None: it may."""
    memory = office.memory
    if account not in memory.waits:
        state = office.store.load_calendar(account)
        memory.waits[account] = state.retry_at if state is not None else None
    until = memory.waits[account]
    # A clock that was set back must not shut an account out.
    return until if until is not None and now < until <= now + timedelta(days=2) else None


def may_try(office: Office, account: str, now: datetime) -> bool:
    """Whether an account may be asked now."""
    return waits_until(office, account, now) is None


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
    again = office.memory.waits[account] if trouble == UNREACHABLE else None
    return Failed(_action(account), _told(account, error.account, error.text), again)


def still_failing(office: Office, account: str) -> Failed | None:
    """Return the line of an account that is not tried again yet: its trouble goes on, and so does its being told."""
    state = office.store.load_calendar(account)
    if state is None or not state.trouble:
        return None
    text = "; ".join(_told(account, item, text) for item, text in state.problems)
    return Failed(_action(account), text, state.retry_at)


def went_well(state: CalendarState) -> CalendarState:
    """Return a state without its trouble."""
    return replace(state, trouble="", failed_at=None, retry_at=None)


def in_trouble(state: CalendarState, trouble: str, now: datetime) -> CalendarState:
    """Return a state in this trouble, since now unless it is in it already."""
    return replace(state, trouble=trouble, failed_at=state.failed_at if state.trouble == trouble else now)


def look_again(office: Office) -> None:
    """Forget when troubles were to be told: one of them has changed."""
    office.memory.troubles_known = False


def _trouble(error: AccountError) -> str:
    if isinstance(error, SignInError):
        return SIGN_IN
    if isinstance(error, ForbiddenError):
        return NO_ACCESS
    return UNREACHABLE if isinstance(error, TryLaterError) else BROKEN


def _told(account: str, item: str, text: str) -> str:
    """Return what is wrong with an account or something in it; the account is named by the action already."""
    return text if item == account else f"{item}: {text}"


def _action(account: str) -> str:
    return f"read calendar {account}" if "@" in account else f"read {account}"
