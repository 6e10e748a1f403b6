"""Mails of several pairs that make one."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.model import MailKind, PairKey
from worker.plan import SendMail, gather

AT = datetime(2026, 11, 4, 8, tzinfo=UTC)
DANA = "dana@example.com"


def wish(kind: MailKind, person: str, about: str) -> SendMail:
    """Return what the plan of one pair asks for."""
    key = PairKey(DANA, person)
    return SendMail(f"{kind} {person}", str(key), kind, DANA, AT, key, "m", variant="one", about=(about,))


def test_people_found_together_are_one_welcome() -> None:
    """One welcome lists everybody, under a key that names them all."""
    actions = gather([wish(MailKind.WELCOME, "b@x", "b@x"), wish(MailKind.WELCOME, "a@x", "a@x")])
    assert [(action.about, action.record, action.pair) for action in actions if isinstance(action, SendMail)] == [
        (("a@x", "b@x"), DANA, None)
    ]


def test_one_form_is_reminded_in_its_conversation_and_several_in_one_mail() -> None:
    """A reminder of one form stays with its pair; of several it is one mail at the manager's desk."""
    one = gather([wish(MailKind.REMINDER, "a@x", "form a")])
    assert [action.record for action in one if isinstance(action, SendMail)] == [f"{DANA} a@x"]
    both = gather([wish(MailKind.REMINDER, "a@x", "form a"), wish(MailKind.REMINDER, "b@x", "form b")])
    assert [(action.record, action.variant, action.about) for action in both if isinstance(action, SendMail)] == [
        (DANA, "several", ("form a", "form b"))
    ]
