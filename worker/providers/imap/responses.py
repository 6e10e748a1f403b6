"""Answers of an IMAP server as values (RFC 3501 section 7). Computes only."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from imap_tools.imap_utf7 import utf7_decode

_CODE = re.compile(r"\[([A-Z-]+)(?: [^\]]*)?\]\s*")
_START = re.compile(rb"\d+ \(")
_UID = re.compile(rb"[ (]UID (\d+)")
_SIZE = re.compile(rb"[ (]RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'[ (]INTERNALDATE "([^"]*)"')
_FLAGS = re.compile(rb"[ (]FLAGS \(([^)]*)\)")
_FOLDER = re.compile(rb'\(([^)]*)\) (?:"(\\?.)"|NIL) (.*)', re.DOTALL)
_QUOTED = re.compile(rb'"((?:\\.|[^"\\])*)"')
_FAREWELL = re.compile(r"^(?:command: \w+ => )?(?:\* BYE )?")
_MOST_TEXT = 200

# What imaplib gives: bytes for a line, (line up to the literal, literal) where there is one, None for nothing.
Data = Sequence[bytes | tuple[bytes, bytes] | None]


class Refusal(Exception):  # noqa: N818  # what the server did, not what went wrong in here
    """The server said NO or BAD: its response code (RFC 5530), "" where it gave none, and its text."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(code, text)


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a FETCH answer, as far as the answer tells: `flags` in lower case, None where it does not.

    `literal` is the one body part that was asked for.
    """

    uid: int
    size: int = 0
    received_at: datetime | None = None
    flags: frozenset[str] | None = None
    literal: bytes = b""


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of a LIST answer: its name, attributes in lower case, and what stands between its levels."""

    name: str
    attributes: frozenset[str]
    delimiter: str


def refusal(text: str) -> Refusal:
    """Return the response code and the text of a NO or BAD, on one line and not long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    found = _CODE.search(line)
    code = found[1] if found else ""
    return Refusal(code, (line[: found.start()] + line[found.end() :] if found else line)[:_MOST_TEXT].strip())


def farewell(error: Exception) -> str:
    """Return what the server said last, of an exception of imaplib's, on one line and not long."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return refusal(_FAREWELL.sub("", text)).text


def items(data: Data) -> list[Item]:
    """Return the messages of a FETCH answer, by UID, with everything that the answer says of each.

    A server may tell of messages that nobody asked about, and tell of one in several pieces; one without its UID is
    left out. Attributes stand before the literal or after it; what the literal says counts for nothing.
    """
    groups: list[tuple[list[bytes], list[bytes]]] = []
    for part in data:
        line, literals = (part[0], [part[1]]) if isinstance(part, tuple) else (part or b"", [])
        if _START.match(line):
            groups.append(([], []))
        if groups:
            groups[-1][0].append(line)
            groups[-1][1].extend(literals)
    merged: dict[int, tuple[list[bytes], list[bytes]]] = {}
    for lines, literals in groups:
        uid = _UID.search(b" ".join(lines))
        if uid is not None:
            told = merged.setdefault(int(uid[1]), ([], []))
            told[0].extend(lines)
            told[1].extend(literals)
    return [_item(uid, b" ".join(lines), literals) for uid, (lines, literals) in sorted(merged.items())]


def _item(uid: int, words: bytes, literals: list[bytes]) -> Item:
    size, date = _SIZE.search(words), _DATE.search(words)
    flags = _FLAGS.findall(words)
    return Item(
        uid=uid,
        size=int(size[1]) if size else 0,
        received_at=_moment(date[1]) if date else None,
        flags=frozenset(flags[-1].decode("ascii", "replace").lower().split()) if flags else None,
        literal=literals[-1] if literals else b"",
    )


def _moment(text: bytes) -> datetime | None:
    """Read a date-time such as ` 1-Dec-2026 09:00:00 +0100`."""
    try:
        moment = parsedate_to_datetime(text.decode("ascii", "replace"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def folders(data: Data) -> list[Folder]:
    """Return the folders of a LIST answer; a name may come as it is, quoted, or as a literal.

    One whose name is no modified UTF-7 (RFC 3501 5.1.3) is left out: it could not be opened.
    """
    found = []
    for part in data:
        if not part:
            continue
        line = part[0] if isinstance(part, tuple) else part
        match = _FOLDER.match(line)
        if match is None:
            continue
        name = part[1] if isinstance(part, tuple) else _unquoted(match[3])
        attributes = frozenset(word.lower() for word in match[1].decode("ascii", "replace").split())
        delimiter = (match[2] or b"").decode("ascii", "replace").removeprefix("\\")
        with contextlib.suppress(ValueError):
            found.append(Folder(utf7_decode(name), attributes, delimiter))
    return found


def _unquoted(name: bytes) -> bytes:
    # Asked with RETURN a server may add more after the name (RFC 5258); a name that is not quoted has no blank in it.
    found = _QUOTED.match(name)
    return re.sub(rb"\\(.)", rb"\1", found[1]) if found else name.split(b" ")[0]


def quoted(text: str) -> str:
    """Return a quoted string for a command. Raises ValueError where it cannot be one."""
    if not text.isascii() or not text.isprintable():
        raise ValueError(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def day(moment: datetime) -> str:
    """Return a date as a search has it, such as 1-Dec-2026."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{moment.day}-{names[moment.month - 1]}-{moment.year}"
