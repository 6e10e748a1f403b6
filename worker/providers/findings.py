"""What `check` finds: one line each, with its next step where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `check`: whether it is well, what was looked at, and what to do."""

    ok: bool
    what: str
    step: str = ""

    def __str__(self) -> str:
        """Return the line."""
        return f"{'ok' if self.ok else 'wrong'}: {self.what}{': ' + self.step if self.step else ''}"


def well(what: str, note: str = "") -> Finding:
    """Return a line about something that is well."""
    return Finding(ok=True, what=what, step=note)


def wrong(what: str, step: str) -> Finding:
    """Return a line about something that is wrong, with what to do."""
    return Finding(ok=False, what=what, step=step)


def counted(number: int, noun: str) -> str:
    """Return a number of things: "1 pair", "2 pairs"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def clock_finding(ahead: timedelta | None, whose: str) -> Finding:
    """Return whether this machine's clock agrees with a server's; `ahead` is None where nothing was compared."""
    if ahead is None:
        return well("clock: nothing to compare it with")
    if abs(ahead) <= _SKEW:
        return well(f"clock agrees with {whose}'s")
    seconds = int(ahead.total_seconds())
    where = f"{seconds} seconds ahead of" if seconds > 0 else f"{-seconds} seconds behind"
    return wrong(f"clock is {where} {whose}'s", "set it, and keep it with NTP.")
