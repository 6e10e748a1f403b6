"""Free prose: lines and sentences that act, name the next meeting or promise something; the rest is a note."""

from __future__ import annotations

import re
from datetime import date

from worker.model import WrittenNote
from worker.replies.acts import Acts
from worker.replies.again import Again, again, bare, nothing
from worker.replies.blocks import Block
from worker.replies.commands import is_polite, is_thanks, leading, line_acts, sentence_acts
from worker.replies.commitments import clauses, prose, spliced, tangled
from worker.replies.due import dues
from worker.replies.reading import Reading
from worker.replies.text import box, bullet, fold, joined_lines, sentences
from worker.replies.verbs import Verb

_SHORT = 60
# As the first sentence of several a date counts where it is more than the name of a day: "Monday. Sam starts."
_PLAIN = re.compile(r"\d|^(?:in|dans|d'ici|en|dentro de|em|tra|fra|over)\s")


def free(block: Block, found: Reading) -> None:
    """Free prose: acting lines, the next meeting, commitments; what remains is a note, word for word."""
    kept: list[str] = []
    first = True
    for line in joined_lines(block.lines):
        if not line.strip():
            kept.append("")
            continue
        rest = _line(line, first=first, found=found)
        first = False
        if rest:
            kept.append(rest)
    text = "\n".join(kept).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    if any(char.isalnum() for char in text) or (text and not text.isascii()):
        found.notes.append(WrittenNote(text))
        found.step(text, "note (only you)", block.why or "free prose")


def _line(line: str, *, first: bool, found: Reading) -> str:
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
        rest = _sentence(sentence.text, first=first and sentence.start == 0, found=found)
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


def _sentence(sentence: str, *, first: bool, found: Reading) -> str:
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
    if alone and isinstance(alone.value, date) and _PLAIN.search(fold(sentence)):
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
            return " ".join(filter(None, (rest, _sentence(tail, first=False, found=found))))
    named = again(sentence, context)
    if named:
        return _met(named, sentence, found)
    kept: list[str] = []
    pieces = clauses(sentence, context)
    if len(pieces) == 1 and tangled(sentence, context):
        # A promise behind words that make none: whose deadline is whose cannot be told.
        return sentence
    for clause in pieces:
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
