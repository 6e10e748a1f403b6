"""Acts that carry a date or words: "2 by Friday", "3: half way", "moved to Friday", "pause until 10 January"."""

from __future__ import annotations

import re

from worker.model import Ask, Command
from worker.replies import verbs
from worker.replies.acts import Acts, checked, only
from worker.replies.context import Context, Moment
from worker.replies.due import dues, until, without
from worker.replies.text import fold, key, words_of
from worker.replies.verbs import Verb

_BY = re.compile(
    r"(?:(?:move|postpone|push|change|set|verschiebe|verschieben|reporter|repousser|mover|aplazar|posponer|keep"
    r"|spostare|"
    r"verplaats)\s+)?#?(?:item |punkt |point |punto )?(\d{1,2}(?:\s*(?:,|and|und|et|y|e|en|&|\+)\s*\d{1,2}){0,8})"
    r"\s*(?:[:=)\-]>?|by|due|until|till|to|on|for|is due|bis|auf|am|fallig|zum|pour|avant|d'ici|au|le|jusqu'au|a|para|"
    r"antes del|antes de|hasta|al|el|por|ate|entro|per|tot|op|voor|->|→)\s+(\S.*)"
)
_PROGRESS = re.compile(r"#?(\d{1,2})\s*:\s+(\S.*)", re.DOTALL)
_PAUSE = re.compile(r"(?:please )?(?:pause|pausieren|pausiere|pausar|pausa|pauzeer|pauzeren)\b\s*[:,]?\s*(.*)")
_REMIND = re.compile(
    r"(?:please |bitte |por favor )?(?:remind me|erinnere? mich|rappelle[ -]moi|rappelez[ -]moi|recuerdame|recuerdeme|"
    r"lembr[ae][ -]me|me lembr[ae]|ricordami|herinner me)\b[ ,:]*(.*)",
    re.DOTALL,
)
# What joins "remind me" to the thing itself, once the day between them is cut out.
_THAT = re.compile(
    r"(?:to|that|about|of|daran|dass|an|zu|de|que|di|che|eraan om|eraan|aan|om)\b[ ,:]*|d'", re.IGNORECASE
)
_MOVED_TO = re.compile(r"\s+(?:to|auf den|auf|zu|a|au|al|para el|para|naar|op|for|on|until|bis|vers)\s+")


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers in a short list of handles."""
    return tuple(int(number) for number in re.findall(r"\d{1,2}", text))


def progress(text: str, context: Context) -> Acts | None:
    """As in "2: Friday" is a new date for item 2, "3: first draft is out" is progress on it."""
    match = _PROGRESS.fullmatch(text)
    if not match:
        return None
    number = int(match[1])
    # With no numbers in the mail, a number and a colon is too weak a sign.
    if not context.items:
        return None
    value = match[2].strip()
    verb = verbs.handles().get(key(value))
    if verb:
        return checked([Command(verb, (number,))], text, context)
    day = dated(value, context)
    if day is not None:
        return checked([Command(Verb.BY, (number,), when=day, text=value)], text, context)
    return checked([Command(Verb.PROGRESS, (number,), text=value)], text, context)


def dated_acts(text: str, context: Context) -> Acts | None:
    """As in "2 by Friday", "moved to Friday", "pause until 10 January", "remind me on Friday"."""
    folded = fold(text)
    match = _BY.fullmatch(folded.rstrip(" .!"))
    if match:
        phrase = text[match.start(2) : match.end(2)]
        day = dated(phrase, context)
        if day is not None:
            return checked([Command(Verb.BY, numbers_in(match[1]), when=day, text=phrase)], text, context)
    return moved(text, folded, context) or _paused(text, folded, context) or _reminded(text, folded, context)


def moved(text: str, folded: str, context: Context) -> Acts | None:
    """As in "moved to Friday": the meeting took or takes place on another day."""
    for match in _MOVED_TO.finditer(folded[:80]):
        if verbs.exact().get(key(folded[: match.start()])) is Verb.MOVED:
            phrase = text[match.end() :]
            day = dated(phrase, context)
            if day is not None:
                return only(Command(Verb.MOVED, when=day, text=phrase))
    return None


def _paused(text: str, folded: str, context: Context) -> Acts | None:
    match = _PAUSE.fullmatch(folded.rstrip(" .!"))
    if not match:
        return None
    phrase = text[match.start(1) : match.end(1)]
    if not phrase:
        return only(Command(Verb.PAUSE))
    day = dated(phrase, context)
    return only(Command(Verb.PAUSE, when=day, text=phrase)) if day is not None else None


def _reminded(text: str, folded: str, context: Context) -> Acts | None:
    match = _REMIND.fullmatch(folded.rstrip())
    if not match:
        return None
    rest = text[match.start(1) : match.end(1)].strip()
    day = dated(rest, context)
    if day is None:
        found = [item for item in dues(rest, context) if item.ask is None or item.ask.candidates]
        if len(found) == 1:
            day, rest = found[0].value, without(rest, found[0].start, found[0].end)
    joined = _THAT.match(rest)
    return only(Command(Verb.REMIND, when=day, text=(rest[joined.end() :] if joined else rest) or rest))


def dated(phrase: str, context: Context) -> Moment:
    """The date of a phrase that is nothing but a date; None where it holds other words or no date."""
    text = phrase.strip().strip(".!,;()")
    if not text or len(text) > 120:
        return None
    for found in context.find(text):
        rest = (text[: found.start] + " " + text[found.end :]).split()
        if all(key(word) in _FILLERS or not key(word) for word in rest):
            return until(found.phrase, context) if isinstance(found.value, Ask) else found.value
    return None


_FILLERS = words_of(
    """by until till on at due the for to please thanks pls then again about around bis zum am um den der die bitte
    auf spatestens pour avant d'ici le la au a vers jusqu'au svp plus tard para el antes del de hasta por favor
    mas tardar entro il per em no na ate tot op voor uiterlijk om is ok instead works fine rather better not
    later than latest eod cob same place time usual as well in it's it is let's say dann wieder lieber plutot
    mejor okay yes ja oui si"""
)
