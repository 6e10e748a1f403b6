"""Everything that a store holds, one thing after the other: how data move from one store to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, Protocol

MAIL = "mails"
OUTCOME = "outcomes of mails"
PAIRS = "pairs"
DESKS = "people"
OLDER = "older records"
ACCOUNT = "accounts"
BEAT = "times of loops"
MARKER = "marks of erased people"


class Thing(NamedTuple):
    """One thing: bytes, a noun of the model or a time, under a name; a pair with when it is due."""

    kind: str
    name: str
    value: Any
    next_due: datetime | None = None


class Contents(Protocol):
    """The contents of one store, whose lock the caller holds."""

    def things(self) -> Iterator[Thing]:
        """Yield everything in one order that is the same for every store. Raises DataDamagedError, DataNewerError."""

    def take(self, things: Iterable[Thing]) -> None:
        """Put these things into the empty store as they are, versions included. Raises DataAccessError."""
