from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.support import NOW, Caller

PAGE = """# 1:1s with Alex

## 2026-10-27

### Highlights
- Alex shipped the importer

### Action items
- Alex: write the release notes by 4 December 2026
- [x] I ask Sam about the budget

### Private notes
Seems worried about the move.

## 2026-11-10
### Feedback
Very clear summary in the review.
"""
TABLE = """Date;Type;Owner;Text;Due
2026-10-20;note;;Talked about the roadmap;
2026-10-20;action item;Alex;Book the room;2026-12-01
2026-10-20;goal;;Lead a project;2027-03-31
"""
MAIL = """From: Alex Moreno <alex@example.com>
To: dana@example.com
Date: Tue, 20 Oct 2026 10:00:00 +0200
Message-ID: <old-1@example.com>
Subject: My topics

I would like to talk about the conference.
"""
STRANGER = MAIL.replace("alex@example.com", "eve@example.com")


@pytest.fixture
def past(call: Caller) -> Path:
    """A folder with past notes of every kind, and a sample to import them into."""
    call.sample()
    folder = call.folder / "past"
    folder.mkdir()
    (folder / "notes.md").write_text(PAGE, encoding="utf-8")
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    (folder / "mails").mkdir()
    (folder / "mails" / "1.eml").write_text(MAIL, encoding="utf-8")
    return folder


def history(call: Caller) -> dict[str, list[dict[str, str]]]:
    """Return everything that is recorded with Alex."""
    found: dict[str, list[dict[str, str]]] = call("history", "alex", "--private", "--json", "--now", NOW).json
    return found


def test_markdown(call: Caller, past: Path) -> None:
    """A heading with a date begins a day, one with a label that part; owners, dates and what is done are read."""
    called = call("import", "alex", str(past / "notes.md"), "--now", NOW)
    assert called.code == 0, called.err
    assert "Alex shipped the importer" in called.out
    shown = history(call)
    notes = {one["text"]: one for one in shown["notes"]}
    assert notes["Alex shipped the importer"]["part"] == "highlights"
    assert notes["Alex shipped the importer"]["at"].startswith("2026-10-27")
    assert notes["Seems worried about the move."]["private"]
    items = {one["owner"]: (one["due"], one["state"]) for one in shown["action_items"]}
    assert items["alex@example.com"] == ("2026-12-04", "open")
    assert items["dana@example.com"][1] == "done"
    (feedback,) = shown["feedback"]
    assert (feedback["text"], feedback["state"]) == ("Very clear summary in the review.", "closed")


def test_a_table(call: Caller, past: Path) -> None:
    """Rows of a CSV with a semicolon become notes, promises with owner and date, and goals."""
    called = call("import", "alex", str(past / "table.csv"), "--now", NOW)
    assert called.code == 0
    assert "Found: 1 note, 1 promise, 1 goal." in called.out
    shown = history(call)
    assert [one["text"] for one in shown["notes"]] == ["Talked about the roadmap"]
    (item,) = shown["action_items"]
    assert (item["owner"], item["text"], item["due"]) == ("alex@example.com", "Book the room", "2026-12-01")
    assert [(one["text"], one["due"]) for one in shown["goals"]] == [("Lead a project", "2027-03-31")]


def test_a_folder_of_mails(call: Caller, past: Path) -> None:
    """A mail of the person becomes their own note; one of a stranger is passed over and told."""
    (past / "mails" / "2.eml").write_text(STRANGER, encoding="utf-8")
    called = call("import", "alex", str(past / "mails"), "--now", NOW)
    assert called.code == 0
    assert "2.eml" in called.err
    (note,) = history(call)["notes"]
    assert (note["author"], note["text"]) == ("alex@example.com", "I would like to talk about the conference.")


def test_twice_is_once(call: Caller, past: Path) -> None:
    """The same files a second time add nothing."""
    assert call("import", "alex", str(past), "--now", NOW).code == 0
    before = history(call)
    called = call("import", "alex", str(past), "--now", "2026-11-24T11:00:00+01:00")
    assert called.code == 0
    assert "nothing new" in called.out
    assert history(call) == before


def test_a_preview_changes_nothing(call: Caller, past: Path) -> None:
    """--dry-run shows what was found and stores nothing."""
    called = call("import", "alex", str(past), "--dry-run", "--now", NOW)
    assert called.code == 0
    assert "write the release notes" in called.out
    assert history(call)["notes"] == []


def test_the_first_agenda_knows_something(call: Caller, past: Path) -> None:
    """What was promised before stands in the manager's first agenda; nothing of it reaches the report."""
    assert call("import", "alex", str(past), "--now", NOW).code == 0
    for day in range(24, 31):
        for hour in ("09:01", "10:30", "15:00"):
            call("tick", "--now", f"2026-11-{day}T{hour}:00+01:00")
    agendas = [mail.text for mail in call.mails("agenda", "dana@example.com")]
    assert any("Alex: write the release notes" in text and "Seems worried" in text for text in agendas)
    assert not [mail for mail in call.mails(to="alex@example.com") if "worried" in mail.text or "release" in mail.text]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"a;b\n1;2\n", "no column"),
        ("x.md", b"\xff\xfe\x00bad", "UTF-8"),
        ("x.pdf", b"%PDF", "rename"),
    ],
)
def test_a_file_that_cannot_be_read(call: Caller, past: Path, name: str, content: bytes, said: str) -> None:
    """It is told and passed over, and the others are taken in."""
    (past / name).write_bytes(content)
    called = call("import", "alex", str(past / name), str(past / "table.csv"), "--now", NOW)
    assert called.code == 0
    assert said in called.err
    assert len(history(call)["action_items"]) == 1


@pytest.mark.parametrize(
    "heading",
    ["15 September 2026", "September 15, 2026", "Tue 15 Sep 2026", "1:1 on 15/09/2026", "15.09.2026", "2026/09/15"],
)
def test_a_day_in_words_begins_a_day(call: Caller, past: Path, heading: str) -> None:
    """However a heading writes its day, with the year, what follows is of that day, not of the one before."""
    (past / "x.md").write_text(f"## 2024-03-05\n- Before\n\n## {heading}\n- Met the client\n", encoding="utf-8")
    assert call("import", "alex", str(past / "x.md"), "--now", NOW).code == 0
    days = {one["text"]: one["at"][:10] for one in history(call)["notes"]}
    assert days == {"Before": "2024-03-05", "Met the client": "2026-09-15"}


def test_a_date_that_is_none_is_told(call: Caller, past: Path) -> None:
    """A row whose day cannot be read counts as today, and the preview says which row and what to write."""
    (past / "x.csv").write_text("date,text\nlast spring,Needs help\n2026-10-20,Fine\n", encoding="utf-8")
    called = call("import", "alex", str(past / "x.csv"), "--now", NOW)
    assert called.code == 0
    assert 'x.csv, row 2: "last spring" is no day of the past' in called.err
    assert "row 3" not in called.err
