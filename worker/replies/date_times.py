"""Times of day: what was said, before a day is known. A bare hour from 7 to 11 is morning, from 1 to 6 afternoon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from worker.replies.date_tokens import Token

_NOON = 12
_HOURS = 24
_MINUTES = 60
_DICTATED = frozenset({10, 15, 20, 25, 30, 40, 45, 50, 55})
_LAST_AFTERNOON = 6
_SHORT_ZONE = 4
# Four digits from 2000 on are a year before they are a time.
_NO_YEAR = 20
# Short names of zones that are no word of any language, and so are known in small letters too.
_SMALL_ZONES = frozenset({"utc", "gmt", "cest", "mez", "mesz", "edt", "pst", "pdt", "bst"})


class Clock:
    """A time of day over tokens `first` to `last`: every reading as hour and minute.

    `bare` says that neither half of the day was named, `same` that it is the usual time; `asked` that no reading may
    be taken without asking; `zone` is the zone that was written with it (an IANA name, an offset, or `?`).
    """

    __slots__ = ("asked", "bare", "first", "last", "ranged", "readings", "same", "sure", "zone")

    def __init__(
        self,
        first: int,
        last: int,
        readings: tuple[tuple[int, int], ...] = (),
        *,
        bare: bool = False,
        same: bool = False,
        asked: bool = False,
        sure: bool = True,
    ) -> None:
        self.first = first
        self.last = last
        self.readings = readings
        self.bare = bare
        self.same = same
        self.asked = asked
        self.sure = sure
        self.ranged = False
        self.zone = ""

    def times(self, half: str = "") -> tuple[time, ...]:
        """Return its times on the wall clock, with the half of the day named elsewhere (`am`, `pm` or nothing)."""
        found = []
        for hour, minute in self.readings:
            whole = _in_half(hour, half) if self.bare and half else _office(hour) if self.bare else hour
            if whole < _HOURS and minute < _MINUTES:
                found.append(time(whole, minute))
                if half == "night" and self.bare and whole < _LAST_AFTERNOON:
                    # Twelve or three at night: the night before the day, or the one after it.
                    found.append(time(whole + _NOON, minute))
        return tuple(dict.fromkeys(found))


def _office(hour: int) -> int:
    """Return a bare hour as people in offices mean it."""
    return hour + _NOON if 1 <= hour <= _LAST_AFTERNOON else hour


def _in_half(hour: int, half: str) -> int:
    """Return an hour of a clock of twelve hours in one half of the day."""
    if hour > _NOON:
        return hour
    if half == "night":
        return hour + _NOON if hour > _LAST_AFTERNOON - 1 and hour < _NOON else hour % _NOON
    return hour % _NOON + (_NOON if half == "pm" else 0)


def clock_at(tokens: Sequence[Token], place: int) -> Clock | None:
    """Return the time that begins at a token, a range of times as its start, its zone included."""
    token = tokens[place]
    if token.kind not in _DIGITS and _BEGINNINGS.isdisjoint(token.meanings):
        return None
    found = _one(tokens, place)
    if found is None:
        return None
    after = found.last
    if after < len(tokens) and (tokens[after].text == "-" or tokens[after].has("to") or tokens[after].has("until")):
        other = _one(tokens, after + 1, ranged=True)
        if other and not other.same:
            found = _start(found, other)
    return _zoned(tokens, found)


def _start(found: Clock, other: Clock) -> Clock:
    """Return the start of a range, which takes the half of the day from its end where that keeps their order."""
    if found.bare and not other.bare and other.readings and found.readings:
        hour, minute = found.readings[0]
        shifted = _in_half(hour, "pm" if other.readings[0][0] >= _NOON else "am")
        if (shifted, minute) < other.readings[0]:
            found.readings, found.bare = ((shifted, minute),), False
    found.last, found.sure, found.ranged = other.last, found.sure or other.sure, True
    return found


def _one(tokens: Sequence[Token], place: int, *, ranged: bool = False, ends: bool = False) -> Clock | None:
    """Return one time without zone; `ends` says that it is looked at as the end of a range, and begins none."""
    at = place
    while at < min(len(tokens), place + 2) and tokens[at].has("at"):
        at += 1
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.has("same_time"):
        return Clock(place, at + 1, same=True)
    if token.has("noon") or token.has("midnight"):
        # Midnight belongs to the night before as much as to the day.
        return Clock(place, at + 1, ((_NOON if token.has("noon") else 0, 0),), asked=token.has("midnight"))
    return _spoken(tokens, place, at) or _digits(tokens, place, at, marked=at > place or ranged, ends=ends)


def _hour(tokens: Sequence[Token], at: int) -> int | None:
    """Return the hour that stands at a token, in digits or as a word."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind == "number" and len(token.text) <= 2:
        hour = token.numbers[0]
    elif token.has("number"):
        hour = token.number("number")
    else:
        return None
    return hour if 0 <= hour <= _HOURS else None


_SPOKEN = {
    "half_past": ((0, 30),),
    "half_to": ((-1, 30),),
    "half_bare": ((0, 30), (-1, 30)),
    "quarter_past": ((0, 15),),
    "quarter_to": ((-1, 45),),
    "quarter_of": ((-1, 15), (0, 15)),
    "three_quarters": ((-1, 45),),
}


_DIGITS = frozenset({"number", "clock", "pair"})
_BEGINNINGS = frozenset({"at", "same_time", "noon", "midnight", "number", *_SPOKEN})


def _spoken(tokens: Sequence[Token], place: int, at: int) -> Clock | None:
    """Return a time in words: half past two, halb drei, quarter to four, ten past three."""
    token = tokens[at]
    for kind, shifts in _SPOKEN.items():
        hour = _hour(tokens, at + 1) if token.has(kind) else None
        if hour is not None and 1 <= hour <= _NOON:
            readings = tuple(((hour + shift - 1) % _NOON + 1, minute) for shift, minute in shifts)
            return _halved(tokens, Clock(place, at + 2, readings, bare=True, asked=len(readings) > 1))
    minutes, told = _hour(tokens, at), _hour(tokens, at + 2)
    if minutes in {5, 10, 20, 25} and told is not None and 1 <= told <= _NOON:
        if tokens[at + 1].has("past_hour"):
            return _halved(tokens, Clock(place, at + 3, ((told, minutes),), bare=True))
        # In English "ten to three" alone may be a range.
        if tokens[at + 1].has("to_hour") and (at > place or not tokens[at + 1].has("to")):
            return _halved(tokens, Clock(place, at + 3, (((told - 2) % _NOON + 1, _MINUTES - minutes),), bare=True))
    return None


def _digits(tokens: Sequence[Token], place: int, at: int, *, marked: bool, ends: bool) -> Clock | None:
    """Return a time in digits, or an hour in words that something marks as one."""
    token = tokens[at]
    if token.kind == "clock":
        hour, minute = token.numbers[0], token.numbers[1]
        if hour > _HOURS or minute >= _MINUTES or hour == _HOURS:
            return None
        early = token.text.startswith("0") and 1 <= hour <= _LAST_AFTERNOON
        readings = ((hour, minute), (hour + _NOON, minute)) if early else ((hour, minute),)
        return _halved(tokens, Clock(place, at + 1, readings, bare=not early and hour > 0, asked=early))
    if token.kind == "pair" and "." in token.text and not token.text.endswith("."):
        return _dotted(tokens, place, at, marked=marked)
    if token.kind == "number" and len(token.text) == 4 and (marked or _behind_weekday(tokens, at)):
        hundreds, minute = divmod(token.numbers[0], 100)
        fits = hundreds < _HOURS and minute < _MINUTES and (marked or (minute % 15 == 0 and hundreds < _NO_YEAR))
        return Clock(place, at + 1, ((hundreds, minute),)) if fits else None
    bare = _hour(tokens, at)
    if bare is None or bare == _HOURS:
        return None
    found = Clock(place, at + 1, ((bare, 0),), bare=bare > 0, sure=marked)
    after = at + 1
    if after < len(tokens) and tokens[after].has("oclock"):
        found.last, found.sure = after + 1, True
        more = tokens[after + 1] if after + 1 < len(tokens) else None
        if more and more.kind == "number" and len(more.text) == 2 and more.numbers[0] < _MINUTES:
            found.last, found.readings = after + 2, ((bare, more.numbers[0]),)
    found = _plus(tokens, _minutes_in_words(tokens, found))
    found = _halved(tokens, found)
    return found if found.sure or (not ends and _begins_range(tokens, at)) else None


def _minutes_in_words(tokens: Sequence[Token], found: Clock) -> Clock:
    """Return an hour in words with the minutes that were dictated behind it: "three thirty p m"."""
    at = found.last
    if at >= len(tokens) or tokens[at - 1].kind == "number":
        return found
    token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
    minute = token.number("number") if token.has("number") else 0
    marked = found.sure or (after is not None and (after.has("am") or after.has("pm")))
    if marked and minute in _DICTATED and not (after and after.has("unit")):
        found.last, found.readings, found.sure = at + 1, ((found.readings[0][0], minute),), True
    return found


def _behind_weekday(tokens: Sequence[Token], at: int) -> bool:
    """Whether four digits stand right behind a weekday, as in "thurs 1530"."""
    return at > 0 and tokens[at - 1].has("weekday")


def _begins_range(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bare hour begins a range of times: "2-3pm", "von 14 bis 15 Uhr", "Tuesday from 10 to 11"."""
    if at + 2 >= len(tokens):
        return False
    mark = tokens[at + 1]
    if mark.text != "-" and not mark.has("to") and not mark.has("until"):
        return False
    other = _one(tokens, at + 2, ends=True)
    if mark.text == "-":
        return other is not None and mark.glued and tokens[at + 2].glued
    if not at or not (tokens[at - 1].has("from") or tokens[at - 1].has("of")):
        return False
    day = at - 2 - (tokens[at - 2].text == ".")
    of_day = day >= 0 and any(tokens[day].has(kind) for kind in ("weekday", "day", "month"))
    return other is not None or (of_day and _hour(tokens, at + 2) is not None)


def _plus(tokens: Sequence[Token], found: Clock) -> Clock:
    """Return the time with what follows the hour: y media, et quart, moins le quart."""
    if found.last >= len(tokens) or found.readings[0][1]:
        return found
    token, hour = tokens[found.last], found.readings[0][0]
    for kind, shift, minute in (("plus_half", 0, 30), ("plus_quarter", 0, 15), ("minus_quarter", -1, 45)):
        if token.has(kind):
            shifted = (hour + shift - 1) % _NOON + 1 if found.bare and hour <= _NOON else (hour + shift) % _HOURS
            found.last, found.readings, found.sure = found.last + 1, ((shifted, minute),), True
            return found
    return found


def _dotted(tokens: Sequence[Token], place: int, at: int, *, marked: bool) -> Clock | None:
    """Return 10.30 as a time where something marks it as one or it can be no date."""
    hour, minute = tokens[at].numbers[0], tokens[at].numbers[1]
    if hour >= _HOURS or minute >= _MINUTES or len(tokens[at].text.partition(".")[2].strip()) != 2:
        return None
    found = _halved(tokens, Clock(place, at + 1, ((hour, minute),), bare=hour > 0, sure=marked))
    after = found.last
    if after < len(tokens) and tokens[after].has("oclock"):
        found.last, found.sure = after + 1, True
    no_date = minute > _NOON or minute == 0
    return found if found.sure or no_date else None


def _halved(tokens: Sequence[Token], found: Clock) -> Clock:
    """Return a time with the half of the day that stands right behind it."""
    after = found.last
    if after < len(tokens) and tokens[after].has("oclock") and tokens[after - 1].kind == "clock":
        after += 1
        found.last = after
    if after >= len(tokens):
        return found
    token = tokens[after]
    half = "am" if token.has("am") else "pm" if token.has("pm") else ""
    if not half and token.has("daypart") and not token.has("day"):
        half = str(token.meanings["daypart"])
    if half == "night":
        return found
    if not half or any(hour > _NOON for hour, _ in found.readings if not found.asked):
        return found
    readings = tuple(dict.fromkeys((_in_half(hour % _NOON or _NOON, half), minute) for hour, minute in found.readings))
    found.last, found.readings = after + 1, readings
    found.bare, found.sure, found.asked = False, True, len(readings) > 1
    return found


def _unknown_zone(tokens: Sequence[Token], after: int) -> bool:
    """Whether a zone that no table has stands behind a time: "10:00 HKT", "10 Lagos time", "10h heure de Dakar"."""
    token = tokens[after]
    near = tokens[after + 1] if after + 1 < len(tokens) else None
    if token.meanings:
        return token.has("zone_word") and near is not None and near.kind == "word" and not near.meanings
    if near is not None and near.has("zone_word"):
        return True
    return token.kind == "word" and token.upper and 2 <= token.end - token.start <= _SHORT_ZONE


def _zoned(tokens: Sequence[Token], found: Clock) -> Clock:
    """Return a time with the zone that is written behind it; only capitals are a zone's short name."""
    after = found.last
    if after < len(tokens) and tokens[after].text in {"(", ","}:
        after += 1
    if after >= len(tokens):
        return found
    token = tokens[after]
    if _unknown_zone(tokens, after):
        found.zone = "?"
        return found
    short = token.end - token.start <= _SHORT_ZONE and not token.upper and token.text not in _SMALL_ZONES
    if not token.has("zone") or short:
        return found
    zone = str(token.meanings["zone"])
    last = after + 1
    if zone in {"UTC", "GMT"} and last + 1 < len(tokens) and tokens[last].text in {"+", "-"}:
        offset = tokens[last + 1]
        if offset.kind in {"number", "clock"}:
            zone = f"{tokens[last].text}{offset.text}"
            last += 2
    found.last, found.zone = last, zone
    return found
