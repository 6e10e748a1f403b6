"""Kills a worker at a chosen point: before an effect, or after it and before anybody learns of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from worker.tick import Memory, Office

# Every call through which something outside the process changes, or is about to be told that it may.
POINTS = {
    "store": ("save_pair", "save_desk", "put_blob", "save_inbound", "save_calendar", "set_due", "heartbeat"),
    "mailbox": ("fetch", "done", "draft", "send", "locate"),
    "calendar": ("read", "write"),
}


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


@dataclass
class Fuse:
    """Counts the points that a run passes and kills it at one of them, and once more `again` points later."""

    at: int | None = None
    again: int = 0
    passed: int = 0
    name: str = ""

    def point(self, name: str) -> None:
        """Pass one point."""
        if self.passed == self.at:
            self.passed += 1
            self.name = f"{self.name} {name}".strip()
            self.at = self.at + self.again if self.again and self.at is not None else None
            self.again = 0
            raise Killed(name)
        self.passed += 1


class Wired:
    """A provider or a store whose calls of the table pass the fuse before and behind; all else is the real one."""

    def __init__(self, real: Any, kind: str, fuse: Fuse) -> None:
        self._real, self._kind, self._fuse = real, kind, fuse

    def __getattr__(self, name: str) -> Any:
        """Return the real attribute, wired where it has an effect."""
        value = getattr(self._real, name)
        if name not in POINTS[self._kind]:
            return value
        return self._wired(name, value)

    def _wired(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wired(*arguments: Any, **named: Any) -> Any:
            self._fuse.point(f"before {name}")
            result = call(*arguments, **named)
            self._fuse.point(f"behind {name}")
            return result

        return wired


def wire(office: Office, fuse: Fuse) -> Office:
    """Return the office of a new process with every effect wired to the fuse."""
    return replace(
        office,
        store=Wired(office.store, "store", fuse),
        mailbox=Wired(office.mailbox, "mailbox", fuse),
        calendars={address: Wired(one, "calendar", fuse) for address, one in office.calendars.items()},
        memory=Memory(),
    )
