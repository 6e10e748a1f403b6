from __future__ import annotations

import email
import email.policy
import io
import re
from email.message import EmailMessage

import pytest

from tests.commands.support import NOW, Caller, body, moment
from worker.commands.answering import newest_asking

LATER = "2026-11-24T10:30:00+01:00"


@pytest.fixture
def asked(call: Caller) -> Caller:
    """A sample in which the form and the welcome went out."""
    call.sample()
    assert call("tick", "--now", NOW).code == 0
    return call


def received(call: Caller) -> list[EmailMessage]:
    """Return what lies in the mailbox unread."""
    files = sorted((call.folder / "mail" / "in" / "new").iterdir())
    found = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert all(isinstance(one, EmailMessage) for one in found)
    return found


def test_an_answer_is_what_a_mail_client_sends(asked: Caller) -> None:
    """To the mail's Reply-To, from its reader, in its conversation, the text above the whole mail as a quotation."""
    called = asked("answer", "in two weeks", "--now", LATER)
    assert called.code == 0, called.err
    form = asked.mails("follow-up")[0]
    (mail,) = received(asked)
    assert mail["To"] == form.message["Reply-To"]
    assert mail["From"] == "Dana Kim <dana@example.com>"
    assert mail["In-Reply-To"] == form.message_id
    assert str(mail["References"]).split()[-1] == form.message_id
    assert mail["Subject"] == f"Re: {form.subject}"
    assert mail["Date"].datetime == moment(LATER)
    text, _, quotation = body(mail).partition("\n\n")
    assert text == "in two weeks"
    assert re.match(r"On Tue, 24 Nov 2026 at \d\d:20, Followthrough <one-on-ones@example.com> wrote:\n", quotation)
    quoted = [line.removeprefix("> ").removeprefix(">") for line in quotation.splitlines()[1:]]
    assert quoted == [line.rstrip() for line in form.text.splitlines()]


def test_the_mail_arrives_whole_through_tmp(asked: Caller) -> None:
    """Nothing stays in `tmp`, and the file is private to its owner's mail folder."""
    asked("answer", "ok", "--now", LATER)
    box = asked.folder / "mail" / "in"
    assert list((box / "tmp").iterdir()) == []
    assert len(list((box / "new").iterdir())) == 1


def test_the_form_goes_before_what_else_asks(asked: Caller) -> None:
    """Of several mails of one moment, the form is the one that is answered first, then the others, none twice."""
    answered = []
    while (mail := newest_asking(asked.config())) is not None:
        assert asked("answer", "ok", "--now", LATER).code == 0
        answered.append((mail.kind, mail.to))
    assert answered[0] == ("follow-up", "dana@example.com")
    assert ("welcome", "dana@example.com") in answered
    assert len(set(answered)) == len(answered)
    called = asked("answer", "ok", "--now", LATER)
    assert called.code == 1
    assert "no unanswered mail" in called.err
    assert "status" in called.err


def test_as_chooses_whose_mail(asked: Caller) -> None:
    """`--as` answers for the person named, and says so where nothing asks them."""
    assert asked("answer", "x", "--as", "priya@example.com").code == 1
    assert asked("answer", "x", "--as", "DANA@example.com").code == 0
    assert received(asked)[0]["From"] == "Dana Kim <dana@example.com>"


def test_kind_chooses_which_mail(asked: Caller) -> None:
    """`--kind` answers the newest mail of that kind, whatever else asks."""
    assert asked("answer", "yes all", "--kind", "welcome").code == 0
    assert received(asked)[0]["In-Reply-To"] == asked.mails("welcome")[0].message_id


@pytest.mark.parametrize("word", ["share", "Teilen", "undo"])
def test_what_a_receipt_asks_for_answers_the_receipt(asked: Caller, word: str) -> None:
    """`share` after an answer goes to the receipt that offers it, and not to another mail that waits."""
    assert asked("answer", "Highlights: shipped", "--now", LATER).code == 0
    assert asked("tick", "--now", LATER).code == 0
    assert 'receipt "' in asked("answer", word, "--now", LATER).out
    assert received(asked)[0]["In-Reply-To"] == asked.mails("receipt")[0].message_id
    assert 'welcome "' in asked("answer", word, "--now", LATER).out


def test_the_text_may_come_from_standard_input(asked: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TEXT, what is piped in is the answer, with all its lines."""
    monkeypatch.setattr("sys.stdin", io.StringIO("Highlights: a\nSupport: ü\n"))
    assert asked("answer", "--now", LATER).code == 0
    assert body(received(asked)[0]).startswith("Highlights: a\nSupport: ü\n\nOn ")


def test_an_empty_answer_is_refused(asked: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent where nothing was written."""
    monkeypatch.setattr("sys.stdin", io.StringIO("  \n"))
    called = asked("answer")
    assert called.code == 2
    assert received(asked) == []


def test_nothing_to_answer_before_the_first_tick(call: Caller) -> None:
    """Before any mail was sent the exit code is 1, with where to look."""
    call.sample()
    called = call("answer", "ok")
    assert called.code == 1
    assert "status" in called.err
