from __future__ import annotations

import pytest

from tests.commands.support import NOW, Caller

AFTER = "2026-11-24T10:27:00+01:00"
SECOND_MANAGER = """
[[managers]]
email = "bo@example.com"
name = "Bo Lind"
calendar = { provider = "files", path = "calendar/bo" }
"""


@pytest.fixture
def used(call: Caller) -> Caller:
    """A sample in which the form was answered and shared, and a second manager."""
    call.sample()
    call("tick", "--now", NOW)
    words = "share\nHighlights: the demo went well\nAction items:\nAlex: send the plan\nPrivate notes: looks tired\n"
    call("answer", words, "--now", "2026-11-24T10:25:00+01:00")
    assert call("tick", "--now", "2026-11-24T10:26:00+01:00").code == 0
    call("add", "alex", "feedback was too quiet", "--now", AFTER)
    call.file.write_text(call.file.read_text(encoding="utf-8") + SECOND_MANAGER, encoding="utf-8")
    (call.folder / "calendar" / "bo").mkdir()
    return call


def hand_over(call: Caller, before: str = "dana@example.com", after: str = "bo@example.com") -> tuple[int, str]:
    """Hand Alex over."""
    called = call("hand-over", "alex@example.com", "--from", before, "--to", after, "--now", AFTER)
    return called.code, called.err


def test_the_shared_record_alone(used: Caller) -> None:
    """The new manager has what was shared, and not one private word."""
    assert hand_over(used)[0] == 0
    words = ("history", "alex@example.com", "--manager", "bo@example.com", "--private", "--json", "--now", AFTER)
    shown = used(*words).json
    assert [one["text"] for one in shown["notes"]] == ["the demo went well"]
    assert [one["text"] for one in shown["action_items"]] == ["send the plan"]
    assert shown["feedback"] == []
    assert shown["started"] is True


def test_both_are_told(used: Caller) -> None:
    """The new manager and the person each get one notice, without content; a second call tells nobody."""
    assert hand_over(used)[0] == 0
    sent = used("tick", "--now", "2026-11-24T10:30:00+01:00", "--json").json["sent"]
    told = sorted(one["to"] for one in sent if one["kind"] == "notice")
    assert told == ["alex@example.com", "bo@example.com"]
    assert sorted(mail.to for mail in used.mails("notice")) == told
    for mail in used.mails("notice"):
        assert "Alex Moreno go on with Bo Lind in place of Dana Kim" in mail.text
        assert "demo" not in mail.text
    assert hand_over(used)[0] == 0
    again = used("tick", "--now", "2026-11-24T10:31:00+01:00", "--json").json["sent"]
    assert [one for one in again if one["kind"] == "notice"] == []


def test_the_old_pair_ends(used: Caller) -> None:
    """The manager until now gets nothing more about the person, and keeps what is theirs."""
    assert hand_over(used)[0] == 0
    status = used("status", "--json", "--now", AFTER).json
    started = {(one["manager"], one["person"]): one["started"] for one in status["pairs"]}
    assert started["dana@example.com", "alex@example.com"] is False
    assert started["bo@example.com", "alex@example.com"] is True
    words = ("history", "alex@example.com", "--manager", "dana@example.com", "--private", "--json", "--now", AFTER)
    assert "looks tired" in [one["text"] for one in used(*words).json["notes"]]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("dana@example.com", "nobody@example.com", "managers"),
        ("dana@example.com", "dana@example.com", "same address"),
        ("bo@example.com", "dana@example.com", "has no 1:1s with"),
    ],
)
def test_calls_that_do_not_fit(used: Caller, before: str, after: str, said: str) -> None:
    """A manager whom nobody configured, or one without that person: exit code 2, and nothing is changed."""
    data = {name: text for name, text in used.files().items() if name.startswith("data")}
    code, err = hand_over(used, before, after)
    assert code == 2
    assert said in err
    assert {name: text for name, text in used.files().items() if name.startswith("data")} == data
