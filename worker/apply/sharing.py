"""What of a meeting the other person gets, and marking it as shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from worker.model import ActionItem, Feedback, Goal, Note, Pair, Review

Shareable = ActionItem | Feedback | Note
T = TypeVar("T", ActionItem, Feedback, Goal, Note, Review)


def shareable(pair: Pair, meeting: str, *, everything: bool = False) -> tuple[Shareable, ...]:
    """Return what `share` would send of the manager's words about a meeting, shared already or not.

    That is what stands under the labels, and the action items; with `everything` (`share all`) free prose too. What
    was marked private is never among it.
    """
    mine: list[Shareable] = [
        *(one for one in pair.notes if not one.private and (everything or not one.only_you)),
        *(one for one in pair.action_items),
        *(one for one in pair.feedback if not one.private and (everything or not one.only_you)),
    ]
    # What was captured between meetings belongs to none, until a `share all` takes it along.
    about = (meeting, "") if everything else (meeting,)
    return tuple(one for one in mine if one.meeting in about and one.author == pair.key.manager)


def share(pair: Pair, meeting: str, at: datetime, *, everything: bool) -> tuple[Pair, tuple[str, ...]]:
    """Return the pair with the shareable words of a meeting marked as shared, and the ids of what is newly shared."""
    fresh = frozenset(one.id for one in shareable(pair, meeting, everything=everything) if one.shared is None)
    return mark(pair, fresh, at, meeting), tuple(sorted(fresh))


def mark(pair: Pair, fresh: frozenset[str], at: datetime, meeting: str) -> Pair:
    """Return the pair with these things marked as shared; what belonged to no meeting belongs to this one now."""

    def marked(one: T) -> T:
        if one.id not in fresh:
            return one
        if isinstance(one, Goal | Review):
            return replace(one, shared=at)
        return replace(one, shared=at, meeting=one.meeting or meeting)

    return replace(
        pair,
        notes=tuple(marked(one) for one in pair.notes),
        action_items=tuple(marked(one) for one in pair.action_items),
        feedback=tuple(marked(one) for one in pair.feedback),
        goals=tuple(marked(one) for one in pair.goals),
        reviews=tuple(marked(one) for one in pair.reviews),
    )
