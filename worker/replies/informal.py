"""Lines of a mail that answers nothing, beyond a verb and a name: "check in with Alex on Friday"."""

from __future__ import annotations

import re

from worker.model import Command
from worker.replies.context import Context, Moment
from worker.replies.due import dues, without
from worker.replies.text import bullet, fold

# Each beginning stands before a name. The first say by themselves that somebody wants to look in on a person; the
# others are everyday verbs, which do so only where they name somebody known and a day.
_LEAD = (
    r"(?:informal(?:ly)? |quick(?:ly)? |short )?(?:check(?:ing)?[ -]?in(?: with| on)?|catch up with|touch base with)"
    r"|kurz (?:mit|bei)|nachfragen bei|nachhaken bei|bei(?= .* (?:nachfragen|nachhaken|vorbeischauen)\b)"
    r"|(?:re)?faire le point avec|prendre des nouvelles de|demander a"
    r"|hacer seguimiento (?:con|a)|preguntar a|hablar con"
    r"|fazer o ponto com|ver como esta"
    r"|fare il punto con|vedere come sta"
    r"|bijpraten met|navragen bij|even (?:met|bij)"
)
_VERB = (
    r"check on|follow up with|ping|ask|call|talk (?:to|with)|speak (?:to|with)"
    r"|frage?|sprechen mit|reden mit|mit(?= .* (?:sprechen|reden)\b)"
    r"|parler (?:a|avec)|voir|appeler|relancer|demande a"
    r"|llamar a|ver a|pregunta(?:r|rle)? a|habla con"
    r"|falar com|fala com|perguntar a[o]?|pergunta a[o]?|ligar (?:para|a[o]?)|saber d[eoa]"
    r"|parlare con|parla con|sentire|chiedere ad?|chiedi ad?|chiamare"
    r"|praten met|vraag|vragen aan|bellen|bij(?= .* (?:checken|navragen)\b)|met(?= .* (?:praten|spreken)\b)"
)
_COURTEOUS = r"(?:please |bitte |s'il te plait |por favor |per favore |graag )?"
_BEGINS = re.compile(rf"{_COURTEOUS}(?:(?P<lead>{_LEAD})|(?P<verb>{_VERB}))\b")
# Kinds of session, by their words in every language, folded.
_SESSIONS = {
    "career": "career|growth|karriere|entwicklung|carriere|carrera|carreira|carriera|loopbaan",
    "review": "review|beurteilung|mitarbeitergesprach|entretien annuel|evaluation|evaluacion|avaliacao|valutazione"
    "|beoordeling",
    "status": "status|usual|normal|statut|estado|stato",
}
_SESSION = re.compile(
    r"(?:agenda|tagesordnung|ordre du jour|orden del dia)\s+(?:(?:for|with|fur|mit|pour|avec|para|con|de|voor)\s+)?"
    rf"(?P<name>\S.*?)[\s,:]+(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in _SESSIONS.items())})"
)
_MAX_LINE = 300
_LONGEST_NAME = 3


def read(line: str, context: Context) -> Command | None:
    """Return what such a line says, None where it is another one. The verb is `check-in` or `agenda`."""
    text = line[bullet(line) :].strip()
    folded = fold(text)
    if len(text) > _MAX_LINE:
        return None
    session = _SESSION.fullmatch(folded)
    if session and (context.named(session["name"]) or len(session["name"].split()) == 1):
        kind = next(kind for kind in _SESSIONS if session[kind])
        return Command("agenda", names=(text[session.start("name") : session.end("name")],), text=kind)
    when, words = _dated(text, context)
    for said in dict.fromkeys((words, text)):
        begins = _BEGINS.match(fold(said))
        if begins is None:
            continue
        name, rest = _name(said[begins.end() :], context)
        if when is None and name:
            when, left = _dated(rest, context)  # "avec Luc vendredi": the name hid the day
            words = said.replace(rest, left).strip() if when is not None and rest else words
        if begins["lead"] is not None or (when is not None and context.named(name)):
            return Command("check-in", names=(name,) if name else (), when=when, text=words)
    return None


def mentioned(words: str, context: Context) -> str:
    """Return the name among these words by which one other person is known; "" where there is none, or are several."""
    parts = words.split()
    found: dict[str, str] = {}
    for place in range(len(parts)):
        for size in range(_LONGEST_NAME, 0, -1):
            name = " ".join(parts[place : place + size]).strip(" ,.;:!?()")
            who = context.named(name)
            if who not in ("", context.me):
                found.setdefault(who, name)
    return next(iter(found.values())) if len(found) == 1 else ""


def _dated(text: str, context: Context) -> tuple[Moment, str]:
    """The day that a line names, and the words without it."""
    found = dues(text, context)
    return (found[0].value, without(text, found[0].start, found[0].end)) if found else (None, text)


def _name(words: str, context: Context) -> tuple[str, str]:
    """The name that the words begin with, and what stands behind it.

    As far as somebody is known by it, else the first word where it looks like a name; "" where neither is so.
    """
    parts = words.split()
    for size in range(min(_LONGEST_NAME, len(parts)), 0, -1):
        name = " ".join(parts[:size]).strip(" ,.;:!")
        if context.named(name):
            return name, " ".join(parts[size:])
    if parts and parts[0][:1].isupper():
        return parts[0].strip(" ,.;:!"), " ".join(parts[1:])
    known = mentioned(words, context)
    return (known, "") if known else ("", words)
