"""Accounts that fail and come back: the others go on, their owner is told once, and all heals by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.story.online import GoogleOnline, at_google, manager_table
from tests.story.test_four_weeks import FIRST, sent
from tests.story.world import ALEX, DANA, PAIR, WORKER, World, berlin, event
from worker.commands.office import open_office
from worker.config import load
from worker.fakes.google import Fault
from worker.tick import tick

LEE = "lee@example.com"
MAYA = "maya@example.com"
NOW = berlin("2026-10-29 12:05").isoformat()
SECOND_PAIR = f"""
[[pairs]]
manager = "{LEE}"
person = "{MAYA}"
"""


@pytest.fixture
def google(tmp_path: Path) -> Iterator[GoogleOnline]:
    """Two managers with Google, each with one pair that meets on Tuesday 3 November."""
    with at_google(tmp_path, more=manager_table(LEE, "google", "Lee Park") + PAIR + SECOND_PAIR) as world:
        for person in (LEE, MAYA):
            world.fake.add_calendar(person, "Europe/Berlin")
        for account in (WORKER, DANA, LEE):
            code, _, err = world.sign_in("google", account)
            assert code == 0, err
        world.one_on_one(FIRST)
        world.vendor.one_on_one(LEE, MAYA, FIRST)
        world.tick(berlin("2026-10-29 12:00"))
        yield world


def account(world: World, when: str, manager: str = DANA) -> dict[str, Any]:
    """Return what `status` says of a calendar."""
    shown = world.json("status", "--now", berlin(when).isoformat())
    found: dict[str, Any] = next(one for one in shown["calendars"] if one["manager"] == manager)
    return found


def test_an_expired_sign_in_stops_one_account(google: GoogleOnline) -> None:
    """Dana's calendar waits, Lee's pair gets its mail; Dana is told once how to sign in, and then all goes on."""
    google.fake.sign_in.revoke(DANA)
    report = google.tick(berlin("2026-10-30 09:00"))
    assert sent(report) == [("notice", DANA), ("topics", MAYA)]
    assert [one["action"] for one in report["failed"]] == [f"read calendar {DANA}"]
    notice = google.newest("notice", DANA).text
    assert f"The sign-in for {DANA} has expired" in notice
    assert f"followthrough login google --account {DANA}" in notice
    assert account(google, "2026-10-30 09:01")["trouble"] == "sign-in"
    assert account(google, "2026-10-30 09:01", LEE)["trouble"] is None
    for hours in range(1, 50, 7):
        code, _, _ = google.run("tick", "--now", (berlin("2026-10-30 09:00") + timedelta(hours=hours)).isoformat())
        assert code == 1
    assert len(google.mails("notice")) == 1

    code, _, err = google.sign_in("google", DANA)
    assert code == 0, err
    report = google.tick(berlin("2026-11-02 08:00"))
    assert report["failed"] == []
    assert sent(report) == [("topics", ALEX)]
    assert account(google, "2026-11-02 08:01")["trouble"] is None
    assert sent(google.tick(berlin("2026-11-02 09:00"))) == [
        ("agenda", ALEX),
        ("agenda", DANA),
        ("agenda", LEE),
        ("agenda", MAYA),
    ]


def test_a_form_does_not_wait_for_ever(google: GoogleOnline) -> None:
    """Two hours after the 1:1 its form goes without the calendar, and so without a proposal; an answer is kept."""
    google.tick(berlin("2026-11-02 09:00"))
    google.fake.sign_in.revoke(DANA)
    assert ("follow-up", LEE) in sent(google.tick(berlin("2026-11-03 10:41")))
    assert google.mails("follow-up", DANA) == []
    google.tick(berlin("2026-11-03 12:29"))
    assert google.mails("follow-up", DANA) == []
    assert sent(google.tick(berlin("2026-11-03 12:30"))) == [("follow-up", DANA)]
    form = google.newest("follow-up", DANA)
    assert "Proposed:" not in form.text
    google.reply(form, "Highlights: the importer\nNext check-in: Thu 19 Nov 10:00", berlin("2026-11-03 13:00"))
    google.tick(berlin("2026-11-03 13:01"))
    assert [one["text"] for one in google.history(ALEX, berlin("2026-11-03 13:02"))["notes"]] == ["the importer"]
    assert google.sign_in("google", DANA)[0] == 0
    report = google.tick(berlin("2026-11-03 14:00"))
    assert [(one["operation"], one["start"][:16]) for one in report["calendar"]] == [("create", "2026-11-19T10:00")]


def test_a_right_that_is_missing_is_another_notice(google: GoogleOnline) -> None:
    """An administrator who takes the right away is another change of state; within one, nothing is said twice."""
    google.fake.faults.append(Fault("calendar.events.list", status=403, reason="domainPolicy", times=2))
    report = google.tick(berlin("2026-10-30 08:00"))
    assert sorted(google_to(google)) == [("notice", DANA), ("notice", LEE)]
    assert "the right is missing" in google.newest("notice", DANA).text
    assert len(report["failed"]) == 2
    assert google.tick(berlin("2026-10-30 08:10"))["failed"] == []


def google_to(world: World) -> list[tuple[str, str]]:
    """Return kind and recipient of every mail that left."""
    return [(mail.kind, mail.to) for mail in world.mails()]


@pytest.mark.parametrize("what", ["status", "drop", "html", "truncated"])
def test_a_passing_fault_is_nobodys_business(google: GoogleOnline, what: str) -> None:
    """A provider that is down for a while costs nobody a mail, and the exit code says that it is tried again."""
    google.fake.faults.append(Fault("calendar.events.list", what, times=6))  # type: ignore[arg-type]  # one of its words
    code, _, err = google.run("tick", "--now", berlin("2026-10-30 08:00").isoformat())
    assert code == 0, err
    assert f"read calendar {DANA}" in err
    assert sent(google.tick(berlin("2026-10-30 09:00"))) == [("topics", ALEX), ("topics", MAYA)]
    assert google.mails("notice") == []


def test_who_is_told_to_wait_is_not_asked(google: GoogleOnline) -> None:
    """Retry-After holds for its account alone, and for the next process too."""
    refusal = Fault("calendar.events.list", status=429, reason="rateLimitExceeded", headers={"Retry-After": "3600"})
    google.fake.faults.append(refusal)
    google.tick(berlin("2026-10-30 07:00"))
    before = google.fake.requests["calendar.events.list"]
    report = google.tick(berlin("2026-10-30 07:30"))
    assert google.fake.requests["calendar.events.list"] == before + 1  # Lee's
    assert [one["retry_at"][:16] for one in report["failed"]] == ["2026-10-30T07:00"]
    assert google.tick(berlin("2026-10-30 08:10"))["failed"] == []


def test_a_fault_that_lasts_a_day_is_told(google: GoogleOnline) -> None:
    """What does not pass within a day is told to the calendar's owner, once."""
    fault = Fault("calendar.*", times=-1)
    google.fake.faults.append(fault)
    moment = berlin("2026-11-03 12:00")
    while moment < berlin("2026-11-05 12:00"):
        google.tick(moment)
        moment += timedelta(hours=3)
    assert sorted(mail.to for mail in google.mails("notice")) == [DANA, LEE]
    assert "has not been read since Tue 3 Nov 2026" in google.newest("notice", DANA).text


def test_a_mailbox_that_nobody_may_use_loses_nothing(google: GoogleOnline) -> None:
    """Without its sign-in the worker's mailbox sends nothing and forgets nothing; then each mail goes once."""
    google.fake.sign_in.revoke(WORKER)
    code, _, err = google.run("tick", "--now", berlin("2026-10-30 09:00").isoformat())
    assert code == 1
    assert f"followthrough login google --account {WORKER}" in err
    assert google.mails() == []
    assert google.fake.count("gmail.users.drafts") == 0
    assert google.json("status", "--now", berlin("2026-10-30 09:01").isoformat())["mailbox"]["trouble"] == "sign-in"
    assert google.sign_in("google", WORKER)[0] == 0
    google.tick(berlin("2026-10-30 11:00"))
    google.tick(berlin("2026-10-30 12:00"))
    assert google_to(google) == [("topics", ALEX), ("topics", MAYA)]
    assert google.json("status", "--now", berlin("2026-10-30 12:01").isoformat())["mailbox"]["trouble"] is None


def test_a_calendar_that_stays_empty_is_told_once(tmp_path: Path) -> None:
    """After an hour its owner hears of a calendar that is suddenly empty; nothing is cancelled by it."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", FIRST, rule="FREQ=WEEKLY;COUNT=4"))
    world.tick(berlin("2026-10-29 12:00"))
    (world.calendar / "weekly.ics").rename(tmp_path / "away.ics")
    assert sent(world.tick(berlin("2026-10-29 13:00"))) == []
    assert sent(world.tick(berlin("2026-10-29 13:30"))) == []
    assert sent(world.tick(berlin("2026-10-29 14:00"))) == [("notice", DANA)]
    assert sent(world.tick(berlin("2026-10-29 16:00"))) == []
    assert "suddenly empty" in world.newest("notice", DANA).text
    (tmp_path / "away.ics").rename(world.calendar / "weekly.ics")
    assert sent(world.tick(berlin("2026-10-30 09:00"))) == [("topics", ALEX)]


class Resident:
    """A worker that keeps running: one office, tick after tick."""

    def __init__(self, world: World, now: str) -> None:
        self.world = world
        self.office = open_office(load(world.config, {}), now=berlin(now))

    def tick(self, when: str) -> list[tuple[str, str]]:
        """Let a tick pass and return kind and recipient of what it sent."""
        if isinstance(self.world, GoogleOnline):
            self.world.clock.now = berlin(when)
        return sorted((mail.kind, mail.to) for mail in tick(self.office, berlin(when)).sent)


def test_an_idle_worker_wakes_to_tell(tmp_path: Path) -> None:
    """A resident worker with nothing else to do tells of an empty calendar when its hour is over, and once."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", FIRST, rule="FREQ=WEEKLY;COUNT=4"))
    resident = Resident(world, "2026-10-29 12:00")
    resident.tick("2026-10-29 12:00")
    (world.calendar / "weekly.ics").unlink()
    assert resident.tick("2026-10-29 13:00") == []
    report = tick(resident.office, berlin("2026-10-29 13:30"))
    assert report.next_due == berlin("2026-10-29 14:00")
    assert resident.tick("2026-10-29 14:00") == [("notice", DANA)]
    assert resident.tick("2026-10-29 15:00") == []


def test_a_running_worker_takes_a_new_sign_in(google: GoogleOnline) -> None:
    """Nobody has to restart the worker after `login`: within five minutes it uses the new sign-in, and not before."""
    resident = Resident(google, "2026-10-30 08:00")
    google.fake.sign_in.revoke(WORKER)
    google.fake.sign_in.revoke(DANA)
    assert resident.tick("2026-10-30 09:00") == []
    assert google.sign_in("google", WORKER)[0] == 0
    assert google.sign_in("google", DANA)[0] == 0
    assert resident.tick("2026-10-30 09:04") == []
    assert resident.tick("2026-10-30 09:05") == [("topics", ALEX), ("topics", MAYA)]
    assert google.mails("notice") == []


def test_status_asks_nobody(google: GoogleOnline) -> None:
    """What is known can be looked at while a provider is down: status sends no request."""
    before = google.fake.count()
    assert {one["person"] for one in google.json("status", "--now", NOW)["pairs"]} == {ALEX, MAYA}
    assert google.fake.count() == before


def test_no_more_mails_a_minute_than_configured(google: GoogleOnline) -> None:
    """What is above the limit waits for its minute, and goes once."""
    google.config.write_text(google.config.read_text().replace("[mail]", "[mail]\nsent_a_minute = 1", 1))
    resident = Resident(google, "2026-10-30 09:00")
    assert len(resident.tick("2026-10-30 09:00")) == 1
    resident.office = open_office(load(google.config, {}), now=berlin("2026-10-30 09:02"))
    assert len(resident.tick("2026-10-30 09:02")) == 1
    assert sorted(google_to(google)) == [("topics", ALEX), ("topics", MAYA)]


def test_a_file_of_authorities_that_is_missing(google: GoogleOnline) -> None:
    """A certificate file that is not there is a wrong configuration with its key, not a fault of each account."""
    google.config.write_text(google.config.read_text() + '\n[http]\nca_file = "nowhere.pem"\n')
    code, _, err = google.run("tick", "--now", berlin("2026-10-30 09:00").isoformat())
    assert code == 2
    assert "http.ca_file" in err
