"""A record as tables of documents and back: what every store writes, whether into a file or into a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice, takewhile
from operator import is_, is_not
from typing import Any

from worker.model import (
    ActionItem,
    Applied,
    CalendarState,
    CheckIn,
    Desk,
    Feedback,
    Goal,
    Meeting,
    Note,
    OutboxEntry,
    Pair,
    PairKey,
    Topic,
)
from worker.store.archive import item_key
from worker.store.codec import decode, encode

Document = dict[str, Any]
Tables = dict[str, dict[str, Document]]
Migration = Callable[[Tables], Tables]


@dataclass(frozen=True, slots=True)
class Schema:
    """The version that is written, and for each older version the step that leads to the one after it."""

    version: int
    migrations: Mapping[int, Migration]


SCHEMA = Schema(version=1, migrations={})


@dataclass(frozen=True, slots=True)
class Shape:
    """How a record is laid out: the table with what is there once, and the tables with its items."""

    cls: type
    head: str
    items: Mapping[str, type] = field(default_factory=dict)


PAIR = Shape(
    Pair,
    "pair",
    {
        "meetings": Meeting,
        "notes": Note,
        "action_items": ActionItem,
        "feedback": Feedback,
        "topics": Topic,
        "goals": Goal,
        "check_ins": CheckIn,
        "applied": Applied,
        "outbox": OutboxEntry,
    },
)
DESK = Shape(Desk, "desk", {"applied": Applied, "outbox": OutboxEntry})
CALENDAR = Shape(CalendarState, "calendar")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A record as it is stored; `went_back` says in one line that the previous generation had to serve."""

    value: Any
    next_due: datetime | None
    tables: Tables = field(repr=False)
    went_back: str = ""


def key_of(name: str) -> PairKey:
    """Return the key that a pair's record is named by."""
    manager, _, person = name.partition(" ")
    return PairKey(manager, person)


def name_of(value: Pair | Desk | CalendarState) -> str:
    """Return what a record is named by."""
    if isinstance(value, Pair):
        return str(value.key)
    return value.email if isinstance(value, Desk) else value.account


def tables_of(
    shape: Shape,
    value: Any,  # noqa: ANN401  # any record
    next_due: datetime | None = None,
    before: Loaded | None = None,
) -> Tables:
    """Return a record as tables in TinyDB's layout; those of `before`, as it was loaded, serve where nothing changed.

    Raises ValueError where two items have one key.
    """
    head = encode(value, without=shape.items)
    if next_due is not None:
        head["next_due"] = next_due.isoformat()
    tables = {**(before.tables if before else {}), shape.head: {shape.head: head}}
    for name in shape.items:
        items = getattr(value, name)
        there = getattr(before.value, name) if before else ()
        if len(items) != len(there) or any(map(is_not, items, there)):
            tables[name] = _documents(name, items, there, before.tables.get(name, {}) if before else {})
    return tables


def value_of(shape: Shape, rows: Callable[[str], Iterable[Document]]) -> tuple[Any, datetime | None]:
    """Return the record behind tables, whose documents `rows` gives by a table's name, and when it is due.

    Raises UnknownFieldError, ValueError, KeyError, TypeError for documents that do not fit the model.
    """
    head = dict(next(iter(rows(shape.head)), {}))
    due = head.pop("next_due", None)
    value: Any = decode(shape.cls, head)
    items: dict[str, tuple[Any, ...]] = {
        name: tuple([decode(cls, document) for document in rows(name)]) for name, cls in shape.items.items()
    }
    return replace(value, **items), datetime.fromisoformat(due) if due else None


def _documents(
    table: str, items: tuple[Any, ...], there: tuple[Any, ...], known: Mapping[str, Document]
) -> dict[str, Document]:
    """Return items as documents by their keys; those of `there`, `known` in the same order, serve for what is same."""
    same = len(tuple(takewhile(bool, map(is_, items, there))))
    documents = dict(islice(known.items(), same))
    stored = dict(zip(map(id, there[same:]), islice(known.items(), same, None), strict=True))
    for item in items[same:]:
        key, document = stored.get(id(item)) or (item_key(table, item), encode(item))
        if key in documents:
            raise ValueError(f"two items of {table} have one key: {key}")
        documents[key] = document
    return documents
