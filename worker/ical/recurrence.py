"""Expanding a series without ever spending more than a bounded number of steps on it.

The library counts instances from the beginning of the series; a rule that fires each second, or one that can never
fire, would keep it busy for minutes. RFC 5545 3.8.5 and 3.3.10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dateutil.rrule import rrule
from icalendar import Calendar, Event
from icalendar.prop import vRecur
from recurring_ical_events import CalendarQuery, EventAdapter, Occurrence, Series
from recurring_ical_events.selection.name import ComponentsWithName

# Twenty thousand is every day of 54 years, or every hour of two; it takes a fifth of a second.
MAX_INSTANCES = 20_000
# A rule looks at each month (yearly ones: each year) that it passes; one that never fires would pass all to 9999.
MAX_PERIODS = 2_000


class EndlessRuleError(ValueError):
    """A rule has too many instances, or none within any reasonable time."""


class UnusableEventError(ValueError):
    """An event says something that makes no sense; the text says what."""


class _CountedRule(rrule):  # type: ignore[misc]  # the library has no types
    """A rule that gives up after MAX_PERIODS months (years) without end."""

    periods = 0

    @property
    def _byeaster(self) -> None:
        """Count, because the library asks for this once for each period; RFC 5545 has no Easter rule to answer."""
        self.periods += 1
        if self.periods > MAX_PERIODS:
            raise EndlessRuleError

    @_byeaster.setter
    def _byeaster(self, value: object) -> None:
        """Take what the library sets, which is always nothing."""


class _BoundedRule:
    """What the series asks of a rule: the instances of a span, at a bounded cost."""

    def __init__(self, rule: rrule, text: str, until: datetime | date | None) -> None:
        rule.__class__ = _CountedRule
        self._rule = rule
        self.string = text
        self.until = until

    def between(self, after: datetime, before: datetime, *, inc: bool) -> Iterator[datetime]:
        """Yield the instances from `after` to `before`, both included, which is what `inc` asks for."""
        assert inc  # noqa: S101  # the series asks for nothing else
        for count, moment in enumerate(self._rule):
            if moment > before:
                return
            if count >= MAX_INSTANCES:
                raise EndlessRuleError
            if moment >= after:
                yield moment


class _BoundedSeries(Series):  # type: ignore[misc]  # as above
    """A series whose rules are bounded."""

    class RecurrenceRules(Series.RecurrenceRules):  # type: ignore[misc]  # the library has no types
        """The rules of a series, bounded."""

        def rrulestr(self, rule_string: str) -> _BoundedRule:
            """Return the bounded rule for a rule's text."""
            rule = super().rrulestr(rule_string)
            return _BoundedRule(rule, rule.string, rule.until)


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance as the rules have it: dates where all-day, else aware; `original` is its RECURRENCE-ID."""

    component: Event
    start: datetime | date
    end: datetime | date
    original: datetime | date | None


class _Instance(Occurrence):  # type: ignore[misc]  # the library has no types
    """An occurrence that says what it is instead of copying its component."""

    def as_component(self, keep_recurrence_attributes: bool) -> Instance:  # noqa: ARG002, FBT001  # the library calls it so
        """Return the instance; one that a THISANDFUTURE change moved is named by where the rule had put it."""
        adapter = self._adapter
        if adapter.this_and_future:
            original = self.start - adapter.move_recurrences_by
        elif adapter.is_modification():
            original = adapter._component["RECURRENCE-ID"].dt  # noqa: SLF001  # no public name for it
        else:
            original = self.start
        return Instance(adapter._component, self.start, self.end, original)  # noqa: SLF001  # as above


def expand(components: list[Event], start: datetime, end: datetime) -> list[Instance]:
    """Return the instances of one series that may touch [start, end) (aware), a day wider on both sides.

    The components are a master and its overrides (or overrides alone) with every zone resolved.
    Raises EndlessRuleError where a rule is out of bounds, ValueError where it makes no sense.
    """
    calendar = Calendar()
    calendar.subcomponents = list(components)
    select = ComponentsWithName("VEVENT", EventAdapter, _BoundedSeries, _Instance)
    query = CalendarQuery(calendar, components=[select])
    day = timedelta(days=1)
    found: list[Instance] = query.between(start.astimezone(UTC) - day, end.astimezone(UTC) + day)
    return found


def normalise_until(rule: vRecur, start: datetime | date) -> None:
    """Write UNTIL as RFC 5545 3.3.10 wants it for this start: in UTC where it has a zone, a date where all-day.

    A date as the end of a timed series means that day to its end, and a time without Z means the series' own zone:
    that is how the programs that write so show them.
    """
    values = rule.get("UNTIL")
    if not values:
        return
    until = values[0] if isinstance(values, list) else values
    if not isinstance(start, datetime):
        rule["UNTIL"] = [until.date() if isinstance(until, datetime) else until]
        return
    own: tzinfo = start.tzinfo or UTC
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59), tzinfo=own)
    elif until.tzinfo is None:
        until = until.replace(tzinfo=own)
    rule["UNTIL"] = [until.astimezone(UTC)]


def check_rule(rule: vRecur) -> None:
    """Raise EndlessRuleError for rules that no meeting has."""
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    if frequency in ("SECONDLY", "MINUTELY"):
        raise EndlessRuleError
    if any(len(rule.get(part) or []) > 24 for part in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise EndlessRuleError
    if not frequency:
        raise UnusableEventError("its RRULE has no FREQ")


def moment_of(value: object) -> datetime | date:
    """Return what a date or date-time property holds. Raises ValueError where it holds something else."""
    found = getattr(value, "dt", None)
    if not isinstance(found, date):
        raise UnusableEventError("one of its times is none")
    return found
