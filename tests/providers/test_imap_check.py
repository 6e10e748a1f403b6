"""What `check` says of IMAP servers that can do less than others, or have something to say."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.providers.imap_script import USUAL, Script, serving
from worker.providers.imap import ImapSettings, check_mailbox

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def lines_of(script: Script) -> list[str]:
    """The lines about the mailbox itself; nobody listens for SMTP."""
    with serving(script):
        settings = ImapSettings(
            imap_host="127.0.0.1",
            imap_port=script.port,
            imap_security="none",
            smtp_host="127.0.0.1",
            smtp_port=1,
            smtp_security="none",
            user="dana",
            password="opensesame",
            timeout=5.0,
        )
        return [str(each) for each in check_mailbox(settings, "dana@example.com", lambda: NOW)]


def of(lines: list[str], words: str) -> str:
    """The one line that has these words."""
    (line,) = [line for line in lines if words in line]
    return line


def test_what_the_server_wants_a_person_to_know_is_shown() -> None:
    """An alert at sign-in must be shown to a person (RFC 3501 7.1), so it is a line of its own."""
    script = Script().answer("LOGIN", ["* OK [ALERT] Maintenance on Sunday", "OK welcome"])
    assert "Maintenance on Sunday" in of(lines_of(script), "wants you to know")


def test_a_mailbox_without_junk_is_well_with_a_hint() -> None:
    """No folder for junk is no fault, and the line says what to do if there is one; missing folders are named."""
    script = Script().answer("LIST", ['* LIST () "/" INBOX', "OK"])
    lines = lines_of(script)
    assert of(lines, "no folder for junk").startswith("ok")
    assert "sent Sent (will be made), drafts Drafts (will be made)" in of(lines, "folders inbox INBOX")


def test_a_folder_that_keeps_no_marks_is_wrong() -> None:
    """Where a mark is not kept nothing could be sent safely: the line says so before the first mail does."""
    script = (
        Script().answer("UID SEARCH", ["* SEARCH 2", "OK"]).answer("UID STORE", ["* 1 FETCH (UID 2 FLAGS ())", "OK"])
    )
    assert "the folder keeps no marks" in of(lines_of(script), "wrong: mailbox dana@example.com: drafts")
    assert script.asked.count("UID EXPUNGE 2") == 1


def test_marks_by_flags_are_well() -> None:
    """A server without keywords is as good: the line tells which kind of mark is used."""
    script = Script().answer("SELECT", ["* OK [UIDVALIDITY 7]", "* OK [PERMANENTFLAGS (\\Flagged \\Answered)]", "OK"])
    script.answer("UID SEARCH", ["* SEARCH 2", "OK"])
    script.answer("UID STORE", ["* 1 FETCH (UID 2 FLAGS (\\Flagged))", "OK"])
    assert of(lines_of(script), "marked (flags)").startswith("ok")


def test_mails_without_lasting_names_are_wrong() -> None:
    """A server without UIDVALIDITY cannot be read safely."""
    script = Script().answer("EXAMINE", ["* OK hello", "OK"]).answer("SELECT", USUAL["SELECT"])
    assert "use another provider" in of(lines_of(script), "UIDVALIDITY")


def test_one_server_that_is_away_does_not_hide_the_other() -> None:
    """Both servers are asked, whatever the first one says."""
    lines = lines_of(Script("* BYE down"))
    assert "closed the connection (down)" in of(lines, "wrong: mailbox")
    assert "cannot be reached" in of(lines, "wrong: sending through 127.0.0.1:1")
