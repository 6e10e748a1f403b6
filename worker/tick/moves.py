"""Somebody who changes address: what is remembered under the old one goes on under the new.

The configuration says so, by the new address with the old one among its `aliases`.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from worker.model import Desk, Pair, PairKey, PairState
from worker.tick.office import Office
from worker.tick.outbox import OPEN

_TABLES = (
    "meetings",
    "notes",
    "action_items",
    "feedback",
    "topics",
    "goals",
    "reviews",
    "check_ins",
    "applied",
    "outbox",
)
_KEPT_BEHIND = ("applied", "outbox")  # by these an answer to an older mail is known, and none is sent twice
# What people wrote stays as they wrote it, addresses in it included.
_WORDS = frozenset({"text", "summary", "location", "said", "phrase", "leftover", "problems", "subject", "error"})


def carry_on(office: Office, now: datetime) -> None:
    """Take every pair whose people have changed address to its new key. The caller holds the lock."""
    new_of = {
        alias: person.email
        for person in (*office.managers.values(), *office.people.values())
        for alias in person.aliases
    }
    for due in office.store.pairs() if new_of else ():
        key = due.key
        new = PairKey(new_of.get(key.manager, key.manager), new_of.get(key.person, key.person))
        old = office.store.load_pair(key) if new != key else None
        if old is None or old.state is PairState.ENDED:
            continue
        for before, after in ((key.manager, new.manager), (key.person, new.person)):
            if before != after:
                _move_desk(office, before, after)
        # The new record first: a crash in between leaves both, and the next tick ends it.
        office.store.save_pair(_moved(old, office.store.load_pair(new) or Pair(new), new), now)
        emptied: dict[str, Any] = {table: () for table in _TABLES if table not in _KEPT_BEHIND}
        office.store.save_pair(replace(old, **emptied, state=PairState.ENDED, person_name="", manager_name=""), None)


def _moved(old: Pair, there: Pair, key: PairKey) -> Pair:
    """Return the new record with everything of the old one; mails that are still on their way stay behind."""
    made = replace(old, outbox=tuple(row for row in old.outbox if row.state not in OPEN))
    for before, after in ((old.key.manager, key.manager), (old.key.person, key.person)):
        made = _readdressed(made, before, after)
    tables: dict[str, Any] = {}
    for table in _TABLES:
        mine = getattr(made, table)
        known = {_identity(one) for one in mine}
        tables[table] = (*mine, *(one for one in getattr(there, table) if _identity(one) not in known))
    return replace(made, **tables, version=there.version)


def _identity(one: Any) -> object:  # noqa: ANN401  # an entry of any table
    for name in ("id", "key", "message_id"):
        if hasattr(one, name):
            return getattr(one, name)
    return (one.meeting, one.revision)


def _move_desk(office: Office, before: str, after: str) -> None:
    """Give the new address what the old one settled: a stop, the language, that the first mail went."""
    old = office.store.load_desk(before)
    if old is None:
        return
    there = office.store.load_desk(after) or Desk(after)
    office.store.save_desk(
        replace(
            there,
            stopped_at=there.stopped_at or old.stopped_at,
            first_mail_at=there.first_mail_at or old.first_mail_at,
            told_at=there.told_at or old.told_at,
            language=there.language or old.language,
            away_until=there.away_until or old.away_until,
            aliases=tuple(dict.fromkeys((*there.aliases, *(one for one in old.aliases if one != after), before))),
        )
    )


def _readdressed(value: Any, before: str, after: str) -> Any:  # noqa: ANN401  # a record, and everything in it
    if before == after:
        return value
    if type(value) is str:  # the closed words are enumerations
        return " ".join(after if word == before else word for word in value.split(" "))
    if isinstance(value, tuple):
        return tuple(_readdressed(one, before, after) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        named = [field.name for field in fields(value) if field.name not in _WORDS]
        return replace(value, **{name: _readdressed(getattr(value, name), before, after) for name in named})
    return value
