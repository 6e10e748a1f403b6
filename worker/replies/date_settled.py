"""From the days that a phrase means to one moment or a question: problems, times of day, zones, changes of clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from worker.model.reasons import AskReason
from worker.replies.date_readings import Days, Parts
from worker.replies.date_times import Clock
from worker.replies.date_zones import moments, zones_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from worker.model import Ask

_MAXIMUM_CANDIDATES = 6


class Frame:
    """What a phrase is read against."""

    __slots__ = ("day_first", "reference", "same_time")

    def __init__(self, reference: datetime, day_first: bool | None, same_time: time | None) -> None:  # noqa: FBT001 - three values
        self.reference = reference
        self.day_first = day_first
        self.same_time = same_time


def question(reason: AskReason, candidates: tuple[datetime | date, ...], phrase: str) -> Ask:
    """Return a question; its class is a dataclass, which costs more to import than a phrase without a question."""
    from worker.model import Ask

    return Ask(reason, candidates, phrase)


def candidates(value: datetime | date | Ask) -> tuple[datetime | date, ...]:
    """Return the days that a value names, one or those to choose from."""
    return (value,) if isinstance(value, date) else value.candidates


def hours_on(minutes: int, frame: Frame, text: str) -> datetime | Ask:
    """Return the moment so many minutes after the reference, counted in real time."""
    reference = frame.reference
    if reference.tzinfo is None:
        return reference + timedelta(minutes=minutes)
    moment = (reference.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(reference.tzinfo)
    return moment if minutes < 24 * 60 * 366 else question(AskReason.TOO_FAR, (), text)


def settled(
    text: str, meant: Days, reason: AskReason | None, found: Parts, frame: Frame
) -> datetime | date | Ask | None:
    """Return the one day that is left, with its time, or the question."""
    good = [option.day for option in meant.options if option.problem is None and option.day is not None]
    usual = [option.day for option in meant.options if option.day is not None and option.problem]
    reason = reason or meant.reason
    problems = [option.problem for option in meant.options if option.problem]
    if not good:
        reason = reason or (problems[0] if problems else AskReason.VAGUE)
        weekly = any(chunk.kind == "weekday" for chunk in found.chunks)
        good = _instead(usual, frame, days=7 if weekly else 0) if weekly or meant.written else []
    elif len(set(good)) > 1:
        reason = reason or AskReason.AMBIGUOUS
    return _timed(text, good, reason, found, frame)


def _instead(usual: Sequence[date], frame: Frame, *, days: int) -> list[date]:
    """Return what could be meant by days with a problem: the next such weekday, or the same day a year on."""
    today = frame.reference.date()
    found = []
    for day in usual:
        later = day
        if day < today and days:
            later = day + timedelta(days=days * (1 + (today - day).days // days))
        elif day < today and day.year <= today.year and (day.month, day.day) != (2, 29):
            later = day.replace(year=day.year + 1)
        if later >= today and (days or (later - today).days <= 366):
            found.append(later)
    return found


def _timed(
    text: str, good: Sequence[date], reason: AskReason | None, found: Parts, frame: Frame
) -> datetime | date | Ask | None:
    """Return days with the time that was said, or the question."""
    clocks = {(clock.readings, clock.same, clock.bare, clock.zone): clock for clock in found.clocks}
    if not clocks:
        if reason or len(set(good)) != 1:
            return question(reason or AskReason.VAGUE, in_order(good), text)
        return good[0]
    if len(clocks) > 1 or any(clock.asked for clock in clocks.values()):
        reason = reason or (AskReason.SEVERAL if len(clocks) > 1 else AskReason.AMBIGUOUS)
    found_moments: list[datetime] = []
    for clock in clocks.values():
        for day in dict.fromkeys(good):
            some, problem = _moments(clock, day, found.half, frame)
            reason = reason or problem
            found_moments.extend(some)
    now = frame.reference
    ahead = [moment for moment in found_moments if moment > now]
    if found_moments and not ahead:
        return question(reason or AskReason.PAST, in_order(good if not found_moments else ()), text)
    if reason or len(set(ahead)) != 1:
        return question(reason or AskReason.AMBIGUOUS, in_order(ahead or good), text)
    return ahead[0]


def _moments(clock: Clock, day: date, half: str, frame: Frame) -> tuple[list[datetime], AskReason | None]:
    """Return the moments of one time on one day in the reference's zone, and why they must be asked about."""
    own = frame.reference.tzinfo
    if clock.same:
        usual = frame.same_time or frame.reference.time()
        times: Sequence[time] = (usual.replace(tzinfo=None, second=0, microsecond=0),)
    else:
        times = clock.times(half)
    zones = zones_of(clock.zone) if clock.zone and own else (own,)
    if not zones or not times:
        return [], AskReason.AMBIGUOUS
    found: list[datetime] = []
    changing = False
    for zone in zones:
        for at in times:
            shown = moments(day, at, zone)
            changing = changing or len(shown) != 1
            # Inside a gap the moment before the change, read through UTC, is what clocks show after it.
            for moment in shown or (datetime.combine(day, at, tzinfo=zone).astimezone(UTC),):
                local = moment.astimezone(own) if own else moment
                if not any(local == other and local.fold == other.fold for other in found):
                    found.append(local)
    if changing:
        return found, AskReason.CLOCK_CHANGE
    return found, AskReason.AMBIGUOUS if len(found) > 1 else None


def in_order(values: Sequence[datetime | date]) -> tuple[datetime | date, ...]:
    """Return different days or moments, earliest first, as many as a question can list."""

    def key(value: datetime | date) -> tuple[date, float]:
        if isinstance(value, datetime):
            return value.date(), value.hour * 60 + value.minute + value.fold / 2
        return value, 0.0

    ordered = sorted(values, key=key)
    unique: list[datetime | date] = []
    for value in ordered:
        same = unique and unique[-1] == value
        if not same or (isinstance(value, datetime) and unique[-1].fold != value.fold):  # type: ignore[union-attr]
            unique.append(value)
    return tuple(unique[:_MAXIMUM_CANDIDATES])
