"""Rules for periods and what lies in them: next week, end of January, the first Monday in December."""

from __future__ import annotations

from datetime import date, timedelta

from worker.model.reasons import AskReason
from worker.replies import date_days as days
from worker.replies.date_days import Option
from worker.replies.date_row import Chunk, Row


def nth(row: Row, place: int) -> Chunk | None:
    """Read "first Monday in December", "last Friday of the month"."""
    at = row.links(place, ("article",))
    if at >= len(row.tokens):
        return None
    token = row.tokens[at]
    if token.kind == "ordinal":
        number = token.numbers[0]
    elif token.has("ordinal"):
        number = token.number("ordinal")
    elif token.has("last"):
        number = -1
    elif row.table.dotted and row.integer(at) and row.text(at + 1) == ".":
        number, at = row.tokens[at].numbers[0], at + 1
    else:
        return None
    if not row.has(at + 1, "weekday") or not (number == -1 or 1 <= number <= 5):
        return None
    weekday, after = row.value(at + 1, "weekday"), row.links(at + 2)
    month = _month_at(row, after)
    if month is None:
        return None
    year, number_of_month, last = month
    found = days.nth_weekday(number, weekday, year, number_of_month)
    option = days.checked(found, row.today) if found else Option(None, AskReason.IMPOSSIBLE)
    return row.exact(place, last, option)


def _month_at(row: Row, place: int) -> tuple[int, int, int] | None:
    """Return year, month and the place after a month that stands here: December, next month, the month."""
    if row.has(place, "month"):
        year, last = row.year(place + 1)
        if year is not None:
            return (year + 2000 if year < 100 else year), row.value(place, "month"), last
        return *days.next_month_named(row.value(place, "month"), row.today), place + 1
    shift = _period_shift(row, place, "month")
    if shift:
        first = days.add_months(row.today.replace(day=1), shift[0])
        return first.year, first.month, shift[1]
    return None


def _period_shift(row: Row, place: int, unit: str) -> tuple[int, int] | None:
    """Return how many units ahead a period lies (0 this one) and the place after it."""
    at = row.links(place, ("article", "of"))
    for kind, shift in (("next", 1), ("coming", 1), ("after_next", 2), ("this", 0)):
        if row.has(at, kind) and row.unit(at + 1) == unit:
            return shift, at + 2
    if row.unit(at) != unit:
        return None
    for kind, shift in (("after_next", 2), ("next", 1), ("coming", 1), ("this", 0)):
        if row.has(at + 1, kind):
            return shift, at + 2
    return (0, at + 1) if at > place or unit != "week" else None


def end_of(row: Row, place: int) -> Chunk | None:
    """Read "end of the month", "end of January", "EOW"; the beginning and the middle of anything are vague."""
    if row.has(place, "end_of"):
        unit = str(row.tokens[place].meanings["end_of"])
        if unit == "day":
            return None
        if unit in {"week", "month"}:
            after = row.links(place + 1, ("of",))
            if unit == "month" and row.has(after, "month"):
                return _month_end(row, place, after)
            ahead, last = _period_shift(row, after, unit) or (0, place + 1)
            return _ended(row, place, last, unit, ahead)
        return Chunk("refused", place, place + 1)
    vague = row.has(place, "start") or row.has(place, "middle")
    if not vague and not row.has(place, "end"):
        return None
    at = row.links(place + 1, ("of", "article", "in", "on"))
    at += row.text(at) == "-"
    if row.has(at, "month"):
        return Chunk("refused", place, at + 1) if vague else _month_end(row, place, at)
    for unit in ("week", "month", "quarter", "year", "halfyear"):
        shift = _period_shift(row, at, unit) or ((0, at + 1) if row.unit(at) == unit else None)
        if shift:
            if vague or unit not in {"week", "month"}:
                return Chunk("refused", place, shift[1])
            return _ended(row, place, shift[1], unit, shift[0])
    if row.has(at, "quarter_name"):
        return Chunk("refused", place, at + 2 if row.integer(at + 1) else at + 1)
    return None


def _month_end(row: Row, place: int, at: int) -> Chunk:
    year, last = row.year(at + 1)
    full, month = days.next_month_named(row.value(at, "month"), row.today)
    end = days.last_working_day(year or full, month)
    option = days.checked(end, row.today)
    return row.exact(place, last, option)


def _ended(row: Row, place: int, last: int, unit: str, shift: int) -> Chunk:
    """Return the end of a week (Friday) or a month (its last working day); on that very day, it must be asked."""
    if unit == "week":
        end, later = days.in_week(4, shift, row.today), days.in_week(4, shift + 1, row.today)
    else:
        first = days.add_months(row.today.replace(day=1), shift)
        after = days.add_months(first, 1)
        end = days.last_working_day(first.year, first.month)
        later = days.last_working_day(after.year, after.month)
    options = [days.checked(end, row.today)]
    if end <= row.today:
        options.append(Option(later, None if end == row.today else AskReason.AMBIGUOUS))
    return Chunk("exact", place, last, 1, tuple(options))


def period(row: Row, place: int) -> Chunk | None:
    """Read "next week", "the week after next", "nächste Woche", "la semana que viene", "next month"."""
    at = row.links(place, ("article", "of"))
    modified, unit = row.unit(at + 1), row.unit(at)
    behind = at + 1
    if unit and row.text(behind) == "." and row.tokens[behind].glued:
        behind += 1
    for kind, shift in (("after_next", 2), ("next", 1), ("coming", 1), ("this", 0)):
        if modified and row.has(at, kind):
            return _within(row, place, at + 2, modified, shift)
        if unit and row.has(behind, kind):
            return _within(row, place, behind + 1, unit, shift)
    return None


def _within(row: Row, place: int, last: int, unit: str, shift: int) -> Chunk:
    if unit == "week":
        begin = days.in_week(0, shift, row.today)
        alone = (Option(row.today + timedelta(days=7 * shift)),) if shift else ()
        return Chunk("within", place, last, 0, alone, begin=begin, end=begin + timedelta(days=6), number=shift)
    if unit == "month":
        begin = days.add_months(row.today.replace(day=1), shift)
        return Chunk("within", place, last, 0, begin=begin, end=days.add_months(begin, 1) - timedelta(days=1))
    # "Next year" and "the coming days" name no day.
    return Chunk("refused", place, last, 0)


def month_alone(row: Row, place: int) -> Chunk | None:
    """Read a month without a day: a period, and vague."""
    if not row.has(place, "month"):
        return None
    named = place == 0 or any(row.has(place - 1, kind) for kind in ("in", "of", "by", "until", "from", "on"))
    if row.has(place, "verb") and not named:
        return None
    year, month = days.next_month_named(row.value(place, "month"), row.today)
    said, last = row.year(place + 1)
    begin = date(said if said and said > 100 else year, month, 1)
    return Chunk("within", place, last, 0, begin=begin, end=days.add_months(begin, 1) - timedelta(days=1))
