from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.commands.support import NOW, Caller
from worker.model import MailKind

AFTER = "2026-11-24T10:27:00+01:00"


@pytest.mark.parametrize("kind", list(MailKind))
def test_every_kind_can_be_seen_before_anything_was_sent(call: Caller, kind: MailKind) -> None:
    """Each kind of mail is shown with its reader and subject on a fresh install, and nothing is written or sent."""
    call.sample()
    before = call.files()
    shown = call("preview", str(kind), "alex", "--now", NOW)
    assert shown.code == 0, shown.err
    head, _, text = shown.out.partition("\n\n")
    assert head.startswith(("To: dana@example.com\nSubject: ", "To: alex@example.com\nSubject: "))
    assert len(text.splitlines()) > 3
    assert "Ref: " in text
    assert call.files() == before


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("topics", ["What would you like to talk about?"]),
        ("agenda", ["Promised", "Highlights", "Alignment and priorities", "Support", "Feedback", "Follow-up"]),
        ("follow-up", ["Next check-in:", "Highlights:", "Priorities:", "Action items:", "Private notes:"]),
        ("receipt", ["Next check-in: ", "Alex gets:", "Only you:"]),
        ("question", ["1. ", "2. "]),
        ("recap", ["The demo went well"]),
        ("welcome", ["Alex Moreno", "yes all"]),
        ("digest", ["Not closed yet", "Due this week", "Feedback that comes back", "■", "□"]),
    ],
)
def test_a_preview_shows_what_the_mail_is_about(call: Caller, kind: str, words: list[str]) -> None:
    """Where there is nothing to answer yet, sample content fills the mail."""
    call.sample()
    shown = call("preview", kind, "Alex", "--now", NOW).out
    places = [shown.find(word) for word in words]
    assert -1 not in places
    assert places == sorted(places)


def test_a_real_answer_goes_before_the_sample(call: Caller) -> None:
    """Once there is an answer, the receipt that is shown is about it; private words only with --private."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "Highlights: the launch\nPrivate notes: looks tired", "--now", "2026-11-24T10:25:00+01:00")
    call("tick", "--now", "2026-11-24T10:26:00+01:00")
    shown = call("preview", "receipt", "alex", "--now", AFTER).out
    assert "the launch" in shown
    assert "The demo went well" not in shown
    assert "looks tired" not in shown
    assert "looks tired" in call("preview", "receipt", "alex", "--now", AFTER, "--private").out
    assert "looks tired" not in call("preview", "recap", "alex", "--now", AFTER, "--private").out


@pytest.mark.parametrize("kind", ["receipt", "recap", "question", "check-in", "digest", "invitation", "notice"])
def test_sample_content_is_said_to_be_one(call: Caller, kind: str) -> None:
    """What nobody wrote is not taken for somebody's words: text and page are announced as a sample."""
    call.sample()
    head = call("preview", kind, "alex", "--now", NOW).out.partition("\n\n")[0]
    assert head.splitlines()[2].startswith("Sample content: ")
    file = call.folder / "mail.html"
    assert "Sample content: " in call("preview", kind, "alex", "--html", str(file), "--now", NOW).out


@pytest.mark.parametrize("kind", ["receipt", "recap", "follow-up", "welcome"])
def test_what_is_real_is_no_sample(call: Caller, kind: str) -> None:
    """Nothing is said of samples where the mail is about what is there."""
    call.sample()
    call("tick", "--now", NOW)
    call("answer", "Highlights: the launch", "--now", "2026-11-24T10:25:00+01:00")
    call("tick", "--now", "2026-11-24T10:26:00+01:00")
    assert "Sample content" not in call("preview", kind, "alex", "--now", AFTER).out


def test_html_is_written_to_a_file(call: Caller) -> None:
    """`--html` writes the HTML part, which is a whole page."""
    call.sample()
    file = call.folder / "agenda.html"
    assert call("preview", "agenda", "alex", "--html", str(file), "--now", NOW).code == 0
    page = file.read_text(encoding="utf-8")
    assert "<html" in page
    assert "Alignment and priorities" in page


def test_open_shows_it_in_a_browser(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--open` hands a page with the HTML part to the system's opener, and writes nothing into the folder."""
    call.sample()
    opener = call.folder / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\ncp "$1" {call.folder}/opened.html\n', encoding="utf-8")
    opener.chmod(0o700)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=os.pathsep)
    assert call("preview", "topics", "alex", "--open", "--now", NOW).code == 0
    assert wait_for(call.folder / "opened.html").startswith("<!DOCTYPE html>")


def wait_for(file: Path) -> str:
    """Return what a program that was started writes to a file."""
    for _ in range(100):
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            return text.lstrip()
        time.sleep(0.05)
    raise AssertionError(f"{file} was not written")


def test_a_copy_of_either_reader(call: Caller) -> None:
    """`--to person` shows the other copy of an agenda."""
    call.sample()
    assert call("preview", "agenda", "alex", "--now", NOW).out.startswith("To: dana@example.com\n")
    assert call("preview", "agenda", "alex", "--to", "person", "--now", NOW).out.startswith("To: alex@example.com\n")


def test_people_whom_no_tick_has_found_yet(call: Caller) -> None:
    """The calendars are read for a preview, so somebody found there a moment ago can be named."""
    call.sample()
    assert "1:1 Priya" in call("preview", "agenda", "priya", "--now", NOW).out
