"""Cutting a date out of a sentence: which one is a deadline, and what remains of the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from worker.model import Ask
from worker.replies import dates
from worker.replies.context import Context, Moment
from worker.replies.text import fold

_MAX = 400

# What stands right before a deadline, in every language; weak ones only name a day.
_STRONG = (
    r"no later than|not later than|by the latest|latest by|at the latest|latest|due (?:date|on|by)|due|deadline"
    r"|before|by|until|till"
    r"|spatestens(?: bis)?(?: zum| am)?|bis (?:spatestens )?(?:zum|zur)|bis spatestens|bis|fallig (?:am|bis)|fallig"
    r"|frist|vor dem|vor"
    r"|au plus tard (?:le|a|en)|au plus tard|d'ici (?:le|la|a|au)|d'ici|avant (?:le|la|les)|avant|pour (?:le|la)|pour"
    r"|jusqu'(?:au|a la|a)|echeance|a mas tardar (?:el|a)|a mas tardar|antes del?|antes de la|para (?:el|la|este)"
    r"|para|hasta (?:el|la)|hasta"
    r"|fecha limite|ate (?:o|a|ao)|ate|no mais tardar|o mais tardar|entro (?:il|la|l')|entro|per (?:il|la)|per"
    r"|prima (?:di|del|della)|al piu tardi"
    r"|uiterlijk(?: op)?|tegen|voor|vanaf|tot"
)
_WEAK = r"on the|on|this coming|at|am|an|zum|im|in|le|el|la|il|op|em|no|na|the|der|den|dem|in der"
_STRONG_END = re.compile(rf"(?:^|[\s,(;:\[])(?:{_STRONG})[\s:]*$")
_WEAK_END = re.compile(rf"(?:^|[\s,(;:\[])(?:{_WEAK})[\s:]*$")
_STRONG_START = re.compile(rf"(?:{_STRONG})\b")
_LATEST = re.compile(
    r"[\s,]*(?:at the latest|the latest|latest|spatestens|au plus tard|a mas tardar|al piu tardi|uiterlijk)\b"
)
_NOT_A_DATE = re.compile(
    r"(?:from|since|seit|ab|depuis|desde|dal|sinds|last|of|(?<!how )(?<!what )about|uber|vom|du|del|than)\s*$"
)


_QUARTER = re.compile(r"\b[QTqt][1-4]\b")


_SINCE = re.compile(r"(?:since|seit|depuis|desde|dal|sinds)\b")


@dataclass(frozen=True, slots=True)
class Due:
    """A date in a sentence. `start` and `end` include the words that introduce it.

    `strong` says that they make it a deadline ("by", "bis"); `trailing` that nothing but punctuation follows;
    `bracketed` that it stands in brackets of its own.
    """

    value: Moment
    phrase: str
    start: int
    end: int
    strong: bool
    trailing: bool
    bracketed: bool

    @property
    def day(self) -> date | None:
        """The day, where it is settled."""
        if isinstance(self.value, datetime):
            return self.value.date()
        return self.value if isinstance(self.value, date) else None

    @property
    def ask(self) -> Ask | None:
        """What must be settled, where it must."""
        return self.value if isinstance(self.value, Ask) else None


def dues(text: str, context: Context) -> list[Due]:
    """Every date of a sentence, with the words that introduce it."""
    if len(text) > _MAX or not text:
        return []
    folded = fold(text)
    found: list[Due] = []
    for item in _dates(text, context):
        start, end = item.start, item.end
        before = folded[:start]
        strong = bool(_STRONG_START.match(folded, start))
        cue = _STRONG_END.search(before) or _WEAK_END.search(before)
        if cue:
            strong = strong or bool(_STRONG_END.search(before))
            start = _after_space(folded, cue.start())
        value = _settled(item.value, item.phrase, context) if strong else item.value
        latest = _LATEST.match(folded, end)
        if latest:
            strong, end = True, latest.end()
        if _SINCE.match(folded, start) or (not strong and _NOT_A_DATE.search(folded[:start])):
            continue
        bracketed = folded[:start].rstrip().endswith(("(", "[")) and folded[end:].lstrip()[:1] in {")", "]"}
        if bracketed:
            start = len(folded[:start].rstrip()) - 1
            end += len(folded[end:]) - len(folded[end:].lstrip()) + 1
        trailing = not folded[end:].strip(" .,;:!)]")
        found.append(Due(value, text[item.start : item.end], start, end, strong, trailing, bracketed))
    return found


def _dates(text: str, context: Context) -> Sequence[dates.Found]:
    """The dates of a sentence; the quarter in "the Q3 plan by Friday" is none, and must not spoil the one beside it."""
    found = context.find(text)
    if any(isinstance(item.value, date) for item in found) or not _QUARTER.search(text):
        return found
    masked = context.find(_QUARTER.sub("zz", text))
    return masked if masked and any(_QUARTER.search(item.phrase) for item in found) else found


def _settled(value: Moment, phrase: str, context: Context) -> Moment:
    """As in "Until" and "before" leave a meeting open, but a deadline not: the day they name is it."""
    if not isinstance(value, Ask):
        return value
    head = _STRONG_START.match(fold(phrase))
    plain = context.when(phrase[head.end() :].strip()) if head and phrase[head.end() :].strip() else None
    return plain if isinstance(plain, date) else value


def until(phrase: str, context: Context) -> Moment:
    """The day that bounds something: of "until 10 January" the tenth."""
    value = context.when(phrase)
    return _settled(value, phrase, context)


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " ,(;:[-" and text[at] not in "([":
        at += 1
    return at


def deadline(text: str, context: Context) -> Due | None:
    """The one date that is a deadline: introduced as one, in brackets, or at the end. None where there is not one."""
    found = dues(text, context)
    for wanted in ([item for item in found if item.strong], [item for item in found if item.bracketed]):
        if len(wanted) == 1:
            return wanted[0]
        if wanted:
            return wanted[-1] if wanted[-1].trailing else None
    last = found[-1] if found else None
    return last if last and last.trailing else None


def without(text: str, start: int, end: int) -> str:
    """The text with this stretch cut out, and the punctuation tidied where it was."""
    before, after = text[:start].rstrip(" ,;:-–—("), text[end:].lstrip(" ,;:-–—)")
    joined = f"{before} {after}" if before and after and after[0] not in ".!?" else before + after
    return joined.strip(" ,;:-–—").strip()
