"""What `check` asks of a mailbox: one finding a line, each with its next step where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from worker.errors import AccountError, ConfigurationError, ForbiddenError, RefusedError
from worker.providers.findings import Finding, clock_finding, well, wrong
from worker.providers.imap.connection import Connection
from worker.providers.imap.drafts import KEY_HEADER, KEYWORDS, marks_for
from worker.providers.imap.folders import Folders
from worker.providers.imap.session import Session
from worker.providers.imap.settings import ImapSettings, Security
from worker.providers.imap.submission import Envelope, Submission
from worker.providers.marks import mark_of_mail

_FULL_PERCENT = 90
_LOOKED_AT = 20
_SMALLEST = 1_000_000
_SERVER = re.compile(rb"authentication-results:\s*([^\s;]+)", re.IGNORECASE)
_PROTECTED = {
    Security.TLS: "by TLS",
    Security.STARTTLS: "by TLS after STARTTLS",
    Security.NONE: "on loopback, in clear",
}


def check_mailbox(
    settings: ImapSettings,
    address: str,
    clock: Callable[[], datetime],
    *,
    separator: str = "+",
    authserv_id: str = "",
) -> Iterator[Finding]:
    """Yield what is well and what is not with the worker's mailbox. Sends nothing.

    A draft is stored, marked and removed again: only so can it be seen that drafts, marks and the clock are well.
    """
    address = address.lower()
    connection = Connection(address, settings)
    try:
        yield from _check_imap(connection, clock, authserv_id)
    except AccountError as error:
        yield wrong(f"mailbox {address}", error.text)
    except ConfigurationError as error:
        yield wrong(f"mailbox {address}", str(error))
        return
    finally:
        connection.close()
    yield from _check_smtp(settings, address, separator)


def _check_imap(connection: Connection, clock: Callable[[], datetime], authserv_id: str) -> Iterator[Finding]:
    settings, address = connection.settings, connection.account
    folders, alerts = connection.run("list its folders", lambda session, found: (found, session.alerts))
    server = f"{settings.imap_host}:{settings.imap_port}"
    yield well(f"mailbox {address}: {settings.user} is signed in at {server}, {_PROTECTED[settings.imap]}")
    for text in alerts:
        yield wrong(f"mailbox {address}: the server wants you to know", text)
    yield from _check_folders(connection, folders)
    usage = connection.run("tell its quota", lambda session, found: session.usage(found.inbox))
    if usage is not None and usage[1]:
        yield _quota(address, *usage)
    yield from _check_draft(connection, clock)
    yield from _check_server(connection, authserv_id)


def _check_folders(connection: Connection, folders: Folders) -> Iterator[Finding]:
    address = connection.account
    opened = connection.run("open the inbox", lambda session, found: session.open(found.inbox))
    missing = dict.fromkeys(folders.missing, "(will be made)")
    words = [f"{role} {name} {missing.get(name, '')}".strip() for role, name in _roles(folders) if name]
    yield well(f"mailbox {address}: folders {', '.join(words)}")
    if not opened.validity:
        step = "its mails have no lasting names (UIDVALIDITY): nothing can be read safely; use another provider."
        yield wrong(f"mailbox {address}: {folders.inbox}", step)
    if not folders.junk:
        step = "answers that end up there are not seen: name it as `junk` in [imap], if there is one."
        yield well(f"mailbox {address}: no folder for junk was found", step)


def _roles(folders: Folders) -> tuple[tuple[str, str], ...]:
    return (("inbox", folders.inbox), ("junk", folders.junk), ("sent", folders.sent), ("drafts", folders.drafts))


def _quota(address: str, used: int, allowed: int) -> Finding:
    percent = 100 * used // allowed
    text = f"mailbox {address}: {used / 1024:.1f} of {allowed / 1024:.1f} MB are used"
    return well(text) if percent < _FULL_PERCENT else wrong(text, "remove mails or raise the quota.")


def _check_draft(connection: Connection, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Store a draft, mark it, look at the server's date of it, and remove it."""
    address = connection.account
    key = mark_of_mail(f"check {clock().isoformat()}")
    lines = (f"{KEY_HEADER}: {key}", f"From: {address}", "Subject: followthrough check", "", "You can remove this.", "")
    raw = "\r\n".join(lines).encode()

    def store(session: Session, folders: Folders) -> None:
        folders.make(session, folders.drafts)
        session.append(folders.drafts, raw, "\\Draft \\Seen", None)

    def look(session: Session, folders: Folders) -> tuple[str, datetime | None]:
        marks = marks_for(session.open(folders.drafts, write=True).permanent)
        for uid in session.having(KEY_HEADER, key):
            kept = marks.pending.lower() in (session.mark(uid, "+", marks.pending) or ())
            moment = next((item.received_at for item in session.fetch([uid], "INTERNALDATE")), None)
            session.remove(uid)
            return ("keywords" if marks == KEYWORDS else "flags") if kept else "", moment
        return "", None

    connection.write("store a draft", store)
    kept, moment = connection.run("let a draft be marked", look)
    if kept:
        yield well(f"mailbox {address}: drafts are stored, marked ({kept}) and removed")
    else:
        step = (
            "the folder keeps no marks: let this account mark mails there, or name another one as `drafts` in [imap]."
        )
        yield wrong(f"mailbox {address}: drafts", step)
    if moment is not None:
        yield clock_finding(clock() - moment, "the mail server")


def _check_server(connection: Connection, authserv_id: str) -> Iterator[Finding]:
    """Say whose Authentication-Results the newest mails carry: only what a configured server says is believed."""

    def look(session: Session, folders: Folders) -> list[str]:
        session.open(folders.inbox)
        newest = session.search("ALL")[-_LOOKED_AT:]
        told = session.fetch(newest, "BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)]")
        tops = (_SERVER.match(item.literal) for item in reversed(told))
        return list(dict.fromkeys(top[1].decode("ascii", "replace").lower() for top in tops if top))

    found = connection.run("let its mails be looked at", look)
    what = f"mailbox {connection.account}: senders are vouched for"
    if authserv_id and authserv_id.lower() in found:
        yield well(f"{what} by {authserv_id}")
    elif authserv_id:
        seen = f"the newest mails name {', '.join(found)}" if found else "no mail in the inbox names a server"
        yield wrong(f"{what} by {authserv_id}", f"{seen}: correct `authserv_id` in [mail], or send a mail and repeat.")
    else:
        hint = f"the newest mails name {', '.join(found)}" if found else "look at Authentication-Results in a mail"
        yield wrong(f"{what} by nobody", f"no answer is believed: set `authserv_id` in [mail]; {hint}.")


def _check_smtp(settings: ImapSettings, address: str, separator: str) -> Iterator[Finding]:
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    local, _, domain = address.partition("@")
    sub_address = f"{local}{separator}check@{domain}"
    try:
        with Submission(address, settings) as submission:
            yield well(f"sending: {settings.user} is signed in at {server}, {_PROTECTED[settings.smtp]}")
            if 0 < submission.largest < _SMALLEST:
                yield wrong(f"sending: {server} takes {submission.largest} bytes a mail", "raise that limit.")
            yield _sub_addresses(submission, address, sub_address)
    except AccountError as error:
        yield wrong(f"sending through {server}", error.text)


def _sub_addresses(submission: Submission, address: str, sub_address: str) -> Finding:
    """Offer a mail to a sub-address and take it back: a server that knows the recipients says what it thinks of it."""
    try:
        submission.offer(Envelope(address, (sub_address,)), b"")
    except RefusedError as error:
        step = f"{error.text} Switch sub-addressing on, or set another `separator` in [mail]."
        return wrong(f"sending: {sub_address} is not accepted", step)
    except ForbiddenError as error:
        return wrong(f"sending as {address}", error.text)
    note = f"a server may accept and lose it: send a mail to {sub_address} and see that it arrives."
    return well(f"sending as {address}, and to {sub_address}, is accepted", note)
