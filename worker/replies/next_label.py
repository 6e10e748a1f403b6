"""The value of the label Next check-in: a date, a word that acts, or that there is none; the rest is free prose."""

from __future__ import annotations

import re
from datetime import date, datetime

from worker.model import Ask, AskReason
from worker.replies.again import nothing
from worker.replies.blocks import Block
from worker.replies.commands import is_polite, is_thanks, line_acts, sentence_acts
from worker.replies.prose import free
from worker.replies.reading import Reading
from worker.replies.text import sentences, words_of
from worker.replies.verbs import Verb

EMPTY = words_of(
    """- -- --- / . n/a na none nothing nil nothing-new nichts keine keins keiner entfallt rien aucun aucune neant
    ras nada ninguno ninguna nenhum nenhuma niente nessuno nessuna geen niets nvt n.v.t tbd"""
)
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
