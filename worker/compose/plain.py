"""Other people's words made fit for a header, a line or a block: data, never markup and never structure."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 60
TITLE_LENGTH = 120
LINE_LENGTH = 100_000
BRIEF_LENGTH = 400
BRIEF_LINES = 8
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Zero-width and direction controls say nothing in a name, and can make it look like another one.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def one_line(text: str, limit: int = LINE_LENGTH) -> str:
    """Return the words on one line of at most `limit` characters: every break, tab and control is one space."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return " ".join(text.split())
    folded = _SPACES.sub(" ", _CONTROLS.sub(" ", _BREAKS.sub(" ", text[: 4 * limit]))).strip()
    return cut(folded, limit)


def name_line(text: str, limit: int = NAME_LENGTH) -> str:
    """Return a name or a title on one line, without invisible characters."""
    return one_line(_INVISIBLE.sub("", text), limit)


def cut(text: str, limit: int) -> str:
    """Return the text, shortened to `limit` characters with an ellipsis where it is longer; marks stay with letters."""
    if len(text) <= limit:
        return text
    end = limit - 1
    # A combining mark, a joiner or a half of a joined emoji at the cut would change the letter before it.
    while end > 1 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f" or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…"


def lines_of(text: str) -> tuple[str, ...]:
    """Return a text word for word as lines without controls; no empty lines at the start, at the end or in a row."""
    if text.isascii() and text.isprintable():
        return (text.rstrip(),) if text.strip() else ()
    found: list[str] = []
    for line in _BREAKS.sub("\n", text).split("\n"):
        kept = _CONTROLS.sub(" ", line.replace("\t", "    ")).rstrip()
        if kept or (found and found[-1]):
            found.append(kept)
    while found and not found[-1]:
        found.pop()
    return tuple(found)
