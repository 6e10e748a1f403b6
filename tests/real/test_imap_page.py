"""The set-up on the page about IMAP is what the worker and vdirsyncer read: copied and pasted, it works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from worker.providers.imap import ImapSettings

pytestmark = pytest.mark.real

PAGE = Path(__file__).resolve().parents[2] / "docs" / "imap.md"


def block(language: str) -> str:
    """The one block of the page in this language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return str(text)


def test_the_configuration_is_read(tmp_path: Path) -> None:
    """The worker reads the block and finds nothing missing but the password, which is not in the file."""
    file = tmp_path / "followthrough.toml"
    file.write_text(block("toml"))
    command = [str(Path(sys.executable).parent / "followthrough"), "--config", str(file), "status"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if "FOLLOWTHROUGH_IMAP_PASSWORD" not in line] == []
    environment["FOLLOWTHROUGH_IMAP_PASSWORD"] = "secret"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_settings_need_nothing_else() -> None:
    """Hosts, user and password are all that the provider needs to know."""
    settings = ImapSettings(password="secret", **tomllib.loads(block("toml"))["imap"])
    assert (settings.imap, settings.smtp) == ("tls", "tls")


def test_vdirsyncer_reads_its_part(tmp_path: Path) -> None:
    """The block is taken by vdirsyncer: both storages and the pair are as it wants them."""
    file = tmp_path / "vdirsyncer.conf"
    status = f"{tmp_path}/status/"
    file.write_text(block("ini").replace("/var/lib/followthrough/vdirsyncer/", status))
    command = [str(Path(sys.executable).parent / "vdirsyncer"), "-c", str(file), "showconfig"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert '"dav.mailbox.org"' in done.stdout or "https://dav.mailbox.org/" in done.stdout
