"""When each pair is due, in memory: read once, then only what changed since.

Every write of a record takes the next number of one sequence, and writes follow each other under the lock. So what has
a higher number than the highest one seen is all that changed, whoever wrote it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, true
from sqlalchemy.engine import Connection

from worker.model import PairKey
from worker.store import Due
from worker.store.postgres.layout import PAIRS, records, state
from worker.store.tables import key_of

_LINE = (records.c.kind, records.c.id, records.c.name, records.c.next_due, records.c.changed)

_CHANGED = select(state.c.removals, *_LINE).select_from(state.outerjoin(records, records.c.changed > bindparam("seen")))


class PairIndex:
    """The lines of all pairs. `forget` is told each record that somebody else changed, None: any of them.

    Not safe for threads: the store sees to that.
    """

    def __init__(self, forget: Callable[[tuple[str, str] | None], None]) -> None:
        self._forget = forget
        self._seen = -1
        self._removals = -1
        self._listed: list[Due] = []
        self._by_id: dict[str, Due] = {}
        self._managers: dict[str, str] = {}
        self._tuple: tuple[Due, ...] | None = ()

    def refresh(self, connection: Connection) -> None:
        """Take in what was written since, by one small query."""
        if self._seen >= 0:
            rows = connection.execute(_CHANGED, {"seen": self._seen}).all()
            if rows and rows[0].removals == self._removals:
                for row in rows:
                    if row.changed is not None:
                        self._take(row)
                return
        self._read_all(connection)

    def lines(self) -> tuple[Due, ...]:
        """Return all lines in the order of their names; the same tuple while nothing changed."""
        if self._tuple is None:
            self._tuple = tuple(self._listed)
        return self._tuple

    def by_id(self, record: str) -> Due | None:
        """Return the line of the pair with this id."""
        return self._by_id.get(record)

    def saved(self, record: str, name: str, next_due: datetime | None, changed: int) -> None:
        """Take in a write of our own under the lock."""
        self._put(record, name, next_due)
        self._seen = changed

    def passed(self, changed: int) -> None:
        """Take in that a write of our own under the lock concerned no pair."""
        self._seen = changed

    def _read_all(self, connection: Connection) -> None:
        """Begin anew. What is written meanwhile has a higher number than the one asked for first."""
        self._forget(None)
        self._seen = connection.scalar(select(func.coalesce(func.max(records.c.changed), 0))) or 0
        self._removals = connection.scalar(select(state.c.removals).where(true())) or 0
        rows: Iterable[Row[*tuple[Any, ...]]] = connection.execute(select(*_LINE).where(records.c.kind == PAIRS))
        lines = [self._line(row.id, row.name, row.next_due) for row in rows]
        self._listed = sorted(lines, key=lambda due: str(due.key))
        self._by_id = {due.id: due for due in lines}
        self._tuple = None

    def _take(self, row: Row[*tuple[Any, ...]]) -> None:
        self._forget((row.kind, row.id))
        if row.kind == PAIRS:
            self._put(row.id, row.name, row.next_due)
        self._seen = max(self._seen, row.changed)

    def _put(self, record: str, name: str, next_due: datetime | None) -> None:
        before = self._by_id.get(record)
        if before is not None and before.next_due == next_due:
            return
        line = self._line(record, name, next_due)
        at = bisect_left(self._listed, name, key=lambda due: str(due.key))
        if before is None:
            self._listed.insert(at, line)
        else:
            self._listed[at] = line
        self._by_id[record] = line
        self._tuple = None

    def _line(self, record: str, name: str, next_due: datetime | None) -> Due:
        key = key_of(name)
        manager = self._managers.setdefault(key.manager, key.manager)
        return Due(PairKey(manager, key.person), record, next_due)
