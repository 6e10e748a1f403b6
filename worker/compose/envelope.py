"""The bytes of a mail: headers of RFC 5322 and its companions, and a multipart/alternative of two or three parts.

Written by hand because the library's generators encode a long Message-ID in References as words (which breaks
threading), and take a clock and chance for boundaries. Every line ends in CRLF and is ASCII of at most 998 bytes.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.charset import QP, Charset
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

_LINE = 76
_LONGEST_ID = 900
_FOREIGN = bytes(range(127, 256))
_LONGEST_REFERENCES = 20
# Some relays take a line of "From " or a lone dot for their own (RFC 2049 3).
_UNSAFE = re.compile(rb"^(?:F(?=rom )|\.$)", re.MULTILINE)
_ATOMS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&'*+-/=?^_`{|}~")
_WORDS = Charset("utf-8")
_WORDS.header_encoding = QP
# 100-nanosecond steps between 1601, where Windows begins to count, and 1970.
_FILETIME_EPOCH = 116_444_736_000_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """The bodies: text, HTML, and an iCalendar object with its method where the mail invites."""

    text: str
    html: str
    calendar: bytes = b""
    method: str = ""


def message(headers: list[tuple[str, str]], parts: Parts, boundary: str) -> bytes:
    """Return the whole mail. Header values are ready for the wire; `boundary` does not occur in any encoded part."""
    lines = [f"{name}: {value}" for name, value in headers if value]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"']
    head = "\r\n".join(lines).encode("ascii")
    bodies = [
        _part('text/plain; charset="utf-8"', parts.text.encode()),
        _part('text/html; charset="utf-8"', parts.html.encode()),
    ]
    if parts.calendar:
        bodies.append(_part(f'text/calendar; charset="utf-8"; method={parts.method}', parts.calendar))
    mark = f"--{boundary}".encode("ascii")
    pieces = [head, b""]
    for body in bodies:
        pieces += [mark, body]
    return b"\r\n".join([*pieces, mark + b"--", b""])


def _part(kind: str, body: bytes) -> bytes:
    """Return a part with its own headers; quoted-printable where most of it is ASCII, else base64."""
    body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    foreign = len(body) - len(body.translate(None, _FOREIGN))
    if kind.startswith("text/calendar") or foreign * 6 > len(body):
        encoding = "base64"
        # Text is canonical with CRLF before it is encoded (RFC 2045 6.8).
        encoded = base64.encodebytes(body.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")
    else:
        encoding = "quoted-printable"
        encoded = _quoted_printable(body)
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + encoded


def _quoted_printable(body: bytes) -> bytes:
    encoded = quopri.encodestring(body)
    if encoded.startswith((b"From ", b".")) or b"\nFrom " in encoded or b"\n." in encoded:
        encoded = _UNSAFE.sub(lambda found: b"=%02X" % found[0][0], encoded)
    return encoded.replace(b"\n", b"\r\n")


def boundary(token: str) -> str:
    """Return the boundary of the mail with this token: quoted-printable and base64 never contain `=_`."""
    return f"=_{hashlib.sha256(token.encode()).hexdigest()[:24]}"


@lru_cache(maxsize=1024)
def text_header(name: str, value: str) -> str:
    """Return an unstructured header's value: folded, as encoded words where it is not ASCII (RFC 2047)."""
    if value.isascii():
        return _folded(name, value.split(" "))
    return Header(value, _WORDS, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


@lru_cache(maxsize=1024)
def address_header(name: str, display: str, address: str) -> str:
    """Return `Display <address>`: a quoted string or encoded words where the name needs it."""
    if not display:
        return address
    if display.isascii():
        safe = set(display) <= _ATOMS
        quoted = display if safe else '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if len(quoted) < _LINE - len(name):
            return _folded(name, [quoted, f"<{address}>"])
    words = Header(display, _WORDS, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")
    return f"{words}\r\n <{address}>"


def ids_header(name: str, ids: tuple[str, ...]) -> str:
    """Return Message-IDs, one a line where they do not fit; the first and the newest of a long conversation stay."""
    known = [one for one in dict.fromkeys(ids) if _is_id(one)]
    if len(known) > _LONGEST_REFERENCES:
        known = [known[0], *known[1 - _LONGEST_REFERENCES :]]
    return _folded(name, known)


def _is_id(text: str) -> bool:
    return (
        text.startswith("<")
        and text.endswith(">")
        and text.isascii()
        and text.isprintable()
        and len(text) < _LONGEST_ID
        and " " not in text
    )


def date_header(now: datetime) -> str:
    """Return the date of RFC 5322 3.3, with the offset of `now`."""
    return format_datetime(now)


def thread_index(conversation: str, day: date | None, token: str, *, root: bool) -> str:
    """Return Outlook's Thread-Index (MS-OXOMSG 2.2.1.3): 22 bytes shared by a conversation, 5 more for a reply.

    The time in it is the meeting's day and not the sending: it must be the same for each mail of the conversation.
    """
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else datetime(2000, 1, 1, tzinfo=UTC)
    ticks = int(start.timestamp()) * 10_000_000 + _FILETIME_EPOCH
    head = ticks.to_bytes(8, "big")[:6]
    guid = hashlib.sha256(f"thread\x1f{conversation}".encode()).digest()[:16]
    child = b"" if root else hashlib.sha256(f"child\x1f{token}".encode()).digest()[:5]
    return base64.b64encode(head + guid + child).decode("ascii")


def _folded(name: str, words: list[str]) -> str:
    """Fold at spaces so that no line is longer than 76 where words allow; a single long word stays whole."""
    lines = [""]
    used = len(name) + 2
    for word in words:
        if lines[-1] and used + 1 + len(word) > _LINE:
            lines.append("")
            used = 1
        lines[-1] += f" {word}" if lines[-1] else word
        used += len(word) + 1
    return "\r\n ".join(lines)
