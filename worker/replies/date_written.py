"""Rules for days that are written out: 3 December, 3.12., 12/15/2026, 2026-12-03, the 3rd."""

from __future__ import annotations

from worker.model.reasons import AskReason
from worker.replies import date_days as days
from worker.replies.date_days import Option
from worker.replies.date_row import LONGEST_LINK, Chunk, Row
from worker.replies.date_times import clock_at
from worker.replies.date_tokens import Token

_LAST_DAY = 31
_LONGEST_LIST = 6


def numeric(row: Row, place: int) -> Chunk | None:
    """Read 2026-12-03, 3.12.2026, 12/15, 3.12."""
    token = row.tokens[place]
    if token.kind == "iso":
        numbers = token.numbers
        if len(numbers) == 1:
            numbers = (numbers[0] // 10000, numbers[0] // 100 % 100, numbers[0] % 100)
        last = place + 1
        if row.text(last) == "t" and row.tokens[last].glued:
            last += 1
        return row.exact(place, last, days.dated(numbers[2], numbers[1], numbers[0], row.today), sure=2)
    if token.kind == "number" and row.table.language == "nl":
        return _dashed(row, place)
    if token.kind not in {"date3", "pair"}:
        return None
    if token.kind == "pair" and row.has(place + 1, "unit"):
        return Chunk("refused", place, place + 2, reason=AskReason.VAGUE)
    if token.kind == "pair" and row.has(row.links(place + 1, ("of",)), "month"):
        return Chunk("refused", place, place + 2, reason=AskReason.SEVERAL)
    year = token.numbers[2] if token.kind == "date3" else None
    first, second = token.numbers[0], token.numbers[1]
    if row.table.language == "en" and "." in token.text and year is None and second > 12:
        # With a dot the month never comes first: "3.30" is a time.
        return None
    orders = _orders(row, token)
    options = [days.dated(*(pair), year, row.today) for pair in ((first, second), (second, first))]
    options = [option for option, allowed in zip(options, orders, strict=True) if allowed]
    real = [option for option in options if option.problem is not AskReason.IMPOSSIBLE]
    if year is None and len(set(real)) > 1:
        # A day just past is a slip as likely as the other order is meant, so it does not settle the order.
        real = [Option(option.day) if option.day else option for option in real]
    return row.exact(place, place + 1, *(real or options), sure=2 if token.kind == "date3" else 0)


def _dashed(row: Row, place: int) -> Chunk | None:
    """Read "3-12", which is 3 December in Dutch."""
    month = row.integer(place + 2)
    glued = place + 2 < len(row.tokens) and row.tokens[place + 1].glued and row.tokens[place + 2].glued
    if not glued or row.text(place + 1) != "-" or month is None or not 1 <= month <= 12:
        return None
    option = days.dated(row.tokens[place].numbers[0], month, None, row.today)
    return row.exact(place, place + 3, option, sure=0)


def _orders(row: Row, token: Token) -> tuple[bool, bool]:
    """Return whether day first and month first may be meant: the account's order, else what the dots tell."""
    dots = "." in token.text
    if row.day_first is not None and (row.day_first or not dots):
        return (True, False) if row.day_first else (False, True)
    # A dot behind the month is written by people who put the day first, in whatever language.
    if (row.table.language != "en" and row.day_first is None) or (dots and token.text.endswith(".")):
        return True, False
    return True, True


def written(row: Row, place: int) -> Chunk | None:
    """Read "3 December 2026", "December 3rd", "3. bis 5. Dezember"."""
    marked = row.links(place, ("day_mark", "article"))
    found = _day_month(row, marked) or (_month_day(row, marked) if marked == place else None)
    if found:
        found.first = place
    return found


def _day_month(row: Row, place: int) -> Chunk | None:
    found = row.day(place)
    if not found or not found[0] >= 1:
        return None
    numbers, at = [found[0]], found[1]
    while len(numbers) < _LONGEST_LIST and (more := _another(row, at)) is not None:
        numbers.append(more[0])
        at = more[1]
    at = row.links(at, ("of", "article"))
    if row.text(at) in {"-", "/"}:
        at += 1
    if not row.has(at, "month"):
        return None
    year, last = row.year(at + 1)
    if row.text(at + 1) == "." and last == at + 1:
        last = at + 2
    options = [days.dated(number, row.value(at, "month"), year, row.today) for number in numbers]
    if len(numbers) > 1:
        return Chunk("refused", place, last, 2, tuple(options), reason=AskReason.SEVERAL)
    return row.exact(place, last, *options, sure=2)


def _another(row: Row, at: int) -> tuple[int, int, bool] | None:
    """Return a further number of a day in "3-5 December", "3, 4 or 5 December"."""
    marked, limit = False, min(len(row.tokens), at + LONGEST_LINK)
    while at < limit and (
        row.text(at) in {"-", ",", "/"}
        or any(row.tokens[at].has(kind) for kind in ("or", "and", "to", "until", "article", "plus_half"))
    ):
        marked = marked or not row.tokens[at].has("article")
        at += 1
    return row.day(at) if marked else None


def _month_day(row: Row, place: int) -> Chunk | None:
    if not row.has(place, "month"):
        return None
    at = row.links(place + 1, ("article",))
    at += row.text(at) in {".", "-", ","}
    found = row.day(at)
    if not found or not 1 <= found[0] <= _LAST_DAY or row.text(found[1]) == ":":
        return None
    if not found[2] and (row.has(found[1], "am") or row.has(found[1], "pm") or row.has(found[1], "oclock")):
        return None
    month = row.value(place, "month")
    if row.has(place, "weekday"):
        if row.has(row.links(found[1], ("of",)), "month"):
            # "Mar 8 dic" names its month behind the number.
            return None
        # "Mar 3" is the third, a Tuesday, before it is a day of March.
        options = (days.dated(found[0], month, None, row.today), *days.day_number(found[0], row.today))
        return Chunk("refused", place, found[1], 1, options, reason=AskReason.AMBIGUOUS)
    more = _another(row, found[1])
    hour = more and any(row.has(more[1], kind) for kind in ("oclock", "am", "pm", "daypart"))
    # "February 9th, 11-12": behind an ordinal a range of plain numbers is one of hours.
    hour = hour or (more and found[2] and not more[2] and row.text(more[1]) == "-")
    # "December 10, 4-5pm": what begins a time is no second day.
    hour = hour or (more and clock_at(row.tokens, more[1] - 1) is not None)
    if more and 1 <= more[0] <= _LAST_DAY and not hour:
        options = tuple(days.dated(number, month, None, row.today) for number in (found[0], more[0]))
        return Chunk("refused", place, more[1], 2, options, reason=AskReason.SEVERAL)
    year, last = row.year(found[1])
    return row.exact(place, last, days.dated(found[0], month, year, row.today), sure=2)


def day_number(row: Row, place: int) -> Chunk | None:
    """Read "the 3rd", "am 3.", "le 3"; a bare number behind a weekday is told apart later."""
    marked = row.links(place, ("day_mark",))
    found = row.day(marked)
    if not found or (row.tokens[marked].has("number") and marked == place):
        return None
    number, last, ordinal = found
    if row.unit(last) or row.has(last, "weekday") or not 1 <= number <= _LAST_DAY:
        return None
    if not ordinal and row.has(last, "oclock") and row.tokens[last].glued:
        # "26h" is an hour that no day has, and no day.
        return None
    if row.tokens[marked].has("ordinal") and marked == place and not row.has(place - 1, "article"):
        return None
    if ordinal or marked > place:
        return Chunk("number", place, last, 0, days.day_number(number, row.today), number=number)
    return Chunk("bare", place, last, 0, days.day_number(number, row.today), number=number)
