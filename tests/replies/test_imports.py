"""What reading a phrase loads: the cost of an import is in its modules, which a test can count without a clock."""

from __future__ import annotations

import subprocess
import sys

ALONE = """
import sys
before = set(sys.modules)
{code}
print(*sorted(set(sys.modules) - before))
"""
A_DAY = """
from datetime import UTC, datetime
from worker.replies import when
assert when("next week", reference=datetime(2026, 11, 19, tzinfo=UTC))
"""


def _loaded(code: str) -> set[str]:
    """Return the modules that a fresh interpreter loads for this code."""
    found = subprocess.run(
        [sys.executable, "-S", "-c", ALONE.format(code=f"sys.path[:0] = {sys.path!r}\n{code}")],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(found.stdout.split())


def test_the_package_alone_loads_nothing() -> None:
    """Importing worker.replies loads no module but its own."""
    assert {name for name in _loaded("import worker.replies") if name != "__future__"} == {"worker", "worker.replies"}


def test_a_day_costs_no_mail_library() -> None:
    """Reading a phrase loads neither what mail needs nor what classes made at import need."""
    found = _loaded(A_DAY)
    dear = {"email", "lxml", "html", "dataclasses", "inspect", "typing", "zoneinfo", "calendar", "worker.model.written"}
    assert not found & dear
    assert {name for name in found if name.startswith("worker.replies.words.")} == {
        "worker.replies.words.common",
        "worker.replies.words.en",
    }
