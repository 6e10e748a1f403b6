"""What clients, lists and lawyers put around a person's words: told by its look, where the original is not known.

The words are data (quotation.toml). Each line is looked at a bounded number of times and only by its first few hundred
characters, so the cost is linear whatever the lines are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

MAX_ATTRIBUTION = 420

_ADDRESS = re.compile(r"[^\s@<>\[\]]@[^\s@<>\[\].]{1,64}\.[^\s@<>\[\]]")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}時|\d{1,2}시")
_YEAR_OR_DATE = re.compile(r"(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_HEADER = re.compile(r"[>\s*_|]*([^\W\d_][^:：*\n]{0,28}?)[\s*_]*[:：]")
_SEPARATOR = re.compile(r"[\s>*]*[-_=—–─━*]{2,}[\s*]*([^-_=—–─━*\n][^\n]{0,80}?)[\s*:]*(?:[-_=—–─━*]{2,}[\s*]*)?$")
# Notes writes "Kim Sato ---12/01/2027 09:14:03---Hello," above its header block.
_NOTES = re.compile(r"[^\n]{2,80} ?---\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4} \d{1,2}[:.]\d{2}[^\n]{0,12}---")
_RULE = re.compile(r"[\s*>]*(?:[_]{5,}|[-]{8,}|[=]{8,}|[—–─━]{5,})\s*$")
MARKUP = " \t*_>|~`"
_STARTS_WITH_DATE = re.compile(r"\W{0,3}(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年)")
_ENDS_OPEN = re.compile(r"\d{4}.{0,120}<[^<>\s]+@[^<>\s]+>$")
_SHARED = re.compile(r"(?:\s*-{2,}\s*|\s)(?=(?:On|Am|Le|El|Il|Em|Op|Den|På|Dnia|W dniu|Dne) .{0,40}\d)")


@dataclass(frozen=True, slots=True)
class Tables:
    """The words of quotation.toml, ready to be compared."""

    begins: tuple[str, ...]
    verbs: re.Pattern[str]
    header_from: frozenset[str]
    header_other: frozenset[str]
    separators: tuple[str, ...]
    above: re.Pattern[str]
    footers: tuple[str, ...]
    footer_ends: tuple[str, ...]
    devices: tuple[str, ...]
    formal: frozenset[str]
    thanks: frozenset[str]
    disclaimers: tuple[str, ...]
    disclaimer_words: tuple[str, ...]
    company: tuple[str, ...]
    lists: tuple[str, ...]
    list_words: tuple[str, ...]
    banners: tuple[str, ...]


@cache
def tables() -> Tables:
    """Read the tables once."""
    data = tomllib.loads(resources.files("worker.replies").joinpath("quotation.toml").read_text("utf-8"))
    languages = data["attribution"].values()
    verbs = sorted({verb for language in languages for verb in language["verb"]}, key=len, reverse=True)
    # Scripts without spaces have no word boundaries around the verb.
    spaced = "|".join(re.escape(verb) for verb in verbs if verb[0] < "\u0e00")
    joined = "|".join(re.escape(verb) for verb in verbs if verb[0] >= "\u0e00")
    return Tables(
        begins=tuple(sorted({begin for language in languages for begin in language["begin"]})),
        verbs=re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{joined}"),
        header_from=frozenset(data["header"]["from"]),
        header_other=frozenset(data["header"]["other"]),
        separators=tuple(data["separator"]["words"]),
        above=re.compile("|".join(map(re.escape, data["separator"]["above"]))),
        footers=tuple(data["footer"]["begin"]),
        footer_ends=tuple(data["footer"]["end"]),
        devices=tuple(data["footer"]["device"]),
        formal=frozenset(data["signoff"]["formal"]),
        thanks=frozenset(data["signoff"]["thanks"]),
        disclaimers=tuple(data["disclaimer"]["begin"]),
        disclaimer_words=tuple(data["disclaimer"]["words"]),
        company=tuple(data["disclaimer"]["company"]),
        lists=tuple(data["list"]["begin"]),
        list_words=tuple(data["list"]["words"]),
        banners=tuple(data["list"]["banner"]),
    )


# ------------------------------------------------------------------------------------------------------- attribution


def attribution(lines: Sequence[str], last: int, *, quoted_next: bool) -> int:
    """The first line of the attribution that ends with line `last`, or -1 where that line ends none.

    `quoted_next` says that a marked quotation follows, which needs less proof.
    """
    line = lines[last]
    if len(line) > MAX_ATTRIBUTION:
        return -1
    end = line.rstrip(" *_>-\u200e")
    closed = end[-1:] in {":", "："} or end.endswith((": ", "):"))
    if not closed and not (quoted_next and (end.endswith("@") or _ENDS_OPEN.search(line.rstrip()) or _says(end[-60:]))):
        return -1
    found = -1
    joined = ""
    for first in range(last, max(last - 4, -1), -1):
        if not lines[first].strip() or len(joined) + len(lines[first]) > MAX_ATTRIBUTION:
            break
        joined = f"{lines[first].strip(MARKUP)} {joined}".strip()
        proof = _proof(joined, quoted_next=quoted_next)
        if proof == 2:
            return first
        if proof and found < 0:
            found = first
    return found


def _says(text: str) -> bool:
    return tables().verbs.search(text.lower()) is not None


def shared_line(line: str) -> int:
    """Where in a line an attribution begins behind a person's words ("yes On Wed, 4 May 2012, Bob wrote:"), or -1."""
    end = line.rstrip(" *_>-")
    if end[-1:] not in {":", "："} or len(line) > MAX_ATTRIBUTION:
        return -1
    for match in _SHARED.finditer(line, 1):
        if _proof(line[match.end() :], quoted_next=True) == 2:
            return match.start()
    return -1


def _proof(text: str, *, quoted_next: bool) -> int:
    """How sure it is that these words are an attribution: 0 not, 1 it may have begun a line before, 2 whole."""
    low = text.lower()
    words = tables()
    says = words.verbs.search(low[-120:]) is not None or words.verbs.search(low[:60]) is not None
    begins = _STARTS_WITH_DATE.match(low) is not None or (
        low.startswith(words.begins)
        and any(low.startswith(begin) and not low[len(begin) : len(begin) + 1].isalpha() for begin in words.begins)
    )
    dated = _YEAR_OR_DATE.search(low) is not None or _TIME.search(low) is not None
    addressed = _ADDRESS.search(low) is not None
    if says and (dated or addressed):
        return 2 if begins and dated else 1
    if says and begins and quoted_next:
        return 2
    # A language that is not in the table: a date, a time and an address before a colon are proof enough.
    if addressed and _TIME.search(low) and _YEAR_OR_DATE.search(low):
        return 1
    if quoted_next and ((addressed and dated) or (says and len(low.split()) <= 8)):
        return 1
    return 0


# ------------------------------------------------------------------------------------------------------ header block


def header_label(line: str) -> str:
    """The label of a line such as `*From:* Ana`, in lower case; empty where it has none."""
    match = _HEADER.match(line[:120])
    return " ".join(match[1].lower().split()) if match else ""


def header_block(lines: Sequence[str], first: int, *, apart: bool) -> int:
    """The line behind the header block (From, Sent, To, Subject) that begins at `first`, or -1 where none does.

    `apart` says that something separates it from what stands above; without, it needs a date and an address.
    """
    words = tables()
    label = header_label(lines[first])
    if label not in words.header_from and label not in words.header_other:
        return -1
    opens = label in words.header_from
    says = any(char.isdigit() or char in "@<" for char in lines[first])
    if not opens and not says and first + 1 < len(lines) and not lines[first + 1].strip():
        # "Date: whatever suits you", and a blank line: somebody's own words above the block.
        return -1
    kinds = {label}
    end = first + 1
    loose = 0
    for at in range(first + 1, min(first + 14, len(lines))):
        if not lines[at].strip():
            if loose or len(kinds) < 2:
                loose += 1
            if len(kinds) >= 3:
                break
            continue
        found = header_label(lines[at])
        if found in words.header_other or found in words.header_from:
            opens = opens or found in words.header_from
            kinds.add(found)
            end = at + 1
        elif at > end + 1:
            break
    text = " ".join(line[:200] for line in lines[first:end])
    dated = _YEAR_OR_DATE.search(text) is not None or _TIME.search(text) is not None
    addressed = _ADDRESS.search(text) is not None
    sure = dated and addressed
    if not (opens or sure) or not (apart or (sure and (len(kinds) >= 3 or _TIME.search(text)))):
        return -1
    return end if len(kinds) >= 3 or (len(kinds) == 2 and (dated or addressed)) else -1


def separator(line: str) -> bool:
    """Whether the line is `-----Original Message-----` or the like, in any language."""
    if len(line) > 160:
        return False
    low = line.lower().strip(MARKUP)
    words = tables()
    if words.above.search(low) or _NOTES.match(low):
        return True
    match = _SEPARATOR.match(line)
    if match:
        inner = match[1].lower().strip(" -_*:=")
        if inner.startswith(words.separators):
            return True
        # "---- Ana Reyes wrote ----": dashes on both sides stand for the colon.
        closed = line.rstrip().endswith(("--", "__", "=="))
        return closed and len(inner) <= 90 and words.verbs.search(inner[-30:]) is not None
    # Apple Mail and others write it without dashes, as a line of its own with a colon.
    return low.endswith(":") and low.rstrip(" :") in words.separators


def rule(line: str) -> bool:
    """Whether the line is nothing but a long rule."""
    return len(line) < 400 and _RULE.match(line) is not None
