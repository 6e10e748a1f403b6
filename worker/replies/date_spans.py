"""Rules for lengths of time, weekdays and relative days: in two weeks, next Tuesday, tomorrow."""

from __future__ import annotations

from datetime import date, timedelta

from worker.model.reasons import AskReason
from worker.replies import date_days as days
from worker.replies.date_days import Option
from worker.replies.date_row import Chunk, Row

_UNITS_OF_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_UNITS_OF_MONTHS = {"month": 1, "threemonths": 3, "halfyear": 6, "year": 12}
_MANY = 2000


def span(row: Row, place: int) -> Chunk | None:
    """Read "in two weeks", "2 wks", "a fortnight from now", "zwei Wochen später", "3 weeks ago"."""
    led = row.has(place, "in")
    at = place + 1 if led else place
    if led and row.text(at) == "-":
        return Chunk("refused", place, at + 1)
    at = row.links(at, ("in", "article")) if not row.has(at, "number") else at
    number: int | None = None
    if row.has(at, "number"):
        number = row.value(at, "number")
    elif row.integer(at) is not None:
        number = row.integer(at)
    after = at + 1
    if number is None:
        # "half a year" and "medio año" carry their number in the unit.
        if row.unit(at) not in {"halfyear", "threemonths", "fortnight"}:
            return None
        number, after = 1, at
    unit = row.unit(after)
    if not unit:
        return _half_span(row, place, after)
    last = after + 1
    if row.has(last, "and_half") or row.has(last, "plus_half"):
        return Chunk("refused", place, last + 1)
    if number > _MANY or number < 1:
        return Chunk("refused", place, last, reason=AskReason.TOO_FAR if number else AskReason.VAGUE)
    later = row.has(last, "from_now") or row.has(last, "later")
    found = _measured(row, place, last + later, unit, number)
    if row.has(last, "past") and not row.has(last, "last"):
        return Chunk("refused", place, last + 1, reason=AskReason.PAST)
    found.led = found.kind == "span" and bool(led or later)
    return found


def _half_span(row: Row, place: int, after: int) -> Chunk | None:
    """Read "two and a half weeks", which is no number of days."""
    if (row.has(after, "and_half") or row.has(after, "plus_half")) and row.unit(after + 1):
        return Chunk("refused", place, after + 2)
    if row.has(after, "at"):
        # "Le 3 à 10 heures" is a day and a time; the same word links a range elsewhere.
        return None
    ranged = row.text(after) == "-" or any(row.has(after, kind) for kind in ("or", "to", "until", "and"))
    if (ranged or row.text(after) == ",") and after + 2 < len(row.tokens) and row.unit(after + 2):
        numbers = (row.integer(after + 1), row.has(after + 1, "number"))
        if row.text(after) == "," and row.unit(after + 2) == "hour":
            # "El 22, 10h" is a day and a time.
            return None
        if numbers[0] is not None or numbers[1]:
            return Chunk("refused", place, after + 3, reason=AskReason.SEVERAL)
    return None


def _measured(row: Row, place: int, last: int, unit: str, number: int) -> Chunk:
    """Return a span with the day that it reaches from today."""
    if unit in {"hour", "minute"}:
        return Chunk("span", place, last, minutes=number * (60 if unit == "hour" else 1))
    if unit == "workday":
        return Chunk("refused", place, last, options=(_business(row, number),))
    if unit == "quarter":
        return Chunk("refused", place, last, options=(row.reach(0, 3 * number, row.today),))
    length = number * _UNITS_OF_DAYS.get(unit, 0)
    months = number * _UNITS_OF_MONTHS.get(unit, 0)
    found = Chunk("span", place, last, days=length, months=months)
    ends = [length]
    # "In acht Tagen" and "quince días" are a week and a fortnight to some, to others eight and fifteen days.
    if unit == "day" and row.table.eight_days and number == 8:
        ends = [7, 8]
    if unit == "day" and number == 15 and row.table.fortnight:
        ends = [14] if row.table.fortnight == "certain" else [14, 15]
    options = tuple(row.reach(end, months, row.today) for end in ends)
    found.options, found.days = options, ends[0]
    return found


def _business(row: Row, number: int) -> Option:
    """Return the day so many working days ahead, holidays not known."""
    weeks, rest = divmod(number, 5)
    day = row.today + timedelta(days=7 * weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < 5
    return days.checked(day, row.today)


def weekday(row: Row, place: int) -> Chunk | None:
    """Read "Tuesday", "next Tuesday", "mardi prochain", "Thursday week", "mardi en huit"."""
    at = place
    modifier = ""
    for kind in ("next", "coming", "this", "after_next", "last"):
        if row.has(at, kind) and row.has(at + 1, "weekday"):
            modifier, at = kind, at + 1
            break
    if not row.has(at, "weekday"):
        return None
    weekday, last = row.value(at, "weekday"), at + 1
    if row.text(last) == "." and row.tokens[last].glued:
        last += 1
    if not modifier:
        modifier, last = _behind(row, last)
    if modifier == "idiom":
        return _idiom(row, place, last, weekday, row.value(last - 1, "idiom"))
    if modifier in {"week", "fortnight"}:
        return _idiom(row, place, last, weekday, 7 if modifier == "week" else 14)
    if modifier == "last":
        return Chunk("refused", place, last, reason=AskReason.PAST)
    options = tuple(Option(day) for day in _weekdays(row, weekday, modifier))
    sure = 1 if modifier else 0
    return Chunk("weekday", place, last, sure, options, weekday=weekday, changed=bool(modifier))


def _behind(row: Row, last: int) -> tuple[str, int]:
    """Return what stands behind a weekday and changes it."""
    for kind in ("idiom", "coming", "next", "after_next", "this", "last"):
        # "Freitag, nächste Woche": that word belongs to the week.
        if row.has(last, kind) and not row.unit(last + 1) and not row.has(last + 1, "weekday"):
            return kind, last + 1
    # "Thursday week", but not "Thursday week 50".
    if row.unit(last) == "fortnight" and row.table.language == "en":
        return "fortnight", last + 1
    if row.has(last, "week_more") and row.table.language == "en" and row.integer(last + 1) is None:
        return "week", last + 1
    return "", last


def _idiom(row: Row, place: int, last: int, weekday: int, more: int) -> Chunk:
    """Return the weekday and so many days more; said on that weekday itself, today may be what it counts from."""
    first = days.next_weekday(weekday, row.today)
    found = [first + timedelta(days=more)]
    if weekday == row.today.weekday():
        found.insert(0, row.today + timedelta(days=more))
    return row.exact(place, last, *(Option(day) for day in found))


def _weekdays(row: Row, weekday: int, modifier: str) -> tuple[date, ...]:
    """Return the days that a weekday means: people split over "next", and over the week that a Sunday is in."""
    coming = days.next_weekday(weekday, row.today)
    if modifier not in {"next", "after_next"}:
        return (coming,)
    found = {coming, days.in_week(weekday, 1, row.today)}
    if row.sunday:
        found.add(days.in_week(weekday, 2, row.today))
    if modifier == "after_next":
        found = {day + timedelta(days=7) for day in found}
    return tuple(sorted(found))


def relative(row: Row, place: int) -> Chunk | None:
    """Read "tomorrow", "übermorgen"; a possessive ("tomorrow's launch") is no date."""
    if not row.has(place, "day"):
        return None
    if row.text(place + 1) == "'" and row.text(place + 2) == "s" and not row.has(place + 3, "cue"):
        return None
    shift, last = row.value(place, "day"), place + 1
    if row.has(last, "idiom"):
        shift, last = shift + row.value(last, "idiom"), last + 1
    elif row.table.language == "en" and row.has(last, "week_more") and row.integer(last + 1) is None:
        shift, last = shift + 7, last + 1
    option = days.checked(row.today + timedelta(days=shift), row.today)
    return Chunk("exact", place, last, 1, (option,), changed=True)
