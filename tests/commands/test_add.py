from __future__ import annotations

import pytest

from tests.commands.support import NOW, Caller
from worker.commands.add import about

LATER = "2026-11-24T10:25:00+01:00"


@pytest.fixture
def used(call: Caller) -> Caller:
    """A sample after its first tick."""
    call.sample()
    assert call("tick", "--now", NOW).code == 0
    return call


@pytest.mark.parametrize(
    ("text", "table", "expected"),
    [
        ("the roadmap", "topics", "the roadmap"),
        ("good demo today, follow up in 2 weeks", "feedback", "good demo today"),
        ("feedback good demo today", "feedback", "good demo today"),
        ("feedback: good demo today", "feedback", "good demo today"),
        ("private seems tired", "notes", "seems tired"),
        ("goal lead a project by 31 March 2027", "goals", "lead a project"),
    ],
)
def test_the_same_as_a_mail(used: Caller, text: str, table: str, expected: str) -> None:
    """A topic, feedback, a private note and a goal are stored as by mail, and the manager gets one receipt."""
    called = used("add", "alex", text, "--now", LATER)
    assert called.code == 0, called.err
    shown = used("history", "alex", "--private", "--json", "--now", LATER).json
    assert [one["text"] for one in shown[table]] == [expected]
    sent = used("tick", "--now", "2026-11-24T10:26:00+01:00", "--json").json["sent"]
    assert ("receipt", "dana@example.com") in [(one["kind"], one["to"]) for one in sent]


def test_nothing_to_add(used: Caller) -> None:
    """Empty words are a wrong call."""
    assert used("add", "alex", "  ").code == 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the roadmap", "a@example.com: the roadmap"),
        ("one\n\ntwo", "a@example.com: one\na@example.com: two"),
        ("feedback: fine", "feedback a@example.com: fine"),
        ("review done: all well", "review a@example.com done: all well"),
        ("review 6 months", "review a@example.com 6 months"),
        ("pause until 3 March", "pause a@example.com until 3 March"),
        ("agenda", "agenda a@example.com"),
        ("undo", "undo"),
        ("open questions on pay", "a@example.com: open questions on pay"),
    ],
)
def test_each_line_says_whom_it_is_about(text: str, lines: str) -> None:
    """The words become what a mail to the worker says, one thing a line."""
    assert about(text, "a@example.com") == lines
