"""From chunks to one answer: what several chunks mean together, what must be refused, and what must be asked.

Every chunk is a set of days or a condition on them; together they mean the days that satisfy all. Nothing is
preferred: where more than one day is left, it is asked with all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from worker.model.reasons import AskReason
from worker.replies import date_days as days
from worker.replies.date_chunks import Grammar
from worker.replies.date_days import Option
from worker.replies.date_row import Chunk
from worker.replies.date_times import Clock, clock_at
from worker.replies.date_tokens import Token

TYPE_CHECKING = False

_WEEK = 7
_SILENT = frozenset(
    [
        "filler",
        "article",
        "of",
        "on",
        "in",
        "at",
        "by",
        "and",
        "cue",
        "topic",
        "with",
        "to",
        "from",
        "end_of",
        "daypart",
        "day_word",
        "day_mark",
        "from_now",
        "oclock",
        "back",
        "coming",
        "this",
        "until",
        "after",
        "before",
        "since",
        "during",
        "am",
        "pm",
    ]
)
REFUSING = (
    ("negation", AskReason.NEGATED),
    ("none", AskReason.NEGATED),
    ("rule", AskReason.RULE),
    ("past", AskReason.PAST),
    ("between", AskReason.SEVERAL),
    ("or", AskReason.SEVERAL),
    ("vague", AskReason.VAGUE),
    ("later", AskReason.VAGUE),
    ("unsure", AskReason.VAGUE),
    ("approximate", AskReason.VAGUE),
    ("start", AskReason.VAGUE),
    ("middle", AskReason.VAGUE),
    ("half", AskReason.VAGUE),
    # Half of an hour that nobody named.
    ("half_to", AskReason.VAGUE),
    ("half_past", AskReason.VAGUE),
    ("half_bare", AskReason.VAGUE),
    ("quarter_past", AskReason.VAGUE),
    ("quarter_to", AskReason.VAGUE),
)
_EXPLAINING = frozenset(
    {*_SILENT, *(kind for kind, _ in REFUSING), "absence", "none", "past_verb", "next", "zone_word"}
)


class Parts:
    """What one reading of a row of tokens found; `unknown` are the places of words that nothing explains."""

    __slots__ = ("chunks", "clocks", "half", "kinds", "unknown")

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.clocks: list[Clock] = []
        self.kinds: dict[str, int] = {}
        self.unknown: list[int] = []
        self.half = ""


def parts_of(grammar: Grammar) -> Parts:
    """Cut tokens into chunks, times, marking words and unknown words."""
    tokens, found, place = grammar.tokens, Parts(), 0
    while place < len(tokens):
        chunk, clock = grammar.chunk_at(place), clock_at(tokens, place)
        if chunk and clock and _is_time(chunk, clock):
            chunk = None
        if chunk and _is_daypart(tokens, chunk, found):
            chunk = None
        if chunk:
            found.chunks.append(chunk)
            for token in tokens[chunk.first : chunk.last]:
                # "Donnerstagnachmittag" and "tonight" name the half of the day too; "morgen" alone does not.
                if token.has("daypart") and (token.has("weekday") or token.meanings.get("day") == 0):
                    found.half = str(token.meanings["daypart"])
            place = chunk.last
        elif clock:
            found.clocks.append(clock)
            place = clock.last
        else:
            _note(tokens[place], place, found, assent=_assents(tokens, place))
            place += 1
    return found


def _is_time(chunk: Chunk, clock: Clock) -> bool:
    """Whether a run that could be a day or a time is a time: the longer one, or the one that can be."""
    if clock.last != chunk.last:
        return clock.last > chunk.last
    return chunk.kind == "bare" or all(option.problem is AskReason.IMPOSSIBLE for option in chunk.options)


def _is_daypart(tokens: Sequence[Token], chunk: Chunk, found: Parts) -> bool:
    """Whether a word for tomorrow means the morning here: "Donnerstag morgen", "el jueves mañana"."""
    token = tokens[chunk.first]
    if chunk.last != chunk.first + 1 or not (token.has("day") and token.has("daypart")):
        return False
    return bool(found.chunks) and found.chunks[-1].last == chunk.first and found.chunks[-1].kind != "span"


def _assents(tokens: Sequence[Token], place: int) -> bool:
    """Whether "si" is a yes: "sí, jueves" without its accent; as a condition it has words behind it."""
    return tokens[place].text == "si" and place + 1 < len(tokens) and tokens[place + 1].text in {",", ".", "!"}


def _note(token: Token, place: int, found: Parts, *, assent: bool) -> None:
    """Keep what a single token outside every chunk says."""
    if token.has("daypart"):
        found.half = str(token.meanings["daypart"])
    if assent:
        return
    for kind in token.meanings:
        # "Après", "dopo" and "depois" are "later" only where nothing follows.
        if kind != "later" or not token.has("after"):
            found.kinds.setdefault(kind, place)
    counted = token.has("unit") and ("vague" in found.kinds or "rule" in found.kinds)
    if token.kind != "other" and not counted and _EXPLAINING.isdisjoint(token.meanings):
        found.unknown.append(place)


# ------------------------------------------------------------------------------------------------------- which days


class Days:
    """The days that chunks mean together; `reason` says why they must be asked about in any case."""

    __slots__ = ("options", "reason", "sure")

    def __init__(self, options: tuple[Option, ...], sure: int, reason: AskReason | None = None) -> None:
        self.options = options
        self.sure = sure
        self.reason = reason

    @property
    def written(self) -> bool:
        """Whether the day stands there by its number, so that another year may be meant."""
        return self.sure != 1


def days_of(found: Parts, grammar: Grammar) -> Days | None:
    """Return what all chunks mean together, None where there is none."""
    chunks = _joined(found, grammar)
    if not chunks:
        return None
    sure = max(chunk.sure for chunk in chunks)
    refused = [chunk for chunk in chunks if chunk.kind == "refused"]
    if refused:
        options = tuple(option for chunk in chunks for option in chunk.options if chunk.kind != "within")
        return Days(options, sure, refused[0].reason)
    spans = [chunk for chunk in chunks if chunk.kind == "span"]
    if any(not span.options for span in spans):
        return Days((), sure, AskReason.VAGUE)
    exact = [chunk for chunk in chunks if chunk.kind in {"exact", "span"}]
    if exact:
        return _agreed(exact, [chunk for chunk in chunks if chunk not in exact], sure)
    return _conditions(chunks, grammar, sure)


def _fits(option: Option, chunk: Chunk) -> bool:
    """Whether a day satisfies what another chunk says about it."""
    if option.day is None:
        return True
    if chunk.kind == "weekday":
        if not any(other.day == option.day for other in chunk.options) and chunk.changed:
            return False
        return option.day.weekday() == chunk.weekday
    if chunk.kind == "within":
        return chunk.begin <= option.day <= chunk.end
    if chunk.kind in {"number", "bare"}:
        return option.day.day == chunk.number
    return any(other.day == option.day for other in chunk.options)


def _agreed(exact: list[Chunk], others: list[Chunk], sure: int) -> Days:
    """Return the days of the first chunk that all the others agree with."""
    conditions = [*exact[1:], *others]
    options = tuple(option for option in exact[0].options if all(_fits(option, chunk) for chunk in conditions))
    options = options or tuple(option for option in exact[0].options if option.problem is AskReason.IMPOSSIBLE)
    if options:
        return Days(options, max(sure, 1 if others else 0))
    every = tuple(option for chunk in [*exact, *others] for option in chunk.options if chunk.kind != "within")
    several = len(exact) > 1 and not any(chunk.kind == "span" for chunk in exact)
    return Days(every, sure, AskReason.SEVERAL if several else AskReason.CONTRADICTORY)


def _conditions(chunks: list[Chunk], grammar: Grammar, sure: int) -> Days:
    """Return what weekdays, day numbers and periods mean without an exact day."""
    weekdays = [chunk for chunk in chunks if chunk.kind == "weekday"]
    numbers = [chunk for chunk in chunks if chunk.kind in {"number", "bare"}]
    periods = [chunk for chunk in chunks if chunk.kind == "within"]
    if len({chunk.weekday for chunk in weekdays}) > 1 or len({chunk.number for chunk in numbers}) > 1:
        options = tuple(option for chunk in chunks for option in chunk.options if chunk.kind != "within")
        return Days(options, sure, AskReason.SEVERAL)
    if numbers:
        return _numbered(numbers[0], weekdays, periods, grammar)
    if weekdays and periods:
        return _weekday_of(weekdays[0], periods, grammar)
    if weekdays:
        narrow = min(weekdays, key=lambda chunk: len(chunk.options))
        return Days(narrow.options, sure)
    if len(periods) == 1 and periods[0].options:
        return Days(periods[0].options, sure)
    return Days((), sure, AskReason.VAGUE)


def _numbered(number: Chunk, weekdays: list[Chunk], periods: list[Chunk], grammar: Grammar) -> Days:
    """Return the day with a number, in a named period, on a named weekday."""
    options = number.options
    if periods:
        options = tuple(
            days.checked(day, grammar.today)
            for day in _span_of(periods[0])
            if day.day == number.number and all(period.begin <= day <= period.end for period in periods)
        )
        if not options:
            return Days(number.options, 1, AskReason.CONTRADICTORY)
    if not weekdays:
        return Days(options, 1 if periods else 0)
    agreeing = tuple(option for option in options if _fits(option, weekdays[0]))
    if agreeing and number.kind == "bare" and not grammar.table.bare_day and number.number <= 12:
        # "Thursday 10" is the tenth to one and ten o'clock to another.
        return Days((*agreeing, *weekdays[0].options), 1, AskReason.AMBIGUOUS)
    if agreeing:
        return Days(agreeing, 1)
    return Days((*options, *weekdays[0].options), 1, AskReason.CONTRADICTORY)


def _span_of(period: Chunk) -> list[date]:
    """Return every day of a period."""
    return [period.begin + timedelta(days=number) for number in range((period.end - period.begin).days + 1)]


def _weekday_of(weekday: Chunk, periods: list[Chunk], grammar: Grammar) -> Days:
    """Return the weekday of a named week; a weekday of a month is one of four."""
    period = periods[0]
    if len(periods) > 1 or (period.end - period.begin).days >= _WEEK:
        return Days((), 1, AskReason.VAGUE)
    found = [period.begin + timedelta(days=weekday.weekday)]
    if grammar.sunday and period.number:
        found.append(found[0] + timedelta(days=_WEEK))
    return Days(tuple(days.checked(day, grammar.today) for day in found), 1)


def _joined(found: Parts, grammar: Grammar) -> list[Chunk]:
    """Return the chunks with lengths of time counted from the day that they stand at."""
    chunks = list(found.chunks)
    spans = [chunk for chunk in chunks if chunk.kind == "span"]
    if not spans:
        return chunks
    span = spans[0]
    if len(spans) > 1:
        return [Chunk("refused", span.first, span.last, 1)]
    place = chunks.index(span)
    for other in (place + 1, place - 1):
        if 0 <= other < len(chunks):
            shifted = _shifted(span, chunks[other], grammar, before=other < place)
            if shifted:
                return [chunk for chunk in chunks if chunk not in (span, chunks[other])] + [shifted]
    return chunks


def _shifted(span: Chunk, other: Chunk, grammar: Grammar, *, before: bool) -> Chunk | None:
    """Return a day and a length of time as one day: "a week on Tuesday", "heute in zwei Wochen"."""
    first, last = min(span.first, other.first), max(span.last, other.last)
    between = grammar.tokens[min(span.last, other.last) : max(span.first, other.first)]
    linked = not before and any(token.has(kind) for token in between for kind in ("from", "after", "from_now"))
    if other.kind not in {"exact", "weekday"} or len(between) > 3 or span.minutes:
        return None
    # "A week tomorrow" is counted from tomorrow; "in a week, tomorrow" says two things.
    direct = other.changed and (before or not (between or span.led))
    if other.kind == "exact" and (linked or direct):
        options = tuple(
            grammar.reach(span.days, span.months, option.day) for option in other.options if option.day is not None
        )
        return Chunk("exact", first, last, max(1, other.sure), options)
    if other.kind != "weekday":
        return None
    on = not before and not span.led and any(token.has("on") for token in between)
    if span.months:
        return Chunk("refused", first, last, 1, span.options) if span.months else None
    if span.days % _WEEK:
        return None
    base = {option.day for option in other.options if option.day}
    if other.weekday == grammar.today.weekday():
        base.add(grammar.today)
    reached = {day + timedelta(days=span.days) for day in base}
    if not (on or linked):
        reached.add(days.in_week(other.weekday, span.days // _WEEK, grammar.today))
    return Chunk("exact", first, last, 1, tuple(days.checked(day, grammar.today) for day in sorted(reached)))
