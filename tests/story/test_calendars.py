"""Calendars that change, break and come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.world import DANA, World, berlin, event


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A weekly pair whose calendar was read once."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin("2026-11-03 10:00"), rule="FREQ=WEEKLY;COUNT=4"))
    world.put("other", event("other", berlin("2026-11-20 10:00"), people=(("Dana Kim", DANA),), summary="Dentist"))
    world.tick(berlin("2026-10-29 12:00"))
    return world


def statuses(world: World, when: str) -> list[str]:
    """Return the status of each meeting in order."""
    return [one["status"] for one in world.history("alex@example.com", berlin(when))["meetings"]]


def test_a_calendar_that_is_suddenly_empty_cancels_nothing(world: World) -> None:
    """An unmounted folder or a failed synchronisation is reported; the meetings stay, and all heals by itself."""
    kept = {file: file.read_bytes() for file in world.calendar.iterdir()}
    for file in kept:
        file.unlink()
    world.tick(berlin("2026-10-29 12:30"))
    assert statuses(world, "2026-10-29 12:31") == ["planned"] * 4
    status = world.json("status", "--now", berlin("2026-10-29 12:31").isoformat())
    assert "suddenly empty" in status["calendars"][0]["problems"][0]["error"]
    for file, raw in kept.items():
        file.write_bytes(raw)
    world.tick(berlin("2026-10-30 09:00"))
    assert [mail.kind for mail in world.mails()] == ["topics"]


def test_no_mail_goes_about_a_meeting_that_is_gone(world: World) -> None:
    """A meeting deleted since is cancelled, and brings no agenda and no form."""
    (world.calendar / "weekly.ics").unlink()
    world.tick(berlin("2026-11-02 09:00"))
    assert statuses(world, "2026-11-02 09:01") == ["cancelled"] * 4
    assert not (world.root / "mail/out/new").exists() or world.mails() == []


def test_a_broken_file_is_reported_and_the_rest_goes_on(world: World) -> None:
    """A file that is no calendar does not stop the others, and does not stop cancellations from being seen."""
    (world.calendar / "broken.ics").write_text("BEGIN:VCALENDAR\nnonsense")
    report = world.tick(berlin("2026-10-30 09:00"))
    assert [one["kind"] for one in report["sent"]] == ["topics"]
    status = world.json("status", "--now", berlin("2026-10-30 09:01").isoformat())
    assert [one["item"] for one in status["calendars"][0]["problems"]] == ["broken.ics"]
    (world.calendar / "weekly.ics").unlink()
    world.tick(berlin("2026-10-30 09:05"))
    assert set(statuses(world, "2026-10-30 09:06")) <= {"planned", "cancelled"}


def test_a_meeting_that_moves_keeps_its_memory(world: World) -> None:
    """An instance moved to another day after its agenda gets its agenda again, with the old date in the first line."""
    world.tick(berlin("2026-10-30 09:00"))
    world.tick(berlin("2026-11-02 09:00"))
    text = (world.calendar / "weekly.ics").read_text()
    override = event("weekly", berlin("2026-11-05 14:00"), extra="RECURRENCE-ID;TZID=Europe/Berlin:20261103T100000")
    moved = override[override.index("BEGIN:VEVENT") : override.index("END:VCALENDAR")]
    (world.calendar / "weekly.ics").write_text(text.replace("END:VCALENDAR", moved + "END:VCALENDAR"))
    world.tick(berlin("2026-11-02 12:00"))
    world.tick(berlin("2026-11-04 09:00"))
    agendas = world.mails("agenda", DANA)
    assert [mail["Subject"] for mail in agendas] == ["1:1 Alex · 3 Nov", "1:1 Alex · 5 Nov"]
    assert "3 Nov" in agendas[1].text.splitlines()[0]
    assert agendas[1]["References"] == ""


def test_a_missing_folder_is_one_clear_failure(world: World) -> None:
    """The calendar's folder gone: the failure ends in what to do, the mailbox goes on, and it heals by itself."""
    world.calendar.rename(world.calendar.with_name("elsewhere"))
    report = world.tick(berlin("2026-10-30 08:00"))
    assert len(report["failed"]) == 1
    assert str(world.calendar) in report["failed"][0]["error"] or DANA in report["failed"][0]["error"]
    world.calendar.with_name("elsewhere").rename(world.calendar)
    assert [one["kind"] for one in world.tick(berlin("2026-10-30 09:00"))["sent"]] == ["topics"]
