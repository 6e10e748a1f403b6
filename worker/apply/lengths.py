"""Lengths of time in words: "every 4 weeks", "6 months", "alle zwei Wochen"."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

# Days of a unit by the beginning of its word, in every language that mails are read in.
_UNITS = {
    1: "day|tag|jour|dia|giorn|dag",
    7: "week|woche|semaine|semana|settiman|weken",
    30: "month|monat|mois|mes|maand|meses",
    91: "quarter|quartal|trimest|kwartaal",
    365: "year|jahr|annee|an|ano|anno|anni|jaar",
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "a an one ein eine einen einem jede jeden jeder un une una uno een",
            "two zwei deux dos due twee other second zweite zweiten",
            "three drei trois tres tre drie third dritte",
            "four vier quatre cuatro quattro",
            "five funf cinq cinco cinque vijf",
            "six sechs seis sei zes half halbes",
            "seven sieben sept siete sette",
            "eight acht huit ocho otto",
        ),
        start=1,
    )
    for word in words.split()
}
_LENGTH = re.compile(
    r"(?:(\d{1,3})|([a-z]{1,8}))?\s*\b(" + "|".join(f"(?:{words})" for words in _UNITS.values()) + r")[a-z]*\b"
)
_HALF_A_YEAR = re.compile(r"\b(?:half (?:a )?year|halbes jahr|six mois|medio ano)\b")


def length(text: str) -> timedelta | None:
    """Return the first length that these words name; None where they name none."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
    if _HALF_A_YEAR.search(plain):
        return timedelta(days=182)
    match = _LENGTH.search(plain)
    if match is None:
        return None
    count = int(match[1]) if match[1] else _NUMBERS.get(match[2] or "a", 1)
    days = next(days for days, words in _UNITS.items() if re.match(words, match[3]))
    return timedelta(days=max(count, 1) * days)


def rhythm(text: str) -> tuple[str, int]:
    """Return words without the rhythm that stands behind their last semicolon, and its days; 0 where there is none."""
    words, _, last = text.rpartition("; ")
    found = length(last) if words else None
    return (words, found.days) if found is not None else (text, 0)
