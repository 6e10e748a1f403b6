"""The commands of one IMAP connection that this provider uses, and no others.

imap-tools connects, signs in and knows how folders are spelled. Its `flag`, `move` and `delete` are not used: each of
them also expunges, which removes for good whatever a person has marked as deleted.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from worker.providers.imap.responses import Data, Folder, Item, Refusal, folders, items, quoted, refusal
from worker.providers.imap.settings import ImapSettings, Security

DELETED = "\\Deleted"
_PREFIX = re.compile(rb'\(\("((?:\\.|[^"\\])*)"')


@dataclass(frozen=True, slots=True)
class Opened:
    """What a folder says when it is opened: UIDVALIDITY, UIDNEXT, PERMANENTFLAGS in lower case.

    `next` is 0 where the server does not tell.
    """

    validity: int
    next: int
    permanent: frozenset[str]


class Session:
    """One connection, signed in. Every command raises `Refusal` where the server says NO or BAD.

    Where the connection is lost imaplib.IMAP4.abort or OSError is raised; then nothing more can be done with it.
    """

    def __init__(self, settings: ImapSettings, context: ssl.SSLContext) -> None:
        self._box = _connected(settings, context)
        try:
            _sign_in(self._box, settings)
            self.alerts = tuple(_text(line) for line in self._told("OK") if b"[ALERT]" in line)
            self.capabilities = frozenset(_text(self._ok(self._client.capability())[-1]).upper().split())
        except BaseException:
            self.close()
            raise
        self._current: tuple[str, bool, Opened] | None = None

    @property
    def _client(self) -> imaplib.IMAP4:
        return self._box.client

    def close(self) -> None:
        """Close the connection without a word: the server may be gone."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()

    # ------------------------------------------------------------------------------------------------------- folders

    def folders(self) -> list[Folder]:
        """Return the folders, with the server's word on what each is for where it has one (RFC 6154)."""
        words = ['""', '"*"']
        if {"SPECIAL-USE", "LIST-EXTENDED"} <= self.capabilities:
            words.append("RETURN (SPECIAL-USE)")
        self._ok(_answered(self._client.xatom, "LIST", *words))
        return folders(self._client.response("LIST")[1])

    def prefix(self) -> str:
        """Return what the names of a person's own folders begin with (RFC 2342), "" in most places."""
        if "NAMESPACE" not in self.capabilities:
            return ""
        told = self._ok(_answered(self._client.namespace))
        found = _PREFIX.match(told[0]) if told and isinstance(told[0], bytes) else None
        return found[1].decode("ascii", "replace") if found else ""

    def create(self, name: str) -> None:
        """Make a folder."""
        self._current = None
        self._ok(_answered(self._client.create, encode_folder(name)))

    def open(self, name: str, *, write: bool = False) -> Opened:
        """Open a folder, afresh, and return what it says; without `write` nothing in it can change."""
        self._current = None
        client = self._client
        self._ok(_answered(client.select, encode_folder(name), readonly=not write))
        found = Opened(
            validity=_number(client.response("UIDVALIDITY")[1]),
            next=_number(client.response("UIDNEXT")[1]),
            permanent=_flags(client.response("PERMANENTFLAGS")[1]),
        )
        self._current = (name, write, found)
        return found

    def opened(self, name: str, *, write: bool) -> Opened:
        """Open a folder where it is not the one that is open already."""
        current = self._current
        return current[2] if current is not None and current[:2] == (name, write) else self.open(name, write=write)

    # --------------------------------------------------------------------------------------------------------- mails

    def search(self, *words: str) -> list[int]:
        """Return the UIDs in the open folder that fit, ascending."""
        told = self._ok(_answered(self._client.uid, "SEARCH", *words))
        # What stands in brackets is not a UID (RFC 7162).
        lines = [line.partition(b"(")[0] for line in told if isinstance(line, bytes)]
        return sorted({int(word) for line in lines for word in line.split()})

    def having(self, header: str, value: str, *words: str) -> list[int]:
        """Return the UIDs in the open folder whose header contains a value; none where it cannot be asked for."""
        try:
            return self.search("HEADER", header, quoted(value), *words)
        except ValueError:
            return []

    def fetch(self, uids: Collection[int], what: str) -> list[Item]:
        """Return what is asked of these mails, by UID; those that are not there are left out."""
        wanted = frozenset(uids)
        names = ",".join(str(uid) for uid in sorted(wanted))
        told = self._ok(_answered(self._client.uid, "FETCH", names, f"(UID {what})")) if names else []
        return [item for item in items(told) if item.uid in wanted]

    def mark(self, uid: int, sign: str, *flags: str) -> frozenset[str] | None:
        """Add ("+"), take away ("-") or set ("") flags; return those it has then, None where the mail is not there."""
        told = items(self._ok(_answered(self._client.uid, "STORE", str(uid), f"{sign}FLAGS", f"({' '.join(flags)})")))
        # Where nothing changed a server may say nothing.
        found = [item.flags for item in (*told, *(() if told else self.fetch([uid], "FLAGS"))) if item.uid == uid]
        return found[-1] if found else None

    def append(self, name: str, raw: bytes, flags: str, at: datetime | None) -> None:
        """Put a mail into a folder, as of `at`; None leaves the moment to the server's clock."""
        date: Any = at  # typeshed names no None, which leaves it out
        self._ok(_answered(self._client.append, encode_folder(name), f"({flags})", date, raw))

    def move(self, uid: int, name: str) -> None:
        """Move a mail of the open folder into another one (RFC 6851; else a copy, and the first one removed)."""
        if "MOVE" in self.capabilities:
            self._ok(_answered(self._client.uid, "MOVE", str(uid), encode_folder(name)))
            return
        self._ok(_answered(self._client.uid, "COPY", str(uid), encode_folder(name)))
        self.remove(uid)

    def remove(self, uid: int) -> None:
        """Remove one draft of ours (RFC 4315). A server that cannot remove one alone is left with it marked so."""
        self.mark(uid, "+", DELETED)
        if "UIDPLUS" in self.capabilities:
            self._ok(_answered(self._client.uid, "EXPUNGE", str(uid)))

    def usage(self, name: str) -> tuple[int, int] | None:
        """Return kilobytes used and allowed (RFC 2087), None where the server tells of no limit."""
        if "QUOTA" not in self.capabilities:
            return None
        told = self._ok(_answered(self._client.getquotaroot, encode_folder(name)))
        # imaplib gives the lines of QUOTAROOT and of QUOTA as two lists.
        found = re.search(r"STORAGE (\d+) (\d+)", str(told))
        return (int(found[1]), int(found[2])) if found else None

    def _told(self, kind: str) -> list[bytes]:
        return [line for line in self._client.untagged_responses.get(kind) or [] if isinstance(line, bytes)]

    def _ok(self, answer: tuple[str, Data]) -> Data:
        if answer[0] != "OK":
            raise refusal(_text(answer[1][0] if answer[1] else b""))
        return answer[1]


def _connected(settings: ImapSettings, context: ssl.SSLContext) -> BaseMailBox:
    host, port, timeout = settings.imap_host, settings.imap_port, settings.timeout
    if settings.imap is Security.TLS:
        return MailBox(host, port, timeout=timeout, ssl_context=context)
    box = MailBoxUnencrypted(host, port, timeout=timeout)
    if settings.imap is Security.STARTTLS:
        # Not MailBoxStartTls, which leaves the connection open where this fails.
        try:
            if "STARTTLS" not in box.client.capabilities:
                raise Refusal("PRIVACYREQUIRED", "it offers no STARTTLS")
            _answered(box.client.starttls, context)
        except BaseException:
            with contextlib.suppress(OSError):
                box.client.shutdown()
            raise
    return box


def _sign_in(box: BaseMailBox, settings: ImapSettings) -> None:
    plain = (settings.user + settings.password).isascii() and "LOGINDISABLED" not in box.client.capabilities
    try:
        (box.login if plain else box.login_utf8)(settings.user, settings.password, initial_folder=None)
    except UnexpectedCommandStatusError as error:
        raise refusal(_text(error.command_result[1][0])) from error
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise refusal(str(error)) from error


def _answered(command: Any, *words: Any, **more: Any) -> tuple[str, Data]:  # noqa: ANN401  # imaplib's methods
    """Give a command. Raises Refusal for BAD, and where a folder can only be read."""
    try:
        kind, told = command(*words, **more)
    except imaplib.IMAP4.readonly as error:
        raise Refusal("READ-ONLY", "the folder can only be read") from error
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise refusal(str(error)) from error
    return str(kind), told


def _text(line: object) -> str:
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else str(line or "")


def _number(told: Data) -> int:
    word = told[-1] if told else None
    return int(word) if isinstance(word, bytes) and word.isdigit() else 0


def _flags(told: Data) -> frozenset[str]:
    word = told[-1] if told else None
    return (
        frozenset(word.decode("ascii", "replace").strip("()").lower().split())
        if isinstance(word, bytes)
        else frozenset()
    )
