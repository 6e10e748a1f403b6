"""Undo of an answer that cancelled something: what our own write took out of the calendar stands in it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.killing import until_quiet
from tests.faults.tripwire import Fuse, Killed, wire
from tests.story.online import PERSON, Clock, Online, Vendor, both
from tests.story.test_answers import HELD, answer, starts
from tests.story.world import ALEX, CONFIG, DANA, PAIR, WORKER, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.tick import tick

WEEKLY = event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6", extra="LOCATION:Room 4")
UNREADABLE = WEEKLY.replace("END:VEVENT\r\n", "")
BACK = "In the calendar again: "


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A weekly pair whose 1:1 of 3 November was held; the form is out."""
    world = World(tmp_path)
    world.put("weekly", WEEKLY)
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    return world


def written(report: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    """Return operation and start, in Berlin, of what was written into the calendar."""
    return [(one["operation"], one["start"][:16]) for one in report["calendar"]]


def test_undo_of_skip_puts_each_instance_back(world: World) -> None:
    """Each instance comes back at its time, with its title, place and people; the person is invited; all is named."""
    answer(world, "Next check-in: 24 Nov", "2026-11-03 11:00")
    answer(world, "skip", "2026-11-03 11:30", kind="receipt")
    report = answer(world, "undo", "2026-11-03 11:40", kind="receipt")
    assert written(report) == [("create", "2026-11-10T10:00"), ("create", "2026-11-17T10:00")]
    assert starts(world) == ["20261110T100000", "20261117T100000"]
    for text in (text.replace("\n ", "") for text in world.events() if "UID:ft" in text):
        assert "SUMMARY:1:1 Dana / Alex" in text
        assert "LOCATION:Room 4" in text
        assert "TZID=Europe/Berlin" in text
        assert f"mailto:{ALEX}" in text
    receipt = world.newest("receipt", DANA).text
    assert f"{BACK}Tue 10 Nov 2026, 10:00 CET" in receipt
    assert f"{BACK}Tue 17 Nov 2026, 10:00 CET" in receipt
    assert "stays so" not in receipt
    assert "Next check-in: Tue 24 Nov 2026, 10:00 CET (2026-11-24)" in receipt
    told = [mail.text.partition("\n")[0].strip() for mail in world.mails("invitation", ALEX)]
    assert sorted(told[:2]) == [
        "The 1:1 with Dana of Tue 10 Nov 2026, 10:00 CET is cancelled.",
        "The 1:1 with Dana of Tue 17 Nov 2026, 10:00 CET is cancelled.",
    ]
    assert sorted(told[2:]) == [
        "Your next 1:1 with Dana: Tue 10 Nov 2026, 10:00 CET.",
        "Your next 1:1 with Dana: Tue 17 Nov 2026, 10:00 CET.",
    ]
    world.tick(berlin("2026-11-09 09:30"))
    assert [mail["Subject"] for mail in world.mails("agenda", DANA)][-1] == "1:1 Alex · 10 Nov"


def test_skip_and_undo_once_more(world: World) -> None:
    """What was put back can be skipped and put back again: each time it is one event, and nobody is told of a loss."""
    answer(world, "Next check-in: 24 Nov", "2026-11-03 11:00")
    for minute in (10, 30):
        report = answer(world, "skip", f"2026-11-03 11:{minute}", kind="receipt")
        assert written(report) == [("cancel", "2026-11-10T10:00"), ("cancel", "2026-11-17T10:00")]
        assert starts(world) == []
        answer(world, "undo", f"2026-11-03 11:{minute + 10}", kind="receipt")
        assert starts(world) == ["20261110T100000", "20261117T100000"]
    world.tick(berlin("2026-11-03 12:00"))
    assert world.mails("notice") == []
    meetings = world.history(ALEX, berlin("2026-11-03 12:01"))["meetings"]
    days = [one["start"][:10] for one in meetings if one["status"] == "planned"]
    assert days[:3] == ["2026-11-10", "2026-11-17", "2026-11-24"]


def test_undo_of_none_brings_the_date_back(world: World) -> None:
    """The date that `none` took away counts again, with an event of its own in the calendar."""
    answer(world, "Next check-in: Fri 20 Nov 15:00", "2026-11-03 11:00")
    answer(world, "Next check-in: Fri 27 Nov 15:00", "2026-11-03 11:10", kind="receipt")
    answer(world, "none", "2026-11-03 11:20", kind="receipt")
    assert starts(world) == []
    report = answer(world, "undo", "2026-11-03 11:30", kind="receipt")
    assert written(report) == [("create", "2026-11-27T15:00")]
    assert starts(world) == ["20261127T150000"]
    receipt = world.newest("receipt", DANA).text
    assert "Next check-in: Fri 27 Nov 2026, 15:00 CET (2026-11-27)" in receipt
    assert "It goes into the calendar as a new entry; Alex is invited." in receipt
    assert world.history(ALEX, berlin("2026-11-03 11:31"))["next_check_in"] == "2026-11-27T15:00:00+01:00"
    assert written(answer(world, "none", "2026-11-03 11:40", kind="receipt")) == [("cancel", "2026-11-27T15:00")]


def test_undo_of_none_moves_an_instance_again(world: World) -> None:
    """Where `none` moved an instance back to its place, undo moves it to the agreed date again."""
    answer(world, "Next check-in: Wed 11 Nov", "2026-11-03 11:00")
    assert written(answer(world, "none", "2026-11-03 11:10", kind="receipt")) == [("move", "2026-11-10T10:00")]
    assert f"{BACK}Tue 10 Nov 2026, 10:00 CET" in world.newest("receipt", DANA).text
    report = answer(world, "undo", "2026-11-03 11:20", kind="receipt")
    assert written(report) == [("move", "2026-11-11T10:00")]
    assert "(2026-11-11)" in world.newest("receipt", DANA).text


def test_what_a_person_put_back_is_taken_as_it_stands(world: World) -> None:
    """An instance that a person restored meanwhile is named and not doubled; the other one is made."""
    answer(world, "Next check-in: 24 Nov\nskip", "2026-11-03 11:00")
    person = event("by-hand", berlin("2026-11-10 16:00"))
    world.put("by-hand", person)
    report = answer(world, "undo", "2026-11-03 11:40", kind="receipt")
    assert written(report) == [("create", "2026-11-17T10:00")]
    receipt = world.newest("receipt", DANA).text
    assert f"{BACK}Tue 10 Nov 2026, 16:00 CET" in receipt
    assert f"{BACK}Tue 17 Nov 2026, 10:00 CET" in receipt


@pytest.mark.parametrize("cancelled", ["", event("weekly", berlin(HELD), rule="FREQ=WEEKLY", extra="STATUS:CANCELLED")])
def test_what_a_person_cancelled_is_not_brought_back(world: World, cancelled: str) -> None:
    """Where a person removed or cancelled the event before our write could, undo says that it stays so."""
    world.put("lunch", event("lunch", berlin("2026-11-10 12:00"), people=(("Dana Kim", DANA),), summary="Lunch"))
    answer(world, "Next check-in: 24 Nov", "2026-11-03 11:00")
    file = world.put("weekly", UNREADABLE)
    assert answer(world, "skip", "2026-11-03 11:30", kind="receipt")["calendar"] == []
    assert "Cancelled: Tue 10 Nov" in world.newest("receipt", DANA).text
    file.unlink()
    if cancelled:
        world.put("weekly", cancelled)
    world.tick(berlin("2026-11-03 12:40"))
    report = answer(world, "undo", "2026-11-03 12:50", kind="receipt")
    assert report["calendar"] == []
    assert starts(world) == []
    receipt = world.newest("receipt", DANA).text
    assert "What was cancelled in the calendar stays so" in receipt
    assert BACK not in receipt


def test_a_date_whose_event_a_person_removed_does_not_count_again(world: World) -> None:
    """Undo of a `none` whose event a person had removed before sets no date."""
    answer(world, "Next check-in: Fri 20 Nov 15:00", "2026-11-03 11:00")
    (file,) = (one for one in world.calendar.iterdir() if "UID:ft" in one.read_text())
    file.write_text(file.read_text().replace("END:VEVENT\n", ""))
    assert answer(world, "none", "2026-11-03 11:10", kind="receipt")["calendar"] == []
    file.unlink()
    world.tick(berlin("2026-11-03 12:40"))
    assert answer(world, "undo", "2026-11-03 12:50", kind="receipt")["calendar"] == []
    assert "What was cancelled in the calendar stays so" in world.newest("receipt", DANA).text
    assert world.history(ALEX, berlin("2026-11-03 12:51"))["next_check_in"] is None


def test_none_before_a_correction_is_written_cancels_what_stands(world: World) -> None:
    """Where the calendar could not take the corrected date yet, `none` cancels the event of the first answer."""
    answer(world, "Next check-in: Fri 20 Nov 15:00", "2026-11-03 11:00")
    (file,) = (one for one in world.calendar.iterdir() if "UID:ft" in one.read_text())
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"END:VEVENT\r\n", b""))
    assert answer(world, "Next check-in: Fri 27 Nov 15:00", "2026-11-03 11:10", kind="receipt")["calendar"] == []
    assert "(2026-11-27)" in world.newest("receipt", DANA).text
    file.write_bytes(whole)
    assert written(answer(world, "none", "2026-11-03 11:20", kind="receipt")) == [("cancel", "2026-11-20T15:00")]
    world.tick(berlin("2026-11-03 14:00"))
    assert starts(world) == []


def test_where_the_calendar_is_only_read_invitations_say_it(tmp_path: Path) -> None:
    """Made, cancelled and put back by mail to both, and no tick calls what needs no writing a failure."""
    world = World(
        tmp_path, (CONFIG + PAIR).replace('path = "calendar/dana" }', 'path = "calendar/dana", write = false }')
    )
    world.put("first", event("first", berlin(HELD)))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    answer(world, "Next check-in: in two weeks", "2026-11-03 11:00")
    assert answer(world, "none", "2026-11-03 11:10", kind="receipt")["failed"] == []
    assert answer(world, "undo", "2026-11-03 11:20", kind="receipt")["failed"] == []
    for person in (DANA, ALEX):
        assert [mail.text.partition(" ")[0] for mail in world.mails("invitation", person)] == ["Your", "The", "Your"]
    assert "(2026-11-17)" in world.newest("receipt", DANA).text


def test_what_comes_back_is_the_same_meeting(tmp_path: Path) -> None:
    """It has its own title and place and not those of the last 1:1, and no mail about it goes a second time."""
    world = World(tmp_path)
    world.put("first", event("first", berlin(HELD)))
    world.put("talk", event("talk", berlin("2026-11-10 14:00"), summary="Career talk", extra="LOCATION:Room 9"))
    world.put("later", event("later", berlin("2026-11-24 10:00")))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    answer(world, "Next check-in: 24 Nov", "2026-11-03 11:00")
    world.tick(berlin("2026-11-06 09:30"))
    about = [mail.kind for mail in world.mails(to=ALEX) if "10 Nov" in mail["Subject"]]
    assert about == ["topics"]
    assert written(answer(world, "skip", "2026-11-06 10:00", kind="receipt")) == [("cancel", "2026-11-10T14:00")]
    assert written(answer(world, "undo", "2026-11-06 10:10", kind="receipt")) == [("create", "2026-11-10T14:00")]
    (text,) = (text for text in world.events() if "UID:ft" in text)
    assert "SUMMARY:Career talk" in text
    assert "LOCATION:Room 9" in text
    world.tick(berlin("2026-11-06 10:20"))
    about = [mail.kind for mail in world.mails(to=ALEX) if "10 Nov" in mail["Subject"]]
    assert sorted(about) == ["invitation", "invitation", "topics"]


def test_undo_before_the_write_leaves_the_calendar_as_it_is(world: World) -> None:
    """A cancellation that could not be written yet is not written after its undo, and nothing is made."""
    answer(world, "Next check-in: 24 Nov", "2026-11-03 11:00")
    world.put("weekly", UNREADABLE)
    assert answer(world, "skip", "2026-11-03 11:30", kind="receipt")["calendar"] == []
    assert "Cancelled: Tue 10 Nov" in world.newest("receipt", DANA).text
    world.put("weekly", WEEKLY)
    answer(world, "undo", "2026-11-03 12:40", kind="receipt")
    world.tick(berlin("2026-11-03 14:00"))
    assert starts(world) == []
    assert "CANCELLED" not in (world.calendar / "weekly.ics").read_text()


def test_what_has_begun_is_too_late_to_put_back(world: World) -> None:
    """An instance whose time has come stays cancelled, and the receipt says so; the later one comes back."""
    answer(world, "Next check-in: 24 Nov\nskip", "2026-11-03 11:00")
    report = answer(world, "undo", "2026-11-10 11:00", kind="receipt")
    assert written(report) == [("create", "2026-11-17T10:00")]
    receipt = world.newest("receipt", DANA).text
    assert f"{BACK}Tue 17 Nov" in receipt
    assert f"{BACK}Tue 10 Nov" not in receipt
    assert "What was cancelled in the calendar stays so" in receipt


@pytest.fixture
def vendors() -> Iterator[tuple[dict[str, Vendor], Clock]]:
    """Both providers, running, and their time."""
    clock = Clock()
    with both(clock) as (google, microsoft):
        yield {"google": google, "microsoft": microsoft}, clock


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_with_real_providers(tmp_path: Path, vendors: tuple[dict[str, Vendor], Clock], provider: str) -> None:
    """Neither Google nor Microsoft brings a deleted event back: a new one is made in its place, once each time."""
    known, clock = vendors
    vendor = known[provider]
    online = Online(tmp_path, clock, vendor, {DANA: vendor}, worker=WORKER, more=PERSON + PAIR)
    online.sign_everybody_in()
    for day in ("2026-11-03", "2026-11-10", "2026-11-24"):
        online.one_on_one(berlin(f"{day} 10:00"))
    online.tick(berlin("2026-10-29 12:00"))
    online.tick(berlin("2026-11-03 10:45"))
    answer(online, "Next check-in: 24 Nov", "2026-11-03 11:00")
    assert written(answer(online, "skip", "2026-11-03 11:20", kind="receipt")) == [("cancel", "2026-11-10T10:00")]
    assert written(answer(online, "undo", "2026-11-03 11:40", kind="receipt")) == [("create", "2026-11-10T10:00")]
    assert f"{BACK}Tue 10 Nov 2026, 10:00" in online.newest("receipt", DANA).text
    answer(online, "Next check-in: Thu 3 Dec 15:00", "2026-11-03 12:00", kind="receipt")
    assert written(answer(online, "none", "2026-11-03 12:20", kind="receipt")) == [("cancel", "2026-12-03T15:00")]
    assert written(answer(online, "undo", "2026-11-03 12:40", kind="receipt")) == [("create", "2026-12-03T15:00")]
    online.tick(berlin("2026-11-03 13:40"))
    planned = [
        one["start"][:16]
        for one in online.history(ALEX, berlin("2026-11-03 13:41"))["meetings"]
        if one["status"] == "planned"
    ]
    assert planned == ["2026-11-10T10:00", "2026-11-24T10:00", "2026-12-03T15:00"]


def _undone(root: Path, fuse: Fuse) -> dict[str, object]:
    """Play a skip that is taken back, killed in the undo where the fuse says, and return what is left."""
    root.mkdir()
    world = World(root)
    world.put("weekly", WEEKLY)
    for step in ("2026-10-29 12:00", "2026-11-03 10:45"):
        until_quiet(world, berlin(step), Fuse())
    world.reply(world.newest("follow-up", DANA), "Next check-in: 24 Nov\nskip", berlin("2026-11-03 11:00"))
    until_quiet(world, berlin("2026-11-03 11:00"), Fuse())
    world.reply(world.newest("receipt", DANA), "undo", berlin("2026-11-03 11:10"))
    until_quiet(world, berlin("2026-11-03 11:10"), fuse)
    return {
        "events": starts(world),
        "mails": sorted((mail.kind, mail.to, mail["Subject"]) for mail in world.mails()),
        "receipt": world.newest("receipt", DANA).text.partition("Ref:")[0],
    }


def test_a_kill_between_two_steps_of_an_undo_makes_no_second_event(tmp_path: Path) -> None:
    """Wherever the worker is killed while it puts meetings back, each is made once and told once."""
    fuse = Fuse()
    expected = _undone(tmp_path / "undisturbed", fuse)
    assert expected["events"] == ["20261110T100000", "20261117T100000"]
    assert fuse.passed > 20
    for at in range(fuse.passed):
        killed = Fuse(at)
        assert _undone(tmp_path / str(at), killed) == expected, f"killed {killed.name} (point {at})"


class _BehindTheWrite(Fuse):
    """Kills the worker once, when the calendar has changed and nobody knows of it."""

    def point(self, name: str) -> None:
        """Pass one point."""
        if name == "behind write" and not self.name:
            self.name = name
            raise Killed(name)


@pytest.mark.parametrize(("word", "when"), [("skip", "20261117T100000"), ("none", "20261120T150000")])
def test_a_cancellation_that_nobody_knows_of_is_undone_too(world: World, word: str, when: str) -> None:
    """Killed behind the write of a cancellation that the next mail takes back: what stood there stands there again."""
    answer(world, "Next check-in: Fri 20 Nov 15:00", "2026-11-03 11:00")
    world.reply(world.newest("receipt", DANA), word, berlin("2026-11-03 11:10"))
    fuse = _BehindTheWrite()
    with pytest.raises(Killed):
        tick(wire(open_office(load(world.config, {})), fuse), berlin("2026-11-03 11:10"))
    assert "CANCELLED" in "".join(world.events())
    world.reply(world.newest("follow-up", DANA), "undo", berlin("2026-11-03 11:20"))
    until_quiet(world, berlin("2026-11-03 11:20"), Fuse())
    planned = [
        f"{datetime.fromisoformat(one['start']):%Y%m%dT%H%M%S}"
        for one in world.history(ALEX, berlin("2026-11-03 11:30"))["meetings"]
        if one["status"] == "planned"
    ]
    assert planned[:3] == ["20261110T100000", "20261117T100000", "20261120T150000"]
    assert planned.count(when) == 1
    assert world.mails("notice") == []
