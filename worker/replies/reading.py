"""What has been understood of a reply so far, and how it becomes a Reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from worker.model import (
    Ask,
    AskReason,
    Command,
    Reply,
    ReplyProblem,
    WrittenFeedback,
    WrittenItem,
    WrittenNote,
    WrittenTopic,
)
from worker.replies.acts import Acts
from worker.replies.context import Context, Moment
from worker.replies.mime import Mail
from worker.replies.verbs import Verb


@dataclass(frozen=True, slots=True)
class Asked:
    """The mail that is answered, as it was sent, and the texts of the other mails of its conversation."""

    text: str
    html: str | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """For `explain`: words, the field that they went to, and why."""

    text: str
    field: str
    why: str


@dataclass(slots=True)
class Reading:
    """What has been understood so far; becomes a Reply.

    `whole` says that the answer is one line, `last` that the block in hand ends the mail.
    """

    context: Context
    whole: bool = False
    last: bool = False
    written: str = ""
    notes: list[WrittenNote] = field(default_factory=list)
    items: list[WrittenItem] = field(default_factory=list)
    feedback: list[WrittenFeedback] = field(default_factory=list)
    topics: list[WrittenTopic] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    problems: list[ReplyProblem] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)
    labelled: list[tuple[Moment, str]] = field(default_factory=list)
    free: list[tuple[Moment, str]] = field(default_factory=list)
    no_check_in: str = ""
    thanks: bool = False
    steps: list[Step] = field(default_factory=list)

    def step(self, text: str, into: str, why: str) -> None:
        """Remember for `explain` where words went."""
        self.steps.append(Step(text, into, why))

    def act(self, acts: Acts, text: str, why: str) -> None:
        """Take commands and their problems."""
        self.commands.extend(command for command in acts.commands if command not in self.commands)
        self.problems.extend(acts.problems)
        if acts.commands:
            self.step(text, "command " + ", ".join(command.verb for command in acts.commands), why)
        if acts.problems:
            self.leftover.append(text)
            self.step(text, "left over", "a number that the mail does not have")

    def reply(self, mail: Mail, text: str) -> Reply:
        """The reply as far as it was understood."""
        value, phrase = _one_date(self.labelled or self.free)
        commands = self.commands
        if value is not None:
            # A date that was written stands above the "ok" beside it.
            commands = [command for command in commands if command.verb != Verb.OK]
        return Reply(
            message_id=mail.message_id,
            written=text,
            notes=tuple(self.notes),
            action_items=tuple(self.items),
            feedback=tuple(self.feedback),
            topics=tuple(self.topics),
            next_check_in=value,
            next_check_in_text=phrase or self.no_check_in,
            no_check_in=bool(self.no_check_in) and value is None,
            commands=tuple(commands),
            thanks=self.thanks,
            problems=tuple(self.problems),
            leftover=tuple(self.leftover),
        )


def _one_date(found: list[tuple[Moment, str]]) -> tuple[Moment, str]:
    """The one date that was written; an Ask with all of them where they differ."""
    if not found:
        return None, ""
    values = list(dict.fromkeys(value for value, _ in found))
    phrase = found[0][1]
    if len(values) == 1:
        return values[0], phrase
    settled = [value for value in values if isinstance(value, date)]
    if len(settled) == len(values) and len({_day(value) for value in settled}) == 1:
        # The same day with and without its time: the time counts.
        timed = [value for value in settled if isinstance(value, datetime)]
        if len(timed) == 1:
            return timed[0], phrase
    candidates: list[date] = []
    for value in values:
        candidates.extend(value.candidates if isinstance(value, Ask) else (value,) if value is not None else ())
    ordered = sorted(dict.fromkeys(candidates), key=lambda value: value.isoformat())
    return Ask(AskReason.SEVERAL, tuple(ordered), "; ".join(text for _, text in found)), phrase


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
