"""Whom the worker writes to: found, asked about, started, left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

ANA = "ana@example.com"
TOM = "tom@example.com"
SAM = "sam@example.com"


def one_on_one(name: str, address: str) -> tuple[tuple[str, str], ...]:
    """Return the two people of a meeting with Dana."""
    return (("Dana Kim", DANA), (name, address))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three weekly 1:1s of a manager who named nobody."""
    world = World(tmp_path, CONFIG)
    for day, (name, address) in enumerate((("Ana Ruiz", ANA), ("Tom Berg", TOM), ("Sam Lee", SAM)), start=4):
        text = event(
            name[:3],
            berlin(f"2026-11-{day:02} 14:00"),
            rule="FREQ=WEEKLY;COUNT=8",
            summary=f"{name} / Dana",
            people=one_on_one(name, address),
        )
        world.put(name[:3], text)
    return world


def kinds(world: World) -> set[tuple[str, str]]:
    """Return kind and recipient of every mail so far."""
    return {(mail.kind, mail.to) for mail in world.mails()}


def test_nobody_is_written_to_before_a_yes(world: World) -> None:
    """The manager gets one welcome with everybody found, and nobody else gets anything."""
    world.tick(berlin("2026-11-02 10:00"))
    world.tick(berlin("2026-11-02 10:05"))
    assert [(mail.kind, mail.to) for mail in world.mails()] == [("welcome", DANA)]
    text = world.mails()[0].text
    assert all(name in text for name in ("Ana", "Tom", "Sam"))


def test_the_first_mail_to_a_manager_says_what_this_is(tmp_path: Path) -> None:
    """Where the configuration names the 1:1s there is no welcome: the first agenda says it, and no later mail."""
    world = World(tmp_path)
    world.put("a", event("a", berlin("2026-11-04 10:00"), rule="FREQ=WEEKLY;COUNT=3"))
    for moment in ("2026-11-02 09:00", "2026-11-03 09:00", "2026-11-04 10:45", "2026-11-10 09:00"):
        world.tick(berlin(moment))
    said = [(mail.kind, "What this is" in mail.text) for mail in world.mails(to=DANA)]
    assert said == [("agenda", True), ("follow-up", False), ("agenda", False)]
    first = " ".join(world.mails("agenda", DANA)[0].text.split())
    assert "I am a program, set up by your organisation." in first
    assert "Nobody gets counts of your 1:1s." in first
    assert "a person may ask by law to see what is kept about them." in first


def test_whom_a_welcome_told_is_not_told_again(world: World) -> None:
    """The welcome says what this is; the agenda after it does not."""
    world.tick(berlin("2026-11-02 10:00"))
    world.reply(world.newest("welcome", DANA), "yes Ana", berlin("2026-11-02 10:30"))
    world.tick(berlin("2026-11-02 10:31"))
    world.tick(berlin("2026-11-03 09:05"))
    assert [mail.kind for mail in world.mails(to=DANA)] == ["welcome", "receipt", "agenda"]
    assert ["What this is" in mail.text for mail in world.mails(to=DANA)] == [True, False, False]


def test_an_unanswered_welcome_is_repeated_once(world: World) -> None:
    """After a week it comes again, then never."""
    for day in ("02", "09", "10", "16", "17", "23", "30"):
        world.tick(berlin(f"2026-11-{day} 10:00"))
    assert [(mail.kind, mail.to) for mail in world.mails()] == [("welcome", DANA)] * 2


def test_yes_me_and_no(world: World) -> None:
    """`yes` starts mail for both, `me` for the manager alone, `no` for nobody; each gets what it means."""
    world.tick(berlin("2026-11-02 10:00"))
    world.reply(world.newest("welcome", DANA), "yes Ana\nme Tom\nno Sam", berlin("2026-11-02 10:30"))
    report = world.tick(berlin("2026-11-02 10:31"))
    assert [one["outcome"] for one in report["received"]] == ["command"]
    status = world.json("status", "--now", berlin("2026-11-02 10:32").isoformat())
    assert {pair["person"]: pair["started"] for pair in status["pairs"]} == {ANA: True, TOM: True, SAM: False}
    for day in range(2, 15):
        for hour in ("09:05", "14:45", "15:30"):
            world.tick(berlin(f"2026-11-{day:02} {hour}")) if (day, hour) > (2, "10:31") else None
    found = kinds(world)
    assert ("receipt", DANA) in found
    assert not [kind for kind, to in found if to in (TOM, SAM)]
    assert ("topics", ANA) in found
    assert "1:1 Tom · 5 Nov" in {mail["Subject"] for mail in world.mails("agenda", DANA)}
    assert not [mail for mail in world.mails() if "Sam" in mail["Subject"] and mail.kind != "welcome"]


def test_the_first_mail_to_a_report_is_an_introduction(world: World) -> None:
    """After a yes the report's first mail introduces itself, a business day later at the earliest."""
    world.tick(berlin("2026-11-02 10:00"))
    world.reply(world.newest("welcome", DANA), "yes all", berlin("2026-11-02 10:30"))
    world.tick(berlin("2026-11-02 10:31"))
    world.tick(berlin("2026-11-03 09:05"))
    # Ana's 1:1 is on Wednesday: her introduction could leave on Tuesday 10:31 at the earliest, her agenda before it.
    assert ("agenda", ANA) not in kinds(world)
    assert ("topics", ANA) not in kinds(world)
    world.tick(berlin("2026-11-03 10:35"))
    assert ("topics", TOM) in kinds(world)
    assert "Dana" in world.newest("topics", TOM).text
    assert "password" in world.newest("topics", TOM).text
    assert ("topics", ANA) not in kinds(world)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"people": one_on_one("Eve Out", "eve@elsewhere.org")}, "domain"),
        ({"summary": "Interview: backend"}, "interview"),
        ({"extra": "CLASS:PRIVATE"}, "private"),
        ({"rule": ""}, "single"),
        ({"extra": "TRANSP:TRANSPARENT"}, "free"),
        ({"people": (*one_on_one("Ann Roe", "ann@example.com"), ("Ben", "ben@example.com"))}, "3 people"),
        ({"people": (("Dana Kim", DANA),)}, "nobody"),
    ],
)
def test_left_alone_with_a_reason(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    """What is left alone brings no mail, and status says why."""
    world = World(tmp_path, CONFIG)
    given = {"rule": "FREQ=WEEKLY;COUNT=8", "people": one_on_one("Ann Roe", "ann@example.com"), **change}
    world.put("x", event("x", berlin("2026-11-04 14:00"), **given))  # type: ignore[arg-type]
    world.tick(berlin("2026-11-02 10:00"))
    assert world.mails() == [] if (world.root / "mail/out/new").exists() else True
    status = world.json("status", "--now", berlin("2026-11-02 10:01").isoformat())
    assert [one["uid"] for one in status["not_one_on_one"]] == ["x"]
    assert reason in status["not_one_on_one"][0]["reason"]


def test_a_series_that_was_declined_finds_nobody(tmp_path: Path) -> None:
    """Who declined every 1:1 is in no welcome mail, and status says why; an accepted instance later finds them."""
    world = World(tmp_path, CONFIG)
    people = one_on_one("Ann Roe", "ann@example.com")
    text = event("x", berlin("2026-11-04 14:00"), rule="FREQ=WEEKLY;COUNT=8", people=people)
    world.put("x", text.replace("Ann Roe;PARTSTAT=ACCEPTED", "Ann Roe;PARTSTAT=DECLINED"))
    assert world.tick(berlin("2026-11-02 10:00"))["sent"] == []
    status = world.json("status", "--now", berlin("2026-11-02 10:01").isoformat())
    assert status["pairs"] == []
    assert status["not_one_on_one"] == [{"uid": "x", "reason": "declined by ann@example.com"}]
    world.put("x", text)
    assert [one["kind"] for one in world.tick(berlin("2026-11-02 10:05"))["sent"]] == ["welcome"]


def test_a_meeting_on_short_notice_tells_the_report_nothing(tmp_path: Path) -> None:
    """Agenda and form for the manager; what would explain a surprise meeting does not reach the report."""
    world = World(tmp_path, CONFIG + PAIR)
    world.put("old", event("old", berlin("2026-10-06 14:00"), rule="FREQ=WEEKLY;COUNT=5"))
    world.tick(berlin("2026-11-02 10:00"))
    world.put("surprise", event("surprise", berlin("2026-11-03 09:30"), summary="Dana / Alex"))
    world.tick(berlin("2026-11-02 15:00"))
    world.tick(berlin("2026-11-03 10:15"))
    mails = [(mail.kind, mail.to) for mail in world.mails() if "surprise" in mail["X-Followthrough-Meeting"]]
    assert mails == [("agenda", DANA), ("follow-up", DANA)]


def test_two_managers_who_meet(tmp_path: Path) -> None:
    """An event in two calendars is one meeting, of the one whom the other reports to."""
    config = (
        CONFIG
        + f"""
[[managers]]
email = "{ALEX}"
name = "Alex Moreno"
calendar = {{ provider = "files", path = "calendar/alex" }}
reports_to = "{DANA}"
"""
    )
    config = config.replace(
        '[[people]]\nemail = "alex@example.com"\nname = "Alex Moreno"\ntimezone = "Europe/Berlin"\n', ""
    )
    world = World(tmp_path, config)
    (tmp_path / "calendar" / "alex").mkdir()
    text = event("both", berlin("2026-11-05 14:00"), rule="FREQ=WEEKLY;COUNT=4")
    world.put("both", text)
    (tmp_path / "calendar" / "alex" / "both.ics").write_text(text)
    world.tick(berlin("2026-11-02 10:00"))
    status = world.json("status", "--now", berlin("2026-11-02 10:01").isoformat())
    assert [(pair["manager"], pair["person"], pair["kind"]) for pair in status["pairs"]] == [(DANA, ALEX, "direct")]
    assert [(mail.kind, mail.to) for mail in world.mails()] == [("welcome", DANA)]


def test_an_invitation_is_no_introduction(tmp_path: Path) -> None:
    """A person who got an invitation only is introduced to the worker before they get an agenda."""
    world = World(tmp_path, CONFIG + PAIR)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    world.tick(berlin("2026-11-03 09:50"))
    world.tick(berlin("2026-11-03 10:45"))
    world.reply(world.newest("follow-up", DANA), "next in two weeks", berlin("2026-11-03 11:00"))
    world.tick(berlin("2026-11-03 11:00"))
    assert [mail.kind for mail in world.mails(to=ALEX)] == ["invitation"]
    world.tick(berlin("2026-11-13 09:00"))
    assert "password" in world.newest("topics", ALEX).text
