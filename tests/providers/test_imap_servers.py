"""IMAP servers that refuse, say goodbye, or can do less than others: each with the error of its next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.providers.contract import WORKER, mail_of
from tests.providers.imap_script import USUAL, Script, serving
from tests.providers.imap_submission import Outgoing, submission
from worker.errors import (
    AccountError,
    ForbiddenError,
    RefusedError,
    SignInError,
    TryLaterError,
    UncertainError,
)
from worker.providers import Received, Whereabouts
from worker.providers.imap import ImapMail, ImapSettings
from worker.providers.marks import mark_of_mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "opensesame"
KEY = "agenda"
MARK = mark_of_mail(KEY)
Worker = Callable[..., ImapMail]


@pytest.fixture
def worker_at() -> Iterator[Worker]:
    """Gives a worker for a script, which runs until the end of the test."""
    with ExitStack() as stack:

        def make(script: Script, **more: Any) -> ImapMail:
            stack.enter_context(serving(script))
            settings = {
                "imap_host": "127.0.0.1",
                "imap_security": "none",
                "smtp_host": "127.0.0.1",
                "smtp_port": script.port,
                "smtp_security": "none",
                "user": "dana",
                "password": PASSWORD,
                "timeout": 5.0,
            }
            provider = ImapMail(
                address=WORKER,
                settings=ImapSettings(imap_port=script.port, **{**settings, **more}),
                clock=lambda: NOW,
            )
            stack.callback(provider.close)
            return provider

        yield make


@pytest.fixture
def submission_port(tmp_path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """The port of a submission server, and the mails that it has taken."""
    outgoing = Outgoing(password=PASSWORD)
    with submission(outgoing, tmp_path, security="none") as port:
        yield port, outgoing.left


def fetch_of(uid: int, raw: bytes, before: str = "", after: str = "") -> str:
    """One message of a FETCH answer, with attributes before and after its text."""
    return f"* {uid} FETCH ({before}BODY[]<0> {{{len(raw)}}}\r\n{raw.decode()}{after})"


REFUSED: list[tuple[str, type[AccountError], str]] = [
    ("NO [AUTHENTICATIONFAILED] no", SignInError, "FOLLOWTHROUGH_IMAP_PASSWORD"),
    ("NO [ALERT] Please log in via your web browser", SignInError, "log in via your web browser"),
    ("NO [EXPIRED] old", SignInError, "correct `user`"),
    ("NO bad", SignInError, "app password"),
    ("BAD no such thing", SignInError, "no such thing"),
    ("NO [UNAVAILABLE] later", TryLaterError, "later"),
    ("NO [LIMIT] too many connections", TryLaterError, "too many connections"),
    ("NO [PRIVACYREQUIRED] TLS first", TryLaterError, "imap_security"),
]


@pytest.mark.parametrize(("answer", "error", "text"), REFUSED, ids=[answer for answer, _, _ in REFUSED])
def test_a_refused_sign_in(worker_at: Worker, answer: str, error: type[AccountError], text: str) -> None:
    """Each refusal is for a person or passes by itself, says what the server said, and never the password."""
    provider = worker_at(Script().answer("LOGIN", [answer]))
    with pytest.raises(error, match=text) as caught:
        provider.fetch("")
    assert type(caught.value) is error
    assert PASSWORD not in str(caught.value) + repr(provider._settings)  # noqa: SLF001  # what must not show


@pytest.mark.parametrize("greeting", ["* BYE too many connections", "* NO what", "HTTP/1.1 400 Bad Request"])
def test_a_server_that_does_not_let_us_in(worker_at: Worker, greeting: str) -> None:
    """A goodbye instead of a greeting, or a server of another kind, is a fault that may pass."""
    with pytest.raises(TryLaterError, match="tried again by itself"):
        worker_at(Script(greeting)).fetch("")


def test_a_server_that_says_nothing(worker_at: Worker) -> None:
    """A server that takes the connection and is silent costs the time-out and no more."""
    with pytest.raises(TryLaterError, match="does not answer"):
        worker_at(Script().answer("CAPABILITY", ["WAIT"]), timeout=0.2).fetch("")


def test_sign_in_by_another_way_where_login_is_off(worker_at: Worker) -> None:
    """Where the server switched LOGIN off it is PLAIN; its refusal is read in the same way."""
    script = Script().answer("CAPABILITY", ["* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN", "OK"])
    script.answer("AUTHENTICATE", ["NO [AUTHENTICATIONFAILED] no"])
    with pytest.raises(SignInError, match="FOLLOWTHROUGH_IMAP_PASSWORD"):
        worker_at(script).fetch("")
    assert script.count("LOGIN") == 0


def test_an_idle_connection_that_was_closed_is_opened_anew(worker_at: Worker) -> None:
    """A goodbye for being idle, read with the next command, is no fault: the step is done on a new connection."""
    script = Script().answer(
        "EXAMINE", USUAL["EXAMINE"], ["* BYE Autologout; idle for too long", "BYE"], USUAL["EXAMINE"]
    )
    provider = worker_at(script)
    cursor = provider.fetch("").cursor
    assert provider.fetch(cursor).cursor == cursor
    assert script.count("LOGIN") == 2


def test_a_connection_that_is_always_closed_is_given_up(worker_at: Worker) -> None:
    """A server that closes each time is tried twice and then later: no endless loop."""
    script = Script().answer("EXAMINE", USUAL["EXAMINE"], ["* BYE maintenance", "BYE"])
    provider = worker_at(script)
    provider.fetch("")
    with pytest.raises(TryLaterError, match=r"closed the connection.*maintenance"):
        provider.fetch("")
    assert script.count("LOGIN") == 2


def test_silence_costs_one_time_out(worker_at: Worker) -> None:
    """A server that falls silent is not waited for a second time within the same step."""
    script = Script().answer("EXAMINE", USUAL["EXAMINE"], ["WAIT"])
    provider = worker_at(script, timeout=0.3)
    provider.fetch("")
    with pytest.raises(TryLaterError, match="does not answer"):
        provider.fetch("")
    assert script.count("LOGIN") == 1


def test_new_mail_is_found_where_the_server_tells_no_uidnext(worker_at: Worker) -> None:
    """A server that does not tell its next UID is searched; the last mail that every search names is not new."""
    script = Script().answer("EXAMINE", ["* OK [UIDVALIDITY 7]", "OK"])
    script.answer("UID SEARCH", ["* SEARCH 5", "OK"], ["* SEARCH 5", "OK"], ["* SEARCH 5 9", "OK"])
    told = [fetch_of(uid, b"a: %d\r\n\r\n" % uid, after=f" UID {uid}") for uid in (5, 9)]
    script.answer("UID FETCH", [*told, "OK"])
    provider = worker_at(script)
    first = provider.fetch("")
    second = provider.fetch(first.cursor)
    third = provider.fetch(second.cursor)
    assert [[mail.raw for mail in batch.mails] for batch in (first, second, third)] == [
        [b"a: 5\r\n\r\n"],
        [],
        [b"a: 9\r\n\r\n"],
    ]


@pytest.mark.parametrize("answer", ["* SEARCH 1 x", "* SEARCH 1 \u0661"])
def test_an_answer_that_makes_no_sense(worker_at: Worker, answer: str) -> None:
    """An answer that cannot be read is a fault of the server's that may pass, not one of the worker's."""
    with pytest.raises(TryLaterError, match="cannot be read"):
        worker_at(Script().answer("UID SEARCH", [answer, "OK"])).fetch("")


def test_a_server_that_is_no_imap_server_at_all(worker_at: Worker) -> None:
    """Bytes that are no text where the server names what it can do are a fault that may pass."""
    with pytest.raises(TryLaterError, match="cannot be read"):
        worker_at(Script().answer("CAPABILITY", ["* CAPABILITY IMAP4rev1 \u00fc", "OK"])).fetch("")


def test_one_mail_that_cannot_be_had_holds_up_no_other(worker_at: Worker) -> None:
    """A mail that the server does not give is a problem with its place; the next one comes, and the cursor goes on."""
    script = Script().answer("UID SEARCH", ["* SEARCH 1 2", "OK"])
    script.answer("UID FETCH", ["NO [SERVERBUG] broken"], [fetch_of(2, b"a: 2\r\n\r\n", "UID 2 "), "OK"])
    provider = worker_at(script)
    batch = provider.fetch("")
    assert [mail.raw for mail in batch.mails] == [b"a: 2\r\n\r\n"]
    assert [item for item, _ in batch.problems] == ["inbox:7:1"]
    assert "look at it there" in batch.problems[0][1]
    assert provider.fetch(batch.cursor).mails == ()


def test_a_mail_that_breaks_the_server_is_passed_over_in_the_end(worker_at: Worker) -> None:
    """Some servers close the connection at a broken mail: after a few tries it is a problem, and the next one comes."""
    script = Script().answer("UID SEARCH", ["* SEARCH 1 2", "OK"])
    script.answer("UID FETCH", *[["* BYE FETCH failed", "BYE"]] * 4, [fetch_of(2, b"a: 2\r\n\r\n", "UID 2 "), "OK"])
    provider = worker_at(script)
    for _ in range(4):
        with pytest.raises(TryLaterError):
            provider.fetch("")
    batch = provider.fetch("")
    assert [mail.raw for mail in batch.mails] == [b"a: 2\r\n\r\n"]
    assert [item for item, _ in batch.problems] == ["inbox:7:1"]


@pytest.mark.parametrize("uids", ["1", "1 2 3"])
def test_a_server_in_trouble_loses_no_mail(worker_at: Worker, uids: str) -> None:
    """Where the server gives none of the new mails, none is passed over: the same cursor is tried later."""
    script = Script().answer("UID SEARCH", [f"* SEARCH {uids}", "OK"]).answer("UID FETCH", ["NO [SERVERBUG] disk"])
    with pytest.raises(TryLaterError, match="SERVERBUG"):
        worker_at(script).fetch("")


DRAFT = f"X-Followthrough-Draft: {MARK}\r\n".encode() + mail_of(1)


def with_a_draft(permanent: str, *stored: str, raw: bytes = DRAFT) -> Script:
    """A server with one draft of ours, whose folder keeps these flags; `stored` are the answers to STORE."""
    script = Script().answer(
        "SELECT", ["* OK [UIDVALIDITY 7]", "* OK [UIDNEXT 3]", f"* OK [PERMANENTFLAGS ({permanent})]", "OK"]
    )
    script.answer("UID SEARCH", ["* SEARCH 2", "OK"])
    script.answer(
        "UID FETCH", [fetch_of(2, raw, "UID 2 FLAGS (\\Draft) "), "OK"], ["* 1 FETCH (UID 2 FLAGS (\\Draft))", "OK"]
    )
    return script.answer("UID STORE", *([f"* 1 FETCH (UID 2 FLAGS ({flags}))", "OK"] for flags in stored))


def test_a_server_without_keywords_marks_by_flags(worker_at: Worker, submission_port: tuple[int, list[bytes]]) -> None:
    """Where no keywords are kept the draft is marked by flags that every server keeps, before the mail leaves."""
    port, left = submission_port
    script = with_a_draft("\\Answered \\Flagged \\Deleted \\Seen \\Draft", "\\Draft \\Flagged", "\\Seen \\Answered")
    worker_at(script, smtp_port=port).send(MARK)
    stores = [line for line in script.asked if line.startswith("UID STORE")]
    assert stores[:2] == ["UID STORE 2 +FLAGS (\\Flagged)", "UID STORE 2 FLAGS (\\Seen \\Answered)"]
    assert len(left) == 1


def test_a_bare_line_end_cannot_end_the_mail(worker_at: Worker, submission_port: tuple[int, list[bytes]]) -> None:
    """A dot between bare line ends, which some servers take for the end of the mail, arrives as text of one mail."""
    port, left = submission_port
    raw = DRAFT + b"x\n.\nMAIL FROM:<eve@example.com>\n.\r\r."
    worker_at(with_a_draft("\\*", "$SubmitPending", "$Submitted", raw=raw), smtp_port=port).send(MARK)
    assert left == [DRAFT + b"x\r\n.\r\nMAIL FROM:<eve@example.com>\r\n.\r\n\r\n.\r\n"]


@pytest.mark.parametrize("kept", ["", "\\Draft"])
def test_nothing_is_sent_where_no_mark_is_kept(
    worker_at: Worker, submission_port: tuple[int, list[bytes]], kept: str
) -> None:
    """A folder that says OK and keeps no mark would let a crash send a mail twice: it is refused, nothing leaves."""
    port, left = submission_port
    with pytest.raises(ForbiddenError, match="name another folder as `drafts`"):
        worker_at(with_a_draft("\\*", kept), smtp_port=port).send(MARK)
    assert left == []


def test_a_server_that_cannot_remove_one_mail_alone_removes_none(
    worker_at: Worker, submission_port: tuple[int, list[bytes]]
) -> None:
    """Without UIDPLUS and MOVE what was sent is copied and marked as deleted; EXPUNGE would remove others too."""
    port, _ = submission_port
    script = with_a_draft("\\*", "$SubmitPending", "$Submitted", "\\Deleted")
    script.answer("CAPABILITY", ["* CAPABILITY IMAP4rev1", "OK"])
    script.answer("UID SEARCH", ["* SEARCH 2", "OK"], ["* SEARCH", "OK"])
    worker_at(script, smtp_port=port).send(MARK)
    assert [line for line in script.asked if line.startswith("UID COPY")] == ['UID COPY 2 "Sent"']
    assert script.asked[-1] == "UID STORE 2 +FLAGS (\\Deleted)"
    assert script.count("UID EXPUNGE") + script.count("EXPUNGE") == 0


def test_what_cannot_be_filed_holds_up_nothing(worker_at: Worker, submission_port: tuple[int, list[bytes]]) -> None:
    """Where Sent takes nothing the mail has left all the same: it is sent, is never sent again, and others go on."""
    port, left = submission_port
    script = with_a_draft("\\*", "$SubmitPending", "$Submitted")
    found, nothing = ["* SEARCH 2", "OK"], ["* SEARCH", "OK"]
    script.answer("UID SEARCH", found, nothing, found, nothing).answer("UID MOVE", ["NO [NOPERM] no"])
    provider = worker_at(script, smtp_port=port)
    assert provider.send(MARK).message_id == "<agenda-1@example.com>"
    provider.draft("another", mail_of(2), "")
    assert (script.count("UID MOVE"), script.count("APPEND"), len(left)) == (2, 1, 1)


def test_a_folder_for_drafts_made_anew_in_between_is_not_touched(
    worker_at: Worker, submission_port: tuple[int, list[bytes]]
) -> None:
    """A UID of the old folder may be another mail's in the new one: nothing there is marked, and nothing is sent."""
    port, left = submission_port
    script = with_a_draft("\\*", "$SubmitPending")
    first, anew = script.answers["SELECT"][0], ["* OK [UIDVALIDITY 8]", "* OK [PERMANENTFLAGS (\\*)]", "OK"]
    script.answer("SELECT", first, anew).answer("UID SEARCH", ["* SEARCH 2", "OK"], ["* SEARCH", "OK"])
    script.answer("UID STORE", ["BYE"])
    with pytest.raises(TryLaterError, match="NONEXISTENT"):
        worker_at(script, smtp_port=port).send(MARK)
    assert script.count("UID STORE") == 1
    assert left == []


def test_a_refusal_is_remembered_where_the_mark_cannot_be_taken_off(worker_at: Worker, tmp_path: Path) -> None:
    """A mail that was refused while the mailbox went away is known not to have left, whatever its mark says."""
    script = with_a_draft("\\*")
    marked = ["* 1 FETCH (UID 2 FLAGS (\\Draft $SubmitPending))", "OK"]
    script.answer("UID STORE", marked, ["BYE"], ["BYE"], marked)
    pending = [fetch_of(2, DRAFT, "UID 2 FLAGS (\\Draft $SubmitPending) "), "OK"]
    script.answer("UID FETCH", script.answers["UID FETCH"][0], pending)
    found, nothing = ["* SEARCH 2", "OK"], ["* SEARCH", "OK"]
    script.answer("UID SEARCH", found, found, nothing, found, nothing)
    outgoing = Outgoing(password=PASSWORD, answers={"DATA": "451 4.3.0 later"})
    with submission(outgoing, tmp_path, security="none") as port:
        provider = worker_at(script, smtp_port=port)
        with pytest.raises(TryLaterError):
            provider.send(MARK)
        assert script.count("UID STORE") == 3
        assert provider.locate(KEY, MARK, "<agenda-1@example.com>") == (Whereabouts.DRAFT, None)
        provider.send(MARK)
    assert len(outgoing.left) == 1


GREETINGS = [
    ("554 no SMTP service here", "does not take it now"),
    ("421 too busy", "does not take it now"),
    ("* OK IMAP4rev1 ready", "tried again by itself"),
    ("", "closed the connection"),
]


@pytest.mark.parametrize(("greeting", "text"), GREETINGS, ids=[greeting or "closed" for greeting, _ in GREETINGS])
def test_a_submission_server_that_does_not_let_us_in(worker_at: Worker, greeting: str, text: str) -> None:
    """A server that is too busy, wants nothing to do with us, or speaks another language is asked later."""
    with serving(Script(greeting)) as smtp, pytest.raises(TryLaterError, match=text):
        worker_at(with_a_draft("\\*"), smtp_port=smtp.port).send(MARK)


APPENDED: list[tuple[str, type[AccountError], str]] = [
    ("NO [OVERQUOTA] full", TryLaterError, "the mailbox is full"),
    ("NO Quota exceeded (mailbox for user is full)", TryLaterError, "the mailbox is full"),
    ("NO [TOOBIG] no", RefusedError, "larger than the server takes"),
    ("NO [NOPERM] no", ForbiddenError, "give dana the right"),
    ("NO [TRYCREATE] none", TryLaterError, "tried again"),
    ("BAD what", TryLaterError, "tried again"),
    ("", UncertainError, "looked for"),
]


@pytest.mark.parametrize(("answer", "error", "text"), APPENDED, ids=[answer or "lost" for answer, _, _ in APPENDED])
def test_a_draft_that_is_not_stored(worker_at: Worker, answer: str, error: type[AccountError], text: str) -> None:
    """Each refusal of a draft has the class of its next step; a lost answer leaves it to be looked for."""
    script = Script().answer("APPEND", [answer])
    with pytest.raises(error, match=text) as caught:
        worker_at(script).draft(KEY, mail_of(1), "")
    assert type(caught.value) is error
    assert script.count("APPEND") == 1


def test_a_folder_that_can_only_be_read(worker_at: Worker) -> None:
    """A shared folder without the right to write is for an administrator."""
    with pytest.raises(ForbiddenError, match="give dana the right"):
        worker_at(Script().answer("SELECT", ["* OK [READ-ONLY] no", "OK [READ-ONLY] done"])).done(
            Received("inbox:7:1", b""), refused=False
        )


LISTED = {
    "INBOX.|.": (
        [r'* LIST () "." INBOX', r'* LIST () "." INBOX.Spam', r'* LIST () "." "INBOX.Sent Items"'],
        ["EXAMINE INBOX.Spam", 'CREATE "INBOX.Drafts"'],
    ),
    "|/": (
        [
            r'* LIST () "/" INBOX',
            r'* LIST (\Noselect) "/" Junk',
            r'* LIST () "/" "Entw&APw-rfe"',
            "* LIST () NIL Gesendet",
        ],
        ['APPEND "Entw&APw-rfe"'],
    ),
    "||": (
        [r'* LIST (\Junk) "\\" "a\\\"b\""', '* LIST () "/" {6}\r\nBrouil', '* LIST () "/" {10}\r\nBrouillons'],
        ['EXAMINE "a\\\\\\"b\\""', 'APPEND "Brouillons"'],
    ),
}


@pytest.mark.parametrize("prefix", LISTED)
def test_folders_are_found_by_their_usual_names(worker_at: Worker, prefix: str) -> None:
    """Without the server's word the usual names of several languages count, wherever they stand and however spelled."""
    listed, expected = LISTED[prefix]
    script = Script().answer("LIST", [*listed, "OK"]).answer("CAPABILITY", ["* CAPABILITY IMAP4rev1 NAMESPACE", "OK"])
    before, _, delimiter = prefix.partition("|")
    script.answer("NAMESPACE", [f'* NAMESPACE (("{before}" "{delimiter or "/"}")) NIL NIL', "OK"])
    provider = worker_at(script)
    provider.fetch("")
    provider.draft(KEY, mail_of(1), "")
    for command in expected:
        assert [line for line in script.asked if line.replace('"INBOX.Spam"', "INBOX.Spam").startswith(command)], (
            script.asked
        )
