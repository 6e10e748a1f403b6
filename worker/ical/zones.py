"""Zones as calendar files name them: IANA, Windows, vendor prefixes, or a VTIMEZONE of the file's own.

Each file is resolved by itself: two files may mean different things by "Customized Time Zone".
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar import Timezone
from icalendar.timezone.tzid import tzids_from_tzinfo
from tzlocal.windows_tz import win_tz

from worker.ical.lines import Line, Node, build, component_of, line_of

# What a VTIMEZONE needs to describe a change of the clocks; anything else there is a mistake or a bomb.
_OBSERVANCE_PARTS = {"FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "INTERVAL", "COUNT", "WKST"}


@cache
def _names() -> dict[str, str]:
    """Every IANA name by its lower case."""
    return {name.lower(): name for name in available_timezones()}


@cache
def iana(tzid: str) -> str:
    """Return the IANA name that a TZID means (IANA, Windows or vendor-prefixed names), or "".

    A vendor prefix is what RFC 5545 3.2.19 calls a globally unique identifier: `/vendor.example/Europe/Berlin`.
    """
    cleaned = tzid.strip().strip('"').strip("/")
    if cleaned.lower().rpartition("/")[2] in ("utc", "z"):
        return "UTC"
    windows = win_tz.get(cleaned, "")
    if windows:
        return windows
    parts = cleaned.split("/")
    for start in range(len(parts)):
        name = _names().get("/".join(parts[start:]).lower(), "")
        if name and (start == 0 or "/" in name):
            return name
    return ""


def zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, UTC where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


class Zones:
    """The zones of one file. `owner` is the IANA name that floating and unknown times are read in."""

    def __init__(self, owner: str, timezones: list[Node]) -> None:
        """Take the owner's zone and the file's VTIMEZONE components."""
        self.owner = owner
        self.unknown: set[str] = set()
        self._definitions = {node.value("TZID").strip('"'): node for node in timezones}
        self._known: dict[str, tuple[tzinfo, str]] = {}

    def resolve(self, tzid: str) -> tuple[tzinfo, str]:
        """Return the zone behind a TZID and its IANA name (of an equal zone where it is the file's own).

        A name that means nothing is read as the owner's zone and noted in `unknown`.
        """
        if tzid not in self._known:
            self._known[tzid] = self._look_up(tzid)
        return self._known[tzid]

    def _look_up(self, tzid: str) -> tuple[tzinfo, str]:
        name = iana(tzid)
        definition = self._definitions.get(tzid.strip('"'))
        if not name and definition is not None:
            name = iana(definition.value("X-LIC-LOCATION"))
        if name:
            return zone(name), name
        own = _defined("".join(definition.physical()), self.owner) if definition is not None else None
        if own is None:
            self.unknown.add(tzid)
            return zone(self.owner), self.owner
        return own


def _fixed(own: tzinfo) -> str:
    """Return a zone of the same constant whole-hour offset, UTC where there is none."""
    offset = datetime(2026, 1, 1, tzinfo=own).utcoffset() or timedelta()
    hours, rest = divmod(round(offset.total_seconds()), 3600)
    if rest or not -12 <= hours <= 14 or not _same(own, zone(f"Etc/GMT{-hours:+d}")):
        return "UTC"
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _same(one: tzinfo, other: tzinfo) -> bool:
    """Whether two zones agree through the years that a check-in can be in."""
    days = (datetime(2024, 1, 1, 12) + timedelta(days=5 * step) for step in range(6 * 73))  # noqa: DTZ001  # wall clock
    return all(day.replace(tzinfo=one).utcoffset() == day.replace(tzinfo=other).utcoffset() for day in days)


def _equal(own: tzinfo, owner: str) -> str:
    """Return an IANA zone that runs as a file's own does, the owner's for preference."""
    if _same(own, zone(owner)):
        return owner
    candidates = [name for name in tzids_from_tzinfo(own) if name in _names().values()]
    same = sorted(name for name in candidates if "/" in name and _same(own, zone(name)))
    return same[0] if same else _fixed(own)


# A program writes the same definition into each of its files, and working it out takes tens of milliseconds.
@lru_cache(64)
def _defined(definition_text: str, owner: str) -> tuple[tzinfo, str] | None:
    """Return the zone that a VTIMEZONE describes (RFC 5545 3.6.5) and its IANA name, None where it describes none."""
    definition = component_of(definition_text)
    for rule in (line for part in definition.nodes() for line in part.lines("RRULE")):
        parts = dict(item.partition("=")[::2] for item in rule.value.upper().split(";"))
        if parts.get("FREQ") != "YEARLY" or not _OBSERVANCE_PARTS.issuperset(parts):
            return None
    kept = {"TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE", "RDATE"}
    text = ["BEGIN:VTIMEZONE", "TZID:own"]
    for part in definition.nodes():
        text += [f"BEGIN:{part.name}", *(line.text for line in part.lines() if line.name in kept), f"END:{part.name}"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            component = Timezone.from_ical("\r\n".join([*text, "END:VTIMEZONE", ""]))
            assert isinstance(component, Timezone)  # noqa: S101  # for the types; the text says VTIMEZONE
            own: tzinfo = component.to_tz(lookup_tzid=False)
            datetime(2026, 1, 1, tzinfo=own).utcoffset()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return None
    return own, _equal(own, owner)


def definition_of(name: str, moment: datetime, line_end: str) -> Node:
    """Return a VTIMEZONE for an IANA zone, true from the year before `moment` to three years after it.

    Where the clocks change by a yearly rule, the rule is given: that is what every calendar program can read.
    """
    first = datetime(moment.year - 1, 1, 1, tzinfo=UTC)
    changes = _changes(zone(name), first, first.year + 5)
    return _definition(name, first, line_end, whole=not changes or changes[0] >= moment).copy()


@lru_cache(maxsize=64)
def _definition(name: str, first: datetime, line_end: str, *, whole: bool) -> Node:
    """Return the VTIMEZONE from `first` on; with `whole` also what was true before the first change."""
    own = zone(name)
    changes = _changes(own, first, first.year + 5)
    by_kind: dict[tuple[timedelta, timedelta], list[datetime]] = {}
    for change in changes:
        by_kind.setdefault((_offset(own, change - timedelta(minutes=1)), _offset(own, change)), []).append(change)
    parts = [_observance(own, first, None, line_end)] if whole else []
    for (before, _), moments in by_kind.items():
        rule = _yearly([change + before for change in moments])
        if rule:
            parts.append(_observance(own, moments[0], moments[0], line_end, rule))
        else:
            parts += [_observance(own, change, change, line_end) for change in moments]
    return build("VTIMEZONE", [line_of("TZID", name, line_end)], line_end, parts)


def _yearly(changes: list[datetime]) -> str:
    """Return the RRULE that gives these local times, "" where they follow none."""
    first = changes[0]
    years = [change.year for change in changes]
    same = {(change.month, change.weekday(), change.time()) for change in changes}
    if len(changes) < 5 or len(same) > 1 or years != list(range(years[0], years[0] + len(years))):
        return ""
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[first.weekday()]
    if all((change + timedelta(days=7)).month != change.month for change in changes):
        return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY=-1{day}"
    weeks = {(change.day - 1) // 7 + 1 for change in changes}
    return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={weeks.pop()}{day}" if len(weeks) == 1 else ""


@lru_cache(maxsize=64)
def _changes(own: tzinfo, first: datetime, until_year: int) -> list[datetime]:
    """Return the moments (UTC) at which the clocks of a zone change."""
    found: list[datetime] = []
    before = first
    while before.year < until_year:
        after = before + timedelta(days=1)
        if _offset(own, before) != _offset(own, after):
            low, high = before, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if _offset(own, middle) == _offset(own, before) else (low, middle)
            found.append(high.replace(second=0, microsecond=0))
        before = after
    return found


def _offset(own: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(own).utcoffset() or timedelta()


def _observance(own: tzinfo, moment: datetime, change: datetime | None, line_end: str, rule: str = "") -> Node:
    """Return one STANDARD or DAYLIGHT; its DTSTART is local time by the offset before the change (RFC 5545 3.6.5)."""
    local = moment.astimezone(own)
    before = _offset(own, moment - timedelta(minutes=1)) if change else _offset(own, moment)
    start = (moment + before).strftime("%Y%m%dT%H%M%S")
    lines = [
        Line(f"DTSTART:{start}{line_end}"),
        Line(f"TZOFFSETFROM:{_written(before)}{line_end}"),
        Line(f"TZOFFSETTO:{_written(_offset(own, moment))}{line_end}"),
        line_of("TZNAME", local.tzname() or "", line_end),
    ]
    if rule:
        lines.append(Line(f"RRULE:{rule}{line_end}"))
    return build("DAYLIGHT" if local.dst() else "STANDARD", lines, line_end)


def _written(offset: timedelta) -> str:
    """Return a UTC-OFFSET value (RFC 5545 3.3.14)."""
    minutes, seconds = divmod(abs(round(offset.total_seconds())), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02d}{minutes % 60:02d}" + (f"{seconds:02d}" if seconds else "")
