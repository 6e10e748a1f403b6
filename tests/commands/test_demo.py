from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.support import Called, Caller

README = Path(__file__).resolve().parent.parent.parent / "README.md"


@pytest.fixture
def played(call: Caller) -> tuple[Caller, Called]:
    """A demo that was played."""
    called = call.bare("demo", "--to", str(call.folder))
    assert called.code == 0, called.err
    return call, called


def test_the_demo_plays_the_whole_loop(played: tuple[Caller, Called]) -> None:
    """Two weeks of one pair: every kind of mail of the loop, and a check-in written into the calendar."""
    call, called = played
    kinds = [mail.kind for mail in call.mails()]
    assert {"welcome", "topics", "agenda", "follow-up", "receipt", "recap", "reminder", "invitation"} <= set(kinds)
    assert kinds[0] == "welcome"
    assert "A check-in is set: Thursday 12 November, 10:00" in called.out
    assert len(list((call.folder / "calendar" / "dana").glob("*.ics"))) == 2


def test_every_mail_is_there_in_three_forms(played: tuple[Caller, Called]) -> None:
    """Each mail, answers included, stands as .eml, .txt and .html, and the page links each of them."""
    call, called = played
    mails = call.folder / "mails"
    stems = {file.stem for file in mails.iterdir()}
    assert {file.name for file in mails.iterdir()} == {
        f"{stem}.{kind}" for stem in stems for kind in ("eml", "txt", "html")
    }
    assert len(stems) > len(call.mails()) > 10
    page = (call.folder / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links == {f"mails/{file.name}" for file in mails.iterdir()}
    assert f"{len(stems)} mails; look at them in" in called.out


def test_the_page_needs_nothing_from_elsewhere(played: tuple[Caller, Called]) -> None:
    """The page loads nothing from the network and runs no script."""
    page = (played[0].folder / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script|@import|url\(", page)
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page


def test_what_is_private_stays_private_in_the_demo(played: tuple[Caller, Called]) -> None:
    """What Dana writes as private is in no mail to Alex."""
    to_alex = played[0].mails(to="alex@example.com")
    assert to_alex
    assert all("good lead" not in mail.text for mail in to_alex)
    assert any("good lead" in mail.text for mail in played[0].mails("agenda", "dana@example.com"))


def test_the_mails_of_the_readme_are_those_of_the_demo(played: tuple[Caller, Called]) -> None:
    """What the README shows of mails and answers stands, line by line, in what the demo sends and answers."""
    shown = README.read_text(encoding="utf-8").partition("## Try it")[0]
    lines = {line.strip() for line in shown.splitlines() if line.startswith("    ")} - {"", "…"}
    texts = [file.read_text(encoding="utf-8") for file in (played[0].folder / "mails").glob("*.txt")]
    there = {line.strip() for text in texts for line in text.splitlines()}
    assert len(lines) > 15
    assert lines - there == set()


def test_the_demo_can_be_played_again(played: tuple[Caller, Called]) -> None:
    """Its own folder is made afresh, and the same happens at the same times."""
    call, called = played
    again = call.bare("demo", "--to", str(call.folder))
    assert (again.code, again.out) == (0, called.out)


def test_the_demo_touches_no_other_folder(call: Caller) -> None:
    """A folder that no demo made is left alone."""
    call.sample()
    before = call.files()
    called = call.bare("demo", "--to", str(call.folder))
    assert called.code == 1
    assert "--to" in called.err
    assert call.files() == before


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_the_demo_with_a_provider_is_the_same_story(played: tuple[Caller, Called], provider: str) -> None:
    """Over HTTP with a provider's stand-in the same mails go at the same times; its calendar invites by itself."""
    call, called = played
    folder = call.folder.with_name(provider)
    online = call.bare("demo", "--provider", provider, "--to", str(folder))
    assert online.code == 0, online.err
    expected = [line for line in called.out.splitlines() if line and "  invitation  " not in line]
    assert online.out.splitlines()[: len(expected) - 1] == expected[:-1]
    assert len(list((folder / "mails").glob("*.eml"))) == sum("  calendar  " not in line for line in expected) - 1
    assert f'provider = "{provider}"' in (folder / "followthrough.toml").read_text(encoding="utf-8")
