"""A store that forgets everything when its process ends, for dry runs and for tests. It keeps the same promises."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from worker.errors import ConflictError
from worker.model import CalendarState, Desk, Inbound, Pair, PairKey
from worker.store import Due, archive
from worker.tokens import record_id


class MemoryStore:
    """See worker.store.Store."""

    def __init__(self) -> None:
        self._pairs: dict[PairKey, Pair] = {}
        self._due: dict[PairKey, datetime | None] = {}
        self._older: dict[PairKey, Pair] = {}
        self._desks: dict[str, Desk] = {}
        self._blobs: dict[str, bytes] = {}
        self._inbounds: dict[str, Inbound] = {}
        self._calendars: dict[str, CalendarState] = {}
        self._beats: dict[str, datetime] = {}
        self._erased: set[str] = set()

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:  # noqa: ARG002  # nobody else can hold it
        """See Store."""
        yield

    def pairs(self) -> tuple[Due, ...]:
        """See Store."""
        keys = sorted(self._pairs, key=str)
        return tuple([Due(key, record_id(str(key)), self._due[key]) for key in keys])

    def load_pair(self, key: PairKey) -> Pair | None:
        """See Store."""
        return self._pairs.get(key)

    def pair_by_id(self, pair_id: str) -> PairKey | None:
        """See Store."""
        return next((key for key in self._pairs if record_id(str(key)) == pair_id), None)

    def save_pair(self, pair: Pair, next_due: datetime | None) -> Pair:
        """See Store."""
        before = self._pairs.get(pair.key)
        _check_version(str(pair.key), pair.version, before.version if before else 0)
        archive.check_keys(pair)
        kept, years = archive.split(pair)
        for older in years.values():
            there = self._older.get(pair.key)
            self._older[pair.key] = archive.merge(there, older) if there else older
        self._pairs[pair.key] = replace(kept, version=pair.version + 1)
        self._due[pair.key] = next_due
        return self._pairs[pair.key]

    def set_due(self, key: PairKey, next_due: datetime | None) -> None:
        """See Store."""
        if key in self._pairs:
            self._due[key] = next_due

    def older(self, key: PairKey) -> Pair | None:
        """See Store."""
        found, current = self._older.get(key), self._pairs.get(key)
        return archive.without(found, current) if found and current else found

    def load_desk(self, email: str) -> Desk | None:
        """See Store."""
        return self._desks.get(email)

    def desks(self) -> tuple[str, ...]:
        """See Store."""
        return tuple(sorted(self._desks))

    def desk_by_id(self, desk_id: str) -> str | None:
        """See Store."""
        return next((email for email in self._desks if record_id(email) == desk_id), None)

    def save_desk(self, desk: Desk) -> Desk:
        """See Store."""
        before = self._desks.get(desk.email)
        _check_version(desk.email, desk.version, before.version if before else 0)
        archive.check_keys(desk)
        self._desks[desk.email] = replace(desk, version=desk.version + 1)
        return self._desks[desk.email]

    def put_blob(self, raw: bytes) -> str:
        """See Store."""
        digest = hashlib.sha256(raw).hexdigest()
        self._blobs[digest] = raw
        return digest

    def get_blob(self, digest: str) -> bytes | None:
        """See Store."""
        return self._blobs.get(digest)

    def inbound(self, digest: str) -> Inbound | None:
        """See Store."""
        return self._inbounds.get(digest)

    def save_inbound(self, inbound: Inbound) -> None:
        """See Store."""
        self._inbounds[inbound.digest] = inbound

    def inbounds(self) -> Iterator[Inbound]:
        """See Store."""
        return iter(sorted(self._inbounds.values(), key=lambda inbound: (inbound.at, inbound.digest)))

    def find_message(self, message_id: str) -> tuple[str, str] | None:
        """See Store."""
        if not message_id:
            return None
        records: list[tuple[str, Pair | Desk]] = [(record_id(str(key)), pair) for key, pair in self._pairs.items()]
        records += [(record_id(str(key)), pair) for key, pair in self._older.items()]
        records += [(record_id(email), desk) for email, desk in self._desks.items()]
        for record, value in records:
            for row in value.outbox:
                if row.message_id == message_id:
                    return record, row.key
        return None

    def load_calendar(self, account: str) -> CalendarState | None:
        """See Store."""
        return self._calendars.get(account)

    def save_calendar(self, state: CalendarState) -> None:
        """See Store."""
        self._calendars[state.account] = state

    def heartbeat(self, name: str, at: datetime | None = None) -> datetime | None:
        """See Store."""
        if at is not None:
            self._beats[name] = at
        return self._beats.get(name)

    def erase(self, address: str, marker: str) -> int:
        """See Store."""
        address = address.lower()
        self._erased.add(marker)
        own = {address, *(self._desks[address].aliases if address in self._desks else ())}
        keys = [key for key in self._pairs if own & {key.manager, key.person}]
        records: list[Pair | Desk] = [self._pairs[key] for key in keys]
        records += [self._older[key] for key in keys if key in self._older]
        desks = [self._desks.pop(one) for one in own if one in self._desks]
        records += desks
        digests = {row.body for record in records for row in record.outbox}
        digests |= {item.digest for record in records for item in record.applied}
        mails = [item for item in self._inbounds.values() if item.sender in own or own & set(item.pair.split())]
        for inbound in mails:
            del self._inbounds[inbound.digest]
        digests |= {inbound.digest for inbound in mails}
        gone = [digest for digest in digests if self._blobs.pop(digest, None) is not None]
        for key in keys:
            del self._pairs[key], self._due[key]
            self._older.pop(key, None)
        for one in own:
            self._calendars.pop(one, None)
        return len(gone) + len(keys) + len(desks)

    def purge(
        self,
        keep_pair: Callable[[Pair], Pair],
        keep_desk: Callable[[Desk], Desk],
        in_use: Callable[[Pair | Desk], set[str]],
        before: tuple[datetime, datetime],
    ) -> int:
        """See Store."""
        records: list[Pair | Desk] = []
        count = 0
        for key, pair in [*self._pairs.items()]:
            after = keep_pair(pair)
            if after != pair:
                count += 1
                self._pairs[key] = after
            records.append(after)
        for key, older in [*self._older.items()]:
            self._older[key] = keep_pair(older)
            records.append(self._older[key])
        for email, desk in [*self._desks.items()]:
            self._desks[email] = keep_desk(desk)
            records.append(self._desks[email])
        needed = {digest for record in records for digest in in_use(record)}
        needed |= {item.digest for item in self._inbounds.values() if item.at >= before[0]}
        self._inbounds = {digest: item for digest, item in self._inbounds.items() if item.at >= before[1]}
        gone = [digest for digest in self._blobs if digest not in needed]
        for digest in gone:
            del self._blobs[digest]
        return count + len(gone)

    def is_erased(self, marker: str) -> bool:
        """See Store."""
        return marker in self._erased

    def check(self) -> tuple[str, ...]:
        """See Store."""
        return ()

    def problems(self) -> tuple[str, ...]:
        """See Store."""
        return ()


def _check_version(name: str, version: int, there: int) -> None:
    if version != there:
        raise ConflictError(
            f"record {record_id(name)} changed since it was read (version {version}, now {there}): read it again"
        )
