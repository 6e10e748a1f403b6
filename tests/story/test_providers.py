"""The story of four weeks with real providers' interfaces: over HTTP, through the command line alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.online import GoogleOnline, at_google
from tests.story.test_four_weeks import FIRST, the_loop
from tests.story.world import DANA, PAIR, WORKER


@pytest.fixture
def google(tmp_path: Path) -> Iterator[GoogleOnline]:
    """A pair with Google, signed in by `login`, with a 1:1 on Tuesday 3 November."""
    with at_google(tmp_path, more=PAIR) as world:
        for account in (WORKER, DANA):
            code, out, err = world.sign_in("google", account)
            assert code == 0, err
            assert f"Signed in as {account}" in out
        world.one_on_one(FIRST)
        yield world


def test_the_loop_closes_at_google(google: GoogleOnline) -> None:
    """The four weeks of a pair whose calendar and mailbox are with Google."""
    the_loop(google)
