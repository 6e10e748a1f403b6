"""Every client, shape and language, times every way of answering a form: what is understood is the same."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.replies.clients import CLIENTS, SHAPES, Answer, Client, reply
from tests.replies.forms import SAYS, Says
from tests.replies.sent import LABELS, follow_up
from worker.model import Part, Person, Reply
from worker.replies import read_form

REFERENCE = datetime(2026, 11, 19, 10, 55, tzinfo=ZoneInfo("Europe/Berlin"))
PEOPLE = (Person("dana@example.com", "Dana Kim"), Person("alex@example.com", "Alex Moreno"))
STYLES = ("free", "labels on top", "on the line", "below", "above and inside", "below the mail", "empty")


def answer(style: str, language: str) -> Answer:
    """Answer the form in this style."""
    says, labels = SAYS[language], LABELS[language]
    values = {
        labels[0]: says.when,
        labels[1]: says.highlight,
        labels[4]: says.feedback,
        labels[6]: says.action,
        labels[7]: says.private,
    }
    if style == "free":
        return Answer(top=says.prose)
    if style == "labels on top":
        return Answer(top="\n".join(f"{label} {value}" for label, value in values.items()))
    if style == "above and inside":
        return Answer(top=says.prose, labels={labels[1]: says.highlight, labels[7]: says.private})
    if style == "below the mail":
        return Answer(bottom=says.prose)
    if style == "empty":
        return Answer()
    return Answer(labels=values, on_line=style == "on the line")


def read(client: Client, shape: str, style: str, language: str) -> Reply:
    """Send the answer through the client and read it."""
    sent = follow_up(language)
    raw = reply(client, sent, answer(style, language), shape)
    return read_form(
        raw, sent.text, sent.html, reference=REFERENCE, sender="dana@example.com", people=PEOPLE, language=language
    )


def expected(style: str, language: str) -> list[str]:
    """What must be understood, as lines to compare."""
    says = SAYS[language]
    if style == "empty":
        return []
    free = style in {"free", "above and inside", "below the mail"}
    lines = ["next 2026-12-03", f"item alex {_action(says, free=free)} 2026-11-20"]
    if free:
        lines.append(f"note general {says.prose.split(chr(10))[0]}")
    if style not in {"free", "below the mail"}:
        lines += [f"note highlights {says.highlight}", f"private {says.private}"]
    if not free:
        lines.append(f"feedback {_feedback(says)} 2026-12-10")
    return sorted(lines)


def _action(says: Says, *, free: bool) -> str:
    if not free:
        text = says.action.partition(":")[2].strip()
    else:
        text = says.prose.split("\n")[1].partition(" ")[2].partition(".")[0]
    for deadline in (" by Friday", " bis Freitag", " avant vendredi", " antes del viernes"):
        text = text.replace(deadline, "")
    return text


def _feedback(says: Says) -> str:
    return says.feedback.partition(",")[0]


def understood(reply_: Reply) -> list[str]:
    """The reply as lines to compare."""
    lines = [f"next {value}" for value in (reply_.next_check_in,) if value is not None]
    assert all(isinstance(reply_.next_check_in, date) for _ in lines), reply_.next_check_in
    lines += [f"item {item.owner.partition('@')[0]} {item.text} {item.due}" for item in reply_.action_items]
    for note in reply_.notes:
        head = "private" if note.private else f"note {note.part}"
        lines.append(f"{head} {' '.join(note.text.split())}")
    lines += [f"feedback {' '.join(each.text.split())} {each.follow_up_on}" for each in reply_.feedback]
    lines += [f"command {command.verb}" for command in reply_.commands]
    lines += [f"left over {text}" for text in reply_.leftover]
    return sorted(lines)


@pytest.mark.parametrize("language", list(SAYS))
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_every_client_and_style_says_the_same(client: Client, style: str, language: str) -> None:
    """Whatever the client did to our mail, and wherever the answer stands, the same fields come out, in any shape."""
    for shape in SHAPES:
        found = read(client, shape, style, language)
        assert understood(found) == expected(style, language), shape
        if style == "empty":
            assert found.empty


def test_the_part_of_a_label_is_the_agendas() -> None:
    """A value under a label belongs to the part of the agenda that the label names, and carries the label as sent."""
    found = read(CLIENTS[0], "both", "on the line", "de")
    assert [(note.part, note.label) for note in found.notes if not note.private] == [(Part.HIGHLIGHTS, "Erfolge")]
