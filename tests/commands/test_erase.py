from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.support import NOW, Caller

AFTER = "2026-11-24T10:27:00+01:00"


@pytest.fixture
def used(call: Caller) -> Caller:
    """A sample in which the form was answered."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "share\nHighlights: the demo\nPrivate notes: looks tired\n", "--now", "2026-11-24T10:25:00+01:00")
    assert call("tick", "--now", "2026-11-24T10:26:00+01:00").code == 0
    return call


def holding(folder: Path, words: bytes) -> list[str]:
    """Return the files below a folder in which these bytes stand, in whatever letter case."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [str(file.relative_to(folder)) for file in files if words in file.read_bytes().lower()]


def test_erase_asks(used: Caller) -> None:
    """Where nobody can be asked nothing is done without --yes, and the exit code says so."""
    before = used.files()
    called = used("erase", "alex")
    assert called.code == 1
    assert "--yes" in called.err
    assert used.files() == before


def test_not_one_byte_is_left(used: Caller) -> None:
    """After `erase --yes` no file of the data folder names the person, and a keyed hash stays."""
    data = used.folder / "data"
    assert holding(data, b"alex@example.com")
    called = used("erase", "alex@example.com", "--yes")
    assert called.code == 0
    assert "Erased alex@example.com" in called.out
    assert holding(data, b"alex@example.com") == []
    assert holding(data, b"looks tired") == []
    assert len(list((data / "erased").iterdir())) == 1


def test_who_was_erased_is_not_found_anew(used: Caller) -> None:
    """The calendar and the configuration still name them, and the next ticks write nothing of them."""
    assert used("erase", "alex", "--yes").code == 0
    for minute in range(3):
        called = used("tick", "--now", f"2026-11-25T10:0{minute}:00+01:00", "--json")
        assert [one for one in called.json["sent"] if "alex" in str(one["pair"])] == []
    assert holding(used.folder / "data", b"alex@example.com") == []


def test_the_mailbox_is_cleared_on_request(used: Caller) -> None:
    """The copies of their mails stay in the mailbox without --mailbox."""
    box = used.folder / "mail"
    assert used("erase", "alex", "--yes").code == 0
    assert holding(box, b"alex@example.com")


def test_mailbox(used: Caller) -> None:
    """--mailbox removes what went to them and came from them, and nothing else."""
    theirs = [mail for mail in used.mails() if mail.to == "alex@example.com"]
    others = [mail.message_id for mail in used.mails() if mail.to != "alex@example.com"]
    assert theirs
    assert others
    called = used("erase", "alex", "--yes", "--mailbox")
    assert called.code == 0
    assert f"Removed {len(theirs)} mails" in called.out
    assert [mail.message_id for mail in used.mails()] == others


def test_nobody_of_that_name(used: Caller) -> None:
    """A name that fits nobody lists those that there are, and nothing is done."""
    before = used.files()
    called = used("erase", "zoe", "--yes")
    assert called.code == 2
    assert "alex@example.com" in called.err
    assert used.files() == before
