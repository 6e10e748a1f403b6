"""The grammar over typed tokens: which runs of tokens name a day, a weekday, a period or a length of time.

Each rule looks at one place and returns a chunk with every reading that it allows, or nothing; the longest chunk
wins. `sure` grades a chunk: 2 for a day that is written out, 1 for one that is said plainly, 0 for what other words
could be (a bare weekday, a number of a day, 12/1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from worker.model import AskReason
from worker.replies import date_days as days
from worker.replies.date_days import Option
from worker.replies.date_tokens import Token
from worker.replies.words import Table

_LINKS = ("article", "of", "on", "in", "at", "day_mark")
_UNITS_OF_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_UNITS_OF_MONTHS = {"month": 1, "threemonths": 3, "halfyear": 6, "year": 12}
_MANY = 2000
# Bounds on what a phrase repeats, so that no text makes reading more than linear.
_LONGEST_LINK = 4
_LONGEST_LIST = 6
_LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of tokens that says something about the day.

    `kind` is `exact` (its options are days), `weekday`, `number` (a day number), `bare` (a number that may be a day or
    an hour), `within` (a period from `begin` to `end`), `span` (a length of time; `days` and `months` long, `minutes`
    where it is shorter than a day), or `refused` (it must be asked about, for `reason`). `options` are the days that
    it means when it stands alone. `ago` marks a span that lies back.
    """

    kind: str
    first: int
    last: int
    sure: int = 1
    options: tuple[Option, ...] = ()
    weekday: int = -1
    number: int = 0
    begin: date = date.min
    end: date = date.min
    days: int = 0
    months: int = 0
    minutes: int = 0
    led: bool = False
    changed: bool = False
    reason: AskReason = AskReason.VAGUE


@dataclass(frozen=True, slots=True)
class Grammar:
    """The rules over one row of tokens, on one day, in one language."""

    tokens: Sequence[Token]
    table: Table
    today: date
    day_first: bool | None

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

    # ---------------------------------------------------------------------------------------------------- helpers

    @property
    def sunday(self) -> bool:
        """Whether the next week may have begun: on a Sunday, for people who do not write the day first."""
        return self.table.sunday_first and not self.day_first and self.today.weekday() == 6  # noqa: PLR2004

    def _has(self, place: int, kind: str) -> bool:
        return place < len(self.tokens) and self.tokens[place].has(kind)

    def _value(self, place: int, kind: str) -> int:
        return self.tokens[place].number(kind)

    def _links(self, place: int, kinds: Sequence[str] = _LINKS) -> int:
        """Return the first place from here on that is no linking word."""
        limit = min(len(self.tokens), place + _LONGEST_LINK)
        while place < limit and any(self.tokens[place].has(kind) for kind in kinds):
            place += 1
        return place

    def _text(self, place: int) -> str:
        return self.tokens[place].text if place < len(self.tokens) else ""

    def _integer(self, place: int) -> int | None:
        """Return the number that stands here in digits."""
        if place < len(self.tokens) and self.tokens[place].kind == "number":
            return self.tokens[place].numbers[0]
        return None

    def _day(self, place: int) -> tuple[int, int, bool] | None:
        """Return the number of a day, the place after it, and whether it is written as an ordinal."""
        if place >= len(self.tokens):
            return None
        token = self.tokens[place]
        if token.kind == "ordinal":
            return token.numbers[0], place + 1 + (self._text(place + 1) == "." and self.tokens[place + 1].glued), True
        if token.kind == "number" and len(token.text) <= 2:  # noqa: PLR2004
            dotted = self._text(place + 1) == "." and self.tokens[place + 1].glued
            return token.numbers[0], place + 1 + dotted, dotted and self.table.dotted
        for kind in ("ordinal", "number"):
            if token.has(kind) and token.number(kind) > 0:
                return token.number(kind), place + 1, kind == "ordinal"
        return None

    def _year(self, place: int) -> tuple[int | None, int]:
        """Return a year that stands here and the place after it."""
        at = place
        while at < place + _LONGEST_LINK and (self._text(at) in {",", ".", "-"} or self._has(at, "of")):
            at += 1
        year = self._integer(at)
        if year is not None and len(self.tokens[at].text) == 4 and 1900 <= year < 2200:  # noqa: PLR2004
            return year, at + 1
        if self._text(place) == "'" and (short := self._integer(place + 1)) is not None and len(self._text(place + 1)) == 2:  # noqa: PLR2004, E501
            return short, place + 2
        return None, place

    def _exact(self, place: int, last: int, *options: Option, sure: int = 1) -> Chunk:
        return Chunk("exact", place, last, sure, tuple(dict.fromkeys(options)))

    # ------------------------------------------------------------------------------------------------ written days

    def _numeric(self, place: int) -> Chunk | None:
        """Read 2026-12-03, 3.12.2026, 12/15, 3.12."""
        token = self.tokens[place]
        if token.kind == "iso":
            numbers = token.numbers
            if len(numbers) == 1:
                numbers = (numbers[0] // 10000, numbers[0] // 100 % 100, numbers[0] % 100)
            last = place + 1
            if self._text(last) == "t" and self.tokens[last].glued:
                last += 1
            return self._exact(place, last, days.dated(numbers[2], numbers[1], numbers[0], self.today), sure=2)
        if token.kind not in {"date3", "pair"}:
            return None
        if token.kind == "pair" and self._has(place + 1, "unit"):
            return Chunk("refused", place, place + 2, reason=AskReason.VAGUE)
        if token.kind == "pair" and self._has(self._links(place + 1, ("of",)), "month"):
            return Chunk("refused", place, place + 2, reason=AskReason.SEVERAL)
        year = token.numbers[2] if token.kind == "date3" else None
        first, second = token.numbers[0], token.numbers[1]
        if self.table.language == "en" and "." in token.text and year is None and second > 12:  # noqa: PLR2004
            # With a dot the month never comes first: "3.30" is a time.
            return None
        orders = self._orders(token)
        options = [days.dated(*(pair), year, self.today) for pair in ((first, second), (second, first))]
        options = [option for option, allowed in zip(options, orders, strict=True) if allowed]
        real = [option for option in options if option.problem is not AskReason.IMPOSSIBLE]
        if year is None and len(set(real)) > 1:
            # A day just past is a slip as likely as the other order is meant, so it does not settle the order.
            real = [replace(option, problem=None) if option.day else option for option in real]
        return self._exact(place, place + 1, *(real or options), sure=2 if token.kind == "date3" else 0)

    def _orders(self, token: Token) -> tuple[bool, bool]:
        """Return whether day first and month first may be meant: the account's order, else what the dots tell."""
        dots = "." in token.text
        if self.day_first is not None and (self.day_first or not dots):
            return (True, False) if self.day_first else (False, True)
        # A dot behind the month is written by people who put the day first, in whatever language.
        if (self.table.language != "en" and self.day_first is None) or (dots and token.text.endswith(".")):
            return True, False
        return True, True

    def _written(self, place: int) -> Chunk | None:
        """Read "3 December 2026", "December 3rd", "3. bis 5. Dezember"."""
        marked = self._links(place, ("day_mark", "article"))
        found = self._day_month(marked) or (self._month_day(marked) if marked == place else None)
        return replace(found, first=place) if found else None

    def _day_month(self, place: int) -> Chunk | None:
        found = self._day(place)
        if not found or not 1 <= found[0]:
            return None
        numbers, at = [found[0]], found[1]
        while len(numbers) < _LONGEST_LIST and (more := self._another(at)) is not None:
            numbers.append(more[0])
            at = more[1]
        at = self._links(at, ("of", "article"))
        if self._text(at) == "-":
            at += 1
        if not self._has(at, "month"):
            return None
        year, last = self._year(at + 1)
        if self._text(at + 1) == "." and last == at + 1:
            last = at + 2
        options = [days.dated(number, self._value(at, "month"), year, self.today) for number in numbers]
        if len(numbers) > 1:
            return Chunk("refused", place, last, 2, tuple(options), reason=AskReason.SEVERAL)
        return self._exact(place, last, *options, sure=2)

    def _another(self, at: int) -> tuple[int, int] | None:
        """Return a further number of a day in "3-5 December", "3, 4 or 5 December"."""
        marked, limit = False, min(len(self.tokens), at + _LONGEST_LINK)
        while at < limit and (
            self._text(at) in {"-", ",", "/"}
            or any(self.tokens[at].has(kind) for kind in ("or", "and", "to", "until", "article", "plus_half"))
        ):
            marked = marked or not self.tokens[at].has("article")
            at += 1
        found = self._day(at) if marked else None
        return (found[0], found[1]) if found else None

    def _month_day(self, place: int) -> Chunk | None:
        if not self._has(place, "month"):
            return None
        at = self._links(place + 1, ("article",))
        at += self._text(at) in {".", "-", ","}
        found = self._day(at)
        if not found or not 1 <= found[0] <= _LAST_DAY or self._text(found[1]) == ":":
            return None
        if not found[2] and (self._has(found[1], "am") or self._has(found[1], "pm") or self._has(found[1], "oclock")):
            return None
        month = self._value(place, "month")
        more = self._another(found[1])
        hour = more and any(self._has(more[1], kind) for kind in ("oclock", "am", "pm", "daypart"))
        if more and 1 <= more[0] <= _LAST_DAY and not hour:
            options = tuple(days.dated(number, month, None, self.today) for number in (found[0], more[0]))
            return Chunk("refused", place, more[1], 2, options, reason=AskReason.SEVERAL)
        year, last = self._year(found[1])
        return self._exact(place, last, days.dated(found[0], month, year, self.today), sure=2)

    def _nth(self, place: int) -> Chunk | None:
        """Read "first Monday in December", "last Friday of the month"."""
        at = self._links(place, ("article",))
        if at >= len(self.tokens):
            return None
        token = self.tokens[at]
        if token.kind == "ordinal":
            number = token.numbers[0]
        elif token.has("ordinal"):
            number = token.number("ordinal")
        elif token.has("last"):
            number = -1
        elif self.table.dotted and self._integer(at) and self._text(at + 1) == ".":
            number, at = self.tokens[at].numbers[0], at + 1
        else:
            return None
        if not self._has(at + 1, "weekday") or not (number == -1 or 1 <= number <= 5):  # noqa: PLR2004
            return None
        weekday, after = self._value(at + 1, "weekday"), self._links(at + 2)
        month = self._month_at(after)
        if month is None:
            return None
        year, number_of_month, last = month
        found = days.nth_weekday(number, weekday, year, number_of_month)
        option = days.checked(found, self.today) if found else Option(None, AskReason.IMPOSSIBLE)
        return self._exact(place, last, option)

    def _month_at(self, place: int) -> tuple[int, int, int] | None:
        """Return year, month and the place after a month that stands here: December, next month, the month."""
        if self._has(place, "month"):
            year, last = self._year(place + 1)
            if year is not None:
                return (year + 2000 if year < 100 else year), self._value(place, "month"), last  # noqa: PLR2004
            return *days.next_month_named(self._value(place, "month"), self.today), place + 1
        shift = self._period_shift(place, "month")
        if shift:
            first = days.add_months(self.today.replace(day=1), shift[0])
            return first.year, first.month, shift[1]
        return None

    def _period_shift(self, place: int, unit: str) -> tuple[int, int] | None:
        """Return how many units ahead a period lies (0 this one) and the place after it."""
        at = self._links(place, ("article", "of"))
        for kind, shift in (("next", 1), ("coming", 1), ("after_next", 2), ("this", 0)):
            if self._has(at, kind) and self._unit(at + 1) == unit:
                return shift, at + 2
        if self._unit(at) != unit:
            return None
        for kind, shift in (("after_next", 2), ("next", 1), ("coming", 1), ("this", 0)):
            if self._has(at + 1, kind):
                return shift, at + 2
        return (0, at + 1) if at > place or unit != "week" else None

    def _unit(self, place: int) -> str:
        """Return the unit of time that stands here."""
        if not self._has(place, "unit"):
            return ""
        return str(self.tokens[place].meanings["unit"])

    # ------------------------------------------------------------------------------------------------------ periods

    def _end_of(self, place: int) -> Chunk | None:
        """Read "end of the month", "end of January", "EOW"; the beginning and the middle of anything are vague."""
        if self._has(place, "end_of"):
            unit = str(self.tokens[place].meanings["end_of"])
            if unit == "day":
                return None
            if unit in {"week", "month"}:
                after = self._links(place + 1, ("of",))
                shift = self._period_shift(after, unit) or (0, place + 1)
                if unit == "month" and self._has(after, "month"):
                    return self._month_end(place, after)
                return self._ended(place, shift[1], unit, shift[0])
            return Chunk("refused", place, place + 1)
        vague = self._has(place, "start") or self._has(place, "middle")
        if not vague and not self._has(place, "end"):
            return None
        at = self._links(place + 1, ("of", "article", "in", "on"))
        at += self._text(at) == "-"
        if self._has(at, "month"):
            return Chunk("refused", place, at + 1) if vague else self._month_end(place, at)
        for unit in ("week", "month", "quarter", "year", "halfyear"):
            shift = self._period_shift(at, unit) or ((0, at + 1) if self._unit(at) == unit else None)
            if shift:
                if vague or unit not in {"week", "month"}:
                    return Chunk("refused", place, shift[1])
                return self._ended(place, shift[1], unit, shift[0])
        if self._has(at, "quarter_name"):
            return Chunk("refused", place, at + 2 if self._integer(at + 1) else at + 1)
        return None

    def _month_end(self, place: int, at: int) -> Chunk:
        year, last = self._year(at + 1)
        full, month = days.next_month_named(self._value(at, "month"), self.today)
        end = days.last_working_day(year or full, month)
        option = days.checked(end, self.today)
        return self._exact(place, last, option)

    def _ended(self, place: int, last: int, unit: str, shift: int) -> Chunk:
        """Return the end of a week (Friday) or a month (its last working day); on that very day, it must be asked."""
        if unit == "week":
            end, later = days.in_week(4, shift, self.today), days.in_week(4, shift + 1, self.today)
        else:
            first = days.add_months(self.today.replace(day=1), shift)
            after = days.add_months(first, 1)
            end = days.last_working_day(first.year, first.month)
            later = days.last_working_day(after.year, after.month)
        options = [days.checked(end, self.today)]
        if end <= self.today:
            options.append(Option(later, None if end == self.today else AskReason.AMBIGUOUS))
        return Chunk("exact", place, last, 1, tuple(options))

    def _period(self, place: int) -> Chunk | None:
        """Read "next week", "the week after next", "nächste Woche", "la semana que viene", "next month"."""
        at = self._links(place, ("article", "of"))
        modified, unit = self._unit(at + 1), self._unit(at)
        for kind, shift in (("after_next", 2), ("next", 1), ("coming", 1), ("this", 0)):
            if modified and self._has(at, kind):
                return self._within(place, at + 2, modified, shift)
            if unit and self._has(at + 1, kind):
                return self._within(place, at + 2, unit, shift)
        return None

    def _within(self, place: int, last: int, unit: str, shift: int) -> Chunk:
        if unit == "week":
            begin = days.in_week(0, shift, self.today)
            alone = (Option(self.today + timedelta(days=7 * shift)),) if shift else ()
            return Chunk("within", place, last, 0, alone, begin=begin, end=begin + timedelta(days=6), number=shift)
        if unit == "month":
            begin = days.add_months(self.today.replace(day=1), shift)
            return Chunk("within", place, last, 0, begin=begin, end=days.add_months(begin, 1) - timedelta(days=1))
        # "Next year" and "the coming days" name no day.
        return Chunk("refused", place, last, 0)

    def _month_alone(self, place: int) -> Chunk | None:
        """Read a month without a day: a period, and vague."""
        if not self._has(place, "month"):
            return None
        named = place == 0 or any(self._has(place - 1, kind) for kind in ("in", "of", "by", "until", "from", "on"))
        if self._has(place, "verb") and not named:
            return None
        year, month = days.next_month_named(self._value(place, "month"), self.today)
        said, last = self._year(place + 1)
        begin = date(said if said and said > 100 else year, month, 1)  # noqa: PLR2004
        return Chunk("within", place, last, 0, begin=begin, end=days.add_months(begin, 1) - timedelta(days=1))

    def _week_number(self, place: int) -> Chunk | None:
        """Read "KW 50", "week 50", "Q1", "week of 7 Dec": never a day."""
        if (self._has(place, "week_number") or self._has(place, "quarter_name")) and self._integer(place + 1):
            return Chunk("refused", place, place + 2, int(self._has(place, "week_number")))
        if self._has(place, "week_of"):
            inner = self.chunk_at(place + 1) if place + 1 < len(self.tokens) and not self._has(place + 1, "week_of") else None
            return Chunk("refused", place, inner.last if inner else place + 1, 1, inner.options if inner else ())
        if self._has(place, "weekend"):
            return Chunk("refused", place, place + 1, 0)
        return None

    # ------------------------------------------------------------------------------------------------ lengths of time

    def _span(self, place: int) -> Chunk | None:
        """Read "in two weeks", "2 wks", "a fortnight from now", "zwei Wochen später", "3 weeks ago"."""
        led = self._has(place, "in")
        at = place + 1 if led else place
        if led and self._text(at) == "-":
            return Chunk("refused", place, at + 1)
        at = self._links(at, ("in", "article")) if not self._has(at, "number") else at
        number: int | None = None
        if self._has(at, "number"):
            number = self._value(at, "number")
        elif self._integer(at) is not None:
            number = self._integer(at)
        after = at + 1
        if number is None:
            # "half a year" and "medio año" carry their number in the unit.
            if self._unit(at) not in {"halfyear", "threemonths", "fortnight"}:
                return None
            number, after = 1, at
        unit = self._unit(after)
        if not unit:
            return self._half_span(place, after)
        last = after + 1
        if self._has(last, "and_half") or self._has(last, "plus_half"):
            return Chunk("refused", place, last + 1)
        if number > _MANY or number < 1:
            return Chunk("refused", place, last, reason=AskReason.TOO_FAR if number else AskReason.VAGUE)
        later = self._has(last, "from_now") or self._has(last, "later")
        found = self._measured(place, last + later, unit, number)
        if self._has(last, "past") and not self._has(last, "last"):
            return Chunk("refused", place, last + 1, reason=AskReason.PAST)
        return replace(found, led=led or later) if found.kind == "span" else found

    def _half_span(self, place: int, after: int) -> Chunk | None:
        """Read "two and a half weeks", which is no number of days."""
        if (self._has(after, "and_half") or self._has(after, "plus_half")) and self._unit(after + 1):
            return Chunk("refused", place, after + 2)
        if self._has(after, "at"):
            # "Le 3 à 10 heures" is a day and a time; the same word links a range elsewhere.
            return None
        ranged = self._text(after) == "-" or any(self._has(after, kind) for kind in ("or", "to", "until", "and"))
        if (ranged or self._text(after) == ",") and after + 2 < len(self.tokens) and self._unit(after + 2):
            numbers = (self._integer(after + 1), self._has(after + 1, "number"))
            if numbers[0] is not None or numbers[1]:
                return Chunk("refused", place, after + 3, reason=AskReason.SEVERAL)
        return None

    def _measured(self, place: int, last: int, unit: str, number: int) -> Chunk:
        """Return a span with the day that it reaches from today."""
        if unit in {"hour", "minute"}:
            return Chunk("span", place, last, minutes=number * (60 if unit == "hour" else 1))
        if unit == "workday":
            return Chunk("refused", place, last, options=(self._business(number),))
        if unit == "quarter":
            return Chunk("refused", place, last, options=(self.reach(0, 3 * number, self.today),))
        length = number * _UNITS_OF_DAYS.get(unit, 0)
        months = number * _UNITS_OF_MONTHS.get(unit, 0)
        found = Chunk("span", place, last, days=length, months=months)
        ends = [length]
        # "In acht Tagen" and "quince días" are a week and a fortnight to some, to others eight and fifteen days.
        if unit == "day" and self.table.eight_days and number == 8:  # noqa: PLR2004
            ends = [7, 8]
        if unit == "day" and number == 15 and self.table.fortnight:  # noqa: PLR2004
            ends = [14] if self.table.fortnight == "certain" else [14, 15]
        options = tuple(self.reach(end, months, self.today) for end in ends)
        return replace(found, options=options, days=ends[0])

    def _business(self, number: int) -> Option:
        """Return the day so many working days ahead, holidays not known."""
        weeks, rest = divmod(number, 5)
        day = self.today + timedelta(days=7 * weeks)
        while rest:
            day += timedelta(days=1)
            rest -= day.weekday() < 5  # noqa: PLR2004
        return days.checked(day, self.today)

    def reach(self, length: int, months: int, start: date) -> Option:
        """Return the day so many days and months after another."""
        try:
            return days.checked(days.add_months(start, months) + timedelta(days=length), self.today)
        except (OverflowError, ValueError):
            return Option(None, AskReason.TOO_FAR)

    # ---------------------------------------------------------------------------------------------- weekdays, numbers

    def _weekday(self, place: int) -> Chunk | None:
        """Read "Tuesday", "next Tuesday", "mardi prochain", "Thursday week", "mardi en huit"."""
        at = place
        modifier = ""
        for kind in ("next", "coming", "this", "after_next", "last"):
            if self._has(at, kind) and self._has(at + 1, "weekday"):
                modifier, at = kind, at + 1
                break
        if not self._has(at, "weekday"):
            return None
        weekday, last = self._value(at, "weekday"), at + 1
        if self._text(last) == "." and self.tokens[last].glued:
            last += 1
        if not modifier:
            modifier, last = self._behind(at, last)
        if modifier == "idiom":
            return self._idiom(place, last, weekday, self._value(last - 1, "idiom"))
        if modifier in {"week", "fortnight"}:
            return self._idiom(place, last, weekday, 7 if modifier == "week" else 14)
        if modifier == "last":
            return Chunk("refused", place, last, reason=AskReason.PAST)
        options = tuple(Option(day) for day in self._weekdays(weekday, modifier))
        sure = 1 if modifier else 0
        return Chunk("weekday", place, last, sure, options, weekday=weekday, changed=bool(modifier))

    def _behind(self, at: int, last: int) -> tuple[str, int]:
        """Return what stands behind a weekday and changes it."""
        for kind in ("idiom", "coming", "next", "after_next", "this", "last"):
            # "Freitag, nächste Woche": that word belongs to the week.
            if self._has(last, kind) and not self._unit(last + 1) and not self._has(last + 1, "weekday"):
                return kind, last + 1
        # "Thursday week", but not "Thursday week 50".
        if self._unit(last) == "fortnight" and self.table.language == "en":
            return "fortnight", last + 1
        if self._has(last, "week_more") and self.table.language == "en" and self._integer(last + 1) is None:
            return "week", last + 1
        return "", last

    def _idiom(self, place: int, last: int, weekday: int, more: int) -> Chunk:
        """Return the weekday and so many days more; said on that weekday itself, today may be what it counts from."""
        first = days.next_weekday(weekday, self.today)
        found = [first + timedelta(days=more)]
        if weekday == self.today.weekday():
            found.insert(0, self.today + timedelta(days=more))
        return self._exact(place, last, *(Option(day) for day in found))

    def _weekdays(self, weekday: int, modifier: str) -> tuple[date, ...]:
        """Return the days that a weekday means: people split over "next", and over the week that a Sunday is in."""
        coming = days.next_weekday(weekday, self.today)
        if modifier not in {"next", "after_next"}:
            return (coming,)
        found = {coming, days.in_week(weekday, 1, self.today)}
        if self.sunday:
            found.add(days.in_week(weekday, 2, self.today))
        if modifier == "after_next":
            found = {day + timedelta(days=7) for day in found}
        return tuple(sorted(found))

    def _relative(self, place: int) -> Chunk | None:
        """Read "tomorrow", "übermorgen"; a possessive ("tomorrow's launch") is no date."""
        if not self._has(place, "day"):
            return None
        if self._text(place + 1) == "'" and self._text(place + 2) == "s" and not self._has(place + 3, "cue"):
            return None
        shift, last = self._value(place, "day"), place + 1
        if self._has(last, "idiom"):
            shift, last = shift + self._value(last, "idiom"), last + 1
        elif self.table.language == "en" and self._has(last, "week_more") and self._integer(last + 1) is None:
            shift, last = shift + 7, last + 1
        option = days.checked(self.today + timedelta(days=shift), self.today)
        return Chunk("exact", place, last, 1, (option,), changed=True)

    def _day_number(self, place: int) -> Chunk | None:
        """Read "the 3rd", "am 3.", "le 3"; a bare number behind a weekday is told apart later."""
        marked = self._links(place, ("day_mark",))
        found = self._day(marked)
        if not found or (self.tokens[marked].has("number") and marked == place):
            return None
        number, last, ordinal = found
        if self._unit(last) or self._has(last, "weekday") or not 1 <= number <= _LAST_DAY:
            return None
        if self.tokens[marked].has("ordinal") and marked == place and not self._has(place - 1, "article"):
            return None
        if ordinal or marked > place:
            return Chunk("number", place, last, 0, days.day_number(number, self.today), number=number)
        return Chunk("bare", place, last, 0, days.day_number(number, self.today), number=number)


_DIGITS = frozenset({"number", "ordinal", "iso", "date3", "pair"})
_PERIODS = {"article", "of", "next", "coming", "after_next", "this", "unit"}
# Each rule with the kinds that it can begin with, so that most words cost one look-up; digits are tried by all.
_RULES: tuple[tuple[frozenset[str], Callable[[Grammar, int], Chunk | None]], ...] = tuple(
    (frozenset(first), rule)
    for first, rule in (
        (set(), Grammar._numeric),
        ({"day_mark", "article", "month", "ordinal", "number"}, Grammar._written),
        ({"article", "ordinal", "last"}, Grammar._nth),
        ({"end_of", "start", "middle", "end"}, Grammar._end_of),
        (_PERIODS, Grammar._period),
        ({"in", "article", "number", "unit"}, Grammar._span),
        ({"weekday", "next", "coming", "this", "after_next", "last"}, Grammar._weekday),
        ({"day"}, Grammar._relative),
        ({"day_mark", "ordinal"}, Grammar._day_number),
        ({"week_number", "quarter_name", "week_of", "weekend"}, Grammar._week_number),
        ({"month"}, Grammar._month_alone),
    )
)
