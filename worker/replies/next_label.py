"""The value of the label Next check-in: a date, a word that acts, or that there is none; the rest is free prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from worker.model import Ask, AskReason, WrittenNote
from worker.replies.again import nothing
from worker.replies.blocks import ABOVE, Block
from worker.replies.commands import is_polite, is_thanks, line_acts, sentence_acts
from worker.replies.labels import Field
from worker.replies.prose import free
from worker.replies.reading import Reading
from worker.replies.text import key, sentences, words_of
from worker.replies.verbs import Verb

EMPTY = words_of(
    """- -- --- / . n/a na none nothing nil nothing-new nichts keine keins keiner entfallt rien aucun aucune neant
    ras nada ninguno ninguna nenhum nenhuma niente nessuno nessuna geen niets nvt n.v.t tbd"""
)
# The first words of an answer, above its labels, speak of the next check-in only where they cannot speak of notes.
_NO_MEETING = words_of(
    "none kein keine keinen keiner keins aucun aucune ninguno ninguna nenhum nenhuma nessuno nessuna geen"
)
_SETS_A_DATE = frozenset({Verb.OK, Verb.CHOOSE, Verb.SKIP})
_FOR_NOW = re.compile(
    r"(?<![\s,])[\s,]*(?:for now|at the moment|for the moment|right now|yet|until further notice|vorerst"
    r"|im moment|derzeit|bis auf weiteres|pour l['’]instant"
    r"|pour le moment|por ahora|de momento|por el momento|per ora|voorlopig)$",
    re.IGNORECASE,
)


def read(block: Block, found: Reading) -> None:
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
        elif line.strip() not in EMPTY or any(char.isalpha() for char in line):
            settled = _value(line, block, found)
    if rest:
        free(Block(why="behind the value of the label", where=block.where, lines=rest), found)


def none_above(parts: Sequence[Block], found: Reading) -> str:
    """Take `none` off the answer where it is a first paragraph of its own above labels, and return it; else "".

    The form asks first when the two meet next, and lets any answer stand above the labels.
    """
    if not parts or parts[0].field is not None or parts[0].item or parts[0].why != ABOVE:
        return ""
    labels = {part.field for part in parts[1:] if part.field is not None}
    lines = parts[0].lines
    first = next((at for at, line in enumerate(lines) if line.strip() and not is_polite(line, found.context)), None)
    if first is None or key(lines[first]) not in _NO_MEETING or not labels or Field.NEXT in labels:
        return ""
    if any(line.strip() for line in lines[first + 1 : first + 2]):
        return ""
    return lines.pop(first).strip()


def settle(none: str, found: Reading) -> None:
    """Take `none` for the answer to when they meet next, unless a date stands elsewhere: then it stays a note."""
    if not none:
        return
    if found.labelled or found.free or any(command.verb in _SETS_A_DATE for command in found.commands):
        found.notes.insert(0, WrittenNote(none))
        found.step(none, "note (only you)", ABOVE)
        return
    found.no_check_in = found.no_check_in or none
    found.step(none, "no next check-in", "the first words, above the labels")


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
