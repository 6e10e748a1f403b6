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


def test_a_manager_of_managers_sees_their_own_alone(used: Caller) -> None:
    """`--for` keeps to those who report to that address; where nobody does, the call says whom there is."""
    file = used.folder / "report.html"
    text = used.file.read_text(encoding="utf-8")
    named = text.replace('reports_to = ""', 'reports_to = "maria@example.com"', 1)
    assert named != text
    used.file.write_text(named, encoding="utf-8")
    assert used("report", "--to", str(file), "--for", "Maria@example.com", "--now", NOW).code == 0
    assert "Dana Kim" in file.read_text(encoding="utf-8")
    file.unlink()
    called = used("report", "--to", str(file), "--for", "robin@example.com", "--now", NOW)
    assert called.code == 2
    assert "maria@example.com" in called.err
    assert not file.exists()


def test_the_charts_say_what_the_table_says(used: Caller) -> None:
    """Each bar of a week and each share of a count stands in words beside it, for whoever cannot see it."""
    file = used.folder / "report.html"
    assert used("report", "--to", str(file), "--now", "2026-12-01T09:00:00+01:00").code == 0
    page = file.read_text(encoding="utf-8")
    weeks = re.findall(r"<title>Week of ([^:<]+): (\d+) held, (\d+) did not happen</title>", page)
    assert len(weeks) == 12
    assert weeks[-1] == ("23 Nov", "1", "0")
    assert page.count('<rect class="h"') == sum(held != "0" for _, held, _ in weeks)
    assert 'aria-label="Weeks with a 1:1 by person' in page
