"""What is understood, kept as files: the same whatever client sent it, in the order and the words of the form.

`python -m tests.replies.test_golden` writes the files anew; a change of them is a change of what people get.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replies.clients import CLIENTS, Answer, Client, reply
from tests.replies.forms import ALEX, DANA, MEETING, REFERENCE, SAYS, acts_of, items_of, next_of
from tests.replies.sent import LABELS, Sent, follow_up
from worker.model import Reply
from worker.replies import read_form

FOLDER = Path(__file__).parent / "golden"
STYLES = ("prose", "labels", "inside", "mixed")


def answer(language: str, style: str) -> Answer:
    """Return an answer in one style: free prose, labels typed on top, inside the quotation, part above part inside."""
    says, names = SAYS[language], LABELS[language]
    values = {
        names[0]: says.when,
        names[1]: says.highlight,
        names[4]: says.feedback,
        names[6]: says.action,
        names[7]: says.private,
    }
    if style == "prose":
        return Answer(top=says.prose)
    if style == "labels":
        return Answer(top="\n".join(f"{name} {value}" for name, value in values.items()))
    if style == "inside":
        return Answer(labels=values, on_line=True)
    return Answer(top=says.when, labels={name: values[name] for name in (names[1], names[7])})


def shown(found: Reply) -> str:
    """Return what was understood, a line for each thing, leaving out what a client decides (the mail's own id)."""
    lines = [f"next: {next_of(found)} ({found.next_check_in_text})", f"acts: {acts_of(found)}"]
    lines += [f"item: {each}" for each in items_of(found).split("; ")]
    lines += [f"feedback: {each.text} ({each.follow_up_on})" for each in found.feedback]
    lines += [f"note: {note.part}{' private' if note.private else ''}: {note.text!r}" for note in found.notes]
    lines += [f"left over: {each!r}" for each in found.leftover]
    return "\n".join(lines) + "\n"


def read(client: Client, sent: Sent, style: str, shape: str) -> str:
    """Return what is understood of an answer as one client sends it."""
    raw = reply(client, sent, answer(sent.language, style), shape)
    found = read_form(
        raw,
        sent.text,
        sent.html,
        reference=REFERENCE,
        meeting_start=MEETING,
        sender=DANA.email,
        people=(DANA, ALEX),
        language=sent.language,
    )
    return shown(found)


def rows() -> Iterator[tuple[str, str]]:
    """Yield every language with every style."""
    for language in LABELS:
        for style in STYLES:
            yield language, style


@pytest.mark.parametrize(("language", "style"), list(rows()))
def test_what_is_understood_is_as_kept(language: str, style: str) -> None:
    """Of the same words of a person every client's mail, plain or HTML, gives the kept reading."""
    wanted = (FOLDER / f"{language}-{style}.txt").read_text(encoding="utf-8")
    sent = follow_up(language)
    for client in CLIENTS:
        for shape in ("plain", "html", "both"):
            assert read(client, sent, style, shape) == wanted, (client.name, shape)


def write() -> None:
    """Write the files anew, from the first client's mail."""
    FOLDER.mkdir(exist_ok=True)
    for language, style in rows():
        text = read(CLIENTS[0], follow_up(language), style, "both")
        (FOLDER / f"{language}-{style}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.exit(0)
