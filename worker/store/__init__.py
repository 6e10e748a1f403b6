"""What the worker asks of its memory. One Protocol; every store passes the same contract tests.

A unit of work is one record: `save` is atomic and durable, and refuses to overwrite what somebody else saved since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from worker.model import CalendarState, Desk, Inbound, Pair, PairKey


@dataclass(frozen=True, slots=True)
class Due:
    """A pair's line in the due index: `next_due` is the next moment at which its plan may change, None: never."""

    key: PairKey
    id: str
    next_due: datetime | None


class Store(Protocol):
    """Everything that is remembered."""

    def lock(self, timeout: float) -> AbstractContextManager[None]:
        """Hold the data for one tick or one writing command. Raises BusyError after `timeout` seconds."""

    # -- pairs

    def pairs(self) -> tuple[Due, ...]:
        """Return every pair's line without loading the pairs, in order of their keys."""

    def load_pair(self, key: PairKey) -> Pair | None:
        """Return a pair as last saved. Raises DataDamagedError, DataNewerError."""

    def pair_by_id(self, pair_id: str) -> PairKey | None:
        """Return the key behind the short id that tokens begin with (`worker.tokens.record_id`)."""

    def save_pair(self, pair: Pair, next_due: datetime | None) -> Pair:
        """Store the pair durably in one step and return it with its new version. Raises ConflictError."""

    def set_due(self, key: PairKey, next_due: datetime | None) -> None:
        """Note the next moment at which the pair's plan may change; may be lost in a crash and rebuilt."""

    def older(self, key: PairKey) -> Pair | None:
        """Return what was moved out of the pair's daily record (items and rows older than twelve months)."""

    # -- people

    def load_desk(self, email: str) -> Desk | None:
        """Return a person's desk as last saved."""

    def desks(self) -> tuple[str, ...]:
        """Return the addresses that have a desk."""

    def desk_by_id(self, desk_id: str) -> str | None:
        """Return the address behind the short id that tokens begin with."""

    def save_desk(self, desk: Desk) -> Desk:
        """Store the desk durably and return it with its new version. Raises ConflictError."""

    # -- mails

    def put_blob(self, raw: bytes) -> str:
        """Keep bytes (a rendered mail, a received mail) durably under their SHA-256; the same bytes are kept once."""

    def get_blob(self, digest: str) -> bytes | None:
        """Return kept bytes."""

    def inbound(self, digest: str) -> Inbound | None:
        """Return what became of received bytes, None where it is not decided."""

    def save_inbound(self, inbound: Inbound) -> None:
        """Record a received mail's outcome durably."""

    def inbounds(self) -> Iterator[Inbound]:
        """Iterate over all received mails' outcomes, oldest first."""

    def find_message(self, message_id: str) -> tuple[str, str] | None:
        """Return (record id, outbox key) of a mail of ours by its true Message-ID, None where it is not ours."""

    # -- accounts

    def load_calendar(self, account: str) -> CalendarState | None:
        """Return what is known of a calendar, or of the mailbox (`account` "mailbox")."""

    def save_calendar(self, state: CalendarState) -> None:
        """Store what is known of an account."""

    def heartbeat(self, name: str, at: datetime | None = None) -> datetime | None:
        """Note (with `at`) and return when a loop last completed."""

    # -- the whole

    def erase(self, address: str, marker: str) -> int:
        """Remove every trace of a person and leave only `marker` (a keyed hash); return how many files went."""

    def purge(
        self,
        keep_pair: Callable[[Pair], Pair],
        keep_desk: Callable[[Desk], Desk],
        in_use: Callable[[Pair | Desk], set[str]],
        before: tuple[datetime, datetime],
    ) -> int:
        """Forget what these leave out, older records and previous generations included; return how many files changed.

        Mails whose digests are `in_use` nowhere go, but those received since the first moment of `before`; outcomes of
        received mails go that are older than the second.
        """

    def is_erased(self, marker: str) -> bool:
        """Whether this keyed hash was left behind by an erasure."""

    def check(self) -> tuple[str, ...]:
        """Read everything and return what is damaged, one line each."""

    def problems(self) -> tuple[str, ...]:
        """Return what was found damaged or had to be repaired so far, one line each, for the report of a tick."""
