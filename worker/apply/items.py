"""Finding and changing one thing of a pair by its id, in a way that `undo` can take back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from worker.model import (
    ActionItem,
    Feedback,
    FeedbackState,
    Goal,
    ItemState,
    Meeting,
    MeetingStatus,
    Note,
    Pair,
    PairMail,
    PairState,
    Review,
    Topic,
)

Thing = ActionItem | Feedback | Goal | Meeting | Note | Review | Topic
PAIR = "pair"
_SHELVES = ("action_items", "topics", "goals", "reviews", "feedback", "notes", "meetings")

_READ: dict[str, Callable[[str], object]] = {
    "state": ItemState,
    "status": MeetingStatus,
    "confirmed": lambda text: text == "True",
    "due": lambda text: date.fromisoformat(text) if text else None,
    "closed_at": lambda text: datetime.fromisoformat(text) if text else None,
    "shared": lambda text: datetime.fromisoformat(text) if text else None,
    "follow_up_on": date.fromisoformat,
    "answer": lambda text: text or None,
    "private": lambda text: text == "True",
    "only_you": lambda text: text == "True",
    "meeting": str,
    "session": str,
}
_READ_PAIR: dict[str, Callable[[str], object]] = {
    "paused_until": lambda text: date.fromisoformat(text) if text else None,
    "paused_by": str,
    "state": PairState,
    "mail": PairMail,
}
# What grows by one entry with each mail: only the entries of the mail that is taken back go.
_GROWING = ("progress", "answers")


def find(pair: Pair, identity: str) -> Thing | None:
    """Return the thing with this id, None where it is gone."""
    for shelf in _SHELVES:
        for thing in getattr(pair, shelf):
            if thing.id == identity:
                return thing  # type: ignore[no-any-return]  # the shelves hold Things alone
    return None


def change(pair: Pair, identity: str, **values: object) -> tuple[Pair, tuple[str, ...]]:
    """Return the pair with these fields of one thing changed, and the earlier values as `Applied.before` keeps them."""
    for shelf in _SHELVES:
        things = getattr(pair, shelf)
        for position, thing in enumerate(things):
            if thing.id != identity:
                continue
            before = tuple(
                f"{identity} {name} {_newest_source(value) if name in _GROWING else _text(getattr(thing, name))}"
                for name, value in values.items()
                if getattr(thing, name) != value
            )
            if not before:
                return pair, ()
            changed = (*things[:position], replace(thing, **values), *things[position + 1 :])
            fields: dict[str, Any] = {shelf: changed}
            return replace(pair, **fields), before
    return pair, ()


def put_back(pair: Pair, before: str) -> Pair:
    """Return the pair with one earlier value put back."""
    identity, name, value = before.split(" ", 2)
    if identity == PAIR:
        values: dict[str, Any] = {name: _READ_PAIR[name](value)}
        return replace(pair, **values)
    thing = find(pair, identity)
    if name in _GROWING:
        kept = tuple(entry for entry in getattr(thing, name, ()) if entry.source != value)
        return change(pair, identity, **{name: kept})[0]
    if name == "state" and isinstance(thing, Feedback):
        return change(pair, identity, state=FeedbackState(value))[0]
    return change(pair, identity, **{name: _READ[name](value)})[0]


def change_pair(pair: Pair, **values: object) -> tuple[Pair, tuple[str, ...]]:
    """Return the pair with fields of its own changed, and the earlier values as `Applied.before` keeps them."""
    before = tuple(
        f"{PAIR} {name} {_text(getattr(pair, name))}" for name, value in values.items() if getattr(pair, name) != value
    )
    changed: dict[str, Any] = dict(values)
    return replace(pair, **changed), before


def remove(pair: Pair, identities: frozenset[str]) -> Pair:
    """Return the pair without what a reply made."""
    kept: dict[str, Any] = {
        shelf: tuple(thing for thing in getattr(pair, shelf) if thing.id not in identities)
        for shelf in _SHELVES
        if shelf != "meetings"
    }
    return replace(pair, **kept)


def _newest_source(entries: object) -> str:
    return entries[-1].source if isinstance(entries, tuple) and entries else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)
