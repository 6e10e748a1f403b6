"""What a reply says, field by field: labels, commitments, feedback, commands, the next meeting; the rest is notes."""

from __future__ import annotations

from dataclasses import replace

from worker.model import Part, Reply, WrittenNote
from worker.replies import captures, check_ins, mime, next_label, topics, written
from worker.replies.blocks import Block, blocks, numbered
from worker.replies.commands import is_polite, is_thanks, line_acts
from worker.replies.commitments import clauses, listed, prose
from worker.replies.context import Context
from worker.replies.feedback import feedback
from worker.replies.labels import Field
from worker.replies.next_label import EMPTY
from worker.replies.prose import free
from worker.replies.reading import Asked, Reading, Step
from worker.replies.text import box, bullet, joined_lines, key, sentences
from worker.replies.verbs import Verb

__all__ = [
    "Asked",
    "Context",
    "Reading",
    "Step",
    "read_check_in",
    "read_commands",
    "read_form",
    "read_topics",
    "reading",
]

# What the last paragraph of a mail may do below a label, one line behind a blank one (docs/decisions/0007).
_BEHIND_LABEL = frozenset({Verb.SHARE, Verb.SHARE_ALL, Verb.DONE, Verb.DROP, Verb.KEEP, Verb.BY, Verb.ALL_DONE})
_HANDLES = frozenset({Verb.DONE, Verb.DROP, Verb.KEEP, Verb.BY, Verb.ALL_DONE})


# People write a few thousand characters; beyond this a mail is kept, not read.
_MAX_READ = 20_000
_MAX_LINES = 300


def read_form(raw: bytes, asked: Asked, context: Context) -> Reply:
    """Read the answer to a follow-up form (see `worker.replies.read_form`)."""
    mail, text, found = reading(raw, asked, context)
    return found.reply(mail, text)


def reading(raw: bytes, asked: Asked, context: Context) -> tuple[mime.Mail, str, Reading]:
    """Read the answer to a form, with the steps that led to it."""
    mail, wrote, found = _opened(raw, asked, context)
    context = found.context
    parts = blocks(wrote, context)
    found.whole = _lines_that_count(parts, context) == 1
    none = next_label.none_above(parts, found)
    for block in parts:
        found.last = block is parts[-1]
        _block(block, found)
    next_label.settle(none, found)
    found.thanks = found.thanks or (not found.steps and _thanked(mail, context))
    return mail, found.written, found


def _thanked(mail: mime.Mail, context: Context) -> bool:
    """Whether a mail that adds nothing begins with thanks."""
    text = mail.plain or ""
    if not text.strip() and mail.html:
        from worker.replies.markup import html_body

        text = "\n".join(html_body(mail.html).lines[:20])
    first = [line for line in text[:2000].split("\n") if line.strip() and not line.startswith(">")][:3]
    return any(is_thanks(line, context) for line in first)


def read_topics(raw: bytes, asked: Asked, context: Context) -> Reply:
    """Read a report's answer (see `worker.replies.read_topics`)."""
    mail, text, found = reading_of(raw, asked, context, "topics")
    return found.reply(mail, text)


def read_check_in(raw: bytes, asked: Asked, context: Context) -> Reply:
    """Read the answer to a check-in (see `worker.replies.read_check_in`)."""
    mail, text, found = reading_of(raw, asked, context, "check-in")
    return found.reply(mail, text)


def read_commands(raw: bytes, asked: Asked, context: Context) -> Reply:
    """Read a mail that is no answer to a form (see `worker.replies.read_commands`)."""
    mail, text, found = reading_of(raw, asked, context, "commands")
    return found.reply(mail, text)


def reading_of(raw: bytes, asked: Asked, context: Context, kind: str) -> tuple[mime.Mail, str, Reading]:
    """Read a mail of another kind (`topics`, `check-in` or `commands`), with the steps that led to it."""
    mail, wrote, found = _opened(raw, asked, context)
    if kind == "topics":
        parts = blocks(wrote, found.context)
        found.whole = _lines_that_count(parts, found.context) == 1
        for block in parts:
            topics.block(block, found)
        found.thanks = found.thanks or (not found.steps and _thanked(mail, found.context))
    elif kind == "check-in":
        check_ins.read(wrote.text, found)
    else:
        captures.read(mail, wrote, found)
    return mail, found.written, found


def _opened(raw: bytes, asked: Asked, context: Context) -> tuple[mime.Mail, written.Written, Reading]:
    """Read the mail, find what the human wrote, and complete the context from both.

    Of very long words only the first are read for what they say; the rest is left over, word for word.
    """
    mail = mime.read(raw)
    originals = [written.Original(text, html) for text, html in ((asked.text, asked.html),) if text or html]
    originals += [written.Original(text) for text in asked.earlier if text]
    wrote = written.read(mail, originals)
    if not context.items:
        context = replace(context, items=numbered((asked.text, *asked.earlier)))
    if not context.sender and mail.sender:
        context = replace(context, sender=mail.sender)
    found = Reading(context, written=wrote.text)
    short, rest = _shortened(wrote)
    if rest:
        found.leftover.append(rest)
        found.step(rest, "left over", "longer than what is read")
    return mail, short, found


def _shortened(wrote: written.Written) -> tuple[written.Written, str]:
    """The first words of a long answer, cut at a line, and the rest of it."""
    room = _MAX_READ
    kept: list[written.Segment] = []
    rest: list[str] = []
    for segment in wrote.segments:
        if len(segment.text) <= room and segment.text.count("\n") < _MAX_LINES:
            kept.append(segment)
            room -= len(segment.text)
            continue
        cut = 0
        for _ in range(_MAX_LINES):
            end = segment.text.find("\n", cut)
            if end < 0 or end > room:
                break
            cut = end + 1
        if cut:
            kept.append(replace(segment, text=segment.text[:cut]))
        rest.append(segment.text[cut:])
        room = 0
    return (replace(wrote, segments=tuple(kept)), "\n".join(rest)) if rest else (wrote, "")


def _lines_that_count(parts: list[Block], context: Context) -> int:
    """How many lines there are besides courtesy."""
    return sum(
        1 for block in parts for line in joined_lines(block.lines) if line.strip() and not is_polite(line, context)
    )


# ------------------------------------------------------------------------------------------------------------- blocks


def _block(block: Block, found: Reading) -> None:
    if block.field is None:
        (_item if block.item else free)(block, found)
    elif block.field is Field.NEXT:
        next_label.read(block, found)
    elif block.field is Field.ACTIONS:
        _actions(block, found)
    else:
        _labelled(block, found)


def _labelled(block: Block, found: Reading) -> None:
    """Words under Highlights, Priorities, Support, Feedback, Follow-up or Private notes."""
    lines = _without_acts(block, found)
    text = "\n".join(line.rstrip() for line in lines).strip()
    if not text or key(text) in EMPTY or text in EMPTY:
        return
    if block.field is Field.FEEDBACK:
        for piece in feedback(lines, found.context):
            found.feedback.append(piece)
            found.step(piece.text, "feedback", block.why)
        return
    private = block.field is Field.PRIVATE
    part = block.field.part if block.field else Part.GENERAL
    found.notes.append(WrittenNote(text, part, private, block.label))
    found.step(text, "private note" if private else f"note ({part})", block.why)


def _without_acts(block: Block, found: Reading) -> list[str]:
    """The lines of a label without courtesy at their end and without a last paragraph that is nothing but `share`."""
    lines = list(block.lines)
    acted = False
    while lines and not lines[-1].strip():
        lines.pop()
    while len(lines) > 1:
        last = lines[-1]
        if not last.strip():
            lines.pop()
            continue
        if is_polite(last, found.context) and not bullet(last):
            found.thanks = found.thanks or is_thanks(last, found.context)
            lines.pop()
            continue
        acts = line_acts(last, found.context) if not lines[-2].strip() else None
        allowed = _BEHIND_LABEL if found.last and not acted else _HANDLES
        if acts and any(line.strip() for line in lines[:-2]) and acts.only(allowed):
            found.act(acts, last, "a paragraph of its own at the end")
            acted = True
            lines.pop()
            continue
        break
    return lines


def _item(block: Block, found: Reading) -> None:
    """Words below a numbered line of the mail: done, dropped, kept, a new date; anything else is a note."""
    rest: list[str] = []
    for line in joined_lines(block.lines):
        if not line.strip():
            rest.append(line)
            continue
        acts = line_acts(f"{block.item}: {line.strip()}", found.context)
        if acts and acts.only(_HANDLES):
            found.act(acts, line, block.why)
        else:
            rest.append(line)
    free(Block(why=block.why, where=block.where, lines=rest), found)


def _actions(block: Block, found: Reading) -> None:
    """One commitment a line; several sentences that each make one, or pieces between semicolons, count each."""
    for line in joined_lines(_without_acts(block, found)):
        if not line.strip() or key(line) in EMPTY or line.strip() in EMPTY:
            continue
        acts = line_acts(line, found.context)
        if acts and acts.only(_HANDLES):
            found.act(acts, line, block.why)
            continue
        for piece in _several(line, found.context):
            item = listed(piece, found.context)
            if item:
                found.items.append(item)
                found.step(piece, "action item", block.why)


def _several(line: str, context: Context) -> list[str]:
    """The commitments of one line."""
    for pieces in ([piece.text for piece in sentences(line)], [piece.strip() for piece in line.split(";")]):
        if len(pieces) > 1 and all(prose(piece, context) for piece in pieces):
            return pieces
    return clauses(line, context) if not (bullet(line) or box(line)[0]) else [line]
