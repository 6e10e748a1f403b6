"""What `check` finds at Microsoft, and what the directory says of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.providers.contract import ALEX, OTHER, OWNER, WORKER, Appointment, at
from tests.providers.microsoft_world import CalendarWorld, Microsoft, microsoft
from worker.errors import TryLaterError
from worker.fakes.microsoft import Fault
from worker.providers.microsoft import (
    Finding,
    MicrosoftDirectory,
    MicrosoftSettings,
    calendar_scopes,
    check_calendar,
    check_clock,
    check_mailbox,
    directory_scopes,
    mail_scopes,
)


@pytest.fixture
def at_microsoft(tmp_path: Path) -> Iterator[Microsoft]:
    """A fake Microsoft that judges every request and every answer."""
    with microsoft(tmp_path) as running:
        yield running


def lines(findings: Iterable[Finding]) -> str:
    """Return what is printed."""
    return "\n".join(str(finding) for finding in findings)


def test_pitfall_29_a_set_up_that_is_well(at_microsoft: Microsoft) -> None:
    """Pitfall 29: where everything is right, each line says so, and nothing is written anywhere."""
    door = at_microsoft.door()
    found = [
        *check_mailbox(at_microsoft.settings, WORKER, door),
        *check_calendar(at_microsoft.settings, OWNER, door, write=True),
        check_clock(door),
    ]
    assert [finding.ok for finding in found] == [True] * len(found)
    assert "every permission that is needed" in lines(found)
    writes = {"events.create", "events.patch", "events.delete", "messages.create", "messages.send", "messages.patch"}
    assert not writes & set(at_microsoft.fake.requests)


def test_pitfall_29_each_thing_that_is_wrong_has_its_step(at_microsoft: Microsoft) -> None:
    """Pitfall 29: no sign-in, too narrow a one, an unused one, one that ended: each line ends in what to do."""
    settings, door = at_microsoft.settings, at_microsoft.door()
    assert f"login microsoft --account {OTHER}" in lines(check_calendar(settings, OTHER, door, write=True))
    at_microsoft.signs_in(OWNER, *calendar_scopes(write=False))
    narrow = lines(check_calendar(settings, OWNER, door, write=True))
    assert f"lacks Calendars.ReadWrite: run `followthrough login microsoft --account {OWNER}`" in narrow
    at_microsoft.signs_in(OWNER, *calendar_scopes(write=True))
    at_microsoft.clock.turn(days=45)
    assert "not renewed for 45 days" in lines(check_calendar(settings, OWNER, door, write=True))
    assert "not renewed" not in lines(check_calendar(settings, OWNER, door, write=True))
    at_microsoft.fake.sign_in.revoke(WORKER)
    assert "AADSTS50173" in lines(check_mailbox(settings, WORKER, door))
    at_microsoft.fake.sign_in.refused[WORKER] = 65001
    ended = lines(check_mailbox(settings, WORKER, at_microsoft.door()))
    assert "adminconsent?client_id=" in ended


def test_pitfall_29_a_mailbox_that_is_none_is_told(at_microsoft: Microsoft) -> None:
    """Pitfall 29: an address without a mailbox or a calendar is a line with what to ask the administrator."""
    del at_microsoft.fake.mail.mailboxes[WORKER]
    assert "licence" in lines(check_mailbox(at_microsoft.settings, WORKER, at_microsoft.door()))
    del at_microsoft.fake.calendars.by_owner[OWNER]
    assert "licence" in lines(check_calendar(at_microsoft.settings, OWNER, at_microsoft.door(), write=True))


def test_pitfall_29_broader_rights_than_needed_are_named(at_microsoft: Microsoft) -> None:
    """Pitfall 29: a sign-in that allows more than this needs is well, and named."""
    at_microsoft.signs_in(WORKER, *mail_scopes(), "Mail.ReadWrite.Shared")
    found = lines(check_mailbox(at_microsoft.settings, WORKER, at_microsoft.door()))
    assert "also has Mail.ReadWrite.Shared" in found
    assert "wrong" not in found


def test_a_calendar_of_somebody_elses_meetings_is_told(at_microsoft: Microsoft) -> None:
    """Where nothing in a calendar may be changed although it should be written, it may be the wrong one."""
    CalendarWorld(at_microsoft).put(Appointment("theirs", at(3, 10), organizer=ALEX))
    found = lines(check_calendar(at_microsoft.settings, OWNER, at_microsoft.door(), write=True))
    assert "no event that may be changed" in found


def test_where_free_times_are_not_told_a_line_says_so(at_microsoft: Microsoft) -> None:
    """Where Exchange will not say when others are free, the calendar is well all the same, and the line says why."""
    for status, reason, words in ((400, "ErrorInvalidRequest", "private account"), (403, "", "wrong: calendar of")):
        at_microsoft.fake.faults.append(Fault("calendar.getSchedule", status=status, reason=reason))
        found = lines(check_calendar(at_microsoft.settings, OWNER, at_microsoft.door(), write=True))
        assert "can be read" in found
        assert words in found.splitlines()[-1]


# ------------------------------------------------------------------------------------------------ the app by itself


def app(at_microsoft: Microsoft, tmp_path: Path, *, scoped: bool, days: int = 365) -> MicrosoftSettings:
    """Give the organisation an app for one mailbox and one calendar, or for all of them."""
    sign_in = at_microsoft.fake.sign_in
    mine = [WORKER, OWNER] if scoped else None
    made = sign_in.add_app(dict.fromkeys(("Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite"), mine))
    key, certificate = sign_in.add_certificate(made, days)
    path = tmp_path / "app.pem"
    path.touch(mode=0o600)
    path.write_bytes(key + certificate)
    return replace(at_microsoft.settings, client_id=made.client, certificate_file=path)


def test_pitfall_29_an_app_that_reaches_everybody_is_wrong(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """Pitfall 29: a mailbox and a calendar outside the group must stay shut; an app that opens them is far too much."""
    for scoped in (True, False):
        settings, door = app(at_microsoft, tmp_path, scoped=scoped), at_microsoft.door()
        mail = lines(check_mailbox(settings, WORKER, door, outside=OTHER))
        calendar = lines(check_calendar(settings, OWNER, door, write=True, outside=OTHER))
        assert ("may not read other mailboxes" in mail) is scoped
        assert ("may not open the calendars of other people" in calendar) is scoped
        assert ("RBAC for Applications" in mail and "RBAC for Applications" in calendar) is not scoped


def test_pitfall_29_without_somebody_outside_the_reach_is_not_known(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """Pitfall 29: where nobody outside is named, or nobody can be asked, the line does not claim that it is well."""
    settings, door = app(at_microsoft, tmp_path, scoped=True), at_microsoft.door()
    assert "was not tried" in lines(check_mailbox(settings, WORKER, door))
    at_microsoft.fake.faults.append(Fault("messages.delta", status=503, skip=1, times=-1))
    assert "could not be looked at" in lines(check_mailbox(settings, WORKER, door, outside=OTHER))


def test_pitfall_29_a_certificate_that_ends_soon_is_told(at_microsoft: Microsoft, tmp_path: Path) -> None:
    """Pitfall 29: a month before the certificate ends the line says in how many days; a secret is well, and named."""
    settings = app(at_microsoft, tmp_path, scoped=True, days=40)
    assert "certificate ends" not in lines(check_mailbox(settings, WORKER, at_microsoft.door()))
    at_microsoft.clock.turn(days=15)
    assert "certificate ends in 25 days" in lines(check_mailbox(settings, WORKER, at_microsoft.door()))
    made = at_microsoft.fake.sign_in.add_app({"Mail.ReadWrite": [WORKER]}, secret="canary")
    secret = replace(at_microsoft.settings, client_id=made.client, client_secret="canary")
    found = lines(check_mailbox(secret, WORKER, at_microsoft.door()))
    assert "with a secret: a certificate is safer" in found
    assert "canary" not in found
    wrong = lines(check_mailbox(replace(secret, client_secret="other"), WORKER, at_microsoft.door()))
    assert "AADSTS7000215" in wrong


def test_a_wrong_clock_is_told(at_microsoft: Microsoft) -> None:
    """A machine whose clock is off is told by how much."""
    door = at_microsoft.door()
    assert check_clock(door).ok
    late = at_microsoft.clock.now + timedelta(minutes=10)
    door.clock = lambda: late
    list(check_calendar(at_microsoft.settings, OWNER, door, write=True))
    assert not check_clock(door).ok
    assert "600 seconds" in str(check_clock(door))


# ------------------------------------------------------------------------------------------------------------- people


def directory(at_microsoft: Microsoft) -> MicrosoftDirectory:
    """Return the directory as somebody sees it who may."""
    at_microsoft.signs_in(OWNER, *directory_scopes())
    at_microsoft.fake.add_person(OWNER, name="Dana Kim", aliases=("d.kim@example.com",), principal="dkim@corp.example")
    at_microsoft.fake.add_person(OTHER, name="Alex Moreno", manager=OWNER)
    return MicrosoftDirectory(account=OWNER, settings=at_microsoft.settings, door=at_microsoft.door())


def test_pitfall_15_the_directory_knows_aliases_and_managers(at_microsoft: Microsoft) -> None:
    """Pitfall 15: a person is found by an alias or a sign-in name; a manager is given by their own address."""
    found = directory(at_microsoft)
    for name in ("d.kim@example.com", "dkim@corp.example", OWNER.upper()):
        dana = found.person(name)
        assert dana is not None
        assert (dana.address, dana.name, dana.manager) == (OWNER, "Dana Kim", "")
        assert dana.aliases == ("d.kim@example.com", "dkim@corp.example")
    alex = found.person(OTHER)
    assert alex is not None
    assert alex.manager == OWNER
    assert found.person("stranger@elsewhere.example") is None
    assert found.problem == ""


def test_pitfall_15_a_manager_who_has_left_is_none(at_microsoft: Microsoft) -> None:
    """Pitfall 15: somebody whose account is blocked manages nobody, and is not active themselves."""
    found = directory(at_microsoft)
    at_microsoft.fake.add_person(OWNER, enabled=False)
    alex, dana = found.person(OTHER), found.person(OWNER)
    assert alex is not None
    assert dana is not None
    assert (alex.manager, alex.active, dana.active) == ("", True, False)


def test_the_directory_is_asked_once_for_each_person(at_microsoft: Microsoft) -> None:
    """What was looked up is known for half a day; then it is looked up again."""
    found = directory(at_microsoft)
    for _ in range(3):
        found.person(OTHER)
    assert (at_microsoft.fake.requests["users.get"], at_microsoft.fake.requests["users.manager"]) == (1, 1)
    at_microsoft.clock.turn(hours=13)
    found.person(OTHER)
    assert at_microsoft.fake.requests["users.get"] == 2


def test_where_the_directory_may_not_be_asked_nobody_is_known(at_microsoft: Microsoft) -> None:
    """Without the right the directory says nothing, once, with the reason; nothing else is held up."""
    found = MicrosoftDirectory(account=OWNER, settings=at_microsoft.settings, door=at_microsoft.door())
    assert found.person(OTHER) is None
    assert "User.Read.All" in found.problem
    assert at_microsoft.fake.count("users") == 0


def test_a_directory_that_is_broken_is_asked_later(at_microsoft: Microsoft) -> None:
    """A passing fault is no word on a person: it is not remembered."""
    found = directory(at_microsoft)
    fault = Fault("users.*", status=503, times=-1)
    at_microsoft.fake.faults.append(fault)
    with pytest.raises(TryLaterError):
        found.person(OTHER)
    fault.times = 0
    assert found.person(OTHER) is not None


def test_the_app_itself_may_look_people_up(at_microsoft: Microsoft) -> None:
    """An app with the permission looks people up without anybody's sign-in."""
    directory(at_microsoft)
    made = at_microsoft.fake.sign_in.add_app(["User.Read.All"], secret="app-secret")
    settings = replace(at_microsoft.settings, client_id=made.client, client_secret="app-secret")
    found = MicrosoftDirectory(account=WORKER, settings=settings, door=at_microsoft.door())
    alex = found.person(OTHER)
    assert alex is not None
    assert alex.manager == OWNER
