"""Tests that start other people's programs: `pytest -m real`."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "real: starts khal, vdirsyncer and Radicale; a minute or two")
