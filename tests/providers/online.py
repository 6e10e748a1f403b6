"""A vendor that is reached over the network, as the contracts of its calendar and its mailbox see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

import pytest

from tests.providers.contract import OWNER
from worker.fakes.faults import Fault
from worker.fakes.server import LoopbackServer
from worker.providers import CalendarProvider, MailProvider

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that the test turns."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def turn(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


class Vendor(Protocol):
    """A fake on loopback, and the worker's providers on it; `login` is how the vendor is called on the command line."""

    clock: Clock
    login: str

    @property
    def fake(self) -> LoopbackServer:
        """The fake."""

    def calendar(self, *, read: float = 5.0, account: str = OWNER) -> CalendarProvider:
        """A calendar, as a worker has it that has just started; `read` is the time-out in seconds."""

    def mail(self, *, read: float = 5.0, **more: Any) -> MailProvider:  # its settings by name
        """The worker's mailbox, as a worker has it that has just started."""


# What strikes a request. Carried out, and its answer lost:
ANSWER_LOST = Fault("*", "drop", effect=True)
TOLD_TO_WAIT = Fault("*", "status", 503, headers={"Retry-After": "30"}, effect=True)
LOST = (
    ANSWER_LOST,
    Fault("*", "html", effect=True),
    Fault("*", "truncated", effect=True),
    Fault("*", "status", 500, effect=True),
    Fault("*", "status", 503, effect=True),
    TOLD_TO_WAIT,
    Fault("*", "status", 504, effect=True),
    Fault("*", "hang", effect=True, seconds=0.3),
)
# Not carried out, whatever the answer looks like; how a vendor says "too much" and "who are you" is its own:
HUNG_UP = Fault("*", "drop")
NOT_DONE = (
    HUNG_UP,
    Fault("*", "html"),
    Fault("*", "status", 502),
    Fault("*", "status", 503, headers={"Retry-After": "30"}),
    Fault("*", "hang", seconds=0.3),
)


class Online:
    """A contract whose tests run for each value that their vendor has for an argument: `cases`, by the argument."""

    cases: ClassVar[Mapping[str, Sequence[object]]]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give each argument of a test that stands in `cases` every value of it."""
        for name in metafunc.fixturenames:
            if name in self.cases:
                metafunc.parametrize(name, self.cases[name], ids=named)


def named(case: object) -> str:
    """Return the name of a case: what is asked for, or what goes wrong."""
    if isinstance(case, Fault):
        parts = [case.what, case.status if case.what == "status" else "", case.reason, *case.headers.values()]
        parts += ["done" if case.effect else "", "always" if case.times < 0 else ""]
        return " ".join(str(part) for part in parts if part)
    return " ".join(map(str, case)) if isinstance(case, tuple) else str(case)
