"""What of a meeting the other person gets, and marking it as shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker.model import ActionItem, Feedback, Note, Pair

Shareable = ActionItem | Feedback | Note


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
    return tuple(one for one in mine if one.meeting == meeting and one.author == pair.key.manager)


def share(pair: Pair, meeting: str, at: datetime, *, everything: bool) -> tuple[Pair, tuple[str, ...]]:
    """Return the pair with the shareable words of a meeting marked as shared, and the ids of what is newly shared."""
    fresh = frozenset(one.id for one in shareable(pair, meeting, everything=everything) if one.shared is None)
    return replace(
        pair,
        notes=tuple(replace(one, shared=at) if one.id in fresh else one for one in pair.notes),
        action_items=tuple(replace(one, shared=at) if one.id in fresh else one for one in pair.action_items),
        feedback=tuple(replace(one, shared=at) if one.id in fresh else one for one in pair.feedback),
    ), tuple(sorted(fresh))
