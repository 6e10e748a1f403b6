"""Who may see what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from worker.model import ActionItem, Feedback, Goal, Note, Pair, PairKey, Part, Topic
from worker.privacy import seen_by

MANAGER, PERSON = "dana@example.com", "alex@example.com"
AT = datetime(2026, 11, 3, 10, tzinfo=UTC)


def whole(author: str, *, shared: bool = False, private: bool = False, only_you: bool = False) -> Pair:
    """Return a pair with one thing of each sort, all by one author."""
    when = AT if shared else None
    return Pair(
        PairKey(MANAGER, PERSON),
        notes=(Note("n", AT, Part.GENERAL, "x", author, private=private, only_you=only_you, shared=when),),
        action_items=(ActionItem("i", AT, author, "x", author, shared=when),),
        feedback=(Feedback("f", AT, "x", author, date(2026, 12, 1), private=private, shared=when),),
        topics=(Topic("t", AT, "x", author, private=private),),
        goals=(Goal("g", AT, "x", author, shared=when),),
    )


def seen(pair: Pair, reader: str) -> str:
    """Return one letter for each thing that the reader sees."""
    view = seen_by(pair, reader)
    shelves = (view.notes, view.action_items, view.feedback, view.topics, view.goals)
    return "".join(one.id for shelf in shelves for one in shelf)


@pytest.mark.parametrize(
    ("pair", "reader", "expected"),
    [
        (whole(MANAGER), MANAGER, "niftg"),
        (whole(MANAGER), PERSON, "t"),
        (whole(MANAGER, shared=True), PERSON, "niftg"),
        (whole(MANAGER, private=True), PERSON, ""),
        (whole(MANAGER, private=True, shared=True), PERSON, "ig"),
        (whole(MANAGER, only_you=True), PERSON, "t"),
        (whole(PERSON), MANAGER, "niftg"),
        (whole(PERSON, private=True), MANAGER, "ig"),
        (whole(PERSON, private=True), PERSON, "niftg"),
    ],
)
def test_each_cell_of_the_table(pair: Pair, reader: str, expected: str) -> None:
    """The manager's words need a share, the report's words are open, private ones are their author's alone."""
    assert seen(pair, reader) == expected


def test_rows_to_the_other_person_are_not_seen() -> None:
    """Nobody sees the mails that went to the other, nor what their replies did."""
    from worker.model import Applied, MailKind, OutboxEntry, Outcome

    row = OutboxEntry("k", MailKind.AGENDA, MANAGER, AT)
    applied = Applied("m", AT, MANAGER, Outcome.ANSWER, done=("done i",), leftover=("secret",))
    pair = replace(whole(MANAGER), outbox=(row,), applied=(applied,))
    view = seen_by(pair, PERSON)
    assert view.outbox == ()
    assert "secret" not in repr(view)
