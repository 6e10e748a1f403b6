"""What `check` finds: one line each, with its next step where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass


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
