from __future__ import annotations

import re
import stat
import subprocess
import sys
from datetime import date

import pytest

from tests.commands.support import NOW, Caller
from worker.commands.office import holidays, open_office
from worker.config import load
from worker.errors import ConfigurationError, NeedsPersonError


def test_the_secret_is_made_once_and_for_its_owner_only(call: Caller) -> None:
    """The first start makes a random secret that nobody else can read; later ones use it."""
    call.sample()
    office = open_office(call.config())
    file = call.folder / "data" / "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert re.fullmatch(rb"[0-9a-f]{64}\n", file.read_bytes())
    assert open_office(call.config()).keys == office.keys
    assert [path.name for path in file.parent.iterdir()] == ["secret"]


def test_two_installs_have_two_secrets(call: Caller) -> None:
    """A secret is random: no two folders share one."""
    call.sample()
    first = open_office(call.config()).keys
    (call.folder / "data" / "secret").unlink()
    assert open_office(call.config()).keys != first


@pytest.mark.parametrize("content", [b"", b"short\n", b"z" * 64])
def test_a_damaged_secret_is_refused(call: Caller, content: bytes) -> None:
    """A secret that is not what was written is restored by a person, never replaced."""
    call.sample()
    open_office(call.config())
    file = call.folder / "data" / "secret"
    file.write_bytes(content)
    with pytest.raises(NeedsPersonError, match="restore"):
        open_office(call.config())
    assert file.read_bytes() == content


def test_a_secret_that_others_can_read_is_refused(call: Caller) -> None:
    """Whoever can read the secret can write answers in anybody's name, so the worker stops."""
    call.sample()
    open_office(call.config())
    (call.folder / "data" / "secret").chmod(0o640)
    with pytest.raises(NeedsPersonError, match="chmod 600"):
        open_office(call.config())


def test_a_lost_secret_is_not_replaced_behind_anybodys_back(call: Caller) -> None:
    """Where mails were sent, a missing secret is an error with both ways out, and the second of them works."""
    call.sample()
    call("tick", "--now", NOW)
    (call.folder / "data" / "secret").unlink()
    called = call("tick", "--now", NOW)
    assert called.code == 1
    assert "restore it from the backup" in called.err
    file = call.folder / "data" / "secret"
    file.write_bytes(b"0" * 64 + b"\n")
    file.chmod(0o600)
    assert call("tick", "--now", NOW).code == 0


def test_the_secret_may_come_from_the_environment(call: Caller) -> None:
    """A secret of the environment is used as it is, and no file is made."""
    call.sample()
    config = load(call.file, {"FOLLOWTHROUGH_SECRET": "new", "FOLLOWTHROUGH_SECRET_PREVIOUS": "old"})
    keys = open_office(config).keys
    assert (keys.current, keys.previous) == (b"new", b"old")
    assert not (call.folder / "data").exists()


def test_looking_makes_nothing(call: Caller) -> None:
    """An office for looking only makes no folder and no secret."""
    call.sample()
    before = call.files()
    open_office(call.config(), write=False)
    assert call.files() == before
    assert not (call.folder / "data").exists()


def test_folders_need_no_library_of_a_provider(call: Caller) -> None:
    """With the provider files neither a vendor's library nor one for requests is ever loaded."""
    call.sample()
    code = (
        "import sys\nfrom pathlib import Path\nfrom worker.commands.office import open_office\n"
        "from worker.config import load\nfrom worker.tick import tick\nfrom datetime import datetime, timezone\n"
        f"office = open_office(load(Path({str(call.file)!r}), {{}}))\n"
        "tick(office, datetime(2026, 11, 24, 9, 20, tzinfo=timezone.utc))\n"
        "found = [name for name in ('requests', 'google', 'msal', 'imap_tools') if name in sys.modules]\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def with_holidays(call: Caller, code: str) -> None:
    """Set the region of the holidays."""
    text = call.file.read_text(encoding="utf-8")
    call.file.write_text(text.replace('holidays = ""', f'holidays = "{code}"'), encoding="utf-8")


def test_holidays_of_a_region(call: Caller) -> None:
    """A region's holidays are those of its country and its own."""
    call.sample()
    with_holidays(call, "DE-BY")
    of_year = holidays(call.config())
    assert {date(2026, 10, 3), date(2026, 1, 6)} <= of_year("DE-BY", 2026)
    assert date(2026, 1, 6) not in of_year("DE-HH", 2026)


def test_an_unknown_region_is_a_wrong_configuration(call: Caller) -> None:
    """A code of the right shape that means nothing exits 2 with its key."""
    call.sample()
    with_holidays(call, "XX")
    with pytest.raises(ConfigurationError, match=r"timing\.holidays"):
        open_office(call.config())
    assert call("tick").code == 2


def test_a_manager_who_may_only_be_read(call: Caller) -> None:
    """`write = false` reaches the calendar."""
    call.sample()
    text = call.file.read_text(encoding="utf-8")
    call.file.write_text(re.sub(r"(?m)^write = true", "write = false", text), encoding="utf-8")
    assert open_office(call.config()).calendars["dana@example.com"].writable is False
