"""The store of an organisation: one PostgreSQL database, one row for each pair and each person."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from worker.errors import ConflictError, DataDamagedError
from worker.model import CalendarState, Desk, Inbound, Pair, PairKey
from worker.store import Due, archive
from worker.store.postgres import layout, rows
from worker.store.postgres.index import PairIndex
from worker.store.postgres.layout import ACCOUNTS, LAYOUT, PAIRS, PEOPLE, Layout, changes, pages, records
from worker.store.postgres.rows import SHAPES
from worker.store.postgres.session import OLDEST, Session
from worker.store.tables import CALENDAR, Loaded, name_of
from worker.tokens import record_id

R = TypeVar("R", Pair, Desk)

_CACHED = 64
_OWN_WAIT = 10.0
_MARKER = re.compile(r"[A-Za-z0-9_-]{16,128}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class PostgresStore:
    """See worker.store.Store. Several processes may use one database; those that write take the lock.

    `url` is libpq's; a `password` given apart goes before the one in it. `schema` is the database's schema with the
    tables. Nothing is asked before something is read. Errors are DataAccessError, DataDamagedError, DataNewerError.
    """

    def __init__(
        self,
        url: str,
        password: str = "",
        *,
        schema: str = "followthrough",
        layout: Layout = LAYOUT,
        oldest: int = OLDEST,
    ) -> None:
        self.session = Session(url, password, schema, layout, oldest)
        self._mutex = RLock()
        # A record that is not there is remembered, too: most people have no desk.
        self._cache: OrderedDict[tuple[str, str], Loaded | None] = OrderedDict()
        self._index = PairIndex(self._forget)
        self._fresh = False

    def __str__(self) -> str:
        """Return how the database is called in messages."""
        return str(self.session.place)

    def close(self) -> None:
        """Give the connections back to the server; the next call opens new ones."""
        self.session.close()

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """See Store. While it is held nobody else writes, so what was read once is believed until its end."""
        if self.session.holds_lock:
            yield
            return
        with self.session.lock(timeout):
            self._fresh = False
            try:
                yield
            finally:
                self._fresh = False

    def resident(self) -> AbstractContextManager[None]:
        """Be the one worker that runs on this database, on whatever machine. Raises NeedsPersonError."""
        return self.session.resident()

    # -- pairs

    def pairs(self) -> tuple[Due, ...]:
        """See Store. One small query, and none for whoever holds the lock."""
        with self._looking() as connection:
            return self._index.lines() if connection is not None else ()

    def load_pair(self, key: PairKey) -> Pair | None:
        """See Store."""
        loaded = self._load(PAIRS, str(key))
        return loaded.value if loaded else None

    def pair_by_id(self, pair_id: str) -> PairKey | None:
        """See Store."""
        with self._looking() as connection:
            due = self._index.by_id(pair_id) if connection is not None else None
        return due.key if due else None

    def save_pair(self, pair: Pair, next_due: datetime | None) -> Pair:
        """See Store."""
        with self.lock(_OWN_WAIT):
            return self._save(PAIRS, pair, next_due)

    def set_due(self, key: PairKey, next_due: datetime | None) -> None:
        """See Store."""
        record = record_id(str(key))
        with self.lock(_OWN_WAIT), self._looking():
            line = self._index.by_id(record)
            if line is None or line.next_due == next_due:
                return
            # A due time that a crash takes back may come late only where it had moved forward.
            earlier = next_due is not None and (line.next_due is None or next_due < line.next_due)
            with self.session.writing(durable=earlier) as connection:
                values = {"next_due": next_due, "changed": changes.next_value()}
                here = rows.is_record(PAIRS, record)
                changed = connection.scalar(records.update().where(here).values(values).returning(records.c.changed))
            self._index.saved(record, str(key), next_due, changed or 0)

    def older(self, key: PairKey) -> Pair | None:
        """See Store."""
        found: Pair | None = None
        with self.session.reading() as connection:
            if connection is None:
                return None
            for _, old in rows.years(connection, self.session.place, record_id(str(key))):
                found = archive.merge(found, old) if found else old
        current = self.load_pair(key)
        return archive.without(found, current) if found and current else found

    # -- people

    def load_desk(self, email: str) -> Desk | None:
        """See Store."""
        loaded = self._load(PEOPLE, email)
        return loaded.value if loaded else None

    def desks(self) -> tuple[str, ...]:
        """See Store."""
        with self.session.reading() as connection:
            if connection is None:
                return ()
            return tuple(sorted(connection.scalars(select(records.c.name).where(records.c.kind == PEOPLE))))

    def desk_by_id(self, desk_id: str) -> str | None:
        """See Store."""
        with self.session.reading() as connection:
            if connection is None:
                return None
            return connection.scalar(select(records.c.name).where(rows.is_record(PEOPLE, desk_id)))

    def save_desk(self, desk: Desk) -> Desk:
        """See Store."""
        with self.lock(_OWN_WAIT):
            return self._save(PEOPLE, desk, None)

    # -- mails

    def put_blob(self, raw: bytes) -> str:
        """See Store."""
        digest = hashlib.sha256(raw).hexdigest()
        with self.lock(_OWN_WAIT), self.session.writing() as connection:
            put = insert(layout.mails).values(digest=digest, raw=raw)
            mended = put.on_conflict_do_update(
                index_elements=["digest"], set_={"raw": put.excluded.raw}, where=layout.mails.c.raw != put.excluded.raw
            )
            connection.execute(mended)
        return digest

    def get_blob(self, digest: str) -> bytes | None:
        """See Store."""
        _check_digest(digest)
        with self.session.reading() as connection:
            if connection is None:
                return None
            raw = connection.scalar(select(layout.mails.c.raw).where(layout.mails.c.digest == digest))
        return rows.sound(self.session.place, digest, raw) if raw is not None else None

    def inbound(self, digest: str) -> Inbound | None:
        """See Store."""
        with self.session.reading() as connection:
            if connection is None:
                return None
            body = connection.scalar(select(layout.inbound.c.body).where(layout.inbound.c.digest == digest))
        return rows.outcome(body) if body is not None else None

    def save_inbound(self, inbound: Inbound) -> None:
        """See Store."""
        _check_digest(inbound.digest)
        row = rows.outcome_row(inbound)
        with self.lock(_OWN_WAIT), self.session.writing() as connection:
            put = insert(layout.inbound).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=["digest"], set_=row))

    def inbounds(self) -> Iterator[Inbound]:
        """See Store."""
        table = layout.inbound
        key = (table.c.at, table.c.digest)
        with self.session.reading() as connection:
            if connection is not None:
                for row in pages(connection, select(*key, table.c.body), key):
                    yield rows.outcome(row.body)

    def find_message(self, message_id: str) -> tuple[str, str] | None:
        """See Store."""
        table = layout.messages
        with self.session.reading() as connection:
            if connection is None or not message_id:
                return None
            query = select(table.c.kind, table.c.record).where(table.c.message == rows.message_digest(message_id))
            candidates = connection.execute(query).all()
        for kind, record in candidates:
            row_key = self._row_with(kind, record, message_id)
            if row_key is not None:
                return record, row_key
        return None

    def _row_with(self, kind: str, record: str, message_id: str) -> str | None:
        """Return the key of the row with a Message-ID, in a record or in what was moved out of it."""
        loaded = self._load(kind, "", record)
        if loaded is None:
            return None
        found = next((row.key for row in loaded.value.outbox if row.message_id == message_id), None)
        if found is not None or kind != PAIRS:
            return found
        older = self.older(loaded.value.key)
        return next((row.key for row in older.outbox if row.message_id == message_id), None) if older else None

    # -- accounts

    def load_calendar(self, account: str) -> CalendarState | None:
        """See Store."""
        loaded = self._load(ACCOUNTS, account)
        return loaded.value if loaded else None

    def save_calendar(self, state: CalendarState) -> None:
        """See Store."""
        record = record_id(state.account)
        with self.lock(_OWN_WAIT), self._mutex:
            before = self._load(ACCOUNTS, state.account)
            # Most ticks change nothing but the time, which need not survive a crash of the server.
            same = before is not None and state.read_at and replace(before.value, read_at=state.read_at) == state
            body: str | None = None
            if same and before:
                after = replace(before, value=replace(before.value, read_at=state.read_at))
            else:
                after, body = rows.stored(CALENDAR, state, None, before)
            self._cache.pop((ACCOUNTS, record), None)
            with self.session.writing(durable=body is not None) as connection:
                changed = rows.put_account(connection, record, state, body)
            self._index.passed(changed)
            self._remember((ACCOUNTS, record), after)

    def heartbeat(self, name: str, at: datetime | None = None) -> datetime | None:
        """See Store."""
        table = layout.beats
        if at is not None:
            with self.lock(_OWN_WAIT), self.session.writing(durable=False) as connection:
                put = insert(table).values(name=name, at=at)
                connection.execute(put.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
            return at
        with self.session.reading() as connection:
            return connection.scalar(select(table.c.at).where(table.c.name == name)) if connection is not None else None

    # -- the whole

    def erase(self, address: str, marker: str) -> int:
        """See Store. All of it happens in one transaction: a crash leaves everything or nothing."""
        from worker.store.postgres.erase import erase

        _check_marker(marker)
        with self.lock(_OWN_WAIT):
            try:
                with self.session.writing() as connection:
                    return erase(connection, self.session.place, address.lower(), marker)
            finally:
                self.look_again()

    def purge(
        self,
        keep_pair: Callable[[Pair], Pair],
        keep_desk: Callable[[Desk], Desk],
        in_use: Callable[[Pair | Desk], set[str]],
        before: tuple[datetime, datetime],
    ) -> int:
        """See Store."""
        from worker.store.postgres.purge import purge

        with self.lock(_OWN_WAIT):
            return purge(self, keep_pair, keep_desk, in_use, before)

    def is_erased(self, marker: str) -> bool:
        """See Store."""
        _check_marker(marker)
        with self.session.reading() as connection:
            if connection is None:
                return False
            known = select(layout.erased.c.marker).where(layout.erased.c.marker == marker)
            return connection.scalar(known) is not None

    def check(self) -> tuple[str, ...]:
        """See Store."""
        from worker.store.postgres.check import check

        with self.session.reading() as connection:
            if connection is not None:
                return check(connection, self.session.place)
        return self.session.hindrances()

    def problems(self) -> tuple[str, ...]:
        """See Store. The server keeps its files in order: what cannot be read is an error, and nothing is repaired."""
        return ()

    # -- inside

    def look_again(self) -> None:
        """Believe nothing of what is in memory."""
        with self._mutex:
            self._cache.clear()
            self._fresh = False

    @contextmanager
    def _looking(self) -> Iterator[Connection | None]:
        """Yield a connection, with the index and the cache as the database is now; None where nothing was stored."""
        with self._mutex, self.session.reading() as connection:
            if connection is not None and not (self._fresh and self.session.holds_lock):
                self._index.refresh(connection)
                self._fresh = self.session.holds_lock
            yield connection

    def _load(self, kind: str, name: str, record: str = "") -> Loaded | None:
        """Return a record by its name, or by its id where that is all that is known."""
        record = record or record_id(name)
        with self._looking() as connection:
            if connection is None:
                return None
            loaded = self._cache.get((kind, record))
            if (kind, record) not in self._cache:
                row = rows.find(connection, kind, record)
                loaded = rows.loaded(row, self.session.place) if row is not None else None
            if loaded is not None and name and name_of(loaded.value) != name:
                raise DataDamagedError(f"{self}: record {record} is another one than its id says: restore a backup")
            self._remember((kind, record), loaded)
            return loaded

    def _save(self, kind: str, value: R, next_due: datetime | None) -> R:
        name = str(value.key) if isinstance(value, Pair) else value.email
        record = record_id(name)
        with self._mutex:
            before = self._load(kind, name)
            there = before.value.version if before else 0
            if value.version != there:
                raise _conflict(record, value.version, there)
            kept: Pair | Desk = value
            years: dict[int, Pair] = {}
            if isinstance(value, Pair):
                kept, years = archive.split(value)
            fresh = replace(kept, version=there + 1)
            after, body = rows.stored(SHAPES[kind], fresh, next_due, before)
            self._cache.pop((kind, record), None)  # whatever becomes of this, it is looked at again
            with self.session.writing() as connection:
                values = {"next_due": next_due, "body": body}
                changed = rows.put(connection, kind, (record, name), there + 1, values)
                if changed is None:
                    raise _conflict(record, there, there + 1)
                rows.note_messages(connection, kind, record, value, before.value if before else None)
                for number, old in years.items():
                    rows.add_to_year(connection, self.session.place, record, number, old)
            if kind == PAIRS:
                self._index.saved(record, name, next_due, changed)
            else:
                self._index.passed(changed)
            self._remember((kind, record), after)
        saved: R = after.value
        return saved

    def _remember(self, key: tuple[str, str], loaded: Loaded | None) -> None:
        self._cache[key] = loaded
        self._cache.move_to_end(key)
        if len(self._cache) > _CACHED:
            self._cache.popitem(last=False)

    def _forget(self, key: tuple[str, str] | None) -> None:
        if key is None:
            self._cache.clear()
        else:
            self._cache.pop(key, None)


def _conflict(record: str, version: int, there: int) -> ConflictError:
    return ConflictError(f"record {record} changed since it was read (version {version}, now {there}): read it again")


def _check_digest(digest: str) -> None:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"not a SHA-256: {digest!r}")


def _check_marker(marker: str) -> None:
    if not _MARKER.fullmatch(marker):
        raise ValueError("a marker is 16 to 128 letters, digits, - and _")
