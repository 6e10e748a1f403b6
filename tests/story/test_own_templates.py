"""An organisation drops a file into its own folder: `preview` shows it, mails are made with it, `check` refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

NOW = "2026-11-02T08:00:00+01:00"
# It prints what only the manager may see before anything else, where a lock screen shows it.
LEAKING = "{{ view.only_you }}\n{{ mail.lead[0] }}\n"
OWN = '{% extends "base.txt.j2" %}{% block body %}Bring your own cup.{% endblock %}'


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A pair with a weekly 1:1 on Tuesdays, and an empty folder of the organisation's own templates."""
    world = World(tmp_path, 'templates = "ours"\n' + CONFIG + PAIR)
    (tmp_path / "ours").mkdir()
    world.put("weekly", event("weekly", berlin("2026-11-03 10:00"), rule="FREQ=WEEKLY"))
    return world


def put(world: World, name: str, text: str) -> None:
    """Put a file into the organisation's folder."""
    (world.root / "ours" / name).write_text(text, encoding="utf-8")


def test_a_file_in_the_folder_is_shown_and_sent(world: World) -> None:
    """`preview` shows the organisation's own words, and the mail that goes has them."""
    put(world, "agenda.txt.j2", OWN)
    put(world, "prompts.en.toml", 'support = ["What do you need?"]\n[headings]\nhighlights = "Sunshine"\n')
    code, out, err = world.run("preview", "agenda", "Alex", "--now", NOW)
    assert (code, err) == (0, "")
    assert "Bring your own cup." in out
    code, out, err = world.run("check", "--now", NOW)
    assert "ours go first" in out
    world.tick(berlin("2026-10-30 09:00"))
    world.tick(berlin("2026-11-02 09:00"))
    assert "Bring your own cup." in world.newest("agenda", DANA).text
    html = world.newest("agenda", DANA).message.get_body(("html",))
    assert html is not None
    assert "Sunshine" in html.get_content()


@pytest.mark.parametrize(
    ("name", "text"),
    [("prompts.en.toml", "support = ["), ("languages/en.po", 'msgid "Promised"\nmsgstr "Owed {x}"\n')],
)
def test_words_that_cannot_be_used_are_told_by_the_tick_too(world: World, name: str, text: str) -> None:
    """Broken questions and a broken catalogue are told once by each tick that makes a mail, and the mail goes."""
    (world.root / "ours" / "languages").mkdir()
    put(world, name, text)
    world.tick(berlin("2026-10-30 09:00"))
    told = world.tick(berlin("2026-11-02 09:00"))["failed"]
    assert len([one for one in told if f"ours/{name}: templates: " in one["error"]]) == 1
    assert len(told) == 1
    assert sorted(mail.to for mail in world.mails("agenda")) == [ALEX, DANA]


@pytest.mark.parametrize(("text", "why"), [(LEAKING, "private note"), ("{% block body %}", "Unexpected end")])
def test_a_template_that_must_not_be_used_is_told_and_ours_goes(world: World, text: str, why: str) -> None:
    """`check` names the file and the reason, `preview` and the mail are the built-in ones, and a tick tells it too."""
    put(world, "agenda.txt.j2", text)
    code, _, err = world.run("check", "--now", NOW)
    assert code == 1
    assert "ours/agenda.txt.j2" in err
    assert why in err
    code, out, _ = world.run("preview", "agenda", "Alex", "--now", NOW)
    assert code == 0
    assert "\nHighlights\n" in out
    told = [world.tick(berlin(moment))["failed"] for moment in ("2026-10-30 09:00", "2026-11-02 09:00")]
    assert told[0] == []
    assert [one["action"] for one in told[1]] == ["compose agenda"]
    assert why in told[1][0]["error"]
    agendas = world.mails("agenda")
    assert sorted(mail.to for mail in agendas) == [ALEX, DANA]
    assert all("Highlights" in mail.text.splitlines() for mail in agendas)
