"""What a reply says, field by field: labels, commitments, feedback, commands, the next meeting; the rest is notes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from worker.model import Ask, AskReason, Part, Reply, WrittenNote
from worker.replies import captures, check_ins, mime, topics, written
from worker.replies.again import Again, again, bare, nothing
from worker.replies.blocks import Block, blocks, numbered
from worker.replies.commands import Acts, is_polite, is_thanks, leading, line_acts, sentence_acts
from worker.replies.commitments import clauses, listed, prose, spliced
from worker.replies.context import Context
from worker.replies.feedback import feedback
from worker.replies.labels import Field
from worker.replies.reading import Asked, Reading, Step
from worker.replies.due import dues
from worker.replies.text import box, bullet, fold, joined_lines, key, sentences, words_of
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

# What a line of its own at the end of a label's words may do, parted from them by a blank line.
_BEHIND_LABEL = frozenset({Verb.SHARE, Verb.SHARE_ALL, Verb.DONE, Verb.DROP, Verb.KEEP, Verb.BY, Verb.ALL_DONE})
_HANDLES = frozenset({Verb.DONE, Verb.DROP, Verb.KEEP, Verb.BY, Verb.ALL_DONE})
_EMPTY = words_of(
    """- -- --- / . n/a na none nothing nil nothing-new nichts keine keins keiner entfallt rien aucun aucune neant
    ras nada ninguno ninguna nenhum nenhuma niente nessuno nessuna geen niets nvt n.v.t tbd"""
)


# People write a few thousand characters; beyond this a mail is kept, not read.
_MAX_READ = 20_000
_MAX_LINES = 300
_SHORT = 60
_FOR_NOW = re.compile(
    r"[\s,]*(?:for now|at the moment|for the moment|right now|yet|until further notice|vorerst|im moment|derzeit"
    r"|bis auf weiteres|pour l['’]instant"
    r"|pour le moment|por ahora|de momento|por el momento|per ora|voorlopig)$",
    re.IGNORECASE,
)


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
    for block in parts:
        _block(block, found)
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
        _next(block, found)
    elif block.field is Field.ACTIONS:
        _actions(block, found)
    else:
        _labelled(block, found)


def _labelled(block: Block, found: Reading) -> None:
    """Words under Highlights, Priorities, Support, Feedback, Follow-up or Private notes."""
    lines = _without_acts(block, found)
    text = "\n".join(line.rstrip() for line in lines).strip()
    if not text or key(text) in _EMPTY or text in _EMPTY:
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
        if acts and any(line.strip() for line in lines[:-2]) and acts.only(_BEHIND_LABEL):
            found.act(acts, last, "a paragraph of its own at the end")
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
        if not line.strip() or key(line) in _EMPTY or line.strip() in _EMPTY:
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


# ------------------------------------------------------------------------------------------------------- next check-in


def _next(block: Block, found: Reading) -> None:
    """The value of the label: a date, a word that acts, or that there is none. What follows it is free prose."""
    lines = [line for line in block.lines if line.strip()]
    rest: list[str] = []
    settled = False
    for line in lines:
        acts = line_acts(line, found.context, whole=len(lines) == 1)
        if acts and not (settled and acts.only(frozenset({Verb.CHOOSE}))):
            found.act(acts, line, block.why)
            settled = True
        elif is_polite(line, found.context):
            found.thanks = found.thanks or is_thanks(line, found.context)
        elif settled:
            if not _with_time(line, found):
                rest.append(line)
        elif line.strip() not in _EMPTY or any(char.isalpha() for char in line):
            settled = _value(line, block, found)
    if rest:
        free(Block(why="behind the value of the label", where=block.where, lines=rest), found)


def _with_time(line: str, found: Reading) -> bool:
    """Whether the line only adds a time to the date on the line before it."""
    if not found.labelled or len(line) > 40 or isinstance(found.labelled[-1][0], datetime):
        return False
    phrase = f"{found.labelled[-1][1]} {line.strip()}"
    value = found.context.when(phrase)
    if not isinstance(value, datetime) or not re.search(r"\d", line):
        return False
    found.labelled[-1] = (value, phrase)
    return True


def _value(line: str, block: Block, found: Reading) -> bool:
    """Read the value of the label on this line; what is no date is asked about."""
    context = found.context
    text = line.strip().strip("*_").strip()
    pieces: list[str] = []
    for sentence in sentences(text):
        acts = sentence_acts(sentence.text, context) or line_acts(sentence.text, context)
        if acts:
            found.act(acts, sentence.text, block.why)
        elif not is_polite(sentence.text, context):
            pieces.append(sentence.text)
    if not pieces:
        return True
    for phrase in dict.fromkeys((" ".join(pieces), pieces[0])):
        if context.none(_FOR_NOW.sub("", phrase.rstrip(" .!"))) or nothing(phrase, context, whole=True):
            found.no_check_in = found.no_check_in or phrase
            found.step(phrase, "no next check-in", block.why)
            return _rest(pieces, phrase, found)
        value = context.value(phrase)
        if value is not None and not (isinstance(value, Ask) and len(pieces) > 1 and phrase is not pieces[0]):
            found.labelled.append((value, phrase))
            found.step(phrase, "next check-in", block.why)
            return _rest(pieces, phrase, found)
    return _unread(" ".join(pieces), block, found)


def _rest(pieces: list[str], used: str, found: Reading) -> bool:
    """Keep the sentences behind the value as notes."""
    if used == pieces[0] and len(pieces) > 1:
        free(Block(why="behind the value of the label", lines=[" ".join(pieces[1:])]), found)
    return True


def _unread(text: str, block: Block, found: Reading) -> bool:
    """A value that names no date as a whole: the one date in it is offered, never taken."""
    days = [item.value for item in found.context.find(text[:400])]
    settled = tuple(dict.fromkeys(day for day in days if isinstance(day, date)))
    found.labelled.append((Ask(AskReason.UNREADABLE, settled, text[:120]), text))
    found.step(text, "next check-in (asked)", block.why)
    return True


# ---------------------------------------------------------------------------------------------------------- free prose


def free(block: Block, found: Reading) -> None:
    """Free prose: acting lines, the next meeting, commitments; what remains is a note, word for word."""
    kept: list[str] = []
    first = True
    for line in joined_lines(block.lines):
        if not line.strip():
            kept.append("")
            continue
        rest = _line(line, first, found)
        first = False
        if rest:
            kept.append(rest)
    text = "\n".join(kept).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    if any(char.isalnum() for char in text) or (text and not text.isascii()):
        found.notes.append(WrittenNote(text))
        found.step(text, "note (only you)", block.why or "free prose")


def _line(line: str, first: bool, found: Reading) -> str:  # noqa: FBT001 - internal
    """Read one line of prose and return what remains of it."""
    context = found.context
    if is_polite(line, context):
        found.thanks = found.thanks or is_thanks(line, context)
        return ""
    acts = line_acts(line, context, whole=found.whole)
    if acts:
        found.act(acts, line, "a line of its own")
        return ""
    named = bare(line, context, whole=found.whole) if not bullet(line) else None
    if named:
        return _met(named, line, found)
    if _date_and_ok(line, found):
        return ""
    if box(line)[0] or bullet(line):
        item = prose(line, context)
        if item:
            found.items.append(item)
            found.step(line, "action item", "a line that names owner and deadline")
            return ""
    kept: list[str] = []
    for sentence in sentences(line):
        rest = _sentence(sentence.text, first and sentence.start == 0, found)
        kept += [rest] if rest else []
    whole = " ".join(kept)
    return line if len(whole) >= len(line.strip()) else whole


def _date_and_ok(line: str, found: Reading) -> bool:
    """As in "in 2 weeks ok share": a date, and behind it, without any mark, words that act, "ok" the first of them."""
    context = found.context
    due = next(iter(dues(line, context)), None) if len(line) <= _SHORT else None
    if due is None or due.start or due.strong or due.day is None:
        return False
    rest = line[due.end :].strip(" ,;.-–")
    acts = line_acts(f"ok, {rest[2:]}", context) if fold(rest[:3]) in {"ok", "ok "} else None
    if acts is None or not acts.only(frozenset({Verb.OK, Verb.SHARE, Verb.SHARE_ALL})):
        return False
    found.act(acts, rest, "behind a date")
    found.free.append((due.value, due.phrase))
    found.step(due.phrase, "next check-in", "a date with words that act behind it")
    return True


def _sentence(sentence: str, first: bool, found: Reading) -> str:  # noqa: FBT001 - internal
    """Read one sentence and return what remains of it."""
    context = found.context
    if is_polite(sentence, context):
        found.thanks = found.thanks or is_thanks(sentence, context)
        return ""
    acts = sentence_acts(sentence, context)
    if acts:
        found.act(acts, sentence, "a sentence of its own")
        return ""
    alone = bare(sentence, context, whole=found.whole) if first else None
    if alone and isinstance(alone.value, date):
        return _met(alone, sentence, found)
    missed = leading(sentence, context) if first else None
    if missed:
        found.act(Acts((missed,)), sentence, "the answer begins with it")
        return sentence
    if nothing(sentence, context, whole=found.whole):
        found.no_check_in = found.no_check_in or sentence
        found.step(sentence, "no next check-in", "a sentence that says so")
        return ""
    for head, tail in spliced(sentence, context):
        named = again(head, context)
        if named:
            rest = _met(named, head, found)
            return " ".join(filter(None, (rest, _sentence(tail, False, found))))
    named = again(sentence, context)
    if named:
        return _met(named, sentence, found)
    kept: list[str] = []
    for clause in clauses(sentence, context):
        item = prose(clause, context)
        if item:
            found.items.append(item)
            found.step(clause, "action item", "one of the two promises it, or does it by a date")
        else:
            kept.append(clause)
    return " ".join(kept)


def _met(date: Again, words: str, found: Reading) -> str:
    found.free.append((date.value, date.phrase))
    found.step(words, "next check-in", "free prose that names the next meeting")
    return "" if date.alone else words
