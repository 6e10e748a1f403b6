"""The mailboxes of an address header (RFC 5322 section 3.4), read strictly enough to say who sent a mail.

`email.utils.parseaddr` turns `boss@corp.com <evil@evil.com>` into boss; here such a mailbox is not clean.
One pass over the characters, no recursion: linear in the length of the header.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# The addr-spec of RFC 5321 as mail systems really give it out: no quoted local part, no address literal.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,255}")
_MAX_MAILBOXES = 200


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox: the decoded display name, and the address in lower case.

    `clean` says that it can be read in one way only: one well-formed address, and no other address beside it that is
    not quoted. Only a clean mailbox may be taken for a sender.
    """

    name: str
    address: str
    clean: bool


@dataclass(slots=True)
class _Open:
    """The mailbox that is being read."""

    words: list[str]
    bare: list[str]
    angle: str | None = None
    broken: bool = False

    def empty(self) -> bool:
        return self.angle is None and not self.words and not "".join(self.bare).strip() and not self.broken


def mailboxes(value: str, decode: Callable[[str], str] = str) -> tuple[Mailbox, ...]:
    """Read the raw value of one address header, at most 200 mailboxes; `decode` decodes encoded words of RFC 2047.

    Groups (`Team: a@x.org, b@x.org;`) give their members. Never raises.
    """
    found: list[Mailbox] = []
    now = _Open([], [])
    at, size = 0, len(value)
    while at < size and len(found) < _MAX_MAILBOXES:
        char = value[at]
        if char == '"':
            text, at, ended = _quoted(value, at)
            now.words.append(text)
            now.bare.append(" ")
            now.broken = now.broken or not ended
        elif char == "(":
            at, ended = _comment(value, at)
            now.bare.append(" ")
            now.broken = now.broken or not ended
        elif char == "<":
            end = value.find(">", at)
            inner = value[at + 1 : end if end >= 0 else size]
            now.broken = now.broken or end < 0 or now.angle is not None
            now.angle = inner.strip()
            at = end + 1 if end >= 0 else size
        elif char in ",;":
            if not now.empty():
                found.append(_close(now, decode))
            now = _Open([], [])
            at += 1
        elif char == ":" and now.angle is None:
            now = _Open([], [])
            at += 1
        else:
            end = at + 1
            while end < size and value[end] not in '"(<,;:':
                end += 1
            # Behind the address nothing may follow: `a@x.org <b@x.org> c@x.org` can be read in several ways.
            now.broken = now.broken or (now.angle is not None and bool(value[at:end].strip()))
            now.words.append(value[at:end])
            now.bare.append(value[at:end])
            at = end
    if not now.empty():
        found.append(_close(now, decode))
    return tuple(found)


def _quoted(value: str, at: int) -> tuple[str, int, bool]:
    """Read a quoted string from its opening mark: its text, the place behind it, whether it was closed."""
    text: list[str] = []
    at += 1
    while at < len(value):
        char = value[at]
        if char == "\\" and at + 1 < len(value):
            text.append(value[at + 1])
            at += 2
            continue
        if char == '"':
            return "".join(text), at + 1, True
        text.append(char)
        at += 1
    return "".join(text), at, False


def _comment(value: str, at: int) -> tuple[int, bool]:
    """Pass over a comment, nested ones included: the place behind it, whether it was closed."""
    depth = 0
    while at < len(value):
        char = value[at]
        if char == "\\":
            at += 2
            continue
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return at + 1, True
        at += 1
    return len(value), False


def _close(now: _Open, decode: Callable[[str], str]) -> Mailbox:
    """Make the mailbox of what was read."""
    bare = "".join(now.bare).strip()
    if now.angle is None:
        address, name, other = bare, "", ""
    else:
        address, name, other = now.angle, " ".join("".join(now.words).split()), bare
    well_formed = _ADDRESS.fullmatch(address) is not None
    # Many clients put the address itself in place of a name; any other one there is somebody else's.
    misleading = "@" in other and other.lower() != address.lower()
    return Mailbox(decode(name), address.lower(), well_formed and not misleading and not now.broken)
