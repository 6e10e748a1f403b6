from __future__ import annotations

import time

import pytest

from tests.commands.support import NOW, Caller, moment

KEYS = {"now", "received", "sent", "calendar", "failed"}
SENT = {"kind", "to", "subject", "message_id", "pair", "meeting"}


def test_a_dry_run_changes_nothing(call: Caller) -> None:
    """`tick --dry-run` says what would be done, and not a byte below the folder is different afterwards."""
    call.sample()
    before = call.files()
    said = call("tick", "--dry-run", "--now", NOW)
    assert said.code == 0
    assert "follow-up" in said.out
    assert call.files() == before
    assert sorted(path.name for path in call.folder.iterdir()) == ["calendar", "followthrough.toml", "mail"]


def test_a_dry_run_says_what_the_tick_then_does(call: Caller) -> None:
    """The object of a dry run lists the mails that the tick sends."""
    call.sample()
    told = call("tick", "--dry-run", "--now", NOW, "--json").json
    done = call("tick", "--now", NOW, "--json").json
    assert set(told) == set(done) == KEYS
    assert [(one["kind"], one["to"]) for one in told["sent"]] == [(one["kind"], one["to"]) for one in done["sent"]]
    assert len(done["sent"]) > 1


def test_tick_json_is_the_contracts(call: Caller) -> None:
    """`tick --json` prints one object with the contract's keys, and each row names a mail that is there."""
    call.sample()
    shown = call("tick", "--now", NOW, "--json")
    assert len(shown.out.splitlines()) == 1
    assert shown.err == ""
    mails = {mail.message_id: mail for mail in call.mails()}
    assert set(mails) == {one["message_id"] for one in shown.json["sent"]}
    for one in shown.json["sent"]:
        assert set(one) == SENT
        assert (mails[one["message_id"]].to, mails[one["message_id"]].kind) == (one["to"], one["kind"])


def test_a_second_tick_does_nothing(call: Caller) -> None:
    """At the same moment nothing is due twice."""
    call.sample()
    call("tick", "--now", NOW)
    shown = call("tick", "--now", NOW, "--json").json
    assert (shown["sent"], shown["received"], shown["failed"]) == ([], [], [])
    assert "Nothing was due." in call("tick", "--now", NOW).out


def test_tick_prints_a_line_for_each_mail(call: Caller) -> None:
    """For a person a tick prints kind, recipient and subject of each mail."""
    call.sample()
    lines = call("tick", "--now", NOW).out.splitlines()
    assert [line for line in lines if "follow-up" in line and "dana@example.com" in line and "1:1 Alex" in line]
    assert len(lines) == len(call.mails())


def test_an_answer_is_one_line_and_one_row(call: Caller) -> None:
    """What came in and what was answered stand in the report of the tick that read it."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "in two weeks", "--now", "2026-11-24T10:25:00+01:00")
    shown = call("tick", "--now", "2026-11-24T10:26:00+01:00", "--json").json
    assert [(one["from"], one["outcome"], one["pair"]) for one in shown["received"]] == [
        ("dana@example.com", "answer", "dana@example.com alex@example.com")
    ]
    assert ("receipt", "dana@example.com") in {(one["kind"], one["to"]) for one in shown["sent"]}


def test_a_broken_calendar_is_told_and_the_rest_goes_on(call: Caller) -> None:
    """A missing calendar folder exits 1 with its path on stderr; the mailbox is read all the same."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "in two weeks", "--now", NOW)
    (call.folder / "calendar" / "dana").rename(call.folder / "calendar" / "away")
    called = call("tick", "--now", "2026-11-24T10:30:00+01:00", "--json")
    assert [one["outcome"] for one in called.json["received"]] == ["answer"]
    assert str(call.folder / "calendar" / "dana") in called.err


@pytest.mark.parametrize("turn", [1, 2])
def test_a_missing_calendar_is_named_once(call: Caller, turn: int) -> None:
    """Whose calendar it is stands at the beginning of its line alone, also where it was told before."""
    call.sample()
    (call.folder / "calendar" / "dana").rename(call.folder / "calendar" / "away")
    told = [call("tick", "--now", NOW).err for _ in range(turn)]
    step = "create the folder, or correct `path` in the configuration"
    assert told[-1] == f"read calendar dana@example.com: {call.folder}/calendar/dana is not there: {step}\n"


def test_when_it_is_tried_again_is_a_sentence_of_its_own(call: Caller) -> None:
    """What is wrong ends before the sentence on when it is tried again."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "in two weeks", "--now", NOW)
    (call.folder / "calendar" / "dana").rename(call.folder / "calendar" / "away")
    told = call("tick", "--now", "2026-11-24T10:30:00+01:00").err
    assert "in the configuration. It is tried again at 2026-11-24T09:31:00+00:00.\n" in told


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change a process's zone")
def test_a_line_has_the_time_on_the_machines_clock(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person reads beside a mail is the time on their own clock, and not UTC's."""
    call.sample()
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    try:
        line = call("tick", "--now", NOW).out.splitlines()[0]
        assert line.startswith(f"{moment(NOW).astimezone():%H:%M:%S}  ")
    finally:
        monkeypatch.undo()
        time.tzset()
