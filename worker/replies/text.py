"""Small readings of text that every other module here needs: folding, lines, sentences, bullets, pleasantries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

MAX_SENTENCE = 400


@cache
def _folding() -> dict[int, str]:
    """Letters to lower-case letters without accents, odd quotes, dashes and spaces to plain ones: one for one.

    One for one, so that a place in the folded text is the same place in the text itself.
    """
    table: dict[int, str] = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(base) == 1:
            table[code] = base
    table[ord("ß")] = "ß"
    table.update(dict.fromkeys(map(ord, "‘’‚‛′´`ʼ"), "'"))
    table.update(dict.fromkeys(map(ord, "“”„‟«»″"), '"'))
    table.update(dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"))
    table.update(dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u200a\u3000\t"), " "))
    table[ord("：")] = ":"
    return table


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with plain quotes, dashes and spaces; as long as it was."""
    if text.isascii():
        # As the table does it, several times faster.
        return text.lower().replace("`", "'").replace("\t", " ")
    return text.translate(_folding())


def key(text: str) -> str:
    """Return folded text with single spaces and without punctuation at its ends, to be looked up in a word table."""
    return " ".join(fold(text).split()).strip(" \t.,;:!?¡¿*_\"'()[]-…~")


_BULLET = re.compile(r"^[ \t]*(?:[-*•·‣▪◦○●–—+→➢>]{1,2}[ \t]+|\(?\d{1,2}[.)][ \t]+|[a-z]\)[ \t]+|[•·‣▪◦●→➢])")
_BOX = re.compile(r"^[ \t]*(?:[-*•+][ \t]*)?(?:\[[ \txX✓✔]?\]|[☐☑☒✅✓✔])[ \t]*")


def words_of(table: str) -> frozenset[str]:
    """The words of a table, parted by white space."""
    return frozenset(table.split())


def phrases(table: str) -> frozenset[str]:
    """The phrases of a table, parted by "|"."""
    return frozenset(" ".join(phrase.split()) for phrase in table.split("|"))


def bullet(line: str) -> int:
    """Return how many characters at the start of the line are a bullet or a number of a list; 0 for none."""
    match = _BULLET.match(line)
    return match.end() if match else 0


def box(line: str) -> tuple[int, bool]:
    """Return how many characters are a check box, a bullet before it included, and whether it is ticked."""
    match = _BOX.match(line)
    return (match.end(), any(mark in match[0] for mark in "xX✓✔☑☒✅")) if match else (0, False)


def unmarked(line: str) -> str:
    """Return the line without bullets, boxes and the marks of bold text around it."""
    boxed, _ = box(line)
    text = line[boxed or bullet(line) :].strip()
    while len(text) > 2 and text[0] in "*_" and text.endswith(text[0]):
        text = text[1:-1].strip()
    return text


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or clause: its words, and where in the text it stands."""

    start: int
    end: int
    text: str


# Words that end in a full stop without ending a sentence; single letters and numbers are seen by form.
_ABBREVIATIONS = words_of(
    """dr mr mrs ms prof st no nr vs etc approx ca bzw evtl ggf usw inkl max min tel str z.b d.h i.e e.g p.ex p.ej
    sr sra ing jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    januar jän janv févr avr juil déc ene abr ago dic mo di mi do fr sa so uhr.s a.m p.m am pm m h"""
)
# Short names of days that are words as well.
_WORDS_TOO = frozenset({"so", "do", "mi", "di"})
_DATED = re.compile(r"\s*(?:[\d,]|(?:den|der|um|ab|vor|nach|mittag|früh|at|the|el|le|alle|à|a las)\b)", re.IGNORECASE)
# "by fri. thx": courtesy behind an abbreviation begins anew.
_FAREWELL = re.compile(
    r"\s+(?:thx|thanks|thank you|ty|cheers|danke|lg|vg|mfg|br|merci|gracias|bye|ciao|grazie)\b", re.IGNORECASE
)
# "by Nov 27. Dana …": behind a month the number is the day, and the full stop ends the sentence.
_MONTH_BEFORE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}$", re.IGNORECASE
)
_STOP = re.compile(r"(?<![.!?…])[.!?…]+[\"')\]]*(?=\s|$)|\n")


def sentences(text: str) -> Iterator[Piece]:
    """Cut text into sentences: at line breaks, and at full stops that end one (no abbreviation, no "12. Dezember")."""
    start = 0
    for match in _STOP.finditer(text):
        if match[0].startswith(".") and not _ends(text, start, match.start(), match.end()):
            continue
        piece = _piece(text, start, match.end())
        if piece:
            yield piece
        start = match.end()
    piece = _piece(text, start, len(text))
    if piece:
        yield piece


def _ends(text: str, start: int, stop: int, after: int) -> bool:
    """Whether the full stop at `stop` ends a sentence."""
    word = text[max(start, stop - 12) : stop].rpartition(" ")[2].rpartition("\n")[2].lstrip("(\"'")
    following = text[after : after + 3].lstrip(" \t")
    if not following or following[0] == "\n":
        return True
    if word.isdigit() and _MONTH_BEFORE.search(text[max(start, stop - 16) : stop]):
        return True
    if word.isdigit() and len(word) <= 2:
        # "am 3. Dezember", "the 3. December": a number with a stop before a word is an ordinal.
        return False
    if word and word[0].isdigit() and (following[0].islower() or (following[0].isdigit() and "." in word)):
        # "am 3.12. um 10 Uhr", "3.12. 10 Uhr"
        return False
    if len(word) == 1 and word.isalpha():
        return False
    if _FAREWELL.match(text, after):
        return True
    if word.lower() in _WORDS_TOO and not _DATED.match(text, after):
        # "Passt so. Ich schicke es": only before a date "so." is a Sunday.
        return True
    return word.lower() not in _ABBREVIATIONS or (following[0].isupper() and word.lower() in {"am", "pm", "h", "no"})


def _piece(text: str, start: int, end: int) -> Piece | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Piece(start, end, text[start:end]) if end > start else None


def joined_lines(lines: list[str]) -> list[str]:
    """Put together what a mail client wrapped: a line that goes on where the one before it was full.

    A list keeps its lines; an indented line under a bullet belongs to it; a blank line parts paragraphs and stays, as
    one empty line.
    """
    found: list[str] = []
    full = fresh = False
    for line in lines:
        bare = line.strip()
        if not bare:
            fresh = True
            full = False
            if found and found[-1]:
                found.append("")
            continue
        marked = bool(bullet(line) or box(line)[0])
        listed = bool(found) and bool(bullet(found[-1]) or box(found[-1])[0])
        indented = line[:2].isspace() and listed
        if found and not fresh and not marked and (full or indented):
            found[-1] = f"{found[-1]} {bare}"
        else:
            found.append(line.rstrip())
        full = _goes_on(bare)
        fresh = False
    while found and not found[-1]:
        found.pop()
    return found


def _goes_on(line: str) -> bool:
    """Whether the line looks cut by a width of 60 to 80 columns and not by its writer."""
    return 58 <= len(line) <= 100 and line[-1] not in ".!?:;…"
