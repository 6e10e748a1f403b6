"""What a mail says and why: for `followthrough explain`, and for the first answer to every bug report."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from worker.model import Ask, Reply
from worker.replies import mime, written
from worker.replies.context import Context
from worker.replies.form import Asked, Reading, reading, reading_of
from worker.replies.machine import machine
from worker.replies.sender import results, servers

_WIDTH = 100
_LONGEST = 4000


def explain(
    raw: bytes,
    asked: Asked,
    context: Context,
    *,
    kind: str = "follow-up",
    authserv_id: str = "",
    own: Sequence[str] = (),
) -> str:
    """Explain a mail line by line: who sent it, what is quotation, what was written, where each piece went and why.

    `kind` is `follow-up`, `topics`, `check-in` or `commands`, as the mail that is answered calls for; `own` are the
    worker's addresses. The text is for a terminal and ends in a line feed. It contains the words of the mail: it is
    for the one who asked, never for a log. Never raises.
    """
    mail = mime.read(raw)
    lines = [*_head(mail, authserv_id), *_robot(mail, own), *_parts(mail)]
    if mail.problem:
        lines += ["", f"Problem: {mail.problem} ({', '.join(mail.truncated) or 'no text and no headers of a mail'})"]
    _, _, found = reading(raw, asked, context) if kind == "follow-up" else reading_of(raw, asked, context, kind)
    wrote = written.read(mail, originals_of(asked))
    lines += [
        "",
        *_quotation(wrote),
        "",
        *_written(wrote),
        "",
        *_steps(found),
        "",
        *_result(found.reply(mail, found.written)),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def originals_of(asked: Asked) -> list[written.Original]:
    """The mails of the conversation in the order in which they are looked for."""
    first = [written.Original(asked.text, asked.html)] if asked.text or asked.html else []
    return first + [written.Original(text) for text in asked.earlier if text]


def _head(mail: mime.Mail, authserv_id: str) -> list[str]:
    boxes = (
        ", ".join(f"{box.address}{'' if box.clean else ' (not one clean address)'}" for box in mail.from_) or "nobody"
    )
    lines = [
        f"From:     {boxes}",
        f"Subject:  {_one_line(mail.subject)}",
        f"Date:     {mail.date.isoformat() if mail.date else 'none that can be read'}",
        f"Message:  {mail.message_id or 'no Message-ID'}",
    ]
    if mail.in_reply_to or mail.references:
        lines.append(f"Answers:  {mail.in_reply_to or mail.references[-1]}")
    found = results(mail, authserv_id) if authserv_id else None
    if authserv_id:
        said = "; ".join(f"{item.method}={item.result}" for item in found) if found else "nothing that counts"
        lines.append(f"Sender:   {authserv_id} says {said}")
    elif servers(mail):
        lines.append(f"Sender:   not checked; the receiving server calls itself {', '.join(servers(mail))}")
    return lines


def _robot(mail: mime.Mail, own: Sequence[str]) -> list[str]:
    which = machine(mail, own)
    return [f"Machine:  {which}: it would not be taken as an answer"] if which else []


def _parts(mail: mime.Mail) -> list[str]:
    kinds = ", ".join(mail.content_types[:12]) or "none"
    more = f"; {mail.attachments} attachments, not opened" if mail.attachments else ""
    return [f"Parts:    {kinds}{more}"]


def _quotation(wrote: written.Written) -> list[str]:
    if not wrote.original_lines:
        return ["Quotation: no mail of the conversation is known; judged by its look"]
    if not wrote.quoted:
        return ["Quotation: none of our words"]
    return [f"Quotation (not read, from the {wrote.source} text):", *_indented(wrote.quoted, "  > ")]


def _written(wrote: written.Written) -> list[str]:
    if not wrote.segments:
        return ["Written: nothing"]
    lines = ["Written:"]
    for segment in wrote.segments:
        place = segment.where
        if segment.after is not None and 0 <= segment.after < len(wrote.original_lines):
            joint = "behind" if segment.same_line else "below"
            place = f'{segment.where}, {joint} "{_one_line(wrote.original_lines[segment.after])}"'
        lines += [f"  {place}:", *_indented([segment.text], "    | ")]
    return lines


def _steps(found: Reading) -> list[str]:
    if not found.steps:
        return ["Read as: nothing to store or do"]
    lines = ["Read as:"]
    for step in found.steps:
        lines.append(f"  {step.field} - {step.why}")
        lines += _indented([step.text], "    | ")
    return lines


def _result(reply: Reply) -> list[str]:
    """What would follow."""
    if reply.empty:
        return ["Would store and do nothing" + (" (thanks alone)." if reply.thanks else ".")]
    lines = ["Would:"]
    if reply.no_check_in:
        lines.append("  set no next check-in")
    elif isinstance(reply.next_check_in, Ask):
        lines.append(f"  ask about the next check-in ({_ask(reply.next_check_in)})")
    elif reply.next_check_in is not None:
        lines.append(
            f'  set the next check-in to {_moment(reply.next_check_in)} ("{_one_line(reply.next_check_in_text)}")'
        )
    for note in reply.notes:
        seen = "never shared" if note.private else "shareable" if note.label else "only you"
        lines.append(f"  note under {note.part}, {seen}: {_one_line(note.text)}")
    for item in reply.action_items:
        due = (
            f", due {_moment(item.due)}"
            if item.due
            else f", asks about its date ({_ask(item.ask)})"
            if item.ask
            else ""
        )
        lines.append(
            f"  {'record as done' if item.done else 'record'} for {item.owner or 'nobody'}: {_one_line(item.text)}{due}"
        )
    for piece in reply.feedback:
        day = _moment(piece.follow_up_on) if piece.follow_up_on else "the default"
        lines.append(f"  feedback, follow-up on {day}: {_one_line(piece.text)}")
    lines += [
        f"  topic under {topic.part}{', private' if topic.private else ''}: {_one_line(topic.text)}"
        for topic in reply.topics
    ]
    for command in reply.commands:
        words = [command.verb, *command.names, *map(str, command.numbers)]
        words += (
            [_moment(command.when) if isinstance(command.when, date) else "a date to settle"] if command.when else []
        )
        lines.append("  command: " + " ".join(words) + (f" ({_one_line(command.text)})" if command.text else ""))
    lines += [f"  problem: {problem.reason}: {_one_line(problem.text)}" for problem in reply.problems]
    lines += [f"  left over, kept as a private note: {_one_line(text)}" for text in reply.leftover]
    return lines


def _ask(ask: Ask | None) -> str:
    if ask is None:
        return ""
    choices = " or ".join(_moment(each) for each in ask.candidates)
    return f"{ask.reason}{': ' + choices if choices else ''}"


def _moment(value: date | datetime) -> str:
    if isinstance(value, datetime):
        return value.strftime("%a %-d %b %Y, %H:%M %Z")
    return value.strftime("%a %-d %b %Y")


def _one_line(text: str) -> str:
    return textwrap.shorten(" ".join(_clean(text).split()), _WIDTH, placeholder=" …")


def _indented(texts: Iterable[str], before: str) -> list[str]:
    lines: list[str] = []
    for text in texts:
        lines += [before + line for line in _clean(text[:_LONGEST]).split("\n") if line.strip()]
    return lines or [before.rstrip()]


def _clean(text: str) -> str:
    """Without control characters: a mail must not steer the terminal of who looks at it."""
    return "".join(char if char == "\n" or (char.isprintable()) else " " for char in text)
