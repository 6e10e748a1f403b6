"""A mail's text as lines and words, with what the client's quotation marks say about them.

Plain text and HTML become the same thing here: lines without quotation prefix, each with its depth of quotation and,
where the markup of a client says so, its role. Everything is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

# A word is letters and digits; a sign that can be an answer by itself (an emoji, a tick) is one too. Punctuation,
# rules and bullets of clients are not. A URL is one word, so that a client that rewraps it cannot cut it.
_WORD = re.compile(
    r"https?://[^\s<>\"')\]]+|[^\W_]+"
    r"|[^\w\s!-/:-@\[-`{-~\u00a0-\u00bf\u0300-\u036f\u200b-\u206f\u2500-\u25ff\ufe00-\ufe0f\ufeff\u2022\u00b7\u3000-\u303f]+"
)
MAX_SHARED = 500
# What a client adds behind the text of a link.
LINK = re.compile(
    r"<(?:https?|mailto|tel):[^<>\s]*>|\[(?:https?|mailto|tel):[^\[\]\s]*\]|\((?:mailto|tel):[^()\s]*\)", re.IGNORECASE
)
_PREFIX = re.compile(r"[ \t]*((?:>[ \t]?)+)")
_BLANKS = re.compile(r"\n{4,}")
# No column of a table is wider; more only costs time.
_WIDEST_GAP = 60
_GAPS = re.compile(rf" {{{_WIDEST_GAP + 1},}}")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u034f\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))
_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u2004\u2005\u2006\u2008\u3000\t\x0b\x0c"), " "
)
_SPACES |= dict.fromkeys(map(ord, "\u2028\u2029\x85\x1c\x1d\x1e"), "\n")
_CLEAN = {**_INVISIBLE, **_SPACES}
_ODD = re.compile("[" + "".join(map(re.escape, map(chr, _CLEAN))) + "]")


class Role(IntEnum):
    """What the markup of a client says about a line."""

    TEXT = 0
    ATTRIBUTION = 1
    SIGNATURE = 2


@dataclass(slots=True)
class Body:
    """Lines without quotation prefix; `depths` how deep each is quoted, `roles` what the client's markup calls it."""

    lines: list[str] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)

    def add(self, line: str, depth: int = 0, role: Role = Role.TEXT) -> None:
        """Append one line."""
        self.lines.append(line)
        self.depths.append(depth)
        self.roles.append(role)


@dataclass(slots=True)
class Words:
    """The words of a body in lower case: of word i, its line, and where in that line it begins and ends."""

    words: list[str] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)


def clean(text: str) -> str:
    """Make spaces of all kinds plain and no gap endless, drop what cannot be seen, and compose accents (NFC)."""
    if _ODD.search(text):
        text = text.translate(_CLEAN)
    if " " * (_WIDEST_GAP + 1) in text:
        text = _GAPS.sub(" " * _WIDEST_GAP, text)
    if text.isascii():
        return text
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def plain_body(text: str) -> Body:
    """The lines of a plain text; `>` prefixes give the depth and are taken off."""
    body = Body()
    text = clean(text)
    if "\n\n\n\n" in text:
        # Whole screens of blank lines say no more than three do.
        text = _BLANKS.sub("\n\n\n", text)
    for line in text.split("\n"):
        match = _PREFIX.match(line) if ">" in line else None
        if match:
            body.add(line[match.end() :].rstrip(), match[1].count(">"))
        else:
            body.add(line.rstrip())
    return body


def split_shared(body: Body, find: Callable[[str], int]) -> None:
    """Give an attribution that a client put behind a person's words a line of its own; `find` says where it begins."""
    at = 0
    probes = MAX_SHARED
    while at < len(body.lines) and probes:
        line = body.lines[at]
        place = -1
        if body.depths[at] == 0 and line.endswith((":", ": ", "：")) and len(line) > 30:
            place = find(line)
            probes -= 1
        if place > 0:
            body.lines[at : at + 1] = [line[:place].rstrip(), line[place:].lstrip(" -")]
            body.depths.insert(at, body.depths[at])
            body.roles.insert(at, body.roles[at])
            at += 1
        at += 1


def words_of(lines: list[str]) -> Words:
    """Cut lines into words; the targets that clients add behind links are left out."""
    found = Words()
    words, line_of, start, end = found.words, found.line, found.start, found.end
    for number, line in enumerate(lines):
        low = line.lower()
        if len(low) != len(line):
            low = line
        if ":" in low and LINK.search(low):
            low = LINK.sub(lambda match: " " * len(match[0]), low)
        for match in _WORD.finditer(low):
            words.append(match[0])
            line_of.append(number)
            start.append(match.start())
            end.append(match.end())
    return found
