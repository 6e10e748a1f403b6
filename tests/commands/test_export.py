from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest

from tests.commands.support import NOW, Caller
from worker.commands.export import mails_of
from worker.commands.picture import whole
from worker.model import MailKind, Note, OutboxEntry, OutboxState, Pair, PairKey, PairKind, PairState, Part
from worker.store.memory import MemoryStore

AFTER = "2026-11-24T10:27:00+01:00"
NEW = datetime(2026, 11, 3, 10, tzinfo=UTC)
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


def test_older_years_are_in_it_and_change_nothing_else() -> None:
    """What was moved out of the daily record comes back, and kind, state and names are those of today."""
    at = datetime(2024, 3, 5, 10, tzinfo=UTC)
    old, new = (Note(name, when, Part.SUPPORT, name, "dana@example.com") for name, when in (("old", at), ("new", NEW)))
    store = MemoryStore()
    key = PairKey("dana@example.com", "alex@example.com")
    pair = Pair(key, PairKind.PEER, state=PairState.STARTED, person_name="Alex Moreno", notes=(old, new))
    saved = store.save_pair(pair, None)
    assert [note.text for note in saved.notes] == ["new"]
    found = whole(store, saved)
    assert {note.text for note in found.notes} == {"old", "new"}
    assert (found.kind, found.state, found.person_name) == (PairKind.PEER, PairState.STARTED, "Alex Moreno")


@pytest.mark.parametrize(("words", "count"), [("only for me", 0), ("Only  for\nme", 0), ("for both", 1)])
def test_a_mail_with_private_words_is_left_out(words: str, count: int) -> None:
    """Even a mail to the other person is left out where it holds words that only their author may see."""
    store = MemoryStore()
    key = PairKey("dana@example.com", "alex@example.com")
    secret = Note("n", NEW, Part.SUPPORT, "only for me", key.person, private=True)
    digest = store.put_blob(f"From: w@example.com\r\nSubject: 1:1\r\n\r\n{words}\r\n".encode())
    row = OutboxEntry("k", MailKind.AGENDA, key.person, NEW, OutboxState.SENT, body=digest, sent_at=NEW)
    pair = Pair(key, notes=(secret,), outbox=(row,))
    assert len(list(mails_of(store, pair, private=False))) == count
    assert len(list(mails_of(store, pair, private=True))) == 1
