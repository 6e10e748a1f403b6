"""What is remembered of a conversation: notes, promises, feedback, topics, goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from worker.model.base import AwareTimes
from worker.model.written import Part


class ItemState(StrEnum):
    """The state of an action item, a topic or a goal."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class FeedbackState(StrEnum):
    """The state of a piece of feedback."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Note(AwareTimes):
    """Words about a meeting. `shared` is when the other person got them; a `private` one is never shared.

    `only_you` are the words that `share` leaves out and `share all` takes: free prose, captures, leftovers.
    """

    id: str
    at: datetime
    part: Part
    text: str
    author: str
    private: bool = False
    only_you: bool = False
    shared: datetime | None = None
    meeting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ActionItem(AwareTimes):
    """A promise (a VTODO): who owes what by when."""

    id: str
    at: datetime
    owner: str
    text: str
    author: str
    due: date | None = None
    state: ItemState = ItemState.OPEN
    closed_at: datetime | None = None
    shared: datetime | None = None
    meeting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackAnswer(AwareTimes):
    """One answer to feedback that came back: a closed `word`, and the day to which it was renewed (None: closed)."""

    at: datetime
    author: str
    word: str
    source: str = ""
    renewed_to: date | None = None


@dataclass(frozen=True, slots=True)
class Feedback(AwareTimes):
    """A piece of feedback, which always carries the day on which it comes back.

    An `informal` one is a check-in that somebody asked for ("check in with Alex on Friday"): it comes back the same
    way. `answers` are all that were given, oldest first; `answer` is the last one's word.
    """

    id: str
    at: datetime
    text: str
    author: str
    follow_up_on: date
    state: FeedbackState = FeedbackState.OPEN
    answer: str | None = None
    private: bool = False
    only_you: bool = False
    shared: datetime | None = None
    meeting: str = ""
    source: str = ""
    informal: bool = False
    answers: tuple[FeedbackAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic(AwareTimes):
    """Something to talk about.

    `agendas` are the meetings in whose agenda it stood, `first_on` is the day of the first agenda; `carried` counts
    the agendas after it (`worker.apply.topics.with_carried` fills it in).
    """

    id: str
    at: datetime
    text: str
    author: str
    part: Part = Part.GENERAL
    carried: int = 0
    first_on: date | None = None
    agendas: tuple[str, ...] = ()
    state: ItemState = ItemState.OPEN
    private: bool = False
    meeting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Progress(AwareTimes):
    """One step on a goal, in the words of `author` ("": the goal's own)."""

    at: datetime
    text: str
    source: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Goal(AwareTimes):
    """A goal with its progress over time; `every` days between its own follow-ups, 0 for the review's rhythm."""

    id: str
    at: datetime
    text: str
    author: str
    due: date | None = None
    every: int = 0
    state: ItemState = ItemState.OPEN
    progress: tuple[Progress, ...] = ()
    shared: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Review(AwareTimes):
    """A performance review that was held: from its day on its follow-ups come at least as often as policy says."""

    id: str
    at: datetime
    author: str
    text: str = ""
    shared: datetime | None = None
    source: str = ""
