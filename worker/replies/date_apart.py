"""Telling apart what looks alike: a number that is a day or an hour, a short name that is a weekday or another word."""

from __future__ import annotations

from collections.abc import Sequence

from worker.replies.date_chunks import Grammar
from worker.replies.date_readings import Parts
from worker.replies.date_row import Chunk
from worker.replies.date_times import Clock
from worker.replies.date_tokens import Token
from worker.replies.words import Table

_NOON, _LAST_HOUR = 12, 24
# Languages whose people write no date with a dash and without a year.
_TIMES_DASHED = frozenset({"en", "de", "fr"})
_FEW_WORDS = 3
# The value of `verb` for a short name that is first of all another word.
_ALONE = "alone"
# The value for one that is the past of a verb before company: "Sat with Jan".
_PAST = "past"


def told_apart(found: Parts, grammar: Grammar) -> None:
    """Decide for each bare number whether it can be a day or an hour; what can be neither explains nothing."""
    kept: list[Chunk] = []
    skipped = -1
    for chunk in found.chunks:
        before = kept[-1] if kept else None
        if chunk.first == skipped:
            continue
        ranged = _bare_range(chunk, found, grammar) if before else None
        if ranged:
            found.clocks.append(ranged)
            skipped = chunk.last + 1
            continue
        adjacent = before is not None and before.last >= chunk.first - 1
        if chunk.kind != "bare" or (
            before is not None and adjacent and before.kind == "weekday" and not (before.changed and chunk.number <= 12)
        ):
            kept.append(chunk)
        elif before is not None and adjacent and before.kind != "refused" and not found.clocks and chunk.number < 24:
            found.clocks.append(Clock(chunk.first, chunk.last, ((chunk.number, 0),), bare=True))
        else:
            found.unknown.append(chunk.first)
    found.chunks = [chunk for chunk in kept if _meant(chunk, found, grammar.tokens, grammar.table)]


def _bare_range(chunk: Chunk, found: Parts, grammar: Grammar) -> Clock | None:
    """Return the start of "10-11" behind a day; where a dash may make a date of it, it is asked."""
    if chunk.kind != "bare" or found.clocks:
        return None
    at, tokens = chunk.last, grammar.tokens
    if at + 1 >= len(tokens) or tokens[at].text != "-" or tokens[at + 1].kind != "number":
        return None
    end = tokens[at + 1].numbers[0]
    if chunk.number > _LAST_HOUR or end > _LAST_HOUR or (chunk.number >= end and chunk.number > _NOON):
        return None
    dated = grammar.table.language not in _TIMES_DASHED and end <= _NOON
    return Clock(chunk.first, at + 2, ((chunk.number, 0),), bare=True, asked=dated)


def _meant(chunk: Chunk, found: Parts, tokens: Sequence[Token], table: Table) -> bool:
    """Whether a short name of a weekday is one: "So machen wir das" and "Sat down" are none.

    It needs a date, a time or a preposition beside it, unless it makes up most of the phrase.
    """
    if chunk.kind == "number" and chunk.first == 0 and chunk.last == len(tokens) and tokens[0].kind == "number":
        # "1." alone is an item of a list.
        return False
    if (
        chunk.kind != "weekday"
        or chunk.changed
        or not any(token.has("verb") for token in tokens[chunk.first : chunk.last])
    ):
        return True
    near = range(chunk.first - 2, chunk.last + 2)
    if any(other is not chunk and (other.first in near or other.last - 1 in near) for other in found.chunks):
        return True
    if any(clock.first in near or clock.last - 1 in near for clock in found.clocks):
        return True
    before, after = chunk.first - 1, chunk.last
    if table.language == "pt" and after < len(tokens) and tokens[after].has("cue"):
        # "A segunda reunião" is the second one.
        return False
    # English puts no article before a weekday: "the sun is out".
    naming = ("on", "by", "day_mark") if table.language == "en" else ("on", "by", "article", "day_mark")
    if before >= 0 and any(tokens[before].has(kind) for kind in naming):
        return True
    if after < len(tokens) and tokens[after].has("daypart"):
        return True
    if after < len(tokens) and tokens[after].has("with") and tokens[chunk.first].meanings.get("verb") == _PAST:
        return False
    words = sum(token.kind == "word" for token in tokens)
    if any(token.meanings.get("verb") == _ALONE for token in tokens[chunk.first : chunk.last]):
        # "So passt es" and "zo doen we het" are as short as a phrase with a Sunday.
        return words == 1
    return words <= _FEW_WORDS
