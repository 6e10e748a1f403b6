"""From text to typed tokens: numbers and marks by their shape, words by the table of a language, longest match first.

`scan` knows no language and runs once; `classify` lays one table over its result. Both are linear: every pattern is
bounded, and a phrase of several words is looked up by its first word alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from worker.replies.words import Meanings, Table, plain

_SHAPES = re.compile(
    r"""
      (?P<long>\d{9,})
    | (?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d) | \d{4}/\d{1,2}/\d{1,2}(?!\d) | \d{4}\.\d{1,2}\.\d{1,2}(?!\d)
        | 20[2-9]\d[01]\d[0-3]\d(?!\d))
    | (?P<date3>\d{1,2}(?P<mark>[/.-])\ ?\d{1,2}(?P=mark)(?:\ ?\d{4}|\d{2})(?!\d))
    | (?P<clock>\d{1,2}:\d{2}(?!\d)(?::\d{2}(?!\d))? | \d{1,2}\ ?[hH]\ ?\d{2}(?!\d))
    | (?P<pair>\d{1,2}/\d{1,2}(?![\d/]) | \d{1,2}\.\ ?\d{1,2}\.(?!\d) | \d{1,2}\.\d{1,2}(?!\d))
    | (?P<ordinal>\d{1,2}(?:st|nd|rd|th|sten|ste|ten|ter|ers|er|re|[eè]me|de|te|[eè]|º|ª|°)(?![^\W_]))
    | (?P<one>1:1|1-1(?![\d:.h])|1-on-1|1on1|1o1|121(?!\d))
    | (?P<number>\d{1,8})
    | (?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*)
    | (?P<space>[\s\u00ad\u200b-\u200f\u2060\ufeff]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_DASHES = frozenset("-–—‐‑‒−~")
_QUOTES = frozenset("'’‘`´\"“”„«»*_•·")
_SKIPPED_IN_PHRASE = frozenset({"'", ".", "-"})
_INTEGERS = re.compile(r"\d+")


class Raw:
    """A piece of text by its shape: `kind`, the offsets, the plain word or mark, and the numbers inside it.

    `glued` says that nothing stands between it and the piece before. Written out like every class of the grammar:
    dataclasses would take more time to import than all rules together.
    """

    __slots__ = ("end", "glued", "kind", "numbers", "start", "text", "upper")

    def __init__(
        self, kind: str, start: int, end: int, text: str, numbers: tuple[int, ...], *, glued: bool, upper: bool
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text
        self.numbers = numbers
        self.glued = glued
        self.upper = upper


class Token:
    """One or more pieces with every meaning that a language gives them; without any they are unknown words."""

    __slots__ = ("end", "glued", "kind", "meanings", "numbers", "start", "text", "upper")

    def __init__(self, piece: Raw, kind: str, end: int, meanings: Meanings) -> None:
        self.kind = kind
        self.start = piece.start
        self.end = end
        self.text = piece.text
        self.numbers = piece.numbers
        self.glued = piece.glued
        self.upper = piece.upper
        self.meanings = meanings

    def has(self, kind: str) -> bool:
        """Whether one of its meanings is of this kind."""
        return kind in self.meanings

    def number(self, kind: str) -> int:
        """Return the value of a meaning whose value is a number."""
        value = self.meanings[kind]
        return value if isinstance(value, int) else 0


_plain = lru_cache(maxsize=4096)(plain)
_WORD_LIMIT = 24


def scan(text: str) -> list[Raw]:
    """Cut text into pieces by their shape; spaces and invisible characters only separate."""
    pieces: list[Raw] = []
    glued = False
    for match in _SHAPES.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "mark":
            kind = "date3"
        if kind == "space":
            glued = False
            continue
        raw = match.group()
        numbers: tuple[int, ...] = ()
        if kind == "word":
            # No table has a word this long; folding one would only cost time.
            word = _plain(raw) if len(raw) <= _WORD_LIMIT else ""
        elif kind == "other":
            word = "-" if raw in _DASHES else "'" if raw in _QUOTES else raw
        else:
            word = raw
            if kind not in {"long", "one"}:
                numbers = tuple(int(digits) for digits in _INTEGERS.findall(raw))
        pieces.append(Raw(kind, match.start(), match.end(), word, numbers, glued=glued, upper=raw.isupper()))
        glued = True
    return pieces


def classify(pieces: Sequence[Raw], table: Table) -> list[Token]:
    """Give every piece its meanings in one language, the longest entry first."""
    tokens: list[Token] = []
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        after, meanings = place + 1, None
        entries = table.several.get(piece.text)
        if entries and after < len(pieces):
            second = _second(pieces, after)
            for words, found in entries:
                if words[1] not in second:
                    continue
                reached = _matches(pieces, place, words)
                if reached:
                    after, meanings = reached, found
                    break
        if meanings is None:
            meanings = table.single.get(piece.text) or table.single.get(table.typos.get(piece.text, "")) or {}
        last = pieces[after - 1]
        kind = piece.kind if after == place + 1 else "word"
        tokens.append(Token(piece, kind, last.end, meanings))
        place = after
    return tokens


def _second(pieces: Sequence[Raw], place: int) -> tuple[str, str]:
    """Return what can be the second word of an entry: the piece that follows, and the first behind skipped marks."""
    first = pieces[place].text
    while place < len(pieces) - 1 and pieces[place].text in _SKIPPED_IN_PHRASE:
        place += 1
    return first, pieces[place].text


def _matches(pieces: Sequence[Raw], place: int, words: tuple[str, ...]) -> int:
    """Return the place after an entry of several words that stands here, 0 where it does not."""
    at = place
    for number, word in enumerate(words):
        if number:
            while at < len(pieces) and pieces[at].text in _SKIPPED_IN_PHRASE and word not in _SKIPPED_IN_PHRASE:
                at += 1
        if at >= len(pieces) or pieces[at].text != word:
            return 0
        at += 1
    return at
