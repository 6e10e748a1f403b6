"""Mail that is no reply: captures and commands, one a line, taken to the pairs that they are about.

Each mail is answered once. One that concerns one pair is that pair's, receipt included; one that concerns several, or
none, is answered from the sender's desk. The pairs are saved first and the desk last: a crash in between repeats steps
that know they were done, because each record knows the Message-ID.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from worker import apply as applying
from worker.apply import Arrival
from worker.model import (
    Applied,
    Ask,
    Command,
    Desk,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    Outcome,
    Pair,
    PairKey,
    Part,
    Person,
    Reply,
    ReplyProblem,
    WrittenFeedback,
    WrittenNote,
    WrittenTopic,
)
from worker.plan.desk import UNKNOWN_NAME
from worker.replies import informal, mime
from worker.replies.context import Context
from worker.tick import reading
from worker.tick.office import Office
from worker.tick.records import Record, named_record
from worker.tick.routing import CAPTURES, Contact, Piece, Routed, Sender, contacts, fitting, likely, route

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

Taken = tuple[Outcome, Record | None, set[PairKey]]
_ABOUT_A_MEETING = frozenset({"did-not-happen", "moved", "share", "share-all", "skip"})
_BEGUN = "whom"
LIKELY = "likely"
WITH = "with"
_GOALS = re.compile(r"\s*(?:goals?|ziele?|objectifs?|objetivos?|obiettivi)\b[\s:,-]*", re.IGNORECASE)
_KEEP_MINE = frozenset({"private", "keep it private", "only me", "privat", "nur ich", "privé", "privado"})


def take(  # the parts of one mail
    office: Office,
    letter: Letter,
    who: str,
    *,
    default: PairKey | None = None,
    row: OutboxEntry | None = None,
    outcome: Outcome | None = None,
) -> Taken:
    """Take in a mail from somebody we know; `default` is the pair that it is about where it names nobody."""
    known = contacts(office, who)
    desk = office.store.load_desk(who) or Desk(who)
    seen = _seen(letter, (desk, *(one.pair for one in known)))
    if seen is not None and seen.digest != letter.digest:
        return Outcome.DUPLICATE, None, set()
    if default is None and any(one.message_id == letter.message_id for one in desk.applied):
        return seen.outcome if seen else Outcome.CAPTURE, named_record(office.store, who), set()
    author = _author(office, who, known)
    sender = Sender(author, known, letter.message_id, default, row)
    pieces = _pieces(office, letter, sender)
    routed = route(pieces, sender)
    return _carry_out(office, letter, sender, routed, outcome or _outcome(pieces, known))


def settle(office: Office, letter: Letter, desk: Desk, row: OutboxEntry) -> Taken | None:
    """Take a number or a name as the answer to "whom is it about?"; None where the mail says something else."""
    asked = next((one for one in desk.applied if one.message_id == row.cause), None)
    if asked is None:
        return None
    known = contacts(office, desk.email)
    author = _author(office, desk.email, known)
    said = reading.commands(office, letter, author, tuple(one.person for one in known), row)
    chosen = _chosen(said, row, Sender(author, known, letter.message_id))
    first = next((one.partition(" ")[2] for one in asked.done if one.startswith(f"{_BEGUN} ")), asked.digest)
    raw = office.store.get_blob(first)
    if chosen is None or raw is None:
        return None
    original = replace(letter, received=replace(letter.received, raw=raw), mail=mime.read(raw), at=asked.at)
    names = [problem.text for problem in asked.problems if problem.reason == UNKNOWN_NAME]
    sender = Sender(author, known, letter.message_id)
    waiting = [
        entry for entry in route(_pieces(office, original, sender), sender).unclear if entry[0] in names or not names
    ]
    routed = Routed()
    for name, piece in waiting:
        if name == waiting[0][0]:
            routed.add(chosen.key, piece)
        else:
            routed.unclear.append((name, piece))
    return _carry_out(office, letter, sender, routed, Outcome.ANSWER, first)


def _chosen(said: Reply, row: OutboxEntry, sender: Sender) -> Contact | None:
    """Return whom the answer names: by the number in the question, else by name."""
    for command in said.commands:
        for number in command.numbers[:1]:
            if command.verb == "choose" and 1 <= number <= len(row.numbers):
                address = row.numbers[number - 1]
                return next((one for one in sender.contacts if one.person.email == address), None)
    lines = [line.strip() for line in said.written.splitlines() if line.strip()]
    found = fitting(lines[0], sender) if lines else ()
    return found[0] if len(found) == 1 else None


def _seen(letter: Letter, records: Sequence[Desk | Pair]) -> Applied | None:
    every = (one for record in records for one in record.applied)
    return next((one for one in every if one.message_id == letter.message_id), None)


def _author(office: Office, who: str, known: Sequence[Contact]) -> Person:
    for one in known:
        return office.manager_of(one.pair) if one.leads else office.person_of(one.pair)
    return office.somebody(who)


def _outcome(pieces: Sequence[Piece], known: Sequence[Contact]) -> Outcome:
    """Return what the mail is: a capture where anything was noted, a report's topics, else a command."""
    noted = [piece for piece in pieces if piece.topic or piece.note or piece.command.verb in CAPTURES]
    if noted and known and not any(one.leads for one in known):
        return Outcome.TOPICS
    return Outcome.CAPTURE if noted or not pieces else Outcome.COMMAND


# ------------------------------------------------------------------------------------------------------ what it says


def _pieces(office: Office, letter: Letter, sender: Sender) -> list[Piece]:
    """Return what the mail says, line by line; a report's words that name nobody are topics."""
    people = tuple(one.person for one in sender.contacts)
    said = reading.commands(office, letter, sender.author, people, sender.row)
    named = any(command.names for command in said.commands)
    if sender.contacts and not any(one.leads for one in sender.contacts) and not named:
        said = reading.topics(office, letter, sender.author, people, sender.row)
    context = Context(
        reading.reference(letter, sender.author), sender=sender.author.email, people=(sender.author, *people)
    )
    pieces = [Piece(Command("topic"), topic=topic) for topic in said.topics]
    lines = list(said.leftover)
    for command in said.commands:
        named_too = _about_whom(command, context)
        pieces.extend(Piece(one) for one in _with_goals(office, letter, named_too, lines, said, sender))
    pieces.extend(Piece(Command("note"), note=note) for note in said.notes)
    pieces.extend(_line(line, context, sender) for line in lines)
    return pieces


def _about_whom(command: Command, context: Context) -> Command:
    """Return a reminder with the person whom its own words name: "remind me on Friday to ask Alex"."""
    if command.verb != "remind" or command.names:
        return command
    found = informal.mentioned(command.text, context)
    return replace(command, names=(found,)) if found else command


def _line(line: str, context: Context, sender: Sender) -> Piece:
    command = informal.read(line, context)
    if command is not None:
        return Piece(command)
    if sender.row is not None and " ".join(line.split()).strip(" .!:").casefold() in _KEEP_MINE:
        return Piece(Command("private"))
    if sender.contacts and not any(one.leads for one in sender.contacts):
        return Piece(Command("topic"), topic=WrittenTopic(line))
    named = informal.mentioned(line, context)
    return Piece(Command("note", names=(named,) if named else ()), note=WrittenNote(line))


def _with_goals(  # the parts of one reading
    office: Office, letter: Letter, command: Command, lines: list[str], said: Reply, sender: Sender
) -> list[Command]:
    """Return a finished review with its goals: those behind the word, and the lines below it."""
    if command.verb != "review-done":
        return [command]
    head = _GOALS.match(command.text)
    if head is None:
        return [command]
    behind = [piece.strip() for piece in command.text[head.end() :].split(";") if piece.strip()]
    below = []
    if not behind:
        written = [line.strip() for line in said.written.splitlines()]
        start = next((place for place, line in enumerate(written) if line.endswith(command.text)), len(written))
        below = [line for line in lines if line in written[start:] or f"- {line}" in written[start:]]
        for line in below:
            lines.remove(line)
    name = command.names[0] if command.names else ""
    text = "\r\n".join(f"goal {name}: {goal}" for goal in _joined([*behind, *below]))
    raw = f"From: {sender.author.email}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    goals = replace(letter, received=replace(letter.received, raw=raw), mail=letter.mail)
    people = tuple(one.person for one in sender.contacts)
    read = reading.commands(office, goals, sender.author, people, None)
    return [replace(command, text=""), *(one for one in read.commands if one.verb == "goal")]


def _joined(goals: list[str]) -> list[str]:
    """As in "ship v2 by March; every 4 weeks": a rhythm by itself belongs to the goal before it."""
    found: list[str] = []
    for goal in goals:
        if found and re.match(r"(?:every|alle|jede|toutes?|tous|cada|chaque)\b", goal, re.IGNORECASE):
            found[-1] = f"{found[-1]}, {goal}"
        else:
            found.append(goal)
    return found


# ------------------------------------------------------------------------------------------------------ what it does


def _carry_out(  # the parts of one mail
    office: Office, letter: Letter, sender: Sender, routed: Routed, outcome: Outcome, first: str = ""
) -> Taken:
    """Apply each pair's share, then the desk's; return where the mail went."""
    who = sender.author.email
    _stop_or_start(office, sender, routed, letter.at)
    desk_speaks = len(routed.pairs) != 1 or bool(routed.desk or routed.unclear or routed.leftover)
    # The record whose mail is answered is saved last: that it knows this one means that the others do.
    for key in sorted(routed.pairs, key=lambda key: key == sender.default):
        if key == sender.default and desk_speaks:
            _to_desk(office, letter, sender, routed, outcome, first)
        contact = next(one for one in sender.contacts if one.key == key)
        after = _applied(office, letter, sender, contact, routed.pairs[key], outcome, receipt=not desk_speaks)
        office.store.save_pair(after, letter.at)
    if not desk_speaks:
        key = next(iter(routed.pairs))
        return outcome, named_record(office.store, str(key)), {key}
    _to_desk(office, letter, sender, routed, outcome, first)
    return outcome, named_record(office.store, who), set(routed.pairs)


def _to_desk(  # the parts of one mail
    office: Office, letter: Letter, sender: Sender, routed: Routed, outcome: Outcome, first: str
) -> None:
    """Note at the sender's desk, once, what concerns several pairs or none."""
    who = sender.author.email
    desk = office.store.load_desk(who) or Desk(who)
    if any(one.message_id == letter.message_id for one in desk.applied):
        return
    done = [command.verb for command in routed.desk]
    done += [f"{WITH} {_other(key, who)}" for key in routed.pairs]
    asked = list(dict.fromkeys(name for name, _ in routed.unclear))
    if asked:
        done += [f"{LIKELY} {address}" for address in likely(asked[0], sender)]
        done += [f"{_BEGUN} {first or letter.digest}"]
    something = bool(routed.pairs or routed.desk or routed.unclear or routed.leftover)
    applied = Applied(
        letter.message_id,
        letter.at,
        who,
        outcome,
        row=sender.row.key if sender.row else "",
        digest=letter.digest,
        done=tuple(done),
        leftover=tuple(routed.leftover),
        problems=tuple(ReplyProblem(UNKNOWN_NAME, name) for name in asked),
        receipt=something,
    )
    office.store.save_desk(replace(desk, applied=(*desk.applied, applied)))
    office.memory.look_at(who)


def _other(key: PairKey, who: str) -> str:
    return key.person if key.manager == who else key.manager


def _stop_or_start(office: Office, sender: Sender, routed: Routed, at: datetime) -> None:
    verbs = [command.verb for command in routed.desk]
    verbs += [piece.command.verb for pieces in routed.pairs.values() for piece in pieces]
    reading.stop_or_start(office, sender.author.email, frozenset(verbs), at)


def _applied(  # the parts of one application
    office: Office,
    letter: Letter,
    sender: Sender,
    contact: Contact,
    pieces: Sequence[Piece],
    outcome: Outcome,
    *,
    receipt: bool,
) -> Pair:
    reply = _reply(pieces, letter, leads=contact.leads)
    verbs = {command.verb for command in reply.commands}
    row = sender.row if sender.row is not None and contact.key == sender.default else None
    numbered = sender.row if sender.row is not None and sender.row.numbers else _newest_numbered(sender, contact.pair)
    arrival = Arrival(
        message_id=letter.message_id,
        digest=letter.digest,
        at=letter.at,
        author=sender.author.email,
        outcome=outcome,
        policy=office.policy,
        clock=office.clock(sender.author, letter.at),
        row=row,
        numbered=numbered,
        meeting=_last_begun(contact.pair, letter.at) if verbs & _ABOUT_A_MEETING and row is None else None,
        receipt=receipt,
        answers=sender.row.cause if sender.row is not None else "",
    )
    return applying.apply(contact.pair, reply, arrival)


def _newest_numbered(sender: Sender, pair: Pair) -> OutboxEntry | None:
    rows = [row for row in pair.outbox if row.to == sender.author.email and row.numbers]
    return rows[-1] if rows else None


def _last_begun(pair: Pair, now: datetime) -> Meeting | None:
    begun = [one for one in pair.meetings if one.start <= now and one.status is not MeetingStatus.CANCELLED]
    return begun[-1] if begun else None


def _reply(pieces: Sequence[Piece], letter: Letter, *, leads: bool) -> Reply:
    """Return what the pieces say to one pair; of a report's words all but what is private are topics."""
    notes: list[WrittenNote] = []
    feedback: list[WrittenFeedback] = []
    topics: list[WrittenTopic] = []
    commands: list[Command] = []
    leftover: list[str] = []
    for piece in pieces:
        command = piece.command
        if piece.topic is not None:
            topics.append(piece.topic)
        elif piece.note is not None:
            _note(piece.note, notes, leftover)
        elif command.verb == "topic":
            topics.append(WrittenTopic(command.text))
        elif command.verb == "feedback" and leads:
            feedback.append(_feedback(command))
        elif command.verb == "feedback":
            topics.append(WrittenTopic(command.text, Part.FEEDBACK))
        elif command.verb == "private" and command.text and leads:
            notes.append(WrittenNote(command.text, private=True))
        elif command.verb == "private" and command.text:
            topics.append(WrittenTopic(command.text, private=True))
        else:
            commands.append(command)
    return Reply(
        message_id=letter.message_id,
        notes=tuple(notes),
        feedback=tuple(feedback),
        topics=tuple(topics),
        commands=tuple(commands),
        leftover=tuple(leftover),
    )


def _note(note: WrittenNote, notes: list[WrittenNote], leftover: list[str]) -> None:
    """What nobody asked to keep is left over, so that the receipt shows it as not understood."""
    if note.private:
        notes.append(note)
    else:
        leftover.append(note.text)


def _feedback(command: Command) -> WrittenFeedback:
    when = command.when
    if isinstance(when, Ask):
        return WrittenFeedback(command.text, ask=when)
    day = when.date() if isinstance(when, datetime) else when
    return WrittenFeedback(command.text, day if isinstance(day, date) else None)
