"""Four weeks of one pair through the command line alone: every mail in its time, every promise brought back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.story.world import ALEX, DANA, World, berlin, event

FIRST = berlin("2026-11-03 10:00")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A pair with a 1:1 on Tuesday 3 November, and nothing after it."""
    world = World(tmp_path)
    world.put("first", event("first", FIRST))
    return world


def sent(report: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    """Return kind and recipient of what a tick sent."""
    return sorted((mail["kind"], mail["to"]) for mail in report["sent"])


def test_the_loop_closes_by_itself(world: World) -> None:
    """Topics, agenda, form, reply, receipt, event, recap, and the next agenda is built from all of it."""
    the_loop(world)


def the_loop(world: World) -> None:
    """The story, whoever keeps the calendar and the mails of this world."""
    assert sent(world.tick(berlin("2026-10-29 12:00"))) == []
    assert sent(world.tick(berlin("2026-10-30 09:00"))) == [("topics", ALEX)]
    world.reply(world.newest("topics", ALEX), "The Q3 plan\nMy training budget", berlin("2026-10-30 11:00"))
    report = world.tick(berlin("2026-10-30 11:01"))
    assert [mail["outcome"] for mail in report["received"]] == ["topics"]
    assert sent(report) == [("receipt", ALEX)]

    assert sent(world.tick(berlin("2026-11-02 09:00"))) == [("agenda", ALEX), ("agenda", DANA)]
    agenda = world.newest("agenda", DANA).text
    assert "The Q3 plan" in agenda
    assert "Topics: Alex 2, Dana 0" in agenda

    assert sent(world.tick(berlin("2026-11-03 10:35"))) == []
    assert sent(world.tick(berlin("2026-11-03 10:40"))) == [("follow-up", DANA)]
    form = world.newest("follow-up", DANA)
    assert "Proposed: Tue 17 Nov 2026, 10:00" in form.text
    words = (
        "Next check-in: Thu 19 Nov 10:00\n"
        "Highlights: Alex shipped the importer.\n"
        "Action items:\n"
        "- Alex: send the Q3 plan by 13 Nov\n"
        "- I talk to Sam about the training budget\n"
        "Private notes: He looked tired.\n"
    )
    world.reply(form, words, berlin("2026-11-03 11:00"))
    report = world.tick(berlin("2026-11-03 11:01"))
    assert [mail["outcome"] for mail in report["received"]] == ["answer"]
    assert sent(report) == [*([] if world.invites else [("invitation", ALEX)]), ("receipt", DANA)]
    assert [(done["operation"], done["start"][:16]) for done in report["calendar"]] == [("create", "2026-11-19T10:00")]
    receipt = world.newest("receipt", DANA).text
    assert "Next check-in: Thu 19 Nov 2026, 10:00 CET (2026-11-19)" in receipt
    assert receipt.index("Alex gets:") < receipt.index("importer") < receipt.index("Only you:") < receipt.index("tired")

    world.reply(world.newest("receipt", DANA), "ok", berlin("2026-11-03 11:05"))
    report = world.tick(berlin("2026-11-03 11:06"))
    assert sent(report) == [("recap", ALEX)]
    recap = world.newest("recap", ALEX).text
    assert "importer" in recap
    assert "tired" not in recap

    _the_second_meeting(world)


def _the_second_meeting(world: World) -> None:
    # The event that we made is read like any other, and the next agenda is built from what was said.
    assert sent(world.tick(berlin("2026-11-17 09:00"))) == [("topics", ALEX)]
    world.reply(world.newest("topics", ALEX), "Conference in May", berlin("2026-11-17 15:00"))
    world.tick(berlin("2026-11-17 15:01"))
    assert sent(world.tick(berlin("2026-11-18 09:00"))) == [("agenda", ALEX), ("agenda", DANA)]
    agenda_mail = world.newest("agenda", DANA)
    assert agenda_mail["Subject"] == "1:1 Alex · 19 Nov"
    promised = agenda_mail.text[agenda_mail.text.index("Promised") : agenda_mail.text.index("Highlights")]
    assert promised.index("Sam") < promised.index("Q3 plan")
    assert "(carried 1 time since 3 Nov 2026)" not in promised
    assert "The Q3 plan (carried 1 time since 2 Nov 2026)" in agenda_mail.text
    assert "He looked tired." in agenda_mail.text[agenda_mail.text.index("Only you: do not forward") :]
    assert "tired" not in world.newest("agenda", ALEX).text

    assert sent(world.tick(berlin("2026-11-19 10:40"))) == [("follow-up", DANA)]
    form = world.newest("follow-up", DANA)
    done = agenda_mail.numbered("Q3 plan")
    world.reply(form, f"ok\ndone {done}\n", berlin("2026-11-19 12:00"))
    report = world.tick(berlin("2026-11-19 12:01"))
    assert [done["operation"] for done in report["calendar"]] == ["create"]

    history = world.history(ALEX, berlin("2026-11-19 12:02"))
    assert history["next_check_in"].startswith("2026-12-")
    assert [(meeting["status"], meeting["confirmed"]) for meeting in history["meetings"]][:2] == [("held", True)] * 2
    assert all("tired" not in note["text"] for note in history["notes"])
    private = world.history(ALEX, berlin("2026-11-19 12:02"), "--private")
    assert any("tired" in note["text"] for note in private["notes"])


def test_nothing_is_said_twice(world: World) -> None:
    """However often the clock ticks, each mail goes once."""
    moment = berlin("2026-10-29 08:00")
    while moment < berlin("2026-11-06 12:00"):
        world.tick(moment)
        moment += timedelta(hours=2)
    kinds = [(mail.kind, mail.to) for mail in world.mails()]
    assert sorted(kinds) == sorted(set(kinds))
    assert set(kinds) == {
        ("topics", ALEX),
        ("agenda", ALEX),
        ("agenda", DANA),
        ("follow-up", DANA),
        ("reminder", DANA),
    }
