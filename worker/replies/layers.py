"""Where a quotation begins and ends by its look: attribution lines, header blocks, separators, and client's marks.

A mail is a sequence of zones: what stands before the first such line, and what stands behind each. In a zone whose
lines carry quotation marks only the unmarked lines may be a person's; in one without marks nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker.replies import closing, quotation
from worker.replies.body import Body, Role

# Beyond so many lines that could announce a quotation a mail is not one that a person sent.
MAX_PROBES = 800
MAX_BLOCKS = 150
# A link that a client broke over two lines.
_UNCLOSED = re.compile(r"[(<]https?://[^()<>\s]*$")
_CLOSES = re.compile(r"[^()<>\s]{0,500}[)>]")


@dataclass(frozen=True, slots=True)
class Opening:
    """Lines `first` to before `end` announce a quotation."""

    first: int
    end: int


def openings(body: Body) -> list[Opening]:
    """All places where a quotation is announced, in order, none overlapping another."""
    found: list[Opening] = []
    lines = body.lines
    done = 0
    at = 0
    probes = MAX_PROBES
    glance = _glance(body)
    while at < len(lines) and probes:
        if not glance(at):
            at += 1
            continue
        probes -= 1
        opening = _opening(body, at, done)
        if opening is None:
            at += 1
            continue
        if found and found[-1].end >= opening.first:
            # A separator, a rule and a header block are one announcement.
            opening = Opening(found.pop().first, opening.end)
        found.append(opening)
        at = done = max(opening.end, at + 1)
    return found


def _glance(body: Body) -> Callable[[int], bool]:
    """What tells at a glance that a line announces nothing: no colon, no dashes, and no marked line behind it."""
    lines, depths, roles = body.lines, body.depths, body.roles
    above = quotation.tables().above.search("\n".join(lines).lower()) is not None
    last = len(lines) - 1

    def may_open(at: int) -> bool:
        line = lines[at]
        if roles[at] is Role.ATTRIBUTION:
            return True
        if not line:
            return False
        if above or ":" in line or "：" in line or line[0] in "-_=—–─━#*" or line[-1] in "-_=":
            return True
        depth = depths[at]
        return at < last and (
            depths[at + 1] > depth or (not lines[at + 1] and at + 1 < last and depths[at + 2] > depth)
        )

    return may_open


def _opening(body: Body, at: int, done: int) -> Opening | None:
    """The announcement that line `at` completes or begins, or None."""
    lines = body.lines
    line = lines[at]
    if body.roles[at] is Role.ATTRIBUTION:
        end = at
        while end < len(lines) and body.roles[end] is Role.ATTRIBUTION:
            end += 1
        return Opening(at, end)
    if ":" in line or "：" in line:
        end = quotation.header_block(lines, at, apart=at in {0, done} or _opens_header(lines, at))
        if end > 0:
            return Opening(_with_rules(lines, at, done), end)
    if quotation.separator(line):
        return Opening(_with_rules(lines, at, done), at + 1)
    quoted_next = _marked_next(body, at)
    first = quotation.attribution(lines, at, quoted_next=quoted_next)
    if first < 0:
        return None
    # Lines of one attribution are quoted equally deep.
    while first < at and body.depths[first] != body.depths[at]:
        first += 1
    return Opening(max(first, done), at + 1)


def _opens_header(lines: Sequence[str], at: int) -> bool:
    """Whether a header block may begin here: behind a blank line, a rule, a separator, or in bold."""
    before = lines[at - 1].strip()
    return not before or quotation.rule(before) or quotation.separator(before) or lines[at].lstrip().startswith("*")


def _with_rules(lines: Sequence[str], at: int, done: int) -> int:
    """Take blank lines and rules above an announcement to it."""
    first = at
    while first > done and at - first < 4 and (not lines[first - 1].strip() or quotation.rule(lines[first - 1])):
        first -= 1
    return first if any(quotation.rule(line) for line in lines[first:at]) else at


def _marked_next(body: Body, at: int) -> bool:
    """Whether the next line that is not blank is quoted deeper than this one."""
    for other in range(at + 1, min(at + 5, len(body.lines))):
        if body.lines[other] or body.depths[other] > body.depths[at]:
            return body.depths[other] > body.depths[at]
    return False


def unmarked(body: Body, start: int, end: int, depth: int) -> bool:
    """Whether the zone has no line that a client marked as quoted, judged by its first lines with words."""
    seen = 0
    for at in range(start, end):
        if body.depths[at] > depth:
            return False
        if body.lines[at]:
            seen += 1
            if seen >= 3:
                return True
    return True


def human_lines(body: Body) -> list[bool]:
    """For each line whether a person wrote it for this mail, as far as its look tells."""
    human = [depth == 0 and role is not Role.SIGNATURE for depth, role in zip(body.depths, body.roles, strict=True)]
    found = [opening for opening in openings(body) if body.depths[opening.first] == 0]
    for index, opening in enumerate(found):
        end = found[index + 1].first if index + 1 < len(found) else len(human)
        for at in range(opening.first, opening.end):
            human[at] = False
        if unmarked(body, opening.end, end, 0):
            for at in range(opening.end, end):
                human[at] = False
            if index + 1 == len(found) or _is_tail(found, index, body):
                for at in range(end, len(human)):
                    human[at] = False
                break
    _wrapped(body, human)
    return human


def _is_tail(found: Sequence[Opening], index: int, body: Body) -> bool:
    """Whether what follows an unmarked quotation is all quotation: an older mail inside it, marked or not."""
    return index + 1 < len(found) and body.depths[found[index + 1].first] == 0


def _wrapped(body: Body, human: list[bool]) -> None:
    """The end of a quoted line that a client broke too late stands without a mark between two marked lines."""
    for at in range(1, len(human) - 1):
        if not human[at] or not body.lines[at] or human[at - 1] or human[at + 1]:
            continue
        near = body.depths[at - 1] > 0 and body.depths[at + 1] > 0
        if near and _UNCLOSED.search(body.lines[at - 1][-300:]) and _CLOSES.match(body.lines[at]):
            human[at] = False
        if near and len(body.lines[at]) <= 30 and len(body.lines[at - 1]) >= 60 and body.lines[at + 1]:
            human[at] = False


def blocks(human: Sequence[bool]) -> list[tuple[int, int]]:
    """The stretches of lines that are a person's, as pairs of first line and line behind."""
    found: list[tuple[int, int]] = []
    start = -1
    for at, mine in enumerate(human):
        if mine and start < 0:
            start = at
        elif not mine and start >= 0:
            found.append((start, at))
            start = -1
    if start >= 0:
        found.append((start, len(human)))
    return found


def texts(body: Body, human: Sequence[bool], *, closings: bool, name: str) -> list[str]:
    """The stretches of a person's lines, each without what stands around it by custom."""
    found = blocks(human)
    kept: list[str] = []
    for index, (first, end) in enumerate(found):
        lines = body.lines[first:end]
        if index < MAX_BLOCKS or index == len(found) - 1:
            lines = trimmed(lines, closings=closings, name=name)
        text = "\n".join(lines).strip("\n")
        if text.strip():
            kept.append(text)
    return kept


def trimmed(lines: Sequence[str], *, closings: bool, name: str = "") -> list[str]:
    """A person's lines without banner, rules, signature, footer and disclaimer, blank lines around them taken off.

    `name` is that of the person, as the mail's From has it: a last line that says it is a signature.
    """
    kept = list(lines[: closing.without_tail(lines, closings=closings, name=name)])
    first = 0
    while first < len(kept) and (not kept[first].strip() or closing.banner(kept[first]) or quotation.rule(kept[first])):
        first += 1
    kept = kept[first:]
    while kept and (not kept[-1].strip() or quotation.rule(kept[-1])):
        kept.pop()
    return kept
