"""Removing every trace of a person from the tables, in one transaction.

What belongs to them goes as whole rows. Where somebody else's record names them, their address is replaced by the
marker, so that the other record stays whole and the keys of its rows stay distinct. As in files, a mail goes where it
names them, also inside a transfer encoding, so every mail is looked at.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable

import orjson
from sqlalchemy import ColumnElement, Table, and_, func, literal, not_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from worker.errors import DataDamagedError, DataNewerError
from worker.store.postgres import rows
from worker.store.postgres.layout import (
    ACCOUNTS,
    PAGE,
    PAIRS,
    PEOPLE,
    Name,
    beats,
    changes,
    erased,
    inbound,
    mails,
    messages,
    older,
    pages,
    records,
    state,
)
from worker.store.postgres.refusals import Place
from worker.store.tables import key_of
from worker.store.traces import digests, mentions, replaced, texts, whole_words
from worker.tokens import record_id

_MAILS_AT_ONCE = 20


def erase(connection: Connection, place: Place, address: str, marker: str) -> int:
    """Remove a person, leave `marker`, and return how many rows were removed or changed.

    The caller holds the lock and has begun a transaction.
    """
    connection.execute(insert(erased).values(marker=marker).on_conflict_do_nothing())
    return _Erasure(connection, place, address, marker).run()


class _Erasure:
    def __init__(self, connection: Connection, place: Place, address: str, marker: str) -> None:
        self._connection = connection
        self._place = place
        self._address = address
        self._marker = marker
        self._names: set[str] = set()
        self._counterparts: set[str] = set()
        self._addresses = self._known_addresses()
        self._pattern = mentions(self._addresses)

    def run(self) -> int:
        own = self._records()
        theirs = tuple_(records.c.kind, records.c.id).in_(own)
        ids = [record for _, record in own]
        bodies = [*self._connection.scalars(select(records.c.body).where(theirs))]
        bodies += self._connection.scalars(select(older.c.body).where(older.c.record.in_(ids)))
        named = set[str]().union(*(digests(body.encode()) for body in bodies))
        received = self._received()
        count = self._mails(named | received)
        count += self._delete_each(inbound, inbound.c.digest, received)
        count += self._others(theirs, ids)
        self._delete(messages, messages.c.record.in_(ids))
        self._delete(beats, self._names_them(beats.c.name))
        count += self._delete(older, older.c.record.in_(ids))
        count += self._delete(records, theirs)
        self._connection.execute(state.update().values(removals=state.c.removals + 1))
        return count

    def _known_addresses(self) -> set[str]:
        row = rows.find(self._connection, PEOPLE, record_id(self._address))
        found = {self._address}
        if row is not None:
            with contextlib.suppress(DataDamagedError, DataNewerError):  # a desk that nobody can read goes all the same
                found.update(rows.loaded(row, self._place).value.aliases)
        return found

    def _records(self) -> list[tuple[str, str]]:
        """Return kind and id of the records that are theirs, and note their names and who the other people are."""
        found = [(kind, record_id(address)) for address in sorted(self._addresses) for kind in (PEOPLE, ACCOUNTS)]
        query = select(*rows.COLUMNS).where(records.c.kind == PAIRS, self._names_them(records.c.name))
        for row in self._connection.execute(query):
            key = key_of(row.name)
            if not self._addresses & {key.manager, key.person}:
                continue
            found.append((PAIRS, row.id))
            self._counterparts |= {key.manager, key.person} - self._addresses
            with contextlib.suppress(DataDamagedError, DataNewerError):  # then mails with their name alone may stay
                pair = rows.loaded(row, self._place).value
                name = pair.person_name if key.person in self._addresses else pair.manager_name
                self._names.update(name.split()[:1])
        return found

    def _received(self) -> set[str]:
        """Return the digests of the received mails whose outcomes name them."""
        query = select(inbound.c.digest, inbound.c.body).where(self._may_mention(inbound.c.body))
        return {row.digest for row in self._connection.execute(query) if self._pattern.search(row.body.encode())}

    def _mails(self, gone: set[str]) -> int:
        """Remove their mails, and others' mails that name them."""
        near = self._named_by_counterparts()
        names = whole_words(self._names)
        found = set(gone)
        for row in pages(self._connection, select(mails.c.digest, mails.c.raw), (mails.c.digest,), _MAILS_AT_ONCE):
            if row.digest in gone:
                continue
            contents = texts(row.raw)
            if _in_any(self._pattern, contents) or (row.digest in near and names and _in_any(names, contents)):
                found.add(row.digest)
        return self._delete_each(mails, mails.c.digest, found)

    def _named_by_counterparts(self) -> set[str]:
        """Return the digests in the desks of those who shared a pair with them: digests and notices name people."""
        ids = [record_id(email) for email in self._counterparts]
        desks = select(records.c.body).where(records.c.kind == PEOPLE, records.c.id.in_(ids))
        return set[str]().union(*(digests(body.encode()) for body in self._connection.scalars(desks)))

    def _others(self, theirs: ColumnElement[bool], ids: Collection[str]) -> int:
        """Put the marker in the place of the address in everybody else's records."""
        count = 0
        columns = (records.c.kind, records.c.id, records.c.version, records.c.body)
        query = select(*columns).where(not_(theirs), self._may_mention(records.c.body))
        for row in self._connection.execute(query).all():
            body = self._scrubbed(row.body)
            if body is not None:
                version = row.version + (row.kind != ACCOUNTS)
                change = records.update().where(rows.is_record(row.kind, row.id))
                self._connection.execute(change.values(body=body, version=version, changed=changes.next_value()))
                count += 1
        past = select(older).where(older.c.record.not_in(ids), self._may_mention(older.c.body))
        for row in self._connection.execute(past).all():
            body = self._scrubbed(row.body)
            if body is not None:
                here = and_(older.c.record == row.record, older.c.year == row.year)
                self._connection.execute(older.update().where(here).values(body=body))
                count += 1
        return count

    def _scrubbed(self, body: str) -> str | None:
        """Return a body without the address, None where it has none."""
        if not self._pattern.search(body.encode()):
            return None
        tables = replaced(orjson.loads(body), self._pattern, self._marker)
        for table in tables.values():
            for document in table.values():
                if "version" in document:
                    document["version"] += 1
        return rows.written(tables)

    def _names_them(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition that one of their addresses stands in a name."""
        return or_(*(func.strpos(column, literal(address, Name())) > 0 for address in sorted(self._addresses)))

    def _may_mention(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """Return a condition that leaves out most of what the pattern does not match, without fetching it."""
        # The language of letters decides what is lower case (Turkish has another i): here it is that of addresses.
        small = func.lower(column.collate("C"))
        return or_(*(func.strpos(small, address.lower()) > 0 for address in sorted(self._addresses)))

    def _delete_each(self, table: Table, key: ColumnElement[str], values: set[str]) -> int:
        """Delete the rows with these keys, which may be more than one statement can name."""
        listed = sorted(values)
        parts = (listed[at : at + PAGE] for at in range(0, len(listed), PAGE))
        return sum(self._delete(table, key.in_(part)) for part in parts)

    def _delete(self, table: Table, which: ColumnElement[bool]) -> int:
        return self._connection.execute(table.delete().where(which)).rowcount


def _in_any(pattern: re.Pattern[bytes], contents: Iterable[bytes]) -> bool:
    return any(pattern.search(content) for content in contents)
