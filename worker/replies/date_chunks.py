"""The grammar over typed tokens: which runs of tokens name a day, a weekday, a period or a length of time.

Each rule looks at one place and returns a chunk with every reading that it allows, or nothing; the longest chunk
wins. `sure` grades a chunk: 2 for a day that is written out, 1 for one that is said plainly, 0 for what other words
could be (a bare weekday, a number of a day, 12/1).
"""

from __future__ import annotations

from collections.abc import Callable

from worker.replies.date_periods import end_of, month_alone, nth, period
from worker.replies.date_row import Chunk, Row
from worker.replies.date_spans import relative, span, weekday
from worker.replies.date_written import day_number, numeric, written


class Grammar(Row):
    """All rules over one row of tokens."""

    __slots__ = ()

    def chunk_at(self, place: int) -> Chunk | None:
        """Return the longest chunk that begins here; of two of the same length the first rule's."""
        best: Chunk | None = None
        token = self.tokens[place]
        for first, rule in _RULES:
            if token.kind in _DIGITS or not first.isdisjoint(token.meanings):
                found = rule(self, place)
                if found and (best is None or found.last > best.last):
                    best = found
        return best


def _week_number(row: Grammar, place: int) -> Chunk | None:
    """Read "KW 50", "week 50", "Q1", "week of 7 Dec": never a day."""
    if (row.has(place, "week_number") or row.has(place, "quarter_name")) and row.integer(place + 1):
        return Chunk("refused", place, place + 2, int(row.has(place, "week_number")))
    if row.has(place, "week_of"):
        inner = row.chunk_at(place + 1) if place + 1 < len(row.tokens) and not row.has(place + 1, "week_of") else None
        return Chunk("refused", place, inner.last if inner else place + 1, 1, inner.options if inner else ())
    if row.has(place, "weekend"):
        return Chunk("refused", place, place + 1, 0)
    return None


_DIGITS = frozenset({"number", "ordinal", "iso", "date3", "pair"})
_PERIODS = {"article", "of", "next", "coming", "after_next", "this", "unit"}
# Each rule with the kinds that it can begin with, so that most words cost one look-up; digits are tried by all.
_RULES: tuple[tuple[frozenset[str], Callable[[Grammar, int], Chunk | None]], ...] = tuple(
    (frozenset(first), rule)
    for first, rule in (
        (set(), numeric),
        ({"day_mark", "article", "month", "ordinal", "number"}, written),
        ({"article", "ordinal", "last"}, nth),
        ({"end_of", "start", "middle", "end"}, end_of),
        (_PERIODS, period),
        ({"in", "article", "number", "unit"}, span),
        ({"weekday", "next", "coming", "this", "after_next", "last"}, weekday),
        ({"day"}, relative),
        ({"day_mark", "ordinal"}, day_number),
        ({"week_number", "quarter_name", "week_of", "weekend"}, _week_number),
        ({"month"}, month_alone),
    )
)
