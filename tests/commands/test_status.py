from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from tests.commands.support import NOW, Caller

PAIR = {"manager", "person", "kind", "started", "next_meeting", "next_check_in", "due", "paused_until"}


@pytest.fixture
def used(call: Caller) -> Caller:
    """A sample in which the form was answered with a date."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "Next check-in: Thu 17 Dec 2026 11:00", "--now", "2026-11-24T10:25:00+01:00")
    assert call("tick", "--now", "2026-11-24T10:26:00+01:00").code == 0
    return call


def test_status_json_is_the_contracts(used: Caller) -> None:
    """`status --json` prints one object with the contract's keys."""
    shown = used("status", "--json", "--now", NOW)
    assert shown.code == 0
    assert len(shown.out.splitlines()) == 1
    found = shown.json
    assert set(found) == {"now", "pairs", "calendars", "mailbox", "not_one_on_one", "failed"}
    assert all(set(one) == PAIR for one in found["pairs"])
    assert [(set(one), one["manager"]) for one in found["calendars"]] == [
        ({"manager", "read_at", "problems", "trouble", "since"}, "dana@example.com")
    ]
    assert set(found["mailbox"]) == {"read_at", "problems", "trouble", "since"}
    assert all(set(one) == {"uid", "reason"} and one["reason"] for one in found["not_one_on_one"])
    assert found["failed"] == []


def test_status_knows_what_comes(used: Caller) -> None:
    """The next meeting, the date that was agreed, and what is due stand there in order of time."""
    shown = used("status", "--json", "--now", "2026-11-24T10:27:00+01:00").json
    alex = next(one for one in shown["pairs"] if one["person"] == "alex@example.com")
    assert alex["started"] is True
    assert alex["next_meeting"].startswith("2026-11-25T")
    assert alex["next_check_in"].startswith("2026-12-17T")
    times = [one["at"] for one in alex["due"]]
    assert times
    assert times == sorted(times)
    assert {"agenda", "follow-up"} & {one["kind"] for one in alex["due"]}


def test_a_configured_pair_is_there_before_the_first_tick(call: Caller) -> None:
    """Before anything was read, the pairs of the configuration are listed, and nothing is written."""
    call.sample()
    before = call.files()
    shown = call("status", "--json", "--now", NOW).json
    assert [(one["person"], one["started"], one["next_meeting"]) for one in shown["pairs"]] == [
        ("alex@example.com", True, None)
    ]
    assert call.files() == before


def test_status_for_a_person(used: Caller) -> None:
    """Without --json it is a table with the pairs, and the reason for each event that is left alone."""
    out = used("status", "--now", "2026-11-24T10:27:00+01:00").out
    assert "The last tick was at" in out
    assert "alex@example.com" in out
    assert "sample-team@example.com" in out
    assert "Thu 17 Dec 2026 11:00" in out


def test_a_worker_that_does_not_run_is_told(used: Caller) -> None:
    """Pitfall 36: a heartbeat that is old is pointed out."""
    assert "long ago" not in used("status", "--now", "2026-11-24T10:27:00+01:00").out
    assert "is `followthrough run` running?" in used("status", "--now", "2026-11-25T10:27:00+01:00").out


def test_what_cannot_be_used_is_listed(used: Caller) -> None:
    """A broken calendar file stands under its name with what is wrong."""
    (used.folder / "calendar" / "dana" / "broken.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", encoding="utf-8")
    used("tick", "--now", "2026-11-24T10:28:00+01:00")
    shown = used("status", "--json", "--now", "2026-11-24T10:29:00+01:00").json
    problems = shown["calendars"][0]["problems"]
    assert [one["item"] for one in problems] == ["broken.ics"]
    assert problems[0]["error"]
    assert "broken.ics" in used("status", "--now", "2026-11-24T10:29:00+01:00").out


def test_a_mail_that_came_too_late_is_no_failure(call: Caller) -> None:
    """What was passed over stands apart, with whom, which 1:1 and why, and is no failure to a program that watches."""
    call.sample()
    for now in ("2026-11-24T08:00:00+01:00", "2026-11-25T12:00:00+01:00"):
        assert call("tick", "--now", now).code == 0
    shown = call("status", "--now", "2026-11-25T12:01:00+01:00").out
    apart = shown.partition("Not sent in the last two weeks; nothing to do\n")[2].splitlines()
    assert apart[0].split() == ["Mail", "To", "About", "Why"]
    assert re.split(r" {3,}", apart[1]) == [
        "agenda",
        "dana@example.com",
        "1:1 with alex@example.com, Wed 25 Nov 2026 10:00",
        "too late",
    ]
    assert "Failed" not in shown
    assert call("status", "--json", "--now", "2026-11-25T12:01:00+01:00").json["failed"] == []
    assert "nothing to do" not in call("status", "--now", "2026-12-10T12:01:00+01:00").out


def test_a_mail_that_fails_says_what_it_was(call: Caller) -> None:
    """A failure says which mail, to whom, which 1:1, why, and when it is tried again; --json says it as a tick does."""
    call.sample()
    out = call.folder / "mail" / "out"
    out.parent.mkdir(exist_ok=True)
    out.write_text("in the way of the folder")
    ticked = call("tick", "--json", "--now", NOW).json["failed"]
    assert ticked
    shown = call("status", "--json", "--now", NOW).json["failed"]
    assert {row["action"] for row in shown} == {row["action"] for row in ticked if row["action"].startswith("send")}
    assert "send follow-up to dana@example.com" in {row["action"] for row in shown}
    assert all(set(row) == {"action", "error", "retry_at"} and row["retry_at"] for row in shown)
    lines = call("status", "--now", NOW).out.partition("Failed\n")[2].splitlines()
    mail, to, about, why, again = re.split(r" {3,}", next(line for line in lines if line.startswith("follow-up")))
    assert (mail, to, about) == ("follow-up", "dana@example.com", "1:1 with alex@example.com, Tue 24 Nov 2026 08:35")
    assert str(out) in why
    assert again.startswith("Tue 24 Nov 2026 09:2")


def test_what_was_stuck_until_it_was_too_late_is_over(call: Caller) -> None:
    """A mail that could not leave in time is no failure once that is over, and is told for a while, with its cause."""
    call.sample()
    out = call.folder / "mail" / "out"
    out.parent.mkdir(exist_ok=True)
    out.write_text("in the way of the folder")
    call("tick", "--now", NOW)
    out.unlink()
    later = "2026-11-28T10:20:00+01:00"
    assert call("tick", "--now", later).code == 0
    assert call("status", "--json", "--now", later).json["failed"] == []
    apart = call("status", "--now", later).out.partition("nothing to do\n")[2].splitlines()[1:]
    why = next(re.split(r" {3,}", line)[-1] for line in apart if line.startswith("follow-up"))
    assert why.startswith("too late: ")
    assert str(out) in why


@pytest.mark.parametrize("columns", [30, 40, 80, 100, 200])
def test_no_address_is_cut_on_a_terminal(used: Caller, columns: int) -> None:
    """However narrow the terminal: an address that ends in dots is nobody's, and a broken word is none."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "worker", "--config", str(used.file), "status", "--now", NOW]
    with subprocess.Popen(
        words, stdout=theirs, stdin=theirs, env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    ) as shown:
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 65_536):
                said += part
        except OSError:
            pass  # Linux's way to say that the other side is closed
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.decode())
    assert shown.returncode == 0
    assert "…" not in text
    for address in ("dana@example.com", "alex@example.com", "priya@example.com"):
        assert address in text
    assert "Thu 17 Dec 2026 11:00" in text


def test_a_no_is_told_apart_from_no_answer(used: Caller) -> None:
    """Whom the manager does not want to be followed up is `left alone`, and not `found` as before the answer."""
    assert re.search(r"priya@example.com +direct +found ", used("status", "--now", NOW).out)
    used("answer", "no Priya", "--kind", "welcome", "--now", "2026-11-24T10:30:00+01:00")
    used("tick", "--now", "2026-11-24T10:31:00+01:00")
    shown = used("status", "--now", "2026-11-24T10:32:00+01:00").out
    assert re.search(r"priya@example.com +direct +left alone ", shown)
