"""What a person wrote, as far as it was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from worker.model.ask import Ask as Ask  # noqa: PLC0414 - a field here, and taken from here by others


class Part(StrEnum):
    """The five parts of an agenda, and what belongs to none."""

    HIGHLIGHTS = "highlights"
    PRIORITIES = "priorities"
    SUPPORT = "support"
    FEEDBACK = "feedback"
    FOLLOW_UP = "follow-up"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """Words under a label (`part`) or in free prose (`general`, private); `label` is the label as it was sent."""

    text: str
    part: Part = Part.GENERAL
    private: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """A commitment: `owner` an address, `text` what, `due` a day or None; `ask` where its date must be settled."""

    owner: str
    text: str
    due: date | None = None
    done: bool = False
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class WrittenFeedback:
    """Feedback with its own follow-up day where one was written (None: the default applies)."""

    text: str
    follow_up_on: date | None = None
    private: bool = False
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class WrittenTopic:
    """A topic for the next meeting, in its author's own words."""

    text: str
    part: Part = Part.GENERAL
    private: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Words that act.

    `verb` is one of the closed set in docs/replies.md; `numbers` the handles of the mail answered; `names` people
    named; `when` a date where one belongs to it; `text` the rest, word for word.
    """

    verb: str
    numbers: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    when: date | datetime | Ask | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReplyProblem:
    """Something that was written and could not be used as meant: a closed `reason` and the words."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What one mail says. Reading is total: nothing that a person typed is outside these fields.

    `written` is everything that the human wrote, quotation removed. `next_check_in` is a date-time where a time was
    said, a date where none was, an Ask where it must be settled, None where nothing was said; `next_check_in_text`
    are the words; `no_check_in` is True where they said that there is none. `leftover` are the lines that no field
    took, word for word. A mail that adds nothing has `empty` True (a bare "thanks" too, then `thanks` is True).
    """

    message_id: str = ""
    written: str = ""
    notes: tuple[WrittenNote, ...] = ()
    action_items: tuple[WrittenItem, ...] = ()
    feedback: tuple[WrittenFeedback, ...] = ()
    topics: tuple[WrittenTopic, ...] = ()
    next_check_in: datetime | date | Ask | None = None
    next_check_in_text: str = ""
    no_check_in: bool = False
    commands: tuple[Command, ...] = ()
    thanks: bool = False
    problems: tuple[ReplyProblem, ...] = ()
    leftover: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the mail adds nothing that could be stored or done."""
        return not (
            self.notes
            or self.action_items
            or self.feedback
            or self.topics
            or self.next_check_in is not None
            or self.no_check_in
            or self.commands
            or self.problems
            or self.leftover
        )
