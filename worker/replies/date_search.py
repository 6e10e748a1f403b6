"""Dates inside prose: where in a sentence one stands, precision before recall.

In prose "Sat", "May" and "the second" are usually no dates: what could be another word needs a preposition before it
or stands by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from worker.replies.date_chunks import Grammar
from worker.replies.date_row import Chunk
from worker.replies.date_times import clock_at
from worker.replies.date_tokens import Token

_LEADING = ("by", "on", "until", "before", "after", "since", "in", "at", "from", "article", "day_mark", "day_word",
            "negation", "unsure", "approximate", "every", "rule", "or", "between", "during", "and", "to")  # fmt: skip
_LINKING = frozenset({*_LEADING, "of", "daypart", "or", "and", "to", "later", "past", "from_now", "rule"})
_NAMING = ("by", "on", "until", "before", "after", "day_mark")
_NAMES = frozenset({"sam", "dom", "mar"})
_GAP = 3
_NOON = 12
_LONGEST_LEAD = 4
_MOST_CHUNKS = 40
_MOST_TRIED = 400

Span = tuple[int, int]


def spans_of(text: str, grammar: Grammar) -> list[Span]:
    """Return the first and last place of every run of tokens that names a date, in order, never overlapping."""
    tokens = grammar.tokens
    runs: list[list[Chunk]] = []
    times: list[Span] = []
    place = 0
    tried = 0
    while place < len(tokens) and tried < _MOST_TRIED:
        token = tokens[place]
        if token.kind == "other" or (token.kind == "word" and not token.meanings) or _verb(text, tokens, place):
            place += 1
            continue
        tried += 1
        chunk, clock = grammar.chunk_at(place), clock_at(tokens, place)
        if clock and (not chunk or clock.last > chunk.last or chunk.kind == "bare"):
            times.append((clock.first, clock.last))
            place = clock.last
        elif chunk and (chunk.kind != "bare" or _numbers_weekday(grammar, chunk, runs)):
            if runs and len(runs[-1]) < _MOST_CHUNKS and _together(text, tokens, runs[-1][-1].last, chunk.first, times):
                runs[-1].append(chunk)
            else:
                runs.append([chunk])
            place = chunk.last
        else:
            place += 1
    found: list[Span] = []
    for run in runs:
        if _plain(text, grammar, run, times):
            first, last = _grown(text, grammar, run, times)
            if run[-1].kind == "bare" and not grammar.table.dotted and tokens[last - 1].text == ".":
                # The full stop ends the sentence.
                last -= 1
            # A half of a day ("di" + "middag") may be taken by the run before: no word is read twice.
            if not found or first >= found[-1][1]:
                found.append((first, last))
    return found


def _numbers_weekday(grammar: Grammar, chunk: Chunk, runs: Sequence[Sequence[Chunk]]) -> bool:
    """Whether a bare number is the day of the month behind its weekday: "mercredi 2", "el miércoles 2"."""
    before = runs[-1][-1] if runs else None
    if before is None or before.kind != "weekday" or before.last != chunk.first:
        return False
    if grammar.table.bare_day:
        return True
    # Elsewhere a number behind a weekday counts where it is no hour, and a time or nothing follows: "Tue 24 at 2pm".
    tokens, after = grammar.tokens, chunk.last
    marks = {".", ",", ")", "!", ";"}
    # The number may have taken the full stop behind it along.
    closed = after >= len(tokens) or tokens[after - 1].text == "." or tokens[after].text in marks
    closed = closed or tokens[after].has("at")
    return closed and chunk.number > _NOON


def _together(text: str, tokens: Sequence[Token], last: int, first: int, times: Sequence[Span]) -> bool:
    """Whether two chunks belong to one phrase: nothing but links, commas, brackets and times stands between them."""
    for begin, end in reversed(times[-_GAP:]):
        if last <= begin and end <= first:
            first = begin if end == first or not tokens[end:first] else first
    between = tokens[last:first]
    if len(between) > _GAP or "\n" in text[tokens[last - 1].end : tokens[first].start if first < len(tokens) else None]:
        return False
    if any(token.has("topic") and not token.has("by") for token in between):
        return False
    return all(token.text in {",", "(", ")", "-", "/"} or _LINKING & token.meanings.keys() for token in between)


def _verb(text: str, tokens: Sequence[Token], place: int) -> bool:
    """Whether a short name of a weekday is a word of the sentence: "we sat on Monday", not "sat 10am"."""
    token = tokens[place]
    if not (token.has("verb") and token.has("weekday")) or not text[token.start].islower():
        return False
    named = place > 0 and any(tokens[place - 1].has(kind) for kind in (*_NAMING, "next", "coming", "this"))
    return not named and not (place + 1 < len(tokens) and tokens[place + 1].numbers)


def _plain(text: str, grammar: Grammar, run: Sequence[Chunk], times: Sequence[Span]) -> bool:
    """Whether a run of chunks is a date also to somebody who reads the whole sentence."""
    tokens = grammar.tokens
    if any(chunk.sure >= 2 or (chunk.kind == "exact" and chunk.sure) for chunk in run):
        return True
    pairs = all(chunk.kind == "exact" for chunk in run)
    if len(run) > 1 and not pairs and any(chunk.kind != "within" or chunk.options for chunk in run):
        return True
    chunk = run[0]
    named = chunk.first > 0 and any(tokens[chunk.first - 1].has(kind) for kind in _NAMING)
    if chunk.kind == "span":
        return chunk.led or _back(tokens, chunk)
    if chunk.kind == "refused":
        return chunk.sure > 0
    if chunk.kind == "within" and chunk.options:
        return True
    timed = any(begin == chunk.last or end == chunk.first for begin, end in times)
    if chunk.kind == "number":
        digits = any(token.numbers for token in tokens[chunk.first : chunk.last])
        article = chunk.first > 1 and tokens[chunk.first - 1].has("article")
        named = named or (article and any(tokens[chunk.first - 2].has(kind) for kind in _NAMING))
        return digits and (named or timed)
    return chunk.changed or named or timed or _alone(text, tokens, chunk)


def _back(tokens: Sequence[Token], chunk: Chunk) -> bool:
    """Whether a length of time is counted from a day that follows: "two weeks from Tuesday"."""
    return chunk.last < len(tokens) and tokens[chunk.last].has("from_now")


def _alone(text: str, tokens: Sequence[Token], chunk: Chunk) -> bool:
    """Whether a chunk that could be a name stands at an end of the text or between marks, in full."""
    within = chunk.first > 0 and tokens[chunk.first - 1].text == "(" and chunk.last < len(tokens)
    if within and tokens[chunk.last].text == ")" and chunk.kind == "weekday":
        # "Contract to legal (Mon)"; "(Sam)" may be who does it.
        return tokens[chunk.first].text not in _NAMES
    if any(token.has("verb") for token in tokens[chunk.first : chunk.last]):
        return False
    begins = chunk.first == 0 or tokens[chunk.first - 1].text in {",", "(", "-", ":"}
    ends = chunk.last >= len(tokens) or tokens[chunk.last].text in {",", ")", ".", ";", "-", "!"}
    return (begins or ends) and bool(text)


def _grown(text: str, grammar: Grammar, run: Sequence[Chunk], times: Sequence[Span]) -> Span:
    """Return the places of a run with the prepositions before it and the times beside it."""
    tokens = grammar.tokens
    first, last = run[0].first, run[-1].last
    changed = True
    while changed:
        changed = False
        for begin, end in times:
            if end <= first and _bridged(text, tokens, end, first):
                first, changed = begin, True
            if begin >= last and _bridged(text, tokens, last, begin):
                last, changed = end, True
        while last < len(tokens) and (tokens[last].has("daypart") or tokens[last].has("from_now")):
            if "\n" in text[tokens[last - 1].end : tokens[last].start]:
                break
            last, changed = last + 1, True
    floor = max(0, first - _LONGEST_LEAD)
    while first > floor and any(tokens[first - 1].has(kind) for kind in _LEADING):
        if "\n" in text[tokens[first - 1].end : tokens[first].start]:
            break
        first -= 1
    while first < run[0].first and _dangling(tokens, first, run[0].first):
        first += 1
    return first, last


def _dangling(tokens: Sequence[Token], place: int, first: int) -> bool:
    """Whether a word before a date belongs to the sentence: "and by Friday", German "das bis Freitag"."""
    token = tokens[place]
    if token.has("by"):
        return False
    return any(token.has(kind) for kind in ("and", "or", "to")) or (token.has("article") and place + 1 < first)


def _bridged(text: str, tokens: Sequence[Token], last: int, first: int) -> bool:
    """Whether only a link or a comma stands between two places of one line."""
    between = tokens[last:first]
    if first >= len(tokens) or last == 0 or "\n" in text[tokens[last - 1].end : tokens[first].start]:
        return False
    return len(between) <= 1 and all(token.text == "," or _LINKING & token.meanings.keys() for token in between)
