from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.support import NOW, Caller, moment
from worker.commands import sample
from worker.commands.settings_text import example, with_value
from worker.model import Event
from worker.providers.files import FilesCalendar

OPTIONS = ("--manager", "Dana@Example.com", "--address", "one-on-ones@example.com")


def test_init_writes_what_was_answered(call: Caller) -> None:
    """The options become the configuration, which can be read and has every key with its comment."""
    more = ("--name", 'Dana "D" Kim', "--timezone", "Asia/Tokyo", "--calendar", "cal/d", "--mail", "post")
    called = call.bare("init", *OPTIONS, *more, "--to", str(call.file))
    assert called.code == 0, called.err
    config = call.config()
    manager = config.managers[0]
    assert (manager.email, manager.name) == ("dana@example.com", 'Dana "D" Kim')
    assert (config.timezone, config.mail.address) == ("Asia/Tokyo", "one-on-ones@example.com")
    assert manager.calendar.path == call.folder / "cal" / "d"
    assert config.mail.path == call.folder / "post"
    text = call.file.read_text(encoding="utf-8")
    assert text.count("#") > 40
    assert "topics_before" in text
    assert f"--config {call.file} check" in called.out


def test_what_init_wrote_passes_check(call: Caller) -> None:
    """A configuration straight from `init` is one that `check` has nothing against."""
    call.bare("init", *OPTIONS, "--to", str(call.file))
    called = call("check", "--now", NOW)
    assert called.code == 0, called.out + called.err


def test_init_asks_nobody_without_a_terminal(call: Caller) -> None:
    """Where nobody can be asked, what is missing is named, and nothing is written."""
    called = call.bare("init", "--to", str(call.file))
    assert called.code == 2
    assert "--manager and --address" in called.err
    assert not call.file.exists()


def test_init_refuses_what_is_no_answer(call: Caller) -> None:
    """A wrong answer is told like a wrong configuration, and nothing is written."""
    called = call.bare("init", "--manager", "dana", "--address", "x@example.com", "--to", str(call.file))
    assert called.code == 2
    assert called.err.startswith(f"{call.file}: managers[1].email: ")
    assert not call.folder.exists() or list(call.folder.iterdir()) == []


@pytest.mark.parametrize("words", [("--to",), ("--sample",)])
def test_init_never_overwrites(call: Caller, words: tuple[str, ...]) -> None:
    """A configuration that is there stays as it is, byte for byte, unless --force is said."""
    call.sample()
    call.file.write_bytes(call.file.read_bytes() + b"# mine\n")
    before = call.files()
    target = str(call.folder if words == ("--sample",) else call.file)
    called = call.bare("init", *OPTIONS, *words, target)
    assert called.code == 1
    assert "--force" in called.err
    assert call.files() == before
    assert call.bare("init", *OPTIONS, *words, target, "--force").code == 0
    assert b"# mine" not in call.file.read_bytes()


@pytest.mark.parametrize(
    ("now", "zone"),
    [
        ("2026-11-24T10:20:00+01:00", "Europe/Berlin"),
        ("2026-11-27T23:59:59-05:00", "America/New_York"),
        ("2026-11-28T12:00:00+05:30", "Asia/Kolkata"),
        ("2026-03-29T01:05:00+00:00", "Europe/Berlin"),
        ("2026-10-25T01:20:00+00:00", "Europe/Berlin"),
        ("2026-11-24T00:10:00+00:00", "UTC"),
        ("2028-02-29T00:00:00+13:00", "Pacific/Auckland"),
    ],
)
def test_the_sample_calendar_is_relative_to_now(tmp_path: Path, now: str, zone: str) -> None:
    """Whenever it is made: a 1:1 ended a quarter of an hour ago, the next is on the next working day."""
    for name, content in sample.events(moment(now), zone).items():
        (tmp_path / name).write_bytes(content)
    calendar = FilesCalendar(account="dana@example.com", path=tmp_path, timezone=zone)
    start = moment(now).astimezone(UTC)
    found = calendar.read(start - timedelta(days=1), start + timedelta(days=9))
    assert found.problems == ()
    alex = [event for event in found.events if event.uid == "sample-alex@example.com"]
    ended, again = alex
    assert timedelta(minutes=15) <= start - ended.dtend < timedelta(minutes=16)
    assert ended.dtend.astimezone(UTC) - ended.dtstart.astimezone(UTC) == timedelta(minutes=30)
    local = again.dtstart.astimezone(datetime.fromisoformat(now).tzinfo)
    assert again.dtstart > start
    assert again.dtstart - start < timedelta(days=4)
    assert local.weekday() < 5
    assert {len(people(event)) for event in found.events} == {2, 4}
    assert any("ROOM" in {one.cutype for one in event.attendees} for event in found.events)
    assert any("priya@example.com" in people(event) for event in found.events)


def people(event: Event) -> set[str]:
    """Return the addresses of an event's attendees."""
    return {one.address for one in event.attendees}


def test_the_sample_starts_alex_and_asks_about_the_others(call: Caller) -> None:
    """The first tick after `make run` mails the form, and asks the manager about the colleague nobody named."""
    call.sample()
    shown = call("tick", "--now", NOW, "--json").json
    kinds = {(one["kind"], one["to"]) for one in shown["sent"]}
    assert {("follow-up", "dana@example.com"), ("welcome", "dana@example.com")} <= kinds
    assert all(one["to"] != "priya@example.com" for one in shown["sent"])
    status = call("status", "--now", NOW, "--json").json
    assert {one["person"]: one["started"] for one in status["pairs"]} == {
        "alex@example.com": True,
        "priya@example.com": False,
    }
    assert {one["uid"] for one in status["not_one_on_one"]} == {"sample-team@example.com", "sample-room@example.com"}


def test_a_value_is_replaced_in_its_own_table() -> None:
    """A key that stands in several tables is changed in the one that is meant, and in no other."""
    text = with_value(example(), "managers.calendar", "path", "elsewhere")
    before, after = tomllib.loads(example()), tomllib.loads(text)
    assert after["managers"][0]["calendar"].pop("path") == "elsewhere"
    del before["managers"][0]["calendar"]["path"]
    assert after == before
    with pytest.raises(LookupError):
        with_value(example(), "mail", "colour", "blue")


@pytest.mark.parametrize(
    ("words", "tables", "steps"),
    [
        (
            "--mail google --calendar google --client-file client.json",
            {"google": {"client_file": "client.json"}},
            ["login google --account one-on-ones@example.com", "login google --account dana@example.com"],
        ),
        (
            "--mail microsoft --calendar google --client-id x --tenant example.com --service-account-file key.json",
            {"google": {"service_account_file": "key.json"}, "microsoft": {"client_id": "x", "tenant": "example.com"}},
            ["login microsoft --account one-on-ones@example.com"],
        ),
        (
            "--mail microsoft --calendar microsoft --client-id x --tenant example.com --certificate-file app.pem",
            {"microsoft": {"client_id": "x", "tenant": "example.com", "certificate_file": "app.pem"}},
            [],
        ),
        (
            "--mail imap --calendar cal --imap-host imap.example.com --smtp-host smtp.example.com --authserv-id mx.org",
            {
                "imap": {"imap_host": "imap.example.com", "smtp_host": "smtp.example.com"},
                "mail": {"provider": "imap", "authserv_id": "mx.org"},
            },
            ["FOLLOWTHROUGH_IMAP_PASSWORD"],
        ),
    ],
)
def test_init_writes_what_a_provider_needs(
    call: Caller, words: str, tables: dict[str, dict[str, str]], steps: list[str]
) -> None:
    """The tables of the chosen providers are in use, and the next steps are the sign-ins that are still to do."""
    called = call.bare("init", *OPTIONS, *words.split(), "--to", str(call.file))
    assert called.code == 0, called.err
    written = tomllib.loads(call.file.read_text(encoding="utf-8"))
    assert {name: name in written for name in ("google", "microsoft", "imap")} == {
        name: name in tables for name in ("google", "microsoft", "imap")
    }
    for table, values in tables.items():
        assert values.items() <= written[table].items()
    said = [line for line in called.out.splitlines() if line.startswith("Next: ")]
    assert len(said) == len(steps) + 1
    assert all(step in line for step, line in zip(steps, said, strict=False))
    assert said[-1].endswith(" check")


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("--mail", "google", "--calendar", "google"), "--client-file"),
        (("--mail", "google", "--calendar", "microsoft"), "--client-file and --client-id"),
        (("--mail", "imap"), "--imap-host and --smtp-host and --authserv-id"),
    ],
)
def test_init_names_what_a_provider_lacks(call: Caller, words: tuple[str, ...], missing: str) -> None:
    """Where nobody can be asked, each option that the chosen providers need is named at once."""
    called = call.bare("init", *OPTIONS, *words, "--to", str(call.file))
    assert called.code == 2
    assert f"give {missing} as options" in called.err
    assert not call.file.exists()
