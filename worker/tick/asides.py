"""Commands that stand as lines of their own inside an answer to another mail: "goal Alex: learn Rust by 1 March"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker import names, replies
from worker.model import Ask, Command, Person, Reply, WrittenFeedback, WrittenNote
from worker.tick import reading
from worker.tick.office import Office

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

# "NAME: text" is none of them: in an answer it is an action item or a note of that person's.
_VERBS = frozenset(
    {"agenda", "end", "feedback", "goal", "history", "pause", "private", "resume", "review", "review-done"}
)
_MOST_LINES = 20
_LONGEST = 300


def with_asides(office: Office, letter: Letter, author: Person, person: Person, said: Reply) -> Reply:
    """Return a manager's answer with such lines about this person as what they say, and nothing else."""
    lines = [line.strip() for line in said.written.splitlines() if line.strip()]
    for line in lines[:_MOST_LINES]:
        if len(line) > _LONGEST or not any(names.fitting(word.strip(":,."), (person,)) for word in line.split()[:4]):
            continue
        said_there = replies.commands_of(
            line,
            reference=reading.reference(letter, author),
            sender=author.email,
            people=(author, person),
            language=author.language or office.policy.language,
        )
        found = [one for one in said_there if one.verb in _VERBS and one.names]
        if found and all(names.fitting(name, (person,)) for one in found for name in one.names):
            said = _added(_without(said, line), found)
    return said


def _added(said: Reply, commands: list[Command]) -> Reply:
    for command in commands:
        if command.verb == "feedback":
            when = command.when
            asked = when if isinstance(when, Ask) else None
            day = reading.day_of(when)
            said = replace(said, feedback=(*said.feedback, WrittenFeedback(command.text, day, ask=asked)))
        elif command.verb == "private":
            said = replace(said, notes=(*said.notes, WrittenNote(command.text, private=True)))
        else:
            said = replace(said, commands=(*said.commands, command))
    return said


def _without(said: Reply, line: str) -> Reply:
    """Return the answer without what was read from this line: its words act, so they are nothing else."""

    def rest(text: str) -> str:
        return "\n".join(other for other in text.splitlines() if other.strip() != line).strip()

    notes = tuple(replace(note, text=rest(note.text)) for note in said.notes)
    said = replace(
        said,
        notes=tuple(note for note in notes if note.text),
        action_items=tuple(item for item in said.action_items if item.text not in line),
        feedback=tuple(one for one in said.feedback if one.text not in line),
        leftover=tuple(other for other in said.leftover if other.strip() != line),
        commands=tuple(one for one in said.commands if not (one.text and one.text in line)),
    )
    if said.next_check_in_text and said.next_check_in_text in line:
        said = replace(said, next_check_in=None, next_check_in_text="", no_check_in=False)
    return said
