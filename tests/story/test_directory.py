"""What the organisation's directory is evidence for, through the command line: addresses, and who manages whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.story.online import PERSON, Clock, Online, Vendor, both
from tests.story.test_four_weeks import FIRST, sent
from tests.story.world import ALEX, DANA, PAIR, WORKER, berlin
from worker.fakes.faults import Fault

ALIAS = "a.moreno@example.com"
LEE = "lee@example.com"
SAM = "sam@example.com"
NOW = berlin("2026-10-29 12:00")


@pytest.fixture(params=["google", "microsoft"])
def vendor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Vendor, Clock]]:
    """A provider whose directory may be asked."""
    del tmp_path
    clock = Clock()
    with both(clock) as (google, microsoft):
        vendors: dict[str, Vendor] = {"google": google, "microsoft": microsoft}
        vendors[request.param].directory = True
        microsoft.fake.sign_in.needs_admin = frozenset()  # an administrator has agreed to User.Read.All
        yield vendors[request.param], clock


def office(root: Path, vendor: tuple[Vendor, Clock], more: str = "") -> Online:
    """Return an office with this provider that finds people with a single 1:1, and is signed in."""
    at, clock = vendor
    world = Online(root, clock, at, {DANA: at}, worker=WORKER, more=more + '\n[meetings]\nfound_by = "any"\n')
    at.list_person(DANA)
    world.sign_everybody_in()
    return world


def pairs(world: Online) -> list[dict[str, Any]]:
    """Return the pairs of `status`."""
    found: list[dict[str, Any]] = world.json("status", "--now", NOW.isoformat())["pairs"]
    return found


def asked(world: Online) -> int:
    """Return how many requests the directory got."""
    fake = world.vendor.fake  # type: ignore[attr-defined]  # of either provider
    return int(fake.count("directory.")) if world.vendor.name == "google" else int(fake.count("users."))


def test_pitfall_15_an_alias_is_the_same_person(tmp_path: Path, vendor: tuple[Vendor, Clock]) -> None:
    """An event that names an alias is the pair's own 1:1, and an answer from the alias counts."""
    world = office(tmp_path, vendor, PERSON + PAIR)
    world.vendor.list_person(ALEX, aliases=(ALIAS,))
    world.vendor.one_on_one(DANA, ALIAS, FIRST)
    world.tick(NOW)
    assert [pair["person"] for pair in pairs(world)] == [ALEX]
    assert sent(world.tick(berlin("2026-10-30 09:00"))) == [("topics", ALEX)]
    world.reply(world.newest("topics", ALEX), "The plan", berlin("2026-10-30 10:00"), sender=ALIAS)
    report = world.tick(berlin("2026-10-30 10:01"))
    assert [mail["outcome"] for mail in report["received"]] == ["topics"]


def test_pitfall_15_the_manager_of_the_manager_is_a_skip_level(tmp_path: Path, vendor: tuple[Vendor, Clock]) -> None:
    """Who reports to somebody who reports to Dana is found as a skip-level, a colleague under one boss as a peer."""
    world = office(tmp_path, vendor)
    world.vendor.list_person(DANA, manager="boss@example.com")
    world.vendor.list_person("boss@example.com")
    world.vendor.list_person(LEE, manager=DANA)
    world.vendor.list_person(SAM, manager=LEE)
    world.vendor.list_person(ALEX, manager="boss@example.com")
    for number, person in enumerate((LEE, SAM, ALEX, "boss@example.com")):
        world.vendor.one_on_one(DANA, person, berlin(f"2026-11-0{number + 3} 10:00"))
    world.tick(NOW)
    assert {pair["person"]: pair["kind"] for pair in pairs(world)} == {LEE: "direct", SAM: "skip-level", ALEX: "peer"}
    left_alone = world.json("status", "--now", NOW.isoformat())["not_one_on_one"]
    assert any("reports to boss@example.com" in one["reason"] for one in left_alone)


def test_pitfall_15_the_configuration_goes_first(tmp_path: Path, vendor: tuple[Vendor, Clock]) -> None:
    """What the configuration says of a pair stands, whatever the directory says."""
    world = office(tmp_path, vendor, PAIR.rstrip() + '\nkind = "direct"\n')
    world.vendor.list_person(LEE, manager=DANA)
    world.vendor.list_person(ALEX, manager=LEE)
    world.one_on_one(FIRST)
    world.tick(NOW)
    assert [(pair["person"], pair["kind"]) for pair in pairs(world)] == [(ALEX, "direct")]


def test_pitfall_15_the_address_of_the_configuration_is_the_persons(
    tmp_path: Path, vendor: tuple[Vendor, Clock]
) -> None:
    """Where the configuration calls somebody by an alias, that stays their address, whatever the directory prefers."""
    world = office(tmp_path, vendor, PERSON + PAIR)
    world.vendor.list_person("alexander@example.com", aliases=(ALEX,))
    world.vendor.one_on_one(DANA, "alexander@example.com", FIRST)
    world.tick(NOW)
    assert [(pair["person"], pair["next_meeting"] is not None) for pair in pairs(world)] == [(ALEX, True)]
    assert sent(world.tick(berlin("2026-10-30 09:00"))) == [("topics", ALEX)]


@pytest.mark.parametrize(("account", "asks"), [("fr-FR", "Répondez"), ("ja", "Reply")])
def test_the_language_of_an_account_is_that_of_its_mails(
    tmp_path: Path, vendor: tuple[Vendor, Clock], account: str, asks: str
) -> None:
    """Where the configuration names none, a person is written to in the language of their account, if there is one."""
    world = office(tmp_path, vendor, PERSON + PAIR)
    world.vendor.list_person(ALEX, language=account)
    world.one_on_one(FIRST)
    world.tick(NOW)
    world.tick(berlin("2026-10-30 09:00"))
    assert asks in world.newest("topics", ALEX).text


def test_the_language_of_the_configuration_goes_first(tmp_path: Path, vendor: tuple[Vendor, Clock]) -> None:
    """A language that the configuration names for somebody stands, whatever their account says."""
    world = office(tmp_path, vendor, PERSON.rstrip() + '\nlanguage = "de"\n' + PAIR)
    world.vendor.list_person(ALEX, language="fr")
    world.one_on_one(FIRST)
    world.tick(NOW)
    world.tick(berlin("2026-10-30 09:00"))
    assert "Antworten" in world.newest("topics", ALEX).text


def test_whoever_was_erased_is_not_looked_up_into_the_data_again(tmp_path: Path, vendor: tuple[Vendor, Clock]) -> None:
    """After erase not one byte of a person comes back by way of the directory, by no address of theirs."""
    world = office(tmp_path, vendor)
    world.vendor.list_person(ALEX, aliases=(ALIAS,))
    world.one_on_one(FIRST)
    world.tick(NOW)
    code, _, err = world.run("erase", ALEX, "--yes")
    assert code == 0, err
    world.vendor.one_on_one(DANA, ALIAS, berlin("2026-11-05 10:00"))
    world.tick(berlin("2026-10-31 13:00"))
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert ALEX.encode() not in kept
    assert ALIAS.encode() not in kept


def test_each_person_is_asked_about_once_a_day(tmp_path: Path, vendor: tuple[Vendor, Clock]) -> None:
    """Process after process, nobody is looked up more often than daily."""
    world = office(tmp_path, vendor)
    world.vendor.list_person(ALEX)
    world.one_on_one(FIRST)
    world.tick(NOW)
    before = asked(world)
    assert before > 0
    for minutes in range(5):
        world.tick(berlin(f"2026-10-29 13:0{minutes}"))
    assert asked(world) == before
    world.tick(berlin("2026-10-30 13:00"))
    assert asked(world) > before


@pytest.mark.parametrize("status", [403, 503])
def test_a_directory_that_cannot_be_asked_says_nothing(
    tmp_path: Path, vendor: tuple[Vendor, Clock], status: int
) -> None:
    """Forbidden or down: people are found as they are without it, the tick has no failure, and check names it."""
    world = office(tmp_path, vendor)
    world.one_on_one(FIRST)
    reason = (
        {"google": "forbidden", "microsoft": "Authorization_RequestDenied"}[world.vendor.name] if status == 403 else ""
    )
    method = {"google": "directory.*", "microsoft": "users.*"}[world.vendor.name]
    world.vendor.fake.faults.append(Fault(method, status=status, reason=reason, times=-1))  # type: ignore[attr-defined]
    assert world.tick(NOW)["failed"] == []
    assert [(pair["person"], pair["kind"]) for pair in pairs(world)] == [(ALEX, "direct")]
    code, _, err = world.run("check", "--now", NOW.isoformat())
    assert code == 1
    assert f"wrong: directory of {world.vendor.name}: " in err
