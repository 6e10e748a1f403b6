from __future__ import annotations

import re
import resource

import pytest

from tests.commands.support import NOW, Caller


def test_a_sound_set_up(call: Caller) -> None:
    """Where all is well the exit code is 0, nothing is on stderr, nothing is written, and what comes is listed."""
    call.sample()
    before = call.files()
    called = call("check", "--now", NOW)
    assert (called.code, called.err) == (0, "")
    lines = called.out.splitlines()
    for what in ("configuration", "clock", "templates", "data", "mailbox", "calendar of dana@example.com"):
        assert [line for line in lines if line.startswith(f"fine: {what}: ")], what
    _, _, coming = called.out.partition("In the next 48 hours it would write to:\n")
    assert [line for line in coming.splitlines() if "dana@example.com" in line and "follow-up" in line]
    assert "priya@example.com" not in coming
    assert call.files() == before


def test_whom_it_would_write_to_is_whom_it_writes_to(call: Caller) -> None:
    """Everybody who gets mail at the next tick is named before it."""
    call.sample()
    told = call("check", "--now", NOW).out
    for mail in call("tick", "--now", NOW, "--json").json["sent"]:
        assert [line for line in told.splitlines() if mail["to"] in line and mail["kind"] in line]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("no-calendar", "calendar of dana@example.com"),
        ("bad-event", "broken.ics"),
        ("data-is-a-file", "is no folder"),
        ("mail-is-a-file", "is no folder"),
        ("bad-template", "agenda.txt.j2"),
        ("open-secret", "chmod 600"),
        ("damaged-data", "pairs"),
    ],
)
def test_what_is_wrong_is_told_with_the_next_step(call: Caller, broken: str, said: str) -> None:
    """Each fault is a line on stderr that names the thing and what to do, and the exit code is 1."""
    call.sample()
    call("tick", "--now", NOW)
    data = call.folder / "data"
    text = call.file.read_text(encoding="utf-8")
    match broken:
        case "no-calendar":
            (call.folder / "calendar" / "dana").rename(call.folder / "away")
        case "bad-event":
            (call.folder / "calendar" / "dana" / "broken.ics").write_text("BEGIN:VCALENDAR\n", encoding="utf-8")
        case "data-is-a-file":
            data.rename(call.folder / "away")
            data.touch()
        case "mail-is-a-file":
            (call.folder / "mail").rename(call.folder / "away")
            (call.folder / "mail").touch()
        case "bad-template":
            (call.folder / "ours").mkdir()
            (call.folder / "ours" / "agenda.txt.j2").write_text("{% if %}", encoding="utf-8")
            call.file.write_text(text.replace('templates = ""', 'templates = "ours"'), encoding="utf-8")
        case "open-secret":
            (data / "secret").chmod(0o644)
        case "damaged-data":
            for file in (data / "pairs").iterdir():
                file.write_bytes(b"{")
    called = call("check", "--now", NOW)
    assert called.code == 1
    assert said in called.err
    assert all(line.startswith("wrong: ") for line in called.err.splitlines())
    assert "48 hours" not in called.out


def test_a_wrong_configuration_exits_2(call: Caller) -> None:
    """`check` tells a wrong configuration as every command does."""
    call.sample()
    call.file.write_text("colour = 1\n", encoding="utf-8")
    assert call("check").code == 2


def test_a_full_disk_is_told(call: Caller) -> None:
    """Where a file of a tick's size cannot be written to its end, `check` says so, and leaves nothing behind."""
    call.sample()
    call("tick", "--now", NOW)
    before = call.files()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        called = call("check", "--now", NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert called.code == 1
    assert called.err.splitlines() == [
        f"wrong: data: {call.folder}/data has no room left: free some space there",
        f"wrong: mailbox: {call.folder}/mail has no room left: free some space there",
    ]
    assert call.files() == before


def test_one_of_a_thing_is_no_plural(call: Caller) -> None:
    """A count of one has its noun in the singular."""
    call.sample()
    for name in ("priya.ics", "team.ics", "room.ics"):
        (call.folder / "calendar" / "dana" / name).unlink()
    call("tick", "--now", NOW)
    lines = call("check", "--now", NOW).out.splitlines()
    assert f"fine: data: {call.folder}/data is sound, 1 pair" in lines


def test_a_day_below_ten_is_written_as_everywhere(call: Caller) -> None:
    """What comes is listed with its day as the other commands write it, without a nought before it."""
    call.sample("2026-12-01T10:20:00+01:00")
    coming = call("check", "--now", "2026-12-01T10:20:00+01:00").out.partition("would write to:\n")[2]
    days = [line.partition("  ")[0] for line in coming.splitlines()[1:]]
    assert days
    assert all(re.fullmatch(r"[A-Z][a-z]{2} [1-9] Dec \d\d:\d\d", day) for day in days), days


@pytest.mark.parametrize("words", ["tick", "tick --dry-run", "check", "preview agenda alex@example.com", "run"])
def test_a_folder_of_templates_that_is_missing_stops_every_command(call: Caller, words: str) -> None:
    """Nothing goes out in the built-in words where an organisation has its own: the file and the key are told."""
    call.sample()
    text = call.file.read_text(encoding="utf-8")
    call.file.write_text(text.replace('templates = ""', 'templates = "ours"'), encoding="utf-8")
    before = call.files()
    called = call(*words.split())
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(f"{call.file}: templates: {call.folder}/ours is no folder that is there: ")
    assert call.files() == before
