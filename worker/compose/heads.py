"""Subjects, preheaders and last lines: what stands on a lock screen is names, days and counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from worker.compose.plain import cut
from worker.compose.scene import Scene
from worker.compose.views import View
from worker.model import OutboxEntry

SUBJECT_LIMIT = 40
_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Head:
    """What a kind says of its mail besides its view: subject, preheader, title, first lines, and why it came."""

    subject: str
    preheader: str
    title: str
    lead: tuple[str, ...]
    why: str


Built = tuple[Head, View]


def subject(scene: Scene, name: str, day: date | datetime | None, *, form: str = "1:1 {name}") -> str:
    """Return `1:1 Ana · 3 Mar`: the other person and the day, at most 40 characters, the name shortened to fit."""
    tail = f"{_BETWEEN}{scene.words.short_day(day)}" if day is not None else ""
    marks = len(scene.words.fenced(name)) - len(name)
    room = SUBJECT_LIMIT - len(tail) - len(scene.words.t(form, name="")) - marks
    return scene.words.t(form, name=cut(name, max(room, 2))) + tail


def meeting_subject(scene: Scene) -> str:
    """Return the subject of the meeting's conversation."""
    meeting = scene.letter.meeting
    return subject(scene, scene.other_name, meeting.start if meeting else None)


def conversation(scene: Scene, own: str) -> tuple[OutboxEntry, ...]:
    """Return the rows of the thread that this mail goes on with: those about the same day.

    The day is what follows the last dot of a subject; a meeting that moved to another day is a new conversation. A
    name that changed in between does not end one: the first row's subject stays.
    """
    day = own.rpartition(_BETWEEN)[2]
    return tuple(row for row in scene.letter.thread if row.subject.rpartition(_BETWEEN)[2] == day and row.message_id)


def why_meeting(scene: Scene) -> str:
    """Return the last line of a mail about a meeting: why it came and how to stop."""
    return scene.words.t(
        "You get this because you have 1:1s with {name}. A reply with only `stop` ends these mails.",
        name=scene.other_name,
    )


def why_manager(scene: Scene) -> str:
    """Return the last line of a mail about several people."""
    return scene.words.t(
        "You get this because your 1:1s are followed up here. A reply with only `stop` ends these mails."
    )


def preheader(*parts: str) -> str:
    """Return the line that mail clients show beside the subject: counts, then something that says nothing new."""
    return cut(" ".join(part for part in parts if part), 90)
