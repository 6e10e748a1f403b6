"""Who may see what: the one place that decides it.

Everything that is written to somebody, by mail, export or terminal, is made from a pair that went through `seen_by`.
What a reader may not see is not in the value that the composer gets, so no template can leak it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker.model import Applied, Goal, Pair, Progress


def seen_by(pair: Pair, reader: str) -> Pair:
    """Return the pair as one of its two people may see it.

    Their own words, and the other's words that were shared: a manager's notes, feedback, action items and goals once
    a recap went; a report's notes, topics and items at once, except those that they marked private.
    """
    manager = reader == pair.key.manager

    def open_to(author: str, shared: datetime | None, *, private: bool) -> bool:
        if author == reader:
            return True
        if private:
            return False
        return shared is not None or (manager and author == pair.key.person)

    return replace(
        pair,
        notes=tuple(note for note in pair.notes if open_to(note.author, note.shared, private=note.private)),
        action_items=tuple(item for item in pair.action_items if open_to(item.author, item.shared, private=False)),
        feedback=tuple(item for item in pair.feedback if open_to(item.author, item.shared, private=item.private)),
        topics=tuple(topic for topic in pair.topics if topic.author == reader or not topic.private),
        goals=tuple(
            replace(goal, progress=tuple(step for step in goal.progress if _open_step(pair, goal, step, reader)))
            for goal in pair.goals
            if open_to(goal.author, goal.shared, private=False)
        ),
        reviews=tuple(review for review in pair.reviews if open_to(review.author, review.shared, private=False)),
        applied=tuple(_own_only(applied, reader) for applied in pair.applied),
        outbox=tuple(row for row in pair.outbox if row.to == reader),
        check_ins=tuple(
            check_in if _author_of(pair, check_in.source) == reader else replace(check_in, said="", ask=None)
            for check_in in pair.check_ins
        ),
    )


def _open_step(pair: Pair, goal: Goal, step: Progress, reader: str) -> bool:
    """Whether a step on a goal is the reader's own, the report's to the manager, or was there when it was shared."""
    author = step.author or goal.author
    if author == reader or (reader == pair.key.manager and author == pair.key.person):
        return True
    return goal.shared is not None and step.at <= goal.shared


def _own_only(applied: Applied, reader: str) -> Applied:
    if applied.author == reader:
        return applied
    return replace(applied, done=(), before=(), leftover=(), problems=(), ask=None)


def _author_of(pair: Pair, source: str) -> str:
    return next((applied.author for applied in pair.applied if applied.message_id == source), pair.key.manager)
