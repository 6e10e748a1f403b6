"""What a line does: the commands of it, and the numbers in it that the mail does not have."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.model import Command, ReplyProblem
from worker.replies.context import Context
from worker.replies.verbs import Verb

MAX_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Acts:
    """What a line does, and what it could not do."""

    commands: tuple[Command, ...] = ()
    problems: tuple[ReplyProblem, ...] = field(default=())

    def only(self, allowed: frozenset[Verb]) -> bool:
        """Whether every command of the line is one of these."""
        return all(Verb(command.verb) in allowed for command in self.commands)


def only(command: Command) -> Acts:
    """Return a line that does this one thing."""
    return Acts((command,))


def checked(commands: list[Command], text: str, context: Context, *, bounded: bool = True) -> Acts:
    """Take out the numbers that the mail does not have, and say so."""
    top = len(context.items) if context.items and bounded else MAX_NUMBER
    good: list[Command] = []
    problems: list[ReplyProblem] = []
    for command in commands:
        numbers = tuple(dict.fromkeys(number for number in command.numbers if 1 <= number <= top))
        if numbers:
            good.append(Command(command.verb, numbers, command.names, command.when, command.text))
        if len(numbers) < len(set(command.numbers)):
            problems.append(ReplyProblem("unknown-number", text))
    return Acts(tuple(good), tuple(problems))
