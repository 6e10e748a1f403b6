from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.support import Caller


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Caller:
    """Commands in a folder of their own."""
    return Caller(tmp_path / "home", capsys)
