"""What `check` and `login` ask of Google: one finding a line, each with its next step where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from worker.errors import FollowthroughError, ForbiddenError, SignInError
from worker.http import Door
from worker.providers.findings import Finding, clock_finding, counted, well, wrong
from worker.providers.google.calendar import GoogleCalendar
from worker.providers.google.credentials import DelegatedCredential, token_age
from worker.providers.google.mail import GoogleMail
from worker.providers.google.settings import GoogleSettings, calendar_scopes, mail_scopes, missing_scopes
from worker.providers.google.tokens import Token, load_token

_UNUSED_DAYS = 30
_TESTING_DAYS = 7


def check_mailbox(settings: GoogleSettings, address: str, door: Door) -> Iterator[Finding]:
    """Yield what is well and what is not with the worker's mailbox. Reads only."""
    address = address.lower()
    token, findings = _sign_in(settings, address, mail_scopes(), door)
    yield from findings
    if token is None:
        return
    try:
        usable = GoogleMail(address=address, settings=settings, door=door).own_addresses()
    except FollowthroughError as error:
        yield wrong(f"mailbox {address}", str(error))
        return
    if address in usable:
        yield well(f"mailbox {address} can be read, and sends as itself")
    else:
        step = (
            f"it sends as {', '.join(usable) or 'nobody'}: add the address in Gmail (Settings, Accounts, Send mail as)."
        )
        yield wrong(f"mailbox {address}", step)
    if settings.service_account_file is not None:
        yield _mail_not_delegated(settings, address, door)


def check_calendar(settings: GoogleSettings, account: str, door: Door, *, write: bool) -> Iterator[Finding]:
    """Yield what is well and what is not with a manager's calendar. Reads only."""
    account = account.lower()
    if settings.service_account_file is None:
        token, findings = _sign_in(settings, account, calendar_scopes(write=write), door)
        yield from findings
        if token is None:
            return
    calendar = GoogleCalendar(account=account, settings=settings, door=door, writable=write)
    now = door.clock()
    try:
        found = calendar.read(now, now + timedelta(days=21))
        yield well(f"calendar of {account} can be read ({counted(len(found.events), 'event')} in three weeks)")
        for item, text in found.problems:
            yield wrong(f"calendar of {account}, {item}", text)
        if write and found.events and not any(event.editable for event in found.events):
            step = "check that it is their own calendar, or set write = false."
            yield wrong(f"calendar of {account} has no event that may be changed", step)
        calendar.busy("nobody@example.invalid", now, now + timedelta(days=1))
        yield well(f"calendar of {account}: free and busy times of others can be asked for")
    except FollowthroughError as error:
        yield wrong(f"calendar of {account}", str(error))


def check_clock(door: Door) -> Finding:
    """Return whether this machine's clock agrees with Google's, after any other check has asked something."""
    return clock_finding(door.skew, "Google")


def _sign_in(
    settings: GoogleSettings, account: str, needed: tuple[str, ...], door: Door
) -> tuple[Token | None, list[Finding]]:
    try:
        token = load_token(settings.token_folder, account, settings.seal)
    except FollowthroughError as error:
        return None, [wrong(f"sign-in of {account}", str(error))]
    login = f"run `followthrough login google --account {account}`."
    missing = missing_scopes(needed, frozenset(token.scopes))
    if missing:
        names = ", ".join(scope.rpartition("/")[2] for scope in missing)
        return None, [wrong(f"sign-in of {account} lacks {names}", f"tick every box: {login}")]
    findings = [well(f"sign-in of {account} has every scope that is needed")]
    broader = sorted(set(token.scopes) - set(needed))
    if broader:
        names = ", ".join(scope.rstrip("/").rpartition("/")[2] for scope in broader)
        findings.append(well(f"sign-in of {account} also has {names}, which this does not need"))
    age = door.clock() - token.consented_at
    if age < timedelta(days=_TESTING_DAYS):
        ends = (token.consented_at + timedelta(days=_TESTING_DAYS)).date().isoformat()
        text = f"sign-in of {account} is new; with a consent screen in Testing it would end on {ends}"
        findings.append(well(text, "see docs/google.md, Testing."))
    if token_age(token, door.clock()) > _UNUSED_DAYS:
        text = f"sign-in of {account} was not used for {token_age(token, door.clock())} days"
        findings.append(wrong(text, f"Google ends it after six months without use: {login}"))
    return token, findings


def _mail_not_delegated(settings: GoogleSettings, address: str, door: Door) -> Finding:
    """Try what must fail: a service account that may read everybody's mail is far more than this needs."""
    try:
        DelegatedCredential(settings, address, mail_scopes(), door).headers(fresh=True)
    except (ForbiddenError, SignInError):
        return well("the service account may not read mail")
    except FollowthroughError as error:
        return wrong("the service account's rights could not be looked at", str(error))
    step = "remove the gmail scopes of its client id in the Admin console (Security, API controls, Delegation)."
    return wrong("the service account may read the mail of everybody", step)
