"""Feedback under its label: each piece with the day on which to come back to it, where one is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.model import WrittenFeedback
from worker.replies.context import Context
from worker.replies.due import Due, dues, without
from worker.replies.text import bullet, fold, joined_lines

_FOLLOW = (
    r"follow(?:ing)?[- ]?up|f/u|check(?:ing)? (?:back|in|again)|re-?check|check|revisit(?:ing)?"
    r"|comes? back(?: to (?:it|this|that))?|back to (?:it|this|that)"
    r"|look (?:at (?:it|this|that) )?again|(?:let's )?(?:discuss|talk about|review) (?:it|this|that) again"
    r"|touch base|circle back|remind me|remember"
    r"|see how (?:it|this|that|he|she|they) (?:goes|went|is going|is doing|does|do)|see where (?:we|he|she"
    r"|they) (?:are|is|stand)|next look|again"
    r"|kommt wieder|revient|vuelve"
    r"|wiedervorlage|nachfassen|nachhaken|nachfragen|nachverfolgen|wieder ansprechen|ansprechen|(?:nochmals? "
    r"|noch mal |noch einmal |wieder )?(?:drauf ?schauen|draufschauen|drauf zuruckkommen|anschauen|besprechen"
    r"|daruber (?:sprechen|reden)|druber (?:sprechen|reden))|darauf zuruckkommen|wieder prufen|nachverfolgung|erneut"
    r"|nachschauen"
    r"|relancer|relance|revenir(?: dessus)?|y revenir|faire le point|refaire le point|(?:en |on en )?reparl(?:er|e"
    r"|ons)|suivi|a revoir|revoir"
    r"|(?:hacer |dar )?seguimiento|retomar(?:lo)?|volver(?: a \w{2,20}| sobre (?:ello|esto|el tema))?|revisar(?:lo)?"
    r"|preguntar|repasar(?:lo)?"
    r"|acompanhar|rever|riparlarne|rivedere|ricontrollare|opvolgen|terugkomen"
)
_OBJECT = (
    r"(?: (?:on|about|with|zu|mit|avec|con|sobre) (?:it|this|that|him|her|them|alex|ana|dem|der|ihm|ihr|lui"
    r"|elle|el|ella|esto|eso|cela|ca)| (?:it|this|that|mit ihm|mit ihr|lo|la))?"
)
_LEAD = (
    r"(?:^|[\s,;:.(\[-]+)(?:(?:and|und|et|y|e|en|then|i'll|i will|we'll|we|let's|please|to|will|want to|ich werde"
    r"|werde|ich|bitte|wir|je vais"
    r"|on|a|voy a|vamos a|por favor)[\s,;:.(\[-]+){0,4}"
)
_BEFORE = re.compile(rf"{_LEAD}(?:{_FOLLOW}){_OBJECT}[\s:,-]*(?:date|termin|on|am|le|el)?[\s:,-]*$")
_BEHIND = re.compile(
    rf"^[\s,-]*(?:wieder|nochmal|noch mal|erneut|darauf|mit \w+|to|for a|on en|on|y|lo|hacer"
    rf"|dar)?\s*(?:{_FOLLOW})\w*\s*(?:on it|on this|with (?:him|her|them))?[\s.!)\]]*$"
)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A follow-up date, and the stretch of text that says so."""

    due: Due
    start: int
    end: int


def feedback(lines: list[str], context: Context, *, private: bool = False) -> list[WrittenFeedback]:
    """One piece for each bullet, else one for each paragraph."""
    pieces: list[list[str]] = [[]]
    for line in joined_lines(lines):
        if not line.strip() or bullet(line):
            pieces.append([])
        if line.strip():
            pieces[-1].append(line[bullet(line) :].strip())
    texts = ["\n".join(piece) for piece in pieces if piece]
    merged: list[str] = []
    for text in texts:
        # "Follow up in three weeks" as a paragraph of its own dates the piece before it.
        if merged and _only_date(text, context):
            merged[-1] = f"{merged[-1]}\n{text}"
        else:
            merged.append(text)
    return [one(text, context, private=private) for text in merged]


def one(text: str, context: Context, *, private: bool = False) -> WrittenFeedback:
    """A piece of feedback with its follow-up date, which is cut out of the words where it is settled."""
    found = dated(text, context)
    if found is None:
        return WrittenFeedback(text, None, private)
    if found.due.day is None:
        return WrittenFeedback(text, None, private, found.due.ask)
    rest = without(text, found.start, found.end)
    return WrittenFeedback(rest or text, found.due.day, private)


def dated(text: str, context: Context) -> _Dated | None:
    """The follow-up date of a text: one that is called so, one in brackets, or one behind a dash at the end."""
    offset = max(0, len(text) - 400)
    tail = text[offset:]
    flat = tail.replace("\n", " ")
    folded = fold(flat)
    for due in reversed(dues(flat, context)):
        before = _BEFORE.search(folded[: due.start])
        if before:
            start = before.start() + (len(before[0]) - len(before[0].lstrip(" ,;:-")))
            # "Clearer summaries please (follow up in two weeks)": what stands before the bracket is feedback.
            start = max(start, before.start() + before[0].rfind("("), before.start() + before[0].rfind("["))
            return _Dated(due, offset + start, offset + due.end)
        behind = _BEHIND.match(folded[due.end :])
        if behind:
            return _Dated(due, offset + due.start, len(text))
        dashed = due.trailing and folded[: due.start].rstrip().endswith(("-", ";", "→", ">"))
        if (due.bracketed or dashed) and due.trailing:
            return _Dated(due, offset + due.start, offset + due.end)
    return None


def _only_date(text: str, context: Context) -> bool:
    found = dated(text, context)
    return found is not None and not without(text, found.start, found.end).strip(" .")
