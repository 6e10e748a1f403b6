"""The mark by which a write or a mail of ours is recognised wherever its answer was lost. Computes only."""

from __future__ import annotations

import hashlib
from datetime import UTC

from worker.model import CalendarWrite, Event


def mark_of_mail(key: str) -> str:
    """Return what a draft carries, so that it is known by its key; nothing of the key can be read from it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def mark_of_write(write: CalendarWrite) -> str:
    """Return what an event carries once this write took effect, so that its repetition is recognised."""
    text = f"{write.key}\x1f{write.operation}\x1f{write.start.astimezone(UTC)}\x1f{write.end.astimezone(UTC)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def same_times(event: Event, write: CalendarWrite) -> bool:
    """Whether an event is where the write wants it."""
    return event.dtstart == write.start and event.dtend == write.end
