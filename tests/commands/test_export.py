from __future__ import annotations

import json
import stat
from pathlib import Path

import icalendar
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
    """A sample in which the form was answered and shared."""
    call.sample()
    call("tick", "--now", NOW)
    words = "share\nHighlights: the demo went well\nAction items:\nAlex: send the plan\nPrivate notes: looks tired\n"
    call("answer", words, "--now", "2026-11-24T10:25:00+01:00")
    assert call("tick", "--now", "2026-11-24T10:26:00+01:00").code == 0
    return call


def everything(folder: Path) -> str:
    """Return the text of all files below a folder."""
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*")) if file.is_file())


def test_open_formats(used: Caller) -> None:
    """JSON as `history` prints it, Markdown, a calendar that parses, and mails."""
    to = used.folder / "out"
    assert used("export", "alex", "--to", str(to), "--now", AFTER).code == 0
    shown = used("history", "alex", "--json", "--now", AFTER).json
    assert json.loads((to / "history.json").read_text(encoding="utf-8")) == shown
    page = (to / "history.md").read_text(encoding="utf-8")
    assert "the demo went well" in page
    assert "[ ] alex@example.com: send the plan" in page
    calendar = icalendar.Calendar.from_ical((to / "calendar.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) == len(shown["meetings"]) > 0
    assert [file.name.partition("-sent-")[2] for file in (to / "mails").iterdir()] == ["recap.eml"]
    assert json.loads((to / "person.json").read_text(encoding="utf-8"))["email"] == "alex@example.com"


def test_private_needs_private(used: Caller) -> None:
    """Without --private nothing private is in any file, mails included; with it, it is."""
    for name, words in (("out", ()), ("all", ("--private",))):
        assert used("export", "alex", "--to", str(used.folder / name), "--now", AFTER, *words).code == 0
    assert "looks tired" not in everything(used.folder / "out")
    assert "looks tired" in (used.folder / "all" / "history.json").read_text(encoding="utf-8")
    kinds = {file.name.partition("-")[2][11:] for file in (used.folder / "all" / "mails").iterdir()}
    assert {"sent-follow-up.eml", "received-answer.eml", "sent-receipt.eml", "sent-recap.eml"} <= kinds


def test_only_its_owner_can_read_it(used: Caller) -> None:
    """Folder and files are for the user who made them alone."""
    to = used.folder / "out"
    assert used("export", "alex", "--to", str(to), "--now", AFTER).code == 0
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in to.rglob("*") if file.is_file()} == {0}


def test_a_folder_with_something_in_it_is_left_alone(used: Caller) -> None:
    """Nothing is overwritten."""
    to = used.folder / "out"
    to.mkdir()
    (to / "mine.txt").write_text("mine", encoding="utf-8")
    called = used("export", "alex", "--to", str(to))
    assert called.code == 1
    assert "--to" in called.err
    assert [file.name for file in to.iterdir()] == ["mine.txt"]


def test_the_manager_is_told(used: Caller) -> None:
    """With more than one manager, an export with private notes is told to their author."""
    used.file.write_text(used.file.read_text(encoding="utf-8") + SECOND_MANAGER, encoding="utf-8")
    (used.folder / "calendar" / "bo").mkdir()
    assert used("export", "alex", "--to", str(used.folder / "all"), "--private", "--now", AFTER).code == 0
    sent = used("tick", "--now", "2026-11-24T10:30:00+01:00", "--json").json["sent"]
    assert [(one["kind"], one["to"]) for one in sent] == [("notice", "dana@example.com")]
