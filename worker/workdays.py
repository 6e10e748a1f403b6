"""Wall-clock arithmetic in one person's zone: the only place where days, hours and working days are counted.

Adding days in UTC would move a meeting by an hour over a clock change; so every function takes an aware moment, counts
on the wall clock of the zone, and returns an aware moment in that zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from worker.model import Busy, Lead

_MORNING = time(9)
_SATURDAY = 5
_LONGEST_RUN_OF_DAYS_OFF = 60
_SLOT_STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Clock:
    """One person's calendar: their zone, their days off, the hours in which they want no mail."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    quiet: tuple[time, time] | None = None

    def day(self, moment: datetime) -> date:
        """Return the local date of a moment."""
        return moment.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """Return a wall-clock time of a day as a moment; one inside a skipped hour moves past the gap (PEP 495)."""
        local = datetime.combine(day, clock, tzinfo=self.zone)
        return local.astimezone(UTC).astimezone(self.zone)

    def is_workday(self, day: date) -> bool:
        """Whether this is neither a weekend nor a holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def workday_on_or_after(self, day: date) -> date:
        """Return the day itself or the next working day."""
        for _ in range(_LONGEST_RUN_OF_DAYS_OFF):
            if self.is_workday(day):
                return day
            day += timedelta(days=1)
        return day

    def workdays_before(self, day: date, count: int) -> date:
        """Return the `count`th working day before a day."""
        return self._step(day, count, -1)

    def workdays_after(self, day: date, count: int) -> date:
        """Return the `count`th working day after a day."""
        return self._step(day, count, 1)

    def before(self, moment: datetime, lead: Lead) -> datetime:
        """Return the moment that lies `lead` before: of business days, 09:00 of the Nth working day before its date."""
        if lead.business:
            return self.at(self.workdays_before(self.day(moment), lead.days), _MORNING)
        return self.shift(moment, -lead.days) - timedelta(minutes=lead.minutes)

    def after(self, moment: datetime, lead: Lead) -> datetime:
        """Return the moment that lies `lead` after: of business days, 09:00 of the Nth working day after its date."""
        if lead.business:
            return self.at(self.workdays_after(self.day(moment), lead.days), _MORNING)
        return self.shift(moment, lead.days) + timedelta(minutes=lead.minutes)

    def shift(self, moment: datetime, days: int) -> datetime:
        """Return the same wall-clock time so many days on."""
        local = moment.astimezone(self.zone)
        return self.at(local.date() + timedelta(days=days), local.time())

    def business_day_earlier(self, moment: datetime) -> datetime:
        """Return the same wall-clock time on the working day before."""
        local = moment.astimezone(self.zone)
        return self.at(self.workdays_before(local.date(), 1), local.time())

    def released(self, moment: datetime) -> datetime:
        """Return the first moment from this one on that is neither in the quiet hours nor on a weekend."""
        local = moment.astimezone(self.zone)
        for _ in range(_LONGEST_RUN_OF_DAYS_OFF):
            if local.weekday() >= _SATURDAY:
                local = self.at(local.date() + timedelta(days=1), self._morning())
            elif self.is_quiet(local):
                start, end = self.quiet or (_MORNING, _MORNING)
                ends_tomorrow = start > end and local.time() >= start
                local = self.at(local.date() + timedelta(days=1 if ends_tomorrow else 0), end)
            else:
                return local
        return local

    def is_quiet(self, moment: datetime) -> bool:
        """Whether the wall clock stands within the quiet hours, which may run over midnight."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        clock = moment.astimezone(self.zone).time()
        return start <= clock < end if start <= end else clock >= start or clock < end

    def _morning(self) -> time:
        return time(0) if self.quiet is None else (self.quiet[1] if self.quiet[0] > self.quiet[1] else time(0))

    def _step(self, day: date, count: int, direction: int) -> date:
        for _ in range(count):
            day += timedelta(days=direction)
            for _ in range(_LONGEST_RUN_OF_DAYS_OFF):
                if self.is_workday(day):
                    break
                day += timedelta(days=direction)
        return day


def overlaps(start: datetime, end: datetime, busy: Iterable[Busy], *, without: frozenset[str] = frozenset()) -> bool:
    """Whether [start, end) touches a busy stretch other than those of the events named."""
    return any(stretch.start < end and start < stretch.end for stretch in busy if stretch.uid not in without)


def first_gap(start: datetime, length: timedelta, busy: Iterable[Busy]) -> datetime:
    """Return the first moment from `start` on with `length` of free time."""
    moment = start
    for stretch in sorted(busy, key=lambda stretch: stretch.start):
        if stretch.end <= moment:
            continue
        if stretch.start >= moment + length:
            break
        moment = stretch.end
    return moment


def free_slots(
    wished: datetime,
    length: timedelta,
    hours: tuple[datetime, datetime],
    busy: Iterable[Busy],
    *,
    without: frozenset[str] = frozenset(),
) -> list[datetime]:
    """Return the free starts of a day, nearest to the wish first: the wish, and quarter hours within `hours`."""
    stretches = [stretch for stretch in busy if stretch.uid not in without]
    candidates = {wished}
    moment, end = hours
    while moment + length <= end:
        candidates.add(moment)
        moment += _SLOT_STEP
    free = [start for start in candidates if not overlaps(start, start + length, stretches)]
    return sorted(free, key=lambda start: (abs(start - wished), start))
