"""What must be refused before a day is taken: negations, alternatives, rules, vague words, open ends."""

from __future__ import annotations

from collections.abc import Sequence

from worker.model.reasons import AskReason
from worker.replies.date_chunks import Grammar
from worker.replies.date_readings import REFUSING, Parts
from worker.replies.date_row import Chunk
from worker.replies.date_tokens import Token

_LONGEST_PREFIX = 3
# The article before a bare weekday that makes it each of them.
_EVERY_ONE = {"fr": ("le",), "it": ("il",)}
_NOT_A_DAY = ("after", "before", "until", "since", "from")


def refusal(found: Parts, grammar: Grammar) -> AskReason | None:
    """Return why a phrase must be asked about whatever its days are."""
    for kind, reason in REFUSING:
        if kind in found.kinds and (kind != "approximate" or _approximate(found, grammar)):
            return reason
    if "absence" in found.kinds and not ({"after", "back"} & set(found.kinds)):
        return AskReason.VAGUE
    for chunk in found.chunks:
        reason_of_chunk = _beside(chunk, found, grammar)
        if reason_of_chunk:
            return reason_of_chunk
    for clock in found.clocks:
        before = grammar.tokens[clock.first - 1] if clock.first else None
        open_end = () if clock.ranged else ("after", "before", "since", "from")
        if before and not (before.has("by") or before.has("of")) and any(before.has(kind) for kind in open_end):
            return AskReason.VAGUE
    return None


def _approximate(found: Parts, grammar: Grammar) -> bool:
    """Whether a word that can mean "roughly" does: it stands at a date or time, or it means nothing else."""
    begins = {chunk.first for chunk in found.chunks} | {clock.first for clock in found.clocks}
    for place, token in enumerate(grammar.tokens):
        if token.has("approximate") and (not token.has("topic") or {place + 1, place + 2} & begins):
            return True
    return False


def _beside(chunk: Chunk, found: Parts, grammar: Grammar) -> AskReason | None:
    """Return why the words right before or behind a chunk make it no day: after Friday, for two weeks, from 3 Dec."""
    tokens, before = grammar.tokens, chunk.first - 1
    for _ in range(_LONGEST_PREFIX):
        if before >= 0 and any(tokens[before].has(kind) for kind in ("article", "day_word", "on")):
            before -= 1
    if chunk.kind == "span" and _open_ended(chunk, found, tokens):
        return AskReason.VAGUE
    if chunk.kind == "weekday" and _any_of_them(chunk, found, grammar):
        return AskReason.VAGUE
    if before < 0:
        return None
    word = tokens[before]
    if chunk.kind == "span" and not chunk.led and word.has("during"):
        return AskReason.VAGUE
    if any(other.first <= before < other.last for other in found.chunks):
        return None
    if word.has("next") and chunk.first == before + 1 and chunk.kind in {"weekday", "within"}:
        return AskReason.VAGUE
    if word.has("by") or (word.has("of") and word.has("from")):
        return None
    if not any(word.has(kind) for kind in _NOT_A_DAY):
        return None
    if chunk.kind != "span" and any(other.kind == "span" and other.last == before for other in found.chunks):
        return None
    return AskReason.PAST if chunk.kind == "span" and word.has("before") else AskReason.VAGUE


def _any_of_them(chunk: Chunk, found: Parts, grammar: Grammar) -> bool:
    """Whether an article makes a weekday no certain one: "a Tuesday", "un mardi"; "le lundi" may be every Monday."""
    place = chunk.first - 1
    if place < 0 or chunk.changed or len(found.chunks) > 1:
        return False
    word = grammar.tokens[place]
    one = word.kind == "word" and word.meanings.get("number") == 1
    if one and not any(clock.first <= place < clock.last for clock in found.clocks):
        return True
    return word.text in _EVERY_ONE.get(grammar.table.language, ()) and not found.clocks


def _open_ended(chunk: Chunk, found: Parts, tokens: Sequence[Token]) -> bool:
    """Whether a length of time is counted from something that is no date: "two weeks after the launch"."""
    if chunk.last >= len(tokens) or not (tokens[chunk.last].has("after") or tokens[chunk.last].has("before")):
        return False
    return not any(chunk.last < other.first <= chunk.last + _LONGEST_PREFIX for other in found.chunks)
