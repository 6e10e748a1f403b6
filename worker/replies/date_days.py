"""Calendar arithmetic on plain days: every rule that needs no words. A week begins on Monday (ISO 8601).

A day that breaks a rule stays a candidate and carries the reason (an `Option`), so that the question can name it.
"""

from __future__ import annotations

from datetime import date, timedelta

from worker.model.reasons import AskReason

ROLL_AFTER_DAYS = 92
_SATURDAY = 5
_FRIDAY = 4
_FEBRUARY_29 = (29, 2)


class Option:
    """A day that a phrase can mean (None where no such day exists), and the reason why it must not be taken."""

    __slots__ = ("day", "problem")

    def __init__(self, day: date | None, problem: AskReason | None = None) -> None:
        self.day = day
        self.problem = problem

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Option) and (self.day, self.problem) == (other.day, other.problem)

    def __hash__(self) -> int:
        return hash((self.day, self.problem))


def checked(day: date, today: date) -> Option:
    """Return a day with its problem: past, or more than a year ahead."""
    if day < today:
        return Option(day, AskReason.PAST)
    if day > add_months(today, 12):
        return Option(day, AskReason.TOO_FAR)
    return Option(day)


def dated(day: int, month: int, year: int | None, today: date) -> Option:
    """Return the day of a day number and a month; without a year, the next year only if long past this year."""
    if not 1 <= month <= 12:
        return Option(None, AskReason.IMPOSSIBLE)
    if year is not None:
        full = year + 2000 if year < 100 else year
        found = _exists(day, month, full)
        return checked(found, today) if found else Option(None, AskReason.IMPOSSIBLE)
    found = _exists(day, month, today.year)
    if found is None and (day, month) == _FEBRUARY_29:
        # This year has no such day, so its place in the year decides whether the next year is meant.
        before = date(today.year, 2, 28)
        later = _exists(day, month, today.year + 1)
        if later and (today - before).days > ROLL_AFTER_DAYS:
            return checked(later, today)
    if found is None:
        return Option(None, AskReason.IMPOSSIBLE)
    if (today - found).days > ROLL_AFTER_DAYS:
        found = _exists(day, month, today.year + 1)
        return checked(found, today) if found else Option(None, AskReason.IMPOSSIBLE)
    return checked(found, today)


def _exists(day: int, month: int, year: int) -> date | None:
    """Return a date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def next_weekday(weekday: int, today: date) -> date:
    """Return the next such weekday, never today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def in_week(weekday: int, weeks: int, today: date) -> date:
    """Return a weekday of the week that lies so many weeks after this one."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def add_months(day: date, months: int) -> date:
    """Return the same day number so many months on, clamped to the month's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, days_in(year, month + 1)))


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def last_working_day(year: int, month: int) -> date:
    """Return the last Monday-to-Friday day of a month."""
    last = date(year, month, days_in(year, month))
    return last - timedelta(days=max(0, last.weekday() - _FRIDAY)) if last.weekday() >= _SATURDAY else last


def nth_weekday(number: int, weekday: int, year: int, month: int) -> date | None:
    """Return the first, second … weekday of a month; -1 is the last one. None where there is no such day."""
    length = days_in(year, month)
    days = [day for day in range(1, length + 1) if date(year, month, day).weekday() == weekday]
    if number == -1:
        return date(year, month, days[-1])
    return date(year, month, days[number - 1]) if 1 <= number <= len(days) else None


def next_month_named(month: int, today: date) -> tuple[int, int]:
    """Return year and month of the next month of that name, this one included."""
    return (today.year if month >= today.month else today.year + 1), month


def day_number(day: int, today: date) -> tuple[Option, ...]:
    """Return the next day with that number; where this month lacks it, that one carries the problem."""
    if not 1 <= day <= 31:
        return (Option(None, AskReason.IMPOSSIBLE),)
    if day == today.day:
        return (Option(today), checked(_next_with(day, add_months(today.replace(day=1), 1)), today))
    first = today.replace(day=1) if day > today.day else add_months(today.replace(day=1), 1)
    found = _next_with(day, first)
    problem = None if (found.year, found.month) == (first.year, first.month) else AskReason.IMPOSSIBLE
    return (Option(found, problem),)


def _next_with(day: int, first: date) -> date:
    """Return the next day with that number from the first of a month on."""
    while day > days_in(first.year, first.month):
        first = add_months(first, 1)
    return first.replace(day=day)
