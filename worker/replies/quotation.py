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
MAX_SIGNATURE_LINES = 14

_ADDRESS = re.compile(r"[^\s@<>\[\]]@[^\s@<>\[\].]{1,64}\.[^\s@<>\[\]]")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}時|\d{1,2}시")
_YEAR_OR_DATE = re.compile(r"(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_HEADER = re.compile(r"[>\s*_|]*([^\W\d_][^:：*\n]{0,28}?)[\s*_]*[:：]")
_SEPARATOR = re.compile(r"[\s>*]*[-_=—–─━*]{2,}[\s*]*([^-_=—–─━*\n][^\n]{0,80}?)[\s*:]*(?:[-_=—–─━*]{2,}[\s*]*)?$")
_RULE = re.compile(r"[\s*>]*(?:[_]{5,}|[-]{8,}|[=]{8,}|[—–─━]{5,})\s*$")
_DASHES = re.compile(r"\s*(?:--|—|–|__|-- -|---)\s*$")
_DASHED_NAME = re.compile(r"\s{0,3}(?:[-–—~]{1,3}\s?)[^\W\d_][\w.'’]*(?:[ /&][^\W\d_][\w.'’]*){0,3}\s*$")
_CONTACT = re.compile(
    r"(?:\+|\(|\b00)\d[\d\s()./-]{6,}|\b\d{3}[\s./-]\d{3,4}[\s./-]?\d{3,4}\b|https?://|\bwww\.|\S@\S+\.\S"
    r"|\b(?:tel|phone|mobile|mobil|cell|fax|telefon|tél|teléfono|móvil|direct|office|handy|skype|gsm)\b\s*[.:]",
    re.IGNORECASE,
)
_MARKUP = " \t*_>|~`"
_STARTS_WITH_DATE = re.compile(r"\W{0,3}(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年)")
_ENDS_OPEN = re.compile(r"\d{4}.{0,120}<[^<>\s]+@[^<>\s]+>$")
_SHARED = re.compile(r"(?:\s*-{2,}\s*|\s)(?=(?:On|Am|Le|El|Il|Em|Op|Den|På|Dnia|W dniu|Dne) .{0,40}\d)")
_FROM_MY = re.compile(r"\W*sent (?:from|via|by|with|using) (?:my|a|an|the|mobile)\b[^,.;:]{0,50}\W*")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*| (?:von|van|de|da|del|der|di|le|la)\b){1,4}")
_EXCUSE = re.compile(r"[.,;]? *(?:please )?(?:excuse|pardon|forgive)\b.{0,60}$")


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
        joined = f"{lines[first].strip(_MARKUP)} {joined}".strip()
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
    low = line.lower().strip(_MARKUP)
    words = tables()
    if words.above.search(low):
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


# ---------------------------------------------------------------------------------------------------------- the tail


def footer(line: str) -> bool:
    """Whether a phone or a client wrote this line ("Sent from my iPhone")."""
    low = line.strip(_MARKUP + "-–—").lower().replace("’", "'")
    if not low or len(low) > 160:
        return False
    low = _EXCUSE.sub("", low) or low
    if _FROM_MY.fullmatch(low) and (" my " in low or any(device in low for device in tables().devices)):
        return len(low.split()) <= 9
    words = tables()
    if low.startswith(words.footers):
        short = len(low) <= 75 or "http" in low or "<" in low
        # A person writes sentences that begin so; a client names a device or a program and stops.
        return short and any(device in low for device in words.devices) and low.count(",") <= 1
    return low.endswith(words.footer_ends) and len(low) <= 60 and any(device in low for device in words.devices)


def disclaimer(lines: Sequence[str], first: int) -> bool:
    """Whether a legal paragraph begins with this line."""
    low = lines[first].strip(_MARKUP + "-=#").lower()[:600]
    words = tables()
    if not low:
        return False
    begins = low.startswith(words.disclaimers)
    # Only the paragraph itself may prove it.
    text = " ".join(_paragraph(lines, first)).lower()
    held = sum(word in text for word in words.disclaimer_words)
    return (begins and (held >= 1 or low.startswith(_SURE))) or (held >= 3 and len(text) > 160)


_SURE = (
    "please consider the environment",
    "think before you print",
    "virus-free",
    "libre de virus",
    "sans virus",
    "livre de vírus",
    "confidentiality notice",
    "disclaimer",
    "legal notice",
    "aviso legal",
    "avast logo",
    "this email has been checked",
    "this email has been scanned",
    "bitte denken sie an die umwelt",
    "bitte prüfen sie, ob diese",
    "pensez à l",
    "antes de imprimir",
    "prima di stampare",
)


def _paragraph(lines: Sequence[str], first: int) -> list[str]:
    found: list[str] = []
    for line in lines[first : first + 12]:
        if not line.strip():
            break
        found.append(line[:400])
    return found


def list_footer(line: str) -> bool:
    """Whether a mailing list or a tracker wrote this line."""
    low = line.strip(_MARKUP + "-").lower()[:300]
    words = tables()
    return low.startswith(words.lists)


def banner(line: str) -> bool:
    """Whether a gateway wrote this warning above a mail that came from outside."""
    low = line.strip(_MARKUP + "#!⚠️").lower()[:200]
    return bool(low) and low.startswith(tables().banners)


def signoff(line: str) -> str:
    """`formal` for a line such as "Best regards,", `thanks` for "Thanks,", empty for any other."""
    low = line.strip(_MARKUP + "-–—").lower()
    if not low or len(low) > 60:
        return ""
    bare = low.rstrip(" ,.!;:-–—…")
    words = tables()
    if bare in words.formal:
        return "formal"
    return "thanks" if bare in words.thanks else ""


def without_tail(lines: Sequence[str], *, closings: bool, name: str = "") -> int:
    """How many of a person's lines are theirs: signature, footer, disclaimer and list footer at the end are not.

    With `closings` a sign-off with nothing but a name goes too; `name` is that of the person, where it is known.
    """
    end = _cut_tail(lines)
    for _ in range(3):
        named = _without_name(lines, end, name)
        if named < end and named > 1 and signoff(lines[named - 1]):
            named = _end(lines, named - 1)
        shorter = _without_signature(lines, named, closings=closings)
        if shorter == end:
            break
        end = shorter
    return end


def _cut_tail(lines: Sequence[str]) -> int:
    """How many lines stand above the first one that opens a signature, a footer or a disclaimer."""
    end = _end(lines, len(lines))
    begin = max(0, end - 400)
    for at in range(begin, end):
        line = lines[at]
        if len(line) > 2000 or not line.strip():
            continue
        if _cuts(lines, at, end):
            return _end(lines, at)
    return end


def _without_name(lines: Sequence[str], end: int, name: str) -> int:
    """Cut a signature that begins with the person's own name, or a block with a telephone number below one."""
    parts = name.lower().replace(",", " ").split()
    for at in range(end - 1, max(end - MAX_SIGNATURE_LINES, 0) - 1, -1):
        line = lines[at].strip(_MARKUP + ",.-–—")
        low = line.lower()
        rest = [later for later in lines[at + 1 : end] if later.strip()]
        if not all(_signatory(later) for later in rest):
            break
        apart = at == 0 or not lines[at - 1].strip()
        said = bool(parts) and (low == " ".join(parts) or (apart and low in {parts[0], " ".join(reversed(parts))}))
        if said and at:
            return _end(lines, at)
        if not any(above.strip() for above in lines[:at]) or any(_ITEM.match(later) for later in rest):
            # "Hi Jo" above an address is how a mail begins, and a list is never a signature.
            continue
        contact = any(_CONTACT.search(later[:200]) for later in rest)
        if at and apart and contact and len(rest) >= 2 and _NAME.fullmatch(line):
            return _end(lines, at)
    return end


_ITEM = re.compile(r"\s*(?:[-*•+]|\d{1,2}[.)])\s")


def _end(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip(_MARKUP):
        end -= 1
    return end


def _cuts(lines: Sequence[str], at: int, end: int) -> bool:
    """Whether everything from this line on was not typed for this mail."""
    line = lines[at]
    left = end - at - 1
    if line.rstrip("\r") in {"-- ", "--"} or (line.strip() == "--" and left <= MAX_SIGNATURE_LINES):
        return True
    if _DASHES.match(line) and left <= 8 and _tail_is_signature(lines, at + 1, end):
        return True
    if footer(line):
        return all(not later.strip() or footer(later) or _signatory(later) for later in lines[at + 1 : end])
    if list_footer(line):
        return True
    if rule(line):
        below = " ".join(lines[at + 1 : at + 8]).lower()
        return any(word in below[:1500] for word in tables().list_words) or (
            left <= MAX_SIGNATURE_LINES and (left == 0 or _tail_is_signature(lines, at + 1, end))
        )
    return disclaimer(lines, at)


def _signatory(line: str) -> bool:
    """Whether a line can stand in a signature: a name, a title, a telephone number, an address."""
    text = line.strip(_MARKUP)
    if _CONTACT.search(text[:200]):
        return True
    return len(text) <= 60 and len(text.split()) <= 7 and not text.endswith(("?", "!", ".", ":"))


def _tail_is_signature(lines: Sequence[str], first: int, end: int) -> bool:
    """Whether the rest looks like a signature: short lines, no list, no question."""
    rest = [line for line in lines[first:end] if line.strip()]
    if not rest or len(rest) > MAX_SIGNATURE_LINES:
        return False
    if any(line.lstrip()[:2] in {"- ", "* ", "• "} for line in rest):
        return False
    return all(_signatory(line) for line in rest)


def _without_signature(lines: Sequence[str], end: int, *, closings: bool) -> int:
    """Cut a sign-off with what follows it, or `-Name` alone, at the end."""
    low = max(0, end - MAX_SIGNATURE_LINES)
    for at in range(end - 1, low - 1, -1):
        kind = signoff(lines[at])
        if not kind:
            continue
        rest = [line for line in lines[at + 1 : end] if line.strip()]
        if not all(_signatory(line.rstrip(" !.")) for line in rest):
            break
        contacts = any(_CONTACT.search(line[:200]) for line in rest) or len(rest) >= (2 if kind == "formal" else 3)
        if contacts or (closings and (rest or (kind == "formal" and at))):
            # "Thanks," before a name closes the mail; alone it is what the mail says.
            return _end(lines, at)
        break
    last = lines[end - 1] if end else ""
    if end > 1 and _DASHED_NAME.match(last) and not lines[end - 2].strip() and last.strip()[1:2] not in {" ", ""}:
        return _end(lines, end - 1)
    return end
