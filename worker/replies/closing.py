"""What ends a mail without being its words: signatures, footers of phones, lists and gateways, disclaimers, sign-offs.

Told by its look, with the words of quotation.toml, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.replies.quotation import MARKUP, rule, tables

MAX_SIGNATURE_LINES = 14
_DASHES = re.compile(r"\s*(?:--|—|–|__|-- -|---)\s*$")
_DASHED_NAME = re.compile(r"\s{0,3}(?:[-–—~]{1,3}\s?)[^\W\d_][\w.'’]*(?:[ /&][^\W\d_][\w.'’]*){0,3}\s*$")
_CONTACT = re.compile(
    r"(?:\+|\(|\b00)\d[\d\s()./-]{6,}|\b\d{3}[\s./-]\d{3,4}[\s./-]?\d{3,4}\b|https?://|\bwww\.|\S@\S+\.\S"
    r"|\b(?:tel|phone|mobile|mobil|cell|fax|telefon|tél|teléfono|móvil|direct|office|handy|skype|gsm)\b\s*[.:]",
    re.IGNORECASE,
)
_FROM_MY = re.compile(r"\W*sent (?:from|via|by|with|using) (?:my|a|an|the|mobile)\b[^,.;:]{0,50}\W*")
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*| (?:von|van|de|da|del|der|di|le|la)\b){1,4}")
_EXCUSE = re.compile(r"[.,;]? *(?:please )?(?:excuse|pardon|forgive)\b.{0,60}$")
_ITEM = re.compile(r"\s*(?:[-*•+]|\d{1,2}[.)])\s")


def footer(line: str) -> bool:
    """Whether a phone or a client wrote this line ("Sent from my iPhone")."""
    low = line.strip(MARKUP + "-–—").lower().replace("’", "'")
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
    low = lines[first].strip(MARKUP + "-=#").lower()[:600]
    words = tables()
    if not low:
        return False
    begins = low.startswith(words.disclaimers) and not _own_label(lines, first)
    # Only the paragraph itself may prove it.
    text = " ".join(_paragraph(lines, first)).lower()
    held = sum(word in text for word in words.disclaimer_words)
    # A company's number is in what it must say of itself; who asks for one has no number.
    company = any(char.isdigit() for char in text) and sum(word in text for word in words.company) >= 2
    return company or (begins and (held >= 1 or low.startswith(_SURE))) or (held >= 3 and len(text) > 160)


def _own_label(lines: Sequence[str], first: int) -> bool:
    """Whether "Confidential: …" is the label of a private note: nothing behind it speaks as a disclaimer does."""
    head, colon, behind = lines[first].strip(MARKUP + "-=#").partition(":")
    if not colon or len(head.split()) > 1:
        return False
    text = " ".join([behind, *_paragraph(lines, first + 1)]).lower()
    return not any(word in text for word in tables().disclaimer_words)


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
    "this message has been scanned",
    "diese e-mail wurde von avast",
    "diese e-mail wurde von avg",
    "cet e-mail a été vérifié",
    "ce message a été vérifié",
    "este correo electrónico ha sido comprobado",
    "este mensaje ha sido analizado",
    "este e-mail foi verificado",
    "questa e-mail è stata controllata",
    "deze e-mail is gecontroleerd",
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
    low = line.strip(MARKUP + "-").lower()[:300]
    words = tables()
    return low.startswith(words.lists)


def banner(line: str) -> bool:
    """Whether a gateway wrote this warning above a mail that came from outside."""
    low = line.strip(MARKUP + "#!⚠️").lower()[:200]
    return bool(low) and low.startswith(tables().banners)


def signoff(line: str) -> str:
    """`formal` for a line such as "Best regards,", `thanks` for "Thanks,", empty for any other."""
    low = line.strip(MARKUP + "-–—").lower()
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
            above = _end(lines, at)
            # Dashes above it are part of it.
            return _end(lines, above - 1) if above > 1 and _DASHES.match(lines[above - 1]) else above
    return end


def _without_name(lines: Sequence[str], end: int, name: str) -> int:
    """Cut a signature that begins with the person's own name, or a block with a telephone number below one."""
    parts = name.lower().replace(",", " ").split()
    for at in range(end - 1, max(end - MAX_SIGNATURE_LINES, 0) - 1, -1):
        line = lines[at].strip(MARKUP + ",.-–—")
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


def _end(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip(MARKUP):
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
    text = line.strip(MARKUP)
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
