"""Lines of a mail that answers nothing, beyond a verb and a name: "check in with Alex on Friday"."""

from __future__ import annotations

import re

from worker.model import Command
from worker.replies.context import Context
from worker.replies.due import dues, without
from worker.replies.text import bullet, fold

_LEAD = re.compile(
    r"(?:please |bitte )?(?:informal(?:ly)? |quick(?:ly)? |short )?"
    r"(?:check(?:ing)?[ -]?in|catch up|touch base|kurz (?:mit|bei)|nachfragen bei|nachhaken bei|frage? bei"
    r"|faire le point avec|prendre des nouvelles de|demander a|hacer seguimiento con|preguntar a|hablar con)\b"
)
_BEFORE_NAME = re.compile(r"\b(?:with|on|bei|mit|avec|con|de|a)\s+(\S+(?:\s+\S+){0,2})")
_SESSION = re.compile(r"agenda\s+(.+?)[\s,:]+(career|review|status)")
_MAX_LINE = 300


def read(line: str, context: Context) -> Command | None:
    """Return what such a line says, None where it is another one. The verb is `check-in` or `agenda`."""
    text = line[bullet(line) :].strip()
    folded = fold(text)
    if len(text) > _MAX_LINE:
        return None
    session = _SESSION.fullmatch(folded)
    if session and (context.named(session[1]) or len(session[1].split()) == 1):
        return Command("agenda", names=(text[session.start(1) : session.end(1)],), text=session[2])
    lead = _LEAD.match(folded)
    if lead is None:
        return None
    found = dues(text, context)
    due = found[0] if found else None
    words = without(text, due.start, due.end) if due is not None else text
    name = _name(words, context)
    return Command("check-in", names=(name,) if name else (), when=due.value if due else None, text=words)


def _name(words: str, context: Context) -> str:
    """The name behind "with": as far as somebody is known by it, else the one word that looks like a name."""
    for match in _BEFORE_NAME.finditer(words):
        parts = match[1].split()
        for size in range(len(parts), 0, -1):
            name = " ".join(parts[:size]).strip(" ,.;:!")
            if context.named(name):
                return name
        if parts[0][:1].isupper():
            return parts[0].strip(" ,.;:!")
    known = [word.strip(" ,.;:!") for word in words.split() if context.named(word)]
    return known[0] if known else ""
