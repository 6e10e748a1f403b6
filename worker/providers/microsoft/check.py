"""What `check` and `login` ask of Microsoft: one finding a line, each with its next step where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from worker.errors import FollowthroughError, ForbiddenError, RefusedError, SignInError
from worker.http import Door
from worker.providers.findings import Finding, clock_finding, counted, well, wrong
from worker.providers.microsoft.authority import certificate_until
from worker.providers.microsoft.calendar import MicrosoftCalendar
from worker.providers.microsoft.credentials import AppCredential, PersonCredential
from worker.providers.microsoft.mailbox import Mailbox
from worker.providers.microsoft.settings import (
    IDENTITY,
    MicrosoftSettings,
    calendar_scopes,
    mail_scopes,
    missing_scopes,
)
from worker.providers.microsoft.tokens import load_token

_UNUSED_DAYS = 30
_CERTIFICATE_DAYS = 30


def check_mailbox(
    settings: MicrosoftSettings, address: str, door: Door, *, outside: str = "", signed_in_as: str = ""
) -> Iterator[Finding]:
    """Yield what is well and what is not with the worker's mailbox. Reads only.

    `outside` is the address of a mailbox that the app must not reach, `signed_in_as` who opens a shared one.
    """
    address, asking = address.lower(), signed_in_as.lower() or address.lower()
    usable, findings = _sign_in(settings, asking, mail_scopes(shared=asking != address), door)
    yield from findings
    if not usable:
        return
    box = Mailbox(address, settings, door, signed_in_as.lower())
    try:
        box.round(box.first_round("inbox", box.now()))
        yield well(f"mailbox {address} can be read")
    except FollowthroughError as error:
        yield wrong(f"mailbox {address}", str(error))
        return
    if settings.app_only:
        yield _mail_outside(settings, outside, door)


def check_calendar(
    settings: MicrosoftSettings, account: str, door: Door, *, write: bool, outside: str = ""
) -> Iterator[Finding]:
    """Yield what is well and what is not with a manager's calendar. Reads only.

    `outside` is the address of a person whose calendar the app must not reach.
    """
    account = account.lower()
    usable, findings = _sign_in(settings, account, calendar_scopes(write=write), door)
    yield from findings
    if not usable:
        return
    calendar = MicrosoftCalendar(account=account, settings=settings, door=door, writable=write)
    now = door.clock()
    try:
        found = calendar.read(now, now + timedelta(days=21))
        yield well(f"calendar of {account} can be read ({counted(len(found.events), 'event')} in three weeks)")
        for item, text in found.problems:
            yield wrong(f"calendar of {account}, {item}", text)
        if write and found.events and not any(event.editable for event in found.events):
            step = "check that it is their own calendar, or set write = false."
            yield wrong(f"calendar of {account} has no event that may be changed", step)
    except FollowthroughError as error:
        yield wrong(f"calendar of {account}", str(error))
        return
    yield _free_times(calendar, door)
    if settings.app_only:
        yield _calendar_outside(settings, outside, door)


def check_clock(door: Door) -> Finding:
    """Return whether this machine's clock agrees with Microsoft's, after any other check has asked something."""
    return clock_finding(door.skew, "Microsoft")


def _sign_in(
    settings: MicrosoftSettings, account: str, needed: tuple[str, ...], door: Door
) -> tuple[bool, list[Finding]]:
    """Return whether one can go on, and what was found."""
    return _app(settings, account, door) if settings.app_only else _person(settings, account, needed, door)


def _app(settings: MicrosoftSettings, account: str, door: Door) -> tuple[bool, list[Finding]]:
    findings: list[Finding] = []
    try:
        AppCredential(settings, account, door).headers(fresh=False)
        findings.append(well("the app signs in by itself"))
        if settings.certificate_file is None:
            text = "the app signs in with a secret"
            findings.append(well(text, "a certificate is safer: it never travels (docs/microsoft.md)."))
            return True, findings
        left = (certificate_until(settings.certificate_file) - door.clock()).days
    except FollowthroughError as error:
        return False, [wrong("the app's own sign-in", str(error))]
    if left < _CERTIFICATE_DAYS:
        step = "make a new one, enter it in Entra beside the old one, then name it (docs/microsoft.md)."
        findings.append(wrong(f"the app's certificate ends in {left} days", step))
    return True, findings


def _person(
    settings: MicrosoftSettings, account: str, needed: tuple[str, ...], door: Door
) -> tuple[bool, list[Finding]]:
    try:
        token = load_token(settings.token_folder, account, settings.seal)
    except FollowthroughError as error:
        return False, [wrong(f"sign-in of {account}", str(error))]
    login = f"run `followthrough login microsoft --account {account}`."
    missing = missing_scopes(needed, token.scopes)
    if missing:
        return False, [wrong(f"sign-in of {account} lacks {', '.join(missing)}", login)]
    findings = [well(f"sign-in of {account} has every permission that is needed")]
    broader = sorted(set(token.scopes) - set(needed) - {IDENTITY})
    if broader:
        findings.append(well(f"sign-in of {account} also has {', '.join(broader)}, which this does not need"))
    unused = token.unused_days(door.clock())
    if unused > _UNUSED_DAYS:
        text = f"sign-in of {account} was not renewed for {unused} days"
        findings.append(wrong(text, f"Microsoft ends it after 90 days without use: {login}"))
    try:
        PersonCredential(settings, account, needed, door).headers(fresh=False)
    except FollowthroughError as error:
        return False, [*findings, wrong(f"sign-in of {account}", str(error))]
    return True, findings


def _mail_outside(settings: MicrosoftSettings, outside: str, door: Door) -> Finding:
    """Try what must fail: an app that may read everybody's mail is far more than this needs."""
    if not outside:
        return _untried("mailbox")
    box = Mailbox(outside.lower(), settings, door)
    try:
        box.round(box.first_round("inbox", box.now()))
    except (ForbiddenError, SignInError):
        return well("the app may not read other mailboxes")
    except FollowthroughError as error:
        return wrong("the app's reach could not be looked at", str(error))
    return _reaches_all("read the mail of everybody")


def _calendar_outside(settings: MicrosoftSettings, outside: str, door: Door) -> Finding:
    if not outside:
        return _untried("calendar")
    now = door.clock()
    try:
        MicrosoftCalendar(account=outside, settings=settings, door=door, writable=False).read(
            now, now + timedelta(hours=1)
        )
    except (ForbiddenError, SignInError):
        return well("the app may not open the calendars of other people")
    except FollowthroughError as error:
        return wrong("the app's reach could not be looked at", str(error))
    return _reaches_all("open the calendars of everybody")


def _free_times(calendar: MicrosoftCalendar, door: Door) -> Finding:
    what = f"calendar of {calendar.account}: free and busy times of others"
    now = door.clock()
    try:
        calendar.schedule("nobody@example.invalid", now, now + timedelta(days=1))
    except RefusedError:
        return well(f"{what} are not told", "a private account has none; a proposal then says so.")
    except FollowthroughError as error:
        return wrong(what, str(error))
    return well(f"{what} can be asked for")


def _untried(what: str) -> Finding:
    step = f"name somebody outside the group to have it tried (docs/microsoft.md): their {what} must not open."
    return well("the app's reach was not tried", step)


def _reaches_all(what: str) -> Finding:
    step = (
        "remove the permission in Entra (App registrations, API permissions) and give it by RBAC for Applications"
        " instead (docs/microsoft.md); it can take an hour."
    )
    return wrong(f"the app may {what}", step)
