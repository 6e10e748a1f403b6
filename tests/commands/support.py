"""Calls commands as a user does, in a folder of their own, and returns what they printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from worker.cli import main
from worker.commands.answering import Asking, sent_mails
from worker.config import Config, load

NOW = "2026-11-24T10:20:00+01:00"
"""A Tuesday, twenty minutes past ten in Berlin."""


@dataclass(frozen=True)
class Called:
    """What a call left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # whatever the command prints
        """Standard output as the one JSON object that it is."""
        return json.loads(self.out)


class Caller:
    """Calls commands on one configuration."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.file = folder / "followthrough.toml"
        self._capsys = capsys

    def __call__(self, *words: str, config: Path | None = None) -> Called:
        """Call a command with `--config` before it."""
        return self.bare("--config", str(config or self.file), *words)

    def bare(self, *words: str) -> Called:
        """Call the command line with exactly these words."""
        self._capsys.readouterr()
        code = main(list(words))
        printed = self._capsys.readouterr()
        return Called(code, printed.out, printed.err)

    def sample(self, now: str = NOW) -> None:
        """Write the sample configuration and calendar, as `make run` does."""
        called = self.bare("init", "--sample", str(self.folder), "--now", now)
        assert called.code == 0, called.err

    def config(self) -> Config:
        """Return the configuration."""
        return load(self.file, {})

    def mails(self, kind: str = "", to: str = "") -> list[Asking]:
        """Return the mails that were sent, oldest first."""
        found = [mail for mail in sent_mails(self.config()) if kind in ("", mail.kind) and to in ("", mail.to)]
        return sorted(found, key=lambda mail: (mail.sent_at, mail.kind, mail.to))

    def files(self) -> dict[str, bytes]:
        """Return every file below the folder with its content."""
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in self._files()}

    def _files(self) -> Iterator[Path]:
        return (file for file in sorted(self.folder.rglob("*")) if file.is_file())


def body(message: EmailMessage) -> str:
    """Return the text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def moment(text: str) -> datetime:
    """Return an ISO date-time."""
    return datetime.fromisoformat(text)
