"""What `check` asks of each provider's accounts: the findings of its room, line by line."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from worker.commands.accounts import Accounts, directory_account
from worker.commands.office import running_from
from worker.config import Manager
from worker.errors import AccountError
from worker.model import Outcome
from worker.providers.findings import Finding, counted, well, wrong
from worker.replies import machine, mime, sender
from worker.tick.accounts import MAILBOX
from worker.tick.office import Office

_READ_BACK = timedelta(days=7)
_READ_AHEAD = timedelta(days=21)
_PROBE_PAUSE = 2.0
_PROBE_BYTES = 1 << 16
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_SUB_ADDRESSES = "sub-addresses"
_SWITCH_ON = (
    "switch sub-addressing on for this mailbox (docs/ has a page for each provider), or set another `separator`."
)

Mailbox = Callable[[Accounts, Office], Iterator[Finding]]
Calendar = Callable[[Accounts, Office, Manager, datetime], Iterator[Finding]]


def mailbox(accounts: Accounts, office: Office) -> Iterator[Finding]:
    """Yield what is well and what is not with the worker's mailbox."""
    yield from _MAILBOXES[accounts.config.mail.provider](accounts, office)


def calendar(accounts: Accounts, office: Office, manager: Manager, now: datetime) -> Iterator[Finding]:
    """Yield what is well and what is not with a manager's calendar."""
    yield from _CALENDARS[manager.calendar.provider](accounts, office, manager, now)


def clocks(accounts: Accounts) -> Iterator[Finding]:
    """Yield whether this machine's clock agrees with those of the providers that were asked; after all other checks."""
    used = {accounts.config.mail.provider, *(one.calendar.provider for one in accounts.config.managers)}
    # One door, one difference: that of whoever answered last.
    if "google" in used:
        from worker.providers import google

        yield google.check_clock(accounts.door)
    elif "microsoft" in used:
        from worker.providers import microsoft

        yield microsoft.check_clock(accounts.door)


def directories(accounts: Accounts) -> Iterator[Finding]:
    """Yield whether the directories that are switched on may be asked."""
    config = accounts.config
    for provider, directory in accounts.directories().items():
        account = directory_account(config, provider)
        try:
            found = directory.person(account)
        except AccountError as error:
            yield wrong(f"directory of {provider}", str(error))
            continue
        if directory.problem:
            yield wrong(f"directory of {provider}", directory.problem)
        elif found is None:
            yield wrong(
                f"directory of {provider}", f"it does not know {account}: correct the address, or switch it off."
            )
        else:
            more = f"{len(found.aliases)} further address{'' if len(found.aliases) == 1 else 'es'}"
            yield well(f"directory of {provider}", f"it knows {account}, with {more}")


# -------------------------------------------------------------------------------------------------------------- files


def _files_mailbox(accounts: Accounts, office: Office) -> Iterator[Finding]:
    path = accounts.config.mail.path
    missing = unwritable(path) if path is not None else ""
    if missing:
        yield wrong("mailbox", missing)
        return
    try:
        office.mailbox.signature()
    except AccountError as error:
        yield wrong("mailbox", str(error))
        return
    yield well("mailbox", f"{office.mailbox.address} by {path}")


def _files_calendar(_: Accounts, office: Office, manager: Manager, now: datetime) -> Iterator[Finding]:
    what = f"calendar of {manager.email}"
    calendar = office.calendars[manager.email]
    try:
        found = calendar.read(now - _READ_BACK, now + _READ_AHEAD)
    except AccountError as error:
        yield wrong(what, str(error))
        return
    path = manager.calendar.path
    if found.problems:
        lines = "; ".join(f"{item}: {text}" for item, text in found.problems)
        yield wrong(what, f"{len(found.problems)} cannot be used: {lines}")
    elif calendar.writable and path is not None and not os.access(path, os.W_OK):
        yield wrong(what, f"{path} is not writable: allow it, or set `write = false`")
    elif not found.events:
        yield well(what, "no events between a week ago and three weeks ahead: is it the right one?")
    else:
        yield well(what, f"{counted(len(found.events), 'event')} between a week ago and three weeks ahead")


def unwritable(folder: Path) -> str:
    """Return what keeps us from writing into a folder that is there or will be made, "" where nothing does."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return f"{place} is no folder: move it away, or name another"
    try:
        _try_to_write(place)
    except OSError as error:
        if error.errno in _NO_ROOM:
            return f"{place} has no room left: free some space there"
        if error.errno in _NO_RIGHT:
            return f"{place} is not writable: let this user write there, or name another"
        return f"{place} cannot be written ({error.strerror}): look into its disk, or name another"
    return ""


def _try_to_write(folder: Path) -> None:
    """Write a small file durably, as a tick does, and remove it: nothing less shows a full disk. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=".check-", dir=folder)
    try:
        left = memoryview(bytes(_PROBE_BYTES))
        while left:
            # A disk that fills up takes what it can, and refuses the rest.
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
        Path(name).unlink()


# ------------------------------------------------------------------------------------------------------------- online


def _google_mailbox(accounts: Accounts, _: Office) -> Iterator[Finding]:
    from worker.providers.google import check_mailbox

    yield from check_mailbox(accounts.google, accounts.config.mail.address, accounts.door)


def _google_calendar(accounts: Accounts, _: Office, manager: Manager, __: datetime) -> Iterator[Finding]:
    from worker.providers.google import check_calendar

    yield from check_calendar(accounts.google, manager.email, accounts.door, write=manager.calendar.write)


def _microsoft_mailbox(accounts: Accounts, _: Office) -> Iterator[Finding]:
    from worker.providers.microsoft import check_mailbox

    config = accounts.config
    yield from check_mailbox(
        accounts.microsoft,
        config.mail.address,
        accounts.door,
        outside=config.microsoft.outside,
        signed_in_as=config.mail.signed_in_as,
    )


def _microsoft_calendar(accounts: Accounts, _: Office, manager: Manager, __: datetime) -> Iterator[Finding]:
    from worker.providers.microsoft import check_calendar

    outside, write = accounts.config.microsoft.outside, manager.calendar.write
    yield from check_calendar(accounts.microsoft, manager.email, accounts.door, write=write, outside=outside)


def _imap_mailbox(accounts: Accounts, _: Office) -> Iterator[Finding]:
    from worker.providers.imap import check_mailbox

    mail = accounts.config.mail
    # The real time, whatever `--now` says: it is compared with the server's.
    real = running_from(None)
    yield from check_mailbox(accounts.imap, mail.address, real, separator=mail.separator, authserv_id=mail.authserv_id)


_MAILBOXES: dict[str, Mailbox] = {
    "files": _files_mailbox,
    "google": _google_mailbox,
    "microsoft": _microsoft_mailbox,
    "imap": _imap_mailbox,
}
_CALENDARS: dict[str, Calendar] = {
    "files": _files_calendar,
    "google": _google_calendar,
    "microsoft": _microsoft_calendar,
}


# -------------------------------------------------------------------------------------------------------------- probe


def probe(accounts: Accounts, office: Office, mark: str, raw: bytes, *, seconds: float) -> Iterator[Finding]:
    """Mail the worker itself at a sub-address, and yield whether that arrives and who vouches for it.

    `raw` is the mail, which contains `mark` and goes to a sub-address; it is waited for so many seconds.
    """
    try:
        found = _sent_to_oneself(accounts, office, mark, raw, seconds)
    except AccountError as error:
        yield wrong(_SUB_ADDRESSES, str(error))
        return
    if found is None:
        yield wrong(_SUB_ADDRESSES, f"a mail to one did not arrive within {seconds:.0f} seconds: {_SWITCH_ON}")
    elif machine.machine(found) is Outcome.BOUNCE:
        yield wrong(_SUB_ADDRESSES, f"a mail to one came back: {_SWITCH_ON}")
    else:
        yield well(_SUB_ADDRESSES, "a mail to one of this mailbox arrived")
        servers = ", ".join(sender.servers(found)) or "nobody, as is usual for mail to oneself"
        yield well("senders", f"that mail was vouched for by {servers}")


def _sent_to_oneself(accounts: Accounts, office: Office, mark: str, raw: bytes, seconds: float) -> mime.Mail | None:
    """Return what came of the mail: itself, or the report that it could not be delivered; None where nothing did."""
    mailbox, pause = office.mailbox, threading.Event().wait
    # Where mail to oneself is no concern of `fetch`, it is looked for by its Message-ID.
    look = {"google": _at_google, "microsoft": _at_microsoft}.get(accounts.config.mail.provider)
    known = office.store.load_calendar(MAILBOX)
    cursor = mailbox.fetch(known.cursor if known else "").cursor
    sent = mailbox.send(mailbox.draft(mark, raw, ""))
    for _ in range(max(1, int(seconds / _PROBE_PAUSE))):
        batch = mailbox.fetch(cursor)
        cursor = batch.cursor
        found = next((one.raw for one in batch.mails if mark.encode() in one.raw), None)
        if found is None and look is not None:
            found = look(accounts, sent.message_id)
        if found is not None:
            return mime.read(found)
        pause(_PROBE_PAUSE)
    return None


def _at_google(accounts: Accounts, message_id: str) -> bytes | None:
    from worker.providers.google.mailbox import Mailbox

    box = Mailbox(accounts.config.mail.address, accounts.google, accounts.door)
    for ref in box.search(f"in:inbox rfc822msgid:{message_id.strip('<>')}"):
        return urlsafe_b64decode(str(box.message(ref, format="raw")["raw"]) + "==")
    return None


def _at_microsoft(accounts: Accounts, message_id: str) -> bytes | None:
    from worker.providers.microsoft.mailbox import Mailbox

    mail = accounts.config.mail
    box = Mailbox(mail.address, accounts.microsoft, accounts.door, mail.signed_in_as)
    for folder in ("inbox", "junkemail"):
        for found in box.named(message_id, folder):
            return box.raw(str(found["id"]))
    return None
