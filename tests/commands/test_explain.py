from __future__ import annotations

from tests.commands.support import NOW, Caller

LATER = "2026-11-24T10:26:00+01:00"
ANSWER = "Next check-in: Thu 17 Dec 2026 11:00\nHighlights: the launch\nPrivate notes: looks tired"


def test_a_reply_is_explained_against_the_mail_that_it_answers(call: Caller) -> None:
    """Quotation, own words, fields and the outcome are shown for a reply that lies in the mailbox; nothing changes."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", ANSWER, "--now", "2026-11-24T10:25:00+01:00")
    (file,) = (call.folder / "mail" / "in" / "new").iterdir()
    before = call.files()
    shown = call("explain", str(file), "--now", LATER)
    assert (shown.code, shown.err) == (0, "")
    assert "Quotation (not read" in shown.out
    assert "the launch" in shown.out
    assert "17 Dec" in shown.out
    told = shown.out.partition("If it came now:")[2]
    assert "received" in told
    assert "receipt" in told
    assert call.files() == before


def test_what_is_explained_is_what_happens(call: Caller) -> None:
    """The mails that are foretold are those that the next tick sends."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", ANSWER, "--now", "2026-11-24T10:25:00+01:00")
    (file,) = (call.folder / "mail" / "in" / "new").iterdir()
    told = call("explain", str(file), "--now", LATER).out.partition("If it came now:")[2]
    done = call("tick", "--now", LATER, "--json").json
    assert done["sent"]
    for one in done["sent"]:
        assert [line for line in told.splitlines() if one["kind"] in line and one["to"] in line]
    (read,) = (call.folder / "mail" / "in" / "cur").iterdir()
    assert "the same mail again" in call("explain", str(read), "--now", LATER).out


def test_a_mail_of_a_stranger(call: Caller) -> None:
    """A mail from nobody known is explained as well, with its outcome."""
    call.sample()
    file = call.folder / "stranger.eml"
    file.write_text("From: x@example.net\nTo: one-on-ones@example.com\nMessage-ID: <1@x>\n\nhello\n", encoding="utf-8")
    shown = call("explain", str(file), "--now", NOW)
    assert shown.code == 0
    assert "nobody known here" in shown.out


def test_a_file_that_is_not_there(call: Caller) -> None:
    """A wrong path exits 2."""
    call.sample()
    called = call("explain", str(call.folder / "nothing.eml"))
    assert (called.code, called.out) == (2, "")
