"""What the rules of the grammar share: the row of tokens that they look at, and the chunks that they return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from worker.model.reasons import AskReason
from worker.replies import date_days as days
from worker.replies.date_days import Option
from worker.replies.date_tokens import Token
from worker.replies.words import Table

_LINKS = ("article", "of", "on", "in", "at", "day_mark")
# Bounds what a phrase repeats, so that no text makes reading more than linear.
LONGEST_LINK = 4
_LAST_SHORT_YEAR = 40


class Chunk:
    """A run of tokens that says something about the day.

    `kind` is `exact` (its options are days), `weekday`, `number` (a day number), `bare` (a number that may be a day or
    an hour), `within` (a period from `begin` to `end`), `span` (a length of time; `days` and `months` long, `minutes`
    where it is shorter than a day), or `refused` (it must be asked about, for `reason`). `options` are the days that
    it means when it stands alone. `ago` marks a span that lies back.
    """

    __slots__ = (
        "begin",
        "changed",
        "days",
        "end",
        "first",
        "kind",
        "last",
        "led",
        "minutes",
        "months",
        "number",
        "options",
        "reason",
        "sure",
        "weekday",
    )

    def __init__(  # noqa: PLR0913 - what a run can say
        self,
        kind: str,
        first: int,
        last: int,
        sure: int = 1,
        options: tuple[Option, ...] = (),
        *,
        weekday: int = -1,
        number: int = 0,
        begin: date = date.min,
        end: date = date.min,
        days: int = 0,
        months: int = 0,
        minutes: int = 0,
        changed: bool = False,
        reason: AskReason = AskReason.VAGUE,
    ) -> None:
        self.kind = kind
        self.first = first
        self.last = last
        self.sure = sure
        self.options = options
        self.weekday = weekday
        self.number = number
        self.begin = begin
        self.end = end
        self.days = days
        self.months = months
        self.minutes = minutes
        self.led = False
        self.changed = changed
        self.reason = reason


class Row:
    """A row of tokens, said on one day, in one language; what all rules ask of it."""

    __slots__ = ("day_first", "table", "today", "tokens")

    def __init__(self, tokens: Sequence[Token], table: Table, today: date, day_first: bool | None) -> None:  # noqa: FBT001 - three values
        self.tokens = tokens
        self.table = table
        self.today = today
        self.day_first = day_first

    @property
    def sunday(self) -> bool:
        """Whether the next week may have begun: on a Sunday, for people who do not write the day first."""
        return self.table.sunday_first and not self.day_first and self.today.weekday() == 6

    def has(self, place: int, kind: str) -> bool:
        """Whether the token at a place has a meaning of this kind."""
        return place < len(self.tokens) and self.tokens[place].has(kind)

    def value(self, place: int, kind: str) -> int:
        """Return the number that a meaning stands for."""
        return self.tokens[place].number(kind)

    def links(self, place: int, kinds: Sequence[str] = _LINKS) -> int:
        """Return the first place from here on that is no linking word."""
        limit = min(len(self.tokens), place + LONGEST_LINK)
        while place < limit and any(self.tokens[place].has(kind) for kind in kinds):
            place += 1
        return place

    def text(self, place: int) -> str:
        """Return the word or mark at a place, nothing behind the end."""
        return self.tokens[place].text if place < len(self.tokens) else ""

    def integer(self, place: int) -> int | None:
        """Return the number that stands here in digits."""
        if place < len(self.tokens) and self.tokens[place].kind == "number":
            return self.tokens[place].numbers[0]
        return None

    def unit(self, place: int) -> str:
        """Return the unit of time that stands here."""
        if not self.has(place, "unit"):
            return ""
        return str(self.tokens[place].meanings["unit"])

    def day(self, place: int) -> tuple[int, int, bool] | None:
        """Return the number of a day, the place after it, and whether it is written as an ordinal."""
        if place >= len(self.tokens):
            return None
        token = self.tokens[place]
        if token.kind == "ordinal":
            return token.numbers[0], place + 1 + (self.text(place + 1) == "." and self.tokens[place + 1].glued), True
        if token.kind == "number" and len(token.text) <= 2:
            dotted = self.text(place + 1) == "." and self.tokens[place + 1].glued
            return token.numbers[0], place + 1 + dotted, dotted and self.table.dotted
        for kind in ("ordinal", "number"):
            # "Un" and "a" are articles before they are the first of a month.
            article = token.has("article") or token.has("filler")
            if token.has(kind) and token.number(kind) > 0 and not article:
                return token.number(kind), place + 1, kind == "ordinal"
        return None

    def year(self, place: int) -> tuple[int | None, int]:
        """Return a year that stands here and the place after it."""
        at = place
        while at < place + LONGEST_LINK and (self.text(at) in {",", ".", "-"} or self.has(at, "of")):
            at += 1
        year = self.integer(at)
        if year is not None and len(self.tokens[at].text) == 4 and 1900 <= year < 2200:
            return year, at + 1
        if (
            self.text(place) == "'"
            and (short := self.integer(place + 1)) is not None
            and len(self.text(place + 1)) == 2
        ):
            return short, place + 2
        short = self.integer(place)
        if short is not None and len(self.text(place)) == 2 and 24 < short <= _LAST_SHORT_YEAR:
            # "3 Dec 26": no hour, and no number of things.
            after = place + 1
            if after >= len(self.tokens) or self.text(after) == ",":
                return short, after
        return None, place

    def exact(self, place: int, last: int, *options: Option, sure: int = 1) -> Chunk:
        """Return a chunk of these days, each once."""
        return Chunk("exact", place, last, sure, tuple(dict.fromkeys(options)))

    def reach(self, length: int, months: int, start: date) -> Option:
        """Return the day so many days and months after another."""
        try:
            return days.checked(days.add_months(start, months) + timedelta(days=length), self.today)
        except (OverflowError, ValueError):
            return Option(None, AskReason.TOO_FAR)
