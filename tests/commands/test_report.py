from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.commands.support import NOW, Caller


@pytest.fixture
def used(call: Caller) -> Caller:
    """A sample in which a form was answered."""
    call.sample()
    call("tick", "--now", NOW)
    words = "share\nHighlights: the demo went well\nAction items:\nAlex: send the plan\nPrivate notes: looks tired\n"
    call("answer", words, "--now", "2026-11-24T10:25:00+01:00")
    assert call("tick", "--now", "2026-11-24T10:26:00+01:00").code == 0
    return call


def test_counts_and_nothing_else(used: Caller) -> None:
    """The page has the manager's name and numbers; no report's name, no title of a 1:1, no words of anybody."""
    file = used.folder / "report.html"
    called = used("report", "--to", str(file), "--now", "2026-12-01T09:00:00+01:00")
    assert called.code == 0
    page = file.read_text(encoding="utf-8")
    assert "Dana Kim" in page
    for word in ("Alex", "Moreno", "alex@", "demo", "plan", "tired", "Priya"):
        assert word not in page, word
    numbers = re.findall(r'<td class="n">([^<]*)</td>', page)
    assert len(numbers) == 9
    assert int(numbers[2]) >= 1
    assert numbers[3] == "1"
    assert numbers[8] == "1"


def test_it_stands_alone(used: Caller) -> None:
    """Nothing is loaded from anywhere, and the page is well formed."""
    file = used.folder / "report.html"
    assert used("report", "--to", str(file), "--now", NOW).code == 0
    page = file.read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script|<link|src=|@import|url\(", page)
    opened: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                opened.append(tag)

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Checker().feed(page)
    assert opened == []


def test_before_the_first_tick(call: Caller) -> None:
    """Without any 1:1 the page says so, and nothing is made in the data folder."""
    call.sample()
    file = call.folder / "report.html"
    assert call("report", "--to", str(file), "--now", NOW).code == 0
    assert "No 1:1s" in file.read_text(encoding="utf-8")
    assert not (call.folder / "data").exists()
