"""Above the meetings: the weekly digest, and the counts that go up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.model import Pair, PairKey
from worker.store.tiny import TinyStore
from worker.tick import tick

RITA = "rita@example.com"
SAM = "sam@example.com"
UPWARDS = CONFIG.replace(
    'calendar = { provider = "files", path = "calendar/dana" }',
    'calendar = { provider = "files", path = "calendar/dana" }\nreports_to = "rita@example.com"',
)
RITAS = """
[[people]]
email = "rita@example.com"
name = "Rita Voss"
timezone = "Europe/Berlin"
"""
SKIP_LEVEL = """
[[people]]
email = "sam@example.com"
name = "Sam Lee"
timezone = "Europe/Berlin"

[[pairs]]
manager = "dana@example.com"
person = "sam@example.com"
kind = "skip-level"
every = "8 weeks"
"""


class Watched(TinyStore):
    """A store that notes which pairs were asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.loaded: list[PairKey] = []

    def load_pair(self, key: PairKey) -> Pair | None:
        """See Store."""
        self.loaded.append(key)
        return super().load_pair(key)


def weekly(tmp_path: Path, config: str = CONFIG + PAIR) -> World:
    """Return a world with a weekly 1:1 of Dana and Alex on Tuesdays from 3 November."""
    world = World(tmp_path, config)
    world.put("weekly", event("weekly", berlin("2026-11-03 10:00"), rule="FREQ=WEEKLY;COUNT=16"))
    return world


def answered(world: World, words: str, at: str = "2026-11-03 11:00") -> None:
    """Let the first form come and answer it."""
    world.tick(berlin("2026-11-03 10:45"))
    world.reply(world.newest("follow-up", DANA), words, berlin(at))
    world.tick(berlin(at))


def digests(world: World, at: str, to: str = DANA) -> list[str]:
    """Let a tick pass and return the texts of the digests that it sent to somebody."""
    report = world.tick(berlin(at))
    return [
        next(mail.text for mail in world.mails("digest", to) if mail["Message-ID"] == one["message_id"])
        for one in report["sent"]
        if one["kind"] == "digest" and one["to"] == to
    ]


def test_no_digest_without_anything_to_say(tmp_path: Path) -> None:
    """A Monday on which nothing is due, slipped or went wrong brings none."""
    world = weekly(tmp_path)
    world.tick(berlin("2026-11-02 09:30"))
    answered(world, "Highlights: all is well")
    for at in ("2026-11-09 07:30", "2026-11-09 08:00", "2026-11-09 14:00"):
        assert digests(world, at) == []


def test_a_promise_brings_one_on_monday_at_eight(tmp_path: Path) -> None:
    """Due within the week: the digest comes Monday 08:00, once, to the manager alone."""
    world = weekly(tmp_path)
    answered(world, "Action items:\nAlex: send the plan by 12 November 2026\nDana: talk to Sam by 6 November 2026")
    assert digests(world, "2026-11-06 08:00") == []
    assert digests(world, "2026-11-09 07:59") == []
    (text,) = digests(world, "2026-11-09 08:00")
    assert text.index("Not closed yet") < text.index("talk to Sam") < text.index("Due this week")
    assert text.index("Due this week") < text.index("send the plan")
    assert "overdue" not in text
    assert digests(world, "2026-11-09 08:01") == []
    assert world.mails("digest", ALEX) == []
    subject = world.newest("digest", DANA)["Subject"]
    assert "plan" not in subject


def test_what_came_after_eight_waits_for_the_next(tmp_path: Path) -> None:
    """A digest speaks for its Monday morning; a worker that comes late on Tuesday sends none."""
    world = weekly(tmp_path)
    answered(world, "Action items:\nAlex: send the plan by 12 November 2026")
    assert digests(world, "2026-11-10 09:00") == []
    answered_again = "Action items:\nAlex: book the room by 20 November 2026"
    world.tick(berlin("2026-11-10 10:45"))
    world.reply(world.newest("follow-up", DANA), answered_again, berlin("2026-11-10 11:00"))
    world.tick(berlin("2026-11-10 11:01"))
    (text,) = digests(world, "2026-11-16 10:00")
    assert "send the plan" in text
    assert "book the room" in text


def test_the_cadence_stands_as_a_row_of_blocks(tmp_path: Path) -> None:
    """Each week with a 1:1 is a full block, one in which it did not happen an open one."""
    world = weekly(tmp_path)
    answered(world, "did not happen\nDana: talk to Sam by 20 November 2026")
    world.tick(berlin("2026-11-10 11:00"))
    (text,) = digests(world, "2026-11-16 08:00")
    row = next(line for line in text.splitlines() if "■" in line and line.startswith("- Alex"))
    assert "□■" in row
    assert "1 of 2 1:1s held" in row


def test_what_was_not_sent_and_why(tmp_path: Path) -> None:
    """An agenda whose 1:1 had begun when the worker came back is told in a neutral sentence."""
    world = weekly(tmp_path)
    world.tick(berlin("2026-11-06 12:00"))
    world.tick(berlin("2026-11-10 10:05"))
    (text,) = digests(world, "2026-11-16 08:00")
    missed = text[text.index("Not sent") :]
    assert "Alex: agenda for you, Tue 10 Nov 2026" in missed
    assert "there was no time left for it" in missed


def test_stop_ends_the_digest(tmp_path: Path) -> None:
    """A manager who said stop gets none."""
    world = weekly(tmp_path)
    answered(world, "Action items:\nAlex: send the plan by 12 November 2026")
    world.write(DANA, "stop", "stop", berlin("2026-11-04 10:00"))
    world.tick(berlin("2026-11-04 10:01"))
    assert digests(world, "2026-11-09 08:00") == []


def test_done_by_number(tmp_path: Path) -> None:
    """The numbers of a digest are answered like any others."""
    world = weekly(tmp_path)
    answered(world, "Action items:\nAlex: send the plan by 12 November 2026")
    digests(world, "2026-11-09 08:00")
    mail = world.newest("digest", DANA)
    world.reply(mail, f"done {mail.numbered('send the plan')}", berlin("2026-11-09 08:30"))
    world.tick(berlin("2026-11-09 08:31"))
    items = world.history(ALEX, berlin("2026-11-09 08:32"))["action_items"]
    assert [one["state"] for one in items] == ["done"]


def test_d1_counts_go_up_as_they_were_shown(tmp_path: Path) -> None:
    """D1: the manager sees the numbers a week before; the same go up on the first Monday, and not one word more."""
    world = weekly(tmp_path, UPWARDS + RITAS + PAIR)
    world.tick(berlin("2026-11-02 09:30"))
    answered(world, "Highlights: secret-canary\nPrivate notes: private-canary\nAction items:\nAlex: plan-canary")
    for day in ("10", "17", "24"):
        world.tick(berlin(f"2026-11-{day} 12:00"))
    (shown,) = digests(world, "2026-11-30 08:00")
    assert "Rita Voss gets these counts in a week" in shown
    line = next(one for one in shown.splitlines() if "1:1s held (" in one and one.startswith("- Dana"))
    assert digests(world, "2026-11-30 08:00", RITA) == []
    # What is said about November in between changes nothing that goes up.
    world.reply(world.newest("follow-up", DANA), "did not happen", berlin("2026-11-30 09:00"))
    world.tick(berlin("2026-11-30 09:01"))
    (text,) = digests(world, "2026-12-07 08:00", RITA)
    assert line in text
    assert "4 of 4 1:1s held" in line
    assert "confirmed 1" in line
    assert "Counts only" in text
    for word in ("canary", "Alex", "alex@"):
        assert word not in text
    assert digests(world, "2026-12-07 08:01", RITA) == []
    assert [mail for mail in world.mails(to=RITA) if mail.kind != "digest"] == []


@pytest.mark.parametrize("pair", [PAIR, ""])
def test_d1_a_new_worker_tells_nobody_empty_counts(tmp_path: Path, pair: str) -> None:
    """Set up on a first Monday, with a pair in the configuration or none: the manager's manager hears nothing yet."""
    world = World(tmp_path, UPWARDS + pair + RITAS)
    world.put("weekly", event("weekly", berlin("2026-12-08 10:00"), rule="FREQ=WEEKLY;COUNT=4"))
    assert digests(world, "2026-12-07 08:00", RITA) == []


def test_d1_the_report_and_the_manager_are_told_who_gets_counts(tmp_path: Path) -> None:
    """The first mails say who gets counts, where somebody does."""
    world = weekly(tmp_path, UPWARDS + RITAS + PAIR)
    world.tick(berlin("2026-10-30 09:30"))
    assert "Rita Voss gets counts of these 1:1s, never content." in world.newest("topics", ALEX).text


@pytest.fixture
def rotation(tmp_path: Path) -> World:
    """A manager with a skip-level every eight weeks, and nothing in the calendar for it."""
    world = weekly(tmp_path, CONFIG + PAIR + SKIP_LEVEL)
    world.tick(berlin("2026-11-06 12:00"))
    return world


def test_d2_who_is_due(rotation: World) -> None:
    """D2: a skip-level whose time has come stands in the digest with free slots, and one number books one."""
    (text,) = digests(rotation, "2026-11-09 08:00")
    due = text[text.index("Due for a 1:1") :]
    assert "Sam Lee" in due
    mail = rotation.newest("digest", DANA)
    number = mail.numbered("Tue 10 Nov 2026")
    rotation.reply(mail, str(number), berlin("2026-11-09 08:30"))
    report = rotation.tick(berlin("2026-11-09 08:31"))
    (made,) = report["calendar"]
    assert (made["operation"], made["pair"]) == ("create", f"{DANA} {SAM}")
    assert made["start"].startswith("2026-11-10")
    assert ("receipt", DANA) in [(one["kind"], one["to"]) for one in report["sent"]]
    assert "2026-11-10" in rotation.newest("receipt", DANA).text
    assert digests(rotation, "2026-11-16 08:00") == []


def test_d2_a_number_twice_books_once(rotation: World) -> None:
    """The same number in two mails makes one event."""
    digests(rotation, "2026-11-09 08:00")
    mail = rotation.newest("digest", DANA)
    for minute in (30, 32):
        rotation.reply(mail, str(mail.numbered("Tue 10 Nov 2026")), berlin(f"2026-11-09 08:{minute}"))
        rotation.tick(berlin(f"2026-11-09 08:{minute + 1}"))
    assert sum("sam@example.com" in text for text in rotation.events()) == 1


def test_a_resident_worker_finds_monday_by_itself(tmp_path: Path) -> None:
    """Between ticks nothing is read again; on Monday 08:00 the digest is due though no file changed."""
    world = weekly(tmp_path)
    answered(world, "Action items:\nAlex: send the plan by 12 November 2026")
    office = open_office(load(world.config, {}))
    office.store = store = Watched(office.store.folder)  # type: ignore[attr-defined]  # the files' store has one
    report = tick(office, berlin("2026-11-06 12:00"))
    for minute in (1, 2):
        report = tick(office, berlin(f"2026-11-06 12:0{minute}"))
    assert office.memory.digests_at == berlin("2026-11-09 08:00")
    assert report.next_due is not None
    assert report.next_due <= berlin("2026-11-09 08:00")
    tick(office, berlin("2026-11-07 12:00"))
    store.loaded.clear()
    tick(office, berlin("2026-11-07 12:01"))
    assert store.loaded == []
    report = tick(office, berlin("2026-11-09 08:00"))
    assert "digest" in [one.kind for one in report.sent]
    assert "digest" not in [one.kind for one in tick(office, berlin("2026-11-09 08:01")).sent]


def test_check_names_the_digest_that_comes(tmp_path: Path) -> None:
    """Whom it would write to in the next two days includes Monday's digest."""
    world = weekly(tmp_path)
    answered(world, "Action items:\nAlex: send the plan by 12 November 2026")
    _, out, _ = world.run("check", "--now", berlin("2026-11-08 09:00").isoformat())
    assert [line for line in out.splitlines() if "Mon 9 Nov 08:00" in line and DANA in line and "digest" in line]
