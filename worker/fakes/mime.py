"""What the fakes of all vendors do with raw mail: read its head, change a header, write what a person answers."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import getaddresses
from functools import lru_cache
from typing import Any

_NAMES = ("To", "Cc", "Bcc")


def parsed(raw: bytes) -> Any:  # noqa: ANN401  # email's own type has no raw_items
    """Return the headers of a mail."""
    return BytesHeaderParser(policy=default).parsebytes(raw)


def headers(raw: bytes) -> list[tuple[str, str]]:
    """Return the headers of a mail in order, unfolded."""
    return list(_headers(raw))


# A mailbox looks through all its mails for a conversation, each time one arrives.
@lru_cache(2048)
def _headers(raw: bytes) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in parsed(raw).raw_items())


def header(raw: bytes, name: str) -> str:
    """Return one header, "" where there is none."""
    wanted = name.lower()
    return next((value.strip() for key, value in headers(raw) if key.lower() == wanted), "")


def addresses(raw: bytes, *names: str) -> list[str]:
    """Return every address in these headers."""
    head = parsed(raw)
    values = [value for name in names for value in head.get_all(name, [])]
    return [address for _, address in getaddresses([str(value) for value in values])]


def recipients(raw: bytes) -> list[str]:
    """Return every address that a mail goes to."""
    return addresses(raw, *_NAMES)


def named(raw: bytes) -> list[str]:
    """Return the Message-IDs that a mail refers to, the oldest first."""
    head = parsed(raw)
    return re.findall(r"<[^<>\s]+>", f"{head.get('References', '')} {head.get('In-Reply-To', '')}")


def with_headers(raw: bytes, first: list[tuple[str, str]], without: frozenset[str] = frozenset()) -> bytes:
    """Return a mail with other headers put before its own, and without those named (in lower case).

    A name that ends in "*" takes all that begin so. What stays is untouched, byte for byte.
    """
    head, separator, body = raw.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = raw.partition(b"\n\n")
    stems = tuple(name[:-1] for name in without if name.endswith("*"))
    kept = []
    for line in re.split(rb"\r?\n(?![ \t])", head):
        name = line.partition(b":")[0].decode("ascii", "replace").strip().lower()
        if name not in without and not (stems and name.startswith(stems)):
            kept.append(line)
    added = [f"{name}: {value}".encode() for name, value in first]
    return b"\r\n".join([*added, *kept]) + b"\r\n\r\n" + body


def answer(to: bytes, sender: str, text: str, at: datetime, number: int = 0) -> bytes:
    """Return what a person's mail client sends when they answer a mail. `number` tells several answers apart."""
    asked = parsed(to)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = str(asked.get("Reply-To") or asked["From"])
    message["Subject"] = f"Re: {asked['Subject']}"
    message["Date"] = at
    stamp = hashlib.sha256(f"{sender}{at}{number}".encode()).hexdigest()[:16]
    message["Message-ID"] = f"<reply-{stamp}@{sender.rpartition('@')[2]}>"
    message["In-Reply-To"] = str(asked["Message-ID"])
    message["References"] = f"{asked.get('References', '')} {asked['Message-ID']}".strip()
    message.set_content(text)
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
