"""What leaves a pair's daily record, and how the older record is put together again. No files here.

A year after its last use an item moves to the record of the year it is from. What is open never moves. The newest
fact in the pair tells the time, so that the same pair is always split the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from worker.model import (
    CheckInState,
    FeedbackState,
    ItemState,
    OutboxState,
    Pair,
)

KEPT = timedelta(days=366)
"""How long everything stays in the daily record: a year, and the day that a leap year has more."""

BATCH = timedelta(days=7)
"""How much older the oldest item must be before anything moves, so that a move is rare and takes a week's items."""

TABLES = ("meetings", "notes", "action_items", "feedback", "topics", "goals", "check_ins", "applied", "outbox")

_DONE_CHECK_INS = {CheckInState.WRITTEN, CheckInState.RECORDED, CheckInState.GONE, CheckInState.REPLACED}
_DONE_ROWS = {OutboxState.SENT, OutboxState.GAVE_UP, OutboxState.UNKNOWN}


def item_key(table: str, item: Any) -> str:  # noqa: ANN401  # any of the nouns
    """Return the name of an item within its table, the same in every generation."""
    if table == "outbox":
        return str(item.key)
    if table == "applied":
        return f"{item.message_id} {item.digest}".strip()
    if table == "check_ins":
        return f"{item.meeting} {item.source} {item.revision}"
    return str(item.id)


def check_keys(record: object) -> None:
    """Refuse a record in which two items of one table have one key. Raises ValueError."""
    for table in TABLES:
        keys = [item_key(table, item) for item in getattr(record, table, ())]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ValueError(f"two items of {table} have one key: {twice}")


def split(pair: Pair) -> tuple[Pair, dict[int, Pair]]:
    """Return the pair without what is old, and what is old by year, each year as a pair with the same key."""
    facts = _facts(pair)
    if not facts:
        return pair, {}
    cutoff = max(facts) - KEPT
    if min([*facts, *[meeting.end for meeting in pair.meetings]]) >= cutoff - BATCH:
        return pair, {}
    old = [line for line in _ages(pair, _used_meetings(pair, cutoff)) if line[2] < cutoff]
    if not any(at < cutoff - BATCH for _, _, at in old):
        return pair, {}
    by_year: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for table, item, at in old:
        by_year[at.year][table].append(item)
    moved = {id(item) for _, item, _ in old}
    kept: dict[str, Any] = {}
    for table in TABLES:
        kept[table] = tuple(item for item in getattr(pair, table) if id(item) not in moved)
    years = {}
    for year, tables in sorted(by_year.items()):
        items: dict[str, Any] = {table: tuple(found) for table, found in tables.items()}
        years[year] = replace(Pair(pair.key), **items)
    return replace(pair, **kept), years


def merge(older: Pair, newer: Pair) -> Pair:
    """Return both as one; where both have an item, the newer one's counts."""
    merged: dict[str, Any] = {}
    for table in TABLES:
        items = {item_key(table, item): item for item in getattr(older, table)}
        items.update({item_key(table, item): item for item in getattr(newer, table)})
        merged[table] = tuple(items.values())
    return replace(older, **merged)


def without(older: Pair, current: Pair) -> Pair:
    """Return the older record without what the daily one has: a crash between two writes leaves items in both."""
    kept: dict[str, Any] = {}
    for table in TABLES:
        there = {item_key(table, item) for item in getattr(current, table)}
        kept[table] = tuple(item for item in getattr(older, table) if item_key(table, item) not in there)
    return replace(older, **kept)


def _facts(pair: Pair) -> list[datetime]:
    """Return the times at which something was recorded; never a time that lies ahead. Every save asks."""
    groups = (pair.notes, pair.action_items, pair.feedback, pair.topics, pair.goals, pair.applied)
    return [
        *[item.at for items in groups for item in items],
        *[row.planned_at for row in pair.outbox],
        *[meeting.first_seen for meeting in pair.meetings if meeting.first_seen],
    ]


def _used_meetings(pair: Pair, cutoff: datetime) -> set[str]:
    """Return the meetings that something still in the daily record is about."""
    used = {item.meeting for item in pair.action_items if item.state is ItemState.OPEN}
    used |= {item.meeting for item in pair.feedback if item.state is FeedbackState.OPEN}
    used |= {item.meeting for item in pair.topics if item.state is ItemState.OPEN}
    used |= {item.meeting for item in pair.check_ins if item.state not in _DONE_CHECK_INS}
    used |= {row.meeting for row in pair.outbox if row.state not in _DONE_ROWS or row.planned_at >= cutoff}
    used |= {note.meeting for note in pair.notes if note.at >= cutoff}
    return used | {item.meeting for item in pair.applied if item.at >= cutoff}


def _ages(pair: Pair, used: set[str]) -> Iterator[tuple[str, Any, datetime]]:
    """Yield table, item and when it was last of use, for everything that is closed."""
    ends = {meeting.id: meeting.end for meeting in pair.meetings}
    yield from (("meetings", item, item.end) for item in pair.meetings if item.id not in used)
    yield from (("notes", item, item.at) for item in pair.notes)
    for promise in pair.action_items:
        if promise.state is not ItemState.OPEN:
            yield "action_items", promise, promise.closed_at or promise.at
    yield from (("feedback", item, item.at) for item in pair.feedback if item.state is not FeedbackState.OPEN)
    yield from (("topics", item, item.at) for item in pair.topics if item.state is not ItemState.OPEN)
    for goal in pair.goals:
        if goal.state is not ItemState.OPEN:
            yield "goals", goal, max([goal.at, *(step.at for step in goal.progress)])
    for check_in in pair.check_ins:
        end = check_in.end or ends.get(check_in.meeting) or check_in.wish
        if check_in.state in _DONE_CHECK_INS and end is not None:
            yield "check_ins", check_in, end
    yield from (("applied", item, item.at) for item in pair.applied)
    yield from (("outbox", row, row.planned_at) for row in pair.outbox if row.state in _DONE_ROWS)
