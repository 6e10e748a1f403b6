"""From what a person wrote to blocks: the words, and the label or the numbered line that they answer."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.model import Ask
from worker.replies.context import Context
from worker.replies.labels import Field, Label, label, split, without_private_mark
from worker.replies.text import key
from worker.replies.written import Written

_NUMBERED = re.compile(r"\s{0,4}(\d{1,2})\.\s+(\S.*)")
_MARKED = "marked as private"
ABOVE = "above everything"


@dataclass(slots=True)
class Block:
    """Lines that belong together: under one label (`field`), under a numbered line (`item`), or free prose.

    `label` is the label as it was sent or typed; `why` says in a few words how the block came to its field.
    """

    field: Field | None = None
    label: str = ""
    item: int = 0
    why: str = ""
    where: str = ""
    lines: list[str] = dataclasses.field(default_factory=list)

    def empty(self) -> bool:
        """Whether there is no word in it."""
        return not any(line.strip() for line in self.lines)


def blocks(written: Written, context: Context) -> list[Block]:
    """Cut what was written into blocks, in the order of the mail."""
    found: list[Block] = []
    for segment in written.segments:
        block = _placed(segment.after, written.original_lines)
        block.where = segment.where
        typed = _typed(segment.text.split("\n"), block, context)
        # Words that go on where the last segment of the same place stopped belong to it.
        if found and typed and not typed[0].empty() and _same_place(found[-1], typed[0]):
            found[-1].lines.extend(["", *typed[0].lines])
            typed = typed[1:]
        found.extend(each for each in typed if each.field is not None or not each.empty())
    return [each for each in found if not each.empty()]


def numbered(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts behind the numbers 1, 2, 3 … of the first of these mails that has any."""
    for text in texts:
        found: dict[int, str] = {}
        for line in text.split("\n"):
            match = _NUMBERED.match(line)
            if match and int(match[1]) == len(found) + 1:
                found[int(match[1])] = match[2].strip()
        if found:
            return tuple(found.values())
    return ()


def _same_place(last: Block, new: Block) -> bool:
    return bool(new.field) and last.field is new.field and last.why == new.why and last.label == new.label


def _placed(after: int | None, original: Sequence[str]) -> Block:
    """The block that words behind this line of the original answer."""
    if after is None or not 0 <= after < len(original):
        return Block(why=ABOVE)
    at = after
    while at > 0 and not original[at].strip():
        at -= 1
    found = label(original[at])
    if found and not original[at][found.value_at :].strip():
        return Block(found.field, found.text, why=f'below "{found.text}:" of the mail')
    match = _NUMBERED.match(original[at])
    if match:
        return Block(item=int(match[1]), why=f"below number {match[1]} of the mail")
    return Block(why="inside the mail, below no label")


def _typed(lines: Sequence[str], first: Block, context: Context) -> list[Block]:
    """Cut a segment where it carries labels of its own."""
    found = [first]
    for raw in lines:
        for line in split(raw):
            head = label(line)
            if head is None or not _meant(head, line, context):
                _add(found, line)
                continue
            value = line[head.value_at :]
            field, why = head.field, f'after "{head.text}:" as typed'
            own = without_private_mark(value) if field is not Field.NEXT else None
            if own is not None:
                field, value, why = Field.PRIVATE, own, _MARKED
            found.append(Block(field, head.text, why=why, where=first.where, lines=[value]))
    return found


def _add(found: list[Block], line: str) -> None:
    """Add a line to the last block; one that is marked as private is a block of its own within it."""
    last = found[-1]
    own = without_private_mark(line) if last.field not in (Field.NEXT, Field.PRIVATE) else None
    if own is None:
        last.lines.append(line)
        return
    found.append(Block(Field.PRIVATE, last.label, why=_MARKED, where=last.where, lines=[own]))
    found.append(dataclasses.replace(last, lines=[]))


def _meant(head: Label, line: str, context: Context) -> bool:
    """Whether a label is one: "Next: Ana" is not, "Next: Thursday" is."""
    if not head.weak or head.field is not Field.NEXT:
        return True
    value = line[head.value_at :].strip()
    if not value:
        return True
    if len(value) > 120:
        return False
    moment = context.when(value)
    known = moment is not None and not (isinstance(moment, Ask) and not moment.candidates)
    return known or context.none(value) or key(value) in {"ok", "okay", "as proposed"}
