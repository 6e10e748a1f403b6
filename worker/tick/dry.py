"""A rehearsal: the same tick on a copy of the office whose store forgets and whose effects do nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from worker.errors import ConflictError
from worker.model import Busy, CalendarState, CalendarWrite, Desk, Event, Inbound, Pair, PairKey
from worker.providers import Batch, CalendarProvider, CalendarRead, MailProvider, Received, Sent, Whereabouts, Written
from worker.store import Due, Store
from worker.tick.office import Memory, Office
from worker.tokens import record_id


def rehearsal(office: Office) -> Office:
    """Return an office in which everything can be done and nothing is changed."""
    return replace(
        office,
        store=DryStore(office.store),
        mailbox=DryMail(office.mailbox),
        calendars={account: DryCalendar(calendar) for account, calendar in office.calendars.items()},
        memory=Memory(),
    )


@dataclass
class DryStore:
    """Reads from the real store and keeps what is saved in memory."""

    real: Store
    _pairs: dict[PairKey, Pair] = field(default_factory=dict)
    _due: dict[PairKey, datetime | None] = field(default_factory=dict)
    _desks: dict[str, Desk] = field(default_factory=dict)
    _blobs: dict[str, bytes] = field(default_factory=dict)
    _inbound: dict[str, Inbound] = field(default_factory=dict)
    _calendars: dict[str, CalendarState] = field(default_factory=dict)

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Nothing is written, so nothing is locked."""
        del timeout
        yield

    def pairs(self) -> tuple[Due, ...]:
        """See Store."""
        found = {due.key: due for due in self.real.pairs()}
        for key in self._pairs:
            found[key] = Due(key, record_id(str(key)), self._due.get(key))
        return tuple(replace(due, next_due=self._due.get(key, due.next_due)) for key, due in sorted(found.items()))

    def load_pair(self, key: PairKey) -> Pair | None:
        """See Store."""
        return self._pairs.get(key) or self.real.load_pair(key)

    def pair_by_id(self, pair_id: str) -> PairKey | None:
        """See Store."""
        known = {record_id(str(key)): key for key in self._pairs}
        return known.get(pair_id) or self.real.pair_by_id(pair_id)

    def save_pair(self, pair: Pair, next_due: datetime | None) -> Pair:
        """See Store."""
        known = self.load_pair(pair.key)
        if known is not None and known.version != pair.version:
            raise ConflictError(f"{pair.key}: was changed in between; read it again")
        saved = replace(pair, version=pair.version + 1)
        self._pairs[pair.key] = saved
        self._due[pair.key] = next_due
        return saved

    def set_due(self, key: PairKey, next_due: datetime | None) -> None:
        """See Store."""
        self._due[key] = next_due

    def older(self, key: PairKey) -> Pair | None:
        """See Store."""
        return self.real.older(key)

    def load_desk(self, email: str) -> Desk | None:
        """See Store."""
        return self._desks.get(email) or self.real.load_desk(email)

    def desks(self) -> tuple[str, ...]:
        """See Store."""
        return tuple(sorted({*self.real.desks(), *self._desks}))

    def desk_by_id(self, desk_id: str) -> str | None:
        """See Store."""
        known = {record_id(address): address for address in self._desks}
        return known.get(desk_id) or self.real.desk_by_id(desk_id)

    def save_desk(self, desk: Desk) -> Desk:
        """See Store."""
        saved = replace(desk, version=desk.version + 1)
        self._desks[desk.email] = saved
        return saved

    def put_blob(self, raw: bytes) -> str:
        """See Store."""
        digest = sha256(raw).hexdigest()
        self._blobs[digest] = raw
        return digest

    def get_blob(self, digest: str) -> bytes | None:
        """See Store."""
        return self._blobs.get(digest) or self.real.get_blob(digest)

    def inbound(self, digest: str) -> Inbound | None:
        """See Store."""
        return self._inbound.get(digest) or self.real.inbound(digest)

    def save_inbound(self, inbound: Inbound) -> None:
        """See Store."""
        self._inbound[inbound.digest] = inbound

    def inbounds(self) -> Iterator[Inbound]:
        """See Store."""
        yield from self.real.inbounds()
        yield from self._inbound.values()

    def find_message(self, message_id: str) -> tuple[str, str] | None:
        """See Store."""
        return self.real.find_message(message_id)

    def load_calendar(self, account: str) -> CalendarState | None:
        """See Store."""
        return self._calendars.get(account) or self.real.load_calendar(account)

    def save_calendar(self, state: CalendarState) -> None:
        """See Store."""
        self._calendars[state.account] = state

    def heartbeat(self, name: str, at: datetime | None = None) -> datetime | None:
        """See Store."""
        return at or self.real.heartbeat(name)

    def erase(self, address: str, marker: str) -> int:
        """Nothing is erased in a rehearsal."""
        del address, marker
        return 0

    def purge(
        self,
        keep_pair: Callable[[Pair], Pair],
        keep_desk: Callable[[Desk], Desk],
        in_use: Callable[[Pair | Desk], set[str]],
        before: tuple[datetime, datetime],
    ) -> int:
        """Forget nothing."""
        del keep_pair, keep_desk, in_use, before
        return 0

    def is_erased(self, marker: str) -> bool:
        """See Store."""
        return self.real.is_erased(marker)

    def check(self) -> tuple[str, ...]:
        """See Store."""
        return self.real.check()

    def problems(self) -> tuple[str, ...]:
        """See Store."""
        return self.real.problems()


@dataclass
class DryMail:
    """Reads from the real mailbox and sends nothing."""

    real: MailProvider

    @property
    def address(self) -> str:
        """See MailProvider."""
        return self.real.address

    @property
    def settles_after(self) -> float:
        """See MailProvider."""
        return self.real.settles_after

    def signature(self) -> str:
        """See MailProvider."""
        return ""

    def fetch(self, cursor: str) -> Batch:
        """See MailProvider."""
        return self.real.fetch(cursor)

    def done(self, mail: Received, *, refused: bool) -> None:
        """Leave the mail as it is."""

    def draft(self, key: str, raw: bytes, conversation: str) -> str:
        """Store nothing."""
        del raw, conversation
        return key

    def send(self, ref: str) -> Sent:
        """Send nothing, and say where it would be."""
        return Sent(ref, "")

    def locate(self, key: str, ref: str, message_id: str) -> tuple[Whereabouts, Sent | None]:
        """See MailProvider."""
        return self.real.locate(key, ref, message_id)


@dataclass
class DryCalendar:
    """Reads from the real calendar and writes nothing."""

    real: CalendarProvider

    @property
    def account(self) -> str:
        """See CalendarProvider."""
        return self.real.account

    @property
    def writable(self) -> bool:
        """See CalendarProvider."""
        return self.real.writable

    @property
    def invites(self) -> bool:
        """See CalendarProvider."""
        return self.real.invites

    def signature(self) -> str:
        """See CalendarProvider."""
        return ""

    def read(self, start: datetime, end: datetime) -> CalendarRead:
        """See CalendarProvider."""
        return self.real.read(start, end)

    def find(self, uid: str, recurrence_id: datetime | None, near: datetime) -> Event | None:
        """See CalendarProvider."""
        return self.real.find(uid, recurrence_id, near)

    def write(self, write: CalendarWrite, stamp: datetime) -> Written:
        """Write nothing."""
        del stamp
        return Written(write.uid, write.start, write.end)

    def busy(self, address: str, start: datetime, end: datetime) -> tuple[Busy, ...] | None:
        """See CalendarProvider."""
        return self.real.busy(address, start, end)
