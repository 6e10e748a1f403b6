"""Answers to a check-in: one word or a date for all of it, or a line for each number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from worker import replies
from worker.apply.between import ANSWERS
from worker.apply.items import find
from worker.model import Command, Feedback, Goal, OutboxEntry, Pair, Person, Reply, WrittenNote
from worker.replies import verbs
from worker.replies.text import key
from worker.tick import reading
from worker.tick.office import Office

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

_NUMBERED = re.compile(r"\s*#?(\d{1,2})\s*[.:)\-]?\s+(\S.*)")


def read(office: Office, letter: Letter, pair: Pair, row: OutboxEntry, author: Person) -> Reply:
    """Read an answer to a check-in; of one about goals every free line is progress, or says which goal it is about."""
    known = [find(pair, identity) for identity in row.numbers]
    texts = tuple(getattr(thing, "text", "") for thing in known)
    if any(isinstance(thing, Goal) for thing in known):
        return _about_goals(_read(office, letter, pair, row, author, texts, form=True), row)
    whole = _closing(_read(office, letter, pair, row, author, texts))
    lines = [_NUMBERED.fullmatch(line) for line in whole.written.splitlines() if line.strip()]
    if len(row.numbers) < 2 or not lines or not all(lines):
        return whole
    commands: list[Command] = []
    for match in lines:
        if match is None or not 1 <= int(match[1]) <= len(row.numbers):
            return whole
        said = _one_line(office, letter, pair, row, author, match[2])
        commands.extend(_of_number(said, int(match[1]), match[2]))
    return replace(whole, commands=tuple(commands), notes=(), next_check_in=None, next_check_in_text="")


def _closing(said: Reply) -> Reply:
    """Return "done" as the word that closes all that the mail restates; it is no answer to how something goes."""
    first = said.written.strip().partition("\n")[0]
    words = key(re.split(r"[,.!;]", first, maxsplit=1)[0])
    if said.commands or said.next_check_in is not None or verbs.handles().get(words) != "done":
        return said
    return replace(said, commands=(Command("all-done"),), notes=())


def with_numbers(  # the parts of one reading
    office: Office, letter: Letter, pair: Pair, row: OutboxEntry, author: Person, said: Reply, known: Sequence[str]
) -> Reply:
    """Return an answer to another mail with the lines read that answer feedback by its number: "2 better"."""
    things = [find(pair, identity) for identity in known]
    if not any(isinstance(thing, Feedback) for thing in things):
        return said
    for line in said.written.splitlines():
        match = _NUMBERED.fullmatch(line)
        number = int(match[1]) if match else 0
        if match is None or not 1 <= number <= len(things) or not isinstance(things[number - 1], Feedback):
            continue
        read_alone = _one_line(office, letter, pair, row, author, match[2])
        answered = [one for one in read_alone.commands if one.verb in ANSWERS]
        if answered:
            kept = (one for one in said.commands if not (one.verb == "progress" and one.numbers == (number,)))
            said = replace(
                said,
                commands=(*kept, *(replace(one, numbers=(number,)) for one in answered)),
                notes=tuple(note for note in (_without(note, line) for note in said.notes) if note.text.strip()),
                leftover=tuple(other for other in said.leftover if other.strip() != line.strip()),
            )
    return said


def _without(note: WrittenNote, line: str) -> WrittenNote:
    lines = [other for other in note.text.splitlines() if other.strip() != line.strip()]
    return replace(note, text="\n".join(lines).strip())


def _one_line(office: Office, letter: Letter, pair: Pair, row: OutboxEntry, author: Person, words: str) -> Reply:
    head = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    raw = f"From: {author.email}\r\n{head}{words}\r\n".encode()
    one = replace(letter, received=replace(letter.received, raw=raw))
    return _read(office, one, pair, replace(row, body=""), author, ())


def _of_number(said: Reply, number: int, words: str) -> list[Command]:
    """Return what was said of one number: a word, a date, else words to keep."""
    if said.commands:
        return [replace(command, numbers=(number,)) for command in said.commands]
    if said.next_check_in is not None:
        return [Command("by", (number,), when=said.next_check_in, text=words)]
    return [Command("progress", (number,), text=words)]


def _about_goals(said: Reply, row: OutboxEntry) -> Reply:
    """Return free words as progress where the mail is about one goal; several need the number."""
    if len(row.numbers) != 1:
        return said
    steps = tuple(Command("progress", (1,), text=note.text) for note in said.notes if not note.private)
    kept = tuple(note for note in said.notes if note.private)
    return replace(said, commands=(*said.commands, *steps), notes=kept)


def _read(  # the parts of one reading
    office: Office,
    letter: Letter,
    pair: Pair,
    row: OutboxEntry,
    author: Person,
    texts: tuple[str, ...],
    *,
    form: bool = False,
) -> Reply:
    sent = reading.original(office, row.body)
    reader = replies.read_form if form else replies.read_check_in
    return reader(
        letter.received.raw,
        sent.plain or "",
        sent.html,
        reference=reading.reference(letter, author),
        sender=author.email,
        people=(office.manager_of(pair), office.person_of(pair)),
        items=texts,
        language=author.language or office.policy.language,
    )
