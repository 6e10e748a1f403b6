from __future__ import annotations

import pytest

from tests.commands.support import NOW, Caller

KEYS = {
    "manager",
    "person",
    "kind",
    "next_check_in",
    "started",
    "meetings",
    "notes",
    "action_items",
    "feedback",
    "topics",
    "goals",
    "mails",
}
ANSWER = """Next check-in: Thu 17 Dec 2026 11:00
Highlights: the demo went well
Feedback: a clear summary
Action items:
Alex: send the plan by 10 December 2026
Private notes: looks tired
"""
AFTER = "2026-11-24T10:27:00+01:00"
SECOND_MANAGER = """
[[managers]]
email = "bo@example.com"
name = "Bo Lind"
calendar = { provider = "files", path = "calendar/bo" }
[[pairs]]
manager = "bo@example.com"
person = "alex@example.com"
"""


@pytest.fixture
def used(call: Caller) -> Caller:
    """A sample in which the form was answered under several labels."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", ANSWER, "--now", "2026-11-24T10:25:00+01:00")
    assert call("tick", "--now", "2026-11-24T10:26:00+01:00").code == 0
    return call


def test_history_json_is_the_contracts(used: Caller) -> None:
    """`history --json` prints one object with the contract's keys and everything that was recorded."""
    shown = used("history", "alex@example.com", "--json", "--now", AFTER)
    assert shown.code == 0
    assert len(shown.out.splitlines()) == 1
    found = shown.json
    assert set(found) == KEYS
    assert found["manager"] == {"email": "dana@example.com", "name": "Dana Kim"}
    assert found["person"] == {"email": "alex@example.com", "name": "Alex Moreno"}
    assert (found["kind"], found["started"]) == ("direct", True)
    assert found["next_check_in"].startswith("2026-12-17T")
    (item,) = found["action_items"]
    assert set(item) == {"id", "at", "owner", "text", "due", "state"}
    assert (item["owner"], item["due"], item["state"]) == ("alex@example.com", "2026-12-10", "open")
    (feedback,) = found["feedback"]
    assert set(feedback) == {"id", "at", "text", "follow_up_on", "state", "answer", "shared"}
    assert (feedback["text"], feedback["follow_up_on"]) == ("a clear summary", "2026-12-08")
    held = found["meetings"][0]
    assert set(held) == {"uid", "recurrence_id", "start", "end", "status", "confirmed"}
    assert (held["status"], held["confirmed"]) == ("held", True)
    assert all(set(one) == {"at", "part", "text", "author", "private", "shared"} for one in found["notes"])


def test_the_mails_are_in_order(used: Caller) -> None:
    """Each mail stands once, an answer before the receipt that it brought."""
    mails = used("history", "alex", "--json", "--now", AFTER).json["mails"]
    assert [one["at"] for one in mails] == sorted(one["at"] for one in mails)
    kinds = [(one["direction"], one["kind"]) for one in mails]
    assert kinds.index(("out", "follow-up")) < kinds.index(("in", "answer")) < kinds.index(("out", "receipt"))


def test_private_notes_need_private(used: Caller) -> None:
    """What is private is in no output without --private, and marked with it."""
    for words in (("--json",), ()):
        assert "looks tired" not in used("history", "alex", "--now", AFTER, *words).out
    found = used("history", "alex", "--private", "--json", "--now", AFTER).json
    assert [(one["text"], one["private"]) for one in found["notes"] if one["private"]] == [("looks tired", True)]
    assert "looks tired" in used("history", "alex", "--private", "--now", AFTER).out


@pytest.mark.parametrize("who", ["alex@example.com", "ALEX@example.com", "Alex", "moreno", "alex moreno"])
def test_a_person_is_an_address_or_a_name(used: Caller, who: str) -> None:
    """An address in any case, or a name that fits one person, says who."""
    assert used("history", who, "--json", "--now", AFTER).json["person"]["email"] == "alex@example.com"


def test_nobody_of_that_name(used: Caller) -> None:
    """A name that fits nobody lists those that there are."""
    called = used("history", "zoe")
    assert (called.code, called.out) == (2, "")
    assert "alex@example.com, priya@example.com" in called.err


def test_two_managers_of_one_person(used: Caller) -> None:
    """Where two managers have that person the choices are listed with exit code 1, and --manager chooses."""
    used.file.write_text(used.file.read_text(encoding="utf-8") + SECOND_MANAGER, encoding="utf-8")
    called = used("history", "alex", "--json")
    assert called.code == 1
    assert [row["error"] for row in called.json["failed"]] == [called.err.rstrip("\n")]
    assert "--manager" in called.err
    assert "bo@example.com, dana@example.com" in called.err
    for manager in ("bo@example.com", "dana@example.com"):
        shown = used("history", "alex", "--manager", manager, "--json").json
        assert shown["manager"]["email"] == manager
    called = used("history", "alex", "--manager", "eve@example.com")
    assert called.code == 2
    assert 'eve@example.com has no 1:1s with "alex"' in called.err
    assert "bo@example.com, dana@example.com" in called.err


def test_reading_private_notes_is_told_to_their_author(used: Caller) -> None:
    """With more than one manager, who reads a manager's private notes is told to that manager, once a day."""
    assert used("history", "alex", "--private").code == 0
    assert used("tick", "--now", AFTER, "--json").json["sent"] == []
    used.file.write_text(used.file.read_text(encoding="utf-8") + SECOND_MANAGER, encoding="utf-8")
    (used.folder / "calendar" / "bo").mkdir()
    for _ in range(2):
        assert used("history", "alex", "--manager", "dana@example.com", "--private", "--now", AFTER).code == 0
    sent = used("tick", "--now", "2026-11-24T10:30:00+01:00", "--json").json["sent"]
    assert [(one["kind"], one["to"]) for one in sent] == [("notice", "dana@example.com")]
    assert used("history", "alex", "--manager", "dana@example.com", "--private", "--now", AFTER).code == 0
    assert used("tick", "--now", "2026-11-24T10:31:00+01:00", "--json").json["sent"] == []
    (notice,) = used.mails("notice")
    assert "Alex Moreno" in notice.text
    assert "looks tired" not in notice.text


def test_history_of_a_pair_that_nothing_is_known_of(call: Caller) -> None:
    """A configured pair without any record is an empty history, not an error."""
    call.sample()
    shown = call("history", "alex", "--json", "--now", NOW).json
    assert (shown["meetings"], shown["notes"], shown["mails"], shown["next_check_in"]) == ([], [], [], None)
